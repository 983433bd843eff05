//! The second factor: demanded, set up, given, lost, reset; and the proof that grave acts ask for.

use chrono::Duration;
use panel_app::second_factor::{self, PAPER_CODES};
use panel_app::sign_in::{self, Presented};
use panel_app::users;
use panel_core::audit::Purpose;
use panel_core::coded::Coded;
use panel_core::outbox::MessageKind;
use panel_store::outbox;
use panel_tests::caller;
use panel_tests::on_both;
use panel_tests::page::mark;
use panel_tests::refusal::{not_found, rule};
use panel_tests::site::{PASSWORD, Pages, Visitor, choose_password, leads_to};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, POLICE, World};
use panel_web::routes::{Access, Route, table};

on_both!(
    while_it_is_demanded_nothing_is_reached_but_its_set_up,
    a_code_is_asked_for_after_the_password_and_leads_on,
    a_code_is_taken_once_and_a_step_early_or_late,
    wrong_codes_slow_down_and_a_right_one_gets_in_later,
    each_code_on_paper_works_once_and_a_new_set_voids_the_old,
    an_administrator_resets_a_second_factor_and_its_person_is_told,
    a_new_password_leaves_the_second_factor_as_it_is,
    whoever_gave_a_password_learns_no_more_than_that_and_holds_no_session,
    an_app_is_replaced_only_by_its_new_code,
);

const SOME_ID: &str = "0198f0a4-0000-7000-8000-000000000001";

fn sample(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { SOME_ID } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The key that a page of setting up shows.
#[track_caller]
fn key(page: &str) -> String {
    let (_, rest) = page.split_once("Key: ").expect("a key");
    rest.split('<').next().unwrap().trim().to_owned()
}

/// Gives the first code of the app whose key a page shows.
#[track_caller]
fn first(visitor: &Visitor, page: &str, at: &str, code: &str) -> reqwest::blocking::Response {
    visitor.press(page, at, &[("offered", &mark(page, "offered")), ("code", code)])
}

#[track_caller]
fn code(world: &World, key: &str) -> String {
    second_factor::shown_by_app(&world.app, key).unwrap()
}

/// The codes on paper of the page that shows them.
fn paper(page: &str) -> Vec<String> {
    let items = page.split("<li>").skip(1).filter_map(|rest| rest.split_once("</li>"));
    let codes = items.map(|(text, _)| text.trim().to_owned());
    codes.filter(|text| text.len() == 29 && text.matches('-').count() == 4).collect()
}

/// Gives the password, and says where that leads.
#[track_caller]
fn password(visitor: &Visitor, email: &str, at: &str) -> String {
    leads_to(&visitor.send(at, &[("email", email), ("password", PASSWORD)]))
}

/// Sets an app up for somebody who is signed in, and gives its key and the codes on paper.
#[track_caller]
fn set_up(world: &World, visitor: &Visitor) -> (String, Vec<String>) {
    let page = visitor.read("/account/app");
    let key = key(&page);
    let done = first(visitor, &page, "/account/app", &code(world, &key));
    assert_eq!(done.status().as_u16(), 200);
    (key, paper(&done.text().unwrap()))
}

/// Sets the first app up in the middle of a sign-in.
#[track_caller]
pub(crate) fn sets_up(world: &World, visitor: &Visitor, step: &str) {
    let page = visitor.read(step);
    let done = first(visitor, &page, step, &code(world, &key(&page)));
    assert_eq!(done.status().as_u16(), 200);
}

/// Somebody whose app is set up, signed out again, a minute later.
#[track_caller]
pub(crate) fn with_app(world: &World, pages: &Pages, email: &str) -> (String, Vec<String>) {
    world.town();
    let found = set_up(world, &pages.signed_in(world, email));
    world.pass(Duration::minutes(1));
    found
}

#[track_caller]
fn is_in(visitor: &Visitor) -> bool {
    visitor.open("/account").status().as_u16() == 200
}

fn while_it_is_demanded_nothing_is_reached_but_its_set_up(world: &World) {
    world.town();
    let pages = Pages::asking(world);
    choose_password(world, POLICE);
    let visitor = pages.visitor();
    let step = password(&visitor, POLICE, "/sign-in?next=%2Fmeetings");
    assert_eq!(step, "/sign-in/set-up?next=%2Fmeetings");
    let walled = |route: &&Route| {
        !matches!(route.access, Access::Anyone | Access::HalfWay)
            && !route.path.starts_with("/api/")
    };
    for route in table().iter().filter(walled) {
        let path = sample(route.path);
        let answer = match route.method.as_str() {
            "GET" => visitor.open(&path),
            _ => visitor.send(&path, &[]),
        };
        assert!(leads_to(&answer).starts_with("/sign-in/set-up"), "{} {path}", route.method);
    }
    assert_eq!(visitor.open("/sign-in/code").status().as_u16(), 404, "there is no code to give");

    let page = visitor.read(&step);
    for part in
        ["<svg", "aria-label=\"A square", "autocomplete=\"one-time-code\"", "inputmode=\"numeric\""]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("style="), "the policy lets no style into a page");
    let wrong = first(&visitor, &page, &step, "000000");
    assert_eq!(wrong.status().as_u16(), 422);
    let again = wrong.text().unwrap();
    assert_eq!(key(&page), key(&again), "after a slip it is the same");
    let done = first(&visitor, &again, &step, &code(world, &key(&page)));
    let said = done.text().unwrap();
    assert_eq!(paper(&said).len(), PAPER_CODES, "{said}");
    assert!(said.contains("href=\"/meetings\""), "{said}");
    assert!(is_in(&visitor));
}

