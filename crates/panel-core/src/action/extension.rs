//! Asking for more time: the due date in force stays until the panel answers.

use super::due::{DueCause, DueChange};
use super::{Act, Action, ActionChange, ActionError, ActionEvent, By};
use crate::coded;
use crate::id::{ActionId, ExtensionId, UserId};
use crate::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// Where a request for more time stands, without who answered and when.
    pub enum ExtensionStatus: "state of an extension" {
        /// Not answered.
        Awaited = "awaited" => "Waits for an answer",
        /// Agreed.
        Agreed = "agreed" => "Agreed",
        /// Refused.
        Refused = "refused" => "Refused",
        /// The action was finished or went to another owner first.
        Lapsed = "lapsed" => "Lapsed",
    }
}

/// The panel's answer to a request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ExtensionAnswer {
    /// Not answered.
    Awaited,
    /// Agreed.
    Agreed {
        /// By whom.
        by: UserId,
        /// The local date.
        on: NaiveDate,
        /// The due date agreed, which may differ from the one proposed.
        due: NaiveDate,
    },
    /// Refused.
    Refused {
        /// By whom.
        by: UserId,
        /// The local date.
        on: NaiveDate,
        /// Why.
        reason: Note,
    },
    /// The action was finished or went to another owner first.
    Lapsed {
        /// The local date.
        on: NaiveDate,
    },
}

impl ExtensionAnswer {
    /// The answer without who gave it and when.
    pub const fn status(&self) -> ExtensionStatus {
        match self {
            Self::Awaited => ExtensionStatus::Awaited,
            Self::Agreed { .. } => ExtensionStatus::Agreed,
            Self::Refused { .. } => ExtensionStatus::Refused,
            Self::Lapsed { .. } => ExtensionStatus::Lapsed,
        }
    }
}

/// A request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extension {
    /// Which request.
    pub id: ExtensionId,
    /// The action.
    pub action: ActionId,
    /// Who asked, and as what.
    pub asked_by: By,
    /// The local date on which it was asked for. On-time turns on this day, not on the answer's.
    pub asked_on: NaiveDate,
    /// The due date in force on that day.
    pub due_then: NaiveDate,
    /// The due date asked for.
    pub proposed: NaiveDate,
    /// Why.
    pub reason: Note,
    /// The answer.
    pub answer: ExtensionAnswer,
}

impl Extension {
    /// Asks for more time. `one_waits` says whether another request for this action is unanswered.
    ///
    /// # Errors
    /// [`ActionError::NoDueDate`], [`ActionError::NotLater`], [`ActionError::DueInPast`],
    /// [`ActionError::OneWaits`], or that it is not the owner's turn.
    pub fn ask(
        id: ExtensionId,
        action: &Action,
        one_waits: bool,
        by: By,
        proposed: NaiveDate,
        reason: Note,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::AskExtension)?;
        action.progress()?;
        let due_then = action.due.ok_or(ActionError::NoDueDate)?;
        later(proposed, due_then)?;
        if proposed < today {
            return Err(ActionError::DueInPast { due: proposed, today });
        }
        if one_waits {
            return Err(ActionError::OneWaits);
        }
        let extension = Self {
            id,
            action: action.id,
            asked_by: by,
            asked_on: today,
            due_then,
            proposed,
            reason,
            answer: ExtensionAnswer::Awaited,
        };
        let change = ActionChange::ExtensionAsked { extension: id };
        Ok((extension, ActionEvent { action: action.id, by, on: today, change }))
    }

    /// Whether nobody has answered yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.answer, ExtensionAnswer::Awaited)
    }

    /// Agrees to a due date, the proposed one or another that is later than the one in force. The
    /// action takes it; the date it was set with stays beside it.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`], [`ActionError::NotLater`], or that the action is finished.
    pub fn agree(
        self,
        action: Action,
        by: By,
        due: NaiveDate,
        today: NaiveDate,
    ) -> Result<(Self, Action, ActionEvent), ActionError> {
        by.may(Act::AnswerExtension)?;
        self.open_for(&action)?;
        action.unfinished()?;
        later(due, self.due_then)?;
        let change = ActionChange::DueChanged(DueChange {
            before: Some(self.due_then),
            after: Some(due),
            asked_on: self.asked_on,
            agreed_on: today,
            cause: DueCause::Extension { extension: self.id },
        });
        let answer = ExtensionAnswer::Agreed { by: by.user, on: today, due };
        let (action, event) = action.due_on(Some(due)).tell(by, today, change);
        Ok((Self { answer, ..self }, action, event))
    }

    /// Refuses; the due date in force stays.
    ///
    /// # Errors
    /// [`ActionError::AlreadyAnswered`].
    pub fn refuse(
        self,
        by: By,
        reason: Note,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::AnswerExtension)?;
        if !self.is_open() {
            return Err(ActionError::AlreadyAnswered);
        }
        let change = ActionChange::ExtensionRefused { extension: self.id };
        let event = ActionEvent { action: self.action, by, on: today, change };
        let answer = ExtensionAnswer::Refused { by: by.user, on: today, reason };
        Ok((Self { answer, ..self }, event))
    }

    /// Ends an unanswered request because its action was finished or changed hands.
    #[must_use]
    pub fn lapse(self, today: NaiveDate) -> Self {
        let answer =
            if self.is_open() { ExtensionAnswer::Lapsed { on: today } } else { self.answer };
        Self { answer, ..self }
    }

    fn open_for(&self, action: &Action) -> Result<(), ActionError> {
        if action.id != self.action {
            Err(ActionError::OtherAction)
        } else if self.is_open() {
            Ok(())
        } else {
            Err(ActionError::AlreadyAnswered)
        }
    }
}

fn later(proposed: NaiveDate, due: NaiveDate) -> Result<(), ActionError> {
    if proposed > due { Ok(()) } else { Err(ActionError::NotLater { proposed, due }) }
}
