//! What follows when a meeting moves, is called off or comes back: its agenda is put aside where it
//! must be, and people hear of it in their next digest.

use crate::error::AppError;
use panel_core::id::{PanelId, UserId};
use panel_core::reminder::{Reason, Rule, Subject};
use panel_store::meetings::{Meeting, items};
use panel_store::notices::{self, Telling, Whom};
use panel_store::{Authz, StoreError};

/// Everybody who comes to the panel's meetings, without the caller.
pub(crate) fn people(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<UserId>, StoreError> {
    let own = az.user();
    let mut people = notices::people(az, panel, &[Whom::Everyone])?;
    people.retain(|person| Some(*person) != own);
    Ok(people)
}

fn tell(
    az: &mut Authz<'_>,
    rule: Rule,
    meeting: &Meeting,
    people: &[UserId],
) -> Result<(), StoreError> {
    // A meeting that is entered after its day concerns nobody's diary.
    if meeting.on < az.today() {
        return Ok(());
    }
    let (subject, date) = (Subject::Meeting(meeting.id), Some(meeting.on));
    notices::tell(az, &Telling { rule, panel: meeting.panel, subject, date }, people)?;
    Ok(())
}

/// Tells people that a meeting has another day or hour.
pub(crate) fn moved(
    az: &mut Authz<'_>,
    meeting: &Meeting,
    people: &[UserId],
) -> Result<(), AppError> {
    Ok(tell(az, Rule::MeetingMoved, meeting, people)?)
}

/// Puts the agenda of a meeting aside that is called off, takes back what was to be told about it,
/// and tells people.
pub(crate) fn called_off(
    az: &mut Authz<'_>,
    meeting: &Meeting,
    people: &[UserId],
) -> Result<(), AppError> {
    items::call_off(az, meeting.id)?;
    notices::cancel(az, Subject::Meeting(meeting.id), Reason::Overtaken)?;
    Ok(tell(az, Rule::MeetingCancelled, meeting, people)?)
}

/// Tells people that a meeting takes place after all, unless nobody has heard otherwise yet and it
/// is when it was.
pub(crate) fn restored(
    az: &mut Authz<'_>,
    before: &Meeting,
    meeting: &Meeting,
    people: &[UserId],
) -> Result<(), AppError> {
    let unheard = notices::cancel(az, Subject::Meeting(meeting.id), Reason::Overtaken)? > 0;
    if unheard && before.starts_at == meeting.starts_at {
        return Ok(());
    }
    moved(az, meeting, people)
}
