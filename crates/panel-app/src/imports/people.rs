//! The people of new referrals: one record each, and one root for those who were called one person.

use super::cases::days_of;
use super::confirm::Filing;
use super::read::{Offer, offers};
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, Id, PersonId, ReferralId};
use panel_core::likeness::{Judged, Verdict, roots};
use panel_core::text::{Name, Title};
use panel_core::tracker::draft::{ReferralDraft, SubjectDraft, VictimDraft};
use panel_store::Authz;
use panel_store::imports;
use panel_store::people::{self, Pair, Person};
use std::collections::{BTreeMap, HashMap};

/// A referral of the file, new or imported before.
#[derive(Debug, Clone)]
pub(super) struct Entry<'a> {
    pub(super) draft: &'a ReferralDraft,
    pub(super) id: ReferralId,
    /// The random reference of a new one, once it has been made.
    pub(super) reference: String,
    pub(super) is_new: bool,
    /// It was imported before and is no longer there. It does not come back.
    pub(super) is_gone: bool,
    pub(super) perpetrator: PersonId,
    pub(super) victim: Option<PersonId>,
    /// The root of the perpetrator's records.
    pub(super) root: PersonId,
    /// The day on which it was first dealt with: received, or heard before that.
    pub(super) taken_up: NaiveDate,
    /// The last day that the file names about it.
    pub(super) last: NaiveDate,
    /// The case of the referral, where it is accepted.
    pub(super) case: Option<CaseId>,
    /// The case that actions about it belong to.
    pub(super) actions_case: Option<CaseId>,
}

/// Adds the records of the people in new referrals, linked as the coordinator decided, and offers
/// the other likely pairs. The entries stand in the order of the preview's referrals.
pub(super) fn file<'a>(
    filing: &mut Filing<'a>,
    az: &mut Authz<'_>,
) -> Result<Vec<Entry<'a>>, AppError> {
    let mut entries = entries(filing, az)?;
    let mut offers = offers(filing.preview, &filing.done, filing.choices);
    let is_there = |place: usize| entries.get(place).is_some_and(|entry| !entry.is_gone);
    offers.retain(|offer| is_there(offer.one) && is_there(offer.two));
    link(filing, az, &mut entries, &offers)?;
    let new: Vec<Person> =
        entries.iter().filter(|entry| entry.is_new).flat_map(records_of).collect();
    let weighed = people::weigh_all(az, &new)?;
    people::insert_all(az, &new)?;
    let mut pairs = pairs(&entries, &offers);
    pairs.extend(weighed);
    people::judge_all(az, &pairs)?;
    let fresh = entries.iter().filter(|it| it.is_new && it.root == it.perpetrator);
    filing.summary.people = fresh.count();
    filing.summary.linked = offers.iter().filter(|it| it.same == Some(true)).count();
    filing.summary.offered = offers.iter().filter(|it| it.same.is_none()).count();
    Ok(entries)
}

fn entries<'a>(filing: &Filing<'a>, az: &mut Authz<'_>) -> Result<Vec<Entry<'a>>, AppError> {
    let known: Vec<ReferralId> =
        filing.done.referrals.values().map(|id| ReferralId::from_uuid(*id)).collect();
    let standings = imports::standings(az, filing.import.panel, &known)?;
    let standings: HashMap<ReferralId, imports::Standing> =
        standings.into_iter().map(|standing| (standing.referral, standing)).collect();
    let days = days_of(&filing.preview.actions);
    let entry = |draft: &'a ReferralDraft| {
        let of_actions = days.get(draft.origin.external.as_str()).copied();
        let taken_up = of_actions.map_or(draft.received, |it| it.heard.min(draft.received));
        let last = of_actions.map_or(draft.received, |it| it.last.max(draft.received));
        let known = filing.done.referrals.get(&draft.origin.external);
        let standing = known.and_then(|id| standings.get(&ReferralId::from_uuid(*id)));
        let perpetrator = standing.map_or_else(|| filing.ctx.mint(), |it| it.perpetrator);
        let is_new = known.is_none();
        Entry {
            draft,
            id: standing.map_or_else(|| filing.ctx.mint(), |it| it.referral),
            reference: String::new(),
            is_new,
            is_gone: known.is_some() && standing.is_none(),
            perpetrator,
            victim: (is_new && draft.victim.is_some()).then(|| filing.ctx.mint()),
            root: standing.map_or(perpetrator, |it| it.root),
            taken_up,
            last,
            case: standing.and_then(|it| it.case),
            actions_case: standing.and_then(|it| it.case),
        }
    };
    Ok(filing.preview.referrals.iter().map(entry).collect())
}

