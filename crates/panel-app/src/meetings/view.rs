//! What readers see of meetings.

use super::runs;
use crate::calendar::{DeadlineView, deadlines, warnings_of_day};
use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use panel_core::coded::Coded;
use panel_core::id::{MeetingId, PanelId, SeriesId};
use panel_core::meeting::{MeetingState, Step, after};
use panel_core::schedule::{Occurrence, next_meeting};
use panel_core::time::{last_instant, local};
use panel_core::words;
use panel_store::Authz;
use panel_store::meetings::{self, Meeting};
use panel_store::panels;
use serde::Serialize;
use std::collections::BTreeSet;

/// How many meetings one page of a list shows.
const PAGE: i64 = 20;

/// A meeting, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingView {
    /// Its id.
    pub id: MeetingId,
    /// The panel.
    pub panel: PanelId,
    /// Its series; an emergency meeting has none.
    pub series: Option<SeriesId>,
    /// The date that the series laid out, which stays when the meeting moves.
    pub slot: Option<NaiveDate>,
    /// The local date.
    pub on: NaiveDate,
    /// The local time at which it starts.
    pub at: NaiveTime,
    /// How long it is meant to last, in minutes.
    pub minutes: i32,
    /// The instant at which it starts.
    pub starts_at: DateTime<Utc>,
    /// Day and hour in words.
    pub when: String,
    /// The local time at which it should end, in words.
    pub until: String,
    /// Where; empty when not said.
    pub venue: String,
    /// The address of the video call; empty without one.
    pub link: String,
    /// Whether it is an emergency meeting.
    pub emergency: bool,
    /// How far it has come.
    pub state: MeetingState,
    /// The same in words.
    pub state_label: String,
    /// Its number among those of its panel and year, such as `4/2026`, once it was held.
    pub number: Option<String>,
    /// The dates it had before, oldest first, in words.
    pub earlier: Vec<String>,
    /// Why it was cancelled; empty unless it is.
    pub cancel_reason: String,
    /// Why it was last opened again; empty if it never was.
    pub reopen_reason: String,
    /// The version that a change must name.
    pub version: i32,
}

impl MeetingView {
    pub(crate) fn of(meeting: &Meeting) -> Self {
        let end = meeting.starts_at + Duration::minutes(meeting.minutes.into());
        Self {
            id: meeting.id,
            panel: meeting.panel,
            series: meeting.fills.map(|fills| fills.series),
            slot: meeting.fills.map(|fills| fills.slot.key()),
            on: meeting.on,
            at: meeting.at,
            minutes: meeting.minutes,
            starts_at: meeting.starts_at,
            when: words::date_time(meeting.starts()),
            until: words::time(local(end).time()),
            venue: meeting.venue.clone(),
            link: meeting.link.clone(),
            emergency: meeting.emergency,
            state: meeting.state,
            state_label: meeting.state.label().to_owned(),
            number: meeting.number.map(|n| format!("{}/{}", n.number, n.year)),
            earlier: meeting.earlier.iter().map(|date| words::weekday_date(date.on)).collect(),
            cancel_reason: meeting.cancel_reason.clone(),
            reopen_reason: meeting.reopen_reason.clone(),
            version: meeting.version,
        }
    }
}

/// What the caller may do to a meeting now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingMay))]
#[expect(clippy::struct_excessive_bools, reason = "each is a button that is there or not")]
pub struct May {
    /// Move it, or set where it is.
    pub move_it: bool,
    /// Call it off.
    pub cancel: bool,
    /// Take the calling-off back.
    pub restore: bool,
    /// Begin it.
    pub start: bool,
    /// End it.
    pub end: bool,
    /// Open it again.
    pub reopen: bool,
}

impl May {
    fn of(ctx: &Ctx<'_>, meeting: &Meeting) -> Self {
        let may = |step| runs(ctx, meeting) && after(meeting.state, step).is_ok();
        Self {
            move_it: may(Step::Move),
            cancel: may(Step::Cancel),
            restore: may(Step::Restore),
            start: may(Step::Start) && meeting.on <= ctx.today,
            end: may(Step::End),
            reopen: may(Step::Reopen),
        }
    }
}

/// A meeting with its deadlines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingDetail {
    /// The meeting.
    pub meeting: MeetingView,
    /// What to know about its date.
    pub warnings: Vec<String>,
    /// Every step of its cycle, each with the reason why it falls where it does.
    pub deadlines: Vec<DeadlineView>,
    /// What the caller may do to it.
    pub may: May,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// What it shows.
    pub rows: Vec<T>,
    /// The meeting after which the next page begins; none on the last one.
    pub next: Option<MeetingId>,
}

