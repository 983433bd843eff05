//! What is looked at afterwards: by the two who were asked to, and by administrators where nobody did.

use crate::authz::Authz;
use crate::cases::lists;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, audit_events, cases, glass, seats, users};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::access::glass::{Cause, Outcome};
use panel_core::access::lists::{Lists, Reader};
use panel_core::access::{Role, Seat};
use panel_core::audit::{AuditKind, SubjectKind};
use panel_core::id::{AgencyId, AuditId, CaseId, GlassId, Id, PanelId, UserId};
use panel_core::text::Note;
use std::collections::BTreeMap;

/// Openings of one list.
const SHOWN: i64 = 50;

/// Readings of one opening that its review shows.
const READS: i64 = 200;

/// One opening, as its reviewers see it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = glass)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GlassRow {
    /// The opening.
    pub id: GlassId,
    /// The case.
    #[diesel(column_name = case_id)]
    pub case: CaseId,
    /// Its reference.
    #[diesel(select_expression = cases::reference)]
    pub reference: String,
    /// Its panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// Who opened it.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// That person's name.
    #[diesel(select_expression = users::name)]
    pub user_name: String,
    /// The agency for which she did.
    #[diesel(select_expression = agencies::name)]
    pub agency_name: String,
    /// What kind of emergency.
    pub cause: Cause,
    /// Why.
    pub reason: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it ended or ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When it was closed before that.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last day to review it.
    pub review_by: NaiveDate,
    /// What was found.
    pub outcome: Option<Outcome>,
    /// What the reviewer said.
    pub review: String,
    /// Who reviewed it.
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_at: Option<DateTime<Utc>>,
}

macro_rules! asked_of {
    ($user:expr) => {
        glass::table
            .inner_join(users::table.on(users::id.eq(glass::user_id)))
            .inner_join(cases::table.on(cases::id.eq(glass::case_id)))
            .inner_join(agencies::table.on(agencies::id.eq(glass::by_agency)))
            .filter(glass::first_reviewer.eq(Sql($user)).or(glass::second_reviewer.eq(Sql($user))))
            .select(GlassRow::as_select())
    };
}

/// In the words of the partial index.
fn unreviewed() -> SqlLiteral<Bool> {
    sql::<Bool>("glass.outcome IS NULL")
}

/// The caller, while she has a seat as chair or lead, as she had when she was chosen.
fn reviewer(az: &Authz<'_>) -> Option<UserId> {
    let leads = |seat: &Seat| matches!(seat.role, Role::Chair | Role::AgencyLead);
    az.actor().filter(|actor| actor.seats.iter().any(leads)).map(|actor| actor.user)
}

/// Whether the case was kept from the caller since.
fn is_kept(az: &mut Authz<'_>, case: CaseId) -> Result<bool, StoreError> {
    let Some(reader) = az.actor().map(Reader::from) else { return Ok(true) };
    let lines = lists::live_of(az.conn(), case)?;
    Ok(Lists::of(&reader, &lines).hidden.contains(&case))
}

/// What the caller was asked to review, the latest first; of those that wait, and of those that were
/// reviewed, at most fifty. A case that was kept from her since is not among them.
pub fn to_review(az: &mut Authz<'_>) -> Result<Vec<GlassRow>, StoreError> {
    let Some(user) = reviewer(az) else { return Ok(Vec::new()) };
    let newest = (glass::opened_at.desc(), glass::id.desc());
    let mut found: Vec<GlassRow> = az.beyond(Beyond::Glass, |conn| {
        let waits = asked_of!(user).filter(unreviewed()).order(newest).limit(SHOWN);
        let mut found: Vec<GlassRow> = waits.load(conn)?;
        let done = asked_of!(user).filter(glass::outcome.is_not_null());
        found.extend(done.order(newest).limit(SHOWN).load::<GlassRow>(conn)?);
        Ok(found)
    })?;
    let mut kept = BTreeMap::new();
    for case in found.iter().map(|row| row.case) {
        kept.insert(case, is_kept(az, case)?);
    }
    found.retain(|row| kept.get(&row.case) == Some(&false));
    let shown: Vec<CaseId> = found.iter().map(|row| row.case).collect();
    if !shown.is_empty() {
        az.saw("glass.list", SubjectKind::Listing, None, None, shown);
    }
    Ok(found)
}

/// Whether anything waits for this person to review it; says nothing of what.
pub fn waits_for(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let mine = glass::first_reviewer.eq(Sql(user)).or(glass::second_reviewer.eq(Sql(user)));
    let waits = glass::table.filter(mine).filter(unreviewed()).select(glass::id);
    Ok(diesel::select(diesel::dsl::exists(waits)).get_result(az.conn())?)
}

