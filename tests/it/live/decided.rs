//! What is decided: outcomes, actions, closures, and what is put off or taken off.

use super::{
    as_it_stands, decide, end, guest, in_progress, item, item_of, off, reply, set_action, start,
};
use crate::agenda::{build, cases_on, draft, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::series::rows;
use panel_app::actions::{self, Filters};
use panel_app::cases;
use panel_app::live::{self, NoteField, Progress, RecordForm};
use panel_core::action::{ActionStatus, Approach};
use panel_core::agenda::{Decision, ItemState, Section};
use panel_core::case::{CaseStatus, ClosureReason};
use panel_core::id::MeetingId;
use panel_core::meeting::AttendanceStatus;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, World, day};

on_both!(
    f20_an_outcome_is_written_in_the_meeting_alone,
    an_action_is_set_at_an_item_with_a_relative_date,
    a_decision_to_close_proposes_the_closure_and_another_takes_it_back,
    the_chair_closes_a_case_in_the_meeting,
    what_cannot_be_decided_is_refused_field_by_field,
    f28_what_is_put_off_links_back_and_keeps_its_replies,
    f7_what_a_meeting_puts_off_comes_first_at_the_next_and_counts_for_no_review,
    f11_an_item_taken_off_ends_its_actions_with_it,
    an_agenda_lists_the_actions_set_before_its_meeting,
);

fn f20_an_outcome_is_written_in_the_meeting_alone(world: &World) {
    let meetings: Vec<MeetingId> = meetings_of(world, 3).iter().map(|m| m.id).collect();
    accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meetings[0]);
    issue(world, meetings[0]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let keep = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, id) };
    assert_eq!(rule(live::record(&carol, id, &keep)).0, "not_in_progress");
    assert_eq!(rule(live::type_note(&carol, id, 1, NoteField::Risks, "x")).0, "not_in_progress");
    assert_eq!(rule(live::defer(&carol, id, &off(1, "No time"))).0, "not_in_progress");
    let present = guest("Gil", AttendanceStatus::Present);
    assert_eq!(rule(live::add_person(&carol, meetings[0], &present)).0, "not_in_progress");
    start(world, meetings[0]);
    let carol = world.by(COORDINATOR);
    assert_eq!(live::record(&carol, id, &keep).unwrap(), 2);
    end(world, meetings[0]);
    let stands = as_it_stands(world, id);
    let other = RecordForm { decision: Some(Decision::StepDown), ..stands.clone() };
    assert_eq!(rule(live::record(&carol, id, &other)).0, "not_in_progress");
    assert_eq!(rule(live::defer(&carol, id, &off(stands.version, "No time"))).0, "not_in_progress");
    let words = RecordForm { discussion: "Better words".to_owned(), ..stands };
    live::record(&carol, id, &words).unwrap();
    let found = item(world, id);
    assert_eq!((found.notes.decision, found.state), (Some(Decision::Retain), ItemState::Heard));
    assert_eq!(found.notes.discussion, "Better words");
}

fn an_action_is_set_at_an_item_with_a_relative_date(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    assert_eq!(set.due, Some(day("2026-05-14")));
    let shown = item(world, id).set_here;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].due, "Thursday 14 May 2026 (next panel)");
    assert_eq!(
        (shown[0].agency.as_str(), shown[0].person.as_str()),
        ("Eastshire Homes", "Hana Sato")
    );
    let filters = Filters { case: Some(cases[0]), ..Filters::default() };
    let hana = actions::list(&world.by(HOUSING), &filters, None).unwrap();
    assert_eq!(hana.rows.len(), 1, "its agency takes part in the case from now on");
}

fn close(reason: Option<ClosureReason>, form: RecordForm) -> RecordForm {
    RecordForm { decision: Some(Decision::Close), closure: reason, ..form }
}

fn a_decision_to_close_proposes_the_closure_and_another_takes_it_back(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let without = close(None, as_it_stands(world, id));
    assert_eq!(invalid(live::record(&carol, id, &without))[0].field, "closure");
    let with = close(Some(ClosureReason::RiskReduced), as_it_stands(world, id));
    live::record(&carol, id, &with).unwrap();
    assert_eq!(item(world, id).proposal, Some(ClosureReason::RiskReduced));
    let proposal = cases::show(&carol, cases[0]).unwrap().history.proposal.unwrap();
    assert_eq!((proposal.reason, proposal.by), (ClosureReason::RiskReduced, carol.user()));
    let now = RecordForm { close_now: true, ..as_it_stands(world, id) };
    assert_eq!(rule(live::record(&carol, id, &now)).0, "not_allowed");
    decide(world, id, Decision::Retain);
    assert_eq!(cases::show(&carol, cases[0]).unwrap().history.proposal, None);
}

