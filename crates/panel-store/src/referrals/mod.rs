//! Referrals as they were received, whom they name, and how their triage stands.
//!
//! A referral is visible to whoever runs its panel, to the agency that referred, and, once it has a
//! case, to the agencies that take part in that case.

mod change;
mod facts;
mod list;

pub use change::{
    NewReferral, insert, insert_all, replace_incidents, replace_mentions, set_case, set_form,
    set_late, set_triage, taken,
};
pub use facts::{Facts, Hearing, IncidentOf, ReferralOf, VictimOf, facts, hearings};
pub use list::{
    QueueFilter, Unheard, count, count_listed, marked, naming, of_case, page, search, unheard,
};

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, incidents, people, referral_people, referrals};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::id::{
    AgencyId, CaseId, Id, IncidentId, MeetingId, PanelId, PersonId, ReferralId, UserId,
};
use panel_core::referral::{
    LateDecision, LateLane, NamedAs, ReferralForm, Source, Triage, TriageState, TriageStatus,
};
use panel_core::text::Note;
use panel_core::vocabulary::Relationship;

/// A referral as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = referrals)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferralRow {
    /// The referral.
    pub id: ReferralId,
    /// The random reference that every reader shares.
    pub reference: String,
    /// The panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// When it came back after it had been returned.
    pub resubmitted_at: Option<DateTime<Utc>>,
    /// Where it came from.
    pub source: Source,
    /// The agency that referred.
    #[diesel(column_name = agency_id)]
    pub agency: AgencyId,
    /// That agency's name.
    #[diesel(select_expression = agencies::name)]
    pub agency_name: String,
    /// The record of the perpetrator.
    #[diesel(column_name = perpetrator_id)]
    pub perpetrator: PersonId,
    /// The perpetrator's surname.
    #[diesel(select_expression = people::surname)]
    pub surname: String,
    /// The perpetrator's forename.
    #[diesel(select_expression = people::forename)]
    pub forename: String,
    /// The perpetrator's date of birth.
    #[diesel(select_expression = people::born_on)]
    pub born_on: Option<NaiveDate>,
    /// How its triage stands.
    pub state: TriageStatus,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Which way it goes when it is late.
    pub late_lane: Option<LateLane>,
    /// The meeting it is late for.
    #[diesel(column_name = meeting_id)]
    pub meeting: Option<MeetingId>,
    /// The case it opened or joined.
    #[diesel(column_name = case_id)]
    pub case: Option<CaseId>,
    /// Whether it came from an imported file.
    pub imported: bool,
    /// The version a change must name.
    pub version: i32,
}

impl ReferralRow {
    /// The instant from which it is in the panel's hands, by which it is late or in time.
    pub fn in_hand_since(&self) -> DateTime<Utc> {
        self.resubmitted_at.unwrap_or(self.received_at)
    }
}

/// Referrals with the records of their perpetrators and the agencies that referred.
type Origin =
    InnerJoinQuerySource<InnerJoinQuerySource<referrals::table, people::table>, agencies::table>;

/// The filter by which a referral is visible.
macro_rules! referrals_in_scope {
    ($az:expr, $source:ty) => {
        $crate::scope::in_scope!($az, $source, referrals::panel_id, referrals::case_id, or own referrals::agency_id)
    };
}
use referrals_in_scope;

/// Somebody whom a referral names beside the perpetrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = referral_people)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The record.
    #[diesel(column_name = person_id)]
    pub person: PersonId,
    /// As what.
    #[diesel(column_name = role)]
    pub named_as: NamedAs,
    /// Where in the form's list of these, counted from 1.
    pub position: i32,
    /// What the perpetrator is to a victim.
    pub relationship: Option<Relationship>,
}

