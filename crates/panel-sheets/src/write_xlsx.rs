//! Writes an Excel workbook.

use crate::limits;
use crate::table::{Table, Width, WriteError};
use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use panel_core::tracker::sheet::Cell;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Rows that are looked at for the width of a column.
const MEASURED_ROWS: usize = 1_000;

/// Writes a table as an Excel workbook: headings bold, frozen and with filters; real dates; text as
/// text, never as a formula; nothing in the properties but the name of the service. More rows than
/// a sheet holds go to further sheets.
///
/// # Errors
/// [`WriteError::CellTooLong`] when Excel cannot hold a text.
pub fn write_xlsx(table: &Table) -> Result<Vec<u8>, WriteError> {
    write_split(table, limits::SHEET_ROWS)
}

fn write_split(table: &Table, sheet_rows: usize) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    // A fixed day of creation keeps the file free of traces and the same for the same content.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(unwritable)?;
    let properties = DocProperties::new().set_author("Panel").set_title("Panel export");
    workbook.set_properties(&properties.set_creation_datetime(&created));
    let formats = Formats::new();
    let mut first_row = 0;
    for number in 1.. {
        let rest = table.rows.get(first_row..).unwrap_or_default();
        let rows = rest.get(..sheet_rows).unwrap_or(rest);
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.title, number)).map_err(unwritable)?;
        write_headings(sheet, table, rows, &formats)?;
        for (index, row) in rows.iter().enumerate() {
            write_row(sheet, table, first_row, index, row, &formats)?;
        }
        first_row += rows.len();
        if first_row >= table.rows.len() {
            break;
        }
    }
    workbook.save_to_buffer().map_err(unwritable)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err hands over")]
fn unwritable(error: XlsxError) -> WriteError {
    WriteError::Unwritable(error.to_string())
}

struct Formats {
    heading: Format,
    date: Format,
    moment: Format,
    /// Marks text that would turn into a formula when somebody edits its cell.
    quoted: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            heading: Format::new().set_bold(),
            date: Format::new().set_num_format("dd/mm/yyyy"),
            moment: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
            quoted: Format::new().set_quote_prefix(),
        }
    }
}

/// The title without what Excel refuses in the name of a sheet, numbered from the second on.
fn sheet_name(title: &str, number: usize) -> String {
    let allowed = |c: char| {
        if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
            ' '
        } else {
            c
        }
    };
    let clean: String = title.chars().map(allowed).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.trim_matches('\'');
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    let ending = if number == 1 { String::new() } else { format!(" ({number})") };
    let room = 31 - ending.chars().count();
    // Excel counts in units of UTF-16, of which a character has at most two.
    let mut units = 0;
    let short: String = clean
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= room
        })
        .collect();
    format!("{}{ending}", short.trim_end_matches(['\'', ' ']))
}

fn write_headings(
    sheet: &mut Worksheet,
    table: &Table,
    rows: &[Vec<Cell>],
    formats: &Formats,
) -> Result<(), WriteError> {
    for (index, column) in table.columns.iter().enumerate() {
        let at = column_number(index)?;
        sheet
            .write_string_with_format(0, at, &column.heading, &formats.heading)
            .and_then(|sheet| sheet.set_column_width(at, width(table, rows, index)))
            .map_err(unwritable)?;
    }
    let last_column = column_number(table.columns.len().saturating_sub(1))?;
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    sheet
        .set_freeze_panes(1, 0)
        .and_then(|sheet| sheet.autofilter(0, 0, last_row, last_column))
        .map_err(unwritable)?;
    Ok(())
}

fn column_number(index: usize) -> Result<u16, WriteError> {
    u16::try_from(index).map_err(|_| WriteError::Unwritable("too many columns".to_owned()))
}

/// The width of a column in characters.
fn width(table: &Table, rows: &[Vec<Cell>], index: usize) -> u32 {
    let Some(column) = table.columns.get(index) else { return 10 };
    let longest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    // The button of the filter takes the room of three characters.
    let heading = longest(&column.heading) + 3;
    let values = match column.width {
        Width::Date => 12,
        Width::Number => 8,
        Width::Text => {
            let cells = rows.iter().take(MEASURED_ROWS).filter_map(|row| row.get(index));
            cells.map(|cell| longest(&cell.shown()) + 1).max().unwrap_or(0)
        }
    };
    u32::try_from(heading.max(values).clamp(8, 60)).unwrap_or(60)
}

fn write_row(
    sheet: &mut Worksheet,
    table: &Table,
    first_row: usize,
    index: usize,
    row: &[Cell],
    formats: &Formats,
) -> Result<(), WriteError> {
    for (column, cell) in row.iter().enumerate() {
        let at = (u32::try_from(index + 1).unwrap_or(u32::MAX), column_number(column)?);
        write_cell(sheet, at, cell, formats).map_err(|error| match error {
            XlsxError::MaxStringLengthExceeded => WriteError::CellTooLong {
                row: first_row + index + 1,
                heading: table.columns.get(column).map(|c| c.heading.clone()).unwrap_or_default(),
            },
            other => unwritable(other),
        })?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) => {
            sheet.write_number(row, column, *number)?;
        }
        Cell::Bool(truth) => {
            sheet.write_boolean(row, column, *truth)?;
        }
        Cell::Date(at) => {
            let plain = at.time() == NaiveTime::MIN;
            let format = if plain { &formats.date } else { &formats.moment };
            match excel(*at) {
                Ok(moment) => sheet.write_datetime_with_format(row, column, moment, format)?,
                // Excel knows no day before 1900.
                Err(_) => sheet.write_string(row, column, at.format("%Y-%m-%d").to_string())?,
            };
        }
        Cell::Text(_) | Cell::Formula(_) => {
            let text = cell.shown();
            if crate::guard::guard(&text) == text {
                sheet.write_string(row, column, text)?;
            } else {
                sheet.write_string_with_format(row, column, text, &formats.quoted)?;
            }
        }
    }
    Ok(())
}

fn excel(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let hour = u16::try_from(at.hour()).unwrap_or_default();
    ExcelDateTime::from_ymd(
        u16::try_from(at.year()).unwrap_or_default(),
        small(at.month()),
        small(at.day()),
    )?
    .and_hms(hour, small(at.minute()), f64::from(at.second()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn more_rows_than_a_sheet_holds_go_to_further_sheets() {
        let table = Table {
            title: "Actions of the panel at Fenshire".to_owned(),
            columns: vec![Column::new("Ref", Width::Text)],
            rows: (0..5).map(|number| vec![Cell::text(format!("P{number}"))]).collect(),
        };
        let book = crate::read_workbook(&write_split(&table, 2).unwrap()).unwrap();
        let found: Vec<(&str, usize)> =
            book.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows.len())).collect();
        assert_eq!(
            found,
            [
                ("Actions of the panel at Fenshir", 3),
                ("Actions of the panel at Fen (2)", 3),
                ("Actions of the panel at Fen (3)", 2),
            ]
        );
        assert_eq!(book.sheets[2].rows[1].cell(0), &Cell::text("P4"));
    }

    #[test]
    fn a_sheet_is_named_as_excel_allows() {
        for (title, name) in
            [("a/b*?[]", "a b"), ("''", "Sheet"), ("", "Sheet"), ("'Tis", "Tis"), ("x\ny", "x y")]
        {
            assert_eq!(sheet_name(title, 1), name);
        }
        assert_eq!(sheet_name(&"😀".repeat(40), 1).encode_utf16().count(), 30);
    }
}
