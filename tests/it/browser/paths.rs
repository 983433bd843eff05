//! Whole paths through the service in a browser: with script, without it, and by keyboard alone.

use super::window::Window;
use crate::journey::acts::Referral;
use crate::journey::stage::Stage;
use crate::journey::story::enter;
use panel_tests::site::PASSWORD;
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World};

const NEW: Referral<'_> =
    Referral { surname: "Quillfeather", forename: "Ambrose", victim: "Dunmorrow", child: true };

#[test]
fn a_cycle_is_lived_through_with_script() {
    cycle(true);
}

#[test]
fn a_cycle_is_lived_through_without_script() {
    cycle(false);
}

/// From the series to the action that is done, by clicking and typing.
#[track_caller]
fn cycle(scripts: bool) {
    let world = World::sqlite();
    let stage = Stage::on(&world, "2026-11-20 09:00");
    enter(&stage);
    let Some(window) = Window::open(&stage.pages.address, scripts) else { return };
    prepare(&stage, &window);
    let meeting = stage.meeting("Wednesday 9 December 2026");
    stage.set("2026-12-09 10:00");
    hold(&stage, &window, &meeting, scripts);
    stage.set("2026-12-10 09:00");
    window.sign_in(CHAIR);
    window.go(&format!("{meeting}/minutes"));
    window.follow("Approve these minutes");
    window.submit(&format!("{meeting}/minutes/approve"));
    window.holds(&["Approved", "He was seen outside the school."]);
    stage.set("2026-12-11 08:00");
    let told = stage.post();
    assert!(told.iter().any(|letter| letter.to == POLICE), "{told:?}");
    window.sign_in(POLICE);
    window.go("/my-work");
    window.holds(&["Speak to the school"]);
    window.follow("Done");
    window.fill("outcome", "Spoken to the head");
    window.press("Mark as done");
    window.holds(&["Marked as done. Thank you."]);
}

/// The series, the referral's triage, the agenda and a reply.
#[track_caller]
fn prepare(stage: &Stage<'_>, window: &Window) {
    let town = stage.world.town();
    window.sign_in(COORDINATOR);
    let new = format!("/panels/{}/series/new", town.panel);
    window.go(&new);
    window.choose("unit", "weeks");
    window.fill("every", "4");
    window.choose("on", "wed");
    for (name, text) in [
        ("from-day", "9"),
        ("from-month", "12"),
        ("from-year", "2026"),
        ("at", "10am"),
        ("minutes", "180"),
        ("venue", "Council chamber"),
    ] {
        window.fill(name, text);
    }
    window.choose("ends", "never");
    window.submit(&new);
    window.holds(&["10am on Wednesday 9 December 2026"]);
    window.press("Save the series");
    window.holds(&["Every 4 weeks on Wednesday at 10am"]);
    let at = stage.refers(POLICE, &town.police.to_string(), &NEW);
    window.sign_in(CHAIR);
    window.go(&format!("{at}/decide"));
    window.choose("outcome", "accepted");
    window.submit(&format!("{at}/decide"));
    window.holds(&["Accepted"]);

    stage.set("2026-11-26 09:00");
    let agenda = format!("{}/agenda", stage.meeting("Wednesday 9 December 2026"));
    window.sign_in(COORDINATOR);
    window.go(&agenda);
    window.follow("Propose the agenda");
    window.submit(&format!("{agenda}/proposal"));
    window.follow("Issue the agenda");
    window.submit(&format!("{agenda}/issue"));
    window.holds(&["Issue 1", "are locked"]);
    window.sign_in(POLICE);
    window.go("/my-work");
    window.follow("Reply");
    window.press("My agency knows nothing");
    window.holds(&["Your reply is sent."]);
}

/// The meeting, with what is typed saved while it is typed where there is script.
#[track_caller]
fn hold(stage: &Stage<'_>, window: &Window, meeting: &str, scripts: bool) {
    window.sign_in(COORDINATOR);
    window.go(meeting);
    window.submit(&format!("{meeting}/start"));
    window.holds(&["Order of business"]);
    window.pick("select[name^=\"status.\"] option[value=\"present\"]");
    window.press("Save attendance");
    window.holds(&["Attendance"]);
    let (_, case) =
        stage.items(meeting).into_iter().find(|(label, _)| label.contains("QUILLFEATHER")).unwrap();
    window.go(&case);
    window.fill("discussion", "He was seen outside the school.");
    if scripts {
        assert!(window.comes_to_say("Saved at"), "what is typed is saved");
        window.go(&case);
        assert_eq!(window.value("discussion"), "He was seen outside the school.");
    }
    window.choose("decision", "retain");
    window.submit(&case);
    window.fill("text", "Speak to the school");
    window.select("agency", "Eastshire Police");
    window.select("person", "Priya Nair");
    window.press("Add the action");
    window.holds(&["Speak to the school", "(next panel)"]);
    window.go(&format!("{meeting}/live"));
    window.submit(&format!("{meeting}/end"));
    window.holds(&["Held"]);
}

#[test]
fn an_action_is_reported_by_keyboard_alone() {
    let world = World::sqlite();
    let stage = Stage::on(&world, "2026-11-20 09:00");
    enter(&stage);
    crate::journey::story::lay_out(&stage);
    let town = world.town();
    let at = stage.refers(POLICE, &town.police.to_string(), &NEW);
    stage.accepts(&at);
    let case = stage.see(COORDINATOR, &at).links().into_iter().map(|(_, href)| href);
    let case = case.into_iter().find(|href| href.starts_with("/cases/")).unwrap();
    let id = case.trim_start_matches("/cases/").split(['?', '#']).next().unwrap().to_owned();
    let page = stage.see(COORDINATOR, &format!("/actions/new?case={id}"));
    let form = page
        .form("/actions/new")
        .with("text", "Speak to the school")
        .with("agency", &town.police.to_string())
        .with("person", &page.option("person", "Priya Nair"))
        .with("due", "next panel");
    let look = stage.check(COORDINATOR, &form);
    stage.press(COORDINATOR, &look.form("/actions/new").pressing("do", "confirm"));

    let Some(window) = Window::open(&stage.pages.address, true) else { return };
    window.go("/sign-in");
    usable(&window);
    window.go("/sign-in");
    window.tab_to("e.name === 'email'");
    window.keys(POLICE);
    window.tab_to("e.name === 'password'");
    window.keys(PASSWORD);
    window.enter();
    assert_eq!(window.path(), "/");
    usable(&window);
    window.go("/");
    window.tab_to("words === 'My work'");
    window.enter();
    usable(&window);
    window.go("/my-work");
    window.tab_to("words.startsWith('Done')");
    window.enter();
    let form = window.path();
    usable(&window);
    window.go(&form);
    window.tab_to("e.name === 'outcome'");
    window.keys("Spoken to the head");
    window.tab_to("e.tagName === 'BUTTON' && words === 'Mark as done'");
    window.enter();
    window.holds(&["Marked as done. Thank you."]);
}

/// Every stop of the keyboard is seen and uncovered, and the first leads past the menu.
#[track_caller]
fn usable(window: &Window) {
    let stops = window.stops(120);
    assert_eq!(stops.first().map(|stop| stop.name.as_str()), Some("Skip to main content"));
    for stop in &stops {
        assert!(stop.shows_focus && !stop.is_covered, "{}: {stop:?}", window.path());
    }
}
