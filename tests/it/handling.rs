//! Handling codes: who reads a reply or a sealed note.

mod changed;
mod pages;

use crate::information::{asked, request};
use crate::live::{decide, end, everybody_present, item_of, start};
use crate::series::rows;
use crate::whereabouts::dump;
use chrono::Duration;
use panel_app::handling::{self, DecideForm, MarkForm, MarkOutcome};
use panel_app::information::{self, ReplyForm};
use panel_app::notes::{self, NoteForm};
use panel_app::{AppError, Ctx};
use panel_core::access::Role;
use panel_core::agenda::Decision;
use panel_core::handling::{Code, Marking, NoteKind, Overlay, Record};
use panel_core::id::{AgencyId, CaseId, Id, MarkingChangeId, MeetingId, NoteId};
use panel_core::information::ReplyKind;
use panel_core::text::Note;
use panel_core::vocabulary::AgencyType;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, POLICE_SPOC, PROBATION, World,
};
use serde_json::json;
use std::collections::BTreeSet;

on_both!(
    intelligence_is_read_by_the_police_and_for_everybody_else_there_is_none,
    a_note_is_in_no_row_and_in_no_file_of_the_database,
    who_told_is_read_by_its_own_agency_alone,
    health_information_is_read_by_health_until_it_is_released,
    a_reply_is_read_by_those_whom_its_marking_names,
    minutes_take_no_marked_reply,
    an_end_is_the_last_day_for_others,
    a_note_of_a_case_that_is_kept_from_somebody_is_not_there_either,
    what_was_sealed_for_one_note_does_not_open_in_another,
    a_note_is_erased_with_its_history_and_leaves_a_line_in_the_log,
);

const SECRET: &str = "Arrest planned for Tuesday at the bakery";
const INFORMANT: &str = "Overheard by Zoltan Petrovics";

fn note(kind: NoteKind, marking: Option<Marking>) -> NoteForm {
    NoteForm { kind: Some(kind), text: SECRET.to_owned(), marking, ..NoteForm::default() }
}

#[track_caller]
fn written(world: &World, by: &str, case: CaseId, form: &NoteForm) -> NoteId {
    notes::add(&world.by(by), case, form).unwrap()
}

fn intelligence(world: &World, case: CaseId) -> NoteId {
    let form = NoteForm { source: INFORMANT.to_owned(), ..note(NoteKind::Intelligence, None) };
    written(world, POLICE, case, &form)
}

fn named(agencies: &[AgencyId]) -> Marking {
    Marking { agencies: agencies.iter().copied().collect(), ..Code::Named.into() }
}

/// Who of these reads the note; the others are told that there is none, also in the list.
#[track_caller]
fn check_readers(world: &World, case: CaseId, id: NoteId, readers: &[&str]) {
    for email in [COORDINATOR, CHAIR, POLICE, POLICE_SPOC, PROBATION, HOUSING, IDVA, OBSERVER] {
        let listed = notes::list(&world.by(email), case);
        let listed = listed.is_ok_and(|found| found.notes.iter().any(|one| one.id == id));
        let read = notes::read(&world.by(email), id);
        let shown = handling::show(&world.by(email), Record::Note(id));
        if readers.contains(&email) {
            assert_eq!(read.ok().map(|open| open.text).as_deref(), Some(SECRET), "{email}");
            assert!(listed && shown.is_ok(), "{email}");
        } else {
            assert!(matches!(read, Err(AppError::NotFound)) && !listed, "{email}");
            not_found(shown);
        }
    }
}

fn intelligence_is_read_by_the_police_and_for_everybody_else_there_is_none(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    check_readers(world, case, id, &[POLICE, POLICE_SPOC, CHAIR]);
    not_found(notes::list(&world.by(OUTSIDER), case));
    let other = written(world, HOUSING, case, &note(NoteKind::Other, None));
    check_readers(world, case, other, &[HOUSING, CHAIR, COORDINATOR]);
    not_found(notes::add(&world.by(COORDINATOR), case, &note(NoteKind::Other, None)));
}

fn a_note_is_in_no_row_and_in_no_file_of_the_database(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let everything = dump(world);
    for secret in [SECRET, INFORMANT, "bakery", "Petrovics"] {
        let bytes = format!("{:02x?}", secret.as_bytes());
        let digits: String = bytes.chars().filter(char::is_ascii_hexdigit).collect();
        assert!(!everything.contains(secret) && !everything.contains(&digits), "{secret}");
    }
    assert!(everything.contains(&id.to_string()), "the dump holds what is not sealed");
}

