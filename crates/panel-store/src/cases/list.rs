//! Lists of cases, page by page, and the search among them.

use super::{CaseRow, Source};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::people::{begins_with, named, words};
use crate::schema::{agenda_items, cases, meetings, minutes, people, referral_people, referrals};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agenda::{CaseType, Decision, ItemState};
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{AgendaItemId, CaseId, MeetingId, PanelId};

/// A count stops here: a page then says "more than 1,000".
pub const MOST_COUNTED: i64 = 1_001;

/// Which cases a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseFilter {
    /// Of one panel.
    pub panel: Option<PanelId>,
    /// Open or closed.
    pub state: Option<CaseStatus>,
    /// With an agreed review on this local date or before, or with an event that brings it back.
    pub review_by: Option<NaiveDate>,
}

/// A boxed query over cases, held to what a [`CaseFilter`] asks for: a list and its count are over
/// different joins, and hold the same.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let mut query = $query;
        if let Some(panel) = $filter.panel {
            query = query.filter(cases::panel_id.eq(Sql(panel)));
        }
        if let Some(state) = $filter.state {
            query = query.filter(cases::state.eq(Sql(state)));
        }
        if let Some(day) = $filter.review_by {
            let agreed = cases::next_review_on
                .is_not_null()
                .and(cases::next_review_on.assume_not_null().le(day));
            query = query.filter(agreed.or(cases::trigger_at.is_not_null()));
        }
        query
    }};
}

/// At most `limit` cases, newest first, after the case `after` of the page before.
pub fn page(
    az: &mut Authz<'_>,
    filter: CaseFilter,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let every = cases::table
        .inner_join(people::table)
        .filter(seen)
        .order(cases::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .into_boxed();
    let mut query = narrowed!(every, filter);
    if let Some(after) = after {
        query = query.filter(cases::id.lt(Sql(after)));
    }
    let found: Vec<CaseRow> = query.load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    az.saw("case.list", SubjectKind::Listing, None, filter.panel, shown);
    Ok(found)
}

/// How many cases a list holds, up to [`MOST_COUNTED`].
pub fn count(az: &mut Authz<'_>, filter: CaseFilter) -> Result<i64, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    let every = cases::table.filter(seen).select(cases::id).limit(MOST_COUNTED).into_boxed();
    let found: Vec<CaseId> = narrowed!(every, filter).load(az.conn())?;
    Ok(i64::try_from(found.len()).unwrap_or(MOST_COUNTED))
}

/// At most `limit` cases whose reference begins with `text`, or in which somebody's names hold every
/// word of it, each from its beginning: open ones first, then the newest.
pub fn search(az: &mut Authz<'_>, text: &str, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let Some(words) = words(text) else { return Ok(Vec::new()) };
    let reference = text.trim().to_uppercase();
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let mentions = referral_people::table
        .filter(referral_people::person_id.eq_any(named!(&words)))
        .select(referral_people::referral_id);
    let referred = referrals::table
        .filter(referrals::perpetrator_id.eq_any(named!(&words)).or(referrals::id.eq_any(mentions)))
        .select(referrals::case_id);
    let found: Vec<CaseRow> = cases::table
        .inner_join(people::table)
        .filter(seen)
        .filter(
            begins_with!(cases::reference, &reference)
                .or(cases::person_id.eq_any(named!(&words)))
                .or(cases::id.nullable().eq_any(referred)),
        )
        .order((cases::state.desc(), cases::id.desc()))
        .limit(limit)
        .select(CaseRow::as_select())
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    az.saw("case.search", SubjectKind::Listing, None, None, shown);
    Ok(found)
}

/// Open cases of a panel that somebody proposes to close, each with the proposal as core's JSON.
pub fn proposed_closures(
    az: &mut Authz<'_>,
    panel: PanelId,
) -> Result<Vec<(CaseRow, String)>, StoreError> {
    let seen = in_scope!(az, Source, cases::panel_id, cases::id);
    let found: Vec<(CaseRow, String)> = cases::table
        .inner_join(people::table)
        .filter(cases::panel_id.eq(Sql(panel)))
        .filter(cases::state.eq(Sql(CaseStatus::Open)))
        .filter(cases::closure_proposed.ne(""))
        .filter(seen)
        .order(cases::id)
        .select((CaseRow::as_select(), cases::closure_proposed))
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|(case, _)| case.id).collect();
    az.saw("case.list", SubjectKind::Listing, None, Some(panel), shown);
    Ok(found)
}

/// What a meeting did with a case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = agenda_items)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sitting {
    /// The agenda item.
    #[diesel(column_name = id)]
    pub item: AgendaItemId,
    /// The meeting.
    #[diesel(select_expression = meetings::id)]
    pub meeting: MeetingId,
    /// Its local date.
    #[diesel(select_expression = meetings::meets_on)]
    pub on: NaiveDate,
    /// Whether it was an emergency meeting.
    #[diesel(select_expression = meetings::emergency)]
    pub emergency: bool,
    /// As what the case was listed.
    pub case_type: Option<CaseType>,
    /// What became of the item.
    pub state: ItemState,
    /// The decision.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// The agreed next review.
    pub next_review_on: Option<NaiveDate>,
}

/// The meetings that have or had a case on their agenda, latest first, at most `limit`. A draft of an
/// agenda or of minutes is for whoever runs the panel; others see what signed minutes say.
pub fn sittings(az: &mut Authz<'_>, case: CaseId, limit: i64) -> Result<Vec<Sitting>, StoreError> {
    type Joined = diesel::dsl::InnerJoinQuerySource<
        diesel::dsl::InnerJoinQuerySource<agenda_items::table, meetings::table>,
        cases::table,
    >;
    let seen = in_scope!(az, Joined, cases::panel_id, cases::id);
    let whole = all(&az.scope().whole);
    let signed = minutes::table
        .filter(minutes::meeting_id.eq(meetings::id).and(minutes::reopened_at.is_null()))
        .select(minutes::id);
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .inner_join(cases::table)
        .filter(cases::id.eq(Sql(case)))
        .filter(agenda_items::state.ne(Sql(ItemState::Withdrawn)))
        .filter(seen)
        .filter(meetings::panel_id.eq_any(whole).or(diesel::dsl::exists(signed)))
        .order((meetings::starts_at.desc(), meetings::id))
        .limit(limit)
        .select(Sitting::as_select())
        .load(az.conn())?)
}
