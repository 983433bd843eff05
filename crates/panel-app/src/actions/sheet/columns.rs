//! The columns of the file.

use crate::actions::register::Row;
use crate::random::hex;
use chrono::NaiveDate;
use panel_core::coded::Coded;
use panel_core::text::fold;
use panel_core::tracker::dates::{self, Purpose};
use panel_core::tracker::sheet::{Cell, Row as SheetRow};
use panel_sheets::{Column, Width};
use sha2::{Digest, Sha256};

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Col {
    Id,
    Version,
    Case,
    Person,
    Text,
    Approach,
    Agency,
    Owner,
    Set,
    First,
    Due,
    Word,
    Status,
    Reported,
    Outcome,
    Overdue,
    Note,
}

impl Col {
    pub(super) const ALL: [Self; 17] = [
        Self::Id,
        Self::Version,
        Self::Case,
        Self::Person,
        Self::Text,
        Self::Approach,
        Self::Agency,
        Self::Owner,
        Self::Set,
        Self::First,
        Self::Due,
        Self::Word,
        Self::Status,
        Self::Reported,
        Self::Outcome,
        Self::Overdue,
        Self::Note,
    ];

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Id => "Action ID",
            Self::Version => "Version",
            Self::Case => "Case",
            Self::Person => "Person",
            Self::Text => "Action",
            Self::Approach => "Approach",
            Self::Agency => "Agency",
            Self::Owner => "Owner",
            Self::Set => "Set on",
            Self::First => "First due date",
            Self::Due => "Due date",
            Self::Word => "Due date as written",
            Self::Status => "Status",
            Self::Reported => "Reported on",
            Self::Outcome => "Outcome or reason",
            Self::Overdue => "Overdue",
            Self::Note => "New note",
        }
    }

    const fn is_date(self) -> bool {
        matches!(self, Self::Set | Self::First | Self::Due | Self::Reported)
    }

    pub(super) fn column(self) -> Column {
        Column::new(self.heading(), if self.is_date() { Width::Date } else { Width::Text })
    }

    /// Whether its value follows from the others or from the day, so that nobody edits it.
    const fn follows(self) -> bool {
        matches!(self, Self::Version | Self::Overdue)
    }

    /// What an action has in this column.
    fn value(self, row: &Row) -> Cell {
        let line = &row.line;
        let text = |text: &str| Cell::text(text);
        let date = |day: Option<NaiveDate>| day.map_or(Cell::Empty, Cell::date);
        match self {
            Self::Id => text(&line.id.to_string()),
            Self::Version | Self::Note => Cell::Empty,
            Self::Case => text(line.reference.as_deref().unwrap_or_default()),
            Self::Person => {
                let name = |part: &Option<String>| part.clone().unwrap_or_default();
                text(format!("{} {}", name(&line.forename), name(&line.surname)).trim())
            }
            Self::Text => text(&line.text),
            Self::Approach => text(line.approach.map_or("", Coded::label)),
            Self::Agency => text(line.agency_name.as_deref().unwrap_or_default()),
            Self::Owner => text(line.owner_name().unwrap_or_default()),
            Self::Set => date(Some(line.set_on)),
            Self::First => date(line.original_due),
            Self::Due => date(line.due),
            Self::Word => text(&line.due_word),
            Self::Status => text(row.status.label()),
            Self::Reported => date(line.reported_on),
            Self::Outcome if line.outcome.is_empty() => text(&line.reason),
            Self::Outcome => text(&line.outcome),
            Self::Overdue => text(if row.overdue { "Overdue" } else { "" }),
        }
    }

    /// A cell of this column in one form, however the file holds it.
    pub(super) fn plain(self, cell: &Cell, today: NaiveDate) -> String {
        if self.is_date() {
            if let Cell::Date(at) = cell.value() {
                return at.date().to_string();
            }
            let typed = cell.shown();
            if let Ok(day) = typed.trim().parse::<NaiveDate>() {
                return day.to_string();
            }
            if let Ok(Some(day)) = dates::read(cell, Purpose::Event, today) {
                return day.to_string();
            }
        }
        cell.shown().replace("\r\n", "\n").trim().to_owned()
    }
}

/// The cells of an action, its version with the mark of all others.
pub(super) fn cells(row: &Row, today: NaiveDate) -> Vec<Cell> {
    let values: Vec<Cell> = Col::ALL.iter().map(|col| col.value(row)).collect();
    let plain = Col::ALL.iter().zip(&values).map(|(col, cell)| (*col, col.plain(cell, today)));
    let version = format!("{}-{}", row.line.version, mark(plain));
    let put = |(col, cell): (&Col, Cell)| match col {
        Col::Version => Cell::text(version.as_str()),
        _ => cell,
    };
    Col::ALL.iter().zip(values).map(put).collect()
}

/// A mark by which a row that nobody edited is known.
pub(super) fn mark(cells: impl Iterator<Item = (Col, String)>) -> String {
    let mut digest = Sha256::new();
    for (_, text) in cells.filter(|(col, _)| !col.follows()) {
        digest.update(text.as_bytes());
        digest.update([0x1f]);
    }
    hex(&digest.finalize()).chars().take(8).collect()
}

/// Where each column stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout(Vec<(Col, usize)>);

impl Layout {
    /// Finds the columns by their headings; none when a row holds no id and version.
    pub(super) fn find(headings: &SheetRow) -> Option<Self> {
        let folded: Vec<String> = headings.cells.iter().map(|cell| fold(&cell.shown())).collect();
        let at = |col: &Col| {
            let wanted = fold(col.heading());
            folded.iter().position(|heading| *heading == wanted).map(|place| (*col, place))
        };
        let found: Vec<(Col, usize)> = Col::ALL.iter().filter_map(at).collect();
        let has = |wanted: Col| found.iter().any(|(col, _)| *col == wanted);
        (has(Col::Id) && has(Col::Version)).then_some(Self(found))
    }

    pub(super) fn place(&self, col: Col) -> Option<usize> {
        self.0.iter().find(|(found, _)| *found == col).map(|(_, place)| *place)
    }

    pub(super) fn cell<'r>(&self, row: &'r SheetRow, col: Col) -> Option<&'r Cell> {
        self.place(col).map(|place| row.cell(place))
    }

    /// What the row has in a column, in one form; none when the file lacks the column.
    pub(super) fn plain(&self, row: &SheetRow, col: Col, today: NaiveDate) -> Option<String> {
        self.cell(row, col).map(|cell| col.plain(cell, today))
    }

    /// Whether the row is as it went out, by its own mark.
    pub(super) fn is_unedited(&self, row: &SheetRow, today: NaiveDate) -> bool {
        let version = self.plain(row, Col::Version, today).unwrap_or_default();
        let Some((_, marked)) = version.split_once('-') else { return false };
        let plain: Option<Vec<(Col, String)>> = Col::ALL
            .iter()
            .map(|col| {
                if col.follows() {
                    return Some((*col, String::new()));
                }
                self.plain(row, *col, today).map(|text| (*col, text))
            })
            .collect();
        plain.is_some_and(|plain| mark(plain.into_iter()) == marked)
    }
}
