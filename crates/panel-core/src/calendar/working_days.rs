//! Counting in working days: Monday to Friday, less the bank holidays.

use super::BankHolidays;
use crate::words;
use chrono::{Datelike, NaiveDate, Weekday};

/// A day outside the loaded years had to be known as working or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} is outside the loaded bank holidays ({first_year} to {last_year}), \
     so working days cannot be counted there", words::date(*day)
)]
pub struct NoHolidayData {
    /// The day that was needed.
    pub day: NaiveDate,
    /// The first loaded year.
    pub first_year: i32,
    /// The last loaded year.
    pub last_year: i32,
}

/// A direction in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Back in time.
    Earlier,
    /// On in time.
    Later,
}

impl Toward {
    /// The day beside `day`, or none at the end of the calendar.
    pub(crate) fn step(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Earlier => day.pred_opt(),
            Self::Later => day.succ_opt(),
        }
    }
}

/// Whether `day` is a Saturday or a Sunday.
pub fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Working days over one list of bank holidays.
///
/// A count starts from a day that is day 0 and need not be a working day itself. Every method fails
/// with [`NoHolidayData`] when it has to know of a weekday outside the loaded years.
#[derive(Debug, Clone, Copy)]
pub struct WorkingDays<'a> {
    holidays: &'a BankHolidays,
}

impl<'a> WorkingDays<'a> {
    /// Working days that leave out these bank holidays.
    pub const fn new(holidays: &'a BankHolidays) -> Self {
        Self { holidays }
    }

