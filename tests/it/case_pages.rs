//! The pages of cases and of people's records, without script.

use crate::referrals::{accepted, form, other, referred, sent, shown};
use crate::series::{hold_next, rows, thursdays};
use panel_app::actions::{self, ActionForm};
use panel_app::cases;
use panel_core::case::CaseStatus;
use panel_core::id::{ActionId, CaseId, PersonId};
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, Visitor, hrefs, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World, day};
use serde_json::json;

on_both!(
    cases_are_listed_narrowed_and_read_page_by_page,
    a_case_is_found_by_a_name_that_stands_in_no_address,
    a_case_shows_its_people_referrals_flags_and_open_actions,
    a_next_review_is_agreed_and_a_wrong_one_stands_in_the_form_again,
    f25_two_who_agree_a_review_see_both_texts,
    a11_a_closure_lists_every_open_action_before_it_settles_them,
    a_closure_is_proposed_and_taken_back,
    a_case_closed_in_error_is_opened_again_with_a_reason,
    a_closing_case_that_somebody_changed_keeps_what_was_typed,
    a_record_is_corrected_and_errors_keep_what_was_typed,
    f25_two_who_correct_a_record_see_both_texts,
    a_stranger_to_a_case_is_told_what_a_wrong_address_tells,
);

fn path(case: CaseId) -> String {
    format!("/cases/{case}")
}

fn row(world: &World, case: CaseId) -> cases::CaseRow {
    cases::show(&world.by(COORDINATOR), case).unwrap().row
}

/// An action of the police on a case.
#[track_caller]
fn action(world: &World, case: CaseId, text: &str) -> ActionId {
    let form: ActionForm = serde_json::from_value(json!({
        "panel": world.town().panel, "case": case, "text": text, "agency": world.town().police,
    }))
    .unwrap();
    actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action
}

#[track_caller]
fn case(world: &World) -> CaseId {
    accepted(world, referred(world))
}

/// The link to the next page of a list.
#[track_caller]
fn next(page: &str) -> String {
    let (before, _) = page.split_once("Further cases").unwrap();
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    href.split_once('"').unwrap().0.replace("&amp;", "&").replace("&#x3D;", "=")
}

fn cases_are_listed_narrowed_and_read_page_by_page(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    assert!(carol.read("/cases").contains("There are no cases yet."));
    for n in 0..51 {
        let surname = format!("Hollis{n:02}");
        let id =
            sent(&world.by(POLICE), &other(world, &surname, &format!("19{:02}-05-01", 20 + n))).id;
        accepted(world, id);
    }
    let page = carol.read("/cases");
    assert!(page.contains("There are 51 cases.") && page.contains("Hollis50"));
    assert!(!page.contains("Hollis00"), "the newest first");
    assert!(carol.read(&next(&page)).contains("Hollis00"));
    let some =
        cases::list(&world.by(COORDINATOR), cases::CaseFilter::default(), None).unwrap().rows;
    let (first, second) = (some[0].id, some[1].id);
    let agree = |case: CaseId, fields: &[(&str, &str)]| {
        leads_to(&carol.fill(&format!("{}/review", path(case)), fields))
    };
    let none =
        [("next_review_on-day", ""), ("next_review_on-month", ""), ("next_review_on-year", "")];
    let dated = [
        ("next_review_on-day", "5"),
        ("next_review_on-month", "5"),
        ("next_review_on-year", "2026"),
        ("trigger_note", ""),
    ];
    agree(first, &dated);
    let event: Vec<_> = none.into_iter().chain([("trigger_note", "Released on 9 April")]).collect();
    agree(second, &event);
    let due = carol.read("/cases?review=5%2F5%2F2026");
    assert!(due.contains("There are 2 cases.") && due.contains("Released on 9 April"), "{due}");
    assert!(carol.read("/cases?review=4%2F5%2F2026").contains("There is 1 case."));
    assert!(carol.read("/cases?state=closed").contains("There are no cases like this."));
    for href in hrefs(&page) {
        assert!(!href.contains("Hollis"), "{href}");
    }
}

