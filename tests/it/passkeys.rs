//! Passkeys: added, used as second factor and as proof, and every answer that is not taken.

use crate::second_factor::letters;
use chrono::Duration;
use panel_app::second_factor;
use panel_tests::device::Device;
use panel_tests::on_both;
use panel_tests::page::mark;
use panel_tests::site::{PASSWORD, Pages, Visitor, leads_to};
use panel_tests::world::{ADMINISTRATOR, CHAIR, COORDINATOR, POLICE, PROBATION, World};
use reqwest::blocking::Response;

on_both!(
    a_passkey_is_added_to_an_app_and_removed_and_its_person_is_told,
    a_passkey_takes_the_place_of_the_code_and_leads_on,
    a_passkey_is_the_proof_before_a_grave_act,
    an_answer_is_taken_once_in_time_and_from_the_session_that_was_asked,
    an_answer_from_elsewhere_or_bent_is_not_taken,
    a_counter_that_fell_is_refused_and_its_person_is_told,
    a_passkey_of_somebody_else_opens_nothing,
    a_reset_takes_the_passkeys_too,
    whoever_runs_a_panel_or_the_service_is_asked_for_one,
);

const KEYS: &str = "/account/passkeys";
const HALF: &str = "/sign-in/passkey";

/// Sets an app up on one's account, and gives its key.
#[track_caller]
fn set_up(world: &World, visitor: &Visitor) -> String {
    set_up_at(world, visitor, "/account/app")
}

#[track_caller]
fn set_up_at(world: &World, visitor: &Visitor, at: &str) -> String {
    let page = visitor.read(at);
    let (_, key) = page.split_once("Key: ").unwrap();
    let key = key.split('<').next().unwrap().trim().to_owned();
    let code = second_factor::shown_by_app(&world.app, &key).unwrap();
    let offered = mark(&page, "offered");
    let done = visitor.press(&page, at, &[("offered", &offered), ("code", &code)]);
    assert_eq!(done.status().as_u16(), 200);
    key
}

/// What the script is told to ask the browser for.
#[track_caller]
fn asked(visitor: &Visitor, page: &str, at: &str) -> String {
    let answer = visitor.press_on(page, &format!("{at}/options"), &[]);
    assert_eq!(answer.status().as_u16(), 200, "{at}");
    answer.text().unwrap()
}

#[track_caller]
fn give(visitor: &Visitor, page: &str, at: &str, credential: &str) -> Response {
    visitor.press_on(page, at, &[("credential", credential)])
}

#[track_caller]
fn add(visitor: &Visitor, device: &Device, name: &str) -> Response {
    let made = device.make(&asked(visitor, KEYS, KEYS));
    let page = visitor.read(KEYS);
    visitor.press(&page, KEYS, &[("name", name), ("credential", &made)])
}

/// Somebody with an app and a passkey, and the device that keeps it.
#[track_caller]
fn with_passkey(world: &World, pages: &Pages, email: &str, mark: u8) -> (Visitor, Device) {
    world.town();
    let visitor = pages.signed_in(world, email);
    set_up(world, &visitor);
    let device = Device::at(&pages.address, mark);
    let added = add(&visitor, &device, "My phone");
    assert_eq!(added.status().as_u16(), 303, "{}", added.text().unwrap());
    (visitor, device)
}

/// Somebody whose password was right and who is asked for more.
#[track_caller]
fn half(pages: &Pages, email: &str) -> Visitor {
    let visitor = pages.visitor();
    let entered =
        visitor.send("/sign-in?next=%2Fmeetings", &[("email", email), ("password", PASSWORD)]);
    assert_eq!(leads_to(&entered), "/sign-in/code?next=%2Fmeetings");
    visitor
}

#[track_caller]
fn is_refused(answer: Response) {
    assert_eq!(answer.status().as_u16(), 422);
    let said = answer.text().unwrap();
    assert!(said.contains("This passkey was not accepted. Try again"), "{said}");
}

