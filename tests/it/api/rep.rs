//! A representative's week through the interface: what is asked, what is owed, and what was done.

use super::coordinator::accepted;
use crate::agenda::{build, issue};
use crate::series::{ahead, begin, times, weeks};
use chrono::Weekday;
use panel_tests::on_both;
use panel_tests::program::Program;
use panel_tests::site::Pages;
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, POLICE, PROBATION, World};
use serde_json::{Value, json};

on_both!(
    a_request_is_answered,
    an_action_is_owed_and_done,
    an_action_is_put_off_and_taken_over,
    many_actions_are_changed_at_once_and_sent_as_a_file,
);

fn a_request_is_answered(world: &World) {
    let pages = Pages::of(world);
    begin(world, weeks(4, &[Weekday::Thu]), "2026-05-14", times(3));
    let meeting = ahead(world)[0].id;
    let (_, case) = accepted(&pages, world);
    build(world, meeting);
    issue(world, meeting);
    let rep = Program::of(&pages, world, PROBATION);
    let asked = rep.get("/api/v1/my-requests").well();
    assert_eq!(asked["rows"].as_array().unwrap().len(), 1);
    let request = asked["rows"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/requests/{request}");
    let shown = rep.get(&path).well();
    let reply = |version: Value, facts: &str| json!({"version": version, "answers": shown["answers"], "kind": "information", "facts": facts});
    let saved = rep.put(&format!("{path}/draft"), &reply(Value::Null, "Attends weekly.")).well();
    let stale =
        rep.put(&format!("{path}/draft"), &reply(Value::Null, "Other")).problem(409, "stale");
    assert_eq!(stale["current"]["draft"]["answer"]["facts"], "Attends weekly.");
    let coordinator = Program::of(&pages, world, COORDINATOR);
    assert_eq!(coordinator.get(&path).well()["draft"], Value::Null, "a draft is the agency’s own");
    let send = reply(saved["version"].clone(), "Attends every week.");
    let released = rep.post_as("reply", &format!("{path}/release"), &send);
    assert_eq!(rep.post_as("reply", &format!("{path}/release"), &send), released);
    assert_eq!(released.well()["number"], 1);
    let replies = format!("/api/v1/meetings/{meeting}/cases/{case}/replies");
    assert!(coordinator.get(&replies).well().to_string().contains("Attends every week."));
    let housing = Program::of(&pages, world, HOUSING);
    housing.get(&path).problem(404, "not_found");
    housing.post(&format!("{path}/release"), &send).problem(404, "not_found");
    let board = coordinator.get(&format!("/api/v1/meetings/{meeting}/requests")).well();
    assert_eq!(board["owed"], 2);
}

/// An action of this agency about Callum Ashdown, as the coordinator sets it; its path.
#[track_caller]
fn set(pages: &Pages, world: &World, case: &str, agency: panel_core::id::AgencyId) -> String {
    let coordinator = Program::of(pages, world, COORDINATOR);
    let action = json!({
        "panel": world.town().panel, "case": case, "agency": agency,
        "text": "Visit Mr Ashdown", "due": "2026-04-20",
    });
    let set = coordinator.post("/api/v1/actions", &action);
    assert_eq!(set.status, 201, "{}", set.body);
    set.location
}

fn an_action_is_owed_and_done(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let (_, case) = accepted(&pages, world);
    let path = set(&pages, world, &case, town.probation);
    let rep = Program::of(&pages, world, PROBATION);
    let work = rep.get("/api/v1/my-work").well();
    assert!(work.to_string().contains("Visit Mr Ashdown"));
    let started = rep.post(&format!("{path}/start"), &json!({"version": 1})).well();
    let stale = rep.post(&format!("{path}/start"), &json!({"version": 1})).problem(409, "stale");
    assert_eq!(stale["current"]["row"]["status"], "in_progress");
    let note = json!({"note": "Nobody was in."});
    let noted = rep.post_as("note", &format!("{path}/notes"), &note);
    assert_eq!(rep.post_as("note", &format!("{path}/notes"), &note), noted);
    let noted = noted.well();
    assert!(noted["version"].as_i64() >= started["version"].as_i64());
    let future = json!({"version": noted["version"], "on": "2026-05-01", "outcome": "Done"});
    let refused = rep.post(&format!("{path}/complete"), &future);
    assert_eq!(refused.status, 422, "{}", refused.body);
    let done = json!({"version": noted["version"], "on": "2026-04-01", "outcome": "He was in."});
    rep.post(&format!("{path}/complete"), &done).well();
    assert_eq!(rep.get(&path).well()["row"]["status"], "completed");
    let history = rep.get(&format!("{path}/history")).well();
    let entries = history["entries"].as_array().unwrap().iter();
    assert_eq!(entries.filter(|entry| entry["note"] == "Nobody was in.").count(), 1);
    Program::of(&pages, world, HOUSING).get(&path).problem(404, "not_found");
    let period = format!("/api/v1/panels/{}/completion?from=2026-04-01&to=2026-04-30", town.panel);
    assert_eq!(rep.get(&period).status, 200);
}

fn an_action_is_put_off_and_taken_over(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let (_, case) = accepted(&pages, world);
    let path = set(&pages, world, &case, town.probation);
    let rep = Program::of(&pages, world, PROBATION);
    let more = json!({"version": 1, "due": "2026-05-20", "reason": "He is away."});
    let asked = rep.post(&format!("{path}/extension"), &more).well();
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let waiting = coordinator.get("/api/v1/waiting").well();
    assert_eq!(waiting["extensions"].as_array().unwrap().len(), 1);
    rep.post(&format!("{path}/extension/agree"), &asked).problem(404, "not_found");
    let asked = json!({"version": asked["version"]});
    let agreed = coordinator.post(&format!("{path}/extension/agree"), &asked).well();
    assert_eq!(rep.get(&path).well()["row"]["due"], "2026-05-20");
    let over = json!({"version": agreed["version"], "to": town.housing, "reason": "He moved."});
    let proposed = rep.post(&format!("{path}/transfer"), &over).well();
    let housing = Program::of(&pages, world, HOUSING);
    assert_eq!(housing.get("/api/v1/my-work").well()["to_answer"].as_array().unwrap().len(), 1);
    let accept = json!({"version": proposed["version"]});
    housing.post(&format!("{path}/transfer/accept"), &accept).well();
    assert_eq!(housing.get(&path).well()["row"]["agency"], json!(town.housing));
}

fn many_actions_are_changed_at_once_and_sent_as_a_file(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let (_, case) = accepted(&pages, world);
    let paths = [set(&pages, world, &case, town.police), set(&pages, world, &case, town.police)];
    let ids: Vec<&str> = paths.iter().map(|path| path.rsplit('/').next().unwrap()).collect();
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let rows: Vec<Value> = ids.iter().map(|id| json!({"action": id, "version": 1})).collect();
    let mut wrong = rows.clone();
    wrong[1]["version"] = 7.into();
    let redate = |rows: &[Value]| json!({"actions": rows, "change": {"change": "redate", "due": "2026-06-01"}});
    let refused = coordinator.post("/api/v1/actions/bulk", &redate(&wrong)).invalid();
    assert_eq!(refused, [("#/actions/1".to_owned(), "stale".to_owned())]);
    let saved = coordinator.post("/api/v1/actions/bulk", &redate(&rows)).well();
    assert_eq!(saved["rows"].as_array().unwrap().len(), 2);
    let words = json!({"filters": {"search": "visit ashdown", "status": "unfinished"}});
    let found = coordinator.post("/api/v1/actions/search", &words);
    assert_eq!(found.well()["rows"].as_array().unwrap().len(), 2);
    let file = coordinator.post("/api/v1/actions/export", &json!({"format": "csv"}));
    assert_eq!((file.status, file.kind.as_str()), (200, "text/csv; charset=utf-8"));
    let Value::String(csv) = &file.body else { panic!("{}", file.body) };
    assert!(csv.contains("Visit Mr Ashdown"));
    let path = "/api/v1/actions/sheet?file_name=actions.csv";
    let preview = coordinator.send(path, "application/octet-stream", csv.clone()).well();
    assert_eq!((&preview["unchanged"], &preview["bad"]), (&json!(2), &json!([])));
    let police = Program::of(&pages, world, POLICE);
    assert_eq!(
        police.get("/api/v1/actions").well()["total"],
        coordinator.get("/api/v1/actions").well()["total"]
    );
    let slip = json!({"version": 2, "reason": "Set twice"});
    Program::of(&pages, world, CHAIR).post(&format!("{}/delete", paths[1]), &slip).well();
}
