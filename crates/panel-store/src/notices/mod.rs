//! Notices: what each person is to be told, by which rule, about what, and when. One row each.
//!
//! A row is written when the day of its rule comes within [`AHEAD_DAYS`], in the transaction of the
//! change that asks for it or by the daily [`sweep`] over a range of due dates. It is looked at
//! again on its day, when the digest is made, and once more when the digest leaves. Its unique key
//! (rule, subject, person, instance) keeps it from being told twice.

mod chase;
mod facts;
mod insert;
mod people;
mod plan;
mod show;
mod sweep;
mod tell;
mod waiting;

pub use chase::{Chased, chase};
pub use facts::{Facts, facts};
pub use people::{Roster, Whom, people, roster, roster_of};
pub use plan::{AHEAD_DAYS, plan_action, plan_actions, plan_request, plan_requests};
pub use show::{
    Counts, Explained, Unheard, Why, count, explain, list_for_subject, list_for_user, unheard, why,
};
pub use sweep::{Cursor, Swept, set_mark, sweep};
pub use tell::{Telling, cancel, tell};
pub use waiting::waiting;

use crate::audit::AnyId;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::notices;
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use insert::{NewRow, insert};
use panel_core::coded;
use panel_core::id::{Id, MessageId, NoticeId, PanelId, UserId};
use panel_core::reminder::{Notice, NoticeState, NoticeStatus, Reason, Rule, Subject};
use panel_core::time::local_date;

coded! {
    /// The kind of thing a notice is about, as it is kept.
    pub enum NoticeSubject: "subject of a notice" {
        /// An action.
        Action = "action" => "Action",
        /// An information request.
        Request = "request" => "Information request",
        /// A transfer.
        Transfer = "transfer" => "Transfer",
        /// An extension.
        Extension = "extension" => "Extension",
        /// A meeting.
        Meeting = "meeting" => "Meeting",
        /// A version of minutes.
        Minutes = "minutes" => "Minutes",
    }
}

fn parts(subject: Subject) -> (NoticeSubject, AnyId) {
    match subject {
        Subject::Action(id) => (NoticeSubject::Action, AnyId(id.uuid())),
        Subject::Request(id) => (NoticeSubject::Request, AnyId(id.uuid())),
        Subject::Transfer(id) => (NoticeSubject::Transfer, AnyId(id.uuid())),
        Subject::Extension(id) => (NoticeSubject::Extension, AnyId(id.uuid())),
        Subject::Meeting(id) => (NoticeSubject::Meeting, AnyId(id.uuid())),
        Subject::Minutes(id) => (NoticeSubject::Minutes, AnyId(id.uuid())),
    }
}

fn subject_of(kind: NoticeSubject, AnyId(id): AnyId) -> Subject {
    match kind {
        NoticeSubject::Action => Subject::Action(Id::from_uuid(id)),
        NoticeSubject::Request => Subject::Request(Id::from_uuid(id)),
        NoticeSubject::Transfer => Subject::Transfer(Id::from_uuid(id)),
        NoticeSubject::Extension => Subject::Extension(Id::from_uuid(id)),
        NoticeSubject::Meeting => Subject::Meeting(Id::from_uuid(id)),
        NoticeSubject::Minutes => Subject::Minutes(Id::from_uuid(id)),
    }
}

/// One row, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// The row.
    pub id: NoticeId,
    /// The rule that asks for it.
    pub rule: Rule,
    /// At which panel.
    pub panel: PanelId,
    /// What it is about.
    pub subject: Subject,
    /// Who is told; nobody, where the rule names nobody who is here.
    pub person: Option<UserId>,
    /// Which due date and owner, or which event, it was planned for.
    pub instance: u32,
    /// The first day on which it may be told.
    pub day: NaiveDate,
    /// The due or meeting date it tells.
    pub date: Option<NaiveDate>,
    /// Where it stands.
    pub state: NoticeState,
    /// The message that told it.
    pub message: Option<MessageId>,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
}

impl NoticeRow {
    /// The notice in core's words, when it has a person.
    pub fn notice(&self) -> Option<Notice> {
        self.person.map(|person| self.notice_to(person))
    }

