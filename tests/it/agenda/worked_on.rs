//! An agenda that is worked on, issued and read.

use super::{
    arrange, build, build_cases, case_form, cases_on, draft, issue, item, leave, meetings_of, new,
    propose, set_policy, title_form,
};
use crate::casework::{Accepted, accept};
use crate::series::{hold_next, rows, show};
use panel_app::agenda::{self, Arrangement, CaseForm, ItemForm, LeaveForm, TitleForm};
use panel_app::meetings::{self, EmergencyForm};
use panel_core::agenda::Move;
use panel_core::meeting::MeetingState;
use panel_core::reminder::{Rule, Subject};
use panel_store::notices;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, PROBATION, STEERING, World, day,
};

on_both!(
    f32_a_draft_is_seen_by_nobody_else_and_an_issue_is_locked,
    f16_people_with_a_seat_are_told_by_a_notice_that_names_nothing,
    a_second_issue_says_what_changed_to_each_reader,
    a_new_proposal_keeps_the_order_and_the_edits_of_the_coordinator,
    clock_times_follow_every_change_and_a_full_agenda_warns,
    two_coordinators_who_rearrange_at_once_are_told,
    what_was_taken_off_stays_off_until_it_is_put_back,
    a_case_on_another_agenda_is_listed_twice_only_knowingly,
    an_emergency_meeting_hears_what_cannot_wait,
    a_restored_meeting_proposes_afresh,
    what_cannot_be_done_is_refused_with_its_reason,
    only_those_who_run_the_panel_work_on_its_agenda,
);
fn f32_a_draft_is_seen_by_nobody_else_and_an_issue_is_locked(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker", "Clark"] {
        accept(world, &new(surname));
    }
    build(world, meeting);
    for reader in [POLICE, PROBATION, IDVA, OBSERVER] {
        let seen = agenda::show(&world.by(reader), meeting).unwrap();
        assert!(seen.sections.is_empty() && seen.issue.is_none(), "{reader}");
        assert!(seen.actions.actions.is_empty());
        not_found(agenda::draft(&world.by(reader), meeting));
    }
    assert_eq!(agenda::show(&world.by(CHAIR), meeting).unwrap().sections.len(), 4);
    issue(world, meeting);
    let numbers = |reader| {
        let seen = agenda::show(&world.by(reader), meeting).unwrap();
        let lines = seen.sections.into_iter().flat_map(|s| s.lines);
        lines.map(|l| (l.number, l.label)).filter(|(_, l)| l.starts_with("C-")).collect::<Vec<_>>()
    };
    let all = [(3, "C-ADAMS"), (4, "C-BAKER"), (5, "C-CLARK")];
    assert_eq!(numbers(POLICE), all.map(|(n, l)| (n, l.to_owned())));
    assert_eq!(numbers(HOUSING), all.map(|(n, l)| (n, l.to_owned())), "asked, so it takes part");
    assert_eq!(numbers(IDVA), [], "it takes part in none of them");
    let refused = rule(arrange(world, meeting, "C-CLARK", Move::Up));
    assert_eq!(refused.0, "agenda_issued");
    let version = draft(world, meeting).version;
    agenda::revise(&world.by(COORDINATOR), meeting, version).unwrap();
    arrange(world, meeting, "C-CLARK", Move::To(1)).unwrap();
    assert_eq!(numbers(POLICE), all.map(|(n, l)| (n, l.to_owned())), "until the next issue");
    let view = draft(world, meeting);
    assert!(!view.locked && view.revising.is_some());
    assert_eq!(view.unissued.len(), 3);
    issue(world, meeting);
    assert_eq!(numbers(POLICE)[0], (3, "C-CLARK".to_owned()));
    assert!(draft(world, meeting).locked);
}

fn f16_people_with_a_seat_are_told_by_a_notice_that_names_nothing(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    accept(world, &new("Adams"));
    build(world, meeting);
    let issued = issue(world, meeting);
    let told = rows(world, |az| notices::list_for_subject(az, Subject::Meeting(meeting)));
    let ready: Vec<_> = told.iter().filter(|row| row.rule == Rule::AgendaReady).collect();
    assert_eq!(ready.len(), issued.told);
    let hears = |email: &str| ready.iter().any(|row| row.person == Some(world.by(email).user()));
    for reader in [CHAIR, POLICE, PROBATION, HOUSING, IDVA] {
        assert!(hears(reader), "{reader}");
    }
    for other in [STEERING, OBSERVER, OUTSIDER, COORDINATOR] {
        assert!(!hears(other), "{other}");
    }
}

