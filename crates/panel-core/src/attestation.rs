//! Each quarter the lead of an agency confirms that its people still work there and still need access.

use crate::coded;
use crate::words;
use chrono::{Datelike, Days, Months, NaiveDate};
use std::fmt;

/// Days after the first of a quarter on which an agency is still in time.
pub const DAYS: u64 = 28;

coded! {
    /// What a lead says of one of the agency's people.
    pub enum Said: "answer about a person" {
        /// The person works there and needs access.
        StillHere = "still_here" => "Still here",
        /// The person has left, or needs access no more.
        HasLeft = "has_left" => "Has left",
    }
}

/// A quarter of a year, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter(NaiveDate);

impl Quarter {
    /// The quarter in which a day lies.
    pub fn of(day: NaiveDate) -> Self {
        let first = day.month0() / 3 * 3 + 1;
        Self(NaiveDate::from_ymd_opt(day.year(), first, 1).unwrap_or(day))
    }

    /// Its first day, by which it is kept.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        let next = self.0.checked_add_months(Months::new(3));
        next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// The last day on which an agency confirms in time.
    pub fn due(self) -> NaiveDate {
        self.0.checked_add_days(Days::new(DAYS - 1)).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Quarter {
    /// Such as `1 April 2026 to 30 June 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", words::date(self.first()), words::date(self.last()))
    }
}

/// How far an agency has come in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All its people are confirmed.
    Done,
    /// Somebody is still to be confirmed, by this day.
    Due(NaiveDate),
    /// Somebody is still to be confirmed, and this was the last day.
    Overdue(NaiveDate),
}

/// How far an agency has come on `today` with so many people still to be confirmed.
pub fn standing(unconfirmed: usize, today: NaiveDate) -> Standing {
    let due = Quarter::of(today).due();
    match unconfirmed {
        0 => Standing::Done,
        _ if today <= due => Standing::Due(due),
        _ => Standing::Overdue(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_lies_in_one_quarter() {
        for (of, first, last) in [
            ("2026-01-01", "2026-01-01", "2026-03-31"),
            ("2028-02-29", "2028-01-01", "2028-03-31"),
            ("2026-03-31", "2026-01-01", "2026-03-31"),
            ("2026-04-01", "2026-04-01", "2026-06-30"),
            ("2026-09-30", "2026-07-01", "2026-09-30"),
            ("2026-12-31", "2026-10-01", "2026-12-31"),
        ] {
            let quarter = Quarter::of(day(of));
            assert_eq!((quarter.first(), quarter.last()), (day(first), day(last)), "{of}");
        }
        assert_eq!(Quarter::of(day("2026-05-05")).to_string(), "1 April 2026 to 30 June 2026");
    }

    #[track_caller]
    fn check(today: &str, unconfirmed: usize, expected: Standing) {
        assert_eq!(standing(unconfirmed, day(today)), expected, "{today}");
    }

    #[test]
    fn an_agency_is_in_time_for_twenty_eight_days() {
        let due = day("2026-04-28");
        check("2026-04-01", 1, Standing::Due(due));
        check("2026-04-28", 9, Standing::Due(due));
        check("2026-04-29", 1, Standing::Overdue(due));
        check("2026-06-30", 1, Standing::Overdue(due));
        check("2026-07-01", 1, Standing::Due(day("2026-07-28")));
        check("2026-04-29", 0, Standing::Done);
        check("2028-02-29", 1, Standing::Overdue(day("2028-01-28")));
    }
}
