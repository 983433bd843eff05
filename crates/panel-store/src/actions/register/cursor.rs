//! Where a page ended, in a form that fits into a link.

use chrono::NaiveDate;
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, CaseId};
use std::fmt;
use std::str::FromStr;

/// A part of a list that is ordered by something coarse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// What one agency owes.
    Agency(AgencyId),
    /// What stands somewhere.
    Status(StatusFilter),
    /// What belongs to a case.
    InCase,
    /// The panel's own business.
    WithoutCase,
}

/// What a line is ordered by within its part, before its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A date.
    Day(NaiveDate),
    /// A case.
    Case(CaseId),
    /// Nothing but the id.
    Id,
}

/// The last line of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The part it was in.
    pub part: Part,
    /// What it was ordered by.
    pub key: Key,
    /// Which it was.
    pub id: ActionId,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the mark of a page")]
pub struct NotACursor;

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("all"),
            Self::Agency(agency) => write!(f, "agency.{agency}"),
            Self::Status(status) => write!(f, "status.{}", status.code()),
            Self::InCase => f.write_str("cases"),
            Self::WithoutCase => f.write_str("rest"),
        }
    }
}

impl FromStr for Part {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        match text.split_once('.') {
            Some(("agency", id)) => id.parse().map(Self::Agency).map_err(|_| NotACursor),
            Some(("status", code)) => {
                StatusFilter::from_code(code).map(Self::Status).map_err(|_| NotACursor)
            }
            None if text == "all" => Ok(Self::Whole),
            None if text == "cases" => Ok(Self::InCase),
            None if text == "rest" => Ok(Self::WithoutCase),
            _ => Err(NotACursor),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", self.part)?;
        match self.key {
            Key::Day(day) => write!(f, "d{day}")?,
            Key::Case(case) => write!(f, "c{case}")?,
            Key::Id => f.write_str("i")?,
        }
        write!(f, "_{}", self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        // A part may hold the same mark, so the text is taken apart from its end.
        let (rest, id) = text.rsplit_once('_').ok_or(NotACursor)?;
        let (part, key) = rest.rsplit_once('_').ok_or(NotACursor)?;
        let key = match key.split_at_checked(1) {
            Some(("d", day)) => Key::Day(day.parse().map_err(|_| NotACursor)?),
            Some(("c", case)) => Key::Case(case.parse().map_err(|_| NotACursor)?),
            Some(("i", "")) => Key::Id,
            _ => return Err(NotACursor),
        };
        Ok(Self { part: part.parse()?, key, id: id.parse().map_err(|_| NotACursor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use panel_core::id::Id;
    use uuid::Uuid;

    #[test]
    fn a_cursor_survives_a_link() {
        let id = ActionId::from_uuid(Uuid::from_u128(7));
        let day = Key::Day(NaiveDate::from_ymd_opt(2026, 4, 3).unwrap());
        for (part, key) in [
            (Part::Whole, day),
            (Part::Agency(AgencyId::from_uuid(Uuid::from_u128(8))), day),
            (Part::Status(StatusFilter::InProgress), day),
            (Part::InCase, Key::Case(CaseId::from_uuid(Uuid::from_u128(9)))),
            (Part::WithoutCase, Key::Id),
        ] {
            let cursor = Cursor { part, key, id };
            assert_eq!(cursor.to_string().parse(), Ok(cursor), "{cursor}");
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        for text in ["", "all", "all_d2026-13-01_x", "status.late_i_x", "é_é_é", "all_é_é"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }
}
