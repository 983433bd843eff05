//! A case opened in an emergency: for an hour, to be read, told to two others and looked at by them; never
//! one that is kept from whoever asks.

use crate::casework::{Accepted, accept};
use crate::proofs::mask::Mask;
use crate::sealed::{run, worker};
use crate::series::rows;
use chrono::Duration;
use panel_app::actions::{self, Filters, LeaverForm, sheet};
use panel_app::cases::{self, CaseFilter, CaseListForm, ConflictForm};
use panel_app::glass::{self, GlassForm, GlassReviewForm};
use panel_app::{Ctx, Presence, audit, panels, users};
use panel_core::access::Role;
use panel_core::access::glass::{Cause, Outcome};
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::audit::{AuditKind, Purpose};
use panel_core::id::{CaseId, GlassId};
use panel_tests::on_both;
use panel_tests::program::Program;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, OUTSIDER, POLICE, POLICE_LEAD, PROBATION, World,
};
use serde_json::json;

on_both!(
    one_case_is_open_for_an_hour_and_to_the_second,
    what_is_open_is_read_and_neither_changed_nor_taken_away,
    what_is_kept_from_her_gets_the_answer_of_what_never_was,
    a_line_set_meanwhile_ends_it_at_once,
    it_takes_a_right_a_reason_and_a_proof,
    where_two_others_cannot_look_at_it_nothing_is_opened,
    two_people_of_other_agencies_are_told_at_once_and_review_it,
    unreviewed_the_right_is_suspended_and_administrators_are_told,
    a_reviewer_who_has_left_is_replaced_by_the_next,
    it_ends_by_the_button_and_with_the_account,
    every_page_says_so_while_it_is_open,
    a_program_opens_nothing_and_reviews,
);

/// Leads probation at the town's panel.
const LEAD: &str = "lead@probation.example";
/// Leads housing there.
const SECOND: &str = "lead@housing.example";

/// A town whose police belong to the panel beside it too, and two cases that its coordinator cannot see.
fn scene(world: &World) -> [CaseId; 2] {
    let town = *world.town();
    let beside = [(town.westshire, true), (town.police, false)];
    panels::set_agencies(&world.operator(), town.elsewhere, &beside).unwrap();
    world.person(LEAD, "Pat Wynn", town.probation, Some((town.panel, Role::AgencyLead)));
    ["Adams", "Brook"].map(|surname| accept(world, &Accepted { surname, ..Accepted::default() }))
}

const WHY: &str = "He is on his way to her with a knife";

pub(crate) fn form(reference: &str) -> GlassForm {
    GlassForm { reference: reference.to_owned(), cause: Cause::Danger, reason: WHY.to_owned() }
}

#[track_caller]
fn opened(world: &World) -> GlassId {
    glass::open(&world.by(OUTSIDER), &form("c-adams")).unwrap();
    glass::overview(&world.by(OUTSIDER)).unwrap().own[0].id
}

fn kept(world: &World, case: CaseId) {
    let person = Some(world.by(OUTSIDER).user());
    let (kind, conflict, note) = (ListKind::Excluded, Conflict::Personal, String::new());
    let form = CaseListForm { kind, person, agency: None, conflict, note };
    cases::add_to_list(&world.by(COORDINATOR), case, &form).unwrap();
}

/// The newest rows of the log that whoever runs the panel reads of a case.
fn logged(world: &World, case: CaseId) -> Vec<(AuditKind, String, String)> {
    let (by, purpose) = (world.by(COORDINATOR), Purpose::Lawfulness);
    let (found, _) = audit::log(&by, purpose, Some(case), None).unwrap();
    found.into_iter().map(|line| (line.row.kind, line.row.deed, line.row.detail)).collect()
}

