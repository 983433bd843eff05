//! What an agenda proposes, and what comes back to the next one.

use super::{
    build, build_cases, case_form, cases_on, closure, draft, hold, issue, item, leave, lines,
    meetings_of, new, propose, set_policy, title_form,
};
use crate::casework::{Accepted, accept, people_of, refer, review};
use crate::series::{rows, show};
use panel_app::agenda::{self, CaseForm, LeaveForm};
use panel_app::cases;
use panel_app::meetings;
use panel_core::agenda::{CaseType, ItemState, Section, StandingItem};
use panel_core::referral::LateLane;
use panel_core::text::Title;
use panel_store::agenda::{self as items};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, rule};
use panel_tests::world::{CHAIR, COORDINATOR, World, day};

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
    f29_a_late_item_is_accepted_marked_and_sorted_last,
    late_referrals_go_the_way_the_chair_says_and_the_rest_wait,
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

fn f29_a_late_item_is_accepted_marked_and_sorted_last(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker"] {
        accept(world, &new(surname));
    }
    build(world, meeting);
    issue(world, meeting);
    // A case that nobody proposed: brought by hand after the freeze.
    let late = accept(world, &Accepted { received: "2026-04-01 08:00", ..new("Late") });
    let form =
        CaseForm { case_type: CaseType::New, ..case_form(draft(world, meeting).version, late) };
    let refused = invalid(agenda::add_case(&world.by(COORDINATOR), meeting, &form));
    assert_eq!((refused[0].field.as_str(), refused[0].code), ("late_reason", "empty"));
    let form = CaseForm { late_reason: "New threats".to_owned(), ..form };
    agenda::add_case(&world.by(COORDINATOR), meeting, &form).unwrap();
    let view = draft(world, meeting);
    let adults = &view.sections[2].lines;
    let marks: Vec<_> = adults.iter().map(|l| (l.line.label.as_str(), l.line.late)).collect();
    assert_eq!(marks, [("C-ADAMS", false), ("C-BAKER", false), ("C-LATE", true)]);
    assert_eq!(
        view.unissued,
        [
            "Added, late: C-LATE at 10:55am".to_owned(),
            "Time changed: Any other business, now at 11:10am instead of 10:55am".to_owned()
        ]
    );
    assert!(view.locked, "adding is accepted although the order is locked");
    let issued = issue(world, meeting);
    assert_eq!((issued.number, issued.asked), (2, 3), "the late case is asked about too");
}

fn late_referrals_go_the_way_the_chair_says_and_the_rest_wait(world: &World) {
    let meetings = meetings_of(world, 3);
    // The cut-off for 16 April is 5pm on 31 March.
    let late =
        |surname, lane| Accepted { received: "2026-03-31 17:01", late: lane, ..new(surname) };
    accept(world, &Accepted { received: "2026-03-31 17:00", ..new("Intime") });
    accept(world, &late("Waits", None));
    accept(world, &late("Lateitem", Some(LateLane::LateItem)));
    accept(world, &late("Nextcycle", Some(LateLane::NextCycle)));
    let proposal = propose(world, meetings[0].id);
    let cases: Vec<_> =
        proposal.added.iter().filter(|l| l.case.is_some()).map(|l| (&*l.label, l.late)).collect();
    assert_eq!(cases, [("C-INTIME", false), ("C-LATEITEM", true)]);
    assert_eq!(proposal.waiting.len(), 1);
    assert_eq!(proposal.waiting[0].received, "5:01pm on Tuesday 31 March 2026");
    build(world, meetings[0].id);
    let line = &draft(world, meetings[0].id).sections[2].lines[1].line;
    assert_eq!(line.late_reason, "New threats since");
    hold(world, meetings[0].id, &[]);
    let next = propose(world, meetings[1].id);
    let cases: Vec<_> = next.added.iter().filter(|l| l.case_type == Some(CaseType::New)).collect();
    let labels: Vec<_> = cases.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(labels, ["C-WAITS", "C-NEXTCYCLE"], "in time for the next meeting");
}
