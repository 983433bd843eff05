//! The agenda that proposes itself: shown with every change it would make, and saved when confirmed.

use super::desk::{Desk, write_order};
use super::edit::by_hand;
use super::gather::{Gathered, gather};
use crate::context::Ctx;
use crate::error::AppError;
use crate::random::hex;
use panel_core::agenda::{
    CaseType, Entry, ItemState, OnAgenda, Proposed, Regrouped, Revision, Section, propose, revise,
};
use panel_core::id::{AgendaItemId, CaseId, MeetingId, ReferralId};
use panel_core::meeting::MeetingState;
use panel_core::time::local;
use panel_core::words;
use panel_store::Authz;
use panel_store::agenda::{self, Item, issues};
use panel_store::meetings::Meeting;
use panel_store::referrals::ReferralRow;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// One line that would be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedView {
    /// Where it would stand.
    pub section: Section,
    /// The case reference, or the heading.
    pub label: String,
    /// The case.
    pub case: Option<CaseId>,
    /// Why it is there.
    pub case_type: Option<CaseType>,
    /// The reason in words, with its dates; empty for what stands on every agenda.
    pub why: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// Whether it came after the cut-off.
    pub late: bool,
}

/// A late referral for which nobody has said which way it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingView {
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: String,
    /// When it came, in words.
    pub received: String,
}

/// What a new proposal would change. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The version of the agenda that it would change.
    pub version: i32,
    /// What names this proposal when it is confirmed.
    pub digest: String,
    /// What would be added, in the published order.
    pub added: Vec<ProposedView>,
    /// Every change as a sentence: added, taken off, moved to another section.
    pub changes: Vec<String>,
    /// Late referrals that wait for the chair.
    pub waiting: Vec<WaitingView>,
    /// What to know. A warning never blocks.
    pub warnings: Vec<String>,
}

/// What a proposal would do to the agenda as it stands.
struct Draft {
    items: Vec<Item>,
    gathered: Gathered,
    revision: Revision,
    changes: Vec<String>,
}

impl Draft {
    fn of(ctx: &Ctx<'_>, az: &mut Authz<'_>, desk: &Desk) -> Result<Self, AppError> {
        let items = desk.items(az)?;
        let mut gathered = gather(ctx, az, desk)?;
        let (candidates, carried) =
            (std::mem::take(&mut gathered.candidates), std::mem::take(&mut gathered.carried));
        let proposal = propose(candidates, carried, &desk.panel.policy.agenda);
        let standing: Vec<OnAgenda> = items.iter().map(on_agenda).collect();
        let revision = revise(&standing, proposal);
        let labels = labels(az, &items, &gathered)?;
        let changes = told(&revision, &items, &labels);
        Ok(Self { items, gathered, revision, changes })
    }

    /// What names the proposal: the agenda's version and every change, in order.
    fn digest(&self, version: i32) -> String {
        let mut hash = Sha256::new();
        hash.update(version.to_be_bytes());
        for line in &self.changes {
            hash.update(line.as_bytes());
            hash.update([0]);
        }
        hex(&hash.finalize()).chars().take(16).collect()
    }
}

fn on_agenda(item: &Item) -> OnAgenda {
    OnAgenda {
        item: item.id,
        section: item.section,
        case: item.case,
        case_type: item.case_type,
        title: item.title.clone(),
        state: item.state,
        late: item.late,
        by_hand: item.by_hand,
        carried_from: item.carried_from,
    }
}

/// What each case is called, those on the agenda among them.
fn labels(
    az: &mut Authz<'_>,
    items: &[Item],
    gathered: &Gathered,
) -> Result<HashMap<CaseId, String>, AppError> {
    let mut labels = gathered.references.clone();
    let more: Vec<CaseId> =
        items.iter().filter_map(|i| i.case).filter(|case| !labels.contains_key(case)).collect();
    let rows = panel_store::cases::find_many(az, &more)?;
    labels.extend(rows.into_iter().map(|row| (row.id, row.reference)));
    Ok(labels)
}