/// Gives the records that were called one person one root: the oldest of theirs.
fn link(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
    entries: &mut [Entry<'_>],
    offers: &[Offer],
) -> Result<(), AppError> {
    let same: Vec<&Offer> = offers.iter().filter(|offer| offer.same == Some(true)).collect();
    for group in &filing.preview.links {
        let root = |place: usize| entries.get(place).map(|entry| entry.root);
        let judged: Vec<Judged> = same
            .iter()
            .filter(|offer| group.referrals.contains(&offer.one))
            .filter_map(|offer| {
                let (one, two) = (root(offer.one)?, root(offer.two)?);
                Some(Judged { one, two, verdict: Verdict::Same })
            })
            .collect();
        if judged.is_empty() {
            continue;
        }
        let before: Vec<PersonId> = group.referrals.iter().filter_map(|it| root(*it)).collect();
        let after = roots(&before, &judged);
        join_known(az, entries, &group.referrals, &after)?;
        for place in &group.referrals {
            if let Some(entry) = entries.get_mut(*place)
                && let Some(root) = after.get(&entry.root)
            {
                entry.root = *root;
            }
        }
        let (kind, subject) = (AuditKind::Combination, SubjectKind::Person);
        for root in linked(&after) {
            let deed = Deed::new(kind, "person.link", subject, Some(root.uuid()));
            az.did(deed.at(filing.import.panel));
        }
    }
    Ok(())
}

/// The roots that more than one record has now.
fn linked(after: &BTreeMap<PersonId, PersonId>) -> Vec<PersonId> {
    let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
    for root in after.values() {
        *counts.entry(*root).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(root, _)| root).collect()
}

/// People of earlier imports that a new row shows to be one get one root too.
fn join_known(
    az: &mut Authz<'_>,
    entries: &[Entry<'_>],
    places: &[usize],
    after: &BTreeMap<PersonId, PersonId>,
) -> Result<(), AppError> {
    let known = places.iter().filter_map(|place| entries.get(*place)).filter(|it| !it.is_new);
    for entry in known {
        if let Some(root) = after.get(&entry.root).filter(|root| **root != entry.root) {
            people::join_roots(az, &[entry.root], *root)?;
        }
    }
    Ok(())
}

/// What is kept of the pairs: what was decided, and the rest as offered.
fn pairs(entries: &[Entry<'_>], offers: &[Offer]) -> Vec<Pair> {
    let pair = |offer: &Offer| {
        let (one, two) = (entries.get(offer.one)?, entries.get(offer.two)?);
        Some(Pair {
            one: one.perpetrator,
            two: two.perpetrator,
            verdict: match offer.same {
                Some(true) => Verdict::Same,
                Some(false) => Verdict::Different,
                None => Verdict::Offered,
            },
            likeness: offer.likeness.clone(),
        })
    };
    offers.iter().filter_map(pair).collect()
}

/// The records that a new referral makes, each after its root.
fn records_of(entry: &Entry<'_>) -> Vec<Person> {
    let draft = entry.draft;
    let mut records = vec![perpetrator(entry.perpetrator, entry.root, &draft.subject)];
    if let (Some(id), Some(victim)) = (entry.victim, &draft.victim) {
        records.push(victim_of(id, victim));
    }
    records
}

fn text(name: Option<&Name>) -> String {
    name.map_or_else(String::new, ToString::to_string)
}

fn perpetrator(id: PersonId, root: PersonId, draft: &SubjectDraft) -> Person {
    Person {
        aliases: draft.alias.iter().map(ToString::to_string).collect(),
        born_on: draft.born,
        gender: draft.gender,
        ethnicity: draft.ethnicity,
        address: draft.address.as_ref().map_or("", Title::as_str).to_owned(),
        postcode: draft.postcode.as_ref().map_or("", |it| it.as_str()).to_owned(),
        root,
        ..Person::named(id, text(draft.forename.as_ref()), draft.surname.to_string())
    }
}

fn victim_of(id: PersonId, draft: &VictimDraft) -> Person {
    let named = Person::named(id, text(draft.forename.as_ref()), draft.surname.to_string());
    Person { born_on: draft.born, ..named }
}
