//! What stands out in the log: looked for by the worker in bounded steps, kept as rule, person, day and
//! count, and closed by an administrator. Nothing here names a case.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{agencies, audit_events, findings, seats, users, watch_head};
use crate::sql_types::Sql;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::access::Role;
use panel_core::audit::occasion::Occasion;
use panel_core::audit::seal::{least_id, time_of};
use panel_core::coded::Coded;
use panel_core::id::{AuditId, FindingId, SubjectId, UserId};
use panel_core::text::Note;
use panel_core::watch::{self, Finding, LOOKS_BACK, Look, WEEK, WEEKS, WatchRule};
use std::collections::BTreeSet;

/// Rows of the log that one step looks at.
const STEP: i64 = 1_000;

/// Looks of one person that a step weighs at most: more than a day of reading.
const LOOKS: i64 = 2_000;

/// Findings of one list.
const SHOWN: i64 = 50;

/// How far back each pass begins: a transaction may commit after others whose ids are later.
const BACK: Duration = Duration::minutes(2);

/// How far back the first pass of all begins.
const AT_FIRST: Duration = Duration::days(1);

/// Where a pass begins.
pub fn begin(az: &mut Authz<'_>) -> Result<AuditId, StoreError> {
    let reached: AuditId = watch_head::table.select(watch_head::reached).first(az.conn())?;
    let from = (time_of(reached) - BACK).max(az.now() - AT_FIRST);
    Ok(least_id(from))
}

/// Looks at what follows `after`, writes down what stands out, and says where it stopped; nothing when that
/// was the end.
pub fn step(az: &mut Authz<'_>, after: AuditId) -> Result<Option<AuditId>, StoreError> {
    let rows: Vec<(AuditId, Option<UserId>)> = audit_events::table
        .filter(audit_events::id.gt(Sql(after)))
        .order(audit_events::id)
        .limit(STEP)
        .select((audit_events::id, audit_events::actor_id))
        .load(az.conn())?;
    let Some((last, _)) = rows.last().copied() else { return Ok(None) };
    let people: BTreeSet<UserId> = rows.iter().filter_map(|(_, actor)| *actor).collect();
    let since = time_of(after);
    for user in people {
        let cases = looks(az, user, ("case.show", None), since - LOOKS_BACK)?;
        let after = Some(Occasion::After);
        let returns = looks(az, user, ("case.show", after), since - WEEKS)?;
        let reveals = looks(az, user, ("whereabouts.reveal", None), since - WEEK)?;
        let runs = !cases.is_empty() && runs(az, user)?;
        let found = watch::over_cases(runs, &cases).into_iter();
        let found = found.chain(watch::over_returns(&returns));
        for finding in found.chain(watch::over_reveals(&reveals)) {
            add(az, user, &finding)?;
        }
    }
    diesel::update(watch_head::table)
        .filter(watch_head::reached.lt(Sql(last)))
        .set(watch_head::reached.eq(Sql(last)))
        .execute(az.conn())?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == STEP);
    Ok(is_full.then_some(last))
}

/// In the words of the partial index.
fn read() -> SqlLiteral<Bool> {
    sql::<Bool>("kind = 'consultation'")
}

/// What one person looked at by one use case, and on one occasion when that is given, for no emergency, in the
/// order of time.
fn looks(
    az: &mut Authz<'_>,
    user: UserId,
    (deed, occasion): (&str, Option<Occasion>),
    since: DateTime<Utc>,
) -> Result<Vec<Look>, StoreError> {
    let mut query = audit_events::table
        .filter(audit_events::actor_id.eq(Sql(Some(user))))
        .filter(audit_events::id.ge(Sql(least_id(since))))
        .filter(audit_events::deed.eq(deed))
        .filter(read())
        .order(audit_events::id.desc())
        .limit(LOOKS)
        .select((audit_events::at, audit_events::subject_id, audit_events::detail))
        .into_boxed();
    if let Some(occasion) = occasion {
        query = query.filter(audit_events::detail.eq(occasion.code()));
    }
    let found: Vec<(DateTime<Utc>, Option<SubjectId>, String)> = query.load(az.conn())?;
    let look = |(at, what, detail): (DateTime<Utc>, Option<SubjectId>, String)| {
        Some(Look { at, what: what?, occasion: Occasion::from_code(&detail).ok() })
    };
    let mut looks: Vec<Look> = found.into_iter().filter_map(look).collect();
    looks.reverse();
    Ok(looks)
}

/// Whether somebody runs a panel today.
fn runs(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let today = az.today();
    let lasts = seats::ends_on.is_null().or(seats::ends_on.ge(Some(today)).assume_not_null());
    let roles = crate::listed::all(&[Role::Coordinator, Role::Chair]);
    let seat = seats::table
        .filter(seats::user_id.eq(Sql(user)).and(seats::role.eq_any(roles)))
        .filter(seats::starts_on.le(today).and(lasts))
        .select(seats::id);
    Ok(diesel::select(diesel::dsl::exists(seat)).get_result(az.conn())?)
}

