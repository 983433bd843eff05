//! The London zone: from a local time to an instant and back.

use crate::coded;
use crate::words;
use chrono::{
    DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta,
    TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

/// The zone of every panel.
pub const LONDON: Tz = Tz::Europe__London;

/// The name of [`LONDON`], as it is stored with a series.
pub const ZONE: &str = "Europe/London";

/// No clock change of London's, ever, left out more than two hours.
const LONGEST_GAP_MINUTES: i64 = 120;

/// What a local time in London stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTime {
    /// One instant, as on nearly every day.
    Exact(DateTime<Utc>),
    /// None: the clocks went forward over it.
    Gap {
        /// The last whole minute on the clock before the gap.
        before: NaiveDateTime,
        /// The first minute on the clock after it.
        after: NaiveDateTime,
    },
    /// Two: the clocks went back over it.
    Fold {
        /// The first time round, in summer time.
        first: DateTime<Utc>,
        /// The second time round.
        second: DateTime<Utc>,
    },
}

coded! {
    /// Which of the two is meant when a local time comes twice.
    pub enum Repeated: "choice" {
        /// The first time round, in summer time.
        First = "first" => "The first, before the clocks go back",
        /// The second time round.
        Second = "second" => "The second, after the clocks went back",
    }
}

/// A local time that was typed and does not stand for one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// The clocks go forward over it.
    #[error(
        "{} does not exist because the clocks go forward; the nearest times are {} and {}",
        words::date_time(*entered), words::time(before.time()), words::time(after.time())
    )]
    Gap {
        /// What was typed.
        entered: NaiveDateTime,
        /// The nearest time before.
        before: NaiveDateTime,
        /// The nearest time after.
        after: NaiveDateTime,
    },
    /// The clocks go back over it.
    #[error(
        "{} comes twice because the clocks go back; choose the first or the second",
        words::date_time(*entered)
    )]
    Fold {
        /// What was typed.
        entered: NaiveDateTime,
        /// The first time round, in summer time.
        first: DateTime<Utc>,
        /// The second time round.
        second: DateTime<Utc>,
    },
}

/// What a local time in London stands for: one instant, none or two.
pub fn resolve(local: NaiveDateTime) -> LocalTime {
    match LONDON.from_local_datetime(&local) {
        MappedLocalTime::Single(instant) => LocalTime::Exact(instant.to_utc()),
        MappedLocalTime::Ambiguous(first, second) => {
            LocalTime::Fold { first: first.to_utc(), second: second.to_utc() }
        }
        MappedLocalTime::None => {
            let minute = local.with_second(0).and_then(|l| l.with_nanosecond(0)).unwrap_or(local);
            let beside = |step: i64| nearest_on_the_clock(minute, TimeDelta::minutes(step));
            LocalTime::Gap { before: beside(-1), after: beside(1) }
        }
    }
}

fn nearest_on_the_clock(local: NaiveDateTime, step: TimeDelta) -> NaiveDateTime {
    std::iter::successors(Some(local), |at| at.checked_add_signed(step))
        .zip(0..=LONGEST_GAP_MINUTES)
        .map(|(at, _)| at)
        .find(|at| LONDON.from_local_datetime(at).earliest().is_some())
        .unwrap_or(local)
}

/// The instant of a local time that a person typed.
///
/// # Errors
/// [`LocalTimeError::Gap`] with the two nearest times, or [`LocalTimeError::Fold`] while `which` is
/// not given.
pub fn resolve_entered(
    entered: NaiveDateTime,
    which: Option<Repeated>,
) -> Result<DateTime<Utc>, LocalTimeError> {
    match (resolve(entered), which) {
        (LocalTime::Exact(instant), _)
        | (LocalTime::Fold { first: instant, .. }, Some(Repeated::First))
        | (LocalTime::Fold { second: instant, .. }, Some(Repeated::Second)) => Ok(instant),
        (LocalTime::Gap { before, after }, _) => {
            Err(LocalTimeError::Gap { entered, before, after })
        }
        (LocalTime::Fold { first, second }, None) => {
            Err(LocalTimeError::Fold { entered, first, second })
        }
    }
}

/// The instant of a local time, whatever the clocks do: reckoned as though they had not changed yet.
///
/// A missing 1:30am becomes 2:30am summer time and a repeated one is the first of the two, as
/// RFC 5545 asks of calendars, so that a meeting shows at one time here and in every calendar.
pub fn resolve_leniently(local: NaiveDateTime) -> DateTime<Utc> {
    match resolve(local) {
        LocalTime::Exact(instant) | LocalTime::Fold { first: instant, .. } => instant,
        LocalTime::Gap { before, .. } => match resolve(before) {
            LocalTime::Exact(start) | LocalTime::Fold { first: start, .. } => {
                start + (local - before)
            }
            // Only at the very ends of the calendar, where the zone means nothing.
            LocalTime::Gap { .. } => local.and_utc(),
        },
    }
}

/// The one instant at which a daily job set for `at` runs on `date`.
pub fn daily_run(date: NaiveDate, at: NaiveTime) -> DateTime<Utc> {
    resolve_leniently(date.and_time(at))
}

/// The local time of an instant.
pub fn local(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&LONDON).naive_local()
}

/// The local date of an instant.
pub fn local_date(instant: DateTime<Utc>) -> NaiveDate {
    local(instant).date()
}

/// The instant cut to microseconds: what both databases keep.
pub fn to_micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

