//! A PostgreSQL database for one test, copied from a template that is migrated once.
//!
//! The server is the throw-away cluster that `cargo xtask test` starts and names in
//! `PANEL_TEST_POSTGRES`. Databases are made through `psql`, which every server installation
//! brings along: a Rust client would be a second implementation of the protocol in the tree, some
//! twenty crates for three statements, and only panel-store may know Diesel.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};

use crate::equipment;

/// Names the cluster's maintenance database, with a user who may create databases.
const VARIABLE: &str = "PANEL_TEST_POSTGRES";

/// Where Debian keeps the client of each server version.
const CLIENTS: &str = "/usr/lib/postgresql";

/// The SQLSTATE of `CREATE DATABASE` when there is no such template.
const NO_SUCH_DATABASE: &str = "3D000";

/// One template is made at a time in this process; other processes are met by `Server::template`.
static MAKING: Mutex<()> = Mutex::new(());

/// A migrated database of its own; dropping it drops the database.
#[derive(Debug)]
pub struct TestDatabase {
    server: Server,
    name: String,
}

impl TestDatabase {
    /// A fresh copy of the template for `schema`, or `None` without a server, which is then said
    /// on standard error with the name of the test.
    ///
    /// `schema` tells templates apart: pass the text or the digest of the migrations, so that a
    /// changed schema gets a template of its own on a cluster that stays up. `migrate` is called
    /// with the address of an empty database when there is no template yet; it must have closed
    /// its connections when it returns.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses, or `migrate` fails.
    pub fn postgres(
        schema: &str,
        migrate: impl FnOnce(&str) -> Result<()>,
    ) -> Result<Option<Self>> {
        let Some(server) = Server::from_environment()? else {
            return Ok(None);
        };
        let template = template_name(schema);
        let name = unique_name("panel_test");
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
        match server.run(&copy)? {
            Answer::Done => {}
            Answer::Refused(error) if error.contains(NO_SUCH_DATABASE) => {
                server.make_template(&template, migrate)?;
                server.execute(&copy)?;
            }
            Answer::Refused(error) => bail!("{copy}: {error}"),
        }
        Ok(Some(Self { server, name }))
    }

    /// What this database answers to a query, one row a line.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn ask(&self, query: &str) -> Result<String> {
        let output = Command::new(&self.server.psql)
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--command", query, "--dbname", &self.url()])
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("{query}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The address of this database.
    pub fn url(&self) -> String {
        self.server.database_url(&self.name)
    }

    /// The address of this database for the service, which is no superuser as the tests are.
    pub fn service_url(&self) -> String {
        let url = self.url();
        let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", &url));
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{SERVICE}:{SERVICE}@{host}")
    }
}

/// The login that the product works as in tests: it owns nothing and passes no wall.
const SERVICE: &str = "panel_test_service";

/// Makes the login of the service, after a first migration has made the role that it belongs to. Logins
/// belong to the whole server, so another process may have made it.
///
/// # Errors
/// When the server refuses.
pub fn add_service(url: &str) -> Result<()> {
    let server = Server { psql: find_psql(), url: url.to_owned() };
    server.execute(&format!(
        "DO $$ BEGIN CREATE ROLE {SERVICE} LOGIN PASSWORD '{SERVICE}' IN ROLE panel_app;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ))
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Connections that the test left open must not keep the database.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(error) = self.server.execute(&drop) {
            let _ = writeln!(std::io::stderr(), "{} is left behind: {error:#}", self.name);
        }
    }
}

/// Every row of a database as `pg_dump` writes it, for whoever looks for what must not be there.
///
/// # Errors
/// When there is no `pg_dump` beside the client, or it fails.
pub fn dump(url: &str) -> Result<String> {
    let program = find_psql().with_file_name("pg_dump");
    let output = Command::new(&program)
        .args(["--data-only", "--dbname", url])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    if !output.status.success() {
        bail!("pg_dump: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The cluster, as seen by `psql`.
#[derive(Debug)]
struct Server {
    psql: PathBuf,
    url: String,
}

/// What the server said to a statement.
enum Answer {
    Done,
    Refused(String),
}

impl Server {
    fn from_environment() -> Result<Option<Self>> {
        let url = match env::var(VARIABLE) {
            Ok(url) if !url.is_empty() && !equipment::is_unwanted() => url,
            _ => {
                let reason = format!("{VARIABLE} is not set; `cargo xtask test` starts a server");
                equipment::report_missing("PostgreSQL", &reason)?;
                return Ok(None);
            }
        };
        Ok(Some(Self { psql: find_psql(), url }))
    }

    /// Makes and migrates a template.
    ///
    /// Tests may run in processes of their own, several of which may find the template missing.
    /// So it is made under a name of its own and then given its real one, which only one process
    /// can do; the others drop theirs and use that one.
    fn make_template(
        &self,
        template: &str,
        migrate: impl FnOnce(&str) -> Result<()>,
    ) -> Result<()> {
        let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        if self.exists(template)? {
            return Ok(());
        }
        let draft = unique_name("panel_draft");
        self.execute(&format!("CREATE DATABASE {draft} TEMPLATE template0"))?;
        let made = migrate(&self.database_url(&draft))
            .and_then(|()| self.run(&format!("ALTER DATABASE {draft} RENAME TO {template}")));
        if let Ok(Answer::Done) = made {
            return Ok(());
        }
        self.execute(&format!("DROP DATABASE {draft} WITH (FORCE)"))?;
        match made? {
            Answer::Refused(error) if !self.exists(template)? => bail!("{template}: {error}"),
            _ => Ok(()),
        }
    }

    fn exists(&self, database: &str) -> Result<bool> {
        // A division by zero is the shortest way to make an answer an exit status.
        let found = format!("SELECT 1 / count(*) FROM pg_database WHERE datname = '{database}'");
        Ok(matches!(self.run(&found)?, Answer::Done))
    }

    fn execute(&self, statement: &str) -> Result<()> {
        match self.run(statement)? {
            Answer::Done => Ok(()),
            Answer::Refused(error) => bail!("{statement}: {error}"),
        }
    }

    fn run(&self, statement: &str) -> Result<Answer> {
        let output = Command::new(&self.psql)
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
            .args(["--set", "VERBOSITY=verbose", "--command", statement, "--dbname", &self.url])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} cannot be started", self.psql.display()))?;
        if output.status.success() {
            return Ok(Answer::Done);
        }
        let error = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        // psql leaves with 2 when it could not connect: no statement was judged.
        if output.status.code() == Some(2) {
            bail!("{VARIABLE}: {error}");
        }
        Ok(Answer::Refused(error))
    }

    fn database_url(&self, name: &str) -> String {
        with_database(&self.url, name)
    }
}

/// The newest `psql` beside a server, without Debian's wrapper, which is slow to start; else the
/// one along `PATH`.
fn find_psql() -> PathBuf {
    let versions = fs::read_dir(CLIENTS).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin/psql")))
        })
        .filter(|(_, psql)| psql.is_file())
        .collect();
    found.sort();
    found.pop().map_or_else(|| Path::new("psql").to_owned(), |(_, psql)| psql)
}

fn template_name(schema: &str) -> String {
    // Its keys are fixed, so every process of one build finds the same name.
    let mut hasher = DefaultHasher::new();
    schema.hash(&mut hasher);
    format!("panel_template_{:016x}", hasher.finish())
}

fn unique_name(prefix: &str) -> String {
    format!("{prefix}_{:016x}", rand::random::<u64>())
}

/// The same address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let host = rest.split('/').next().unwrap_or_default();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{scheme}://{host}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(url: &str, statement: &str) -> String {
        let output = Command::new(find_psql())
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", statement, url])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn migrate(url: &str) -> Result<()> {
        let server = Server { psql: find_psql(), url: url.to_owned() };
        server.execute("CREATE TABLE letters (letter TEXT); INSERT INTO letters VALUES ('a')")
    }

