//! Everything that is run on the source: tests, checks, throw-away servers, benchmarks.
//!
//! `cargo xtask test` is the one command a newcomer needs. `cargo xtask ci` is that command and
//! every check besides. Nothing here knows the product: the tasks read the source tree, start
//! programs and judge what they print.

mod acceptance;
mod assure;
mod bench;
mod ci;
mod cluster;
mod deny;
mod equipment;
mod outcome;
mod pictures;
mod process;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::process::{complain, say};
use crate::workspace::Workspace;

/// Tasks run on the source of Panel.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test on both databases, then write docs/acceptance.md.
    Test(suite::Options),
    /// Run the tests, then formatting, clippy, tidy, rustdoc and the dependency rules.
    Ci(ci::Options),
    /// Check the habits that no compiler checks.
    Tidy,
    /// Check licences, walls between crates and sources of dependencies, without the network.
    Deny,
    /// Start a throw-away PostgreSQL cluster, print its address and wait until interrupted.
    Pg,
    /// Write docs/acceptance.md from the results of the last whole test run.
    Acceptance(acceptance::Options),
    /// Take the pictures of the guides from the running program.
    Pictures,
    /// Run the full form of every proof, or of some, and write docs/assurance.md.
    Assure(assure::Options),
    /// Measure the release build on both databases and write docs/benchmarks.md.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match perform_task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform_task() -> Result<()> {
    let workspace = Workspace::locate()?;
    match Arguments::parse().task {
        Task::Test(options) => suite::run(&workspace, &options),
        Task::Ci(options) => ci::run(&workspace, &options),
        Task::Tidy => tidy::run(&workspace),
        Task::Deny => deny::run(&workspace),
        Task::Pg => serve_cluster(),
        Task::Acceptance(options) => acceptance::run(&workspace, &options),
        Task::Pictures => pictures::run(&workspace),
        Task::Assure(options) => assure::run(&workspace, &options),
        Task::Bench(options) => bench::run(&workspace, &options),
    }
}

/// Keeps a cluster up until this process is ended; its guard then ends the cluster.
fn serve_cluster() -> Result<()> {
    let binaries = equipment::postgres()?;
    let cluster = cluster::Cluster::start(&binaries, cluster::Durability::Off)?;
    say(format_args!("{}={}", cluster::URL_VARIABLE, cluster.url()));
    say("interrupt to stop");
    loop {
        std::thread::park();
    }
}
