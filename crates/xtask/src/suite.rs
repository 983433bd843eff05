//! `test`: the whole suite on both databases, in a browser, against a mail server.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::cluster::{Cluster, Durability, URL_VARIABLE};
use crate::outcome::{self, Outcome, Verdict, count, parse_junit, parse_libtest};
use crate::process::{announce, cargo, perform, say};
use crate::workspace::Workspace;
use crate::{acceptance, equipment};

/// Tells tests what to do about equipment: `all` makes its absence a failure, `none` leaves it
/// alone, and without the variable a test that misses some says so and is not run.
pub(crate) const EQUIPMENT_VARIABLE: &str = "PANEL_TEST_EQUIPMENT";

/// How `test` is asked for.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// Leave out PostgreSQL, the browser and the documentation tests.
    #[arg(long)]
    quick: bool,
    /// Run only tests whose name contains this.
    filter: Option<String>,
}

/// Runs the suite and says how it went; a whole run also writes docs/acceptance.md.
///
/// # Errors
/// When equipment is missing, the build fails, no test ran or a test failed.
pub(crate) fn run_suite(workspace: &Workspace, options: &Options) -> Result<Vec<Outcome>> {
    let cluster = if options.quick {
        None
    } else {
        let binaries = equipment::provide()?;
        let cluster = Cluster::start(&binaries, Durability::Off)?;
        say("PostgreSQL: throw-away cluster started");
        Some(cluster)
    };
    // One selection of packages for every step: features unify the same way, so nothing is built
    // twice, and the program itself is there for the tests that start it.
    perform(&mut workspace.cargo(["build", "--workspace", "--all-targets", "--locked"]))?;
    let equip = |command: &mut Command| {
        command.env(EQUIPMENT_VARIABLE, if cluster.is_some() { "all" } else { "none" });
        match &cluster {
            Some(cluster) => command.env(URL_VARIABLE, cluster.url()),
            None => command.env_remove(URL_VARIABLE),
        };
    };
    let filter = options.filter.as_deref();
    let outcomes = if has_nextest() {
        run_nextest(workspace, filter, equip)
    } else {
        let mut command = workspace.cargo(["test", "--workspace", "--no-fail-fast", "--locked"]);
        command.args(["--lib", "--bins", "--tests"]);
        equip(&mut command);
        run_libtest(command.args(filter))
    };
    let mut outcomes = outcomes?;
    if !options.quick {
        let mut command = workspace.cargo(["test", "--workspace", "--doc", "--no-fail-fast"]);
        equip(&mut command);
        outcomes.extend(run_libtest(command.args(filter))?);
    }
    Ok(outcomes)
}

/// The task `test`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let started = Instant::now();
    let outcomes = run_suite(workspace, options)?;
    if !options.quick && options.filter.is_none() {
        outcome::keep(workspace, &outcomes)?;
        acceptance::write(workspace, &outcomes)?;
    }
    say_summary(&outcomes, started);
    if count(&outcomes, Verdict::Failed) > 0 {
        bail!("some tests failed");
    }
    if outcomes.is_empty() {
        bail!("no test ran");
    }
    Ok(())
}

fn say_summary(outcomes: &[Outcome], started: Instant) {
    let failed = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Failed);
    say("");
    for outcome in failed {
        say(format_args!("failed: {}", outcome.test));
    }
    say(format_args!("total time: {} s", started.elapsed().as_secs()));
    say(format_args!(
        "{} passed, {} failed, {} skipped",
        count(outcomes, Verdict::Passed),
        count(outcomes, Verdict::Failed),
        count(outcomes, Verdict::Skipped)
    ));
}

fn has_nextest() -> bool {
    let version =
        cargo().args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Runs cargo-nextest and reads its report, which it writes whether or not tests failed.
fn run_nextest(
    workspace: &Workspace,
    filter: Option<&str>,
    equip: impl Fn(&mut Command),
) -> Result<Vec<Outcome>> {
    // nextest keeps its reports at the root, wherever the build output goes.
    let report = workspace.root().join("target/nextest/default/junit.xml");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command =
        workspace.cargo(["nextest", "run", "--workspace", "--no-fail-fast", "--locked"]);
    equip(&mut command);
    let finished = perform(command.args(filter));
    match fs::read_to_string(&report) {
        Ok(text) => {
            let outcomes = parse_junit(&text)?;
            if count(&outcomes, Verdict::Failed) == 0 {
                // A runner that failed without a failed test is a failure all the same.
                finished?;
            }
            Ok(outcomes)
        }
        Err(error) => {
            finished?;
            Err(error).with_context(|| report.display().to_string())
        }
    }
}

/// Runs the built-in test harness, shows its output and reads it on the way.
fn run_libtest(command: &mut Command) -> Result<Vec<Outcome>> {
    announce(command);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo test")?;
    let stdout = child.stdout.take().context("the output of cargo test")?;
    let mut outcomes = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        outcomes.extend(parse_libtest(&line));
        say(&line);
    }
    let status = child.wait()?;
    if !status.success() && count(&outcomes, Verdict::Failed) == 0 {
        bail!("cargo test failed with {status}");
    }
    Ok(outcomes)
}
