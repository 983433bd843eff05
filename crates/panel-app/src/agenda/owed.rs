//! Incomplete actions as an agenda lists them: the live records, not a copy.

use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, CaseId, PanelId};
use panel_core::words;
use panel_store::Authz;
use panel_store::actions::register::{self, Filter, Line, Order};
use serde::Serialize;

/// How many actions an agenda lists; the register has the rest.
const MOST: usize = 500;

/// One incomplete action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwedAction {
    /// The action.
    pub id: ActionId,
    /// Its case; none for the panel's own business.
    pub case: Option<CaseId>,
    /// The reference of the case; empty without one.
    pub reference: String,
    /// The wording.
    pub text: String,
    /// The owning agency.
    pub agency: String,
    /// The owner; empty when nobody is named.
    pub owner: String,
    /// The due date in words; empty without one.
    pub due: String,
    /// Whether it is overdue.
    pub overdue: bool,
    /// Where it stands, in words.
    pub state: String,
}

/// The incomplete actions of a panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwedActions {
    /// The actions, early due dates first.
    pub actions: Vec<OwedAction>,
    /// Whether there are more than are listed.
    pub more: bool,
}

fn owed(line: &Line, today: NaiveDate) -> OwedAction {
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
