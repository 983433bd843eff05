//! What waits for somebody's answer, to be counted in a digest that goes out anyway.

use super::facts::DUE_ASKED;
use super::people::{Roster, Whom, panels_of};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{action_extensions, action_transfers, actions};
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::action::{ActionStatus, ExtensionStatus};
use panel_core::id::{ActionId, AgencyId, CaseId, ExtensionId, PanelId, TransferId, UserId};
use panel_core::reminder::{Group, Subject, Waiting};
use std::collections::HashMap;

/// What waits for somebody's answer at the panels of `roster`, by person: reports of the impossible
/// for chairs, extensions for coordinators, transfers for the receiving agency, and the due dates that
/// receivers asked for again for chairs.
pub fn waiting(
    az: &mut Authz<'_>,
    roster: &Roster,
) -> Result<HashMap<UserId, Vec<Waiting>>, StoreError> {
    let panels: Vec<PanelId> = panels_of(roster.panels());
    let mut found = reported(az, &panels)?;
    found.extend(extensions(az)?);
    found.extend(transfers(az)?);
    found.extend(redated(az)?);
    let mut waiting: HashMap<UserId, Vec<Waiting>> = HashMap::new();
    for ((panel, case), whom, item) in found {
        for person in roster.around(panel, case).people(whom) {
            waiting.entry(person).or_default().push(item);
        }
    }
    Ok(waiting)
}

/// Where an action is.
type Place = (PanelId, Option<CaseId>);

const PLACE: (actions::panel_id, actions::case_id) = (actions::panel_id, actions::case_id);

/// Where it is, for whom, and what.
type Item = (Place, Whom, Waiting);

fn reported(az: &mut Authz<'_>, panels: &[PanelId]) -> Result<Vec<Item>, StoreError> {
    let found: Vec<(ActionId, Place, Option<NaiveDate>)> = actions::table
        .filter(actions::panel_id.eq_any(all(panels)))
        .filter(actions::finished.eq(false))
        .filter(actions::state.eq(Sql(ActionStatus::NotPossible)))
        .select((actions::id, PLACE, actions::due))
        .load(az.conn())?;
    let item = |(id, place, date)| {
        let waiting = Waiting { group: Group::NotPossible, subject: Subject::Action(id), date };
        (place, Whom::Chairs, waiting)
    };
    Ok(found.into_iter().map(item).collect())
}

fn extensions(az: &mut Authz<'_>) -> Result<Vec<Item>, StoreError> {
    let found: Vec<(ExtensionId, Place, NaiveDate)> = action_extensions::table
        .inner_join(actions::table.on(actions::id.eq(action_extensions::action_id)))
        .filter(action_extensions::state.eq(Sql(ExtensionStatus::Awaited)))
        .select((action_extensions::id, PLACE, action_extensions::proposed_due))
        .load(az.conn())?;
    let item = |(id, place, due)| {
        let subject = Subject::Extension(id);
        let waiting = Waiting { group: Group::Extensions, subject, date: Some(due) };
        (place, Whom::Coordinators, waiting)
    };
    Ok(found.into_iter().map(item).collect())
}

fn transfers(az: &mut Authz<'_>) -> Result<Vec<Item>, StoreError> {
    let found: Vec<(TransferId, Place, AgencyId, Option<NaiveDate>)> = action_transfers::table
        .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
        // In the words of the partial index; a bound value would hide it from the planner.
        .filter(sql::<Bool>("action_transfers.state = 'proposed'"))
        .select((action_transfers::id, PLACE, action_transfers::to_agency, actions::due))
        .load(az.conn())?;
    let item = |(id, place, agency, date)| {
        let waiting = Waiting { group: Group::Transfers, subject: Subject::Transfer(id), date };
        (place, Whom::Contacts(agency), waiting)
    };
    Ok(found.into_iter().map(item).collect())
}

fn redated(az: &mut Authz<'_>) -> Result<Vec<Item>, StoreError> {
    let found: Vec<(TransferId, Place, Option<NaiveDate>)> = action_transfers::table
        .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
        .filter(action_transfers::due_state.eq_any(DUE_ASKED))
        .select((action_transfers::id, PLACE, action_transfers::new_due))
        .load(az.conn())?;
    let item = |(id, place, date)| {
        let waiting = Waiting { group: Group::Transfers, subject: Subject::Transfer(id), date };
        (place, Whom::Chairs, waiting)
    };
    Ok(found.into_iter().map(item).collect())
}
