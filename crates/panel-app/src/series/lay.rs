//! Laying the meetings of a series out: as many as it should have open, and one restored to its slot.

use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::{Place, laid_out, planned};
use panel_core::calendar::BankHolidays;
use panel_core::schedule::{Clash, EditError, Occurrence, ToOpen, horizon, to_open};
use panel_core::time::local;
use panel_store::meetings::{self, Filled, Meeting};
use panel_store::series::Series;
use panel_store::{Authz, StoreError};

/// Where the meetings of a series are.
fn place_of(series: &Series) -> Place {
    Place { minutes: series.minutes, venue: series.venue.clone(), link: series.link.clone() }
}

/// What [`further`] did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Laid {
    /// How many meetings it opened.
    pub(crate) opened: usize,
    /// Slots that stay without a meeting because it would move onto another slot.
    pub(crate) clashes: Vec<Clash>,
}

/// What a series lacks up to today's horizon.
pub(crate) fn missing(
    az: &Authz<'_>,
    series: &Series,
    there: &[Meeting],
    holidays: &BankHolidays,
) -> ToOpen {
    let occurrences: Vec<Occurrence> = there.iter().filter_map(Meeting::occurrence).collect();
    let last = horizon(az.today(), holidays);
    to_open(&occurrences, &series.plan(holidays), local(az.now()), last)
}

/// Opens what a series lacks up to today's horizon; nothing when it lacks nothing. The caller has
/// locked the series.
pub(crate) fn further(
    az: &mut Authz<'_>,
    series: &Series,
    holidays: &BankHolidays,
) -> Result<Laid, StoreError> {
    let there = meetings::of_series(az, series.id)?;
    let ToOpen { meetings: missing, clashes } = missing(az, series, &there, holidays);
    let new: Vec<Meeting> = missing
        .into_iter()
        .map(|open| {
            let filled = Filled { series: series.id, slot: open.slot };
            let starts_at = laid_out(open.starts);
            let row = planned(az.mint(), series.panel, open.starts, starts_at, place_of(series));
            Meeting { fills: Some(filled), ..row }
        })
        .collect();
    meetings::insert(az, &new)?;
    Ok(Laid { opened: new.len(), clashes })
}

/// A meeting as fresh as its series would lay it out today; `cancelled` is how the series saw it.
pub(crate) fn restored(
    ctx: &Ctx<'_>,
    meeting: Meeting,
    cancelled: Occurrence,
    series: &Series,
) -> Result<Meeting, AppError> {
    let plan = series.plan(&ctx.app.holidays);
    let starts = cancelled.restore(&plan, local(ctx.now), Vec::new())?.occurrence.starts;
    let Place { minutes, venue, link } = place_of(series);
    let fresh = Meeting { minutes, venue, link, ..meeting };
    Ok(fresh.moved(starts, laid_out(starts), ctx.now))
}

impl From<EditError> for AppError {
    fn from(error: EditError) -> Self {
        let code = match &error {
            EditError::WouldOrphan { .. } => "would_orphan",
            EditError::Clash(_) => "clash",
            EditError::Held(_) => "held",
            EditError::Cancelled(_) => "cancelled",
            EditError::NotCancelled(_) => "not_cancelled",
            EditError::Past(_) => "past",
            EditError::Skipped(_) => "skipped",
        };
        Self::rule(code, crate::error::sentence(&error.to_string()))
    }
}
