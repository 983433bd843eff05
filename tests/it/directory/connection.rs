//! How an agency is connected, and what happens when its directory is away.

use super::{Hall, is_in, path, sent, way};
use chrono::Duration;
use panel_app::{directory, keys, sign_in, users};
use panel_core::directory::Standing;
use panel_store::{Caller, Who, directories};
use panel_tests::directory::{Mood, SECRET};
use panel_tests::on_both;
use panel_tests::refusal::{not_found, rule};
use panel_tests::site::{PASSWORD, Pages, choose_password, leads_to};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, POLICE, World};
use serde_json::json;
use std::time::Instant;

on_both!(
    nobody_is_sent_there_before_it_was_tried_as_it_is,
    a_trial_says_what_is_wrong_and_signs_nobody_in,
    only_an_administrator_who_is_there_connects_it,
    its_secret_is_sealed_and_never_shown,
    what_is_no_directory_s_address_is_not_taken,
    where_it_is_the_only_way_in_passwords_are_none,
    somebody_who_runs_the_service_always_has_a_way_in,
    a_directory_that_is_away_is_told_kindly_and_passwords_go_on,
    removed_it_leaves_nothing_behind,
);

#[track_caller]
fn kept(hall: &Hall<'_>) -> directories::Directory {
    let found = directory::show(&hall.world.operator(), hall.police).unwrap();
    found.directory.expect("a directory").value
}

fn nobody_is_sent_there_before_it_was_tried_as_it_is(world: &World) {
    let hall = Hall::connected(world, Pages::named(world, false), false);
    let visitor = hall.pages.visitor();
    let is_offered = || {
        let page = visitor.fill("/sign-in/directory", &[("email", POLICE)]);
        page.status().as_u16() == 200
    };
    assert!(!is_offered() && !visitor.read("/sign-in").contains("directory"));
    assert_eq!(hall.presses("only").status().as_u16(), 422, "and it binds nobody");
    hall.tries();
    assert!(is_offered());
    let issuer = hall.directory.issuer.clone();
    hall.sets(&issuer, "", &[("asks_second_factor", "yes")]);
    assert!(is_offered(), "that changes nothing of how it is reached");
    hall.sets(&issuer, "a new secret", &[]);
    assert!(!is_offered() && kept(&hall).standing == Standing::Untried);
    // With the wrong secret it cannot be tried.
    let told = hall.tries();
    assert_eq!(told.status().as_u16(), 422);
    assert!(told.text().unwrap().contains("does not take the client id with this secret"));
    assert!(!is_offered());
}

fn a_trial_says_what_is_wrong_and_signs_nobody_in(world: &World) {
    let hall = Hall::connected(world, Pages::named(world, false), false);
    for (claims, said) in [
        (json!({ "sub": "a", "email": POLICE }), "does not say that the address"),
        (
            json!({ "sub": "a", "email": "a@else.example", "email_verified": true }),
            "outside of the domains",
        ),
    ] {
        hall.directory.says(claims);
        let told = hall.tries();
        assert_eq!(told.status().as_u16(), 422);
        assert!(told.text().unwrap().contains(said), "{said}");
        assert_eq!(kept(&hall).standing, Standing::Untried);
    }
    // Somebody of that agency signs in there to try it, and Ada stays who she is.
    hall.directory.says(json!({ "sub": "b", "email": POLICE, "email_verified": true }));
    assert_eq!(leads_to(&hall.tries()), hall.at());
    assert!(hall.ada.read("/account").contains("Ada Moore"));
    assert_eq!(kept(&hall).standing, Standing::Offered);
}

fn only_an_administrator_who_is_there_connects_it(world: &World) {
    let hall = Hall::connected(world, Pages::named(world, false), false);
    not_found(directory::show(&world.by(COORDINATOR), hall.police).map(|_| ()));
    let carol = hall.pages.signed_in(world, COORDINATOR);
    assert_eq!(carol.open(&hall.at()).status().as_u16(), 404);
    world.pass(Duration::minutes(6));
    assert!(leads_to(&hall.ada.open(&hall.at())).starts_with("/confirm?next="));
}

fn its_secret_is_sealed_and_never_shown(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    assert!(!hall.ada.read(&hall.at()).contains("mistletoe"));
    let directory = kept(&hall);
    let holds = |bytes: &[u8]| bytes.windows(9).any(|part| part == b"mistletoe");
    assert!(!holds(&directory.secret) && holds(SECRET.as_bytes()));
    if world.url.ends_with("panel.db") {
        for ending in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{ending}", world.url)).unwrap_or_default();
            assert!(!holds(&bytes), "panel.db{ending}");
        }
    }
    assert!(hall.deeds().iter().all(|(_, detail)| !detail.contains("mistletoe")));
    let found = keys::verify(&world.app).unwrap();
    assert_eq!((found.directories, found.unreadable.len()), (1, 0));
    // Moved to another agency's row it opens nothing.
    let housing = world.town().housing;
    let moved = directories::Directory {
        agency: housing,
        domains: vec!["housing.example".to_owned()],
        ..directory
    };
    write(world, |az| directories::insert(az, &moved));
    let found = keys::verify(&world.app).unwrap();
    assert_eq!((found.directories, found.unreadable.len()), (1, 1));
}

