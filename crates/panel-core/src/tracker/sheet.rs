//! Plain cells: what a spreadsheet or a CSV file holds once its bytes are understood.
//!
//! Rows carry the number that Excel shows beside them, so that every remark can point at a place
//! the reader finds again.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as it was typed, blanks around it included.
    Text(Box<str>),
    /// A number without a date format.
    Number(f64),
    /// A real date, at midnight unless a time was given.
    Date(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
    /// A formula, which is never worked out here.
    Formula(Box<Formula>),
}

/// A formula and what the spreadsheet program last made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Formula {
    /// The formula with its equals sign, such as `=SUM(A1)`.
    pub text: String,
    /// The value that was saved beside it; [`Cell::Empty`] when none was.
    pub value: Cell,
}

static EMPTY: Cell = Cell::Empty;

impl Cell {
    /// A text cell, or an empty one for an empty text.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A date cell.
    pub fn date(day: NaiveDate) -> Self {
        Self::Date(day.and_time(NaiveTime::MIN))
    }

    /// Whether a reader would call the cell empty.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || c == '\u{feff}'),
            _ => false,
        }
    }

    /// Whether the cell holds a formula.
    pub fn is_formula(&self) -> bool {
        matches!(self, Self::Formula(_))
    }

    /// The value that was saved with a formula, where there is one; else the cell itself.
    pub fn value(&self) -> &Self {
        match self {
            Self::Formula(formula) if !formula.value.is_blank() => &formula.value,
            other => other,
        }
    }

    /// The cell as a reader sees it: whole numbers without a point, dates as day/month/year, a
    /// formula as its own text.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(at) if at.time() == NaiveTime::MIN => {
                Cow::Owned(at.format("%d/%m/%Y").to_string())
            }
            Self::Date(at) => Cow::Owned(at.format("%d/%m/%Y %H:%M").to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
            Self::Formula(formula) => Cow::Borrowed(&formula.text),
        }
    }
}

/// One row that holds something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The number Excel shows beside it, from 1.
    pub number: u32,
    /// The cells from column A on, up to the last that holds something.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column, counted from 0; an empty one past the end.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }
}

/// One sheet: its rows in order, those without any content left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// The name on its tab, or the name of the CSV file.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Whether it comes from separated text, where a value too many means that the row is shifted.
    pub separated: bool,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Workbook {
    /// The sheets in the order of their tabs.
    pub sheets: Vec<Sheet>,
}

/// The letters Excel shows over a column counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    loop {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ".get(left % 26).copied().map_or('A', char::from));
        if left < 26 {
            break;
        }
        left = left / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_excel_letters_them() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn a_cell_is_shown_as_a_reader_sees_it() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 3).unwrap();
        let sum = Formula { text: "=SUM(A1)".to_owned(), value: Cell::Number(2.0) };
        for (cell, shown) in [
            (Cell::Number(3.0), "3"),
            (Cell::Number(0.5), "0.5"),
            (Cell::date(day), "03/04/2026"),
            (Cell::Date(day.and_hms_opt(9, 30, 0).unwrap()), "03/04/2026 09:30"),
            (Cell::Bool(true), "TRUE"),
            (Cell::Formula(Box::new(sum.clone())), "=SUM(A1)"),
            (Cell::text(""), ""),
        ] {
            assert_eq!(cell.shown(), shown);
        }
        assert_eq!(Cell::Formula(Box::new(sum)).value(), &Cell::Number(2.0));
        assert!(Cell::text(" \u{a0}").is_blank());
    }

    #[test]
    fn a_cell_stays_small() {
        assert!(size_of::<Cell>() <= 24, "a large file is held in memory");
    }
}
