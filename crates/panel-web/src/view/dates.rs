//! Dates and times in the words of the service: `Monday 14 December 2026`, `5:30pm`, `midday`.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// `14 December 2026`.
pub fn date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `Monday 14 December 2026`: how a date is read back.
pub fn with_weekday(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `14 Dec 2026`, for narrow tables.
pub fn short(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `9am`, `5:30pm`, `midday`, `midnight`.
pub fn time(at: NaiveTime) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => at.format("%-I%P").to_string(),
        _ => at.format("%-I:%M%P").to_string(),
    }
}

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
        format!("{} to {}", first.format("%-d %B"), date(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_read_back_with_their_weekday() {
        assert_eq!(with_weekday(day("2026-12-14")), "Monday 14 December 2026");
        assert_eq!(date(day("2028-02-29")), "29 February 2028");
        assert_eq!(short(day("2026-12-04")), "4 Dec 2026");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(time(text.parse().unwrap()), expected);
    }

    #[test]
    fn times_are_written_as_people_say_them() {
        check("09:00:00", "9am");
        check("17:30:00", "5:30pm");
        check("12:00:00", "midday");
        check("00:00:00", "midnight");
        check("00:05:00", "12:05am");
        check("12:45:00", "12:45pm");
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
