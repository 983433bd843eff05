//! What happened to an action, for its history, the audit log and those who are told.

use super::capacity::{By, Standing, standing};
use super::due::DueChange;
use super::kind::EntryKind;
use super::{Act, Owner};
use crate::coded::Coded;
use crate::id::{ActionId, AgencyId, ExtensionId, TransferId};
use crate::text::{Note, Title};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One change of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ActionChange {
    /// It was set.
    Set,
    /// It was taken over from an old tracker, as it stood there.
    Imported,
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
    /// Somebody wrote how it goes, or what shows that it was done. The action is as it was.
    Noted {
        /// What was written.
        note: Note,
        /// Whether it is evidence that the action was done.
        evidence: bool,
        /// Whether it is the owning agency's word, and not the panel's own remark.
        from_agency: bool,
    },
    /// It was deleted: a slip in minutes that nobody has approved.
    Deleted,
}

impl ActionChange {
    /// Which kind of change it is, for the history and for filters.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Set => EntryKind::Set,
            Self::Imported => EntryKind::Imported,
            Self::Started => EntryKind::Started,
            Self::Completed { .. } => EntryKind::Completed,
            Self::ReportedNotPossible => EntryKind::ReportedNotPossible,
            Self::AcceptedNotPossible => EntryKind::AcceptedNotPossible,
            Self::RefusedNotPossible { .. } => EntryKind::RefusedNotPossible,
            Self::ReportedNotDone => EntryKind::ReportedNotDone,
            Self::Withdrawn => EntryKind::Withdrawn,
            Self::Reopened { .. } => EntryKind::Reopened,
            Self::Reworded { .. } => EntryKind::Reworded,
            Self::DueCorrected { .. } => EntryKind::DueCorrected,
            Self::DueChanged(_) => EntryKind::DueChanged,
            Self::OwnerChanged { .. } => EntryKind::OwnerChanged,
            Self::ExtensionAsked { .. } => EntryKind::ExtensionAsked,
            Self::ExtensionRefused { .. } => EntryKind::ExtensionRefused,
            Self::TransferProposed { .. } => EntryKind::TransferProposed,
            Self::TransferAccepted { .. } => EntryKind::TransferAccepted,
            Self::TransferRefused { .. } => EntryKind::TransferRefused,
            Self::TransferRevoked { .. } => EntryKind::TransferRevoked,
            Self::TransferDueDeclined { .. } => EntryKind::TransferDueDeclined,
            Self::Noted { evidence: false, .. } => EntryKind::Noted,
            Self::Noted { evidence: true, .. } => EntryKind::Evidenced,
            Self::Deleted => EntryKind::Deleted,
        }
    }

    /// The stable name of the change, for the audit log and for filters.
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// What somebody did so that this came about.
    pub const fn act(&self) -> Act {
        match self {
            Self::Set | Self::Imported => Act::Set,
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
            Self::Noted { from_agency: true, .. } => Act::Report,
            Self::Noted { from_agency: false, .. } => Act::Remark,
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