fn one_case_is_open_for_an_hour_and_to_the_second(world: &World) {
    let [adams, brook] = scene(world);
    let sees = |case| cases::show(&world.by(OUTSIDER), case);
    let count = || cases::count(&world.by(OUTSIDER), CaseFilter::default()).unwrap();
    not_found(sees(adams));
    assert_eq!(count(), 0);
    assert_eq!(glass::open(&world.by(OUTSIDER), &form(" c-adams ")).unwrap(), adams);
    let shown = sees(adams).unwrap();
    assert!(shown.in_emergency && shown.panel_name == "Eastshire MATAC");
    assert_eq!((shown.referrals.len(), count()), (1, 1), "the one case, in every list");
    not_found(sees(brook));
    let second = rule(glass::open(&world.by(OUTSIDER), &form("C-BROOK")));
    assert_eq!(second.0, "one_at_a_time");
    world.pass(Duration::seconds(3_599));
    sees(adams).unwrap();
    world.pass(Duration::seconds(1));
    not_found(sees(adams));
    assert_eq!(count(), 0);
    let log = logged(world, adams);
    let of = |deed: &str| {
        log.iter().filter(|row| row.0 == AuditKind::BreakGlass && row.1 == deed).count()
    };
    assert_eq!((of("glass.open"), of("case.show")), (1, 2), "{log:?}");
    let id = glass::overview(&world.by(OUTSIDER)).unwrap().own[0].id.to_string();
    let named = |row: &&(AuditKind, String, String)| row.0 == AuditKind::BreakGlass && row.2 == id;
    assert!(log.iter().filter(named).count() == 3, "each reading names the opening: {log:?}");
}

fn what_is_open_is_read_and_neither_changed_nor_taken_away(world: &World) {
    let [adams, _] = scene(world);
    let (town, by) = (world.town(), world.by(COORDINATOR));
    let action = serde_json::from_value(json!({"panel": town.panel, "case": adams,
        "text": "Visit him", "agency": town.police, "due": "2026-04-09"}))
    .unwrap();
    let action = actions::set(&by, &action).unwrap().saved.action;
    opened(world);
    let her = world.by(OUTSIDER);
    actions::show(&her, action).unwrap();
    let conflict = ConflictForm { conflict: Conflict::Personal, note: String::new() };
    not_found(cases::declare_conflict(&her, adams, &conflict));
    let reason = serde_json::from_value(json!({"version": 1, "reason": "No"})).unwrap();
    not_found(actions::report_not_possible(&her, action, &reason));
    assert!(!cases::show(&her, adams).unwrap().may.declare);
    let listed = actions::list(&her, &Filters::default(), None).unwrap().rows.len();
    let file = sheet::export(&her, &Filters::default(), sheet::Format::Csv).unwrap();
    assert_eq!((listed, file.rows), (1, 0), "it is seen, and not in a file");
}

fn what_is_kept_from_her_gets_the_answer_of_what_never_was(world: &World) {
    let [adams, brook] = scene(world);
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    kept(world, adams);
    let named = |person: &str| {
        let person = Some(world.by(person).user());
        let (kind, conflict, note) = (ListKind::Named, Conflict::Other, String::new());
        let form = CaseListForm { kind, person, agency: None, conflict, note };
        cases::add_to_list(&world.by(COORDINATOR), brook, &form).unwrap();
    };
    named(PROBATION);
    let mut answers = Vec::new();
    for reference in ["C-ADAMS", "C-BROOK", "C-NOONE"] {
        let fields = [("reference", reference), ("cause", "danger"), ("reason", WHY)];
        let answer = wendy.fill("/glass/open", &fields);
        let (status, headers) = (answer.status().as_u16(), answer.headers().len());
        let body = answer.text().unwrap().replace(reference, "C-NOBODY");
        answers.push((status, headers, Mask::default().over(&body)));
    }
    assert_eq!(answers[0].0, 422);
    assert!(answers[0].2.contains("There is no case with this reference that you can open"));
    assert_eq!(answers[0], answers[2], "kept from her");
    assert_eq!(answers[1], answers[2], "kept among others");
    assert_eq!(glass::overview(&world.by(OUTSIDER)).unwrap().own, []);
    for case in [adams, brook] {
        let log = logged(world, case);
        let of = |kind, deed: &str| log.iter().filter(|row| row.0 == kind && row.1 == deed).count();
        assert_eq!(of(AuditKind::Denial, "glass.refused"), 1, "{log:?}");
        assert_eq!(of(AuditKind::BreakGlass, "glass.open"), 0, "{log:?}");
    }
    let by = world.by(ADMINISTRATOR);
    let all = audit::newest(&by, Purpose::Integrity, 10).unwrap();
    let never =
        all.iter().filter(|line| line.row.deed == "glass.refused" && line.row.case.is_none());
    assert_eq!(never.count(), 1, "what never was is in the log too");
}

