//! Writing notices down, thousands at a time.

use super::{BATCH, NoticeSubject, parts};
use crate::audit::AnyId;
use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::notices;
use crate::sql_types::{CodeSql, IdSql, InstantSql, Sql};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable};
use diesel::sqlite::SqliteConnection;
use panel_core::id::{MessageId, NoticeId, PanelId, UserId};
use panel_core::reminder::{Fate, NoticeStatus, Reason, Rule, Subject};

/// A row on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewRow {
    pub(super) rule: Rule,
    pub(super) panel: PanelId,
    pub(super) subject: Subject,
    pub(super) person: Option<UserId>,
    pub(super) instance: u32,
    pub(super) day: NaiveDate,
    pub(super) date: Option<NaiveDate>,
    pub(super) fate: Fate,
}

impl NewRow {
    fn instance(&self) -> i32 {
        i32::try_from(self.instance).unwrap_or(i32::MAX)
    }

    const fn standing(&self) -> (NoticeStatus, Option<Reason>) {
        match self.fate {
            Fate::Due => (NoticeStatus::Planned, None),
            Fate::Skipped(reason) => (NoticeStatus::Skipped, Some(reason)),
        }
    }
}

/// Writes rows, leaving out those whose key is there; says how many are new.
pub(super) fn insert(az: &mut Authz<'_>, new: &[NewRow]) -> Result<usize, StoreError> {
    if new.is_empty() {
        return Ok(0);
    }
    let now = az.now();
    let rows: Vec<(NoticeId, &NewRow)> = new.iter().map(|row| (az.mint(), row)).collect();
    match az.conn() {
        Conn::Pg(pg) => Ok(as_arrays(pg, &rows, now)?),
        Conn::Sqlite(sqlite) => {
            let mut written = 0;
            for batch in rows.chunks(BATCH) {
                written += as_values(sqlite, batch, now)?;
            }
            Ok(written)
        }
    }
}

fn as_values(
    conn: &mut SqliteConnection,
    batch: &[(NoticeId, &NewRow)],
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let values = batch.iter().map(|(id, row)| {
        let (kind, subject) = parts(row.subject);
        let (status, reason) = row.standing();
        (
            notices::id.eq(Sql(*id)),
            notices::rule.eq(Sql(row.rule)),
            notices::panel_id.eq(Sql(row.panel)),
            notices::subject_kind.eq(Sql(kind)),
            notices::subject_id.eq(Sql(subject)),
            notices::user_id.eq(Sql(row.person)),
            notices::instance.eq(row.instance()),
            notices::day.eq(row.day),
            notices::about_on.eq(row.date),
            notices::state.eq(Sql(status)),
            notices::reason.eq(Sql(reason)),
            notices::message_id.eq(Sql(None::<MessageId>)),
            notices::planned_at.eq(Sql(now)),
            notices::settled_at.eq(Sql(reason.map(|_| now))),
        )
    });
    diesel::insert_into(notices::table)
        .values(values.collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
}

/// Eleven arrays stand for any number of rows, so that the statement is read and planned once;
/// PostgreSQL takes as long to read seven thousand single values as to write their rows.
const ARRAYS: &str = "INSERT INTO notices (id, rule, panel_id, subject_kind, subject_id, user_id, \
    instance, day, about_on, state, reason, planned_at, settled_at) \
    SELECT *, $12, CASE WHEN reason IS NOT NULL THEN $12 END FROM unnest($1, $2, $3, $4, $5, $6, $7, \
    $8, $9, $10, $11) AS new (id, rule, panel_id, subject_kind, subject_id, user_id, instance, day, \
    about_on, state, reason) ON CONFLICT DO NOTHING";

fn as_arrays(
    conn: &mut PgConnection,
    rows: &[(NoticeId, &NewRow)],
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    fn each<'b, T>(rows: &'b [(NoticeId, &NewRow)], column: impl Fn(&'b NewRow) -> T) -> Vec<T> {
        rows.iter().map(|(_, row)| column(row)).collect()
    }
    let ids: Vec<NoticeId> = rows.iter().map(|(id, _)| *id).collect();
    let subjects: (Vec<NoticeSubject>, Vec<AnyId>) =
        rows.iter().map(|(_, row)| parts(row.subject)).unzip();
    diesel::sql_query(ARRAYS)
        .bind::<Array<IdSql>, _>(ids)
        .bind::<Array<CodeSql>, _>(each(rows, |row| row.rule))
        .bind::<Array<IdSql>, _>(each(rows, |row| row.panel))
        .bind::<Array<CodeSql>, _>(subjects.0)
        .bind::<Array<IdSql>, _>(subjects.1)
        .bind::<Array<Nullable<IdSql>>, _>(each(rows, |row| row.person))
        .bind::<Array<Integer>, _>(each(rows, NewRow::instance))
        .bind::<Array<Date>, _>(each(rows, |row| row.day))
        .bind::<Array<Nullable<Date>>, _>(each(rows, |row| row.date))
        .bind::<Array<CodeSql>, _>(each(rows, |row| row.standing().0))
        .bind::<Array<Nullable<CodeSql>>, _>(each(rows, |row| row.standing().1))
        .bind::<InstantSql, _>(now)
        .execute(conn)
}
