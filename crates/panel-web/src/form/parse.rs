//! Dates and times as people type them.

use super::wording::{Fault, Part};
use chrono::{Datelike, NaiveDate, NaiveTime};
use panel_core::time::month_named;

/// How the century of a two-digit year is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Century {
    /// Always 20yy.
    This,
    /// 20yy, or 19yy when that would lie after this day: for dates of birth.
    Past(NaiveDate),
}

/// A date from three boxes. The month may be a number or a name.
///
/// # Errors
/// [`Fault::Missing`] when all are blank, [`Fault::DateIncomplete`] when some are, else
/// [`Fault::NotADate`] with the part at fault.
pub fn boxes(day: &str, month: &str, year: &str, century: Century) -> Result<NaiveDate, Fault> {
    let typed = [(Part::Day, day.trim()), (Part::Month, month.trim()), (Part::Year, year.trim())];
    let missing: Vec<Part> =
        typed.iter().filter(|(_, text)| text.is_empty()).map(|(part, _)| *part).collect();
    match missing.len() {
        0 => {}
        3 => return Err(Fault::Missing),
        _ => return Err(Fault::DateIncomplete { missing }),
    }
    let wrong = |part| Fault::NotADate { part: Some(part) };
    let [(_, day), (_, month), (_, year)] = typed;
    let day_number = number(day, 2).filter(|d| (1..=31).contains(d)).ok_or(wrong(Part::Day))?;
    let month_number = month_of(month).ok_or(wrong(Part::Month))?;
    resolve(day_number, month_number, year, century)
}

/// A date in one box: `3/4/26`, `03.04.2026`, `3 Apr 2026`, `2026-04-03`. The day comes first and is
/// never swapped with the month.
///
/// # Errors
/// [`Fault::Missing`] when blank, else [`Fault::NotADate`].
pub fn single(text: &str, century: Century) -> Result<NaiveDate, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    let not_a_date = Fault::NotADate { part: None };
    if !text.starts_with(|c: char| c.is_alphanumeric()) {
        return Err(not_a_date);
    }
    let iso = text.split('-').next().is_some_and(|year| year.len() == 4);
    if iso {
        return text.parse().map_err(|_| not_a_date);
    }
    let pieces: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ','))
        .filter(|piece| !piece.is_empty())
        .collect();
    // A weekday before the date says nothing that the date does not.
    let pieces = match pieces.as_slice() {
        [weekday, rest @ ..] if rest.len() == 3 && is_weekday(weekday) => rest,
        whole => whole,
    };
    let [day, month, year] = pieces else { return Err(not_a_date) };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|end| day.strip_suffix(end)).unwrap_or(day);
    boxes(day, month, year, century).map_err(|_| not_a_date)
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|day| word.len() >= 3 && day.starts_with(&word))
}

/// Digits alone, at most this many.
fn number(text: &str, digits: usize) -> Option<u32> {
    let plain =
        !text.is_empty() && text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn month_of(text: &str) -> Option<u32> {
    number(text, 2)
        .map_or_else(|| month_named(text), |month| (1..=12).contains(&month).then_some(month))
}

fn resolve(day: u32, month: u32, year: &str, century: Century) -> Result<NaiveDate, Fault> {
    let wrong = |part| Fault::NotADate { part };
    let typed = number(year, 4).ok_or(wrong(Some(Part::Year)))?;
    let at = |year: u32| {
        i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
    };
    let (this, last) = match year.len() {
        4 if typed >= 1 => (at(typed), None),
        2 => (at(2000 + typed), at(1900 + typed)),
        _ => return Err(wrong(Some(Part::Year))),
    };
    let chosen = match century {
        Century::Past(today) if last.is_some() && this.is_none_or(|date| date > today) => last,
        _ => this,
    };
    chosen.ok_or(wrong(Some(Part::Day)))
}

/// A time of day: `9:30`, `09.30`, `0930`, `2pm`, `2.15 pm`, `midday`, `noon`, `midnight`.
///
/// A bare number is not taken: `9` may be the morning or the evening.
///
/// # Errors
/// [`Fault::Missing`] when blank, else [`Fault::NotATime`].
pub fn time(text: &str) -> Result<NaiveTime, Fault> {
    let word = text.trim().to_lowercase();
    match word.as_str() {
        "" => return Err(Fault::Missing),
        "midday" | "noon" | "12 noon" | "12 midday" => {
            return NaiveTime::from_hms_opt(12, 0, 0).ok_or(Fault::NotATime);
        }
        "midnight" => return Ok(NaiveTime::MIN),
        _ => {}
    }
    let squeezed: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    let halves = [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)]
        .iter()
        .find_map(|(mark, hours)| squeezed.strip_suffix(mark).map(|rest| (rest, *hours)));
    let read = match halves {
        Some((clock, add)) => {
            let (hour, minute) = clock_of(clock, true).ok_or(Fault::NotATime)?;
            (1..=12).contains(&hour).then(|| NaiveTime::from_hms_opt(hour % 12 + add, minute, 0))
        }
        None => clock_of(&squeezed, false).map(|(h, m)| NaiveTime::from_hms_opt(h, m, 0)),
    };
    read.flatten().ok_or(Fault::NotATime)
}