fn a_passkey_is_added_to_an_app_and_removed_and_its_person_is_told(world: &World) {
    let pages = Pages::named(world, false);
    world.town();
    let priya = pages.signed_in(world, POLICE);
    assert!(priya.read(KEYS).contains("Set up an app that shows codes first"));
    let early = priya.press_on(KEYS, "/account/passkeys/options", &[]);
    assert_eq!(early.status().as_u16(), 422, "nobody is left with a passkey alone");
    let app = set_up(world, &priya);
    let (before, device) = (letters(world, POLICE), Device::at(&pages.address, 1));
    let nameless = add(&priya, &device, " ");
    assert_eq!(nameless.status().as_u16(), 422);
    world.pass(Duration::minutes(1));
    let elsewhere = half(&pages, POLICE);
    let code = second_factor::shown_by_app(&world.app, &app).unwrap();
    assert_eq!(leads_to(&elsewhere.fill("/sign-in/code", &[("code", &code)])), "/");
    assert_eq!(elsewhere.open("/").status().as_u16(), 200);
    assert_eq!(leads_to(&add(&priya, &device, "My phone")), KEYS);
    assert_eq!(leads_to(&elsewhere.open("/")), "/sign-in", "others are signed out");
    let listed = priya.read(KEYS);
    assert!(listed.contains("My phone") && listed.contains("Not yet"), "{listed}");
    assert!(priya.read("/account").contains("You have one passkey."));
    is_refused(add(&priya, &device, "The same again"));
    assert_eq!(letters(world, POLICE), before + 1);

    let remove = listed.split_once("action=\"/account/passkeys/").unwrap().1;
    let remove = format!("/account/passkeys/{}", remove.split('"').next().unwrap());
    let other = pages.signed_in(world, PROBATION);
    assert_eq!(other.press_on("/account", &remove, &[]).status().as_u16(), 404);
    world.pass(Duration::minutes(6));
    let confirm = leads_to(&priya.press_on("/account", &remove, &[]));
    assert!(confirm.starts_with("/confirm?next="), "it asks once more who asks");
    assert!(leads_to(&priya.open(KEYS)).starts_with("/confirm"));
    assert!(priya.read("/account").contains("You have one passkey."), "nothing was removed");
    let code = second_factor::shown_by_app(&world.app, &app).unwrap();
    let proven = priya.fill(&confirm, &[("proof", &code)]);
    assert_eq!(proven.status().as_u16(), 200);
    assert_eq!(leads_to(&priya.press(&listed, &remove, &[])), KEYS);
    assert!(priya.read("/account").contains("You have no passkey."));
    assert_eq!(letters(world, POLICE), before + 2);
}

fn a_passkey_takes_the_place_of_the_code_and_leads_on(world: &World) {
    let pages = Pages::named(world, false);
    let (priya, mut device) = with_passkey(world, &pages, POLICE, 1);
    let visitor = half(&pages, POLICE);
    let page = visitor.read("/sign-in/code?next=%2Fmeetings");
    assert!(page.contains("data-passkey=\"get\"") && page.contains("novalidate hidden"), "{page}");
    assert_eq!(leads_to(&visitor.open(KEYS)), "/sign-in/code?next=%2Faccount%2Fpasskeys");
    let proof = device.prove(&asked(&visitor, "/sign-in/code", HALF));
    let done = give(&visitor, "/sign-in/code", "/sign-in/passkey?next=%2Fmeetings", &proof);
    assert_eq!(leads_to(&done), "/meetings");
    assert_eq!(visitor.open("/account").status().as_u16(), 200);
    assert!(!priya.read(KEYS).contains("Not yet"), "it was used");
    let without = pages.signed_in(world, PROBATION);
    set_up(world, &without);
    assert!(!half(&pages, PROBATION).read("/sign-in/code").contains("data-passkey"));
}

fn a_passkey_is_the_proof_before_a_grave_act(world: &World) {
    let pages = Pages::named(world, false);
    let (priya, mut device) = with_passkey(world, &pages, POLICE, 1);
    world.pass(Duration::minutes(6));
    let at = "/confirm?next=%2Faccount%2Ftokens%2Fnew";
    let act = "/account/tokens/new";
    assert_eq!(leads_to(&priya.fill(act, &[("name", "A program")])), at);
    let proof = device.prove(&asked(&priya, at, "/confirm/passkey"));
    let confirm = "/confirm/passkey?next=%2Faccount%2Ftokens%2Fnew";
    let again = give(&priya, at, confirm, &proof).text().unwrap();
    assert!(again.contains("You confirmed that it is you"), "{again}");
    assert!(again.contains("value=\"A program\""), "what was typed waits: {again}");
    let made = priya.fill(act, &[("name", "A program")]);
    assert!(made.text().unwrap().contains("panel_"));
    world.pass(Duration::minutes(6));
    is_refused(give(&priya, at, confirm, &proof));
    assert_eq!(leads_to(&priya.fill(act, &[("name", "Another")])), at, "nothing was proved");
}

fn an_answer_is_taken_once_in_time_and_from_the_session_that_was_asked(world: &World) {
    let pages = Pages::named(world, false);
    let (_, mut device) = with_passkey(world, &pages, POLICE, 1);
    let (one, two) = (half(&pages, POLICE), half(&pages, POLICE));
    let code = "/sign-in/code";
    let proof = device.prove(&asked(&one, code, HALF));
    asked(&two, code, HALF);
    is_refused(give(&two, code, HALF, &proof));
    assert_eq!(leads_to(&give(&one, code, HALF, &proof)), "/");
    for visitor in [&two, &half(&pages, POLICE)] {
        is_refused(give(visitor, code, HALF, &proof));
    }
    // Asked again, the question before is void.
    let first = device.prove(&asked(&two, code, HALF));
    let second = asked(&two, code, HALF);
    is_refused(give(&two, code, HALF, &first));
    is_refused(give(&two, code, HALF, &device.prove(&second)));
    for (seconds, holds) in [(300, true), (301, false)] {
        let late = half(&pages, POLICE);
        let proof = device.prove(&asked(&late, code, HALF));
        world.pass(Duration::seconds(seconds));
        let answer = give(&late, code, HALF, &proof);
        assert_eq!(answer.status().as_u16() == 303, holds, "after {seconds} seconds");
    }
}

