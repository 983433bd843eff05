//! Who of the panel may be connected to a case is looked at before an agenda is issued, and is not told.

use crate::agenda::{build, draft, meetings_of};
use crate::case_lists::keep_from;
use crate::casework::{Accepted, accept};
use crate::referrals::{accepted, form, sent};
use crate::series::rows;
use panel_app::agenda;
use panel_app::connections::{self, AnswerForm, Question};
use panel_app::{AppError, audit};
use panel_core::audit::Purpose;
use panel_core::id::{CaseId, MeetingId};
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, PROBATION, World, day};
use serde_json::json;

on_both!(
    an_agenda_waits_until_somebody_has_looked_at_a_namesake,
    a_case_that_is_kept_from_her_is_no_question_any_more,
    victims_other_names_and_employers_count_too,
    nobody_answers_about_herself_unless_she_runs_the_panel_alone,
    those_who_do_not_run_the_panel_are_asked_and_told_nothing,
    the_pages_lead_to_it_and_on_again,
);

/// The next meeting with these cases on its agenda.
fn meeting(world: &World, surnames: &[&str]) -> (MeetingId, Vec<CaseId>) {
    let meeting = meetings_of(world, 3).remove(0).id;
    let accepted = |surname: &&str| accept(world, &Accepted { surname, ..Accepted::default() });
    let cases = surnames.iter().map(accepted).collect();
    build(world, meeting);
    (meeting, cases)
}

fn issue(world: &World, meeting: MeetingId) -> Result<agenda::Issued, AppError> {
    agenda::issue(&world.by(COORDINATOR), meeting, draft(world, meeting).version)
}

fn look(world: &World, email: &str, meeting: MeetingId) -> Vec<Question> {
    connections::look(&world.by(email), meeting).unwrap()
}

fn told(questions: &[Question]) -> Vec<(&str, &str, &str)> {
    questions.iter().map(|one| (&*one.reference, &*one.name, &*one.tie)).collect()
}

fn answer(
    world: &World,
    email: &str,
    meeting: MeetingId,
    some: &[Question],
) -> Result<(), AppError> {
    let marks = some.iter().map(|one| one.mark.clone()).collect();
    let reason = "Asked the agency’s lead: not related".to_owned();
    connections::answer(&world.by(email), meeting, &AnswerForm { marks, reason })
}

fn an_agenda_waits_until_somebody_has_looked_at_a_namesake(world: &World) {
    let (meeting, cases) = meeting(world, &["Evans", "Stone", "Nair"]);
    assert_eq!(rule(issue(world, meeting)).0, "connections_open");
    let found = look(world, COORDINATOR, meeting);
    let expected = [
        ("C-EVANS", "Rhys Evans", "Has the same surname as the perpetrator"),
        ("C-NAIR", "Priya Nair", "Has the same surname as the perpetrator"),
    ];
    assert_eq!(told(&found), expected);
    answer(world, CHAIR, meeting, &found[..1]).unwrap();
    assert_eq!(rule(issue(world, meeting)).0, "connections_open");
    assert_eq!(invalid(answer(world, CHAIR, meeting, &found[..1]))[0].field, "marks", "answered");
    let no_reason = AnswerForm { marks: vec![found[1].mark.clone()], reason: String::new() };
    assert_eq!(
        invalid(connections::answer(&world.by(CHAIR), meeting, &no_reason))[0].field,
        "reason"
    );
    answer(world, COORDINATOR, meeting, &found[1..]).unwrap();
    assert_eq!(issue(world, meeting).unwrap().number, 1);
    let log = audit::log(&world.by(CHAIR), Purpose::Integrity, Some(cases[0]), None).unwrap().0;
    assert_eq!(log.iter().filter(|line| line.row.deed == "case.not_connected").count(), 1);
    let again = draft(world, meeting).version;
    agenda::revise(&world.by(COORDINATOR), meeting, again).unwrap();
    assert_eq!(look(world, COORDINATOR, meeting), [], "it is not asked again");
}

fn a_case_that_is_kept_from_her_is_no_question_any_more(world: &World) {
    let (meeting, cases) = meeting(world, &["Evans"]);
    keep_from(world, cases[0], PROBATION);
    assert_eq!(look(world, COORDINATOR, meeting), []);
    issue(world, meeting).unwrap();
}