fn the_chair_closes_a_case_in_the_meeting(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    let form = close(Some(ClosureReason::RiskReduced), as_it_stands(world, id));
    let form = RecordForm { close_now: true, ..form };
    live::record(&world.by(CHAIR), id, &form).unwrap();
    let row = cases::show(&world.by(CHAIR), cases[0]).unwrap().row;
    assert_eq!((row.state, row.close_reason), (CaseStatus::Closed, form.closure));
    let action = actions::show(&world.by(CHAIR), set.saved.action).unwrap();
    assert_eq!(action.row.line.state, ActionStatus::Withdrawn, "nothing is left open behind it");
    end(world, meetings[0]);
    build(world, meetings[1]);
    assert_eq!(cases_on(world, meetings[1]), Vec::<String>::new());
}

fn what_cannot_be_decided_is_refused_field_by_field(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let fields = |form: &RecordForm, id| -> Vec<String> {
        invalid(live::record(&carol, id, form)).into_iter().map(|error| error.field).collect()
    };
    let form = RecordForm {
        discussion: "x".repeat(20_001),
        voice_by: "y".repeat(200),
        next_review_on: Some(day("2026-04-16")),
        ..close(Some(ClosureReason::NotRecorded), as_it_stands(world, id))
    };
    let wrong = ["next_review_on", "next_review_on", "closure", "discussion", "voice_by"];
    assert_eq!(fields(&form, id), wrong);
    let opening = item_of(world, meetings[0], "Introductions");
    let decided = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, opening) };
    assert_eq!(fields(&decided, opening), ["decision"]);
    let noted =
        RecordForm { discussion: "No declarations".to_owned(), ..as_it_stands(world, opening) };
    live::record(&carol, opening, &noted).unwrap();
    assert_eq!(item(world, opening).progress, Progress::Done);
    let right = RecordForm {
        approaches: vec![Approach::Support, Approach::Disruption],
        decision: Some(Decision::Retain),
        next_review_on: Some(day("2026-06-11")),
        ..as_it_stands(world, id)
    };
    live::record(&carol, id, &right).unwrap();
    let kept = item(world, id).notes.approaches;
    assert_eq!(kept, [Approach::Support, Approach::Disruption]);
    assert_eq!(rule(live::defer(&carol, id, &off(2, "No time"))).0, "decided");
}

fn f28_what_is_put_off_links_back_and_keeps_its_replies(world: &World) {
    let meetings: Vec<MeetingId> = meetings_of(world, 3).iter().map(|m| m.id).collect();
    let case = accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meetings[0]);
    issue(world, meetings[0]);
    reply(world, meetings[0], case, "Seen on Tuesday");
    start(world, meetings[0]);
    let first = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    live::type_note(&carol, first, 1, NoteField::Discussion, "The report is missing").unwrap();
    let put_off = live::defer(&carol, first, &off(2, "Awaiting the report")).unwrap();
    assert_eq!(put_off.to, Some(meetings[1]));
    assert_eq!(rule(live::type_note(&carol, first, 3, NoteField::Risks, "x")).0, "not_listed");
    end(world, meetings[0]);
    build(world, meetings[1]);
    issue(world, meetings[1]);
    start(world, meetings[1]);
    let second = item(world, item_of(world, meetings[1], "C-STONE"));
    assert_eq!(second.section, Section::Deferred);
    assert_eq!(second.decisions[0].decision, "Deferred");
    assert_eq!(second.decisions[0].terms, "Awaiting the report");
    let carried = &second.replies.as_ref().unwrap().agencies[0].1[0];
    assert_eq!(carried.answer.facts.as_ref().unwrap().as_str(), "Seen on Tuesday");
    assert!(!carried.stale);
    rows(world, |az| panel_store::cases::raise_content(az, case));
    let second = item(world, second.item);
    assert!(second.replies.unwrap().agencies[0].1[0].stale, "what changed since shows");
    let before = item(world, first);
    assert_eq!((before.state, before.version), (ItemState::Deferred, 3), "the record it left");
    assert_eq!(before.notes.discussion, "The report is missing");
}

