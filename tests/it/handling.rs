//! Handling codes: who reads a reply or a sealed note, raised at once, lowered by two people.

use crate::agenda_pages::{mark, says};
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
use panel_tests::program::Program;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::site::{PASSWORD, Pages, leads_to};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, POLICE_SPOC, PROBATION, World,
    day,
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
    to_let_fewer_read_it_holds_at_once,
    to_let_more_read_it_needs_a_second_person_of_the_agency_or_the_chair,
    whoever_proposed_cannot_agree_and_can_take_it_back,
    what_uses_a_note_is_marked_as_strictly,
    an_end_is_the_last_day_for_others,
    a_note_of_a_case_that_is_kept_from_somebody_is_not_there_either,
    what_was_sealed_for_one_note_does_not_open_in_another,
    a_note_is_erased_with_its_history_and_leaves_a_line_in_the_log,
    a_representative_writes_and_reads_notes_on_pages,
    two_people_lower_a_reply_on_pages,
    a_program_writes_and_reads_notes,
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

fn to_let_fewer_read_it_holds_at_once(world: &World) {
    let (meeting, case) = replied(world, HOUSING, |form| form);
    assert_eq!(readers_of_reply(world, meeting, case).len(), 5);
    let request = request(world, meeting, world.town().housing);
    let reply = information::show(&world.by(HOUSING), request).unwrap().replies[0].id;
    let record = Record::Reply(reply);
    let form = |ctx: &Ctx<'_>, code: Code| MarkForm {
        marking: code.into(),
        seen: seen(ctx, record),
        reason: String::new(),
    };
    let (carol, rhys) = (world.by(COORDINATOR), world.by(PROBATION));
    let refused = handling::mark(&rhys, record, &form(&rhys, Code::Origin));
    assert_eq!(rule(refused).0, "not_allowed");
    let old = form(&carol, Code::Origin);
    assert_eq!(handling::mark(&carol, record, &old).unwrap(), MarkOutcome::Raised);
    assert_eq!(readers_of_reply(world, meeting, case), [COORDINATOR, CHAIR, HOUSING]);
    stale(handling::mark(&carol, record, &old));
    let back = handling::mark(&carol, record, &form(&carol, Code::Panel));
    assert_eq!(rule(back).0, "not_allowed");
}

fn to_let_more_read_it_needs_a_second_person_of_the_agency_or_the_chair(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let record = Record::Note(id);
    let empty =
        MarkForm { reason: String::new(), ..lowering(world, POLICE, record, Marking::default()) };
    assert_eq!(invalid(handling::mark(&world.by(POLICE), record, &empty))[0].field, "reason");
    let change = propose(world, POLICE, record, Marking::default());
    check_readers(world, case, id, &[POLICE, POLICE_SPOC, CHAIR]);
    let again = lowering(world, POLICE_SPOC, record, Code::Origin.into());
    let twice = handling::mark(&world.by(POLICE_SPOC), record, &again);
    assert_eq!(rule(twice).0, "already_proposed");
    for email in [COORDINATOR, HOUSING] {
        assert!(handling::waiting(&world.by(email)).unwrap().is_empty(), "{email}");
        not_found(agree(world, email, record, change));
    }
    assert!(handling::waiting(&world.by(CHAIR)).unwrap()[0].may_agree);
    agree(world, CHAIR, record, change).unwrap();
    let all = [COORDINATOR, CHAIR, POLICE, POLICE_SPOC, PROBATION, HOUSING];
    check_readers(world, case, id, &all);
    let change = &handling::show(&world.by(HOUSING), record).unwrap().changes[0];
    assert_eq!(change.decider.as_deref(), Some("Colin Hart"));
    assert_eq!(change.reason, "The arrest is over.");
}

fn whoever_proposed_cannot_agree_and_can_take_it_back(world: &World) {
    let (_, case) = asked(world);
    let record = Record::Note(intelligence(world, case));
    let change = propose(world, POLICE, record, Marking::default());
    not_found(agree(world, POLICE, record, change));
    let decide = |by, agree| handling::decide(&world.by(by), record, change, DecideForm { agree });
    decide(POLICE, false).unwrap();
    stale(decide(POLICE_SPOC, true));
    // What was raised meanwhile is not lowered by an agreement to what was proposed before.
    let change = propose(world, POLICE, record, Marking::default());
    let until = Marking { until: Some(day("2026-12-31")), ..Code::Police.into() };
    let raise = lowering(world, POLICE, record, until);
    assert_eq!(handling::mark(&world.by(POLICE), record, &raise).unwrap(), MarkOutcome::Raised);
    let agreed = DecideForm { agree: true };
    stale(handling::decide(&world.by(POLICE_SPOC), record, change, agreed));
}

