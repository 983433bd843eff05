//! The status of an action, from open to one of its four ends.

use super::{
    Acceptance, Act, Action, ActionChange, ActionError, ActionEvent, ActionState, By, Progress,
};
use crate::text::Note;
use chrono::NaiveDate;

type Changed = Result<(Action, ActionEvent), ActionError>;

impl Action {
    /// Says that it has been started.
    ///
    /// # Errors
    /// [`ActionError::AlreadyStarted`], or that it is finished or waits for the chair.
    pub fn start(self, by: By, today: NaiveDate) -> Changed {
        by.may(Act::Start)?;
        match self.progress()? {
            Progress::InProgress => Err(ActionError::AlreadyStarted),
            Progress::Open => Ok(self.become_state(ActionState::InProgress).tell(
                by,
                today,
                ActionChange::Started,
            )),
        }
    }

    /// Says that it was done on a day, and what came of it. An owner who had reported it as not
    /// possible may still do it, until the chair has answered.
    ///
    /// # Errors
    /// [`ActionError::InFuture`], [`ActionError::BeforeSet`], or that it is finished.
    pub fn complete(self, by: By, on: NaiveDate, outcome: Note, today: NaiveDate) -> Changed {
        by.may(Act::Complete)?;
        self.unfinished()?;
        if on > today {
            return Err(ActionError::InFuture { on, today });
        }
        if on < self.set_on {
            return Err(ActionError::BeforeSet { on, set_on: self.set_on });
        }
        let days_late = self.due.map_or(0, |due| (on - due).num_days().max(0));
        let change = ActionChange::Completed { done_on: on, days_late };
        Ok(self.become_state(ActionState::Completed { on, outcome }).tell(by, today, change))
    }

    /// Says that circumstances prevent it. It stays owed until the chair accepts that.
    ///
    /// # Errors
    /// That it is finished, or [`ActionError::AwaitsChair`].
    pub fn report_not_possible(self, by: By, reason: Note, today: NaiveDate) -> Changed {
        by.may(Act::ReportNotPossible)?;
        let acceptance = Acceptance::Awaited { was: self.progress()? };
        let state = ActionState::NotPossible { on: today, reason, acceptance };
        Ok(self.become_state(state).tell(by, today, ActionChange::ReportedNotPossible))
    }

    /// The chair accepts that it is not possible; it is finished, and counts for nobody.
    ///
    /// # Errors
    /// [`ActionError::NothingReported`].
    pub fn accept_not_possible(mut self, by: By, today: NaiveDate) -> Changed {
        by.may(Act::AnswerNotPossible)?;
        match &mut self.state {
            ActionState::NotPossible { acceptance, .. }
                if matches!(acceptance, Acceptance::Awaited { .. }) =>
            {
                *acceptance = Acceptance::Accepted { by: by.user, on: today };
                Ok(self.tell(by, today, ActionChange::AcceptedNotPossible))
            }
            _ => Err(ActionError::NothingReported),
        }
    }

    /// The chair does not accept it; the action is again what it was before the report.
    ///
    /// # Errors
    /// [`ActionError::NothingReported`].
    pub fn refuse_not_possible(self, by: By, reason: Note, today: NaiveDate) -> Changed {
        by.may(Act::AnswerNotPossible)?;
        match self.state {
            ActionState::NotPossible { acceptance: Acceptance::Awaited { was }, .. } => {
                let change = ActionChange::RefusedNotPossible { reason };
                Ok(self.become_state(was.into()).tell(by, today, change))
            }
            _ => Err(ActionError::NothingReported),
        }
    }

    /// Says that the agency has not done it, and why.
    ///
    /// # Errors
    /// That it is finished.
    pub fn report_not_done(self, by: By, reason: Note, today: NaiveDate) -> Changed {
        by.may(Act::ReportNotDone)?;
        self.unfinished()?;
        let state = ActionState::NotDone { on: today, reason };
        Ok(self.become_state(state).tell(by, today, ActionChange::ReportedNotDone))
    }

    /// The chair withdraws it, or replaces it by another.
    ///
    /// # Errors
    /// That it is finished.
    pub fn withdraw(self, by: By, reason: Note, today: NaiveDate) -> Changed {
        by.may(Act::Withdraw)?;
        self.unfinished()?;
        let state = ActionState::Withdrawn { on: today, by: by.user, reason };
        Ok(self.become_state(state).tell(by, today, ActionChange::Withdrawn))
    }

    /// Takes a finished action up again: it was closed in error, or turned out not to be done. Its
    /// due instance moves on, because the reminders it had were given up when it was finished.
    ///
    /// # Errors
    /// [`ActionError::NotFinished`].
    pub fn reopen(self, by: By, reason: Note, today: NaiveDate) -> Changed {
        by.may(Act::Reopen)?;
        if !self.is_finished() {
            return Err(ActionError::NotFinished);
        }
        let again = Self { due_instance: self.due_instance + 1, ..self };
        let change = ActionChange::Reopened { reason };
        Ok(again.become_state(ActionState::Open).tell(by, today, change))
    }

    fn become_state(self, state: ActionState) -> Self {
        Self { state, ..self }
    }

    /// Refuses what can only be done to an unfinished action.
    pub(super) const fn unfinished(&self) -> Result<(), ActionError> {
        if self.state.is_finished() {
            Err(ActionError::Finished { status: self.state.status() })
        } else {
            Ok(())
        }
    }

    /// How far it has got, while it is the owner's turn.
    pub(super) const fn progress(&self) -> Result<Progress, ActionError> {
        match self.state {
            ActionState::Open => Ok(Progress::Open),
            ActionState::InProgress => Ok(Progress::InProgress),
            ActionState::NotPossible { acceptance: Acceptance::Awaited { .. }, .. } => {
                Err(ActionError::AwaitsChair)
            }
            ActionState::Completed { .. }
            | ActionState::NotPossible { .. }
            | ActionState::NotDone { .. }
            | ActionState::Withdrawn { .. } => {
                Err(ActionError::Finished { status: self.state.status() })
            }
        }
    }
}
