//! The agenda as a document, for paper and for the command line.

use super::view::{AgendaView, seen};
use crate::budget;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::access::Role;
use panel_core::audit::{Deed, SubjectKind};
use panel_core::id::{Id, MeetingId, PanelId, UserId};
use panel_core::words;
use panel_documents::agenda::Agenda;
use panel_store::Authz;
use panel_store::users::{self, names};

/// The agenda of a meeting as the caller may hold it: what was issued last, or for whoever runs the
/// panel the draft before the first issue. It is noted as a disclosure.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at the panel.
pub fn document(ctx: &Ctx<'_>, id: MeetingId) -> Result<Agenda, AppError> {
    ctx.hand_out(|az| {
        let AgendaView { meeting, panel_name, issue, changes, sections, actions, ends } =
            seen(ctx, az, id)?;
        let chair = chair_of(az, meeting.panel)?;
        let subject = Some(id.uuid());
        let kind = budget::takes_paper(az, meeting.on)?;
        let deed = Deed::new(kind, "agenda.print", SubjectKind::Meeting, subject);
        az.did(deed.at(meeting.panel));
        Ok(Agenda {
            panel: panel_name,
            day: words::weekday_date(meeting.on),
            time: format!("{} to {}", words::time(meeting.at), meeting.until),
            venue: meeting.venue,
            chair,
            issue,
            changes,
            sections,
            ends,
            actions,
        })
    })
}

/// Who chairs a panel today; empty when nobody does.
pub(crate) fn chair_of(az: &mut Authz<'_>, panel: PanelId) -> Result<String, AppError> {
    let today = az.today();
    let chairs: Vec<UserId> = users::seats(az, Some(panel), None)?
        .into_iter()
        .filter(|seat| seat.role == Role::Chair && seat.from <= today)
        .filter(|seat| seat.until.is_none_or(|end| end >= today))
        .map(|seat| seat.user)
        .collect();
    let mut names: Vec<String> = names(az, &chairs)?.into_values().collect();
    names.sort();
    Ok(words::list(&names))
}
