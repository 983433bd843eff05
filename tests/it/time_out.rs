//! The end of a session: how long it holds, and what becomes of what was typed.

use chrono::Duration;
use panel_tests::on_both;
use panel_tests::site::{PASSWORD, Pages, Visitor, leads_to};
use panel_tests::world::{ADMINISTRATOR, POLICE, World};
use serde_json::{Value, json};

on_both!(
    a_page_says_how_long_its_session_holds_and_use_renews_it,
    a_long_note_that_came_too_late_is_there_after_signing_in,
    what_came_too_late_to_where_there_is_no_page_is_shown_to_be_sent_again,
    the_script_keeps_a_form_for_its_person_and_is_told_where,
);

#[track_caller]
fn administrator(world: &World, pages: &Pages) -> Visitor {
    world.town();
    pages.signed_in(world, ADMINISTRATOR)
}

/// Signs in where an answer led, and gives the page that comes.
#[track_caller]
fn again(visitor: &Visitor, at: &str) -> String {
    assert!(visitor.read(at).contains("what you typed was kept"));
    let entered = visitor.send(at, &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    visitor.read(&leads_to(&entered))
}

/// Six thousand letters with all that a note may hold.
fn long_note() -> String {
    "He said: \"no\" & left <early>; Siân’s note – 100 % of it.\n".repeat(100)
}

fn a_page_says_how_long_its_session_holds_and_use_renews_it(world: &World) {
    let pages = Pages::of(world);
    let ada = administrator(world, &pages);
    let page = ada.read("/account");
    assert!(page.contains("name=\"panel-session\" content=\"1800 36000 300 \""), "{page}");
    assert!(!pages.visitor().read("/sign-in").contains("panel-session"));
    let renew = || {
        let answer = ada.press(&page, "/account/renew", &[]);
        assert_eq!(answer.status().as_u16(), 200);
        answer.json::<Value>().unwrap()["session"].clone()
    };
    // Use is noted once a minute; what is said is what holds.
    world.pass(Duration::seconds(40));
    assert_eq!(renew(), json!([1760, 35_960, 300]));
    world.pass(Duration::seconds(30));
    assert_eq!(renew(), json!([1800, 35_930, 300]));
    world.pass(Duration::minutes(30));
    assert_eq!(renew()[0], 1800, "to the last second");
    world.pass(Duration::seconds(1801));
    let late = ada.press(&page, "/account/renew", &[]);
    assert!(leads_to(&late).starts_with("/sign-in"), "what has ended is not renewed");
    assert_eq!(ada.open("/account").status().as_u16(), 303);
}

fn a_long_note_that_came_too_late_is_there_after_signing_in(world: &World) {
    let pages = Pages::of(world);
    let ada = administrator(world, &pages);
    let (page, note) = (ada.read("/users/new"), long_note());
    world.pass(Duration::minutes(31));
    let fields = [("name", "Jo Ash"), ("email", note.as_str())];
    let late = leads_to(&ada.press(&page, "/users/new", &fields));
    assert_eq!(late, "/sign-in?next=%2Fusers%2Fnew");
    let there = again(&ada, &late);
    assert!(there.contains("What you typed here before was kept."), "{there}");
    assert!(there.contains("value=\"Jo Ash\""), "{there}");
    assert!(there.contains("Siân’s note") && there.matches("&lt;early&gt;").count() == 100);
}

fn what_came_too_late_to_where_there_is_no_page_is_shown_to_be_sent_again(world: &World) {
    let pages = Pages::of(world);
    let ada = administrator(world, &pages);
    let (page, note) = (ada.read("/account"), long_note());
    world.pass(Duration::minutes(31));
    let late = leads_to(&ada.press(&page, "/actions/bulk/confirm", &[("note", &note)]));
    assert_eq!(late, "/sign-in?next=%2Fsign-in%2Fagain%3Fnext%3D%252Factions%252Fbulk%252Fconfirm");
    let shown = again(&ada, &late);
    let address = "/sign-in/again?next=%2Factions%2Fbulk%2Fconfirm";
    for there in [shown, ada.read(address)] {
        assert!(there.contains("action=\"/actions/bulk/confirm\""), "{there}");
        assert!(there.matches("&lt;early&gt;").count() >= 100, "{there}");
    }
    assert_eq!(leads_to(&ada.open("/sign-in/again?next=%2Fno%2Fsuch")), "/", "nothing waits");
    let other = pages.signed_in(world, POLICE);
    assert_eq!(leads_to(&other.open(address)), "/", "it waits for its person alone");
}

fn the_script_keeps_a_form_for_its_person_and_is_told_where(world: &World) {
    let pages = Pages::of(world);
    let ada = administrator(world, &pages);
    let page = ada.read("/users/new");
    let keep = |place: &str| ada.press(&page, "/drafts", &[("place", place), ("name", "Jo Ash")]);
    let kept: Value = keep("/users/new").json().unwrap();
    assert_eq!(kept, json!({"next": "/users/new"}));
    assert!(ada.read("/users/new").contains("value=\"Jo Ash\""));
    let kept: Value = keep("/actions/bulk/confirm").json().unwrap();
    assert_eq!(kept, json!({"next": "/sign-in/again?next=%2Factions%2Fbulk%2Fconfirm"}));
    for elsewhere in ["", "//evil.example", "https://evil.example/"] {
        assert_eq!(keep(elsewhere).status().as_u16(), 400, "{elsewhere}");
    }
    // Too late for the script, it is kept as what was sent too late is.
    world.pass(Duration::minutes(31));
    let fields = [("place", "/agencies/new"), ("name", "The night watch")];
    let late = ada.press(&page, "/drafts", &fields);
    let there = again(&ada, &leads_to(&late));
    assert!(there.contains("value=\"The night watch\""), "{there}");
}