fn what_uses_a_note_is_marked_as_strictly(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let using = |marking: Option<Marking>| NoteForm {
        draws_on: vec![id],
        ..note(NoteKind::Other, marking)
    };
    let open = notes::add(&world.by(POLICE), case, &using(Some(Marking::default())));
    assert_eq!(rule(open).0, "uses_stricter");
    let stranger = notes::add(&world.by(HOUSING), case, &using(Some(Code::Police.into())));
    assert_eq!(invalid(stranger)[0].field, "draws_on");
    let second = written(world, POLICE, case, &using(Some(Code::Police.into())));
    let lower = lowering(world, POLICE, Record::Note(second), Marking::default());
    let lowered = handling::mark(&world.by(POLICE), Record::Note(second), &lower);
    assert_eq!(rule(lowered).0, "uses_stricter");
    for record in [Record::Note(id), Record::Note(second)] {
        let change = propose(world, POLICE, record, Marking::default());
        agree(world, POLICE_SPOC, record, change).unwrap();
    }
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

fn a_representative_writes_and_reads_notes_on_pages(world: &World) {
    let (_, case) = asked(world);
    let pages = Pages::of(world);
    let (priya, hana) = (pages.signed_in(world, POLICE), pages.signed_in(world, HOUSING));
    let at = format!("/cases/{case}/notes");
    assert!(priya.read(&format!("/cases/{case}")).contains(&at));
    assert!(priya.read(&at).contains("There is no sealed note here that you can read."));
    let add = format!("{at}/add");
    says(priya.fill(&add, &[("code", "police")]), 422, &["There is a problem"]);
    let fields = [
        ("kind", "intelligence"),
        ("text", SECRET),
        ("source", INFORMANT),
        ("code", "police"),
        ("overlays", "not_to_victim"),
    ];
    assert_eq!(leads_to(&priya.fill(&add, &fields)), at);
    let list = priya.read(&at);
    for words in ["Police", "Not to be told to the victim", "Not to be printed", "Read it"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    assert!(!list.contains("bakery") && !list.contains("Petrovics"));
    let (_, rest) = list.split_once("action=\"/notes/").unwrap();
    let (id, _) = rest.split_once('/').unwrap();
    let read = format!("/notes/{id}/read");
    let csrf = mark(&list, "csrf");
    let page = says(priya.send(&read, &[("csrf", &csrf)]), 200, &[SECRET]);
    assert!(page.contains("no-print"), "{page}");
    // For somebody else there is none, under any address.
    let none = hana.read(&at);
    assert!(none.contains("There is no sealed note here that you can read."), "{none}");
    let csrf = mark(&hana.read(&format!("{at}/add")), "csrf");
    for path in [read, format!("/notes/{id}/source"), format!("/notes/{id}/erase")] {
        assert_eq!(hana.send(&path, &[("csrf", &csrf)]).status().as_u16(), 404, "{path}");
    }
    assert_eq!(hana.open(&format!("/notes/{id}/handling")).status().as_u16(), 404);
    // Who told is asked for again by whoever was signed in for long.
    world.pass(Duration::minutes(10));
    let csrf = mark(&priya.read(&at), "csrf");
    let asked = leads_to(&priya.send(&format!("/notes/{id}/source"), &[("csrf", &csrf)]));
    assert!(asked.starts_with("/confirm"), "{asked}");
    priya.fill(&asked, &[("proof", PASSWORD)]);
    let csrf = mark(&priya.read(&at), "csrf");
    says(priya.send(&format!("/notes/{id}/source"), &[("csrf", &csrf)]), 200, &["Petrovics"]);
}

fn two_people_lower_a_reply_on_pages(world: &World) {
    let (meeting, case) =
        replied(world, POLICE, |form| ReplyForm { marking: Some(Code::Police.into()), ..form });
    assert_eq!(readers_of_reply(world, meeting, case), [CHAIR, POLICE]);
    let pages = Pages::of(world);
    let (priya, sam) = (pages.signed_in(world, POLICE), pages.signed_in(world, POLICE_SPOC));
    let request = request(world, meeting, world.town().police);
    let page = priya.read(&format!("/requests/{request}"));
    let (before, _) = page.split_once("/handling\"").unwrap();
    let (_, record) = before.rsplit_once("href=\"").unwrap();
    let at = format!("{record}/handling");
    let seen = mark(&priya.read(&at), "seen");
    let fields = [("seen", seen.as_str()), ("code", "panel")];
    says(priya.fill(&at, &fields), 422, &["Enter the reason"]);
    let fields = [fields[0], fields[1], ("reason", "Nothing of it is secret now.")];
    assert_eq!(leads_to(&priya.fill(&at, &fields)), format!("{at}?done=proposed"));
    let waits = sam.read("/handling");
    assert!(waits.contains("For you to decide") && waits.contains(&at), "{waits}");
    let page = sam.read(&at);
    assert!(page.contains("Nothing of it is secret now."), "{page}");
    let (before, _) = page.split_once("/agree\"").unwrap();
    let (_, change) = before.rsplit_once("action=\"").unwrap();
    let csrf = mark(&page, "csrf");
    let agreed = sam.send(&format!("{change}/agree"), &[("csrf", &csrf)]);
    assert_eq!(leads_to(&agreed), format!("{at}?done=agreed"));
    assert_eq!(readers_of_reply(world, meeting, case).len(), 5);
    assert!(sam.read("/handling").contains("Nothing waits for a second person."));
}

fn a_program_writes_and_reads_notes(world: &World) {
    let (_, case) = asked(world);
    let pages = Pages::of(world);
    let (priya, hana) = (Program::of(&pages, world, POLICE), Program::of(&pages, world, HOUSING));
    let at = format!("/api/v1/cases/{case}/notes");
    let body = json!({"kind": "intelligence", "text": SECRET});
    let made = priya.post(&at, &body).well();
    let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let listed = priya.get(&at).well();
    assert_eq!(listed["notes"][0]["marking"], json!({"code": "police"}));
    let read = format!("/api/v1/notes/{id}/read");
    assert_eq!(priya.post(&read, &json!({})).well()["text"], SECRET);
    assert_eq!(hana.get(&at).well()["notes"], json!([]));
    hana.post(&read, &json!({})).problem(404, "not_found");
    let handling = format!("/api/v1/notes/{id}/handling");
    hana.get(&handling).problem(404, "not_found");
    let seen = priya.get(&handling).well()["seen"].clone();
    let lower = json!({"marking": {"code": "panel"}, "seen": seen, "reason": "It is over."});
    assert_eq!(priya.post(&handling, &lower).well()["outcome"], "proposed");
    let wrong = json!({"marking": {"code": "secret"}, "seen": "", "reason": ""});
    priya.post(&handling, &wrong).problem(422, "invalid");
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
