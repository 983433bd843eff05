//! The pages of the agenda, without script.

use crate::agenda::{build, cases_on, draft, issue, meetings_of};
use crate::casework::{Accepted, accept};
use panel_app::agenda;
use panel_core::audit::Purpose;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, World};

fn at(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/agenda")
}

#[track_caller]
fn item(world: &World, meeting: MeetingId, label: &str) -> AgendaItemId {
    let draft = draft(world, meeting);
    let mut all = draft.sections.iter().flat_map(|section| &section.lines);
    all.find(|line| line.line.label == label).unwrap_or_else(|| panic!("no {label}")).line.item
}

/// A meeting with these cases on its agenda.
#[track_caller]
fn meeting_with(world: &World, surnames: &[&str]) -> MeetingId {
    let meeting = meetings_of(world, 3).remove(0).id;
    for surname in surnames {
        accept(world, &Accepted { surname, ..Accepted::default() });
    }
    build(world, meeting);
    meeting
}

on_both!(
    an_agenda_proposes_itself_on_a_page_and_is_taken_as_it_was_shown,
    times_follow_the_order_that_buttons_give,
    minutes_presenter_and_place_are_set_on_the_item_s_page,
    f25_two_tabs_that_change_an_item_show_both_texts,
    issuing_shows_first_what_it_does_and_then_locks_the_order,
    a_second_issue_tells_readers_in_plain_words_what_changed,
    whoever_runs_the_panel_sees_who_has_opened_the_latest_issue,
    f29_what_comes_after_the_issue_needs_a_reason_and_is_marked_late,
    a_full_agenda_warns_and_can_be_issued,
    an_item_is_taken_off_put_back_and_put_off_with_a_reason,
    a_case_is_added_by_its_reference,
    f32_members_see_nothing_before_the_issue_and_then_their_own_cases,
    the_printed_agenda_is_cut_to_its_reader_and_noted_as_a_disclosure,
    strangers_get_the_answer_of_an_agenda_that_does_not_exist,
);

fn an_agenda_proposes_itself_on_a_page_and_is_taken_as_it_was_shown(world: &World) {
    let meeting = meetings_of(world, 3).remove(0).id;
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("/meetings/{meeting}"));
    assert!(page.contains(&at(meeting)), "the meeting leads to its agenda");
    let page = carol.read(&at(meeting));
    assert!(page.contains("There is nothing on this agenda yet."), "{page}");
    let proposal = format!("{}/proposal", at(meeting));
    let shown = carol.read(&proposal);
    assert!(shown.contains("C-ADAMS") && shown.contains("received on Friday 20 March 2026"));
    let digest = mark(&shown, "digest");
    accept(world, &Accepted { surname: "Baker", ..Accepted::default() });
    let behind = carol.fill(&proposal, &[("digest", &digest)]);
    let now = says(behind, 422, &["Somebody else changed this agenda meanwhile", "C-BAKER"]);
    let digest = mark(&now, "digest");
    let taken = carol.fill(&proposal, &[("digest", &digest)]);
    assert_eq!(leads_to(&taken), format!("{}?done=proposed", at(meeting)));
    let page = carol.read(&leads_to(&taken));
    for words in
        ["The proposal is on the agenda.", "C-ADAMS", "10:25am", "15 minutes", "2 of at most"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(carol.read(&proposal).contains("Nothing has come or gone"));
}

