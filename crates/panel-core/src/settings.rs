//! A panel's policy: every day count and switch that an area may set, with the published defaults.

use serde::{Deserialize, Serialize};

/// What one panel has chosen. Unknown names are refused, missing ones take the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct PanelPolicy {
    /// Whether the coordinator may decide triage in the chair's place.
    pub delegate_triage: bool,
}
