//! The minutes: checked, signed, read, corrected.

use crate::agenda::{build, draft, issue};
use crate::live::{
    as_it_stands, decide, end, everybody_present, in_progress, item_of, off, room, set_action,
    start,
};
use crate::series::rows;
use panel_app::actions::{self, ActionForm, CompleteForm, ReasonForm};
use panel_app::live::{self, NoteField, PersonForm, RecordForm, RollForm, RollLine};
use panel_app::minutes::{self, Approval, ApproveForm, MinutesView};
use panel_app::{AppError, meetings, panels};
use panel_core::agenda::{Decision, Section};
use panel_core::audit::AuditKind;
use panel_core::id::{ActionId, MeetingId};
use panel_core::meeting::{AttendanceStatus, MeetingState};
use panel_core::minutes::{Check, Incomplete};
use panel_core::reminder::{NoticeState, Rule, Subject};
use panel_documents::{Frame, text};
use panel_store::notices;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, STEERING, World, day,
};

#[track_caller]
fn minutes(world: &World, who: &str, meeting: MeetingId) -> MinutesView {
    minutes::show(&world.by(who), meeting, None).unwrap()
}

#[track_caller]
pub(crate) fn approve(
    world: &World,
    meeting: MeetingId,
    reason: &str,
) -> Result<Approval, AppError> {
    let digest = minutes(world, CHAIR, meeting).draft.map(|draft| draft.digest);
    let form = ApproveForm { digest: digest.unwrap_or_default(), reason: reason.to_owned() };
    minutes::approve(&world.by(CHAIR), meeting, &form)
}

/// A meeting with these cases, all kept, held and not signed.
#[track_caller]
pub(crate) fn held(world: &World, surnames: &[&str]) -> Vec<MeetingId> {
    let (meetings, _) = in_progress(world, surnames);
    finish(world, meetings[0]);
    meetings
}

/// Decides what is open and ends a meeting in progress.
#[track_caller]
fn finish(world: &World, meeting: MeetingId) {
    everybody_present(world, meeting);
    let steps = room(world, meeting).steps;
    for step in steps.iter().filter(|step| !step.person.is_empty()) {
        let form = as_it_stands(world, step.item);
        if form.decision.is_none() && step.words != "Deferred" {
            decide(world, step.item, Decision::Retain);
        }
    }
    end(world, meeting);
}

/// Holds the next meeting of a series and leaves it unsigned.
#[track_caller]
fn hold_another(world: &World, meeting: MeetingId) {
    build(world, meeting);
    issue(world, meeting);
    start(world, meeting);
    finish(world, meeting);
}

/// Opens the meeting itself again, so that outcomes can be changed.
#[track_caller]
fn reopen(world: &World, meeting: MeetingId) {
    let version = crate::series::show(world, meeting).version;
    meetings::reopen(&world.by(CHAIR), meeting, version, "A decision was wrong").unwrap();
}

/// What a reader holds, as plain text.
#[track_caller]
fn copy(world: &World, who: &str, meeting: MeetingId, version: Option<i32>) -> String {
    let document = minutes::document(&world.by(who), meeting, version).unwrap();
    text(Frame::default(), &document)
}

on_both!(
    f17_each_gap_is_listed_with_its_place_and_stops_or_warns_by_the_panels_policy,
    the_chair_signs_what_the_chair_read,
    f2_each_version_has_its_number_its_author_and_its_instant,
    f1_no_minutes_are_signed_while_the_last_are_unfinished,
    f4_the_latest_signed_minutes_alone_are_opened_again,
    f5_a_meeting_opened_again_takes_its_fresh_items_back,
    f13_signed_minutes_do_not_change_when_an_item_gains_detail_later,
    f14_signed_attendance_does_not_change_with_the_members,
    f31_comings_and_goings_stand_at_their_items,
    a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays,
    incomplete_actions_are_told_apart_as_they_stood_at_the_meeting,
    what_was_born_in_approved_minutes_is_closed_and_not_deleted,
    i22_a_draft_is_seen_by_those_who_run_the_panel_alone,
    a7_each_reader_s_copy_holds_the_cases_of_the_reader_s_scope,
    approval_tells_readers_and_opening_again_takes_that_back,
    two_chairs_who_sign_at_once_sign_one_version,
    two_meetings_held_at_once_take_two_numbers,
    the_action_list_holds_what_the_meeting_set,
);

