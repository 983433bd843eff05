//! Who may name somebody on a case's lists, who declares a conflict, and who alone may lift it.

use super::{agency, keep_from, person, user};
use crate::casework::{Accepted, accept};
use panel_app::cases::{self, ConflictForm, LiftForm};
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::audit::Purpose;
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::program::Program;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, IDVA, OUTSIDER, POLICE, POLICE_SPOC, World};
use serde_json::json;

on_both!(
    only_the_chair_lifts_a_line_and_says_why,
    whoever_runs_the_panel_cannot_be_left_out,
    a_representative_declares_a_conflict_and_the_case_is_gone,
    a_coordinator_names_somebody_on_the_pages,
    a_program_keeps_a_case_from_somebody,
);

fn only_the_chair_lifts_a_line_and_says_why(world: &World) {
    let case = accept(world, &Accepted::default());
    keep_from(world, case, POLICE);
    let again = person(world, ListKind::Excluded, POLICE);
    assert_eq!(rule(cases::add_to_list(&world.by(COORDINATOR), case, &again)).0, "listed");
    let line = cases::lists(&world.by(CHAIR), case).unwrap().lines.remove(0);
    let why = LiftForm { reason: "Cleared by the force.".to_owned() };
    let refused = cases::lift_from_list(&world.by(COORDINATOR), case, line.id, &why);
    assert_eq!(rule(refused).0, "not_allowed");
    let silent = cases::lift_from_list(&world.by(CHAIR), case, line.id, &LiftForm::default());
    assert_eq!(invalid(silent)[0].field, "reason");
    not_found(cases::show(&world.by(POLICE), case));
    cases::lift_from_list(&world.by(CHAIR), case, line.id, &why).unwrap();
    cases::show(&world.by(POLICE), case).unwrap();
    not_found(cases::lift_from_list(&world.by(CHAIR), case, line.id, &why));
    let lifted = cases::lists(&world.by(COORDINATOR), case).unwrap().lines.remove(0);
    assert_eq!(
        (lifted.lift_reason.as_str(), lifted.lifted_by),
        ("Cleared by the force.", Some(user(world, CHAIR)))
    );
    let log =
        panel_app::audit::list(&world.by(COORDINATOR), Purpose::Integrity, Some(case), None, 50)
            .unwrap();
    for deed in ["case.add_to_list", "case.lift_from_list"] {
        assert!(
            log.iter().any(|row| row.deed == deed && row.detail == line.id.to_string()),
            "{deed}"
        );
    }
}

fn whoever_runs_the_panel_cannot_be_left_out(world: &World) {
    let case = accept(world, &Accepted::default());
    for email in [COORDINATOR, CHAIR, OUTSIDER] {
        let form = person(world, ListKind::Excluded, email);
        let refused = cases::add_to_list(&world.by(COORDINATOR), case, &form);
        assert_eq!(invalid(refused)[0].code, "not_a_member", "{email}");
    }
    let conflict = ConflictForm { conflict: Conflict::Personal, note: String::new() };
    let refused = cases::declare_conflict(&world.by(CHAIR), case, &conflict);
    assert_eq!(rule(refused).0, "runs_panel");
    // The agency that employs the chair may be named: the chair still sees the case.
    let police = agency(ListKind::Excluded, world.town().police);
    cases::add_to_list(&world.by(COORDINATOR), case, &police).unwrap();
    cases::show(&world.by(CHAIR), case).unwrap();
    not_found(cases::show(&world.by(POLICE), case));
    for email in [POLICE_SPOC, IDVA, OUTSIDER] {
        not_found(cases::lists(&world.by(email), case));
        let form = person(world, ListKind::Excluded, POLICE);
        not_found(cases::add_to_list(&world.by(email), case, &form));
    }
}

fn a_representative_declares_a_conflict_and_the_case_is_gone(world: &World) {
    let case = accept(world, &Accepted::default());
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let (at, declare) = (format!("/cases/{case}"), format!("/cases/{case}/conflict"));
    assert!(priya.read(&at).contains(&declare));
    says(priya.fill(&declare, &[]), 422, &["There is a problem"]);
    let done = priya.fill(&declare, &[("conflict", "personal"), ("note", "My cousin.")]);
    let to = leads_to(&done);
    let list = priya.read(&to);
    assert!(list.contains("You declared a conflict of interest") && !list.contains("Stone"));
    assert_eq!(priya.open(&at).status().as_u16(), 404);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("{at}/lists"));
    for words in ["Priya Nair", "Personal relationship", "My cousin.", "Declared on"] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("/lift\""), "only the chair lifts it");
}

fn a_coordinator_names_somebody_on_the_pages(world: &World) {
    let case = accept(world, &Accepted::default());
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/cases/{case}/lists");
    assert!(carol.read(&format!("/cases/{case}")).contains(&at));
    assert!(carol.read(&at).contains("Nobody is named."));
    let add = format!("{at}/add");
    let form = carol.read(&add);
    assert!(form.contains("Priya Nair") && !form.contains("Colin Chair"), "{form}");
    says(
        carol.fill(&add, &[("kind", "excluded"), ("conflict", "other")]),
        422,
        &["Choose one person or one agency"],
    );
    let priya = user(world, POLICE).to_string();
    let fields = [("kind", "excluded"), ("conflict", "other"), ("person", priya.as_str())];
    assert_eq!(leads_to(&carol.fill(&add, &fields)), at);
    assert!(carol.read(&at).contains("Priya Nair"));
    let colin = pages.signed_in(world, CHAIR);
    let page = colin.read(&at);
    let (before, _) = page.split_once("\">Lift").unwrap();
    let (_, lift) = before.rsplit_once("href=\"").unwrap();
    assert_eq!(carol.open(lift).status().as_u16(), 404);
    assert_eq!(leads_to(&colin.fill(lift, &[("reason", "Cleared.")])), at);
    let page = colin.read(&at);
    assert!(page.contains("Nobody is named.") && page.contains("Cleared."), "{page}");
}

fn a_program_keeps_a_case_from_somebody(world: &World) {
    let case = accept(world, &Accepted::default());
    let pages = Pages::of(world);
    let carol = Program::of(&pages, world, COORDINATOR);
    let at = format!("/api/v1/cases/{case}/lists");
    let body = json!({"kind": "excluded", "person": user(world, POLICE), "conflict": "personal"});
    let shown = carol.post(&at, &body).well();
    let line = shown["lines"][0]["id"].as_str().unwrap().to_owned();
    let priya = Program::of(&pages, world, POLICE);
    priya.get(&format!("/api/v1/cases/{case}")).problem(404, "not_found");
    priya.get(&at).problem(404, "not_found");
    carol.post(&at, &body).problem(422, "listed");
    let lift = format!("{at}/{line}/lift");
    carol.post(&lift, &json!({"reason": "Cleared."})).problem(422, "not_allowed");
    Program::of(&pages, world, CHAIR).post(&lift, &json!({"reason": "Cleared."})).well();
    priya.get(&format!("/api/v1/cases/{case}")).well();
    let conflict = format!("/api/v1/cases/{case}/conflict");
    priya.post(&conflict, &json!({"conflict": "personal"})).well();
    priya.get(&format!("/api/v1/cases/{case}")).problem(404, "not_found");
}
