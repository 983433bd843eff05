//! What a part found: figures that its runs print, and whether it held.

use serde::{Deserialize, Serialize};

/// How a line begins in which a test says what it measured: `[assured] worlds on SQLite = 100 of 100`.
const MARK: &str = "[assured] ";

/// Whether what is claimed was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The last run of a part.
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
    fn other_lines_hold_no_figure() {
        assert_eq!(Figure::read("test a::b ... ok"), None);
        assert_eq!(Figure::read("[assured] nothing was counted"), None);
    }
}
