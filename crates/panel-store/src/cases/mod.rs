//! People under a panel's management.

mod change;
mod list;
pub mod lists;
pub(crate) mod occasion;

pub use change::{
    NewCase, OldCase, close, insert, insert_old, join, join_all, leave, open_of, propose_closure,
    raise_content, raise_contents, raise_version, reopen, set_review,
};
pub use list::{
    CaseFilter, MOST_COUNTED, Sitting, count, page, proposed_closures, search, sittings,
};
pub use occasion::note_occasion;

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, case_agencies, cases, people};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::case::{CaseStatus, ClosureReason};
use panel_core::id::{AgencyId, CaseId, Id, PanelId, PersonId, UserId};
use std::collections::HashSet;

/// A case as lists and headings show it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = cases)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// The random reference that every reader shares.
    pub reference: String,
    /// The panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// The person.
    #[diesel(column_name = person_id)]
    pub person: PersonId,
    /// The person's surname.
    #[diesel(select_expression = people::surname)]
    pub surname: String,
    /// The person's forename.
    #[diesel(select_expression = people::forename)]
    pub forename: String,
    /// The person's date of birth.
    #[diesel(select_expression = people::born_on)]
    pub born_on: Option<NaiveDate>,
    /// Whether it is under management.
    pub state: CaseStatus,
    /// The day it was taken on.
    pub opened_on: NaiveDate,
    /// The day it was closed.
    pub closed_on: Option<NaiveDate>,
    /// Who closed it, unless a file said so.
    pub closed_by: Option<UserId>,
    /// An agreed date of review.
    pub next_review_on: Option<NaiveDate>,
    /// An event that brings it to the next meeting.
    pub trigger_note: String,
    /// When that was noted.
    pub trigger_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub close_reason: Option<ClosureReason>,
    /// What else was said when it was closed.
    pub close_note: String,
    /// Rises when what agencies were asked about changes.
    pub content_version: i32,
    /// Whether it came from an imported file.
    pub imported: bool,
    /// The version a change must name.
    pub version: i32,
}

/// Cases with the records of their people.
type Source = diesel::dsl::InnerJoinQuerySource<cases::table, people::table>;

/// One case, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Option<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq(Sql(id)))
        .filter(seen)
        .select(CaseRow::as_select())
        .first(az.conn())
        .optional()?;
    if let Some(case) = &found {
        az.saw("case.show", SubjectKind::Case, Some(id.uuid()), Some(case.panel), [id]);
    }
    Ok(found)
}

/// The panel of a case, when the caller may know of it, for rules that need no content.
pub fn panel_of(az: &mut Authz<'_>, id: CaseId) -> Result<Option<PanelId>, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    Ok(cases::table
        .filter(cases::id.eq(Sql(id)))
        .filter(seen)
        .select(cases::panel_id)
        .first(az.conn())
        .optional()?)
}

/// These cases as far as the caller may know of them, in no order.
pub fn find_many(az: &mut Authz<'_>, ids: &[CaseId]) -> Result<Vec<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Vec<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(ids)))
        .filter(seen)
        .select(CaseRow::as_select())
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    az.saw("case.list", SubjectKind::Listing, None, None, shown);
    Ok(found)
}

/// The open cases, or the closed ones, of any of these records, as far as the caller may know of
/// them; newest first. Give the records of one person, see `people::records_of`.
pub fn of_person(az: &mut Authz<'_>, records: &[PersonId]) -> Result<Vec<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Vec<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(cases::person_id.eq_any(all(records)))
        .filter(seen)
        .order((cases::opened_on.desc(), cases::id.desc()))
        .select(CaseRow::as_select())
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    az.saw("case.list", SubjectKind::Listing, None, None, shown);
    Ok(found)
}

/// What only the page of one case shows.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct CaseNotes {
    /// Who proposes to close it and why, as core's JSON; empty where nobody does.
    pub closure_proposed: String,
    /// Closures that were taken back, as core's JSON.
    pub history: String,
}

/// The notes of a case the caller has found.
pub fn notes(az: &mut Authz<'_>, case: CaseId) -> Result<Option<CaseNotes>, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    Ok(cases::table
        .filter(cases::id.eq(Sql(case)))
        .filter(seen)
        .select(CaseNotes::as_select())
        .first(az.conn())
        .optional()?)
}

/// The agencies that take part in a case the caller has found, by name.
pub fn agencies_of(
    az: &mut Authz<'_>,
    case: CaseId,
) -> Result<Vec<(AgencyId, String)>, StoreError> {
    Ok(case_agencies::table
        .inner_join(agencies::table.on(case_agencies::agency_id.eq(agencies::id)))
        .filter(case_agencies::case_id.eq(Sql(case)))
        .order(agencies::name_folded)
        .select((agencies::id, agencies::name))
        .load(az.conn())?)
}

/// Which agencies take part in these cases, for whoever runs their panels.
pub fn parts_in(
    az: &mut Authz<'_>,
    of: &[CaseId],
) -> Result<HashSet<(CaseId, AgencyId)>, StoreError> {
    let whole = all(&az.scope().whole);
    let found: Vec<(CaseId, AgencyId)> = case_agencies::table
        .inner_join(cases::table.on(cases::id.eq(case_agencies::case_id)))
        .filter(case_agencies::case_id.eq_any(all(of)))
        .filter(cases::panel_id.eq_any(whole))
        .select((case_agencies::case_id, case_agencies::agency_id))
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}
