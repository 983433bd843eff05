//! Who is not let in, and that nobody learns why.

use super::{Hall, is_in, path, sent, way};
use chrono::Duration;
use panel_app::actions::{self, LeaverForm};
use panel_core::dormancy::Account;
use panel_core::id::UserId;
use panel_store::{Caller, Who, dormant};
use panel_tests::directory::Signs;
use panel_tests::on_both;
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{ADMINISTRATOR, HOUSING, POLICE, POLICE_SPOC, World};
use serde_json::{Value, json};

on_both!(
    nothing_that_was_tampered_with_is_believed,
    only_whom_the_directory_may_vouch_for_is_let_in,
    another_subject_with_the_same_address_is_refused_and_noted,
    an_errand_is_ended_once_in_time_and_by_its_own_browser,
    a_person_of_another_directory_s_domain_is_not_sent_anywhere,
);

/// Somebody comes back and is not let in; what she is told, and what the log says.
#[track_caller]
fn refused(hall: &Hall<'_>, what: &str) -> (String, String) {
    let visitor = hall.pages.visitor();
    let answer = hall.enters(&visitor);
    assert_eq!(answer.status().as_u16(), 403, "{what}");
    assert!(!is_in(&visitor), "{what}");
    let noted = hall.deeds().into_iter().find(|(deed, _)| deed == "directory.refused");
    (answer.text().unwrap(), noted.expect("an audit row").1)
}

fn nothing_that_was_tampered_with_is_believed(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let now = world.app.clock.now().unwrap().timestamp();
    let mut said = Vec::new();
    for (claim, value, code) in [
        ("nonce", json!("another"), "nonce"),
        ("nonce", Value::Null, "claims"),
        ("iss", json!("https://evil.example"), "issuer"),
        ("iss", json!(format!("{}/", hall.directory.issuer)), "issuer"),
        ("iss", Value::Null, "claims"),
        ("aud", json!("another"), "audience"),
        ("aud", json!(["panel", "another"]), "audience"),
        ("aud", json!([]), "audience"),
        ("azp", json!("another"), "authorised_party"),
        ("exp", json!(now - 61), "expired"),
        ("exp", json!("tomorrow"), "claims"),
        ("exp", Value::Null, "claims"),
        ("iat", json!(now + 120), "issued"),
        ("iat", json!(now - 3600), "issued"),
        ("nbf", json!(now + 120), "not_yet"),
        ("sub", json!(""), "subject"),
        ("sub", json!("x".repeat(256)), "subject"),
        ("sub", json!(7), "claims"),
    ] {
        let mut claims = json!({ "sub": "priya-1", "email": POLICE, "email_verified": true });
        claims[claim] = value.clone();
        hall.directory.says(claims);
        let (told, noted) = refused(&hall, &format!("{claim} is {value}"));
        assert_eq!(noted, code, "{claim} is {value}");
        said.push(told);
    }
    hall.directory.says(json!({ "sub": "priya-1", "email": POLICE, "email_verified": true }));
    for (by, code) in [
        (Signs::None, "header"),
        (Signs::Hs256, "algorithm"),
        (Signs::OtherKey, "signature"),
        (Signs::UnknownKey, "no_key"),
    ] {
        hall.directory.signs(by);
        let (told, noted) = refused(&hall, &format!("{by:?}"));
        assert_eq!(noted, code, "{by:?}");
        said.push(told);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "nobody learns which check it was");
    hall.directory.signs(Signs::Es256);
    for (parameters, code) in [
        (json!({ "iss": "https://evil.example" }), "named_other"),
        (json!({ "code": Value::Null, "error": "access_denied" }), "no_code"),
        (json!({ "code": "made-up" }), "code_refused"),
    ] {
        hall.directory.answers(parameters);
        assert_eq!(refused(&hall, code).1, code);
    }
    hall.directory.answers(json!({ "iss": hall.directory.issuer }));
    assert_eq!(leads_to(&hall.enters(&hall.pages.visitor())), "/meetings");
}

#[track_caller]
fn user(world: &World, email: &str) -> UserId {
    world.by(email).user()
}

fn only_whom_the_directory_may_vouch_for_is_let_in(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let town = *world.town();
    world.person("moved@police.example", "Moira Dean", town.housing, None);
    world.person("ended@police.example", "Enid Dale", town.police, None);
    world.person("idle@police.example", "Idris Dunn", town.police, None);
    let ended = user(world, "ended@police.example");
    actions::remove_person(&world.operator(), ended, &LeaverForm::default()).unwrap();
    let idle = user(world, "idle@police.example");
    suspend(world, idle);
    for (email, verified, code) in [
        (POLICE, json!(false), "unverified_address"),
        (POLICE, json!("false"), "unverified_address"),
        (POLICE, Value::Null, "unverified_address"),
        ("nobody@police.example", json!(true), "no_account"),
        (HOUSING, json!(true), "foreign_domain"),
        (ADMINISTRATOR, json!(true), "foreign_domain"),
        ("moved@police.example", json!(true), "other_agency"),
        ("ended@police.example", json!(true), "closed_account"),
        ("idle@police.example", json!(true), "closed_account"),
    ] {
        hall.directory.says(json!({ "sub": email, "email": email, "email_verified": verified }));
        assert_eq!(refused(&hall, email).1, code, "{email} {verified}");
    }
    hall.directory.says(json!({ "sub": "p", "email": POLICE, "email_verified": "true" }));
    assert_eq!(leads_to(&hall.enters(&hall.pages.visitor())), "/meetings");
    // Known by her subject, she is still let go.
    suspend(world, user(world, POLICE));
    assert_eq!(refused(&hall, "suspended").1, "closed_account");
}

