//! The part `mutants`: the rules that everything rests on are changed one place at a time, and a test has to
//! notice.
//!
//! cargo-mutants changes what is written as functions. The filter in SQL is macros, into which it does not look,
//! so that its changes are listed by hand in [`SCOPE`]: a text that stands there once, and what to put in its
//! place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use super::parts;
use super::record::{Figure, Found, Piece, Verdict};
use crate::cluster::{Cluster, Durability, URL_VARIABLE};
use crate::equipment;
use crate::process::{announce, capture, find_program, perform, say};
use crate::suite::EQUIPMENT_VARIABLE;
use crate::workspace::Workspace;

/// Of a hundred mutants, so many have to be caught.
const TARGET_PERCENT: usize = 95;

const SCOPE: &str = "crates/panel-store/src/scope.mutants.toml";

/// Functions that are changed, and which tests have to notice.
struct Functions {
    /// The piece's name.
    piece: &'static str,
    /// The crate whose tests run.
    package: &'static str,
    /// The files, as globs.
    files: &'static [&'static str],
    /// Parts of the tests' names; all tests of the crate where there are none.
    tests: &'static [&'static str],
}

const FUNCTIONS: [Functions; 4] = [
    Functions {
        piece: "panel-core",
        package: "panel-core",
        files: &[
            "crates/panel-core/src/access.rs",
            "crates/panel-core/src/access/*.rs",
            "crates/panel-core/src/audit.rs",
            "crates/panel-core/src/audit/*.rs",
        ],
        tests: &["access", "audit"],
    },
    Functions {
        piece: "handling",
        package: "panel-core",
        files: &["crates/panel-core/src/handling/*.rs"],
        tests: &["handling"],
    },
    Functions {
        piece: "panel-store",
        package: "panel-store",
        files: &["crates/panel-store/src/authz.rs"],
        tests: &[],
    },
    Functions {
        piece: "log",
        package: "panel-store",
        files: &["crates/panel-store/src/audit.rs", "crates/panel-store/src/audit/*.rs"],
        tests: &["audit", "authz"],
    },
];

/// The piece whose changes are listed by hand.
const FILTER: &str = "filter";

/// Nobody looks into a mutant by a debugger, and without what that needs it is built in half the time.
const LEAN: (&str, &str) = ("CARGO_PROFILE_DEV_DEBUG", "0");

/// What tells the tests of a PostgreSQL that they have to use.
type Server<'c> = [(&'static str, &'c str); 2];

/// How cargo-mutants ends when it came to the end: all caught, some missed, some that never ended.
const CAME_TO_THE_END: [i32; 3] = [0, 2, 3];

/// How many mutants there were, and how many no test noticed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    tried: usize,
    missed: usize,
}

impl Count {
    fn holds(&self) -> bool {
        self.tried > 0 && (self.tried - self.missed) * 100 >= self.tried * TARGET_PERCENT
    }

    fn found(&self) -> Found {
        let caught = format!("{} of {}", self.tried - self.missed, self.tried);
        let verdict = if self.holds() { Verdict::Held } else { Verdict::Failed };
        Found { verdict, figures: vec![Figure::new("caught", &caught)] }
    }
}

pub(super) fn run(workspace: &Workspace, asked: &[String]) -> Result<Vec<Piece>> {
    if find_program("cargo-mutants").is_none() {
        bail!("cargo-mutants is missing: `cargo install cargo-mutants --locked`");
    }
    let all: Vec<&str> = FUNCTIONS.iter().map(|some| some.piece).chain([FILTER]).collect();
    let wanted = parts::pieces(&all, asked)?;
    let cluster = Cluster::start(&equipment::postgres()?, Durability::Off)?;
    let server = [(URL_VARIABLE, cluster.url()), (EQUIPMENT_VARIABLE, "all")];
    let lane = |name: &str| match FUNCTIONS.iter().find(|some| some.piece == name) {
        Some(some) => of_functions(workspace, some, server),
        None => of_scope(workspace, server),
    };
    // Each in a build folder of its own, so that none waits for the others.
    thread::scope(|lanes| {
        let begin = |name| lanes.spawn(move || Piece::of(Some(name), || Ok(lane(name)?.found())));
        let running: Vec<ScopedJoinHandle<'_, Piece>> = wanted.into_iter().map(begin).collect();
        let ended = running.into_iter().map(ScopedJoinHandle::join);
        ended.map(|piece| piece.map_err(|_| anyhow!("a lane of mutants broke off"))).collect()
    })
}