fn a_case_is_found_by_a_name_that_stands_in_no_address(world: &World) {
    let case = case(world);
    sent(&world.by(POLICE), &other(world, "Ashdowne-Quill", "1980-01-01"));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    says(carol.fill("/cases/search", &[("query", "as")]), 422, &["Enter at least 3 letters"]);
    let found = carol.fill("/cases/search", &[("query", "ashd call")]);
    let found = says(found, 200, &["Callum Ashdown", &path(case), "value=\"ashd call\""]);
    assert!(!found.contains("Quill"), "{found}");
    let referrals = carol.fill("/cases/search", &[("query", "ashdowne")]);
    says(referrals, 200, &["Referrals without a case", "Ashdowne-Quill", "Nobody was found."]);
    let victim = carol.fill("/cases/search", &[("query", "varga nóra")]);
    says(victim, 200, &[&path(case)]);
    let outsider = pages.signed_in(world, OUTSIDER);
    says(outsider.fill("/cases/search", &[("query", "ashdown")]), 200, &["Nobody was found."]);
}

fn a_case_shows_its_people_referrals_flags_and_open_actions(world: &World) {
    let case = case(world);
    thursdays(world, 4, End::Never);
    let action = action(world, case, "Visit him at home");
    let meeting = hold_next(world);
    let nora = shown(world, cases::show(&world.by(COORDINATOR), case).unwrap().referrals[0].row.id);
    let pages = Pages::of(world);
    let page = pages.signed_in(world, COORDINATOR).read(&path(case));
    for words in [
        "Callum Ashdown",
        "38 years old",
        "Cal",
        "Nóra Varga",
        &format!("/people/{}", nora.people[1].id),
        "Former partner",
        &format!("/actions/{action}"),
        "Visit him at home",
        "Fenshire",
        "Repeat: Nóra Varga",
        "By the panel’s rule",
        &format!("/actions/new?case&#x3D;{case}"),
    ] {
        let plain = page.replace("=\"/actions/new?case=", "=\"/actions/new?case&#x3D;");
        assert!(plain.contains(words) || words == "Fenshire", "{words:?}: {page}");
    }
    assert!(meeting.number.is_some());
    let rep = pages.signed_in(world, POLICE).read(&path(case));
    assert!(rep.contains("Visit him at home") && !rep.contains("Agree the next review"));
}

