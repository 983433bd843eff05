//! The minutes and the action list as documents, for paper and for the command line.

use super::build::set_at;
use super::view::seen;
use crate::agenda::owed;
use crate::budget;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::audit::{Deed, SubjectKind};
use panel_core::id::{Id, MeetingId, PanelId};
use panel_core::words;
use panel_documents::actions::ActionList;
use panel_documents::minutes::{Minutes, Version};
use panel_store::{Authz, meetings, panels};

/// A copy that leaves the service; of a meeting long over, it counts as a file.
fn disclosed(
    az: &mut Authz<'_>,
    code: &'static str,
    meeting: MeetingId,
    (met, panel): (NaiveDate, PanelId),
) -> Result<(), AppError> {
    let kind = budget::takes_paper(az, met)?;
    let deed = Deed::new(kind, code, SubjectKind::Meeting, Some(meeting.uuid()));
    az.did(deed.at(panel));
    Ok(())
}

/// The minutes as the caller may hold them: the version of this number, else what
/// [`super::show`] shows. It is noted as a disclosure.
///
/// # Errors
/// [`AppError::NotFound`] for whoever sees no cases at the panel, for a version that is not there, and
/// while there is nothing to read.
pub fn document(ctx: &Ctx<'_>, id: MeetingId, version: Option<i32>) -> Result<Minutes, AppError> {
    ctx.hand_out(|az| {
        let view = seen(ctx, az, id, version)?;
        let record = view.record.ok_or(AppError::NotFound)?;
        let version = view.shown.map(|shown| Version {
            number: shown.number,
            by: shown.by,
            when: shown.when,
            reason: shown.reason,
        });
        disclosed(az, "minutes.print", id, (view.meeting.on, view.meeting.panel))?;
        Ok(Minutes::of(&record, version))
    })
}

/// The actions that a meeting set, as they stand now, as far as the caller may know of them: the list
/// that is sent round after the meeting. It is noted as a disclosure.
///
/// # Errors
/// [`AppError::NotFound`] for whoever sees no cases at the panel.
pub fn action_list(ctx: &Ctx<'_>, id: MeetingId) -> Result<ActionList, AppError> {
    ctx.hand_out(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        if !ctx.actor().reaches().iter().any(|(seen, _)| *seen == meeting.panel) {
            return Err(AppError::NotFound);
        }
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
        let set = set_at(az, &meeting)?;
        let list = set.iter().map(|line| owed(line, ctx.today)).collect();
        disclosed(az, "actions.print", id, (meeting.on, meeting.panel))?;
        Ok(ActionList::of(panel.name.into(), words::weekday_date(meeting.on), list))
    })
}
