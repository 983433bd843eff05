//! The confidentiality statement, read and accepted by those who come to a meeting.

use super::{is_open, room_deed};
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use chrono::{DateTime, Duration, Utc};
use panel_core::id::{MeetingId, PanelId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::time::local;
use panel_core::words;
use panel_store::attendance::{self, Attendee};
use panel_store::meetings::{self, Meeting};
use panel_store::notices::{self, Whom};
use panel_store::{Authz, panels, users};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// The statement of a meeting for one who comes to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementView {
    /// The meeting.
    pub meeting: MeetingView,
    /// The panel's name.
    pub panel_name: String,
    /// The statement.
    pub statement: String,
    /// When the caller accepted it, or somebody recorded that; in words who and when too.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Who accepted it and when, in words; empty before.
    pub accepted: String,
    /// Whether the caller may accept it now.
    pub may_accept: bool,
}

/// Who accepted the statement and when, in words; empty where nobody did.
pub(super) fn acceptance(line: &Attendee, names: &HashMap<UserId, String>) -> String {
    let Some(at) = line.statement_at else { return String::new() };
    let at = words::date_time(local(at));
    if line.accepted_alone() {
        return format!("Accepted by {} at {at}", line.name);
    }
    let recorded = line.statement_by.and_then(|user| names.get(&user));
    match recorded {
        Some(name) => format!("Recorded by {name} at {at}"),
        None => format!("Recorded at {at}"),
    }
}

/// The names of those who recorded the acceptances of a roll.
pub(super) fn recorders(
    az: &mut Authz<'_>,
    kept: &[(Attendee, Option<String>)],
) -> Result<HashMap<UserId, String>, AppError> {
    let people: BTreeSet<UserId> = kept.iter().filter_map(|(line, _)| line.statement_by).collect();
    Ok(users::names(az, &people.into_iter().collect::<Vec<_>>())?)
}

/// Whether those who come may accept the statement: from the issue of the agenda until the minutes
/// are signed.
fn may_accept(az: &mut Authz<'_>, meeting: &Meeting) -> Result<bool, AppError> {
    Ok(meeting.state == MeetingState::Issued || is_open(az, meeting)?)
}

/// A meeting that the caller comes to.
fn found(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: MeetingId) -> Result<Meeting, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    if comes(ctx, az, meeting.panel)? { Ok(meeting) } else { Err(AppError::NotFound) }
}

fn comes(ctx: &Ctx<'_>, az: &mut Authz<'_>, panel: PanelId) -> Result<bool, AppError> {
    Ok(notices::people(az, panel, &[Whom::Everyone])?.contains(&ctx.user()))
}

/// The statement of a meeting, and whether the caller accepted it.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not come to the panel's meetings.
pub fn statement(ctx: &Ctx<'_>, id: MeetingId) -> Result<StatementView, AppError> {
    ctx.read(|az| {
        let meeting = found(ctx, az, id)?;
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
        let mut kept = attendance::list(az, id)?;
        kept.retain(|(line, _)| line.user == Some(ctx.user()));
        let recorders = recorders(az, &kept)?;
        let recorded =
            kept.first().map(|(line, _)| line).filter(|line| line.statement_at.is_some());
        let own = attendance::acceptances(az, id)?.get(&ctx.user()).copied();
        let accepted = match (own, recorded) {
            (Some(at), _) => format!("You accepted it at {}", words::date_time(local(at))),
            (None, Some(line)) => acceptance(line, &recorders),
            (None, None) => String::new(),
        };
        Ok(StatementView {
            may_accept: own.is_none() && may_accept(az, &meeting)?,
            accepted_at: own.or(recorded.and_then(|line| line.statement_at)),
            accepted,
            panel_name: panel.name.into(),
            statement: panel.policy.minutes.statement,
            meeting: MeetingView::of(&meeting),
        })
    })
}

/// Accepts the statement of a meeting as oneself. The roll then says so; to accept it twice changes
/// nothing.
///
/// # Errors
/// [`AppError::Rule`] `not_open` before the agenda is issued and once the minutes are signed;
/// [`AppError::NotFound`] for whoever does not come to the panel's meetings.
pub fn accept_statement(ctx: &Ctx<'_>, id: MeetingId) -> Result<(), AppError> {
    ctx.write(|az| {
        let meeting = found(ctx, az, id)?;
        if !may_accept(az, &meeting)? {
            let message = "The statement is accepted from the issue of the agenda until the minutes \
                           are approved";
            return Err(AppError::rule("not_open", message));
        }
        if attendance::accept(az, id, ctx.user())? {
            az.did(room_deed("attendance.accept", &meeting));
        }
        Ok(())
    })
}

/// A meeting whose statement the caller has still to read and accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unaccepted {
    /// The meeting.
    pub meeting: MeetingId,
    /// The panel's name.
    pub panel_name: String,
    /// Day and hour in words.
    pub when: String,
}

/// Meetings of today and those in progress that the caller comes to, whose statement waits.
///
/// # Errors
/// When the database fails.
pub fn unaccepted(ctx: &Ctx<'_>) -> Result<Vec<Unaccepted>, AppError> {
    let panels: BTreeSet<PanelId> = ctx.actor().seats.iter().map(|seat| seat.panel).collect();
    ctx.read(|az| {
        let mut waiting = Vec::new();
        for panel in panels {
            // No meeting is longer than a day.
            let near = (ctx.now - Duration::days(1), ctx.now + Duration::days(1));
            let mut near = meetings::between(az, panel, near.0, near.1)?;
            near.retain(|meeting| match meeting.state {
                MeetingState::InProgress => true,
                MeetingState::Issued => meeting.on == ctx.today,
                _ => false,
            });
            let ids: Vec<MeetingId> = near.iter().map(|meeting| meeting.id).collect();
            let accepted = attendance::accepted_at(az, &ids, ctx.user())?;
            near.retain(|meeting| !accepted.contains(&meeting.id));
            if near.is_empty() || !comes(ctx, az, panel)? {
                continue;
            }
            let name = panels::find(az, panel)?.ok_or(AppError::NotFound)?.value.name;
            waiting.extend(near.iter().map(|meeting| Unaccepted {
                meeting: meeting.id,
                panel_name: name.as_str().to_owned(),
                when: words::date_time(meeting.starts()),
            }));
        }
        Ok(waiting)
    })
}