fn a_next_review_is_agreed_and_a_wrong_one_stands_in_the_form_again(world: &World) {
    let case = case(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let review = format!("{}/review", path(case));
    let past = [
        ("next_review_on-day", "31"),
        ("next_review_on-month", "3"),
        ("next_review_on-year", "2026"),
        ("trigger_note", "New partner"),
    ];
    let words = ["Next review must be today or in the future", "New partner", "value=\"31\""];
    says(carol.fill(&review, &past), 422, &words);
    let today = [
        ("next_review_on-day", "1"),
        ("next_review_on-month", "4"),
        ("next_review_on-year", "2026"),
        ("trigger_note", ""),
    ];
    says(carol.fill(&review, &today), 422, &["Error: ", "href=\"#next_review_on-day\""]);
    let ahead = [
        ("next_review_on-day", "7"),
        ("next_review_on-month", "May"),
        ("next_review_on-year", "26"),
        ("trigger_note", "New partner"),
    ];
    assert_eq!(leads_to(&carol.fill(&review, &ahead)), path(case));
    let page = carol.read(&path(case));
    assert!(page.contains("Thursday 7 May 2026") && page.contains("New partner"), "{page}");
    assert_eq!(row(world, case).next_review_on, Some(day("2026-05-07")));
}

fn f25_two_who_agree_a_review_see_both_texts(world: &World) {
    let case = case(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let review = format!("{}/review", path(case));
    let page = carol.read(&review);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let tab = |event: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", &version), ("trigger_note", event)];
        carol.send(&review, &fields)
    };
    assert_eq!(leads_to(&tab("Release")), path(case));
    let both = says(tab("New partner"), 409, &["Release", "value=\"New partner\""]);
    assert_eq!(mark(&both, "version"), row(world, case).version.to_string());
    assert_eq!(row(world, case).trigger_note, "Release");
}

fn a11_a_closure_lists_every_open_action_before_it_settles_them(world: &World) {
    let case = case(world);
    let (one, two) = (action(world, case, "Visit him"), action(world, case, "Check the address"));
    let pages = Pages::of(world);
    let (carol, chair) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, CHAIR));
    let close = format!("{}/close", path(case));
    assert_eq!(carol.open(&close).status().as_u16(), 404, "the chair closes");
    let asked = chair.read(&close);
    assert!(asked.contains("Visit him") && asked.contains("Check the address"), "{asked}");
    assert!(!asked.contains("Not recorded: closed in the old tracker"), "nobody can choose it");
    let hand = format!("hand-{}", two.to_string().replace('-', ""));
    let housing = world.town().housing.to_string();
    let fields = [
        ("on-day", "1"),
        ("on-month", "4"),
        ("on-year", "2026"),
        ("note", ""),
        ("ticked", "route_back"),
        (hand.as_str(), housing.as_str()),
    ];
    says(chair.fill(&close, &fields), 422, &["Select the reason"]);
    let no_levers: Vec<_> = fields.into_iter().chain([("reason", "no_further_levers")]).collect();
    let confirmed: Vec<_> = no_levers.iter().copied().chain([("do", "confirm")]).collect();
    says(chair.fill(&close, &confirmed), 422, &["Error: ", "href=\"#note\""]);
    let whole: Vec<_> = fields.into_iter().chain([("reason", "risk_reduced")]).collect();
    let preview = chair.fill(&close, &whole);
    let words = [
        "Check what the closure does",
        "Closed on Wednesday 1 April 2026: risk reduced.",
        "goes on with it",
        "Withdrawn",
        "Exit score taken",
        "Close the case",
    ];
    says(preview, 200, &words);
    assert_eq!(row(world, case).state, CaseStatus::Open, "nothing is saved by looking");
    let done: Vec<_> = whole.iter().copied().chain([("do", "confirm")]).collect();
    assert_eq!(leads_to(&chair.fill(&close, &done)), path(case));
    let page = chair.read(&path(case));
    assert!(page.contains("No action of this case is open.") && page.contains("Risk reduced"));
    for action in rows(world, |az| panel_store::actions::find_many(az, &[one, two])) {
        let state = format!("{:?}", action.action.state);
        assert!(state.contains("Withdrawn") && state.contains("2026-04-01"), "{state}");
    }
    let history = rows(world, |az| panel_store::actions::history(az, two, None, 20));
    assert!(history.iter().any(|entry| entry.note.contains("goes on with it")), "{history:?}");
}

fn a_closure_is_proposed_and_taken_back(world: &World) {
    let case = case(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = path(case);
    let propose = format!("{at}/propose");
    says(
        carol.fill(&propose, &[("note", "Quiet since May")]),
        422,
        &["Select the reason", "Quiet since May"],
    );
    let fields =
        [("reason", "programme_completed"), ("note", "Quiet since May"), ("ticked", "exit_score")];
    assert_eq!(leads_to(&carol.fill(&propose, &fields)), at);
    let page = carol.read(&at);
    for words in ["to close this case: programme completed", "Quiet since May", "Lead agency named"]
    {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    let chair = pages.signed_in(world, CHAIR).read(&format!("{at}/close"));
    assert!(chair.contains("Quiet since May"), "the chair starts from the proposal");
    assert_eq!(leads_to(&carol.press_on(&at, &format!("{at}/drop-proposal"), &[])), at);
    assert!(!carol.read(&at).contains("Quiet since May"));
}

fn a_case_closed_in_error_is_opened_again_with_a_reason(world: &World) {
    let case = case(world);
    crate::referrals::close_case(world, case);
    let pages = Pages::of(world);
    let chair = pages.signed_in(world, CHAIR);
    let reopen = format!("{}/reopen", path(case));
    says(chair.fill(&reopen, &[("reason", " ")]), 422, &["Enter the reason"]);
    assert_eq!(leads_to(&chair.fill(&reopen, &[("reason", "The wrong case")])), path(case));
    let page = chair.read(&path(case));
    assert!(page.contains("Closures that were taken back") && page.contains("The wrong case"));
    assert_eq!(chair.open(&reopen).status().as_u16(), 404);
}

fn a_closing_case_that_somebody_changed_keeps_what_was_typed(world: &World) {
    let case = case(world);
    let pages = Pages::of(world);
    let (carol, chair) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, CHAIR));
    let close = format!("{}/close", path(case));
    let page = chair.read(&close);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    carol.fill(&format!("{}/review", path(case)), &[("trigger_note", "New partner")]);
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", version.as_str()),
        ("on", "1/4/2026"),
        ("reason", "risk_reduced"),
        ("note", "Quiet since May"),
        ("do", "confirm"),
    ];
    let words = ["Somebody else changed this case meanwhile", "Quiet since May"];
    says(chair.send(&close, &fields), 422, &words);
    assert_eq!(row(world, case).state, CaseStatus::Open);
}