fn an_answer_from_elsewhere_or_bent_is_not_taken(world: &World) {
    let pages = Pages::named(world, false);
    let (_, mut device) = with_passkey(world, &pages, POLICE, 1);
    let visitor = half(&pages, POLICE);
    let code = "/sign-in/code";
    let honest = device.origin.clone();
    for origin in ["https://panel.example.org", "http://localhost", "http://localhost:1", "null"] {
        origin.clone_into(&mut device.origin);
        is_refused(give(&visitor, code, HALF, &device.prove(&asked(&visitor, code, HALF))));
    }
    device.origin = honest;
    device.verifies = false;
    is_refused(give(&visitor, code, HALF, &device.prove(&asked(&visitor, code, HALF))));
    device.verifies = true;
    for field in ["signature", "authenticatorData", "clientDataJSON"] {
        let proof = device.prove(&asked(&visitor, code, HALF));
        is_refused(give(&visitor, code, HALF, &bent(&proof, field)));
    }
    let elsewhere = asked(&visitor, code, HALF).replace("localhost", "example.org");
    is_refused(give(&visitor, code, HALF, &device.prove(&elsewhere)));
    for nothing in ["", "{}", "null", "[1", "\u{0}"] {
        asked(&visitor, code, HALF);
        is_refused(give(&visitor, code, HALF, nothing));
    }
    let proof = device.prove(&asked(&visitor, code, HALF));
    assert_eq!(leads_to(&give(&visitor, code, HALF, &proof)), "/", "an honest one still is");
}

/// An answer with one letter in the middle of a field changed.
#[track_caller]
fn bent(proof: &str, field: &str) -> String {
    let (head, tail) = proof.split_once(&format!("\"{field}\":\"")).unwrap();
    let (value, rest) = tail.split_once('"').unwrap();
    let (left, right) = value.split_at(value.len() / 2);
    let mut right = right.chars();
    let other = if right.next() == Some('A') { 'B' } else { 'A' };
    format!("{head}\"{field}\":\"{left}{other}{}\"{rest}", right.as_str())
}

fn a_counter_that_fell_is_refused_and_its_person_is_told(world: &World) {
    let pages = Pages::named(world, false);
    let (_, mut device) = with_passkey(world, &pages, POLICE, 1);
    let code = "/sign-in/code";
    let visitor = half(&pages, POLICE);
    device.counter = 9;
    let proof = device.prove(&asked(&visitor, code, HALF));
    assert_eq!(leads_to(&give(&visitor, code, HALF, &proof)), "/");
    let before = letters(world, POLICE);
    for counter in [9, 0] {
        let visitor = half(&pages, POLICE);
        device.counter = counter;
        let options = asked(&visitor, code, HALF);
        if counter == 9 {
            // The tenth was seen before.
            device.counter -= 1;
        }
        is_refused(give(&visitor, code, HALF, &device.prove(&options)));
    }
    assert_eq!(letters(world, POLICE), before + 2, "somebody may hold a copy");
}

fn a_passkey_of_somebody_else_opens_nothing(world: &World) {
    let pages = Pages::named(world, false);
    let (_, mut device) = with_passkey(world, &pages, POLICE, 1);
    let (other, mut own) = with_passkey(world, &pages, PROBATION, 2);
    let code = "/sign-in/code";
    let visitor = half(&pages, PROBATION);
    is_refused(give(&visitor, code, HALF, &device.prove(&asked(&visitor, code, HALF))));
    // A name that another passkey has, under a key of one's own.
    own.credential.clone_from(&device.credential);
    is_refused(give(&visitor, code, HALF, &own.prove(&asked(&visitor, code, HALF))));
    let taken = Device::at(&pages.address, 1);
    is_refused(add(&other, &taken, "Taken"));
}

fn a_reset_takes_the_passkeys_too(world: &World) {
    let pages = Pages::named(world, false);
    with_passkey(world, &pages, POLICE, 1);
    let user = world.by(POLICE).user();
    second_factor::reset(&world.by(ADMINISTRATOR), user).unwrap();
    let priya = pages.signed_in(world, POLICE);
    assert!(priya.read("/account").contains("You have no passkey."));
}

fn whoever_runs_a_panel_or_the_service_is_asked_for_one(world: &World) {
    let said = "Add a passkey. You run a panel or this service";
    world.town();
    for (mark, email, asks, is_asked) in [
        (0, CHAIR, false, false),
        (1, ADMINISTRATOR, true, true),
        (2, COORDINATOR, true, true),
        (3, POLICE, true, false),
    ] {
        let pages = Pages::named(world, asks);
        let visitor = pages.signed_in(world, email);
        if asks {
            set_up_at(world, &visitor, "/sign-in/set-up");
        }
        assert_eq!(visitor.read("/").contains(said), is_asked, "{email}");
        if is_asked {
            let key = add(&visitor, &Device::at(&pages.address, mark), "Key");
            assert_eq!(leads_to(&key), KEYS);
            assert!(!visitor.read("/").contains(said), "one is enough");
        }
    }
}
