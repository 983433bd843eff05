//! Rules on Rust source, and on the words that no file of the project may hold.

use super::{File, Finding};

/// From here on a file is worth dividing.
const LONG: usize = 400;
/// From here on it must be.
const TOO_LONG: usize = 600;
/// Lists without logic, which are read by searching and would gain nothing from being divided.
const LISTS: [&str; 1] = ["crates/panel-store/src/schema.rs"];

/// What the rules of the product may not reach for.
const IMPURE: [&str; 5] = ["std::fs", "std::net", "std::env", "std::process", "std::thread"];

/// Folders that exist only on one machine. Written in two parts, so that this file holds none.
const MACHINE_FOLDERS: [&str; 3] =
    [concat!("/wo", "rk/"), concat!("/tm", "p/wt"), concat!("/ro", "ot/")];

pub(super) fn inspect(file: &File) -> Vec<Finding> {
    let mut findings = machine_words(file);
    if file.has_extension("rs") {
        findings.extend(header(file));
        findings.extend(length(file));
        findings.extend(bare_allow(file));
        findings.extend(purity(file));
    }
    findings
}

fn header(file: &File) -> Option<Finding> {
    let message = "must start with `//!` and say what the file is for";
    (!file.text.starts_with("//!")).then(|| Finding::failure(&file.path, Some(1), message))
}

fn length(file: &File) -> Option<Finding> {
    if LISTS.contains(&file.path.as_str()) {
        return None;
    }
    match file.text.lines().count() {
        lines if lines > TOO_LONG => {
            let message = format!("{lines} lines; more than {TOO_LONG} must be divided");
            Some(Finding::failure(&file.path, None, message))
        }
        lines if lines > LONG => {
            let message = format!("{lines} lines; consider dividing it at {LONG}");
            Some(Finding::warning(&file.path, message))
        }
        _ => None,
    }
}

fn bare_allow(file: &File) -> Vec<Finding> {
    let is_allow = |line: &str| {
        let line = line.trim_start();
        line.starts_with("#[allow") || line.starts_with("#![allow")
    };
    let message = "use `#[expect(lint, reason = \"…\")]`, which ends when its reason does";
    file.lines()
        .filter(|(_, line)| is_allow(line))
        .map(|(number, _)| Finding::failure(&file.path, Some(number), message))
        .collect()
}

/// The core is pure: it has no files, no network, no environment, no threads.
fn purity(file: &File) -> Vec<Finding> {
    if !file.path.starts_with("crates/panel-core/src/") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in file.lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        for path in IMPURE.iter().filter(|path| line.contains(**path)) {
            let message = format!("the core is pure: it may not use `{path}`");
            findings.push(Finding::failure(&file.path, Some(number), message));
        }
    }
    findings
}

fn machine_words(file: &File) -> Vec<Finding> {
    // Vendored files are other people's words, kept as they came.
    if file.name().contains(".min.") || file.name() == "Cargo.lock" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        for folder in MACHINE_FOLDERS.iter().filter(|folder| line.contains(**folder)) {
            let message = format!("names `{folder}`, a folder of one machine");
            findings.push(Finding::failure(&file.path, Some(number), message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found: Vec<_> =
            inspect(&File::new(path, text)).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found:?} does not say {expected:?}");
        }
    }

    #[test]
    fn a_file_that_says_what_it_is_for_is_fine() {
        check("src/a.rs", "//! A noun.\n", &[]);
    }

    #[test]
    fn a_file_without_a_header_is_found() {
        check("src/a.rs", "use std::fmt;\n", &["src/a.rs:1: must start with `//!`"]);
        check("src/a.rs", "", &["must start with"]);
    }

    #[test]
    fn only_rust_needs_a_header() {
        check("README.md", "# Panel\n", &[]);
    }

    #[test]
    fn length_warns_and_then_fails() {
        let lines = |count: usize| format!("//! A noun.\n{}", "\n".repeat(count - 1));
        check("a.rs", &lines(400), &[]);
        check("a.rs", &lines(401), &["warning: a.rs: 401 lines"]);
        check("a.rs", &lines(600), &["warning: a.rs: 600 lines"]);
        check("a.rs", &lines(601), &["a.rs: 601 lines; more than 600"]);
        check(LISTS[0], &lines(601), &[]);
    }

    #[test]
    fn an_allow_is_found_where_it_stands_and_not_where_it_is_spoken_of() {
        check("a.rs", "//! A noun.\n    #[allow(dead_code)]\n", &["a.rs:2: use `#[expect"]);
        check("a.rs", "//! A noun.\n#![allow(dead_code)]\n", &["a.rs:2: use `#[expect"]);
        check("a.rs", "//! A noun.\n// Never write #[allow(x)].\n", &[]);
        check("a.rs", "//! A noun.\n#[expect(dead_code, reason = \"why\")]\n", &[]);
    }

    #[test]
    fn the_core_may_not_reach_outside() {
        let text = "//! A noun.\nuse std::fs;\n";
        check("crates/panel-core/src/a.rs", text, &["a.rs:2: the core is pure"]);
        check("crates/panel-store/src/a.rs", text, &[]);
        check("crates/panel-core/src/a.rs", "//! A noun.\n// Not std::env.\n", &[]);
    }

    #[test]
    fn a_folder_of_one_machine_is_found_anywhere() {
        let text = format!("see {}shared\n", MACHINE_FOLDERS[0]);
        check("docs/a.md", &text, &["docs/a.md:1: names"]);
        check("assets/axe.min.js", &text, &[]);
        check("docs/a.md", "the coordinator's work / rest\n", &[]);
    }
}
