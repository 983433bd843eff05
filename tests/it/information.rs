//! Information requests: asked, answered, chased; on their pages and below.

use crate::agenda::{build, cases_on, draft, issue, leave, meetings_of};
use crate::agenda_pages::{mark, press, says};
use crate::casework::{Accepted, accept, change_content};
use crate::series::rows;
use chrono::Duration;
use panel_app::agenda;
use panel_app::information::{self, Board, ReplyForm};
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId};
use panel_core::information::{ReplyKind, Standing};
use panel_store::information as store;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{
    COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, POLICE_SPOC, PROBATION, World,
};

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
fn standing(world: &World, meeting: MeetingId, agency: AgencyId) -> Standing {
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
fn answer(
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
    a_case_leads_to_the_board_of_its_next_meeting,
    one_press_chases_all_that_is_owed_once_a_day,
    a_mailed_reply_is_entered_for_the_agency_and_marked_so,
    nothing_known_takes_two_clicks,
    a_reply_keeps_facts_apart_from_opinion_and_goes_to_the_readers_chosen,
    a_draft_is_saved_as_it_is_typed_and_nobody_outside_the_agency_sees_it,
    f25_two_colleagues_who_write_one_draft_see_both_texts,
    a_case_that_changed_while_one_typed_is_shown_again_before_the_reply_is_sent,
    a_deadline_is_extended_and_an_agency_asked_besides,
    strangers_get_the_answer_of_a_request_that_does_not_exist,
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
    let again = press(&carol, &path, &format!("{path}/again"), &[]);
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
    let again = press(&carol, &path, &format!("{path}/again"), &[]);
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
    let chase = |carol, how| press(carol, &path, &format!("{path}/chase"), &[("do", how)]);
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

fn nothing_known_takes_two_clicks(world: &World) {
    let (meeting, _) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    let pages = Pages::of(world);
    let hana = pages.signed_in(world, HOUSING);
    let list = hana.read("/information");
    let path = format!("/requests/{housing}");
    assert!(list.contains(&path) && list.contains("No reply yet"), "{list}");
    let page = hana.read(&path);
    assert!(page.contains("ADAMS Jo") && page.contains("Threats to kill"), "{page}");
    let answers = mark(&page, "answers");
    let done = press(&hana, &path, &format!("{path}/nothing"), &[("answers", &answers)]);
    assert_eq!(leads_to(&done), format!("{path}?done=sent"));
    let shown = information::show(&world.by(COORDINATOR), housing).unwrap();
    assert_eq!(shown.replies[0].kind, ReplyKind::NothingKnown);
}

fn a_reply_keeps_facts_apart_from_opinion_and_goes_to_the_readers_chosen(world: &World) {
    let (meeting, case) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    let pages = Pages::of(world);
    let (hana, carol) = (pages.signed_in(world, HOUSING), pages.signed_in(world, COORDINATOR));
    let empty = answer(&hana, housing, "send", &[("kind", "information")]);
    says(empty, 422, &["Enter facts or professional opinion", "href=\"#facts\""]);
    let fields = [
        ("kind", "information"),
        ("facts", "Two months\r\nof arrears"),
        ("opinion", "<b>He</b> is calmer"),
        ("worker", "Siân O'Neill"),
        ("code", "origin"),
    ];
    assert_eq!(answer(&hana, housing, "send", &fields).status().as_u16(), 303);
    let page = carol.read(&format!("/requests/{housing}"));
    for words in [
        "Professional opinion",
        "&lt;b&gt;He&lt;/b&gt; is calmer",
        "Your agency, the chair and the coordinator",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let told = |by| information::about_case(&world.by(by), meeting, case).unwrap().agencies.len();
    assert_eq!((told(COORDINATOR), told(HOUSING), told(POLICE)), (1, 1, 0));
}

fn a_draft_is_saved_as_it_is_typed_and_nobody_outside_the_agency_sees_it(world: &World) {
    let (meeting, _) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    let path = format!("/requests/{housing}");
    let pages = Pages::of(world);
    let (hana, carol) = (pages.signed_in(world, HOUSING), pages.signed_in(world, COORDINATOR));
    let page = hana.read(&path);
    assert!(page.contains(&format!("data-autosave=\"{path}/draft\"")), "{page}");
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let typed = |version: &str, name: &str, text: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", version), (name, text)];
        hana.send(&format!("{path}/draft"), &fields)
    };
    let kept = says(typed(&version, "facts", "Two months of arr"), 200, &["\"saved\":\"9am\""]);
    assert!(kept.contains("\"version\":1"), "{kept}");
    says(typed("1", "opinion", "Calmer"), 200, &["\"version\":2"]);
    assert_eq!(typed("1", "facts", "Older tab").status().as_u16(), 409);
    assert_eq!(typed("2", "kind", "information").status().as_u16(), 422, "no text of the reply");
    let page = hana.read(&path);
    assert!(page.contains("Two months of arr") && page.contains("Calmer"), "a reload keeps it");
    assert!(hana.read("/information").contains("There is a draft"));
    let hers = carol.read(&path);
    assert!(!hers.contains("Two months of arr"), "drafts are the agency's own");
    assert_eq!(standing(world, meeting, world.town().housing), Standing::Waiting);
    let fields = [("kind", "information"), ("facts", "Two months of arrears")];
    assert_eq!(leads_to(&answer(&hana, housing, "save", &fields)), format!("{path}?done=saved"));
    let dropped = press(&hana, &path, &format!("{path}/drop"), &[]);
    assert_eq!(leads_to(&dropped), format!("{path}?done=dropped"));
    assert!(!hana.read(&path).contains("Two months"));
}

fn f25_two_colleagues_who_write_one_draft_see_both_texts(world: &World) {
    let (meeting, _) = asked(world);
    let police = request(world, meeting, world.town().police);
    let path = format!("/requests/{police}");
    let pages = Pages::of(world);
    let (priya, sam) = (pages.signed_in(world, POLICE), pages.signed_in(world, POLICE_SPOC));
    let page = sam.read(&path);
    let fields = [("kind", "information"), ("facts", "Arrested in March")];
    assert_eq!(answer(&priya, police, "save", &fields).status().as_u16(), 303);
    let (csrf, answers) = (mark(&page, "csrf"), mark(&page, "answers"));
    let late = [
        ("csrf", csrf.as_str()),
        ("answers", &answers),
        ("version", "0"),
        ("kind", "information"),
        ("facts", "Cautioned in May"),
        ("code", "panel"),
        ("do", "save"),
    ];
    let both = says(
        sam.send(&path, &late),
        409,
        &["Arrested in March", "Cautioned in May", "Priya Nair at"],
    );
    assert_eq!(mark(&both, "version"), "1", "saving again writes over what was shown");
}

fn a_case_that_changed_while_one_typed_is_shown_again_before_the_reply_is_sent(world: &World) {
    let (meeting, case) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    let path = format!("/requests/{housing}");
    let pages = Pages::of(world);
    let hana = pages.signed_in(world, HOUSING);
    let page = hana.read(&path);
    let (csrf, answers) = (mark(&page, "csrf"), mark(&page, "answers"));
    change_content(world, case);
    let send = |answers: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("answers", answers),
            ("version", "0"),
            ("kind", "information"),
            ("facts", "Two months of arrears"),
            ("code", "panel"),
            ("do", "send"),
        ];
        hana.send(&path, &fields)
    };
    let words =
        ["The case has changed since you opened this page.", "2 Low Road", "Two months of arrears"];
    let shown = says(send(&answers), 422, &words);
    let now = mark(&shown, "answers");
    assert_ne!(now, answers);
    assert_eq!(leads_to(&send(&now)), format!("{path}?done=sent"));
}

