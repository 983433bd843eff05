//! A coordinator's month through the interface: from the rule of the meetings to the closed case.

use crate::referrals::form;
use panel_tests::on_both;
use panel_tests::program::{Answer, Program};
use panel_tests::site::Pages;
use panel_tests::world::{ADMINISTRATOR, CHAIR, COORDINATOR, POLICE, World};
use serde_json::{Value, json};

const TRACKER: &[u8] = include_bytes!("../../data/tracker.xlsx");

on_both!(
    a_panel_is_set_up,
    meetings_are_laid_out_moved_and_called_off,
    a_referral_becomes_a_case_and_is_closed,
    an_agenda_is_proposed_arranged_and_issued,
    a_tracker_is_imported,
);

/// The text at a place in an answer.
#[track_caller]
fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} of {value}")).to_owned()
}

#[track_caller]
fn version(value: &Value, pointer: &str) -> i64 {
    let found = value.pointer(pointer).and_then(Value::as_i64);
    found.unwrap_or_else(|| panic!("no version at {pointer} of {value}"))
}

/// Thursdays, every four weeks.
fn series() -> Value {
    json!({
        "schedule": {
            "rule": {"unit": "weeks", "every": 4, "on": ["Thu"]},
            "from": "2026-04-16", "end": {"count": 6}, "at": "10:00:00",
            "holiday_policy": "later",
        },
        "minutes": 180, "venue": "Council chamber",
    })
}

/// Lays the meetings out, far enough ahead for a referral of today; the first.
#[track_caller]
fn first_meeting(coordinator: &Program, world: &World) -> String {
    let panel = world.town().panel;
    let mut series = series();
    series["schedule"]["from"] = "2026-05-14".into();
    coordinator.post(&format!("/api/v1/panels/{panel}/series"), &series).well();
    let ahead = coordinator.get(&format!("/api/v1/panels/{panel}/meetings")).well();
    text(&ahead, "/rows/0/id")
}

/// Refers Callum Ashdown and has the chair accept him; the referral and the case.
#[track_caller]
pub(super) fn accepted(pages: &Pages, world: &World) -> (String, String) {
    let police = Program::of(pages, world, POLICE);
    let sent: Answer = police.post("/api/v1/referrals", &form(world, &json!({})));
    assert_eq!(sent.status, 201, "{}", sent.body);
    let referral = text(&sent.body, "/id");
    let chair = Program::of(pages, world, CHAIR);
    let path = format!("/api/v1/referrals/{referral}");
    let version = version(&chair.get(&path).well(), "/row/version");
    let outcome = json!({"version": version, "outcome": "accepted"});
    let triaged = chair.post(&format!("{path}/decide"), &outcome).well();
    (referral, text(&triaged, "/case"))
}

fn a_panel_is_set_up(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let admin = Program::of(&pages, world, ADMINISTRATOR);
    let agency = admin
        .post("/api/v1/agencies", &json!({"name": "Fenbridge Health", "kind": "primary_care"}));
    let agency = text(&agency.well(), "/id");
    let invited = admin.post(
        "/api/v1/users",
        &json!({"name": "Nia Rees", "email": "nia@health.example", "agency": agency}),
    );
    let path = invited.location.clone();
    assert!(text(&invited.well(), "/link").starts_with("http"));
    let seat = json!({"panel": town.panel, "role": "representative", "from": "2026-04-01"});
    let seat = text(&admin.post(&format!("{path}/seats"), &seat).well(), "/id");
    assert_eq!(text(&admin.get(&path).well(), "/seats/0/0/id"), seat);
    let end = admin.post(&format!("{path}/seats/{seat}/end"), &json!({"last_day": "2026-04-30"}));
    assert_eq!((end.status, end.body), (204, Value::Null));

    let coordinator = Program::of(&pages, world, COORDINATOR);
    let panel = format!("/api/v1/panels/{}", town.panel);
    let members = json!({"agencies": [{"agency": town.police, "core": true}, {"agency": agency}]});
    let shown = coordinator.put(&format!("{panel}/agencies"), &members).well();
    assert_eq!(shown["agencies"].as_array().unwrap().len(), 2);
    let mut policy = shown["panel"]["value"]["policy"].clone();
    assert_eq!(policy["delegate_triage"], false);
    policy["delegate_triage"] = true.into();
    policy["version"] = shown["panel"]["version"].clone();
    let changed = coordinator.put(&format!("{panel}/policy"), &policy).well();
    assert_eq!(changed["panel"]["value"]["policy"]["delegate_triage"], true);
    let stale = coordinator.put(&format!("{panel}/policy"), &policy).problem(409, "stale");
    assert_eq!(stale["current"], changed);
}

