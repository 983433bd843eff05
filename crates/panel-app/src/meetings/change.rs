//! Laying out, moving, calling off and restoring single meetings.

use super::form::{EmergencyForm, MoveForm, Place, PlaceForm, both, instant};
use super::{deed, field, follow, reason, save, step, take};
use crate::calendar::{deadlines, warnings_of_day};
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use crate::information;
use crate::series::lay;
use chrono::{DateTime, NaiveDateTime, Utc};
use panel_core::id::{MeetingId, PanelId};
use panel_core::meeting::{MeetingState, Step};
use panel_core::time::{ZONE, resolve_leniently};
use panel_core::words;
use panel_store::meetings::items::{self, NamedItem};
use panel_store::meetings::{self, Meeting};
use panel_store::{Authz, panels, series};
use serde::{Deserialize, Serialize};

/// Refuses a time at which the panel has another meeting.
fn check_free(
    az: &mut Authz<'_>,
    panel: PanelId,
    start: DateTime<Utc>,
    minutes: i32,
    but: Option<MeetingId>,
) -> Result<(), AppError> {
    match meetings::overlapping(az, panel, start, minutes, but)? {
        None => Ok(()),
        Some(other) => Err(AppError::Invalid(vec![overlap(&other)])),
    }
}

fn overlap(other: &Meeting) -> FieldError {
    let at = words::date_time(other.starts());
    field("at", "overlaps", format!("The panel has a meeting at that time already: {at}"))
}

/// A meeting that was laid out, with what to know about its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Added {
    /// The meeting.
    pub meeting: MeetingId,
    /// What to know about its date. A warning never blocks.
    pub warnings: Vec<String>,
}

/// Lays out an emergency meeting, which needs no series. One that was held by telephone may be
/// entered up to a month later.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed and for a time at which the panel meets already,
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn add_emergency(
    ctx: &Ctx<'_>,
    panel: PanelId,
    form: &EmergencyForm,
) -> Result<Added, AppError> {
    ctx.must_run(panel)?;
    let starts_at = instant(ctx, form.on, form.at, form.which);
    let place = Place::check(form.minutes, &form.venue, &form.link);
    let (starts_at, place) = both(starts_at, place)?;
    let meeting = Meeting {
        emergency: true,
        ..planned(ctx.mint(), panel, form.on.and_time(form.at), starts_at, place)
    };
    ctx.write(|az| {
        meetings::lock_panel(az, panel)?;
        check_free(az, panel, starts_at, meeting.minutes, None)?;
        meetings::insert(az, std::slice::from_ref(&meeting))?;
        az.did(deed("meeting.emergency", &meeting));
        let warnings = warnings_of_day(meeting.on, &ctx.app.holidays);
        Ok(Added { meeting: meeting.id, warnings })
    })
}

/// A meeting that nothing has happened to yet.
pub(crate) fn planned(
    id: MeetingId,
    panel: PanelId,
    starts: NaiveDateTime,
    starts_at: DateTime<Utc>,
    place: Place,
) -> Meeting {
    Meeting {
        id,
        panel,
        fills: None,
        on: starts.date(),
        at: starts.time(),
        minutes: place.minutes,
        zone: ZONE.to_owned(),
        starts_at,
        venue: place.venue,
        link: place.link,
        emergency: false,
        state: MeetingState::Planned,
        earlier: Vec::new(),
        cancel_reason: String::new(),
        number: None,
        started_at: None,
        ended_at: None,
        reopen_reason: String::new(),
        version: 1,
    }
}

/// A deadline before and after a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadlineMove {
    /// What it is called.
    pub label: String,
    /// The day it has, in words.
    pub from: String,
    /// The day it would have.
    pub to: String,
    /// Why it would fall there.
    pub why: String,
}

/// What moving a meeting would do. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MovePreview {
    /// The date and time it has, in words.
    pub from: String,
    /// The date and time it would have.
    pub to: String,
    /// What to know about the new date.
    pub warnings: Vec<String>,
    /// The deadlines that move with it.
    pub deadlines: Vec<DeadlineMove>,
    /// How many people would be told.
    pub told: usize,
}

/// The meeting as the form would have it, and why not.
fn moved(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    form: &MoveForm,
) -> Result<Meeting, AppError> {
    let minutes = form.minutes.unwrap_or(meeting.minutes);
    let place = Place::check(minutes, "", "");
    let (starts_at, _) = both(instant(ctx, form.on, form.at, form.which), place)?;
    let meeting = step(Meeting { minutes, ..meeting.clone() }, Step::Move)?;
    check_free(az, meeting.panel, starts_at, minutes, Some(meeting.id))?;
    Ok(meeting.moved(form.on.and_time(form.at), starts_at, ctx.now))
}