fn a_second_issue_says_what_changed_to_each_reader(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker"] {
        accept(world, &new(surname));
    }
    build(world, meeting);
    let first = issue(world, meeting);
    assert_eq!((first.number, first.changes.len(), first.asked), (1, 0, 6));
    let again = agenda::issue(&world.by(COORDINATOR), meeting, first.version);
    assert_eq!(rule(again).0, "nothing_changed");
    let form = leave(world, meeting, "C-ADAMS");
    agenda::withdraw(&world.by(COORDINATOR), meeting, &form).unwrap();
    let second = issue(world, meeting);
    let words = [
        "Time changed: C-BAKER, now at 10:25am instead of 10:40am",
        "Time changed: Any other business, now at 10:40am instead of 10:55am",
        "Withdrawn: C-ADAMS",
    ];
    assert_eq!(second.changes, words);
    assert_eq!(second.withdrawn, 3, "its requests are withdrawn");
    let seen = agenda::show(&world.by(POLICE), meeting).unwrap();
    assert_eq!(seen.changes, words);
    assert_eq!(seen.issue.unwrap().number, 2);
    let elsewhere = agenda::show(&world.by(IDVA), meeting).unwrap();
    assert_eq!(elsewhere.changes, [words[1]], "what she may not know of is absent");
}

fn a_new_proposal_keeps_the_order_and_the_edits_of_the_coordinator(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker"] {
        accept(world, &new(surname));
    }
    build(world, meeting);
    arrange(world, meeting, "C-BAKER", Move::Up).unwrap();
    let form = ItemForm {
        version: draft(world, meeting).version,
        item: item(world, meeting, "C-BAKER"),
        minutes: 40,
        presenter: Some(world.town().idva),
        title: None,
    };
    agenda::change_item(&world.by(COORDINATOR), meeting, &form).unwrap();
    accept(world, &new("Clark"));
    let proposal = propose(world, meeting);
    assert_eq!(proposal.changes.len(), 1);
    assert!(proposal.changes[0].starts_with("Added: C-CLARK under “New cases, adults only”"));
    build(world, meeting);
    assert_eq!(cases_on(world, meeting), ["C-BAKER", "C-ADAMS", "C-CLARK"]);
    let line = &draft(world, meeting).sections[2].lines[0].line;
    assert_eq!((line.minutes, line.presenter.as_str()), (40, "Eastshire Advocates"));
    issue(world, meeting);
    let presents = agenda::show(&world.by(IDVA), meeting).unwrap();
    let seen: Vec<_> = presents.sections.iter().flat_map(|s| &s.lines).map(|l| &*l.label).collect();
    assert!(seen.contains(&"C-BAKER"), "who presents a case takes part in it: {seen:?}");
}

fn clock_times_follow_every_change_and_a_full_agenda_warns(world: &World) {
    set_policy(world, |policy| policy.agenda.case_limit = 1);
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker"] {
        accept(world, &new(surname));
    }
    build(world, meeting);
    let times = |world| {
        let found = draft(world, meeting);
        let lines = found.sections.into_iter().flat_map(|s| s.lines);
        lines.map(|l| (l.line.label, l.line.begins)).filter(|(l, _)| l.starts_with("C-")).collect()
    };
    let pair = |a: (&str, &str), b: (&str, &str)| {
        [a, b].map(|(l, t)| (l.to_owned(), t.to_owned())).to_vec()
    };
    let before: Vec<(String, String)> = times(world);
    assert_eq!(before, pair(("C-ADAMS", "10:25am"), ("C-BAKER", "10:40am")));
    let form = ItemForm {
        version: draft(world, meeting).version,
        item: item(world, meeting, "C-ADAMS"),
        minutes: 200,
        presenter: None,
        title: None,
    };
    agenda::change_item(&world.by(COORDINATOR), meeting, &form).unwrap();
    arrange(world, meeting, "C-ADAMS", Move::Down).unwrap();
    assert_eq!(times(world), pair(("C-BAKER", "10:25am"), ("C-ADAMS", "10:40am")));
    let view = draft(world, meeting);
    assert_eq!(view.ends, "2:10pm");
    assert_eq!(
        view.warning.as_deref(),
        Some(
            "2 cases, more than the panel’s limit of 1, and 250 minutes allotted, \
             70 more than the meeting lasts"
        )
    );
    issue(world, meeting);
}

