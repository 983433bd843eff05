//! The states of an action, each with the proof it needs.

use crate::coded;
use crate::id::UserId;
use crate::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// Where an action stands, without its proof: for storage, filters and lists. Overdue is not
    /// among them, because the calendar makes it so and not a person.
    pub enum ActionStatus: "action status" {
        /// Agreed, not started.
        Open = "open" => "Open",
        /// Started.
        InProgress = "in_progress" => "In progress",
        /// Done.
        Completed = "completed" => "Completed",
        /// Circumstances changed and prevented it.
        NotPossible = "not_possible" => "Not possible",
        /// The agency did not do it.
        NotDone = "not_done" => "Not done",
        /// The chair withdrew it.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

coded! {
    /// The kind of response an action is.
    pub enum Approach: "approach" {
        /// Help to change.
        Support = "support" => "Support",
        /// Keep others from harm before it happens.
        Prevention = "prevention" => "Prevention",
        /// Lead away from offending.
        Diversion = "diversion" => "Diversion",
        /// Make offending harder, whether or not the person engages.
        Disruption = "disruption" => "Disruption",
        /// Use powers and courts.
        Enforcement = "enforcement" => "Enforcement",
    }
}

coded! {
    /// Why an action ended without being completed: the split that minutes make.
    pub enum ReasonClass: "reason class" {
        /// Not possible, because circumstances changed.
        ChangedCircumstances = "changed_circumstances" => "Not possible: circumstances changed",
        /// The agency has not done it.
        NotDone = "not_done" => "Not done",
        /// Withdrawn or replaced.
        Superseded = "superseded" => "Withdrawn",
    }
}

coded! {
    /// How far an unfinished action has got.
    pub enum Progress: "progress" {
        /// Not started.
        Open = "open" => "Open",
        /// Started.
        InProgress = "in_progress" => "In progress",
    }
}

/// The chair's side of a report that an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Acceptance {
    /// The chair has not answered; refused, the action goes back to what it was.
    Awaited {
        /// What it was.
        was: Progress,
    },
    /// The chair accepted.
    Accepted {
        /// Who.
        by: UserId,
        /// The local date.
        on: NaiveDate,
    },
    /// It came from an old tracker, where nobody accepted anything; it counts as accepted.
    Imported,
}

/// Where an action stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ActionState {
    /// Agreed, not started.
    Open,
    /// Started.
    InProgress,
    /// Done.
    Completed {
        /// The local date on which it was done, as entered.
        on: NaiveDate,
        /// What came of it.
        outcome: Note,
    },
    /// Reported as prevented by circumstances.
    NotPossible {
        /// The local date of the report.
        on: NaiveDate,
        /// What prevented it.
        reason: Note,
        /// What the chair said.
        acceptance: Acceptance,
    },
    /// Reported as not done.
    NotDone {
        /// The local date of the report.
        on: NaiveDate,
        /// Why.
        reason: Note,
    },
    /// Withdrawn by the chair.
    Withdrawn {
        /// The local date.
        on: NaiveDate,
        /// Who.
        by: UserId,
        /// Why.
        reason: Note,
    },
}

impl From<Progress> for ActionState {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Open => Self::Open,
            Progress::InProgress => Self::InProgress,
        }
    }
}

impl ActionState {
    /// The state without its proof.
    pub const fn status(&self) -> ActionStatus {
        match self {
            Self::Open => ActionStatus::Open,
            Self::InProgress => ActionStatus::InProgress,
            Self::Completed { .. } => ActionStatus::Completed,
            Self::NotPossible { .. } => ActionStatus::NotPossible,
            Self::NotDone { .. } => ActionStatus::NotDone,
            Self::Withdrawn { .. } => ActionStatus::Withdrawn,
        }
    }

    /// Whether nothing more is to be done or decided.
    pub const fn is_finished(&self) -> bool {
        match self {
            Self::Open
            | Self::InProgress
            | Self::NotPossible { acceptance: Acceptance::Awaited { .. }, .. } => false,
            Self::Completed { .. }
            | Self::NotPossible {
                acceptance: Acceptance::Accepted { .. } | Acceptance::Imported,
                ..
            }
            | Self::NotDone { .. }
            | Self::Withdrawn { .. } => true,
        }
    }

    /// Why it ended without being completed, if it did.
    pub const fn reason_class(&self) -> Option<ReasonClass> {
        match self {
            Self::Open | Self::InProgress | Self::Completed { .. } => None,
            Self::NotPossible { .. } => Some(ReasonClass::ChangedCircumstances),
            Self::NotDone { .. } => Some(ReasonClass::NotDone),
            Self::Withdrawn { .. } => Some(ReasonClass::Superseded),
        }
    }
}
