//! The register as a file: out, edited, and back in without loss.

use super::{case, done, plain, reason, set, show, user, version};
use panel_app::actions::sheet::{Bad, File, Format, Preview, confirm, export, preview};
use panel_app::actions::{self, Filters};
use panel_app::audit;
use panel_core::action::{EntryKind, StatusFilter};
use panel_core::audit::{AuditKind, Purpose};
use panel_core::id::ActionId;
use panel_core::tracker::sheet::{Cell, Sheet};
use panel_sheets::{Column, Table, Width, write_csv, write_xlsx};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, PROBATION, World, day};

on_both!(
    x1_cells_that_look_like_formulas_are_neutralised_and_come_back_as_they_were,
    a_file_that_nobody_edited_changes_nothing,
    edited_rows_go_through_the_same_transitions,
    x4_every_row_in_the_way_is_named_and_nothing_is_saved,
    a_row_that_was_changed_meanwhile_is_in_the_way_only_where_it_was_edited,
    a_wording_that_may_tell_where_somebody_is_does_not_come_in_by_a_file,
    what_the_reader_may_not_see_neither_goes_out_nor_comes_in,
    a_file_that_is_none_of_ours_is_refused,
    going_out_is_noted_as_a_disclosure,
);

#[track_caller]
fn out(world: &World, email: &str, format: Format) -> File {
    export(&world.by(email), &Filters::default(), format).unwrap()
}

/// The cells of a file, for somebody to edit.
#[track_caller]
fn cells(file: &File) -> Sheet {
    panel_sheets::read(&file.bytes, &file.name).unwrap().sheets.remove(0)
}

fn column(sheet: &Sheet, heading: &str) -> usize {
    let headings = &sheet.rows[0].cells;
    headings.iter().position(|cell| cell.shown() == heading).expect(heading)
}

#[track_caller]
fn put(sheet: &mut Sheet, action: ActionId, heading: &str, value: &str) {
    let at = column(sheet, heading);
    let id = action.to_string();
    let row = sheet.rows.iter_mut().find(|row| row.cell(0).shown() == id).expect("the action");
    row.cells.resize(row.cells.len().max(at + 1), Cell::Empty);
    row.cells[at] = Cell::text(value);
}

/// What Excel makes of edited cells.
#[track_caller]
fn saved(sheet: &Sheet, format: Format) -> Vec<u8> {
    let width = sheet.rows[0].cells.len();
    let table = Table {
        title: "Actions".to_owned(),
        columns: sheet.rows[0]
            .cells
            .iter()
            .map(|cell| Column::new(cell.shown().into_owned(), Width::Text))
            .collect(),
        rows: sheet.rows[1..]
            .iter()
            .map(|row| (0..width).map(|at| row.cell(at).clone()).collect())
            .collect(),
    };
    match format {
        Format::Xlsx => write_xlsx(&table),
        Format::Csv => write_csv(&table),
    }
    .unwrap()
}

#[track_caller]
fn back(world: &World, email: &str, sheet: &Sheet) -> Preview {
    preview(&world.by(email), "actions.xlsx", &saved(sheet, Format::Xlsx)).unwrap()
}

fn named(bad: &[Bad]) -> Vec<String> {
    bad.iter().map(|b| format!("{}{} {}: {}", b.column, b.row, b.heading, b.reason)).collect()
}

fn x1_cells_that_look_like_formulas_are_neutralised_and_come_back_as_they_were(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let texts = [
        "=HYPERLINK(\"http://evil.example\")",
        "+44 7700 900123 to be rung",
        "-1+1",
        "@SUM(A1)",
        "|calc",
        "%x",
        "'=already led",
        "12",
        "Ordinary words",
    ];
    for text in texts {
        set(world, text, id, town.police, Some(POLICE), "2026-04-08");
    }
    let csv = out(world, COORDINATOR, Format::Csv);
    let raw = String::from_utf8(csv.bytes.clone()).unwrap();
    for line in raw.lines().skip(1) {
        for cell in line.split("\",\"") {
            let start = cell.trim_start_matches('"');
            assert!(!start.starts_with(['=', '+', '-', '@', '|', '%']), "{cell:?}");
        }
    }
    let xlsx = out(world, COORDINATOR, Format::Xlsx);
    for file in [csv, xlsx] {
        let sheet = cells(&file);
        let at = column(&sheet, "Action");
        let mut read: Vec<String> =
            sheet.rows[1..].iter().map(|row| row.cell(at).shown().into_owned()).collect();
        read.sort();
        let mut expected: Vec<String> = texts.map(str::to_owned).to_vec();
        expected.sort();
        assert_eq!(read, expected, "{}", file.name);
        assert!(sheet.rows.iter().all(|row| row.cells.iter().all(|cell| !cell.is_formula())));
        let shown = preview(&world.by(COORDINATOR), &file.name, &file.bytes).unwrap();
        assert_eq!((shown.unchanged, shown.edited.len(), shown.bad.len()), (9, 0, 0));
    }
}