fn who_told_is_read_by_its_own_agency_alone(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let told = notes::source(&world.by(POLICE_SPOC), id).ok().unwrap();
    assert_eq!(told.text, INFORMANT);
    let read = notes::read(&world.by(CHAIR), id).ok().unwrap();
    assert!(read.line.has_source && !read.text.contains("Petrovics"));
    for email in [CHAIR, COORDINATOR, HOUSING] {
        assert!(matches!(notes::source(&world.by(email), id), Err(AppError::NotFound)), "{email}");
    }
    let without = written(world, POLICE, case, &note(NoteKind::Intelligence, None));
    assert!(matches!(notes::source(&world.by(POLICE), without), Err(AppError::NotFound)));
}

const NURSE: &str = "rep@hospital.example";
/// A hospital that takes part in the case, with a representative.
fn hospital(world: &World, case: CaseId) -> AgencyId {
    let form: panel_app::agencies::AgencyForm = serde_json::from_value(json!({
        "name": "Eastshire Hospital", "kind": AgencyType::AcuteTrust, "mail_domains": [], "aliases": [],
    }))
    .unwrap();
    let id = panel_app::agencies::add(&world.operator(), &form).unwrap();
    let town = world.town();
    rows(world, |az| panel_store::panels::add_agencies(az, town.panel, &[id]));
    world.person(NURSE, "Nia Bowen", id, Some((town.panel, Role::Representative)));
    rows(world, |az| panel_store::cases::join(az, case, &[id]));
    id
}

fn health_information_is_read_by_health_until_it_is_released(world: &World) {
    let (_, case) = asked(world);
    hospital(world, case);
    let id = written(world, NURSE, case, &note(NoteKind::Health, None));
    check_readers(world, case, id, &[]);
    let released = Marking {
        agencies: BTreeSet::from([world.town().probation]),
        ..Marking::from(Code::Health)
    };
    let record = Record::Note(id);
    let lower = lowering(world, NURSE, record, released.clone());
    assert_eq!(invalid(handling::mark(&world.by(NURSE), record, &lower))[0].field, "necessity");
    let necessity = Note::parse("His medication changes how he is supervised").ok();
    let released = Marking { necessity, ..released };
    let change = propose(world, NURSE, record, released);
    check_readers(world, case, id, &[]);
    // She has no colleague, and the chair cannot read it: nobody can agree, and it stays closed.
    assert!(handling::waiting(&world.by(CHAIR)).unwrap().is_empty());
    let seat = Some((world.town().panel, Role::SinglePointOfContact));
    world.person("doctor@hospital.example", "Dan Price", agency_of(world, NURSE), seat);
    agree(world, "doctor@hospital.example", record, change).unwrap();
    check_readers(world, case, id, &[PROBATION]);
}

fn agency_of(world: &World, email: &str) -> AgencyId {
    world.by(email).actor().agency
}

#[track_caller]
fn replied(
    world: &World,
    by: &str,
    form: impl FnOnce(ReplyForm) -> ReplyForm,
) -> (MeetingId, CaseId) {
    let (meeting, case) = asked(world);
    let request = request(world, meeting, agency_of(world, by));
    let answers = information::show(&world.by(by), request).unwrap().answers;
    let facts = "Two months of arrears".to_owned();
    let form = form(ReplyForm { facts, ..ReplyForm::empty(answers) });
    information::release(&world.by(by), request, &form).unwrap();
    (meeting, case)
}

fn readers_of_reply(world: &World, meeting: MeetingId, case: CaseId) -> Vec<&'static str> {
    let all = [COORDINATOR, CHAIR, POLICE, PROBATION, HOUSING];
    let reads = |email: &&str| {
        let found = information::about_case(&world.by(email), meeting, case).unwrap();
        !found.agencies.is_empty()
    };
    all.into_iter().filter(reads).collect()
}

fn a_reply_is_read_by_those_whom_its_marking_names(world: &World) {
    let probation = world.town().probation;
    let (meeting, case) =
        replied(world, HOUSING, |form| ReplyForm { marking: Some(named(&[probation])), ..form });
    assert_eq!(readers_of_reply(world, meeting, case), [PROBATION, HOUSING]);
    // Whoever runs the panel sees that there is a reply, and not what it says.
    let request = request(world, meeting, world.town().housing);
    let shown = information::show(&world.by(COORDINATOR), request).unwrap();
    assert!(shown.replies.is_empty() && shown.words.contains("Information to share"), "{shown:?}");
    let stranger = named(&[world.town().westshire]);
    let form = ReplyForm { marking: Some(stranger), facts: "x".into(), ..ReplyForm::empty(1) };
    let refused = information::release(&world.by(HOUSING), request, &form);
    assert_eq!(invalid(refused)[0].field, "agencies");
}

