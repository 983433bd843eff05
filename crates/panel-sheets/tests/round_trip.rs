//! What is written is read back without loss, and no spreadsheet program takes text for a formula.
#![cfg(test)]

use calamine::{Reader, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use panel_core::tracker::sheet::{Cell, Workbook};
use panel_sheets::{Column, Table, Width, WriteError, read, write_csv, write_xlsx};
use proptest::prelude::*;
use std::io::{Cursor, Read as _};

fn moment(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    let width = |index: usize| [Width::Text, Width::Date, Width::Number][index % 3];
    let columns = (0..rows.first().map_or(1, Vec::len))
        .map(|index| Column::new(format!("Heading {index}"), width(index)))
        .collect();
    Table { title: "Actions".to_owned(), columns, rows }
}

/// The rows under the headings; those without content come back as they were written.
fn rows(workbook: &Workbook, width: usize, count: usize) -> Vec<Vec<Cell>> {
    let mut rows = vec![vec![Cell::Empty; width]; count];
    for row in workbook.sheets[0].rows.iter().filter(|row| row.number > 1) {
        let place = usize::try_from(row.number).unwrap() - 2;
        rows[place] = (0..width).map(|column| row.cell(column).clone()).collect();
    }
    rows
}

/// What a CSV file, in which all is text, makes of a cell.
fn as_text(cell: &Cell) -> Cell {
    match cell {
        Cell::Date(at) if at.time() == chrono::NaiveTime::MIN => {
            Cell::text(at.format("%Y-%m-%d").to_string())
        }
        Cell::Date(at) => Cell::text(at.format("%Y-%m-%d %H:%M:%S").to_string()),
        other => Cell::text(other.shown()),
    }
}

#[track_caller]
fn check(written: &[Vec<Cell>]) {
    let table = table(written.to_vec());
    let width = table.columns.len();
    let xlsx = read(&write_xlsx(&table).unwrap(), "x.xlsx").unwrap();
    assert_eq!(rows(&xlsx, width, written.len()), written);
    let csv = read(&write_csv(&table).unwrap(), "x.csv").unwrap();
    let as_text: Vec<Vec<Cell>> =
        written.iter().map(|row| row.iter().map(as_text).collect()).collect();
    assert_eq!(rows(&csv, width, written.len()), as_text);
}

#[test]
fn x7_names_with_apostrophes_and_accents_are_unchanged() {
    let names =
        ["O'Neill", "Siân", "Zoë D’Arcy", "Nguyễn Thị", "李小龍", "'t Hooft", "ap Rhys", "Łukasz"];
    check(&names.map(|name| vec![Cell::text(name)]));
}

#[test]
fn x1_dangerous_text_is_text_in_every_file_and_comes_back_as_it_was() {
    let starters = ["=", "+", "-", "@", "|", "%", " =", "\t=", "\u{feff}+", "\r\n@", "'=", "''="];
    let cells: Vec<Vec<Cell>> = starters
        .iter()
        .map(|start| vec![Cell::text(format!("{start}cmd|' /C calc'!A0"))])
        .collect();
    let table = table(cells.clone());
    let csv = String::from_utf8(write_csv(&table).unwrap()).unwrap();
    for line in csv.lines().skip(1).filter(|line| line.contains("cmd") && line.starts_with('"')) {
        assert!(line.starts_with("\"'"), "{line:?}");
    }
    let bytes = write_xlsx(&table).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
    assert!(book.worksheet_formula("Actions").unwrap().is_empty(), "no formula in the workbook");
    let found = read(&write_csv(&table).unwrap(), "x.csv").unwrap();
    assert_eq!(rows(&found, 1, cells.len()), cells);
}

#[test]
fn x1_numbers_stay_numbers() {
    let numbers = vec![vec![Cell::Number(-5.0), Cell::Number(0.5), Cell::text("-5")]];
    let csv = String::from_utf8(write_csv(&table(numbers.clone())).unwrap()).unwrap();
    assert!(csv.ends_with("-5,0.5,-5\r\n"), "{csv:?}");
    check(&numbers);
}

#[test]
fn dates_are_real_dates() {
    let day = |text: &str| Cell::date(text.parse::<NaiveDate>().unwrap());
    check(&[
        vec![Cell::text("a"), day("2026-04-03"), Cell::Number(1.0)],
        vec![Cell::Empty, day("1900-03-01"), Cell::Empty],
        vec![
            Cell::text("line one\nline two"),
            Cell::Date(moment("2026-10-25T01:30:00")),
            Cell::Bool(true),
        ],
    ]);
    let early = table(vec![vec![day("1899-12-30")]]);
    let found = read(&write_xlsx(&early).unwrap(), "x.xlsx").unwrap();
    assert_eq!(found.sheets[0].rows[1].cell(0), &Cell::text("1899-12-30"), "Excel has no such day");
}

#[test]
fn text_that_looks_like_something_else_stays_text() {
    let texts = [
        "007",
        "1e5",
        "TRUE",
        "03/04/2026",
        "_x000D_",
        " padded ",
        "a_x0041_b",
        "#REF!",
        "<b>&amp;",
    ];
    check(&texts.map(|text| vec![Cell::text(text)]));
}

#[test]
fn a_workbook_has_neutral_properties_and_a_readable_heading() {
    let table = Table { title: "a/b*?[]: Øst".to_owned(), ..table(vec![vec![Cell::text("x")]]) };
    let bytes = write_xlsx(&table).unwrap();
    assert_eq!(bytes, write_xlsx(&table).unwrap(), "the same content makes the same file");
    assert_eq!(read(&bytes, "x").unwrap().sheets[0].name, "a b Øst");
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let core = part("docProps/core.xml");
    assert!(
        core.contains("<dc:creator>Panel</dc:creator>") && core.contains("2000-01-01"),
        "{core}"
    );
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:A2\""));
    assert!(part("xl/styles.xml").contains("<b/>"), "headings are bold");
}

#[test]
fn a_text_that_no_cell_holds_is_named() {
    let rows = vec![vec![Cell::text("x")], vec![Cell::text("x".repeat(32_768))]];
    let expected = WriteError::CellTooLong { row: 2, heading: "Heading 0".to_owned() };
    assert_eq!(write_xlsx(&table(rows)), Err(expected));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        "[\\PC\n]{0,20}".prop_map(|text| Cell::text(text.as_str())),
        "['=+@| a1-]{1,6}".prop_map(|text| Cell::text(text.as_str())),
        (-1_000_000..1_000_000_i32).prop_map(|number| Cell::Number(f64::from(number) / 8.0)),
        (0..60_000_i64).prop_map(|days| {
            let first = NaiveDate::from_ymd_opt(1901, 1, 1).unwrap();
            Cell::date(first + chrono::Duration::days(days))
        }),
        any::<bool>().prop_map(Cell::Bool),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_table_comes_back(rows in prop::collection::vec(prop::collection::vec(any_cell(), 3), 1..6)) {
        check(&rows);
    }
}