/// Lets cargo-mutants change functions of a crate, in a copy of the tree.
fn of_functions(workspace: &Workspace, some: &Functions, server: Server<'_>) -> Result<Count> {
    let Functions { piece, package, files, tests } = some;
    let home = workspace.target().join("mutants").join(piece);
    fs::create_dir_all(&home)?;
    let mut command = workspace.cargo(["mutants", "--package", package, "--jobs", "1", "--output"]);
    command.arg(&home).args(files.iter().flat_map(|glob| ["--file", glob]));
    command.args(["--timeout", "180", "--", "--lib", "--"]).args(*tests);
    // Each run copies the tree to another folder; what it builds besides is kept.
    command.env("CARGO_TARGET_DIR", home.join("build")).envs([LEAN]).envs(server);
    announce(&command);
    let status = command.status().context("cargo mutants")?;
    // How many may be missed is judged here; what was broken off shows nothing.
    if !status.code().is_some_and(|code| CAME_TO_THE_END.contains(&code)) {
        bail!("cargo mutants of {piece} broke off with {status}");
    }
    let file = home.join("mutants.out/outcomes.json");
    counted(&fs::read_to_string(&file).with_context(|| file.display().to_string())?)
}

fn counted(outcomes: &str) -> Result<Count> {
    #[derive(Deserialize)]
    struct Outcomes {
        caught: usize,
        missed: usize,
        timeout: usize,
    }
    let Outcomes { caught, missed, timeout } =
        serde_json::from_str(outcomes).context("what cargo-mutants wrote")?;
    // A mutant that never ends is noticed too.
    Ok(Count { tried: caught + missed + timeout, missed })
}

/// One change by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ByHand {
    /// What it would do, in words.
    what: String,
    /// A text that stands in the file once.
    text: String,
    /// What is put in its place.
    put: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    file: String,
    mutants: Vec<ByHand>,
}

/// Makes each change in a copy of the tree, and runs the tests of its crate over it.
fn of_scope(workspace: &Workspace, server: Server<'_>) -> Result<Count> {
    let sheet: Sheet = toml::from_str(&fs::read_to_string(workspace.root().join(SCOPE))?)?;
    let copy = copied(workspace)?;
    let file = copy.join(&sheet.file);
    let whole = fs::read_to_string(&file)?;
    if !passes(&copy, server)? {
        bail!("the tests fail without any change");
    }
    let mut count = Count::default();
    for mutant in &sheet.mutants {
        fs::write(&file, changed(&whole, mutant)?)?;
        count.tried += 1;
        let missed = passes(&copy, server)?;
        count.missed += usize::from(missed);
        say(format_args!("{}: {}", if missed { "MISSED" } else { "caught" }, mutant.what));
    }
    fs::remove_dir_all(&copy).with_context(|| copy.display().to_string())?;
    Ok(count)
}

fn changed(whole: &str, mutant: &ByHand) -> Result<String> {
    match whole.matches(&mutant.text).count() {
        1 => Ok(whole.replace(&mutant.text, &mutant.put)),
        times => bail!("`{}` stands in the file {times} times, not once", mutant.text),
    }
}

/// What is committed and what is not, without the build, under the build folder.
fn copied(workspace: &Workspace) -> Result<PathBuf> {
    let copy = workspace.target().join("mutants/tree");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    fs::create_dir_all(&copy)?;
    let script = "git ls-files --cached --others --exclude-standard -z | tar --null -cf - -T - | tar -xf - -C \"$0\"";
    perform(Command::new("sh").args(["-c", script]).arg(&copy).current_dir(workspace.root()))?;
    Ok(copy)
}

/// Whether the tests pass.
///
/// # Errors
/// When they do not compile: such a change shows nothing and has to be put right in the sheet.
fn passes(copy: &Path, server: Server<'_>) -> Result<bool> {
    let tests = |arguments: &[&str]| {
        let mut command = crate::process::cargo();
        command.args(["test", "--quiet", "--package", "panel-store", "--lib", "--locked"]);
        command.args(arguments).current_dir(copy);
        command.env("CARGO_TARGET_DIR", copy.with_file_name("build")).envs([LEAN]).envs(server);
        command
    };
    capture(&mut tests(&["--no-run"]))?;
    let mut run = tests(&[]);
    let status = run.stdout(Stdio::null()).stderr(Stdio::null()).status().context("cargo test")?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ended_counts_as_caught_and_what_did_not_compile_not_at_all() {
        let outcomes = r#"{"outcomes": [], "total_mutants": 30, "caught": 17, "missed": 1, "timeout": 2, "unviable": 10}"#;
        let count = counted(outcomes).unwrap();
        assert_eq!(count, Count { tried: 20, missed: 1 });
        assert!(count.holds());
        assert!(!Count { tried: 20, missed: 2 }.holds());
        assert!(!Count::default().holds(), "nothing tried shows nothing");
    }

    #[test]
    fn a_change_by_hand_has_to_have_one_place() {
        let mutant = |text: &str| ByHand {
            what: String::new(),
            text: text.to_owned(),
            put: "or".to_owned(),
        };
        assert_eq!(changed("a and b", &mutant("and")).unwrap(), "a or b");
        assert!(changed("a and b and c", &mutant("and")).is_err());
        assert!(changed("a", &mutant("and")).is_err());
    }
}
