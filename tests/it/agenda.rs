//! The agenda: proposed, worked on, issued, read.

mod proposed;
mod surplus;
mod worked_on;

use crate::casework::Accepted;
use crate::series::{ahead, begin, rows, show, times, weeks};
use chrono::Weekday;
use panel_app::agenda::{self, Arrangement, CaseForm, DraftView, LeaveForm, Proposal, TitleForm};
use panel_app::cases::ClosureForm;
use panel_app::meetings::{self, MeetingView};
use panel_app::{AppError, panels};
use panel_core::agenda::{CaseType, Decision, ItemState, Move, Section};
use panel_core::case::ClosureReason;
use panel_core::id::{AgendaItemId, CaseId, MeetingId};
use panel_core::settings::PanelPolicy;
use panel_store::agenda::{self as items, Item, Notes};
use panel_tests::world::{COORDINATOR, World};
use std::collections::BTreeSet;

/// Meetings on Thursdays from 16 April 2026 on, every four weeks.
#[track_caller]
pub(crate) fn meetings_of(world: &World, n: u16) -> Vec<MeetingView> {
    begin(world, weeks(4, &[Weekday::Thu]), "2026-04-16", times(n));
    ahead(world)
}

#[track_caller]
pub(crate) fn propose(world: &World, meeting: MeetingId) -> Proposal {
    agenda::proposal(&world.by(COORDINATOR), meeting).unwrap()
}

/// Proposes and confirms.
#[track_caller]
pub(crate) fn build(world: &World, meeting: MeetingId) -> i32 {
    let Proposal { version, digest, .. } = propose(world, meeting);
    agenda::confirm(&world.by(COORDINATOR), meeting, version, &digest).unwrap()
}

#[track_caller]
pub(crate) fn draft(world: &World, meeting: MeetingId) -> DraftView {
    agenda::draft(&world.by(COORDINATOR), meeting).unwrap()
}

/// The lines of the draft: section, what they are called, how they came there.
#[track_caller]
fn lines(world: &World, meeting: MeetingId) -> Vec<(Section, String, String)> {
    let of = |section: &agenda::DraftSection| {
        let lines = section.lines.iter();
        lines.map(|l| (section.section, l.line.label.clone(), l.line.kind.clone())).collect()
    };
    draft(world, meeting).sections.iter().flat_map(|s| -> Vec<_> { of(s) }).collect()
}

/// The references of the cases on the draft, in order.
#[track_caller]
pub(crate) fn cases_on(world: &World, meeting: MeetingId) -> Vec<String> {
    lines(world, meeting).into_iter().map(|(_, l, _)| l).filter(|l| l.starts_with("C-")).collect()
}

#[track_caller]
fn item(world: &World, meeting: MeetingId, label: &str) -> AgendaItemId {
    let draft = draft(world, meeting);
    let mut all = draft.sections.iter().flat_map(|section| &section.lines);
    all.find(|line| line.line.label == label).unwrap_or_else(|| panic!("no {label}")).line.item
}

/// Issues the agenda as it stands.
#[track_caller]
pub(crate) fn issue(world: &World, meeting: MeetingId) -> agenda::Issued {
    let version = draft(world, meeting).version;
    agenda::issue(&world.by(COORDINATOR), meeting, version).unwrap()
}

/// Holds a meeting at its hour: these are put off, everything else is kept.
#[track_caller]
pub(crate) fn hold(world: &World, meeting: MeetingId, put_off: &[&str]) {
    let view = show(world, meeting);
    world.app.clock.set(view.starts_at);
    let version = meetings::start(&world.by(COORDINATOR), meeting, view.version).unwrap();
    rows(world, |az| {
        for line in items::list(az, meeting)? {
            let item = line.item;
            if item.state != ItemState::Listed {
                continue;
            }
            let label = line.case.as_ref().map_or(&item.title, |case| &case.reference);
            if put_off.contains(&label.as_str()) {
                let reason = "Awaiting the report".to_owned();
                let off = Item { state: ItemState::Deferred, state_reason: reason, ..item };
                assert!(items::update(az, &off)?);
            } else if item.case.is_some() {
                let notes = Notes { decision: Some(Decision::Retain), ..line.notes };
                assert!(items::record(az, item.id, item.version, item.state, &notes)?);
            }
        }
        Ok(())
    });
    meetings::end(&world.by(COORDINATOR), meeting, version).unwrap();
}

#[track_caller]
fn set_policy(world: &World, change: impl FnOnce(&mut PanelPolicy)) {
    let panel = world.town().panel;
    let found = panels::show(&world.by(COORDINATOR), panel).unwrap().panel;
    let mut policy = found.value.policy;
    change(&mut policy);
    panels::set_policy(&world.by(COORDINATOR), panel, found.version, &policy).unwrap();
}

#[track_caller]
fn arrange(world: &World, meeting: MeetingId, label: &str, to: Move) -> Result<i32, AppError> {
    let (version, item) = (draft(world, meeting).version, item(world, meeting, label));
    agenda::arrange(&world.by(COORDINATOR), meeting, &Arrangement { version, item, to })
}

#[track_caller]
pub(crate) fn leave(world: &World, meeting: MeetingId, label: &str) -> LeaveForm {
    let (version, item) = (draft(world, meeting).version, item(world, meeting, label));
    LeaveForm { version, item, reason: "Report outstanding".to_owned() }
}

fn case_form(version: i32, case: CaseId) -> CaseForm {
    CaseForm {
        version,
        case,
        case_type: CaseType::Review,
        why: String::new(),
        minutes: None,
        presenter: None,
        late_reason: String::new(),
        anyway: false,
    }
}

pub(crate) fn title_form(version: i32, title: &str) -> TitleForm {
    TitleForm {
        version,
        section: Section::Other,
        title: title.to_owned(),
        minutes: None,
        presenter: None,
        late_reason: String::new(),
    }
}

fn closure() -> ClosureForm {
    ClosureForm {
        reason: ClosureReason::RiskReduced,
        on: None,
        note: String::new(),
        ticked: BTreeSet::new(),
        handed_over: Vec::new(),
    }
}

fn new(surname: &str) -> Accepted<'_> {
    Accepted { surname, ..Accepted::default() }
}

#[track_caller]
fn build_cases(world: &World, meeting: MeetingId) -> Vec<String> {
    build(world, meeting);
    cases_on(world, meeting)
}
