//! The register and the representative's own page.

use super::{case, case_at, done, form, plain, reason, set, user, version};
use crate::series::{rows, thursdays};
use panel_app::actions::sheet::{Format, export};
use panel_app::actions::{self, ActionForm, DueForm, Filters, Total, TransferForm};
use panel_core::action::{SortBy, StatusFilter};
use panel_core::coded::Coded;
use panel_core::id::ActionId;
use panel_core::schedule::End;
use panel_store::cases;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, PROBATION, STEERING, World, day,
};
use std::collections::BTreeSet;

on_both!(
    a7_list_count_search_and_file_hold_the_same_set,
    the_register_narrows_by_everything_it_shows,
    every_order_goes_page_by_page_and_back,
    x7_names_with_accents_and_apostrophes_are_found_and_unchanged,
    x2_without_any_action_every_list_is_there_and_empty,
    my_page_has_overdue_before_the_meeting_and_later,
    two_clicks_from_my_page_to_done,
    large_registers_are_counted_up_to_a_thousand,
);

/// The actions of every page, as this person sees them.
#[track_caller]
fn listed(world: &World, email: &str, filters: &Filters) -> Vec<ActionId> {
    let (ctx, mut all, mut after) = (world.by(email), Vec::new(), None);
    loop {
        let page = actions::list(&ctx, filters, after.as_deref()).unwrap();
        all.extend(page.rows.iter().map(|row| row.line.id));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

#[track_caller]
fn in_file(world: &World, email: &str, filters: &Filters) -> BTreeSet<ActionId> {
    let file = export(&world.by(email), filters, Format::Csv).unwrap();
    let book = panel_sheets::read(&file.bytes, &file.name).unwrap();
    let rows = book.sheets[0].rows.iter().skip(1);
    rows.map(|row| row.cell(0).shown().parse().unwrap()).collect()
}

fn a7_list_count_search_and_file_hold_the_same_set(world: &World) {
    let town = world.town();
    let shared = case(world, "Dai", "Price");
    let police_only = case(world, "Ida", "Flint");
    let elsewhere = case_at(world, town.elsewhere, "Wyn", "Marsh");
    let bail = set(world, "Check bail", shared, town.police, Some(POLICE), "2026-04-08");
    let visit = set(world, "Check visits", shared, town.probation, Some(PROBATION), "");
    let flag = set(world, "Check the flag", police_only, town.police, None, "2026-05-01");
    let own = ActionForm { panel: town.panel, ..form(world, "Check the room", None, town.housing) };
    let room = actions::set(&world.by(COORDINATOR), &own).unwrap().saved.action;
    rows(world, |az| cases::join(az, elsewhere, &[town.police]));
    let west = ActionForm {
        panel: town.elsewhere,
        agency: town.westshire,
        ..form(world, "Check elsewhere", Some(elsewhere), town.westshire)
    };
    let west = actions::set(&world.by(OUTSIDER), &west).unwrap().saved.action;
    let asked = TransferForm { version: 1, to: town.idva, reason: "They know her".to_owned() };
    actions::propose_transfer(&world.by(POLICE), bail, &asked).unwrap();

    let everything = Filters::default();
    let searched = Filters { search: "check".to_owned(), ..Filters::default() };
    for (email, expected) in [
        (COORDINATOR, vec![bail, visit, flag, room]),
        (CHAIR, vec![bail, visit, flag, room]),
        (POLICE, vec![bail, visit, flag]),
        (PROBATION, vec![bail, visit]),
        (HOUSING, vec![room]),
        (IDVA, vec![bail]),
        (OUTSIDER, vec![west]),
        (STEERING, vec![]),
        (OBSERVER, vec![]),
    ] {
        let expected: BTreeSet<ActionId> = expected.into_iter().collect();
        for filters in [&everything, &searched] {
            let seen = listed(world, email, filters).into_iter().collect::<BTreeSet<_>>();
            assert_eq!(seen, expected, "{email}");
            let count = actions::count(&world.by(email), filters).unwrap();
            assert_eq!(count, Total::Exactly(expected.len()), "{email}");
            assert_eq!(in_file(world, email, filters), expected, "{email}");
        }
        for action in [bail, visit, flag, room, west] {
            let shown = actions::show(&world.by(email), action);
            assert_eq!(shown.is_ok(), expected.contains(&action), "{email}");
            if shown.is_err() {
                not_found(shown);
                not_found(actions::history(&world.by(email), action, None));
            }
        }
    }
}

#[track_caller]
fn check(world: &World, filters: &Filters, expected: &[ActionId]) {
    assert_eq!(listed(world, COORDINATOR, filters), expected, "{filters:?}");
    let count = actions::count(&world.by(COORDINATOR), filters).unwrap();
    assert_eq!(count, Total::Exactly(expected.len()), "{filters:?}");
}

fn the_register_narrows_by_everything_it_shows(world: &World) {
    let town = world.town();
    let (dai, ida) = (case(world, "Dai", "Price"), case(world, "Ida", "Flint"));
    let late = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-02");
    let soon = set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    let none = set(world, "Flag the address", ida, town.police, None, "");
    let over = set(world, "Share the order", ida, town.police, Some(POLICE), "2026-04-03");
    world.set("2026-04-10 09:00");
    actions::complete(&world.by(POLICE), over, &done(world, over, "2026-04-03", "Sent")).unwrap();
    actions::start(&world.by(PROBATION), soon, plain(world, soon)).unwrap();

    let all = Filters::default;
    check(world, &all(), &[late, over, soon, none]);
    check(world, &Filters { panel: Some(town.panel), ..all() }, &[late, over, soon, none]);
    check(world, &Filters { panel: Some(town.elsewhere), ..all() }, &[]);
    check(world, &Filters { agency: Some(town.police), ..all() }, &[late, over, none]);
    check(world, &Filters { person: Some(user(world, POLICE)), ..all() }, &[late, over]);
    check(world, &Filters { case: Some(ida), ..all() }, &[over, none]);
    for (status, expected) in [
        (StatusFilter::Unfinished, vec![late, soon, none]),
        (StatusFilter::Overdue, vec![late]),
        (StatusFilter::Open, vec![late, none]),
        (StatusFilter::InProgress, vec![soon]),
        (StatusFilter::Finished, vec![over]),
        (StatusFilter::Completed, vec![over]),
        (StatusFilter::Withdrawn, vec![]),
    ] {
        check(world, &Filters { status: Some(status), ..all() }, &expected);
    }
    let range = |from: Option<&str>, to: Option<&str>| Filters {
        due_from: from.map(day),
        due_to: to.map(day),
        ..all()
    };
    check(world, &range(Some("2026-04-03"), None), &[over, soon]);
    check(world, &range(None, Some("2026-04-03")), &[late, over]);
    check(world, &range(Some("2026-04-03"), Some("2026-04-03")), &[over]);
    let backward = range(Some("2026-04-03"), Some("2026-04-02"));
    assert_eq!(invalid(actions::list(&world.by(COORDINATOR), &backward, None))[0].field, "due_to");
    for (words, expected) in [
        ("BAIL", vec![late]),
        ("price", vec![late, soon]),
        ("flint order", vec![over]),
        ("ida-", vec![over, none]),
        ("100%", vec![]),
        ("_", vec![]),
    ] {
        check(world, &Filters { search: words.to_owned(), ..all() }, &expected);
    }
    not_found(actions::list(&world.by(COORDINATOR), &all(), Some("'; DROP TABLE actions")));
}

fn every_order_goes_page_by_page_and_back(world: &World) {
    let town = world.town();
    let agencies = [town.probation, town.police, town.housing];
    let case_ids: Vec<_> =
        (0..4).map(|n| case(world, &format!("Dai{n}"), &format!("Price{n}"))).collect();
    for n in 0..130_usize {
        // Many share a date, some have none, and some belong to no case.
        let due = if n % 7 == 0 { String::new() } else { format!("2026-05-{:02}", 1 + n % 5) };
        let form = ActionForm {
            due,
            ..form(world, &format!("Action {n}"), case_ids.get(n % 5).copied(), agencies[n % 3])
        };
        let id = actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action;
        match n % 4 {
            0 => drop(actions::start(&world.by(CHAIR), id, plain(world, id)).unwrap()),
            1 => {
                let why = reason(world, id, "No");
                actions::withdraw(&world.by(CHAIR), id, &why).unwrap();
            }
            _ => {}
        }
    }
    for sort in SortBy::ALL {
        for status in [None, Some(StatusFilter::Unfinished)] {
            let filters = |descending| Filters {
                sort: Some(*sort),
                status,
                descending,
                ..Filters::default()
            };
            let forth = listed(world, COORDINATOR, &filters(false));
            let unique: BTreeSet<&ActionId> = forth.iter().collect();
            let expected = if status.is_none() { 130 } else { 97 };
            assert_eq!((forth.len(), unique.len()), (expected, expected), "{sort:?} {status:?}");
            let mut back = listed(world, COORDINATOR, &filters(true));
            back.reverse();
            assert_eq!(forth, back, "{sort:?} {status:?}");
        }
    }
    let by_agency = Filters { sort: Some(SortBy::Agency), ..Filters::default() };
    let page = actions::list(&world.by(COORDINATOR), &by_agency, None).unwrap();
    assert_eq!(page.rows[0].line.agency_name.as_deref(), Some("Eastshire Homes"));
    assert_eq!((page.rows.len(), page.total), (50, Total::Exactly(130)));
    let by_due = actions::list(&world.by(COORDINATOR), &Filters::default(), None).unwrap();
    assert!(by_due.rows.is_sorted_by_key(|row| (row.line.due.is_none(), row.line.due)));
}

fn x7_names_with_accents_and_apostrophes_are_found_and_unchanged(world: &World) {
    let town = world.town();
    let id = case(world, "Siân", "O'Neill");
    let text = "Ask Nguyễn Thị about Siân’s tenancy – “urgent”";
    let action = set(world, text, id, town.housing, Some(HOUSING), "2026-04-08");
    for words in ["sian o'neill", "O’NEILL", "oneill", "Siân", "nguyen thi", "urgent"] {
        let filters = Filters { search: words.to_owned(), ..Filters::default() };
        assert_eq!(listed(world, HOUSING, &filters), [action], "{words}");
    }
    for format in [Format::Xlsx, Format::Csv] {
        let file = export(&world.by(HOUSING), &Filters::default(), format).unwrap();
        let book = panel_sheets::read(&file.bytes, &file.name).unwrap();
        let row = &book.sheets[0].rows[1];
        assert_eq!((&*row.cell(3).shown(), &*row.cell(4).shown()), ("Siân O'Neill", text));
    }
}

fn x2_without_any_action_every_list_is_there_and_empty(world: &World) {
    let town = world.town();
    let empty = actions::list(&world.by(COORDINATOR), &Filters::default(), None).unwrap();
    assert_eq!((empty.rows.len(), empty.total, empty.next), (0, Total::Exactly(0), None));
    let mine = actions::mine(&world.by(POLICE)).unwrap();
    assert_eq!(mine.work.len(), 1);
    assert_eq!((mine.work[0].agency, mine.work[0].overdue.len()), (town.police, 0));
    let file = export(&world.by(COORDINATOR), &Filters::default(), Format::Xlsx).unwrap();
    let book = panel_sheets::read(&file.bytes, &file.name).unwrap();
    assert_eq!((file.rows, book.sheets[0].rows.len()), (0, 1), "the headings alone");
}

fn my_page_has_overdue_before_the_meeting_and_later(world: &World) {
    let town = world.town();
    thursdays(world, 4, End::Never);
    let id = case(world, "Dai", "Price");
    let late = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-02");
    let today = set(world, "Visit", id, town.police, None, "2026-04-10");
    let panel_day = set(world, "Report", id, town.police, Some(POLICE), "2026-04-30");
    let later = set(world, "Review", id, town.police, Some(POLICE), "2026-05-01");
    let undated = set(world, "Flag", id, town.police, Some(POLICE), "ASAP");
    let others = set(world, "Supervise", id, town.probation, Some(PROBATION), "2026-04-02");
    let ended = set(world, "Share", id, town.police, Some(POLICE), "2026-04-02");
    actions::withdraw(&world.by(CHAIR), ended, &reason(world, ended, "No")).unwrap();
    world.set("2026-04-10 09:00");

    let mine = actions::mine(&world.by(POLICE)).unwrap();
    let work = &mine.work[0];
    let ids = |group: &[actions::Owed]| group.iter().map(|o| o.row.line.id).collect::<Vec<_>>();
    assert_eq!(work.next_meeting, Some(day("2026-04-30")));
    assert_eq!(ids(&work.overdue), [late]);
    assert_eq!(ids(&work.before_meeting), [today, panel_day]);
    assert_eq!(ids(&work.later), [later, undated]);
    assert_eq!((work.more, work.overdue[0].mine), (false, true));
    assert!(!work.before_meeting[0].mine, "the agency's, and nobody's in particular");
    assert!(!ids(&work.overdue).contains(&others));
    // A chair without a seat for an agency owes nothing there.
    assert_eq!(actions::mine(&world.by(CHAIR)).unwrap().work, []);
    // On the day of the meeting it is still the next one.
    world.set("2026-04-30 08:00");
    let work = actions::mine(&world.by(POLICE)).unwrap().work.remove(0);
    assert_eq!(work.next_meeting, Some(day("2026-04-30")));
}

fn two_clicks_from_my_page_to_done(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    // The page holds all that the form needs: no second look-up stands between.
    let work = actions::mine(&world.by(POLICE)).unwrap().work.remove(0);
    let line = &work.later[0].row.line;
    let form = actions::CompleteForm {
        version: line.version,
        on: world.by(POLICE).today,
        outcome: "Confirmed with the court".to_owned(),
    };
    actions::complete(&world.by(POLICE), line.id, &form).unwrap();
    let work = actions::mine(&world.by(POLICE)).unwrap().work.remove(0);
    assert_eq!((work.overdue.len(), work.before_meeting.len(), work.later.len()), (0, 0, 0));
}

fn large_registers_are_counted_up_to_a_thousand(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let first = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let original = rows(world, |az| panel_store::actions::find(az, first)).unwrap();
    let by = panel_core::action::By {
        user: user(world, COORDINATOR),
        capacity: panel_core::action::Capacity::Coordinator,
    };
    let copies: Vec<_> = (0..1_000)
        .map(|_| {
            let now = world.app.clock.now().unwrap();
            let id = panel_core::id::mint(&*world.app.ids, now);
            let action = panel_core::action::Action { id, ..original.action.clone() };
            let change = panel_core::action::ActionChange::Set;
            let on = world.by(COORDINATOR).today;
            let event = panel_core::action::ActionEvent { action: id, by, on, change };
            (action, event)
        })
        .collect();
    rows(world, |az| {
        let born: Vec<_> = copies
            .iter()
            .map(|(action, event)| panel_store::actions::Born {
                entry: panel_store::actions::NewEntry {
                    event,
                    note: "",
                    before: None,
                    after: action,
                },
                item: None,
                imported: true,
            })
            .collect();
        panel_store::actions::insert(az, &born)
    });
    let filters = Filters { status: Some(StatusFilter::Unfinished), ..Filters::default() };
    assert_eq!(actions::count(&world.by(COORDINATOR), &filters).unwrap(), Total::More);
    let one = DueForm { version: version(world, first), due: "2026-04-09".to_owned() };
    actions::redate(&world.by(COORDINATOR), first, &one).unwrap();
    let due = Filters { due_to: Some(day("2026-04-08")), ..filters };
    assert_eq!(actions::count(&world.by(COORDINATOR), &due).unwrap(), Total::Exactly(1_000));
    assert!(actions::mine(&world.by(POLICE)).unwrap().work[0].more);
    assert_eq!(listed(world, POLICE, &due).len(), 1_000);
}
