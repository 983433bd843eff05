//! A meeting through the interface: begun, attended, written down, ended, its minutes checked, signed
//! by the chair and corrected, and every paper of it.

use super::coordinator::accepted;
use crate::agenda::{build, issue};
use crate::series::{ahead, begin, times, weeks};
use chrono::Weekday;
use panel_core::id::MeetingId;
use panel_tests::on_both;
use panel_tests::program::{Answer, Program};
use panel_tests::site::Pages;
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World};
use serde_json::{Value, json};

on_both!(
    a_meeting_is_held_and_its_minutes_are_signed_and_corrected,
    papers_are_for_those_who_may_read_them,
);

/// A meeting on Thursday 14 May 2026 at its hour, with Callum Ashdown on its agenda.
#[track_caller]
fn at_the_meeting(pages: &Pages, world: &World) -> MeetingId {
    begin(world, weeks(4, &[Weekday::Thu]), "2026-05-14", times(3));
    let meeting = ahead(world)[0].clone();
    accepted(pages, world);
    build(world, meeting.id);
    issue(world, meeting.id);
    world.app.clock.set(meeting.starts_at);
    meeting.id
}

/// Sends a change of what is read here, on condition that nobody else was first.
#[track_caller]
fn change(program: &Program, read: &str, method: &str, path: &str, body: &Value) -> Value {
    let tag = program.get(read).tag;
    assert!(!tag.is_empty(), "{read}");
    program.send_if(&tag, method, path, body).well()
}

/// Takes the roll: everybody who is expected is there, and a guest.
#[track_caller]
fn attend(coordinator: &Program, live: &str) {
    let room = coordinator.get(live).well();
    let expected = room["expected"].as_array().unwrap();
    let there =
        |one: &Value| json!({"expected": [one["user"], one["agency"]], "status": "present"});
    let lines: Vec<Value> = expected.iter().map(there).collect();
    let taken = coordinator.put(&format!("{live}/roll"), &json!({"lines": lines})).well();
    assert_eq!(taken["changed"], expected.len());
    let guest = json!({"name": "Ines Duarte", "status": "present_remote"});
    let guest = coordinator.post(&format!("{live}/people"), &guest);
    assert_eq!(guest.status, 201, "{}", guest.body);
    let room = coordinator.get(live).well();
    let lines = room["attendance"].as_array().unwrap();
    assert_eq!(lines.len(), expected.len() + 1);
    assert!(lines.iter().all(|line| line["statement"] == false));
    let accepted = coordinator.post(&format!("{live}/statement"), &json!({})).well();
    assert_eq!(accepted["changed"], lines.len());
}