/// Hours and minutes; minutes may be left out where am or pm follows.
fn clock_of(text: &str, hour_alone: bool) -> Option<(u32, u32)> {
    if let Some((hour, minute)) = text.split_once([':', '.']) {
        return (minute.len() == 2)
            .then_some(())
            .and_then(|()| Some((number(hour, 2)?, number(minute, 2)?)));
    }
    match (text.len(), hour_alone) {
        (3 | 4, _) => {
            let all = number(text, 4)?;
            Some((all / 100, all % 100))
        }
        (1 | 2, true) => Some((number(text, 2)?, 0)),
        _ => None,
    }
}

/// The day, month and year as three boxes show them.
pub fn to_boxes(date: NaiveDate) -> [String; 3] {
    [date.day().to_string(), date.month().to_string(), date.year().to_string()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: Fault = Fault::NotADate { part: None };

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, Fault>) {
        let expected = expected.map(|text| text.parse().unwrap());
        assert_eq!(single(typed, Century::This), expected, "{typed}");
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        for typed in [
            "3/4/26",
            "03/04/2026",
            "03.04.2026",
            "3-4-26",
            "3 Apr 2026",
            "3 april 26",
            "3rd April 2026",
            "Fri 3 Apr 2026",
            "Friday, 3 April 2026",
            "2026-04-03",
            " 3 / 4 / 26 ",
        ] {
            check(typed, Ok("2026-04-03"));
        }
        check("29/2/2028", Ok("2028-02-29"));
        check("1 sept 2026", Ok("2026-09-01"));
    }

    #[test]
    fn what_is_no_date_is_not_bent_into_one() {
        for typed in [
            "04/13/2026",
            "30/2/2026",
            "29/2/2027",
            "31/04/2026",
            "0/0/0",
            "1/1",
            "tomorrow",
            "1/1/226",
            "1/1/10000",
            "-1/1/2026",
            "3/4/26 or 5/4/26",
            "2026-13-01",
            "1/ma/2026",
            "1/1/0000",
            "3x/4/26",
        ] {
            check(typed, Err(WRONG));
        }
        check("  ", Err(Fault::Missing));
    }

    #[test]
    fn a_birth_date_is_never_in_the_future() {
        let century = Century::Past("2026-11-21".parse().unwrap());
        let born = |text| single(text, century).map(|date| date.year());
        assert_eq!(born("1/1/85"), Ok(1985));
        assert_eq!(born("21/11/26"), Ok(2026));
        assert_eq!(born("22/11/26"), Ok(1926));
        assert_eq!(born("29/2/00"), Ok(2000));
    }

    #[test]
    fn three_boxes_say_which_part_is_at_fault() {
        let check =
            |d, m, y, expected| assert_eq!(boxes(d, m, y, Century::This), expected, "{d} {m} {y}");
        let missing = |parts: &[Part]| Err(Fault::DateIncomplete { missing: parts.to_vec() });
        let wrong = |part| Err(Fault::NotADate { part: Some(part) });
        check("14", "dec", "2026", Ok("2026-12-14".parse().unwrap()));
        check("", "", "", Err(Fault::Missing));
        check("", "12", "2026", missing(&[Part::Day]));
        check("14", "", "", missing(&[Part::Month, Part::Year]));
        check("32", "12", "2026", wrong(Part::Day));
        check("x", "12", "2026", wrong(Part::Day));
        check("14", "13", "2026", wrong(Part::Month));
        check("14", "12", "202", wrong(Part::Year));
        check("30", "2", "2026", wrong(Part::Day));
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("9:30", "09:30:00"),
            ("09.30", "09:30:00"),
            ("0930", "09:30:00"),
            ("2pm", "14:00:00"),
            ("2 PM", "14:00:00"),
            ("2.15 pm", "14:15:00"),
            ("12am", "00:00:00"),
            ("12pm", "12:00:00"),
            ("midday", "12:00:00"),
            ("midnight", "00:00:00"),
            ("23:59", "23:59:00"),
            ("9 a.m.", "09:00:00"),
        ] {
            assert_eq!(time(typed), Ok(expected.parse().unwrap()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for typed in
            ["9", "25:00", "9:60", "13pm", "0pm", "half nine", "9:3", "9:305", "-1:00", "99999"]
        {
            assert_eq!(time(typed), Err(Fault::NotATime), "{typed}");
        }
        assert_eq!(time(" "), Err(Fault::Missing));
    }
}
