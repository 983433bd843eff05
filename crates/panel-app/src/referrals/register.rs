//! The register of referrals: narrowed, counted and read page by page.

use super::view::QueuePage;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use panel_core::id::{AgencyId, PanelId, ReferralId};
use panel_core::referral::{LateLane, TriageStatus};
use panel_core::time::{last_instant, resolve_leniently};
use panel_store::referrals::{self, QueueFilter};
use serde::{Deserialize, Serialize};

/// Rows of one page.
const ROWS: usize = 50;

/// What the register is narrowed to; everything the caller may know of when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListFilter {
    /// One panel.
    pub panel: Option<PanelId>,
    /// One referring agency.
    pub agency: Option<AgencyId>,
    /// Where they stand; every state when empty.
    pub states: Vec<TriageStatus>,
    /// The first local date on which they were received.
    pub received_from: Option<NaiveDate>,
    /// The last local date on which they were received.
    pub received_to: Option<NaiveDate>,
    /// Which way they were sent because they came late.
    pub late: Option<LateLane>,
}

impl ListFilter {
    /// What waits is worked from the oldest; what has ended is looked up from the newest.
    fn filter(&self) -> QueueFilter {
        let waits = |state: &TriageStatus| {
            let waiting =
                [TriageStatus::Received, TriageStatus::Proposed, TriageStatus::ReturnedIncomplete];
            waiting.contains(state)
        };
        QueueFilter {
            panel: self.panel,
            agency: self.agency,
            oldest_first: !self.states.is_empty() && self.states.iter().all(waits),
            states: self.states.clone(),
            from: self.received_from.map(|day| resolve_leniently(day.and_time(NaiveTime::MIN))),
            until: self.received_to.map(|day| last_instant(day, None)),
            late: self.late,
        }
    }
}

/// A page of the register: the oldest first when everything in it waits, else the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(
    ctx: &Ctx<'_>,
    filter: &ListFilter,
    after: Option<(DateTime<Utc>, ReferralId)>,
) -> Result<QueuePage, AppError> {
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
    ctx.read(|az| {
        let mut rows = referrals::page(az, &filter.filter(), after, limit + 1)?;
        let more = rows.len() > ROWS;
        rows.truncate(ROWS);
        let next = rows.last().filter(|_| more).map(|last| (last.received_at, last.id));
        Ok(QueuePage { rows, next })
    })
}

/// How many referrals the register holds, up to 1,001.
///
/// # Errors
/// When the database fails.
pub fn count(ctx: &Ctx<'_>, filter: &ListFilter) -> Result<i64, AppError> {
    ctx.read(|az| Ok(referrals::count_listed(az, &filter.filter())?))
}
