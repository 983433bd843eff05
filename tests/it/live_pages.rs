//! The pages of the live meeting and of its minutes, without script.

use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::live::{as_it_stands, everybody_present, in_progress, item, item_of};
use crate::series::show;
use chrono::Duration;
use panel_app::live::{self, RecordForm};
use panel_core::agenda::{Decision, ItemState};
use panel_core::id::{AgendaItemId, MeetingId};
use panel_tests::on_both;
use panel_tests::page::{form_to, mark, says};
use panel_tests::site::{PASSWORD, Pages, Visitor, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World};

fn live(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/live")
}

fn page_of(meeting: MeetingId, item: AgendaItemId) -> String {
    format!("/meetings/{meeting}/live/{item}")
}

const NOTES: [(&str, &str); 9] = [
    ("discussion", "Three calls since February."),
    ("risks", "Escalating"),
    ("victim_voice", "Wants no contact"),
    ("voice_by", "Iris O'Neill"),
    ("protective", ""),
    ("approaches", "disruption"),
    ("decision", "retain"),
    ("decision_note", "Weekly checks"),
    ("next_review_on", "11/6/2026"),
];

/// The same fields with some of them changed.
fn but<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = NOTES.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    kept.chain(changes).copied().collect()
}

on_both!(
    a_meeting_is_held_and_its_minutes_are_approved_page_by_page,
    f25_two_tabs_of_one_case_show_both_texts,
    typed_notes_survive_a_reload_a_lost_line_and_a_sign_out,
    f20_a_decision_posted_outside_of_the_meeting_is_refused,
    what_is_typed_wrongly_stands_on_the_page_again,
    an_item_is_put_off_put_back_and_taken_off,
    a_person_is_added_changed_and_removed,
    f25_two_tabs_of_one_person_show_both_texts,
    minutes_are_corrected_with_a_reason,
    f17_the_checks_lead_to_where_they_are_mended,
    those_who_do_not_run_the_panel_find_no_live_meeting,
);

fn a_meeting_is_held_and_its_minutes_are_approved_page_by_page(world: &World) {
    let meeting = meetings_of(world, 3)[0].id;
    accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meeting);
    issue(world, meeting);
    world.app.clock.set(show(world, meeting).starts_at);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/meetings/{meeting}");
    let started = carol.press_on(&at, &format!("{at}/start"), &[]);
    assert_eq!(leads_to(&started), format!("{at}/live?done=started"));
    let room = carol.read(&live(meeting));
    for words in ["Order of business", "Confidentiality statement", "C-STONE STONE Jo", "Hana Sato"]
    {
        assert!(room.contains(words), "{words}\n{room}");
    }
    let (town, hana) = (world.town(), world.by(HOUSING).user());
    let seat = format!("status.seat.{hana}.{}", town.housing);
    let statement = format!("statement.seat.{hana}.{}", town.housing);
    let roll = [(seat.as_str(), "present"), (statement.as_str(), "yes")];
    let saved = carol.fill(&live(meeting), &roll);
    assert_eq!(leads_to(&saved), format!("{}?done=roll", live(meeting)));
    assert!(carol.read(&live(meeting)).contains("/live/people/"), "she has a line of her own now");

    let stone = page_of(meeting, item_of(world, meeting, "C-STONE"));
    let page = carol.read(&stone);
    for words in
        ["Last decisions", "Open actions", "Replies", "Hana Sato, Eastshire Homes", "Previous"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
    let action = [
        ("text", "Fit new locks"),
        ("agency", &town.housing.to_string()),
        ("person", &hana.to_string()),
        ("due", "next panel"),
        ("approach", "prevention"),
    ];
    let added = carol.press_on(&stone, &format!("{stone}/actions"), &action);
    assert_eq!(leads_to(&added), format!("{stone}?done=action#add"));
    let page = carol.read(&stone);
    assert!(
        page.contains("Eastshire Homes, Hana Sato, due Thursday 14 May 2026 (next panel)"),
        "{page}"
    );
    let next = carol.fill(&stone, &but(&[("do", "next")]));
    let other = page_of(meeting, item_of(world, meeting, "Any other business"));
    assert_eq!(leads_to(&next), format!("{other}?done=saved"));
    assert!(carol.read(&stone).contains("Three calls since February."));
    assert!(carol.read(&live(meeting)).contains("Keep under panel management"));
    let ended = carol.press_on(&live(meeting), &format!("{at}/end"), &[]);
    assert_eq!(leads_to(&ended), at);
    approve_the_minutes(world, &pages, (&carol, meeting));
    let colin = pages.signed_in(world, CHAIR);
    assert!(colin.read(&stone).contains("Nothing can be written here now"));
}

