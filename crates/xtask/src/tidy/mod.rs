//! `tidy`: the habits of the house that no compiler checks. Also run as a test.

mod documents;
mod graph;
mod migrations;
mod source;
mod templates;

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{capture, say};
use crate::workspace::Workspace;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, relative to the root, or the crate.
    place: String,
    /// The line, counted from 1, where one can be named.
    line: Option<usize>,
    message: String,
    severity: Severity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Severity {
    Warning,
    Failure,
}

impl Finding {
    fn failure(place: impl Into<String>, line: Option<usize>, message: impl Into<String>) -> Self {
        let severity = Severity::Failure;
        Self { place: place.into(), line, message: message.into(), severity }
    }

    fn warning(place: impl Into<String>, message: impl Into<String>) -> Self {
        let severity = Severity::Warning;
        Self { place: place.into(), line: None, message: message.into(), severity }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.severity == Severity::Warning {
            formatter.write_str("warning: ")?;
        }
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.place, self.message),
            None => write!(formatter, "{}: {}", self.place, self.message),
        }
    }
}

/// A text file of the repository, with its path relative to the root.
pub(crate) struct File {
    path: String,
    text: String,
}

impl File {
    #[cfg(test)]
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// The last part of the path.
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The lines, counted from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The task `tidy`.
///
/// # Errors
/// When anything but warnings is found.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let findings = inspect(workspace)?;
    for finding in &findings {
        say(finding);
    }
    let failures = findings.iter().filter(|found| found.severity == Severity::Failure).count();
    if failures > 0 {
        bail!("tidy found {failures} things to mend");
    }
    say("tidy: ok");
    Ok(())
}

fn inspect(workspace: &Workspace) -> Result<Vec<Finding>> {
    let files = read_files(workspace.root())?;
    let mut findings = Vec::new();
    for file in &files {
        findings.extend(source::inspect(file));
        findings.extend(templates::inspect(file));
        findings.extend(migrations::inspect(file));
    }
    findings.extend(migrations::unpaired(&files));
    findings.extend(documents::unindexed_decisions(&files));
    findings.extend(documents::dead_links(&files, |path| workspace.root().join(path).exists()));
    findings.extend(graph::inspect(&workspace.packages()?));
    Ok(findings)
}

/// Every text file that is or will be committed; what git ignores is no business of ours.
fn read_files(root: &Path) -> Result<Vec<File>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let list = capture(Command::new("git").args(list).current_dir(root))?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let file = root.join(path);
        // A file deleted but not yet committed is still listed.
        if !file.is_file() {
            continue;
        }
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let findings = inspect(&Workspace::locate().unwrap()).unwrap();
        let failures: Vec<_> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Failure)
            .map(ToString::to_string)
            .collect();
        assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    }

    #[test]
    fn a_finding_reads_as_a_place_to_click() {
        let finding = Finding::failure("src/lib.rs", Some(3), "no");
        assert_eq!(finding.to_string(), "src/lib.rs:3: no");
        assert_eq!(Finding::warning("src/lib.rs", "long").to_string(), "warning: src/lib.rs: long");
    }
}
