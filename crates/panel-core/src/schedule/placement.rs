//! Where a slot meets: on its own day, or elsewhere when that is a bank holiday.

use crate::calendar::{BankHoliday, BankHolidays, NoHolidayData, Toward, is_weekend};
use crate::coded;
use crate::words;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A date that a rule laid out: the identity of its meeting for good, wherever the meeting moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slot(NaiveDate);

impl Slot {
    /// The slot of this date.
    pub const fn new(key: NaiveDate) -> Self {
        Self(key)
    }

    /// The date that the rule laid out; unique within a series.
    pub const fn key(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::weekday_date(self.0))
    }
}

coded! {
    /// What happens to a slot that falls on a bank holiday. A weekend is no bank holiday: whoever
    /// lays a slot on one is warned and gets what she asked for.
    pub enum HolidayPolicy: "bank holiday policy" {
        /// The slot stays, without a meeting.
        Skip = "skip" => "Skip the meeting",
        /// The last working day before.
        Earlier = "earlier" => "Move to the nearest working day before",
        /// The first working day after.
        Later = "later" => "Move to the nearest working day after",
        /// The same weekday, week by week until it is free.
        NextWeek = "next_week" => "Move to the same weekday of the next free week",
        /// The bank holiday itself.
        KeepAndWarn = "keep_and_warn" => "Keep the date and warn",
    }
}

/// A day that a meeting could not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayOff {
    /// A bank holiday.
    Holiday(BankHoliday),
    /// A Saturday or a Sunday, on the way to a working day.
    Weekend(NaiveDate),
}

/// What whoever plans the meeting should know. A warning never blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The meeting is on a bank holiday.
    OnHoliday(BankHoliday),
    /// The meeting is on a weekend.
    OnWeekend(NaiveDate),
    /// The meeting is past the loaded bank holidays, so its day may be one.
    NoHolidayData(NoHolidayData),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnHoliday(holiday) => {
                write!(f, "{} is {holiday}", words::weekday_date(holiday.on))
            }
            Self::OnWeekend(day) => {
                write!(f, "{} is not a working day", words::weekday_date(*day))
            }
            Self::NoHolidayData(NoHolidayData { day, last_year, .. }) => write!(
                f,
                "bank holidays are loaded up to {last_year} only, so {} may be one",
                words::weekday_date(*day)
            ),
        }
    }
}

/// Where one slot meets, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The slot.
    pub slot: Slot,
    /// The day of the meeting; none when the slot is skipped.
    pub meets_on: Option<NaiveDate>,
    /// The days that the meeting could not have, from the slot's own on, in the order tried.
    pub passed: Vec<DayOff>,
    /// What to know about the day it has.
    pub warnings: Vec<Warning>,
}

impl Planned {
    /// Whether the meeting is on another day than its slot.
    pub fn is_moved(&self) -> bool {
        self.meets_on.is_some_and(|day| day != self.slot.key())
    }

    /// Why the meeting is not on its slot's day, in words; none when it is.
    ///
    /// `moved from Monday 27 December 2021, Christmas Day (substitute day), past Monday 3 January
    /// 2022, New Year’s Day (substitute day)`.
    pub fn explanation(&self) -> Option<String> {
        let holidays: Vec<String> = self
            .passed
            .iter()
            .filter_map(|day| match day {
                DayOff::Holiday(day) => Some(format!("{}, {day}", words::weekday_date(day.on))),
                DayOff::Weekend(_) => None,
            })
            .collect();
        let (first, others) = holidays.split_first()?;
        let past = if others.is_empty() {
            String::new()
        } else {
            format!(", past {}", words::list(others))
        };
        match self.meets_on {
            Some(_) => Some(format!("moved from {first}{past}")),
            None => Some(format!("no meeting on {first}")),
        }
    }
}

/// Places one slot. Other slots are not looked at; [`super::Preview`] does that.
///
/// Past the loaded years no day is known to be a holiday: the meeting stays where the policy last
/// put it, with a warning.
pub fn place(slot: Slot, policy: HolidayPolicy, holidays: &BankHolidays) -> Planned {
    let key = slot.key();
    let day_off = |day: NaiveDate| match holidays.on(day) {
        Some(holiday) => Some(DayOff::Holiday(holiday.clone())),
        // Week by week the weekday stays what was asked for, be it a Saturday.
        None if policy == HolidayPolicy::NextWeek => None,
        None => is_weekend(day).then_some(DayOff::Weekend(day)),
    };
    let step = |day: &NaiveDate| match policy {
        HolidayPolicy::Earlier => Toward::Earlier.step(*day),
        HolidayPolicy::Later => Toward::Later.step(*day),
        HolidayPolicy::NextWeek => day.checked_add_days(Days::new(7)),
        HolidayPolicy::Skip | HolidayPolicy::KeepAndWarn => None,
    };
    let (meets_on, passed) = match holidays.on(key) {
        None => (Some(key), Vec::new()),
        Some(_) if policy == HolidayPolicy::KeepAndWarn => (Some(key), Vec::new()),
        Some(_) => {
            let mut passed = Vec::new();
            let free = std::iter::successors(Some(key), step).find(|day| match day_off(*day) {
                Some(off) => {
                    passed.push(off);
                    false
                }
                None => true,
            });
            (free, passed)
        }
    };
    let warnings = meets_on.map(|day| warnings(day, holidays)).unwrap_or_default();
    Planned { slot, meets_on, passed, warnings }
}

