//! People under a panel's management.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{case_agencies, cases, people};
use crate::scope::in_scope;
use crate::sql_types::{Sql, all};
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{AgencyId, CaseId, Id, PanelId, PersonId};

/// A case as lists and headings show it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// The random reference that every reader shares.
    pub reference: String,
    /// The panel.
    pub panel: PanelId,
    /// The person.
    pub person: PersonId,
    /// The person's surname.
    pub surname: String,
    /// The person's forename.
    pub forename: String,
    /// The person's date of birth.
    pub born_on: Option<NaiveDate>,
    /// Whether it is under management.
    pub state: CaseStatus,
    /// The day it was taken on.
    pub opened_on: NaiveDate,
    /// The day it was closed.
    pub closed_on: Option<NaiveDate>,
    /// An agreed date of review.
    pub next_review_on: Option<NaiveDate>,
    /// An event that brings it to the next meeting.
    pub trigger_note: String,
    /// Rises when what agencies were asked about changes.
    pub content_version: i32,
    /// The version a change must name.
    pub version: i32,
}

macro_rules! columns {
    () => {
        (
            cases::id,
            cases::reference,
            cases::panel_id,
            cases::person_id,
            people::surname,
            people::forename,
            people::born_on,
            cases::state,
            cases::opened_on,
            cases::closed_on,
            cases::next_review_on,
            cases::trigger_note,
            cases::content_version,
            cases::version,
        )
    };
}

type Source = diesel::dsl::InnerJoinQuerySource<cases::table, people::table>;

/// One case, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Option<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq(Sql(id)))
        .filter(seen)
        .select(columns!())
        .first(az.conn())
        .optional()?;
    if let Some(case) = &found {
        az.saw("case.show", SubjectKind::Case, Some(id.uuid()), Some(case.panel), [id]);
    }
    Ok(found)
}

/// These cases as far as the caller may know of them, in no order.
pub fn find_many(az: &mut Authz<'_>, ids: &[CaseId]) -> Result<Vec<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Vec<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(ids)))
        .filter(seen)
        .select(columns!())
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    az.saw("case.list", SubjectKind::Listing, None, None, shown);
    Ok(found)
}

/// Lets agencies take part in a case; those that already do stay as they are.
pub fn join(az: &mut Authz<'_>, case: CaseId, agencies: &[AgencyId]) -> Result<(), StoreError> {
    let today = az.today();
    for agency in agencies {
        each_backend!(az.conn(), |c| diesel::insert_into(case_agencies::table)
            .values((
                case_agencies::case_id.eq(Sql(case)),
                case_agencies::agency_id.eq(Sql(*agency)),
                case_agencies::since.eq(today),
            ))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}
