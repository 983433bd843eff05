//! London time: local dates are the truth, instants are UTC, and ages follow the law.
//!
//! A meeting keeps its local date and time; the instant is worked out from them and from the zone.
//! Twice a year that is not plain: an hour is missing in March and one comes twice in October.
//! [`resolve`] says which, [`resolve_entered`] refuses or asks, [`resolve_leniently`] always answers.

mod age;
mod month;
mod zone;

pub use age::{Birth, add_months_clamped, age_on};
pub use month::month_named;
pub use zone::{
    LONDON, LocalTime, LocalTimeError, Repeated, ZONE, daily_run, is_in_time, last_instant, local,
    local_date, resolve, resolve_entered, resolve_leniently, to_micros,
};

#[cfg(test)]
pub(crate) mod testing {
    //! Dates, times and working days as tests write them.

    use crate::calendar::{BankHolidays, WorkingDays};
    use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

    /// The date `2026-04-03`.
    #[track_caller]
    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The dates in a text such as `2026-04-03 2026-04-10`.
    #[track_caller]
    pub(crate) fn days(text: &str) -> Vec<NaiveDate> {
        text.split_whitespace().map(day).collect()
    }

    /// The local time `2026-04-03 17:00`.
    #[track_caller]
    pub(crate) fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    /// The instant of a London time such as `2026-04-03 17:00`.
    #[track_caller]
    pub(crate) fn london(text: &str) -> DateTime<Utc> {
        super::resolve_leniently(local(text))
    }

    /// The instant `2026-04-03T16:00:00Z`.
    #[track_caller]
    pub(crate) fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Working days over the built-in bank holidays.
    pub(crate) fn working_days() -> WorkingDays<'static> {
        WorkingDays::new(BankHolidays::england_and_wales())
    }
}
