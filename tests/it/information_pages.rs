//! The pages of a request for information: it is answered, kept as a draft, extended and found.

use crate::casework::change_content;
use crate::information::{answer, asked, request, standing};
use panel_app::information::{self, ReplyForm};
use panel_core::information::{ReplyKind, Standing};
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, POLICE_SPOC, World};

on_both!(
    nothing_known_takes_two_clicks,
    a_reply_keeps_facts_apart_from_opinion_and_goes_to_the_readers_chosen,
    a_draft_is_saved_as_it_is_typed_and_nobody_outside_the_agency_sees_it,
    f25_two_colleagues_who_write_one_draft_see_both_texts,
    a_case_that_changed_while_one_typed_is_shown_again_before_the_reply_is_sent,
    a_deadline_is_extended_and_an_agency_asked_besides,
    strangers_get_the_answer_of_a_request_that_does_not_exist,
    a_case_leads_to_the_board_of_its_next_meeting,
);

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
    let done = hana.press_on(&path, &format!("{path}/nothing"), &[("answers", &answers)]);
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
    let dropped = hana.press_on(&path, &format!("{path}/drop"), &[]);
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
