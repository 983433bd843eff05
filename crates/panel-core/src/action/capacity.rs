//! Who may do what to an action: one exhaustive match.

use super::error::ActionError;
use crate::coded;
use crate::id::UserId;
use serde::{Deserialize, Serialize};

coded! {
    /// What a person is to one action at the moment of asking.
    pub enum Capacity: "capacity" {
        /// Acts for the agency that owes it.
        OwnerAgency = "owner_agency" => "the owning agency",
        /// Acts for the agency to which a transfer is proposed.
        ReceivingAgency = "receiving_agency" => "the receiving agency",
        /// Coordinates the panel.
        Coordinator = "coordinator" => "the coordinator",
        /// Chairs the panel.
        Chair = "chair" => "the chair",
        /// None of these.
        Other = "other" => "somebody without a part in this action",
    }
}

coded! {
    /// Something that is done to an action.
    pub enum Act: "act" {
        /// Set it.
        Set = "set" => "setting an action",
        /// Say that it has been started.
        Start = "start" => "starting it",
        /// Say that it is done.
        Complete = "complete" => "completing it",
        /// Say that circumstances prevent it.
        ReportNotPossible = "report_not_possible" => "reporting it as not possible",
        /// Say that it was not done.
        ReportNotDone = "report_not_done" => "reporting it as not done",
        /// Say how it goes, or what shows that it was done.
        Report = "report" => "reporting progress",
        /// Write a remark of the panel's own.
        Remark = "remark" => "remarking on it",
        /// Answer a report that it is not possible.
        AnswerNotPossible = "answer_not_possible" => "answering that it is not possible",
        /// Withdraw it.
        Withdraw = "withdraw" => "withdrawing it",
        /// Take up a finished action again.
        Reopen = "reopen" => "reopening it",
        /// Change wording, due date or owner.
        Amend = "amend" => "amending it",
        /// Delete it.
        Delete = "delete" => "deleting it",
        /// Ask for more time.
        AskExtension = "ask_extension" => "asking for an extension",
        /// Answer such a request.
        AnswerExtension = "answer_extension" => "answering an extension",
        /// Propose that another agency take it over, or take the proposal back.
        ProposeTransfer = "propose_transfer" => "proposing a transfer",
        /// Answer such a proposal.
        AnswerTransfer = "answer_transfer" => "answering a transfer",
        /// Agree the due date that a receiving agency proposed.
        AgreeTransferDue = "agree_transfer_due" => "agreeing the due date of a transfer",
    }
}

/// How somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In their own right.
    Own,
    /// For an agency that told them, and marked so.
    OnBehalf,
    /// Not at all.
    Refused,
}

/// Somebody who acts, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct By {
    /// Who.
    pub user: UserId,
    /// As what.
    pub capacity: Capacity,
}

/// Decides how a capacity may act.
///
/// An agency reports on what it owes. The coordinator keeps the record: sets, amends, and enters
/// what an agency mailed, on its behalf. The chair decides what changes the panel's decision.
pub const fn standing(capacity: Capacity, act: Act) -> Standing {
    match act {
        Act::Start
        | Act::Complete
        | Act::ReportNotPossible
        | Act::ReportNotDone
        | Act::Report
        | Act::AskExtension
        | Act::ProposeTransfer => match capacity {
            Capacity::OwnerAgency => Standing::Own,
            Capacity::Coordinator | Capacity::Chair => Standing::OnBehalf,
            Capacity::ReceivingAgency | Capacity::Other => Standing::Refused,
        },
        Act::AnswerTransfer => match capacity {
            Capacity::ReceivingAgency => Standing::Own,
            Capacity::Coordinator => Standing::OnBehalf,
            Capacity::OwnerAgency | Capacity::Chair | Capacity::Other => Standing::Refused,
        },
        Act::Set | Act::Remark | Act::Amend | Act::Delete | Act::Reopen | Act::AnswerExtension => {
            match capacity {
                Capacity::Coordinator | Capacity::Chair => Standing::Own,
                Capacity::OwnerAgency | Capacity::ReceivingAgency | Capacity::Other => {
                    Standing::Refused
                }
            }
        }
        Act::AnswerNotPossible | Act::Withdraw | Act::AgreeTransferDue => match capacity {
            Capacity::Chair => Standing::Own,
            Capacity::OwnerAgency
            | Capacity::ReceivingAgency
            | Capacity::Coordinator
            | Capacity::Other => Standing::Refused,
        },
    }
}

impl By {
    /// Checks that this person may do it.
    ///
    /// # Errors
    /// [`ActionError::NotAllowed`].
    pub const fn may(self, act: Act) -> Result<Standing, ActionError> {
        match standing(self.capacity, act) {
            Standing::Refused => Err(ActionError::NotAllowed { act, capacity: self.capacity }),
            held => Ok(held),
        }
    }

    /// Picks the capacity in which somebody with several may do it: in their own right before on
    /// another's behalf. When none may, the first is kept, so that the refusal can name it.
    pub fn best(user: UserId, capacities: &[Capacity], act: Act) -> Self {
        let holding = |wanted: Standing| {
            capacities.iter().copied().find(|capacity| standing(*capacity, act) == wanted)
        };
        let capacity = holding(Standing::Own)
            .or_else(|| holding(Standing::OnBehalf))
            .or_else(|| capacities.first().copied())
            .unwrap_or(Capacity::Other);
        Self { user, capacity }
    }
}
