//! Grave acts ask once more who asks; what was typed is there afterwards.

use chrono::Duration;
use panel_app::agencies;
use panel_core::id::UserId;
use panel_tests::on_both;
use panel_tests::page::mark;
use panel_tests::program::Program;
use panel_tests::site::{PASSWORD, Pages, Visitor, leads_to};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, POLICE, World};
use serde_json::json;

on_both!(
    a_stale_session_is_asked_before_each_grave_act,
    what_was_typed_is_sent_after_the_proof_and_once,
    a_wrong_proof_gives_nothing_and_slows_down,
    a_program_makes_no_token_and_still_does_what_it_may,
);

/// Somebody who signed in ten minutes ago and has used the service since.
#[track_caller]
fn stale(world: &World, pages: &Pages, email: &str) -> Visitor {
    world.town();
    let visitor = pages.signed_in(world, email);
    world.pass(Duration::minutes(10));
    visitor
}

#[track_caller]
fn user(world: &World, email: &str) -> UserId {
    world.by(email).user()
}

/// Proves who asks, and gives the page or the way on.
#[track_caller]
fn prove(visitor: &Visitor, asked: &str) -> reqwest::blocking::Response {
    visitor.fill(asked, &[("proof", PASSWORD)])
}

fn a_stale_session_is_asked_before_each_grave_act(world: &World) {
    let pages = Pages::of(world);
    let ada = stale(world, &pages, ADMINISTRATOR);
    let carol = pages.signed_in(world, COORDINATOR);
    world.pass(Duration::minutes(6));
    let police = user(world, POLICE);
    let agency = agencies::list(&world.operator()).unwrap().remove(0).value.id.to_string();
    let panel = world.town().panel.to_string();
    let person = [("name", "Jo Ash"), ("email", "jo@council.example"), ("agency", agency.as_str())];
    let seat = [
        ("panel", panel.as_str()),
        ("role", "coordinator"),
        ("from-day", "1"),
        ("from-month", "4"),
        ("from-year", "2026"),
    ];
    let edit = format!("/users/{police}/edit");
    let seats = format!("/users/{police}/seats/new");
    for (visitor, path, fields) in [
        (&ada, "/users/new", &person[..]),
        (&ada, edit.as_str(), &person[..]),
        (&ada, seats.as_str(), &seat[..]),
        (&ada, "/settings/sign-in", &[("idle_minutes", "20"), ("suspended_after", "45")][..]),
        (&ada, "/account/tokens/new", &[("name", "A program")][..]),
    ] {
        let asked = leads_to(&visitor.fill(path, fields));
        assert!(asked.starts_with("/confirm?next="), "{path}: {asked}");
    }
    let export = carol.open("/actions/export?format=csv");
    assert!(leads_to(&export).starts_with("/confirm?next=%2Factions%2Fexport"), "{export:?}");
    assert!(leads_to(&ada.open("/account/app")).starts_with("/confirm?next=%2Faccount%2Fapp"));
    let after = prove(&carol, &leads_to(&carol.open("/actions/export?format=csv")));
    let page = after.text().unwrap();
    assert!(page.contains("Get the file"), "{page}");
    assert_eq!(carol.open("/actions/export?format=csv").status().as_u16(), 200);
    world.pass(Duration::seconds(301));
    assert_eq!(carol.open("/actions/export?format=csv").status().as_u16(), 303);
}

fn what_was_typed_is_sent_after_the_proof_and_once(world: &World) {
    let pages = Pages::of(world);
    let ada = stale(world, &pages, ADMINISTRATOR);
    let agency = world.town().police.to_string();
    let person = [("name", "Jo O'Neill & Co"), ("email", "jo@police.example"), ("agency", &agency)];
    let asked = leads_to(&ada.fill("/users/new", &person));
    assert_eq!(asked, "/confirm?next=%2Fusers%2Fnew");
    assert!(!ada.read("/users").contains("jo@police.example"), "nothing was done yet");
    let again = prove(&ada, &asked).text().unwrap();
    assert!(again.contains("You confirmed that it is you"), "{again}");
    assert!(again.contains("Jo O&#x27;Neill &amp; Co"), "{again}");
    let fields = [("name", "Jo O'Neill & Co"), ("email", "jo@police.example"), ("agency", &agency)];
    assert_eq!(mark(&again, "email"), "jo@police.example");
    for _ in 0..2 {
        let done = ada.press(&again, "/users/new", &fields);
        assert_eq!(done.status().as_u16(), 200);
    }
    assert_eq!(ada.read("/users").matches("jo@police.example").count(), 1, "sent twice, done once");
    assert_eq!(leads_to(&prove(&ada, &asked)), "/users/new", "nothing waits any more");
}

fn a_wrong_proof_gives_nothing_and_slows_down(world: &World) {
    let pages = Pages::of(world);
    let ada = stale(world, &pages, ADMINISTRATOR);
    let asked = "/confirm?next=%2Faccount%2Ftokens%2Fnew";
    let page = ada.read(asked);
    assert!(page.contains("autocomplete=\"current-password\""), "{page}");
    let give = |proof: &str| ada.press(&page, asked, &[("proof", proof)]).status().as_u16();
    for _ in 0..10 {
        assert_eq!(give("no such password"), 422);
    }
    assert_eq!(give(PASSWORD), 422, "during the pause even the right one is wrong");
    let still = ada.fill("/account/tokens/new", &[("name", "A program")]);
    assert_eq!(still.status().as_u16(), 303, "nothing was proved");
    world.pass(Duration::minutes(1));
    let right = ada.press(&page, asked, &[("proof", PASSWORD)]).text().unwrap();
    assert!(right.contains("value=\"A program\""), "what waited is there: {right}");
    let made = ada.fill("/account/tokens/new", &[("name", "A program")]);
    assert!(made.text().unwrap().contains("panel_"));
    for away in ["%2F%2Fevil.example", "%2F%5Cevil.example", "https%3A%2F%2Fevil.example"] {
        assert_eq!(leads_to(&prove(&ada, &format!("/confirm?next={away}"))), "/", "{away}");
    }
}

fn a_program_makes_no_token_and_still_does_what_it_may(world: &World) {
    let pages = Pages::of(world);
    world.town();
    let program = Program::of(&pages, world, ADMINISTRATOR);
    world.pass(Duration::hours(3));
    let person = json!({"name": "Jo Ash", "email": "jo@police.example",
        "agency": world.town().police.to_string()});
    program.post("/api/v1/users", &person).well();
}
