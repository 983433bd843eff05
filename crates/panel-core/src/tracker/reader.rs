//! Reads one row by its mapping and collects everything that is wrong with it.

use super::agencies::Agencies;
use super::dates::{self, DateError, Purpose};
use super::fields::Field;
use super::mapping::SheetMapping;
use super::remark::{BadKind, BadRow, Place, Warning, WarningKind};
use super::sheet::{Cell, Row, Sheet, column_letters};
use super::status::{YesNo, is_unknown_word, yes_no};
use crate::text::{EmailAddress, Line, LongNote, TextError};
use chrono::NaiveDate;

/// The longest value that a remark repeats, in characters.
const SHOWN_VALUE: usize = 80;

/// One row being read. Every problem is kept, so that the reader sees all of them at once.
pub(super) struct RowReader<'a> {
    sheet: &'a SheetMapping,
    row: &'a Row,
    today: NaiveDate,
    pub(super) bad: Vec<BadRow>,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> RowReader<'a> {
    /// Starts on a row and remarks on what concerns the row as a whole.
    pub(super) fn new(
        sheet: &'a Sheet,
        mapping: &'a SheetMapping,
        row: &'a Row,
        today: NaiveDate,
    ) -> Self {
        let (bad, warnings) = (Vec::new(), Vec::new());
        let mut reader = Self { sheet: mapping, row, today, bad, warnings };
        reader.remark_on_formulas();
        reader.remark_on_stray_values(sheet.separated);
        reader
    }

    fn remark_on_formulas(&mut self) {
        for column in self.sheet.columns.iter().filter(|column| column.field.is_some()) {
            let cell = self.row.cell(column.column);
            if !cell.is_formula() {
                continue;
            }
            let taken = if column.field == Some(Field::Notes) || cell.value().is_formula() {
                format!("the formula {} is kept as text", cell.shown())
            } else {
                format!("the value {} of a formula is taken", cell.value().shown())
            };
            let place = self.place_at(column.column, Some(&column.heading));
            self.warnings.push(Warning { place, kind: WarningKind::Formula, words: taken });
        }
    }

    fn remark_on_stray_values(&mut self, separated: bool) {
        for (index, cell) in self.row.cells.iter().enumerate() {
            let headed = self.sheet.columns.iter().any(|column| column.column == index);
            if headed || cell.is_blank() {
                continue;
            }
            let place = self.place_at(index, None);
            if separated {
                let reason = "the row has more values than there are headings".to_owned();
                self.bad.push(BadRow { place, kind: BadKind::Shifted, reason });
            } else {
                let words = "stands in a column without heading and is not read".to_owned();
                self.warnings.push(Warning { place, kind: WarningKind::LeftOut, words });
            }
        }
    }

    fn place_at(&self, column: usize, heading: Option<&str>) -> Place {
        let shown = self.row.cell(column).shown().chars().take(SHOWN_VALUE).collect::<String>();
        Place {
            sheet: self.sheet.sheet.clone(),
            row: self.row.number,
            column: Some(column_letters(column)),
            heading: heading.map(str::to_owned),
            value: shown.trim().to_owned(),
        }
    }

    /// Where the value of a field stands; the row alone when no column has it.
    pub(super) fn place(&self, field: Field) -> Place {
        match self.sheet.column(field) {
            Some(column) => self.place_at(column.column, Some(&column.heading)),
            None => Place {
                sheet: self.sheet.sheet.clone(),
                row: self.row.number,
                column: None,
                heading: None,
                value: String::new(),
            },
        }
    }

    pub(super) fn reject(&mut self, field: Field, kind: BadKind, reason: impl Into<String>) {
        let place = self.place(field);
        self.bad.push(BadRow { place, kind, reason: reason.into() });
    }

    pub(super) fn warn(&mut self, field: Field, kind: WarningKind, words: impl Into<String>) {
        let place = self.place(field);
        self.warnings.push(Warning { place, kind, words: words.into() });
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.sheet.column(field).is_some()
    }

    fn cell(&self, field: Field) -> &'a Cell {
        let column = self.sheet.column(field).map_or(usize::MAX, |column| column.column);
        self.row.cell(column)
    }

    /// What a reader sees in the cell, with blanks of every kind made single.
    pub(super) fn words(&self, field: Field) -> String {
        let shown = self.cell(field).value().shown();
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// One line of text; line breaks within the cell become blanks.
    pub(super) fn line<const MAX: usize>(&mut self, field: Field) -> Option<Line<MAX>> {
        let words = self.words(field);
        self.checked(field, Line::parse(&words))
    }

    /// An address, whose line breaks become commas.
    pub(super) fn address<const MAX: usize>(&mut self, field: Field) -> Option<Line<MAX>> {
        let shown = self.cell(field).value().shown();
        let lines = shown.lines().map(|line| line.trim().trim_end_matches(','));
        let joined = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
        self.checked(field, Line::parse(&joined))
    }

    /// Text of several lines. A formula stands as its own text, since nobody meant its result.
    pub(super) fn notes(&mut self, field: Field) -> Option<LongNote> {
        let shown = self.cell(field).shown();
        self.checked(field, LongNote::parse(&shown))
    }

    fn checked<T>(&mut self, field: Field, parsed: Result<T, TextError>) -> Option<T> {
        match parsed {
            Ok(text) => Some(text),
            Err(TextError::Empty) => None,
            Err(error) => {
                self.reject(field, BadKind::BadText, error.to_string());
                None
            }
        }
    }

    /// A mail address; a wrong one makes the row bad.
    pub(super) fn email(&mut self, field: Field) -> Option<EmailAddress> {
        match EmailAddress::parse(&self.words(field)) {
            Ok(email) => Some(email),
            Err(TextError::Empty) => None,
            Err(error) => {
                self.reject(field, BadKind::BadEmail, error.to_string());
                None
            }
        }
    }

    /// A date, which may be left empty or be said not to be known.
    pub(super) fn date(&mut self, field: Field, purpose: Purpose) -> Option<NaiveDate> {
        match dates::read(self.cell(field), purpose, self.today) {
            Ok(Some(day)) => {
                if day > self.today {
                    self.warn(field, WarningKind::OddDate, "lies in the future");
                }
                Some(day)
            }
            Ok(None) => None,
            Err(DateError::NotUnderstood)
                if purpose == Purpose::Birth && is_unknown_word(&self.words(field)) =>
            {
                self.warn(field, WarningKind::LeftOut, "is taken as not known");
                None
            }
            Err(error) => {
                self.reject_date(field, &error);
                None
            }
        }
    }

    /// A date that every row needs.
    pub(super) fn required_date(&mut self, field: Field) -> Option<NaiveDate> {
        if self.words(field).is_empty() {
            self.reject(field, BadKind::Missing, format!("“{field}” is missing"));
            return None;
        }
        self.date(field, Purpose::Event)
    }

    /// The date in a cell, or what is wrong with it, without a remark.
    pub(super) fn try_date(&self, field: Field) -> Result<Option<NaiveDate>, DateError> {
        dates::read(self.cell(field), Purpose::Event, self.today)
    }

    pub(super) fn reject_date(&mut self, field: Field, error: &DateError) {
        let kind = match error {
            DateError::TwoDates => BadKind::TwoDates,
            DateError::NoSuchMonth(_) | DateError::NoSuchDay { .. } => BadKind::ImpossibleDate,
            DateError::FutureBirth => BadKind::FutureDob,
            DateError::OutOfRange { .. } => BadKind::DateOutOfRange,
            _ => BadKind::UnclearDate,
        };
        self.reject(field, kind, error.to_string());
    }

    /// The answer in a yes-or-no column; words that are neither are left out with a warning.
    pub(super) fn yes_no(&mut self, field: Field) -> Option<bool> {
        match yes_no(&self.words(field)) {
            YesNo::Answer(answer) => Some(answer),
            YesNo::NotKnown => None,
            YesNo::Unclear => {
                self.warn(field, WarningKind::LeftOut, "is neither yes nor no and is left out");
                None
            }
        }
    }

    /// A value that decides nothing: what is not understood is left out with a warning. `what` is
    /// what it should be, with its article.
    pub(super) fn known<T>(
        &mut self,
        field: Field,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let words = self.words(field);
        let found = parse(&words);
        if found.is_none() && !words.is_empty() && !is_unknown_word(&words) {
            let said = format!("is not {what} that Panel knows and is left out");
            self.warn(field, WarningKind::LeftOut, said);
        }
        found
    }

    /// The key of the agency that the row names.
    pub(super) fn agency(
        &mut self,
        agencies: &Agencies,
        email: Option<&EmailAddress>,
    ) -> Option<String> {
        let words = self.words(Field::Agency);
        if words.is_empty() {
            self.reject(Field::Agency, BadKind::Missing, "the agency is missing");
            return None;
        }
        if let Some(found) = agencies.find(&words) {
            return Some(found.key.clone());
        }
        let mut reason = "is not an agency that Panel knows".to_owned();
        let domain = email.map(EmailAddress::folded);
        let domain = domain.as_deref().and_then(|email| email.rsplit_once('@'));
        if let Some((_, domain)) = domain
            && let Some(user) = agencies.of_domain(domain)
        {
            reason = format!("{reason}; {} writes from {domain}", user.name);
        } else if let Some(near) = agencies.nearest(&words) {
            reason = format!("{reason}; did you mean “{near}”?");
        }
        self.reject(Field::Agency, BadKind::UnknownAgency, reason);
        None
    }

    /// The row folded to one line, by which a row that stands twice is found.
    pub(super) fn content(&self) -> String {
        let cells = self.row.cells.iter().map(|cell| crate::text::fold(&cell.shown()));
        cells.collect::<Vec<_>>().join("\u{1f}").trim_end_matches('\u{1f}').to_owned()
    }
}
