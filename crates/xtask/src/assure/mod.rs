//! `assure`: the full form of every proof, each as a part of its own, and docs/assurance.md with what was found.
//!
//! The suite tries a little of everything in each run. Here the same checks run at full length, which takes
//! hours on two cores, so that each part can be asked for alone. What a part found is kept beside the table,
//! with the commit that it was found at: a part that is not run again keeps its last figures and says how old
//! they are.

mod fuzz;
mod mutants;
mod parts;
mod record;
mod schema;
mod table;
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::parts::{PARTS, Part, Work};
use self::record::{Found, Record, Verdict};
use crate::process::{capture, say};
use crate::workspace::Workspace;

const TABLE: &str = "docs/assurance.md";
const RECORDS: &str = "docs/assurance.toml";

/// How `assure` is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run only these parts, such as `tampering histories`; without any, all of them, which takes hours.
    parts: Vec<String>,
    /// Write the table anew from what is kept, and run nothing.
    #[arg(long, conflicts_with = "parts")]
    table: bool,
    /// How long each parser is fuzzed. Less than the target is said in the table.
    #[arg(long, default_value_t = fuzz::TARGET_SECONDS)]
    fuzz_seconds: u64,
}

/// The task `assure`: runs the parts one after the other and writes the table after each, so that hours of
/// work are not lost with the last of them.
///
/// # Errors
/// When a part is not known, or did not hold.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.table {
        return write(workspace, &recall(workspace)?);
    }
    let chosen = parts::choose(&options.parts)?;
    let mut failed = Vec::new();
    for part in chosen {
        say(format_args!("\n{}: {}", part.id, part.claim));
        let tree = Tree::of(workspace)?;
        let started = Instant::now();
        let result = perform(workspace, part, options);
        let record = noted(tree, result, started)?;
        say(format_args!("{}: {}", part.id, record.verdict.word()));
        if record.verdict == Verdict::Failed {
            failed.push(part.id);
        }
        // What is kept is read again, since another run may have added to it meanwhile.
        let mut records = recall(workspace)?;
        records.insert(part.id.to_owned(), record);
        write(workspace, &records)?;
    }
    if !failed.is_empty() {
        bail!("does not hold: {}", failed.join(", "));
    }
    Ok(())
}

fn perform(workspace: &Workspace, part: &Part, options: &Options) -> Result<Found> {
    match part.work {
        Work::Tests(runs) => tests::run(workspace, runs),
        Work::Mutants => mutants::run(workspace),
        Work::Schema => schema::run(workspace),
        Work::Fuzz => fuzz::run(workspace, options.fuzz_seconds),
    }
}

/// What is tried, as it was before a run of hours began.
struct Tree {
    commit: String,
    changed: bool,
}

impl Tree {
    fn of(workspace: &Workspace) -> Result<Self> {
        let git = |arguments: &[&str]| {
            capture(Command::new("git").args(arguments).current_dir(workspace.root()))
        };
        let own = [":(exclude)docs/assurance.md", ":(exclude)docs/assurance.toml"];
        let changes = git(&[["status", "--porcelain", "--", "."].as_slice(), &own].concat())?;
        let commit = git(&["rev-parse", "--short=10", "HEAD"])?.trim().to_owned();
        Ok(Self { commit, changed: !changes.trim().is_empty() })
    }
}

/// What a run came to, with where and when it ran.
fn noted(tree: Tree, result: Result<Found>, started: Instant) -> Result<Record> {
    let found = result.unwrap_or_else(|error| Found::failure(&format!("{error:#}")));
    Ok(Record {
        commit: tree.commit,
        changed: tree.changed,
        date: capture(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.trim().to_owned(),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        seconds: started.elapsed().as_secs(),
        verdict: found.verdict,
        figures: found.figures,
    })
}

/// The last record of each part.
fn recall(workspace: &Workspace) -> Result<BTreeMap<String, Record>> {
    let file = workspace.root().join(RECORDS);
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(&file)?;
    toml::from_str(&text).with_context(|| file.display().to_string())
}

fn write(workspace: &Workspace, records: &BTreeMap<String, Record>) -> Result<()> {
    let kept = format!(
        "# Written by `cargo xtask assure`; edits are lost.\n\n{}",
        toml::to_string(records)?
    );
    for (file, text) in [(RECORDS, kept), (TABLE, table::of(PARTS, records))] {
        fs::write(workspace.root().join(file), text).with_context(|| file.to_owned())?;
    }
    Ok(())
}
