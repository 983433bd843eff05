//! The part `schema`: Schemathesis sends the JSON interface what its description allows and what it does not,
//! and holds each answer to the description. Half of the ids it sends are of things that are there.
//!
//! Schemathesis is a Python program. It is put into an environment of its own under the build folder, and sends
//! to a demonstration on this machine alone.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::record::{Figure, Found, Verdict};
use crate::outcome::{Verdict as Ended, count, parse_junit};
use crate::process::{capture, find_program, perform, say};
use crate::workspace::Workspace;

/// The program, at the version that was tried.
const PACKAGE: &str = "schemathesis==4.32.5";
/// Inputs that are made up for each operation.
const EXAMPLES: &str = "100";
/// In whose name: a coordinator is shown most.
const PERSON: &str = "coordinator";

/// What is done to a request before it is sent: the name of the module, and the module.
const HOOKS: (&str, &str) = ("schema_hooks", include_str!("schema_hooks.py"));

/// What each answer is held to. That everything which the description allows is taken is not among it: a
/// description says what a date is, and not that the panel meets on it.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,negative_data_rejection,\
                      unsupported_method,ignored_auth";

pub(super) fn run(workspace: &Workspace) -> Result<Found> {
    let home = workspace.target().join("schema");
    fs::create_dir_all(&home)?;
    let schemathesis = provide(&home)?;
    perform(&mut workspace.cargo(["build", "--package", "panel", "--bin", "panel", "--locked"]))?;
    let demo = Demo::start(&workspace.target().join("debug/panel"), &home)?;
    let_it_guess(&home)?;
    fs::write(home.join(HOOKS.0).with_extension("py"), HOOKS.1)?;
    let report = home.join("report.xml");
    let mut command = Command::new(schemathesis);
    command
        .args([
            "run",
            &format!("{}/api/openapi.json", demo.address),
            "--phases",
            "examples,coverage,fuzzing",
        ])
        .args([
            "--checks",
            CHECKS,
            "--max-examples",
            EXAMPLES,
            "--continue-on-failure",
            "--seed",
            "1",
        ])
        .args(["--report", "junit", "--report-junit-path"])
        .arg(&report)
        .args(["-H", &format!("Authorization: Bearer {}", demo.token)])
        .env("PANEL_SCHEMA_DATABASE", demo_folder(&home).join("panel.db"))
        .env("PYTHONPATH", &home)
        .env("SCHEMATHESIS_HOOKS", HOOKS.0)
        .current_dir(&home);
    // The token is of a demonstration that ends with this run; the command is not shown all the same.
    say(format_args!("\n$ schemathesis run, {EXAMPLES} examples an operation"));
    let status = command.status().context("schemathesis")?;
    let outcomes = parse_junit(&fs::read_to_string(&report)?)?;
    let (operations, faults) = (outcomes.len(), count(&outcomes, Ended::Failed));
    if operations == 0 {
        bail!("no operation was tried");
    }
    let held = status.success() && faults == 0;
    Ok(Found {
        verdict: if held { Verdict::Held } else { Verdict::Failed },
        figures: vec![
            Figure::new("operations", &operations.to_string()),
            Figure::new("examples each", EXAMPLES),
            Figure::new("operations with faults", &faults.to_string()),
        ],
    })
}

/// The program, installed when it is not there yet.
fn provide(home: &Path) -> Result<PathBuf> {
    let environment = home.join("python");
    let program = environment.join("bin/schemathesis");
    if !program.is_file() {
        if find_program("python3").is_none() {
            bail!("python3 with its module venv is missing");
        }
        perform(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let pip = environment.join("bin/pip");
        perform(Command::new(pip).args(["install", "--quiet", PACKAGE]))?;
    }
    Ok(program)
}

/// Whoever asks again and again for what is not there, or without a pause, is slowed. Schemathesis makes ids up
/// all the time, as fast as it can, and would see little else.
fn let_it_guess(home: &Path) -> Result<()> {
    const SCRIPT: &str = "import sqlite3, sys; kept = sqlite3.connect(sys.argv[1], timeout=30); kept.execute(\
        'INSERT INTO installation (name, value, version) VALUES (?, ?, 1)', ('reading', sys.argv[2])); \
        kept.commit()";
    const BOUNDS: &str = r#"{"cases": 1000, "cases_runs": 1000, "files": 1000, "guesses": 100000,
        "requests": 1000000, "uploads": 100000}"#;
    let database = demo_folder(home).join("panel.db");
    let python = home.join("python/bin/python");
    perform(Command::new(python).args(["-c", SCRIPT]).arg(database).arg(BOUNDS))
}

/// Where the demonstration keeps what it has.
fn demo_folder(home: &Path) -> PathBuf {
    home.join("demo")
}

/// A demonstration on a port of its own; dropping it ends it.
struct Demo {
    service: Child,
    address: String,
    token: String,
}

impl Demo {
    fn start(program: &Path, home: &Path) -> Result<Self> {
        let folder = demo_folder(home);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new(program);
        command.args(["demo", "--port", &port.to_string(), "--dir"]).arg(&folder);
        let mut service = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let said = service.stdout.take().context("what the demonstration says")?;
        let mut demo = Self { service, address: String::new(), token: String::new() };
        let mut lines = BufReader::new(said).lines();
        // It says who there is once it is laid out, and serves soon after.
        let person = loop {
            let line = lines.next().context("the demonstration ended before it began")??;
            if let Some((_, address)) = line.split_once("Panel is at ") {
                address.trim().clone_into(&mut demo.address);
            }
            if let Some(person) = line.strip_prefix(PERSON) {
                break person.trim().to_owned();
            }
        };
        // Whatever it says later is thrown away, so that it never waits to say it.
        std::thread::spawn(move || lines.for_each(drop));
        let mut create = Command::new(program);
        create.args(["token", "create", "--name", "schema", "--json", "--as", &person, "--dir"]);
        demo.token = token(&capture(create.arg(&folder))?)?;
        Ok(demo)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // One that has ended by itself needs no ending.
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

/// The token that the program printed.
fn token(printed: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Made {
        token: String,
    }
    Ok(serde_json::from_str::<Made>(printed).context("the token")?.token)
}
