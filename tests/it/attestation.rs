//! The people of an agency, confirmed each quarter by its lead.

use crate::dormant::keeper;
use panel_app::actions::{self, LeaverForm};
use panel_app::attestation::{self, AgencyPeople};
use panel_core::attestation::Standing;
use panel_core::audit::Purpose;
use panel_tests::on_both;
use panel_tests::refusal::not_found;
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, POLICE, POLICE_LEAD, POLICE_SPOC, World, day,
};

on_both!(
    a_lead_confirms_her_own_people_and_that_is_noted,
    a_page_asks_of_everybody_and_leads_on_to_letting_go,
    nobody_else_confirms_anybody,
    leads_are_written_to_when_it_is_due_and_once_when_it_is_late,
);

#[track_caller]
fn own(world: &World) -> AgencyPeople {
    attestation::own(&world.by(POLICE_LEAD)).unwrap().remove(0)
}

#[track_caller]
fn police(world: &World) -> attestation::AgencyStanding {
    let all = attestation::standings(&world.by(COORDINATOR)).unwrap();
    all.into_iter().find(|one| one.name == "Eastshire Police").unwrap()
}

fn a_lead_confirms_her_own_people_and_that_is_noted(world: &World) {
    world.town();
    let found = own(world);
    assert_eq!(found.standing, Standing::Due(day("2026-04-28")));
    let names: Vec<&str> = found.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Colin Hart", "Lena Brandt", "Priya Nair", "Sam Okoro"]);
    let agency = world.town().police;
    let people: Vec<_> = found.people.iter().map(|one| one.user).collect();
    attestation::confirm(&world.by(POLICE_LEAD), agency, &people[..3]).unwrap();
    world.set("2026-04-28 23:59");
    assert_eq!((police(world).unconfirmed, police(world).has_lead), (1, true));
    assert_eq!(police(world).standing, Standing::Due(day("2026-04-28")));
    world.set("2026-04-29 00:00");
    assert_eq!(police(world).standing, Standing::Overdue(day("2026-04-28")));
    attestation::confirm(&world.by(POLICE_LEAD), agency, &people).unwrap();
    assert_eq!(own(world).standing, Standing::Done);
    let log = panel_app::audit::list(&world.by(ADMINISTRATOR), Purpose::Integrity, None, None, 500);
    let rows = log.unwrap().into_iter().filter(|row| row.deed == "account.attested");
    let details: Vec<String> = rows.map(|row| row.detail).collect();
    assert_eq!(details, vec!["2026-04-01"; 4], "each once");
    world.set("2026-06-30 23:59");
    assert_eq!(own(world).standing, Standing::Done);
    world.set("2026-07-01 00:00");
    assert_eq!(own(world).standing, Standing::Due(day("2026-07-28")), "and anew each quarter");
}

fn a_page_asks_of_everybody_and_leads_on_to_letting_go(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let lena = pages.signed_in(world, POLICE_LEAD);
    assert!(lena.read("/account").contains("People of your agency"));
    let at = leads_to(&lena.open("/agency-people"));
    assert_eq!(at, format!("/agency-people/{}", world.town().police));
    let page = lena.read(&at);
    assert_eq!(page.matches("To be confirmed").count(), 4, "{page}");
    let said = |email| format!("said-{}", world.by(email).user());
    let (here, left) = (said(POLICE), said(POLICE_SPOC));
    let fields = [(here.as_str(), "still_here"), (left.as_str(), "has_left")];
    let gone = leads_to(&lena.fill(&at, &fields));
    let spoc = world.by(POLICE_SPOC).user();
    assert_eq!(gone, format!("/users/{spoc}/leaving"));
    let leaving = lena.read(&gone);
    assert!(leaving.contains("Close the account and end every seat"), "{leaving}");
    let closed = lena.press(&leaving, &format!("/users/{spoc}/remove"), &[]);
    assert!(closed.text().unwrap().contains("Sam Okoro has left"));
    let page = lena.read(&at);
    assert!(!page.contains("Sam Okoro") && page.contains("Confirmed on 1 April 2026"), "{page}");
    let done = lena.fill(&at, &[(said(CHAIR).as_str(), "still_here")]);
    assert_eq!(leads_to(&done), format!("{at}?confirmed=1"));
    let carol = pages.signed_in(world, COORDINATOR);
    let seen = carol.read("/agency-standings");
    assert!(seen.contains("2 of 3") && seen.contains("Nobody leads it"), "{seen}");
}

fn nobody_else_confirms_anybody(world: &World) {
    let police = world.town().police;
    let (priya, hana) = (world.by(POLICE).user(), world.by(HOUSING).user());
    for email in [POLICE, COORDINATOR, ADMINISTRATOR, CHAIR] {
        not_found(attestation::confirm(&world.by(email), police, &[priya]));
        not_found(attestation::own(&world.by(email)));
    }
    let lead = || world.by(POLICE_LEAD);
    not_found(attestation::confirm(&lead(), world.town().housing, &[hana]));
    not_found(attestation::confirm(&lead(), police, &[priya, hana]));
    assert_eq!(own(world).people.iter().filter(|one| one.confirmed_at.is_some()).count(), 0);
    not_found(actions::remove_person(&lead(), hana, &LeaverForm::default()));
    not_found(actions::leaver(&world.by(POLICE), hana));
    not_found(attestation::standings(&world.by(POLICE)));
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    assert_eq!(priya.open("/agency-people").status().as_u16(), 404);
    assert_eq!(priya.open("/agency-standings").status().as_u16(), 404);
}

fn leads_are_written_to_when_it_is_due_and_once_when_it_is_late(world: &World) {
    world.town();
    let (mut worker, mailbox) = keeper(world);
    let mut pass = |at: &str| {
        world.set(at);
        worker.run_until_idle(world.app.clock.now().unwrap()).unwrap();
        let all = mailbox.letters().into_iter().rev();
        let own = all.filter(|one| one.to == POLICE_LEAD);
        let letters: Vec<String> = own.map(|one| one.body).collect();
        let quarterly = letters.iter().filter(|body| body.contains("who of your agency"));
        quarterly.cloned().collect::<Vec<String>>()
    };
    assert_eq!(pass("2026-04-01 03:00").len(), 0, "not at night");
    let due = pass("2026-04-01 10:00");
    assert_eq!(due.len(), 1);
    assert!(due[0].contains("Tuesday 28 April 2026") && !due[0].contains("Police"), "{}", due[0]);
    assert_eq!(pass("2026-04-28 10:00").len(), 1);
    assert_eq!(pass("2026-04-29 10:00").len(), 2, "late");
    assert_eq!(pass("2026-05-29 10:00").len(), 2);
    let people: Vec<_> = own(world).people.iter().map(|one| one.user).collect();
    world.set("2026-07-01 08:00");
    attestation::confirm(&world.by(POLICE_LEAD), world.town().police, &people).unwrap();
    assert_eq!(pass("2026-07-01 10:00").len(), 2, "nothing is owed");
}
