//! Accounts that nobody uses: warned, suspended to the day, opened again.

use crate::sealed::worker;
use chrono::Duration;
use panel_app::{accounts, sign_in, users};
use panel_core::time::local_date;
use panel_notify::{Mailbox, Worker};
use panel_tests::on_both;
use panel_tests::refusal::{not_found, rule};
use panel_tests::site::{PASSWORD, Pages, choose_password, leads_to};
use panel_tests::world::{
    ADMINISTRATOR, COORDINATOR, HOUSING, POLICE, POLICE_LEAD, World, day, london,
};

on_both!(
    an_account_is_suspended_on_the_forty_fifth_day_and_its_people_are_told,
    signing_in_keeps_an_account,
    a_suspended_account_opens_nothing_until_it_is_opened_again,
    a_lead_opens_an_account_of_her_own_agency_alone,
    the_last_administrator_stays,
);

/// A worker that looks after accounts, and what it sent.
pub(crate) fn keeper(world: &World) -> (Worker, Mailbox) {
    let (worker, mailbox) = worker(world, None);
    (worker.tending_accounts(true), mailbox)
}

/// Lets every day up to this one pass, at nine in the morning, with the worker at work.
#[track_caller]
fn until(world: &World, worker: &mut Worker, last: &str) {
    let mut today = local_date(world.app.clock.now().unwrap());
    while today < day(last) {
        today = today.succ_opt().unwrap();
        world.set(&format!("{today} 09:00"));
        worker.run_until_idle(world.app.clock.now().unwrap()).unwrap();
    }
}

/// The subjects of what one address got of this worker about accounts, oldest first.
fn subjects(mailbox: &Mailbox, to: &str) -> Vec<String> {
    let all = mailbox.letters().into_iter().rev().filter(|one| one.to == to);
    let subjects = all.map(|one| one.subject);
    subjects.filter(|one| one.contains("ccount")).collect()
}

#[track_caller]
fn enters(world: &World, email: &str) -> bool {
    sign_in::sign_in(&world.app, email, PASSWORD).is_ok()
}

fn an_account_is_suspended_on_the_forty_fifth_day_and_its_people_are_told(world: &World) {
    world.town();
    choose_password(world, POLICE);
    choose_password(world, POLICE_LEAD);
    let (mut worker, mailbox) = keeper(world);
    let token = sign_in::sign_in(&world.app, POLICE, PASSWORD).unwrap().token;
    until(world, &mut worker, "2026-05-08");
    assert_eq!(subjects(&mailbox, POLICE), Vec::<String>::new(), "the thirty-seventh day");
    until(world, &mut worker, "2026-05-09");
    let warned = ["Sign in to Panel to keep your account"];
    assert_eq!(subjects(&mailbox, POLICE), warned);
    assert!(enters(world, POLICE_LEAD), "she uses hers");
    // Summer time began on the day before the first: every day still counts once.
    until(world, &mut worker, "2026-05-15");
    assert_eq!(subjects(&mailbox, POLICE), warned, "once, and the forty-fourth day is still hers");
    let user = world.by(POLICE).user();
    until(world, &mut worker, "2026-05-16");
    let shown = users::show(&world.by(ADMINISTRATOR), user).unwrap();
    assert_eq!(shown.user.suspended_on, Some(day("2026-05-16")));
    assert_eq!(subjects(&mailbox, POLICE)[1..], ["Your account in Panel is suspended"]);
    let lead = subjects(&mailbox, POLICE_LEAD);
    assert_eq!(lead[1..], ["An account of your agency in Panel is suspended"]);
    assert!(!enters(world, POLICE) && enters(world, POLICE_LEAD));
    let held = sign_in::present(&world.app, &token);
    assert!(matches!(held, Ok(sign_in::Presented::Unknown)), "{held:?}");
    until(world, &mut worker, "2026-05-20");
    assert_eq!(subjects(&mailbox, POLICE).len(), 2, "and once only");
}