/// One opening, for the two who were asked to review it.
pub fn find(az: &mut Authz<'_>, id: GlassId) -> Result<Option<GlassRow>, StoreError> {
    let Some(user) = reviewer(az) else { return Ok(None) };
    let one = asked_of!(user).filter(glass::id.eq(Sql(id)));
    let found: Option<GlassRow> =
        az.beyond(Beyond::Glass, |conn| Ok(one.first(conn).optional()?))?;
    let Some(row) = found else { return Ok(None) };
    if is_kept(az, row.case)? {
        return Ok(None);
    }
    let case = Some(row.case.uuid());
    az.saw("glass.show", SubjectKind::Case, case, Some(row.panel), [row.case]);
    Ok(Some(row))
}

/// What was read in an opening the caller has found, by the log, oldest first, at most two hundred.
pub fn reads(
    az: &mut Authz<'_>,
    row: &GlassRow,
) -> Result<Vec<(AuditId, DateTime<Utc>, String)>, StoreError> {
    Ok(audit_events::table
        .filter(audit_events::case_id.eq(Sql(Some(row.case))))
        .filter(audit_events::kind.eq(Sql(AuditKind::BreakGlass)))
        .filter(audit_events::actor_id.eq(Sql(Some(row.user))))
        .filter(audit_events::detail.eq(row.id.to_string()))
        .order(audit_events::id)
        .limit(READS)
        .select((audit_events::id, audit_events::at, audit_events::deed))
        .load(az.conn())?)
}

