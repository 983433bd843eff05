//! Repeat, serial and re-referral of a case's latest referral, for many cases at once.

use chrono::NaiveDate;
use panel_core::id::{PersonId, ReferralId};
use panel_core::pattern::{
    AnchorFact, Dated, IncidentFact, Judged, PairHistory, PatternPolicy, Repeat, Rereferral,
    Serial, repeat, rereferral, serial,
};
use panel_core::time::local_date;
use panel_core::words;
use panel_store::referrals::{Facts, Hearing, IncidentOf};
use std::collections::BTreeSet;

/// The three flags of one referral; they are never merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flags {
    /// One for each victim of the referral.
    pub(super) repeats: Vec<Repeat>,
    pub(super) serial: Serial,
    pub(super) rereferral: Rereferral,
}

impl Flags {
    pub(super) fn is_repeat(&self) -> bool {
        self.repeats.iter().any(|repeat| repeat.flag)
    }

    /// The flags that apply, each with its anchor and dates.
    pub(super) fn words(&self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        let repeats: BTreeSet<String> = self.repeats.iter().filter_map(repeat_in_words).collect();
        told.extend(repeats);
        if self.serial.flag {
            let (victims, from) = (self.serial.victims.len(), words::date(self.serial.from));
            told.push(format!("Serial: {victims} victims since {from}"));
        }
        if let Some(last) = self.rereferral.closures.first().filter(|_| self.rereferral.flag) {
            told.push(format!("Re-referral: a case was closed on {}", words::date(last.on)));
        }
        told
    }
}

fn repeat_in_words(repeat: &Repeat) -> Option<String> {
    let anchor = match repeat.anchor.filter(|_| repeat.flag)? {
        AnchorFact::Referral { on, .. } => format!("the referral of {}", words::date(on)),
        AnchorFact::Meeting { on, .. } => format!("the meeting of {}", words::date(on)),
    };
    let date = |dated: &Dated| words::date(dated.on);
    let dates: Vec<String> = repeat.incidents.iter().map(date).collect();
    Some(format!("Repeat: {} within 12 months of {anchor}", words::list(&dates)))
}

/// The flags of one referral, from the facts about its person; none when it is not among them.
pub(super) fn flags(facts: &Facts, judged: ReferralId, policy: PatternPolicy) -> Option<Flags> {
    let referral = facts.referrals.iter().find(|one| one.id == judged)?;
    let judged = Judged { referral: judged, received: local_date(referral.received_at) };
    let named = |incident: &&IncidentOf| incident.referral == judged.referral;
    let own: Vec<IncidentFact> = facts.incidents.iter().filter(named).map(fact).collect();
    let all: Vec<IncidentFact> = facts.incidents.iter().map(fact).collect();
    let victims: BTreeSet<PersonId> = facts
        .victims
        .iter()
        .filter(|victim| victim.referral == judged.referral)
        .map(|victim| victim.root)
        .collect();
    let one = |victim: PersonId| repeat(judged, victim, &own, &history(facts, victim), policy);
    Some(Flags {
        repeats: victims.into_iter().map(one).collect(),
        serial: serial(judged, &all),
        rereferral: rereferral(judged, &facts.closures),
    })
}

fn fact(incident: &IncidentOf) -> IncidentFact {
    IncidentFact {
        incident: incident.id,
        victim: incident.victim,
        happened: incident.happened_on,
        identified: incident.identified_on,
        crime: incident.crime,
    }
}

/// The referrals of the person with one victim, and the meetings that heard them.
fn history(facts: &Facts, victim: PersonId) -> PairHistory {
    let of_pair: BTreeSet<ReferralId> =
        facts.victims.iter().filter(|v| v.root == victim).map(|v| v.referral).collect();
    let referrals = facts.referrals.iter().filter(|one| of_pair.contains(&one.id));
    let referrals: Vec<(ReferralId, NaiveDate)> =
        referrals.map(|one| (one.id, local_date(one.received_at))).collect();
    // A meeting heard the latest referral of its case that had been received by then.
    let heard = |hearing: &Hearing| {
        let of_case = facts.referrals.iter().filter(|one| {
            one.case == Some(hearing.case) && local_date(one.received_at) <= hearing.on
        });
        let heard = of_case.filter(|one| of_pair.contains(&one.id)).next_back()?;
        Some((hearing.meeting, hearing.on, heard.id))
    };
    let hearings = facts.hearings.iter().filter_map(heard).collect();
    PairHistory { referrals, hearings }
}
