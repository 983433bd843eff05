//! Completion and on-time of a period, from what was really done.

use super::{case, done, plain, reason, set, user, version};
use panel_app::actions::{self, AcceptTransferForm, AgreeForm, ExtensionForm, TransferForm};
use panel_app::completion::{self, Completion, Figures};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, OBSERVER, OUTSIDER, POLICE, STEERING, World, day,
};

on_both!(
    x2_a_period_without_actions_has_a_full_row_of_noughts_for_every_agency,
    every_end_of_an_action_counts_as_it_should,
    a_transfer_counts_for_the_new_owner_and_adds_one_to_the_old_owners_transferred,
    only_whoever_has_a_use_for_figures_sees_them,
);

#[track_caller]
fn april(world: &World, email: &str) -> Completion {
    let panel = world.town().panel;
    completion::show(&world.by(email), panel, day("2026-04-01"), day("2026-04-30")).unwrap()
}

/// Completed, on time, not done, overdue, transferred.
#[track_caller]
fn row(completion: &Completion, name: &str) -> (u32, u32, u32, u32, u32) {
    let found = completion.agencies.iter().find(|row| row.name == name).unwrap();
    numbers(found)
}

fn numbers(row: &Figures) -> (u32, u32, u32, u32, u32) {
    (row.completed, row.on_time, row.not_done, row.overdue, row.transferred)
}

fn x2_a_period_without_actions_has_a_full_row_of_noughts_for_every_agency(world: &World) {
    let shown = april(world, COORDINATOR);
    assert_eq!(shown.agencies.len(), 5);
    assert!(shown.agencies.is_sorted_by_key(|row| row.name.clone()));
    for row in shown.agencies.iter().chain(&shown.total) {
        assert_eq!(numbers(row), (0, 0, 0, 0, 0));
        assert_eq!((&*row.completion, &*row.punctuality), ("–", "–"));
    }
}

fn every_end_of_an_action_counts_as_it_should(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let new = |due: &str| set(world, "Check bail", id, town.police, Some(POLICE), due);
    let [in_time, late, not_done, excused, withdrawn, overdue, awaited, undated, extended, may] = [
        "2026-04-08",
        "2026-04-08",
        "2026-04-08",
        "2026-04-08",
        "2026-04-08",
        "2026-04-08",
        "2026-04-08",
        "",
        "2026-04-08",
        "2026-05-01",
    ]
    .map(new);
    let longer = ExtensionForm {
        version: version(world, extended),
        due: day("2026-05-05"),
        reason: "Listed later".to_owned(),
    };
    actions::ask_extension(&world.by(POLICE), extended, &longer).unwrap();
    world.set("2026-04-10 12:00");
    let police = world.by(POLICE);
    // What counts is the day entered, not the day of entry.
    actions::complete(&police, in_time, &done(world, in_time, "2026-04-08", "Done")).unwrap();
    actions::complete(&police, late, &done(world, late, "2026-04-09", "Done")).unwrap();
    actions::report_not_done(&police, not_done, &reason(world, not_done, "No")).unwrap();
    for id in [excused, awaited] {
        actions::report_not_possible(&police, id, &reason(world, id, "In custody")).unwrap();
    }
    let chair = world.by(CHAIR);
    actions::accept_not_possible(&chair, excused, plain(world, excused)).unwrap();
    actions::withdraw(&chair, withdrawn, &reason(world, withdrawn, "No")).unwrap();
    let agreed = AgreeForm { version: version(world, extended), due: None };
    actions::agree_extension(&chair, extended, agreed).unwrap();

    let shown = april(world, CHAIR);
    // Two completed, one of them on time; one not done; overdue and unanswered count as overdue.
    assert_eq!(row(&shown, "Eastshire Police"), (2, 1, 1, 2, 0));
    let police_row = shown.agencies.iter().find(|r| r.name == "Eastshire Police").unwrap();
    assert_eq!(police_row.completion, "2 of 5");
    assert_eq!(police_row.punctuality, "1 of 5");
    assert_eq!(numbers(shown.total.as_ref().unwrap()), (2, 1, 1, 2, 0));

    // Seen at the end of the period, whatever is done in May.
    world.set("2026-05-10 12:00");
    actions::complete(&world.by(POLICE), overdue, &done(world, overdue, "2026-05-02", "Done"))
        .unwrap();
    assert_eq!(row(&april(world, CHAIR), "Eastshire Police"), (2, 1, 1, 2, 0));
    let panel = town.panel;
    let may_shown =
        completion::show(&world.by(CHAIR), panel, day("2026-05-01"), day("2026-05-31")).unwrap();
    assert_eq!(row(&may_shown, "Eastshire Police"), (0, 0, 0, 2, 0), "{extended} and {may}");
    let _ = undated;
}

fn a_transfer_counts_for_the_new_owner_and_adds_one_to_the_old_owners_transferred(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let moved = set(world, "Arrange a move", id, town.police, Some(POLICE), "2026-04-08");
    let next_month = set(world, "Fit locks", id, town.police, Some(POLICE), "2026-05-20");
    for action in [moved, next_month] {
        let propose = TransferForm {
            version: version(world, action),
            to: town.housing,
            reason: "They hold the tenancy".to_owned(),
        };
        actions::propose_transfer(&world.by(POLICE), action, &propose).unwrap();
        let accept = AcceptTransferForm {
            version: version(world, action),
            person: Some(user(world, HOUSING)),
            due: None,
        };
        actions::accept_transfer(&world.by(HOUSING), action, accept).unwrap();
    }
    world.set("2026-04-20 12:00");
    let shown = april(world, STEERING);
    assert_eq!(row(&shown, "Eastshire Police"), (0, 0, 0, 0, 2));
    assert_eq!(row(&shown, "Eastshire Homes"), (0, 0, 0, 1, 0));
}

fn only_whoever_has_a_use_for_figures_sees_them(world: &World) {
    let town = world.town();
    let own = april(world, POLICE);
    assert_eq!(own.agencies.iter().map(|row| &*row.name).collect::<Vec<_>>(), ["Eastshire Police"]);
    assert_eq!(own.total, None);
    for email in [OUTSIDER, OBSERVER] {
        let (from, to) = (day("2026-04-01"), day("2026-04-30"));
        not_found(completion::show(&world.by(email), town.panel, from, to));
    }
    let (from, to) = (day("2026-04-30"), day("2026-04-01"));
    let backward = completion::show(&world.by(CHAIR), town.panel, from, to);
    assert_eq!(invalid(backward)[0].field, "to");
}
