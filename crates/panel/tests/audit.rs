//! The audit log at the command line, over what a demonstration left: sound, tampered with, cut, and
//! not to be read, each with its own status.

#![cfg(test)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

fn panel(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command.args(args).arg("--dir").arg(folder.join("data")).env_clear().env("PANEL_LOG", "warn");
    command.stdin(Stdio::null());
    command
}

#[track_caller]
fn ends(output: &Output, status: i32) -> String {
    let all = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = all(&output.stdout) + &all(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{said}");
    said
}

/// Runs a demonstration with a key until its worker has given a checkpoint away.
fn demonstrate(folder: &Path) {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut service = panel(folder, &["demo", "--port", &port.to_string()])
        .env("PANEL_AUDIT_KEY", folder.join("key"))
        .env("PANEL_AUDIT_CHECKPOINTS", folder.join("checkpoints"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let given = || folder.join("checkpoints").exists();
    // Nothing is ever sent here: it is waited on for its time alone.
    let (_keep, never) = mpsc::channel::<()>();
    for _ in 0..480 {
        if given() || never.recv_timeout(Duration::from_millis(250)).is_ok() {
            break;
        }
    }
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(given(), "no checkpoint was given away");
}

#[test]
fn a_log_is_verified_exported_and_each_way_it_can_be_wrong_has_a_status() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let path = |name: &str| folder.join(name).display().to_string();
    let run = |args: &[&str]| panel(folder, args).output().unwrap();
    let public = ends(&run(&["audit", "key", "--file", &path("key")]), 0);
    assert!(public.starts_with("panel audit public key 1 "), "{public}");
    assert_eq!(ends(&run(&["audit", "key", "--file", &path("key")]), 0), public);
    fs::write(path("public"), &public).unwrap();
    demonstrate(folder);

    let against = ["--checkpoint", &path("checkpoints"), "--pubkey", &path("public")];
    let verify = |more: &[&str]| run(&[&["audit", "verify"], more].concat());
    let said = ends(&verify(&against), 0);
    assert!(said.contains("The audit log is sound.") && said.contains("all signed"), "{said}");
    let json = ends(&verify(&["--json"]), 0);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["finding"], serde_json::Value::Null);
    ends(&verify(&["--checkpoint", &path("nowhere")]), 4);

    let export = ["audit", "export", "--out", &path("export"), "--purpose", "integrity"];
    ends(&run(&export), 0);
    let lines = fs::read_to_string(path("export")).unwrap();
    let judge = |name: &str, text: &str| {
        fs::write(path(name), text).unwrap();
        verify(&[&["--export", &path(name)], &against[..]].concat())
    };
    ends(&judge("same", &lines), 0);
    let edited = lines.replacen("\"on_behalf\":false", "\"on_behalf\":true", 1);
    assert!(ends(&judge("edited", &edited), 2).contains("NOT sound"));
    let (cut, _) = lines.trim_end().rsplit_once('\n').unwrap();
    ends(&judge("cut", cut), 3);
    ends(&judge("nothing", "nothing"), 4);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let key = folder.join("key").display().to_string();
    let make = || panel(folder, &["audit", "key", "--file", &key]).output().unwrap();
    ends(&make(), 0);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(ends(&make(), 1).contains("chmod 600"));
}
