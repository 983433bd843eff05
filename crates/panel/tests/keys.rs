//! The built program and its key file: made for its owner alone, split and joined, and never taken for
//! another.

#![cfg(test)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

fn panel(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command.args(arguments).arg("--dir").arg(folder).env_clear().env("PANEL_LOG", "error");
    command.output().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let answer = panel(folder, arguments);
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], expected: &str) {
    let answer = panel(folder, arguments);
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(!answer.status.success() && said.contains(expected), "{said}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_key_file_is_its_owners_alone_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    let said = done(folder.path(), &["keys", "generate", text(&file)]);
    let written = fs::read_to_string(&file).unwrap();
    let secrets = written.lines().filter_map(|line| line.split_once(' ')).map(|(_, key)| key);
    assert!(secrets.into_iter().all(|secret| secret.len() < 64 || !said.contains(secret)));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    refused(folder.path(), &["keys", "generate", text(&file)], "cannot be made");
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    refused(folder.path(), &["migrate", "--keys", text(&file)], "chmod 600");
}

#[test]
fn two_halves_make_the_key_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    done(folder.path(), &["keys", "generate", text(&at("keys"))]);
    let printed = done(folder.path(), &["keys", "escrow", "--json", "--keys", text(&at("keys"))]);
    let halves: serde_json::Value = serde_json::from_str(&printed).unwrap();
    for half in ["first", "second"] {
        fs::write(at(half), halves[half].as_str().unwrap()).unwrap();
    }
    let (first, second, again) = (at("first"), at("second"), at("again"));
    done(folder.path(), &["keys", "join", text(&first), text(&second), text(&again)]);
    assert_eq!(fs::read(at("again")).unwrap(), fs::read(at("keys")).unwrap());
}

#[test]
fn a_rotated_key_file_keeps_the_key_before_and_every_field_opens() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["migrate"]);
    let file = folder.path().join("panel.keys");
    let before = fs::read_to_string(&file).unwrap();
    done(folder.path(), &["keys", "rotate"]);
    let after = fs::read_to_string(&file).unwrap();
    let masters = |text: &str| text.lines().filter(|line| line.starts_with("master ")).count();
    assert_eq!((masters(&before), masters(&after)), (1, 2));
    assert_eq!(fs::read_to_string(folder.path().join("panel.keys.before")).unwrap(), before);
    let found: serde_json::Value =
        serde_json::from_str(&done(folder.path(), &["keys", "verify", "--json"])).unwrap();
    assert_eq!((&found["older"], &found["unreadable"]), (&0.into(), &serde_json::json!([])));
}

#[test]
fn production_wants_a_key_file_away_from_the_data() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["migrate"]);
    let serve = ["serve", "--profile", "production", "--public-url", "https://panel.example.org"];
    let serve = [&serve[..], &["--no-worker"]].concat();
    refused(folder.path(), &serve, "PANEL_KEYS");
    let beside = folder.path().join("panel.keys");
    refused(folder.path(), &[&serve[..], &["--keys", text(&beside)]].concat(), "must not lie in");
}