/// Writes down what stood out, once for a rule, a person and a day; `false` when it is known.
pub fn add(az: &mut Authz<'_>, user: UserId, finding: &Finding) -> Result<bool, StoreError> {
    let (id, now) = (az.mint::<FindingId>(), az.now());
    let many = i32::try_from(finding.many).unwrap_or(i32::MAX);
    let added = each_backend!(az.conn(), |c| diesel::insert_into(findings::table)
        .values((
            findings::id.eq(Sql(id)),
            findings::rule.eq(Sql(finding.rule)),
            findings::user_id.eq(Sql(user)),
            findings::day.eq(finding.day),
            findings::many.eq(many),
            findings::found_at.eq(Sql(now)),
            findings::note.eq(""),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// One finding, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = findings)]
pub struct FindingRow {
    /// The finding.
    pub id: FindingId,
    /// What stood out.
    pub rule: WatchRule,
    /// Whose reading it is.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// That person's name.
    #[diesel(select_expression = users::name)]
    pub user_name: String,
    /// Whom she works for.
    #[diesel(select_expression = agencies::name)]
    pub agency_name: String,
    /// The local day it belongs to.
    pub day: NaiveDate,
    /// How many, when it was noticed.
    pub many: i32,
    /// When it was noticed.
    pub found_at: DateTime<Utc>,
    /// Who closed it.
    pub closed_by: Option<UserId>,
    /// When.
    pub closed_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub note: String,
}

macro_rules! findings_for {
    ($reader:expr) => {
        findings::table
            .inner_join(users::table.on(users::id.eq(findings::user_id)))
            .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
            .filter(findings::user_id.ne(Sql($reader)))
            .select(FindingRow::as_select())
    };
}

/// In the words of the partial index.
fn open() -> SqlLiteral<Bool> {
    sql::<Bool>("findings.closed_at IS NULL")
}

/// Whoever may read findings: an administrator. Nobody reads those about herself.
fn reader(az: &Authz<'_>) -> Option<UserId> {
    az.actor().filter(|actor| actor.administrator).map(|actor| actor.user)
}

/// Findings that are open, the latest first, then those that were closed last; at most fifty of each.
pub fn list(az: &mut Authz<'_>) -> Result<Vec<FindingRow>, StoreError> {
    let Some(reader) = reader(az) else { return Ok(Vec::new()) };
    let mut found: Vec<FindingRow> = findings_for!(reader)
        .filter(open())
        .order((findings::found_at.desc(), findings::id.desc()))
        .limit(SHOWN)
        .load(az.conn())?;
    let closed: Vec<FindingRow> = findings_for!(reader)
        .filter(findings::closed_at.is_not_null())
        .order((findings::closed_at.desc(), findings::id.desc()))
        .limit(SHOWN)
        .load(az.conn())?;
    found.extend(closed);
    Ok(found)
}

/// One finding, for an administrator whom it does not concern.
pub fn find(az: &mut Authz<'_>, id: FindingId) -> Result<Option<FindingRow>, StoreError> {
    let Some(reader) = reader(az) else { return Ok(None) };
    let one = findings_for!(reader).filter(findings::id.eq(Sql(id)));
    Ok(one.first(az.conn()).optional()?)
}

/// Closes a finding; `false` when it was closed already.
pub fn close(
    az: &mut Authz<'_>,
    id: FindingId,
    by: UserId,
    note: &Note,
) -> Result<bool, StoreError> {
    let now = az.now();
    let changed = diesel::update(findings::table)
        .filter(findings::id.eq(Sql(id)))
        .filter(open())
        .set((
            findings::closed_by.eq(Sql(Some(by))),
            findings::closed_at.eq(Sql(Some(now))),
            findings::note.eq(note.as_str()),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Whose findings of before this instant no letter has told, each person once.
pub fn untold(az: &mut Authz<'_>, before: DateTime<Utc>) -> Result<BTreeSet<UserId>, StoreError> {
    let found: Vec<UserId> = findings::table
        .filter(findings::told_at.is_null())
        .filter(findings::found_at.lt(Sql(before)))
        .select(findings::user_id)
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// Notes that those of before this instant were told.
pub fn note_told(az: &mut Authz<'_>, before: DateTime<Utc>) -> Result<(), StoreError> {
    let now = az.now();
    diesel::update(findings::table)
        .filter(findings::told_at.is_null())
        .filter(findings::found_at.lt(Sql(before)))
        .set(findings::told_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    Ok(())
}
