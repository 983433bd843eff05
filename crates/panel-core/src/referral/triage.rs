//! Triage: what becomes of a referral, who said so and when.

use super::field::ReferralField;
use crate::coded;
use crate::id::{ReferralId, UserId};
use crate::text::{Name, Note};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// What a person is to a referral.
    pub enum TriageCapacity: "triage capacity" {
        /// Chairs the panel.
        Chair = "chair" => "the chair",
        /// Coordinates the panel.
        Coordinator = "coordinator" => "the coordinator",
        /// Acts for the agency that referred.
        Referrer = "referrer" => "the referring agency",
        /// None of these.
        Other = "other" => "somebody without a part in this referral",
    }
}

coded! {
    /// Where a referral stands, for storage, filters and lists.
    pub enum TriageStatus: "triage status" {
        /// Received, nothing said yet.
        Received = "received" => "Received",
        /// The coordinator has proposed an outcome.
        Proposed = "proposed" => "Outcome proposed",
        /// Accepted.
        Accepted = "accepted" => "Accepted",
        /// Returned because something is missing.
        ReturnedIncomplete = "returned_incomplete" => "Returned incomplete",
        /// Sent elsewhere.
        Redirected = "redirected" => "Redirected",
        /// Below the threshold.
        BelowThreshold = "below_threshold" => "Below threshold",
        /// Accepted for an urgent meeting.
        Urgent = "urgent" => "Urgent",
        /// Withdrawn by the referrer.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

/// A panel's choice about triage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriagePolicy {
    /// Whether the coordinator may accept, redirect, find below threshold and call urgent, without
    /// the chair.
    pub delegate_triage: bool,
}

/// What becomes of a referral. Every refusal says what the referrer can do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum TriageOutcome {
    /// The panel takes it.
    Accepted,
    /// It goes back, with what is missing.
    ReturnedIncomplete {
        /// The fields; at least one.
        missing: Vec<ReferralField>,
        /// What else to say.
        note: Option<Note>,
    },
    /// Another service is the right one.
    Redirected {
        /// Which.
        service: Name,
        /// Why.
        reason: Note,
    },
    /// It does not meet the threshold.
    BelowThreshold {
        /// Why.
        reason: Note,
        /// How the referrer can have it looked at again, and where the person can turn.
        route: Note,
    },
    /// It cannot wait for the next meeting.
    Urgent {
        /// Why.
        reason: Note,
    },
}

impl TriageOutcome {
    /// The outcome without its reasons.
    pub const fn status(&self) -> TriageStatus {
        match self {
            Self::Accepted => TriageStatus::Accepted,
            Self::ReturnedIncomplete { .. } => TriageStatus::ReturnedIncomplete,
            Self::Redirected { .. } => TriageStatus::Redirected,
            Self::BelowThreshold { .. } => TriageStatus::BelowThreshold,
            Self::Urgent { .. } => TriageStatus::Urgent,
        }
    }

    /// Whether the panel takes the person on.
    pub const fn is_accepted(&self) -> bool {
        match self {
            Self::Accepted | Self::Urgent { .. } => true,
            Self::ReturnedIncomplete { .. }
            | Self::Redirected { .. }
            | Self::BelowThreshold { .. } => false,
        }
    }
}

/// An outcome with who said it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TriageDecision))]
pub struct Decision {
    /// The outcome.
    pub outcome: TriageOutcome,
    /// Who.
    pub by: UserId,
    /// As what.
    pub capacity: TriageCapacity,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where a referral stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TriageState {
    /// Received.
    Received,
    /// The coordinator proposes; the chair decides.
    Proposed(Decision),
    /// Decided.
    Decided(Decision),
    /// The referrer took it back.
    Withdrawn {
        /// Who.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: Note,
    },
}

/// The triage of one referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// The referral.
    pub referral: ReferralId,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// When it came back after it had been returned.
    pub resubmitted_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: TriageState,
}

/// Why a referral is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TriageError {
    /// This person may not do this.
    #[error("this is not open to {capacity}")]
    NotAllowed {
        /// As what it was asked.
        capacity: TriageCapacity,
    },
    /// It was decided, or withdrawn, before.
    #[error("the referral has been decided already: {status}")]
    AlreadyDecided {
        /// How.
        status: TriageStatus,
    },
    /// A return that lists nothing.
    #[error("choose at least one field that is missing")]
    NothingMissing,
    /// A decision that needs a reason.
    #[error("enter the reason")]
    ReasonMissing,
    /// Only a returned referral can be sent again.
    #[error("only a referral that was returned can be sent again")]
    NotReturned,
    /// Only a refusal can be looked at again.
    #[error("only a referral that was not accepted can be looked at again")]
    NotRefused,
}

/// Somebody who acts on a referral, and as what.
type By = (UserId, TriageCapacity);

impl Triage {
    /// A referral that has just been received.
    pub const fn received(referral: ReferralId, received_at: DateTime<Utc>) -> Self {
        Self { referral, received_at, resubmitted_at: None, state: TriageState::Received }
    }