fn minutes_take_no_marked_reply(world: &World) {
    let overlays = BTreeSet::from([Overlay::NotToVictim]);
    let (meeting, _) = replied(world, HOUSING, |form| ReplyForm {
        marking: Some(Marking { overlays, ..Marking::default() }),
        ..form
    });
    let request = request(world, meeting, world.town().probation);
    let form = ReplyForm { facts: "Attends weekly".into(), ..ReplyForm::empty(1) };
    information::release(&world.by(PROBATION), request, &form).unwrap();
    start(world, meeting);
    everybody_present(world, meeting);
    decide(world, item_of(world, meeting, "ADAMS"), Decision::Retain);
    end(world, meeting);
    let record = panel_app::minutes::show(&world.by(COORDINATOR), meeting, None).unwrap();
    let text = serde_json::to_string(&record).unwrap();
    assert!(text.contains("Attends weekly") && !text.contains("arrears"), "{text}");
}

fn seen(ctx: &Ctx<'_>, record: Record) -> String {
    handling::show(ctx, record).unwrap().seen
}

fn lowering(world: &World, by: &str, record: Record, marking: Marking) -> MarkForm {
    let reason = "The arrest is over.".to_owned();
    MarkForm { marking, seen: seen(&world.by(by), record), reason }
}

#[track_caller]
fn propose(world: &World, by: &str, record: Record, marking: Marking) -> MarkingChangeId {
    let form = lowering(world, by, record, marking);
    let outcome = handling::mark(&world.by(by), record, &form).unwrap();
    assert_eq!(outcome, MarkOutcome::Proposed);
    handling::show(&world.by(by), record).unwrap().changes[0].id
}

fn agree(world: &World, by: &str, record: Record, change: MarkingChangeId) -> Result<(), AppError> {
    handling::decide(&world.by(by), record, change, DecideForm { agree: true })
}

fn an_end_is_the_last_day_for_others(world: &World) {
    let (_, case) = asked(world);
    let today = world.by(POLICE).today;
    let until = |days| Some(today + Duration::days(days));
    let form = |until| note(NoteKind::Other, Some(Marking { until, ..Marking::default() }));
    let refused = notes::add(&world.by(POLICE), case, &form(until(-1)));
    assert_eq!(invalid(refused)[0].field, "until");
    let id = written(world, POLICE, case, &form(until(1)));
    let reads = |email| notes::read(&world.by(email), id).is_ok();
    assert!(reads(HOUSING) && reads(POLICE));
    world.pass(Duration::days(1));
    assert!(reads(HOUSING) && reads(POLICE), "its last day");
    world.pass(Duration::days(1));
    assert!(!reads(HOUSING) && !reads(COORDINATOR) && reads(POLICE) && reads(POLICE_SPOC));
}

fn a_note_of_a_case_that_is_kept_from_somebody_is_not_there_either(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    crate::case_lists::keep_from(world, case, POLICE);
    assert!(matches!(notes::read(&world.by(POLICE), id), Err(AppError::NotFound)));
    not_found(notes::list(&world.by(POLICE), case));
    not_found(handling::show(&world.by(POLICE), Record::Note(id)));
    not_found(notes::erase(&world.by(POLICE), id));
    assert!(notes::read(&world.by(POLICE_SPOC), id).is_ok());
}

fn what_was_sealed_for_one_note_does_not_open_in_another(world: &World) {
    let (_, case) = asked(world);
    intelligence(world, case);
    let (_, sealed, _) = rows(world, |az| panel_store::notes::all_sealed(az, case)).remove(0);
    let (town, marking) = (*world.town(), Marking::default());
    let id: NoteId = world.by(POLICE).mint();
    let moved = panel_store::notes::NewNote {
        id,
        case,
        panel: town.panel,
        agency: town.police,
        kind: NoteKind::Intelligence,
        marking: &marking,
        sealed: &sealed,
        source: None,
        draws_on: &[],
        by: world.by(POLICE).user(),
    };
    rows(world, |az| panel_store::notes::add(az, &moved));
    assert!(matches!(notes::read(&world.by(POLICE), id), Err(AppError::Failed(_))));
    let tried = panel_app::keys::verify(&world.app).unwrap();
    assert_eq!((tried.opened > 1, tried.unreadable), (true, vec![case.uuid()]));
}

fn a_note_is_erased_with_its_history_and_leaves_a_line_in_the_log(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    propose(world, POLICE, Record::Note(id), Marking::default());
    assert!(dump(world).contains("The arrest is over."));
    not_found(notes::erase(&world.by(CHAIR), id));
    assert_eq!(notes::erase(&world.by(POLICE_SPOC), id).unwrap(), case);
    check_readers(world, case, id, &[]);
    assert!(handling::waiting(&world.by(CHAIR)).unwrap().is_empty());
    assert!(!dump(world).contains("The arrest is over."), "in no file, journal or dump either");
}

#[test]
fn that_nothing_is_known_is_for_everybody_whoever_says_so() {
    let world = World::sqlite();
    let (meeting, case) = replied(&world, HOUSING, |form| ReplyForm {
        kind: ReplyKind::NothingKnown,
        facts: String::new(),
        ..form
    });
    assert_eq!(readers_of_reply(&world, meeting, case).len(), 5);
}