fn a_code_is_asked_for_after_the_password_and_leads_on(world: &World) {
    let pages = Pages::of(world);
    let (key, _) = with_app(world, &pages, POLICE);
    let visitor = pages.visitor();
    let step = password(&visitor, POLICE, "/sign-in?next=%2Fmeetings");
    assert_eq!(step, "/sign-in/code?next=%2Fmeetings");
    assert!(!is_in(&visitor), "one factor is no session");
    assert_eq!(leads_to(&visitor.open("/cases")), "/sign-in/code?next=%2Fcases");
    let typed = code(world, &key);
    let forged = visitor.send(&step, &[("code", &typed)]);
    assert_eq!(forged.status().as_u16(), 403, "the form carries a token of its own");
    let (head, tail) = typed.split_at(3);
    let done = visitor.fill(&step, &[("code", &format!(" {head} {tail} "))]);
    assert_eq!(leads_to(&done), "/meetings");
    assert!(is_in(&visitor));
    assert_eq!(leads_to(&visitor.open("/sign-in/code")), "/", "there is nothing more to ask");
}

fn a_code_is_taken_once_and_a_step_early_or_late(world: &World) {
    let pages = Pages::of(world);
    let (key, _) = with_app(world, &pages, POLICE);
    let half = || {
        let visitor = pages.visitor();
        password(&visitor, POLICE, "/sign-in");
        visitor
    };
    let give = |visitor: &Visitor, code: &str| {
        visitor.fill("/sign-in/code", &[("code", code)]).status().as_u16()
    };
    let early = code(world, &key);
    world.pass(Duration::seconds(31));
    assert_eq!(give(&half(), &early), 303, "a step late");
    for _ in 0..4 {
        assert_eq!(give(&half(), &early), 422, "a code is taken once");
    }
    world.pass(Duration::seconds(90));
    assert_eq!(give(&half(), &early), 422, "too old");
    let ahead = {
        world.pass(Duration::seconds(30));
        let next = code(world, &key);
        world.pass(Duration::seconds(-30));
        next
    };
    world.pass(Duration::seconds(2));
    assert_eq!(give(&half(), &ahead), 303, "a step early");
    assert_eq!(give(&half(), &code(world, &key)), 422, "and none before it any more");
}

fn wrong_codes_slow_down_and_a_right_one_gets_in_later(world: &World) {
    let pages = Pages::of(world);
    let (key, codes) = with_app(world, &pages, POLICE);
    let visitor = pages.visitor();
    password(&visitor, POLICE, "/sign-in");
    let page = visitor.read("/sign-in/code");
    let give = |code: &str| {
        let answer = visitor.press(&page, "/sign-in/code", &[("code", code)]);
        (answer.status().as_u16(), answer.text().unwrap())
    };
    let (status, first) = give("12345");
    assert_eq!(status, 422);
    for _ in 0..9 {
        give("12345");
    }
    let right = code(world, &key);
    let (status, paused) = give(&right);
    assert_eq!(status, 422, "during the pause even the right one is wrong");
    assert_eq!(paused.replace(&right, "12345"), first, "and nothing tells the two apart");
    let paper = visitor.fill("/sign-in/recovery", &[("code", &codes[0])]);
    assert_eq!(paper.status().as_u16(), 422, "the pause is for codes on paper too");
    world.pass(Duration::seconds(60));
    assert_eq!(give(&code(world, &key)).0, 303);
}

