//! Proposals that another agency take an action over.

use super::row::{missing, text};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::action_transfers as table;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{
    By, Capacity, ReceiverDue, ReceiverDueStatus, Transfer, TransferState, TransferStatus,
};
use panel_core::id::{ActionId, AgencyId, TransferId, UserId};
use panel_core::text::Note;

#[derive(Queryable, Selectable)]
#[diesel(table_name = table)]
struct Row {
    id: TransferId,
    #[diesel(column_name = action_id)]
    action: ActionId,
    from_agency: AgencyId,
    to_agency: AgencyId,
    proposed_on: NaiveDate,
    proposed_by: UserId,
    capacity: Capacity,
    reason: String,
    state: TransferStatus,
    answered_on: Option<NaiveDate>,
    answered_by: Option<UserId>,
    answer_note: String,
    due_state: Option<ReceiverDueStatus>,
    new_due: Option<NaiveDate>,
    due_then: Option<NaiveDate>,
    due_decided_by: Option<UserId>,
    due_decided_on: Option<NaiveDate>,
}

impl Row {
    fn due(&self) -> Result<ReceiverDue, StoreError> {
        let due = self.new_due.ok_or_else(|| missing("the date that was proposed"));
        let by = self.due_decided_by.ok_or_else(|| missing("who decided on the date"));
        let on = self.due_decided_on.ok_or_else(|| missing("the day of that decision"));
        Ok(match self.due_state {
            None | Some(ReceiverDueStatus::Kept) => ReceiverDue::Kept,
            Some(ReceiverDueStatus::Proposed) => {
                ReceiverDue::Proposed { due: due?, due_then: self.due_then }
            }
            Some(ReceiverDueStatus::Agreed) => ReceiverDue::Agreed { due: due?, by: by?, on: on? },
            Some(ReceiverDueStatus::Declined) => {
                ReceiverDue::Declined { due: due?, by: by?, on: on? }
            }
        })
    }
}

impl TryFrom<Row> for Transfer {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let on = row.answered_on.ok_or_else(|| missing("the day of an answer"));
        let by = row.answered_by.ok_or_else(|| missing("who answered"));
        let state = match row.state {
            TransferStatus::Proposed => TransferState::Proposed,
            TransferStatus::Accepted => {
                TransferState::Accepted { by: by?, on: on?, due: row.due()? }
            }
            TransferStatus::Refused => TransferState::Refused {
                by: by?,
                on: on?,
                reason: text(Note::parse(&row.answer_note))?,
            },
            TransferStatus::Revoked => TransferState::Revoked { by: by?, on: on? },
            TransferStatus::Lapsed => TransferState::Lapsed { on: on? },
        };
        Ok(Self {
            id: row.id,
            action: row.action,
            from: row.from_agency,
            to: row.to_agency,
            proposed_by: By { user: row.proposed_by, capacity: row.capacity },
            proposed_on: row.proposed_on,
            reason: text(Note::parse(&row.reason))?,
            state,
        })
    }
}

/// The proposals of these actions, oldest first; those that wait for the receiver or for the chair
/// alone when `open`. The caller has found the actions in scope first.
pub fn of_actions(
    az: &mut Authz<'_>,
    actions: &[ActionId],
    open: bool,
) -> Result<Vec<Transfer>, StoreError> {
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = table::table
        .filter(table::action_id.eq_any(all(actions)))
        .order(table::id)
        .select(Row::as_select())
        .into_boxed();
    if open {
        let waits = table::due_state.eq(Sql(Some(ReceiverDueStatus::Proposed))).assume_not_null();
        query = query.filter(table::state.eq(Sql(TransferStatus::Proposed)).or(waits));
    }
    let rows: Vec<Row> = query.load(az.conn())?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Writes down a proposal.
///
/// # Errors
/// [`StoreError::Taken`] when another proposal for the action waits for its answer.
pub fn insert(az: &mut Authz<'_>, transfer: &Transfer) -> Result<(), StoreError> {
    diesel::insert_into(table::table)
        .values((
            table::id.eq(Sql(transfer.id)),
            table::action_id.eq(Sql(transfer.action)),
            table::from_agency.eq(Sql(transfer.from)),
            table::to_agency.eq(Sql(transfer.to)),
            table::proposed_on.eq(transfer.proposed_on),
            table::proposed_by.eq(Sql(transfer.proposed_by.user)),
            table::capacity.eq(Sql(transfer.proposed_by.capacity)),
            table::reason.eq(transfer.reason.as_str()),
            table::state.eq(Sql(transfer.state.status())),
            table::answer_note.eq(""),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// The columns of a state.
#[derive(Default)]
struct Answer<'a> {
    by: Option<UserId>,
    on: Option<NaiveDate>,
    note: &'a str,
    due: Option<ReceiverDue>,
}

impl<'a> From<&'a TransferState> for Answer<'a> {
    fn from(state: &'a TransferState) -> Self {
        match state {
            TransferState::Proposed => Self::default(),
            TransferState::Accepted { by, on, due } => {
                Self { by: Some(*by), on: Some(*on), due: Some(*due), ..Self::default() }
            }
            TransferState::Refused { by, on, reason } => {
                Self { by: Some(*by), on: Some(*on), note: reason.as_str(), ..Self::default() }
            }
            TransferState::Revoked { by, on } => {
                Self { by: Some(*by), on: Some(*on), ..Self::default() }
            }
            TransferState::Lapsed { on } => Self { on: Some(*on), ..Self::default() },
        }
    }
}

/// Writes down what became of a proposal, or of the date that its receiver asked for; `false` when
/// somebody else has answered meanwhile. `before` is where it stood when it was read.
pub fn answer(
    az: &mut Authz<'_>,
    transfer: &Transfer,
    before: &TransferState,
) -> Result<bool, StoreError> {
    let answer = Answer::from(&transfer.state);
    let due_state = |answer: &Answer<'_>| answer.due.map(|due| due.status());
    let was = due_state(&Answer::from(before));
    let (new_due, decided_by, decided_on) = match answer.due {
        None | Some(ReceiverDue::Kept) => (None, None, None),
        Some(ReceiverDue::Proposed { due, .. }) => (Some(due), None, None),
        Some(ReceiverDue::Agreed { due, by, on } | ReceiverDue::Declined { due, by, on }) => {
            (Some(due), Some(by), Some(on))
        }
    };
    // The date then in force is written once, with the proposal of another.
    let due_then = match (answer.due, before) {
        (Some(ReceiverDue::Proposed { due_then, .. }), _) => due_then,
        (_, TransferState::Accepted { due: ReceiverDue::Proposed { due_then, .. }, .. }) => {
            *due_then
        }
        _ => None,
    };
    let mut still = diesel::update(table::table)
        .filter(table::id.eq(Sql(transfer.id)).and(table::state.eq(Sql(before.status()))))
        .into_boxed();
    if was.is_some() {
        still = still.filter(table::due_state.eq(Sql(was)));
    }
    let changed = still
        .set((
            table::state.eq(Sql(transfer.state.status())),
            table::answered_by.eq(Sql(answer.by)),
            table::answered_on.eq(answer.on),
            table::answer_note.eq(answer.note),
            table::due_state.eq(Sql(due_state(&answer))),
            table::new_due.eq(new_due),
            table::due_then.eq(due_then),
            table::due_decided_by.eq(Sql(decided_by)),
            table::due_decided_on.eq(decided_on),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}
