//! How much each person opened lately: weighed as a reading is committed, so that what is too much is shown
//! to nobody, on however many nodes and at however many requests at once.
//!
//! A reading that would be one too many fails with its whole transaction, like one whose audit row cannot be
//! written. What changes something is counted and never stopped: recording goes on.

use crate::authz::{Authz, Caller, Doing, Notes, Who};
use crate::call::{Call, call};
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::schema::{audit_events, installation, opened, reading_lifts, seats, users};
use crate::sql_types::Sql;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel::upsert::excluded;
use panel_core::access::{Actor, Role};
use panel_core::audit::seal::least_id;
use panel_core::audit::{AuditKind, SubjectKind};
use panel_core::budget::{self, GUESSING, HOUR, ReadingPolicy};
use panel_core::id::{CaseId, Id, PanelId, ReadingLiftId, SubjectId, UserId};
use panel_core::text::Note;
use panel_core::time::last_instant;
use panel_core::watch::Look;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The deed that says that a bound was reached. It is a refusal, but nobody guessed.
pub const SPENT: &str = "reading.spent";

/// How long it is remembered what somebody opened.
const KEPT: Duration = Duration::days(1);

/// What counts as opened, when this is the first that a use case shows: the cases of one record, or the
/// record itself where it has none. Lists, agendas and minutes are one reading and open nothing.
pub(crate) fn counted(
    subject: SubjectKind,
    id: Option<Uuid>,
    cases: &BTreeSet<CaseId>,
) -> BTreeSet<SubjectId> {
    let of = |id: Uuid| SubjectId::from_uuid(id);
    match subject {
        SubjectKind::Person | SubjectKind::Referral if cases.is_empty() => {
            id.into_iter().map(of).collect()
        }
        SubjectKind::Action
        | SubjectKind::AgendaItem
        | SubjectKind::Case
        | SubjectKind::InfoRequest
        | SubjectKind::Note
        | SubjectKind::Person
        | SubjectKind::Referral => cases.iter().map(|case| of(case.uuid())).collect(),
        SubjectKind::Agency
        | SubjectKind::Account
        | SubjectKind::Import
        | SubjectKind::Meeting
        | SubjectKind::Panel
        | SubjectKind::Series
        | SubjectKind::Listing
        | SubjectKind::AuditLog => BTreeSet::new(),
    }
}

/// Weighs what a transaction shows of single records before it commits. What is open in an emergency counts
/// and is never stopped.
///
/// # Errors
/// [`StoreError::Spent`] when it is more than the caller may open, or she was slowed; then it is not shown.
pub(crate) fn weigh(
    conn: &mut Conn,
    caller: &Caller<'_>,
    doing: Doing,
    notes: &[Notes],
) -> Result<(), StoreError> {
    let Who::Person(actor) = &caller.who else { return Ok(()) };
    let all: BTreeSet<SubjectId> = notes.iter().flat_map(Notes::opened).collect();
    if all.is_empty() {
        return Ok(());
    }
    hold(conn, actor.user)?;
    let judged = notes.iter().filter(|one| doing == Doing::Reading || one.is_reading());
    let mut judged: BTreeSet<SubjectId> = judged.flat_map(Notes::opened).collect();
    for case in notes.iter().filter_map(Notes::in_emergency) {
        judged.remove(&SubjectId::from_uuid(case.uuid()));
    }
    if !judged.is_empty() {
        guessing(conn, actor.user, caller.now)?;
        opening(conn, actor, caller, &judged)?;
    }
    note(conn, actor.user, &all, caller.now)
}

/// Lets one transaction after another be weighed for one person. On SQLite they are one after another
/// anyway.
fn hold(conn: &mut Conn, user: UserId) -> Result<(), StoreError> {
    if let Conn::Pg(pg) = conn {
        let (high, low) = user.uuid().as_u64_pair();
        let key = i64::from_be_bytes((high ^ low).to_be_bytes());
        let waits: Call<_, ()> = call("SELECT pg_advisory_xact_lock", key.into_sql::<BigInt>());
        waits.execute(pg)?;
    }
    Ok(())
}