    /// A referral that an old tracker calls accepted. Whoever decided that is not named there, so it
    /// stands under the coordinator who took it over, at the instant from which it counts.
    pub const fn taken_over(
        referral: ReferralId,
        received_at: DateTime<Utc>,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Self {
        let (outcome, capacity) = (TriageOutcome::Accepted, TriageCapacity::Coordinator);
        let state = TriageState::Decided(Decision { outcome, by, capacity, at });
        Self { referral, received_at, resubmitted_at: None, state }
    }

    /// Where it stands, without reasons.
    pub const fn status(&self) -> TriageStatus {
        match &self.state {
            TriageState::Received => TriageStatus::Received,
            TriageState::Proposed(_) => TriageStatus::Proposed,
            TriageState::Decided(decision) => decision.outcome.status(),
            TriageState::Withdrawn { .. } => TriageStatus::Withdrawn,
        }
    }

    /// The instant from which it is in the panel's hands, by which it is late or in time.
    pub fn in_hand_since(&self) -> DateTime<Utc> {
        self.resubmitted_at.unwrap_or(self.received_at)
    }

    /// The coordinator proposes an outcome for the chair to decide. A later proposal replaces it.
    ///
    /// # Errors
    /// [`TriageError`].
    pub fn propose(
        self,
        by: By,
        outcome: TriageOutcome,
        at: DateTime<Utc>,
    ) -> Result<Self, TriageError> {
        self.undecided()?;
        match by.1 {
            TriageCapacity::Coordinator | TriageCapacity::Chair => {
                let state = TriageState::Proposed(decision(by, outcome, at)?);
                Ok(Self { state, ..self })
            }
            capacity @ (TriageCapacity::Referrer | TriageCapacity::Other) => {
                Err(TriageError::NotAllowed { capacity })
            }
        }
    }

    /// Decides. The chair may decide anything; the coordinator may return what is incomplete, and
    /// the rest where the panel delegates it.
    ///
    /// # Errors
    /// [`TriageError`].
    pub fn decide(
        self,
        by: By,
        outcome: TriageOutcome,
        policy: TriagePolicy,
        at: DateTime<Utc>,
    ) -> Result<Self, TriageError> {
        self.undecided()?;
        let returned = matches!(outcome, TriageOutcome::ReturnedIncomplete { .. });
        let allowed = match by.1 {
            TriageCapacity::Chair => true,
            TriageCapacity::Coordinator => returned || policy.delegate_triage,
            TriageCapacity::Referrer | TriageCapacity::Other => false,
        };
        if !allowed {
            return Err(TriageError::NotAllowed { capacity: by.1 });
        }
        Ok(Self { state: TriageState::Decided(decision(by, outcome, at)?), ..self })
    }

    /// The referrer sends a returned referral again; the coordinator may enter that.
    ///
    /// # Errors
    /// [`TriageError::NotReturned`], [`TriageError::NotAllowed`].
    pub fn resubmit(self, by: By, at: DateTime<Utc>) -> Result<Self, TriageError> {
        if self.status() != TriageStatus::ReturnedIncomplete {
            return Err(TriageError::NotReturned);
        }
        referrer_or_coordinator(by.1)?;
        Ok(Self { resubmitted_at: Some(at), state: TriageState::Received, ..self })
    }

    /// The referrer takes it back before it is decided, or after it was returned.
    ///
    /// # Errors
    /// [`TriageError::AlreadyDecided`], [`TriageError::NotAllowed`].
    pub fn withdraw(self, by: By, reason: Note, at: DateTime<Utc>) -> Result<Self, TriageError> {
        if self.status() != TriageStatus::ReturnedIncomplete {
            self.undecided()?;
        }
        referrer_or_coordinator(by.1)?;
        Ok(Self { state: TriageState::Withdrawn { by: by.0, at, reason }, ..self })
    }

    /// The chair looks again at a referral that was redirected or found below the threshold.
    ///
    /// # Errors
    /// [`TriageError::NotRefused`], [`TriageError::NotAllowed`].
    pub fn reconsider(self, by: By) -> Result<Self, TriageError> {
        if !matches!(self.status(), TriageStatus::Redirected | TriageStatus::BelowThreshold) {
            return Err(TriageError::NotRefused);
        }
        if by.1 != TriageCapacity::Chair {
            return Err(TriageError::NotAllowed { capacity: by.1 });
        }
        Ok(Self { state: TriageState::Received, ..self })
    }

    const fn undecided(&self) -> Result<(), TriageError> {
        match self.state {
            TriageState::Received | TriageState::Proposed(_) => Ok(()),
            TriageState::Decided(_) | TriageState::Withdrawn { .. } => {
                Err(TriageError::AlreadyDecided { status: self.status() })
            }
        }
    }
}

fn decision(by: By, outcome: TriageOutcome, at: DateTime<Utc>) -> Result<Decision, TriageError> {
    match &outcome {
        TriageOutcome::ReturnedIncomplete { missing, .. } if missing.is_empty() => {
            Err(TriageError::NothingMissing)
        }
        _ => Ok(Decision { outcome, by: by.0, capacity: by.1, at }),
    }
}

const fn referrer_or_coordinator(capacity: TriageCapacity) -> Result<(), TriageError> {
    match capacity {
        TriageCapacity::Referrer | TriageCapacity::Coordinator => Ok(()),
        TriageCapacity::Chair | TriageCapacity::Other => Err(TriageError::NotAllowed { capacity }),
    }
}
