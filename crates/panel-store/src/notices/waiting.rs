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
    let mut waiting: HashMap<UserId, Vec<Waiting>> = HashMap::new();
    let mut add = |panel, case, whom: Whom, item: Waiting| {
        for person in roster.around(panel, case).people(whom) {
            waiting.entry(person).or_default().push(item);
        }
    };
    let panels: Vec<PanelId> = panels_of(roster.panels());
    let reported: Vec<(ActionId, PanelId, Option<CaseId>, Option<NaiveDate>)> = actions::table
        .filter(actions::panel_id.eq_any(all(&panels)))
        .filter(actions::finished.eq(false))
        .filter(actions::state.eq(Sql(ActionStatus::NotPossible)))
        .select((actions::id, actions::panel_id, actions::case_id, actions::due))
        .load(az.conn())?;
    for (id, panel, case, date) in reported {
        let item = Waiting { group: Group::NotPossible, subject: Subject::Action(id), date };
        add(panel, case, Whom::Chairs, item);
    }
    let asked: Vec<(ExtensionId, PanelId, Option<CaseId>, NaiveDate)> = action_extensions::table
        .inner_join(actions::table.on(actions::id.eq(action_extensions::action_id)))
        .filter(action_extensions::state.eq(Sql(ExtensionStatus::Awaited)))
        .select((
            action_extensions::id,
            actions::panel_id,
            actions::case_id,
            action_extensions::proposed_due,
        ))
        .load(az.conn())?;
    for (id, panel, case, due) in asked {
        let subject = Subject::Extension(id);
        let item = Waiting { group: Group::Extensions, subject, date: Some(due) };
        add(panel, case, Whom::Coordinators, item);
    }
    let offered: Vec<(TransferId, PanelId, Option<CaseId>, AgencyId, Option<NaiveDate>)> =
        action_transfers::table
            .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
            // In the words of the partial index; a bound value would hide it from the planner.
            .filter(sql::<Bool>("action_transfers.state = 'proposed'"))
            .select((
                action_transfers::id,
                actions::panel_id,
                actions::case_id,
                action_transfers::to_agency,
                actions::due,
            ))
            .load(az.conn())?;
    for (id, panel, case, agency, date) in offered {
        let item = Waiting { group: Group::Transfers, subject: Subject::Transfer(id), date };
        add(panel, case, Whom::Contacts(agency), item);
    }
    let redated: Vec<(TransferId, PanelId, Option<CaseId>, Option<NaiveDate>)> =
        action_transfers::table
            .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
            .filter(action_transfers::due_state.eq_any(DUE_ASKED))
            .select((
                action_transfers::id,
                actions::panel_id,
                actions::case_id,
                action_transfers::new_due,
            ))
            .load(az.conn())?;
    for (id, panel, case, date) in redated {
        let item = Waiting { group: Group::Transfers, subject: Subject::Transfer(id), date };
        add(panel, case, Whom::Chairs, item);
    }
    Ok(waiting)
}
