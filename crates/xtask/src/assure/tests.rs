//! Parts that are tests: run by the built-in harness, which sets no limit of time, at full length.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::record::{Figure, Found, Verdict};
use crate::cluster::{Cluster, Durability, URL_VARIABLE};
use crate::equipment;
use crate::process::{announce, say};
use crate::suite::EQUIPMENT_VARIABLE;
use crate::workspace::Workspace;

/// Tells tests to try everything, however long it takes.
const LENGTH_VARIABLE: &str = "PANEL_ASSURE";

/// Which tests of a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Those beside its code.
    Beside,
    /// Those over the whole product.
    Whole,
    /// Its examples.
    Documentation,
}

/// What PostgreSQL they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    None,
    /// One that keeps nothing safe.
    Fast,
    /// One that writes through to the disk, as in production.
    Safe,
}

/// Tests of one crate, by what their names contain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tests {
    pub(crate) package: &'static str,
    pub(crate) kind: Kind,
    pub(crate) names: &'static [&'static str],
    pub(crate) server: Server,
    /// Whether they measure time or do very much, and so are built as what is delivered.
    pub(crate) release: bool,
}

/// Runs them and gathers the figures that they print.
pub(crate) fn run(workspace: &Workspace, runs: &[Tests]) -> Result<Found> {
    let mut found = Found { verdict: Verdict::Held, figures: Vec::new() };
    for tests in runs {
        let said = run_one(workspace, tests)?;
        if said.passed == 0 && said.ended_well {
            bail!("no test ran of {}: {}", tests.package, tests.names.join(", "));
        }
        if !said.ended_well {
            found.verdict = Verdict::Failed;
        }
        found.figures.extend(said.figures);
        let tests = if said.passed == 1 {
            "1 passed".to_owned()
        } else {
            format!("{} passed", said.passed)
        };
        found.figures.push(Figure::new("tests", &tests));
    }
    Ok(found)
}

fn run_one(workspace: &Workspace, tests: &Tests) -> Result<Said> {
    let cluster = match tests.server {
        Server::None => None,
        Server::Fast => Some(Cluster::start(&equipment::postgres()?, Durability::Off)?),
        Server::Safe => Some(Cluster::start(&equipment::postgres()?, Durability::On)?),
    };
    let mut command = workspace.cargo(arguments(tests));
    command.env(LENGTH_VARIABLE, "full").env(EQUIPMENT_VARIABLE, "all");
    match &cluster {
        Some(cluster) => command.env(URL_VARIABLE, cluster.url()),
        None => command.env_remove(URL_VARIABLE).env(EQUIPMENT_VARIABLE, "none"),
    };
    listen(&mut command)
}

fn arguments(tests: &Tests) -> Vec<&'static str> {
    let target: &[&str] = match tests.kind {
        Kind::Beside => &["--lib"],
        Kind::Whole => &["--test", "it"],
        Kind::Documentation => &["--doc"],
    };
    let mut all = vec!["test", "--locked", "--package", tests.package];
    all.extend(target);
    if tests.release {
        all.push("--release");
    }
    all.push("--");
    all.extend(tests.names);
    // What measures time measures one thing at a time.
    if tests.release {
        all.push("--test-threads=1");
    }
    all.extend(["--include-ignored", "--nocapture"]);
    all
}

/// What a harness printed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    figures: Vec<Figure>,
    passed: usize,
    ended_well: bool,
}

impl Said {
    fn hear(&mut self, line: &str) {
        self.figures.extend(Figure::read(line));
        let passed = line.strip_prefix("test result: ").and_then(|rest| {
            let (_, counts) = rest.split_once(". ")?;
            counts.split(' ').next()?.parse::<usize>().ok()
        });
        self.passed += passed.unwrap_or_default();
    }
}

/// Runs the command, shows what it prints, and keeps what counts.
fn listen(command: &mut Command) -> Result<Said> {
    announce(command);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo test")?;
    let stdout = child.stdout.take().context("the output of cargo test")?;
    let mut said = Said::default();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        said.hear(&line);
        say(&line);
    }
    said.ended_well = child.wait()?.success();
    Ok(said)
}

#[cfg(test)]
mod harness {
    use super::*;

    #[test]
    fn figures_and_counts_are_heard_among_other_lines() {
        let mut said = Said::default();
        for line in [
            "running 2 tests",
            "test a ... [assured] rows = 5",
            "ok",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.2s",
        ] {
            said.hear(line);
        }
        assert_eq!(said.figures, [Figure::new("rows", "5")]);
        assert_eq!(said.passed, 2);
    }

    #[test]
    fn what_measures_time_is_built_for_release_and_runs_alone() {
        let mut tests = Tests {
            package: "panel-tests",
            kind: Kind::Whole,
            names: &["sealed::"],
            server: Server::None,
            release: true,
        };
        assert!(arguments(&tests).contains(&"--release"));
        assert!(arguments(&tests).contains(&"--test-threads=1"));
        tests.release = false;
        assert!(!arguments(&tests).contains(&"--release"));
    }
}