fn a_deadline_is_extended_and_an_agency_asked_besides(world: &World) {
    let (meeting, case) = asked(world);
    let town = world.town();
    let housing = request(world, meeting, town.housing);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("/requests/{housing}/extend");
    let fields = |on| [("on", on), ("at", "midday"), ("reason", "Staff are ill")];
    let early = carol.fill(&path, &fields("1/4/2026"));
    says(early, 422, &["href=\"#on-day\""]);
    let done = carol.fill(&path, &fields("15/4/2026"));
    assert_eq!(leads_to(&done), format!("/requests/{housing}?done=extended"));
    let page = carol.read(&format!("/requests/{housing}"));
    for words in ["midday on Wednesday 15 April 2026", "Extended from", "Staff are ill"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let (case, idva) = (case.to_string(), town.idva.to_string());
    let ask = format!("/meetings/{meeting}/requests/new");
    let asked = carol.fill(&ask, &[("case", &case), ("agency", &idva)]);
    assert_eq!(leads_to(&asked), format!("/meetings/{meeting}/requests"));
    let twice = carol.fill(&ask, &[("case", &case), ("agency", &idva)]);
    says(twice, 422, &["This agency was asked about the case already"]);
    assert_eq!(information::mine(&world.by(IDVA)).unwrap().len(), 1, "it takes part from now on");
}

fn strangers_get_the_answer_of_a_request_that_does_not_exist(world: &World) {
    let (meeting, _) = asked(world);
    let housing = request(world, meeting, world.town().housing);
    let nowhere = "01900000-0000-7000-8000-000000000000";
    let pages = Pages::of(world);
    let (wendy, priya) = (pages.signed_in(world, OUTSIDER), pages.signed_in(world, POLICE));
    let at = |visitor: &Visitor, path: &str| {
        let page = visitor.open(path);
        let status = page.status().as_u16();
        let text = page.text().unwrap();
        (status, text.replace(&housing.to_string(), nowhere).replace(&meeting.to_string(), nowhere))
    };
    for visitor in [&wendy, &priya] {
        for rest in ["", "/enter", "/extend"] {
            let theirs = at(visitor, &format!("/requests/{housing}{rest}"));
            assert_eq!(theirs.0, 404);
            assert_eq!(theirs, at(visitor, &format!("/requests/{nowhere}{rest}")), "{rest}");
        }
        let board = at(visitor, &format!("/meetings/{meeting}/requests"));
        assert_eq!(board.0, 404);
        assert_eq!(board, at(visitor, &format!("/meetings/{nowhere}/requests")));
    }
    let form = ReplyForm::empty(1);
    let known = ReplyForm { kind: ReplyKind::NothingKnown, ..form.clone() };
    not_found(information::release(&world.by(POLICE), housing, &known));
    not_found(information::enter(&world.by(HOUSING), housing, &known));
    assert_eq!(invalid(information::release(&world.by(HOUSING), housing, &form)).len(), 1);
    let refused = information::ask_again(&world.by(COORDINATOR), housing, 1);
    assert_eq!(rule(refused).0, "waiting");
}

fn a_case_leads_to_the_board_of_its_next_meeting(world: &World) {
    let (meeting, case) = asked(world);
    let pages = Pages::of(world);
    let link = format!("href=\"/meetings/{meeting}/requests\"");
    let path = format!("/cases/{case}");
    assert!(pages.signed_in(world, COORDINATOR).read(&path).contains(&link));
    assert!(!pages.signed_in(world, POLICE).read(&path).contains(&link));
    world.set("2026-12-01 09:00");
    assert!(!pages.signed_in(world, COORDINATOR).read(&path).contains(&link), "it has passed");
}
