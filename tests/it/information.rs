//! Information requests: asked, answered, chased; on their pages and below.

use crate::agenda::{build, cases_on, draft, issue, leave, meetings_of};
use crate::casework::{Accepted, accept, change_content};
use crate::series::rows;
use chrono::Duration;
use panel_app::agenda;
use panel_app::information::{self, Board, ReplyForm};
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId};
use panel_core::information::Standing;
use panel_store::information as store;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{COORDINATOR, HOUSING, POLICE, PROBATION, World};

/// An issued agenda of one case.
#[track_caller]
pub(crate) fn asked(world: &World) -> (MeetingId, CaseId) {
    let meeting = meetings_of(world, 3).remove(0).id;
    let case = accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    build(world, meeting);
    issue(world, meeting);
    (meeting, case)
}

#[track_caller]
fn board(world: &World, meeting: MeetingId) -> Board {
    information::board(&world.by(COORDINATOR), meeting).unwrap()
}

#[track_caller]
pub(crate) fn request(world: &World, meeting: MeetingId, agency: AgencyId) -> InfoRequestId {
    let board = board(world, meeting);
    let cells = board.cases.iter().flat_map(|case| &case.cells);
    cells.clone().find(|cell| cell.agency == agency).expect("the agency is asked").request
}

#[track_caller]
pub(crate) fn standing(world: &World, meeting: MeetingId, agency: AgencyId) -> Standing {
    let board = board(world, meeting);
    let mut cells = board.cases.iter().flat_map(|case| &case.cells);
    cells.find(|cell| cell.agency == agency).unwrap().standing
}

/// A reply of information to the case as it is now.
#[track_caller]
fn reply(world: &World, by: &str, id: InfoRequestId, facts: &str) -> information::Released {
    let answers = information::show(&world.by(by), id).unwrap().answers;
    let form = ReplyForm { facts: facts.to_owned(), ..ReplyForm::empty(answers) };
    information::release(&world.by(by), id, &form).unwrap()
}

/// Fills the reply of a request in and presses one of its buttons.
#[track_caller]
pub(crate) fn answer(
    visitor: &Visitor,
    id: InfoRequestId,
    press: &str,
    fields: &[(&str, &str)],
) -> reqwest::blocking::Response {
    let path = format!("/requests/{id}");
    let answers = mark(&visitor.read(&path), "answers");
    let mut all = vec![("answers", answers.as_str()), ("do", press)];
    all.extend(fields);
    if !fields.iter().any(|(name, _)| *name == "code") {
        all.push(("code", "panel"));
    }
    visitor.fill(&path, &all)
}

on_both!(
    q4_a_reply_at_the_last_instant_is_in_time_and_a_later_one_is_taken_and_marked,
    q5_a_case_that_comes_back_finds_its_clock_as_it_stood,
    q7_a_reply_keeps_what_it_answered_and_is_stale_once_the_case_changes,
    q8_a_reply_that_is_asked_again_stands_beside_the_first,
    f28_an_item_put_off_takes_the_replies_along,
    the_board_counts_who_owes_what_and_shows_why_not_shared,
    one_press_chases_all_that_is_owed_once_a_day,
    a_mailed_reply_is_entered_for_the_agency_and_marked_so,
);

fn q4_a_reply_at_the_last_instant_is_in_time_and_a_later_one_is_taken_and_marked(world: &World) {
    let (meeting, _) = asked(world);
    let town = world.town();
    let (police, housing) =
        (request(world, meeting, town.police), request(world, meeting, town.housing));
    let due = rows(world, |az| store::find(az, police)).unwrap().request.due_at;
    world.app.clock.set(due);
    assert!(!reply(world, POLICE, police, "Arrested in March").late);
    world.app.clock.set(due + Duration::seconds(1));
    assert_eq!(standing(world, meeting, town.housing), Standing::Overdue, "silence is visible");
    let pages = Pages::of(world);
    let hana = pages.signed_in(world, HOUSING);
    let sent = answer(&hana, housing, "send", &[("kind", "information"), ("facts", "Arrears")]);
    assert_eq!(leads_to(&sent), format!("/requests/{housing}?done=late"));
    assert!(hana.read(&leads_to(&sent)).contains("It came after the deadline and is marked late."));
    assert_eq!(standing(world, meeting, town.police), Standing::Replied);
    assert_eq!(standing(world, meeting, town.housing), Standing::RepliedLate);
}

