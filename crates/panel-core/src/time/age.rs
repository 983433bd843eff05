//! Ages and calendar months on local dates.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The age at which a person is no longer a child.
const ADULT_AT: u32 = 18;

/// The age in whole years on `day`, or none before birth.
///
/// A person attains an age at the start of the anniversary of the birth (Family Law Reform Act 1969,
/// section 9). Who was born on 29 February attains it on 1 March in a common year, which is the
/// general practice in England and Wales and keeps a child a child for one day more.
pub fn age_on(born: NaiveDate, day: NaiveDate) -> Option<u32> {
    day.years_since(born)
}

/// When a person was born, as far as it matters to whether she is a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Birth {
    /// Expected, and flagged so.
    Unborn,
    /// On this date.
    On(NaiveDate),
}

impl Birth {
    /// Whether the person counts as a child at a meeting on `day`: under 18, or flagged unborn.
    pub fn is_child_on(self, day: NaiveDate) -> bool {
        match self {
            Self::Unborn => true,
            Self::On(born) => age_on(born, day).is_none_or(|age| age < ADULT_AT),
        }
    }
}

/// The same day of the month `months` later, or the month's last day where it has no such day:
/// 29 February 2028 and twelve months give 28 February 2029.
pub fn add_months_clamped(day: NaiveDate, months: u16) -> NaiveDate {
    day.checked_add_months(Months::new(months.into())).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::day;

    #[track_caller]
    fn check_child(born: &str, meeting: &str, expected: bool) {
        assert_eq!(Birth::On(day(born)).is_child_on(day(meeting)), expected, "{born} {meeting}");
    }

    #[test]
    fn a_child_is_an_adult_from_the_start_of_the_eighteenth_birthday() {
        check_child("2008-04-16", "2026-04-15", true);
        check_child("2008-04-16", "2026-04-16", false);
    }

    #[test]
    fn born_on_29_february_an_age_is_attained_on_1_march_of_a_common_year() {
        check_child("2008-02-29", "2026-02-28", true);
        check_child("2008-02-29", "2026-03-01", false);
        assert_eq!(age_on(day("2008-02-29"), day("2028-02-28")), Some(19));
        assert_eq!(age_on(day("2008-02-29"), day("2028-02-29")), Some(20));
    }

    #[test]
    fn unborn_children_are_children_by_flag_or_by_date() {
        assert!(Birth::Unborn.is_child_on(day("2026-04-16")));
        check_child("2026-06-01", "2026-04-16", true);
        assert_eq!(age_on(day("2026-06-01"), day("2026-04-16")), None);
    }

    #[test]
    fn months_clamp_to_the_end_of_a_short_one() {
        let add = |from, months| add_months_clamped(day(from), months);
        assert_eq!(add("2028-02-29", 12), day("2029-02-28"));
        assert_eq!(add("2024-02-29", 48), day("2028-02-29"));
        assert_eq!(add("2026-01-31", 1), day("2026-02-28"));
        assert_eq!(add("2026-12-31", 2), day("2027-02-28"));
        assert_eq!(add_months_clamped(NaiveDate::MAX, 1), NaiveDate::MAX);
    }
}
