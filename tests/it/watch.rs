//! What stands out in how cases are read: found by search and by the worker, told without a word of it,
//! and closed by administrators whom it does not concern.

use crate::casework::{Accepted, accept};
use crate::live::in_progress;
use crate::minutes::finish;
use crate::sealed::{run, worker};
use crate::series::rows;
use crate::whereabouts::{harboured, read};
use panel_app::audit;
use panel_app::budget::{self, LiftForm};
use panel_app::cases;
use panel_app::watch;
use panel_core::audit::occasion::Occasion;
use panel_core::audit::seal::least_id;
use panel_core::audit::{AuditKind, Deed, Purpose, SubjectKind};
use panel_core::id::CaseId;
use panel_core::watch::WatchRule;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{ADMINISTRATOR, CHAIR, COORDINATOR, POLICE, PROBATION, World};
use std::time::{Duration, Instant};

on_both!(
    a_search_for_ones_own_name_leaves_its_rule_and_no_word,
    a_night_a_spree_and_repeated_readings_are_found_once_by_the_worker,
    what_is_opened_without_a_reason_stands_out_and_the_log_says_why_the_rest_was,
    administrators_are_told_once_a_day_and_close_it_with_what_came_of_it,
    whoever_writes_much_is_watched_as_quickly_as_others,
);

/// What administrators see, by rule and person.
fn found(world: &World) -> Vec<(WatchRule, String, i32)> {
    let all = watch::list(&world.by(ADMINISTRATOR)).unwrap();
    let mut all: Vec<_> = all.into_iter().map(|row| (row.rule, row.user_name, row.many)).collect();
    all.sort();
    all
}

fn a_search_for_ones_own_name_leaves_its_rule_and_no_word(world: &World) {
    for sought in ["Stone", "Priya", "nair", "Nair Pri", "nair"] {
        cases::search(&world.by(POLICE), sought).unwrap();
    }
    assert_eq!(found(world), [(WatchRule::OwnName, "Priya Nair".to_owned(), 1)]);
    let row = watch::list(&world.by(ADMINISTRATOR)).unwrap().remove(0);
    assert_eq!((row.note.as_str(), row.day), ("", world.by(POLICE).today));
    for email in [POLICE, COORDINATOR, CHAIR] {
        not_found(watch::list(&world.by(email)));
        not_found(watch::show(&world.by(email), row.id));
    }
    cases::search(&world.by(ADMINISTRATOR), "Moore").unwrap();
    assert_eq!(found(world).len(), 1, "nobody sees what is about herself");
}

fn a_night_a_spree_and_repeated_readings_are_found_once_by_the_worker(world: &World) {
    let surname = |n: usize| format!("Surname{n}");
    let all: Vec<CaseId> = (0..61)
        .map(|n| accept(world, &Accepted { surname: &surname(n), ..Accepted::default() }))
        .collect();
    let referral = harboured(world);
    let (mut worker, _) = worker(world, None);
    // Her bound is lifted; what she reads is watched as before.
    let priya = world.by(POLICE).user();
    let reason = "An inspection of all cases".to_owned();
    budget::lift(&world.by(COORDINATOR), priya, &LiftForm { reason }).unwrap();
    for email in [POLICE, COORDINATOR] {
        for case in &all {
            cases::show(&world.by(email), *case).unwrap();
        }
    }
    for _ in 0..4 {
        read(world, POLICE, referral).ok().unwrap();
    }
    run(world, &mut worker);
    world.set("2026-04-01 23:30");
    for case in all.iter().take(3) {
        rows(world, |az| panel_store::cases::join(az, *case, &[world.town().probation]));
        cases::show(&world.by(PROBATION), *case).unwrap();
    }
    run(world, &mut worker);
    let expected = [
        (WatchRule::Breadth, "Priya Nair".to_owned(), 61),
        (WatchRule::Night, "Rhys Evans".to_owned(), 3),
        (WatchRule::Reveals, "Priya Nair".to_owned(), 4),
    ];
    assert_eq!(
        found(world),
        expected,
        "the coordinator prepares a meeting, and nothing is said of her"
    );
    world.set("2026-04-01 23:50");
    cases::show(&world.by(PROBATION), all[0]).unwrap();
    run(world, &mut worker);
    assert_eq!(found(world), expected, "once for a rule, a person and a day");
}