/// What moving a meeting would do.
///
/// # Errors
/// As [`move_to`], but for the version.
pub fn preview_move(
    ctx: &Ctx<'_>,
    id: MeetingId,
    form: &MoveForm,
) -> Result<MovePreview, AppError> {
    ctx.read(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?;
        let (policy, holidays) = (&panel.value.policy.cycle, &ctx.app.holidays);
        let moved = moved(ctx, az, &meeting, form)?;
        let before = deadlines(meeting.on, policy, holidays);
        let changed = deadlines(moved.on, policy, holidays)
            .into_iter()
            .zip(before)
            .filter(|(to, from)| to.on != from.on)
            .map(|(to, from)| DeadlineMove {
                label: to.label,
                from: from.when,
                to: to.when,
                why: to.why,
            })
            .collect();
        Ok(MovePreview {
            from: words::date_time(meeting.starts()),
            to: words::date_time(moved.starts()),
            warnings: warnings_of_day(moved.on, holidays),
            deadlines: changed,
            told: follow::people(az, meeting.panel)?.len(),
        })
    })
}

/// A meeting at its new date, with what to know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    /// Its version now.
    pub version: i32,
    /// What to know about its date. A warning never blocks.
    pub warnings: Vec<String>,
}

/// Moves a meeting to another date or time. Its slot stays; the date it loses is kept.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed and for a time at which the panel meets already,
/// [`AppError::Rule`] `wrong_state` once it has begun or is cancelled, [`AppError::Stale`],
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn move_to(
    ctx: &Ctx<'_>,
    id: MeetingId,
    version: i32,
    form: &MoveForm,
) -> Result<Moved, AppError> {
    ctx.write(|az| {
        let meeting = take(az, id, version)?;
        let moved = moved(ctx, az, &meeting, form)?;
        let version = save(az, &moved, deed("meeting.move", &moved))?;
        if moved.starts_at != meeting.starts_at {
            let people = follow::people(az, moved.panel)?;
            follow::moved(az, &moved, &people)?;
        }
        let panel = panels::find(az, moved.panel)?.ok_or(AppError::NotFound)?;
        information::follow_meeting(ctx, az, &moved, &panel.value.policy)?;
        Ok(Moved { version, warnings: warnings_of_day(moved.on, &ctx.app.holidays) })
    })
}

/// Sets where a meeting is.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Rule`] `wrong_state` once it has begun or is cancelled,
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn set_venue(
    ctx: &Ctx<'_>,
    id: MeetingId,
    version: i32,
    form: &PlaceForm,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let meeting = step(take(az, id, version)?, Step::Move)?;
        let place = Place::check(meeting.minutes, &form.venue, &form.link);
        let Place { venue, link, .. } = place.map_err(AppError::Invalid)?;
        let placed = Meeting { venue, link, ..meeting };
        save(az, &placed, deed("meeting.place", &placed))
    })
}

/// Calls a meeting off. Its slot stays taken, and its agenda is put aside.
///
/// # Errors
/// [`AppError::Invalid`] without a reason, [`AppError::Rule`] `wrong_state` once it has begun,
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn cancel(ctx: &Ctx<'_>, id: MeetingId, version: i32, why: &str) -> Result<i32, AppError> {
    let why = reason(why)?;
    ctx.write(|az| {
        let meeting = step(take(az, id, version)?, Step::Cancel)?;
        let cancelled = Meeting { cancel_reason: why.into(), ..meeting };
        items::call_off(az, id)?;
        information::call_off(ctx, az, id)?;
        let version = save(az, &cancelled, deed("meeting.cancel", &cancelled))?;
        let people = follow::people(az, cancelled.panel)?;
        follow::called_off(az, &cancelled, &people)?;
        Ok(version)
    })
}

/// A meeting that takes place after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restored {
    /// Its version now.
    pub version: i32,
    /// Day and hour in words.
    pub when: String,
    /// What stood on its agenda when it was called off. None of it is on the agenda again; the
    /// coordinator is offered each.
    pub offered: Vec<NamedItem>,
}

/// Restores a cancelled meeting, fresh: on the day that its series gives it today, where its series
/// meets, with an empty agenda. An emergency meeting comes back as it was.
///
/// # Errors
/// [`AppError::Rule`] when it is not cancelled, its time has passed, or its slot is skipped;
/// [`AppError::Invalid`] when the panel meets at that time; [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn restore(ctx: &Ctx<'_>, id: MeetingId, version: i32) -> Result<Restored, AppError> {
    ctx.write(|az| {
        let cancelled = take(az, id, version)?;
        let meeting = step(cancelled.clone(), Step::Restore)?;
        let meeting = Meeting { cancel_reason: String::new(), ..meeting };
        let fresh = match cancelled.occurrence().zip(cancelled.fills) {
            Some((occurrence, fills)) => {
                let series = series::find(az, fills.series)?.ok_or(AppError::NotFound)?.value;
                lay::restored(ctx, meeting, occurrence, &series)?
            }
            None if meeting.starts_at <= ctx.now => {
                let message = "The time of this meeting has passed";
                return Err(AppError::rule("past", message));
            }
            None => meeting,
        };
        check_free(az, fresh.panel, fresh.starts_at, fresh.minutes, Some(id))?;
        let offered = items::called_off(az, &fresh)?;
        let version = save(az, &fresh, deed("meeting.restore", &fresh))?;
        let people = follow::people(az, fresh.panel)?;
        follow::restored(az, &cancelled, &fresh, &people)?;
        Ok(Restored { version, when: words::date_time(fresh.starts()), offered })
    })
}

/// The instant of a meeting whose time was laid out, not typed.
pub(crate) fn laid_out(starts: NaiveDateTime) -> DateTime<Utc> {
    resolve_leniently(starts)
}