fn victims_other_names_and_employers_count_too(world: &World) {
    world.set("2026-03-23 09:00");
    let meeting = meetings_of(world, 3).remove(0).id;
    let probation = panel_app::agencies::show(&world.operator(), world.town().probation).unwrap();
    let employer = format!("{}, reception", probation.value.name.as_str().to_uppercase());
    let changes = json!({
        "perpetrator": {
            "name": {"surname": "Ashdown", "forename": "Callum", "known_as": ["Hana Sato"]},
            "employer": employer,
        },
        "victims": [{"name": {"surname": "ONeill-Ray", "forename": "Nóra"}}],
        "incidents": [],
    });
    let referral = sent(&world.by(POLICE), &form(world, &changes)).id;
    accepted(world, referral);
    build(world, meeting);
    let found = look(world, COORDINATOR, meeting);
    let told: Vec<(&str, &str)> = found.iter().map(|one| (&*one.name, &*one.tie)).collect();
    let expected = [
        ("Hana Sato", "Has the same name as the perpetrator"),
        ("Iris O'Neill", "Has the same surname as a victim"),
        (probation.value.name.as_str(), "May employ the perpetrator"),
    ];
    for one in expected {
        assert!(told.contains(&one), "{one:?} of {told:?}");
    }
    assert_eq!(told.len(), 3, "{told:?}");
    answer(world, COORDINATOR, meeting, &found).unwrap();
    issue(world, meeting).unwrap();
}

fn nobody_answers_about_herself_unless_she_runs_the_panel_alone(world: &World) {
    let (meeting, _) = meeting(world, &["Finch"]);
    let found = look(world, COORDINATOR, meeting);
    assert!(!found[0].may_answer);
    assert_eq!(invalid(answer(world, COORDINATOR, meeting, &found))[0].field, "marks");
    assert!(look(world, CHAIR, meeting)[0].may_answer);
    let pages = Pages::of(world);
    let page = pages
        .signed_in(world, COORDINATOR)
        .read(&format!("/meetings/{meeting}/agenda/connections"));
    assert!(page.contains("Somebody else who runs this panel has to answer that"), "{page}");
    let chair = world.by(CHAIR).user();
    let until = day("2026-03-31");
    rows(world, |az| panel_store::users::end_seats(az, None, Some(chair), until));
    let found = look(world, COORDINATOR, meeting);
    assert!(found[0].may_answer, "nobody else could");
    answer(world, COORDINATOR, meeting, &found).unwrap();
    issue(world, meeting).unwrap();
}

fn those_who_do_not_run_the_panel_are_asked_and_told_nothing(world: &World) {
    let (meeting, _) = meeting(world, &["Nair"]);
    let found = look(world, COORDINATOR, meeting);
    not_found(connections::look(&world.by(POLICE), meeting));
    not_found(answer(world, POLICE, meeting, &found));
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    assert_eq!(priya.open(&format!("/meetings/{meeting}/agenda/connections")).status(), 404);
}

fn the_pages_lead_to_it_and_on_again(world: &World) {
    let (meeting, cases) = meeting(world, &["Evans", "Sato"]);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/meetings/{meeting}/agenda");
    let look_at = format!("{at}/connections");
    assert_eq!(leads_to(&carol.open(&format!("{at}/issue"))), look_at);
    let page = carol.read(&look_at);
    assert!(
        page.contains("Rhys Evans, case C-EVANS")
            && page.contains("Those who are listed here are not told")
    );
    assert!(page.contains(&format!("href=\"/cases/{}/lists\"", cases[0])), "{page}");
    says(carol.fill(&look_at, &[]), 422, &["There is a problem"]);
    let found = look(world, COORDINATOR, meeting);
    let reason = ("reason", "Asked the lead");
    for (n, onward) in [(0, look_at.clone()), (1, format!("{at}/issue"))] {
        let pressed = carol.fill(&look_at, &[("marks", &found[n].mark), reason]);
        assert_eq!(leads_to(&pressed), onward);
    }
    assert_eq!(leads_to(&carol.open(&look_at)), format!("{at}/issue"));
    says(carol.open(&format!("{at}/issue")), 200, &["Issue the agenda"]);
}
