//! Lists of referrals: the queue by state of triage, what a meeting has still to hear, the search.

use super::{Origin, ReferralRow, referrals_in_scope};
use crate::authz::Authz;
use crate::cases::MOST_COUNTED;
use crate::error::StoreError;
use crate::listed::all;
use crate::people::{begins_with, named, words};
use crate::schema::{
    agencies, agenda_items, cases, meetings, people, referral_people, referrals, whereabouts_marks,
};
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::access::Role;
use panel_core::agenda::ItemState;
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{AgencyId, CaseId, PanelId, PersonId, ReferralId};
use panel_core::referral::{LateLane, TriageStatus};

/// Which referrals a list holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// Of one panel.
    pub panel: Option<PanelId>,
    /// From one agency.
    pub agency: Option<AgencyId>,
    /// In one of these states; any when empty.
    pub states: Vec<TriageStatus>,
    /// Received at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Received at this instant or earlier.
    pub until: Option<DateTime<Utc>>,
    /// Sent this way because it came late.
    pub late: Option<LateLane>,
    /// The oldest first, as a queue is worked; else the newest first.
    pub oldest_first: bool,
}

/// Narrows a boxed query of referrals to what a filter holds.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(panel) = filter.panel {
            query = query.filter(referrals::panel_id.eq(Sql(panel)));
        }
        if let Some(agency) = filter.agency {
            query = query.filter(referrals::agency_id.eq(Sql(agency)));
        }
        if !filter.states.is_empty() {
            query = query.filter(referrals::state.eq_any(all(&filter.states)));
        }
        if let Some(from) = filter.from {
            query = query.filter(referrals::received_at.ge(Sql(from)));
        }
        if let Some(until) = filter.until {
            query = query.filter(referrals::received_at.le(Sql(until)));
        }
        if let Some(late) = filter.late {
            query = query.filter(referrals::late_lane.eq(Sql(Some(late))));
        }
        query
    }};
}

/// Where a page of a list ended.
type Key = (DateTime<Utc>, ReferralId);

