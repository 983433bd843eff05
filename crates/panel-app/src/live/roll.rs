//! The attendance: who is there, who stands in, who sent apologies, and who accepted the statement.

use super::{found, must_take_notes, room_deed};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use crate::meetings::field;
use chrono::NaiveDate;
use panel_core::id::{AgencyId, AgendaItemId, AttendanceId, MeetingId, UserId};
use panel_core::meeting::AttendanceStatus;
use panel_core::text::{Name, TextError, Title};
use panel_store::attendance::{self, Attendee};
use panel_store::meetings::Meeting;
use panel_store::users::Sitter;
use panel_store::{Authz, agenda, panels, users};
use serde::{Deserialize, Serialize};

/// One row of the roll as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollLine {
    /// The line of the attendance; none for somebody expected of whom nothing is recorded yet.
    #[serde(default)]
    pub line: Option<AttendanceId>,
    /// The version of that line that the writer saw.
    #[serde(default)]
    pub version: i32,
    /// Who is expected, with the agency, where there is no line yet.
    #[serde(default)]
    pub expected: Option<(UserId, AgencyId)>,
    /// How the person takes part; none leaves it open.
    pub status: Option<AttendanceStatus>,
    /// Whether the confidentiality statement was accepted.
    #[serde(default)]
    pub statement: bool,
}

/// The whole roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollForm {
    /// Its rows.
    pub lines: Vec<RollLine>,
}

/// One person of the attendance, with everything that can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AttendeeForm))]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// The name.
    pub name: String,
    /// The agency; none for a guest.
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// How the person takes part.
    pub status: AttendanceStatus,
    /// When information came instead of a person.
    #[serde(default)]
    pub information_on: Option<NaiveDate>,
    /// Whether the confidentiality statement was accepted.
    #[serde(default)]
    pub statement: bool,
    /// Whether it was signed on paper.
    #[serde(default)]
    pub on_paper: bool,
    /// The first item the person was there for; the start of the meeting when none is given.
    #[serde(default)]
    pub arrived_at: Option<AgendaItemId>,
    /// The last item the person was there for; the end when none is given.
    #[serde(default)]
    pub left_after: Option<AgendaItemId>,
    /// Whom a deputy stands in for, or what else is to be said.
    #[serde(default)]
    pub note: String,
}

/// The line with the statement accepted or not, as it was recorded: an earlier acceptance stays as it
/// is, and what the person accepted alone is nobody else's to take back.
fn with_statement(ctx: &Ctx<'_>, line: Attendee, accepted: bool) -> Attendee {
    if accepted == line.statement_at.is_some() || line.accepted_alone() {
        return line;
    }
    let (at, by) = if accepted { (Some(ctx.now), Some(ctx.user())) } else { (None, None) };
    Attendee { statement_at: at, statement_by: by, ..line }
}

/// Takes the roll: changes what differs, adds who was expected, and forgets a line that is left open
/// again. Says how many lines changed.
///
/// # Errors
/// [`AppError::Rule`] `not_in_progress` or `minutes_signed`; [`AppError::Stale`] when somebody else
/// changed a line, or recorded the person, meanwhile; [`AppError::NotFound`].
pub fn take_roll(ctx: &Ctx<'_>, id: MeetingId, form: &RollForm) -> Result<usize, AppError> {
    ctx.write(|az| {
        let meeting = found(ctx, az, id)?;
        must_take_notes(az, &meeting)?;
        let kept: Vec<Attendee> =
            attendance::list(az, id)?.into_iter().map(|(line, _)| line).collect();
        let sitting = users::sitting(az, &[meeting.panel])?;
        let mut changed = 0;
        for row in &form.lines {
            changed += usize::from(take_line(ctx, az, &meeting, (&kept, &sitting), row)?);
        }
        if changed > 0 {
            az.did(room_deed("attendance.roll", &meeting).with(format!("{changed} lines")));
        }
        Ok(changed)
    })
}

