//! A panel's policy: every day count and switch that an area may set, with the published defaults.

use crate::agenda::AgendaPolicy;
use crate::cycle::CyclePolicy;
use crate::minutes::MinutesPolicy;
use crate::pattern::PatternPolicy;
use crate::reminder::ReminderPolicy;
use crate::review::ReviewPolicy;
use serde::{Deserialize, Serialize};

/// What one panel has chosen. Unknown names are refused, missing ones take the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PanelPolicy {
    /// Whether the coordinator may decide triage in the chair's place.
    pub delegate_triage: bool,
    /// The days and hours of the cycle around a meeting.
    pub cycle: CyclePolicy,
    /// When reviews and twelve-month notices are due.
    pub review: ReviewPolicy,
    /// How repeats and serial abuse are told.
    pub pattern: PatternPolicy,
    /// When people are reminded and chased.
    pub reminder: ReminderPolicy,
    /// Minutes allotted and when an agenda is too full.
    pub agenda: AgendaPolicy,
    /// What stops the chair's signature, and the confidentiality statement.
    pub minutes: MinutesPolicy,
}
