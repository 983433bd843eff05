//! Rules that lay out dates: every N weeks on weekdays, or every N months on days of the month.

use crate::words;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A checked rule. Its JSON form is that of its [`Pattern`], and reading it checks it:
///
/// ```
/// # use panel_core::schedule::Rule;
/// let monthly = r#"{"unit":"months","every":1,"on":[{"nth":{"n":1,"weekday":"Fri"}}]}"#;
/// let rule: Rule = serde_json::from_str(monthly)?;
/// assert_eq!(rule.to_string(), "every month on the first Friday");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Pattern", into = "Pattern")]
pub struct Rule(Pattern);

/// What a rule says, before it is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "unit", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pattern {
    /// On weekdays of every Nth week, counted from the week of the first day.
    Weeks {
        /// 1 to 52.
        every: u8,
        /// One or more weekdays.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::schema::Weekday>))]
        on: Vec<Weekday>,
        /// The day on which a week begins; it matters from every second week on.
        #[serde(default = "monday")]
        #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Weekday))]
        week_start: Weekday,
    },
    /// On days of every Nth month, counted from the month of the first day.
    Months {
        /// 1 to 24.
        every: u8,
        /// One or more days.
        on: Vec<MonthDay>,
    },
}

const fn monday() -> Weekday {
    Weekday::Mon
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MonthDay {
    /// 1 to 31; a month without that day is passed over.
    Day(u8),
    /// The 28th to the 31st, whichever ends the month.
    LastDay,
    /// The first to fifth of a weekday.
    Nth {
        /// 1 to 5; a month without a fifth is passed over.
        n: u8,
        /// The weekday.
        #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Weekday))]
        weekday: Weekday,
    },
    /// The last to fifth-last of a weekday.
    NthLast {
        /// 1, the last, to 5; a month without a fifth is passed over.
        n: u8,
        /// The weekday.
        #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Weekday))]
        weekday: Weekday,
    },
}

/// Why a pattern is not a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// An interval of weeks out of bounds.
    #[error("a series repeats every 1 to 52 weeks, not every {0}")]
    Weeks(u8),
    /// An interval of months out of bounds.
    #[error("a series repeats every 1 to 24 months, not every {0}")]
    Months(u8),
    /// No day was chosen.
    #[error("choose at least one day to meet on")]
    NoDay,
    /// A day that no month has.
    #[error("a month has no day {0}; choose 1 to 31 or the last day")]
    Day(u8),
    /// A count of weekdays that no month has.
    #[error("a month has at most five of a weekday; choose 1 to 5, not {0}")]
    Nth(u8),
}

impl Rule {
    /// Checks a pattern; a day chosen twice counts once.
    ///
    /// # Errors
    /// [`RuleError`], with the value that is out of bounds.
    pub fn check(mut pattern: Pattern) -> Result<Self, RuleError> {
        let chosen = match &mut pattern {
            Pattern::Weeks { every, on, week_start } => {
                if !(1..=52).contains(every) {
                    return Err(RuleError::Weeks(*every));
                }
                on.sort_by_key(|weekday| weekday.days_since(*week_start));
                on.dedup();
                on.len()
            }
            Pattern::Months { every, on } => {
                if !(1..=24).contains(every) {
                    return Err(RuleError::Months(*every));
                }
                on.iter().try_for_each(|day| day.check())?;
                let mut seen = Vec::new();
                on.retain(|day| {
                    let is_new = !seen.contains(day);
                    seen.extend(is_new.then_some(*day));
                    is_new
                });
                on.len()
            }
        };
        if chosen == 0 { Err(RuleError::NoDay) } else { Ok(Self(pattern)) }
    }

    /// What the rule says.
    pub const fn pattern(&self) -> &Pattern {
        &self.0
    }

    /// Whether some month may lack a chosen day, so that a form should say so and offer
    /// [`MonthDay::in_every_month`] instead.
    pub fn misses_months(&self) -> bool {
        match &self.0 {
            Pattern::Weeks { .. } => false,
            Pattern::Months { on, .. } => on.iter().any(|day| day.in_every_month().is_some()),
        }
    }