/// At most `limit` referrals in the order in which they were received, after the last of the page
/// before.
pub fn page(
    az: &mut Authz<'_>,
    filter: &QueueFilter,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<ReferralRow>, StoreError> {
    let seen = referrals_in_scope!(az, Origin);
    let mut query = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(seen)
        .limit(limit)
        .select(ReferralRow::as_select())
        .into_boxed();
    query = narrowed!(query, filter);
    let (at, id) = (referrals::received_at, referrals::id);
    query = match (after, filter.oldest_first) {
        (None, true) => query.order((at, id)),
        (None, false) => query.order((at.desc(), id.desc())),
        (Some((last, row)), true) => {
            query.filter(at.gt(Sql(last)).or(at.eq(Sql(last)).and(id.gt(Sql(row))))).order((at, id))
        }
        (Some((last, row)), false) => query
            .filter(at.lt(Sql(last)).or(at.eq(Sql(last)).and(id.lt(Sql(row)))))
            .order((at.desc(), id.desc())),
    };
    let found = query.load(az.conn())?;
    saw_all(az, "referral.list", filter.panel, &found);
    Ok(found)
}

fn saw_all(az: &mut Authz<'_>, code: &'static str, panel: Option<PanelId>, found: &[ReferralRow]) {
    let shown: Vec<CaseId> = found.iter().filter_map(|row| row.case).collect();
    az.saw(code, SubjectKind::Listing, None, panel, shown);
}

/// How many referrals of a panel are in a state, up to [`MOST_COUNTED`].
pub fn count(az: &mut Authz<'_>, panel: PanelId, state: TriageStatus) -> Result<i64, StoreError> {
    let seen = referrals_in_scope!(az, referrals::table);
    let found: Vec<ReferralId> = referrals::table
        .filter(referrals::panel_id.eq(Sql(panel)))
        .filter(referrals::state.eq(Sql(state)))
        .filter(seen)
        .limit(MOST_COUNTED)
        .select(referrals::id)
        .load(az.conn())?;
    Ok(i64::try_from(found.len()).unwrap_or(MOST_COUNTED))
}

/// At most `limit` referrals the caller may know of that name one of these records, as whatever, the
/// newest first.
pub fn naming(
    az: &mut Authz<'_>,
    records: &[PersonId],
    limit: i64,
) -> Result<Vec<ReferralRow>, StoreError> {
    let seen = referrals_in_scope!(az, Origin);
    let mentions = referral_people::table
        .filter(referral_people::person_id.eq_any(all(records)))
        .select(referral_people::referral_id);
    let found = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(seen)
        .filter(referrals::perpetrator_id.eq_any(all(records)).or(referrals::id.eq_any(mentions)))
        .order((referrals::received_at.desc(), referrals::id.desc()))
        .limit(limit)
        .select(ReferralRow::as_select())
        .load(az.conn())?;
    saw_all(az, "referral.list", None, &found);
    Ok(found)
}

/// How many referrals a list holds, up to [`MOST_COUNTED`].
pub fn count_listed(az: &mut Authz<'_>, filter: &QueueFilter) -> Result<i64, StoreError> {
    let seen = referrals_in_scope!(az, referrals::table);
    let query =
        referrals::table.filter(seen).limit(MOST_COUNTED).select(referrals::id).into_boxed();
    let found: Vec<ReferralId> = narrowed!(query, filter).load(az.conn())?;
    Ok(i64::try_from(found.len()).unwrap_or(MOST_COUNTED))
}

/// The referrals of a case the caller may know of, oldest first.
pub fn of_case(az: &mut Authz<'_>, case: CaseId) -> Result<Vec<ReferralRow>, StoreError> {
    let seen = referrals_in_scope!(az, Origin);
    let found = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(referrals::case_id.eq(Sql(Some(case))))
        .filter(seen)
        .order((referrals::received_at, referrals::id))
        .select(ReferralRow::as_select())
        .load(az.conn())?;
    saw_all(az, "referral.list", None, &found);
    Ok(found)
}

/// At most `limit` referrals whose reference begins with `text`, or in which somebody's names hold
/// every word of it, each from its beginning; the newest first.
pub fn search(az: &mut Authz<'_>, text: &str, limit: i64) -> Result<Vec<ReferralRow>, StoreError> {
    let Some(words) = words(text) else { return Ok(Vec::new()) };
    let reference = text.trim().to_uppercase();
    let seen = referrals_in_scope!(az, Origin);
    let mentions = referral_people::table
        .filter(referral_people::person_id.eq_any(named!(&words)))
        .select(referral_people::referral_id);
    let found = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(seen)
        .filter(
            begins_with!(referrals::reference, &reference)
                .or(referrals::perpetrator_id.eq_any(named!(&words)))
                .or(referrals::id.eq_any(mentions)),
        )
        .order((referrals::received_at.desc(), referrals::id.desc()))
        .limit(limit)
        .select(ReferralRow::as_select())
        .load(az.conn())?;
    saw_all(az, "referral.search", None, &found);
    Ok(found)
}

/// At most `limit` referrals of the panels the caller coordinates, of whose victims or children one has any
/// of these marks; the newest first. Whoever may not read where they are does not find them by it either.
pub fn marked(
    az: &mut Authz<'_>,
    marks: &[[u8; 32]],
    limit: i64,
) -> Result<Vec<ReferralRow>, StoreError> {
    let whole = az.scope().whole.clone();
    let coordinated: Vec<PanelId> =
        whole.into_iter().filter(|panel| az.is(Role::Coordinator, *panel)).collect();
    if coordinated.is_empty() {
        return Ok(Vec::new());
    }
    let of = whereabouts_marks::table
        .filter(whereabouts_marks::mark.eq_any(marks.iter().map(<[u8; 32]>::as_slice)))
        .select(whereabouts_marks::referral_id);
    let found = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(referrals::panel_id.eq_any(all(&coordinated)))
        .filter(referrals::id.eq_any(of))
        .order((referrals::received_at.desc(), referrals::id.desc()))
        .limit(limit)
        .select(ReferralRow::as_select())
        .load(az.conn())?;
    saw_all(az, "referral.search", None, &found);
    Ok(found)
}

/// An accepted referral that no meeting has heard since it was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// The referral.
    pub referral: ReferralRow,
    /// Its case.
    pub case: CaseId,
    /// The chair's reason for a late item.
    pub late_reason: String,
}

/// The accepted referrals of a panel's open cases that no meeting has heard since they were
/// accepted, oldest first. The agenda chooses among them by the cut-off of its meeting and by the
/// late lane.
pub fn unheard(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<Unheard>, StoreError> {
    type Joined = diesel::dsl::InnerJoinQuerySource<
        Origin,
        cases::table,
        diesel::dsl::Eq<referrals::case_id, diesel::dsl::Nullable<cases::id>>,
    >;
    let seen = referrals_in_scope!(az, Joined);
    let heard = agenda_items::table
        .inner_join(meetings::table)
        .filter(agenda_items::case_id.eq(referrals::case_id))
        .filter(agenda_items::state.eq(Sql(ItemState::Heard)))
        .filter(meetings::starts_at.nullable().ge(referrals::decided_at))
        .select(agenda_items::id);
    let found: Vec<(ReferralRow, CaseId, String)> = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .inner_join(cases::table.on(referrals::case_id.eq(cases::id.nullable())))
        .filter(cases::panel_id.eq(Sql(panel)))
        .filter(cases::state.eq(Sql(CaseStatus::Open)))
        .filter(referrals::state.eq_any(all(&[TriageStatus::Accepted, TriageStatus::Urgent])))
        .filter(diesel::dsl::not(diesel::dsl::exists(heard)))
        .filter(seen)
        .order((referrals::received_at, referrals::id))
        .select((ReferralRow::as_select(), cases::id, referrals::late_reason))
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|(_, case, _)| *case).collect();
    az.saw("referral.list", SubjectKind::Listing, None, Some(panel), shown);
    let unheard = |(referral, case, late_reason)| Unheard { referral, case, late_reason };
    Ok(found.into_iter().map(unheard).collect())
}
