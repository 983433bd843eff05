//! Minutes that wait for the chair's approval.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::id::{MeetingId, PanelId};
use panel_core::words;
use panel_store::minutes;
use serde::Serialize;

/// The most meetings that are listed; the oldest are approved first.
const MOST: i64 = 20;

/// A meeting that was held and whose minutes are not approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnapprovedMinutes {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its local date.
    pub on: NaiveDate,
    /// The same in words.
    pub when: String,
}

/// The meetings of a panel whose minutes wait for approval, oldest first, at most 20.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn unapproved(ctx: &Ctx<'_>, panel: PanelId) -> Result<Vec<UnapprovedMinutes>, AppError> {
    ctx.must_run(panel)?;
    let found = ctx.read(|az| Ok(minutes::unsigned(az, panel, MOST)?))?;
    let view = |(meeting, on): (MeetingId, NaiveDate)| UnapprovedMinutes {
        meeting,
        on,
        when: words::weekday_date(on),
    };
    Ok(found.into_iter().map(view).collect())
}
