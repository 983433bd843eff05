//! Late referrals: whether one came after the cut-off, and which way a late one goes.

use super::triage::{TriageCapacity, TriageError, TriagePolicy};
use crate::coded;
use crate::id::UserId;
use crate::text::Note;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A cut-off of one meeting, from the instant at which the meeting took the date it follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff {
    /// When the meeting took this date.
    pub since: DateTime<Utc>,
    /// The last instant in time.
    pub at: DateTime<Utc>,
}

/// Whether a referral is in time for a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// In time.
    InTime,
    /// Late.
    Late,
}

/// Decides by the cut-offs a meeting has had, in the order in which they came into force.
///
/// The cut-off instant itself is in time. A meeting that was moved later opens again to what had
/// been late; one that was moved earlier makes nothing late that was in time when it arrived or at
/// any time since.
pub fn lateness(received_at: DateTime<Utc>, cut_offs: &[CutOff]) -> Lateness {
    let replaced_at = |n: usize| cut_offs.get(n + 1).map(|next| next.since);
    let in_force_since_arrival =
        |n: usize| replaced_at(n).is_none_or(|replaced| received_at < replaced);
    let in_time = cut_offs
        .iter()
        .enumerate()
        .any(|(n, cut_off)| in_force_since_arrival(n) && received_at <= cut_off.at);
    if in_time { Lateness::InTime } else { Lateness::Late }
}

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
