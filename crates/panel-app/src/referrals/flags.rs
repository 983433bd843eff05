//! The three flags of a referral: computed whenever somebody looks, from what that reader may know.

use crate::error::AppError;
use panel_core::id::{PersonId, ReferralId};
use panel_core::pattern::{
    IncidentFact, Judged, PairHistory, PatternPolicy, Repeat, Rereferral, Serial, repeat,
    rereferral, serial,
};
use panel_core::time::local_date;
use panel_store::Authz;
use panel_store::people;
use panel_store::referrals::{self, Facts, IncidentOf, ReferralRow, VictimOf};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a referral repeats for one of its victims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepeatFlag {
    /// The victim's name.
    pub name: String,
    /// The judgement, with its rule, anchor and dates.
    pub repeat: Repeat,
}

/// The three flags; none is ever merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Flags {
    /// One judgement for each victim of the referral.
    pub repeats: Vec<RepeatFlag>,
    /// Whether the person abuses one victim after another.
    pub serial: Serial,
    /// The names of the victims that the serial flag rests on.
    pub names: BTreeMap<PersonId, String>,
    /// Whether the person was with a panel before.
    pub rereferral: Rereferral,
    /// References of the closed cases, in their order.
    pub closed: Vec<String>,
}

impl Flags {
    /// Whether any pair of the referral is a repeat.
    pub fn is_repeat(&self) -> bool {
        self.repeats.iter().any(|one| one.repeat.flag)
    }
}

fn fact(one: &IncidentOf) -> IncidentFact {
    IncidentFact {
        incident: one.id,
        victim: one.victim,
        happened: one.happened_on,
        identified: one.identified_on,
        crime: one.crime,
    }
}

/// When the person and this victim were before a panel.
fn pair(facts: &Facts, victim: PersonId) -> PairHistory {
    let of_pair: BTreeSet<ReferralId> =
        facts.victims.iter().filter(|one| one.root == victim).map(|one| one.referral).collect();
    let dated: Vec<_> = facts
        .referrals
        .iter()
        .filter(|one| of_pair.contains(&one.id))
        .map(|one| (one.id, local_date(one.received_at), one.case))
        .collect();
    // A meeting that took the case heard what had come in about the pair by then, the latest last.
    let heard = |hearing: &referrals::Hearing| {
        let of_case = |(_, on, case): &&(_, chrono::NaiveDate, _)| {
            *case == Some(hearing.case) && *on <= hearing.on
        };
        let (referral, _, _) = dated.iter().rfind(of_case)?;
        Some((hearing.meeting, hearing.on, *referral))
    };
    PairHistory {
        hearings: facts.hearings.iter().filter_map(heard).collect(),
        referrals: dated.iter().map(|(id, on, _)| (*id, *on)).collect(),
    }
}

/// The judgements on one referral.
pub(crate) struct Judgement {
    /// Each victim's record in the referral, with whether it repeats for her or him.
    pub(crate) repeats: Vec<(PersonId, Repeat)>,
    /// Whether the person abuses one victim after another.
    pub(crate) serial: Serial,
    /// Whether the person was with a panel before.
    pub(crate) rereferral: Rereferral,
}

/// Judges a referral by the facts about its person.
pub(crate) fn judge(facts: &Facts, judged: Judged, rule: PatternPolicy) -> Judgement {
    let of_referral = |one: &&IncidentOf| one.referral == judged.referral;
    let own: Vec<IncidentFact> = facts.incidents.iter().filter(of_referral).map(fact).collect();
    let all: Vec<IncidentFact> = facts.incidents.iter().map(fact).collect();
    let victims = facts.victims.iter().filter(|one| one.referral == judged.referral);
    let one = |victim: &VictimOf| {
        (victim.person, repeat(judged, victim.root, &own, &pair(facts, victim.root), rule))
    };
    Judgement {
        repeats: victims.map(one).collect(),
        serial: serial(judged, &all),
        rereferral: rereferral(judged, &facts.closures),
    }
}

/// Judges a referral by what the caller may know about its person.
pub(crate) fn flags_of(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    rule: PatternPolicy,
) -> Result<Flags, AppError> {
    let records = people::records_of(az, row.perpetrator)?;
    let facts = referrals::facts(az, &records)?;
    let judged = Judged { referral: row.id, received: local_date(row.received_at) };
    let Judgement { repeats, serial, rereferral } = judge(&facts, judged, rule);
    let victims: Vec<PersonId> = repeats.iter().map(|(person, _)| *person).collect();
    let names = names(az, &facts, &victims, &serial)?;
    let flag = |(person, repeat): (PersonId, Repeat)| RepeatFlag {
        name: names.get(&person).cloned().unwrap_or_default(),
        repeat,
    };
    let repeats = repeats.into_iter().map(flag).collect();
    let cases: Vec<_> = rereferral.closures.iter().map(|closure| closure.case).collect();
    let found = panel_store::cases::find_many(az, &cases)?;
    let reference = |id: &_| Some(found.iter().find(|case| case.id == *id)?.reference.clone());
    let closed = cases.iter().filter_map(reference).collect();
    let by_root = serial.victims.keys();
    let names = by_root.filter_map(|root| Some((*root, names.get(root)?.clone()))).collect();
    Ok(Flags { repeats, serial, names, rereferral, closed })
}

/// The names of the referral's victims by record, and of those of the serial flag by root.
fn names(
    az: &mut Authz<'_>,
    facts: &Facts,
    victims: &[PersonId],
    serial: &Serial,
) -> Result<BTreeMap<PersonId, String>, AppError> {
    let mut wanted: BTreeMap<PersonId, PersonId> =
        victims.iter().map(|person| (*person, *person)).collect();
    // A root may lie beyond the caller's sight; the record of a referral in sight has the name too.
    for root in serial.victims.keys() {
        let seen = facts.victims.iter().rev().find(|one| one.root == *root);
        wanted.entry(*root).or_insert(seen.map_or(*root, |one| one.person));
    }
    let ids: Vec<PersonId> = wanted.values().copied().collect();
    let found = people::find_many(az, &ids)?;
    let name = |id: &PersonId| Some(found.iter().find(|person| person.id == *id)?.name());
    Ok(wanted.iter().filter_map(|(key, id)| Some((*key, name(id)?))).collect())
}
