//! The register: filters, order, pages, changes of many, and files.

use super::{at, is_not_there, lacks};
use crate::actions::{case, case_at, set, show, user, version};
use panel_core::action::StatusFilter;
use panel_core::id::ActionId;
use panel_core::tracker::sheet::{Cell, Sheet};
use panel_sheets::{Column, Table, Width, write_xlsx};
use panel_tests::bounds::unbounded;
use panel_tests::on_both;
use panel_tests::page::{holds, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{COORDINATOR, OBSERVER, OUTSIDER, POLICE, PROBATION, World};

on_both!(
    the_register_is_narrowed_and_ordered_by_its_address,
    a_wrong_filter_is_said_beside_it,
    a_long_register_is_read_page_by_page,
    many_actions_change_after_a_look_at_them,
    one_in_the_way_of_a_bulk_change_stops_all_and_is_named,
    a_selection_without_anything_selected_says_so,
    a7_a_file_holds_what_the_list_holds_and_nothing_foreign,
    the_list_comes_back_with_changes_after_a_look,
    x2_an_empty_register_says_so,
);

fn the_register_is_narrowed_and_ordered_by_its_address(world: &World) {
    let town = world.town();
    let (dai, ida) = (case(world, "Dai", "Price"), case(world, "Ida", "Flint"));
    set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-02");
    set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    set(world, "Share the order", ida, town.police, None, "");
    world.set("2026-04-10 09:00");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let all = carol.read("/actions");
    holds(&all, &["3 actions", "Check bail", "Visit weekly", "Share the order", "Overdue"]);
    holds(&all, &["Dai Price", "Priya Nair", "Nobody is named", "aria-sort=\"ascending\""]);
    let overdue = carol.read("/actions?status=overdue");
    holds(&overdue, &["1 action<", "Check bail", "Remove this filter"]);
    lacks(&overdue, &["Visit weekly", "Share the order"]);
    let probation = carol.read(&format!("/actions?agency={}", town.probation));
    holds(&probation, &["1 action<", "Visit weekly", "Probation Service"]);
    let priya = carol.read(&format!("/actions?person={}", user(world, POLICE)));
    holds(&priya, &["1 action<", "Check bail", "Hand this person’s actions over"]);
    let of_ida = carol.read(&format!("/actions?case={ida}"));
    holds(&of_ida, &["1 action<", "Share the order"]);
    let range = carol.read("/actions?due_from=1%2F4%2F2026&due_to=5+Apr+2026");
    holds(&range, &["1 action<", "Check bail"]);
    let found = carol.read("/actions?search=visit");
    holds(&found, &["1 action<", "Visit weekly", "value=\"visit\""]);
    let place = |page: &str, text: &str| page.find(text).unwrap();
    let back = carol.read("/actions?sort=due&descending=yes");
    assert!(place(&back, ">Visit weekly<") < place(&back, ">Check bail<"));
    holds(&back, &["aria-sort=\"descending\""]);
    let none = carol.read("/actions?status=withdrawn");
    holds(&none, &["No action fits these filters."]);
}

fn a_wrong_filter_is_said_beside_it(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let wrong = says(
        carol.open("/actions?due_from=31%2F2%2F2026"),
        422,
        &["<title>Error: Actions", "There is a problem", "href=\"#filter-due_from\""],
    );
    holds(&wrong, &["value=\"31/2/2026\""]);
    let backwards = carol.open("/actions?due_from=5%2F4%2F2026&due_to=1%2F4%2F2026");
    says(backwards, 422, &["The last due date must be on or after the first"]);
    says(carol.open("/actions?colour=blue"), 422, &["This form has no field called “colour”"]);
    is_not_there(&carol, "/actions?after=nothing");
}

fn a_long_register_is_read_page_by_page(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    for n in 0..60 {
        let due = format!("2026-05-{:02}", n % 28 + 1);
        set(world, &format!("Task {n:02}."), dai, town.police, None, &due);
    }
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let first = carol.read("/actions?sort=due");
    holds(&first, &["60 actions"]);
    let next = href(&first, "rel=\"next\"");
    assert!(next.contains("after=") && next.contains("sort=due"), "{next}");
    let second = carol.read(&next);
    holds(&second, &["60 actions", "First page"]);
    lacks(&second, &["rel=\"next\""]);
    let seen = |page: &str| (0..60).filter(|n| page.contains(&format!(">Task {n:02}.<"))).count();
    assert_eq!((seen(&first), seen(&second)), (50, 10));
    let twice = (0..60).filter(|n| {
        let text = format!(">Task {n:02}.<");
        first.contains(&text) && second.contains(&text)
    });
    assert_eq!(twice.count(), 0);
}

/// The address of the link that carries this attribute.
#[track_caller]
fn href(page: &str, mark: &str) -> String {
    let (before, _) = page.split_once(mark).expect(mark);
    let (_, address) = before.rsplit_once("href=\"").expect("an address");
    let (address, _) = address.split_once('"').expect("its end");
    address.replace("&amp;", "&").replace("&#x3D;", "=")
}

/// What the checkbox of an action sends.
fn row(world: &World, action: ActionId) -> String {
    format!("{action}.{}", version(world, action))
}

fn many_actions_change_after_a_look_at_them(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    let visit = set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    let other = set(world, "Share the order", dai, town.police, None, "2026-04-20");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let list = carol.read("/actions");
    let (first, second) = (row(world, bail), row(world, visit));
    let chosen = [("row", first.as_str()), ("row", second.as_str()), ("change", "redate")];
    let look = says(
        carol.press(&list, "/actions/bulk", &chosen),
        200,
        &["Change the due date: 2 actions", "Check bail", "Visit weekly", "checked"],
    );
    lacks(&look, &["Share the order"]);
    assert_eq!(show(world, bail).action.due.unwrap().to_string(), "2026-04-08");
    let wrong = [chosen.as_slice(), &[("due", "soon")]].concat();
    let refused = carol.press(&look, "/actions/bulk/confirm", &wrong);
    let words = ["Nothing was changed", "2 actions: Due date must be a date", "Check bail"];
    says(refused, 422, &words);
    let right = [chosen.as_slice(), &[("due", "10 working days")]].concat();
    let done = carol.press(&look, "/actions/bulk/confirm", &right);
    says(done, 200, &["2 actions changed", "17 Apr 2026", "Back to the list"]);
    for (action, due) in [(bail, "2026-04-17"), (visit, "2026-04-17"), (other, "2026-04-20")] {
        assert_eq!(show(world, action).action.due.unwrap().to_string(), due);
    }
}

fn one_in_the_way_of_a_bulk_change_stops_all_and_is_named(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    let visit = set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let list = priya.read("/actions");
    lacks(&list, &["Change the due date</option>", "Withdraw</option>"]);
    let (first, second) = (row(world, bail), row(world, visit));
    let fields = [
        ("row", first.as_str()),
        ("row", second.as_str()),
        ("change", "complete"),
        ("on", "1/4/2026"),
        ("outcome", "Both seen to"),
    ];
    let refused = priya.press(&list, "/actions/bulk/confirm", &fields);
    let page = says(refused, 422, &["Nothing was changed", "In the way", "Both seen to"]);
    holds(&page, &["Visit weekly"]);
    assert_eq!(show(world, bail).row.status, StatusFilter::Open);
    let alone = [&fields[..1], &fields[2..]].concat();
    says(priya.press(&list, "/actions/bulk/confirm", &alone), 200, &["1 action changed"]);
    assert_eq!(show(world, bail).row.status, StatusFilter::Completed);
    // The page that was open all along names a version that is gone.
    let again = priya.press_on("/actions", "/actions/bulk/confirm", &alone);
    says(again, 422, &["Somebody else changed this action meanwhile"]);
}

fn a_selection_without_anything_selected_says_so(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let list = carol.read("/actions?search=bail");
    let none =
        carol.press(&list, "/actions/bulk", &[("change", "start"), ("query", "search=bail")]);
    says(none, 422, &["Select at least one action", "value=\"bail\"", "Check bail"]);
    let broken = carol.press(&list, "/actions/bulk", &[("row", "x.y"), ("change", "start")]);
    says(broken, 422, &["Select at least one action"]);
    let id = show(world, crate::actions::set(world, "B", dai, town.police, None, "")).action.id;
    let sent = row(world, id);
    let nothing = carol.press(&list, "/actions/bulk", &[("row", &sent), ("change", "burn")]);
    says(nothing, 422, &["Select what to change"]);
}

/// The cells of a file that was sent.
#[track_caller]
fn cells(answer: reqwest::blocking::Response) -> Sheet {
    assert_eq!(answer.status().as_u16(), 200);
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    let (kind, place) = (header("content-type"), header("content-disposition"));
    let name = if kind.starts_with("text/csv") { "actions.csv" } else { "actions.xlsx" };
    assert!(place.starts_with("attachment; filename=\"actions-2026-"), "{place}");
    panel_sheets::read(&answer.bytes().unwrap(), name).unwrap().sheets.remove(0)
}

fn texts(sheet: &Sheet) -> Vec<String> {
    let at = column(sheet, "Action");
    let mut texts: Vec<String> =
        sheet.rows[1..].iter().map(|row| row.cell(at).shown().into_owned()).collect();
    texts.sort();
    texts
}

fn column(sheet: &Sheet, heading: &str) -> usize {
    let headings = &sheet.rows[0].cells;
    headings.iter().position(|cell| cell.shown() == heading).expect(heading)
}

fn a7_a_file_holds_what_the_list_holds_and_nothing_foreign(world: &World) {
    unbounded(world);
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let ida = case(world, "Ida", "Flint");
    let west = case_at(world, town.elsewhere, "Wyn", "Marsh");
    set(world, "=Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    set(world, "Only housing’s", ida, town.housing, None, "2026-04-20");
    let elsewhere = panel_app::actions::ActionForm {
        panel: town.elsewhere,
        agency: town.westshire,
        ..crate::actions::form(world, "Far away", Some(west), town.westshire)
    };
    panel_app::actions::set(&world.by(OUTSIDER), &elsewhere).unwrap();
    let pages = Pages::of(world);
    for format in ["xlsx", "csv"] {
        let carol = pages.signed_in(world, COORDINATOR);
        let all = cells(carol.open(&format!("/actions/export?format={format}")));
        assert_eq!(texts(&all), ["=Check bail", "Only housing’s", "Visit weekly"]);
        let filtered = format!("/actions/export?format={format}&agency={}", town.probation);
        assert_eq!(texts(&cells(carol.open(&filtered))), ["Visit weekly"]);
        let priya = pages.signed_in(world, POLICE);
        let own = cells(priya.open(&format!("/actions/export?format={format}")));
        assert_eq!(texts(&own), ["=Check bail", "Visit weekly"]);
        assert!(own.rows.iter().all(|row| row.cells.iter().all(|cell| !cell.is_formula())));
    }
    let otto = pages.signed_in(world, OBSERVER);
    is_not_there(&otto, "/actions/export?format=csv");
    is_not_there(&otto, "/actions");
    is_not_there(&pages.signed_in(world, POLICE), "/actions/export?format=pdf");
}

fn the_list_comes_back_with_changes_after_a_look(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "O’Neill");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    let visit = set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-20");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let out = carol.open("/actions/export?format=xlsx&sort=due").bytes().unwrap().to_vec();
    let same = carol.upload("/actions/import", "actions.xlsx", out.clone());
    says(
        same,
        200,
        &["2 rows read", "2 rows as they are", "Nothing in this file changes an action"],
    );
    let mut sheet = panel_sheets::read(&out, "actions.xlsx").unwrap().sheets.remove(0);
    let (due, status) = (column(&sheet, "Due date"), column(&sheet, "Status"));
    let last = column(&sheet, "New note");
    for row in &mut sheet.rows {
        row.cells.resize(row.cells.len().max(last + 1), Cell::Empty);
    }
    sheet.rows[1].cells[due] = Cell::text("17/4/2026");
    sheet.rows[2].cells[status] = Cell::text("Dancing");
    let table = Table {
        title: "Actions".to_owned(),
        columns: sheet.rows[0]
            .cells
            .iter()
            .map(|cell| Column::new(cell.shown().into_owned(), Width::Text))
            .collect(),
        rows: sheet.rows[1..].iter().map(|row| row.cells.clone()).collect(),
    };
    let edited = write_xlsx(&table).unwrap();
    let look = says(
        carol.upload("/actions/import", "actions.xlsx", edited),
        200,
        &["1 action to change", "1 problem in the way", "Check bail", "Status"],
    );
    assert_eq!(show(world, bail).action.due.unwrap().to_string(), "2026-04-08");
    let refused = carol.press(&look, "/actions/import/confirm", &[]);
    says(refused, 422, &["Nothing was changed", "1 problem in the file"]);
    let done = carol.press(&look, "/actions/import/confirm", &[("without_bad", "yes")]);
    says(done, 200, &["1 action changed"]);
    assert_eq!(show(world, bail).action.due.unwrap().to_string(), "2026-04-17");
    assert_eq!(show(world, visit).row.line.version, 1);
    let page = carol.upload("/actions/import", "tracker.csv", b"a,b\n1,2\n".to_vec());
    says(page, 422, &["The file has no columns “Action ID” and “Version”"]);
    let none = carol.fill("/actions/import", &[]);
    assert!(none.status().is_client_error(), "a form without a file is not taken");
    lacks(&carol.read(&at(bail)), &["Dancing"]);
}

fn x2_an_empty_register_says_so(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let page = priya.read("/actions?status=");
    holds(&page, &["0 actions", "No action has been set yet."]);
    lacks(&page, &["Set an action", "Change the selected actions"]);
    assert_eq!(priya.open("/actions/new").status().as_u16(), 404);
    let carol = pages.signed_in(world, COORDINATOR);
    holds(&carol.read("/actions"), &["href=\"/actions/new\""]);
    let moved = carol.open("/completion");
    assert_eq!(leads_to(&moved), format!("/panels/{}/completion", world.town().panel));
}