fn a_file_that_nobody_edited_changes_nothing(world: &World) {
    let town = world.town();
    let id = case(world, "Siân", "O'Neill");
    let new = |text: &str, due: &str| set(world, text, id, town.police, Some(POLICE), due);
    let ids = [
        new("Check bail – “today”", "2 weeks"),
        new("'Quoted' text", ""),
        new("12", "ASAP"),
        new("Share the order", "2026-04-08"),
    ];
    let note = done(world, ids[3], "2026-04-01", "Sent.\nReceived by the court.");
    actions::complete(&world.by(POLICE), ids[3], &note).unwrap();
    let before: Vec<_> = ids.iter().map(|id| show(world, *id)).collect();
    for format in [Format::Xlsx, Format::Csv] {
        let file = out(world, COORDINATOR, format);
        let saved_again = saved(&cells(&file), format);
        for bytes in [&file.bytes, &saved_again] {
            let shown = preview(&world.by(COORDINATOR), &file.name, bytes).unwrap();
            assert_eq!(named(&shown.bad), Vec::<String>::new());
            assert_eq!((shown.rows, shown.unchanged, shown.edited.len()), (4, 4, 0));
            assert_eq!(confirm(&world.by(COORDINATOR), false).unwrap().changed, 0);
        }
    }
    let after: Vec<_> = ids.iter().map(|id| show(world, *id)).collect();
    assert_eq!(before, after);
}

fn edited_rows_go_through_the_same_transitions(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let new = |text: &str| set(world, text, id, town.police, Some(POLICE), "2026-04-08");
    let [finished, started, moved, dated, noted, reworded, reopened, untouched] = [
        "Check bail",
        "Visit weekly",
        "Arrange a move",
        "Share the order",
        "Flag the address",
        "Chek the tag",
        "Ring the court",
        "Leave alone",
    ]
    .map(new);
    actions::report_not_done(&world.by(POLICE), reopened, &reason(world, reopened, "No")).unwrap();
    let mut sheet = cells(&out(world, COORDINATOR, Format::Xlsx));
    put(&mut sheet, finished, "Status", "Done");
    put(&mut sheet, finished, "Reported on", "1/4/26");
    put(&mut sheet, finished, "Outcome or reason", "Confirmed\nwith the court");
    put(&mut sheet, started, "Status", "In progress");
    put(&mut sheet, moved, "Agency", "eastshire homes");
    put(&mut sheet, moved, "Owner", "Hana Sato");
    put(&mut sheet, dated, "Due date", "20/04/2026");
    put(&mut sheet, noted, "New note", "Letter sent");
    put(&mut sheet, reworded, "Action", "Check the tag");
    put(&mut sheet, reworded, "Approach", "Enforcement");
    put(&mut sheet, reopened, "Status", "Open");
    put(&mut sheet, reopened, "Outcome or reason", "It was done after all");
    put(&mut sheet, reopened, "Due date", "2026-04-30");

    let shown = back(world, COORDINATOR, &sheet);
    assert_eq!(named(&shown.bad), Vec::<String>::new());
    assert_eq!((shown.rows, shown.unchanged, shown.edited.len()), (8, 1, 7));
    let changes = |id: ActionId| {
        shown.edited.iter().find(|edited| edited.action == id).unwrap().changes.clone()
    };
    assert_eq!(changes(reopened), ["reopening it", "amending it"]);
    assert_eq!(show(world, finished).row.status, StatusFilter::Open, "nothing is saved yet");

    assert_eq!(confirm(&world.by(COORDINATOR), false).unwrap().changed, 7);
    let done = show(world, finished);
    assert_eq!(done.row.status, StatusFilter::Completed);
    assert_eq!(done.row.line.reported_on, Some(day("2026-04-01")));
    assert_eq!(done.row.line.outcome, "Confirmed\nwith the court");
    assert!(done.history.entries[0].on_behalf, "the agency told the coordinator");
    assert_eq!(show(world, started).row.status, StatusFilter::InProgress);
    assert_eq!(show(world, moved).row.line.user, Some(user(world, HOUSING)));
    assert_eq!(show(world, dated).action.due, Some(day("2026-04-20")));
    let note = &show(world, noted).history.entries[0];
    assert_eq!((note.kind, &*note.note), (EntryKind::Noted, "Letter sent"));
    assert_eq!(show(world, reworded).row.line.text, "Check the tag");
    let again = show(world, reopened);
    assert_eq!((again.row.status, again.action.due), (StatusFilter::Open, Some(day("2026-04-30"))));
    assert_eq!(version(world, untouched), 1);
    not_found(confirm(&world.by(COORDINATOR), false));
}