fn a_line_set_meanwhile_ends_it_at_once(world: &World) {
    let [adams, _] = scene(world);
    let id = opened(world);
    cases::show(&world.by(OUTSIDER), adams).unwrap();
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    assert!(wendy.read("/glass").contains("C-ADAMS"));
    kept(world, adams);
    not_found(cases::show(&world.by(OUTSIDER), adams));
    not_found(glass::close(&world.by(OUTSIDER), id));
    assert!(!wendy.read("/glass").contains("C-ADAMS"), "not even the banner tells of it");
}

fn it_takes_a_right_a_reason_and_a_proof(world: &World) {
    let [adams, _] = scene(world);
    for email in [POLICE, PROBATION, LEAD, ADMINISTRATOR] {
        not_found(glass::open(&world.by(email), &form("C-ADAMS")));
    }
    assert_eq!(rule(glass::open(&world.by(CHAIR), &form("C-ADAMS"))).0, "seen");
    let short = GlassForm { reason: "Because I have to.".to_owned(), ..form("C-ADAMS") };
    let errors = invalid(glass::open(&world.by(OUTSIDER), &short));
    assert_eq!(errors[0].message, "Reason must be 20 characters or more");
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    world.pass(Duration::minutes(10));
    let fields = [("reference", "C-ADAMS"), ("cause", "danger"), ("reason", WHY)];
    let asked = leads_to(&wendy.fill("/glass/open", &fields));
    assert_eq!(asked, "/confirm?next=%2Fglass%2Fopen");
    not_found(cases::show(&world.by(OUTSIDER), adams));
    let police = pages.signed_in(world, POLICE);
    for path in ["/glass", "/glass/open"] {
        assert_eq!(police.open(path).status().as_u16(), 404, "{path}");
    }
}

fn where_two_others_cannot_look_at_it_nothing_is_opened(world: &World) {
    let [adams, _] = scene(world);
    let lead = |email: &str| {
        let person = Some(world.by(email).user());
        let (kind, conflict, note) = (ListKind::Excluded, Conflict::Personal, String::new());
        let form = CaseListForm { kind, person, agency: None, conflict, note };
        cases::add_to_list(&world.by(COORDINATOR), adams, &form).unwrap();
    };
    lead(LEAD);
    lead(POLICE_LEAD);
    assert_eq!(rule(glass::open(&world.by(OUTSIDER), &form("C-ADAMS"))).0, "no_reviewers");
    not_found(cases::show(&world.by(OUTSIDER), adams));
}

