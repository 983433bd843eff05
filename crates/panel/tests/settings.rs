//! Settings that cannot be meant: the built program ends at once, names the setting, and repeats no secret.

#![cfg(test)]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Never to be read back.
const SECRET: &str = "hunter2-lantern";

/// A second on a quiet machine; the tests’ machine is busy and the program is not optimised.
const AT_ONCE: Duration = Duration::from_secs(5);

/// What the program is started with besides its folder, and what its last line must name.
struct Case<'a> {
    environment: &'a [(&'a str, &'a str)],
    arguments: &'a [&'a str],
    names: &'a [&'a str],
}

#[track_caller]
fn check(folder: &Path, case: &Case<'_>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command.args(case.arguments).arg("--dir").arg(folder);
    command.env_clear().env("PANEL_LOG", "error").envs(case.environment.iter().copied());
    let began = Instant::now();
    let answer = command.output().unwrap();
    let took = began.elapsed();
    let said = String::from_utf8(answer.stderr).unwrap();
    let told = format!("{:?} {:?}: {said}", case.environment, case.arguments);
    assert!(!answer.status.success(), "{told}");
    assert!(took < AT_ONCE, "{took:?} {told}");
    assert!(!said.contains(SECRET), "{told}");
    assert!(said.lines().count() <= 6, "{told}");
    for name in case.names {
        assert!(said.contains(name), "{name} is not in {told}");
    }
}

#[test]
fn what_cannot_be_meant_ends_the_program_at_once_and_tells_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let mail = ("SMTP_URL", "smtp://127.0.0.1:2525");
    let secret = |before: &str, after: &str| format!("{before}{SECRET}{after}");
    let (mysql, ftp) = (secret("mysql://u:", "@h/x"), secret("ftp://u:", "@h"));
    let (bent, shut) =
        (secret("postgres://u:", "@[h/x"), secret("postgres://u:", "@127.0.0.1:1/x"));
    let public = secret("https://u:", "@panel.example.org");
    let migrated = Command::new(env!("CARGO_BIN_EXE_panel"))
        .args(["migrate", "--dir"])
        .arg(folder.path())
        .env_clear()
        .status();
    assert!(migrated.unwrap().success());
    for case in [
        (&[("PANEL_PROFLIE", "production")][..], &["migrate"][..], &["PANEL_PROFILE"][..]),
        (&[("PANEL_PROFILE", "prodcution")], &["migrate"], &["'production'"]),
        (&[("SMPT_URL", &ftp)], &["migrate"], &["SMPT_URL", "SMTP_URL"]),
        (&[("DATABASE_URL", &mysql)], &["migrate"], &["DATABASE_URL"]),
        (&[("DATABASE_URL", &bent)], &["migrate"], &["database"]),
        (&[("DATABASE_URL", &shut)], &["migrate"], &["database", "127.0.0.1"]),
        (&[("SMTP_URL", &ftp)], &["serve"], &["mail server"]),
        (&[], &["serve"], &["SMTP_URL"]),
        (&[mail, ("PANEL_PUBLIC_URL", "panel.example.org")], &["serve"], &["PANEL_PUBLIC_URL"]),
        (&[mail, ("PANEL_PUBLIC_URL", &public)], &["serve"], &["PANEL_PUBLIC_URL"]),
        (&[mail, ("PANEL_BEHIND_PROXY", "perhaps")], &["serve"], &["behind-proxy"]),
        (&[mail, ("PANEL_LISTEN", "127.0.0.1:door")], &["serve"], &["127.0.0.1:door"]),
        (&[mail, ("PANEL_LISTEN", &taken)], &["serve"], &[&taken]),
        (&[mail, ("PANEL_MAIL_FROM", "nobody")], &["serve"], &["nobody"]),
        (&[("PANEL_KEYS", "/nowhere/panel.keys")], &["keys", "verify"], &["/nowhere/panel.keys"]),
        (&[("PANEL_BANK_HOLIDAYS", "/etc/hostname")], &["cycle", "2026-04-16"], &["/etc/hostname"]),
        (&[], &["cycle", "2026-02-30"], &["2026-02-30"]),
        (&[], &["migrate", "--dri"], &["--dri"]),
        (&[("PANEL_COLOUR", "blue")], &["migrate", "--profile", "production"], &["PANEL_COLOUR"]),
    ] {
        let (environment, arguments, names) = case;
        check(folder.path(), &Case { environment, arguments, names });
    }
}

#[test]
fn a_clock_that_stopped_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    std::fs::write(&clock, "1970-01-01T00:00:09Z").unwrap();
    let arguments = ["demo", "--port", "0", "--clock-file", clock.to_str().unwrap()];
    check(folder.path(), &Case { environment: &[], arguments: &arguments, names: &["1970-01-01"] });
    assert!(!folder.path().join("panel.db").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let arguments = ["migrate"];
    let case =
        Case { environment: &[], arguments: &arguments, names: &["/proc/panel-is-not-here"] };
    check(Path::new("/proc/panel-is-not-here"), &case);
}

#[test]
fn a_key_file_with_the_line_ends_of_another_system_opens() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("panel.keys");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
        command.args(arguments).arg("--dir").arg(folder.path()).env_clear();
        command.status().unwrap().success()
    };
    assert!(run(&["migrate"]) && run(&["keys", "verify"]));
    let text = std::fs::read_to_string(&keys).unwrap();
    std::fs::write(&keys, text.replace('\n', "\r\n")).unwrap();
    assert!(run(&["keys", "verify"]));
}

#[test]
fn a_database_that_is_cut_short_or_none_at_all_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("panel.db");
    let migrate = Case { environment: &[], arguments: &["migrate"], names: &["database"] };
    std::fs::write(&file, "a letter and no database, long enough to have a head of its own")
        .unwrap();
    check(folder.path(), &migrate);
    std::fs::remove_file(&file).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command.args(["migrate", "--dir"]).arg(folder.path()).env_clear();
    assert!(command.status().unwrap().success());
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, whole.get(..whole.len() / 2).unwrap()).unwrap();
    let serve = ["serve", "--no-worker", "--listen", "127.0.0.1:0"];
    check(folder.path(), &Case { environment: &[], arguments: &serve, names: &["database"] });
}