fn signing_in_keeps_an_account(world: &World) {
    world.town();
    choose_password(world, HOUSING);
    let (mut worker, mailbox) = keeper(world);
    until(world, &mut worker, "2026-05-15");
    assert_eq!(subjects(&mailbox, HOUSING).len(), 1);
    world.set("2026-05-15 23:59");
    assert!(enters(world, HOUSING), "the last minute of the last day");
    until(world, &mut worker, "2026-06-21");
    assert_eq!(subjects(&mailbox, HOUSING).len(), 1, "it begins anew");
    until(world, &mut worker, "2026-06-22");
    assert_eq!(subjects(&mailbox, HOUSING).len(), 2);
    assert!(enters(world, HOUSING));
}

/// Suspends whoever has a password but these.
#[track_caller]
fn suspend(world: &World, users_of_it: &[&str]) {
    let (mut worker, _) = keeper(world);
    for last in ["2026-05-10", "2026-05-20"] {
        until(world, &mut worker, last);
        for email in users_of_it {
            assert!(enters(world, email));
        }
    }
}

fn a_suspended_account_opens_nothing_until_it_is_opened_again(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    choose_password(world, ADMINISTRATOR);
    let token = accounts::create_token(&world.by(POLICE), "A program").unwrap();
    let user = world.by(POLICE).user();
    suspend(world, &[ADMINISTRATOR]);
    assert!(leads_to(&priya.open("/account")).starts_with("/sign-in"));
    assert!(sign_in::bearer(&world.app, &token).unwrap().is_none());
    assert!(!enters(world, POLICE));
    accounts::forgot_password(&world.app, POLICE).unwrap();
    assert_eq!(rule(users::invite_again(&world.by(ADMINISTRATOR), user)).0, "suspended");
    let ada = pages.signed_in(world, ADMINISTRATOR);
    let at = format!("/users/{user}");
    let page = ada.read(&at);
    assert!(page.contains("Suspended on 16 May 2026, because nobody used it"), "{page}");
    let done = ada.press(&page, &format!("{at}/reopen"), &[]);
    let page = ada.read(&leads_to(&done));
    assert!(page.contains("The account is open again") && !page.contains("Suspended"), "{page}");
    assert!(enters(world, POLICE), "the password is as it was");
    assert!(sign_in::bearer(&world.app, &token).unwrap().is_none(), "tokens are made anew");
    not_found(users::reopen(&world.by(ADMINISTRATOR), user));
    world.pass(Duration::days(30));
    let (mut worker, _) = keeper(world);
    worker.run_once(world.app.clock.now().unwrap()).unwrap();
    assert!(enters(world, POLICE), "its days begin with its opening");
}

fn a_lead_opens_an_account_of_her_own_agency_alone(world: &World) {
    world.town();
    for email in [POLICE, HOUSING, ADMINISTRATOR, POLICE_LEAD] {
        choose_password(world, email);
    }
    let (police, housing) = (world.by(POLICE).user(), world.by(HOUSING).user());
    suspend(world, &[ADMINISTRATOR, POLICE_LEAD]);
    not_found(users::reopen(&world.by(POLICE_LEAD), housing));
    not_found(users::reopen(&world.by(COORDINATOR), housing));
    users::reopen(&world.by(POLICE_LEAD), police).unwrap();
    assert!(enters(world, POLICE) && !enters(world, HOUSING));
}

fn the_last_administrator_stays(world: &World) {
    world.town();
    choose_password(world, ADMINISTRATOR);
    world.person("second@council.example", "Bea Lund", world.town().council, None);
    world.pass(Duration::days(1));
    choose_password(world, "second@council.example");
    let (mut worker, _) = keeper(world);
    until(world, &mut worker, "2026-12-31");
    assert!(!enters(world, ADMINISTRATOR), "the one who used it first");
    assert!(enters(world, "second@council.example"));
    assert_eq!(world.app.clock.now().unwrap(), london("2026-12-31 09:00"));
}