fn two_people_of_other_agencies_are_told_at_once_and_review_it(world: &World) {
    let [adams, _] = scene(world);
    world.set("2026-04-04 03:00"); // a night in a weekend
    let id = opened(world);
    let (mut worker, mailbox) = worker(world, None);
    run(world, &mut worker);
    let letters = mailbox.letters();
    let told: Vec<_> = letters.iter().filter(|one| one.subject.contains("emergency")).collect();
    let mut to: Vec<&str> = told.iter().map(|one| one.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [CHAIR, LEAD], "the chair, and a lead of another agency than the chair's");
    for letter in told {
        for word in ["C-ADAMS", "Adams", "Eastshire", "Marsh", "knife"] {
            assert!(!letter.subject.contains(word) && !letter.body.contains(word), "{letter:?}");
        }
    }
    cases::show(&world.by(OUTSIDER), adams).unwrap();
    for email in [OUTSIDER, COORDINATOR, POLICE_LEAD, ADMINISTRATOR] {
        not_found(glass::show(&world.by(email), id));
    }
    let found = glass::show(&world.by(LEAD), id).unwrap();
    assert_eq!((found.row.reference.as_str(), found.row.reason.as_str()), ("C-ADAMS", WHY));
    assert!(found.reads.iter().any(|read| read.deed == "case.show"), "{:?}", found.reads);
    assert!(
        found.reads.iter().all(|read| read.what != "Something of the case"),
        "{:?}",
        found.reads
    );
    let pages = Pages::of(world);
    let pat = pages.signed_in(world, LEAD);
    let page = pat.read(&format!("/glass/{id}"));
    assert!(page.contains("Wendy Marsh, Westshire Council") && page.contains("The case: person"));
    let fields = [("outcome", "not_justified"), ("text", "She could have rung the duty inspector")];
    let at = format!("/glass/{id}/review");
    let saved = pat.press(&page, &at, &fields);
    assert_eq!(leads_to(&saved), format!("/glass/{id}"));
    assert!(pat.read(&format!("/glass/{id}")).contains("It was not justified"));
    let text = "I think that she was right to do it".to_owned();
    let late = GlassReviewForm { outcome: Outcome::Justified, text };
    assert_eq!(rule(glass::review(&world.by(CHAIR), id, &late)).0, "reviewed");
    let own = glass::overview(&world.by(OUTSIDER)).unwrap().own;
    assert_eq!(own[0].outcome, Some(Outcome::NotJustified));
    assert!(logged(world, adams).iter().any(|row| row.1 == "glass.review"));
}

fn a_reviewer_who_has_left_is_replaced_by_the_next(world: &World) {
    scene(world);
    world.person(
        SECOND,
        "Ned Abel",
        world.town().housing,
        Some((world.town().panel, Role::AgencyLead)),
    );
    let id = opened(world);
    let (mut worker, mailbox) = worker(world, None);
    let waits = |email| glass::overview(&world.by(email)).map(|all| all.to_review.len());
    let asked: Vec<&str> = [CHAIR, LEAD, SECOND, POLICE_LEAD]
        .into_iter()
        .filter(|e| waits(e).ok() == Some(1))
        .collect();
    assert_eq!((asked.len(), asked[0]), (2, CHAIR));
    run(world, &mut worker);
    let to = |who: &str| mailbox.letters().iter().filter(|one| one.to == who).count();
    let left = asked[1];
    let next = if left == LEAD { SECOND } else { LEAD };
    let before = to(next);
    run(world, &mut worker);
    assert_eq!(to(next), before, "while both can, nobody else is asked");
    let leaver = LeaverForm::default();
    actions::remove_person(&world.operator(), world.by(left).user(), &leaver).unwrap();
    world.pass(Duration::minutes(5));
    run(world, &mut worker);
    assert_eq!(to(next), before + 1);
    let text = "He was arrested at her door".to_owned();
    let form = GlassReviewForm { outcome: Outcome::Justified, text };
    glass::review(&world.by(next), id, &form).unwrap();
    let of_case = glass::show(&world.by(CHAIR), id).unwrap().row.case;
    assert!(logged(world, of_case).iter().any(|row| row.1 == "glass.reviewer"));
}

fn unreviewed_the_right_is_suspended_and_administrators_are_told(world: &World) {
    scene(world);
    let id = opened(world);
    let (mut worker, mailbox) = worker(world, None);
    let told = || mailbox.letters().iter().filter(|one| one.subject.contains("in time")).count();
    let open = || glass::open(&world.by(OUTSIDER), &form("C-BROOK"));
    // Two working days from Wednesday 1 April: Good Friday and Easter Monday are none.
    world.set("2026-04-07 23:59");
    run(world, &mut worker);
    assert_eq!(told(), 0);
    assert!(!glass::overview(&world.by(OUTSIDER)).unwrap().is_suspended);
    world.set("2026-04-08 00:00");
    run(world, &mut worker);
    run(world, &mut worker);
    assert_eq!(told(), 1, "one letter to the one administrator, once");
    assert_eq!(rule(open()).0, "suspended");
    let late = glass::overview(&world.by(ADMINISTRATOR)).unwrap().late;
    assert_eq!((late[0].id, late[0].user_name.as_str()), (id, "Wendy Marsh"));
    let text = "He was arrested at her door".to_owned();
    let form = GlassReviewForm { outcome: Outcome::Justified, text };
    glass::review(&world.by(CHAIR), id, &form).unwrap();
    assert_eq!(glass::overview(&world.by(ADMINISTRATOR)).unwrap().late, []);
    open().unwrap();
}

