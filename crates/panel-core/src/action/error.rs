//! The rules that a change to an action may break.

use super::capacity::{Act, Capacity};
use super::status::ActionStatus;
use chrono::NaiveDate;

/// Why an action does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// This person may not do this.
    #[error("{act} is not open to {capacity}")]
    NotAllowed {
        /// What was asked.
        act: Act,
        /// As what.
        capacity: Capacity,
    },
    /// The action is finished; it would have to be reopened first.
    #[error("the action is finished: {status}")]
    Finished {
        /// How it ended.
        status: ActionStatus,
    },
    /// The action is not finished, so there is nothing to reopen.
    #[error("the action is not finished")]
    NotFinished,
    /// It has been started before.
    #[error("the action has been started already")]
    AlreadyStarted,
    /// It was reported as not possible, and the chair has to answer first.
    #[error("the chair has not answered yet whether it is not possible")]
    AwaitsChair,
    /// Nobody reported it as not possible, or the chair has answered.
    #[error("there is no report of not possible to answer")]
    NothingReported,
    /// A date of something done lies in the future.
    #[error("must be today or in the past: {on} is after {today}")]
    InFuture {
        /// What was entered.
        on: NaiveDate,
        /// The present local date.
        today: NaiveDate,
    },
    /// It cannot have been done before it was set.
    #[error("must be on or after the day it was set, {set_on}: this is {on}")]
    BeforeSet {
        /// What was entered.
        on: NaiveDate,
        /// When it was set.
        set_on: NaiveDate,
    },
    /// A due date before the day on which the action was set.
    #[error("must be due on or after the day it is set, {set_on}: this is {due}")]
    DueBeforeSet {
        /// What was entered.
        due: NaiveDate,
        /// When it was set.
        set_on: NaiveDate,
    },
    /// A new due date that has passed already.
    #[error("must be due today or later: {due} is before {today}")]
    DueInPast {
        /// What was entered.
        due: NaiveDate,
        /// The present local date.
        today: NaiveDate,
    },
    /// An extension that would not give more time.
    #[error("must be later than the due date, {due}: this is {proposed}")]
    NotLater {
        /// What was entered.
        proposed: NaiveDate,
        /// The due date in force.
        due: NaiveDate,
    },
    /// Without a due date there is nothing to extend.
    #[error("the action has no due date")]
    NoDueDate,
    /// Something of this kind waits for its answer already.
    #[error("another one waits for its answer already")]
    OneWaits,
    /// It was answered, revoked or overtaken before.
    #[error("it has been answered already")]
    AlreadyAnswered,
    /// A transfer to the agency that owns the action.
    #[error("that agency owns the action already")]
    SameAgency,
    /// The action went to another owner since the transfer was proposed.
    #[error("the action has gone to another owner since")]
    OwnerMoved,
    /// The proposal belongs to another action.
    #[error("that belongs to another action")]
    OtherAction,
    /// What was asked for is how it stands.
    #[error("nothing was changed")]
    Unchanged,
}