fn x4_every_row_in_the_way_is_named_and_nothing_is_saved(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let new =
        |n: usize| set(world, &format!("Action {n}"), id, town.police, Some(POLICE), "2026-04-08");
    let ids: Vec<ActionId> = (0..9).map(new).collect();
    let mut sheet = cells(&out(world, COORDINATOR, Format::Xlsx));
    put(&mut sheet, ids[0], "Status", "Finnished");
    put(&mut sheet, ids[1], "Status", "Completed");
    put(&mut sheet, ids[2], "Due date", "31/4/26");
    put(&mut sheet, ids[3], "Agency", "Westshire Council");
    put(&mut sheet, ids[4], "Owner", "Nobody Here");
    put(&mut sheet, ids[5], "Person", "Somebody Else");
    put(&mut sheet, ids[6], "Status", "Withdrawn");
    put(&mut sheet, ids[6], "Outcome or reason", "Superseded");
    put(&mut sheet, ids[7], "Action ID", "x");
    put(&mut sheet, ids[8], "Due date", "20/04/2026");
    let shown = back(world, COORDINATOR, &sheet);
    assert_eq!(
        named(&shown.bad),
        [
            "M2 Status: is a status that Panel does not know",
            "N3 Reported on: is missing: give the day it was done",
            "K4 Due date: April 2026 has 30 days, there is no day 31",
            "G5 Agency: is no agency of this panel",
            "H6 Owner: is nobody who sits at this panel for that agency",
            "D7 Person: cannot be changed in a file",
            "M8 Status: Withdrawing it is not open to the coordinator",
            "A9 Action ID: is not the id of an action; new actions are not taken from a file",
        ]
    );
    assert_eq!(shown.edited.len(), 1);
    let refused = confirm(&world.by(COORDINATOR), false);
    assert_eq!(
        rule(refused),
        ("bad_rows", "8 problems in the file: correct it, or leave those rows out".to_owned())
    );
    assert!(ids.iter().all(|id| version(world, *id) == 1));
    assert_eq!(confirm(&world.by(COORDINATOR), true).unwrap().changed, 1);
    let versions: Vec<i32> = ids.iter().map(|id| version(world, *id)).collect();
    assert_eq!(versions, [1, 1, 1, 1, 1, 1, 1, 1, 2]);
    // The same file once more: what it asks for is done, so its row is stale and named.
    let again = back(world, COORDINATOR, &sheet);
    assert_eq!(again.edited, []);
    assert_eq!(again.bad.len(), 9);
}

