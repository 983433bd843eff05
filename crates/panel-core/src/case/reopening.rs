//! Proposing to close a case, and taking a closure back.

use super::{Case, CaseError, CaseState, Closing, ClosureCheck, ClosureReason};
use crate::action::{By, Capacity};
use crate::id::UserId;
use crate::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A proposal to close a case: the agenda shows it and the chair decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosureProposal {
    /// Why.
    pub reason: ClosureReason,
    /// What else is to be said.
    pub note: Option<Note>,
    /// What has been seen to.
    pub ticked: BTreeSet<ClosureCheck>,
    /// Who proposes it.
    pub by: UserId,
    /// The local date.
    pub on: NaiveDate,
}

/// A closure that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reopening {
    /// The closure.
    pub closing: Closing,
    /// Who had closed it, unless a file said so.
    pub closed_by: Option<UserId>,
    /// Who opened it again.
    pub by: UserId,
    /// The local date.
    pub on: NaiveDate,
    /// Why.
    pub reason: Note,
}

impl Case {
    /// Opens the case again, when it was closed by mistake. The actions that were settled stay as
    /// they are. A person who returns is referred again and gets a new case instead.
    ///
    /// # Errors
    /// [`CaseError::NotClosed`], [`CaseError::NotTheChair`].
    pub fn reopen(
        self,
        chair: By,
        reason: Note,
        today: NaiveDate,
    ) -> Result<(Self, Reopening), CaseError> {
        let CaseState::Closed { closing, by: closed_by } = self.state else {
            return Err(CaseError::NotClosed);
        };
        if chair.capacity != Capacity::Chair {
            return Err(CaseError::NotTheChair);
        }
        let reopening = Reopening { closing, closed_by, by: chair.user, on: today, reason };
        Ok((Self { state: CaseState::Open { next_review: None }, ..self }, reopening))
    }
}
