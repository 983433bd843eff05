//! Working days: all that reminders need to know of a calendar is whether a day is one.

use chrono::NaiveDate;

/// The longest run of closed days that is walked before the calendar is taken to be wrong. The
/// longest in the published calendar is four days; a wrong calendar must not hang the service.
const LONGEST_CLOSURE: usize = 60;

/// Knows which days are worked; the counts follow from that alone.
pub trait WorkingCalendar {
    /// Whether people are at work on `day`: no Saturday, no Sunday, no bank holiday. A day past the
    /// last loaded holiday year is judged by its weekday.
    fn is_working_day(&self, day: NaiveDate) -> bool;

    /// The `n`th working day after `from`, which is day 0 whether it is worked or not.
    fn working_days_after(&self, from: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(from, |day, _| nearest(self, step(day, Way::Later), Way::Later))
    }

    /// The `n`th working day before `from`, which is day 0 whether it is worked or not.
    fn working_days_before(&self, from: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(from, |day, _| nearest(self, step(day, Way::Earlier), Way::Earlier))
    }

    /// `day` itself when it is worked, else the last working day before it.
    fn on_or_before(&self, day: NaiveDate) -> NaiveDate {
        nearest(self, day, Way::Earlier)
    }

    /// `day` itself when it is worked, else the first working day after it.
    fn on_or_after(&self, day: NaiveDate) -> NaiveDate {
        nearest(self, day, Way::Later)
    }
}

#[derive(Clone, Copy)]
enum Way {
    Earlier,
    Later,
}

/// The next day that way; the ends of the calendar stay where they are.
fn step(day: NaiveDate, way: Way) -> NaiveDate {
    match way {
        Way::Earlier => day.pred_opt(),
        Way::Later => day.succ_opt(),
    }
    .unwrap_or(day)
}

fn nearest<C: WorkingCalendar + ?Sized>(calendar: &C, day: NaiveDate, way: Way) -> NaiveDate {
    std::iter::successors(Some(day), |day| Some(step(*day, way)))
        .take(LONGEST_CLOSURE)
        .find(|day| calendar.is_working_day(*day))
        .unwrap_or(day)
}

impl WorkingCalendar for crate::calendar::WorkingDays<'_> {
    fn is_working_day(&self, day: NaiveDate) -> bool {
        self.is_working(day).unwrap_or_else(|_| !crate::calendar::is_weekend(day))
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! The days around which rules are tested: weekends and the bank holidays of some seasons.

    use super::WorkingCalendar;
    use chrono::{Datelike, NaiveDate, Weekday};

    /// Weekends and a handful of real bank holidays of England and Wales.
    pub(crate) struct Sample;

    const HOLIDAYS: [(i32, u32, u32); 12] = [
        (2025, 12, 25),
        (2025, 12, 26),
        (2026, 1, 1),
        (2026, 4, 3),
        (2026, 4, 6),
        (2026, 5, 4),
        (2026, 5, 25),
        (2026, 8, 31),
        (2026, 12, 25),
        (2026, 12, 28),
        (2027, 1, 1),
        (2027, 3, 26),
    ];

    impl WorkingCalendar for Sample {
        fn is_working_day(&self, day: NaiveDate) -> bool {
            !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
                && !HOLIDAYS.contains(&(day.year(), day.month(), day.day()))
        }
    }

    /// A date written `2026-04-03`.
    #[track_caller]
    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{Sample, day};
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(from: &str, n: i32, expected: &str) {
        let from = day(from);
        let found = if n < 0 {
            Sample.working_days_before(from, n.unsigned_abs())
        } else {
            Sample.working_days_after(from, n.unsigned_abs())
        };
        assert_eq!(found, day(expected), "{n} from {from}");
    }

    #[test]
    fn the_day_counted_from_is_day_nought_even_when_nobody_works_on_it() {
        check("2026-03-08", -1, "2026-03-06");
        check("2026-03-08", 1, "2026-03-09");
        check("2026-03-08", 0, "2026-03-08");
    }

    #[test]
    fn easter_and_christmas_are_stepped_over() {
        check("2026-04-07", -1, "2026-04-02");
        check("2026-04-02", 1, "2026-04-07");
        check("2025-12-29", -1, "2025-12-24");
        check("2025-12-24", 5, "2026-01-05");
    }

    #[test]
    fn a_calendar_without_any_working_day_ends_the_walk() {
        struct Closed;
        impl WorkingCalendar for Closed {
            fn is_working_day(&self, _: NaiveDate) -> bool {
                false
            }
        }
        assert_eq!(Closed.on_or_before(day("2026-03-08")), day("2026-03-08"));
        assert_eq!(Sample.on_or_after(NaiveDate::MAX), NaiveDate::MAX);
    }

    proptest! {
        #[test]
        fn counting_back_undoes_counting_forward(offset in 0i64..1500, n in 0u32..40) {
            let from = Sample.on_or_after(day("2025-01-01") + chrono::Duration::days(offset));
            let there = Sample.working_days_after(from, n);
            prop_assert!(Sample.is_working_day(there));
            prop_assert_eq!(Sample.working_days_before(there, n), from);
        }
    }
}