    fn notice_to(&self, person: UserId) -> Notice {
        Notice {
            id: self.id,
            rule: self.rule,
            subject: self.subject,
            person,
            instance: self.instance,
            day: self.day,
            date: self.date,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notices)]
struct Raw {
    id: NoticeId,
    rule: Rule,
    #[diesel(column_name = panel_id)]
    panel: PanelId,
    subject_kind: NoticeSubject,
    #[diesel(column_name = subject_id)]
    subject: AnyId,
    #[diesel(column_name = user_id)]
    person: Option<UserId>,
    instance: i32,
    day: NaiveDate,
    #[diesel(column_name = about_on)]
    date: Option<NaiveDate>,
    #[diesel(column_name = state)]
    status: NoticeStatus,
    reason: Option<Reason>,
    #[diesel(column_name = message_id)]
    message: Option<MessageId>,
    planned_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
}

impl From<Raw> for NoticeRow {
    fn from(raw: Raw) -> Self {
        let on = raw.settled_at.map_or(raw.day, local_date);
        // The table's own checks keep a reason beside each state that needs one.
        let reason = raw.reason.unwrap_or(Reason::Overtaken);
        let state = match raw.status {
            NoticeStatus::Planned => NoticeState::Planned,
            NoticeStatus::Told => NoticeState::Told { on },
            NoticeStatus::Skipped => NoticeState::Skipped { on, reason },
            NoticeStatus::Cancelled => NoticeState::Cancelled { on, reason },
        };
        Self {
            id: raw.id,
            rule: raw.rule,
            panel: raw.panel,
            subject: subject_of(raw.subject_kind, raw.subject),
            person: raw.person,
            instance: u32::try_from(raw.instance).unwrap_or(0),
            day: raw.day,
            date: raw.date,
            state,
            message: raw.message,
            planned_at: raw.planned_at,
        }
    }
}

fn rows(raw: Vec<Raw>) -> Vec<NoticeRow> {
    raw.into_iter().map(NoticeRow::from).collect()
}

/// What waits to be told, in the words of the partial index: a bound value would hide from the
/// planner that the index holds these rows.
fn planned() -> SqlLiteral<Bool> {
    sql::<Bool>("notices.state = 'planned'")
}

/// As many rows as one statement writes or looks up; below the number of values that either
/// database binds.
const BATCH: usize = 500;

/// Closes rows that still wait; those that do not are left as they are.
fn close(
    az: &mut Authz<'_>,
    ids: &[NoticeId],
    status: NoticeStatus,
    reason: Reason,
) -> Result<usize, StoreError> {
    let now = az.now();
    let mut closed = 0;
    for batch in ids.chunks(BATCH) {
        closed += diesel::update(notices::table)
            .filter(notices::id.eq_any(all(batch)).and(planned()))
            .set((
                notices::state.eq(Sql(status)),
                notices::reason.eq(Sql(Some(reason))),
                notices::settled_at.eq(Sql(Some(now))),
            ))
            .execute(az.conn())?;
    }
    Ok(closed)
}

/// Marks rows as left out, each with its reason.
pub fn skip(az: &mut Authz<'_>, skips: &[(NoticeId, Reason)]) -> Result<(), StoreError> {
    for reason in <Reason as coded::Coded>::ALL {
        let of_reason = skips.iter().filter(|(_, why)| why == reason).map(|(id, _)| *id);
        let ids: Vec<NoticeId> = of_reason.collect();
        close(az, &ids, NoticeStatus::Skipped, *reason)?;
    }
    Ok(())
}

/// Marks rows as told by a message that was put in in this transaction.
pub fn told(az: &mut Authz<'_>, ids: &[NoticeId], message: MessageId) -> Result<(), StoreError> {
    let now = az.now();
    for batch in ids.chunks(BATCH) {
        diesel::update(notices::table)
            .filter(notices::id.eq_any(all(batch)).and(planned()))
            .set((
                notices::state.eq(Sql(NoticeStatus::Told)),
                notices::message_id.eq(Sql(Some(message))),
                notices::settled_at.eq(Sql(Some(now))),
            ))
            .execute(az.conn())?;
    }
    Ok(())
}

/// What a message tells.
pub fn of_message(az: &mut Authz<'_>, message: MessageId) -> Result<Vec<NoticeRow>, StoreError> {
    let raw: Vec<Raw> = notices::table
        .filter(notices::message_id.eq(Sql(Some(message))))
        .filter(notices::state.eq(Sql(NoticeStatus::Told)))
        .order(notices::id)
        .select(Raw::as_select())
        .load(az.conn())?;
    Ok(rows(raw))
}

/// Takes rows back from a message that did not leave: they wait for the next one.
pub fn give_back(
    az: &mut Authz<'_>,
    message: MessageId,
    ids: Option<&[NoticeId]>,
) -> Result<usize, StoreError> {
    let mut query = diesel::update(notices::table)
        .filter(notices::message_id.eq(Sql(Some(message))))
        .filter(notices::state.eq(Sql(NoticeStatus::Told)))
        .into_boxed();
    if let Some(ids) = ids {
        query = query.filter(notices::id.eq_any(all(ids)));
    }
    Ok(query
        .set((
            notices::state.eq(Sql(NoticeStatus::Planned)),
            notices::message_id.eq(Sql(None::<MessageId>)),
            notices::settled_at.eq(Sql(None::<DateTime<Utc>>)),
        ))
        .execute(az.conn())?)
}

macro_rules! due_people {
    ($today:expr) => {
        notices::table
            .filter(planned())
            .filter(notices::day.le($today))
            .select(notices::user_id)
            .distinct()
            .order(notices::user_id)
    };
}

/// People who have something to be told today or from an earlier day, in order of id after `after`.
pub fn due_people(
    az: &mut Authz<'_>,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserId>, StoreError> {
    let today = az.today();
    let mut query = due_people!(today).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(notices::user_id.gt(Sql(Some(after))));
    }
    let found: Vec<Option<UserId>> = query.load(az.conn())?;
    Ok(found.into_iter().flatten().collect())
}

/// What these people are to be told today or from an earlier day. On PostgreSQL the rows are locked
/// and those another worker holds are left to it.
pub fn due_of(az: &mut Authz<'_>, people: &[UserId]) -> Result<Vec<NoticeRow>, StoreError> {
    let today = az.today();
    let people: Vec<_> = people.iter().map(|person| Sql(Some(*person))).collect();
    macro_rules! due {
        () => {
            notices::table
                .filter(planned())
                .filter(notices::day.le(today))
                .filter(notices::user_id.eq_any(people))
                .order((notices::user_id, notices::id))
                .select(Raw::as_select())
        };
    }
    let raw: Vec<Raw> = match az.conn() {
        crate::conn::Conn::Pg(pg) => due!().for_update().skip_locked().load(pg)?,
        crate::conn::Conn::Sqlite(sqlite) => due!().load(sqlite)?,
    };
    Ok(rows(raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conn::testing::plan;

    #[test]
    fn who_is_due_is_found_among_what_waits() {
        let plan = plan(&due_people!(NaiveDate::MIN));
        assert_eq!(plan, "SCAN notices USING COVERING INDEX notices_due");
    }
}
