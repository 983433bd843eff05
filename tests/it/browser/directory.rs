//! To an agency's directory and back, in a real browser: across sites, past the policy of the pages.

use super::window::Window;
use crate::directory::Hall;
use chrono::Duration;
use panel_tests::site::Pages;
use panel_tests::world::{POLICE, World};
use serde_json::json;

#[track_caller]
fn keeps_to_wcag(window: &Window) {
    let faults = window.faults();
    assert!(faults.is_empty(), "{faults:?}");
}

#[track_caller]
fn there_and_back(scripts: bool) {
    let world = World::sqlite();
    let hall = Hall::open(&world, Pages::named(&world, false), false);
    let Some(window) = Window::open(&hall.pages.address, scripts) else { return };
    let go_on = format!("Go on to {}", hall.directory.issuer.split('/').nth(2).unwrap());
    window.go("/sign-in?next=%2Faccount");
    keeps_to_wcag(&window);
    window.follow("Sign in with your agency’s directory");
    keeps_to_wcag(&window);
    window.fill("email", POLICE);
    window.press("Continue");
    keeps_to_wcag(&window);
    window.holds(&["You leave Panel for the directory of Eastshire Police"]);
    window.follow(&go_on);
    assert!(window.comes_to("/account"), "{}", window.path());

    world.pass(Duration::minutes(10));
    window.go("/account/app");
    keeps_to_wcag(&window);
    window.press("Confirm at your agency’s directory");
    keeps_to_wcag(&window);
    let at = world.app.clock.now().unwrap().timestamp();
    hall.directory.says(json!({
        "sub": "priya-1", "email": POLICE, "email_verified": true, "auth_time": at
    }));
    window.follow(&go_on);
    assert!(window.comes_to("/account/app"), "{}", window.path());
}

#[test]
fn a_person_goes_to_her_directory_and_back_to_sign_in_and_to_confirm() {
    there_and_back(true);
}

#[test]
fn she_does_so_without_script_too() {
    there_and_back(false);
}
