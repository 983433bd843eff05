//! Spreadsheet and CSV bytes to plain cells and back, with no knowledge of what the cells mean.
//!
//! [`read`] takes whatever a person uploads and answers with a [`Workbook`] or with a sentence that
//! says what is wrong and what to do. Files are hostile until proven otherwise: what a workbook
//! unpacks to is judged by its directory before anything is unpacked, and every limit of [`limits`]
//! holds before memory is spent. [`write_xlsx`] and [`write_csv`] make files that [`read`] reads back without loss.

mod csv_text;
mod disguise;
mod error;
mod guard;
pub mod limits;
mod package;
mod read_csv;
mod read_xlsx;
mod table;
mod write_csv;
mod write_xlsx;

pub use error::SheetError;
pub use read_csv::read_csv;
pub use read_xlsx::read_workbook;
pub use table::{Column, Table, Width, WriteError};
pub use write_csv::write_csv;
pub use write_xlsx::write_xlsx;

use panel_core::tracker::sheet::Workbook;

/// Reads an uploaded file by what is in it; the name only names the sheet of a CSV file.
///
/// # Errors
/// [`SheetError`] says what is wrong and what to do about it.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Workbook, SheetError> {
    if disguise::is_archive(bytes) {
        return read_workbook(bytes);
    }
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let sheet = if stem.is_empty() { "CSV" } else { stem };
    read_csv(bytes, sheet)
}
