//! Writes separated text that spreadsheet programs open as it is meant.

use crate::guard::guard;
use crate::table::{Table, WriteError};
use chrono::NaiveTime;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use panel_core::tracker::sheet::Cell;

/// Writes a table as CSV: UTF-8 with a byte order mark, so that Excel reads accents; commas; lines
/// ending in CR LF; ISO dates; every value that is no number in quotation marks.
///
/// Text that a spreadsheet program would take for a formula is led by an apostrophe, which
/// [`crate::read_csv`] takes off again; a text that begins with apostrophes before something
/// dangerous gets one more, so that reading gives back exactly what was written.
///
/// # Errors
/// [`WriteError::Unwritable`] when rows and columns differ in number.
pub fn write_csv(table: &Table) -> Result<Vec<u8>, WriteError> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let headings = table.columns.iter().map(|column| guard(&column.heading));
    writer.write_record(headings).map_err(unwritable)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(written)).map_err(unwritable)?;
    }
    writer.into_inner().map_err(unwritable)
}

fn unwritable(error: impl std::fmt::Display) -> WriteError {
    WriteError::Unwritable(error.to_string())
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Date(at) if at.time() == NaiveTime::MIN => at.format("%Y-%m-%d").to_string(),
        Cell::Date(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Text(_) | Cell::Formula(_) => guard(&cell.shown()),
        Cell::Empty | Cell::Number(_) | Cell::Bool(_) => cell.shown().into_owned(),
    }
}