    /// The first day of the `k`th week or month that counts, from that of `from`, or none past the
    /// end of the calendar.
    pub(super) fn period(&self, from: NaiveDate, k: u32) -> Option<NaiveDate> {
        match &self.0 {
            Pattern::Weeks { every, week_start, .. } => {
                let first = from.week(*week_start).checked_first_day()?;
                first.checked_add_days(Days::new(u64::from(k) * u64::from(*every) * 7))
            }
            Pattern::Months { every, .. } => {
                from.with_day(1)?.checked_add_months(Months::new(k.checked_mul((*every).into())?))
            }
        }
    }

    /// The days that the rule chooses in the week or month that begins on `first`, in order.
    pub(super) fn days(&self, first: NaiveDate) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = match &self.0 {
            Pattern::Weeks { on, week_start, .. } => on
                .iter()
                .map(|weekday| Days::new(weekday.days_since(*week_start).into()))
                .filter_map(|offset| first.checked_add_days(offset))
                .collect(),
            Pattern::Months { on, .. } => on.iter().filter_map(|day| day.of_month(first)).collect(),
        };
        days.sort_unstable();
        days.dedup();
        days
    }
}

impl TryFrom<Pattern> for Rule {
    type Error = RuleError;
    fn try_from(pattern: Pattern) -> Result<Self, RuleError> {
        Self::check(pattern)
    }
}

impl From<Rule> for Pattern {
    fn from(rule: Rule) -> Self {
        rule.0
    }
}

impl MonthDay {
    fn check(self) -> Result<(), RuleError> {
        match self {
            Self::Day(day) if !(1..=31).contains(&day) => Err(RuleError::Day(day)),
            Self::Nth { n, .. } | Self::NthLast { n, .. } if !(1..=5).contains(&n) => {
                Err(RuleError::Nth(n))
            }
            _ => Ok(()),
        }
    }

    /// For a day that some months lack, the nearest choice that every month has.
    pub const fn in_every_month(self) -> Option<Self> {
        match self {
            Self::Day(29..) => Some(Self::LastDay),
            Self::Nth { n: 5.., weekday } => Some(Self::NthLast { n: 1, weekday }),
            Self::NthLast { n: 5.., weekday } => Some(Self::Nth { n: 1, weekday }),
            _ => None,
        }
    }

    /// This day of the month that begins on `first`, or none where the month lacks it.
    pub fn of_month(self, first: NaiveDate) -> Option<NaiveDate> {
        let last = first.with_day(first.num_days_in_month().into())?;
        match self {
            Self::Day(day) => first.with_day(day.into()),
            Self::LastDay => Some(last),
            Self::Nth { n, weekday } => {
                NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), weekday, n)
            }
            Self::NthLast { n, weekday } => {
                let weeks = u64::from(n).checked_sub(1)?;
                let back = u64::from(last.weekday().days_since(weekday)) + 7 * weeks;
                last.checked_sub_days(Days::new(back)).filter(|day| *day >= first)
            }
        }
    }
}

/// A text that names no day of a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no day of the month; write it like 15, last day, first Friday or second-last Monday"
)]
pub struct NotADay(pub String);

impl FromStr for MonthDay {
    type Err = NotADay;

    /// Reads a day as it is shown and as it is typed: `the 15th`, `15`, `last day`, `first Friday`,
    /// `2nd Tue`, `second-last Monday`. Numbers are checked with the rule.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let error = || NotADay(text.trim().chars().take(60).collect());
        let lower = text.trim().to_lowercase();
        let bare = lower.strip_prefix("the ").unwrap_or(&lower).replace("-last", " last");
        let words: Vec<&str> = bare.split_whitespace().collect();
        let weekday = |word: &str| word.parse::<Weekday>().map_err(|_| error());
        match words.as_slice() {
            [day] => numeral(day).map(Self::Day).ok_or_else(error),
            ["last", "day"] => Ok(Self::LastDay),
            ["last", day] => Ok(Self::NthLast { n: 1, weekday: weekday(day)? }),
            [nth, day] => {
                let n = ordinal(nth).ok_or_else(error)?;
                Ok(Self::Nth { n, weekday: weekday(day)? })
            }
            [nth, "last", day] => {
                let n = ordinal(nth).ok_or_else(error)?;
                Ok(Self::NthLast { n, weekday: weekday(day)? })
            }
            _ => Err(error()),
        }
    }
}

