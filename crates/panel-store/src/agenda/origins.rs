//! Whose referrals and cases there are, so that the flags of many people are computed in a fixed
//! number of queries.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::referrals::{Facts, facts};
use crate::schema::{cases, people, referrals};
use diesel::prelude::*;
use panel_core::id::{CaseId, PersonId, ReferralId};
use std::collections::HashMap;

/// The facts about the people of these cases, by case, as far as the caller may know of them.
pub fn facts_of(az: &mut Authz<'_>, ids: &[CaseId]) -> Result<HashMap<CaseId, Facts>, StoreError> {
    let roots: Vec<(CaseId, PersonId)> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(ids)))
        .select((cases::id, people::root_id))
        .load(az.conn())?;
    let wanted: Vec<PersonId> = roots.iter().map(|(_, root)| *root).collect();
    let records: Vec<(PersonId, PersonId)> = people::table
        .filter(people::root_id.eq_any(all(&wanted)))
        .select((people::id, people::root_id))
        .load(az.conn())?;
    let every: Vec<PersonId> = records.iter().map(|(record, _)| *record).collect();
    let root_of: HashMap<PersonId, PersonId> = records.into_iter().collect();
    let together = facts(az, &every)?;
    let referred: Vec<(ReferralId, PersonId)> = referrals::table
        .filter(referrals::perpetrator_id.eq_any(all(&every)))
        .select((referrals::id, referrals::perpetrator_id))
        .load(az.conn())?;
    let managed: Vec<(CaseId, PersonId)> = cases::table
        .filter(cases::person_id.eq_any(all(&every)))
        .select((cases::id, cases::person_id))
        .load(az.conn())?;
    let owner = |record: PersonId| root_of.get(&record).copied();
    let referred: HashMap<ReferralId, PersonId> =
        referred.into_iter().filter_map(|(id, record)| Some((id, owner(record)?))).collect();
    let managed: HashMap<CaseId, PersonId> =
        managed.into_iter().filter_map(|(id, record)| Some((id, owner(record)?))).collect();
    let of = |root: PersonId| only(&together, root, &referred, &managed);
    Ok(roots.into_iter().map(|(case, root)| (case, of(root))).collect())
}

/// The facts about one of several people.
fn only(
    together: &Facts,
    root: PersonId,
    referred: &HashMap<ReferralId, PersonId>,
    managed: &HashMap<CaseId, PersonId>,
) -> Facts {
    let by_referral = |id: &ReferralId| referred.get(id) == Some(&root);
    let by_case = |id: &CaseId| managed.get(id) == Some(&root);
    Facts {
        referrals: together.referrals.iter().filter(|r| by_referral(&r.id)).copied().collect(),
        victims: together.victims.iter().filter(|v| by_referral(&v.referral)).copied().collect(),
        incidents: together
            .incidents
            .iter()
            .filter(|i| by_referral(&i.referral))
            .copied()
            .collect(),
        hearings: together.hearings.iter().filter(|h| by_case(&h.case)).copied().collect(),
        closures: together.closures.iter().filter(|c| by_case(&c.case)).copied().collect(),
    }
}
