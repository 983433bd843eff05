//! Who reads the audit log, and for what; who has looked at a case; what an agency is told of the
//! month; and what was refused.

use crate::actions::{done, set};
use crate::casework::{Accepted, accept};
use crate::sealed::worker;
use panel_app::audit::{self, AuditRow};
use panel_app::cases::{self, CaseFilter};
use panel_app::notes::NoteForm;
use panel_app::{actions, handling, notes};
use panel_core::audit::{AuditKind, Purpose, SubjectKind};
use panel_core::handling::{NoteKind, Record};
use panel_core::id::{CaseId, Id};
use panel_tests::on_both;
use panel_tests::paper::Paper;
use panel_tests::program::Program;
use panel_tests::site::{Pages, Visitor};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, POLICE_LEAD, POLICE_SPOC, World,
};
use uuid::Uuid;

on_both!(
    the_log_is_shown_to_whoever_says_for_what_and_that_is_noted,
    whoever_runs_the_panel_sees_who_looked_at_a_case_and_what_they_saw,
    every_look_says_in_what_context_it_was,
    looks_are_read_page_by_page_also_where_a_list_showed_the_case,
    nobody_else_may_ask_who_looked,
    an_agency_lead_is_told_who_read_the_agencys_cases,
    what_is_kept_from_a_lead_is_not_in_the_statement,
    a_refusal_is_noted_and_tells_nobody_what_is_there,
);

#[track_caller]
fn read(visitor: &Visitor, path: &str) -> Paper {
    Paper::new(path, visitor.read(path))
}

#[track_caller]
fn log(world: &World) -> Vec<AuditRow> {
    audit::list(&world.by(ADMINISTRATOR), Purpose::Integrity, None, None, 500).unwrap()
}

/// The newest rows that the coordinator of the panel finds.
#[track_caller]
fn of_panel(world: &World) -> Vec<AuditRow> {
    audit::list(&world.by(COORDINATOR), Purpose::Integrity, None, None, 500).unwrap()
}

/// Lets a worker seal what was done.
#[track_caller]
fn seal(world: &World) {
    let (mut worker, _) = worker(world, None);
    worker.run_once(world.app.clock.now().unwrap()).unwrap();
}

fn the_log_is_shown_to_whoever_says_for_what_and_that_is_noted(world: &World) {
    let case = accept(world, &Accepted::default());
    cases::show(&world.by(COORDINATOR), case).unwrap();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let asked = read(&carol, "/audit");
    asked.holds(&["four purposes", "To check that processing was lawful"]).lacks(&["case.show"]);
    let shown = read(&carol, &asked.link("To keep the data whole and secure"));
    shown.holds(&["case.show", "Carol Finch"]);
    let noted = of_panel(world)
        .into_iter()
        .find(|row| row.detail == "integrity" && row.deed == "audit.read");
    let noted = noted.expect("the reading and its purpose are in the log");
    assert_eq!((noted.kind, noted.panel), (AuditKind::Consultation, Some(world.town().panel)));
    assert_eq!(carol.open("/audit?purpose=curiosity").status(), 400);
    let program = Program::of(&pages, world, COORDINATOR);
    assert_eq!(program.get("/api/v1/audit").status, 422);
    program.get("/api/v1/audit?purpose=self_monitoring").well();
}

fn whoever_runs_the_panel_sees_who_looked_at_a_case_and_what_they_saw(world: &World) {
    let case = accept(world, &Accepted::default());
    cases::show(&world.by(POLICE), case).unwrap();
    world.set("2026-04-02 14:30");
    cases::list(&world.by(POLICE_LEAD), CaseFilter::default(), None).unwrap();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = read(&carol, &format!("/cases/{case}"));
    let asked = read(&carol, &page.link("Who has looked at this case"));
    let shown = read(&carol, &asked.link("To monitor ourselves, including for discipline"));
    shown.holds(&["Priya Nair", "Eastshire Police", "The case: person, agencies", "1 April 2026"]);
    // Carol’s own look at the case’s page is the newest but one, before this one.
    shown.in_order(&["Carol Finch", "Lena Brandt", "Priya Nair"]);
    let purposes = of_panel(world);
    let noted = purposes.iter().find(|row| row.deed == "case.looked").unwrap();
    assert_eq!((noted.case, noted.detail.as_str()), (Some(case), "self_monitoring"));
}