    #[test]
    fn each_test_has_a_migrated_database_of_its_own() {
        let Some(first) = TestDatabase::postgres("own", migrate).unwrap() else { return };
        let second = TestDatabase::postgres("own", migrate).unwrap().unwrap();
        query(&first.url(), "INSERT INTO letters VALUES ('b')");
        assert_eq!(query(&first.url(), "SELECT count(*) FROM letters"), "2");
        assert_eq!(query(&second.url(), "SELECT count(*) FROM letters"), "1");
    }

    #[test]
    fn a_dropped_database_is_gone() {
        let Some(database) = TestDatabase::postgres("gone", migrate).unwrap() else { return };
        let server = Server::from_environment().unwrap().unwrap();
        let name = database.name.clone();
        assert!(server.exists(&name).unwrap());
        drop(database);
        assert!(!server.exists(&name).unwrap());
    }

    #[test]
    fn a_template_is_migrated_once_however_many_ask() {
        let migrated = std::sync::atomic::AtomicU32::new(0);
        // The schema is new on every run, also on a cluster that stays up.
        let schema = unique_name("once");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    TestDatabase::postgres(&schema, |url| {
                        migrated.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        migrate(url)
                    })
                    .unwrap()
                });
            }
        });
        let expected = u32::from(Server::from_environment().unwrap().is_some());
        assert_eq!(migrated.into_inner(), expected);
    }

    #[test]
    fn a_template_that_another_process_made_meanwhile_is_used() {
        let Some(server) = Server::from_environment().unwrap() else { return };
        let template = unique_name("raced");
        let outcome = server
            .make_template(&template, |_| server.execute(&format!("CREATE DATABASE {template}")));
        outcome.unwrap();
        server.execute(&format!("DROP DATABASE {template}")).unwrap();
    }

    #[test]
    fn a_failed_migration_is_reported_and_leaves_no_template() {
        let Some(server) = Server::from_environment().unwrap() else { return };
        let schema = unique_name("broken");
        let error = TestDatabase::postgres(&schema, |_| bail!("no such column")).unwrap_err();
        assert_eq!(error.to_string(), "no such column");
        assert!(!server.exists(&template_name(&schema)).unwrap());
    }

    #[test]
    fn the_database_is_replaced_and_the_rest_of_the_address_kept() {
        let check = |url, expected| assert_eq!(with_database(url, "x"), expected);
        check("postgres://a:b@127.0.0.1:5432/postgres", "postgres://a:b@127.0.0.1:5432/x");
        check("postgresql://h/postgres?sslmode=disable", "postgresql://h/x?sslmode=disable");
        check("postgres://h", "postgres://h/x");
    }
}
