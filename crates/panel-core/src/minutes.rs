//! The minutes: checks before the chair signs, frozen versions, corrections and opening again.
//!
//! What is signed never changes. A correction is a new version with its reason; only the latest
//! version can be opened again, and what it said stays readable.

mod record;

pub use record::{
    ActionRecord, AttendanceLine, CaseRecord, Incomplete, IncompleteAction, ItemRecord, Record,
    SharedInformation,
};

use crate::agenda::ItemState;
use crate::coded;
use crate::meeting::{AttendanceStatus, MeetingError};
use serde::{Deserialize, Serialize};

coded! {
    /// What a check before signing found.
    pub enum Check: "check" {
        /// A listed case has neither a decision nor a deferral.
        Undecided = "undecided" => "Case without a decision",
        /// An action has no owner.
        ActionWithoutOwner = "action_without_owner" => "Action without an owner",
        /// An action has no date and no word for one.
        ActionWithoutDate = "action_without_date" => "Action without a due date",
        /// Nobody is recorded as present.
        NobodyPresent = "nobody_present" => "Nobody recorded as present",
        /// A case was heard and nothing was written down.
        NothingRecorded = "nothing_recorded" => "Case heard with nothing recorded",
        /// Somebody who was there did not accept the confidentiality statement.
        StatementNotAccepted = "statement_not_accepted" => "Confidentiality statement not accepted",
    }
}

impl Check {
    /// Whether the finding stops the signature by default; a panel can turn a stop into a warning.
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Undecided | Self::ActionWithoutOwner | Self::NobodyPresent)
    }
}

/// Which findings stop the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MinutesPolicy {
    /// Findings that stop the signature; the others only warn.
    pub blocking: Vec<Check>,
    /// The confidentiality statement that everybody accepts at each meeting.
    pub statement: String,
}

impl Default for MinutesPolicy {
    fn default() -> Self {
        let blocking =
            <Check as crate::coded::Coded>::ALL.iter().copied().filter(|c| c.blocks()).collect();
        Self { blocking, statement: DEFAULT_STATEMENT.to_owned() }
    }
}

/// The statement a new panel starts with; panels set their own.
const DEFAULT_STATEMENT: &str = "What is shared at this meeting is confidential and is shared to \
    protect people from harm. It may be used and passed on only for that purpose, and only with the \
    agreement of the agency it came from. Everyone is treated fairly and without discrimination on \
    any protected characteristic. Each agency stays responsible for its own actions; no \
    responsibility passes to the meeting.";

/// One thing to mend, or to know, before signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub check: Check,
    /// What it is about: a case reference, an action, a name.
    pub about: String,
    /// Whether it stops the signature.
    pub blocking: bool,
}

/// What the checks look at.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Every case item: its reference, how it ended, whether it was decided, whether anything was
    /// written.
    pub cases: Vec<CaseFact>,
    /// Every action set at the meeting: its wording, whether it has an owner, whether it has a date.
    pub actions: Vec<(String, bool, bool)>,
    /// Everybody recorded: name, status, whether the statement was accepted.
    pub people: Vec<(String, AttendanceStatus, bool)>,
}

/// One case item as the checks see it.
#[derive(Debug, Clone)]
pub struct CaseFact {
    /// The case's reference.
    pub reference: String,
    /// How the item ended.
    pub state: ItemState,
    /// Whether a decision was taken.
    pub decided: bool,
    /// Whether anything was written down.
    pub recorded: bool,
}

/// Everything to mend or to know before signing, in the order of the agenda.
pub fn check(facts: &Facts, policy: &MinutesPolicy) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |check: Check, about: &str| {
        let blocking = policy.blocking.contains(&check);
        findings.push(Finding { check, about: about.to_owned(), blocking });
    };
    if !facts.people.iter().any(|(_, status, _)| status.is_present()) {
        find(Check::NobodyPresent, "the meeting");
    }
    for (name, status, accepted) in &facts.people {
        if (status.is_present() || *status == AttendanceStatus::Observer) && !accepted {
            find(Check::StatementNotAccepted, name);
        }
    }
    for case in &facts.cases {
        let open = matches!(case.state, ItemState::Listed | ItemState::Heard);
        if open && !case.decided {
            find(Check::Undecided, &case.reference);
        } else if case.state == ItemState::Heard && !case.recorded {
            find(Check::NothingRecorded, &case.reference);
        }
    }
    for (text, owned, dated) in &facts.actions {
        if !owned {
            find(Check::ActionWithoutOwner, text);
        }
        if !dated {
            find(Check::ActionWithoutDate, text);
        }
    }
    findings
}

