//! The schema over time: one portable set of migrations and a small one for each database, merged.

#[cfg(test)]
mod parity;

use crate::conn::Conn;
use crate::error::StoreError;
use crate::wall;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const COMMON: EmbeddedMigrations = embed_migrations!("../../migrations/common");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

struct Merged(EmbeddedMigrations);

impl<DB: diesel::backend::Backend> MigrationSource<DB> for Merged {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let mut all = MigrationSource::<DB>::migrations(&COMMON)?;
        all.extend(MigrationSource::<DB>::migrations(&self.0)?);
        all.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
        Ok(all)
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Migration(error.to_string())
}

/// Runs what is pending and names it.
///
/// On PostgreSQL an advisory lock lets several nodes start at once; SQLite has one writer anyway.
pub(crate) fn run(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let ran: Outcome<Vec<String>> = match conn {
        Conn::Pg(pg) => {
            use diesel::connection::SimpleConnection;
            pg.batch_execute("SELECT pg_advisory_lock(7236254)").map_err(StoreError::from)?;
            wall::migrates(pg, true)?;
            let ran = pg.run_pending_migrations(Merged(POSTGRES)).map(|v| names(&v));
            wall::migrates(pg, false)?;
            pg.batch_execute("SELECT pg_advisory_unlock(7236254)").map_err(StoreError::from)?;
            ran
        }
        Conn::Sqlite(sqlite) => sqlite.run_pending_migrations(Merged(SQLITE)).map(|v| names(&v)),
    };
    ran.map_err(failed)
}

fn names(versions: &[diesel::migration::MigrationVersion<'_>]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// Refuses a database that is older or newer than this program.
pub(crate) fn check(conn: &mut Conn) -> Result<(), StoreError> {
    let known = known(conn)?;
    let applied = applied(conn)?;
    if let Some(unknown) = applied.iter().find(|name| !known.contains(name)) {
        return Err(StoreError::NewerSchema(unknown.clone()));
    }
    match known.len() - applied.len() {
        0 => Ok(()),
        pending => Err(StoreError::NeedsMigration(pending)),
    }
}

/// The migrations that ran here. Diesel's own question makes its table where there is none, which the login of
/// the service may not on PostgreSQL, and is refused even where there is one.
fn applied(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    const THERE: &str = "SELECT tablename::TEXT AS version FROM pg_tables
        WHERE schemaname = current_schema() AND tablename = '__diesel_schema_migrations'";
    match conn {
        Conn::Pg(pg) => {
            if diesel::sql_query(THERE).load::<Applied>(pg)?.is_empty() {
                return Ok(Vec::new());
            }
            let ran = diesel::sql_query("SELECT version FROM __diesel_schema_migrations");
            Ok(ran.load::<Applied>(pg)?.into_iter().map(|one| one.version).collect())
        }
        Conn::Sqlite(sqlite) => sqlite.applied_migrations().map(|v| names(&v)).map_err(failed),
    }
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

fn known(conn: &Conn) -> Result<Vec<String>, StoreError> {
    fn list<DB: diesel::backend::Backend>(source: &Merged) -> Outcome<Vec<String>> {
        let all = MigrationSource::<DB>::migrations(source)?;
        Ok(all.iter().map(|m| m.name().version().to_string()).collect())
    }
    match conn {
        Conn::Pg(_) => list::<diesel::pg::Pg>(&Merged(POSTGRES)),
        Conn::Sqlite(_) => list::<diesel::sqlite::Sqlite>(&Merged(SQLITE)),
    }
    .map_err(failed)
}
