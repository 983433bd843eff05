//! Minutes checked, signed, opened again and corrected.

use super::{approve, copy, finish, held, hold_another, reopen, view_of};
use crate::agenda::{build, draft, issue};
use crate::live::{as_it_stands, decide, end, in_progress, item_of, off, start};
use crate::series::rows;
use panel_app::actions::{self, ActionForm};
use panel_app::live::{self, NoteField, RecordForm};
use panel_app::minutes::{self, ApproveForm};
use panel_app::{meetings, panels};
use panel_core::agenda::{Decision, Section};
use panel_core::meeting::MeetingState;
use panel_core::minutes::Check;
use panel_core::reminder::{NoticeState, Rule, Subject};
use panel_store::notices;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, OBSERVER, POLICE, World};

on_both!(
    f17_each_gap_is_listed_with_its_place_and_stops_or_warns_by_the_panels_policy,
    the_chair_signs_what_the_chair_read,
    f2_each_version_has_its_number_its_author_and_its_instant,
    f1_no_minutes_are_signed_while_the_last_are_unfinished,
    f4_the_latest_signed_minutes_alone_are_opened_again,
    f5_a_meeting_opened_again_takes_its_fresh_items_back,
    a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays,
    approval_tells_readers_and_opening_again_takes_that_back,
    two_chairs_who_sign_at_once_sign_one_version,
    two_meetings_held_at_once_take_two_numbers,
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
        stands: false,
    };
    let action = actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action;
    let form = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, adams) };
    live::record(&world.by(COORDINATOR), adams, &form).unwrap();
    let found = |world: &World| -> Vec<(Check, String, bool)> {
        let draft = view_of(world, CHAIR, meeting).draft.unwrap();
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
    let places = view_of(world, CHAIR, meeting).draft.unwrap().findings;
    assert_eq!(places[1].place, minutes::Place::Item(item_of(world, meeting, "C-BAKER")));
    assert_eq!(places[2].place, minutes::Place::Action(action));
    assert_eq!(rule(approve(world, meeting, "")).0, "wrong_state");
    decide(world, item_of(world, meeting, "C-BAKER"), Decision::Retain);
    end(world, meeting);
    let silent = view_of(world, CHAIR, meeting).draft.unwrap().findings.swap_remove(1);
    assert_eq!((silent.check, silent.place), (Check::NothingRecorded, minutes::Place::Item(adams)));
    let (code, said) = rule(approve(world, meeting, ""));
    assert_eq!(code, "checks");
    assert!(said.contains("action without an owner (Fit new locks)"), "{said}");
    assert!(!view_of(world, CHAIR, meeting).draft.unwrap().may_approve);
    let panel = panels::show(&world.by(COORDINATOR), town.panel).unwrap().panel;
    let mut policy = panel.value.policy;
    policy.minutes.blocking = Vec::new();
    panels::set_policy(&world.by(COORDINATOR), town.panel, panel.version, &policy).unwrap();
    assert!(found(world).iter().all(|(_, _, blocking)| !blocking));
    assert_eq!(approve(world, meeting, "").unwrap().version, 1);
}

fn the_chair_signs_what_the_chair_read(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    let digest = view_of(world, CHAIR, meeting).draft.unwrap().digest;
    let form = ApproveForm { digest, reason: String::new() };
    let (code, _) = rule(minutes::approve(&world.by(COORDINATOR), meeting, &form));
    assert_eq!(code, "not_allowed");
    assert!(!view_of(world, COORDINATOR, meeting).draft.unwrap().may_approve);
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
    let versions = view_of(world, POLICE, meeting).versions;
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
    let draft = view_of(world, CHAIR, meetings[1]).draft.unwrap();
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
    assert!(!view_of(world, CHAIR, meetings[0]).may_open_again);
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

fn a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(world: &World) {
    let meeting = held(world, &["Stone"])[0];
    approve(world, meeting, "").unwrap();
    let first = copy(world, POLICE, meeting, None);
    minutes::open_again(&world.by(CHAIR), meeting, "The risks are missing").unwrap();
    let item = item_of(world, meeting, "C-STONE");
    let form = RecordForm { risks: "Weapons".to_owned(), ..as_it_stands(world, item) };
    live::record(&world.by(COORDINATOR), item, &form).unwrap();
    assert_eq!(copy(world, POLICE, meeting, None), first, "readers keep what was signed");
    let view = view_of(world, CHAIR, meeting);
    assert!(view.correcting && view.draft.unwrap().corrects == "The risks are missing");
    assert_eq!(invalid(approve(world, meeting, " "))[0].field, "reason");
    assert_eq!(approve(world, meeting, "The risks were missing").unwrap().version, 2);
    let second = copy(world, POLICE, meeting, None);
    assert!(second.contains("Risks: Weapons") && second.contains("The risks were missing"));
    assert_eq!(copy(world, POLICE, meeting, Some(1)), first);
    not_found(minutes::show(&world.by(POLICE), meeting, Some(3)));
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
    let digest = view_of(world, CHAIR, meeting).draft.unwrap().digest;
    let form = ApproveForm { digest, reason: String::new() };
    let signed: usize = std::thread::scope(|scope| {
        let work = || usize::from(minutes::approve(&world.by(CHAIR), meeting, &form).is_ok());
        let both = [scope.spawn(work), scope.spawn(work)];
        both.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(signed, 1);
    assert_eq!(view_of(world, CHAIR, meeting).versions.len(), 1);
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
