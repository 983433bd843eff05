//! Reads the cells of a workbook.

use crate::error::SheetError;
use crate::{disguise, limits, package};
use calamine::{
    DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use panel_core::tracker::sheet::{Cell, Formula, Row, Sheet, Workbook, column_letters};
use std::collections::HashMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads every sheet of an Excel workbook (`.xlsx`, `.xlsm`). Formulas are never worked out and
/// macros never run.
///
/// # Errors
/// [`SheetError`] says what is wrong and what to do about it.
pub fn read_workbook(bytes: &[u8]) -> Result<Workbook, SheetError> {
    if !disguise::is_archive(bytes) {
        let other = SheetError::OtherFormat { what: "not an Excel workbook" };
        return Err(disguise::recognise(bytes).unwrap_or(other));
    }
    if bytes.len() > limits::FILE_BYTES {
        let megabytes = bytes.len().div_ceil(1 << 20);
        return Err(SheetError::TooBig { megabytes, most: limits::FILE_BYTES });
    }
    // The parser underneath is known to panic on crafted cell names, such as a row number beyond 32
    // bits. A file must not be able to do more than be refused, so its panics end here; nothing of
    // what it built is kept.
    let read = catch_unwind(AssertUnwindSafe(|| {
        package::check(bytes)?;
        read_sheets(bytes)
    }));
    read.unwrap_or(Err(damaged()))
}

fn damaged() -> SheetError {
    SheetError::Broken("its contents cannot be read")
}

fn read_sheets(bytes: &[u8]) -> Result<Workbook, SheetError> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| damaged())?;
    let tabs = book.sheets_metadata().iter();
    let tabs: Vec<(String, bool)> = tabs
        .filter(|tab| tab.typ == SheetType::WorkSheet)
        .map(|tab| (tab.name.clone(), tab.visible != SheetVisible::Visible))
        .collect();
    if tabs.is_empty() {
        return Err(SheetError::NoSheets);
    }
    if tabs.len() > limits::SHEETS {
        return Err(SheetError::TooManySheets);
    }
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(tabs.len());
    for (name, hidden) in tabs {
        let rows = read_rows(&mut book, &name, &mut budget)?;
        sheets.push(Sheet { name, hidden, separated: false, rows });
    }
    Ok(Workbook { sheets })
}

/// What has been read so far of all sheets together.
#[derive(Default)]
pub(crate) struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

impl Budget {
    pub(crate) fn add_row(&mut self, sheet: &str) -> Result<(), SheetError> {
        self.rows += 1;
        let fits = self.rows <= limits::ROWS;
        fits.then_some(()).ok_or_else(|| SheetError::TooManyRows { sheet: sheet.to_owned() })
    }

    pub(crate) fn add_cell(
        &mut self,
        sheet: &str,
        row: u32,
        column: usize,
        text: &str,
    ) -> Result<(), SheetError> {
        let sheet = || sheet.to_owned();
        if column >= limits::COLUMNS {
            return Err(SheetError::TooManyColumns { sheet: sheet(), row });
        }
        if text.len() > limits::CELL_CHARS && text.chars().count() > limits::CELL_CHARS {
            let cell = format!("{}{row}", column_letters(column));
            return Err(SheetError::CellTooLong { sheet: sheet(), cell });
        }
        self.cells += 1;
        self.text += text.len();
        if self.cells > limits::CELLS || self.text > limits::TEXT_BYTES {
            return Err(SheetError::TooMuch { sheet: sheet(), row });
        }
        Ok(())
    }
}

fn read_rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    budget: &mut Budget,
) -> Result<Vec<Row>, SheetError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
    let mut shared = SharedFormulas::default();
    let mut rows: Vec<Row> = Vec::new();
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(|_| damaged())? {
        let (row, column) = found.pos;
        let value = plain(&found.value);
        let cell = match found.formula {
            Some(formula) => {
                let text = format!("={}", shared.text(formula, found.pos));
                Cell::Formula(Box::new(Formula { text, value }))
            }
            None => value,
        };
        if cell == Cell::Empty {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        budget.add_cell(sheet, row + 1, column, &text_in(&cell))?;
        if rows.last().is_none_or(|last| last.number != row + 1) {
            budget.add_row(sheet)?;
            finish(rows.last_mut());
            rows.push(Row { number: row + 1, cells: Vec::new() });
        }
        place(&mut rows, column, cell)?;
    }
    finish(rows.last_mut());
    rows.shrink_to_fit();
    Ok(rows)
}

fn text_in(cell: &Cell) -> std::borrow::Cow<'_, str> {
    match cell {
        Cell::Text(_) | Cell::Formula(_) => cell.shown(),
        _ => std::borrow::Cow::Borrowed(""),
    }
}

fn finish(row: Option<&mut Row>) {
    if let Some(row) = row {
        row.cells.shrink_to_fit();
    }
}

/// Puts a cell in the last row; rows and cells that go backwards are not a spreadsheet's.
fn place(rows: &mut [Row], column: usize, cell: Cell) -> Result<(), SheetError> {
    let backwards = Err(SheetError::Broken("its rows are not in order"));
    let (Some(row), before) =
        rows.split_last_mut().map_or((None, &mut [][..]), |(l, b)| (Some(l), b))
    else {
        return backwards;
    };
    if before.last().is_some_and(|before| before.number >= row.number) || row.cells.len() > column {
        return backwards;
    }
    row.cells.resize(column, Cell::Empty);
    row.cells.push(cell);
    Ok(())
}

/// Formulas that a sheet writes once and shares between cells.
#[derive(Default)]
struct SharedFormulas(HashMap<usize, (String, (u32, u32))>);

impl SharedFormulas {
    fn text(&mut self, formula: XlsxFormulaMetadata, at: (u32, u32)) -> String {
        match formula {
            XlsxFormulaMetadata::Normal { formula } => formula,
            XlsxFormulaMetadata::Shared { shared_index, formula, .. } => {
                self.0.insert(shared_index, (formula.clone(), at));
                formula
            }
            XlsxFormulaMetadata::SharedDerived { shared_index } => {
                let Some((formula, anchor)) = self.0.get(&shared_index) else {
                    return String::new();
                };
                calamine::expand_shared_formula(formula, *anchor, at)
                    .unwrap_or_else(|_| formula.clone())
            }
            _ => String::new(),
        }
    }
}

fn plain(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => number.to_string().parse().map_or(Cell::Empty, Cell::Number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::text(text.as_str()),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::DateTime(at) => moment(*at),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::Error(error) => Cell::text(error.to_string()),
    }
}

/// Excel counts days; what is less than one day, or a length of time, is no date.
fn moment(at: ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let time = NaiveTime::from_hms_milli_opt(
        u32::from(hour),
        u32::from(minute),
        u32::from(second),
        u32::from(milli),
    );
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    match (date, time) {
        (Some(date), Some(time)) if at.is_datetime() && at.as_f64() >= 1.0 => {
            Cell::Date(date.and_time(time))
        }
        (_, Some(time)) if at.as_f64() < 1.0 => Cell::text(time.format("%H:%M").to_string()),
        _ => Cell::Number(at.as_f64()),
    }
}

fn iso(text: &str) -> Cell {
    let date = text.parse::<NaiveDate>().map(Cell::date);
    date.or_else(|_| text.parse::<NaiveDateTime>().map(Cell::Date))
        .unwrap_or_else(|_| Cell::text(text))
}
