//! Sealing: rows of the log that are committed are chained, soon afterwards, under one lock.
//!
//! A request does not seal what it writes, for then all of them would wait for one end of one chain.
//! The worker does, on any node, and finds what is not sealed by looking a little behind the end of the
//! chain, for a transaction may commit after others that began later; and slowly, a page a minute,
//! through the whole log, for what should not be there. None of this costs more as the log grows.

use super::AnyCode;
use crate::authz::Authz;
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{audit_events, audit_head, audit_seals, audit_shown};
use crate::sql_types::Sql;
use crate::store::Store;
use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use panel_core::audit::seal::{Event, Hash, NotAHash, Reach, Seal, places};
use panel_core::audit::verify::End;
use panel_core::id::{AgencyId, AuditId, CaseId, Id, LogId, PanelId, RequestId, SubjectId, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Rows that one transaction seals: on SQLite the others wait for it.
const BATCH: usize = 500;
/// Cases among others that one transaction writes down, for the same reason.
const SHOWN: usize = 2_000;
/// Rows that a look takes at a time.
const PAGE: i64 = 1_000;
/// Rows of one insert statement.
const INSERT: usize = 1_000;

impl From<NotAHash> for StoreError {
    fn from(error: NotAHash) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// A row of the log as it is sealed.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(crate) struct EventRow {
    id: AuditId,
    at: DateTime<Utc>,
    kind: AnyCode,
    deed: String,
    #[diesel(column_name = actor_id)]
    actor: Option<UserId>,
    #[diesel(column_name = agency_id)]
    agency: Option<AgencyId>,
    on_behalf: bool,
    #[diesel(column_name = panel_id)]
    panel: Option<PanelId>,
    #[diesel(column_name = case_id)]
    case: Option<CaseId>,
    subject_kind: AnyCode,
    #[diesel(column_name = subject_id)]
    subject: Option<SubjectId>,
    cases: String,
    detail: String,
    #[diesel(column_name = request_id)]
    request: RequestId,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            kind: row.kind.0,
            deed: row.deed,
            actor: row.actor.map(Id::uuid),
            agency: row.agency.map(Id::uuid),
            on_behalf: row.on_behalf,
            panel: row.panel.map(Id::uuid),
            case: row.case.map(Id::uuid),
            subject_kind: row.subject_kind.0,
            subject: row.subject.map(Id::uuid),
            cases: row.cases,
            detail: row.detail,
            request: row.request.uuid(),
        }
    }
}

/// The end of the chain.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Of which log.
    pub log: LogId,
    /// The last row.
    pub end: End,
    /// The greatest id that was sealed.
    pub reached: AuditId,
    swept: AuditId,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_head)]
struct HeadRow {
    #[diesel(column_name = log_id)]
    log: LogId,
    size: i64,
    hash: Vec<u8>,
    reached: AuditId,
    swept: AuditId,
}

impl HeadRow {
    fn head(self) -> Result<Head, StoreError> {
        let Self { log, size, hash, reached, swept } = self;
        let end = End { size, head: Hash::from_bytes(&hash)? };
        Ok(Head { log, end, reached, swept })
    }
}

macro_rules! head_row {
    () => {
        audit_head::table.find(1_i64).select(HeadRow::as_select())
    };
}

pub(crate) fn head_of(conn: &mut Conn) -> Result<Option<Head>, StoreError> {
    let found: Option<HeadRow> = head_row!().first(conn).optional()?;
    found.map(HeadRow::head).transpose()
}

/// The end of the chain; none when nothing was ever sealed.
pub fn head(store: &Store) -> Result<Option<Head>, StoreError> {
    store.peek(head_of)
}

/// Before every id there is.
pub(super) fn nothing() -> AuditId {
    AuditId::from_uuid(Uuid::nil())
}

/// After every id there can be.
pub(super) fn everything() -> AuditId {
    AuditId::from_uuid(Uuid::max())
}

/// The next id there can be.
fn after(id: AuditId) -> Option<AuditId> {
    let next = id.uuid().as_u128().checked_add(1)?;
    Some(AuditId::from_uuid(Uuid::from_u128(next)))
}

