//! Requests for more time.

use super::row::{missing, text};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::action_extensions as table;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{By, Capacity, Extension, ExtensionAnswer, ExtensionStatus};
use panel_core::id::{ActionId, ExtensionId, UserId};
use panel_core::text::Note;

#[derive(Queryable, Selectable)]
#[diesel(table_name = table)]
struct Row {
    id: ExtensionId,
    #[diesel(column_name = action_id)]
    action: ActionId,
    requested_on: NaiveDate,
    requested_by: UserId,
    capacity: Capacity,
    due_then: NaiveDate,
    proposed_due: NaiveDate,
    reason: String,
    state: ExtensionStatus,
    decided_on: Option<NaiveDate>,
    decided_by: Option<UserId>,
    agreed_due: Option<NaiveDate>,
    decision_note: String,
}

impl TryFrom<Row> for Extension {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let on = row.decided_on.ok_or_else(|| missing("the day of an answer"));
        let by = row.decided_by.ok_or_else(|| missing("who answered"));
        let answer = match row.state {
            ExtensionStatus::Awaited => ExtensionAnswer::Awaited,
            ExtensionStatus::Agreed => ExtensionAnswer::Agreed {
                by: by?,
                on: on?,
                due: row.agreed_due.ok_or_else(|| missing("the date that was agreed"))?,
            },
            ExtensionStatus::Refused => ExtensionAnswer::Refused {
                by: by?,
                on: on?,
                reason: text(Note::parse(&row.decision_note))?,
            },
            ExtensionStatus::Lapsed => ExtensionAnswer::Lapsed { on: on? },
        };
        Ok(Self {
            id: row.id,
            action: row.action,
            asked_by: By { user: row.requested_by, capacity: row.capacity },
            asked_on: row.requested_on,
            due_then: row.due_then,
            proposed: row.proposed_due,
            reason: text(Note::parse(&row.reason))?,
            answer,
        })
    }
}

/// The requests of these actions, oldest first; the unanswered ones alone when `open`. The caller
/// has found the actions in scope first.
pub fn of_actions(
    az: &mut Authz<'_>,
    actions: &[ActionId],
    open: bool,
) -> Result<Vec<Extension>, StoreError> {
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = table::table
        .filter(table::action_id.eq_any(all(actions)))
        .order(table::id)
        .select(Row::as_select())
        .into_boxed();
    if open {
        query = query.filter(table::state.eq(Sql(ExtensionStatus::Awaited)));
    }
    let rows: Vec<Row> = query.load(az.conn())?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Writes down a request.
///
/// # Errors
/// [`StoreError::Taken`] when another request for the action waits for its answer.
pub fn insert(az: &mut Authz<'_>, extension: &Extension) -> Result<(), StoreError> {
    diesel::insert_into(table::table)
        .values((
            table::id.eq(Sql(extension.id)),
            table::action_id.eq(Sql(extension.action)),
            table::requested_on.eq(extension.asked_on),
            table::requested_by.eq(Sql(extension.asked_by.user)),
            table::capacity.eq(Sql(extension.asked_by.capacity)),
            table::due_then.eq(extension.due_then),
            table::proposed_due.eq(extension.proposed),
            table::reason.eq(extension.reason.as_str()),
            table::state.eq(Sql(extension.answer.status())),
            table::decision_note.eq(""),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Writes down the answer to a request; `false` when somebody else has answered it.
pub fn answer(az: &mut Authz<'_>, extension: &Extension) -> Result<bool, StoreError> {
    let (by, on, due, note) = match &extension.answer {
        ExtensionAnswer::Awaited => (None, None, None, ""),
        ExtensionAnswer::Agreed { by, on, due } => (Some(*by), Some(*on), Some(*due), ""),
        ExtensionAnswer::Refused { by, on, reason } => {
            (Some(*by), Some(*on), None, reason.as_str())
        }
        ExtensionAnswer::Lapsed { on } => (None, Some(*on), None, ""),
    };
    let open = table::state.eq(Sql(ExtensionStatus::Awaited));
    let changed = diesel::update(table::table)
        .filter(table::id.eq(Sql(extension.id)).and(open))
        .set((
            table::state.eq(Sql(extension.answer.status())),
            table::decided_by.eq(Sql(by)),
            table::decided_on.eq(on),
            table::agreed_due.eq(due),
            table::decision_note.eq(note),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}
