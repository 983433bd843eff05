//! Pages over HTTP: the wall before every route, and the administrator's first hour.

use chrono::Duration;
use panel_tests::on_both;
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, World};
use panel_web::routes::{Access, Route, table};

const SOME_ID: &str = "0198f0a4-0000-7000-8000-000000000001";

/// A route's path with an id that nothing has in each place.
fn sample(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { SOME_ID } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn nobody_passes_the_wall_without_signing_in() {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    let visitor = pages.visitor();
    let page = |route: &&Route| route.access != Access::Anyone && !route.path.starts_with("/api/");
    for route in table().iter().filter(page) {
        let path = sample(route.path);
        let answer = match route.method.as_str() {
            "GET" => visitor.open(&path),
            _ => visitor.send(&path, &[]),
        };
        assert!(leads_to(&answer).starts_with("/sign-in"), "{} {path}", route.method);
    }
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    for path in ["/sign-in", "/", "/nowhere", "/livez"] {
        let answer = pages.visitor().open(path);
        let header = |name: &str| {
            answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        assert!(header("content-security-policy").contains("script-src 'self'"), "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
    }
}

#[test]
fn who_may_not_see_a_page_is_told_what_a_stranger_to_the_address_is_told() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    let coordinator = pages.signed_in(&world, COORDINATOR);
    let (hidden, absent) = (coordinator.open("/agencies"), coordinator.open("/nowhere"));
    assert_eq!((hidden.status().as_u16(), absent.status().as_u16()), (404, 404));
    for page in [hidden, absent] {
        let text = page.text().unwrap();
        assert!(text.contains("Page not found"), "{text}");
    }
}

fn the_administrator_adds_an_agency_a_panel_and_a_person(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let admin = pages.signed_in(world, ADMINISTRATOR);
    let agency = [
        ("name", "Eastshire Fire & Rescue"),
        ("kind", "fire"),
        ("mail_domains", ""),
        ("aliases", ""),
    ];
    assert_eq!(leads_to(&admin.fill("/agencies/new", &agency)), "/agencies");
    assert!(admin.read("/agencies").contains("Eastshire Fire &amp; Rescue"));

    let again = admin.fill("/agencies/new", &agency);
    assert_eq!(again.status().as_u16(), 422);
    let page = again.text().unwrap();
    assert!(page.contains("Another agency already has this name"));
    assert!(page.contains("value=\"Eastshire Fire &amp; Rescue\""), "what was typed is kept");

    let made = leads_to(&admin.fill("/panels/new", &[("name", "Fens DAPP"), ("area", "The Fens")]));
    assert!(admin.read(&made).contains("No agency belongs to this panel yet."));
}

fn a_form_sent_after_the_session_ran_out_is_there_again_after_signing_in(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let admin = pages.signed_in(world, ADMINISTRATOR);
    admin.read("/agencies/new");
    world.pass(Duration::minutes(31));
    let late =
        admin.send("/agencies/new", &[("name", "Typed before the line broke"), ("kind", "fire")]);
    assert_eq!(leads_to(&late), "/sign-in?next=%2Fagencies%2Fnew");
    let back = pages.signed_in(world, ADMINISTRATOR);
    assert!(back.read("/agencies/new").contains("value=\"Typed before the line broke\""));
}

fn a_form_without_the_sessions_token_changes_nothing(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let admin = pages.signed_in(world, ADMINISTRATOR);
    let forged = admin.send("/agencies/new", &[("name", "Forged"), ("kind", "fire")]);
    assert_eq!(forged.status().as_u16(), 403);
    assert!(!admin.read("/agencies").contains("Forged"));
}

on_both!(
    the_administrator_adds_an_agency_a_panel_and_a_person,
    a_form_sent_after_the_session_ran_out_is_there_again_after_signing_in,
    a_form_without_the_sessions_token_changes_nothing,
);
