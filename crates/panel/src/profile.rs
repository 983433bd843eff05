//! What a service in production must not start with.
//!
//! Every rule is a pure function of the settings, and all that is wrong is said at once, each with what
//! to do.

use clap::ValueEnum;
use panel_notify::is_plain_smtp;
use std::path::Path;
use url::Url;

/// How strict the program is about its settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// To try the program out, on one machine.
    #[default]
    Development,
    /// With real people: unsafe settings are refused.
    Production,
}

/// The settings that can be unsafe.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings<'a> {
    /// The address people reach the service at.
    pub(crate) public_url: &'a str,
    /// The PostgreSQL URL, or none for the embedded database.
    pub(crate) postgres: Option<&'a str>,
    /// The folder of the embedded database, or none for PostgreSQL.
    pub(crate) folder: Option<&'a Path>,
    /// The key file.
    pub(crate) keys: Option<&'a str>,
    /// The embedded database's mode, where it is known: who else may read the file.
    pub(crate) file_mode: Option<u32>,
    /// The mail server, where this process sends mail.
    pub(crate) smtp: Option<&'a str>,
    /// The address pages are served at, where this process serves them.
    pub(crate) listen: Option<&'a str>,
    /// Whether a proxy with TLS stands between readers and an address beyond this machine.
    pub(crate) behind_proxy: bool,
}

/// A setting that production refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsafe {
    /// Cookies would travel in the clear.
    #[error("the public address must begin with https:// (PANEL_PUBLIC_URL)")]
    PlainPages,
    /// Case content would travel to the database in the clear, or to whoever answers for it.
    #[error(
        "a database on another machine needs sslmode=verify-full in DATABASE_URL, in a program built with pg-tls"
    )]
    PlainDatabase,
    /// Anybody with an account on the machine could read the file.
    #[error(
        "the database file can be read by others on this machine: chmod 600 it, and its -wal and -shm"
    )]
    OpenFile,
    /// Protected fields would be sealed by a key nobody chose a place for.
    #[error("name the key file in PANEL_KEYS; `panel keys generate` makes one")]
    NoKeys,
    /// Whoever takes the folder would have the keys with the data.
    #[error("the key file must not lie in the folder of the database, or below it (PANEL_KEYS)")]
    KeysBesideData,
    /// Names and addresses of recipients would travel in the clear.
    #[error("a mail server on another machine needs smtps:// or smtp+starttls:// (SMTP_URL)")]
    PlainMail,
    /// Pages would be served in the clear to other machines.
    #[error(
        "pages are served beyond this machine without TLS: listen at 127.0.0.1, or say --behind-proxy when only a proxy with TLS can reach that address"
    )]
    PlainListener,
}

/// Everything that production refuses in these settings.
pub(crate) fn refused(settings: &Settings<'_>) -> Vec<Unsafe> {
    let Settings { public_url, postgres, folder, keys, file_mode, smtp, listen, behind_proxy } =
        *settings;
    let rules = [
        (!public_url.starts_with("https://"), Unsafe::PlainPages),
        (postgres.is_some_and(is_plain_database), Unsafe::PlainDatabase),
        (file_mode.is_some_and(|mode| mode & 0o077 != 0), Unsafe::OpenFile),
        (keys.is_none(), Unsafe::NoKeys),
        (lies_within(keys, folder), Unsafe::KeysBesideData),
        (smtp.is_some_and(is_plain_mail), Unsafe::PlainMail),
        (!behind_proxy && listen.is_some_and(|at| !is_local_listener(at)), Unsafe::PlainListener),
    ];
    rules.into_iter().filter(|(is_so, _)| *is_so).map(|(_, rule)| rule).collect()
}

/// Whether a file lies in a folder or below it, wherever links lead; what cannot be found is compared as
/// it was written.
fn lies_within(file: Option<&str>, folder: Option<&Path>) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match (file, folder) {
        (Some(file), Some(folder)) => real(Path::new(file)).starts_with(real(folder)),
        _ => false,
    }
}

/// Whether a host is this very machine: a loopback name or address, or a socket's folder.
fn is_this_machine(host: &str) -> bool {
    host.is_empty()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// A URL that cannot be read counts as plain: nothing is known of it.
fn is_plain_database(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return true };
    let parameter = |wanted: &str| {
        let found = url.query_pairs().filter(|(name, _)| name == wanted).last();
        found.map(|(_, value)| value.into_owned())
    };
    // What is said in the query leads, as it does for the database's own library.
    let hosts = parameter("hostaddr")
        .or_else(|| parameter("host"))
        .unwrap_or_else(|| url.host_str().unwrap_or_default().to_owned());
    let is_away = hosts.split(',').any(|host| !is_this_machine(host));
    is_away && parameter("sslmode").as_deref() != Some("verify-full")
}

fn is_plain_mail(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return true };
    is_plain_smtp(&url) && !is_this_machine(url.host_str().unwrap_or_default())
}

fn is_local_listener(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, _)| !host.is_empty() && is_this_machine(host))
}

/// Who may read or write the embedded database besides its owner, as the bits of its mode; nothing where
/// there is no file yet.
pub(crate) fn mode_of(file: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).ok().map(|found| found.mode() & 0o777)
}

