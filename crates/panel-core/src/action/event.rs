//! What happened to an action, for its history, the audit log and those who are told.

use super::capacity::{By, Standing, standing};
use super::due::DueChange;
use super::{Act, Owner};
use crate::id::{ActionId, AgencyId, ExtensionId, TransferId};
use crate::text::{Note, Title};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One change of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionEvent {
    /// The action.
    pub action: ActionId,
    /// Who changed it, and as what.
    pub by: By,
    /// The local date on which it was entered.
    pub on: NaiveDate,
    /// What changed.
    pub change: ActionChange,
}

/// A change of the owning agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerMove {
    /// The agency that owed it.
    pub from: AgencyId,
    /// The agency that owes it now.
    pub to: AgencyId,
    /// The local date.
    pub on: NaiveDate,
    /// Whether the receiver accepted a transfer, or the record was put right.
    pub by_transfer: bool,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ActionChange {
    /// It was set.
    Set,
    /// It was started.
    Started,
    /// It was completed.
    Completed {
        /// The local date entered.
        done_on: NaiveDate,
        /// Days between the due date in force and that date, if it was late.
        days_late: i64,
    },
    /// It was reported as not possible.
    ReportedNotPossible,
    /// The chair accepted that.
    AcceptedNotPossible,
    /// The chair did not accept that; the action is what it was before.
    RefusedNotPossible {
        /// Why.
        reason: Note,
    },
    /// It was reported as not done.
    ReportedNotDone,
    /// It was withdrawn.
    Withdrawn,
    /// A finished action was taken up again.
    Reopened {
        /// Why.
        reason: Note,
    },
    /// It reads differently.
    Reworded {
        /// How it read before.
        before: Title,
    },
    /// Its due date was put right before any minutes held it.
    DueCorrected {
        /// What it was.
        before: Option<NaiveDate>,
    },
    /// It has a new due date.
    DueChanged(DueChange),
    /// It has a new owner.
    OwnerChanged {
        /// Who owed it.
        from: Owner,
        /// Who owes it.
        to: Owner,
    },
    /// The owner asked for more time.
    ExtensionAsked {
        /// The request.
        extension: ExtensionId,
    },
    /// That was refused.
    ExtensionRefused {
        /// The request.
        extension: ExtensionId,
    },
    /// The owner proposed that another agency take it over.
    TransferProposed {
        /// The proposal.
        transfer: TransferId,
        /// The agency that should.
        to: AgencyId,
    },
    /// That agency took it over.
    TransferAccepted {
        /// The proposal.
        transfer: TransferId,
        /// The move.
        moved: OwnerMove,
    },
    /// That agency declined.
    TransferRefused {
        /// The proposal.
        transfer: TransferId,
    },
    /// The proposal was taken back.
    TransferRevoked {
        /// The proposal.
        transfer: TransferId,
    },
    /// The chair kept the due date, although the receiver had proposed another.
    TransferDueDeclined {
        /// The proposal.
        transfer: TransferId,
    },
    /// It was deleted: a slip in minutes that nobody has approved.
    Deleted,
}

impl ActionChange {
    /// The stable name of the change, for the audit log and for filters.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Set => "action_set",
            Self::Started => "action_started",
            Self::Completed { .. } => "action_completed",
            Self::ReportedNotPossible => "action_reported_not_possible",
            Self::AcceptedNotPossible => "action_not_possible_accepted",
            Self::RefusedNotPossible { .. } => "action_not_possible_refused",
            Self::ReportedNotDone => "action_reported_not_done",
            Self::Withdrawn => "action_withdrawn",
            Self::Reopened { .. } => "action_reopened",
            Self::Reworded { .. } => "action_reworded",
            Self::DueCorrected { .. } => "action_due_corrected",
            Self::DueChanged(_) => "action_due_changed",
            Self::OwnerChanged { .. } => "action_owner_changed",
            Self::ExtensionAsked { .. } => "extension_asked",
            Self::ExtensionRefused { .. } => "extension_refused",
            Self::TransferProposed { .. } => "transfer_proposed",
            Self::TransferAccepted { .. } => "transfer_accepted",
            Self::TransferRefused { .. } => "transfer_refused",
            Self::TransferRevoked { .. } => "transfer_revoked",
            Self::TransferDueDeclined { .. } => "transfer_due_declined",
            Self::Deleted => "action_deleted",
        }
    }

    /// What somebody did so that this came about.
    pub const fn act(&self) -> Act {
        match self {
            Self::Set => Act::Set,
            Self::Started => Act::Start,
            Self::Completed { .. } => Act::Complete,
            Self::ReportedNotPossible => Act::ReportNotPossible,
            Self::AcceptedNotPossible | Self::RefusedNotPossible { .. } => Act::AnswerNotPossible,
            Self::ReportedNotDone => Act::ReportNotDone,
            Self::Withdrawn => Act::Withdraw,
            Self::Reopened { .. } => Act::Reopen,
            Self::Reworded { .. } | Self::DueCorrected { .. } | Self::OwnerChanged { .. } => {
                Act::Amend
            }
            Self::DueChanged(change) => change.cause.act(),
            Self::ExtensionAsked { .. } => Act::AskExtension,
            Self::ExtensionRefused { .. } => Act::AnswerExtension,
            Self::TransferProposed { .. } | Self::TransferRevoked { .. } => Act::ProposeTransfer,
            Self::TransferAccepted { .. } | Self::TransferRefused { .. } => Act::AnswerTransfer,
            Self::TransferDueDeclined { .. } => Act::AgreeTransferDue,
            Self::Deleted => Act::Delete,
        }
    }
}

impl ActionEvent {
    /// Whether it was entered for an agency that had told the panel, and is to be marked so.
    pub fn is_on_behalf(&self) -> bool {
        standing(self.by.capacity, self.change.act()) == Standing::OnBehalf
    }

    /// The change of owning agency that this was, if it was one: what completion counts by.
    pub fn owner_move(&self) -> Option<OwnerMove> {
        match &self.change {
            ActionChange::TransferAccepted { moved, .. } => Some(*moved),
            ActionChange::OwnerChanged { from, to } if from.agency != to.agency => {
                Some(OwnerMove {
                    from: from.agency,
                    to: to.agency,
                    on: self.on,
                    by_transfer: false,
                })
            }
            _ => None,
        }
    }

    /// The change of due date that this was, if it was one: what on-time is judged by.
    pub const fn due_change(&self) -> Option<DueChange> {
        match self.change {
            ActionChange::DueChanged(change) => Some(change),
            _ => None,
        }
    }
}
