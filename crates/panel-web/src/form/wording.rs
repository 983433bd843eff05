//! What an error says, built from the name of its field in one place, in the patterns that people
//! know from GOV.UK.

use crate::view::{dates, grouped};
use chrono::NaiveDate;
use panel_core::text::TextError;

/// Why the value of one field was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was entered or chosen.
    Missing,
    /// The text itself was not taken.
    Text(TextError),
    /// More characters than the field holds.
    TooLong {
        /// The most it takes.
        max: usize,
    },
    /// Some parts of a date are there and others are not.
    DateIncomplete {
        /// What is missing, of `day`, `month` and `year`, in this order.
        missing: Vec<Part>,
    },
    /// No such day.
    NotADate {
        /// The part at fault, when one alone is.
        part: Option<Part>,
    },
    /// A day outside what the field takes.
    DateOutOfRange(DateRange),
    /// Not a time of day.
    NotATime,
    /// Not a whole number.
    NotANumber,
    /// A whole number outside what the field takes.
    NumberOutOfRange {
        /// The least it takes.
        min: u32,
        /// The most it takes.
        max: u32,
    },
    /// A value that is not among those offered.
    NotOffered,
    /// A value given more than once where one is taken.
    Twice,
}

/// One box of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The day of the month.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

impl Part {
    /// The part's word, as in field names and errors.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// The days a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRange {
    /// Today or before.
    UpToToday,
    /// Today or after.
    FromToday,
    /// Both ends in.
    Between(NaiveDate, NaiveDate),
}

impl Fault {
    /// The stable code that programs read.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing | Self::Text(TextError::Empty) => "missing",
            Self::Text(TextError::TooLong { .. }) | Self::TooLong { .. } => "too_long",
            Self::Text(TextError::Hidden(_)) => "hidden_characters",
            Self::Text(TextError::Stacked) => "stacked_marks",
            Self::Text(TextError::NotAnAddress) => "not_an_email_address",
            Self::DateIncomplete { .. } => "date_incomplete",
            Self::NotADate { .. } => "not_a_date",
            Self::DateOutOfRange(_) => "date_out_of_range",
            Self::NotATime => "not_a_time",
            Self::NotANumber => "not_a_number",
            Self::NumberOutOfRange { .. } => "number_out_of_range",
            Self::NotOffered => "not_offered",
            Self::Twice => "given_twice",
        }
    }

    /// The part of a date to go to, when the fault lies in one.
    pub fn part(&self) -> Option<Part> {
        match self {
            Self::DateIncomplete { missing } => missing.first().copied(),
            Self::NotADate { part } => *part,
            _ => None,
        }
    }

    /// The sentence beside the field; `missing` is what the field says when nothing was entered and
    /// `noun` its name within a sentence, such as `the due date`.
    pub fn sentence(&self, missing: &str, noun: &str) -> String {
        let subject = capitalised(noun.strip_prefix("the ").unwrap_or(noun));
        match self {
            Self::Missing | Self::Text(TextError::Empty) => missing.to_owned(),
            Self::Text(TextError::TooLong { max, .. }) | Self::TooLong { max } => {
                format!("{subject} must be {} characters or fewer", grouped(&max.to_string()))
            }
            Self::Text(TextError::Hidden(_)) => {
                format!("{subject} must not include line breaks or hidden characters")
            }
            Self::Text(TextError::Stacked) => {
                format!("{subject} must not stack many marks on one letter")
            }
            Self::Text(TextError::NotAnAddress) => {
                "Enter an email address in the correct format, like name@example.org".to_owned()
            }
            Self::DateIncomplete { missing } => {
                let words: Vec<&str> = missing.iter().map(|part| part.word()).collect();
                format!("{subject} must include a {}", words.join(" and "))
            }
            Self::NotADate { .. } => format!("{subject} must be a real date"),
            Self::DateOutOfRange(DateRange::UpToToday) => {
                format!("{subject} must be today or in the past")
            }
            Self::DateOutOfRange(DateRange::FromToday) => {
                format!("{subject} must be today or in the future")
            }
            Self::DateOutOfRange(DateRange::Between(first, last)) => format!(
                "{subject} must be between {} and {}",
                dates::date(*first),
                dates::date(*last)
            ),
            Self::NotATime => format!("{subject} must be a time, like 9:30am or 2pm"),
            Self::NotANumber => format!("{subject} must be a whole number, like 10"),
            Self::NumberOutOfRange { min, max } => {
                format!("{subject} must be between {min} and {}", grouped(&max.to_string()))
            }
            Self::NotOffered => format!("Select {noun} from the list"),
            Self::Twice => format!("{subject} must be given once"),
        }
    }
}

/// `noun` from a label: `the due date` from "Due date"; names and acronyms keep their capitals, and
/// `the answer to “Why?”` from a question.
pub fn noun_of(label: &str) -> String {
    // A question does not stand within a sentence, but what is said to it does.
    if label.ends_with('?') {
        return format!("the answer to “{label}”");
    }
    let first_word = label.split_whitespace().next().unwrap_or_default();
    let shouted = first_word.chars().filter(|c| c.is_uppercase()).count() > 1;
    if shouted { format!("the {label}") } else { format!("the {}", lowered(label)) }
}

fn lowered(text: &str) -> String {
    changed(text, |c| c.to_lowercase().collect())
}

fn capitalised(text: &str) -> String {
    changed(text, |c| c.to_uppercase().collect())
}

fn changed(text: &str, change: impl Fn(char) -> String) -> String {
    let mut characters = text.chars();
    characters.next().map(change).unwrap_or_default() + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, fault: &Fault, expected: &str) {
        let noun = noun_of(label);
        assert_eq!(fault.sentence(&format!("Enter {noun}"), &noun), expected);
    }

    #[test]
    fn errors_say_what_to_do_in_the_words_of_the_label() {
        check("Surname", &Fault::Missing, "Enter the surname");
        check("PNC number", &Fault::Missing, "Enter the PNC number");
        check("Surname", &Fault::TooLong { max: 150 }, "Surname must be 150 characters or fewer");
        check("Notes", &Fault::TooLong { max: 20_000 }, "Notes must be 20,000 characters or fewer");
        check("Due date", &Fault::NotADate { part: None }, "Due date must be a real date");
        check(
            "Due date",
            &Fault::DateIncomplete { missing: vec![Part::Day, Part::Month] },
            "Due date must include a day and month",
        );
        check(
            "Weeks",
            &Fault::NumberOutOfRange { min: 1, max: 52 },
            "Weeks must be between 1 and 52",
        );
        check("Agency", &Fault::NotOffered, "Select the agency from the list");
        check("Why?", &Fault::Missing, "Enter the answer to “Why?”");
        check(
            "Why?",
            &Fault::TooLong { max: 2_000 },
            "Answer to “Why?” must be 2,000 characters or fewer",
        );
        check("Start", &Fault::NotATime, "Start must be a time, like 9:30am or 2pm");
        check(
            "Notes",
            &Fault::Text(TextError::Hidden(0)),
            "Notes must not include line breaks or hidden characters",
        );
    }

    #[test]
    fn ranges_of_dates_are_said_in_words() {
        let day = |text: &str| text.parse().unwrap();
        let range = DateRange::Between(day("2026-01-02"), day("2027-12-31"));
        check(
            "Meeting date",
            &Fault::DateOutOfRange(range),
            "Meeting date must be between 2 January 2026 and 31 December 2027",
        );
        let past = Fault::DateOutOfRange(DateRange::UpToToday);
        check("Date of birth", &past, "Date of birth must be today or in the past");
    }
}
