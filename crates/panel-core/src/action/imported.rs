//! Actions of an old tracker, taken over as they stood there.

use super::{Act, Action, ActionChange, ActionError, ActionEvent, ActionState, By, NewAction};
use chrono::NaiveDate;

impl Action {
    /// Takes an action over from an old tracker, in the state that it had there.
    ///
    /// What the tracker says is history and is kept as it was written: due before the meeting that
    /// set it, done before it or on a day to come. None of that could be entered today, and none of
    /// it is put right by refusing it.
    ///
    /// # Errors
    /// [`ActionError::NotAllowed`]; [`ActionError::InFuture`] when it is set on a day to come.
    pub fn imported(
        new: NewAction,
        state: ActionState,
        by: By,
        today: NaiveDate,
    ) -> Result<(Self, ActionEvent), ActionError> {
        by.may(Act::Set)?;
        if new.set_on > today {
            return Err(ActionError::InFuture { on: new.set_on, today });
        }
        let action = Self { state, ..Self::fresh(new) };
        Ok(action.tell(by, today, ActionChange::Imported))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::sample::{action, by, note};
    use crate::action::{Acceptance, Capacity};
    use crate::reminder::sample::day;

    fn new(set_on: &str, due: &str) -> NewAction {
        let action = action();
        NewAction {
            id: action.id,
            panel: action.panel,
            case: action.case,
            born_in: action.born_in,
            text: action.text,
            approach: None,
            owner: action.owner,
            set_on: day(set_on),
            due: Some(day(due)),
            due_word: None,
        }
    }

    fn take(set_on: &str, due: &str, state: ActionState, capacity: Capacity) -> Option<Action> {
        let taken = Action::imported(new(set_on, due), state, by(capacity), day("2026-03-12"));
        taken.ok().map(|(action, event)| {
            assert_eq!((event.change, event.on), (ActionChange::Imported, day("2026-03-12")));
            action
        })
    }

    #[test]
    fn an_old_action_keeps_dates_that_nobody_could_enter_today() {
        let state = ActionState::Completed { on: day("2026-02-20"), outcome: note("Done") };
        let taken = take("2026-03-02", "2026-02-27", state.clone(), Capacity::Coordinator).unwrap();
        assert_eq!((taken.due, taken.original_due), (Some(day("2026-02-27")), taken.due));
        assert_eq!((taken.state, taken.due_instance), (state, 1));
    }

    #[test]
    fn what_was_not_possible_counts_as_accepted() {
        let (on, reason) = (day("2026-02-20"), note("N/A - moved away"));
        let state = ActionState::NotPossible { on, reason, acceptance: Acceptance::Imported };
        let taken = take("2026-03-02", "2026-03-04", state, Capacity::Coordinator).unwrap();
        assert!(taken.is_finished() && !taken.is_overdue(day("2026-04-01")));
    }

    #[test]
    fn no_action_is_set_on_a_day_to_come_or_by_an_agency() {
        assert_eq!(take("2026-03-13", "2026-04-01", ActionState::Open, Capacity::Chair), None);
        assert_eq!(
            take("2026-03-12", "2026-04-01", ActionState::Open, Capacity::OwnerAgency),
            None
        );
    }
}
