//! Signing in by passkey, and the warning before a session ends.

use super::every_page::give_first_code;
use super::window::Window;
use chrono::Duration;
use panel_app::installation;
use panel_core::account::SignInPolicy;
use panel_tests::site::{PASSWORD, Pages, choose_password};
use panel_tests::world::{ADMINISTRATOR, POLICE, World};
use serde_json::json;

#[track_caller]
fn keeps_to_wcag(window: &Window) {
    let faults = window.faults();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_passkey_is_made_signs_in_confirms_and_is_removed() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::named(&world, false);
    choose_password(&world, POLICE);
    let Some(window) = Window::open(&pages.address, true) else { return };
    window.plug_in_a_key();
    window.sign_in(POLICE);
    window.go("/account/app");
    give_first_code(&world, &window);
    window.go("/account/passkeys");
    keeps_to_wcag(&window);
    window.fill("name", "The key on my key ring");
    window.press("Add a passkey");
    assert!(window.comes_to_say("Remove The key on my key ring"));
    keeps_to_wcag(&window);
    window.press("Add a passkey");
    assert!(window.comes_to_say("could not be used"), "the same key is not added twice");

    window.sign_in(POLICE);
    assert_eq!(window.path(), "/sign-in/code");
    keeps_to_wcag(&window);
    window.press("Sign in with a passkey");
    assert!(window.comes_to("/"), "it leads on");

    world.pass(Duration::minutes(6));
    window.go("/account/passkeys");
    assert_eq!(window.path(), "/confirm?next=%2Faccount%2Fpasskeys");
    keeps_to_wcag(&window);
    window.press("Confirm with a passkey");
    assert!(window.comes_to("/account/passkeys"), "it leads back");
    window.press("Remove The key on my key ring");
    assert!(window.comes_to_say("You have no passkey."));
}

#[test]
fn without_script_no_passkey_is_offered_and_the_code_is() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::named(&world, false);
    choose_password(&world, POLICE);
    let Some(window) = Window::open(&pages.address, false) else { return };
    window.sign_in(POLICE);
    window.go("/account/app");
    give_first_code(&world, &window);
    window.go("/account/passkeys");
    window.holds(&["Your browser makes a passkey only where scripts may run."]);
    assert!(!window.words().contains("What do you call this passkey?"));
}

/// An administrator whose session ends after five minutes, writing an invitation.
#[track_caller]
fn writing(world: &World, pages: &Pages) -> Option<Window> {
    let policy = SignInPolicy { idle_minutes: 5, ..SignInPolicy::default() };
    installation::set_sign_in_policy(&world.operator(), 0, &policy).unwrap();
    choose_password(world, ADMINISTRATOR);
    let window = Window::open(&pages.address, true)?;
    window.sign_in(ADMINISTRATOR);
    window.go("/users/new");
    window.fill("name", "Jo Ash");
    Some(window)
}

const IS_OPEN: &str = "return Boolean(document.querySelector('dialog')?.open)";

#[test]
fn whoever_is_about_to_be_signed_out_is_warned_and_goes_on() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    let Some(window) = writing(&world, &pages) else { return };
    assert!(!window.run::<bool>(IS_OPEN, json!(null)));
    window.later(205);
    assert!(window.comes_to_say("You will be signed out in"));
    let focused = "return document.activeElement.textContent";
    assert_eq!(window.run::<String>(focused, json!(null)), "Stay signed in");
    keeps_to_wcag(&window);
    // Told at once, and then each quarter of a minute.
    let told = "return document.querySelector('dialog [aria-live=polite]').textContent.startsWith('Signed out in')";
    window.later(20);
    assert!(window.comes_true(told));
    window.pick("dialog .govuk-button");
    let is_closed = "return !document.querySelector('dialog')?.open";
    assert!(window.comes_true(is_closed), "it renews and goes");
    let name = "return document.activeElement.name";
    assert_eq!(window.run::<String>(name, json!(null)), "name", "the keyboard is where it was");
}

#[test]
fn what_was_typed_is_there_after_the_session_ended_and_a_new_sign_in() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    let Some(window) = writing(&world, &pages) else { return };
    window.later(297);
    assert!(window.comes_to("/sign-in?next=%2Fusers%2Fnew"), "{}", window.path());
    window.holds(&["what you typed was kept"]);
    window.fill("email", ADMINISTRATOR);
    window.fill("password", PASSWORD);
    window.press("Sign in");
    assert!(window.comes_to("/users/new"));
    assert_eq!(window.value("name"), "Jo Ash");
}
