//! The built program in production: it refuses unsafe settings before it listens, and says all of them.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What the program answered to these arguments, away from whatever the machine has set.
fn panel(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command.args(arguments).arg("--dir").arg(folder).env_clear().env("PANEL_LOG", "error");
    command.output().unwrap()
}

#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str], expected: &[&str]) {
    let answer = panel(folder.path(), arguments);
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(!answer.status.success(), "{arguments:?} {said}");
    for words in expected {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_service_with_unsafe_settings_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(panel(folder.path(), &["migrate"]).status.success());
    let unsafe_ones = ["serve", "--profile", "production", "--listen", "0.0.0.0:0", "--no-worker"];
    refused(&folder, &unsafe_ones, &["not safe in production", "https://", "beyond this machine"]);
    let mail = ["worker", "--profile", "production", "--smtp-url", "smtp://mail.example.org"];
    refused(&folder, &mail, &["smtps://"]);
}

#[test]
fn a_database_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    assert!(panel(folder.path(), &["migrate"]).status.success());
    let file = folder.path().join("panel.db");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a new database is its owner's alone");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let serve = ["serve", "--profile", "production", "--public-url", "https://panel.example.org"];
    refused(&folder, &[&serve[..], &["--no-worker"]].concat(), &["chmod 600"]);
}

#[test]
fn a_demonstration_is_not_for_production() {
    let folder = tempfile::tempdir().unwrap();
    refused(&folder, &["demo", "--profile", "production"], &["not for production"]);
    assert!(!folder.path().join("panel.db").exists());
}

#[test]
fn a_login_that_passes_the_walls_of_postgresql_is_refused() {
    let Ok(cluster) = std::env::var("PANEL_TEST_POSTGRES") else {
        eprintln!("not run: PANEL_TEST_POSTGRES is not set; `cargo xtask test` starts a server");
        return;
    };
    // A throw-away cluster's own database, in which nothing else is kept.
    let folder = tempfile::tempdir().unwrap();
    let migrated = panel(folder.path(), &["migrate", "--database-url", &cluster]);
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    let keys = folder.path().join("keys");
    let keys = keys.to_str().unwrap();
    assert!(panel(folder.path(), &["keys", "generate", keys]).status.success());
    let safe = ["--profile", "production", "--public-url", "https://panel.example.org"];
    let serve = ["serve", "--no-worker", "--listen", "127.0.0.1:0", "--keys", keys];
    let at = ["--database-url", cluster.as_str()];
    refused(&folder, &[&serve[..], &safe, &at].concat(), &["through its wall", "superuser"]);
}