fn f17_each_gap_is_listed_with_its_place_and_stops_or_warns_by_the_panels_policy(world: &World) {
    let (meetings, _) = in_progress(world, &["Adams", "Baker"]);
    let meeting = meetings[0];
    let adams = item_of(world, meeting, "C-ADAMS");
    let town = world.town();
    let form = ActionForm {
        panel: town.panel,
        item: Some(adams),
        case: None,
        text: "Fit new locks".to_owned(),
        approach: None,
        agency: town.housing,
        person: None,
        due: String::new(),
    };
    let action = actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action;
    let form = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, adams) };
    live::record(&world.by(COORDINATOR), adams, &form).unwrap();
    let found = |world: &World| -> Vec<(Check, String, bool)> {
        let draft = minutes(world, CHAIR, meeting).draft.unwrap();
        draft.findings.into_iter().map(|f| (f.check, f.about, f.blocking)).collect()
    };
    let gap = |check, about: &str, blocking| (check, about.to_owned(), blocking);
    assert_eq!(
        found(world),
        [
            gap(Check::NobodyPresent, "the meeting", true),
            gap(Check::Undecided, "C-BAKER", true),
            gap(Check::ActionWithoutOwner, "Fit new locks", true),
            gap(Check::ActionWithoutDate, "Fit new locks", false),
        ]
    );
    let places = minutes(world, CHAIR, meeting).draft.unwrap().findings;
    assert_eq!(places[1].place, minutes::Place::Item(item_of(world, meeting, "C-BAKER")));
    assert_eq!(places[2].place, minutes::Place::Action(action));
    assert_eq!(rule(approve(world, meeting, "")).0, "wrong_state");
    decide(world, item_of(world, meeting, "C-BAKER"), Decision::Retain);
    end(world, meeting);
    let silent = minutes(world, CHAIR, meeting).draft.unwrap().findings.swap_remove(1);
    assert_eq!((silent.check, silent.place), (Check::NothingRecorded, minutes::Place::Item(adams)));
    let (code, said) = rule(approve(world, meeting, ""));
    assert_eq!(code, "checks");
    assert!(said.contains("action without an owner (Fit new locks)"), "{said}");
    assert!(!minutes(world, CHAIR, meeting).draft.unwrap().may_approve);
    let panel = panels::show(&world.by(COORDINATOR), town.panel).unwrap().panel;
    let mut policy = panel.value.policy;
    policy.minutes.blocking = Vec::new();
    panels::set_policy(&world.by(COORDINATOR), town.panel, panel.version, &policy).unwrap();
    assert!(found(world).iter().all(|(_, _, blocking)| !blocking));
    assert_eq!(approve(world, meeting, "").unwrap().version, 1);
}

fn the_chair_signs_what_the_chair_read(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    let digest = minutes(world, CHAIR, meeting).draft.unwrap().digest;
    let form = ApproveForm { digest, reason: String::new() };
    let (code, _) = rule(minutes::approve(&world.by(COORDINATOR), meeting, &form));
    assert_eq!(code, "not_allowed");
    assert!(!minutes(world, COORDINATOR, meeting).draft.unwrap().may_approve);
    not_found(minutes::approve(&world.by(POLICE), meeting, &form));
    let item = item_of(world, meeting, "C-STONE");
    let version = as_it_stands(world, item).version;
    live::type_note(&world.by(COORDINATOR), item, version, NoteField::Risks, "Weapons").unwrap();
    stale(minutes::approve(&world.by(CHAIR), meeting, &form));
    approve(world, meeting, "").unwrap();
    assert_eq!(rule(approve(world, meeting, "")).0, "signed");
    let again = live::type_note(&world.by(COORDINATOR), item, version + 1, NoteField::Risks, "");
    assert_eq!(rule(again).0, "minutes_signed");
}

fn f2_each_version_has_its_number_its_author_and_its_instant(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    world.set("2026-04-20 16:30");
    approve(world, meeting, "").unwrap();
    minutes::open_again(&world.by(CHAIR), meeting, "A name was wrong").unwrap();
    world.set("2026-04-21 09:15");
    approve(world, meeting, "A name was wrong").unwrap();
    let versions = minutes(world, POLICE, meeting).versions;
    let said: Vec<_> = versions
        .iter()
        .map(|v| (v.number, v.by.as_str(), v.when.as_str(), v.reason.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (2, "Colin Hart", "9:15am on Tuesday 21 April 2026", "A name was wrong"),
            (1, "Colin Hart", "4:30pm on Monday 20 April 2026", ""),
        ]
    );
    assert_ne!(versions[0].sha256, versions[1].sha256);
}

