//! Incomplete actions as an agenda lists them: the live records, not a copy.

use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::meeting::MeetingState;
use panel_core::words;
use panel_documents::agenda::{OwedAction, OwedActions};
use panel_store::Authz;
use panel_store::actions::owed_at;
use panel_store::actions::register::{self, Filter, Line};
use panel_store::meetings::Meeting;

/// How many actions an agenda lists; the register has the rest.
const MOST: usize = 500;

/// A line of the register as a list of incomplete actions has it.
pub(crate) fn owed(line: &Line, today: NaiveDate) -> OwedAction {
    OwedAction {
        id: line.id,
        case: line.case,
        reference: line.reference.clone().unwrap_or_default(),
        text: line.text.clone(),
        agency: line.agency_name.clone().unwrap_or_default(),
        owner: line.owner_name().unwrap_or_default().to_owned(),
        due: line.due.map(words::weekday_date).unwrap_or_default(),
        overdue: line.is_overdue(today),
        state: line.state.label().to_owned(),
    }
}

/// The incomplete actions that were set before a meeting, as far as the caller may know of them: those
/// of now, and for a meeting that was held those that were incomplete when it met. What the meeting
/// itself sets is no earlier action.
pub(super) fn owed_actions(az: &mut Authz<'_>, meeting: &Meeting) -> Result<OwedActions, AppError> {
    let today = az.today();
    if meeting.state == MeetingState::Held {
        let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
        let span = (meeting.on, meeting.on);
        let mut ids = owed_at(az, meeting.panel, meeting.id, span, limit + 1)?;
        let more = ids.len() > MOST;
        ids.truncate(MOST);
        let lines = register::lines(az, &ids)?;
        return Ok(OwedActions { actions: lines.iter().map(|l| owed(l, today)).collect(), more });
    }
    let status = Some(StatusFilter::Unfinished);
    let filter = Filter { panel: Some(meeting.panel), status, ..Filter::default() };
    let (lines, more) = register::first(az, &filter, MOST)?;
    let earlier = lines.iter().filter(|line| line.meeting != Some(meeting.id));
    Ok(OwedActions { actions: earlier.map(|line| owed(line, today)).collect(), more })
}
