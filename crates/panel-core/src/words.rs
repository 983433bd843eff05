//! How dates, times, ordinals and lists read: the GOV.UK style, in British English.

use crate::coded::Coded;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// `3 April 2026`.
pub fn date(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// `Friday 3 April 2026`: the form in which a date is read back to whoever typed it.
pub fn weekday_date(day: NaiveDate) -> String {
    format!("{} {}", weekday(day.weekday()), date(day))
}

/// `3 Apr 2026`, for narrow tables.
pub fn short_date(day: NaiveDate) -> String {
    let month = month(day).get(..3).unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// `3 April`, where the year is plain from what stands beside it.
pub fn day_and_month(day: NaiveDate) -> String {
    format!("{} {}", day.day(), month(day))
}

/// The month of a day, such as `April`.
fn month(day: NaiveDate) -> &'static str {
    match day.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// `9am`, `5:30pm`, `midday`, `midnight`; seconds are left out.
pub fn time(time: NaiveTime) -> String {
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => time.format("%-I%P").to_string(),
        _ => time.format("%-I:%M%P").to_string(),
    }
}

/// `5:30pm on Friday 3 April 2026`.
pub fn date_time(local: NaiveDateTime) -> String {
    format!("{} on {}", time(local.time()), weekday_date(local.date()))
}

/// `Friday`.
pub const fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

impl Coded for Weekday {
    const VOCABULARY: &'static str = "weekday";
    const ALL: &'static [Self] =
        &[Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
    fn code(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }
    fn label(self) -> &'static str {
        weekday(self)
    }
}

/// `1 working day`, `3 working days`; the plural is made with an s.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}

/// `1st`, `2nd`, `3rd`, `11th`, `21st`.
pub fn ordinal(n: u16) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, local};

    #[test]
    fn dates_read_without_a_leading_nought_or_a_comma() {
        assert_eq!(date(day("2026-04-03")), "3 April 2026");
        assert_eq!(weekday_date(day("2026-04-03")), "Friday 3 April 2026");
        assert_eq!(day_and_month(day("2028-02-29")), "29 February");
        assert_eq!(short_date(day("2026-12-04")), "4 Dec 2026");
    }

    #[test]
    fn every_day_reads_as_its_parts_say() {
        for day in day("2028-01-01").iter_days().take(366) {
            assert_eq!(weekday_date(day), day.format("%A %-d %B %Y").to_string());
            assert_eq!(short_date(day), day.format("%-d %b %Y").to_string());
        }
    }

    #[track_caller]
    fn check_time(clock: &str, expected: &str) {
        assert_eq!(time(local(&format!("2026-04-03 {clock}")).time()), expected);
    }

    #[test]
    fn times_are_on_the_twelve_hour_clock() {
        check_time("09:00", "9am");
        check_time("17:30", "5:30pm");
        check_time("00:00", "midnight");
        check_time("00:05", "12:05am");
        check_time("12:00", "midday");
        check_time("12:30", "12:30pm");
        check_time("23:59", "11:59pm");
        assert_eq!(date_time(local("2026-04-02 17:00")), "5pm on Thursday 2 April 2026");
    }

    #[test]
    fn ordinals_know_the_teens() {
        let all = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 101, 111].map(ordinal);
        assert_eq!(all.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 30th 101st 111th");
    }

    #[test]
    fn lists_end_with_and() {
        let of = |items: &[&str]| list(&items.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&["a"]), "a");
        assert_eq!(of(&["a", "b"]), "a and b");
        assert_eq!(of(&["a", "b", "c"]), "a, b and c");
        assert_eq!(
            (of(&[]), count(1, "day"), count(0, "day")),
            (String::new(), "1 day".into(), "0 days".into())
        );
    }
}
