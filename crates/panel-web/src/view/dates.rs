//! Dates and times in the words of the service: `Monday 14 December 2026`, `5:30pm`, `midday`.

use chrono::{Datelike, NaiveDate, NaiveTime};
use panel_core::words::day_and_month;
pub use panel_core::words::{date, short_date as short, time, weekday_date as with_weekday};

/// `Monday 14 December 2026 at 5:30pm`.
pub fn date_and_time(day: NaiveDate, at: NaiveTime) -> String {
    format!("{} at {}", with_weekday(day), time(at))
}

/// `9:30am to midday`.
pub fn from_to(start: NaiveTime, end: NaiveTime) -> String {
    format!("{} to {}", time(start), time(end))
}

/// `1 to 14 December 2026`, `30 November to 14 December 2026`, or two whole dates.
pub fn period(first: NaiveDate, last: NaiveDate) -> String {
    if first.year() != last.year() {
        format!("{} to {}", date(first), date(last))
    } else if first.month() == last.month() {
        format!("{} to {}", first.day(), date(last))
    } else {
        format!("{} to {}", day_and_month(first), date(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_name_what_differs() {
        let period = |a, b| period(day(a), day(b));
        assert_eq!(period("2026-12-01", "2026-12-14"), "1 to 14 December 2026");
        assert_eq!(period("2026-11-30", "2026-12-14"), "30 November to 14 December 2026");
        assert_eq!(period("2026-12-30", "2027-01-02"), "30 December 2026 to 2 January 2027");
        assert_eq!(
            from_to("09:30:00".parse().unwrap(), "12:00:00".parse().unwrap()),
            "9:30am to midday"
        );
    }
}