fn told(revision: &Revision, items: &[Item], labels: &HashMap<CaseId, String>) -> Vec<String> {
    let reference = |case: CaseId| labels.get(&case).cloned().unwrap_or_default();
    let item = |id: AgendaItemId| items.iter().find(|item| item.id == id);
    let name = |id: AgendaItemId| {
        item(id).map_or_else(String::new, |i| i.case.map_or_else(|| i.title.clone(), reference))
    };
    let added = revision.added.iter().map(|line| {
        let late = if line.is_late() { ", late" } else { "" };
        let what = line.case.as_ref().map_or_else(|| line.title.clone(), |c| reference(c.case));
        let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
        format!("Added{late}: {what} under “{}”{why}", line.section)
    });
    let removed =
        revision.removed.iter().map(|id| format!("Taken off: {}, no longer due", name(*id)));
    let moved = revision.regrouped.iter().map(|change| {
        let (from, to) = (change.from, change.to.section());
        let late = if change.to.late { ", late" } else { "" };
        let what = name(change.item);
        if from == to {
            format!("Changed: {what} is now “{}”{late}", change.to.case_type)
        } else {
            format!("Moved: {what} from “{from}” to “{to}”{late}")
        }
    });
    added.chain(removed).chain(moved).collect()
}

/// Proposes the agenda of a meeting: for one without items the whole, else what has come or gone
/// since. The order, minutes and presenters that somebody set stay.
///
/// # Errors
/// [`AppError::Rule`] `agenda_issued` while the agenda is locked, `wrong_state` once the meeting has
/// begun, `no_holiday_data` when no cut-off can be counted; [`AppError::NotFound`] for whoever does
/// not run the panel.
pub fn proposal(ctx: &Ctx<'_>, id: MeetingId) -> Result<Proposal, AppError> {
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        must_be_draft(&desk)?;
        let draft = Draft::of(ctx, az, &desk)?;
        let version = desk.head.version;
        Ok(Proposal {
            version,
            digest: draft.digest(version),
            added: draft.revision.added.iter().map(|line| view(line, &draft.gathered)).collect(),
            waiting: draft.gathered.waiting.iter().map(waiting).collect(),
            warnings: warnings(ctx, &draft.gathered.earlier),
            changes: draft.changes,
        })
    })
}

fn must_be_draft(desk: &Desk) -> Result<(), AppError> {
    desk.must_be_unlocked()?;
    match desk.meeting.state {
        MeetingState::Planned | MeetingState::Issued => Ok(()),
        state => Err(panel_core::meeting::MeetingError::WrongState(state).into()),
    }
}

fn view(line: &Proposed, gathered: &Gathered) -> ProposedView {
    let case = line.case.as_ref().map(|candidate| candidate.case);
    let reference = case.and_then(|case| gathered.references.get(&case).cloned());
    ProposedView {
        section: line.section,
        label: reference.unwrap_or_else(|| line.title.clone()),
        case,
        case_type: line.case.as_ref().map(|candidate| candidate.case_type),
        why: line.why.clone(),
        minutes: line.minutes,
        late: line.is_late(),
    }
}

fn waiting(referral: &ReferralRow) -> WaitingView {
    WaitingView {
        referral: referral.id,
        reference: referral.reference.clone(),
        received: words::date_time(local(referral.in_hand_since())),
    }
}

fn warnings(ctx: &Ctx<'_>, earlier: &[Meeting]) -> Vec<String> {
    let warn = |meeting: &Meeting| {
        let day = words::weekday_date(meeting.on);
        if meeting.on < ctx.today && meeting.state != MeetingState::InProgress {
            format!(
                "The meeting of {day} was neither held nor cancelled: its cases are taken up here"
            )
        } else {
            format!("The meeting of {day} comes first: propose again once it was held")
        }
    };
    earlier.iter().map(warn).collect()
}