fn a_row_that_was_changed_meanwhile_is_in_the_way_only_where_it_was_edited(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let new = |text: &str| set(world, text, id, town.police, Some(POLICE), "2026-04-08");
    let [edited, left] = ["Check bail", "Visit weekly"].map(new);
    let mut sheet = cells(&out(world, COORDINATOR, Format::Csv));
    for id in [edited, left] {
        actions::start(&world.by(POLICE), id, plain(world, id)).unwrap();
    }
    put(&mut sheet, edited, "Due date", "20/04/2026");
    let shown = back(world, COORDINATOR, &sheet);
    assert_eq!(shown.unchanged, 1);
    assert_eq!(shown.bad.len(), 1);
    assert_eq!(shown.bad[0].heading, "Status", "what the file says is not how it stands");

    // Changed between the preview and the confirmation, nothing of the file happens.
    let mut sheet = cells(&out(world, COORDINATOR, Format::Csv));
    put(&mut sheet, edited, "Due date", "20/04/2026");
    put(&mut sheet, left, "New note", "Rang");
    assert_eq!(back(world, COORDINATOR, &sheet).bad, []);
    actions::complete(&world.by(POLICE), edited, &done(world, edited, "2026-04-01", "Done"))
        .unwrap();
    let report = invalid(confirm(&world.by(COORDINATOR), false));
    assert_eq!((report.len(), report[0].code), (1, "stale"));
    assert_eq!(show(world, left).history.entries.len(), 2, "set and started");
}

fn a_wording_that_may_tell_where_somebody_is_does_not_come_in_by_a_file(world: &World) {
    let id = case(world, "Dai", "Price");
    let action = set(world, "Ring her", id, world.town().police, None, "2026-04-08");
    let mut sheet = cells(&out(world, COORDINATOR, Format::Xlsx));
    put(&mut sheet, action, "Action", "Ring her on 07700 900123");
    let shown = back(world, COORDINATOR, &sheet);
    assert_eq!(shown.edited.len(), 0);
    let named = named(&shown.bad);
    assert!(named[0].contains("“07700 900123” may tell where somebody can be found"), "{named:?}");
    put(&mut sheet, action, "Action", "Ring her at work");
    assert_eq!(back(world, COORDINATOR, &sheet).edited.len(), 1);
}

fn what_the_reader_may_not_see_neither_goes_out_nor_comes_in(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let hidden = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let mut sheet = cells(&out(world, COORDINATOR, Format::Xlsx));
    put(&mut sheet, hidden, "New note", "I was here");
    for email in [PROBATION, OUTSIDER] {
        assert_eq!(out(world, email, Format::Csv).rows, 0);
        let shown = back(world, email, &sheet);
        assert_eq!(named(&shown.bad), ["A2 Action ID: is not the id of an action"], "{email}");
        assert_eq!(confirm(&world.by(email), true).unwrap().changed, 0);
    }
    // An agency's own people may use the file for what they may do on the page.
    let shown = back(world, POLICE, &sheet);
    assert_eq!((shown.edited.len(), shown.bad.len()), (1, 0));
    confirm(&world.by(POLICE), false).unwrap();
    let note = &show(world, hidden).history.entries[0];
    assert_eq!((&*note.note, note.on_behalf), ("I was here", false));
}

fn a_file_that_is_none_of_ours_is_refused(world: &World) {
    world.town();
    let ctx = world.by(COORDINATOR);
    for (name, bytes, code) in [
        ("a.xlsx", &b"PK\x03\x04 not really"[..], "unreadable"),
        ("a.csv", b"", "unreadable"),
        ("a.csv", b"Name,Date\r\nx,y\r\n", "no_columns"),
        ("a.pdf", b"%PDF-1.7 ...", "unreadable"),
    ] {
        let errors = invalid(preview(&ctx, name, bytes));
        assert_eq!((&*errors[0].field, errors[0].code), ("file", code), "{name}");
    }
    not_found(confirm(&ctx, true));
}

fn going_out_is_noted_as_a_disclosure(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let filters = Filters {
        panel: Some(town.panel),
        status: Some(StatusFilter::Completed),
        ..Filters::default()
    };
    let file = export(&world.by(CHAIR), &filters, Format::Xlsx).unwrap();
    assert_eq!((file.rows, &*file.name), (0, "actions-2026-04-01.xlsx"), "the filter is kept");
    export(&world.by(CHAIR), &Filters { status: None, ..filters }, Format::Csv).unwrap();
    let logged = audit::list(&world.by(COORDINATOR), Purpose::Integrity, None, None, 50).unwrap();
    let out: Vec<_> = logged.iter().filter(|row| row.deed == "action.export").collect();
    assert_eq!(out.len(), 2);
    assert!(out.iter().all(|row| row.kind == AuditKind::Export));
    assert_eq!(out[0].detail, "csv 1 actions");
}
