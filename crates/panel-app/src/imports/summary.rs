//! What an import did, in counts.

use chrono::{DateTime, Utc};
use panel_core::id::UserId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an import did. It is kept with the upload, whose bytes are gone, and holds no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// When it was confirmed.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: UserId,
    /// Referrals that were added.
    pub referrals: usize,
    /// Referrals that were added, by the code of their word for where they stand.
    pub referral_words: BTreeMap<String, usize>,
    /// People whom these name as perpetrators and who were not known before.
    pub people: usize,
    /// Cases that were opened, the closed ones among them.
    pub cases: usize,
    /// Actions that were added.
    pub actions: usize,
    /// Actions that were added, by the code of their status.
    pub action_status: BTreeMap<String, usize>,
    /// Past meetings that were added.
    pub meetings: usize,
    /// Agencies that were added.
    pub agencies: usize,
    /// People who were registered to use the service.
    pub accounts: usize,
    /// Seats that were given.
    pub seats: usize,
    /// Pairs of records that were called one person.
    pub linked: usize,
    /// Pairs that are still to be decided about.
    pub offered: usize,
    /// Rows that an earlier import took.
    pub kept: usize,
    /// Rows that stood in the file a second time.
    pub repeated: usize,
    /// Bad rows that were left out.
    pub left_out: usize,
}

impl Summary {
    pub(super) fn new(at: DateTime<Utc>, by: UserId) -> Self {
        Self {
            at,
            by,
            referrals: 0,
            referral_words: BTreeMap::new(),
            people: 0,
            cases: 0,
            actions: 0,
            action_status: BTreeMap::new(),
            meetings: 0,
            agencies: 0,
            accounts: 0,
            seats: 0,
            linked: 0,
            offered: 0,
            kept: 0,
            repeated: 0,
            left_out: 0,
        }
    }
}
