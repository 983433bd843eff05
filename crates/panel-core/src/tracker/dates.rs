//! UK dates as people type them into a tracker: `3/4/26`, `03.04.2026`, `3 Apr 2026`, ISO dates and
//! real Excel dates. The day comes first; nothing is ever swapped, guessed or completed.

use super::sheet::Cell;
use crate::time::month_named;
use chrono::{Datelike, Months, NaiveDate, Weekday};

/// What a date is for: this decides the range it must lie in and how two-digit years are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A birth date: from 1900 to today. A two-digit year that would lie in the future is 19yy.
    Birth,
    /// Something that happened or was planned: from 1990 to two years ahead.
    Event,
}

/// Why a cell is not a date that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No form of a date was found.
    #[error("is not a date as Panel reads them, such as 3/4/26, 03.04.2026 or 3 Apr 2026")]
    NotUnderstood,
    /// More than one date in one cell.
    #[error("holds two dates; keep one")]
    TwoDates,
    /// The month lies outside 1 to 12. Days and months are never swapped to make it fit.
    #[error("{0} is not a month; the day comes first, then the month")]
    NoSuchMonth(u32),
    /// The month does not have that day.
    #[error("{}", no_such_day(*.day, *.month, *.year))]
    NoSuchDay {
        /// The day that was typed.
        day: u32,
        /// The month, 1 to 12.
        month: u32,
        /// The full year.
        year: i32,
    },
    /// A year of one, three or more than four figures.
    #[error("the year must have two or four figures")]
    YearFigures,
    /// The weekday that was typed does not fall on that date.
    #[error("{} is a {}", long(*.0), .0.format("%A"))]
    WrongWeekday(NaiveDate),
    /// A plain number, which may or may not be what Excel counts days by.
    #[error("is the number {0}, not a date; format the cell as a date in Excel")]
    PlainNumber(String),
    /// Born after today.
    #[error("a birth date cannot be in the future")]
    FutureBirth,
    /// Outside the range that makes sense.
    #[error("must lie between {} and {}", long(*.first), long(*.last))]
    OutOfRange {
        /// First day taken.
        first: NaiveDate,
        /// Last day taken.
        last: NaiveDate,
    },
}

fn long(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn no_such_day(day: u32, month: u32, year: i32) -> String {
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        return format!("{day}/{month}/{year} is not a real date");
    };
    let last = first + Months::new(1) - chrono::Days::new(1);
    format!("{} has {} days, there is no day {day}", first.format("%B %Y"), last.day())
}

/// Reads the date in a cell; `None` when the cell is blank. `today` is the local date.
///
/// # Errors
/// [`DateError`] says what is wrong with it.
pub fn read(
    cell: &Cell,
    purpose: Purpose,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, DateError> {
    match cell.value() {
        blank if blank.is_blank() => Ok(None),
        Cell::Date(at) => within(at.date(), purpose, today).map(Some),
        Cell::Number(number) => Err(DateError::PlainNumber(number.to_string())),
        other => parse(&other.shown(), purpose, today).map(Some),
    }
}

/// Reads a date that was typed as text.
///
/// # Errors
/// [`DateError`] says what is wrong with it.
pub fn parse(text: &str, purpose: Purpose, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let atoms = atoms(text);
    let mut found = Vec::new();
    let mut rest = Vec::new();
    let mut at = atoms.as_slice();
    while let Some((first, after)) = at.split_first() {
        if let Some((typed, after)) = Typed::match_start(at) {
            found.push(typed);
            at = after;
        } else {
            rest.push(first);
            at = after;
        }
    }
    let [typed] = found.as_slice() else {
        return Err(if found.is_empty() { DateError::NotUnderstood } else { DateError::TwoDates });
    };
    let weekday = leftover(&rest)?;
    let day = within(typed.resolve(purpose, today)?, purpose, today)?;
    match weekday {
        Some(weekday) if weekday != day.weekday() => Err(DateError::WrongWeekday(day)),
        _ => Ok(day),
    }
}

fn within(day: NaiveDate, purpose: Purpose, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let (first_year, last) = match purpose {
        Purpose::Birth if day > today => return Err(DateError::FutureBirth),
        Purpose::Birth => (1900, today),
        Purpose::Event => (1990, today + Months::new(24)),
    };
    let first = NaiveDate::from_ymd_opt(first_year, 1, 1).unwrap_or(NaiveDate::MIN);
    if day < first || day > last { Err(DateError::OutOfRange { first, last }) } else { Ok(day) }
}

/// A run of figures, a word, or a mark between them.
#[derive(Debug, Clone, PartialEq)]
enum Atom {
    Figures(String),
    Word(String),
    Mark(char),
}

fn atoms(text: &str) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut joined = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        match (atoms.last_mut(), c) {
            (Some(Atom::Figures(run)), c) if joined && c.is_ascii_digit() => run.push(c),
            (Some(Atom::Word(run)), c) if joined && c.is_alphabetic() => run.push(c),
            (_, c) if c.is_ascii_digit() => atoms.push(Atom::Figures(c.to_string())),
            (_, c) if c.is_alphabetic() => atoms.push(Atom::Word(c.to_string())),
            (_, c) if c.is_whitespace() => {}
            (_, c) => atoms.push(Atom::Mark(c)),
        }
        joined = c.is_alphanumeric();
    }
    atoms
}