/// Whether nothing stops the signature.
pub fn may_sign(findings: &[Finding]) -> bool {
    !findings.iter().any(|finding| finding.blocking)
}

/// The number of the next version.
pub const fn next_version(latest: Option<i32>) -> i32 {
    match latest {
        Some(latest) => latest.saturating_add(1),
        None => 1,
    }
}

/// Checks that a version can be signed: the first needs no reason, a correction needs one.
///
/// # Errors
/// [`MeetingError::NoReason`] for a correction without one.
pub fn check_reason(latest: Option<i32>, reason: &str) -> Result<(), MeetingError> {
    if latest.is_some() && reason.trim().is_empty() { Err(MeetingError::NoReason) } else { Ok(()) }
}

/// Checks that a version can be opened again: it is its panel's latest, and a reason is given.
///
/// # Errors
/// [`MeetingError::NotLatest`] or [`MeetingError::NoReason`].
pub fn check_open_again(is_latest: bool, reason: &str) -> Result<(), MeetingError> {
    if !is_latest {
        Err(MeetingError::NotLatest)
    } else if reason.trim().is_empty() {
        Err(MeetingError::NoReason)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let case = |reference: &str, state, decided, recorded| CaseFact {
            reference: reference.to_owned(),
            state,
            decided,
            recorded,
        };
        Facts {
            cases: vec![
                case("A", ItemState::Heard, true, true),
                case("B", ItemState::Heard, false, true),
                case("C", ItemState::Heard, true, false),
                case("D", ItemState::Deferred, false, false),
            ],
            actions: vec![("Visit".to_owned(), false, true)],
            people: vec![("Sam".to_owned(), AttendanceStatus::Absent, false)],
        }
    }

    #[test]
    fn f17_each_gap_is_listed_and_stops_or_warns_by_the_panels_setting() {
        let found = check(&facts(), &MinutesPolicy::default());
        let said: Vec<_> = found.iter().map(|f| (f.check, f.about.as_str(), f.blocking)).collect();
        assert_eq!(
            said,
            [
                (Check::NobodyPresent, "the meeting", true),
                (Check::Undecided, "B", true),
                (Check::NothingRecorded, "C", false),
                (Check::ActionWithoutOwner, "Visit", true),
            ]
        );
        let lenient = MinutesPolicy { blocking: Vec::new(), ..MinutesPolicy::default() };
        assert!(may_sign(&check(&facts(), &lenient)));
        assert!(!may_sign(&found));
    }

    #[test]
    fn f2_versions_count_from_one_and_a_correction_needs_a_reason() {
        assert_eq!(next_version(None), 1);
        assert_eq!(next_version(Some(1)), 2);
        assert_eq!(check_reason(None, ""), Ok(()));
        assert_eq!(check_reason(Some(1), "  "), Err(MeetingError::NoReason));
    }

    #[test]
    fn f4_only_the_latest_minutes_are_opened_again() {
        assert_eq!(check_open_again(false, "wrong name"), Err(MeetingError::NotLatest));
        assert_eq!(check_open_again(true, ""), Err(MeetingError::NoReason));
        assert_eq!(check_open_again(true, "wrong name"), Ok(()));
    }

    #[test]
    fn everybody_in_the_room_accepts_the_statement() {
        let people = vec![
            ("Sam".to_owned(), AttendanceStatus::Present, true),
            ("Lee".to_owned(), AttendanceStatus::Observer, false),
        ];
        let found = check(&Facts { people, ..Facts::default() }, &MinutesPolicy::default());
        assert_eq!(found.iter().map(|f| f.about.as_str()).collect::<Vec<_>>(), ["Lee"]);
    }
}
