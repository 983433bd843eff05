//! Handing an action to another agency: a proposal beside the status, which changes nothing until
//! the receiver accepts it.

use super::due::{DueCause, DueChange};
use super::event::OwnerMove;
use super::{Act, Action, ActionChange, ActionError, ActionEvent, Assignee, By, Owner};
use crate::coded;
use crate::id::{ActionId, AgencyId, TransferId, UserId};
use crate::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// Where a transfer stands, without who answered and when.
    pub enum TransferStatus: "state of a transfer" {
        /// Waits for the receiver.
        Proposed = "proposed" => "Waits for an answer",
        /// The receiver owns the action.
        Accepted = "accepted" => "Accepted",
        /// The receiver declined.
        Refused = "refused" => "Refused",
        /// The owner took it back.
        Revoked = "revoked" => "Taken back",
        /// The action was finished, or went to another owner, first.
        Lapsed = "lapsed" => "Lapsed",
    }
}

coded! {
    /// What became of the due date of an accepted transfer.
    pub enum ReceiverDueStatus: "due date of a transfer" {
        /// The receiver keeps it.
        Kept = "kept" => "Kept",
        /// The receiver proposed another.
        Proposed = "proposed" => "Another date waits for the chair",
        /// The chair agreed to the other.
        Agreed = "agreed" => "Another date was agreed",
        /// The chair kept it.
        Declined = "declined" => "Kept by the chair",
    }
}

/// What the receiver said about the due date when it accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ReceiverDue {
    /// It keeps the due date.
    Kept,
    /// It proposed another, which does not apply until the chair agrees.
    Proposed {
        /// The date.
        due: NaiveDate,
        /// The due date in force at the time.
        due_then: Option<NaiveDate>,
    },
    /// The chair agreed.
    Agreed {
        /// The date.
        due: NaiveDate,
        /// Who.
        by: UserId,
        /// The local date of the agreement.
        on: NaiveDate,
    },
    /// The chair kept the due date.
    Declined {
        /// The date that was proposed.
        due: NaiveDate,
        /// Who.
        by: UserId,
        /// The local date of the answer.
        on: NaiveDate,
    },
}

/// Where a transfer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TransferState {
    /// Waits for the receiver; owner, due date and reminders are as they were.
    Proposed,
    /// The receiver owns the action.
    Accepted {
        /// Who accepted.
        by: UserId,
        /// The local date.
        on: NaiveDate,
        /// What became of the due date.
        due: ReceiverDue,
    },
    /// The receiver declined; nothing has changed.
    Refused {
        /// Who declined.
        by: UserId,
        /// The local date.
        on: NaiveDate,
        /// Why.
        reason: Note,
    },
    /// The owner took it back; nothing has changed.
    Revoked {
        /// Who.
        by: UserId,
        /// The local date.
        on: NaiveDate,
    },
    /// The action was finished, or went to another owner, first.
    Lapsed {
        /// The local date.
        on: NaiveDate,
    },
}

impl TransferState {
    /// The state without who answered and when.
    pub const fn status(&self) -> TransferStatus {
        match self {
            Self::Proposed => TransferStatus::Proposed,
            Self::Accepted { .. } => TransferStatus::Accepted,
            Self::Refused { .. } => TransferStatus::Refused,
            Self::Revoked { .. } => TransferStatus::Revoked,
            Self::Lapsed { .. } => TransferStatus::Lapsed,
        }
    }
}

impl ReceiverDue {
    /// What became of the due date, without who decided and when.
    pub const fn status(&self) -> ReceiverDueStatus {
        match self {
            Self::Kept => ReceiverDueStatus::Kept,
            Self::Proposed { .. } => ReceiverDueStatus::Proposed,
            Self::Agreed { .. } => ReceiverDueStatus::Agreed,
            Self::Declined { .. } => ReceiverDueStatus::Declined,
        }
    }
}

/// A proposal that another agency take an action over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transfer {
    /// Which proposal.
    pub id: TransferId,
    /// The action.
    pub action: ActionId,
    /// The agency that owes it.
    pub from: AgencyId,
    /// The agency that should.
    pub to: AgencyId,
    /// Who proposed it, and as what.
    pub proposed_by: By,
    /// The local date.
    pub proposed_on: NaiveDate,
    /// Why.
    pub reason: Note,
    /// Where it stands.
    pub state: TransferState,
}

/// What the receiver says when it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Who will do it.
    pub person: Option<Assignee>,
    /// Another due date, if it needs one.
    pub due: Option<NaiveDate>,
}

type Answered = Result<(Transfer, Action, ActionEvent), ActionError>;

