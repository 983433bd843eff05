//! Incomplete actions as an agenda lists them: the live records, not a copy.

use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::id::PanelId;
use panel_core::words;
use panel_documents::agenda::{OwedAction, OwedActions};
use panel_store::Authz;
use panel_store::actions::register::{self, Filter, Line, Order};

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

/// The incomplete actions of a panel that the caller may know of.
pub(super) fn owed_actions(az: &mut Authz<'_>, panel: PanelId) -> Result<OwedActions, AppError> {
    let filter =
        Filter { panel: Some(panel), status: Some(StatusFilter::Unfinished), ..Filter::default() };
    let page = register::page(az, &filter, Order::default(), None, MOST)?;
    let today = az.today();
    Ok(OwedActions {
        actions: page.lines.iter().map(|line| owed(line, today)).collect(),
        more: page.next.is_some(),
    })
}