fn it_ends_by_the_button_and_with_the_account(world: &World) {
    let [adams, brook] = scene(world);
    opened(world);
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    let page = wendy.read(&format!("/cases/{adams}"));
    let id = glass::overview(&world.by(OUTSIDER)).unwrap().own[0].id;
    let closed = wendy.press(&page, &format!("/glass/{id}/close"), &[]);
    assert_eq!(leads_to(&closed), "/glass");
    assert_eq!(wendy.open(&format!("/cases/{adams}")).status().as_u16(), 404);
    assert!(logged(world, adams).iter().any(|row| row.1 == "glass.close"));
    assert_eq!(glass::open(&world.by(OUTSIDER), &form("C-BROOK")).unwrap(), brook);
    let user = world.by(OUTSIDER).user();
    let leaver = LeaverForm::default();
    actions::remove_person(&world.operator(), user, &leaver).unwrap();
    let open = rows(world, panel_store::glass::own);
    assert_eq!(open, [], "nobody's but hers");
    assert_eq!(wendy.open(&format!("/cases/{brook}")).status().as_u16(), 303, "signed out");
    assert!(users::show(&world.operator(), user).unwrap().user.ended_on.is_some());
}

fn every_page_says_so_while_it_is_open(world: &World) {
    let [adams, _] = scene(world);
    let pages = Pages::of(world);
    let wendy = pages.signed_in(world, OUTSIDER);
    assert!(!wendy.read("/cases").contains("in an emergency, to read it"));
    let fields = [("reference", "c-adams"), ("cause", "danger"), ("reason", WHY)];
    let opened = wendy.fill("/glass/open", &fields);
    assert_eq!(leads_to(&opened), format!("/cases/{adams}"));
    let person = cases::show(&world.by(OUTSIDER), adams).unwrap().person.id;
    for path in ["/", "/cases", &format!("/cases/{adams}"), &format!("/people/{person}")] {
        let page = wendy.read(path);
        let said = "Wendy Marsh opened case C-ADAMS in an emergency, to read it until 10am. Two people \
                    in other agencies have been told.";
        assert!(page.contains(said) && page.contains("Close it again"), "{path}: {page}");
    }
    assert!(!pages.signed_in(world, CHAIR).read("/cases").contains("Close it again"));
    world.pass(Duration::minutes(60));
    let wendy = pages.signed_in(world, OUTSIDER);
    assert!(!wendy.read("/cases").contains("Close it again"));
}

fn a_program_opens_nothing_and_reviews(world: &World) {
    scene(world);
    let program = Ctx::new(&world.app, world.by(OUTSIDER).person).unwrap();
    let program = program.present(Presence::Program);
    assert_eq!(rule(glass::open(&program, &form("C-ADAMS"))).0, "in_person");
    let id = opened(world);
    let pages = Pages::of(world);
    let pat = Program::of(&pages, world, LEAD);
    let waits = pat.get("/api/v1/glass").well();
    assert_eq!(waits["to_review"][0]["id"], json!(id));
    let said = json!({"outcome": "justified", "text": "He was arrested at her door"});
    let done = pat.post(&format!("/api/v1/glass/{id}/review"), &said).well();
    assert_eq!(done["row"]["outcome"], "justified");
    let wendy = Program::of(&pages, world, OUTSIDER);
    assert!(wendy.post(&format!("/api/v1/glass/{id}/close"), &json!({})).status < 300);
    wendy.get(&format!("/api/v1/glass/{id}")).problem(404, "not_found");
}