#[track_caller]
fn suspend(world: &World, user: UserId) {
    let now = world.app.clock.now().unwrap();
    let used_on = panel_core::time::local_date(now);
    let account = Account { user, administrator: false, used_on, warned_on: None };
    let caller = Caller {
        who: Who::Nobody,
        now,
        today: panel_core::time::local_date(now),
        request: panel_core::id::mint(&*world.app.ids, now),
        ids: &*world.app.ids,
    };
    let done: Result<_, panel_store::StoreError> =
        world.app.store.write(&caller, |az| dormant::suspend(az, &account));
    assert!(done.unwrap());
}

fn another_subject_with_the_same_address_is_refused_and_noted(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    assert_eq!(leads_to(&hall.enters(&hall.pages.visitor())), "/meetings");
    hall.directory.says(json!({ "sub": "priya-2", "email": POLICE, "email_verified": true }));
    assert_eq!(refused(&hall, "another subject").1, "other_subject");

    // Her agency entered her anew: an administrator lets the address decide once more.
    let at = format!("/users/{}", user(world, POLICE));
    let page = hall.ada.read(&at);
    let done = leads_to(&hall.ada.press(&page, &format!("{at}/forget-directory"), &[]));
    assert!(hall.ada.read(&done).contains("the email address decides"));
    assert_eq!(leads_to(&hall.enters(&hall.pages.visitor())), "/meetings");
    hall.directory.says(json!({ "sub": "priya-1", "email": POLICE, "email_verified": true }));
    assert_eq!(refused(&hall, "the one before").1, "other_subject");
}

fn an_errand_is_ended_once_in_time_and_by_its_own_browser(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let is_refused = |visitor: &Visitor, at: &str, why: &str| {
        let answer = visitor.open(at);
        assert_eq!(answer.status().as_u16(), 403, "{why}");
        assert!(!is_in(visitor), "{why}");
    };
    let back_of = |visitor: &Visitor| hall.directory.sign_in(&sent(visitor, POLICE));

    let (priya, other) = (hall.pages.visitor(), hall.pages.visitor());
    let back = back_of(&priya);
    is_refused(&other, path(&back), "another browser without a cookie");
    back_of(&other);
    is_refused(&other, path(&back), "another browser with a cookie of its own");
    assert_eq!(leads_to(&priya.open(path(&back))), "/meetings", "her own, once");
    // Whoever has copied a browser's cookie comes too late with it.
    let again = hall.pages.visitor();
    let page = again.fill("/sign-in/directory", &[("email", POLICE)]);
    let cookie = page.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let held = cookie.split(';').next().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let back = hall.directory.sign_in(&way(&page.text().unwrap()));
    let comes = || {
        let copied = hall.pages.visitor().request("GET", path(&back)).header("cookie", &held);
        copied.send().unwrap().status().as_u16()
    };
    assert_eq!((comes(), comes()), (303, 403), "once");

    let late = hall.pages.visitor();
    let back = back_of(&late);
    world.pass(Duration::seconds(601));
    is_refused(&late, path(&back), "too late");

    let elsewhere = hall.pages.visitor();
    let back = back_of(&elsewhere);
    let of_housing = back.replace(&hall.police.to_string(), &world.town().housing.to_string());
    is_refused(&elsewhere, path(&of_housing), "the address of another agency");

    let forged = hall.pages.visitor();
    let back = back_of(&forged);
    let (stem, _) = back.split_once("state=").unwrap();
    is_refused(&forged, path(&format!("{stem}state={}", "0".repeat(64))), "a state of its own");
    is_refused(&forged, path(stem), "no state");
    assert_eq!(leads_to(&forged.open(path(&back))), "/meetings", "what was forged spends nothing");
}

fn a_person_of_another_directory_s_domain_is_not_sent_anywhere(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let visitor = hall.pages.visitor();
    let told = |email: &str| {
        let answer = visitor.fill("/sign-in/directory", &[("email", email)]);
        assert_eq!(answer.status().as_u16(), 422, "{email}");
        answer.text().unwrap().replace(email, "…")
    };
    let (known, unknown) = (told(HOUSING), told("nobody@housing.example"));
    assert_eq!(known, unknown, "nobody learns which address is registered");
    assert!(known.contains("Sign in with your password"), "{known}");
    let of_agency = |email: &str| {
        let page = visitor.fill("/sign-in/directory", &[("email", email)]);
        let text = page.text().unwrap();
        text.split_once("href=\"http://127.0.0.1").unwrap().0.to_owned()
    };
    assert_eq!(of_agency(POLICE_SPOC), of_agency("nobody@police.example"));
}
