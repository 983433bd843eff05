//! What commands print: words for people, JSON for programs.

use anyhow::Result;
use serde::Serialize;
use std::io::Write;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// JSON instead of words.
    pub(crate) json: bool,
}

impl Output {
    /// Prints `value` as JSON, or `words` made from it.
    pub(crate) fn show<T: Serialize>(
        self,
        value: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        let text = if self.json { serde_json::to_string_pretty(value)? } else { words(value) };
        let mut out = std::io::stdout().lock();
        // A reader that has seen enough, such as `head`, is no failure.
        match writeln!(out, "{}", text.trim_end()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        }
    }
}

/// Prints why a command failed, on one line, each cause after a colon.
pub(crate) fn complain(error: &anyhow::Error) {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    // Nothing can be done when even this cannot be printed.
    let _ = writeln!(std::io::stderr().lock(), "panel: {}", causes.join(": "));
}

/// A table in plain text: columns as wide as their longest cell.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(heads.get(column).map(|head| head.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(heads.to_vec())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines.join("\n")
}
