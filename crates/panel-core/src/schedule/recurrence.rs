//! The dates of a rule from a first day to an end. Expansion knows no holidays and no clock time.

use super::{MonthDay, Pattern, Rule};
use crate::time::add_months_clamped;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU16;

/// A series is expanded for at most fifty years, so that a rule that never matches comes to an end.
const HORIZON_MONTHS: u16 = 600;

/// When a series ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum End {
    /// It goes on; expansion stops fifty years after the first day.
    Never,
    /// After this day, which still counts.
    Until(NaiveDate),
    /// After so many dates.
    #[cfg_attr(feature = "openapi", schema(value_type = u16))]
    Count(NonZeroU16),
}

/// A rule between its first day and its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// The rule.
    pub rule: Rule,
    /// The first day; the first date is the first one on or after it that the rule chooses.
    pub from: NaiveDate,
    /// The end.
    pub end: End,
}

/// A month that has no such day and is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissedDay {
    /// The first of the month.
    pub month: NaiveDate,
    /// The day that the month lacks.
    pub wanted: MonthDay,
}

impl Recurrence {
    /// The dates, in order and without end unless the series has one; worked out as they are taken.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let last = self.last_day();
        let count = match self.end {
            End::Count(count) => usize::from(count.get()),
            End::Never | End::Until(_) => usize::MAX,
        };
        self.periods(last)
            .flat_map(|first| self.rule.days(first))
            .filter(move |day| self.from <= *day && *day <= last)
            .take(count)
    }

    /// The months in which a chosen day is missing and passed over, in order, for a form to name.
    pub fn missed_days(&self) -> impl Iterator<Item = MissedDay> + '_ {
        let last = match self.end {
            End::Count(_) => self.dates().last().unwrap_or(self.from),
            End::Never | End::Until(_) => self.last_day(),
        };
        let on: &[MonthDay] = match self.rule.pattern() {
            Pattern::Months { on, .. } => on,
            Pattern::Weeks { .. } => &[],
        };
        self.periods(last).flat_map(move |month| {
            on.iter()
                .filter(move |wanted| wanted.of_month(month).is_none())
                .map(move |wanted| MissedDay { month, wanted: *wanted })
        })
    }

    fn last_day(&self) -> NaiveDate {
        let horizon = add_months_clamped(self.from, HORIZON_MONTHS);
        match self.end {
            End::Until(until) => until.min(horizon),
            End::Never | End::Count(_) => horizon,
        }
    }

    /// The first days of the weeks or months that count, up to `last`.
    fn periods(&self, last: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        (0..).map_while(|k| self.rule.period(self.from, k)).take_while(move |first| *first <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::count;
    use crate::time::testing::{day, days};
    use chrono::Weekday::{self, Fri, Mon, Sun, Thu, Tue};

    fn weekly(every: u8, on: &[Weekday], week_start: Weekday) -> Rule {
        Rule::check(Pattern::Weeks { every, on: on.to_vec(), week_start }).unwrap()
    }

    fn monthly(every: u8, on: &[MonthDay]) -> Rule {
        Rule::check(Pattern::Months { every, on: on.to_vec() }).unwrap()
    }

    fn series(rule: Rule, from: &str, n: u16) -> Recurrence {
        Recurrence { rule, from: day(from), end: count(n) }
    }

    #[track_caller]
    fn check(rule: Rule, from: &str, expected: &str) {
        let expected = days(expected);
        let count = u16::try_from(expected.len()).unwrap();
        assert_eq!(series(rule, from, count).dates().collect::<Vec<_>>(), expected);
    }

    fn nth(n: u8, weekday: Weekday) -> MonthDay {
        MonthDay::Nth { n, weekday }
    }

    fn nth_last(n: u8, weekday: Weekday) -> MonthDay {
        MonthDay::NthLast { n, weekday }
    }

    #[test]
    fn r1_first_friday_monthly() {
        check(
            monthly(1, &[nth(1, Fri)]),
            "1997-09-05",
            "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02
             1998-02-06 1998-03-06 1998-04-03 1998-05-01 1998-06-05",
        );
    }

    #[test]
    fn r2_second_last_monday_monthly() {
        check(
            monthly(1, &[nth_last(2, Mon)]),
            "1997-09-22",
            "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16",
        );
    }

    #[test]
    fn r4_the_missing_30_february_is_skipped_not_moved() {
        check(
            monthly(1, &[MonthDay::Day(15), MonthDay::Day(30)]),
            "2007-01-15",
            "2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30",
        );
    }

    #[test]
    fn r5_second_and_fifteenth_monthly() {
        check(
            monthly(1, &[MonthDay::Day(15), MonthDay::Day(2)]),
            "1997-09-02",
            "1997-09-02 1997-09-15 1997-10-02 1997-10-15 1997-11-02
             1997-11-15 1997-12-02 1997-12-15 1998-01-02 1998-01-15",
        );
    }

    #[test]
    fn r7_every_other_week_on_two_days_with_weeks_from_sunday() {
        check(
            weekly(2, &[Tue, Thu], Sun),
            "1997-09-02",
            "1997-09-02 1997-09-04 1997-09-16 1997-09-18
             1997-09-30 1997-10-02 1997-10-14 1997-10-16",
        );
    }

    #[test]
    fn r8_the_week_start_decides_which_sunday_belongs_to_a_tuesday() {
        let from = "1997-08-05";
        check(weekly(2, &[Tue, Sun], Mon), from, "1997-08-05 1997-08-10 1997-08-19 1997-08-24");
        check(weekly(2, &[Tue, Sun], Sun), from, "1997-08-05 1997-08-17 1997-08-19 1997-08-31");
    }

    #[test]
    fn r10_first_and_last_sunday_every_other_month() {
        check(
            monthly(2, &[nth(1, Sun), nth_last(1, Sun)]),
            "1997-09-07",
            "1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04
             1998-01-25 1998-03-01 1998-03-29 1998-05-03 1998-05-31",
        );
    }

    #[test]
    fn r11_the_31st_misses_months_and_the_form_can_say_which_and_offer_the_last_day() {
        let rule = monthly(1, &[MonthDay::Day(31)]);
        let dates = "2026-01-31 2026-03-31 2026-05-31 2026-07-31 2026-08-31";
        check(rule.clone(), "2026-01-31", dates);
        assert!(rule.misses_months());
        let missed: Vec<NaiveDate> =
            series(rule, "2026-01-31", 5).missed_days().map(|missed| missed.month).collect();
        assert_eq!(missed, days("2026-02-01 2026-04-01 2026-06-01"));
        assert_eq!(MonthDay::Day(31).in_every_month(), Some(MonthDay::LastDay));
        let last_days = "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31";
        check(monthly(1, &[MonthDay::LastDay]), "2026-01-31", last_days);
    }

    #[test]
    fn a_fifth_weekday_is_passed_over_like_a_missing_day() {
        check(monthly(1, &[nth(5, Thu)]), "2026-01-01", "2026-01-29 2026-04-30 2026-07-30");
        check(monthly(1, &[nth_last(5, Thu)]), "2026-01-01", "2026-01-01 2026-04-02 2026-07-02");
    }

    #[test]
    fn the_31st_and_the_last_day_of_one_month_are_one_date() {
        let rule = monthly(1, &[MonthDay::Day(31), MonthDay::LastDay]);
        check(rule, "2026-01-01", "2026-01-31 2026-02-28 2026-03-31");
    }

    #[test]
    fn leap_days_and_year_ends_are_dates_like_any_other() {
        check(monthly(12, &[MonthDay::Day(29)]), "2028-02-01", "2028-02-29 2032-02-29");
        check(monthly(1, &[MonthDay::LastDay]), "2028-02-01", "2028-02-29 2028-03-31");
        check(weekly(4, &[Thu], Mon), "2026-12-31", "2026-12-31 2027-01-28 2027-02-25");
        check(weekly(1, &[Tue], Mon), "2028-02-22", "2028-02-22 2028-02-29 2028-03-07");
    }

    #[test]
    fn the_first_date_is_the_first_match_on_or_after_the_first_day() {
        check(weekly(2, &[Mon], Mon), "2026-04-01", "2026-04-13 2026-04-27");
        check(monthly(3, &[nth(1, Fri)]), "2026-04-04", "2026-07-03 2026-10-02");
    }

    #[test]
    fn an_end_date_still_counts_and_one_before_the_start_leaves_nothing() {
        let until = |until: &str| {
            let rule = weekly(1, &[Thu], Mon);
            Recurrence { rule, from: day("2026-04-02"), end: End::Until(day(until)) }
                .dates()
                .count()
        };
        assert_eq!([until("2026-04-16"), until("2026-04-15"), until("2026-04-01")], [3, 2, 0]);
    }

    #[test]
    fn a_series_without_end_stops_fifty_years_on_even_if_it_never_matches() {
        let endless = |rule| Recurrence { rule, from: day("2027-02-01"), end: End::Never };
        let weekly = endless(weekly(1, &[Mon], Mon));
        assert_eq!(weekly.dates().last(), Some(day("2077-02-01")));
        assert_eq!(endless(monthly(12, &[MonthDay::Day(30)])).dates().next(), None);
        let edge = Recurrence { from: NaiveDate::MAX, ..weekly };
        assert!(edge.dates().count() <= 1);
    }

    #[test]
    fn the_stored_form_is_stable_and_a_count_of_nought_cannot_be_read() {
        let json = r#"{"rule":{"unit":"weeks","every":4,"on":["Thu"],"week_start":"Mon"},"from":"2026-01-08","end":{"count":13}}"#;
        let read: Recurrence = serde_json::from_str(json).unwrap();
        assert_eq!(read, series(weekly(4, &[Thu], Mon), "2026-01-08", 13));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert!(serde_json::from_str::<Recurrence>(&json.replace("13", "0")).is_err());
        assert!(serde_json::from_str::<End>(r#""never""#).is_ok());
        assert!(serde_json::from_str::<End>(r#"{"until":"2026-12-31"}"#).is_ok());
    }
}
