//! `ETag` and `If-Match`: a program may name the version that it read in a header as well as in a body.

use super::coordinator::accepted;
use panel_tests::on_both;
use panel_tests::program::{Program, answer};
use panel_tests::site::Pages;
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, World};
use serde_json::{Value, json};

on_both!(
    what_is_read_has_the_tag_that_a_change_names,
    a_change_of_something_old_does_nothing,
    header_and_body_agree_or_nothing_is_done,
    a_condition_is_never_passed_over,
    another_condition_is_another_change,
);

/// A new agency; its path.
#[track_caller]
fn almshouses(program: &Program) -> String {
    let agency = json!({"name": "Eastshire Almshouses", "kind": "housing"});
    let made = program.post("/api/v1/agencies", &agency);
    assert_eq!((made.status, made.tag.as_str()), (201, ""), "{}", made.body);
    made.location
}

fn named(name: &str) -> Value {
    json!({"name": name, "kind": "housing"})
}

fn what_is_read_has_the_tag_that_a_change_names(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let (_, case) = accepted(&pages, world);
    let case = format!("/api/v1/cases/{case}");
    let read = coordinator.get(&case);
    assert_eq!(read.tag, format!("\"{}\"", read.body["row"]["version"]));
    let closure = json!({"reason": "risk_reduced", "note": "No incident for a year."});
    let proposed =
        coordinator.send_if(&read.tag, "POST", &format!("{case}/propose-closure"), &closure).well();
    let read = coordinator.get(&case);
    assert_eq!(read.tag, format!("\"{}\"", proposed["version"]));
    coordinator.send_if(&read.tag, "POST", &format!("{case}/drop-proposal"), &json!({})).well();
}

fn a_change_of_something_old_does_nothing(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let path = almshouses(&program);
    let old = program.get(&path).tag;
    program.send_if(&old, "PUT", &path, &named("Eastshire Cottages")).well();
    let now = program.get(&path);
    assert_ne!(now.tag, old);
    let refused = program.send_if(&old, "PUT", &path, &named("Eastshire Houses"));
    assert_eq!(refused.clone().problem(412, "stale")["current"], now.body);
    assert_eq!(program.get(&path), now, "nothing was changed");
    let mut both = named("Eastshire Houses");
    both["version"] = 1.into();
    program.send_if(&old, "PUT", &path, &both).problem(412, "stale");
    program.put(&path, &both).problem(409, "stale");
}

fn header_and_body_agree_or_nothing_is_done(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let path = almshouses(&program);
    let read = program.get(&path);
    for other in [json!(2), json!("1"), json!(null)] {
        let mut body = named("Eastshire Cottages");
        body["version"] = other;
        let refused = program.send_if(&read.tag, "PUT", &path, &body).invalid();
        assert_eq!(refused, [("#/version".to_owned(), "not_as_in_if_match".to_owned())]);
    }
    assert_eq!(program.get(&path), read);
    let mut body = named("Eastshire Cottages");
    body["version"] = 1.into();
    program.send_if(&read.tag, "PUT", &path, &body).well();
}

fn a_condition_is_never_passed_over(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let path = almshouses(&program);
    let read = program.get(&path);
    let refused = [("#".to_owned(), "if_match".to_owned())];
    for tag in ["1", "*", "W/\"1\"", "\"1\", \"2\"", "\"one\"", ""] {
        let mut body = named("Eastshire Cottages");
        body["version"] = 1.into();
        assert_eq!(program.send_if(tag, "PUT", &path, &body).invalid(), refused, "{tag}");
    }
    let twice =
        program.request("PUT", &path).header("If-Match", "\"1\"").header("If-Match", "\"2\"");
    assert_eq!(answer(twice.json(&named("Eastshire Cottages"))).invalid(), refused);
    // Nothing here was read at a version.
    let new = named("Eastshire Cottages");
    assert_eq!(program.send_if("\"1\"", "POST", "/api/v1/agencies", &new).invalid(), refused);
    assert_eq!(
        answer(program.request("GET", &path).header("If-Match", "\"1\"")).invalid(),
        refused
    );
    assert_eq!(program.get(&path), read);
}

fn another_condition_is_another_change(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, ADMINISTRATOR);
    let path = almshouses(&program);
    let send = |tag: &str| {
        let request = program.request("PUT", &path).header("If-Match", tag);
        let request = request.header("Idempotency-Key", "rename");
        answer(request.json(&named("Eastshire Cottages")))
    };
    let first = send("\"1\"");
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(send("\"1\""), first, "the same request is done once");
    assert_eq!(send("\"2\"").well()["version"], 3);
}