/// Takes the end of the chain for as long as the transaction lasts. On SQLite there is one writer
/// anyway.
pub(crate) fn lock(az: &mut Authz<'_>) -> Result<Head, StoreError> {
    loop {
        let found: Option<HeadRow> = match az.conn() {
            Conn::Pg(pg) => head_row!().for_update().first(pg).optional()?,
            Conn::Sqlite(sqlite) => head_row!().first(sqlite).optional()?,
        };
        if let Some(found) = found {
            return found.head();
        }
        let log = az.mint::<LogId>();
        let values = (
            audit_head::id.eq(1_i64),
            audit_head::log_id.eq(Sql(log)),
            audit_head::size.eq(0_i64),
            audit_head::hash.eq(Hash::genesis(log).bytes().to_vec()),
            audit_head::reached.eq(Sql(nothing())),
            audit_head::swept.eq(Sql(nothing())),
        );
        each_backend!(az.conn(), |c| diesel::insert_into(audit_head::table)
            .values(values)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
}

/// The rows from one id to another, both among them, some at a time.
macro_rules! ids {
    ($from:expr, $to:expr) => {
        audit_events::table
            .filter(audit_events::id.between(Sql($from), Sql($to)))
            .order(audit_events::id)
            .limit(PAGE)
            .select(audit_events::id)
    };
}

/// Those of the rows from one to another, both among them, that have a seal.
macro_rules! sealed {
    ($first:expr, $last:expr) => {
        audit_seals::table
            .filter(audit_seals::event_id.between(Sql($first), Sql($last)))
            .select(audit_seals::event_id)
    };
}

/// Rows without a seal from one id to another, both among them: as many as asked for, the first first.
///
/// Both tables are read along their index a page at a time and compared here. To let the database join them
/// is quick only while it knows how large they are, and they grow faster than it looks.
pub(crate) fn unsealed(
    conn: &mut Conn,
    from: AuditId,
    to: AuditId,
    most: usize,
) -> Result<Vec<Event>, StoreError> {
    let (mut start, mut found) = (Some(from), Vec::<AuditId>::new());
    while let Some(from) = start.filter(|_| found.len() < most) {
        let page: Vec<AuditId> = ids!(from, to).load(conn)?;
        let Some((first, last)) = page.first().zip(page.last()) else { break };
        let sealed: Vec<AuditId> = sealed!(*first, *last).load(conn)?;
        let sealed: BTreeSet<AuditId> = sealed.into_iter().collect();
        found.extend(page.iter().filter(|id| !sealed.contains(*id)));
        start = after(*last);
    }
    found.truncate(most);
    let rows: Vec<EventRow> = audit_events::table
        .filter(audit_events::id.eq_any(all(&found)))
        .order(audit_events::id)
        .select(EventRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Where to look for what is not sealed.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// When.
    pub now: DateTime<Utc>,
    /// How far back.
    pub reach: Reach,
    /// The greatest id that was sealed since that far back was looked at: what follows it is next, and what
    /// is committed late before it is found by the next look of all.
    pub after: Option<AuditId>,
}

impl Look {
    /// A look at everything that is near, or far.
    pub const fn at(now: DateTime<Utc>, reach: Reach) -> Self {
        Self { now, reach, after: None }
    }
}

/// The next rows without a seal, in the order of their ids.
fn next(
    conn: &mut Conn,
    reached: AuditId,
    Look { now, reach, after }: Look,
    most: usize,
) -> Result<Vec<Event>, StoreError> {
    let (behind, around) = places(reached, now, reach);
    let from = after.map_or(behind, |after| after.max(behind));
    let found = unsealed(conn, from, everything(), most)?;
    match around {
        Some((from, to)) if found.is_empty() => unsealed(conn, from, to, most),
        _ => Ok(found),
    }
}

/// Whether anything waits to be sealed, without a transaction, so that a look at nothing costs little.
pub fn is_behind(store: &Store, look: Look) -> Result<bool, StoreError> {
    store.peek(|conn| {
        let reached = head_of(conn)?.map_or_else(nothing, |head| head.reached);
        Ok(!next(conn, reached, look, 1)?.is_empty())
    })
}

/// What one transaction sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// How many rows.
    pub rows: usize,
    /// The last of them.
    pub last: Option<AuditId>,
}

/// Seals the next rows.
pub fn seal(az: &mut Authz<'_>, look: Look) -> Result<Sealed, StoreError> {
    let mut head = lock(az)?;
    let found = next(az.conn(), head.reached, look, BATCH)?;
    let rows = chain(az, &mut head, &found)?;
    let last = rows.checked_sub(1).and_then(|last| found.get(last)).map(|event| event.id);
    Ok(Sealed { rows, last })
}

/// Looks at the next page of the whole log for rows that were never sealed, seals them, and says how
/// many there were. Those are told as put in when the log is verified.
pub fn sweep(az: &mut Authz<'_>) -> Result<usize, StoreError> {
    let mut head = lock(az)?;
    let from = after(head.swept).unwrap_or_else(nothing);
    let page: Vec<AuditId> = ids!(from, everything()).load(az.conn())?;
    let rows = match (page.first(), page.last()) {
        (Some(first), Some(last)) => unsealed(az.conn(), *first, *last, BATCH)?,
        _ => Vec::new(),
    };
    // Behind the last page there is none, and the next look begins again.
    head.swept = page.last().copied().unwrap_or_else(nothing);
    chain(az, &mut head, &rows)
}

/// Appends seals over as many of these rows as one transaction should.
fn chain(az: &mut Authz<'_>, head: &mut Head, rows: &[Event]) -> Result<usize, StoreError> {
    let now = az.now().trunc_subsecs(6);
    let (mut seals, mut shown) = (Vec::new(), Vec::new());
    for event in rows {
        if shown.len() >= SHOWN {
            break;
        }
        let seal = Seal::forge(head.end.size + 1, now, event, head.end.head);
        head.end = End { size: seal.seq, head: seal.hash };
        head.reached = head.reached.max(event.id);
        seals.push(seal);
        let cases = event.cases.split(' ').filter_map(|case| case.parse::<CaseId>().ok());
        shown.extend(cases.map(|case| (case, event.id)));
    }
    insert(az.conn(), &seals, &shown)?;
    diesel::update(audit_head::table.find(1_i64))
        .set((
            audit_head::size.eq(head.end.size),
            audit_head::hash.eq(head.end.head.bytes().to_vec()),
            audit_head::reached.eq(Sql(head.reached)),
            audit_head::swept.eq(Sql(head.swept)),
        ))
        .execute(az.conn())?;
    Ok(seals.len())
}

fn insert(conn: &mut Conn, seals: &[Seal], shown: &[(CaseId, AuditId)]) -> Result<(), StoreError> {
    for some in seals.chunks(INSERT) {
        let row = |seal: &Seal| {
            (
                audit_seals::seq.eq(seal.seq),
                audit_seals::event_id.eq(Sql(seal.event)),
                audit_seals::sealed_at.eq(Sql(seal.sealed_at)),
                audit_seals::prev.eq(seal.prev.bytes().to_vec()),
                audit_seals::hash.eq(seal.hash.bytes().to_vec()),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(conn, |c| diesel::insert_into(audit_seals::table).values(&rows).execute(c))?;
    }
    for some in shown.chunks(INSERT) {
        let row = |(case, event): &(CaseId, AuditId)| {
            (audit_shown::case_id.eq(Sql(*case)), audit_shown::event_id.eq(Sql(*event)))
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(conn, |c| diesel::insert_into(audit_shown::table).values(&rows).execute(c))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conn::testing::plan;

    #[test]
    fn rows_and_seals_are_read_along_their_index() {
        let (from, to) = (nothing(), everything());
        let rows = plan(&ids!(from, to));
        assert!(rows.contains("SEARCH audit_events USING"), "{rows}");
        assert!(rows.contains("(id>? AND id<?)") && !rows.contains("TEMP B-TREE"), "{rows}");
        let seals = plan(&sealed!(from, to));
        assert!(seals.contains("SEARCH audit_seals USING COVERING INDEX"), "{seals}");
        assert!(seals.contains("(event_id>? AND event_id<?)"), "{seals}");
    }
}