#[track_caller]
fn write<T>(
    world: &World,
    work: impl FnOnce(&mut panel_store::Authz<'_>) -> Result<T, panel_store::StoreError>,
) -> T {
    let now = world.app.clock.now().unwrap();
    let caller = Caller {
        who: Who::Nobody,
        now,
        today: panel_core::time::local_date(now),
        request: panel_core::id::mint(&*world.app.ids, now),
        ids: &*world.app.ids,
    };
    world.app.store.write(&caller, work).unwrap()
}

fn what_is_no_directory_s_address_is_not_taken(world: &World) {
    let hall = Hall::connected(world, Pages::named(world, false), false);
    for (issuer, said) in [
        ("http://login.example.org", "must begin with https://"),
        ("https://login.example.org/?a=b", "without a query"),
        ("https://known@login.example.org", "without a query"),
    ] {
        let told = hall.sets(issuer, SECRET, &[]);
        assert_eq!(told.status().as_u16(), 422, "{issuer}");
        assert!(told.text().unwrap().contains(said), "{issuer}");
    }
    // Another directory's word about itself.
    hall.directory.describes(json!({ "issuer": "https://login.example.org" }));
    world.pass(Duration::minutes(4));
    let told = hall.presses("try");
    assert_eq!(told.status().as_u16(), 503);
    for odd in ["http://login.example.org/token", "https://a@b.example/", "javascript:alert(1)"] {
        hall.directory.describes(json!({ "authorization_endpoint": odd }));
        assert_eq!(hall.presses("try").status().as_u16(), 503, "{odd}");
    }
}

fn where_it_is_the_only_way_in_passwords_are_none(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    choose_password(world, POLICE);
    let refuses = || sign_in::sign_in(&world.app, POLICE, PASSWORD).is_err();
    assert!(!refuses(), "beside the directory it counts");
    let link = users::invite_again(&world.operator(), world.by(POLICE).user()).unwrap().link;
    assert_eq!(leads_to(&hall.presses("only")), hall.at());
    let why = rule(sign_in::sign_in(&world.app, POLICE, PASSWORD).map(|_| ()));
    assert_eq!(why.0, "sign_in_failed", "as any wrong password is");
    let visitor = hall.pages.visitor();
    let spent = visitor.read(&format!("/account-link/{}", link.rsplit('/').next().unwrap()));
    assert!(spent.contains("This link cannot be used"), "nor can she set one");
    let priya = hall.pages.visitor();
    assert_eq!(leads_to(&hall.enters(&priya)), "/meetings");
    world.pass(Duration::minutes(6));
    let asked = leads_to(&priya.open("/account/app"));
    let page = priya.read(&asked);
    assert!(page.contains("Confirm at your agency’s directory"), "{page}");
    hall.ada.fill(&leads_to(&hall.ada.open(&hall.at())), &[("proof", PASSWORD)]);
    assert_eq!(leads_to(&hall.presses("beside")), hall.at());
    assert!(!refuses());
}

fn somebody_who_runs_the_service_always_has_a_way_in(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let town = *world.town();
    let operator = world.operator();
    let form = |name: &str, email: &str, agency| users::UserForm {
        name: name.to_owned(),
        email: email.to_owned(),
        agency,
        administrator: true,
    };
    users::invite(&operator, &form("Una Boyd", "una@police.example", town.police)).unwrap();
    choose_password(world, "una@police.example");
    hall.presses("only");
    let gets_in = || sign_in::sign_in(&world.app, "una@police.example", PASSWORD).is_ok();
    assert!(!gets_in(), "another administrator has a way of her own");
    let ada = world.by(ADMINISTRATOR).user();
    let version = users::show(&operator, ada).unwrap().user.version;
    users::change(&operator, ada, version, &form("Ada Moore", ADMINISTRATOR, town.police)).unwrap();
    assert!(gets_in(), "now there is nobody else");
}

fn a_directory_that_is_away_is_told_kindly_and_passwords_go_on(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    choose_password(world, POLICE);
    let visitor = hall.pages.visitor();
    for mood in [Mood::Broken, Mood::LeadsOn, Mood::Huge, Mood::Slow(30)] {
        // What it said of itself before is too old by then.
        world.pass(Duration::minutes(11));
        hall.directory.is(mood);
        let began = Instant::now();
        let told = visitor.fill("/sign-in/directory", &[("email", POLICE)]);
        assert_eq!(told.status().as_u16(), 503, "{mood:?}");
        assert!(told.text().unwrap().contains("does not answer"), "{mood:?}");
        assert!(began.elapsed().as_secs() < 9, "{mood:?}");
        let entered = hall.pages.visitor();
        let answer = entered.send("/sign-in", &[("email", POLICE), ("password", PASSWORD)]);
        assert_eq!(leads_to(&answer), "/", "{mood:?}");
        hall.directory.is(Mood::Well);
    }
    // It breaks while she is there.
    let back = hall.directory.sign_in(&sent(&visitor, POLICE));
    hall.directory.is(Mood::Broken);
    assert_eq!(visitor.open(path(&back)).status().as_u16(), 503);
    assert!(!is_in(&visitor));
    assert!(hall.directory.seen().iter().all(|head| !head.contains("police.example")));
}

fn removed_it_leaves_nothing_behind(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    hall.enters(&hall.pages.visitor());
    let visitor = hall.pages.visitor();
    let back = hall.directory.sign_in(&sent(&visitor, POLICE));
    assert_eq!(leads_to(&hall.presses("remove")), hall.at());
    assert_eq!(visitor.open(path(&back)).status().as_u16(), 403);
    assert!(!hall.pages.visitor().read("/sign-in").contains("directory"));
    assert!(!directory::may_be_forgotten(&world.operator(), world.by(POLICE).user()).unwrap());
    let issuer = hall.directory.issuer.clone();
    assert_eq!(leads_to(&hall.sets(&issuer, SECRET, &[])), hall.at());
    let page = hall.presses("try").text().unwrap();
    assert!(way(&page).starts_with(&issuer), "it can be connected anew");
}
