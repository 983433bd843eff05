//! From bytes to preview: the acceptance cases of import, and its speed.
#![cfg(test)]

use chrono::NaiveDate;
use panel_core::tracker::headings::recognise;
use panel_core::tracker::preview::{Preview, preview};
use panel_core::tracker::sheet::Cell;
use panel_sheets::{Column, Table, Width, read, write_csv, write_xlsx};
use std::time::{Duration, Instant};

const HEADINGS: [&str; 7] =
    ["Ref", "Date received", "Referring agency", "Surname", "Forename", "DOB", "Perp address"];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    let columns = HEADINGS.map(|heading| Column::new(heading, Width::Text)).to_vec();
    Table { title: "Referrals".to_owned(), columns, rows }
}

/// A good row, with one cell changed.
fn row(number: usize, column: usize, cell: Cell) -> Vec<Cell> {
    let reference = format!("P26/{number:03}");
    let mut cells: Vec<Cell> =
        [reference.as_str(), "3/4/26", "Police", "WARD", "Lee", "10/12/1962", "96 Station Road"]
            .map(Cell::text)
            .to_vec();
    cells[column] = cell;
    cells
}

fn import(bytes: &[u8]) -> Preview {
    let workbook = read(bytes, "referrals").unwrap();
    preview(&workbook, &recognise(&workbook), &[], day(2026, 9, 1)).unwrap()
}

/// The same table as a workbook and as a CSV file.
fn import_both(table: &Table) -> [Preview; 2] {
    [import(&write_xlsx(table).unwrap()), import(&write_csv(table).unwrap())]
}

#[test]
fn x4_forty_rows_with_five_bad_list_all_five_with_row_and_column() {
    let spoiled = [
        (3, 1, "31/02/2026"),
        (9, 3, ""),
        (17, 5, "01/01/2031"),
        (18, 2, "??"),
        (39, 1, "3/4/26 or 10/4/26"),
    ];
    let rows = (0..40).map(|number| match spoiled.iter().find(|(at, ..)| *at == number) {
        Some((_, column, text)) => row(number, *column, Cell::text(*text)),
        None => row(number, 4, Cell::text(format!("Lee {number}"))),
    });
    for found in import_both(&table(rows.collect())) {
        let cells = |bad: &panel_core::tracker::remark::BadRow| {
            format!("{}{}", bad.place.column.clone().unwrap(), bad.place.row)
        };
        let places: Vec<String> = found.bad.iter().map(cells).collect();
        assert_eq!(places, ["B5", "D11", "F19", "C20", "B41"]);
        assert_eq!((found.referrals.len(), found.counts.bad_rows), (35, 5));
        assert!(found.bad.iter().all(|bad| !bad.reason.is_empty()));
    }
}

#[test]
fn x5_one_day_written_in_three_ways_is_one_day() {
    let written = [Cell::text("03/04/2026"), Cell::date(day(2026, 4, 3)), Cell::text("2026-04-03")];
    let rows = written.into_iter().enumerate().map(|(number, cell)| row(number, 1, cell));
    for found in import_both(&table(rows.collect())) {
        let days: Vec<NaiveDate> = found.referrals.iter().map(|draft| draft.received).collect();
        assert_eq!(days, [day(2026, 4, 3); 3]);
    }
}

#[test]
fn x5_days_and_months_are_not_swapped_silently() {
    let rows = vec![row(1, 1, Cell::text("13/04/2026")), row(2, 1, Cell::text("04/13/2026"))];
    for found in import_both(&table(rows)) {
        assert_eq!(found.referrals[0].received, day(2026, 4, 13));
        let bad = &found.bad[0];
        assert_eq!((bad.place.row, bad.place.value.as_str()), (3, "04/13/2026"));
        assert_eq!(bad.reason, "13 is not a month; the day comes first, then the month");
    }
}

#[test]
fn x7_names_of_every_kind_are_imported_unchanged() {
    let names = ["O'Neill", "Siân", "D’Arcy", "Nguyễn", "李", "Hughes-Parry", "'t Hooft"];
    let rows = names.iter().enumerate().map(|(number, name)| row(number, 3, Cell::text(*name)));
    for found in import_both(&table(rows.collect())) {
        let surnames: Vec<&str> =
            found.referrals.iter().map(|draft| draft.subject.surname.as_str()).collect();
        assert_eq!(surnames, names);
    }
}

/// A log of ten thousand referrals of some four thousand people with few names.
fn long_log() -> Table {
    let surnames = ["WARD", "HILL", "O'NEILL", "HUGHES-PARRY", "NOWAK", "CLARKE", "EVANS", "KHAN"];
    let forenames = ["Lee", "Marcus", "Siôn", "Piotr", "Amina", "Stephen", "Leigh", "Gareth"];
    let agencies = ["Police", "NPS", "CSC", "Hsg", "IDVA", "Mental Health"];
    let rows = (0..10_000_usize).map(|number| {
        let person = number * 7 % 4_001;
        let born = day(1950, 1, 1) + chrono::Duration::days(i64::try_from(person * 5).unwrap());
        vec![
            Cell::text(format!("P{number}")),
            Cell::text("3/4/26"),
            Cell::text(agencies[number % agencies.len()]),
            Cell::text(surnames[person % surnames.len()]),
            Cell::text(forenames[person / 8 % forenames.len()]),
            Cell::text(born.format("%-d/%-m/%Y").to_string()),
            Cell::text(format!("{} Mill Road", person % 90)),
        ]
    });
    table(rows.collect())
}

#[test]
fn ten_thousand_rows_take_seconds() {
    let bytes = write_xlsx(&long_log()).unwrap();
    let started = Instant::now();
    let found = import(&bytes);
    let taken = started.elapsed();
    assert_eq!((found.referrals.len(), found.counts.people), (10_000, 4_001));
    assert!(taken < Duration::from_mins(1), "{taken:?} without optimisation");
}