/// `15`, `15th`.
fn numeral(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = digits.parse().ok()?;
    let ending = word.strip_prefix(digits)?;
    (ending.is_empty() || word == words::ordinal(number)).then(|| u8::try_from(number).ok())?
}

/// `second`, `2nd`; no month has a sixth of a weekday.
fn ordinal(word: &str) -> Option<u8> {
    let spelt = ["first", "second", "third", "fourth", "fifth"];
    match spelt.iter().position(|spelt| *spelt == word) {
        Some(place) => u8::try_from(place + 1).ok(),
        None => numeral(word).filter(|n| (1..=5).contains(n)),
    }
}

impl fmt::Display for Rule {
    /// `every 2 weeks on Tuesday and Thursday`, `every month on the first Friday`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (every, unit, on): (u8, &str, Vec<String>) = match &self.0 {
            Pattern::Weeks { every, on, .. } => {
                (*every, "week", on.iter().map(|day| words::weekday(*day).to_owned()).collect())
            }
            Pattern::Months { every, on } => {
                (*every, "month", on.iter().map(ToString::to_string).collect())
            }
        };
        match every {
            1 => write!(f, "every {unit} on {}", words::list(&on)),
            _ => write!(f, "every {every} {unit}s on {}", words::list(&on)),
        }
    }
}