/// Saves a proposal as it was shown. Returns the agenda's new version.
///
/// # Errors
/// As [`proposal`], and [`AppError::Stale`] when the agenda or what it proposes has changed since.
pub fn confirm(ctx: &Ctx<'_>, id: MeetingId, version: i32, digest: &str) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, version)?;
        must_be_draft(&desk)?;
        let draft = Draft::of(ctx, az, &desk)?;
        if draft.digest(version) != digest {
            return Err(AppError::Stale);
        }
        save(ctx, az, &desk, &draft)?;
        let Revision { added, removed, regrouped, .. } = &draft.revision;
        let counts = format!(
            "{} added, {} taken off, {} moved",
            added.len(),
            removed.len(),
            regrouped.len()
        );
        az.did(desk.deed("agenda.propose", None).with(counts));
        Ok(version + 1)
    })
}

fn save(ctx: &Ctx<'_>, az: &mut Authz<'_>, desk: &Desk, draft: &Draft) -> Result<(), AppError> {
    let item = |id: &AgendaItemId| draft.items.iter().find(|item| item.id == *id);
    let new: Vec<Item> = draft.revision.added.iter().map(|line| added(ctx, desk, line)).collect();
    agenda::insert_all(az, &new)?;
    for change in &draft.revision.regrouped {
        if let Some(found) = item(&change.item) {
            agenda::arrange(az, &regrouped(found, change))?;
        }
    }
    let gone = take_off(az, desk, draft)?;
    let mut order: Vec<(AgendaItemId, Option<i32>)> = Vec::new();
    for entry in &draft.revision.order {
        match entry {
            Entry::Kept(id) => order.push((*id, item(id).map(|item| item.position))),
            Entry::Added(n) => order.extend(new.get(*n).map(|item| (item.id, None))),
        }
    }
    order.extend(gone.into_iter().map(|id| (id, item(&id).map(|item| item.position))));
    write_order(az, &order)
}

/// Takes off what is no longer due: it goes without a trace while nobody was told of it, and stays
/// as withdrawn once it was issued. Returns what stays.
fn take_off(az: &mut Authz<'_>, desk: &Desk, draft: &Draft) -> Result<Vec<AgendaItemId>, AppError> {
    let issued = issues::latest(az, desk.meeting.id, 1)?;
    let was_issued = |id: &AgendaItemId| {
        issued.iter().any(|(_, paper)| paper.lines.iter().any(|line| line.item == *id))
    };
    let (told, untold): (Vec<_>, Vec<_>) =
        draft.revision.removed.iter().copied().partition(was_issued);
    agenda::delete(az, &untold)?;
    for item in draft.items.iter().filter(|item| told.contains(&item.id)) {
        let state_reason = "No longer due".to_owned();
        let off = Item { state: ItemState::Withdrawn, state_reason, ..item.clone() };
        if !agenda::update(az, &off)? {
            return Err(AppError::Stale);
        }
    }
    Ok(told)
}

fn added(ctx: &Ctx<'_>, desk: &Desk, line: &Proposed) -> Item {
    let case = line.case.as_ref();
    Item {
        section: line.section,
        case: case.map(|candidate| candidate.case),
        case_type: case.map(|candidate| candidate.case_type),
        title: line.title.clone(),
        minutes: line.minutes,
        late: line.is_late(),
        late_reason: case.map_or_else(String::new, |candidate| candidate.late_reason.clone()),
        carried_from: line.carried_from,
        why: line.why.clone(),
        by_hand: false,
        ..by_hand(ctx, desk)
    }
}

fn regrouped(item: &Item, change: &Regrouped) -> Item {
    Item {
        section: change.to.section(),
        case_type: Some(change.to.case_type),
        late: change.to.late,
        late_reason: change.to.late_reason.clone(),
        carried_from: change.to.carried_from.or(item.carried_from),
        why: change.to.why.clone(),
        ..item.clone()
    }
}
