//! What is sent: refused with every reason when it is wrong, and done once when it is sent again.

use super::walls::{rows, sample};
use panel_tests::bounds::unbounded;
use panel_tests::on_both;
use panel_tests::program::{Answer, Program, answer};
use panel_tests::site::Pages;
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, World};
use serde_json::{Value, json};

fn pairs(found: &[(&str, &str)]) -> Vec<(String, String)> {
    found.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

fn agency(name: &str) -> Value {
    json!({"name": name, "kind": "housing", "mail_domains": ["homes.example"]})
}

#[test]
fn no_body_makes_the_service_fail() {
    let world = World::sqlite();
    world.town();
    unbounded(&world);
    let pages = Pages::of(&world);
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: [&[u8]; 10] = [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"{\"version\": 1}",
        b"{\"version\": 99999999999999999999}",
        b"{\"version\": 1, \"version\": 2}",
        b"{\"a\": \"\xff\"}",
        b"{\"reason\": {\"a\": [1e999]}, \"version\": -1}",
        deep.as_bytes(),
    ];
    for email in [ADMINISTRATOR, COORDINATOR] {
        let program = Program::of(&pages, &world, email);
        for row in rows().iter().filter(|row| row.method != "GET") {
            for body in bodies {
                for kind in ["application/json", "application/octet-stream", "text/plain"] {
                    let request = program.request(row.method.as_str(), &sample(row.path));
                    let found = answer(request.header("content-type", kind).body(body.to_vec()));
                    let refused = matches!(found.status, 400 | 404 | 409 | 415 | 422);
                    let harmless = row.path.ends_with("/count") || row.path.ends_with("/search");
                    assert!(refused || (harmless && found.status == 200), "{} {found:?}", row.path);
                    if refused {
                        assert_eq!(found.kind, "application/problem+json", "{}", row.path);
                        assert!(found.body["code"].is_string(), "{}", row.path);
                    }
                }
            }
        }
    }
}

on_both!(
    a_body_that_is_wrong_is_refused_with_every_reason,
    a_body_that_cannot_be_read_is_refused_whole,
    a_query_that_is_wrong_is_refused_with_its_reason,
    a_change_of_something_old_is_refused_with_what_it_says_now,
    the_same_request_under_the_same_key_is_done_once,
);

fn a_body_that_is_wrong_is_refused_with_every_reason(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let send = |body: Value| program.post("/api/v1/agencies", &body);
    assert_eq!(send(json!({})).invalid(), pairs(&[("#/name", "missing")]));
    assert_eq!(
        send(json!({"name": "A", "kind": "guild", "mail_domains": "a.example", "role": "chair"}))
            .invalid(),
        pairs(&[
            ("#/kind", "unknown"),
            ("#/role", "unknown_field"),
            ("#/mail_domains", "wrong_type"),
        ])
    );
    assert_eq!(
        send(json!({"name": "A", "kind": "housing", "role": "chair", "rank": 1})).invalid(),
        pairs(&[("#/role", "unknown_field"), ("#/rank", "unknown_field")])
    );
    assert_eq!(
        send(json!({"name": "A", "kind": "housing", "aliases": ["a", 5]})).invalid(),
        pairs(&[("#/aliases/1", "wrong_type")])
    );
    assert_eq!(send(agency("")).invalid(), pairs(&[("#/name", "empty")]));
    let twice = send(json!({"name": "Sy\u{301}b", "kind": "guild"})).problem(422, "invalid");
    assert!(!twice.to_string().contains("guild"), "what was sent is not repeated: {twice}");
    let panel = world.town().panel;
    let policy = json!({"version": 1, "review": {"every": 3}, "delegate_triage": "yes"});
    let refused = program.put(&format!("/api/v1/panels/{panel}/policy"), &policy).invalid();
    assert_eq!(
        refused,
        pairs(&[("#/delegate_triage", "wrong_type"), ("#/review/every", "unknown_field")])
    );
}

fn a_body_that_cannot_be_read_is_refused_whole(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let send = |kind: &str, body: &str| program.send("/api/v1/agencies", kind, body);
    for body in ["", "{", "{\"name\": \"A\", \"name\": \"B\"}", "{\"name\": \"\\ud800\"}", "{} {}"]
    {
        send("application/json", body).problem(400, "malformed");
    }
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(200), "]".repeat(200));
    send("application/json", &deep).problem(400, "malformed");
    send("text/plain", "{}").problem(415, "wrong_kind");
    send("application/x-www-form-urlencoded", "name=A").problem(415, "wrong_kind");
    let long = json!({"name": "a".repeat(600_000), "kind": "housing"}).to_string();
    send("application/json", &long).problem(413, "too_large");
    let body = agency("Eastshire Almshouses").to_string();
    send("application/json; charset=utf-8", &body).well();
    program.get("/api/v1/nowhere").problem(404, "not_found");
    answer(program.request("DELETE", "/api/v1/agencies")).problem(405, "method_not_allowed");
}

