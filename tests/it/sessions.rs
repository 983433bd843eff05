//! Where somebody is signed in: seen by that person alone, ended one by one, everywhere, or by an
//! administrator.

use crate::second_factor::letters;
use panel_app::sign_in::{self, OpenSession, Presented};
use panel_app::users;
use panel_core::id::{Id, SessionId};
use panel_tests::on_both;
use panel_tests::refusal::{not_found, rule};
use panel_tests::site::{PASSWORD, Pages, Visitor, choose_password, leads_to};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, POLICE, World};
use uuid::Uuid;

on_both!(
    each_session_is_listed_and_can_be_ended_from_another,
    signing_out_everywhere_leaves_nothing_open,
    nobody_ends_the_session_of_somebody_else,
    an_administrator_signs_a_person_out,
    a_password_is_changed_by_whoever_knows_the_one_before,
);

const EVERYWHERE: &str = "/account/sign-out-everywhere";

/// Another browser of somebody whose password is set.
#[track_caller]
fn another(pages: &Pages, email: &str) -> Visitor {
    let visitor = pages.visitor();
    let entered = visitor.send("/sign-in", &[("email", email), ("password", PASSWORD)]);
    assert_eq!(entered.status().as_u16(), 303);
    visitor
}

#[track_caller]
fn is_in(visitor: &Visitor) -> bool {
    visitor.open("/account").status().as_u16() == 200
}

#[track_caller]
fn open(world: &World, email: &str) -> Vec<OpenSession> {
    sign_in::sessions(&world.by(email)).unwrap()
}

fn each_session_is_listed_and_can_be_ended_from_another(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let first = pages.signed_in(world, POLICE);
    let second = another(&pages, POLICE);
    let page = second.read("/account");
    assert!(page.contains("Where you are signed in"), "{page}");
    assert_eq!(page.matches("Here, in this browser").count(), 1);
    // Choosing the password began one session, each browser another.
    assert_eq!(page.matches("Somewhere else").count(), 2, "{page}");
    let all = open(world, POLICE);
    assert_eq!(all.len(), 3);
    let end = |session: SessionId| format!("/account/sessions/{session}/end");
    assert!(!page.contains(&end(all[0].id)), "the browser's own is ended by signing out");
    let ended = second.press(&page, &end(all[1].id), &[]);
    assert_eq!(ended.status().as_u16(), 303);
    assert!(!is_in(&first) && is_in(&second));
    assert_eq!(open(world, POLICE).len(), 2);
    let again = second.press(&page, &end(all[1].id), &[]);
    assert_eq!(again.status().as_u16(), 404, "what is ended is not there to be ended");
}

fn signing_out_everywhere_leaves_nothing_open(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let first = pages.signed_in(world, POLICE);
    let second = another(&pages, POLICE);
    let answer = second.press_on("/account", EVERYWHERE, &[]);
    assert_eq!(answer.headers()["location"], "/sign-in");
    assert_eq!(answer.headers()["clear-site-data"], "\"cache\", \"storage\"");
    assert!(!is_in(&first) && !is_in(&second));
    assert!(open(world, POLICE).is_empty());
}

fn nobody_ends_the_session_of_somebody_else(world: &World) {
    world.town();
    choose_password(world, COORDINATOR);
    choose_password(world, POLICE);
    let carol = sign_in::sign_in(&world.app, COORDINATOR, PASSWORD).unwrap();
    for session in open(world, COORDINATOR) {
        not_found(sign_in::end_session(&world.by(POLICE), session.id));
    }
    not_found(sign_in::end_session(&world.by(POLICE), SessionId::from_uuid(Uuid::from_u128(7))));
    assert!(matches!(sign_in::present(&world.app, &carol.token), Ok(Presented::Live(_))));
    assert_eq!(open(world, COORDINATOR).len(), 2);
}

fn an_administrator_signs_a_person_out(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let (ada, priya) = (pages.signed_in(world, ADMINISTRATOR), pages.signed_in(world, POLICE));
    let user = world.by(POLICE).user();
    let at = format!("/users/{user}/sign-out");
    let page = ada.read(&format!("/users/{user}"));
    let answer = ada.press(&page, &at, &[]);
    let said = ada.read(answer.headers()["location"].to_str().unwrap());
    assert!(said.contains("signed out everywhere"), "{said}");
    assert!(!is_in(&priya) && is_in(&ada));
    assert!(open(world, POLICE).is_empty());
    not_found(users::sign_out(&world.by(COORDINATOR), user));
    let nobody = panel_core::id::UserId::from_uuid(Uuid::from_u128(7));
    not_found(users::sign_out(&world.by(ADMINISTRATOR), nobody));
}

fn a_password_is_changed_by_whoever_knows_the_one_before(world: &World) {
    const NEW: &str = "gravel kestrel lantern";
    world.town();
    let pages = Pages::of(world);
    let first = pages.signed_in(world, POLICE);
    let second = another(&pages, POLICE);
    let change = |current: &str, password: &str| {
        second.fill("/account/password", &[("current", current), ("password", password)])
    };
    let says = |answer: reqwest::blocking::Response, words: &str| {
        assert_eq!(answer.status().as_u16(), 422);
        let page = answer.text().unwrap();
        assert!(page.contains(words) && !page.contains(NEW) && !page.contains(PASSWORD), "{page}");
    };
    says(change("not the password", NEW), "Enter the password that you have now");
    says(change(PASSWORD, "Password123456"), "Choose a password that is harder to guess");
    assert!(is_in(&first), "nothing was changed");
    let done = change(PASSWORD, NEW);
    assert_eq!(leads_to(&done), "/account?done=password_changed");
    let page = second.read("/account?done=password_changed");
    assert!(page.contains("Your password is changed"), "{page}");
    assert!(!is_in(&first) && is_in(&second), "every other session ended");
    assert_eq!(open(world, POLICE).len(), 1);
    assert_eq!(rule(sign_in::sign_in(&world.app, POLICE, PASSWORD)).0, "sign_in_failed");
    sign_in::sign_in(&world.app, POLICE, NEW).unwrap();
    assert_eq!(letters(world, POLICE), 1, "she is told that it was changed");
}
