//! How complete a referral is: a list to ask by, and nothing that blocks or scores.

use super::field::ReferralField;
use super::form::{ReferralForm, Referrer};
use super::people::{Address, Child, Victim};
use super::whereabouts::ProtectedField;
use crate::coded::Coded;
use crate::text::Note;
use crate::vocabulary::{Answer, Gap, Liberty};

/// Which fields of a referral are filled.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completeness {
    /// Filled.
    pub present: Vec<ReferralField>,
    /// Empty, though the question was put: declined, or nobody knows.
    pub settled: Vec<(ReferralField, Gap)>,
    /// Empty, and nobody has said why, or nobody has asked. A field about victims, children or
    /// incidents is missing as long as any one of them lacks it.
    pub missing: Vec<ReferralField>,
}

impl Completeness {
    /// How many of the fields that apply are filled or settled, and how many apply.
    pub fn counts(&self) -> (usize, usize) {
        let answered = self.present.len() + self.settled.len();
        (answered, answered + self.missing.len())
    }
}

/// Measures a referral.
pub fn completeness(form: &ReferralForm) -> Completeness {
    let mut found = Completeness::default();
    for field in ReferralField::ALL.iter().copied() {
        match (filled(form, field), form.gaps.get(&field)) {
            (Filled::NotAsked, _) => {}
            (Filled::Yes, _) => found.present.push(field),
            (Filled::No, Some(gap)) if gap.is_settled() => found.settled.push((field, *gap)),
            (Filled::No, _) => found.missing.push(field),
        }
    }
    found
}

/// Whether a field is filled.
#[derive(Clone, Copy)]
enum Filled {
    Yes,
    No,
    /// It does not apply, such as the release date of a person who is free.
    NotAsked,
}

impl From<bool> for Filled {
    fn from(filled: bool) -> Self {
        if filled { Self::Yes } else { Self::No }
    }
}

fn filled(form: &ReferralForm, field: ReferralField) -> Filled {
    use ReferralField as F;
    let (who, context) = (&form.perpetrator, &form.context);
    match field {
        F::ReferrerName => form.referrer.name.is_some().into(),
        F::ReferrerContact => is_reachable(&form.referrer).into(),
        F::PerpetratorSurname => who.name.surname.is_some().into(),
        F::PerpetratorForename => who.name.forename.is_some().into(),
        F::PerpetratorBorn => who.born.is_some().into(),
        F::PerpetratorGender => who.gender.is_some().into(),
        F::PerpetratorEthnicity => who.ethnicity.is_some().into(),
        F::PerpetratorAddress => who.addresses.first().is_some_and(is_whole).into(),
        F::PerpetratorLanguage => who.first_language.is_some().into(),
        F::LivesWithVictim => who.lives_with_victim.is_some().into(),
        F::Liberty => who.liberty.is_some().into(),
        F::ReleaseDate if who.liberty != Some(Liberty::Custody) => Filled::NotAsked,
        F::ReleaseDate => who.release_on.is_some().into(),
        F::PositionOfTrust => who.position_of_trust.is_some().into(),
        F::VictimName => each(form, |one| !one.name.is_empty()),
        F::VictimBorn => each(form, |one| one.born.is_some()),
        F::VictimAddress => each(form, has_address),
        F::VictimTelephone => each(form, has_telephone),
        F::SafeToCall => each(form, |one| one.safe_to_call.is_some()),
        F::Relationship => each(form, |one| one.relationship.is_some()),
        F::Aware => each(form, |one| one.aware.is_some()),
        F::UnawareReason => reason(form, |one| (one.aware, &one.unaware_reason)),
        F::Consent => each(form, |one| one.consent.is_some()),
        F::NoConsentReason => reason(form, |one| (one.consent, &one.no_consent_reason)),
        F::Advocate => each(form, |one| one.advocate.is_some()),
        F::AfraidOf => each(form, |one| one.afraid_of.is_some()),
        F::SafeToTalkTo => each(form, |one| one.safe_to_talk_to.is_some()),
        F::NotSafeToTalkTo => each(form, |one| one.not_safe_to_talk_to.is_some()),
        F::WantsPolice => each(form, |one| one.wants_police.is_some()),
        F::Wishes => each(form, |one| one.wishes.is_some()),
        F::Children => (!form.children.is_empty() || form.any_children.is_some()).into(),
        F::ChildDetails => all(&form.children, is_known),
        F::Incidents => (!form.incidents.is_empty()).into(),
        F::IncidentDates => all(&form.incidents, |one| one.happened.or(one.identified).is_some()),
        F::IncidentVictims => all(&form.incidents, |one| one.victim.is_some()),
        F::Criteria => (!form.grounds.criteria.is_empty()).into(),
        F::Grounds => form.grounds.text.is_some().into(),
        F::Weapons => context.weapons.is_some().into(),
        F::RisksToStaff => context.risks_to_staff.is_some().into(),
        F::NewPartner => context.new_partner.is_some().into(),
        F::Arrangements => (!context.arrangements.is_empty()).into(),
        F::OtherPanel => context.other_panel.is_some().into(),
    }
}

/// Filled when every victim has it; a form without victims lacks it.
fn each(form: &ReferralForm, has: fn(&Victim) -> bool) -> Filled {
    (!form.victims.is_empty() && form.victims.iter().all(has)).into()
}

/// Filled when every entry has it; nothing is asked of an empty list.
fn all<T>(entries: &[T], has: fn(&T) -> bool) -> Filled {
    if entries.is_empty() { Filled::NotAsked } else { entries.iter().all(has).into() }
}

/// Asked only where a victim's answer is no, and filled when each such answer has its reason.
fn reason(form: &ReferralForm, of: fn(&Victim) -> (Option<Answer>, &Option<Note>)) -> Filled {
    let mut answers = form.victims.iter().map(of).filter(|(said, _)| *said == Some(Answer::No));
    match answers.next() {
        None => Filled::NotAsked,
        Some((_, first)) => (first.is_some() && answers.all(|(_, why)| why.is_some())).into(),
    }
}

const fn is_reachable(referrer: &Referrer) -> bool {
    referrer.telephone.is_some() || referrer.email.is_some()
}

const fn is_known(child: &Child) -> bool {
    child.unborn || (child.born.is_some() && !child.name.is_empty())
}

/// What is kept apart counts as there.
fn has_address(one: &Victim) -> bool {
    let kept = |field| one.kept.contains(&field);
    (one.address.lines.is_some() || kept(ProtectedField::Address))
        && (one.address.postcode.is_some() || kept(ProtectedField::Postcode))
}

fn has_telephone(one: &Victim) -> bool {
    one.telephone.is_some() || one.kept.contains(&ProtectedField::Telephone)
}

const fn is_whole(address: &Address) -> bool {
    address.lines.is_some() && address.postcode.is_some()
}