fn two_coordinators_who_rearrange_at_once_are_told(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in ["Adams", "Baker"] {
        accept(world, &new(surname));
    }
    let unbuilt = propose(world, meeting);
    build(world, meeting);
    let late = agenda::confirm(&world.by(CHAIR), meeting, unbuilt.version, &unbuilt.digest);
    stale(late);
    let version = draft(world, meeting).version;
    let (adams, baker) = (item(world, meeting, "C-ADAMS"), item(world, meeting, "C-BAKER"));
    let form = Arrangement { version, item: adams, to: Move::Down };
    agenda::arrange(&world.by(COORDINATOR), meeting, &form).unwrap();
    let other = Arrangement { version, item: baker, to: Move::Down };
    stale(agenda::arrange(&world.by(CHAIR), meeting, &other));
    assert_eq!(cases_on(world, meeting), ["C-BAKER", "C-ADAMS"], "the second changed nothing");
    stale(agenda::issue(&world.by(CHAIR), meeting, version));
}

fn what_was_taken_off_stays_off_until_it_is_put_back(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    accept(world, &new("Adams"));
    build(world, meeting);
    let form = leave(world, meeting, "C-ADAMS");
    let no_reason = LeaveForm { reason: " ".to_owned(), ..form.clone() };
    let refused = invalid(agenda::withdraw(&world.by(COORDINATOR), meeting, &no_reason));
    assert_eq!((refused[0].field.as_str(), refused[0].code), ("reason", "empty"));
    let version = agenda::withdraw(&world.by(COORDINATOR), meeting, &form).unwrap();
    assert!(propose(world, meeting).changes.is_empty());
    let off = draft(world, meeting).off;
    assert_eq!((off[0].label.as_str(), off[0].reason.as_str()), ("C-ADAMS", "Report outstanding"));
    agenda::put_back(&world.by(COORDINATOR), meeting, version, form.item).unwrap();
    assert_eq!(cases_on(world, meeting), ["C-ADAMS"]);
}

fn a_case_on_another_agenda_is_listed_twice_only_knowingly(world: &World) {
    let meetings = meetings_of(world, 3);
    let case = accept(world, &new("Twice"));
    let version = build(world, meetings[0].id);
    let here = invalid(agenda::add_case(
        &world.by(COORDINATOR),
        meetings[0].id,
        &case_form(version, case),
    ));
    assert_eq!(here[0].code, "already_listed");
    let proposal = propose(world, meetings[1].id);
    assert!(!proposal.added.iter().any(|l| l.case == Some(case)), "the first is to hear it");
    assert_eq!(proposal.warnings.len(), 1);
    let version = build(world, meetings[1].id);
    let form = case_form(version, case);
    let refused = rule(agenda::add_case(&world.by(COORDINATOR), meetings[1].id, &form));
    assert_eq!(
        refused,
        (
            "listed_elsewhere",
            "C-TWICE is listed for the meeting of Thursday 16 April 2026 already".to_owned()
        )
    );
    let anyway = CaseForm { anyway: true, ..form };
    agenda::add_case(&world.by(COORDINATOR), meetings[1].id, &anyway).unwrap();
    assert_eq!(cases_on(world, meetings[1].id), ["C-TWICE"]);
}

fn an_emergency_meeting_hears_what_cannot_wait(world: &World) {
    let panel = world.town().panel;
    accept(world, &new("Patient"));
    accept(world, &Accepted { urgent: true, received: "2026-04-01 08:30", ..new("Urgent") });
    let form = EmergencyForm {
        on: day("2026-04-02"),
        at: crate::series::time("09:00"),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: String::new(),
    };
    let urgent = meetings::add_emergency(&world.by(COORDINATOR), panel, &form).unwrap().meeting;
    assert_eq!(build_cases(world, urgent), ["C-URGENT"]);
    assert!(!draft(world, urgent).sections.iter().flat_map(|s| &s.lines).any(|l| l.line.late));
    issue(world, urgent);
    let asked = panel_app::information::mine(&world.by(POLICE)).unwrap();
    assert_eq!(asked[0].due, "9am on Thursday 2 April 2026", "replies are due by its start");
}