/// Makes the file of a new embedded database, for its owner alone. What lies beside it while it is used
/// takes after it.
///
/// # Errors
/// When the file cannot be made.
pub(crate) fn keep_private(path: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let is_file = !path.is_empty() && path != ":memory:" && !path.starts_with("file:");
    if !is_file || Path::new(path).exists() {
        return Ok(());
    }
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_database_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("panel.db");
        let path = file.to_str().unwrap();
        assert_eq!(mode_of(&file), None);
        keep_private(path).unwrap();
        assert_eq!(mode_of(&file), Some(0o600));
        std::fs::write(&file, "kept").unwrap();
        keep_private(path).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "kept");
        keep_private(":memory:").unwrap();
        assert!(keep_private(folder.path().join("no/such/panel.db").to_str().unwrap()).is_err());
    }

    const KEYS: &str = "/etc/panel/keys";

    const SAFE: Settings<'_> = Settings {
        public_url: "https://panel.example.org",
        postgres: None,
        folder: None,
        keys: Some(KEYS),
        file_mode: Some(0o600),
        smtp: Some("smtps://mail.example.org"),
        listen: Some("127.0.0.1:8080"),
        behind_proxy: false,
    };

    #[track_caller]
    fn check(settings: Settings<'_>, expected: &[Unsafe]) {
        assert_eq!(refused(&settings), expected, "{settings:?}");
    }

    #[test]
    fn safe_settings_are_taken() {
        check(SAFE, &[]);
        check(Settings { smtp: None, listen: None, file_mode: None, ..SAFE }, &[]);
    }

    #[test]
    fn pages_need_https() {
        check(Settings { public_url: "http://panel.example.org", ..SAFE }, &[Unsafe::PlainPages]);
        check(Settings { public_url: "", ..SAFE }, &[Unsafe::PlainPages]);
    }

    #[track_caller]
    fn check_database(url: &str, expected: &[Unsafe]) {
        check(Settings { postgres: Some(url), ..SAFE }, expected);
    }

    #[test]
    fn a_database_elsewhere_is_reached_by_checked_tls_alone() {
        for here in [
            "postgres://panel@localhost/panel",
            "postgres://panel@127.0.0.1:5433/panel",
            "postgres://panel@[::1]/panel",
            "postgresql:///panel?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/panel?host=/run/postgresql",
        ] {
            check_database(here, &[]);
        }
        check_database("postgres://panel@db.example.org/panel?sslmode=verify-full", &[]);
        for elsewhere in [
            "postgres://panel@db.example.org/panel",
            "postgres://panel@db.example.org/panel?sslmode=require",
            "postgres://panel@10.0.0.4/panel?sslmode=verify-ca",
            "postgres://panel@localhost/panel?host=db.example.org",
            "postgres://panel@localhost/panel?hostaddr=10.0.0.4",
            "postgres://panel@localhost/panel?host=localhost,db.example.org",
            "postgres://panel@db.example.org/panel?sslmode=verify-full&sslmode=disable",
            "no url",
        ] {
            check_database(elsewhere, &[Unsafe::PlainDatabase]);
        }
    }

    #[test]
    fn the_file_is_its_owner_s_alone() {
        for open in [0o640, 0o604, 0o660, 0o666, 0o601] {
            check(Settings { file_mode: Some(open), ..SAFE }, &[Unsafe::OpenFile]);
        }
        check(Settings { file_mode: Some(0o400), ..SAFE }, &[]);
    }

    #[test]
    fn the_keys_are_kept_apart_from_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("panel.keys"), tempfile::tempdir().unwrap());
        std::fs::write(&inside, "").unwrap();
        let link = outside.path().join("keys");
        std::os::unix::fs::symlink(&inside, &link).unwrap();
        let at = |keys: &Path, expected: &[Unsafe]| {
            let keys = keys.to_str();
            check(Settings { folder: Some(folder.path()), keys, ..SAFE }, expected);
        };
        at(Path::new(KEYS), &[]);
        at(&inside, &[Unsafe::KeysBesideData]);
        at(&link, &[Unsafe::KeysBesideData]);
        check(Settings { keys: None, ..SAFE }, &[Unsafe::NoKeys]);
    }

    #[track_caller]
    fn check_mail(url: &str, expected: &[Unsafe]) {
        check(Settings { smtp: Some(url), ..SAFE }, expected);
    }

    #[test]
    fn mail_leaves_the_machine_by_tls_alone() {
        check_mail("smtp://127.0.0.1:25", &[]);
        check_mail("smtp+starttls://user:secret@mail.example.org:587", &[]);
        check_mail("smtp://mail.example.org?tls=required", &[]);
        check_mail("smtp://mail.example.org", &[Unsafe::PlainMail]);
        check_mail("smtp://10.0.0.5:25", &[Unsafe::PlainMail]);
    }

    #[track_caller]
    fn check_listener(address: &str, expected: &[Unsafe]) {
        check(Settings { listen: Some(address), ..SAFE }, expected);
    }

    #[test]
    fn pages_are_served_to_this_machine_or_to_a_proxy() {
        check_listener("[::1]:8080", &[]);
        check_listener("localhost:80", &[]);
        for open in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:8080", ":8080", "8080"] {
            check_listener(open, &[Unsafe::PlainListener]);
        }
        check(Settings { listen: Some("0.0.0.0:8080"), behind_proxy: true, ..SAFE }, &[]);
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = Settings {
            public_url: "http://panel.example.org",
            postgres: Some("postgres://panel@db.example.org/panel"),
            folder: None,
            keys: None,
            file_mode: Some(0o644),
            smtp: Some("smtp://mail.example.org"),
            listen: Some("0.0.0.0:80"),
            behind_proxy: false,
        };
        assert_eq!(refused(&wrong).len(), 6);
    }
}