impl Transfer {
    /// Proposes a transfer. `one_waits` says whether another for this action is unanswered.
    ///
    /// # Errors
    /// [`ActionError::SameAgency`], [`ActionError::OneWaits`], or that it is not the owner's turn.
    pub fn propose(
        id: TransferId,
        action: &Action,
        one_waits: bool,
        by: By,
        to: AgencyId,
        reason: Note,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::ProposeTransfer)?;
        action.progress()?;
        if to == action.owner.agency {
            return Err(ActionError::SameAgency);
        }
        if one_waits {
            return Err(ActionError::OneWaits);
        }
        let transfer = Self {
            id,
            action: action.id,
            from: action.owner.agency,
            to,
            proposed_by: by,
            proposed_on: today,
            reason,
            state: TransferState::Proposed,
        };
        let change = ActionChange::TransferProposed { transfer: id, to };
        Ok((transfer, ActionEvent { action: action.id, by, on: today, change }))
    }

    /// Whether the receiver has not answered yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, TransferState::Proposed)
    }

    /// The receiver accepts: it owns the action from now on. The due date stays; another that it
    /// proposes waits for the chair.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`], [`ActionError::OwnerMoved`], [`ActionError::DueInPast`], or
    /// that the action is finished or waits for the chair.
    pub fn accept(self, action: Action, by: By, handover: Handover, today: NaiveDate) -> Answered {
        by.may(Act::AnswerTransfer)?;
        self.open()?;
        if action.id != self.action {
            return Err(ActionError::OtherAction);
        }
        if action.owner.agency != self.from {
            return Err(ActionError::OwnerMoved);
        }
        action.progress()?;
        let due = match handover.due.filter(|due| action.due != Some(*due)) {
            None => ReceiverDue::Kept,
            Some(due) if due < today => return Err(ActionError::DueInPast { due, today }),
            Some(due) => ReceiverDue::Proposed { due, due_then: action.due },
        };
        let moved = OwnerMove { from: self.from, to: self.to, on: today, by_transfer: true };
        let owner = Owner { agency: self.to, person: handover.person };
        let change = ActionChange::TransferAccepted { transfer: self.id, moved };
        let (action, event) = action.owned_by(owner).tell(by, today, change);
        let state = TransferState::Accepted { by: by.user, on: today, due };
        Ok((Self { state, ..self }, action, event))
    }

    /// The receiver declines; nothing has changed.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`].
    pub fn refuse(
        self,
        by: By,
        reason: Note,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::AnswerTransfer)?;
        self.open()?;
        let state = TransferState::Refused { by: by.user, on: today, reason };
        let change = ActionChange::TransferRefused { transfer: self.id };
        Ok(self.close(state, by, today, change))
    }

    /// The owner takes the proposal back; nothing has changed.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`].
    pub fn revoke(self, by: By, today: NaiveDate) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::ProposeTransfer)?;
        self.open()?;
        let state = TransferState::Revoked { by: by.user, on: today };
        let change = ActionChange::TransferRevoked { transfer: self.id };
        Ok(self.close(state, by, today, change))
    }

    /// The chair agrees the due date that the receiver proposed, and the action takes it.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`] when no date waits, [`ActionError::OwnerMoved`], or that the
    /// action is finished.
    pub fn agree_due(self, action: Action, by: By, today: NaiveDate) -> Answered {
        by.may(Act::AgreeTransferDue)?;
        let (accepted_by, accepted_on, due, due_then) = self.proposed_due()?;
        if action.id != self.action {
            return Err(ActionError::OtherAction);
        }
        if action.owner.agency != self.to {
            return Err(ActionError::OwnerMoved);
        }
        action.unfinished()?;
        let change = ActionChange::DueChanged(DueChange {
            before: due_then,
            after: Some(due),
            asked_on: accepted_on,
            agreed_on: today,
            cause: DueCause::Transfer { transfer: self.id },
        });
        let (action, event) = action.due_on(Some(due)).tell(by, today, change);
        let due = ReceiverDue::Agreed { due, by: by.user, on: today };
        let state = TransferState::Accepted { by: accepted_by, on: accepted_on, due };
        Ok((Self { state, ..self }, action, event))
    }

    /// The chair keeps the due date, although the receiver had proposed another.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`] when no date waits.
    pub fn decline_due(self, by: By, today: NaiveDate) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::AgreeTransferDue)?;
        let (accepted_by, accepted_on, due, _) = self.proposed_due()?;
        let due = ReceiverDue::Declined { due, by: by.user, on: today };
        let state = TransferState::Accepted { by: accepted_by, on: accepted_on, due };
        let change = ActionChange::TransferDueDeclined { transfer: self.id };
        Ok(self.close(state, by, today, change))
    }

    /// Ends an unanswered proposal because its action was finished or changed hands.
    #[must_use]
    pub fn lapse(self, today: NaiveDate) -> Self {
        let state = if self.is_open() { TransferState::Lapsed { on: today } } else { self.state };
        Self { state, ..self }
    }

    const fn open(&self) -> Result<(), ActionError> {
        if self.is_open() { Ok(()) } else { Err(ActionError::AlreadyAnswered) }
    }

    /// Who accepted and when, the date that waits for the chair, and the one in force then.
    const fn proposed_due(
        &self,
    ) -> Result<(UserId, NaiveDate, NaiveDate, Option<NaiveDate>), ActionError> {
        match self.state {
            TransferState::Accepted { by, on, due: ReceiverDue::Proposed { due, due_then } } => {
                Ok((by, on, due, due_then))
            }
            _ => Err(ActionError::AlreadyAnswered),
        }
    }

    fn close(
        self,
        state: TransferState,
        by: By,
        on: NaiveDate,
        change: ActionChange,
    ) -> (Self, ActionEvent) {
        let event = ActionEvent { action: self.action, by, on, change };
        (Self { state, ..self }, event)
    }
}