fn every_look_says_in_what_context_it_was(world: &World) {
    let case = accept(world, &Accepted::default());
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    let town = *world.town();
    let action = set(world, "Visit him", case, town.police, Some(POLICE), "2026-06-12");
    let theirs = set(world, "Write to him", case, town.housing, Some(HOUSING), "2026-06-12");
    // Long after it was new, and for no meeting.
    world.set("2026-06-01 10:00");
    let context = || {
        let by = world.by(COORDINATOR);
        audit::looked(&by, Purpose::Lawfulness, case, None).unwrap().looks[0].context
    };
    actions::show(&world.by(POLICE), action).unwrap();
    assert_eq!(context(), "An action of the agency is open", "on the action’s own page too");
    cases::list(&world.by(POLICE), CaseFilter::default(), None).unwrap();
    assert_eq!(context(), "Among other cases");
    cases::lists(&world.by(COORDINATOR), case).unwrap();
    assert_eq!(context(), "Runs the panel");
    actions::complete(&world.by(HOUSING), theirs, &done(world, theirs, "2026-06-01", "Done"))
        .unwrap();
    actions::show(&world.by(HOUSING), theirs).unwrap();
    assert_eq!(context(), "None that Panel knows of", "nothing is left to do for housing");
    let sealed = NoteForm {
        kind: Some(NoteKind::Other),
        text: "He keeps a dog.".to_owned(),
        ..NoteForm::default()
    };
    let note = notes::add(&world.by(POLICE), case, &sealed).unwrap();
    notes::read(&world.by(POLICE), note).unwrap();
    handling::show(&world.by(POLICE), Record::Note(note)).unwrap();
    let looks = audit::looked(&world.by(CHAIR), Purpose::Integrity, case, None).unwrap().looks;
    let said = looks.iter().find(|look| look.deed == "note.read").unwrap();
    assert_eq!(said.context, "An action of the agency is open", "as the row beside it says");
    assert!(looks.iter().all(|look| look.shown != look.deed), "in words: {looks:?}");
    assert!(looks.iter().any(|look| look.context == "To check that processing was lawful"));
    assert!(looks.iter().all(|look| !look.context.is_empty()), "{looks:?}");
}

fn looks_are_read_page_by_page_also_where_a_list_showed_the_case(world: &World) {
    let case = accept(world, &Accepted::default());
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    for n in 0..60 {
        world.pass(chrono::Duration::minutes(1));
        if n % 2 == 0 {
            cases::list(&world.by(POLICE), CaseFilter::default(), None).unwrap();
        } else {
            cases::show(&world.by(POLICE), case).unwrap();
        }
        // Some were sealed and are found by the index, the last were not.
        if n == 40 {
            seal(world);
        }
    }
    let ctx = world.by(COORDINATOR);
    let first = audit::looked(&ctx, Purpose::Lawfulness, case, None).unwrap();
    let rest = audit::looked(&ctx, Purpose::Lawfulness, case, first.next).unwrap();
    assert_eq!((first.looks.len(), rest.next), (50, None));
    let all: Vec<_> = first.looks.iter().chain(&rest.looks).collect();
    let police = all.iter().filter(|look| look.name.as_deref() == Some("Priya Nair")).count();
    assert_eq!(police, 60);
    assert!(all.windows(2).all(|two| two[0].id > two[1].id), "newest first, each once");
    let lists = all.iter().filter(|look| look.shown.contains("The case in a list")).count();
    assert!(lists >= 30, "{lists}");
}

