//! The live meeting: who is in the room, and what is said and decided about each item.
//!
//! Whoever runs the panel records it. Outcomes are written while the meeting is in progress and at no
//! other time; what was said may be put into better words until the minutes are signed. Every write
//! names the version that the writer saw, so that of two who write at once the second is told.

mod item;
mod notes;
mod outcome;
mod roll;
mod room;
mod statement;

pub use item::{ActionLine, HearingView, ItemView, Neighbour, NotesView, SilentAgency, item};
pub(crate) use notes::approaches;
pub use notes::{NoteField, RecordForm, record, type_note};
pub use outcome::{DeferForm, Deferred, Removed, defer, put_back, remove};
pub use roll::{
    PersonForm, RollForm, RollLine, accept_all, add_person, change_person, person, remove_person,
    take_roll,
};
pub use room::{AttendeeView, Expected, LiveView, Progress, StepView, show};
pub use statement::{StatementView, Unaccepted, accept_statement, statement, unaccepted};

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgendaItemId, Id, MeetingId};
use panel_core::meeting::{takes_notes, takes_outcomes};
use panel_core::words;
use panel_store::agenda::{self, Item, Line};
use panel_store::meetings::{self, Meeting, items};
use panel_store::{Authz, StoreError};

/// A meeting whose panel the caller runs.
fn found(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: MeetingId) -> Result<Meeting, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    ctx.must_run(meeting.panel)?;
    Ok(meeting)
}

/// An item with its meeting, for whoever runs the panel.
fn found_item(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: AgendaItemId,
) -> Result<(Meeting, Line), AppError> {
    let line = agenda::find(az, id)?.ok_or(AppError::NotFound)?;
    let meeting = found(ctx, az, line.item.meeting)?;
    Ok((meeting, line))
}

/// Whether what was said at a meeting may still be written down.
fn is_open(az: &mut Authz<'_>, meeting: &Meeting) -> Result<bool, StoreError> {
    Ok(takes_notes(meeting.state, items::minutes_signed(az, meeting.id)?))
}

/// Refuses to record anything about a meeting that has not begun, or whose minutes are signed.
fn must_take_notes(az: &mut Authz<'_>, meeting: &Meeting) -> Result<(), AppError> {
    if is_open(az, meeting)? {
        return Ok(());
    }
    if items::minutes_signed(az, meeting.id)? {
        let message =
            "The minutes of this meeting are signed. Open the minutes again to correct them.";
        return Err(AppError::rule("minutes_signed", message));
    }
    Err(not_in_progress(meeting))
}

/// Refuses an outcome outside of the meeting.
fn must_take_outcomes(meeting: &Meeting) -> Result<(), AppError> {
    if takes_outcomes(meeting.state) { Ok(()) } else { Err(not_in_progress(meeting)) }
}

fn not_in_progress(meeting: &Meeting) -> AppError {
    let day = words::weekday_date(meeting.on);
    let message = format!("The meeting of {day} is not in progress");
    AppError::rule("not_in_progress", message)
}

/// Something done to an item, for the audit log.
fn item_deed(code: &'static str, meeting: &Meeting, item: &Item) -> Deed {
    let subject = Some(item.id.uuid());
    Deed::new(AuditKind::Alteration, code, SubjectKind::AgendaItem, subject)
        .at(meeting.panel)
        .in_case(item.case)
}

/// Something done to the attendance, which holds no case.
fn room_deed(code: &'static str, meeting: &Meeting) -> Deed {
    let subject = Some(meeting.id.uuid());
    Deed::new(AuditKind::Alteration, code, SubjectKind::Meeting, subject).at(meeting.panel)
}