/// An incident of a referral, as the flags need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = incidents)]
pub struct IncidentRow {
    /// The incident.
    pub id: IncidentId,
    /// The record of who was harmed, where the referral says so.
    #[diesel(column_name = victim_id)]
    pub victim: Option<PersonId>,
    /// The local date on which it happened.
    pub happened_on: Option<NaiveDate>,
    /// The local date on which it became known.
    pub identified_on: NaiveDate,
    /// Whether it would be a crime if it were reported.
    pub crime: bool,
}

/// A referral with all it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// As lists show it.
    pub row: ReferralRow,
    /// What was referred.
    pub form: ReferralForm,
    /// How its triage stands.
    pub triage: Triage,
    /// Earlier states of the triage that were answered or taken back, oldest first.
    pub history: Vec<TriageState>,
    /// Which way it goes when it is late.
    pub late: Option<LateDecision>,
    /// Who typed it in.
    pub entered_by: UserId,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// Victims and children, in the form's order.
    pub mentions: Vec<Mention>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = referrals)]
struct Rest {
    triage: String,
    history: String,
    late_reason: String,
    late_by: Option<UserId>,
    late_at: Option<DateTime<Utc>>,
    particulars: String,
    entered_by: UserId,
    entered_at: DateTime<Utc>,
}

/// One referral, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    let seen = referrals_in_scope!(az, Origin);
    let found: Option<(ReferralRow, Rest)> = referrals::table
        .inner_join(people::table)
        .inner_join(agencies::table)
        .filter(referrals::id.eq(Sql(id)))
        .filter(seen)
        .select((ReferralRow::as_select(), Rest::as_select()))
        .first(az.conn())
        .optional()?;
    let Some((row, rest)) = found else { return Ok(None) };
    az.saw("referral.show", SubjectKind::Referral, Some(id.uuid()), Some(row.panel), row.case);
    let mentions = mentions_of(az, &[id])?.into_iter().map(|(_, mention)| mention).collect();
    Ok(Some(whole(row, &rest, mentions)?))
}

fn whole(row: ReferralRow, rest: &Rest, mentions: Vec<Mention>) -> Result<Referral, StoreError> {
    let late = match (row.late_lane, rest.late_by, rest.late_at) {
        (Some(lane), Some(by), Some(at)) => {
            let reason = Note::parse(&rest.late_reason).ok();
            Some(LateDecision { lane, reason, by, at })
        }
        _ => None,
    };
    Ok(Referral {
        form: serde_json::from_str(&rest.particulars)?,
        triage: serde_json::from_str(&rest.triage)?,
        history: serde_json::from_str(&rest.history)?,
        late,
        entered_by: rest.entered_by,
        entered_at: rest.entered_at,
        mentions,
        row,
    })
}

/// Victims and children of referrals the caller has found, in the forms' order.
pub fn mentions_of(
    az: &mut Authz<'_>,
    ids: &[ReferralId],
) -> Result<Vec<(ReferralId, Mention)>, StoreError> {
    type Joined = InnerJoinQuerySource<referral_people::table, referrals::table>;
    let seen = referrals_in_scope!(az, Joined);
    Ok(referral_people::table
        .inner_join(referrals::table)
        .filter(referral_people::referral_id.eq_any(all(ids)))
        .filter(seen)
        .order((
            referral_people::referral_id,
            referral_people::role.desc(),
            referral_people::position,
        ))
        .select((referral_people::referral_id, Mention::as_select()))
        .load(az.conn())?)
}

/// The incidents of a referral the caller has found.
pub fn incidents_of(az: &mut Authz<'_>, id: ReferralId) -> Result<Vec<IncidentRow>, StoreError> {
    type Joined = InnerJoinQuerySource<incidents::table, referrals::table>;
    let seen = referrals_in_scope!(az, Joined);
    Ok(incidents::table
        .inner_join(referrals::table)
        .filter(incidents::referral_id.eq(Sql(id)))
        .filter(seen)
        .order(incidents::id)
        .select(IncidentRow::as_select())
        .load(az.conn())?)
}