fn nobody_else_may_ask_who_looked(world: &World) {
    let case = accept(world, &Accepted::default());
    let pages = Pages::of(world);
    for email in [POLICE, POLICE_LEAD, ADMINISTRATOR, OUTSIDER] {
        let visitor = pages.signed_in(world, email);
        for query in ["", "?purpose=lawfulness"] {
            let path = format!("/cases/{case}/looked{query}");
            assert_eq!(visitor.open(&path).status(), 404, "{email}");
        }
    }
}

fn an_agency_lead_is_told_who_read_the_agencys_cases(world: &World) {
    let case = accept(world, &Accepted::default());
    for _ in 0..3 {
        cases::show(&world.by(POLICE), case).unwrap();
    }
    cases::show(&world.by(COORDINATOR), case).unwrap();
    seal(world);
    let pages = Pages::of(world);
    for email in [POLICE_LEAD, POLICE_SPOC] {
        let lead = pages.signed_in(world, email);
        let page =
            read(&lead, &read(&lead, "/my-work").link("Who read your agency’s cases this month"));
        page.holds(&["April 2026", "C-STONE", "Eastshire Council"]);
        page.in_order(&["Priya Nair", "Eastshire Police", "3"]);
        let before = read(&lead, &page.link("The month before, March 2026"));
        before.lacks(&["Priya Nair"]).holds(&["Nobody read any of these cases"]);
    }
    let rep = pages.signed_in(world, POLICE);
    assert_eq!(rep.open("/statement").status(), 404);
    let other = format!("/statement?agency={}", world.town().housing);
    assert_eq!(pages.signed_in(world, POLICE_LEAD).open(&other).status(), 404);
}

fn what_is_kept_from_a_lead_is_not_in_the_statement(world: &World) {
    let case = accept(world, &Accepted::default());
    cases::show(&world.by(COORDINATOR), case).unwrap();
    let read = || audit::statement(&world.by(POLICE_LEAD), None, None, None).unwrap();
    assert_eq!(read().cases.len(), 1);
    crate::case_lists::keep_from(world, case, POLICE_LEAD);
    let statement = read();
    assert_eq!((statement.cases.len(), statement.unread), (0, 0));
}

fn a_refusal_is_noted_and_tells_nobody_what_is_there(world: &World) {
    let case = accept(world, &Accepted::default());
    let nowhere = CaseId::from_uuid(Uuid::from_u128(7));
    let pages = Pages::of(world);
    let hana = pages.signed_in(world, HOUSING);
    let told = |id: CaseId| {
        let answer = hana.open(&format!("/cases/{id}"));
        assert_eq!(answer.status(), 404);
        answer.text().unwrap().replace(&id.to_string(), "")
    };
    assert_eq!(told(case), told(nowhere));
    let program = Program::of(&pages, world, HOUSING);
    program.get(&format!("/api/v1/cases/{case}")).problem(404, "not_found");
    let denials = |rows: Vec<AuditRow>| -> Vec<AuditRow> {
        rows.into_iter().filter(|row| row.kind == AuditKind::Denial).collect()
    };
    let here = denials(of_panel(world));
    let asked: Vec<&str> = here.iter().map(|row| row.detail.as_str()).collect();
    assert_eq!(asked, ["GET /api/v1/cases/{case}", "GET /cases/{case}"]);
    let hana = world.by(HOUSING).user();
    assert!(here.iter().all(|row| row.case == Some(case) && row.actor == Some(hana)));
    assert!(here.iter().all(|row| row.subject_kind == SubjectKind::Case));
    // What was never there belongs to no panel; the administrator finds it.
    let elsewhere = denials(log(world));
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(elsewhere[0].subject.map(Id::uuid), Some(nowhere.uuid()));
    // Whoever has no seat at all is refused before any use case, and that is noted as well.
    let ada = pages.signed_in(world, ADMINISTRATOR);
    assert_eq!(ada.open(&format!("/cases/{case}")).status(), 404);
    assert_eq!(denials(of_panel(world)).len(), 3);
}
