//! Cases with their people, as an agenda and a question to agencies show them, in three queries
//! however many cases there are.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, cases, people, referral_people, referrals};
use crate::scope::in_scope;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{AgencyId, CaseId, PanelId, PersonId, ReferralId};
use panel_core::referral::{NamedAs, ReferralForm, Source, TriageStatus};
use std::collections::{HashMap, HashSet};

/// A case with its people.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The case.
    pub case: CaseId,
    /// The random reference.
    pub reference: String,
    /// The panel.
    pub panel: PanelId,
    /// Whether it is under management.
    pub state: CaseStatus,
    /// Rises when what agencies are asked about changes.
    pub content_version: i32,
    /// The person.
    pub person: Mentioned,
    /// The person's own address and postcode.
    pub address: String,
    /// Victims and children of its referrals, each person once.
    pub mentioned: Vec<(NamedAs, Mentioned)>,
    /// Its accepted referrals, oldest first.
    pub referrals: Vec<Origin>,
}

/// A record of a person, as far as a paper shows it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Mentioned {
    /// The record.
    pub id: PersonId,
    /// The oldest record of the same person.
    #[diesel(column_name = root_id)]
    pub root: PersonId,
    /// Family name; empty where there is none.
    pub surname: String,
    /// Given names; empty where there are none.
    pub forename: String,
    /// Other names, one a line.
    pub aliases: String,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Not born yet.
    pub unborn: bool,
}

/// An accepted referral of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The referral.
    pub id: ReferralId,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// Where it came from.
    pub source: Source,
    /// The agency that referred.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// What was referred, where it was asked for.
    pub form: Option<Box<ReferralForm>>,
}

type Named = InnerJoinQuerySource<cases::table, people::table>;
type CaseColumns = (CaseId, String, PanelId, CaseStatus, i32, String, String);
type ReferralColumns = (ReferralId, Option<CaseId>, DateTime<Utc>, Source, AgencyId, String);

/// These cases with their people, as far as the caller may know of the cases, in no order;
/// `with_forms` reads the last referral of each in full.
pub fn subjects(
    az: &mut Authz<'_>,
    ids: &[CaseId],
    with_forms: bool,
) -> Result<Vec<Subject>, StoreError> {
    let seen = in_scope!(az, Named, cases::panel_id, cases::id);
    let found: Vec<(CaseColumns, Mentioned)> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(ids)))
        .filter(seen)
        .select((
            (
                cases::id,
                cases::reference,
                cases::panel_id,
                cases::state,
                cases::content_version,
                people::address,
                people::postcode,
            ),
            Mentioned::as_select(),
        ))
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|((case, ..), _)| *case).collect();
    az.saw("case.list", SubjectKind::Listing, None, None, shown.iter().copied());
    let mut referred = referred(az, &shown)?;
    let mut mentioned = mentioned(az, &referred)?;
    if with_forms {
        read_forms(az, &mut referred)?;
    }
    let subject = |(
        (case, reference, panel, state, content_version, address, postcode),
        person,
    ): (CaseColumns, Mentioned)| {
        let referrals = referred.remove(&case).unwrap_or_default();
        let newest_first = referrals.iter().rev();
        let mentioned = newest_first.flat_map(|r| mentioned.remove(&r.id).unwrap_or_default());
        let mut once = HashSet::new();
        Subject {
            mentioned: mentioned.filter(|(as_, person)| once.insert((*as_, person.root))).collect(),
            address: [address, postcode].join(" ").trim().to_owned(),
            case,
            reference,
            panel,
            state,
            content_version,
            person,
            referrals,
        }
    };
    Ok(found.into_iter().map(subject).collect())
}

/// The accepted referrals of cases that were found within the scope.
fn referred(
    az: &mut Authz<'_>,
    ids: &[CaseId],
) -> Result<HashMap<CaseId, Vec<Origin>>, StoreError> {
    let ids: Vec<Option<CaseId>> = ids.iter().copied().map(Some).collect();
    let rows: Vec<ReferralColumns> = referrals::table
        .inner_join(agencies::table)
        .filter(referrals::case_id.eq_any(all(&ids)))
        .filter(referrals::state.eq_any(all(&[TriageStatus::Accepted, TriageStatus::Urgent])))
        .order((referrals::received_at, referrals::id))
        .select((
            referrals::id,
            referrals::case_id,
            referrals::received_at,
            referrals::source,
            referrals::agency_id,
            agencies::name,
        ))
        .load(az.conn())?;
    let mut by_case: HashMap<CaseId, Vec<Origin>> = HashMap::new();
    for (id, case, received_at, source, agency, agency_name) in rows {
        let Some(case) = case else { continue };
        let origin = Origin { id, received_at, source, agency, agency_name, form: None };
        by_case.entry(case).or_default().push(origin);
    }
    Ok(by_case)
}

type ByReferral = HashMap<ReferralId, Vec<(NamedAs, Mentioned)>>;

/// Whom these referrals name beside the perpetrator, in the forms' order.
fn mentioned(
    az: &mut Authz<'_>,
    referred: &HashMap<CaseId, Vec<Origin>>,
) -> Result<ByReferral, StoreError> {
    let ids: Vec<ReferralId> = referred.values().flatten().map(|origin| origin.id).collect();
    let rows: Vec<(ReferralId, NamedAs, Mentioned)> = referral_people::table
        .inner_join(people::table)
        .filter(referral_people::referral_id.eq_any(all(&ids)))
        .order((referral_people::referral_id, referral_people::position))
        .select((referral_people::referral_id, referral_people::role, Mentioned::as_select()))
        .load(az.conn())?;
    let mut by_referral = ByReferral::new();
    for (referral, named_as, person) in rows {
        by_referral.entry(referral).or_default().push((named_as, person));
    }
    Ok(by_referral)
}

/// Reads the last referral of each case in full.
fn read_forms(
    az: &mut Authz<'_>,
    referred: &mut HashMap<CaseId, Vec<Origin>>,
) -> Result<(), StoreError> {
    let last = |origins: &Vec<Origin>| origins.last().map(|origin| origin.id);
    let ids: Vec<ReferralId> = referred.values().filter_map(last).collect();
    let rows: Vec<(ReferralId, String)> = referrals::table
        .filter(referrals::id.eq_any(all(&ids)))
        .select((referrals::id, referrals::particulars))
        .load(az.conn())?;
    let mut forms: HashMap<ReferralId, String> = rows.into_iter().collect();
    for origin in referred.values_mut().filter_map(|origins| origins.last_mut()) {
        if let Some(text) = forms.remove(&origin.id) {
            origin.form = Some(serde_json::from_str(&text)?);
        }
    }
    Ok(())
}
