//! The demonstration as people start it: the built program, on a clock that stands in a file.

#![cfg(test)]

use reqwest::blocking::Client;
use serde_json::Value;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use tempfile::TempDir;

/// How often something is asked for before it counts as missing, and how long between two askings.
const PATIENCE: (u32, Duration) = (480, Duration::from_millis(250));

/// The password that the demonstration says everybody has.
const PASSWORD: &str = "lantern orchard violet";

/// Speaks for the agency that offers the course which the panel asked for.
const DILYS: &str = "dilys.owen@behaviour-change-provider.example.org";

/// Runs the panel of the demonstration.
const COORDINATOR: &str = "marian.okafor@partnership.example.org";

/// A command for a demonstration in this folder, away from whatever the machine has set.
fn demonstration(folder: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panel"));
    command
        .args(["demo", "--port", &port.to_string(), "--dir"])
        .arg(folder.join("data"))
        .arg("--clock-file")
        .arg(folder.join("clock"))
        .env_clear()
        .env("PANEL_LOG", "warn")
        // There is no such folder: whatever wanted a temporary file would fail.
        .env("TMPDIR", folder.join("temporary"))
        .stdin(Stdio::null());
    command
}

/// A running demonstration; dropping it ends it.
struct Demo {
    service: Child,
    clock: PathBuf,
    address: String,
    folder: TempDir,
}

impl Demo {
    /// Starts the program at an instant (RFC 3339) and waits until it answers.
    fn on(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = folder.path().join("clock");
        fs::write(&clock, now).unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let service = demonstration(folder.path(), port).stdout(Stdio::null()).spawn().unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let demo = Self { service, clock, address, folder };
        let ready = format!("{}/readyz", demo.address);
        patiently("the service", || {
            let answer = reqwest::blocking::get(&ready).ok()?;
            answer.status().is_success().then_some(())
        });
        demo
    }

    /// Sets the clock of the whole service.
    fn set(&self, now: &str) {
        fs::write(&self.clock, now).unwrap();
    }

    /// What this person finds under “My work”.
    fn work_of(&self, email: &str) -> String {
        let client = Client::builder().cookie_store(true).build().unwrap();
        let sign_in = client.post(format!("{}/sign-in", self.address));
        let entered = sign_in.form(&[("email", email), ("password", PASSWORD)]).send().unwrap();
        assert!(entered.status().is_success(), "{}", entered.status());
        let page = client.get(format!("{}/my-work", self.address)).send().unwrap();
        assert_eq!(page.status().as_u16(), 200);
        page.text().unwrap()
    }

    /// What has come for this person, one text for each message.
    fn mail_of(&self, email: &str) -> Vec<String> {
        let page = reqwest::blocking::get(format!("{}/demo/mailbox", self.address)).unwrap();
        let letters = page.text().unwrap();
        let to = format!("To {email}, ");
        letters.split("<h2").filter(|letter| letter.contains(&to)).map(str::to_owned).collect()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

/// Asks until there is an answer.
#[track_caller]
fn patiently<T>(what: &str, ask: impl Fn() -> Option<T>) -> T {
    let (times, pause) = PATIENCE;
    // Nobody sends, so that receiving is waiting.
    let (_sender, never) = mpsc::channel::<()>();
    for _ in 0..times {
        if let Some(found) = ask() {
            return found;
        }
        let _ = never.recv_timeout(pause);
    }
    panic!("{what} did not come in time")
}

#[test]
fn the_file_says_what_day_it_is_and_a_later_day_brings_reminders() {
    // One o'clock at night on a Tuesday: nobody is written to yet.
    let demo = Demo::on("2026-04-07T00:00:00Z");
    let work = demo.work_of(DILYS);
    assert!(work.contains("The next meeting is on Thursday 16 April 2026."), "{work}");
    assert!(work.contains("16 Apr 2026") && !work.contains("Overdue"), "{work}");
    assert_eq!(demo.mail_of(DILYS), Vec::<String>::new());

    demo.set("2026-04-17T08:30:00Z\n");
    let letter = patiently("a reminder", || demo.mail_of(DILYS).pop());
    assert!(letter.contains("Friday 17 April 2026 at 9:30am"), "{letter}");
    assert!(letter.contains("1 action overdue since 16 April"), "{letter}");
    let work = demo.work_of(DILYS);
    assert!(work.contains("The next meeting is on Thursday 14 May 2026."), "{work}");
    assert!(work.contains("Overdue: 1 action"), "{work}");
}

/// Starts a demonstration whose clock file holds this, or is not there.
#[track_caller]
fn check_refused(clock: Option<&str>, expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    if let Some(text) = clock {
        fs::write(folder.path().join("clock"), text).unwrap();
    }
    let ended = demonstration(folder.path(), 0).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let file = folder.path().join("clock").display().to_string();
    assert_eq!(said.trim_end(), format!("panel: the clock file {file} {expected}"));
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, b"");
    assert!(!folder.path().join("data").exists(), "nothing is made");
}

#[test]
fn a_clock_file_that_tells_no_time_is_named_at_the_start() {
    const NO_INSTANT: &str = "must hold one instant like 2026-04-03T09:00:00Z";
    check_refused(None, "cannot be read: No such file or directory (os error 2)");
    for text in ["", "noon", "2026-04-03", "2026-04-03T09:00:00", "2026-02-30T09:00:00Z"] {
        check_refused(Some(text), NO_INSTANT);
    }
}

/// Every file under a folder, by its path from there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(one) = waiting.pop() {
        for entry in fs::read_dir(one).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                waiting.push(entry);
            } else {
                found.push(entry.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// A token of the coordinator for the demonstration in this folder.
fn token(data: &Path) -> String {
    let mut create = Command::new(env!("CARGO_BIN_EXE_panel"));
    create.env_clear().args(["token", "create", "--name", "files", "--json", "--as", COORDINATOR]);
    let made = create.arg("--dir").arg(data).output().unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    made["token"].as_str().unwrap().to_owned()
}

#[test]
fn uploads_and_prints_leave_no_temporary_file() {
    let demo = Demo::on("2026-04-07T08:00:00Z");
    let folder = demo.folder.path();
    let before = files(folder);
    let token = token(&folder.join("data"));
    let client = Client::builder().cookie_store(true).build().unwrap();
    let at = |path: &str| format!("{}{path}", demo.address);
    let first = |path: &str| -> Value {
        let list: Value = client.get(at(path)).bearer_auth(&token).send().unwrap().json().unwrap();
        list["rows"][0].clone()
    };
    let panels = first("/api/v1/panels");
    let panel = panels["value"]["id"].as_str().unwrap();
    let uploads = at(&format!("/api/v1/panels/{panel}/imports?file_name=log.csv"));
    let rows = "Ring the agency,Police\n".repeat(4_000);
    let upload = client.post(uploads).bearer_auth(&token);
    let upload = upload.header("content-type", "application/octet-stream");
    let answer = upload.body(format!("Action,Owner\n{rows}")).send().unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().unwrap());
    let meeting = first(&format!("/api/v1/panels/{panel}/past-meetings"));
    let meeting = meeting["id"].as_str().unwrap();
    let entry = [("email", COORDINATOR), ("password", PASSWORD)];
    client.post(at("/sign-in")).form(&entry).send().unwrap();
    for paper in ["actions", "minutes"] {
        let answer = client.get(at(&format!("/meetings/{meeting}/{paper}/print"))).send().unwrap();
        assert!(answer.status().is_success(), "{paper}: {}", answer.status());
        assert!(answer.bytes().unwrap().len() > 1_000, "{paper}");
    }
    assert_eq!(files(folder), before);
}