fn page(mut found: Vec<Meeting>) -> Page<MeetingView> {
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = if more { found.last().map(|last| last.id) } else { None };
    Page { rows: found.iter().map(MeetingView::of).collect(), next }
}

/// The first instant of today.
fn midnight(ctx: &Ctx<'_>) -> DateTime<Utc> {
    ctx.today
        .pred_opt()
        .map_or(ctx.now, |yesterday| last_instant(yesterday, None) + Duration::microseconds(1))
}

/// The meetings of a panel that are still to be held, soonest first, with those called off; after
/// the meeting `after` when given.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at the panel.
pub fn upcoming(
    ctx: &Ctx<'_>,
    panel: PanelId,
    after: Option<MeetingId>,
) -> Result<Page<MeetingView>, AppError> {
    ctx.must_sit(panel)?;
    let midnight = midnight(ctx);
    Ok(page(ctx.read(|az| Ok(meetings::upcoming(az, panel, midnight, after, PAGE + 1)?))?))
}

/// The meetings of a panel that were held or whose day has passed, latest first; before the meeting
/// `before` when given.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at the panel.
pub fn past(
    ctx: &Ctx<'_>,
    panel: PanelId,
    before: Option<MeetingId>,
) -> Result<Page<MeetingView>, AppError> {
    ctx.must_sit(panel)?;
    let midnight = midnight(ctx);
    Ok(page(ctx.read(|az| Ok(meetings::past(az, panel, midnight, before, PAGE + 1)?))?))
}

/// One meeting with its deadlines.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at its panel.
pub fn show(ctx: &Ctx<'_>, id: MeetingId) -> Result<MeetingDetail, AppError> {
    ctx.read(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?;
        let policy = &panel.value.policy.cycle;
        let mut warnings = warnings_of_day(meeting.on, &ctx.app.holidays);
        warnings.extend(expected_elsewhere(ctx, az, &meeting)?);
        Ok(MeetingDetail {
            warnings,
            deadlines: deadlines(meeting.on, policy, &ctx.app.holidays),
            may: May::of(ctx, &meeting),
            meeting: MeetingView::of(&meeting),
        })
    })
}

/// What else the caller sits at while a meeting is on. Nobody is told where others sit.
fn expected_elsewhere(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
) -> Result<Vec<String>, AppError> {
    if meeting.state == MeetingState::Cancelled {
        return Ok(Vec::new());
    }
    let sits: BTreeSet<PanelId> = ctx.actor().seats.iter().map(|seat| seat.panel).collect();
    let mut found = Vec::new();
    for panel in sits.into_iter().filter(|panel| *panel != meeting.panel) {
        let (from, minutes) = (meeting.starts_at, meeting.minutes);
        let Some(other) = meetings::overlapping(az, panel, from, minutes, None)? else { continue };
        let name = panels::find(az, panel)?.map(|panel| panel.value.name);
        let name = name.as_ref().map_or("another panel", |name| name.as_str());
        let when = words::date_time(other.starts());
        found.push(format!("You sit at {name} too, which meets at {when}"));
    }
    Ok(found)
}

/// Where an item goes that leaves a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextView {
    /// The meeting; none when none is opened yet.
    pub to: Option<MeetingView>,
    /// The cancelled and held meetings on the way.
    pub passed_over: Vec<MeetingView>,
}

/// The next meeting that takes what one meeting puts off, and those that are passed over.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at its panel.
pub fn next(ctx: &Ctx<'_>, id: MeetingId) -> Result<NextView, AppError> {
    ctx.read(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        let (to, passed_over) = next_after(az, &meeting)?;
        Ok(NextView {
            to: to.as_ref().map(MeetingView::of),
            passed_over: passed_over.iter().map(MeetingView::of).collect(),
        })
    })
}

/// The next meeting that takes what `leaving` puts off, and the cancelled and held meetings on the
/// way: the next open one of its series by slot, else the next of the panel by date.
pub(crate) fn next_after(
    az: &mut Authz<'_>,
    leaving: &Meeting,
) -> Result<(Option<Meeting>, Vec<Meeting>), AppError> {
    let mut passed_over = Vec::new();
    if let Some(fills) = leaving.fills {
        let all = meetings::of_series(az, fills.series)?;
        let occurrences: Vec<Occurrence> = all.iter().filter_map(Meeting::occurrence).collect();
        let next = next_meeting(&occurrences, fills.slot);
        let row = |wanted: &Occurrence| {
            all.iter().find(|row| row.fills.is_some_and(|fills| fills.slot == wanted.slot)).cloned()
        };
        passed_over = next.passed_over.iter().filter_map(row).collect();
        if let Some(to) = next.to.as_ref().and_then(row) {
            return Ok((Some(to), passed_over));
        }
    }
    Ok((meetings::next_of_panel(az, leaving.panel, leaving.starts_at)?, passed_over))
}