/// Takes one row of the roll; whether it changed anything.
fn take_line(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    (kept, sitting): (&[Attendee], &[Sitter]),
    row: &RollLine,
) -> Result<bool, AppError> {
    let Some(id) = row.line else {
        let Some((status, (user, agency))) = row.status.zip(row.expected) else { return Ok(false) };
        if kept.iter().any(|line| line.user == Some(user)) {
            return Err(AppError::Stale);
        }
        let expected = sitting.iter().find(|one| one.user == user && one.agency == agency);
        let name = expected.ok_or(AppError::NotFound)?.name.clone();
        let own = attendance::acceptances(az, meeting.id)?.get(&user).copied();
        let new = Attendee {
            agency: Some(agency),
            user: Some(user),
            statement_at: own,
            statement_by: own.map(|_| user),
            ..blank(ctx, meeting, name, status)
        };
        attendance::insert(az, &with_statement(ctx, new, row.statement))?;
        return Ok(true);
    };
    let line = kept.iter().find(|line| line.id == id).ok_or(AppError::Stale)?;
    let stated = row.statement == line.statement_at.is_some() || line.accepted_alone();
    if row.status == Some(line.status) && stated {
        return Ok(false);
    }
    if line.version != row.version {
        return Err(AppError::Stale);
    }
    let Some(status) = row.status else {
        return if attendance::delete(az, id, row.version)? {
            Ok(true)
        } else {
            Err(AppError::Stale)
        };
    };
    let after = with_statement(ctx, line.clone(), row.statement);
    let statement_on_paper = line.statement_on_paper && after.statement_at.is_some();
    let after = Attendee { status, statement_on_paper, ..after };
    if attendance::update(az, &after)? { Ok(true) } else { Err(AppError::Stale) }
}

fn blank(ctx: &Ctx<'_>, meeting: &Meeting, name: String, status: AttendanceStatus) -> Attendee {
    Attendee {
        id: ctx.mint(),
        meeting: meeting.id,
        agency: None,
        user: None,
        name,
        status,
        information_on: None,
        statement_at: None,
        statement_on_paper: false,
        statement_by: None,
        arrived_at: None,
        left_after: None,
        note: String::new(),
        version: 1,
    }
}

/// The line as a form has it, or every reason why it cannot be taken.
fn read(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    before: &Attendee,
    form: &PersonForm,
) -> Result<Attendee, AppError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let name = Name::parse(&form.name).map_err(|e| errors.push(text_error("name", "Name", &e)));
    let note = match Title::parse(&form.note) {
        Err(error) if error != TextError::Empty => {
            errors.push(text_error("note", "Note", &error));
            String::new()
        }
        note => note.map(String::from).unwrap_or_default(),
    };
    let members = panels::agencies_of(az, meeting.panel)?;
    if form.agency.is_some_and(|agency| !members.iter().any(|one| one.agency == agency)) {
        let message = "Select an agency that belongs to this panel";
        errors.push(field("agency", "not_of_panel", message));
    }
    let sent = form.status == AttendanceStatus::ApologiesInformation;
    if form.information_on.is_some_and(|on| on > ctx.today) {
        let message = "Date the information came must be today or in the past";
        errors.push(field("information_on", "in_future", message));
    }
    let order: Vec<AgendaItemId> =
        agenda::plan(az, meeting.id)?.into_iter().map(|item| item.id).collect();
    let place = |id: Option<AgendaItemId>| id.map(|id| order.iter().position(|one| *one == id));
    match (place(form.arrived_at), place(form.left_after)) {
        (Some(None), _) => errors.push(field("arrived_at", "not_listed", "Select an item")),
        (_, Some(None)) => errors.push(field("left_after", "not_listed", "Select an item")),
        (Some(Some(first)), Some(Some(last))) if last < first => {
            let message = "The last item must not come before the first";
            errors.push(field("left_after", "before_arrival", message));
        }
        _ => {}
    }
    let name = match name {
        Ok(name) if errors.is_empty() => name.into(),
        _ => return Err(AppError::Invalid(errors)),
    };
    Ok(Attendee {
        name,
        agency: form.agency,
        status: form.status,
        information_on: form.information_on.filter(|_| sent),
        statement_on_paper: form.on_paper,
        arrived_at: form.arrived_at,
        left_after: form.left_after,
        note,
        ..with_statement(ctx, before.clone(), form.statement || form.on_paper)
    })
}

