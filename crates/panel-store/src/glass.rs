//! Cases opened in an emergency: by whom, until when, and what others said of it afterwards.
//!
//! What is looked up here for a reference takes the same steps whether or not there is such a case, and
//! whether or not somebody may open it: core decides over what was found.

mod review;

pub use review::{
    GlassRow, LateGlass, OwnGlass, Waiting, administrators, ask_others, find, is_suspended, late,
    note_told, own, reads, review, to_review, untold, waiting, waits_for,
};

use crate::authz::Authz;
use crate::call::{Call, call};
use crate::cases::{self as rows, lists};
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, case_agencies, cases, glass, panel_agencies, seats, users};
use crate::sql_types::{CodeSql, IdSql, InstantSql, Sql};
use crate::store::Store;
use crate::wall::Beyond;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use panel_core::access::glass::{Candidate, Cause, GlassFacts, Opening};
use panel_core::access::lists::{Lists, Reader};
use panel_core::access::{Actor, Role, Seat};
use panel_core::id::{AgencyId, CaseId, GlassId, Id, PanelId, UserId};
use panel_core::text::Note;
use panel_core::vocabulary::AgencyType;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Tells PostgreSQL’s wall that whoever acts reads what she has open, which the wall looks up again.
pub(crate) fn admit(conn: &mut Conn, pane: Pane, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Conn::Pg(pg) = conn {
        let opening = (Sql(pane.id).into_sql::<IdSql>(), Sql(now).into_sql::<InstantSql>());
        let admits: Call<_, ()> = call("SELECT panel_admit", opening);
        admits.execute(pg)?;
    }
    Ok(())
}

/// What an open case adds to a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pane {
    pub(crate) id: GlassId,
    pub(crate) case: CaseId,
    pub(crate) panel: PanelId,
}

/// What is open: which case at which panel, by which seat, until when, and the case's reference.
type OpenRow = (GlassId, PanelId, CaseId, (PanelId, AgencyId, Role), DateTime<Utc>, String);
const OPEN: &str = "SELECT id, panel_id, case_id, by_panel, by_agency, by_role, ends_at, reference \
                    FROM panel_open_glass";
type OpenSql = (IdSql, IdSql, IdSql, (IdSql, IdSql, CodeSql), InstantSql, Text);

