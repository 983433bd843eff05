//! `acceptance`: the table of acceptance cases, the tests that hold them and how those ended.
//!
//! A test belongs to a case when a part of its path starts with the case's id, as in
//! `schedule::tests::r1_first_friday_monthly`. The wanted cases stand in `docs/acceptance-ids.txt`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::outcome::{self, Outcome, Verdict};
use crate::process::say;
use crate::workspace::Workspace;

const WANTED: &str = "docs/acceptance-ids.txt";
const TABLE: &str = "docs/acceptance.md";

/// How `acceptance` is asked for.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fail when a wanted case has no passing test.
    #[arg(long)]
    strict: bool,
}

/// A case that must hold, with the words that say it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Case {
    id: String,
    words: String,
}

/// The task `acceptance`: the table from the outcomes of the last whole run.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let outcomes = outcome::recall(workspace)?;
    write(workspace, &outcomes)?;
    if options.strict { require_all(workspace, &outcomes) } else { Ok(()) }
}

/// Writes the table.
pub(crate) fn write(workspace: &Workspace, outcomes: &[Outcome]) -> Result<()> {
    let cases = wanted(workspace)?;
    let file = workspace.root().join(TABLE);
    fs::write(&file, table(&cases, outcomes)).with_context(|| file.display().to_string())?;
    let held = cases.iter().filter(|case| is_held(case, outcomes)).count();
    say(format_args!("{TABLE}: {held} of {} cases held", cases.len()));
    Ok(())
}

/// Fails unless every wanted case has a test and all its tests passed.
pub(crate) fn require_all(workspace: &Workspace, outcomes: &[Outcome]) -> Result<()> {
    let open: Vec<_> = wanted(workspace)?
        .into_iter()
        .filter(|case| !is_held(case, outcomes))
        .map(|case| case.id)
        .collect();
    if !open.is_empty() {
        bail!("acceptance cases not held: {}", open.join(", "));
    }
    Ok(())
}

fn wanted(workspace: &Workspace) -> Result<Vec<Case>> {
    let file = workspace.root().join(WANTED);
    parse_cases(&fs::read_to_string(&file).with_context(|| file.display().to_string())?)
}

/// Reads `ID words…` lines; blank lines and lines that start with `#` say nothing.
fn parse_cases(text: &str) -> Result<Vec<Case>> {
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (id, words) = line.split_once(' ').with_context(|| format!("no words: {line}"))?;
        if !seen.insert(id.to_owned()) {
            bail!("{WANTED} lists {id} twice");
        }
        cases.push(Case { id: id.to_owned(), words: words.trim().to_owned() });
    }
    Ok(cases)
}

/// The outcomes of the tests that belong to a case.
fn of_case<'a>(
    case: &Case,
    outcomes: &'a [Outcome],
) -> impl Iterator<Item = &'a Outcome> + use<'a> {
    let prefix = format!("{}_", case.id.to_lowercase());
    outcomes
        .iter()
        .filter(move |outcome| outcome.test.split("::").any(|part| part.starts_with(&prefix)))
}

fn is_held(case: &Case, outcomes: &[Outcome]) -> bool {
    let mut found = of_case(case, outcomes).peekable();
    found.peek().is_some() && found.all(|outcome| outcome.verdict == Verdict::Passed)
}

fn table(cases: &[Case], outcomes: &[Outcome]) -> String {
    let held = cases.iter().filter(|case| is_held(case, outcomes)).count();
    let mut text = format!(
        "# Acceptance cases\n\n\
         Written by `cargo xtask test`; edits are lost. {held} of {} cases are held.\n\n\
         | Case | What must hold | Test | Result |\n\
         | --- | --- | --- | --- |\n",
        cases.len()
    );
    for case in cases {
        let mut tests: Vec<_> = of_case(case, outcomes).collect();
        tests.sort_by_key(|outcome| (&outcome.test, outcome.verdict.word()));
        let words = case.words.replace('|', "\\|");
        if tests.is_empty() {
            row(&mut text, &case.id, &words, "–", "missing");
        }
        for (position, outcome) in tests.iter().enumerate() {
            let (id, words) = if position == 0 { (case.id.as_str(), &*words) } else { ("", "") };
            row(&mut text, id, words, &format!("`{}`", outcome.test), outcome.verdict.word());
        }
    }
    text
}

fn row(out: &mut String, id: &str, words: &str, test: &str, result: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| {id} | {words} | {test} | {result} |");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(test: &str, verdict: Verdict) -> Outcome {
        Outcome { test: test.to_owned(), verdict }
    }

    fn rows(ids: &str, outcomes: &[Outcome]) -> Vec<String> {
        let table = table(&parse_cases(ids).unwrap(), outcomes);
        table.lines().skip(6).map(str::to_owned).collect()
    }

    #[test]
    fn a_case_shows_its_test_and_result() {
        let outcomes = [outcome("schedule::tests::r1_first_friday", Verdict::Passed)];
        assert_eq!(
            rows("R1 first Friday", &outcomes),
            ["| R1 | first Friday | `schedule::tests::r1_first_friday` | passed |"]
        );
    }

    #[test]
    fn a_case_without_a_test_is_missing() {
        assert_eq!(rows("R1 first Friday", &[]), ["| R1 | first Friday | – | missing |"]);
    }

    #[test]
    fn one_id_is_not_another_that_starts_alike() {
        let outcomes =
            [outcome("r11_on_the_31st", Verdict::Passed), outcome("fr1_x", Verdict::Passed)];
        assert_eq!(rows("R1 first Friday", &outcomes), ["| R1 | first Friday | – | missing |"]);
    }

    #[test]
    fn several_tests_of_a_case_share_its_row() {
        let outcomes = [
            outcome("store::n4_two_workers::on_sqlite", Verdict::Passed),
            outcome("store::n4_two_workers::on_postgres", Verdict::Failed),
        ];
        assert_eq!(
            rows("N4 two workers", &outcomes),
            [
                "| N4 | two workers | `store::n4_two_workers::on_postgres` | failed |",
                "|  |  | `store::n4_two_workers::on_sqlite` | passed |",
            ]
        );
    }

    #[test]
    fn a_case_is_held_only_when_all_its_tests_passed() {
        let case = Case { id: "R1".to_owned(), words: String::new() };
        let passed = outcome("r1_a", Verdict::Passed);
        assert!(is_held(&case, std::slice::from_ref(&passed)));
        assert!(!is_held(&case, &[passed.clone(), outcome("r1_b", Verdict::Failed)]));
        assert!(!is_held(&case, &[passed, outcome("r1_b", Verdict::Skipped)]));
        assert!(!is_held(&case, &[]));
    }

    #[test]
    fn comments_and_blank_lines_are_no_cases() {
        let cases = parse_cases("# wanted\n\nR1 first Friday\n").unwrap();
        assert_eq!(cases, [Case { id: "R1".to_owned(), words: "first Friday".to_owned() }]);
    }

    #[test]
    fn a_case_listed_twice_is_refused() {
        assert!(parse_cases("R1 a\nR1 b").is_err());
        assert!(parse_cases("R1").is_err());
    }
}