/// The coordinator reads the draft, the chair approves it, a representative reads and prints it.
#[track_caller]
fn approve_the_minutes(world: &World, pages: &Pages, (carol, meeting): (&Visitor, MeetingId)) {
    let at = format!("/meetings/{meeting}");
    let minutes = format!("{at}/minutes");
    let draft = carol.read(&minutes);
    assert!(draft.contains("Draft") && draft.contains("Weekly checks"), "{draft}");
    assert!(!draft.contains("/minutes/approve"), "the chair approves");
    let priya = pages.signed_in(world, POLICE);
    assert!(priya.read(&minutes).contains("There are no minutes to read yet"));
    let colin = pages.signed_in(world, CHAIR);
    let approve = format!("{minutes}/approve");
    let approved = colin.fill(&approve, &[]);
    assert_eq!(leads_to(&approved), format!("{minutes}?done=approved"));
    let read = priya.read(&minutes);
    for words in ["Approved", "Three calls since February.", "Fit new locks", "1 of 2026"] {
        assert!(read.contains(words), "{words}\n{read}");
    }
    assert!(priya.read(&format!("{minutes}/print")).contains("Printed by Priya Nair"));
    assert!(priya.read(&format!("{at}/actions/print")).contains("Fit new locks"));
}

fn f25_two_tabs_of_one_case_show_both_texts(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let stone = page_of(meetings[0], id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&stone);
    let form = form_to(&page, &stone);
    let (csrf, version) = (mark(form, "csrf"), mark(form, "version"));
    let tab = |risks| {
        let marks = [("csrf", csrf.as_str()), ("version", version.as_str()), ("risks", risks)];
        carol.send(&stone, &but(&marks))
    };
    assert_eq!(leads_to(&tab("Weapons")), format!("{stone}?done=saved"));
    let both = says(tab("A new partner"), 409, &["Weapons", "A new partner"]);
    assert_eq!(item(world, id).notes.risks, "Weapons");
    let again = mark(form_to(&both, &stone), "version");
    let marks = [("csrf", csrf.as_str()), ("version", again.as_str()), ("risks", "Both of them")];
    assert_eq!(leads_to(&carol.send(&stone, &but(&marks))), format!("{stone}?done=saved"));
    assert_eq!(item(world, id).notes.risks, "Both of them");
}