fn times_follow_the_order_that_buttons_give(world: &World) {
    let meeting = meeting_with(world, &["Adams", "Baker"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let baker = item(world, meeting, "C-BAKER").to_string();
    let order = format!("{}/order", at(meeting));
    let moved = carol.press_on(&at(meeting), &order, &[("item", &baker), ("to", "1")]);
    assert_eq!(leads_to(&moved), format!("{}#item-{baker}", at(meeting)));
    assert_eq!(cases_on(world, meeting), ["C-BAKER", "C-ADAMS"]);
    let page = carol.read(&at(meeting));
    let (before, after) = page.split_once("C-ADAMS").unwrap();
    assert!(before.contains("10:25am") && before.contains("C-BAKER"), "{before}");
    assert!(!after.contains("10:25am"));
    let fields = [("csrf", mark(&page, "csrf")), ("version", "1".to_owned())];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    fields.extend([("item", baker.as_str()), ("to", "2")]);
    says(carol.send(&order, &fields), 409, &["Somebody else changed this agenda meanwhile"]);
    assert_eq!(cases_on(world, meeting), ["C-BAKER", "C-ADAMS"], "nothing was done");
}

fn minutes_presenter_and_place_are_set_on_the_item_s_page(world: &World) {
    let meeting = meeting_with(world, &["Adams", "Baker"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let adams = item(world, meeting, "C-ADAMS");
    let path = format!("{}/items/{adams}", at(meeting));
    says(carol.open(&path), 200, &["Move", "1 of 2", "Eastshire Homes"]);
    let housing = world.town().housing.to_string();
    let wrong = carol.fill(&path, &[("minutes", "500"), ("presenter", &housing)]);
    says(wrong, 422, &["Error: ", "href=\"#minutes\"", "value=\"500\""]);
    let saved = carol.fill(&path, &[("minutes", "40"), ("presenter", &housing)]);
    assert_eq!(leads_to(&saved), format!("{}?done=changed#item-{adams}", at(meeting)));
    let page = carol.read(&at(meeting));
    assert!(page.contains("40 minutes, presented by Eastshire Homes"), "{page}");
    assert!(page.contains("11:05am"), "the next one begins after forty minutes");
}

fn f25_two_tabs_that_change_an_item_show_both_texts(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/items/{}", at(meeting), item(world, meeting, "C-ADAMS"));
    let page = carol.read(&path);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let tab = |minutes: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", &version), ("minutes", minutes)];
        carol.send(&path, &fields)
    };
    assert_eq!(tab("30").status().as_u16(), 303);
    let second = says(tab("45"), 409, &["30", "value=\"45\""]);
    assert_ne!(mark(&second, "version"), version, "saving again is a choice");
}

fn issuing_shows_first_what_it_does_and_then_locks_the_order(world: &World) {
    let meeting = meeting_with(world, &["Adams", "Baker"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/issue", at(meeting));
    let due = "midday on Monday 13 April 2026";
    says(
        carol.open(&path),
        200,
        &["6 requests to 3 agencies", due, "Told by mail", "Issue the agenda"],
    );
    assert_eq!(draft(world, meeting).issues, [], "looking issues nothing");
    let issued = carol.fill(&path, &[]);
    assert_eq!(leads_to(&issued), format!("{}?done=issued", at(meeting)));
    let page = carol.read(&at(meeting));
    assert!(page.contains("Issue 1") && page.contains("are locked"), "{page}");
    assert!(!page.contains("name=\"to\""), "nothing can be moved");
    let adams = item(world, meeting, "C-ADAMS").to_string();
    let order = format!("{}/order", at(meeting));
    let version = draft(world, meeting).version.to_string();
    let fields = [("item", adams.as_str()), ("to", "2"), ("version", &version)];
    let csrf = mark(&page, "csrf");
    let fields: Vec<_> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
    says(carol.send(&order, &fields), 422, &["This agenda was issued and is locked."]);
    let again = carol.fill(&path, &[]);
    says(again, 422, &["Nothing has changed since the last issue"]);
}

fn a_second_issue_tells_readers_in_plain_words_what_changed(world: &World) {
    let meeting = meeting_with(world, &["Adams", "Baker"]);
    issue(world, meeting);
    let pages = Pages::of(world);
    let (carol, priya) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, POLICE));
    let revised = carol.press_on(&at(meeting), &format!("{}/revise", at(meeting)), &[]);
    assert_eq!(leads_to(&revised), format!("{}?done=revising", at(meeting)));
    let baker = item(world, meeting, "C-BAKER").to_string();
    let order = format!("{}/order", at(meeting));
    carol.press_on(&at(meeting), &order, &[("item", &baker), ("to", "1")]);
    let moved = "moved from 4 to 3, now at 10:25am instead of 10:40am";
    let page = carol.read(&at(meeting));
    assert!(page.contains("What readers do not know yet") && page.contains(moved), "{page}");
    assert!(!priya.read(&at(meeting)).contains(moved), "readers keep the first issue");
    let path = format!("{}/issue", at(meeting));
    says(
        carol.open(&path),
        200,
        &["Issue the agenda again", moved, "No agency is asked anything new"],
    );
    carol.fill(&path, &[]);
    let page = priya.read(&at(meeting));
    assert!(page.contains("What changed since issue 1") && page.contains(moved), "{page}");
    let history = carol.read(&format!("{}/readers", at(meeting)));
    assert!(history.contains("Issue 2") && history.contains(moved), "{history}");
}

fn whoever_runs_the_panel_sees_who_has_opened_the_latest_issue(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    issue(world, meeting);
    let opened = |name: &str| {
        let history = agenda::history(&world.by(COORDINATOR), meeting).unwrap();
        history.readers.into_iter().find(|reader| reader.name == name).unwrap().opened
    };
    assert_eq!(opened("Priya Nair"), None);
    world.set("2026-04-02 11:30");
    agenda::show(&world.by(POLICE), meeting).unwrap();
    world.set("2026-04-02 15:00");
    agenda::show(&world.by(POLICE), meeting).unwrap();
    assert_eq!(opened("Priya Nair").as_deref(), Some("11:30am on Thursday 2 April 2026"));
    assert_eq!(opened("Hana Sato"), None);
    let pages = Pages::of(world);
    let colin = pages.signed_in(world, CHAIR);
    let page = colin.read(&format!("{}/readers", at(meeting)));
    assert!(page.contains("11:30am on Thursday 2 April 2026") && page.contains("Not opened yet"));
}

fn f29_what_comes_after_the_issue_needs_a_reason_and_is_marked_late(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    issue(world, meeting);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/items/new", at(meeting));
    let fields = [("section", "other"), ("title", "Protocol"), ("minutes", ""), ("presenter", "")];
    let silent: Vec<_> = fields.into_iter().chain([("late_reason", " ")]).collect();
    says(carol.fill(&path, &silent), 422, &["href=\"#late_reason\"", "value=\"Protocol\""]);
    let full: Vec<_> = fields.into_iter().chain([("late_reason", "New guidance")]).collect();
    let added = carol.fill(&path, &full);
    assert_eq!(leads_to(&added), format!("{}?done=added", at(meeting)));
    let page = carol.read(&at(meeting));
    for words in ["Protocol", "Late", "Taken late: New guidance", "Added, late: Protocol at"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

fn a_full_agenda_warns_and_can_be_issued(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/items/{}", at(meeting), item(world, meeting, "C-ADAMS"));
    carol.fill(&path, &[("minutes", "240"), ("presenter", "")]);
    let full = "This agenda is too full: 275 minutes are allotted, 95 more than the meeting lasts.";
    assert!(carol.read(&at(meeting)).contains(full), "{}", carol.read(&at(meeting)));
    let issue = format!("{}/issue", at(meeting));
    says(carol.open(&issue), 200, &[full]);
    assert_eq!(carol.fill(&issue, &[]).status().as_u16(), 303);
}

fn an_item_is_taken_off_put_back_and_put_off_with_a_reason(world: &World) {
    let meetings = meetings_of(world, 3);
    let meeting = meetings[0].id;
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    build(world, meeting);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let adams = format!("{}/items/{}", at(meeting), item(world, meeting, "C-ADAMS"));
    let leave = format!("{adams}/leave");
    let silent = carol.fill(&leave, &[("where", "off"), ("reason", " ")]);
    says(silent, 422, &["Enter the reason"]);
    says(carol.fill(&leave, &[("reason", "x")]), 422, &["Select what happens to it"]);
    let off = carol.fill(&leave, &[("where", "off"), ("reason", "Report outstanding")]);
    assert_eq!(leads_to(&off), format!("{}?done=taken_off", at(meeting)));
    let page = carol.read(&at(meeting));
    assert!(page.contains("What left the agenda") && page.contains("Report outstanding"));
    let back = carol.press_on(&at(meeting), &format!("{adams}/back"), &[]);
    assert_eq!(leads_to(&back), format!("{}?done=put_back", at(meeting)));
    assert_eq!(cases_on(world, meeting), ["C-ADAMS"]);
    let next = carol.fill(&leave, &[("where", "next"), ("reason", "Report outstanding")]);
    assert_eq!(leads_to(&next), format!("{}?done=put_off", at(meeting)));
    assert_eq!(cases_on(world, meetings[1].id), ["C-ADAMS"]);
    let there = carol.read(&at(meetings[1].id));
    assert!(there.contains("Deferred from the last meeting"), "{there}");
}

fn a_case_is_added_by_its_reference(world: &World) {
    let meetings = meetings_of(world, 3);
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    build(world, meetings[0].id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/cases/new", at(meetings[1].id));
    let fields =
        |reference| [("reference", reference), ("case_type", "review"), ("why", "The chair asks")];
    let unknown = carol.fill(&path, &fields("C-NOBODY"));
    says(unknown, 422, &["This panel has no case with this reference", "href=\"#reference\""]);
    let elsewhere = carol.fill(&path, &fields("c-adams"));
    says(elsewhere, 422, &["C-ADAMS is listed for the meeting of Thursday 16 April 2026 already"]);
    let anyway: Vec<_> = fields("c-adams").into_iter().chain([("anyway", "yes")]).collect();
    let added = carol.fill(&path, &anyway);
    assert_eq!(leads_to(&added), format!("{}?done=added", at(meetings[1].id)));
    let twice = carol.fill(&path, &anyway);
    says(twice, 422, &["C-ADAMS is on this agenda already", "href=\"#reference\""]);
}

fn f32_members_see_nothing_before_the_issue_and_then_their_own_cases(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    let pages = Pages::of(world);
    let (hana, iris) = (pages.signed_in(world, HOUSING), pages.signed_in(world, IDVA));
    let before = hana.read(&at(meeting));
    assert!(before.contains("This agenda has not been issued yet."), "{before}");
    assert!(!before.contains("C-ADAMS"));
    issue(world, meeting);
    let page = hana.read(&at(meeting));
    for words in ["Issue 1", "C-ADAMS", "ADAMS Jo", "10:25am", "New cases, adults only"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("/order"), "readers move nothing");
    assert!(!iris.read(&at(meeting)).contains("C-ADAMS"), "she takes no part in it");
    let work = [format!("{}/proposal", at(meeting)), format!("{}/issue", at(meeting))];
    for path in work {
        assert_eq!(hana.open(&path).status().as_u16(), 404, "{path}");
    }
}

fn the_printed_agenda_is_cut_to_its_reader_and_noted_as_a_disclosure(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    issue(world, meeting);
    let pages = Pages::of(world);
    let (priya, iris) = (pages.signed_in(world, POLICE), pages.signed_in(world, IDVA));
    let print = format!("{}/print", at(meeting));
    let paper = priya.read(&print);
    for words in [
        "<title>Agenda for Thursday 16 April 2026 - ",
        "OFFICIAL-SENSITIVE",
        "Printed by Priya Nair at",
        "Do not copy it or pass it on",
        "Eastshire MATAC",
        "Colin Hart",
        "ADAMS Jo (35, born 1 May 1990)",
        "Adams-Victim",
    ] {
        assert!(paper.to_lowercase().contains(&words.to_lowercase()), "{words}: {paper}");
    }
    assert_eq!(paper.matches("<h1").count(), 1);
    assert!(!iris.read(&print).contains("C-ADAMS"));
    let log = panel_app::audit::list(&world.by(COORDINATOR), Purpose::Integrity, None, None, 100)
        .unwrap();
    let prints = log.iter().filter(|row| row.deed == "agenda.print");
    assert_eq!(prints.count(), 2);
}

fn strangers_get_the_answer_of_an_agenda_that_does_not_exist(world: &World) {
    let meeting = meeting_with(world, &["Adams"]);
    issue(world, meeting);
    let line = item(world, meeting, "C-ADAMS");
    let nowhere = "01900000-0000-7000-8000-000000000000".to_owned();
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    let answer = |path: &str| {
        let page = wendy.open(path);
        (page.status().as_u16(), page.text().unwrap().replace(&meeting.to_string(), &nowhere))
    };
    for rest in [
        String::new(),
        "/print".to_owned(),
        "/proposal".to_owned(),
        "/issue".to_owned(),
        "/readers".to_owned(),
        "/items/new".to_owned(),
        "/cases/new".to_owned(),
        format!("/items/{line}"),
        format!("/items/{line}/leave"),
    ] {
        let theirs = answer(&format!("/meetings/{meeting}/agenda{rest}"));
        let none = answer(&format!("/meetings/{nowhere}/agenda{rest}"));
        assert_eq!(theirs.0, 404, "{rest}");
        assert_eq!(theirs, none, "{rest}");
    }
}
