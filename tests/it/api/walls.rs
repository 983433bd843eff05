//! Who passes: a token alone, and only to what its person may know of.

use crate::referrals::referred;
use panel_app::accounts;
use panel_tests::bounds::unbounded;
use panel_tests::on_both;
use panel_tests::program::{Program, answer};
use panel_tests::site::{Pages, Visitor};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, OUTSIDER, POLICE, World};
use panel_web::routes::{Access, Route, table};
use reqwest::header::COOKIE;
use serde_json::json;

const SOME_ID: &str = "0198f0a4-0000-7000-8000-000000000001";

/// The rows of the interface that need a token.
pub(super) fn rows() -> Vec<Route> {
    let ours = |row: &Route| row.path.starts_with("/api/") && row.access != Access::Anyone;
    table().into_iter().filter(ours).collect()
}

/// A row's path with an id that nothing has in each place.
pub(super) fn sample(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { SOME_ID } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn nobody_passes_without_a_token_that_holds() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    let revoked = accounts::create_token(&world.by(COORDINATOR), "a program").unwrap();
    let token = accounts::tokens(&world.by(COORDINATOR)).unwrap().remove(0);
    accounts::revoke_token(&world.by(COORDINATOR), token.id).unwrap();
    for token in ["", "nonsense", &revoked] {
        let program = Program::with_token(&pages, token.to_owned());
        for row in rows() {
            let request = program.request(row.method.as_str(), &sample(row.path)).body("{}");
            answer(request).problem(401, "signed_out");
        }
    }
}

#[test]
fn a_cookie_opens_pages_and_never_the_interface() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::of(&world);
    let visitor: Visitor = pages.signed_in(&world, COORDINATOR);
    assert_eq!(visitor.open("/account").status().as_u16(), 200);
    for row in rows() {
        let path = sample(row.path);
        let status = match row.method.as_str() {
            "GET" => visitor.open(&path).status(),
            "POST" => visitor.send(&path, &[]).status(),
            _ => continue,
        };
        assert_eq!(status.as_u16(), 401, "{} {path}", row.method);
    }
    let token = accounts::create_token(&world.by(COORDINATOR), "a program").unwrap();
    let program = Program::with_token(&pages, String::new());
    for name in ["panel", "__Host-panel"] {
        let cookie = format!("{name}={token}");
        let request = program.request("GET", "/api/v1/me").header(COOKIE, cookie);
        answer(request).problem(401, "signed_out");
    }
}

on_both!(what_is_hidden_is_as_absent, a_token_does_what_its_person_may);

fn what_is_hidden_is_as_absent(world: &World) {
    let town = world.town();
    unbounded(world);
    let pages = Pages::of(world);
    let referral = referred(world);
    let (police, outsider) =
        (Program::of(&pages, world, POLICE), Program::of(&pages, world, OUTSIDER));
    let path = format!("/api/v1/referrals/{referral}");
    let seen = police.get(&path).well();
    assert_eq!(seen["row"]["id"], referral.to_string());
    let hidden = outsider.get(&path);
    let absent = outsider.get(&format!("/api/v1/referrals/{SOME_ID}"));
    assert_eq!(hidden, absent);
    hidden.problem(404, "not_found");
    let withdrawal = json!({"version": 1, "reason": "A slip"});
    outsider.post(&format!("{path}/withdraw"), &withdrawal).problem(404, "not_found");
    outsider.get(&format!("/api/v1/panels/{}/meetings", town.panel)).problem(404, "not_found");
    let coordinator = Program::of(&pages, world, COORDINATOR);
    for row in rows().iter().filter(|row| row.path.contains('{') && row.method == "GET") {
        let query =
            if row.path.ends_with("completion") { "?from=2026-01-01&to=2026-02-01" } else { "" };
        let absent = coordinator.get(&format!("{}{query}", sample(row.path)));
        assert_eq!(absent.status, 404, "{}", row.path);
        absent.problem(404, "not_found");
        let odd =
            row.path.replace("{panel}", "1").replace("{meeting}", "%00").replace(['{', '}'], "");
        coordinator.get(&format!("{odd}{query}")).problem(404, "not_found");
    }
}

fn a_token_does_what_its_person_may(world: &World) {
    let pages = Pages::of(world);
    world.town();
    let me = |email: &str| Program::of(&pages, world, email).get("/api/v1/me").well();
    assert_eq!(me(ADMINISTRATOR)["administrator"], true);
    let police = me(POLICE);
    assert_eq!((&police["name"], &police["administrator"]), (&json!("Priya Nair"), &json!(false)));
    assert_eq!(police["seats"][0]["role"], "representative");
    let police = Program::of(&pages, world, POLICE);
    police.get("/api/v1/users").problem(404, "not_found");
    police.post("/api/v1/agencies", &json!({})).problem(404, "not_found");
}