fn typed_notes_survive_a_reload_a_lost_line_and_a_sign_out(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let stone = page_of(meetings[0], id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&stone);
    assert!(page.contains(&format!("data-autosave=\"{stone}/note\"")));
    let form = form_to(&page, &stone);
    let (csrf, once) = (mark(form, "csrf"), mark(form, "operation"));
    let keep = |version: &str, text: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", version), ("discussion", text)];
        carol.send(&format!("{stone}/note"), &fields)
    };
    let keep_once = |text: &str| {
        let marks = [("csrf", csrf.as_str()), ("version", "1"), ("operation", once.as_str())];
        let fields = [marks[0], marks[1], marks[2], ("discussion", text)];
        carol.send(&format!("{stone}/note"), &fields)
    };
    let told: serde_json::Value = keep_once("Half a sent").json().unwrap();
    assert_eq!(told, serde_json::json!({ "version": 2, "saved": "10am" }));
    assert!(carol.read(&stone).contains("Half a sent"), "a reload shows it");
    // The line was lost after the text was saved: it is sent once more under the same number.
    let again: serde_json::Value = keep_once("Half a sent").json().unwrap();
    assert_eq!(again["version"], 2, "what was saved is no other text");
    assert_eq!(keep("1", "Another text").status().as_u16(), 409);
    assert_eq!(keep("2", &"x".repeat(20_001)).status().as_u16(), 422);

    world.pass(Duration::hours(13));
    let late = but(&[("csrf", &csrf), ("version", "2"), ("discussion", "A whole sentence.")]);
    let out = leads_to(&carol.send(&stone, &late));
    assert!(out.starts_with("/sign-in"), "{out}");
    assert_eq!(item(world, id).notes.discussion, "Half a sent");
    let fields = [("email", COORDINATOR), ("password", PASSWORD)];
    assert_eq!(carol.send("/sign-in", &fields).status().as_u16(), 303);
    let page = carol.read(&stone);
    assert!(page.contains("A whole sentence.") && page.contains("was kept"), "{page}");
    let saved = carol.fill(&stone, &but(&[("discussion", "A whole sentence.")]));
    assert_eq!(leads_to(&saved), format!("{stone}?done=saved"));
    assert!(!carol.read(&stone).contains("was kept"), "saved, it is forgotten");
    assert_eq!(item(world, id).notes.discussion, "A whole sentence.");
}

fn f20_a_decision_posted_outside_of_the_meeting_is_refused(world: &World) {
    let meeting = meetings_of(world, 3)[0].id;
    accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meeting);
    issue(world, meeting);
    let id = item_of(world, meeting, "C-STONE");
    let stone = page_of(meeting, id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&stone);
    assert!(page.contains("Nothing can be written here now"), "{page}");
    let csrf = mark(&page, "csrf");
    let sent = but(&[("csrf", &csrf), ("version", "1")]);
    says(carol.send(&stone, &sent), 422, &["is not in progress"]);
    let note = [("csrf", csrf.as_str()), ("version", "1"), ("risks", "x")];
    assert_eq!(carol.send(&format!("{stone}/note"), &note).status().as_u16(), 422);
    let notes = item(world, id).notes;
    assert_eq!((notes.decision, notes.risks.as_str()), (None, ""));
}

fn what_is_typed_wrongly_stands_on_the_page_again(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let stone = page_of(meetings[0], item_of(world, meetings[0], "C-STONE"));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let wrong = but(&[("next_review_on", "31/2/2027"), ("decision", "close"), ("closure", "")]);
    let words =
        ["Error: ", "Next review must be a real date", "31/2/2027", "Three calls since February."];
    says(carol.fill(&stone, &wrong), 422, &words);
    let wrong = but(&[("next_review_on", ""), ("decision", "close"), ("closure", "")]);
    let words = ["Select why the case is to be closed", "href=\"#closure\""];
    says(carol.fill(&stone, &wrong), 422, &words);
    let action =
        [("text", ""), ("agency", ""), ("person", ""), ("due", "some day"), ("approach", "")];
    let words =
        ["Enter what is to be done", "Select the agency", "href=\"#action-text\"", "some day"];
    says(carol.press_on(&stone, &format!("{stone}/actions"), &action), 422, &words);
    let housing = world.town().housing.to_string();
    let action = [
        ("text", "Visit"),
        ("agency", &*housing),
        ("person", ""),
        ("due", "some day"),
        ("approach", ""),
    ];
    let words = ["Due date must be a date", "value=\"Visit\"", "href=\"#action-due\""];
    says(carol.press_on(&stone, &format!("{stone}/actions"), &action), 422, &words);
}