fn q5_a_case_that_comes_back_finds_its_clock_as_it_stood(world: &World) {
    let (meeting, _) = asked(world);
    let town = world.town();
    let police = request(world, meeting, town.police);
    let housing = request(world, meeting, town.housing);
    let due = |id| rows(world, |az| store::find(az, id)).unwrap().request.due_at;
    let before = (due(police), due(housing));
    reply(world, POLICE, police, "Arrested in March");
    let form = leave(world, meeting, "C-ADAMS");
    let version = agenda::withdraw(&world.by(COORDINATOR), meeting, &form).unwrap();
    issue(world, meeting);
    assert_eq!(board(world, meeting).cases, [], "nobody owes anything about it");
    let _ = version;
    let version = draft(world, meeting).version;
    agenda::put_back(&world.by(COORDINATOR), meeting, version, form.item).unwrap();
    world.pass(Duration::hours(5));
    issue(world, meeting);
    assert_eq!(standing(world, meeting, town.police), Standing::Replied, "given is given");
    assert_eq!(standing(world, meeting, town.housing), Standing::Waiting);
    assert_eq!((due(police), due(housing)), before, "the clock went on");
}

fn q7_a_reply_keeps_what_it_answered_and_is_stale_once_the_case_changes(world: &World) {
    let (meeting, case) = asked(world);
    let police = request(world, meeting, world.town().police);
    reply(world, POLICE, police, "Arrested in March");
    change_content(world, case);
    assert_eq!(standing(world, meeting, world.town().police), Standing::Stale);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("/requests/{police}"));
    assert!(page.contains("Changed since: address"), "{page}");
    let path = format!("/meetings/{meeting}/requests");
    assert!(carol.read(&path).contains("Case changed since"));
    let again = carol.press_on(&path, &format!("{path}/again"), &[]);
    assert_eq!(leads_to(&again), path);
    assert_eq!(standing(world, meeting, world.town().police), Standing::Waiting, "it is re-asked");
    let page = carol.read(&format!("/requests/{police}"));
    assert!(page.contains("Arrested in March"), "the reply is kept");
}

fn q8_a_reply_that_is_asked_again_stands_beside_the_first(world: &World) {
    let (meeting, _) = asked(world);
    let police = request(world, meeting, world.town().police);
    reply(world, POLICE, police, "Arrested in March");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("/requests/{police}");
    let again = carol.press_on(&path, &format!("{path}/again"), &[]);
    assert_eq!(leads_to(&again), format!("{path}?done=asked_again"));
    reply(world, POLICE, police, "Charged in April");
    let shown = information::show(&world.by(COORDINATOR), police).unwrap();
    let told: Vec<_> = shown
        .replies
        .iter()
        .map(|r| (r.number, r.answer.facts.clone().unwrap().to_string()))
        .collect();
    assert_eq!(told, [(1, "Arrested in March".to_owned()), (2, "Charged in April".to_owned())]);
}

fn f28_an_item_put_off_takes_the_replies_along(world: &World) {
    let (meeting, case) = asked(world);
    let next = crate::series::ahead(world)[1].id;
    let town = world.town();
    reply(world, POLICE, request(world, meeting, town.police), "Arrested in March");
    let form = leave(world, meeting, "C-ADAMS");
    agenda::carry(&world.by(COORDINATOR), meeting, &form).unwrap();
    issue(world, meeting);
    build(world, next);
    assert_eq!(cases_on(world, next), ["C-ADAMS"]);
    issue(world, next);
    assert_eq!(standing(world, next, town.police), Standing::Replied, "no other reply is needed");
    assert_eq!(standing(world, next, town.housing), Standing::Waiting);
    let cells = board(world, next).cases.remove(0).cells;
    assert!(cells.iter().any(|cell| cell.agency == town.police && cell.carried));
    let here = request(world, next, town.police);
    let shown = information::show(&world.by(COORDINATOR), here).unwrap();
    assert!(shown.replies[0].carried);
    change_content(world, case);
    assert_eq!(standing(world, next, town.police), Standing::Stale, "a change shows in the copy");
}

