//! Chasing what agencies owe for a meeting, with one press.

use super::standing::stands;
use super::{deed, find_run};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, InfoRequestId, MeetingId};
use panel_core::reminder::Subject;
use panel_store::notices::{self, Chased};
use panel_store::{information, meetings};

/// Chases one request: whoever answers for the agency hears with the next digest, or at once; once a
/// day at most.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn chase(ctx: &Ctx<'_>, id: InfoRequestId, at_once: bool) -> Result<Chased, AppError> {
    ctx.write(|az| {
        let request = find_run(az, id)?.request;
        let chased = notices::chase(az, request.panel, &[Subject::Request(id)], at_once)?;
        az.did(deed(AuditKind::Mail, "request.chase", &request).with(counts(chased)));
        Ok(chased)
    })
}

/// Chases everything that is owed for a meeting, or by one of its agencies.
///
/// # Errors
/// As [`chase`].
pub fn chase_all(ctx: &Ctx<'_>, id: MeetingId, at_once: bool) -> Result<Chased, AppError> {
    ctx.write(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let found = information::of_meeting(az, id)?;
        let all = stands(ctx, az, found)?;
        let owed = all.iter().filter(|one| one.standing.is_owed());
        let owed: Vec<Subject> = owed.map(|one| Subject::Request(one.asked.request.id)).collect();
        let chased = notices::chase(az, meeting.panel, &owed, at_once)?;
        let subject = Some(id.uuid());
        let code = "request.chase_all";
        let done = Deed::new(AuditKind::Mail, code, SubjectKind::Meeting, subject);
        az.did(done.at(meeting.panel).with(counts(chased)));
        Ok(chased)
    })
}

fn counts(chased: Chased) -> String {
    let Chased { people, items, at_once, left_out, unheard } = chased;
    format!("{items} of {people} people, {at_once} at once, {left_out} left out, {unheard} unheard")
}
