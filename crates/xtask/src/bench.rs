//! `bench`: starts what the measurements need and runs them, built for release.
//!
//! The measurements are a program of their own, the benchmark target named below: it knows the
//! product, this task does not. It prints its table and writes `docs/benchmarks.md`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cluster::{Cluster, Durability, URL_VARIABLE};
use crate::equipment;
use crate::process::{announce, perform, say};
use crate::workspace::Workspace;

/// The program that is measured, and what measures it. Both are built in one go, so that what they
/// share is built once.
const PROGRAM: &str = "panel";
const BENCHMARK: &str = "pages";
const BUILD: [&str; 11] = [
    "build",
    "--release",
    "--locked",
    "--package",
    "panel",
    "--bin",
    PROGRAM,
    "--package",
    "panel-tests",
    "--bench",
    BENCHMARK,
];

/// Names the built program to the benchmark.
const PROGRAM_VARIABLE: &str = "PANEL_PROGRAM";

/// What `bench` is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measure only these, such as `sqlite agenda`, and write nothing: a database (sqlite,
    /// postgresql) or a part (agenda, few, many, import).
    only: Vec<String>,
}

/// The task `bench`, in one run on both databases, with the servers' own durability.
///
/// # Errors
/// When something cannot be built, PostgreSQL cannot be started or a measurement fails.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let built = build(workspace)?;
    let cluster = Cluster::start(&equipment::postgres()?, Durability::On)?;
    say("PostgreSQL: throw-away cluster started");
    perform(
        Command::new(executable(&built, BENCHMARK)?)
            .args(&options.only)
            .env(URL_VARIABLE, cluster.url())
            .env(PROGRAM_VARIABLE, executable(&built, PROGRAM)?),
    )
}

/// One line of what cargo says about a build.
#[derive(Debug, Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

/// Builds, and gives back what cargo said of it.
fn build(workspace: &Workspace) -> Result<String> {
    let mut command = workspace.cargo(BUILD);
    command.args(["--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit());
    announce(&command);
    let output = command.output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the build failed with {}", output.status);
    }
    String::from_utf8(output.stdout).context("cargo printed what is not UTF-8")
}

/// Where the executable of a target lies.
fn executable(built: &str, name: &str) -> Result<PathBuf> {
    let messages = built.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let mut found = messages
        .filter(|message| message.target.as_ref().is_some_and(|target| target.name == name))
        .filter_map(|message| message.executable);
    found.next().with_context(|| format!("no executable `{name}` was built"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_executable_is_found_among_what_cargo_says() {
        let built = "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"pages\"},\"executable\":null}\n\
                     warning: not JSON\n\
                     {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"pages\"},\"executable\":\"/t/pages-1\"}\n\
                     {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(built, "pages").unwrap(), PathBuf::from("/t/pages-1"));
        assert!(executable(built, "panel").is_err());
    }
}
