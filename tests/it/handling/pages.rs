//! Markings and sealed notes on pages, without script, and for programs.

use super::{INFORMANT, SECRET, readers_of_reply, replied};
use crate::information::{asked, request};
use chrono::Duration;
use panel_app::information::ReplyForm;
use panel_core::handling::Code;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::program::Program;
use panel_tests::site::{PASSWORD, Pages, leads_to};
use panel_tests::world::{CHAIR, HOUSING, POLICE, POLICE_SPOC, World};
use serde_json::json;

on_both!(
    a_representative_writes_and_reads_notes_on_pages,
    two_people_lower_a_reply_on_pages,
    a_program_writes_and_reads_notes,
);

fn a_representative_writes_and_reads_notes_on_pages(world: &World) {
    let (_, case) = asked(world);
    let pages = Pages::of(world);
    let (priya, hana) = (pages.signed_in(world, POLICE), pages.signed_in(world, HOUSING));
    let at = format!("/cases/{case}/notes");
    assert!(priya.read(&format!("/cases/{case}")).contains(&at));
    assert!(priya.read(&at).contains("There is no sealed note here that you can read."));
    let add = format!("{at}/add");
    says(priya.fill(&add, &[("code", "police")]), 422, &["There is a problem"]);
    let fields = [
        ("kind", "intelligence"),
        ("text", SECRET),
        ("source", INFORMANT),
        ("code", "police"),
        ("overlays", "not_to_victim"),
    ];
    assert_eq!(leads_to(&priya.fill(&add, &fields)), at);
    let list = priya.read(&at);
    for words in ["Police", "Not to be told to the victim", "Not to be printed", "Read it"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    assert!(!list.contains("bakery") && !list.contains("Petrovics"));
    let (_, rest) = list.split_once("action=\"/notes/").unwrap();
    let (id, _) = rest.split_once('/').unwrap();
    let read = format!("/notes/{id}/read");
    let csrf = mark(&list, "csrf");
    let page = says(priya.send(&read, &[("csrf", &csrf)]), 200, &[SECRET]);
    assert!(page.contains("no-print"), "{page}");
    // For somebody else there is none, under any address.
    let none = hana.read(&at);
    assert!(none.contains("There is no sealed note here that you can read."), "{none}");
    let csrf = mark(&hana.read(&format!("{at}/add")), "csrf");
    for path in [read, format!("/notes/{id}/source"), format!("/notes/{id}/erase")] {
        assert_eq!(hana.send(&path, &[("csrf", &csrf)]).status().as_u16(), 404, "{path}");
    }
    assert_eq!(hana.open(&format!("/notes/{id}/handling")).status().as_u16(), 404);
    // Who told is asked for again by whoever was signed in for long.
    world.pass(Duration::minutes(10));
    let csrf = mark(&priya.read(&at), "csrf");
    let asked = leads_to(&priya.send(&format!("/notes/{id}/source"), &[("csrf", &csrf)]));
    assert!(asked.starts_with("/confirm"), "{asked}");
    priya.fill(&asked, &[("proof", PASSWORD)]);
    let csrf = mark(&priya.read(&at), "csrf");
    says(priya.send(&format!("/notes/{id}/source"), &[("csrf", &csrf)]), 200, &["Petrovics"]);
}

fn two_people_lower_a_reply_on_pages(world: &World) {
    let (meeting, case) =
        replied(world, POLICE, |form| ReplyForm { marking: Some(Code::Police.into()), ..form });
    assert_eq!(readers_of_reply(world, meeting, case), [CHAIR, POLICE]);
    let pages = Pages::of(world);
    let (priya, sam) = (pages.signed_in(world, POLICE), pages.signed_in(world, POLICE_SPOC));
    let request = request(world, meeting, world.town().police);
    let page = priya.read(&format!("/requests/{request}"));
    let (before, _) = page.split_once("/handling\"").unwrap();
    let (_, record) = before.rsplit_once("href=\"").unwrap();
    let at = format!("{record}/handling");
    let seen = mark(&priya.read(&at), "seen");
    let fields = [("seen", seen.as_str()), ("code", "panel")];
    says(priya.fill(&at, &fields), 422, &["Enter the reason"]);
    let fields = [fields[0], fields[1], ("reason", "Nothing of it is secret now.")];
    assert_eq!(leads_to(&priya.fill(&at, &fields)), format!("{at}?done=proposed"));
    let waits = sam.read("/handling");
    assert!(waits.contains("For you to decide") && waits.contains(&at), "{waits}");
    let page = sam.read(&at);
    assert!(page.contains("Nothing of it is secret now."), "{page}");
    let (before, _) = page.split_once("/agree\"").unwrap();
    let (_, change) = before.rsplit_once("action=\"").unwrap();
    let csrf = mark(&page, "csrf");
    let agreed = sam.send(&format!("{change}/agree"), &[("csrf", &csrf)]);
    assert_eq!(leads_to(&agreed), format!("{at}?done=agreed"));
    assert_eq!(readers_of_reply(world, meeting, case).len(), 5);
    assert!(sam.read("/handling").contains("Nothing waits for a second person."));
}

fn a_program_writes_and_reads_notes(world: &World) {
    let (_, case) = asked(world);
    let pages = Pages::of(world);
    let (priya, hana) = (Program::of(&pages, world, POLICE), Program::of(&pages, world, HOUSING));
    let at = format!("/api/v1/cases/{case}/notes");
    let body = json!({"kind": "intelligence", "text": SECRET});
    let made = priya.post(&at, &body).well();
    let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let listed = priya.get(&at).well();
    assert_eq!(listed["notes"][0]["marking"], json!({"code": "police"}));
    let read = format!("/api/v1/notes/{id}/read");
    assert_eq!(priya.post(&read, &json!({})).well()["text"], SECRET);
    assert_eq!(hana.get(&at).well()["notes"], json!([]));
    hana.post(&read, &json!({})).problem(404, "not_found");
    let handling = format!("/api/v1/notes/{id}/handling");
    hana.get(&handling).problem(404, "not_found");
    let seen = priya.get(&handling).well()["seen"].clone();
    let lower = json!({"marking": {"code": "panel"}, "seen": seen, "reason": "It is over."});
    assert_eq!(priya.post(&handling, &lower).well()["outcome"], "proposed");
    let wrong = json!({"marking": {"code": "secret"}, "seen": "", "reason": ""});
    priya.post(&handling, &wrong).problem(422, "invalid");
}
