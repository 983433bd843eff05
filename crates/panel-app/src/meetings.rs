//! Meetings: listed and shown to whoever has a seat, laid out, moved, called off, held and numbered
//! by the coordinator or the chair.

mod change;
pub(crate) mod follow;
mod form;
mod held;
pub(crate) mod view;

pub use change::{
    Added, DeadlineMove, MovePreview, Moved, Restored, add_emergency, cancel, move_to,
    preview_move, restore, set_venue,
};
pub use form::{EmergencyForm, MoveForm, PlaceForm};
pub use held::{Ended, end, reopen, start};
pub use view::{May, MeetingDetail, MeetingView, NextView, Page, next, past, show, upcoming};

pub(crate) use change::{laid_out, planned};
pub(crate) use form::Place;

use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, MeetingId};
use panel_core::meeting::{MeetingError, Step, after};
use panel_core::text::Note;
use panel_store::Authz;
use panel_store::meetings::{self, Meeting};

fn deed(code: &'static str, meeting: &Meeting) -> Deed {
    let subject = Some(meeting.id.uuid());
    Deed::new(AuditKind::Administration, code, SubjectKind::Meeting, subject).at(meeting.panel)
}

/// A meeting of a panel that the caller runs, at the version that the caller read.
///
/// Nobody else changes when the panel meets, or takes a number, until the transaction ends.
fn take(az: &mut Authz<'_>, id: MeetingId, version: i32) -> Result<Meeting, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    if !az.runs(meeting.panel) {
        return Err(AppError::NotFound);
    }
    meetings::lock_panel(az, meeting.panel)?;
    if meeting.version == version { Ok(meeting) } else { Err(AppError::Stale) }
}

/// Saves a meeting and notes what was done to it; returns its new version.
fn save(az: &mut Authz<'_>, meeting: &Meeting, done: Deed) -> Result<i32, AppError> {
    if !meetings::update(az, meeting)? {
        return Err(AppError::Stale);
    }
    az.did(done);
    Ok(meeting.version + 1)
}

/// The meeting in the state after a step.
fn step(meeting: Meeting, step: Step) -> Result<Meeting, AppError> {
    let state = after(meeting.state, step)?;
    Ok(Meeting { state, ..meeting })
}

/// A reason that must be given.
fn reason(raw: &str) -> Result<Note, AppError> {
    Note::parse(raw).map_err(|e| AppError::Invalid(vec![text_error("reason", "Reason", &e)]))
}

impl From<MeetingError> for AppError {
    fn from(error: MeetingError) -> Self {
        let code = match &error {
            MeetingError::WrongState(_) => "wrong_state",
            MeetingError::Undecided(_) => "undecided",
            MeetingError::LaterNumber { .. } => "later_number",
            MeetingError::NotLatest => "not_latest",
            MeetingError::NoReason => "no_reason",
        };
        Self::rule(code, crate::error::sentence(&error.to_string()))
    }
}

/// A field error of this module's forms.
pub(crate) fn field(name: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { field: name.to_owned(), code, message: message.into() }
}

/// Whether the caller of `ctx` runs the panel of `meeting`.
fn runs(ctx: &Ctx<'_>, meeting: &Meeting) -> bool {
    ctx.actor().runs(meeting.panel)
}