/// A date as it was typed, before its year is known.
#[derive(Debug, Clone)]
struct Typed {
    day: u32,
    month: u32,
    year: String,
}

impl Typed {
    /// The date at the start of `atoms`, with what follows it.
    fn match_start(atoms: &[Atom]) -> Option<(Self, &[Atom])> {
        use Atom::{Figures, Mark, Word};
        match atoms {
            [Figures(a), Mark(one), Figures(b), Mark(two), Figures(c), rest @ ..]
                if one == two && matches!(one, '/' | '.' | '-') =>
            {
                let typed = if a.len() == 4 { Self::new(c, b, a) } else { Self::new(a, b, c) };
                Some((typed?, rest))
            }
            [Figures(day), rest @ ..] => {
                let rest = skip(rest, &["st", "nd", "rd", "th"]);
                let rest = skip_mark(skip(rest, &["of"]));
                let [Word(name), rest @ ..] = rest else { return None };
                let [Figures(year), rest @ ..] = skip_mark(rest) else { return None };
                Some((Self::named(day, name, year)?, rest))
            }
            [Word(name), Figures(day), rest @ ..] => {
                let rest = skip_mark(skip(rest, &["st", "nd", "rd", "th"]));
                let [Figures(year), rest @ ..] = rest else { return None };
                Some((Self::named(day, name, year)?, rest))
            }
            _ => None,
        }
    }

    fn new(day: &str, month: &str, year: &str) -> Option<Self> {
        (day.len() <= 2 && month.len() <= 2).then_some(())?;
        Some(Self { day: day.parse().ok()?, month: month.parse().ok()?, year: year.to_owned() })
    }

    fn named(day: &str, name: &str, year: &str) -> Option<Self> {
        let month = month_named(name)?;
        Self::new(day, &month.to_string(), year)
    }

    fn resolve(&self, purpose: Purpose, today: NaiveDate) -> Result<NaiveDate, DateError> {
        if !(1..=12).contains(&self.month) {
            return Err(DateError::NoSuchMonth(self.month));
        }
        let typed: i32 = self.year.parse().map_err(|_| DateError::YearFigures)?;
        match self.year.len() {
            4 => self.in_year(typed),
            2 => match self.in_year(2000 + typed) {
                // Only a birth date can be meant for the last century: 29/2/96 is one as well.
                Ok(day) if purpose == Purpose::Birth && day > today => self.in_year(1900 + typed),
                Err(_) if purpose == Purpose::Birth && 2000 + typed > today.year() => {
                    self.in_year(1900 + typed)
                }
                other => other,
            },
            _ => Err(DateError::YearFigures),
        }
    }

    fn in_year(&self, year: i32) -> Result<NaiveDate, DateError> {
        NaiveDate::from_ymd_opt(year, self.month, self.day).ok_or(DateError::NoSuchDay {
            day: self.day,
            month: self.month,
            year,
        })
    }
}

fn skip<'a>(atoms: &'a [Atom], words: &[&str]) -> &'a [Atom] {
    match atoms {
        [Atom::Word(word), rest @ ..] if words.contains(&word.as_str()) => rest,
        other => other,
    }
}

fn skip_mark(atoms: &[Atom]) -> &[Atom] {
    match atoms {
        [Atom::Mark('-' | '/' | '.' | ','), rest @ ..] => rest,
        other => other,
    }
}

/// What may stand around a date: a weekday, which is returned, and a time of day.
fn leftover(rest: &[&Atom]) -> Result<Option<Weekday>, DateError> {
    let mut weekday = None;
    let mut clock = false;
    let mut figures = false;
    for atom in rest {
        match atom {
            Atom::Word(word) if weekday.is_none() && is_weekday(word) => {
                weekday = word.parse().ok();
            }
            Atom::Word(word) if ["t", "z", "am", "pm", "at"].contains(&word.as_str()) => {}
            Atom::Mark(':') => clock = true,
            Atom::Mark(',' | '.') => {}
            Atom::Figures(run) if run.len() <= 6 => figures = true,
            _ => return Err(DateError::NotUnderstood),
        }
    }
    if figures == clock { Ok(weekday) } else { Err(DateError::NotUnderstood) }
}

fn is_weekday(word: &str) -> bool {
    word.len() >= 3
        && ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .iter()
            .any(|name| name.starts_with(word))
}

#[cfg(test)]
mod tests;