fn f1_no_minutes_are_signed_while_the_last_are_unfinished(world: &World) {
    let meetings = held(world, &["Stone"]);
    hold_another(world, meetings[1]);
    let draft = minutes(world, CHAIR, meetings[1]).draft.unwrap();
    let first = (meetings[0], "Thursday 16 April 2026".to_owned());
    assert_eq!((draft.waits_for, draft.may_approve), (Some(first), false));
    let (code, said) = rule(approve(world, meetings[1], ""));
    assert_eq!(
        (code, said.as_str()),
        ("earlier_unsigned", "Finish the minutes of Thursday 16 April 2026 first")
    );
    approve(world, meetings[0], "").unwrap();
    approve(world, meetings[1], "").unwrap();
}

fn f4_the_latest_signed_minutes_alone_are_opened_again(world: &World) {
    let meetings = held(world, &["Stone"]);
    approve(world, meetings[0], "").unwrap();
    hold_another(world, meetings[1]);
    approve(world, meetings[1], "").unwrap();
    let open = |meeting, why| minutes::open_again(&world.by(CHAIR), meeting, why);
    assert_eq!(rule(open(meetings[0], "A name")).0, "not_latest");
    assert!(!minutes(world, CHAIR, meetings[0]).may_open_again);
    assert_eq!(invalid(open(meetings[1], " "))[0].field, "reason");
    let carol = minutes::open_again(&world.by(COORDINATOR), meetings[1], "A name");
    assert_eq!(rule(carol).0, "not_allowed");
    assert_eq!(open(meetings[1], "A name").unwrap(), 1);
    assert_eq!(rule(open(meetings[1], "A name")).0, "not_signed");
    assert_eq!(open(meetings[0], "A date").unwrap(), 1, "now the first is the latest signed");
}

fn f5_a_meeting_opened_again_takes_its_fresh_items_back(world: &World) {
    let meetings = held(world, &["Adams"]);
    approve(world, meetings[0], "").unwrap();
    crate::casework::accept(
        world,
        &crate::casework::Accepted {
            surname: "Baker",
            received: "2026-04-20 09:00",
            ..crate::casework::Accepted::default()
        },
    );
    build(world, meetings[1]);
    issue(world, meetings[1]);
    start(world, meetings[1]);
    let baker = item_of(world, meetings[1], "C-BAKER");
    live::defer(&world.by(COORDINATOR), baker, &off(1, "No time")).unwrap();
    finish(world, meetings[1]);
    approve(world, meetings[1], "").unwrap();
    build(world, meetings[2]);
    let deferred = |world: &World| {
        let sections = draft(world, meetings[2]).sections;
        sections.iter().any(|section| section.section == Section::Deferred)
    };
    assert!(deferred(world));
    minutes::open_again(&world.by(CHAIR), meetings[1], "A decision was wrong").unwrap();
    reopen(world, meetings[1]);
    build(world, meetings[2]);
    assert!(!deferred(world), "what the meeting put off is its own again");
    let version = as_it_stands(world, baker).version;
    live::put_back(&world.by(COORDINATOR), baker, version).unwrap();
    finish(world, meetings[1]);
    approve(world, meetings[1], "A decision was wrong").unwrap();
    build(world, meetings[2]);
    assert!(!deferred(world));
}

fn f13_signed_minutes_do_not_change_when_an_item_gains_detail_later(world: &World) {
    let meetings = held(world, &["Stone"]);
    let first = item_of(world, meetings[0], "C-STONE");
    approve(world, meetings[0], "").unwrap();
    let signed = minutes(world, CHAIR, meetings[0]);
    build(world, meetings[1]);
    issue(world, meetings[1]);
    start(world, meetings[1]);
    let second = item_of(world, meetings[1], "C-STONE");
    let form = RecordForm { discussion: "More detail".to_owned(), ..as_it_stands(world, second) };
    live::record(&world.by(COORDINATOR), second, &form).unwrap();
    let case = signed.record.as_ref().unwrap().items.iter().find(|one| one.item == first).unwrap();
    assert_eq!(case.discussion, "Each agency shared what it knows.");
    let (perpetrator, _) = crate::casework::people_of(world, case.case.as_ref().unwrap().case);
    rows(world, |az| {
        let person = panel_store::people::find(az, perpetrator)?.unwrap();
        let renamed = panel_store::people::Person { surname: "Brick".to_owned(), ..person };
        panel_store::people::update(az, &renamed).map(|_| ())
    });
    let now = minutes(world, CHAIR, meetings[0]);
    assert_eq!((now.record, now.versions), (signed.record, signed.versions));
}