fn meetings_are_laid_out_moved_and_called_off(world: &World) {
    let town = world.town();
    let pages = Pages::of(world);
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let all = format!("/api/v1/panels/{}/series", town.panel);
    let planned = json!({"series": series(), "months": 12});
    let preview = coordinator.post(&format!("{all}/preview"), &planned).well();
    assert_eq!(preview["schedule"]["dates"].as_array().unwrap().len(), 6);
    assert_eq!(coordinator.get(&all).well()["rows"], json!([]), "a preview saves nothing");

    let made = coordinator.post(&all, &series());
    let one = coordinator.get(&made.location).well();
    assert_eq!(one["venue"], "Council chamber");
    let later = json!({"change": "time", "at": "14:00:00"});
    let preview = coordinator.post(&format!("{}/preview", made.location), &later).well();
    assert_eq!(preview["moved"].as_array().unwrap().len(), 6);
    let change = json!({"version": one["version"], "change": later});
    coordinator.put(&made.location, &change).well();
    let stale = coordinator.put(&made.location, &change).problem(409, "stale");
    assert_eq!(stale["current"]["at"], "14:00:00");

    let ahead = coordinator.get(&format!("/api/v1/panels/{}/meetings", town.panel)).well();
    let meeting = format!("/api/v1/meetings/{}", text(&ahead, "/rows/0/id"));
    let to = json!({"on": "2026-04-17", "at": "09:30:00"});
    let preview = coordinator.post(&format!("{meeting}/move/preview"), &to).well();
    assert!(!preview["deadlines"].as_array().unwrap().is_empty());
    let mut to = to;
    to["version"] = coordinator.get(&meeting).well()["meeting"]["version"].clone();
    let moved = coordinator.post(&format!("{meeting}/move"), &to).well();
    let off = json!({"version": moved["version"], "reason": "Flood"});
    let off = coordinator.post(&format!("{meeting}/cancel"), &off).well();
    assert_eq!(coordinator.get(&meeting).well()["meeting"]["state"], "cancelled");
    coordinator.post(&format!("{meeting}/restore"), &off).well();
    assert_eq!(coordinator.get(&meeting).well()["meeting"]["state"], "planned");
    let emergency = json!({"on": "2026-04-02", "at": "16:00:00", "venue": "By telephone"});
    let added = coordinator.post(&format!("/api/v1/panels/{}/meetings", town.panel), &emergency);
    assert_eq!(coordinator.get(&added.location).well()["meeting"]["venue"], "By telephone");
}

fn a_referral_becomes_a_case_and_is_closed(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let (referral, case) = accepted(&pages, world);
    let waiting = coordinator.get("/api/v1/referrals").well();
    assert_eq!((&waiting["rows"], &waiting["next"]), (&json!([]), &Value::Null));
    let decided = coordinator.get("/api/v1/referrals?show=decided").well();
    assert_eq!(text(&decided, "/rows/0/id"), referral);
    let found = coordinator.post("/api/v1/search", &json!({"query": "ashd"})).well();
    assert_eq!(text(&found, "/cases/0/id"), case);
    let path = format!("/api/v1/cases/{case}");
    let shown = coordinator.get(&path).well();
    let person = text(&shown, "/person/id");
    assert_eq!(text(&shown, "/person/surname"), "Ashdown");
    let correction = json!({
        "version": shown["person"]["version"], "surname": "Ashdowne", "forename": "Callum",
    });
    let corrected = coordinator.put(&format!("/api/v1/people/{person}"), &correction).well();
    assert_eq!(corrected["surname"], "Ashdowne");

    let closure = json!({
        "version": version(&coordinator.get(&path).well(), "/row/version"),
        "reason": "risk_reduced", "note": "No incident for a year.",
    });
    let proposed = coordinator.post(&format!("{path}/propose-closure"), &closure).well();
    let mut closure = closure;
    closure["version"] = proposed["version"].clone();
    coordinator.post(&format!("{path}/close"), &closure).problem(422, "not_allowed");
    let chair = Program::of(&pages, world, CHAIR);
    let closed = chair.post(&format!("{path}/close"), &closure).well();
    assert_eq!(text(&chair.get(&path).well(), "/row/state"), "closed");
    let again = json!({"version": closed["version"], "reason": "A new incident"});
    chair.post(&format!("{path}/reopen"), &again).well();
    let stale = chair.post(&format!("{path}/reopen"), &again).problem(409, "stale");
    assert_eq!(text(&stale["current"], "/row/state"), "open");
    let log = coordinator.get(&format!("/api/v1/audit?purpose=lawfulness&case={case}")).well();
    let deeds = log["rows"].as_array().unwrap().iter().map(|row| text(row, "/deed"));
    assert!(deeds.collect::<Vec<_>>().contains(&"case.reopen".to_owned()));
}