/// The last instant that is still in time for a deadline on `date`: the hour itself where one is
/// given, else the last microsecond before local midnight.
pub fn last_instant(date: NaiveDate, at: Option<NaiveTime>) -> DateTime<Utc> {
    match (at, date.succ_opt()) {
        (Some(at), _) => resolve_leniently(date.and_time(at)),
        (None, Some(next)) => {
            resolve_leniently(next.and_time(NaiveTime::MIN)) - TimeDelta::microseconds(1)
        }
        (None, None) => DateTime::<Utc>::MAX_UTC,
    }
}

/// Whether something received at `received` makes the limit that [`last_instant`] gave.
pub fn is_in_time(received: DateTime<Utc>, limit: DateTime<Utc>) -> bool {
    to_micros(received) <= limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, local as at, london, utc};
    use chrono::Datelike;

    #[test]
    fn r13_ten_on_wednesdays_is_ten_local_on_both_sides_of_each_change() {
        let hours = ["2026-03-25", "2026-04-01", "2026-10-21", "2026-10-28"].map(|date| {
            let instant = london(&format!("{date} 10:00"));
            assert_eq!(local(instant), at(&format!("{date} 10:00")));
            instant.hour()
        });
        assert_eq!(hours, [10, 9, 9, 10]);
    }

    /// How often a job runs that is looked at every minute and runs when its instant has passed
    /// since the last look, over three local days around `date`.
    fn runs_on(date: NaiveDate, set_for: NaiveTime) -> usize {
        let start = last_instant(date.pred_opt().unwrap().pred_opt().unwrap(), None);
        let due: Vec<_> =
            date.pred_opt().unwrap().iter_days().take(3).map(|d| daily_run(d, set_for)).collect();
        (0..3 * 25 * 60)
            .map(|minute| start + TimeDelta::minutes(minute))
            .flat_map(|look| {
                let minute = TimeDelta::minutes(1);
                due.iter().filter(move |run| (look..look + minute).contains(run))
            })
            .filter(|run| local_date(**run) == date)
            .count()
    }

    #[test]
    fn r14_a_daily_job_at_01_30_runs_exactly_once_when_the_hour_is_absent_or_doubled() {
        let half_past_one = NaiveTime::from_hms_opt(1, 30, 0).unwrap();
        for date in ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25"] {
            assert_eq!(runs_on(day(date), half_past_one), 1, "{date}");
        }
        assert_eq!(daily_run(day("2026-03-29"), half_past_one), utc("2026-03-29T01:30:00Z"));
        assert_eq!(daily_run(day("2026-10-25"), half_past_one), utc("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn a_missing_time_is_refused_with_the_two_nearest() {
        let error = resolve_entered(at("2027-03-28 01:30"), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "1:30am on Sunday 28 March 2027 does not exist because the clocks go forward; \
             the nearest times are 12:59am and 2am"
        );
        for real in ["2027-03-28 00:59", "2027-03-28 02:00"] {
            assert!(resolve_entered(at(real), None).is_ok(), "{real}");
        }
        assert!(resolve_entered(at("2027-03-28 01:00"), Some(Repeated::First)).is_err());
    }

    #[test]
    fn a_repeated_time_asks_which() {
        let entered = at("2027-10-31 01:30");
        let (first, second) = (utc("2027-10-31T00:30:00Z"), utc("2027-10-31T01:30:00Z"));
        assert_eq!(
            resolve_entered(entered, None),
            Err(LocalTimeError::Fold { entered, first, second })
        );
        assert_eq!(resolve_entered(entered, Some(Repeated::First)), Ok(first));
        assert_eq!(resolve_entered(entered, Some(Repeated::Second)), Ok(second));
    }

    #[test]
    fn the_zone_constant_and_its_stored_name_agree() {
        assert_eq!(LONDON.name(), ZONE);
    }

    #[test]
    fn a_local_date_turns_over_at_local_midnight() {
        assert_eq!(local_date(utc("2026-07-01T22:59:59Z")), day("2026-07-01"));
        assert_eq!(local_date(utc("2026-07-01T23:00:00Z")), day("2026-07-02"));
        assert_eq!(local_date(utc("2026-12-31T23:59:59Z")), day("2026-12-31"));
    }

    #[test]
    fn a_limit_is_its_hour_or_else_the_end_of_the_local_day() {
        let five = NaiveTime::from_hms_opt(17, 0, 0);
        assert_eq!(last_instant(day("2026-07-01"), five), utc("2026-07-01T16:00:00Z"));
        let limit = last_instant(day("2026-07-01"), None);
        assert_eq!(limit, utc("2026-07-01T22:59:59.999999Z"));
        assert!(is_in_time(utc("2026-07-01T22:59:59.999999999Z"), limit));
        assert!(!is_in_time(utc("2026-07-01T23:00:00Z"), limit));
    }

    #[test]
    fn instants_are_cut_not_rounded() {
        let cut = to_micros(utc("2026-07-01T10:00:00.123456789Z"));
        assert_eq!(cut, utc("2026-07-01T10:00:00.123456Z"));
    }

    #[test]
    fn the_ends_of_the_calendar_do_no_harm() {
        for extreme in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            assert_eq!(resolve_leniently(extreme).year(), extreme.year());
        }
        assert_eq!(last_instant(NaiveDate::MAX, None), DateTime::<Utc>::MAX_UTC);
    }
}
