//! Due dates that people say in words: "next panel", "10 working days", "two weeks".

use crate::calendar::{NoHolidayData, WorkingDays};
use crate::text::fold;
use chrono::{Days, Months, NaiveDate};

/// A due date in words. An absolute date is read elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWord {
    /// The panel's next meeting.
    NextMeeting,
    /// So many working days from the day it is set, which is day 0.
    WorkingDays(u16),
    /// So many days.
    Days(u16),
    /// So many weeks.
    Weeks(u16),
    /// So many months; the last day of a shorter month.
    Months(u16),
    /// As soon as possible: no due date.
    Asap,
}

/// Why words do not become a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DueWordError {
    /// The panel has no meeting to come.
    #[error("the panel has no next meeting yet: enter a date")]
    NoNextMeeting,
    /// Beyond the end of the calendar.
    #[error("lies too far ahead")]
    TooFar,
    /// Working days past the last year whose bank holidays are known.
    #[error(transparent)]
    NoHolidayData(#[from] NoHolidayData),
}

/// The most of any unit; two years of working days fit.
const MOST: u16 = 520;

const NEXT: [&str; 10] = [
    "next panel",
    "next meeting",
    "next marac",
    "next matac",
    "next dapp",
    "by next panel",
    "by next meeting",
    "before next panel",
    "before next meeting",
    "np",
];

const ASAP: [&str; 5] = ["asap", "as soon as possible", "immediately", "urgent", "immediate"];

impl DueWord {
    /// Reads words as people type them, whatever their case, dots and hyphens. None for anything
    /// else, which is then kept as written.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(&text.replace('.', ""));
        let plain = folded.strip_prefix("the ").unwrap_or(&folded);
        if NEXT.contains(&plain) {
            return Some(Self::NextMeeting);
        }
        if ASAP.contains(&plain) {
            return Some(Self::Asap);
        }
        let spaced = space_digits(plain);
        let words: Vec<&str> = spaced
            .split_whitespace()
            .skip_while(|word| matches!(*word, "in" | "within" | "+"))
            .filter(|word| *word != "time")
            .collect();
        match words.as_slice() {
            [count, "wd" | "wds"] | [count, "working" | "work", "day" | "days"] => {
                number(count).map(Self::WorkingDays)
            }
            [count, "d" | "day" | "days"] => number(count).map(Self::Days),
            [count, "w" | "wk" | "wks" | "week" | "weeks"] => number(count).map(Self::Weeks),
            [count, "month" | "months"] => number(count).map(Self::Months),
            _ => None,
        }
    }

    /// Turns the words into a date, or into none for "as soon as possible".
    ///
    /// # Errors
    /// [`DueWordError`].
    pub fn resolve(
        self,
        set_on: NaiveDate,
        next_meeting: Option<NaiveDate>,
        days: WorkingDays<'_>,
    ) -> Result<Option<NaiveDate>, DueWordError> {
        let ahead = |days: u64| set_on.checked_add_days(Days::new(days));
        let due = match self {
            Self::Asap => return Ok(None),
            Self::NextMeeting => return next_meeting.map(Some).ok_or(DueWordError::NoNextMeeting),
            Self::WorkingDays(n) => Some(days.add(set_on, n)?),
            Self::Days(n) => ahead(u64::from(n)),
            Self::Weeks(n) => ahead(u64::from(n) * 7),
            Self::Months(n) => set_on.checked_add_months(Months::new(u32::from(n))),
        };
        due.map(Some).ok_or(DueWordError::TooFar)
    }
}

/// Puts blanks between figures and letters, so that `+5wd` reads like `+ 5 wd`.
fn space_digits(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 4);
    let mut figure = None;
    for c in text.chars() {
        if figure.is_some_and(|was| was != c.is_ascii_digit()) {
            spaced.push(' ');
        }
        figure = Some(c.is_ascii_digit());
        spaced.push(c);
    }
    spaced
}

fn number(word: &str) -> Option<u16> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let counted = match word {
        "a" | "an" => Some(1),
        _ => WORDS.iter().zip(1..).find(|(name, _)| **name == word).map(|(_, n)| n),
    };
    counted.or_else(|| word.parse().ok()).filter(|n| (1..=MOST).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, working_days};

    #[track_caller]
    fn check(text: &str, expected: Option<DueWord>) {
        assert_eq!(DueWord::parse(text), expected, "{text:?}");
    }

    #[test]
    fn words_are_read_as_people_type_them() {
        for text in ["next panel", "Next Panel", "by next meeting", "the next panel", "N.P."] {
            check(text, Some(DueWord::NextMeeting));
        }
        for text in ["ASAP", "a.s.a.p.", "As soon as possible"] {
            check(text, Some(DueWord::Asap));
        }
        for text in ["10 working days", "+10 wd", "+10wd", "within ten working days", "10WD"] {
            check(text, Some(DueWord::WorkingDays(10)));
        }
        check("2 weeks", Some(DueWord::Weeks(2)));
        check("in two weeks", Some(DueWord::Weeks(2)));
        check("two weeks' time", Some(DueWord::Weeks(2)));
        check("a week", Some(DueWord::Weeks(1)));
        check("3 days", Some(DueWord::Days(3)));
        check("1 month", Some(DueWord::Months(1)));
    }

    #[test]
    fn anything_else_is_left_as_it_was_written() {
        for text in ["", "soon", "0 days", "521 days", "weeks", "12/4/26", "ongoing", "-5 days x"] {
            check(text, None);
        }
    }

    #[track_caller]
    fn resolves(word: DueWord, set_on: &str, expected: Result<Option<&str>, DueWordError>) {
        let found = word.resolve(day(set_on), Some(day("2026-04-29")), working_days());
        assert_eq!(found, expected.map(|due| due.map(day)));
    }

    #[test]
    fn words_become_dates_from_the_day_the_action_is_set() {
        resolves(DueWord::NextMeeting, "2026-04-01", Ok(Some("2026-04-29")));
        resolves(DueWord::WorkingDays(2), "2026-04-02", Ok(Some("2026-04-08")));
        resolves(DueWord::Weeks(2), "2026-04-01", Ok(Some("2026-04-15")));
        resolves(DueWord::Months(1), "2026-01-31", Ok(Some("2026-02-28")));
        resolves(DueWord::Asap, "2026-04-01", Ok(None));
        let without = DueWord::NextMeeting.resolve(day("2026-04-01"), None, working_days());
        assert_eq!(without, Err(DueWordError::NoNextMeeting));
    }

    #[test]
    fn working_days_past_the_known_bank_holidays_are_refused_and_other_days_are_not() {
        let at = |word: DueWord| word.resolve(day("2060-01-05"), None, working_days());
        assert!(matches!(at(DueWord::WorkingDays(2)), Err(DueWordError::NoHolidayData(_))));
        assert_eq!(at(DueWord::Days(2)), Ok(Some(day("2060-01-07"))));
    }
}