fn f14_signed_attendance_does_not_change_with_the_members(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    approve(world, meeting, "").unwrap();
    let signed = minutes(world, CHAIR, meeting).record.unwrap().attendance;
    assert!(signed.iter().any(|line| line.name == "Hana Sato"));
    let town = world.town();
    let members = [(town.council, false), (town.police, true), (town.probation, true)];
    panels::set_agencies(&world.operator(), town.panel, &members).unwrap();
    let hana = Some(world.by(HOUSING).user());
    rows(world, |az| panel_store::users::end_seats(az, None, hana, day("2026-04-17")));
    world.set("2026-04-18 10:00");
    let now = minutes(world, CHAIR, meeting).record.unwrap().attendance;
    assert_eq!(now, signed);
}

fn f31_comings_and_goings_stand_at_their_items(world: &World) {
    let (meetings, _) = in_progress(world, &["Adams", "Baker", "Clark"]);
    let meeting = meetings[0];
    let (adams, baker) = (item_of(world, meeting, "C-ADAMS"), item_of(world, meeting, "C-BAKER"));
    let form = PersonForm {
        name: "Gil Frost".to_owned(),
        agency: None,
        status: AttendanceStatus::Present,
        information_on: None,
        statement: true,
        on_paper: false,
        arrived_at: Some(baker),
        left_after: Some(adams),
        note: String::new(),
    };
    let refused = live::add_person(&world.by(COORDINATOR), meeting, &form);
    assert_eq!(invalid(refused)[0].field, "left_after");
    let form = PersonForm { arrived_at: Some(adams), left_after: Some(baker), ..form };
    live::add_person(&world.by(COORDINATOR), meeting, &form).unwrap();
    let there = |label: &str| {
        let present = crate::live::item(world, item_of(world, meeting, label)).present;
        present.contains(&"Gil Frost".to_owned())
    };
    assert_eq!(
        ["Introductions", "C-ADAMS", "C-BAKER", "C-CLARK"].map(there),
        [false, true, true, false]
    );
    finish(world, meeting);
    let record = minutes(world, CHAIR, meeting).record.unwrap();
    let moves: Vec<_> = record
        .items
        .iter()
        .flat_map(|item| item.movements.iter().map(move |m| (item.item, m.who.as_str(), m.came)))
        .collect();
    assert_eq!(moves, [(adams, "Gil Frost", true), (baker, "Gil Frost", false)]);
}

fn a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    approve(world, meeting, "").unwrap();
    let first = copy(world, POLICE, meeting, None);
    minutes::open_again(&world.by(CHAIR), meeting, "The risks are missing").unwrap();
    let item = item_of(world, meeting, "C-STONE");
    let form = RecordForm { risks: "Weapons".to_owned(), ..as_it_stands(world, item) };
    live::record(&world.by(COORDINATOR), item, &form).unwrap();
    assert_eq!(copy(world, POLICE, meeting, None), first, "readers keep what was signed");
    let view = minutes(world, CHAIR, meeting);
    assert!(view.correcting && view.draft.unwrap().corrects == "The risks are missing");
    assert_eq!(invalid(approve(world, meeting, " "))[0].field, "reason");
    assert_eq!(approve(world, meeting, "The risks were missing").unwrap().version, 2);
    let second = copy(world, POLICE, meeting, None);
    assert!(second.contains("Risks: Weapons") && second.contains("The risks were missing"));
    assert_eq!(copy(world, POLICE, meeting, Some(1)), first);
    not_found(minutes::show(&world.by(POLICE), meeting, Some(3)));
}

