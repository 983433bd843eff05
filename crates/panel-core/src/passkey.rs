//! Passkeys: for how long a device may take to answer, how many a person has, and who is asked to have one.

use crate::account::Bar;
use crate::coded;
use chrono::{DateTime, Duration, Utc};

coded! {
    /// What a device is asked for.
    pub enum Purpose: "purpose of a question to a passkey" {
        /// To make a passkey.
        Make = "make" => "Make a passkey",
        /// To prove who asks by one.
        Prove = "prove" => "Prove who asks",
    }
}

/// Minutes within which a device answers.
pub const ANSWER_MINUTES: i64 = 5;
/// The most passkeys of one person.
pub const MOST: usize = 10;

/// Whether a question that was put to a device at this instant can still be answered at `now`.
///
/// A clock that was set back never gives more time: a question from the future has none.
pub fn can_be_answered(asked: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (Duration::zero()..=Duration::minutes(ANSWER_MINUTES)).contains(&(now - asked))
}

/// Whether somebody with so many passkeys is asked to add one: whoever coordinates, chairs or
/// administers, because a code can be talked out of a person and a passkey cannot.
pub fn is_urged(bar: Bar, passkeys: i64) -> bool {
    bar == Bar::High && passkeys == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_question_is_answered_within_five_minutes_and_not_before_it_was_asked() {
        let at = |seconds| Utc.timestamp_opt(seconds, 0).unwrap();
        assert!(can_be_answered(at(0), at(0)) && can_be_answered(at(0), at(300)));
        assert!(!can_be_answered(at(0), at(301)) && !can_be_answered(at(1), at(0)));
    }

    #[test]
    fn those_who_run_panels_or_the_service_are_asked_for_one() {
        assert!(is_urged(Bar::High, 0));
        assert!(!is_urged(Bar::High, 1) && !is_urged(Bar::Usual, 0));
    }
}