    /// The bank holidays left out.
    pub const fn holidays(self) -> &'a BankHolidays {
        self.holidays
    }

    /// Whether `day` is worked. A weekend is not, whatever years are loaded.
    pub fn is_working(self, day: NaiveDate) -> Result<bool, NoHolidayData> {
        if is_weekend(day) {
            return Ok(false);
        }
        if !self.holidays.covers(day) {
            return Err(self.no_data(day));
        }
        Ok(self.holidays.on(day).is_none())
    }

    /// The working day nearest to `day` in one direction; `day` itself when it is worked.
    pub fn nearest(self, day: NaiveDate, toward: Toward) -> Result<NaiveDate, NoHolidayData> {
        let mut day = day;
        while !self.is_working(day)? {
            day = toward.step(day).ok_or_else(|| self.no_data(day))?;
        }
        Ok(day)
    }

    /// The first working day after `day`.
    pub fn next(self, day: NaiveDate) -> Result<NaiveDate, NoHolidayData> {
        self.count(day, 1, Toward::Later)
    }

    /// The last working day before `day`.
    pub fn previous(self, day: NaiveDate) -> Result<NaiveDate, NoHolidayData> {
        self.count(day, 1, Toward::Earlier)
    }

    /// The `count`th working day after `day`; `day` itself for 0.
    pub fn add(self, day: NaiveDate, count: u16) -> Result<NaiveDate, NoHolidayData> {
        self.count(day, count, Toward::Later)
    }

    /// The `count`th working day before `day`; `day` itself for 0.
    pub fn subtract(self, day: NaiveDate, count: u16) -> Result<NaiveDate, NoHolidayData> {
        self.count(day, count, Toward::Earlier)
    }

    /// How many working days lie after `from`, up to and including `to`; 0 when `to` is not later.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> Result<u32, NoHolidayData> {
        let mut worked = 0;
        for day in from.iter_days().skip(1).take_while(|day| *day <= to) {
            worked += u32::from(self.is_working(day)?);
        }
        Ok(worked)
    }

    fn count(self, day: NaiveDate, count: u16, toward: Toward) -> Result<NaiveDate, NoHolidayData> {
        let mut day = day;
        for _ in 0..count {
            let beside = toward.step(day).ok_or_else(|| self.no_data(day))?;
            day = self.nearest(beside, toward)?;
        }
        Ok(day)
    }

    const fn no_data(self, day: NaiveDate) -> NoHolidayData {
        let (first_year, last_year) = (self.holidays.first_year(), self.holidays.last_year());
        NoHolidayData { day, first_year, last_year }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, working_days};
    use proptest::prelude::*;

    #[track_caller]
    fn check(from: &str, count: i32, expected: &str) {
        let size = u16::try_from(count.unsigned_abs()).unwrap();
        let days = working_days();
        let found =
            if count < 0 { days.subtract(day(from), size) } else { days.add(day(from), size) };
        assert_eq!(found, Ok(day(expected)), "{from} {count:+}");
    }

    #[track_caller]
    fn check_next(from: &str, expected: &str) {
        assert_eq!(working_days().next(day(from)), Ok(day(expected)), "{from}");
    }

    #[test]
    fn q11_next_working_day_from_a_friday_a_bank_holiday_and_a_run_of_them() {
        check_next("2026-01-09", "2026-01-12");
        check_next("2026-05-25", "2026-05-26");
        check_next("2026-04-02", "2026-04-07");
        check_next("2026-04-03", "2026-04-07");
        check_next("2021-12-24", "2021-12-29");
        check_next("2021-12-27", "2021-12-29");
        check_next("2022-06-01", "2022-06-06");
    }

    #[test]
    fn counting_starts_beside_day_0_even_when_that_is_not_worked() {
        check("2026-04-16", -10, "2026-03-31");
        check("2026-04-16", -8, "2026-04-02");
        check("2026-04-05", 1, "2026-04-07");
        check("2026-04-05", -1, "2026-04-02");
        check("2026-04-05", 0, "2026-04-05");
        check("2026-12-24", 3, "2026-12-31");
        check("2027-01-04", -1, "2026-12-31");
        check("2028-02-28", 1, "2028-02-29");
    }

    #[test]
    fn the_moved_may_holiday_of_2020_is_a_working_monday() {
        check("2020-05-01", 1, "2020-05-04");
        check("2020-05-07", 1, "2020-05-11");
    }

    #[test]
    fn nearest_keeps_a_working_day_and_moves_any_other() {
        let nearest = |d, toward| working_days().nearest(day(d), toward);
        assert_eq!(nearest("2026-04-02", Toward::Earlier), Ok(day("2026-04-02")));
        assert_eq!(nearest("2026-04-06", Toward::Earlier), Ok(day("2026-04-02")));
        assert_eq!(nearest("2026-04-03", Toward::Later), Ok(day("2026-04-07")));
    }

    #[test]
    fn outside_the_loaded_years_nothing_is_guessed() {
        let days = working_days();
        let missing = |day| Err(NoHolidayData { day, first_year: 2012, last_year: 2028 });
        assert_eq!(days.next(day("2028-12-28")), Ok(day("2028-12-29")));
        assert_eq!(days.next(day("2028-12-29")), missing(day("2029-01-01")));
        assert_eq!(days.add(day("2028-12-20"), u16::MAX), missing(day("2029-01-01")));
        assert_eq!(days.previous(day("2012-01-03")), missing(day("2011-12-30")));
        assert_eq!(days.next(NaiveDate::MAX), missing(NaiveDate::MAX));
        assert_eq!(days.is_working(day("2030-01-05")), Ok(false), "a Saturday needs no data");
        assert_eq!(
            days.next(day("2028-12-29")).unwrap_err().to_string(),
            "1 January 2029 is outside the loaded bank holidays (2012 to 2028), \
             so working days cannot be counted there"
        );
    }

    fn any_loaded_day() -> impl Strategy<Value = NaiveDate> {
        let first = day("2013-01-01");
        (0_u64..5_000).prop_map(move |n| first + chrono::Days::new(n))
    }

    proptest! {
        #[test]
        fn adding_lands_on_a_working_day_that_is_just_so_many_working_days_off(
            from in any_loaded_day(), count in 1_u16..200,
        ) {
            let days = working_days();
            let to = days.add(from, count).unwrap();
            prop_assert!(days.is_working(to).unwrap());
            prop_assert_eq!(days.between(from, to).unwrap(), u32::from(count));
            let next = days.next(to).unwrap();
            let back = days.subtract(next, count + 1).unwrap();
            let before = if days.is_working(from).unwrap() { from } else { days.previous(from).unwrap() };
            prop_assert_eq!(back, before);
        }
    }
}
