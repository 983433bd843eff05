//! Changes of a due date, and the date by which on-time is judged.

use super::Act;
use crate::coded;
use crate::id::{ExtensionId, TransferId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a due date came to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by_way_of", rename_all = "snake_case")]
pub enum DueCause {
    /// An extension that was asked for and agreed.
    Extension {
        /// The request.
        extension: ExtensionId,
    },
    /// The date that a receiving agency proposed and the chair agreed.
    Transfer {
        /// The transfer.
        transfer: TransferId,
    },
    /// The coordinator or the chair changed it.
    Amendment,
}

coded! {
    /// How a due date came to change, without which request it was.
    pub enum DueCauseKind: "cause of a due date" {
        /// An agreed extension.
        Extension = "extension" => "Extension",
        /// Agreed with a transfer.
        Transfer = "transfer" => "Transfer",
        /// Changed by the panel.
        Amendment = "amendment" => "Changed by the panel",
    }
}

impl DueCause {
    pub(super) const fn act(self) -> Act {
        match self {
            Self::Extension { .. } => Act::AnswerExtension,
            Self::Transfer { .. } => Act::AgreeTransferDue,
            Self::Amendment => Act::Amend,
        }
    }

    /// The cause without which request it was.
    pub const fn kind(self) -> DueCauseKind {
        match self {
            Self::Extension { .. } => DueCauseKind::Extension,
            Self::Transfer { .. } => DueCauseKind::Transfer,
            Self::Amendment => DueCauseKind::Amendment,
        }
    }
}

/// One agreed change of a due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DueChange {
    /// The due date in force when it was asked for.
    pub before: Option<NaiveDate>,
    /// The new one.
    pub after: Option<NaiveDate>,
    /// The local date on which it was asked for.
    pub asked_on: NaiveDate,
    /// The local date on which it was agreed.
    pub agreed_on: NaiveDate,
    /// How it came about.
    pub cause: DueCause,
}

impl DueChange {
    /// Whether it was asked for no later than the due date then in force. When it was agreed does
    /// not matter: an agency that asked in time does not pay for a slow answer.
    pub fn asked_in_time(&self) -> bool {
        self.before.is_none_or(|due| self.asked_on <= due)
    }
}

/// The date by which on-time is judged: the due date last agreed by a change that was asked for in
/// time, else the one the action was set with. `changes` come in the order in which they were agreed.
///
/// A change by the panel itself follows the same rule, so that no late action is made punctual by
/// moving its date afterwards.
pub fn judged_date(original: Option<NaiveDate>, changes: &[DueChange]) -> Option<NaiveDate> {
    let last_in_time = changes.iter().rev().find(|change| change.asked_in_time());
    last_in_time.map_or(original, |change| change.after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reminder::sample::day;

    /// Each change is `asked on, agreed on, new date`.
    #[track_caller]
    fn check(original: &str, changes: &[(&str, &str, &str)], expected: &str) {
        let mut before = Some(day(original));
        let mut made = Vec::new();
        for (asked, agreed, after) in changes {
            let after = Some(day(after));
            made.push(DueChange {
                before,
                after,
                asked_on: day(asked),
                agreed_on: day(agreed),
                cause: DueCause::Amendment,
            });
            before = after;
        }
        assert_eq!(judged_date(Some(day(original)), &made), Some(day(expected)));
    }

    #[test]
    fn without_a_change_the_original_date_judges() {
        check("2026-03-10", &[], "2026-03-10");
    }

    #[test]
    fn asked_on_the_due_date_itself_is_in_time_whatever_day_it_is_agreed() {
        check("2026-03-10", &[("2026-03-10", "2026-03-20", "2026-03-31")], "2026-03-31");
    }

    #[test]
    fn asked_the_day_after_changes_nothing_that_is_judged() {
        check("2026-03-10", &[("2026-03-11", "2026-03-11", "2026-03-31")], "2026-03-10");
    }

    #[test]
    fn of_several_the_last_that_was_asked_in_time_judges() {
        let in_time = ("2026-03-09", "2026-03-12", "2026-03-20");
        let late = ("2026-03-21", "2026-03-22", "2026-04-30");
        check("2026-03-10", &[in_time, late], "2026-03-20");
        let in_time_again = ("2026-04-30", "2026-05-02", "2026-05-15");
        check("2026-03-10", &[in_time, late, in_time_again], "2026-05-15");
    }

    #[test]
    fn a_date_given_to_an_action_that_had_none_is_always_in_time() {
        let first = DueChange {
            before: None,
            after: Some(day("2026-03-10")),
            asked_on: day("2026-03-01"),
            agreed_on: day("2026-03-01"),
            cause: DueCause::Amendment,
        };
        assert_eq!(judged_date(None, &[first]), Some(day("2026-03-10")));
        assert_eq!(judged_date(None, &[]), None);
    }
}
