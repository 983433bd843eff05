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

use anyhow::{Context, Result, bail};

use self::parts::{Asked, PARTS, Part, Work};
use self::record::{Piece, Record, Verdict};
use crate::process::{capture, say};
use crate::workspace::Workspace;

const TABLE: &str = "docs/assurance.md";
const RECORDS: &str = "docs/assurance.toml";

/// How `assure` is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run only these parts, such as `tampering histories`, or a piece of one, such as `fuzz:days`; without any,
    /// all of them, which takes hours.
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
    let mut failed = Vec::new();
    for asked in parts::choose(&options.parts)? {
        let part = asked.part;
        say(format_args!("\n{}: {}", part.id, part.claim));
        let tree = Tree::of(workspace)?;
        let pieces = perform(workspace, &asked, options);
        // What is kept is read again, since another run may have added to it meanwhile.
        let mut records = recall(workspace)?;
        for piece in pieces {
            let (key, record) = noted(part, &tree, piece)?;
            say(format_args!("{key}: {}", record.verdict.word()));
            if record.verdict == Verdict::Failed {
                failed.push(key.clone());
            }
            if key != part.id {
                records.remove(part.id);
            }
            records.insert(key, record);
        }
        write(workspace, &records)?;
    }
    if !failed.is_empty() {
        bail!("does not hold: {}", failed.join(", "));
    }
    Ok(())
}

fn perform(workspace: &Workspace, asked: &Asked, options: &Options) -> Vec<Piece> {
    let pieces = match asked.part.work {
        Work::Tests(runs) => Ok(vec![Piece::of(None, || tests::run(workspace, runs))]),
        Work::Schema => Ok(vec![Piece::of(None, || schema::run(workspace))]),
        Work::Mutants => mutants::run(workspace, &asked.pieces),
        Work::Fuzz => fuzz::run(workspace, &asked.pieces, options.fuzz_seconds),
    };
    pieces.unwrap_or_else(|error| vec![Piece::of(None, || Err(error))])
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

/// What a piece came to, with where and when it ran, under the words that it is asked for by.
fn noted(part: &Part, tree: &Tree, piece: Piece) -> Result<(String, Record)> {
    let key = piece.name.map_or_else(|| part.id.to_owned(), |name| format!("{}:{name}", part.id));
    let record = Record {
        commit: tree.commit.clone(),
        changed: tree.changed,
        date: capture(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.trim().to_owned(),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        seconds: piece.seconds,
        verdict: piece.found.verdict,
        figures: piece.found.figures,
    };
    Ok((key, record))
}

/// The last record of each part, or of its pieces.
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