fn an_item_is_put_off_put_back_and_taken_off(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let stone = page_of(meetings[0], id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let defer = format!("{stone}/defer");
    says(carol.fill(&defer, &[("reason", " ")]), 422, &["Enter the reason"]);
    let done = carol.fill(&defer, &[("reason", "Awaiting the report")]);
    assert_eq!(leads_to(&done), format!("{}?done=deferred", live(meetings[0])));
    assert!(carol.read(&stone).contains("Awaiting the report"));
    says(carol.fill(&defer, &[("reason", "Again")]), 422, &["was put off to the next meeting"]);
    let back = carol.press_on(&stone, &format!("{stone}/put-back"), &[]);
    assert_eq!(leads_to(&back), format!("{stone}?done=back"));
    let done = carol.fill(&format!("{stone}/remove"), &[("reason", "Heard elsewhere")]);
    assert_eq!(leads_to(&done), format!("{}?done=removed", live(meetings[0])));
    assert_eq!(item(world, id).state, ItemState::Withdrawn);
}

const PERSON: [(&str, &str); 7] = [
    ("name", "Dee Ward"),
    ("status", "deputy"),
    ("information_on-day", ""),
    ("information_on-month", ""),
    ("information_on-year", ""),
    ("statement", "yes"),
    ("note", "For Hana Sato"),
];

fn a_person_is_added_changed_and_removed(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let room = live(meetings[0]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let new = format!("{room}/people/new");
    let nobody = [("name", ""), ("status", "")];
    says(carol.fill(&new, &nobody), 422, &["Enter the name", "Select how the person takes part"]);
    assert_eq!(leads_to(&carol.fill(&new, &PERSON)), format!("{room}?done=person"));
    let page = carol.read(&room);
    assert!(page.contains("For Hana Sato"), "{page}");
    let line = crate::live::room(world, meetings[0]).attendance[0].id;
    let at = format!("{room}/people/{line}");
    let mut later = PERSON.to_vec();
    let adams = item_of(world, meetings[0], "C-STONE").to_string();
    later.push(("arrived_at", &adams));
    assert_eq!(leads_to(&carol.fill(&at, &later)), format!("{room}?done=person"));
    assert!(carol.read(&room).contains("Came for C-STONE"));
    let gone = carol.fill(&at, &[("do", "remove")]);
    assert_eq!(leads_to(&gone), format!("{room}?done=gone"));
    assert_eq!(carol.open(&at).status().as_u16(), 404);
}

fn f25_two_tabs_of_one_person_show_both_texts(world: &World) {
    let (meetings, _) = in_progress(world, &[]);
    let room = live(meetings[0]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    carol.fill(&format!("{room}/people/new"), &PERSON);
    let line = crate::live::room(world, meetings[0]).attendance[0].id;
    let at = format!("{room}/people/{line}");
    let csrf = mark(&carol.read(&at), "csrf");
    let tab = |note| {
        let mut fields = PERSON.to_vec();
        fields.retain(|(name, _)| *name != "note");
        fields.extend([("csrf", csrf.as_str()), ("version", "1"), ("note", note)]);
        carol.send(&at, &fields)
    };
    assert_eq!(tab("For the chair").status().as_u16(), 303);
    says(tab("For nobody"), 409, &["For the chair", "value=\"For nobody\""]);
}

/// A meeting with one case, held and approved.
#[track_caller]
fn approved(world: &World, pages: &Pages) -> (MeetingId, Visitor) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    everybody_present(world, meetings[0]);
    let id = item_of(world, meetings[0], "C-STONE");
    let form = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, id) };
    live::record(&world.by(COORDINATOR), id, &form).unwrap();
    crate::live::end(world, meetings[0]);
    let colin = pages.signed_in(world, CHAIR);
    let approve = format!("/meetings/{}/minutes/approve", meetings[0]);
    assert_eq!(colin.fill(&approve, &[]).status().as_u16(), 303);
    (meetings[0], colin)
}

