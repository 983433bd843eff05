//! What the coordinator puts right: wording, due date and owner; and what may be deleted.

use super::due::{DueCause, DueChange};
use super::{
    Act, Action, ActionChange, ActionError, ActionEvent, ActionState, Approach, By, DueText, Owner,
};
use crate::text::{Note, Title};
use chrono::NaiveDate;

/// Whether the record of an action has left the coordinator's draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    /// Born in minutes that nobody has approved, with no later meeting held since.
    Draft,
    /// Born in approved minutes, before a later meeting, or in an old tracker.
    Recorded,
}

impl Birth {
    /// Decides from the two facts.
    pub const fn of(minutes_approved: bool, later_meeting_held: bool) -> Self {
        if minutes_approved || later_meeting_held { Self::Recorded } else { Self::Draft }
    }
}

/// What became of an action that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It is gone; only the event tells of it.
    Deleted(ActionEvent),
    /// It had been recorded, so it was withdrawn and stays readable.
    Closed(Box<Action>, ActionEvent),
}

impl Action {
    /// Changes the wording and the approach.
    ///
    /// # Errors
    /// [`ActionError::Unchanged`], or that it is finished.
    pub fn reword(
        self,
        by: By,
        text: Title,
        approach: Option<Approach>,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::Amend)?;
        self.unfinished()?;
        if text == self.text && approach == self.approach {
            return Err(ActionError::Unchanged);
        }
        let change = ActionChange::Reworded { before: self.text };
        Ok(Self { text, approach, ..self }.tell(by, today, change))
    }

    /// Changes the due date without a request by the owner. In a draft this puts the original date
    /// right; once recorded, the original stays beside the new one.
    ///
    /// # Errors
    /// [`ActionError::DueBeforeSet`] in a draft and [`ActionError::DueInPast`] afterwards,
    /// [`ActionError::Unchanged`], or that it is finished.
    pub fn redate(
        self,
        by: By,
        due: Option<NaiveDate>,
        due_word: Option<DueText>,
        birth: Birth,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::Amend)?;
        self.unfinished()?;
        if due == self.due && due_word == self.due_word {
            return Err(ActionError::Unchanged);
        }
        let before = self.due;
        match birth {
            Birth::Draft => {
                if let Some(due) = due.filter(|due| *due < self.set_on) {
                    return Err(ActionError::DueBeforeSet { due, set_on: self.set_on });
                }
                let change = ActionChange::DueCorrected { before };
                let action = Self { original_due: due, due_word, ..self };
                Ok(action.due_on(due).tell(by, today, change))
            }
            Birth::Recorded => {
                if let Some(due) = due.filter(|due| *due < today) {
                    return Err(ActionError::DueInPast { due, today });
                }
                let change = DueChange {
                    before,
                    after: due,
                    asked_on: today,
                    agreed_on: today,
                    cause: DueCause::Amendment,
                };
                let action = Self { due_word, ..self };
                Ok(action.due_on(due).tell(by, today, ActionChange::DueChanged(change)))
            }
        }
    }

    /// Gives it to another owner, such as when somebody leaves. No agency's consent is asked: a
    /// transfer between agencies is proposed instead.
    ///
    /// # Errors
    /// [`ActionError::Unchanged`], or that it is finished.
    pub fn reassign(
        self,
        by: By,
        owner: Owner,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::Amend)?;
        self.unfinished()?;
        if owner == self.owner {
            return Err(ActionError::Unchanged);
        }
        let change = ActionChange::OwnerChanged { from: self.owner.clone(), to: owner.clone() };
        Ok(self.owned_by(owner).tell(by, today, change))
    }

    /// Deletes a slip, or withdraws what had been recorded: what was born in approved minutes or
    /// before a later meeting is closed and never deleted, even if somebody edited it today.
    ///
    /// # Errors
    /// [`ActionError::NotAllowed`], also when it would have to be withdrawn and that takes the chair;
    /// that it is finished, when it is recorded.
    pub fn delete(
        self,
        by: By,
        birth: Birth,
        reason: Note,
        today: NaiveDate,
    ) -> Result<Removal, ActionError> {
        by.may(Act::Delete)?;
        match birth {
            Birth::Draft => Ok(Removal::Deleted(self.tell(by, today, ActionChange::Deleted).1)),
            Birth::Recorded => {
                by.may(Act::Withdraw)?;
                self.unfinished()?;
                let state = ActionState::Withdrawn { on: today, by: by.user, reason };
                let (closed, event) =
                    Self { state, ..self }.tell(by, today, ActionChange::Withdrawn);
                Ok(Removal::Closed(Box::new(closed), event))
            }
        }
    }

    /// Puts another due date in force. The instance counts up, so that reminders start afresh.
    pub(super) fn due_on(self, due: Option<NaiveDate>) -> Self {
        Self { due, due_instance: self.due_instance + 1, ..self }
    }

    /// Hands it to another owner. The instance counts up, so that reminders start afresh.
    pub(super) fn owned_by(self, owner: Owner) -> Self {
        Self { owner, due_instance: self.due_instance + 1, ..self }
    }
}
