//! What agencies owe: the live records, their history, and the proposals beside them.
//!
//! An action is written here and nowhere else, always together with its history line. The columns
//! that indexes are made over (`finished`, `due_key`, `judged`, `search`) are worked out here too,
//! so that they cannot part from what they repeat.

pub mod extensions;
pub mod figures;
mod history;
pub mod register;
mod row;
pub mod transfers;
pub mod waiting;

pub use history::{Detail, DuePart, Entry, NewEntry, Parts, history};
pub use row::Kept;

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{
    action_entries, action_extensions, action_moves, action_transfers, actions, meetings, minutes,
};
use crate::scope::actions_in_scope;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{Action, ActionChange, ActionEvent, Birth, judged_date};
use panel_core::audit::SubjectKind;
use panel_core::id::{ActionId, AgendaItemId, CaseId, Id, MeetingId, PanelId};
use panel_core::meeting::MeetingState;
use row::{NO_DUE, Row, StateColumns, instance, person, search_words};

/// Rows of one insert statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

/// An action to be written for the first time.
#[derive(Debug, Clone, Copy)]
pub struct Born<'a> {
    /// Its first history line.
    pub entry: NewEntry<'a>,
    /// The agenda item in which it was born.
    pub item: Option<AgendaItemId>,
    /// Whether it comes from an old tracker.
    pub imported: bool,
}

/// What a change may alter, for inserting and updating alike.
macro_rules! changeable {
    ($action:expr, $state:expr, $judged:expr) => {
        (
            actions::text.eq($action.text.as_str()),
            actions::approach.eq(Sql($action.approach)),
            actions::owner_agency.eq(Sql($action.owner.agency)),
            actions::owner_user.eq(Sql(person(&$action.owner).0)),
            actions::owner_name.eq(person(&$action.owner).1),
            actions::first_due.eq($action.original_due),
            actions::due.eq($action.due),
            actions::due_word.eq($action.due_word.as_ref().map_or("", |word| word.as_str())),
            actions::due_instance.eq(instance($action)),
            actions::state.eq(Sql($action.state.status())),
            actions::reported_on.eq($state.reported_on),
            actions::outcome.eq($state.outcome),
            actions::reason.eq($state.reason),
            actions::was.eq(Sql($state.was)),
            actions::decided_by.eq(Sql($state.decided_by)),
            actions::decided_on.eq($state.decided_on),
            actions::finished.eq($action.is_finished()),
            actions::due_key.eq($action.due.unwrap_or(NO_DUE)),
            actions::judged.eq($judged),
            actions::search.eq(search_words($action)),
        )
    };
}

/// Writes new actions with the first line of their history.
pub fn insert(az: &mut Authz<'_>, born: &[Born<'_>]) -> Result<(), StoreError> {
    let now = az.now();
    for some in born.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                let action = new.entry.after;
                let state = StateColumns::from(&action.state);
                (
                    actions::id.eq(Sql(action.id)),
                    actions::panel_id.eq(Sql(action.panel)),
                    actions::case_id.eq(Sql(action.case)),
                    actions::meeting_id.eq(Sql(action.born_in)),
                    actions::item_id.eq(Sql(new.item)),
                    actions::set_on.eq(action.set_on),
                    actions::imported.eq(new.imported),
                    actions::created_at.eq(Sql(now)),
                    actions::version.eq(1),
                    changeable!(action, state, action.original_due),
                )
            })
            .collect();
        each_backend!(az.conn(), |c| diesel::insert_into(actions::table).values(&rows).execute(c))?;
        let entries: Vec<NewEntry<'_>> = some.iter().map(|new| new.entry).collect();
        history::append(az, &entries)?;
    }
    Ok(())
}

