//! The lists of a case: from whom it is kept, among whom, and who sees it besides.

use crate::authz::Authz;
use crate::call::{Call, call};
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, case_lists, users};
use crate::sql_types::{CodeSql, IdSql, Sql};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable};
use panel_core::access::lists::{Conflict, ListKind, ListLine, Listed};
use panel_core::id::{AgencyId, CaseId, CaseListId, PanelId, UserId};
use panel_core::text::Note;
use std::collections::HashSet;

/// One line, live or lifted, as those who run the panel see it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseListRow {
    /// The line.
    pub id: CaseListId,
    /// What it does.
    pub kind: ListKind,
    /// The person it names.
    pub person: Option<UserId>,
    /// That person's name.
    pub person_name: Option<String>,
    /// Or the agency.
    pub agency: Option<AgencyId>,
    /// That agency's name.
    pub agency_name: Option<String>,
    /// Why.
    pub conflict: Conflict,
    /// What else was said.
    pub note: String,
    /// Whether the person said so herself.
    pub declared: bool,
    /// Who set it.
    pub set_by: UserId,
    /// When.
    pub set_at: DateTime<Utc>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Who lifted it.
    pub lifted_by: Option<UserId>,
    /// Why it was lifted; empty while it is live.
    pub lift_reason: String,
}

/// The lines of a case, live ones first, then the latest; nothing for whoever does not run its panel.
pub fn of_case(
    az: &mut Authz<'_>,
    panel: PanelId,
    case: CaseId,
) -> Result<Vec<CaseListRow>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let mut found: Vec<CaseListRow> = case_lists::table
        .left_join(users::table.on(users::id.nullable().eq(case_lists::user_id)))
        .left_join(agencies::table.on(agencies::id.nullable().eq(case_lists::agency_id)))
        .filter(case_lists::case_id.eq(Sql(case)).and(case_lists::panel_id.eq(Sql(panel))))
        .order((case_lists::set_at.desc(), case_lists::id.desc()))
        .select((
            case_lists::id,
            case_lists::kind,
            case_lists::user_id,
            users::name.nullable(),
            case_lists::agency_id,
            agencies::name.nullable(),
            case_lists::conflict,
            case_lists::note,
            case_lists::declared,
            case_lists::set_by,
            case_lists::set_at,
            case_lists::lifted_at,
            case_lists::lifted_by,
            case_lists::lift_reason,
        ))
        .load(az.conn())?;
    found.sort_by_key(|row| row.lifted_at.is_some());
    Ok(found)
}

/// Every live line of the cases of a panel, for whoever runs it.
pub fn live_at_panel(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<ListLine>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    live_at(az.conn(), &[panel])
}

/// How many live lines a case has; none for whoever does not run its panel.
pub fn live_lines(az: &mut Authz<'_>, panel: PanelId, case: CaseId) -> Result<usize, StoreError> {
    if !az.runs(panel) {
        return Ok(0);
    }
    let found: Vec<CaseListId> = case_lists::table
        .filter(live())
        .filter(case_lists::case_id.eq(Sql(case)))
        .select(case_lists::id)
        .load(az.conn())?;
    Ok(found.len())
}

/// The agencies from which each of these cases is kept, for whoever runs their panels.
pub fn excluded_agencies(
    az: &mut Authz<'_>,
    of: &[CaseId],
) -> Result<HashSet<(CaseId, AgencyId)>, StoreError> {
    let whole = all(&az.scope().whole);
    let found: Vec<(CaseId, Option<AgencyId>)> = case_lists::table
        .filter(live())
        .filter(case_lists::case_id.eq_any(all(of)))
        .filter(case_lists::panel_id.eq_any(whole))
        .filter(case_lists::kind.eq(Sql(ListKind::Excluded)))
        .select((case_lists::case_id, case_lists::agency_id))
        .load(az.conn())?;
    Ok(found.into_iter().filter_map(|(case, agency)| Some((case, agency?))).collect())
}

/// A line to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewListLine {
    /// The case.
    pub case: CaseId,
    /// Its panel.
    pub panel: PanelId,
    /// What the line does.
    pub kind: ListKind,
    /// Whom it names.
    pub whom: Listed,
    /// Why.
    pub conflict: Conflict,
    /// What else was said.
    pub note: Option<Note>,
    /// Whether the person says so herself.
    pub declared: bool,
}