fn incomplete_actions_are_told_apart_as_they_stood_at_the_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let item = item_of(world, meetings[0], "C-STONE");
    let texts = ["Open", "Done", "Done later", "Not done", "Not possible"];
    let ids: Vec<ActionId> =
        texts.iter().map(|text| set_action(world, item, text).saved.action).collect();
    finish(world, meetings[0]);
    world.set("2026-05-01 09:00");
    let hana = world.by(HOUSING);
    let done = |on: &str| CompleteForm { version: 1, on: day(on), outcome: "Done".to_owned() };
    let why = |reason: &str| ReasonForm { version: 1, reason: reason.to_owned() };
    actions::complete(&hana, ids[1], &done("2026-05-01")).unwrap();
    actions::report_not_done(&hana, ids[3], &why("No staff")).unwrap();
    actions::report_not_possible(&hana, ids[4], &why("The tenancy ended")).unwrap();
    hold_another(world, meetings[1]);
    world.set("2026-05-18 09:00");
    actions::complete(&world.by(HOUSING), ids[2], &done("2026-05-18")).unwrap();
    let record = minutes(world, CHAIR, meetings[1]).record.unwrap();
    let mut said: Vec<_> = record
        .incomplete
        .iter()
        .map(|one| (one.why, one.text.as_str(), one.reason.as_str(), one.reference.as_str()))
        .collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            (Incomplete::NotPossible, "Not possible", "The tenancy ended", "C-STONE"),
            (Incomplete::NotDone, "Not done", "No staff", "C-STONE"),
            (Incomplete::Open, "Done later", "", "C-STONE"),
            (Incomplete::Open, "Open", "", "C-STONE"),
        ]
    );
    let before = minutes(world, CHAIR, meetings[0]).record.unwrap();
    assert_eq!(before.incomplete, [], "what a meeting sets is not owed at it");
}

fn what_was_born_in_approved_minutes_is_closed_and_not_deleted(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let item = item_of(world, meetings[0], "C-STONE");
    let kept = set_action(world, item, "Fit new locks").saved;
    let slip = set_action(world, item, "Fit new loks").saved;
    actions::delete(&world.by(COORDINATOR), slip.action, &reason("Typed twice")).unwrap();
    not_found(actions::show(&world.by(CHAIR), slip.action));
    finish(world, meetings[0]);
    approve(world, meetings[0], "").unwrap();
    actions::delete(&world.by(CHAIR), kept.action, &reason("Superseded")).unwrap();
    let closed = actions::show(&world.by(CHAIR), kept.action).unwrap();
    assert_eq!(closed.row.line.reason, "Superseded");
    let record = minutes(world, CHAIR, meetings[0]).record.unwrap();
    let set: Vec<_> = record.items.iter().flat_map(|one| &one.actions).collect();
    assert_eq!(set[0].text, "Fit new locks");
}

fn reason(reason: &str) -> ReasonForm {
    ReasonForm { version: 1, reason: reason.to_owned() }
}

fn i22_a_draft_is_seen_by_those_who_run_the_panel_alone(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    for who in [COORDINATOR, CHAIR] {
        assert!(minutes(world, who, meeting).record.is_some());
    }
    let priya = minutes(world, POLICE, meeting);
    assert_eq!((priya.record, priya.draft, priya.versions), (None, None, vec![]));
    not_found(minutes::document(&world.by(POLICE), meeting, None));
    for who in [OBSERVER, STEERING, OUTSIDER] {
        not_found(minutes::show(&world.by(who), meeting, None));
    }
    approve(world, meeting, "").unwrap();
    assert!(minutes(world, POLICE, meeting).record.is_some());
    for who in [OBSERVER, STEERING, OUTSIDER] {
        not_found(minutes::show(&world.by(who), meeting, None));
        not_found(minutes::action_list(&world.by(who), meeting));
    }
}