/// Writes a changed action with its history line; `false` when somebody else changed it since
/// `before` was read, and then nothing is written. `note` is what was said with it, where neither
/// the event nor the new state holds that.
pub fn save(
    az: &mut Authz<'_>,
    before: &Kept,
    after: &Action,
    event: &ActionEvent,
    note: &str,
) -> Result<bool, StoreError> {
    let judged = judged_after(az, before, after, &event.change)?;
    let state = StateColumns::from(&after.state);
    let changed = diesel::update(actions::table)
        .filter(actions::id.eq(Sql(after.id)).and(actions::version.eq(before.version)))
        .set((changeable!(after, state, judged), actions::version.eq(before.version + 1)))
        .execute(az.conn())?;
    if changed != 1 {
        return Ok(false);
    }
    history::append(az, &[NewEntry { event, note, before: Some(&before.action), after }])?;
    Ok(true)
}

/// Adds a history line without changing the action: a note, or a proposal beside the status.
pub fn append(
    az: &mut Authz<'_>,
    action: &Action,
    event: &ActionEvent,
    note: &str,
) -> Result<(), StoreError> {
    history::append(az, &[NewEntry { event, note, before: Some(action), after: action }])
}

/// Adds many history lines that change nothing, as a file brings them.
pub fn append_all(az: &mut Authz<'_>, lines: &[NewEntry<'_>]) -> Result<(), StoreError> {
    lines.chunks(BATCH).try_for_each(|some| history::append(az, some))
}

/// The date by which on-time is judged once a change has happened.
fn judged_after(
    az: &mut Authz<'_>,
    before: &Kept,
    after: &Action,
    change: &ActionChange,
) -> Result<Option<NaiveDate>, StoreError> {
    let latest = match change {
        ActionChange::DueChanged(change) => Some(*change),
        ActionChange::DueCorrected { .. } => None,
        _ => return Ok(before.judged),
    };
    let mut changes = history::due_changes(az, after.id)?;
    changes.extend(latest);
    Ok(judged_date(after.original_due, &changes))
}

/// One action, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: ActionId) -> Result<Option<Kept>, StoreError> {
    let seen = actions_in_scope!(az, actions::table);
    let row: Option<Row> = actions::table
        .filter(actions::id.eq(Sql(id)))
        .filter(seen)
        .select(Row::as_select())
        .first(az.conn())
        .optional()?;
    let found: Option<Kept> = row.map(TryInto::try_into).transpose()?;
    if let Some(kept) = &found {
        let (panel, case) = (kept.action.panel, kept.action.case);
        az.saw("action.show", SubjectKind::Action, Some(id.uuid()), Some(panel), case);
    }
    Ok(found)
}

/// These actions as far as the caller may know of them, in no order.
pub fn find_many(az: &mut Authz<'_>, ids: &[ActionId]) -> Result<Vec<Kept>, StoreError> {
    let seen = actions_in_scope!(az, actions::table);
    let rows: Vec<Row> = actions::table
        .filter(actions::id.eq_any(all(ids)))
        .filter(seen)
        .select(Row::as_select())
        .load(az.conn())?;
    listed(az, rows)
}

/// The actions of a case that the caller may know of, unfinished and early ones first; the
/// unfinished alone when `unfinished`.
pub fn of_case(
    az: &mut Authz<'_>,
    case: CaseId,
    unfinished: bool,
) -> Result<Vec<Kept>, StoreError> {
    let seen = actions_in_scope!(az, actions::table);
    let mut query = actions::table
        .filter(actions::case_id.eq(Sql(Some(case))))
        .filter(seen)
        .order((actions::finished, actions::due_key, actions::id))
        .select(Row::as_select())
        .into_boxed();
    if unfinished {
        query = query.filter(actions::finished.eq(false));
    }
    let rows: Vec<Row> = query.load(az.conn())?;
    listed(az, rows)
}

