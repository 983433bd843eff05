//! Why a file cannot be read, said to the person who uploaded it.

use crate::limits;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// No bytes at all.
    #[error("the file is empty; choose the file again, or save it again and try once more")]
    Empty,
    /// More bytes than are taken.
    #[error(
        "the file has {megabytes} MB, at most {} MB can be read; delete pictures and old sheets, \
         or split it", most >> 20
    )]
    TooBig {
        /// Its size, rounded up.
        megabytes: usize,
        /// The most that can be read, in bytes.
        most: usize,
    },
    /// Another kind of file, whatever its name says.
    #[error("the file is {what}; open it in Excel and save it as “Excel Workbook (.xlsx)” or CSV")]
    OtherFormat {
        /// What it is, with its article.
        what: &'static str,
    },
    /// A workbook that asks for a password.
    #[error(
        "the file is protected by a password; in Excel take the password off and save it again"
    )]
    Encrypted,
    /// A workbook that unpacks to far more than it should.
    #[error(
        "the file would unpack to far more than a spreadsheet does and was not opened; copy its \
         rows into a new workbook"
    )]
    Bomb,
    /// A workbook that is damaged or not made by a spreadsheet program.
    #[error("the file is damaged or incomplete ({0}); open it in Excel and save it again")]
    Broken(&'static str),
    /// A workbook without any sheet of cells.
    #[error("the file has no sheet with cells")]
    NoSheets,
    /// More sheets than are read.
    #[error("the file has more than {} sheets; delete those that are not needed", limits::SHEETS)]
    TooManySheets,
    /// More rows than are read.
    #[error("sheet “{sheet}”: more than {} rows; split the file by year", limits::ROWS)]
    TooManyRows {
        /// The sheet.
        sheet: String,
    },
    /// A cell too far to the right.
    #[error("sheet “{sheet}”, row {row}: more than {} columns", limits::COLUMNS)]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The row.
        row: u32,
    },
    /// More cells or text than are read.
    #[error("sheet “{sheet}”, row {row}: the file holds too much from here on; split it by year")]
    TooMuch {
        /// The sheet.
        sheet: String,
        /// The row at which the limit was met.
        row: u32,
    },
    /// A cell that is too long.
    #[error("sheet “{sheet}”, cell {cell}: more than {} characters", limits::CELL_CHARS)]
    CellTooLong {
        /// The sheet.
        sheet: String,
        /// The cell, such as `D5`.
        cell: String,
    },
    /// A NUL byte in a CSV file.
    #[error("line {line}, column {column}: a NUL character, which text files do not have")]
    Nul {
        /// The line, from 1.
        line: usize,
        /// The character in the line, from 1.
        column: usize,
    },
    /// Bytes that are no text in the encoding of the file.
    #[error("line {line}, column {column}: not readable as text; save the file as “CSV UTF-8”")]
    NotText {
        /// The line, from 1.
        line: usize,
        /// The character in the line, from 1.
        column: usize,
    },
    /// A quotation mark that is never closed.
    #[error("line {line}: a quotation mark is opened and never closed")]
    OpenQuote {
        /// The line, from 1.
        line: usize,
    },
}
