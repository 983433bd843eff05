//! The facts by which a period is counted: read by index, and never more than the period's.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::{action_moves, actions};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{ActionStatus, OwnerMove, Progress};
use panel_core::audit::SubjectKind;
use panel_core::completion::{CompletionFacts, End, Period};
use panel_core::id::{ActionId, AgencyId, CaseId, Id, PanelId};
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = actions)]
struct Row {
    id: ActionId,
    #[diesel(column_name = case_id)]
    case: Option<CaseId>,
    #[diesel(column_name = owner_agency)]
    owner: AgencyId,
    judged: Option<NaiveDate>,
    state: ActionStatus,
    reported_on: Option<NaiveDate>,
    was: Option<Progress>,
    decided_on: Option<NaiveDate>,
}

impl Row {
    fn end(&self) -> End {
        let on = self.reported_on.unwrap_or(NaiveDate::MIN);
        match self.state {
            ActionStatus::Open | ActionStatus::InProgress => End::NotYet,
            ActionStatus::Completed => End::Completed(on),
            ActionStatus::NotDone => End::NotDone(on),
            ActionStatus::Withdrawn => End::Excused(on),
            ActionStatus::NotPossible if self.was.is_some() => End::NotYet,
            // Imported ones were never accepted on a day; whatever the period, nobody owed them.
            ActionStatus::NotPossible => End::Excused(self.decided_on.unwrap_or(NaiveDate::MIN)),
        }
    }
}

/// A hand-over as it is kept.
#[derive(Queryable, Selectable)]
#[diesel(table_name = action_moves)]
struct MoveRow {
    action_id: ActionId,
    from_agency: AgencyId,
    to_agency: AgencyId,
    moved_on: NaiveDate,
    by_transfer: bool,
}

impl MoveRow {
    const fn read(&self) -> OwnerMove {
        let Self { from_agency: from, to_agency: to, moved_on: on, by_transfer, .. } = *self;
        OwnerMove { from, to, on, by_transfer }
    }
}

/// What counting a period of one panel needs: the actions whose judged date lies in it, and the
/// transfers that were accepted in it. Whoever asks may see the panel's figures; no case is named, and
/// what is kept from whoever asks is not counted.
pub fn facts(
    az: &mut Authz<'_>,
    panel: PanelId,
    period: Period,
) -> Result<Vec<CompletionFacts>, StoreError> {
    let (from, to) = (period.first(), period.last());
    let of_period = actions::panel_id.eq(Sql(panel)).and(actions::judged.between(from, to));
    let (rows, theirs, others) = az.beyond(Beyond::Figures, |conn| {
        let rows: Vec<Row> =
            actions::table.filter(of_period).select(Row::as_select()).load(conn)?;
        let theirs: Vec<MoveRow> = action_moves::table
            .inner_join(actions::table.on(actions::id.eq(action_moves::action_id)))
            .filter(of_period)
            .order(action_moves::id)
            .select(MoveRow::as_select())
            .load(conn)?;
        let others: Vec<(MoveRow, Option<CaseId>)> = action_moves::table
            .inner_join(actions::table.on(actions::id.eq(action_moves::action_id)))
            .filter(action_moves::panel_id.eq(Sql(panel)))
            .filter(action_moves::moved_on.between(from, to))
            .filter(action_moves::by_transfer.eq(true))
            .order(action_moves::id)
            .select((MoveRow::as_select(), actions::case_id))
            .load(conn)?;
        Ok((rows, theirs, others))
    })?;
    az.saw("completion.show", SubjectKind::Panel, Some(panel.uuid()), Some(panel), []);
    let hidden = &az.scope().hidden;
    let is_there = |case: Option<CaseId>| case.is_none_or(|case| !hidden.contains(&case));
    let rows = rows.into_iter().filter(|row| is_there(row.case)).collect();
    let others = others.into_iter().filter(|(_, case)| is_there(*case)).map(|(row, _)| row);
    Ok(assemble(rows, theirs, others.collect()))
}

fn assemble(rows: Vec<Row>, theirs: Vec<MoveRow>, others: Vec<MoveRow>) -> Vec<CompletionFacts> {
    let mut moves: HashMap<ActionId, Vec<OwnerMove>> = HashMap::new();
    for row in theirs {
        moves.entry(row.action_id).or_default().push(row.read());
    }
    let mut facts = HashMap::new();
    for row in rows {
        let end = row.end();
        let moves = moves.remove(&row.id).unwrap_or_default();
        let fact = CompletionFacts { owner: row.owner, moves, judged: row.judged, end };
        facts.insert(row.id, fact);
    }
    // Actions that are judged in another period were handed over in this one.
    let mut elsewhere: HashMap<ActionId, CompletionFacts> = HashMap::new();
    for row in others.into_iter().filter(|row| !facts.contains_key(&row.action_id)) {
        let one = row.read();
        let none =
            CompletionFacts { owner: one.to, moves: Vec::new(), judged: None, end: End::NotYet };
        elsewhere.entry(row.action_id).or_insert(none).moves.push(one);
    }
    facts.into_values().chain(elsewhere.into_values()).collect()
}