fn a_restored_meeting_proposes_afresh(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    accept(world, &new("Adams"));
    build(world, meeting);
    issue(world, meeting);
    let version = show(world, meeting).version;
    let version = meetings::cancel(&world.by(COORDINATOR), meeting, version, "Snow").unwrap();
    let gone = agenda::show(&world.by(POLICE), meeting).unwrap();
    assert!(gone.sections.is_empty());
    assert_eq!(panel_app::information::mine(&world.by(POLICE)).unwrap(), []);
    meetings::restore(&world.by(COORDINATOR), meeting, version).unwrap();
    assert!(draft(world, meeting).sections.is_empty());
    assert!(agenda::show(&world.by(POLICE), meeting).unwrap().sections.is_empty());
    assert_eq!(build_cases(world, meeting), ["C-ADAMS"]);
    issue(world, meeting);
    assert_eq!(panel_app::information::mine(&world.by(POLICE)).unwrap().len(), 1);
    assert_eq!(show(world, meeting).state, MeetingState::Issued);
}

fn what_cannot_be_done_is_refused_with_its_reason(world: &World) {
    let meetings = meetings_of(world, 3);
    let meeting = meetings[0].id;
    let coordinator = || world.by(COORDINATOR);
    assert_eq!(rule(agenda::issue(&coordinator(), meeting, 0)).0, "empty_agenda");
    assert_eq!(rule(agenda::revise(&coordinator(), meeting, 0)).0, "not_issued");
    let version = build(world, meeting);
    let wrong = TitleForm {
        minutes: Some(-5),
        presenter: Some(world.town().westshire),
        ..title_form(version, " ")
    };
    let errors = invalid(agenda::add_title(&coordinator(), meeting, &wrong));
    let fields: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
    assert_eq!(fields, [("minutes", "out_of_bounds"), ("title", "empty")]);
    let elsewhere = TitleForm { presenter: wrong.presenter, ..title_form(version, "Protocol") };
    let errors = invalid(agenda::add_title(&coordinator(), meeting, &elsewhere));
    assert_eq!(errors[0].code, "not_a_member");
    hold_next(world);
    let version = draft(world, meeting).version;
    let refused = rule(agenda::add_title(&coordinator(), meeting, &title_form(version, "Late")));
    assert_eq!(refused.0, "wrong_state");
    assert_eq!(rule(agenda::proposal(&coordinator(), meeting)).0, "wrong_state");
    assert_eq!(rule(agenda::issue(&coordinator(), meeting, version)).0, "wrong_state");
}

fn only_those_who_run_the_panel_work_on_its_agenda(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    let case = accept(world, &new("Adams"));
    let version = build(world, meeting);
    let found = item(world, meeting, "C-ADAMS");
    for other in [POLICE, OBSERVER, STEERING, OUTSIDER] {
        let ctx = || world.by(other);
        not_found(agenda::proposal(&ctx(), meeting));
        not_found(agenda::confirm(&ctx(), meeting, version, ""));
        not_found(agenda::issue(&ctx(), meeting, version));
        not_found(agenda::revise(&ctx(), meeting, version));
        not_found(agenda::add_case(&ctx(), meeting, &case_form(version, case)));
        not_found(agenda::add_title(&ctx(), meeting, &title_form(version, "Mine")));
        let form = Arrangement { version, item: found, to: Move::Up };
        not_found(agenda::arrange(&ctx(), meeting, &form));
        let form = LeaveForm { version, item: found, reason: "Mine".to_owned() };
        not_found(agenda::withdraw(&ctx(), meeting, &form));
        not_found(agenda::carry(&ctx(), meeting, &form));
        not_found(agenda::put_back(&ctx(), meeting, version, found));
    }
    not_found(agenda::show(&world.by(OUTSIDER), meeting));
    assert_eq!(draft(world, meeting).version, version, "nothing was changed");
}
