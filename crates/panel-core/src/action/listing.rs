//! What a list of actions can be narrowed to and ordered by.

use super::{Acceptance, Action, ActionState};
use crate::coded;
use chrono::NaiveDate;

coded! {
    /// Where the actions of a list stand. Overdue follows from today's date.
    pub enum StatusFilter: "status filter" {
        /// Something is still to be done or decided.
        Unfinished = "unfinished" => "Not finished",
        /// Not finished, and the due date has passed.
        Overdue = "overdue" => "Overdue",
        /// Agreed, not started.
        Open = "open" => "Open",
        /// Started.
        InProgress = "in_progress" => "In progress",
        /// Reported as not possible; the chair has not answered.
        AwaitsChair = "awaits_chair" => "Not possible, waiting for the chair",
        /// Nothing more is to be done or decided.
        Finished = "finished" => "Finished",
        /// Done.
        Completed = "completed" => "Completed",
        /// Not possible, with the chair's acceptance.
        NotPossible = "not_possible" => "Not possible, accepted",
        /// The agency did not do it.
        NotDone = "not_done" => "Not done",
        /// The chair withdrew it.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

impl StatusFilter {
    /// The states by which a list is ordered, in that order; every action is in exactly one.
    pub const STATES: [Self; 7] = [
        Self::Open,
        Self::InProgress,
        Self::AwaitsChair,
        Self::Completed,
        Self::NotPossible,
        Self::NotDone,
        Self::Withdrawn,
    ];

    /// Where an action stands.
    pub const fn of(state: &ActionState) -> Self {
        match state {
            ActionState::Open => Self::Open,
            ActionState::InProgress => Self::InProgress,
            ActionState::NotPossible { acceptance: Acceptance::Awaited { .. }, .. } => {
                Self::AwaitsChair
            }
            ActionState::NotPossible { .. } => Self::NotPossible,
            ActionState::Completed { .. } => Self::Completed,
            ActionState::NotDone { .. } => Self::NotDone,
            ActionState::Withdrawn { .. } => Self::Withdrawn,
        }
    }

    /// Whether an action belongs to the list.
    pub fn admits(self, action: &Action, today: NaiveDate) -> bool {
        match self {
            Self::Unfinished => !action.is_finished(),
            Self::Overdue => action.is_overdue(today),
            Self::Finished => action.is_finished(),
            state => Self::of(&action.state) == state,
        }
    }

    /// Whether every action of the list is finished, or none.
    pub const fn finished(self) -> bool {
        match self {
            Self::Unfinished
            | Self::Overdue
            | Self::Open
            | Self::InProgress
            | Self::AwaitsChair => false,
            Self::Finished
            | Self::Completed
            | Self::NotPossible
            | Self::NotDone
            | Self::Withdrawn => true,
        }
    }
}

coded! {
    /// What a list of actions is ordered by.
    pub enum SortBy: "order" {
        /// The due date in force; those without one come last.
        Due = "due" => "Due date",
        /// The day it was set.
        Set = "set" => "Date set",
        /// The agency by name, then the due date.
        Agency = "agency" => "Agency",
        /// The status from open to withdrawn, then the due date.
        Status = "status" => "Status",
        /// The case in the order in which cases were opened; the panel's own business comes last.
        Case = "case" => "Case",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{action, by, note};
    use super::super::{Capacity, Progress};
    use super::*;
    use crate::coded::Coded;
    use crate::reminder::sample::day;

    #[test]
    fn every_state_is_in_one_place_of_the_order_and_agrees_with_what_is_finished() {
        let today = day("2026-03-12");
        let chair = by(Capacity::Chair);
        let reported = action().report_not_possible(chair, note("ill"), today).unwrap().0;
        let states = [
            action(),
            action().start(chair, today).unwrap().0,
            reported.clone(),
            reported.accept_not_possible(chair, today).unwrap().0,
            action().complete(chair, today, note("done"), today).unwrap().0,
            action().report_not_done(chair, note("no"), today).unwrap().0,
            action().withdraw(chair, note("no"), today).unwrap().0,
        ];
        for action in states {
            let place = StatusFilter::of(&action.state);
            let admitting: Vec<_> =
                StatusFilter::STATES.into_iter().filter(|s| s.admits(&action, today)).collect();
            assert_eq!(admitting, [place]);
            for filter in StatusFilter::ALL {
                let admits = filter.admits(&action, today);
                assert!(!admits || filter.finished() == action.is_finished(), "{filter:?}");
            }
        }
    }

    #[test]
    fn an_unanswered_report_is_not_among_the_accepted() {
        let acceptance = Acceptance::Awaited { was: Progress::Open };
        let state =
            ActionState::NotPossible { on: day("2026-03-05"), reason: note("ill"), acceptance };
        assert_eq!(StatusFilter::of(&state), StatusFilter::AwaitsChair);
    }
}
