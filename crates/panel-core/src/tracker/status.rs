//! The words of a tracker for where something stands, for yes and no, and for what nobody knows.
//!
//! Each table is a default that the reader sees and may change in the mapping.

use crate::action::ActionStatus;
use crate::coded;
use crate::text::fold;

coded! {
    /// What a status word of a referral means.
    pub enum ReferralWord: "referral status" {
        /// Not yet decided.
        AwaitingTriage = "awaiting_triage" => "Awaiting triage",
        /// Accepted; the case is open and no meeting has heard it.
        Open = "open" => "Accepted, case open",
        /// Accepted; the case is open and a meeting has heard it.
        Heard = "heard" => "Accepted, case open and heard",
        /// Accepted once; the case is closed.
        Closed = "closed" => "Case closed",
    }
}

/// The usual meaning of an action's status word; `None` when it has none.
///
/// ```
/// use panel_core::action::ActionStatus;
/// use panel_core::tracker::status::usual_action_status;
/// assert_eq!(usual_action_status("N/A - moved away"), Some(ActionStatus::NotPossible));
/// ```
pub fn usual_action_status(word: &str) -> Option<ActionStatus> {
    let word = fold(word);
    match word.as_str() {
        "" | "o/s" | "os" | "outstanding" | "ongoing" | "open" => Some(ActionStatus::Open),
        "in progress" | "started" => Some(ActionStatus::InProgress),
        "done" | "complete" | "completed" => Some(ActionStatus::Completed),
        "not done" | "not actioned" => Some(ActionStatus::NotDone),
        "withdrawn" => Some(ActionStatus::Withdrawn),
        other if other.starts_with("n/a") || other.starts_with("not poss") => {
            Some(ActionStatus::NotPossible)
        }
        _ => None,
    }
}

/// The usual meaning of a referral's status word; `None` when it has none.
pub fn usual_referral_word(word: &str) -> Option<ReferralWord> {
    match fold(word).as_str() {
        "" | "awaiting" | "awaiting triage" => Some(ReferralWord::AwaitingTriage),
        "open" => Some(ReferralWord::Open),
        "heard" => Some(ReferralWord::Heard),
        "closed" => Some(ReferralWord::Closed),
        _ => None,
    }
}

/// Whether a word stands for "nobody knows": `?`, `n/k`, `tbc` and the like.
pub fn is_unknown_word(word: &str) -> bool {
    let word = fold(word);
    word.chars().all(|c| !c.is_alphanumeric())
        || [
            "n/k",
            "nk",
            "not known",
            "unknown",
            "unk",
            "tbc",
            "tba",
            "n/a",
            "na",
            "none",
            "other",
            "not given",
            "not stated",
        ]
        .contains(&word.as_str())
}

/// What was answered in a yes-or-no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YesNo {
    /// Yes or no.
    Answer(bool),
    /// Left empty, or a word for "not known".
    NotKnown,
    /// Words that are neither.
    Unclear,
}

/// Reads a yes-or-no cell by its first word: `Y`, `yes`, `No`, `n`, `Y - level 2`.
pub fn yes_no(words: &str) -> YesNo {
    if is_unknown_word(words) {
        return YesNo::NotKnown;
    }
    match fold(words).split_whitespace().next() {
        Some("y" | "yes" | "true" | "1") => YesNo::Answer(true),
        Some("n" | "no" | "false" | "0") => YesNo::Answer(false),
        _ => YesNo::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_action(words: &[&str], expected: Option<ActionStatus>) {
        for word in words {
            assert_eq!(usual_action_status(word), expected, "{word:?}");
        }
    }

    #[test]
    fn action_words_mean_what_the_coordinator_means() {
        check_action(&["", " ", "O/S", "outstanding", "Ongoing"], Some(ActionStatus::Open));
        check_action(&["Done", "DONE", "complete", "Completed "], Some(ActionStatus::Completed));
        check_action(&["Not done", "not actioned"], Some(ActionStatus::NotDone));
        let not_possible = ["N/A", "N/A - moved away", "Not poss - in custody", "Not possible"];
        check_action(&not_possible, Some(ActionStatus::NotPossible));
        check_action(&["nearly", "done?", "chased"], None);
    }

    #[test]
    fn referral_words_mean_what_the_coordinator_means() {
        for (word, expected) in [
            ("Awaiting", Some(ReferralWord::AwaitingTriage)),
            ("Open", Some(ReferralWord::Open)),
            ("HEARD", Some(ReferralWord::Heard)),
            ("closed", Some(ReferralWord::Closed)),
            ("NFA", None),
        ] {
            assert_eq!(usual_referral_word(word), expected, "{word:?}");
        }
    }

    #[test]
    fn yes_and_no_are_read_by_their_first_word() {
        for word in ["Y", "yes", "Yes - level 2", "TRUE", "1"] {
            assert_eq!(yes_no(word), YesNo::Answer(true), "{word:?}");
        }
        for word in ["n", "No", "FALSE"] {
            assert_eq!(yes_no(word), YesNo::Answer(false), "{word:?}");
        }
        assert_eq!(
            (yes_no("?"), yes_no(""), yes_no("n/k")),
            (YesNo::NotKnown, YesNo::NotKnown, YesNo::NotKnown)
        );
        assert_eq!(yes_no("maybe"), YesNo::Unclear);
    }
}
