//! Actions: what one agency owes, by when, and how it ends.
//!
//! An [`Action`] is one live record; minutes hold copies of it. Its [`ActionState`] carries the
//! proof that the state needs, so that a completed action without a date cannot be written. Each
//! transition consumes the action, checks who asks ([`standing`]) and what stands in the way, and
//! returns the new action together with the [`ActionEvent`] that history, audit and mail carry.
//!
//! Beside the status stand two proposals that change nothing until they are answered: a
//! [`Transfer`] to another agency and an [`Extension`] of the due date.

mod advice;
mod capacity;
mod change;
mod due;
mod due_word;
mod error;
mod event;
mod extension;
mod imported;
mod kind;
mod listing;
mod note;
mod status;
mod transfer;
mod transition;

pub use advice::{Advice, advise};
pub use capacity::{Act, By, Capacity, Standing, standing};
pub use change::{Birth, Removal};
pub use due::{DueCause, DueCauseKind, DueChange, judged_date};
pub use due_word::{DueWord, DueWordError};
pub use error::ActionError;
pub use event::{ActionChange, ActionEvent, OwnerMove};
pub use extension::{Extension, ExtensionAnswer, ExtensionStatus};
pub use kind::EntryKind;
pub use listing::{SortBy, StatusFilter};
pub use status::{Acceptance, ActionState, ActionStatus, Approach, Progress, ReasonClass};
pub use transfer::{
    Handover, ReceiverDue, ReceiverDueStatus, Transfer, TransferState, TransferStatus,
};

use crate::id::{ActionId, AgencyId, CaseId, MeetingId, PanelId, UserId};
use crate::text::{Line, Name, Title};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The person at the owning agency who answers for an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// Somebody with an account.
    User(UserId),
    /// A name as an old tracker had it, of somebody who has no account here.
    Written(Name),
}

/// Who owes an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Owner {
    /// The agency.
    pub agency: AgencyId,
    /// The person. None until somebody is named, which minutes list before they are signed off.
    pub person: Option<Assignee>,
}

/// A due date as it was written, such as `ASAP` or `next panel`.
pub type DueText = Line<60>;

/// A task that one agency owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    /// Which action.
    pub id: ActionId,
    /// The panel that set it.
    pub panel: PanelId,
    /// The case it belongs to, or none when it is the panel's own business.
    pub case: Option<CaseId>,
    /// The meeting in which it was born. It keeps this however often it is carried forward.
    pub born_in: Option<MeetingId>,
    /// The wording.
    pub text: Title,
    /// What kind of response it is.
    pub approach: Option<Approach>,
    /// Who owes it.
    pub owner: Owner,
    /// The local date on which it was set.
    pub set_on: NaiveDate,
    /// The due date it was set with.
    pub original_due: Option<NaiveDate>,
    /// The due date in force.
    pub due: Option<NaiveDate>,
    /// How the due date was written, kept beside what it was taken to mean.
    pub due_word: Option<DueText>,
    /// Counts changes of due date and of owner, so that reminders of each have keys of their own.
    pub due_instance: u32,
    /// Where it stands.
    pub state: ActionState,
}

/// What an action is set with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    /// The id, minted by the caller.
    pub id: ActionId,
    /// The panel.
    pub panel: PanelId,
    /// The case, or none for the panel's own business.
    pub case: Option<CaseId>,
    /// The meeting that sets it, or none between meetings.
    pub born_in: Option<MeetingId>,
    /// The wording.
    pub text: Title,
    /// The kind of response.
    pub approach: Option<Approach>,
    /// Who owes it.
    pub owner: Owner,
    /// The local date: the meeting's, or today.
    pub set_on: NaiveDate,
    /// When it is due, already resolved.
    pub due: Option<NaiveDate>,
    /// How that was written, when it was not a date.
    pub due_word: Option<DueText>,
}

impl Action {
    /// Sets an action.
    ///
    /// # Errors
    /// [`ActionError::NotAllowed`]; [`ActionError::InFuture`] when it is set on a day to come;
    /// [`ActionError::DueBeforeSet`] when it would be late from the start.
    pub fn set(
        new: NewAction,
        by: By,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::Set)?;
        if new.set_on > today {
            return Err(ActionError::InFuture { on: new.set_on, today });
        }
        if let Some(due) = new.due.filter(|due| *due < new.set_on) {
            return Err(ActionError::DueBeforeSet { due, set_on: new.set_on });
        }
        Ok(Self::fresh(new).tell(by, today, ActionChange::Set))
    }

    /// The action as it is set, open.
    fn fresh(new: NewAction) -> Self {
        Self {
            id: new.id,
            panel: new.panel,
            case: new.case,
            born_in: new.born_in,
            text: new.text,
            approach: new.approach,
            owner: new.owner,
            set_on: new.set_on,
            original_due: new.due,
            due: new.due,
            due_word: new.due_word,
            due_instance: 1,
            state: ActionState::Open,
        }
    }

    /// Whether nothing more is to be done or decided: completed, not done, withdrawn, or not
    /// possible with the chair's acceptance.
    pub const fn is_finished(&self) -> bool {
        self.state.is_finished()
    }

    /// Whether it was reported as not possible and the chair has not answered.
    pub const fn awaits_chair(&self) -> bool {
        matches!(
            self.state,
            ActionState::NotPossible { acceptance: Acceptance::Awaited { .. }, .. }
        )
    }

    /// Whether the due date has passed and the action is not finished. What was reported as not
    /// possible counts until the chair accepts it.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        !self.is_finished() && self.due.is_some_and(|due| due < today)
    }

    /// Pairs the action with what happened to it.
    fn tell(self, by: By, on: NaiveDate, change: ActionChange) -> (Self, ActionEvent) {
        let event = ActionEvent { action: self.id, by, on, change };
        (self, event)
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