/// Notes what the caller found, once; `false` when it was reviewed already.
pub fn review(
    az: &mut Authz<'_>,
    id: GlassId,
    by: UserId,
    outcome: Outcome,
    text: &Note,
) -> Result<bool, StoreError> {
    let now = az.now();
    let changed = diesel::update(glass::table)
        .filter(glass::id.eq(Sql(id)))
        .filter(glass::first_reviewer.eq(Sql(by)).or(glass::second_reviewer.eq(Sql(by))))
        .filter(unreviewed())
        .set((
            glass::outcome.eq(Sql(Some(outcome))),
            glass::review.eq(text.as_str()),
            glass::reviewed_by.eq(Sql(Some(by))),
            glass::reviewed_at.eq(Sql(Some(now))),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// One opening, as the person sees it who opened it: nothing of the case, which may be kept from her now.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = glass)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnGlass {
    /// The opening.
    pub id: GlassId,
    /// What kind of emergency.
    pub cause: Cause,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it ended or ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When it was closed before that.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last day on which it is reviewed in time.
    pub review_by: NaiveDate,
    /// What the reviewers found.
    pub outcome: Option<Outcome>,
}

/// What the caller has opened, the latest first, at most fifty.
pub fn own(az: &mut Authz<'_>) -> Result<Vec<OwnGlass>, StoreError> {
    let Some(user) = az.user() else { return Ok(Vec::new()) };
    Ok(glass::table
        .filter(glass::user_id.eq(Sql(user)))
        .order((glass::opened_at.desc(), glass::id.desc()))
        .limit(SHOWN)
        .select(OwnGlass::as_select())
        .load(az.conn())?)
}

/// Whether something that this person opened should have been reviewed before today.
pub fn is_suspended(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let today = az.today();
    let late = glass::table
        .filter(glass::user_id.eq(Sql(user)).and(glass::review_by.lt(today)))
        .filter(unreviewed())
        .select(glass::id);
    Ok(diesel::select(diesel::dsl::exists(late)).get_result(az.conn())?)
}

/// An opening that nobody reviewed in time, as administrators see it: nothing of the case.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateGlass {
    /// The opening.
    pub id: GlassId,
    /// Who opened it.
    pub user_name: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// The day on which it should have been reviewed at the latest.
    pub review_by: NaiveDate,
    /// Who was asked to.
    pub reviewers: Vec<String>,
}

/// What nobody reviewed in time, the oldest first, for whoever administers; at most fifty.
pub fn late(az: &mut Authz<'_>) -> Result<Vec<LateGlass>, StoreError> {
    type Row = (GlassId, UserId, UserId, UserId, DateTime<Utc>, NaiveDate);
    if !az.actor().is_some_and(|actor| actor.administrator) {
        return Ok(Vec::new());
    }
    let today = az.today();
    let found: Vec<Row> = glass::table
        .filter(glass::review_by.lt(today))
        .filter(unreviewed())
        .order((glass::review_by, glass::id))
        .limit(SHOWN)
        .select((
            glass::id,
            glass::user_id,
            glass::first_reviewer,
            glass::second_reviewer,
            glass::opened_at,
            glass::review_by,
        ))
        .load(az.conn())?;
    let people: Vec<UserId> = found.iter().flat_map(|row| [row.1, row.2, row.3]).collect();
    let names: BTreeMap<UserId, String> = users::table
        .filter(users::id.eq_any(all(&people)))
        .select((users::id, users::name))
        .load::<(UserId, String)>(az.conn())?
        .into_iter()
        .collect();
    let name = |user: UserId| names.get(&user).cloned().unwrap_or_default();
    let row = |(id, user, first, second, opened_at, review_by): Row| LateGlass {
        id,
        user_name: name(user),
        opened_at,
        review_by,
        reviewers: vec![name(first), name(second)],
    };
    Ok(found.into_iter().map(row).collect())
}

/// What nobody reviewed in time and administrators have not heard of, at most fifty.
pub fn untold(az: &mut Authz<'_>) -> Result<Vec<(GlassId, UserId)>, StoreError> {
    let today = az.today();
    Ok(glass::table
        .filter(glass::review_by.lt(today).and(glass::told_late_at.is_null()))
        .filter(unreviewed())
        .order((glass::review_by, glass::id))
        .limit(SHOWN)
        .select((glass::id, glass::user_id))
        .load(az.conn())?)
}

/// Notes that administrators were told of these.
pub fn note_told(az: &mut Authz<'_>, ids: &[GlassId]) -> Result<(), StoreError> {
    let now = az.now();
    diesel::update(glass::table.filter(glass::id.eq_any(all(ids))))
        .set(glass::told_late_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    Ok(())
}

/// An opening that waits for a review, with who opened it and who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The opening.
    pub id: GlassId,
    /// The case.
    pub case: CaseId,
    /// Its panel.
    pub panel: PanelId,
    /// Who opened it, and for which agencies she sits.
    pub opener: Reader,
    /// Who was asked to review it.
    pub asked: [UserId; 2],
    /// The last day on which it is reviewed in time.
    pub review_by: NaiveDate,
}

/// What waits for a review and follows `after`, in the order of ids, at most fifty.
pub fn waiting(az: &mut Authz<'_>, after: Option<GlassId>) -> Result<Vec<Waiting>, StoreError> {
    type Row =
        (GlassId, CaseId, PanelId, UserId, (AgencyId, AgencyId), (UserId, UserId), NaiveDate);
    let mut query = glass::table
        .inner_join(users::table.on(users::id.eq(glass::user_id)))
        .filter(unreviewed())
        .order(glass::id)
        .limit(SHOWN)
        .select((
            glass::id,
            glass::case_id,
            glass::panel_id,
            glass::user_id,
            (users::agency_id, glass::by_agency),
            (glass::first_reviewer, glass::second_reviewer),
            glass::review_by,
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(glass::id.gt(Sql(after)));
    }
    let found: Vec<Row> = query.load(az.conn())?;
    let row = |(id, case, panel, user, agencies, asked, review_by): Row| {
        let opener = Reader { user, agencies: [agencies.0, agencies.1].into() };
        Waiting { id, case, panel, opener, asked: [asked.0, asked.1], review_by }
    };
    let mut found: Vec<Waiting> = found.into_iter().map(row).collect();
    for one in &mut found {
        let sits_for = seats::table
            .filter(seats::user_id.eq(Sql(one.opener.user)))
            .select(seats::agency_id)
            .load::<AgencyId>(az.conn())?;
        one.opener.agencies.extend(sits_for);
    }
    Ok(found)
}

/// Asks others to review it; `false` when it was reviewed meanwhile.
pub fn ask_others(
    az: &mut Authz<'_>,
    id: GlassId,
    others: [UserId; 2],
) -> Result<bool, StoreError> {
    let [first, second] = others;
    let changed = diesel::update(glass::table)
        .filter(glass::id.eq(Sql(id)))
        .filter(unreviewed())
        .set((glass::first_reviewer.eq(Sql(first)), glass::second_reviewer.eq(Sql(second))))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Everybody who runs the service today.
pub fn administrators(az: &mut Authz<'_>) -> Result<Vec<UserId>, StoreError> {
    let today = az.today();
    Ok(users::table
        .filter(users::administrator.eq(true))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null()))
        .order(users::id)
        .select(users::id)
        .load(az.conn())?)
}