/// The last that this person opened, when neither its hour nor she herself has ended it. PostgreSQL’s wall
/// knows nobody at the time a session is looked up, so that a function of the database finds it there.
fn last_opened(
    conn: &mut Conn,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<OpenRow>, StoreError> {
    let sqlite = match conn {
        Conn::Pg(pg) => {
            let asked = (Sql(user).into_sql::<IdSql>(), Sql(now).into_sql::<InstantSql>());
            let found: Call<_, OpenSql> = call(OPEN, asked);
            return Ok(found.get_result(pg).optional()?);
        }
        Conn::Sqlite(sqlite) => sqlite,
    };
    Ok(glass::table
        .inner_join(cases::table.on(cases::id.eq(glass::case_id)))
        .filter(glass::user_id.eq(Sql(user)).and(glass::ends_at.gt(Sql(now))))
        .filter(glass::closed_at.is_null())
        .order((glass::opened_at.desc(), glass::id.desc()))
        .select((
            glass::id,
            glass::panel_id,
            glass::case_id,
            (glass::by_panel, glass::by_agency, glass::by_role),
            glass::ends_at,
            cases::reference,
        ))
        .first(sqlite)
        .optional()?)
}

/// What this person has open at `now` and may still read.
fn open_at(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<OpenRow>, StoreError> {
    if !actor.may_have_open(now) {
        return Ok(None);
    }
    let Some(row) = last_opened(conn, actor.user, now)? else { return Ok(None) };
    let (_, _, case, by, ends_at, _) = row;
    let opening = Opening { case, user: actor.user, by, ends_at, closed_at: None };
    let lists = Lists::of(&Reader::from(actor), &lists::live_of(conn, case)?);
    Ok(opening.lets_in(actor, &lists, now).then_some(row))
}

/// The case that this person has open at `now`: one at most, the last that was opened.
pub(crate) fn live(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Pane>, StoreError> {
    let row = open_at(conn, actor, now)?;
    Ok(row.map(|(id, panel, case, ..)| Pane { id, case, panel }))
}

/// A case that somebody has open, as every page of hers says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGlass {
    /// The opening.
    pub id: GlassId,
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
}

/// What this person has open at `now`, with the same look as every query has.
pub fn open_of(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<OpenGlass>, StoreError> {
    if !actor.may_have_open(now) {
        return Ok(None);
    }
    let row = store.peek(|conn| open_at(conn, actor, now))?;
    Ok(row.map(|(id, _, case, _, ends_at, reference)| OpenGlass { id, case, reference, ends_at }))
}

/// What was found for a reference.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The case and its panel, where there is one.
    pub case: Option<(CaseId, PanelId)>,
    /// What decides who may open it.
    pub facts: GlassFacts,
    /// What the lists of the case come to for the caller.
    pub lists: Lists,
    /// Whether the caller sees it anyway.
    pub is_seen: bool,
}

/// Looks a reference up, without looking at who asks. What never was takes the same steps.
pub fn look(az: &mut Authz<'_>, actor: &Actor, reference: &str) -> Result<Looked, StoreError> {
    let reference = reference.trim().to_uppercase();
    let (found, near) = az.beyond(Beyond::Glass, |conn| of_reference(conn, reference))?;
    let nothing = (CaseId::from_uuid(Uuid::nil()), PanelId::from_uuid(Uuid::nil()));
    let (case, panel) = found.unwrap_or(nothing);
    let police = police_of(az, actor)?;
    let lists = Lists::of(&Reader::from(actor), &lists::live_of(az.conn(), case)?);
    let is_seen = rows::panel_of(az, case)?.is_some();
    let facts = GlassFacts { case, panel, near: near.into_iter().collect(), police };
    Ok(Looked { case: found, facts, lists, is_seen })
}

/// A case with its panel where there is one, and the panels with an agency that takes part in it.
type CaseAndNear = (Option<(CaseId, PanelId)>, Vec<PanelId>);

/// A case and its panel by reference, and the panels with an agency that takes part in it.
fn of_reference(conn: &mut Conn, reference: String) -> Result<CaseAndNear, StoreError> {
    let found: Option<(CaseId, PanelId)> = cases::table
        .filter(cases::reference.eq(reference))
        .select((cases::id, cases::panel_id))
        .first(conn)
        .optional()?;
    let case = found.map_or(CaseId::from_uuid(Uuid::nil()), |(case, _)| case);
    let near = panel_agencies::table
        .inner_join(case_agencies::table.on(case_agencies::agency_id.eq(panel_agencies::agency_id)))
        .filter(case_agencies::case_id.eq(Sql(case)))
        .select(panel_agencies::panel_id)
        .load(conn)?;
    Ok((found, near))
}

/// Which of the agencies that this person sits for are police.
pub fn police_of(az: &mut Authz<'_>, actor: &Actor) -> Result<BTreeSet<AgencyId>, StoreError> {
    let sits_for: Vec<AgencyId> = actor.seats.iter().map(|seat| seat.agency).collect();
    let police: Vec<AgencyId> = agencies::table
        .filter(agencies::id.eq_any(all(&sits_for)))
        .filter(agencies::kind.eq(Sql(AgencyType::Police)))
        .select(agencies::id)
        .load(az.conn())?;
    Ok(police.into_iter().collect())
}

/// A seat that is held on a day.
macro_rules! is_live {
    ($today:expr) => {{
        let lasts = seats::ends_on.is_null().or(seats::ends_on.ge(Some($today)).assume_not_null());
        seats::starts_on.le($today).and(lasts)
    }};
}

/// Everybody who could review what is opened of a case: its panel's chairs and the leads of its agencies.
pub fn candidates(
    az: &mut Authz<'_>,
    case: CaseId,
    panel: PanelId,
) -> Result<Vec<Candidate>, StoreError> {
    type Sits = (UserId, AgencyId, AgencyId, Role);
    let today = az.today();
    let roles = all(&[Role::Chair, Role::AgencyLead]);
    let found: Vec<Sits> = seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::panel_id.eq(Sql(panel)).and(seats::role.eq_any(roles)))
        .filter(is_live!(today))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null()))
        .order((users::id, seats::id))
        .select((users::id, users::agency_id, seats::agency_id, seats::role))
        .load(az.conn())?;
    let people: Vec<UserId> = found.iter().map(|(user, ..)| *user).collect();
    let elsewhere: Vec<(UserId, AgencyId)> = seats::table
        .filter(seats::user_id.eq_any(all(&people)))
        .filter(is_live!(today))
        .select((seats::user_id, seats::agency_id))
        .load(az.conn())?;
    let lines = lists::live_of(az.conn(), case)?;
    let part: BTreeSet<AgencyId> =
        rows::agencies_of(az, case)?.into_iter().map(|(agency, _)| agency).collect();
    let candidate = |(user, employer, agency, role): Sits| {
        let sits_for = elsewhere.iter().filter(|(who, _)| *who == user).map(|(_, agency)| *agency);
        let reader = Reader { user, agencies: sits_for.chain([employer, agency]).collect() };
        Candidate {
            is_kept_from: Lists::of(&reader, &lines).hidden.contains(&case),
            reader,
            agency,
            chairs: role == Role::Chair,
            takes_part: part.contains(&agency),
        }
    };
    Ok(found.into_iter().map(candidate).collect())
}

