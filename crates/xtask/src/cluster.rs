//! A throw-away PostgreSQL cluster: made, run and removed with the task that needs it.
//!
//! The server is a child of a small shell guard whose standard input we hold. When this process
//! ends, however it ends, that input closes; the guard then stops the one server that it started
//! and removes its folder. So no signal handler is needed, and a killed task leaves nothing behind.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::equipment;
use crate::process::capture;

/// The environment variable that tells tests where the cluster is.
pub(crate) const URL_VARIABLE: &str = "PANEL_TEST_POSTGRES";

/// Runs the server (`$@`) until its input closes, stops it, and removes the folder (`$0`).
const GUARD: &str = r#"
"$@" </dev/null & server=$!
exec 2>/dev/null
cat >/dev/null
kill -INT "$server"
wait "$server"
rm -rf -- "$0"
"#;

/// The line by which the server says that it accepts connections.
const READY: &str = "database system is ready to accept connections";

/// How long a server may take until it is ready; a cold two-core machine needs about a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many of the server's last lines are shown when it does not start.
const SHOWN_LINES: usize = 20;

/// Whether the server writes through to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing is kept safe: fast, for tests.
    Off,
    /// The server's own defaults, as in production: for measurements.
    On,
}

/// A running cluster; dropping it stops the server and removes its files.
pub(crate) struct Cluster {
    guard: Child,
    folder: PathBuf,
    url: String,
}

impl Cluster {
    /// Makes and starts a cluster that listens on a free loopback port.
    ///
    /// # Errors
    /// When the files cannot be made, or the server does not get ready; its last lines are shown.
    pub(crate) fn start(binaries: &Path, durability: Durability) -> Result<Self> {
        let account = if equipment::is_root()? { Some(unprivileged_account()?) } else { None };
        let folder = tempfile::Builder::new().prefix("panel-postgres-").tempdir()?;
        let password = random_password()?;
        let password_file = folder.path().join("password");
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&password_file)?
            .write_all(password.as_bytes())?;
        if let Some(account) = &account {
            for path in [folder.path(), &password_file] {
                chown(path, Some(account.user), Some(account.group))?;
            }
        }
        let program = |name: &str| {
            let mut command = Command::new(binaries.join(name));
            run_as(&mut command, account.as_ref(), folder.path());
            command
        };
        let version = major_version(&capture(program("postgres").arg("--version"))?)?;
        capture(program("initdb").args(initdb_arguments(folder.path(), &password_file, version)))?;
        let port = free_port()?;
        let mut command = Command::new("sh");
        run_as(&mut command, account.as_ref(), folder.path());
        command.args(["-c", GUARD]).arg(folder.path()).arg(binaries.join("postgres"));
        command.args(server_arguments(folder.path(), port, durability));
        // Its own process group, so that an interrupt at the terminal reaches us alone and the
        // server is stopped in order.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut guard = command.spawn().context("the guard of the database server")?;
        let stderr = guard.stderr.take().context("the server's messages")?;
        let url = format!("postgres://panel:{password}@127.0.0.1:{port}/postgres");
        // From here on the guard owns the folder.
        let cluster = Self { guard, folder: folder.keep(), url };
        wait_until_ready(stderr)?;
        Ok(cluster)
    }

    /// The address of the cluster's maintenance database, with a superuser's password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Waits for the server's own word that it is ready, and keeps reading so that it never blocks.
fn wait_until_ready(messages: ChildStderr) -> Result<()> {
    let (ready, waiting) = mpsc::channel();
    let (last, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut recent = VecDeque::new();
        for line in BufReader::new(messages).lines().map_while(Result::ok) {
            if line.contains(READY) {
                let _ = ready.send(());
            }
            recent.push_back(line);
            if recent.len() > SHOWN_LINES {
                recent.pop_front();
            }
        }
        drop(ready);
        let _ = last.send(recent);
    });
    match waiting.recv_timeout(PATIENCE) {
        Ok(()) => Ok(()),
        Err(RecvTimeoutError::Timeout) => {
            bail!("PostgreSQL was not ready after {} s", PATIENCE.as_secs())
        }
        Err(RecvTimeoutError::Disconnected) => {
            let said = Vec::from(lines.recv().unwrap_or_default()).join("\n  ");
            bail!("PostgreSQL did not start; its last messages:\n  {said}")
        }
    }
}

