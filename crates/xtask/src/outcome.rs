//! What became of each test, read from either test runner and kept for `acceptance`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::{Deserialize, Serialize};

use crate::workspace::Workspace;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Passed,
    Failed,
    Skipped,
}

impl Verdict {
    /// The word shown in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One test and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The test's path inside its binary, such as `schedule::tests::r1_first_friday_monthly`.
    pub(crate) test: String,
    pub(crate) verdict: Verdict,
}

/// How many outcomes have this verdict.
pub(crate) fn count(outcomes: &[Outcome], verdict: Verdict) -> usize {
    outcomes.iter().filter(|outcome| outcome.verdict == verdict).count()
}

/// Reads one line of `cargo test`; `None` when it says nothing about a test.
pub(crate) fn parse_libtest(line: &str) -> Option<Outcome> {
    let (test, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let verdict = match verdict.split([',', ' ']).next()? {
        "ok" => Verdict::Passed,
        "FAILED" => Verdict::Failed,
        "ignored" => Verdict::Skipped,
        _ => return None,
    };
    let test = test.strip_suffix(" - should panic").unwrap_or(test);
    Some(Outcome { test: test.to_owned(), verdict })
}

/// Reads the `JUnit` report that cargo-nextest writes.
pub(crate) fn parse_junit(report: &str) -> Result<Vec<Outcome>> {
    let mut reader = Reader::from_str(report);
    let mut outcomes: Vec<Outcome> = Vec::new();
    loop {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event()? {
            Event::Eof => return Ok(outcomes),
            other => other,
        }) else {
            continue;
        };
        match tag.name().as_ref() {
            "testcase" => {
                outcomes.push(Outcome { test: test_name(&tag)?, verdict: Verdict::Passed });
            }
            "failure" | "error" => mark_last(&mut outcomes, Verdict::Failed),
            "skipped" => mark_last(&mut outcomes, Verdict::Skipped),
            _ => {}
        }
    }
}

fn test_name(tag: &BytesStart<'_>) -> Result<String> {
    let name = tag.try_get_attribute("name")?.context("a test case without a name")?;
    Ok(name.normalized_value(XmlVersion::Explicit1_0)?.into_owned())
}

fn mark_last(outcomes: &mut [Outcome], verdict: Verdict) {
    if let Some(last) = outcomes.last_mut() {
        last.verdict = verdict;
    }
}

/// Keeps the outcomes of a whole run beside the build.
pub(crate) fn keep(workspace: &Workspace, outcomes: &[Outcome]) -> Result<()> {
    let file = kept_in(workspace);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, serde_json::to_string_pretty(outcomes)?)
        .with_context(|| file.display().to_string())
}

/// Reads the outcomes of the last whole run.
pub(crate) fn recall(workspace: &Workspace) -> Result<Vec<Outcome>> {
    let file = kept_in(workspace);
    let text = fs::read_to_string(&file)
        .with_context(|| format!("{}: run `cargo xtask test` first", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn kept_in(workspace: &Workspace) -> PathBuf {
    workspace.target().join("xtask").join("outcomes.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(&str, Verdict)>) {
        let expected = expected.map(|(test, verdict)| Outcome { test: test.to_owned(), verdict });
        assert_eq!(parse_libtest(line), expected);
    }

    #[test]
    fn a_passed_test_is_read() {
        check("test id::tests::r1_first ... ok", Some(("id::tests::r1_first", Verdict::Passed)));
    }

    #[test]
    fn a_failed_test_is_read() {
        check("test a::b ... FAILED", Some(("a::b", Verdict::Failed)));
    }

    #[test]
    fn an_ignored_test_is_skipped_with_or_without_its_reason() {
        check("test a ... ignored", Some(("a", Verdict::Skipped)));
        check("test a ... ignored, needs a disk", Some(("a", Verdict::Skipped)));
    }

    #[test]
    fn a_test_that_should_panic_keeps_its_name() {
        check("test a::b - should panic ... ok", Some(("a::b", Verdict::Passed)));
    }

    #[test]
    fn a_doc_test_keeps_its_place() {
        let place = "src/lib.rs - time::days (line 3)";
        check(&format!("test {place} ... ok"), Some((place, Verdict::Passed)));
        let compiled = "src/lib.rs - time::days (line 3) - compile";
        check(&format!("test {compiled} ... ok"), Some((compiled, Verdict::Passed)));
    }

    #[test]
    fn other_lines_say_nothing() {
        check("running 3 tests", None);
        check("test result: ok. 3 passed; 0 failed", None);
        check("   Compiling panel-core v0.1.0", None);
    }

    #[test]
    fn a_report_gives_each_test_its_own_verdict() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="nextest-run" tests="3" failures="1">
              <testsuite name="panel-core" tests="3">
                <testcase name="a::r1_first" classname="panel-core" time="0.004"></testcase>
                <testcase name="a::quotes_&quot;" classname="panel-core">
                  <failure type="test failure">left &lt; right</failure>
                  <system-out>test a ... ok</system-out>
                </testcase>
                <testcase name="c" classname="panel-core"/>
              </testsuite>
            </testsuites>"#;
        let seen: Vec<_> =
            parse_junit(report).unwrap().into_iter().map(|o| (o.test, o.verdict)).collect();
        assert_eq!(
            seen,
            [
                ("a::r1_first".to_owned(), Verdict::Passed),
                ("a::quotes_\"".to_owned(), Verdict::Failed),
                ("c".to_owned(), Verdict::Passed),
            ]
        );
    }

    #[test]
    fn a_broken_report_is_an_error() {
        assert!(parse_junit("<testsuites><testsuite></testsuites>").is_err());
    }

    #[test]
    fn verdicts_are_counted_apart() {
        let outcomes = ["test a ... ok", "test b ... FAILED", "test c ... ok"];
        let outcomes: Vec<_> = outcomes.into_iter().filter_map(parse_libtest).collect();
        assert_eq!(count(&outcomes, Verdict::Passed), 2);
        assert_eq!(count(&outcomes, Verdict::Failed), 1);
        assert_eq!(count(&outcomes, Verdict::Skipped), 0);
    }
}