fn an_agenda_is_proposed_arranged_and_issued(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let first = first_meeting(&coordinator, world);
    let (_, case) = accepted(&pages, world);
    let agenda = format!("/api/v1/meetings/{first}/agenda");
    let proposal = coordinator.get(&format!("{agenda}/proposal")).well();
    let confirm = json!({"version": proposal["version"], "digest": proposal["digest"]});
    let saved = coordinator.post(&format!("{agenda}/proposal"), &confirm).well();
    coordinator.post(&format!("{agenda}/proposal"), &confirm).problem(409, "stale");
    let title = json!({
        "version": saved["version"], "section": "other", "title": "Training in May",
    });
    let saved = coordinator.post(&format!("{agenda}/titles"), &title).well();
    let draft = coordinator.get(&format!("{agenda}/draft")).well();
    assert!(draft.to_string().contains(&case) && draft.to_string().contains("Training in May"));
    assert_eq!(draft["version"], saved["version"]);
    let issue = json!({"version": saved["version"]});
    let issued = coordinator.post_as("issue", &format!("{agenda}/issue"), &issue);
    assert_eq!(coordinator.post_as("issue", &format!("{agenda}/issue"), &issue), issued);
    let issued = issued.well();
    assert_eq!(issued["number"], 1);
    assert!(issued["asked"].as_u64().unwrap() > 0);
    assert!(coordinator.get(&agenda).well().to_string().contains("Training in May"));

    let board = coordinator.get(&format!("/api/v1/meetings/{first}/requests")).well();
    assert_eq!(board["owed"], issued["asked"]);
    let chased = coordinator.post(&format!("/api/v1/meetings/{first}/requests/chase"), &json!({}));
    assert!(chased.well()["people"].as_u64().unwrap() > 0);
    let police = Program::of(&pages, world, POLICE);
    police.get(&format!("{agenda}/draft")).problem(404, "not_found");
    assert!(police.get(&agenda).well()["issue"].is_object());
}

fn a_tracker_is_imported(world: &World) {
    let town = world.town();
    world.set("2026-11-20 09:00");
    let pages = Pages::of(world);
    let coordinator = Program::of(&pages, world, COORDINATOR);
    let uploads = format!("/api/v1/panels/{}/imports", town.panel);
    let upload = |name: &str, bytes: &[u8]| {
        let path = format!("{uploads}?file_name={name}");
        coordinator.send(&path, "application/octet-stream", bytes)
    };
    let refused = upload("tracker.xlsx", b"PK\x03\x04 torn").problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "file");
    let made = upload("tracker.xlsx", TRACKER);
    assert_eq!(made.status, 201);
    let shown = coordinator.get(&made.location).well();
    assert_eq!(text(&shown, "/reading/is"), "preview");
    assert!(shown["import"].get("mapping").is_none());
    let confirm = json!({"version": shown["import"]["version"]});
    coordinator.post(&format!("{}/confirm", made.location), &confirm).problem(422, "bad_rows");
    let confirm = json!({"version": shown["import"]["version"], "without_bad": true});
    let summary = coordinator.post(&format!("{}/confirm", made.location), &confirm).well();
    assert!(summary["referrals"].as_u64().unwrap() > 10);
    let listed = coordinator.get(&uploads).well();
    assert_eq!(text(&listed, "/rows/0/state"), "confirmed");

    let mut actions = 0;
    let mut after = None::<String>;
    loop {
        let mark = after.map(|mark| format!("&after={mark}")).unwrap_or_default();
        let page = coordinator.get(&format!("/api/v1/actions?panel={}{mark}", town.panel)).well();
        actions += page["rows"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(summary["actions"].as_u64(), u64::try_from(actions).ok());
}