fn opening(
    conn: &mut Conn,
    actor: &Actor,
    caller: &Caller<'_>,
    new: &BTreeSet<SubjectId>,
) -> Result<(), StoreError> {
    let since = caller.now - HOUR;
    let lately: Vec<(SubjectId, DateTime<Utc>)> = opened::table
        .filter(opened::user_id.eq(Sql(actor.user)).and(opened::at.gt(Sql(since))))
        .select((opened::what, opened::at))
        .load(conn)?;
    // Nearly always, nothing else has to be looked up.
    if lately.len() + new.len() <= budget::fewest() {
        return Ok(());
    }
    let bound = policy(conn)?.cases_for(actor.runs_some());
    let lately: Vec<Look> = lately.into_iter().map(|(what, at)| Look::new(at, what)).collect();
    match budget::open(bound, &lately, new, caller.now) {
        Err(spent) if !is_lifted(conn, actor.user, caller.today)? => Err(StoreError::Spent(spent)),
        _ => Ok(()),
    }
}

fn note(
    conn: &mut Conn,
    user: UserId,
    all: &BTreeSet<SubjectId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |what: &SubjectId| {
        (opened::user_id.eq(Sql(user)), opened::what.eq(Sql(*what)), opened::at.eq(Sql(now)))
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    each_backend!(conn, |c| diesel::insert_into(opened::table)
        .values(&rows)
        .on_conflict((opened::user_id, opened::what))
        .do_update()
        .set(opened::at.eq(excluded(opened::at)))
        .execute(c))?;
    Ok(())
}

/// The bounds as administrators set them, or the usual ones.
pub(crate) fn policy(conn: &mut Conn) -> Result<ReadingPolicy, StoreError> {
    let found: Option<String> = installation::table
        .find(ReadingPolicy::NAME)
        .select(installation::value)
        .first(conn)
        .optional()?;
    found.map_or_else(|| Ok(ReadingPolicy::default()), |text| Ok(serde_json::from_str(&text)?))
}

/// The bounds as they are now.
pub fn bounds(az: &mut Authz<'_>) -> Result<ReadingPolicy, StoreError> {
    policy(az.conn())
}

/// In the words of the partial index.
fn denied() -> SqlLiteral<Bool> {
    sql::<Bool>("kind = 'denial'")
}

/// Whether this person was refused so often lately that she is slowed.
fn guessing(conn: &mut Conn, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let refused = |conn: &mut Conn, most: usize| -> Result<Vec<DateTime<Utc>>, StoreError> {
        Ok(audit_events::table
            .filter(audit_events::actor_id.eq(Sql(Some(user))))
            .filter(audit_events::id.ge(Sql(least_id(now - GUESSING))))
            .filter(denied().and(audit_events::deed.ne(SPENT)))
            .order(audit_events::id.desc())
            .limit(i64::try_from(most).unwrap_or(i64::MAX))
            .select(audit_events::at)
            .load(conn)?)
    };
    let fewest = budget::fewest_guesses();
    if refused(conn, fewest)?.len() < fewest {
        return Ok(());
    }
    let bound = policy(conn)?.guesses();
    let found = refused(conn, bound)?;
    budget::guess(bound, &found, now).map_err(StoreError::Spent)
}

/// Whether the caller may ask for something that may not be there: not while she was refused too often.
///
/// # Errors
/// [`StoreError::Spent`].
pub fn may_guess(az: &mut Authz<'_>) -> Result<(), StoreError> {
    let (Some(user), now) = (az.user(), az.now()) else { return Ok(()) };
    hold(az.conn(), user)?;
    guessing(az.conn(), user, now)
}

/// Whether the caller may take another file today. What she took is in the log, where this one will be too.
///
/// # Errors
/// [`StoreError::Spent`].
pub fn may_take(az: &mut Authz<'_>) -> Result<(), StoreError> {
    let (Some(user), today, now) = (az.user(), az.today(), az.now()) else { return Ok(()) };
    hold(az.conn(), user)?;
    let midnight = last_instant(today.pred_opt().unwrap_or(today), None);
    let taken: i64 = audit_events::table
        .filter(audit_events::actor_id.eq(Sql(Some(user))))
        .filter(audit_events::id.ge(Sql(least_id(midnight))))
        .filter(audit_events::at.gt(Sql(midnight)))
        .filter(audit_events::kind.eq(Sql(AuditKind::Export)))
        .count()
        .get_result(az.conn())?;
    let bound = policy(az.conn())?.files();
    match budget::take(bound, usize::try_from(taken).unwrap_or(usize::MAX), now) {
        Err(spent) if !is_lifted(az.conn(), user, today)? => Err(StoreError::Spent(spent)),
        _ => Ok(()),
    }
}

fn is_lifted(conn: &mut Conn, user: UserId, today: NaiveDate) -> Result<bool, StoreError> {
    let lift = reading_lifts::table
        .filter(reading_lifts::user_id.eq(Sql(user)).and(reading_lifts::day.eq(today)))
        .select(reading_lifts::id);
    Ok(diesel::select(diesel::dsl::exists(lift)).get_result(conn)?)
}

/// Lifts the bounds of this person for today; `false` when they are lifted already.
pub fn lift(
    az: &mut Authz<'_>,
    user: UserId,
    by: UserId,
    reason: &Note,
) -> Result<bool, StoreError> {
    let (id, now, today) = (az.mint::<ReadingLiftId>(), az.now(), az.today());
    let added = each_backend!(az.conn(), |c| diesel::insert_into(reading_lifts::table)
        .values((
            reading_lifts::id.eq(Sql(id)),
            reading_lifts::user_id.eq(Sql(user)),
            reading_lifts::day.eq(today),
            reading_lifts::lifted_by.eq(Sql(by)),
            reading_lifts::lifted_at.eq(Sql(now)),
            reading_lifts::reason.eq(reason.as_str()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Everybody with a live account and seat, each seat as panel, person, her name and role; of one person's
/// panels when she is given.
pub fn sitting(az: &mut Authz<'_>, with: Option<UserId>) -> Result<Vec<Sits>, StoreError> {
    let today = az.today();
    let lasts = seats::ends_on.is_null().or(seats::ends_on.ge(Some(today)).assume_not_null());
    let here = users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null());
    let mut found: Vec<Sits> = seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::starts_on.le(today).and(lasts).and(here))
        .order((users::name, users::id, seats::panel_id))
        .select(Sits::as_select())
        .load(az.conn())?;
    if let Some(with) = with {
        let shared: BTreeSet<PanelId> =
            found.iter().filter(|seat| seat.user == with).map(|seat| seat.panel).collect();
        found.retain(|seat| shared.contains(&seat.panel));
    }
    Ok(found)
}

/// A seat that somebody has today.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = seats)]
pub struct Sits {
    /// At which panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// Who.
    #[diesel(select_expression = users::id)]
    pub user: UserId,
    /// Her name.
    #[diesel(select_expression = users::name)]
    pub name: String,
    /// In which role.
    pub role: Role,
}

/// For whom the bounds are lifted today.
pub fn lifted(az: &mut Authz<'_>) -> Result<BTreeSet<UserId>, StoreError> {
    let today = az.today();
    let found: Vec<UserId> = reading_lifts::table
        .filter(reading_lifts::day.eq(today))
        .select(reading_lifts::user_id)
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// Forgets what was opened long ago; says how much that was.
pub fn sweep(az: &mut Authz<'_>) -> Result<usize, StoreError> {
    let before = az.now() - KEPT;
    Ok(diesel::delete(opened::table.filter(opened::at.lt(Sql(before)))).execute(az.conn())?)
}