fn each_code_on_paper_works_once_and_a_new_set_voids_the_old(world: &World) {
    let pages = Pages::of(world);
    let (_, codes) = with_app(world, &pages, POLICE);
    assert_eq!(codes.len(), PAPER_CODES);
    let give = |code: &str| {
        let visitor = pages.visitor();
        password(&visitor, POLICE, "/sign-in");
        let status = visitor.fill("/sign-in/recovery", &[("code", code)]).status().as_u16();
        (visitor, status)
    };
    let (visitor, status) = give(&codes[0].to_lowercase().replace('-', " "));
    assert_eq!(status, 303, "however it is typed");
    assert!(visitor.read("/account").contains("You have 9 recovery codes left."));
    assert_eq!(give(&codes[0]).1, 422, "it was used");
    assert_eq!(give("").1, 422);
    let renewed = visitor.press_on("/account", "/account/app/codes", &[]);
    let renewed = paper(&renewed.text().unwrap());
    assert_eq!(renewed.len(), PAPER_CODES);
    assert_eq!(give(&codes[1]).1, 422, "the old set is void");
    assert_eq!(give(&renewed[1]).1, 303);
    assert!(!visitor.read("/account").contains(&renewed[2]), "they are shown once");
}

/// How many letters about a changed sign-in were put in for a person.
pub(crate) fn letters(world: &World, email: &str) -> usize {
    let ctx = world.by(email);
    let caller = caller::of_service(&ctx, "test");
    let rows: Result<_, panel_store::StoreError> =
        world.app.store.read(&caller, |az| outbox::log(az, Some(ctx.user()), 50));
    rows.unwrap().iter().filter(|row| row.kind == MessageKind::Security).count()
}

fn an_administrator_resets_a_second_factor_and_its_person_is_told(world: &World) {
    let pages = Pages::of(world);
    let (key, _) = with_app(world, &pages, POLICE);
    let user = world.by(POLICE).user();
    let before = letters(world, POLICE);
    let priya = pages.visitor();
    password(&priya, POLICE, "/sign-in");
    priya.fill("/sign-in/code", &[("code", &code(world, &key))]);
    assert!(is_in(&priya));
    not_found(second_factor::reset(&world.by(COORDINATOR), user));
    let admin = world.by(ADMINISTRATOR).user();
    assert_eq!(rule(second_factor::reset(&world.by(ADMINISTRATOR), admin)).0, "own_factor");

    let ada = pages.signed_in(world, ADMINISTRATOR);
    let page = ada.read(&format!("/users/{user}"));
    let at = format!("/users/{user}/reset-second-factor");
    let said = leads_to(&ada.press(&page, &at, &[]));
    assert!(ada.read(&said).contains("The second factor is removed"));
    assert!(!is_in(&priya), "every session has ended");
    assert_eq!(letters(world, POLICE), before + 1);
    assert!(!users::show(&world.by(ADMINISTRATOR), user).unwrap().has_second_factor);
    not_found(second_factor::reset(&world.by(ADMINISTRATOR), user));
    let deeds = panel_app::audit::newest(&world.by(ADMINISTRATOR), Purpose::Integrity, 20).unwrap();
    assert!(deeds.iter().any(|line| line.row.deed == "second_factor.reset"));
    assert_eq!(password(&pages.visitor(), POLICE, "/sign-in"), "/", "the password is as it was");
}

fn a_new_password_leaves_the_second_factor_as_it_is(world: &World) {
    let pages = Pages::of(world);
    let (key, _) = with_app(world, &pages, POLICE);
    let invited = users::invite_again(&world.operator(), world.by(POLICE).user()).unwrap();
    let path = invited.link.rsplit_once('/').map(|(_, token)| format!("/account-link/{token}"));
    let path = path.unwrap();
    let visitor = pages.visitor();
    let chosen = [("password", "seven loud starlings")];
    assert_eq!(leads_to(&visitor.send(&path, &chosen)), "/sign-in/code");
    assert!(!is_in(&visitor), "a letter is no second factor");
    for _ in 0..20 {
        let again = pages.visitor().send(&path, &chosen);
        assert_eq!(again.status().as_u16(), 404, "a link works once");
    }
    visitor.fill("/sign-in/code", &[("code", &code(world, &key))]);
    assert!(is_in(&visitor));
}