/// The actions born in a meeting that the caller may know of, in the order in which they were set.
pub fn of_meeting(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Kept>, StoreError> {
    let seen = actions_in_scope!(az, actions::table);
    let rows: Vec<Row> = actions::table
        .filter(actions::meeting_id.eq(Sql(Some(meeting))))
        .filter(seen)
        .order(actions::id)
        .select(Row::as_select())
        .load(az.conn())?;
    listed(az, rows)
}

fn listed(az: &mut Authz<'_>, rows: Vec<Row>) -> Result<Vec<Kept>, StoreError> {
    let found: Vec<Kept> = rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    let cases: Vec<CaseId> = found.iter().filter_map(|kept| kept.action.case).collect();
    az.saw("action.list", SubjectKind::Listing, None, None, cases);
    Ok(found)
}

/// Erases a slip that no minutes hold, with all that hangs on it; `false` when somebody else changed
/// it since `version` was read.
pub fn delete(az: &mut Authz<'_>, id: ActionId, version: i32) -> Result<bool, StoreError> {
    let still = diesel::update(actions::table)
        .filter(actions::id.eq(Sql(id)).and(actions::version.eq(version)))
        .set(actions::version.eq(version + 1))
        .execute(az.conn())?;
    if still != 1 {
        return Ok(false);
    }
    macro_rules! empty {
        ($($table:ident),+) => {
            $(diesel::delete($table::table.filter($table::action_id.eq(Sql(id))))
                .execute(az.conn())?;)+
        };
    }
    empty!(action_entries, action_moves, action_extensions, action_transfers);
    diesel::delete(actions::table.find(Sql(id))).execute(az.conn())?;
    Ok(true)
}

/// Whether the record of an action has left the coordinator's draft: it came from an old tracker,
/// its minutes were approved at any time, or the panel has met again since.
pub fn birth(az: &mut Authz<'_>, kept: &Kept) -> Result<Birth, StoreError> {
    if kept.imported {
        return Ok(Birth::Recorded);
    }
    let action = &kept.action;
    let approved = match action.born_in {
        None => false,
        Some(meeting) => diesel::select(diesel::dsl::exists(
            minutes::table.filter(minutes::meeting_id.eq(Sql(meeting))).select(minutes::id),
        ))
        .get_result(az.conn())?,
    };
    Ok(Birth::of(approved, met_since(az, action)?))
}

/// Whether the panel met again after the meeting that set the action, be it just now, or, for an
/// action between meetings, held one since the day it was set.
fn met_since(az: &mut Authz<'_>, action: &Action) -> Result<bool, StoreError> {
    let met = meetings::table
        .filter(meetings::panel_id.eq(Sql(action.panel)))
        .select(meetings::id)
        .into_boxed();
    let (held, begun) = (MeetingState::Held, MeetingState::InProgress);
    let since = match action.born_in {
        Some(meeting) => met
            .filter(meetings::state.eq_any(all(&[held, begun])))
            .filter(meetings::meets_on.gt(action.set_on))
            .filter(meetings::id.ne(Sql(meeting))),
        None => {
            met.filter(meetings::state.eq(Sql(held))).filter(meetings::meets_on.ge(action.set_on))
        }
    };
    Ok(since.first::<MeetingId>(az.conn()).optional()?.is_some())
}

/// The actions of a panel, but for those born in `meeting`, that were not finished when it met on
/// `day`, or ended after `since`; for whoever runs the panel, early due dates first, at most `limit`.
pub fn owed_at(
    az: &mut Authz<'_>,
    panel: PanelId,
    meeting: MeetingId,
    (since, day): (NaiveDate, NaiveDate),
    limit: i64,
) -> Result<Vec<ActionId>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let mut found: Vec<ActionId> = Vec::new();
    for finished in [false, true] {
        let mut query = actions::table
            .filter(actions::panel_id.eq(Sql(panel)).and(actions::finished.eq(finished)))
            .filter(actions::set_on.le(day))
            .filter(actions::meeting_id.is_null().or(actions::meeting_id.ne(Sql(Some(meeting)))))
            .order((actions::due_key, actions::id))
            .limit(limit)
            .select(actions::id)
            .into_boxed();
        if finished {
            query = query.filter(actions::reported_on.gt(Some(since)));
        }
        found.extend(query.load::<ActionId>(az.conn())?);
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The date of the panel's first ordinary meeting after a day.
pub fn next_meeting(
    az: &mut Authz<'_>,
    panel: PanelId,
    after: NaiveDate,
) -> Result<Option<NaiveDate>, StoreError> {
    Ok(meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::meets_on.gt(after))
        .filter(meetings::state.ne(Sql(MeetingState::Cancelled)))
        .filter(meetings::emergency.eq(false))
        .order(meetings::meets_on)
        .select(meetings::meets_on)
        .first(az.conn())
        .optional()?)
}