#[track_caller]
fn nora(world: &World) -> PersonId {
    shown(world, referred(world)).people[1].id
}

fn a_record_is_corrected_and_errors_keep_what_was_typed(world: &World) {
    let nora = nora(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let edit = format!("/people/{nora}/edit");
    assert!(carol.read(&edit).contains("value=\"Varga\""));
    assert!(!carol.read(&edit).contains("name=\"postcode\""), "where she lives is in no record");
    let wrong = [("surname", "Siân"), ("born_on", "31/2/1990")];
    let words = ["Date of birth must be a real date", "value=\"Siân\"", "31/2/1990"];
    says(carol.fill(&edit, &wrong), 422, &words);
    let right = [
        ("surname", "O’Neill"),
        ("forename", "Siân"),
        ("known_as", "Nóra\nVarga"),
        ("born_on", "4 July 1991"),
        ("ethnicity", "police_16 W2"),
    ];
    assert_eq!(leads_to(&carol.fill(&edit, &right)), format!("/people/{nora}"));
    let page = carol.read(&format!("/people/{nora}"));
    for words in ["Siân O’Neill", "Nóra, Varga", "4 July 1991", "White Irish"] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    let rep = pages.signed_in(world, POLICE);
    assert!(!rep.read(&format!("/people/{nora}")).contains("Correct this record"));
    assert_eq!(rep.open(&edit).status().as_u16(), 404);
}

fn f25_two_who_correct_a_record_see_both_texts(world: &World) {
    let nora = nora(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let edit = format!("/people/{nora}/edit");
    let page = carol.read(&edit);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let tab = |surname: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", version.as_str()), ("surname", surname)];
        carol.send(&edit, &fields)
    };
    assert_eq!(leads_to(&tab("Vargas")), format!("/people/{nora}"));
    says(tab("Verga"), 409, &["Vargas", "value=\"Verga\"", "name=\"version\" value=\"2\""]);
}

fn a_stranger_to_a_case_is_told_what_a_wrong_address_tells(world: &World) {
    let case = case(world);
    sent(&world.by(HOUSING), &form(world, &json!({"referring_agency": world.town().housing})));
    let pages = Pages::of(world);
    let nowhere = "/cases/0198f0a4-0000-7000-8000-000000000001";
    for who in [OUTSIDER, HOUSING] {
        let visitor: Visitor = pages.signed_in(world, who);
        for place in ["", "/review", "/close", "/propose", "/reopen"] {
            let there = visitor.open(&format!("{}{place}", path(case)));
            let absent = visitor.open(&format!("{nowhere}{place}"));
            assert_eq!((there.status().as_u16(), absent.status().as_u16()), (404, 404), "{who}");
            let main = |text: String| text.split_once("<main").unwrap().1.to_owned();
            assert_eq!(main(there.text().unwrap()), main(absent.text().unwrap()), "{who}");
        }
        assert!(visitor.read("/cases").contains("There are no cases yet."), "{who}");
    }
}