/// Adds somebody to the attendance: a deputy without an account, a guest, an observer.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed; [`AppError::Rule`] `not_in_progress` or
/// `minutes_signed`; [`AppError::NotFound`] for whoever does not run the panel.
pub fn add_person(
    ctx: &Ctx<'_>,
    id: MeetingId,
    form: &PersonForm,
) -> Result<AttendanceId, AppError> {
    ctx.write(|az| {
        let meeting = found(ctx, az, id)?;
        must_take_notes(az, &meeting)?;
        let new = blank(ctx, &meeting, String::new(), form.status);
        let line = read(ctx, az, &meeting, &new, form)?;
        attendance::insert(az, &line)?;
        az.did(room_deed("attendance.add", &meeting));
        Ok(line.id)
    })
}

/// One line of the attendance, with the meeting it belongs to.
fn line(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: AttendanceId,
) -> Result<(Meeting, Attendee), AppError> {
    let line = attendance::find(az, id)?.ok_or(AppError::NotFound)?;
    let meeting = found(ctx, az, line.meeting)?;
    Ok((meeting, line))
}

/// One person of the attendance, for whoever runs the panel.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn person(ctx: &Ctx<'_>, id: AttendanceId) -> Result<Attendee, AppError> {
    ctx.read(|az| Ok(line(ctx, az, id)?.1))
}

/// Changes one person of the attendance; returns the line's new version.
///
/// # Errors
/// As [`add_person`], and [`AppError::Stale`].
pub fn change_person(
    ctx: &Ctx<'_>,
    id: AttendanceId,
    version: i32,
    form: &PersonForm,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let (meeting, before) = line(ctx, az, id)?;
        must_take_notes(az, &meeting)?;
        if before.version != version {
            return Err(AppError::Stale);
        }
        let after = read(ctx, az, &meeting, &before, form)?;
        if !attendance::update(az, &after)? {
            return Err(AppError::Stale);
        }
        az.did(room_deed("attendance.change", &meeting));
        Ok(version + 1)
    })
}

/// Removes a person who was entered by mistake.
///
/// # Errors
/// [`AppError::Rule`] `not_in_progress` or `minutes_signed`; [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn remove_person(ctx: &Ctx<'_>, id: AttendanceId, version: i32) -> Result<MeetingId, AppError> {
    ctx.write(|az| {
        let (meeting, _) = line(ctx, az, id)?;
        must_take_notes(az, &meeting)?;
        if !attendance::delete(az, id, version)? {
            return Err(AppError::Stale);
        }
        az.did(room_deed("attendance.remove", &meeting));
        Ok(meeting.id)
    })
}

/// Notes that everybody in the room has accepted the statement; says how many had not yet.
///
/// # Errors
/// [`AppError::Rule`] `not_in_progress` or `minutes_signed`; [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn accept_all(ctx: &Ctx<'_>, id: MeetingId, on_paper: bool) -> Result<usize, AppError> {
    ctx.write(|az| {
        let meeting = found(ctx, az, id)?;
        must_take_notes(az, &meeting)?;
        let mut changed = 0;
        for (line, _) in attendance::list(az, id)? {
            let here = line.status.is_present() || line.status == AttendanceStatus::Observer;
            if !here || line.statement_at.is_some() {
                continue;
            }
            let after = with_statement(ctx, line, true);
            let after = Attendee { statement_on_paper: on_paper, ..after };
            if !attendance::update(az, &after)? {
                return Err(AppError::Stale);
            }
            changed += 1;
        }
        if changed > 0 {
            az.did(room_deed("attendance.statement", &meeting).with(format!("{changed} accepted")));
        }
        Ok(changed)
    })
}
