//! The live meeting: the roll, notes, decisions, what is put off and what is taken off.

mod decided;
mod roll;
mod written;

use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::series::show;
use panel_app::actions::{self, ActionForm};
use panel_app::information::{self, ReplyForm};
use panel_app::live::{
    self, DeferForm, ItemView, LiveView, PersonForm, RecordForm, RollForm, RollLine,
};
use panel_app::meetings;
use panel_core::agenda::Decision;
use panel_core::id::{AgendaItemId, CaseId, MeetingId};
use panel_core::meeting::AttendanceStatus;
use panel_tests::world::{COORDINATOR, HOUSING, POLICE, World};

/// A meeting in progress on Thursday 16 April 2026 with these cases on its agenda, and those after it.
#[track_caller]
pub(crate) fn in_progress(world: &World, surnames: &[&str]) -> (Vec<MeetingId>, Vec<CaseId>) {
    let meetings: Vec<MeetingId> = meetings_of(world, 4).iter().map(|m| m.id).collect();
    let accepted = |surname: &&str| accept(world, &Accepted { surname, ..Accepted::default() });
    let cases = surnames.iter().map(accepted).collect();
    build(world, meetings[0]);
    issue(world, meetings[0]);
    start(world, meetings[0]);
    (meetings, cases)
}

/// Starts a meeting at its hour.
#[track_caller]
pub(crate) fn start(world: &World, meeting: MeetingId) {
    let view = show(world, meeting);
    world.app.clock.set(view.starts_at);
    meetings::start(&world.by(COORDINATOR), meeting, view.version).unwrap();
}

/// Ends a meeting; returns its number.
#[track_caller]
pub(crate) fn end(world: &World, meeting: MeetingId) -> i32 {
    let version = show(world, meeting).version;
    meetings::end(&world.by(COORDINATOR), meeting, version).unwrap().number.number
}

#[track_caller]
pub(crate) fn room(world: &World, meeting: MeetingId) -> LiveView {
    live::show(&world.by(COORDINATOR), meeting).unwrap()
}

/// The item of the live meeting that is called so.
#[track_caller]
pub(crate) fn item_of(world: &World, meeting: MeetingId, label: &str) -> AgendaItemId {
    let steps = room(world, meeting).steps;
    let found = steps.iter().find(|step| step.label.contains(label));
    found.unwrap_or_else(|| panic!("no {label} among {steps:?}")).item
}

#[track_caller]
pub(crate) fn item(world: &World, id: AgendaItemId) -> ItemView {
    live::item(&world.by(COORDINATOR), id).unwrap()
}

/// What the page of an item holds, as it stands.
#[track_caller]
pub(crate) fn as_it_stands(world: &World, id: AgendaItemId) -> RecordForm {
    let ItemView { notes, version, proposal, .. } = item(world, id);
    RecordForm {
        version,
        discussion: notes.discussion,
        risks: notes.risks,
        victim_voice: notes.victim_voice,
        voice_by: notes.voice_by,
        protective: notes.protective,
        approaches: notes.approaches,
        decision: notes.decision,
        decision_note: notes.decision_note,
        next_review_on: notes.next_review_on,
        closure: proposal,
        close_now: false,
        informs_victim: notes.informs_victim,
        chair_notes: notes.chair_notes,
    }
}

/// Records a discussion and a decision.
#[track_caller]
pub(crate) fn decide(world: &World, id: AgendaItemId, decision: Decision) {
    let form = RecordForm {
        discussion: "Each agency shared what it knows.".to_owned(),
        decision: Some(decision),
        ..as_it_stands(world, id)
    };
    live::record(&world.by(COORDINATOR), id, &form).unwrap();
}

/// Records everybody with a seat as present, with the statement accepted.
#[track_caller]
pub(crate) fn everybody_present(world: &World, meeting: MeetingId) {
    let lines = room(world, meeting).expected.into_iter().map(|one| RollLine {
        line: None,
        version: 0,
        expected: Some((one.user, one.agency)),
        status: Some(AttendanceStatus::Present),
        statement: true,
    });
    let form = RollForm { lines: lines.collect() };
    live::take_roll(&world.by(COORDINATOR), meeting, &form).unwrap();
}

#[track_caller]
pub(crate) fn set_action(world: &World, item: AgendaItemId, text: &str) -> actions::SetAction {
    let town = world.town();
    let form = ActionForm {
        panel: town.panel,
        item: Some(item),
        case: None,
        text: text.to_owned(),
        approach: None,
        agency: town.housing,
        person: Some(world.by(HOUSING).user()),
        due: "next panel".to_owned(),
        stands: true,
    };
    actions::set(&world.by(COORDINATOR), &form).unwrap()
}

pub(crate) fn off(version: i32, reason: &str) -> DeferForm {
    DeferForm { version, reason: reason.to_owned() }
}

fn guest(name: &str, status: AttendanceStatus) -> PersonForm {
    PersonForm {
        name: name.to_owned(),
        agency: None,
        status,
        information_on: None,
        statement: false,
        on_paper: false,
        arrived_at: None,
        left_after: None,
        note: String::new(),
    }
}

/// Replies for the police.
#[track_caller]
fn reply(world: &World, meeting: MeetingId, case: CaseId, facts: &str) {
    let priya = world.by(POLICE);
    let mine = information::mine(&priya).unwrap();
    let mut asked = mine.iter().filter(|one| one.meeting == meeting);
    let id = asked.next().unwrap().id;
    let request = information::show(&priya, id).unwrap();
    assert_eq!(request.case.id, case);
    let form: ReplyForm = serde_json::from_value(serde_json::json!({
        "answers": request.answers,
        "kind": "information",
        "facts": facts,
    }))
    .unwrap();
    information::release(&priya, id, &form).unwrap();
}