fn initdb_arguments(folder: &Path, password_file: &Path, version: u32) -> Vec<String> {
    let mut arguments = vec![
        format!("--pgdata={}", folder.join("data").display()),
        format!("--pwfile={}", password_file.display()),
    ];
    let fixed =
        ["--username=panel", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--locale=C"];
    arguments.extend(fixed.map(str::to_owned));
    if version >= 15 {
        // Text sorts as it does for a British operator, not by bytes: what leans on byte order by
        // accident shows in the tests. It needs no locale installed on the machine.
        let icu = ["--locale-provider=icu", "--icu-locale=en-GB"];
        arguments.extend(icu.map(str::to_owned));
    }
    arguments
}

fn server_arguments(folder: &Path, port: u16, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        // A password over loopback is how the product connects; a socket would need a short path.
        "unix_socket_directories=".to_owned(),
        "max_connections=300".to_owned(),
        "lc_messages=C".to_owned(),
        "logging_collector=off".to_owned(),
        "log_destination=stderr".to_owned(),
        "log_min_messages=warning".to_owned(),
    ];
    if durability == Durability::Off {
        let off = ["fsync", "synchronous_commit", "full_page_writes", "autovacuum"];
        settings.extend(off.map(|name| format!("{name}=off")));
        settings.push("max_wal_senders=0".to_owned());
        settings.push("wal_level=minimal".to_owned());
    }
    let data = ["-D".to_owned(), folder.join("data").display().to_string()];
    data.into_iter().chain(settings.into_iter().flat_map(|s| ["-c".to_owned(), s])).collect()
}

/// The number in `postgres (PostgreSQL) 15.18 (Debian …)`.
fn major_version(text: &str) -> Result<u32> {
    text.split_whitespace()
        .find_map(|word| word.split('.').next()?.parse().ok())
        .with_context(|| format!("no version in {text:?}"))
}

/// A port that nobody listens on now. Another process may take it before the server does; the
/// server then says so and the task fails, which one more run mends.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn random_password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut password = String::new();
    for byte in bytes {
        write!(password, "{byte:02x}")?;
    }
    Ok(password)
}

/// A user of the system that owns nothing of ours.
#[derive(Debug, PartialEq, Eq)]
struct Account {
    user: u32,
    group: u32,
}

/// PostgreSQL refuses to run as root, so root lends it an account that every system has.
fn unprivileged_account() -> Result<Account> {
    let accounts = fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
    find_account(&accounts, "postgres")
        .or_else(|| find_account(&accounts, "nobody"))
        .context("neither `postgres` nor `nobody` is a user of this system")
}

fn find_account(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let user = fields.nth(1)?.parse().ok()?;
        Some(Account { user, group: fields.next()?.parse().ok()? })
    })
}

/// Runs a command as that account, in a folder that the account may enter.
fn run_as(command: &mut Command, account: Option<&Account>, folder: &Path) {
    command.current_dir(folder);
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n\
                          postgres:x:101:104::/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn an_account_is_read_with_its_group() {
        assert_eq!(find_account(PASSWD, "postgres"), Some(Account { user: 101, group: 104 }));
        assert_eq!(find_account(PASSWD, "nobody"), Some(Account { user: 65534, group: 65533 }));
        assert_eq!(find_account(PASSWD, "body"), None);
    }

    #[test]
    fn the_version_is_read_whatever_follows_it() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)").unwrap(),
            15
        );
        assert_eq!(major_version("postgres (PostgreSQL) 18").unwrap(), 18);
        assert!(major_version("postgres").is_err());
    }

    #[test]
    fn only_measurements_write_through_to_the_disk() {
        let fast = server_arguments(Path::new("/x"), 5000, Durability::Off);
        let safe = server_arguments(Path::new("/x"), 5000, Durability::On);
        assert!(fast.contains(&"fsync=off".to_owned()));
        assert!(!safe.iter().any(|argument| argument.contains("fsync")));
    }

    #[test]
    fn a_server_that_cannot_start_is_reported_with_its_own_words() {
        let mut child = Command::new("sh")
            .args(["-c", "echo FATAL: no room >&2"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let error = wait_until_ready(child.stderr.take().unwrap()).unwrap_err();
        child.wait().unwrap();
        assert!(error.to_string().contains("FATAL: no room"), "{error}");
    }
}