fn whoever_gave_a_password_learns_no_more_than_that_and_holds_no_session(world: &World) {
    let pages = Pages::of(world);
    let (key, _) = with_app(world, &pages, POLICE);
    let half = sign_in::sign_in(&world.app, POLICE, PASSWORD).unwrap();
    let Ok(Presented::HalfWay(session)) = sign_in::present(&world.app, &half.token) else {
        panic!("half a sign-in")
    };
    let proof = code(world, &key);
    let whole =
        second_factor::finish(&world.app, &session, second_factor::Proof::Code(&proof)).unwrap();
    assert_ne!(whole.token, half.token, "the session is another");
    assert!(matches!(sign_in::present(&world.app, &half.token), Ok(Presented::Unknown)));
    assert!(matches!(sign_in::present(&world.app, &whole.token), Ok(Presented::Live(_))));
    let late = sign_in::sign_in(&world.app, POLICE, PASSWORD).unwrap();
    world.pass(Duration::minutes(16));
    assert!(matches!(sign_in::present(&world.app, &late.token), Ok(Presented::RanOut(_))));
    // No page of the two steps names the person.
    let visitor = pages.visitor();
    password(&visitor, POLICE, "/sign-in");
    let page = visitor.read("/sign-in/code");
    assert!(!page.contains("Priya") && !page.contains(POLICE), "{page}");
}

fn an_app_is_replaced_only_by_its_new_code(world: &World) {
    let pages = Pages::of(world);
    let (old, _) = with_app(world, &pages, POLICE);
    let visitor = pages.visitor();
    password(&visitor, POLICE, "/sign-in");
    visitor.fill("/sign-in/code", &[("code", &code(world, &old))]);
    let page = visitor.read("/account/app");
    let new = key(&page);
    assert_ne!(new, old);
    let wrong = first(&visitor, &page, "/account/app", &code(world, &old));
    assert_eq!(wrong.status().as_u16(), 422, "the old app proves nothing about the new");
    let foreign = pages.signed_in(world, COORDINATOR);
    let stolen = first(&foreign, &page, "/account/app", &code(world, &new));
    assert_eq!(stolen.status().as_u16(), 403, "the token of the form is another’s");
    let own = foreign.read("/account/app");
    let fields = [("offered", mark(&page, "offered")), ("code", code(world, &new))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let stolen = foreign.press(&own, "/account/app", &fields);
    assert_eq!(stolen.status().as_u16(), 422, "a key is offered to one person alone");
    world.pass(Duration::minutes(1));
    let half = pages.visitor();
    password(&half, POLICE, "/sign-in");
    let still = half.fill("/sign-in/code", &[("code", &code(world, &old))]);
    assert_eq!(still.status().as_u16(), 303, "until then the old one is in use");
    world.pass(Duration::minutes(1));
    let done = first(&visitor, &page, "/account/app", &code(world, &new));
    assert_eq!(done.status().as_u16(), 200);
    assert_eq!(leads_to(&half.open("/")), "/sign-in", "whoever else was signed in is not any more");
    assert_eq!(visitor.open("/").status().as_u16(), 200);
    world.pass(Duration::minutes(1));
    let half = pages.visitor();
    password(&half, POLICE, "/sign-in");
    for (key, status) in [(&old, 422), (&new, 303)] {
        let answer = half.fill("/sign-in/code", &[("code", &code(world, key))]);
        assert_eq!(answer.status().as_u16(), status);
    }
}

#[test]
fn nothing_of_an_app_s_key_stands_in_the_database() {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    let (key, codes) = with_app(&world, &pages, POLICE);
    let plain = key.replace(' ', "");
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{suffix}", world.url)).unwrap_or_default();
        for secret in [plain.as_bytes(), key.as_bytes(), codes[0].as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret), "{suffix}");
        }
    }
    assert!(MessageKind::ALL.contains(&MessageKind::Security));
}

#[test]
fn known_and_unknown_addresses_get_the_same_bytes() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    with_app(&world, &pages, POLICE);
    let refused = |email: &str| {
        let visitor = pages.visitor();
        let fields = [("email", email), ("password", "no such password")];
        let wrong = visitor.send("/sign-in", &fields);
        let (status, cookies) = (wrong.status(), wrong.headers().contains_key("set-cookie"));
        let sent = visitor.send("/forgot-password", &[("email", email)]);
        let text = wrong.text().unwrap().replace(email, "…");
        (status, cookies, text, sent.status(), sent.text().unwrap())
    };
    let all = [POLICE, COORDINATOR, ADMINISTRATOR, panel_tests::world::CHAIR];
    let first = refused("nobody@elsewhere.example");
    for round in 0..5 {
        for known in all {
            assert_eq!(refused(known), first, "{known}");
        }
        assert_eq!(refused(&format!("nobody{round}@elsewhere.example")), first);
    }
}
