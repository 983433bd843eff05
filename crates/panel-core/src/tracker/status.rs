//! The words of a tracker for where something stands, for yes and no, and for when an action is due.
//!
//! Each table is a default that the reader sees and may change in the mapping.

use crate::coded;
use crate::text::fold;

coded! {
    /// What a status word of an action means.
    pub enum ActionWord: "action status" {
        /// Nothing heard yet.
        Open = "open" => "Open",
        /// Started.
        InProgress = "in_progress" => "In progress",
        /// Done.
        Completed = "completed" => "Completed",
        /// Circumstances changed; the words are the reason, and it counts as accepted.
        NotPossible = "not_possible" => "Not possible",
        /// The agency did not do it; the words are the reason.
        NotDone = "not_done" => "Not done",
        /// Withdrawn by the chair; the words are the reason.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

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
/// use panel_core::tracker::status::{ActionWord, usual_action_word};
/// assert_eq!(usual_action_word("N/A - moved away"), Some(ActionWord::NotPossible));
/// ```
pub fn usual_action_word(word: &str) -> Option<ActionWord> {
    let word = fold(word);
    match word.as_str() {
        "" | "o/s" | "os" | "outstanding" | "ongoing" | "open" => Some(ActionWord::Open),
        "in progress" | "started" => Some(ActionWord::InProgress),
        "done" | "complete" | "completed" => Some(ActionWord::Completed),
        "not done" | "not actioned" => Some(ActionWord::NotDone),
        "withdrawn" => Some(ActionWord::Withdrawn),
        other if other.starts_with("n/a") || other.starts_with("not poss") => {
            Some(ActionWord::NotPossible)
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

/// What a due date that is a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWord {
    /// The meeting after the one that set the action.
    NextMeeting,
    /// No day at all: `ASAP`, `ongoing`, `before Easter`, `10 working days`.
    NoDay,
    /// Figures that are meant for a day but give none, such as `3/4` without a year.
    Unclear,
}

/// Reads a due date that is not a date.
pub fn due_word(words: &str) -> DueWord {
    let folded = fold(words);
    let mut parts = folded.split_whitespace();
    let next = parts.next() == Some("next");
    let meeting = ["panel", "meeting", "mtg", "marac", "matac", "dapp", "one"];
    if next && parts.next().is_some_and(|word| meeting.contains(&word)) {
        DueWord::NextMeeting
    } else if folded.contains(|c: char| c.is_ascii_digit()) && !is_length_of_time(&folded) {
        DueWord::Unclear
    } else {
        DueWord::NoDay
    }
}

/// Whether folded words are a length of time, such as `10 working days` or `2 weeks`.
fn is_length_of_time(folded: &str) -> bool {
    let mut words = folded.split(' ').skip_while(|word| ["in", "within"].contains(word));
    let counted = words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let units = ["day", "days", "week", "weeks", "wks", "month", "months"];
    counted && words.last().is_some_and(|word| units.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_action(words: &[&str], expected: Option<ActionWord>) {
        for word in words {
            assert_eq!(usual_action_word(word), expected, "{word:?}");
        }
    }

    #[test]
    fn action_words_mean_what_the_coordinator_means() {
        check_action(&["", " ", "O/S", "outstanding", "Ongoing"], Some(ActionWord::Open));
        check_action(&["Done", "DONE", "complete", "Completed "], Some(ActionWord::Completed));
        check_action(&["Not done", "not actioned"], Some(ActionWord::NotDone));
        let not_possible = ["N/A", "N/A - moved away", "Not poss - in custody", "Not possible"];
        check_action(&not_possible, Some(ActionWord::NotPossible));
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

    #[test]
    fn due_words_are_the_next_meeting_or_no_day() {
        for word in ["next panel", "Next Meeting", "next MATAC", "next panel mtg"] {
            assert_eq!(due_word(word), DueWord::NextMeeting, "{word:?}");
        }
        for word in ["ASAP", "next week", "ongoing", "10 working days", "within 2 weeks"] {
            assert_eq!(due_word(word), DueWord::NoDay, "{word:?}");
        }
        for word in ["3/4", "by 3/4/26", "April 2026", "20260403"] {
            assert_eq!(due_word(word), DueWord::Unclear, "{word:?}");
        }
    }
}