/// The panel itself, and every panel to which one of its agencies belongs too.
pub fn panels_near(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<PanelId>, StoreError> {
    let here = diesel::alias!(panel_agencies as here);
    let mut found: Vec<PanelId> = panel_agencies::table
        .inner_join(here.on(here.field(panel_agencies::agency_id).eq(panel_agencies::agency_id)))
        .filter(here.field(panel_agencies::panel_id).eq(Sql(panel)))
        .order(panel_agencies::panel_id)
        .select(panel_agencies::panel_id)
        .load(az.conn())?;
    found.push(panel);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// People whose seat at another panel could let them open a case of this one.
pub fn neighbours(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<(UserId, String)>, StoreError> {
    let today = az.today();
    let mut near = panels_near(az, panel)?;
    near.retain(|other| *other != panel);
    let roles = all(&[Role::Coordinator, Role::Chair, Role::AgencyLead]);
    Ok(seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::panel_id.eq_any(all(&near)).and(seats::role.eq_any(roles)))
        .filter(is_live!(today))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null()))
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(az.conn())?)
}

/// A case that is opened now.
#[derive(Debug, Clone)]
pub struct NewGlass {
    /// The case.
    pub case: CaseId,
    /// Its panel.
    pub panel: PanelId,
    /// By whom.
    pub user: UserId,
    /// By which seat.
    pub by: Seat,
    /// What kind of emergency.
    pub cause: Cause,
    /// Why.
    pub reason: Note,
    /// Who looks at it afterwards.
    pub reviewers: [UserId; 2],
    /// The last day for that.
    pub review_by: NaiveDate,
}

/// Opens a case, from the commit on.
pub fn add(az: &mut Authz<'_>, new: &NewGlass) -> Result<GlassId, StoreError> {
    let (id, now) = (az.mint::<GlassId>(), az.now());
    let ends = Opening::ends(now);
    let [first, second] = new.reviewers;
    each_backend!(az.conn(), |c| diesel::insert_into(glass::table)
        .values((
            glass::id.eq(Sql(id)),
            glass::case_id.eq(Sql(new.case)),
            glass::panel_id.eq(Sql(new.panel)),
            glass::user_id.eq(Sql(new.user)),
            glass::by_panel.eq(Sql(new.by.panel)),
            glass::by_agency.eq(Sql(new.by.agency)),
            glass::by_role.eq(Sql(new.by.role)),
            glass::cause.eq(Sql(new.cause)),
            glass::reason.eq(new.reason.as_str()),
            glass::opened_at.eq(Sql(now)),
            glass::ends_at.eq(Sql(ends)),
            glass::first_reviewer.eq(Sql(first)),
            glass::second_reviewer.eq(Sql(second)),
            glass::review_by.eq(new.review_by),
            glass::review.eq(""),
        ))
        .execute(c))?;
    diesel::update(users::table.find(Sql(new.user)))
        .set(users::opened_until.eq(Sql(Some(ends))))
        .execute(az.conn())?;
    Ok(id)
}

/// The case that the caller has open, with its panel, where `id` is what she has open.
pub fn open_by(
    az: &mut Authz<'_>,
    actor: &Actor,
    id: Option<GlassId>,
) -> Result<Option<(GlassId, CaseId, PanelId)>, StoreError> {
    let now = az.now();
    let open = live(az.conn(), actor, now)?;
    let open = open.filter(|pane| id.is_none_or(|id| id == pane.id));
    Ok(open.map(|pane| (pane.id, pane.case, pane.panel)))
}

/// Closes what somebody has open before its time.
pub fn close_all(az: &mut Authz<'_>, user: UserId) -> Result<usize, StoreError> {
    let now = az.now();
    let closing = diesel::update(glass::table)
        .filter(glass::user_id.eq(Sql(user)).and(glass::ends_at.gt(Sql(now))))
        .filter(glass::closed_at.is_null())
        .set(glass::closed_at.eq(Sql(Some(now))));
    az.beyond(Beyond::Glass, |conn| Ok(closing.execute(conn)?))
}