/// Writes down what was said and decided about the case, and sets an action; the item's path.
#[track_caller]
fn hear(coordinator: &Program, world: &World, live: &str) -> String {
    let room = coordinator.get(live).well();
    assert_eq!(room["undecided"], 1);
    let steps = room["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["person"] != "").unwrap();
    let id = step["item"].as_str().unwrap();
    let item = format!("/api/v1/items/{id}");
    let note = json!({"field": "discussion", "text": "Each agency shared what it knows."});
    let typed = change(coordinator, &item, "PUT", &format!("{item}/note"), &note);
    let town = world.town();
    let action = json!({
        "panel": town.panel, "item": id, "agency": town.housing, "text": "Fit new locks",
        "due": "next panel",
    });
    assert_eq!(coordinator.post("/api/v1/actions", &action).status, 201);
    let heard = json!({
        "version": typed["version"], "discussion": "Each agency shared what it knows.",
        "decision": "retain",
    });
    coordinator.put(&item, &heard).well();
    let stale = coordinator.put(&item, &heard).problem(409, "stale");
    assert_eq!(stale["current"]["notes"]["decision"], "retain");
    assert_eq!(stale["current"]["set_here"][0]["text"], "Fit new locks");
    item
}

#[track_caller]
fn approve(program: &Program, minutes: &str, digest: &Value, reason: &str) -> Answer {
    program.post(&format!("{minutes}/approve"), &json!({"digest": digest, "reason": reason}))
}

/// Gives the action the owner that the checks miss, before which nothing is signed.
#[track_caller]
fn own(coordinator: &Program, chair: &Program, world: &World, minutes: &str) {
    let draft = chair.get(minutes).well()["draft"].clone();
    let found = &draft["findings"][0];
    assert_eq!(
        (&found["check"], &found["blocking"]),
        (&json!("action_without_owner"), &json!(true))
    );
    approve(chair, minutes, &draft["digest"], "").problem(422, "checks");
    let action = format!("/api/v1/actions/{}", found["place"]["action"].as_str().unwrap());
    let owner = json!({"agency": world.town().housing, "person": world.by(HOUSING).user()});
    change(coordinator, &action, "PUT", &format!("{action}/owner"), &owner);
}

/// The chair's draft, which nothing stands in the way of.
#[track_caller]
fn draft(chair: &Program, minutes: &str) -> Value {
    let draft = chair.get(minutes).well()["draft"].clone();
    assert_eq!((&draft["findings"], &draft["may_approve"]), (&json!([]), &json!(true)));
    draft
}

fn a_meeting_is_held_and_its_minutes_are_signed_and_corrected(world: &World) {
    let pages = Pages::of(world);
    let meeting = format!("/api/v1/meetings/{}", at_the_meeting(&pages, world));
    let [coordinator, chair, police] =
        [COORDINATOR, CHAIR, POLICE].map(|email| Program::of(&pages, world, email));
    let (live, minutes) = (format!("{meeting}/live"), format!("{meeting}/minutes"));

    change(&coordinator, &meeting, "POST", &format!("{meeting}/start"), &json!({}));
    let early = coordinator.get(&minutes).well();
    let checks: Vec<&Value> =
        early["draft"]["findings"].as_array().unwrap().iter().map(|one| &one["check"]).collect();
    assert_eq!(checks, ["nobody_present", "undecided"]);
    attend(&coordinator, &live);
    let version = coordinator.get(&meeting).well()["meeting"]["version"].clone();
    let end = json!({"version": version});
    coordinator.post(&format!("{meeting}/end"), &end).problem(422, "undecided");
    let item = hear(&coordinator, world, &live);
    assert_eq!(coordinator.get(&live).well()["undecided"], 0);
    let ended = change(&coordinator, &meeting, "POST", &format!("{meeting}/end"), &json!({}));
    assert_eq!(ended["number"], json!({"year": 2026, "number": 1}));

    police.get(&minutes).well();
    assert_eq!(police.get(&minutes).body["record"], Value::Null, "nothing is signed");
    own(&coordinator, &chair, world, &minutes);
    let first = draft(&chair, &minutes);
    approve(&coordinator, &minutes, &first["digest"], "").problem(422, "not_allowed");
    let remark = json!({"field": "risks", "text": "He has a key."});
    change(&coordinator, &item, "PUT", &format!("{item}/note"), &remark);
    approve(&chair, &minutes, &first["digest"], "").problem(409, "stale");
    let read = draft(&chair, &minutes);
    let signed = approve(&chair, &minutes, &read["digest"], "");
    assert_eq!((signed.status, &signed.body["version"]), (201, &json!(1)));
    assert!(signed.body["told"].as_u64().unwrap() > 0);
    let signed = police.get(&signed.location).well();
    assert_eq!(signed["shown"]["number"], 1);

    let paper = |version: u8| {
        let path = format!("{minutes}/document?format=text&version={version}");
        police.get(&path).well().as_str().unwrap().to_owned()
    };
    let before = paper(1);
    assert!(before.contains("He has a key.") && before.contains("Fit new locks"), "{before}");
    let tag = coordinator.get(&item).tag;
    let late = coordinator.send_if(&tag, "PUT", &format!("{item}/note"), &remark);
    late.problem(422, "minutes_signed");
    let why = json!({"reason": "A name was wrong"});
    chair.post(&format!("{minutes}/open-again"), &why).well();
    let mended = json!({"field": "risks", "text": "Mr Ashdown has a key."});
    change(&coordinator, &item, "PUT", &format!("{item}/note"), &mended);
    let read = draft(&chair, &minutes);
    assert_eq!((&read["version"], &read["corrects"]), (&json!(2), &json!("A name was wrong")));
    assert_eq!(approve(&chair, &minutes, &read["digest"], "").invalid()[0].0, "#/reason");
    approve(&chair, &minutes, &read["digest"], "A name was wrong").well();
    assert_eq!(police.get(&minutes).well()["shown"]["number"], 2);
    assert!(paper(2).contains("Mr Ashdown has a key."));
    assert_eq!(paper(1), before, "what was signed stays");
}

fn papers_are_for_those_who_may_read_them(world: &World) {
    let pages = Pages::of(world);
    let meeting = format!("/api/v1/meetings/{}", at_the_meeting(&pages, world));
    let (police, outsider) =
        (Program::of(&pages, world, POLICE), Program::of(&pages, world, OUTSIDER));
    let html = police.get(&format!("{meeting}/agenda/document"));
    assert_eq!((html.status, html.kind.as_str()), (200, "text/html; charset=utf-8"));
    let html = html.body.as_str().unwrap().to_owned();
    assert!(html.contains("<article") && html.contains("ASHDOWN"), "{html}");
    let text = police.get(&format!("{meeting}/agenda/document?format=text"));
    assert_eq!((text.status, text.kind.as_str()), (200, "text/plain; charset=utf-8"));
    let text = text.body.as_str().unwrap().to_owned();
    assert!(text.starts_with("OFFICIAL-SENSITIVE\n"), "{text}");
    let copy = "Printed by Priya Nair at 10am on Thursday 14 May 2026";
    assert!(text.trim_end().ends_with(copy) && html.contains(copy), "{text}");
    let actions = police.get(&format!("{meeting}/actions/document?format=text")).well();
    assert!(actions.as_str().unwrap().contains("Thursday 14 May 2026"), "{actions}");

    let log =
        Program::of(&pages, world, COORDINATOR).get("/api/v1/audit?purpose=lawfulness").well();
    let deeds: Vec<&str> =
        log["rows"].as_array().unwrap().iter().filter_map(|row| row["deed"].as_str()).collect();
    assert_eq!(deeds.iter().filter(|deed| **deed == "agenda.print").count(), 2);
    assert_eq!(deeds.iter().filter(|deed| **deed == "actions.print").count(), 1);

    police.get(&format!("{meeting}/minutes/document")).problem(404, "not_found");
    for paper in ["agenda", "minutes", "actions"] {
        let path = format!("{meeting}/{paper}/document");
        outsider.get(&path).problem(404, "not_found");
        let odd = police.get(&format!("{path}?format=pdf")).invalid();
        assert_eq!(odd, [("#/format".to_owned(), "unknown".to_owned())], "{paper}");
    }
}