fn warnings(day: NaiveDate, holidays: &BankHolidays) -> Vec<Warning> {
    let on_holiday = holidays.on(day).cloned().map(Warning::OnHoliday);
    let on_weekend = is_weekend(day).then_some(Warning::OnWeekend(day));
    let (first_year, last_year) = (holidays.first_year(), holidays.last_year());
    let unknown = (!holidays.covers(day)).then_some(Warning::NoHolidayData(NoHolidayData {
        day,
        first_year,
        last_year,
    }));
    [on_holiday, on_weekend, unknown].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::day;
    use HolidayPolicy::{Earlier, KeepAndWarn, Later, NextWeek, Skip};

    fn placed(slot: &str, policy: HolidayPolicy) -> Planned {
        place(Slot::new(day(slot)), policy, BankHolidays::england_and_wales())
    }

    #[track_caller]
    fn check(slot: &str, policy: HolidayPolicy, expected: Option<&str>, why: Option<&str>) {
        let planned = placed(slot, policy);
        assert_eq!(planned.meets_on, expected.map(day), "{slot} {policy}");
        assert_eq!(planned.explanation().as_deref(), why, "{slot} {policy}");
        assert_eq!(planned.slot.key(), day(slot), "a slot never changes");
    }

    #[test]
    fn r16_a_slot_on_two_bank_holiday_mondays_moves_week_by_week_to_the_first_free_one() {
        check(
            "2021-12-27",
            NextWeek,
            Some("2022-01-10"),
            Some(
                "moved from Monday 27 December 2021, Christmas Day (substitute day), \
                 past Monday 3 January 2022, New Year’s Day (substitute day)",
            ),
        );
        check(
            "2022-12-26",
            NextWeek,
            Some("2023-01-09"),
            Some(
                "moved from Monday 26 December 2022, Boxing Day, \
                 past Monday 2 January 2023, New Year’s Day (substitute day)",
            ),
        );
    }

    #[test]
    fn each_policy_places_easter_monday() {
        let monday = "2026-04-06";
        let moved = Some("moved from Monday 6 April 2026, Easter Monday");
        check(monday, Skip, None, Some("no meeting on Monday 6 April 2026, Easter Monday"));
        check(monday, Later, Some("2026-04-07"), moved);
        check(monday, NextWeek, Some("2026-04-13"), moved);
        check(monday, KeepAndWarn, Some(monday), None);
        check(
            monday,
            Earlier,
            Some("2026-04-02"),
            Some(
                "moved from Monday 6 April 2026, Easter Monday, past Friday 3 April 2026, Good Friday",
            ),
        );
    }

    #[test]
    fn a_run_of_holidays_and_a_weekend_is_passed_in_either_direction() {
        check(
            "2021-12-28",
            Earlier,
            Some("2021-12-24"),
            Some(
                "moved from Tuesday 28 December 2021, Boxing Day (substitute day), \
                 past Monday 27 December 2021, Christmas Day (substitute day)",
            ),
        );
        let tried = placed("2026-12-25", Later).passed;
        assert!(matches!(
            tried.as_slice(),
            [DayOff::Holiday(_), DayOff::Weekend(_), DayOff::Weekend(_), DayOff::Holiday(_)]
        ));
    }

    #[test]
    fn an_ordinary_day_stays_and_so_does_a_weekend_that_was_asked_for() {
        check("2026-04-16", Later, Some("2026-04-16"), None);
        check("2021-12-25", Later, Some("2021-12-25"), None);
        assert_eq!(placed("2026-04-16", Later).warnings, []);
        let warnings = placed("2021-12-25", Later).warnings;
        assert_eq!(warnings, [Warning::OnWeekend(day("2021-12-25"))]);
    }

    #[test]
    fn keeping_a_bank_holiday_warns_with_its_name() {
        let warnings = placed("2026-12-28", KeepAndWarn).warnings;
        let words: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(words, ["Monday 28 December 2026 is Boxing Day (substitute day)"]);
    }

    #[test]
    fn week_by_week_a_saturday_stays_a_saturday() {
        let dates = "2030-01-05 2030-02-01 2030-03-01 2030-04-01
                     2030-05-01 2030-06-03 2030-07-01 2030-08-01";
        let event = |date: &str| format!(r#"{{"title":"Closed","date":"{date}"}}"#);
        let events: Vec<String> = dates.split_whitespace().map(event).collect();
        let file = format!(r#"{{"england-and-wales":{{"events":[{}]}}}}"#, events.join(","));
        let holidays = BankHolidays::parse(&file).unwrap();
        let planned = place(Slot::new(day("2030-01-05")), NextWeek, &holidays);
        assert_eq!(planned.meets_on, Some(day("2030-01-12")));
    }

    #[test]
    fn past_the_loaded_holidays_the_plan_warns() {
        let planned = placed("2029-01-01", Later);
        assert_eq!(planned.meets_on, Some(day("2029-01-01")));
        assert!(matches!(planned.warnings.as_slice(), [Warning::NoHolidayData(_)]));
        let moved_past = placed("2028-12-25", NextWeek);
        assert_eq!(moved_past.meets_on, Some(day("2029-01-01")));
        assert!(matches!(moved_past.warnings.as_slice(), [Warning::NoHolidayData(_)]));
    }
}
