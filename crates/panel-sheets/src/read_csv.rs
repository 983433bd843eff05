//! Reads separated text.

use crate::error::SheetError;
use crate::read_xlsx::Budget;
use crate::{csv_text, disguise, guard, limits};
use csv::{Position, ReaderBuilder, StringRecord};
use panel_core::tracker::sheet::{Cell, Row, Sheet, Workbook};

/// Reads a CSV file as a workbook of one sheet. Every value is text, and an apostrophe by which
/// [`crate::write_csv`] kept a value from being a formula is taken off again.
///
/// Rows may be shorter than the headings. Blank lines are no rows, but count as Excel counts them.
///
/// # Errors
/// [`SheetError`] says what is wrong, with line and column, and what to do about it.
pub fn read_csv(bytes: &[u8], sheet: &str) -> Result<Workbook, SheetError> {
    if disguise::is_archive(bytes) {
        return Err(SheetError::OtherFormat { what: "an archive, not a CSV file" });
    }
    if let Some(error) = disguise::recognise(bytes) {
        return Err(error);
    }
    if bytes.len() > limits::CSV_BYTES {
        let megabytes = bytes.len().div_ceil(1 << 20);
        return Err(SheetError::TooBig { megabytes, most: limits::CSV_BYTES });
    }
    let text = csv_text::decode(bytes)?;
    let rows = read_rows(&text, sheet)?;
    let sheet = Sheet { name: sheet.to_owned(), hidden: false, separated: true, rows };
    Ok(Workbook { sheets: vec![sheet] })
}

fn read_rows(text: &str, sheet: &str) -> Result<Vec<Row>, SheetError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(csv_text::separator(text))
        .from_reader(text.as_bytes());
    let mut lines = Lines { text, ..Lines::default() };
    let mut budget = Budget::default();
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        let start = offset(reader.position());
        let more = reader.read_record(&mut record);
        if !more.map_err(|_| SheetError::Broken("its lines cannot be read"))? {
            return Ok(rows);
        }
        let number = lines.start_record(start, offset(reader.position()))?;
        lines.within_records += record.iter().map(newlines).sum::<usize>();
        if number == 1 && record.get(0).is_some_and(|first| first.eq_ignore_ascii_case("sep=")) {
            continue;
        }
        let row = read_row(&record, u32::try_from(number).unwrap_or(u32::MAX), sheet, &mut budget)?;
        if !row.cells.is_empty() {
            budget.add_row(sheet)?;
            rows.push(row);
        }
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

fn offset(position: &Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// Where records stand: a record is one row however many lines it has, and a blank line, which the
/// parser passes over, is a row as well.
#[derive(Default)]
struct Lines<'a> {
    text: &'a str,
    counted_to: usize,
    line: usize,
    within_records: usize,
}

impl Lines<'_> {
    /// The row of the record in these bytes, from 1.
    fn start_record(&mut self, start: usize, end: usize) -> Result<usize, SheetError> {
        let raw = self.text.get(start..end).unwrap_or_default();
        let ends_before = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        let first = start + ends_before;
        self.line += newlines(self.text.get(self.counted_to..first).unwrap_or_default());
        self.counted_to = first;
        // A record with an odd number of quotation marks that runs over lines to the end of the
        // file has swallowed them after an open one.
        let raw = raw.trim();
        let is_open = raw.contains('\n') && raw.matches('"').count() % 2 == 1;
        if is_open && end >= self.text.len() {
            return Err(SheetError::OpenQuote { line: self.line + 1 });
        }
        Ok(self.line + 1 - self.within_records)
    }
}

fn read_row(
    record: &StringRecord,
    number: u32,
    sheet: &str,
    budget: &mut Budget,
) -> Result<Row, SheetError> {
    let mut cells = Vec::with_capacity(record.len());
    for (column, value) in record.iter().enumerate() {
        if !value.is_empty() {
            budget.add_cell(sheet, number, column, value)?;
        }
        cells.push(Cell::text(guard::unguard(value)));
    }
    while cells.last() == Some(&Cell::Empty) {
        cells.pop();
    }
    cells.shrink_to_fit();
    Ok(Row { number, cells })
}
