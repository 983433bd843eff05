//! What a part found: figures that its runs print, and whether it held.

use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// How a line begins in which a test says what it measured: `[assured] worlds on SQLite = 100 of 100`.
const MARK: &str = "[assured] ";

/// Whether what is claimed was shown. The worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Held,
    /// Nothing spoke against it, and less was tried than the target says.
    Short,
    Failed,
}

impl Verdict {
    /// The word shown in the table.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Short => "held, at less than full length",
            Self::Failed => "**not held**",
        }
    }
}

/// One thing that was counted or measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) figure: String,
}

impl Figure {
    pub(crate) fn new(what: &str, figure: &str) -> Self {
        Self { what: what.to_owned(), figure: figure.to_owned() }
    }

    /// The figure in a line that a test printed, wherever the harness put it.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (_, said) = line.split_once(MARK)?;
        let (what, figure) = said.split_once(" = ")?;
        Some(Self::new(what.trim(), figure.trim()))
    }
}

/// What one run of a part came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) verdict: Verdict,
    pub(crate) figures: Vec<Figure>,
}

impl Found {
    /// A part that could not be shown, with the reason in a line.
    pub(crate) fn failure(reason: &str) -> Self {
        let line = reason.lines().next().unwrap_or_default();
        Self { verdict: Verdict::Failed, figures: vec![Figure::new("ended with", line)] }
    }
}

/// What a part found, or one piece of it, which can be asked for alone: a parser, or a crate.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Its word behind that of the part; a part that is tried as a whole has none.
    pub(crate) name: Option<String>,
    pub(crate) found: Found,
    pub(crate) seconds: u64,
}

impl Piece {
    /// Does the work, and notes how long it took; work that broke off is a piece that failed.
    pub(crate) fn of(name: Option<&str>, work: impl FnOnce() -> Result<Found>) -> Self {
        let started = Instant::now();
        let found = work().unwrap_or_else(|error| Found::failure(&format!("{error:#}")));
        Self { name: name.map(str::to_owned), found, seconds: started.elapsed().as_secs() }
    }
}

/// The last run of a part, or of a piece of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The commit that was tried.
    pub(crate) commit: String,
    /// Whether there were changes beside it that were not committed.
    pub(crate) changed: bool,
    pub(crate) date: String,
    pub(crate) cores: usize,
    pub(crate) seconds: u64,
    pub(crate) verdict: Verdict,
    pub(crate) figures: Vec<Figure>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_wherever_it_stands_in_a_line() {
        let figure = Some(Figure::new("worlds on SQLite", "100 of 100 = all"));
        assert_eq!(Figure::read("[assured] worlds on SQLite = 100 of 100 = all"), figure);
        assert_eq!(
            Figure::read("test a::b ... [assured] worlds on SQLite = 100 of 100 = all"),
            figure
        );
    }

    #[test]
    fn work_that_breaks_off_is_a_piece_that_failed_and_says_why() {
        let piece = Piece::of(Some("days"), || anyhow::bail!("never tried"));
        assert_eq!(piece.name.as_deref(), Some("days"));
        assert_eq!(piece.found, Found::failure("never tried"));
        assert_eq!(piece.found.verdict, Verdict::Failed);
    }

    #[test]
    fn other_lines_hold_no_figure() {
        assert_eq!(Figure::read("test a::b ... ok"), None);
        assert_eq!(Figure::read("[assured] nothing was counted"), None);
    }
}
