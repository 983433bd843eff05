//! The agenda: proposed, worked on, issued, read.

mod work;

use crate::casework::{Accepted, accept, people_of, refer, review};
use crate::series::{ahead, begin, rows, show, times, weeks};
use chrono::Weekday;
use panel_app::agenda::{self, Arrangement, CaseForm, DraftView, LeaveForm, Proposal, TitleForm};
use panel_app::cases::{self, ClosureForm};
use panel_app::meetings::{self, MeetingView};
use panel_app::{AppError, panels};
use panel_core::agenda::{CaseType, Decision, ItemState, Move, Section, StandingItem};
use panel_core::case::ClosureReason;
use panel_core::id::{AgendaItemId, CaseId, MeetingId};
use panel_core::settings::PanelPolicy;
use panel_core::text::Title;
use panel_store::agenda::{self as items, Item, Notes};
use panel_tests::on_both;
use panel_tests::refusal::rule;
use panel_tests::world::{CHAIR, COORDINATOR, World, day};
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

fn title_form(version: i32, title: &str) -> TitleForm {
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

on_both!(
    the_agenda_proposes_itself_in_the_published_order,
    a_child_is_one_on_the_day_of_the_meeting_or_unborn,
    a_repeat_a_return_and_a_transfer_are_named_with_their_reasons,
    reviews_come_at_the_first_three_meetings_and_then_at_every_second,
    an_agreed_date_or_an_event_replaces_the_next_review,
    twelve_month_notice_comes_once_at_the_first_meeting_due,
    a_proposed_closure_is_on_the_agenda,
    f7_what_was_put_off_and_what_always_stands_returns,
    f8_what_was_closed_does_not_return,
    f19_an_item_moves_to_the_first_open_meeting_and_the_passed_ones_are_told,
    i2_carrying_forward_leaves_the_record_of_the_meeting_it_leaves,
);

fn the_agenda_proposes_itself_in_the_published_order(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    accept(world, &new("Adams"));
    accept(world, &Accepted { children: &["2015-01-01"], ..new("Baker") });
    let version = build(world, meeting);
    assert_eq!(version, 1);
    let opening = Section::Opening.standing_title().unwrap();
    let (actions, other) =
        (Section::Actions.standing_title().unwrap(), Section::Other.standing_title().unwrap());
    let expected = [
        (Section::Opening, opening, ""),
        (Section::Actions, actions, ""),
        (Section::Children, "C-BAKER", "New"),
        (Section::Adults, "C-ADAMS", "New"),
        (Section::Other, other, ""),
    ];
    let expected = expected.map(|(s, l, k)| (s, l.to_owned(), k.to_owned()));
    assert_eq!(lines(world, meeting), expected);
    let view = draft(world, meeting);
    let why = &view.sections[2].lines[0].line.why;
    assert!(why.contains("received on Friday 20 March 2026"), "{why}");
    let again = propose(world, meeting);
    assert!(again.changes.is_empty(), "{:?}", again.changes);
}

fn a_child_is_one_on_the_day_of_the_meeting_or_unborn(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    // The meeting is on 16 April 2026.
    accept(world, &Accepted { children: &["2008-04-16"], ..new("Eighteen") });
    accept(world, &Accepted { children: &["2008-04-17"], ..new("Seventeen") });
    accept(world, &Accepted { children: &["unborn"], ..new("Unborn") });
    build(world, meeting);
    let children: Vec<String> = lines(world, meeting)
        .into_iter()
        .filter(|(section, ..)| *section == Section::Children)
        .map(|(_, label, _)| label)
        .collect();
    assert_eq!(children, ["C-SEVENTEEN", "C-UNBORN"]);
    let draft = draft(world, meeting);
    let unborn = draft.sections.iter().flat_map(|s| &s.lines).find(|l| l.line.label == "C-UNBORN");
    let case = unborn.unwrap().line.case.as_ref().unwrap();
    assert_eq!((case.children[0].age.as_str(), case.person.age.as_str()), ("unborn", "35"));
}

fn a_repeat_a_return_and_a_transfer_are_named_with_their_reasons(world: &World) {
    let meetings = meetings_of(world, 3);
    accept(world, &Accepted { source: "transfer_in", ..new("Mover") });
    let repeat = accept(world, &Accepted { received: "2025-09-01 09:00", ..new("Again") });
    build(world, meetings[0].id);
    hold(world, meetings[0].id, &[]);
    let (perpetrator, victim) = people_of(world, repeat);
    let second =
        Accepted { received: "2026-04-20 09:00", incident: Some("2026-04-18"), ..new("Again") };
    refer(world, &second, repeat, perpetrator, victim);
    assert_eq!(
        lines(world, meetings[0].id)[2..4],
        [
            (Section::Adults, "C-AGAIN".to_owned(), "New".to_owned()),
            (Section::Adults, "C-MOVER".to_owned(), "Transfer in".to_owned()),
        ]
    );
    build(world, meetings[1].id);
    let found = draft(world, meetings[1].id);
    let line = found.sections.iter().flat_map(|s| &s.lines).find(|l| l.line.label == "C-AGAIN");
    let line = &line.unwrap().line;
    assert_eq!(line.kind, "Repeat");
    assert!(
        line.why.contains("Repeat: 18 April 2026 within 12 months of the referral of 1 September"),
        "{}",
        line.why
    );
}

fn reviews_come_at_the_first_three_meetings_and_then_at_every_second(world: &World) {
    let meetings = meetings_of(world, 6);
    accept(world, &new("Review"));
    let mut heard_at = Vec::new();
    for (meeting, n) in meetings.iter().zip(0..) {
        build(world, meeting.id);
        if !cases_on(world, meeting.id).is_empty() {
            heard_at.push(n);
        }
        hold(world, meeting.id, &[]);
    }
    assert_eq!(heard_at, [0, 1, 2, 3, 5]);
    let why = &draft(world, meetings[5].id).sections[2].lines[0].line.why;
    let first = "meeting after it was first heard on Thursday 16 April 2026";
    assert_eq!(why, &format!("5th {first}"));
}

fn an_agreed_date_or_an_event_replaces_the_next_review(world: &World) {
    let meetings = meetings_of(world, 4);
    let case = accept(world, &new("Agreed"));
    build(world, meetings[0].id);
    hold(world, meetings[0].id, &[]);
    review(world, case, Some(day("2026-06-01")), "");
    assert_eq!(build_cases(world, meetings[1].id), Vec::<String>::new());
    hold(world, meetings[1].id, &[]);
    review(world, case, Some(day("2026-12-01")), "Released from prison");
    assert_eq!(build_cases(world, meetings[2].id), ["C-AGREED"]);
    let why = &draft(world, meetings[2].id).sections[2].lines[0].line.why;
    assert_eq!(why, "Event noted, Thursday 14 May 2026: Released from prison");
    hold(world, meetings[2].id, &[]);
    assert_eq!(build_cases(world, meetings[3].id), Vec::<String>::new(), "it was settled");
}

#[track_caller]
fn build_cases(world: &World, meeting: MeetingId) -> Vec<String> {
    build(world, meeting);
    cases_on(world, meeting)
}

fn twelve_month_notice_comes_once_at_the_first_meeting_due(world: &World) {
    set_policy(world, |policy| policy.review.notice_months = 1);
    let meetings = meetings_of(world, 5);
    let case = accept(world, &new("Quiet"));
    build(world, meetings[0].id);
    hold(world, meetings[0].id, &[]);
    review(world, case, Some(day("2027-12-01")), "");
    // Heard on 16 April: not yet due on 14 May, due on 11 June, told once.
    assert_eq!(build_cases(world, meetings[1].id), Vec::<String>::new());
    hold(world, meetings[1].id, &[]);
    build(world, meetings[2].id);
    let notice = &draft(world, meetings[2].id).sections[2];
    assert_eq!(notice.section, Section::TwelveMonths);
    assert_eq!(notice.lines[0].line.kind, "Twelve-month notice");
    hold(world, meetings[2].id, &[]);
    assert_eq!(build_cases(world, meetings[3].id), Vec::<String>::new());
}

fn a_proposed_closure_is_on_the_agenda(world: &World) {
    let meetings = meetings_of(world, 6);
    let case = accept(world, &new("Closing"));
    build(world, meetings[0].id);
    hold(world, meetings[0].id, &[]);
    review(world, case, Some(day("2027-12-01")), "");
    let version = cases::show(&world.by(COORDINATOR), case).unwrap().row.version;
    let form = closure();
    cases::propose_closure(&world.by(COORDINATOR), case, version, &form).unwrap();
    build(world, meetings[1].id);
    let closing = (Section::Closures, "C-CLOSING".to_owned(), "Proposed closure".to_owned());
    assert!(lines(world, meetings[1].id).contains(&closing));
}

fn f7_what_was_put_off_and_what_always_stands_returns(world: &World) {
    let training = StandingItem {
        section: Section::Other,
        title: Title::parse("Training").unwrap(),
        minutes: 5,
    };
    set_policy(world, |policy| policy.agenda.standing.push(training));
    let meetings = meetings_of(world, 3);
    accept(world, &new("Putoff"));
    let version = build(world, meetings[0].id);
    let protocol = title_form(version, "Protocol");
    agenda::add_title(&world.by(COORDINATOR), meetings[0].id, &protocol).unwrap();
    hold(world, meetings[0].id, &["C-PUTOFF", "Protocol"]);
    build(world, meetings[1].id);
    let found = lines(world, meetings[1].id);
    assert_eq!(
        found[2..4],
        [
            (Section::Deferred, "Protocol".to_owned(), String::new()),
            (Section::Deferred, "C-PUTOFF".to_owned(), "Deferred".to_owned()),
        ]
    );
    assert!(found.iter().any(|(_, label, _)| label == "Training"), "heard, and it stands again");
    let why = &draft(world, meetings[1].id).sections[2].lines[1].line.why;
    assert_eq!(why, "Deferred on Thursday 16 April 2026: Awaiting the report");
    hold(world, meetings[1].id, &[]);
    let next = build_cases(world, meetings[2].id);
    assert_eq!(next, ["C-PUTOFF"], "the 1st review comes at the meeting after it was first heard");
    assert!(!lines(world, meetings[2].id).iter().any(|(_, label, _)| label == "Protocol"));
}

fn f8_what_was_closed_does_not_return(world: &World) {
    let meetings = meetings_of(world, 3);
    let case = accept(world, &new("Done"));
    let version = build(world, meetings[0].id);
    let pinned = title_form(version, "Pinned note");
    agenda::add_title(&world.by(COORDINATOR), meetings[0].id, &pinned).unwrap();
    hold(world, meetings[0].id, &[]);
    let version = cases::show(&world.by(CHAIR), case).unwrap().row.version;
    cases::close(&world.by(CHAIR), case, version, &closure()).unwrap();
    build(world, meetings[1].id);
    let labels: Vec<String> = lines(world, meetings[1].id).into_iter().map(|(_, l, _)| l).collect();
    assert!(!labels.iter().any(|label| label == "Pinned note" || label == "C-DONE"), "{labels:?}");
}

fn f19_an_item_moves_to_the_first_open_meeting_and_the_passed_ones_are_told(world: &World) {
    let meetings = meetings_of(world, 4);
    accept(world, &new("Moving"));
    build(world, meetings[0].id);
    for passed in &meetings[1..3] {
        let version = show(world, passed.id).version;
        meetings::cancel(&world.by(COORDINATOR), passed.id, version, "Chair away").unwrap();
    }
    let form = leave(world, meetings[0].id, "C-MOVING");
    let left = agenda::carry(&world.by(COORDINATOR), meetings[0].id, &form).unwrap();
    assert_eq!(left.to, meetings[3].id);
    assert_eq!(left.when, "10am on Thursday 9 July 2026");
    assert_eq!(
        left.passed_over,
        ["10am on Thursday 14 May 2026: cancelled", "10am on Thursday 11 June 2026: cancelled",]
    );
    assert_eq!(cases_on(world, meetings[0].id), Vec::<String>::new());
    assert_eq!(cases_on(world, meetings[3].id), ["C-MOVING"]);
    build(world, meetings[0].id);
    assert_eq!(cases_on(world, meetings[0].id), Vec::<String>::new(), "it does not come back");
}

fn i2_carrying_forward_leaves_the_record_of_the_meeting_it_leaves(world: &World) {
    let meetings = meetings_of(world, 3);
    accept(world, &new("Moving"));
    build(world, meetings[0].id);
    let form = leave(world, meetings[0].id, "C-MOVING");
    let from = form.item;
    agenda::carry(&world.by(COORDINATOR), meetings[0].id, &form).unwrap();
    let record = rows(world, |az| items::find(az, from)).unwrap();
    assert_eq!(record.item.state, ItemState::Deferred);
    assert_eq!(record.item.state_reason, "Report outstanding");
    let there = item(world, meetings[1].id, "C-MOVING");
    let version = draft(world, meetings[1].id).version;
    let form = LeaveForm { version, item: there, reason: "Not needed".to_owned() };
    agenda::withdraw(&world.by(COORDINATOR), meetings[1].id, &form).unwrap();
    assert_eq!(rows(world, |az| items::find(az, from)).unwrap(), record, "it is left as it was");
    let continued = rows(world, |az| items::find(az, there)).unwrap();
    assert_eq!(continued.item.carried_from, Some(from));
    let again = agenda::carry(
        &world.by(COORDINATOR),
        meetings[0].id,
        &LeaveForm {
            version: draft(world, meetings[0].id).version,
            item: from,
            reason: "Once more".to_owned(),
        },
    );
    assert_eq!(rule(again).0, "not_listed");
}