fn what_is_opened_without_a_reason_stands_out_and_the_log_says_why_the_rest_was(world: &World) {
    let (meetings, all) = in_progress(world, &["Okafor", "Price"]);
    let (mut worker, _) = worker(world, None);
    let open = |email: &str, case: CaseId| {
        cases::show(&world.by(email), case).unwrap();
        let looks = audit::looked(&world.by(CHAIR), Purpose::Integrity, case, None).unwrap().looks;
        looks.first().and_then(|look| look.occasion)
    };
    assert_eq!(open(POLICE, all[0]), Some(Occasion::Asked), "its reply is for this meeting");
    assert_eq!(open(COORDINATOR, all[0]), Some(Occasion::Runs));
    finish(world, meetings[0]);
    world.set("2026-04-17 10:00");
    let received = "2026-04-17 09:00";
    let nair = accept(world, &Accepted { surname: "Nair", received, ..Accepted::default() });
    assert_eq!(open(POLICE, nair), Some(Occasion::New));
    world.set("2026-04-23 10:00");
    assert_eq!(open(POLICE, all[0]), Some(Occasion::Hearing), "a week after the meeting");
    run(world, &mut worker);
    assert_eq!(found(world), [], "a namesake’s case is opened while it is new");
    for at in ["2026-05-20 10:00", "2026-05-22 16:00", "2026-05-27 09:00"] {
        world.set(at);
        assert_eq!(open(POLICE, all[0]), Some(Occasion::After));
        open(COORDINATOR, all[0]);
    }
    assert_eq!(open(POLICE, all[1]), Some(Occasion::After));
    let said = |rule, many| (rule, "Priya Nair".to_owned(), many);
    run(world, &mut worker);
    assert_eq!(
        found(world),
        [said(WatchRule::Afterwards, 3)],
        "two cases in a day are no more than that"
    );
    assert_eq!(open(POLICE, nair), Some(Occasion::Unknown));
    run(world, &mut worker);
    let expected = [
        said(WatchRule::NoReason, 3),
        said(WatchRule::Afterwards, 3),
        said(WatchRule::Namesake, 1),
    ];
    assert_eq!(found(world), expected);
    let page = Pages::of(world)
        .signed_in(world, CHAIR)
        .read(&format!("/cases/{}/looked?purpose=integrity", all[0]));
    assert!(
        page.contains("In what context")
            && page.contains("After the meeting, with nothing left to do")
    );
}

fn administrators_are_told_once_a_day_and_close_it_with_what_came_of_it(world: &World) {
    cases::search(&world.by(POLICE), "nair").unwrap();
    let (mut worker, mailbox) = worker(world, None);
    let told = || {
        let letters = mailbox.letters();
        letters.into_iter().filter(|one| one.subject.contains("stands out")).collect::<Vec<_>>()
    };
    run(world, &mut worker);
    assert!(told().is_empty(), "today’s are told tomorrow");
    world.set("2026-04-02 08:30");
    run(world, &mut worker);
    cases::search(&world.by(PROBATION), "evans").unwrap();
    run(world, &mut worker);
    let letters = told();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, ADMINISTRATOR);
    let says = |word: &str| letters[0].subject.contains(word) || letters[0].body.contains(word);
    assert!(!["Priya", "Nair", "name", "search"].into_iter().any(says), "{:?}", letters[0]);
    let pages = Pages::of(world);
    let ada = pages.signed_in(world, ADMINISTRATOR);
    let list = ada.read("/findings");
    assert!(list.contains("Searched for their own name") && list.contains("Priya Nair"));
    let all = watch::list(&world.by(ADMINISTRATOR)).unwrap();
    let id = all.iter().find(|row| row.user_name == "Priya Nair").unwrap().id;
    let at = format!("/findings/{id}");
    assert_eq!(ada.fill(&at, &[("note", "")]).status().as_u16(), 422);
    let closed = ada.fill(&at, &[("note", "A case of a namesake; her lead knows")]);
    assert_eq!(leads_to(&closed), "/findings");
    assert!(ada.read(&at).contains("her lead knows"));
    let note = "Once more".to_owned();
    let again = watch::FindingForm { note };
    assert_eq!(rule(watch::close(&world.by(ADMINISTRATOR), id, &again)).0, "closed");
    let empty = watch::FindingForm { note: String::new() };
    invalid(watch::close(&world.by(ADMINISTRATOR), all[0].id, &empty));
}

/// How long the watch takes over so many thousand changes by one person.
fn watched(world: &World, thousands: usize) -> Duration {
    // What was written before lies ten minutes back.
    world.pass(chrono::Duration::minutes(10));
    rows(world, |az| {
        for _ in 0..1_000 * thousands {
            let deed = Deed::new(AuditKind::Alteration, "case.correct", SubjectKind::Case, None);
            az.did(deed.with("words"));
        }
        Ok(())
    });
    let begun = Instant::now();
    let now = world.by(COORDINATOR).now;
    let mut after = Some(least_id(now - chrono::Duration::minutes(1)));
    while let Some(from) = after {
        after = rows(world, |az| panel_store::watch::step(az, from));
    }
    begun.elapsed()
}

fn whoever_writes_much_is_watched_as_quickly_as_others(world: &World) {
    let before = watched(world, 2);
    watched(world, 20);
    let after = watched(world, 2);
    assert!(after < before * 3 + Duration::from_millis(20), "{before:?}, then {after:?}");
}
