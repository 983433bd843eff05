//! Late referrals: which way one goes. Whether it is late, [`crate::cycle::MeetingDates`] says.

use super::triage::{TriageCapacity, TriageError, TriagePolicy};
use crate::coded;
use crate::id::UserId;
use crate::text::Note;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// Which way a late referral goes.
    pub enum LateLane: "late lane" {
        /// On this agenda as a late item, for the chair's reason.
        LateItem = "late_item" => "Late item on this agenda",
        /// To a meeting of its own.
        UrgentMeeting = "urgent_meeting" => "Urgent meeting",
        /// To the next meeting.
        NextCycle = "next_cycle" => "Next meeting",
    }
}

/// A decision on a late referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateDecision {
    /// Which way.
    pub lane: LateLane,
    /// Why; always there for a late item.
    pub reason: Option<Note>,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Sends a late referral one way. A late item takes the chair and a reason; an urgent meeting takes
/// the chair, or the coordinator where the panel delegates triage; the next meeting is open to both.
///
/// # Errors
/// [`TriageError::NotAllowed`], [`TriageError::ReasonMissing`].
pub fn late_lane(
    lane: LateLane,
    reason: Option<Note>,
    (by, capacity): (UserId, TriageCapacity),
    policy: TriagePolicy,
    at: DateTime<Utc>,
) -> Result<LateDecision, TriageError> {
    let allowed = match (lane, capacity) {
        (_, TriageCapacity::Chair) | (LateLane::NextCycle, TriageCapacity::Coordinator) => true,
        (LateLane::UrgentMeeting, TriageCapacity::Coordinator) => policy.delegate_triage,
        (LateLane::LateItem, TriageCapacity::Coordinator)
        | (_, TriageCapacity::Referrer | TriageCapacity::Other) => false,
    };
    if !allowed {
        return Err(TriageError::NotAllowed { capacity });
    }
    if lane == LateLane::LateItem && reason.is_none() {
        return Err(TriageError::ReasonMissing);
    }
    Ok(LateDecision { lane, reason, by, at })
}