impl fmt::Display for MonthDay {
    /// `the 15th`, `the last day`, `the first Friday`, `the second-last Monday`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = |n: u8| match n {
            1 => "first",
            2 => "second",
            3 => "third",
            4 => "fourth",
            _ => "fifth",
        };
        match *self {
            Self::Day(day) => write!(f, "the {}", words::ordinal(day.into())),
            Self::LastDay => f.write_str("the last day"),
            Self::Nth { n, weekday } => write!(f, "the {} {}", nth(n), words::weekday(weekday)),
            Self::NthLast { n: 1, weekday } => write!(f, "the last {}", words::weekday(weekday)),
            Self::NthLast { n, weekday } => {
                write!(f, "the {}-last {}", nth(n), words::weekday(weekday))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, words: &str) {
        let rule: Rule = serde_json::from_str(json).unwrap();
        assert_eq!(rule.to_string(), words);
        assert_eq!(serde_json::to_string(&rule).unwrap(), json, "the stored form is stable");
    }

    #[track_caller]
    fn refused(json: &str, words: &str) {
        let error = serde_json::from_str::<Rule>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn no_month_has_a_sixth_of_a_weekday() {
        assert!("fifth Tuesday".parse::<MonthDay>().is_ok());
        for none in ["6th Tue", "22nd Tue", "0th Friday", "6th last Monday"] {
            assert!(none.parse::<MonthDay>().is_err(), "{none}");
        }
    }

    #[test]
    fn rules_keep_their_stored_form_and_read_in_plain_words() {
        check(
            r#"{"unit":"weeks","every":4,"on":["Thu"],"week_start":"Mon"}"#,
            "every 4 weeks on Thursday",
        );
        check(
            r#"{"unit":"weeks","every":1,"on":["Sun","Tue"],"week_start":"Sun"}"#,
            "every week on Sunday and Tuesday",
        );
        check(
            r#"{"unit":"months","every":1,"on":[{"day":15},"last_day"]}"#,
            "every month on the 15th and the last day",
        );
        check(
            r#"{"unit":"months","every":2,"on":[{"nth":{"n":1,"weekday":"Fri"}},{"nth_last":{"n":2,"weekday":"Mon"}},{"nth_last":{"n":1,"weekday":"Sun"}}]}"#,
            "every 2 months on the first Friday, the second-last Monday and the last Sunday",
        );
    }

    #[test]
    fn a_rule_out_of_bounds_cannot_be_read() {
        refused(r#"{"unit":"weeks","every":0,"on":["Mon"]}"#, "every 1 to 52 weeks, not every 0");
        refused(r#"{"unit":"weeks","every":53,"on":["Mon"]}"#, "not every 53");
        refused(r#"{"unit":"weeks","every":1,"on":[]}"#, "at least one day");
        refused(r#"{"unit":"months","every":25,"on":["last_day"]}"#, "every 1 to 24 months");
        refused(r#"{"unit":"months","every":1,"on":[{"day":0}]}"#, "no day 0");
        refused(r#"{"unit":"months","every":1,"on":[{"day":32}]}"#, "no day 32");
        refused(r#"{"unit":"months","every":1,"on":[{"nth":{"n":6,"weekday":"Mon"}}]}"#, "not 6");
        refused(
            r#"{"unit":"months","every":1,"on":[{"nth_last":{"n":0,"weekday":"Mon"}}]}"#,
            "not 0",
        );
        refused(r#"{"unit":"days","every":1,"on":["Mon"]}"#, "unknown variant `days`");
    }

    #[test]
    fn a_rule_with_an_unknown_field_cannot_be_read() {
        refused(r#"{"unit":"weeks","every":1,"on":["Mon"],"until":"2026-01-01"}"#, "unknown field");
        refused(
            r#"{"unit":"months","every":1,"on":[{"nth":{"n":1,"weekday":"Mon","x":1}}]}"#,
            "unknown field",
        );
    }

    #[track_caller]
    fn check_day(text: &str, expected: MonthDay) {
        assert_eq!(text.parse(), Ok(expected));
        assert_eq!(expected.to_string().parse(), Ok(expected), "it is read as it is shown");
    }

    #[test]
    fn a_day_of_the_month_is_read_as_it_is_typed() {
        let (weekday, monday) = (Weekday::Fri, Weekday::Mon);
        check_day("15", MonthDay::Day(15));
        check_day("the 2nd", MonthDay::Day(2));
        check_day("Last day", MonthDay::LastDay);
        check_day(" first Friday ", MonthDay::Nth { n: 1, weekday });
        check_day("3rd Fri", MonthDay::Nth { n: 3, weekday });
        check_day("the last Monday", MonthDay::NthLast { n: 1, weekday: monday });
        check_day("second last monday", MonthDay::NthLast { n: 2, weekday: monday });
        for text in ["", "2st", "Friday", "first", "first day", "300", "last last Monday", "-1"] {
            assert!(text.parse::<MonthDay>().is_err(), "{text}");
        }
        assert_eq!("32".parse(), Ok(MonthDay::Day(32)), "whether there is one, the rule says");
    }

    #[test]
    fn a_day_chosen_twice_counts_once() {
        let twice = Pattern::Weeks {
            every: 1,
            on: vec![Weekday::Tue, Weekday::Mon, Weekday::Tue],
            week_start: Weekday::Mon,
        };
        assert_eq!(Rule::check(twice).unwrap().to_string(), "every week on Monday and Tuesday");
        let twice = Pattern::Months {
            every: 1,
            on: vec![MonthDay::Day(2), MonthDay::LastDay, MonthDay::Day(2)],
        };
        assert_eq!(
            Rule::check(twice).unwrap().to_string(),
            "every month on the 2nd and the last day"
        );
    }

    #[test]
    fn a_day_that_some_months_lack_is_known_and_has_a_neighbour_that_none_lacks() {
        let misses =
            |day| Rule::check(Pattern::Months { every: 1, on: vec![day] }).unwrap().misses_months();
        let weekday = Weekday::Mon;
        for day in [MonthDay::Day(28), MonthDay::LastDay, MonthDay::Nth { n: 4, weekday }] {
            assert!(!misses(day), "{day}");
        }
        for day in [
            MonthDay::Day(29),
            MonthDay::Day(31),
            MonthDay::Nth { n: 5, weekday },
            MonthDay::NthLast { n: 5, weekday },
        ] {
            assert!(misses(day) && !misses(day.in_every_month().unwrap()), "{day}");
        }
    }
}
