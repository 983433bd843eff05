//! The dated facts about one person from which the flags are computed, in a fixed number of queries.

use super::referrals_in_scope;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_items, cases, incidents, meetings, people, referral_people, referrals};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::agenda::ItemState;
use panel_core::case::CaseStatus;
use panel_core::id::{CaseId, IncidentId, MeetingId, PersonId, ReferralId};
use panel_core::pattern::Closure;
use panel_core::referral::{NamedAs, TriageStatus};

/// A referral of the person that was not withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = referrals)]
pub struct ReferralOf {
    /// Which.
    pub id: ReferralId,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The case it belongs to.
    #[diesel(column_name = case_id)]
    pub case: Option<CaseId>,
}

/// A victim in one of these referrals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct VictimOf {
    /// The referral.
    #[diesel(select_expression = referral_people::referral_id)]
    pub referral: ReferralId,
    /// The victim's record there.
    #[diesel(column_name = id)]
    pub person: PersonId,
    /// The root of the victim's records.
    #[diesel(column_name = root_id)]
    pub root: PersonId,
}

/// An incident in one of these referrals with a known victim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub struct IncidentOf {
    /// The referral.
    #[diesel(column_name = referral_id)]
    pub referral: ReferralId,
    /// Which incident.
    pub id: IncidentId,
    /// The root of the victim's records.
    #[diesel(select_expression = people::root_id)]
    pub victim: PersonId,
    /// The local date on which it happened.
    pub happened_on: Option<NaiveDate>,
    /// The local date on which it became known.
    pub identified_on: NaiveDate,
    /// Whether it would be a crime if it were reported.
    pub crime: bool,
}

/// A meeting that heard a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = meetings)]
pub struct Hearing {
    /// The case.
    #[diesel(select_expression = cases::id)]
    pub case: CaseId,
    /// The meeting.
    #[diesel(column_name = id)]
    pub meeting: MeetingId,
    /// Its local date.
    #[diesel(column_name = meets_on)]
    pub on: NaiveDate,
}

/// All there is to compute the flags of one person from, as far as the caller may know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Referrals, oldest first.
    pub referrals: Vec<ReferralOf>,
    /// Their victims.
    pub victims: Vec<VictimOf>,
    /// Their incidents.
    pub incidents: Vec<IncidentOf>,
    /// Meetings that heard the cases of these referrals, oldest first.
    pub hearings: Vec<Hearing>,
    /// The person's closed cases.
    pub closures: Vec<Closure>,
}

/// Gathers the facts about a person, by all records of the person (`people::records_of`).
pub fn facts(az: &mut Authz<'_>, records: &[PersonId]) -> Result<Facts, StoreError> {
    let seen = referrals_in_scope!(az, referrals::table);
    let found: Vec<ReferralOf> = referrals::table
        .filter(referrals::perpetrator_id.eq_any(all(records)))
        .filter(referrals::state.ne(Sql(TriageStatus::Withdrawn)))
        .filter(seen)
        .order((referrals::received_at, referrals::id))
        .select(ReferralOf::as_select())
        .load(az.conn())?;
    let ids: Vec<ReferralId> = found.iter().map(|one| one.id).collect();
    let mut of: Vec<CaseId> = found.iter().filter_map(|one| one.case).collect();
    of.sort_unstable();
    of.dedup();
    Ok(Facts {
        victims: victims(az, &ids)?,
        incidents: dated(az, &ids)?,
        hearings: hearings(az, &of)?,
        closures: closures(az, records)?,
        referrals: found,
    })
}

/// The victims of referrals that were found within the scope.
fn victims(az: &mut Authz<'_>, ids: &[ReferralId]) -> Result<Vec<VictimOf>, StoreError> {
    Ok(referral_people::table
        .inner_join(people::table)
        .filter(referral_people::referral_id.eq_any(all(ids)))
        .filter(referral_people::role.eq(Sql(NamedAs::Victim)))
        .order((referral_people::referral_id, referral_people::position))
        .select(VictimOf::as_select())
        .load(az.conn())?)
}

/// The incidents of referrals that were found within the scope.
fn dated(az: &mut Authz<'_>, ids: &[ReferralId]) -> Result<Vec<IncidentOf>, StoreError> {
    Ok(incidents::table
        .inner_join(people::table.on(incidents::victim_id.eq(people::id.nullable())))
        .filter(incidents::referral_id.eq_any(all(ids)))
        .order(incidents::id)
        .select(IncidentOf::as_select())
        .load(az.conn())?)
}

/// The meetings that heard these cases, as far as the caller may know of the cases, oldest first.
pub fn hearings(az: &mut Authz<'_>, of: &[CaseId]) -> Result<Vec<Hearing>, StoreError> {
    type Joined = InnerJoinQuerySource<
        InnerJoinQuerySource<agenda_items::table, meetings::table>,
        cases::table,
    >;
    let seen = in_scope!(az, Joined, cases::panel_id, cases::id);
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .inner_join(cases::table)
        .filter(cases::id.eq_any(all(of)))
        .filter(agenda_items::state.eq(Sql(ItemState::Heard)))
        .filter(seen)
        .order((meetings::meets_on, meetings::id))
        .select(Hearing::as_select())
        .load(az.conn())?)
}

fn closures(az: &mut Authz<'_>, records: &[PersonId]) -> Result<Vec<Closure>, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    let found: Vec<(panel_core::id::CaseId, Option<NaiveDate>)> = cases::table
        .filter(cases::person_id.eq_any(all(records)))
        .filter(cases::state.eq(Sql(CaseStatus::Closed)))
        .filter(seen)
        .order((cases::closed_on.desc(), cases::id))
        .select((cases::id, cases::closed_on))
        .load(az.conn())?;
    let closure = |(case, on): (CaseId, Option<NaiveDate>)| Some(Closure { case, on: on? });
    Ok(found.into_iter().filter_map(closure).collect())
}