fn a_query_that_is_wrong_is_refused_with_its_reason(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, COORDINATOR);
    let get = |path: &str| program.get(path);
    assert_eq!(get("/api/v1/actions?rank=1").invalid(), pairs(&[("#/rank", "unknown_field")]));
    assert_eq!(get("/api/v1/actions?status=lost").invalid(), pairs(&[("#/status", "unknown")]));
    assert_eq!(get("/api/v1/actions?panel=1").invalid(), pairs(&[("#/panel", "not_an_id")]));
    assert_eq!(get("/api/v1/cases?after=1").invalid(), pairs(&[("#/after", "not_a_mark")]));
    assert_eq!(get("/api/v1/referrals?after=1").invalid(), pairs(&[("#/after", "not_a_mark")]));
    get("/api/v1/actions?after=1").problem(404, "not_found");
    assert_eq!(get("/api/v1/me?a=1").invalid(), pairs(&[("#/a", "unknown_field")]));
    let backwards = get("/api/v1/actions?due_from=2026-05-01&due_to=2026-04-01");
    assert_eq!(backwards.invalid(), pairs(&[("#/due_to", "before_start")]));
    let filtered = format!("/api/v1/actions?panel={}&descending=true&sort=agency", town.panel);
    assert_eq!(get(&filtered).well()["rows"], json!([]));
}

fn a_change_of_something_old_is_refused_with_what_it_says_now(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let made = program.post("/api/v1/agencies", &agency("Eastshire Almshouses"));
    assert_eq!(made.status, 201);
    let path = made.location.clone();
    assert_eq!(path, format!("/api/v1/agencies/{}", made.body["id"].as_str().unwrap()));
    let with = |name: &str, version: i32| {
        let mut body = agency(name);
        body["version"] = version.into();
        body
    };
    let changed = program.put(&path, &with("Eastshire Cottages", 1)).well();
    assert_eq!(
        (&changed["version"], &changed["value"]["name"]),
        (&json!(2), &json!("Eastshire Cottages"))
    );
    let stale = program.put(&path, &with("Eastshire Houses", 1)).problem(409, "stale");
    assert_eq!(stale["current"], changed);
    assert_eq!(program.get(&path).well(), changed);
    assert_eq!(
        program.put(&path, &agency("No version")).invalid(),
        pairs(&[("#/version", "missing")])
    );
}

fn the_same_request_under_the_same_key_is_done_once(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let add = |key: &str, name: &str| program.post_as(key, "/api/v1/agencies", &agency(name));
    let first: Answer = add("monday", "Eastshire Almshouses");
    assert_eq!(first.status, 201);
    assert_eq!(add("monday", "Eastshire Almshouses"), first);
    let other = add("monday", "Eastshire Cottages");
    assert_ne!(other.body, first.body, "another request is another change, whatever its key");
    assert_eq!(add("tuesday", "Eastshire Almshouses").invalid(), pairs(&[("#/name", "taken")]));
    let names = program.get("/api/v1/agencies").well();
    let names = names["rows"].as_array().unwrap().iter().map(|row| row["value"]["name"].clone());
    assert_eq!(names.filter(|name| *name == "Eastshire Almshouses").count(), 1);
    let somebody_else = Program::of(&pages, world, COORDINATOR);
    somebody_else.post_as("monday", "/api/v1/agencies", &agency("Mine")).problem(404, "not_found");
    let long = "k".repeat(200);
    let refused = program.post_as(&long, "/api/v1/agencies", &agency("Third"));
    assert_eq!(refused.invalid(), pairs(&[("#", "idempotency_key")]));
}
