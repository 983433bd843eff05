//! The day of the meeting: started, ended with a number, opened again.

use super::{deed, reason, save, step, take};
use crate::context::Ctx;
use crate::error::AppError;
use crate::series::lay;
use chrono::Datelike;
use panel_core::audit::{AuditKind, Deed};
use panel_core::id::MeetingId;
use panel_core::meeting::{MeetingState, Step, after, check_decided, check_reopen, next_number};
use panel_core::words;
use panel_store::meetings::{self, Meeting, Number, items};
use panel_store::series;
use serde::{Deserialize, Serialize};

/// A deed that touches the cases on the agenda.
fn alteration(code: &'static str, meeting: &Meeting) -> Deed {
    Deed { kind: AuditKind::Alteration, ..deed(code, meeting) }
}

/// Begins a meeting, on its day or later. Its series is laid out further by as much.
///
/// # Errors
/// [`AppError::Rule`] `not_yet` before its day, `wrong_state` when it has begun or is cancelled,
/// [`AppError::Stale`], [`AppError::NotFound`] for whoever does not run the panel.
pub fn start(ctx: &Ctx<'_>, id: MeetingId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let meeting = step(take(az, id, version)?, Step::Start)?;
        if ctx.today < meeting.on {
            let day = words::weekday_date(meeting.on);
            let message = format!("This meeting is on {day}. Move it to today first.");
            return Err(AppError::rule("not_yet", message));
        }
        let begun = Meeting { started_at: meeting.started_at.or(Some(ctx.now)), ..meeting };
        let version = save(az, &begun, deed("meeting.start", &begun))?;
        if let Some(fills) = begun.fills
            && let Some(series) = series::lock(az, fills.series)?
        {
            lay::further(az, &series.value, &ctx.app.holidays)?;
        }
        Ok(version)
    })
}

/// A meeting that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ended {
    /// Its version now.
    pub version: i32,
    /// The number it took.
    pub number: Number,
}

/// Ends a meeting: every case on its agenda is decided or put off, and it takes the next number of
/// its panel and year.
///
/// # Errors
/// [`AppError::Rule`] `undecided` with the cases that are neither decided nor put off, `wrong_state`
/// unless it is in progress; [`AppError::Stale`], [`AppError::NotFound`].
pub fn end(ctx: &Ctx<'_>, id: MeetingId, version: i32) -> Result<Ended, AppError> {
    // The refusal names cases, so it is a read of its own whose audit row stays.
    let open = ctx.read(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        after(meeting.state, Step::End)?;
        Ok(items::undecided(az, &meeting)?)
    })?;
    check_decided(open.iter().map(|item| item.name().to_owned()).collect())?;
    ctx.write(|az| {
        let meeting = step(take(az, id, version)?, Step::End)?;
        if !items::undecided(az, &meeting)?.is_empty() {
            return Err(AppError::Stale);
        }
        items::settle(az, id)?;
        let year = meeting.on.year();
        let number = next_number(meetings::highest_number(az, meeting.panel, year)?);
        let number = Number { year, number };
        let held = Meeting { number: Some(number), ended_at: Some(ctx.now), ..meeting };
        let version = save(az, &held, alteration("meeting.end", &held))?;
        Ok(Ended { version, number })
    })
}

/// Opens a held meeting again: its cases are pending, and it gives its number back.
///
/// # Errors
/// [`AppError::Invalid`] without a reason; [`AppError::Rule`] `later_number` when a later meeting of
/// the same year has a number, `minutes_signed` while its minutes are signed, `wrong_state` unless
/// it was held; [`AppError::Stale`], [`AppError::NotFound`].
pub fn reopen(ctx: &Ctx<'_>, id: MeetingId, version: i32, why: &str) -> Result<i32, AppError> {
    let why = reason(why)?;
    ctx.write(|az| {
        let meeting = step(take(az, id, version)?, Step::Reopen)?;
        if let Some(Number { year, number }) = meeting.number {
            let highest = meetings::highest_number(az, meeting.panel, year)?;
            check_reopen(year, number, highest)?;
        }
        if items::minutes_signed(az, id)? {
            let message = "The minutes of this meeting are signed. Open the minutes again first.";
            return Err(AppError::rule("minutes_signed", message));
        }
        items::reopen(az, id)?;
        let opened = Meeting {
            state: MeetingState::InProgress,
            number: None,
            ended_at: None,
            reopen_reason: why.into(),
            ..meeting
        };
        save(az, &opened, alteration("meeting.reopen", &opened))
    })
}