fn f7_what_a_meeting_puts_off_comes_first_at_the_next_and_counts_for_no_review(world: &World) {
    let (meetings, _) = in_progress(world, &["Adams", "Baker"]);
    let adams = item_of(world, meetings[0], "C-ADAMS");
    let carol = world.by(COORDINATOR);
    live::defer(&carol, adams, &off(1, "No time")).unwrap();
    assert_eq!(rule(live::defer(&carol, adams, &off(2, "No time"))).0, "not_listed");
    assert_eq!(live::put_back(&carol, adams, 2).unwrap(), 3);
    assert_eq!(rule(live::put_back(&carol, adams, 3)).0, "is_listed");
    live::defer(&carol, adams, &off(3, "No time")).unwrap();
    decide(world, item_of(world, meetings[0], "C-BAKER"), Decision::Retain);
    end(world, meetings[0]);
    build(world, meetings[1]);
    let sections = draft(world, meetings[1]).sections;
    let of = |section| {
        let found = sections.iter().find(|one| one.section == section).unwrap();
        (found.lines[0].line.label.clone(), found.lines[0].line.why.clone())
    };
    let (label, why) = of(Section::Deferred);
    assert_eq!(label, "C-ADAMS");
    assert!(why.starts_with("Deferred on Thursday 16 April 2026: No time"), "{why}");
    let (label, why) = of(Section::Reviews);
    assert_eq!(label, "C-BAKER");
    assert!(why.starts_with("1st meeting after it was first heard"), "{why}");
}

fn f11_an_item_taken_off_ends_its_actions_with_it(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let first = item_of(world, meetings[0], "C-STONE");
    let recorded = set_action(world, first, "Fit new locks").saved.action;
    let carol = world.by(COORDINATOR);
    live::defer(&carol, first, &off(1, "No time")).unwrap();
    end(world, meetings[0]);
    build(world, meetings[1]);
    start(world, meetings[1]);
    let second = item_of(world, meetings[1], "C-STONE");
    let slip = set_action(world, second, "Visit").saved.action;
    let refused = live::remove(&world.by(COORDINATOR), second, &off(1, "Heard elsewhere"));
    assert_eq!(rule(refused).0, "not_allowed", "what was recorded is the chair's to close");
    let removed = live::remove(&world.by(CHAIR), second, &off(1, "Heard elsewhere")).unwrap();
    assert_eq!((removed.deleted, removed.closed), (1, 1));
    not_found(actions::show(&world.by(CHAIR), slip));
    let closed = actions::show(&world.by(CHAIR), recorded).unwrap();
    assert_eq!(closed.row.line.state, ActionStatus::Withdrawn);
    assert_eq!(item(world, second).state, ItemState::Withdrawn);
}

fn an_agenda_lists_the_actions_set_before_its_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let listed = |meeting: MeetingId| {
        let found = panel_app::agenda::draft(&world.by(COORDINATOR), meeting).unwrap().actions;
        found.actions.into_iter().map(|action| action.text).collect::<Vec<_>>()
    };
    let stone = item_of(world, meetings[0], "C-STONE");
    let first = set_action(world, stone, "Fit new locks");
    assert_eq!(listed(meetings[0]), [""; 0], "set at this very meeting");
    decide(world, stone, Decision::Retain);
    end(world, meetings[0]);
    assert_eq!(listed(meetings[0]), [""; 0], "and so once it is over");
    build(world, meetings[1]);
    issue(world, meetings[1]);
    assert_eq!(listed(meetings[1]), ["Fit new locks"]);
    start(world, meetings[1]);
    let stone = item_of(world, meetings[1], "C-STONE");
    set_action(world, stone, "Speak to the landlord");
    decide(world, stone, Decision::Retain);
    end(world, meetings[1]);
    assert_eq!(listed(meetings[1]), ["Fit new locks"]);
    world.pass(chrono::Duration::days(1));
    let id = first.saved.action;
    let form = crate::actions::done(world, id, "2026-05-15", "Fitted");
    actions::complete(&world.by(HOUSING), id, &form).unwrap();
    assert_eq!(listed(meetings[1]), ["Fit new locks"], "it was incomplete when they met");
    assert_eq!(listed(meetings[2]), ["Speak to the landlord"]);
}
