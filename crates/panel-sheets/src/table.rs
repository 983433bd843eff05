//! A table to be written to a file.

use panel_core::tracker::sheet::Cell;

/// How wide a column is, which also says what is expected in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As wide as its values, up to a line's length.
    Text,
    /// A date.
    Date,
    /// A number.
    Number,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub heading: String,
    /// How wide.
    pub width: Width,
}

impl Column {
    /// A column.
    pub fn new(heading: impl Into<String>, width: Width) -> Self {
        Self { heading: heading.into(), width }
    }
}

/// A table: what each cell holds decides how it is written, text never becomes a formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name of the sheet; characters and lengths that Excel refuses are replaced.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows under the headings, each in the order of the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a table cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Excel holds no longer text in one cell.
    #[error("row {row}, “{heading}”: Excel holds at most 32,767 characters in a cell")]
    CellTooLong {
        /// The row under the headings, from 1.
        row: usize,
        /// The heading of its column.
        heading: String,
    },
    /// More columns than a file can have, or no memory.
    #[error("the file cannot be written: {0}")]
    Unwritable(String),
}