fn a7_each_reader_s_copy_holds_the_cases_of_the_reader_s_scope(world: &World) {
    let (meetings, _) = in_progress(world, &["Adams", "Baker"]);
    let adams = item_of(world, meetings[0], "C-ADAMS");
    let town = world.town();
    let form = ActionForm {
        panel: town.panel,
        item: Some(adams),
        case: None,
        text: "Offer a refuge place".to_owned(),
        approach: None,
        agency: town.idva,
        person: Some(world.by(IDVA).user()),
        due: "10 working days".to_owned(),
    };
    actions::set(&world.by(COORDINATOR), &form).unwrap();
    finish(world, meetings[0]);
    approve(world, meetings[0], "").unwrap();
    // The advocates take part in one case through their action; the core agencies were asked about both.
    let iris = minutes(world, IDVA, meetings[0]).record.unwrap();
    let references = |record: &panel_core::minutes::Record| -> Vec<String> {
        let cases = record.items.iter().filter_map(|item| item.case.as_ref());
        cases.map(|case| case.reference.clone()).collect()
    };
    assert_eq!(references(&iris), ["C-ADAMS"]);
    let places: Vec<usize> = iris.items.iter().map(|item| item.place).collect();
    assert_eq!(places, [1, 2, 3, 4], "numbered without a gap");
    let page = copy(world, IDVA, meetings[0], None);
    assert!(page.contains("C-ADAMS") && !page.contains("BAKER"), "{page}");
    assert_eq!(
        references(&minutes(world, POLICE, meetings[0]).record.unwrap()),
        ["C-ADAMS", "C-BAKER"]
    );
    let list = minutes::action_list(&world.by(IDVA), meetings[0]).unwrap();
    assert_eq!(list.agencies.len(), 1);
    let deeds = rows(world, |az| panel_store::audit::page(az, None, None, 100));
    let left: Vec<_> = deeds
        .iter()
        .filter(|row| row.kind == AuditKind::Disclosure && row.actor == Some(world.by(IDVA).user()))
        .map(|row| row.deed.as_str())
        .collect();
    assert_eq!(left, ["actions.print", "minutes.print"], "each copy that leaves is noted");
}

fn approval_tells_readers_and_opening_again_takes_that_back(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    let told = approve(world, meeting, "").unwrap().told;
    let signed = rows(world, |az| panel_store::minutes::versions(az, meeting))[0].id;
    let waiting = |world: &World| {
        let all = rows(world, |az| notices::list_for_subject(az, Subject::Minutes(signed)));
        let ready = all.into_iter().filter(|row| row.rule == Rule::MinutesReady);
        ready
            .filter(|row| row.state == NoticeState::Planned)
            .map(|row| row.person)
            .collect::<Vec<_>>()
    };
    assert_eq!(waiting(world).len(), told);
    assert!(waiting(world).contains(&Some(world.by(POLICE).user())));
    assert!(!waiting(world).contains(&Some(world.by(CHAIR).user())), "nobody hears of an own act");
    assert!(!waiting(world).contains(&Some(world.by(OBSERVER).user())));
    minutes::open_again(&world.by(CHAIR), meeting, "A name").unwrap();
    assert_eq!(waiting(world), []);
}

fn two_chairs_who_sign_at_once_sign_one_version(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    let digest = minutes(world, CHAIR, meeting).draft.unwrap().digest;
    let form = ApproveForm { digest, reason: String::new() };
    let signed: usize = std::thread::scope(|scope| {
        let work = || usize::from(minutes::approve(&world.by(CHAIR), meeting, &form).is_ok());
        let both = [scope.spawn(work), scope.spawn(work)];
        both.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(signed, 1);
    assert_eq!(minutes(world, CHAIR, meeting).versions.len(), 1);
}

fn two_meetings_held_at_once_take_two_numbers(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let item = item_of(world, meetings[0], "C-STONE");
    decide(world, item, Decision::Retain);
    start(world, meetings[1]);
    let versions = [0, 1].map(|n| crate::series::show(world, meetings[n]).version);
    let mut numbers: Vec<i32> = std::thread::scope(|scope| {
        let hold = |n: usize| {
            let ended = meetings::end(&world.by(COORDINATOR), meetings[n], versions[n]).unwrap();
            ended.number.number
        };
        let both = [scope.spawn(move || hold(0)), scope.spawn(move || hold(1))];
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
    let states = [0, 1].map(|n| crate::series::show(world, meetings[n]).state);
    assert_eq!(states, [MeetingState::Held; 2]);
}

fn the_action_list_holds_what_the_meeting_set(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let item = item_of(world, meetings[0], "C-STONE");
    set_action(world, item, "Fit new locks");
    let list = minutes::action_list(&world.by(COORDINATOR), meetings[0]).unwrap();
    let page = text(Frame::default(), &list);
    assert!(
        page.contains("C-STONE: Fit new locks") && page.contains("Person: Hana Sato"),
        "{page}"
    );
    let lines = RollForm { lines: Vec::<RollLine>::new() };
    assert_eq!(live::take_roll(&world.by(COORDINATOR), meetings[0], &lines).unwrap(), 0);
}
