//! The history of an action: who changed what, from what to what.

use super::row::person;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{action_entries, action_moves};
use crate::sql_types::Sql;
use crate::users;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::action::{
    Action, ActionChange, ActionEvent, ActionState, ActionStatus, DueChange, EntryKind,
};
use panel_core::id::{ActionEntryId, ActionId, AgencyId, UserId};
use serde::{Deserialize, Serialize};

/// The parts of an action that a change replaced, as they were or as they became.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Parts {
    /// The wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    /// The due date, where it changed; within it none means that there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DuePart>,
    /// The owning agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// The owner's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The owner's written name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A due date and how it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuePart {
    /// The date.
    pub on: Option<NaiveDate>,
    /// The words.
    pub word: Option<String>,
}

/// What an entry keeps beside its note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Detail {
    /// What happened.
    pub event: ActionEvent,
    /// What it replaced.
    pub from: Parts,
    /// What it was replaced by.
    pub to: Parts,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// The line; ids rise with time.
    pub id: ActionEntryId,
    /// When it was entered.
    pub at: DateTime<Utc>,
    /// Who entered it, and that person's name.
    pub by: Option<(UserId, String)>,
    /// Whether it was entered for the agency.
    pub on_behalf: bool,
    /// What kind of change it was.
    pub kind: EntryKind,
    /// What was said with it.
    pub note: String,
    /// The event, and what it changed.
    pub detail: Detail,
}

/// A line that is to be written: the event, what was said, and the action before and after.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    /// What happened.
    pub event: &'a ActionEvent,
    /// What was said with it, such as the reason of a transfer.
    pub note: &'a str,
    /// The action before, or none when it is new.
    pub before: Option<&'a Action>,
    /// The action after.
    pub after: &'a Action,
}

impl NewEntry<'_> {
    fn detail(&self) -> Detail {
        let (from, to) = parts(self.before, self.after);
        Detail { event: self.event.clone(), from, to }
    }

    /// What was said with it: the words of the event or of the state, unless others are given.
    fn words(&self) -> &str {
        if !self.note.is_empty() {
            return self.note;
        }
        match &self.event.change {
            ActionChange::RefusedNotPossible { reason } | ActionChange::Reopened { reason } => {
                reason.as_str()
            }
            ActionChange::Noted { note, .. } => note.as_str(),
            ActionChange::Completed { .. }
            | ActionChange::ReportedNotPossible
            | ActionChange::ReportedNotDone
            | ActionChange::Withdrawn => match &self.after.state {
                ActionState::Completed { outcome, .. } => outcome.as_str(),
                ActionState::NotPossible { reason, .. }
                | ActionState::NotDone { reason, .. }
                | ActionState::Withdrawn { reason, .. } => reason.as_str(),
                ActionState::Open | ActionState::InProgress => "",
            },
            _ => "",
        }
    }
}

/// What differs between two states of an action.
fn parts(before: Option<&Action>, after: &Action) -> (Parts, Parts) {
    let of = |action: &Action, other: Option<&Action>| {
        let differs = |same: &dyn Fn(&Action) -> bool| !other.is_some_and(same);
        let (user, owner) = person(&action.owner);
        let due = DuePart {
            on: action.due,
            word: action.due_word.as_ref().map(|word| word.as_str().to_owned()),
        };
        let moved = differs(&|other| other.owner == action.owner);
        Parts {
            text: differs(&|other| other.text == action.text)
                .then(|| action.text.as_str().to_owned()),
            status: differs(&|other| other.state.status() == action.state.status())
                .then(|| action.state.status()),
            due: differs(&|other| other.due == action.due && other.due_word == action.due_word)
                .then_some(due),
            agency: moved.then_some(action.owner.agency),
            user: if moved { user } else { None },
            owner: (moved && !owner.is_empty()).then(|| owner.to_owned()),
        }
    };
    (before.map(|old| of(old, Some(after))).unwrap_or_default(), of(after, before))
}

/// Writes lines, and the moves among them.
pub(super) fn append(az: &mut Authz<'_>, entries: &[NewEntry<'_>]) -> Result<(), StoreError> {
    let now = az.now();
    let (mut lines, mut moves) = (Vec::new(), Vec::new());
    for entry in entries {
        let id: ActionEntryId = az.mint();
        lines.push((
            action_entries::id.eq(Sql(id)),
            action_entries::action_id.eq(Sql(entry.event.action)),
            action_entries::at.eq(Sql(now)),
            action_entries::by_user.eq(Sql(Some(entry.event.by.user))),
            action_entries::on_behalf.eq(entry.event.is_on_behalf()),
            action_entries::kind.eq(Sql(entry.event.change.kind())),
            action_entries::note.eq(entry.words()),
            action_entries::detail.eq(serde_json::to_string(&entry.detail())?),
        ));
        if let Some(moved) = entry.event.owner_move() {
            moves.push((
                action_moves::id.eq(Sql(id)),
                action_moves::action_id.eq(Sql(entry.event.action)),
                action_moves::panel_id.eq(Sql(entry.after.panel)),
                action_moves::from_agency.eq(Sql(moved.from)),
                action_moves::to_agency.eq(Sql(moved.to)),
                action_moves::moved_on.eq(moved.on),
                action_moves::by_transfer.eq(moved.by_transfer),
            ));
        }
    }
    each_backend!(az.conn(), |c| diesel::insert_into(action_entries::table)
        .values(&lines)
        .execute(c))?;
    if !moves.is_empty() {
        each_backend!(az.conn(), |c| diesel::insert_into(action_moves::table)
            .values(&moves)
            .execute(c))?;
    }
    Ok(())
}

/// The changes of an action's due date, in the order in which they were agreed.
pub(super) fn due_changes(
    az: &mut Authz<'_>,
    action: ActionId,
) -> Result<Vec<DueChange>, StoreError> {
    let kept: Vec<String> = action_entries::table
        .filter(action_entries::action_id.eq(Sql(action)))
        .filter(action_entries::kind.eq(Sql(EntryKind::DueChanged)))
        .order(action_entries::id)
        .select(action_entries::detail)
        .load(az.conn())?;
    let read = |text: String| serde_json::from_str::<Detail>(&text).map(|d| d.event.due_change());
    let changes: Result<Vec<_>, _> = kept.into_iter().map(read).collect();
    Ok(changes?.into_iter().flatten().collect())
}

/// The newest lines of one action's history, at most `limit`, older than `before` when given. The
/// caller has found the action in scope first.
pub fn history(
    az: &mut Authz<'_>,
    action: ActionId,
    before: Option<ActionEntryId>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    type Row = (ActionEntryId, DateTime<Utc>, Option<UserId>, bool, EntryKind, String, String);
    let mut query = action_entries::table
        .filter(action_entries::action_id.eq(Sql(action)))
        .order(action_entries::id.desc())
        .limit(limit)
        .select((
            action_entries::id,
            action_entries::at,
            action_entries::by_user,
            action_entries::on_behalf,
            action_entries::kind,
            action_entries::note,
            action_entries::detail,
        ))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(action_entries::id.lt(Sql(before)));
    }
    let rows: Vec<Row> = query.load(az.conn())?;
    let authors: Vec<UserId> = rows.iter().filter_map(|row| row.2).collect();
    let names = users::names(az, &authors)?;
    let line = |(id, at, by, on_behalf, kind, note, detail): Row| {
        let by = by.map(|user| (user, names.get(&user).cloned().unwrap_or_default()));
        let detail = serde_json::from_str(&detail)?;
        Ok(Entry { id, at, by, on_behalf, kind, note, detail })
    };
    rows.into_iter().map(line).collect()
}