fn minutes_are_corrected_with_a_reason(world: &World) {
    let pages = Pages::of(world);
    let (meeting, colin) = approved(world, &pages);
    let minutes = format!("/meetings/{meeting}/minutes");
    let correct = format!("{minutes}/correct");
    says(colin.fill(&correct, &[("reason", "")]), 422, &["Enter what is to be corrected"]);
    let opened = colin.fill(&correct, &[("reason", "The risks are missing")]);
    assert_eq!(leads_to(&opened), format!("{minutes}?done=open"));
    let stone = page_of(meeting, item_of(world, meeting, "C-STONE"));
    let fields = but(&[("next_review_on", ""), ("approaches", ""), ("chair_notes", "")]);
    let saved = colin.fill(&stone, &fields);
    assert_eq!(leads_to(&saved), format!("{stone}?done=saved"));
    let priya = pages.signed_in(world, POLICE);
    let read = priya.read(&minutes);
    assert!(read.contains("is correcting these minutes") && !read.contains("Escalating"), "{read}");
    let approve = format!("{minutes}/approve");
    let asked = colin.read(&approve);
    assert!(asked.contains("The risks are missing"), "the reason is offered again");
    let silent = colin.fill(&approve, &[("reason", "")]);
    says(silent, 422, &["Enter why this version corrects the one before", "href=\"#reason\""]);
    let done = colin.fill(&approve, &[("reason", "The risks were missing")]);
    assert_eq!(leads_to(&done), format!("{minutes}?done=approved"));
    let read = priya.read(&minutes);
    assert!(read.contains("Escalating") && read.contains("The risks were missing"), "{read}");
    let first = priya.read(&format!("{minutes}?version=1"));
    assert!(first.contains("Earlier version") && !first.contains("Escalating"), "{first}");
    assert_eq!(priya.open(&format!("{minutes}?version=9")).status().as_u16(), 404);
    let old = [("digest", "0000"), ("reason", "x")];
    let csrf = mark(&colin.read(&minutes), "csrf");
    let late = colin.send(&approve, &[("csrf", csrf.as_str()), old[0], old[1]]);
    assert_eq!(leads_to(&late), minutes, "there is no draft to approve any more");
}

fn f17_the_checks_lead_to_where_they_are_mended(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let stone = page_of(meetings[0], item_of(world, meetings[0], "C-STONE"));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("/meetings/{}/minutes", meetings[0]));
    for words in [
        "Nobody recorded as present",
        "Case without a decision",
        "Mend first",
        &format!("href=\"{stone}\""),
        &format!("href=\"{}#roll\"", live(meetings[0])),
        "The meeting is in progress.",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    let ended = carol.press_on(&live(meetings[0]), &format!("/meetings/{}/end", meetings[0]), &[]);
    says(ended, 422, &["1 item still to be decided or deferred: C-STONE"]);
}

fn those_who_do_not_run_the_panel_find_no_live_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let pages = Pages::of(world);
    for email in [POLICE, OUTSIDER] {
        let visitor = pages.signed_in(world, email);
        let csrf = mark(&visitor.read("/account"), "csrf");
        for path in [live(meetings[0]), page_of(meetings[0], id)] {
            assert_eq!(visitor.open(&path).status().as_u16(), 404, "{email} {path}");
            let sent = visitor.send(&path, &but(&[("csrf", &csrf), ("version", "1")]));
            assert_eq!(sent.status().as_u16(), 404, "{email} {path}");
        }
    }
    let wendy = pages.signed_in(world, OUTSIDER);
    for path in ["minutes", "minutes/print", "actions/print"] {
        let path = format!("/meetings/{}/{path}", meetings[0]);
        assert_eq!(wendy.open(&path).status().as_u16(), 404, "{path}");
    }
    let other = page_of(meetings[1], id);
    let carol = pages.signed_in(world, COORDINATOR);
    assert_eq!(carol.open(&other).status().as_u16(), 404, "an item of another meeting");
}
