//! The documents that say which test shows what: each row is there once, and each test that is named is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BAD_INPUT: &str = "docs/bad-input.md";
const STANDARD: &str = "docs/asvs.md";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The cells of every row of a table that begins with something like a number.
fn rows(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<String> = line.split(" | ").map(str::to_owned).collect();
        cells.first()?.starts_with(|c: char| c.is_ascii_digit()).then_some(cells)
    };
    text.lines().filter_map(cells).collect()
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The name of every function in the sources.
fn functions() -> BTreeSet<String> {
    let mut texts = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&root().join(folder), &mut texts);
    }
    let names = texts.iter().flat_map(|text| text.split("fn ").skip(1));
    let name = |rest: &str| rest.split(['(', '<']).next().unwrap_or_default().to_owned();
    names.map(name).collect()
}

/// What stands between back-ticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_row_of_the_catalogue_is_answered_once_by_tests_that_are_there() {
    let (text, functions) = (document(BAD_INPUT), functions());
    let rows = rows(&text);
    let numbers: Vec<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=90).collect::<Vec<_>>());
    for row in &rows {
        let [number, _, held, shown] = row.as_slice() else { panic!("{row:?}") };
        assert!(["held", "part", "open", "none"].contains(&held.as_str()), "row {number}: {held}");
        let tests: Vec<&str> = quoted(shown).filter(|name| name.contains('_')).collect();
        assert!(held != "held" || !tests.is_empty(), "row {number} is held by nothing");
        for test in tests {
            assert!(functions.contains(test), "row {number}: there is no test {test}");
        }
    }
}

#[test]
fn every_item_of_the_standard_is_answered_once_by_files_and_tests_that_are_there() {
    let (text, functions) = (document(STANDARD), functions());
    let rows = rows(&text);
    let numbers: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers.len(), rows.len(), "an item stands there twice");
    let there = |name: &str| {
        let path = name.replace("::", "/");
        functions.contains(name)
            || root().join(name).exists()
            || root().join("tests/it").join(&path).exists()
            || root().join("tests/it").join(format!("{path}.rs")).exists()
    };
    for row in &rows {
        let [number, _, held, shown] = row.as_slice() else { panic!("{row:?}") };
        let known = ["met", "part", "not met", "operator", "does not apply"];
        assert!(known.contains(&held.as_str()), "{number}: {held}");
        for name in quoted(shown) {
            assert!(there(name), "{number}: there is no {name}");
        }
    }
}