/// Adds a line, from the commit on. `None` when the same line is live already, and nothing was changed.
pub fn add(
    az: &mut Authz<'_>,
    by: UserId,
    line: &NewListLine,
) -> Result<Option<CaseListId>, StoreError> {
    let (id, now) = (az.mint::<CaseListId>(), az.now());
    let (user, agency) = match line.whom {
        Listed::Person(user) => (Some(user), None),
        Listed::Agency(agency) => (None, Some(agency)),
    };
    let inserted = each_backend!(az.conn(), |c| diesel::insert_into(case_lists::table)
        .values((
            case_lists::id.eq(Sql(id)),
            case_lists::case_id.eq(Sql(line.case)),
            case_lists::panel_id.eq(Sql(line.panel)),
            case_lists::kind.eq(Sql(line.kind)),
            case_lists::user_id.eq(Sql(user)),
            case_lists::agency_id.eq(Sql(agency)),
            case_lists::conflict.eq(Sql(line.conflict)),
            case_lists::note.eq(line.note.as_ref().map_or("", Note::as_str)),
            case_lists::declared.eq(line.declared),
            case_lists::set_by.eq(Sql(by)),
            case_lists::set_at.eq(Sql(now)),
            case_lists::lifted_by.eq(Sql(None::<UserId>)),
            case_lists::lifted_at.eq(Sql(None::<DateTime<Utc>>)),
            case_lists::lift_reason.eq(""),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok((inserted == 1).then_some(id))
}

/// Lifts a live line of a case. `false` when it is not there or not live.
pub fn lift(
    az: &mut Authz<'_>,
    case: CaseId,
    line: CaseListId,
    by: UserId,
    reason: &str,
) -> Result<bool, StoreError> {
    let now = az.now();
    let lifted = diesel::update(case_lists::table)
        .filter(case_lists::id.eq(Sql(line)).and(case_lists::case_id.eq(Sql(case))))
        .filter(live())
        .set((
            case_lists::lifted_by.eq(Sql(Some(by))),
            case_lists::lifted_at.eq(Sql(Some(now))),
            case_lists::lift_reason.eq(reason),
        ))
        .execute(az.conn())?;
    Ok(lifted == 1)
}

/// In the words of the partial index, so that the planner sees that it holds these rows.
fn live() -> diesel::expression::SqlLiteral<Bool> {
    sql::<Bool>("case_lists.lifted_at IS NULL")
}

type Line = (CaseId, ListKind, Option<UserId>, Option<AgencyId>);
type LineSql = (IdSql, CodeSql, Nullable<IdSql>, Nullable<IdSql>);

fn line((case, kind, user, agency): Line) -> Option<ListLine> {
    let whom = user.map(Listed::Person).or(agency.map(Listed::Agency))?;
    Some(ListLine { case, kind, whom })
}

/// What a line is made of.
type LineColumns =
    (case_lists::case_id, case_lists::kind, case_lists::user_id, case_lists::agency_id);
const LINE: LineColumns =
    (case_lists::case_id, case_lists::kind, case_lists::user_id, case_lists::agency_id);

/// The live lines of every case of these panels.
pub(crate) fn live_at(conn: &mut Conn, panels: &[PanelId]) -> Result<Vec<ListLine>, StoreError> {
    let found: Vec<Line> = match conn {
        Conn::Pg(pg) => {
            let lines: Call<_, LineSql> = call(LIVE_LINES, panels.into_sql::<Array<IdSql>>());
            lines.load(pg)?
        }
        Conn::Sqlite(sqlite) => case_lists::table
            .filter(live())
            .filter(case_lists::panel_id.eq_any(all(panels)))
            .select(LINE)
            .load(sqlite)?,
    };
    Ok(found.into_iter().filter_map(line).collect())
}

// Those whom the lines bind may not read them: functions of the database say what they come to.
const LIVE_LINES: &str = "SELECT case_id, kind, user_id, agency_id FROM panel_live_lines";
const LINES_OF: &str = "SELECT case_id, kind, user_id, agency_id FROM panel_lines_of";

/// The live lines of one case, also for those whom they bind.
pub(crate) fn live_of(conn: &mut Conn, case: CaseId) -> Result<Vec<ListLine>, StoreError> {
    let found: Vec<Line> = match conn {
        Conn::Pg(pg) => {
            let lines: Call<_, LineSql> = call(LINES_OF, Sql(case).into_sql::<IdSql>());
            lines.load(pg)?
        }
        Conn::Sqlite(sqlite) => case_lists::table
            .filter(live())
            .filter(case_lists::case_id.eq(Sql(case)))
            .select(LINE)
            .load(sqlite)?,
    };
    Ok(found.into_iter().filter_map(line).collect())
}