fn the_board_counts_who_owes_what_and_shows_why_not_shared(world: &World) {
    let (meeting, _) = asked(world);
    let town = world.town();
    reply(world, POLICE, request(world, meeting, town.police), "Arrested in March");
    let probation = request(world, meeting, town.probation);
    let pages = Pages::of(world);
    let rhys = pages.signed_in(world, PROBATION);
    let silent = answer(&rhys, probation, "send", &[("kind", "not_shared")]);
    says(silent, 422, &["Enter the reason for not sharing", "href=\"#reason\""]);
    let declined = [("kind", "not_shared"), ("reason", "Legal advice is awaited")];
    answer(&rhys, probation, "send", &declined);
    world.set("2026-04-15 12:00");
    let carol = pages.signed_in(world, COORDINATOR);
    let view = board(world, meeting);
    assert_eq!((view.owed, view.overdue, view.stale), (1, 1, 0));
    let words = "2 of 3 agencies replied, 1 does not share";
    assert_eq!(view.cases[0].words, words);
    let page = carol.read(&format!("/meetings/{meeting}/requests"));
    for said in [
        "1 reply, 1 of them overdue",
        words,
        "Replied in time",
        "Not shared",
        "Legal advice is awaited",
        "No reply, overdue",
        "Chase all with the next digest",
        "Chase all at once",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let meeting_page = carol.read(&format!("/meetings/{meeting}"));
    assert!(meeting_page.contains(&format!("/meetings/{meeting}/requests")));
}

fn one_press_chases_all_that_is_owed_once_a_day(world: &World) {
    let (meeting, _) = asked(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("/meetings/{meeting}/requests");
    let chase =
        |carol: &Visitor, how| carol.press_on(&path, &format!("{path}/chase"), &[("do", how)]);
    let first = chase(&carol, "now");
    says(
        first,
        200,
        &["3 people are asked for 3 requests.", "A message leaves now for 3 of them."],
    );
    let second = chase(&carol, "digest");
    says(second, 200, &["Nobody was chased", "3 requests left out: chased today already"]);
    world.set("2026-04-02 10:00");
    let carol = pages.signed_in(world, COORDINATOR);
    says(
        chase(&carol, "digest"),
        200,
        &["3 people are asked for 3 requests.", "The next digest tells 3 of them."],
    );
}

fn a_mailed_reply_is_entered_for_the_agency_and_marked_so(world: &World) {
    let (meeting, _) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    world.set("2026-04-15 12:00");
    let pages = Pages::of(world);
    let (carol, hana) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, HOUSING));
    let path = format!("/requests/{housing}/enter");
    let answers = mark(&carol.read(&path), "answers");
    let fields = |received| {
        [
            ("answers", answers.as_str()),
            ("kind", "information"),
            ("facts", "Two months of arrears"),
            ("code", "panel"),
            ("received_on", received),
        ]
    };
    let early = carol.fill(&path, &fields("1/1/2026"));
    says(early, 422, &["The day the reply came must be from 1 April 2026 to 15 April 2026"]);
    let entered = carol.fill(&path, &fields("2/4/2026"));
    assert_eq!(leads_to(&entered), format!("/requests/{housing}?done=entered"));
    let page = hana.read(&format!("/requests/{housing}"));
    assert!(page.contains("Carol Finch") && page.contains("entered for the agency"), "{page}");
    assert_eq!(standing(world, meeting, world.town().housing), Standing::Replied, "in time");
    assert!(
        carol.read(&format!("/meetings/{meeting}/requests")).contains("entered for the agency")
    );
    assert_eq!(hana.open(&path).status().as_u16(), 404, "only for whoever runs the panel");
}
