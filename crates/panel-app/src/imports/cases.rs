//! The cases of a file's referrals.
//!
//! A closed referral has a closed case of its own, because the tracker does not say which of several
//! were closed together. Everything else about one person belongs to that person's one open case,
//! also the actions of a referral that still awaits triage: when it is accepted, it joins that case.

use super::confirm::Filing;
use super::people::Entry;
use crate::context::Ctx;
use crate::error::AppError;
use crate::random::reference;
use chrono::NaiveDate;
use panel_core::case::{Closing, ClosureReason};
use panel_core::id::{CaseId, PersonId};
use panel_core::text::Note;
use panel_core::tracker::draft::ActionDraft;
use panel_core::tracker::status::ReferralWord;
use panel_store::cases::{self, NewCase, OldCase};
use panel_store::{Authz, imports, referrals};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the closing of a case says that nobody here closed.
const CLOSED_NOTE: &str = "Closed in the old tracker, which says neither when nor why. The date is \
                           the last day that the tracker names.";

/// The days that a file names in the actions about one referral.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// When a meeting first set an action about it.
    pub(super) heard: NaiveDate,
    /// The last day of anything.
    pub(super) last: NaiveDate,
}

/// The days of each referral that actions are about, by its external reference.
pub(super) fn days_of(actions: &[ActionDraft]) -> HashMap<&str, Days> {
    let mut days: HashMap<&str, Days> = HashMap::new();
    for action in actions {
        let Some(referral) = action.referral.as_deref() else { continue };
        let last = action.status_on.map_or(action.meeting, |on| on.max(action.meeting));
        let found = days.entry(referral).or_insert(Days { heard: action.meeting, last });
        found.heard = found.heard.min(action.meeting);
        found.last = found.last.max(last);
    }
    days
}

/// Opens the cases that are new, closes those that the tracker calls closed, and tells each entry
/// its case. Answers the new cases.
pub(super) fn file(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    entries: &mut [Entry<'_>],
) -> Result<BTreeSet<CaseId>, AppError> {
    let acted = acted(filing);
    let of_person = |entry: &&mut Entry<'_>| belongs_to_person(entry, &acted);
    let needing: BTreeSet<PersonId> =
        entries.iter_mut().filter(of_person).map(|entry| entry.root).collect();
    let needing: Vec<PersonId> = needing.into_iter().collect();
    let known = imports::open_cases(az, filing.import.panel, &needing)?;
    let (mut opening, mut new) = (BTreeMap::<PersonId, NewCase>::new(), Vec::new());
    for entry in entries.iter_mut() {
        if belongs_to_person(entry, &acted) {
            let case = match known.get(&entry.root) {
                Some(case) => *case,
                None => open(filing, &mut opening, entry),
            };
            entry.actions_case = Some(case);
            if entry.is_new && entry.draft.status != ReferralWord::AwaitingTriage {
                entry.case = Some(case);
            }
        } else if entry.is_new && entry.draft.status == ReferralWord::Closed {
            let case = new_case(filing, entry);
            (entry.case, entry.actions_case) = (Some(case.id), Some(case.id));
            let closing = Some(closing(filing.ctx.today, entry)?);
            new.push(OldCase { case, closing });
        }
    }
    new.extend(opening.into_values().map(|case| OldCase { case, closing: None }));
    let referrals = entries.iter().filter(|entry| entry.is_new).count();
    let mut fresh = references(filing.ctx, az, new.len() + referrals)?.into_iter();
    for old in &mut new {
        old.case.reference = fresh.next().unwrap_or_default();
    }
    for entry in entries.iter_mut().filter(|entry| entry.is_new) {
        entry.reference = fresh.next().unwrap_or_default();
    }
    cases::insert_old(az, &new)?;
    filing.summary.cases = new.len();
    Ok(new.iter().map(|old| old.case.id).collect())
}

/// The referrals, by external reference, that new actions are about.
fn acted<'a>(filing: &Filing<'a>) -> BTreeSet<&'a str> {
    let (actions, done) = (filing.preview.actions.iter(), &filing.done.actions);
    let new = actions.filter(|action| !done.contains_key(&action.origin.external));
    new.filter_map(|action| action.referral.as_deref()).collect()
}

/// Whether the entry needs the open case of its person.
fn belongs_to_person(entry: &Entry<'_>, acted: &BTreeSet<&str>) -> bool {
    if entry.is_gone {
        return false;
    }
    match (entry.is_new, entry.draft.status) {
        (true, ReferralWord::Open | ReferralWord::Heard) => true,
        (true, ReferralWord::Closed) => false,
        (true, ReferralWord::AwaitingTriage) | (false, _) => {
            entry.case.is_none() && acted.contains(entry.draft.origin.external.as_str())
        }
    }
}

/// The case that is being opened for the entry's person, from the earliest day of any entry on.
fn open(
    filing: &Filing<'_>,
    opening: &mut BTreeMap<PersonId, NewCase>,
    entry: &Entry<'_>,
) -> CaseId {
    let case = opening.entry(entry.root).or_insert_with(|| new_case(filing, entry));
    case.opened_on = case.opened_on.min(entry.taken_up);
    case.id
}

fn new_case(filing: &Filing<'_>, entry: &Entry<'_>) -> NewCase {
    NewCase {
        id: filing.ctx.mint(),
        reference: String::new(),
        panel: filing.import.panel,
        person: entry.perpetrator,
        opened_on: entry.taken_up,
        imported: true,
    }
}

fn closing(today: NaiveDate, entry: &Entry<'_>) -> Result<Closing, AppError> {
    let note = Note::parse(CLOSED_NOTE).map_err(AppError::failed)?;
    let on = entry.last.min(today).max(entry.taken_up);
    Ok(Closing { on, reason: ClosureReason::NotRecorded, note: Some(note) })
}

/// So many references that nothing has.
fn references(ctx: &Ctx<'_>, az: &mut Authz<'_>, many: usize) -> Result<Vec<String>, AppError> {
    let mut made = BTreeSet::new();
    while made.len() < many {
        let missing = many - made.len();
        let new: BTreeSet<String> = (0..missing).map(|_| reference(&*ctx.app.ids)).collect();
        let new: Vec<String> = new.into_iter().collect();
        let taken = referrals::taken(az, &new)?;
        made.extend(new.into_iter().filter(|it| !taken.contains(it)));
    }
    Ok(made.into_iter().collect())
}
