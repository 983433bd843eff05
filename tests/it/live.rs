//! The live meeting: the roll, notes, decisions, what is put off and what is taken off.

use crate::agenda::{build, cases_on, draft, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::series::{rows, show};
use panel_app::actions::{self, ActionForm, Filters};
use panel_app::information::{self, ReplyForm};
use panel_app::live::{
    self, DeferForm, ItemView, LiveView, NoteField, PersonForm, Progress, RecordForm, RollForm,
    RollLine,
};
use panel_app::{cases, meetings};
use panel_core::action::{ActionStatus, Approach};
use panel_core::agenda::{Decision, ItemState, Section};
use panel_core::case::{CaseStatus, ClosureReason};
use panel_core::id::{AgendaItemId, CaseId, MeetingId};
use panel_core::meeting::AttendanceStatus;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World, day};

/// A meeting in progress on Thursday 16 April 2026 with these cases on its agenda, and those after it.
#[track_caller]
pub(crate) fn in_progress(world: &World, surnames: &[&str]) -> (Vec<MeetingId>, Vec<CaseId>) {
    let meetings: Vec<MeetingId> = meetings_of(world, 4).iter().map(|m| m.id).collect();
    let accepted = |surname: &&str| accept(world, &Accepted { surname, ..Accepted::default() });
    let cases = surnames.iter().map(accepted).collect();
    build(world, meetings[0]);
    issue(world, meetings[0]);
    start(world, meetings[0]);
    (meetings, cases)
}

/// Starts a meeting at its hour.
#[track_caller]
pub(crate) fn start(world: &World, meeting: MeetingId) {
    let view = show(world, meeting);
    world.app.clock.set(view.starts_at);
    meetings::start(&world.by(COORDINATOR), meeting, view.version).unwrap();
}

/// Ends a meeting; returns its number.
#[track_caller]
pub(crate) fn end(world: &World, meeting: MeetingId) -> i32 {
    let version = show(world, meeting).version;
    meetings::end(&world.by(COORDINATOR), meeting, version).unwrap().number.number
}

#[track_caller]
pub(crate) fn room(world: &World, meeting: MeetingId) -> LiveView {
    live::show(&world.by(COORDINATOR), meeting).unwrap()
}

/// The item of the live meeting that is called so.
#[track_caller]
pub(crate) fn item_of(world: &World, meeting: MeetingId, label: &str) -> AgendaItemId {
    let steps = room(world, meeting).steps;
    let found = steps.iter().find(|step| step.label.contains(label));
    found.unwrap_or_else(|| panic!("no {label} among {steps:?}")).item
}

#[track_caller]
pub(crate) fn item(world: &World, id: AgendaItemId) -> ItemView {
    live::item(&world.by(COORDINATOR), id).unwrap()
}

/// What the page of an item holds, as it stands.
#[track_caller]
pub(crate) fn as_it_stands(world: &World, id: AgendaItemId) -> RecordForm {
    let ItemView { notes, version, proposal, .. } = item(world, id);
    RecordForm {
        version,
        discussion: notes.discussion,
        risks: notes.risks,
        victim_voice: notes.victim_voice,
        voice_by: notes.voice_by,
        protective: notes.protective,
        approaches: notes.approaches,
        decision: notes.decision,
        decision_note: notes.decision_note,
        next_review_on: notes.next_review_on,
        closure: proposal,
        close_now: false,
        informs_victim: notes.informs_victim,
        chair_notes: notes.chair_notes,
    }
}

/// Records a discussion and a decision.
#[track_caller]
pub(crate) fn decide(world: &World, id: AgendaItemId, decision: Decision) {
    let form = RecordForm {
        discussion: "Each agency shared what it knows.".to_owned(),
        decision: Some(decision),
        ..as_it_stands(world, id)
    };
    live::record(&world.by(COORDINATOR), id, &form).unwrap();
}

/// Records everybody with a seat as present, with the statement accepted.
#[track_caller]
pub(crate) fn everybody_present(world: &World, meeting: MeetingId) {
    let lines = room(world, meeting).expected.into_iter().map(|one| RollLine {
        line: None,
        version: 0,
        expected: Some((one.user, one.agency)),
        status: Some(AttendanceStatus::Present),
        statement: true,
    });
    let form = RollForm { lines: lines.collect() };
    live::take_roll(&world.by(COORDINATOR), meeting, &form).unwrap();
}

#[track_caller]
pub(crate) fn set_action(world: &World, item: AgendaItemId, text: &str) -> actions::SetAction {
    let town = world.town();
    let form = ActionForm {
        panel: town.panel,
        item: Some(item),
        case: None,
        text: text.to_owned(),
        approach: None,
        agency: town.housing,
        person: Some(world.by(HOUSING).user()),
        due: "next panel".to_owned(),
    };
    actions::set(&world.by(COORDINATOR), &form).unwrap()
}

pub(crate) fn off(version: i32, reason: &str) -> DeferForm {
    DeferForm { version, reason: reason.to_owned() }
}

fn guest(name: &str, status: AttendanceStatus) -> PersonForm {
    PersonForm {
        name: name.to_owned(),
        agency: None,
        status,
        information_on: None,
        statement: false,
        on_paper: false,
        arrived_at: None,
        left_after: None,
        note: String::new(),
    }
}

on_both!(
    the_roll_is_taken_by_agency_with_deputies_apologies_and_observers,
    a_line_of_the_roll_that_changed_meanwhile_is_not_written_over,
    the_statement_is_accepted_by_all_in_the_room_at_once,
    what_is_typed_is_saved_as_it_is_typed,
    f25_a_second_writer_of_an_item_is_refused_and_both_texts_are_there,
    an_agenda_lists_the_actions_set_before_its_meeting,
    f20_an_outcome_is_written_in_the_meeting_alone,
    a_case_shows_what_was_decided_before_what_is_open_and_who_replied,
    an_action_is_set_at_an_item_with_a_relative_date,
    a_decision_to_close_proposes_the_closure_and_another_takes_it_back,
    the_chair_closes_a_case_in_the_meeting,
    what_cannot_be_decided_is_refused_field_by_field,
    f28_what_is_put_off_links_back_and_keeps_its_replies,
    f7_what_a_meeting_puts_off_comes_first_at_the_next_and_counts_for_no_review,
    f11_an_item_taken_off_ends_its_actions_with_it,
    the_chairs_own_notes_are_the_chairs,
    only_those_who_run_the_panel_see_the_live_meeting,
);

fn the_roll_is_taken_by_agency_with_deputies_apologies_and_observers(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let meeting = meetings[0];
    let before = room(world, meeting);
    assert_eq!(before.attendance, []);
    assert_eq!(before.missing.len(), 5, "{:?}", before.missing);
    let expected: Vec<_> = before.expected.iter().map(|one| one.name.as_str()).collect();
    assert!(expected.contains(&"Priya Nair") && expected.contains(&"Otto Byrne"), "{expected:?}");
    assert!(before.statement.contains("confidential"));
    let of = |name: &str, status, statement| {
        let one = before.expected.iter().find(|one| one.name == name).unwrap();
        let expected = Some((one.user, one.agency));
        RollLine { line: None, version: 0, expected, status, statement }
    };
    let form = RollForm {
        lines: vec![
            of("Colin Hart", Some(AttendanceStatus::Present), true),
            of("Priya Nair", Some(AttendanceStatus::PresentRemote), true),
            of("Rhys Evans", Some(AttendanceStatus::ApologiesNone), false),
            of("Otto Byrne", Some(AttendanceStatus::Observer), true),
            of("Hana Sato", None, false),
        ],
    };
    let carol = world.by(COORDINATOR);
    assert_eq!(live::take_roll(&carol, meeting, &form).unwrap(), 4);
    let deputy = PersonForm {
        agency: Some(world.town().housing),
        note: "For Hana Sato".to_owned(),
        on_paper: true,
        ..guest("Dee Ward", AttendanceStatus::Deputy)
    };
    live::add_person(&carol, meeting, &deputy).unwrap();
    let sent = PersonForm {
        agency: Some(world.town().idva),
        information_on: Some(day("2026-04-15")),
        ..guest("Iris O'Neill", AttendanceStatus::ApologiesInformation)
    };
    live::add_person(&carol, meeting, &sent).unwrap();
    let after = room(world, meeting);
    let said: Vec<_> = after
        .attendance
        .iter()
        .map(|line| (line.name.as_str(), line.status, line.statement, line.remarks.clone()))
        .collect();
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let information = words(&["Information came on Wednesday 15 April 2026"]);
    let deputy = words(&["Statement signed on paper", "For Hana Sato"]);
    assert_eq!(
        said,
        [
            ("Iris O'Neill", AttendanceStatus::ApologiesInformation, false, information),
            ("Otto Byrne", AttendanceStatus::Observer, true, vec![]),
            ("Dee Ward", AttendanceStatus::Deputy, true, deputy),
            ("Colin Hart", AttendanceStatus::Present, true, vec![]),
            ("Priya Nair", AttendanceStatus::PresentRemote, true, vec![]),
            ("Rhys Evans", AttendanceStatus::ApologiesNone, false, vec![]),
        ]
    );
    assert_eq!(after.missing, Vec::<String>::new());
}

fn a_line_of_the_roll_that_changed_meanwhile_is_not_written_over(world: &World) {
    let (meetings, _) = in_progress(world, &[]);
    let meeting = meetings[0];
    let carol = world.by(COORDINATOR);
    let id = live::add_person(&carol, meeting, &guest("Gil", AttendanceStatus::Present)).unwrap();
    let row = |version, status| RollLine {
        line: Some(id),
        version,
        expected: None,
        status,
        statement: true,
    };
    let take =
        |line| live::take_roll(&world.by(COORDINATOR), meeting, &RollForm { lines: vec![line] });
    assert_eq!(take(row(1, Some(AttendanceStatus::Present))).unwrap(), 1);
    stale(take(row(1, Some(AttendanceStatus::Absent))));
    stale(live::change_person(&carol, id, 1, &guest("Gil", AttendanceStatus::Absent)));
    let again = take(row(1, Some(AttendanceStatus::Present))).unwrap();
    assert_eq!(again, 0, "the same again changes nothing");
    assert_eq!(take(row(2, None)).unwrap(), 1, "left open again, the line goes");
    assert_eq!(room(world, meeting).attendance, []);
    stale(take(row(2, None)));
}

fn the_statement_is_accepted_by_all_in_the_room_at_once(world: &World) {
    let (meetings, _) = in_progress(world, &[]);
    let carol = world.by(COORDINATOR);
    for (name, status) in [
        ("Gil", AttendanceStatus::Present),
        ("Ann", AttendanceStatus::Observer),
        ("Bo", AttendanceStatus::ApologiesNone),
    ] {
        live::add_person(&carol, meetings[0], &guest(name, status)).unwrap();
    }
    assert_eq!(live::accept_all(&carol, meetings[0], false).unwrap(), 2);
    assert_eq!(live::accept_all(&carol, meetings[0], false).unwrap(), 0);
    let accepted = room(world, meetings[0]).attendance;
    let accepted: Vec<_> =
        accepted.iter().map(|line| (line.name.as_str(), line.statement)).collect();
    assert_eq!(accepted, [("Ann", true), ("Bo", false), ("Gil", true)]);
}

fn what_is_typed_is_saved_as_it_is_typed(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let type_in = |version, field, text: &str| live::type_note(&carol, id, version, field, text);
    let typed = "Calls on 2 March\n  and again — \"tonight\"";
    assert_eq!(type_in(1, NoteField::Discussion, typed).unwrap(), 2);
    assert_eq!(type_in(2, NoteField::VictimVoice, "Wants no contact").unwrap(), 3);
    stale(type_in(2, NoteField::Risks, "Weapons"));
    let long = "x".repeat(20_001);
    assert_eq!(invalid(type_in(3, NoteField::Risks, &long))[0].field, "risks");
    let found = item(world, id);
    assert_eq!((found.notes.discussion.as_str(), found.version), (typed, 3));
    assert_eq!(
        (found.notes.victim_voice.as_str(), found.progress),
        ("Wants no contact", Progress::Noted)
    );
    assert_eq!(type_in(3, NoteField::Discussion, "").unwrap(), 4, "what is emptied is empty");
    assert_eq!(item(world, id).notes.discussion, "");
}

fn f25_a_second_writer_of_an_item_is_refused_and_both_texts_are_there(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let seen = as_it_stands(world, id);
    let by = |risks: &str| RecordForm { risks: risks.to_owned(), ..seen.clone() };
    live::record(&world.by(COORDINATOR), id, &by("Weapons")).unwrap();
    let theirs = by("A new partner");
    stale(live::record(&world.by(CHAIR), id, &theirs));
    assert_eq!(item(world, id).notes.risks, "Weapons");
    let again = RecordForm { version: 2, ..theirs };
    live::record(&world.by(CHAIR), id, &again).unwrap();
    assert_eq!(item(world, id).notes.risks, "A new partner");
}

fn f20_an_outcome_is_written_in_the_meeting_alone(world: &World) {
    let meetings: Vec<MeetingId> = meetings_of(world, 3).iter().map(|m| m.id).collect();
    accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meetings[0]);
    issue(world, meetings[0]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let keep = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, id) };
    assert_eq!(rule(live::record(&carol, id, &keep)).0, "not_in_progress");
    assert_eq!(rule(live::type_note(&carol, id, 1, NoteField::Risks, "x")).0, "not_in_progress");
    assert_eq!(rule(live::defer(&carol, id, &off(1, "No time"))).0, "not_in_progress");
    let present = guest("Gil", AttendanceStatus::Present);
    assert_eq!(rule(live::add_person(&carol, meetings[0], &present)).0, "not_in_progress");
    start(world, meetings[0]);
    let carol = world.by(COORDINATOR);
    assert_eq!(live::record(&carol, id, &keep).unwrap(), 2);
    end(world, meetings[0]);
    let stands = as_it_stands(world, id);
    let other = RecordForm { decision: Some(Decision::StepDown), ..stands.clone() };
    assert_eq!(rule(live::record(&carol, id, &other)).0, "not_in_progress");
    assert_eq!(rule(live::defer(&carol, id, &off(stands.version, "No time"))).0, "not_in_progress");
    let words = RecordForm { discussion: "Better words".to_owned(), ..stands };
    live::record(&carol, id, &words).unwrap();
    let found = item(world, id);
    assert_eq!((found.notes.decision, found.state), (Some(Decision::Retain), ItemState::Heard));
    assert_eq!(found.notes.discussion, "Better words");
}

fn a_case_shows_what_was_decided_before_what_is_open_and_who_replied(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    decide(world, id, Decision::Retain);
    end(world, meetings[0]);
    build(world, meetings[1]);
    issue(world, meetings[1]);
    reply(world, meetings[1], cases[0], "Seen on Tuesday");
    start(world, meetings[1]);
    let found = item(world, item_of(world, meetings[1], "C-STONE"));
    assert_eq!(found.decisions[0].on, "Thursday 16 April 2026");
    assert_eq!(found.decisions[0].decision, "Keep under panel management");
    let open: Vec<_> = found.open_actions.iter().map(|one| (one.id, one.person.as_str())).collect();
    assert_eq!(open, [(set.saved.action, "Hana Sato")]);
    assert_eq!(found.set_here, []);
    let replies = found.replies.unwrap();
    assert_eq!(replies.agencies[0].0, "Eastshire Police");
    let facts = replies.agencies[0].1[0].answer.facts.as_ref().unwrap();
    assert_eq!(facts.as_str(), "Seen on Tuesday");
    let silent: Vec<_> = found.silent.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(silent, ["Eastshire Homes", "Probation Service"]);
    let around = (found.before.unwrap().label, found.after.unwrap().label);
    assert_eq!(around.1, Section::Other.standing_title().unwrap());
    assert_eq!(around.0, Section::Actions.standing_title().unwrap());
}

/// Replies for the police.
#[track_caller]
fn reply(world: &World, meeting: MeetingId, case: CaseId, facts: &str) {
    let priya = world.by(POLICE);
    let mine = information::mine(&priya).unwrap();
    let mut asked = mine.iter().filter(|one| one.meeting == meeting);
    let id = asked.next().unwrap().id;
    let request = information::show(&priya, id).unwrap();
    assert_eq!(request.case.id, case);
    let form: ReplyForm = serde_json::from_value(serde_json::json!({
        "answers": request.answers,
        "kind": "information",
        "facts": facts,
    }))
    .unwrap();
    information::release(&priya, id, &form).unwrap();
}

fn an_action_is_set_at_an_item_with_a_relative_date(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    assert_eq!(set.due, Some(day("2026-05-14")));
    let shown = item(world, id).set_here;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].due, "Thursday 14 May 2026 (next panel)");
    assert_eq!(
        (shown[0].agency.as_str(), shown[0].person.as_str()),
        ("Eastshire Homes", "Hana Sato")
    );
    let filters = Filters { case: Some(cases[0]), ..Filters::default() };
    let hana = actions::list(&world.by(HOUSING), &filters, None).unwrap();
    assert_eq!(hana.rows.len(), 1, "its agency takes part in the case from now on");
}

fn close(reason: Option<ClosureReason>, form: RecordForm) -> RecordForm {
    RecordForm { decision: Some(Decision::Close), closure: reason, ..form }
}

fn a_decision_to_close_proposes_the_closure_and_another_takes_it_back(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let without = close(None, as_it_stands(world, id));
    assert_eq!(invalid(live::record(&carol, id, &without))[0].field, "closure");
    let with = close(Some(ClosureReason::RiskReduced), as_it_stands(world, id));
    live::record(&carol, id, &with).unwrap();
    assert_eq!(item(world, id).proposal, Some(ClosureReason::RiskReduced));
    let proposal = cases::show(&carol, cases[0]).unwrap().history.proposal.unwrap();
    assert_eq!((proposal.reason, proposal.by), (ClosureReason::RiskReduced, carol.user()));
    let now = RecordForm { close_now: true, ..as_it_stands(world, id) };
    assert_eq!(rule(live::record(&carol, id, &now)).0, "not_allowed");
    decide(world, id, Decision::Retain);
    assert_eq!(cases::show(&carol, cases[0]).unwrap().history.proposal, None);
}

fn the_chair_closes_a_case_in_the_meeting(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    let form = close(Some(ClosureReason::RiskReduced), as_it_stands(world, id));
    let form = RecordForm { close_now: true, ..form };
    live::record(&world.by(CHAIR), id, &form).unwrap();
    let row = cases::show(&world.by(CHAIR), cases[0]).unwrap().row;
    assert_eq!((row.state, row.close_reason), (CaseStatus::Closed, form.closure));
    let action = actions::show(&world.by(CHAIR), set.saved.action).unwrap();
    assert_eq!(action.row.line.state, ActionStatus::Withdrawn, "nothing is left open behind it");
    end(world, meetings[0]);
    build(world, meetings[1]);
    assert_eq!(cases_on(world, meetings[1]), Vec::<String>::new());
}

fn what_cannot_be_decided_is_refused_field_by_field(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let fields = |form: &RecordForm, id| -> Vec<String> {
        invalid(live::record(&carol, id, form)).into_iter().map(|error| error.field).collect()
    };
    let form = RecordForm {
        discussion: "x".repeat(20_001),
        voice_by: "y".repeat(200),
        next_review_on: Some(day("2026-04-16")),
        ..close(Some(ClosureReason::NotRecorded), as_it_stands(world, id))
    };
    let wrong = ["next_review_on", "next_review_on", "closure", "discussion", "voice_by"];
    assert_eq!(fields(&form, id), wrong);
    let opening = item_of(world, meetings[0], "Introductions");
    let decided = RecordForm { decision: Some(Decision::Retain), ..as_it_stands(world, opening) };
    assert_eq!(fields(&decided, opening), ["decision"]);
    let noted =
        RecordForm { discussion: "No declarations".to_owned(), ..as_it_stands(world, opening) };
    live::record(&carol, opening, &noted).unwrap();
    assert_eq!(item(world, opening).progress, Progress::Done);
    let right = RecordForm {
        approaches: vec![Approach::Support, Approach::Disruption],
        decision: Some(Decision::Retain),
        next_review_on: Some(day("2026-06-11")),
        ..as_it_stands(world, id)
    };
    live::record(&carol, id, &right).unwrap();
    let kept = item(world, id).notes.approaches;
    assert_eq!(kept, [Approach::Support, Approach::Disruption]);
    assert_eq!(rule(live::defer(&carol, id, &off(2, "No time"))).0, "decided");
}

fn f28_what_is_put_off_links_back_and_keeps_its_replies(world: &World) {
    let meetings: Vec<MeetingId> = meetings_of(world, 3).iter().map(|m| m.id).collect();
    let case = accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
    build(world, meetings[0]);
    issue(world, meetings[0]);
    reply(world, meetings[0], case, "Seen on Tuesday");
    start(world, meetings[0]);
    let first = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    live::type_note(&carol, first, 1, NoteField::Discussion, "The report is missing").unwrap();
    let put_off = live::defer(&carol, first, &off(2, "Awaiting the report")).unwrap();
    assert_eq!(put_off.to, Some(meetings[1]));
    assert_eq!(rule(live::type_note(&carol, first, 3, NoteField::Risks, "x")).0, "not_listed");
    end(world, meetings[0]);
    build(world, meetings[1]);
    issue(world, meetings[1]);
    start(world, meetings[1]);
    let second = item(world, item_of(world, meetings[1], "C-STONE"));
    assert_eq!(second.section, Section::Deferred);
    assert_eq!(second.decisions[0].decision, "Deferred");
    assert_eq!(second.decisions[0].terms, "Awaiting the report");
    let carried = &second.replies.as_ref().unwrap().agencies[0].1[0];
    assert_eq!(carried.answer.facts.as_ref().unwrap().as_str(), "Seen on Tuesday");
    assert!(!carried.stale);
    rows(world, |az| panel_store::cases::raise_content(az, case));
    let second = item(world, second.item);
    assert!(second.replies.unwrap().agencies[0].1[0].stale, "what changed since shows");
    let before = item(world, first);
    assert_eq!((before.state, before.version), (ItemState::Deferred, 3), "the record it left");
    assert_eq!(before.notes.discussion, "The report is missing");
}

fn f7_what_a_meeting_puts_off_comes_first_at_the_next_and_counts_for_no_review(world: &World) {
    let (meetings, _) = in_progress(world, &["Adams", "Baker"]);
    let adams = item_of(world, meetings[0], "C-ADAMS");
    let carol = world.by(COORDINATOR);
    live::defer(&carol, adams, &off(1, "No time")).unwrap();
    assert_eq!(rule(live::defer(&carol, adams, &off(2, "No time"))).0, "not_listed");
    assert_eq!(live::put_back(&carol, adams, 2).unwrap(), 3);
    assert_eq!(rule(live::put_back(&carol, adams, 3)).0, "is_listed");
    live::defer(&carol, adams, &off(3, "No time")).unwrap();
    decide(world, item_of(world, meetings[0], "C-BAKER"), Decision::Retain);
    end(world, meetings[0]);
    build(world, meetings[1]);
    let sections = draft(world, meetings[1]).sections;
    let of = |section| {
        let found = sections.iter().find(|one| one.section == section).unwrap();
        (found.lines[0].line.label.clone(), found.lines[0].line.why.clone())
    };
    let (label, why) = of(Section::Deferred);
    assert_eq!(label, "C-ADAMS");
    assert!(why.starts_with("Deferred on Thursday 16 April 2026: No time"), "{why}");
    let (label, why) = of(Section::Reviews);
    assert_eq!(label, "C-BAKER");
    assert!(why.starts_with("1st meeting after it was first heard"), "{why}");
}

fn f11_an_item_taken_off_ends_its_actions_with_it(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let first = item_of(world, meetings[0], "C-STONE");
    let recorded = set_action(world, first, "Fit new locks").saved.action;
    let carol = world.by(COORDINATOR);
    live::defer(&carol, first, &off(1, "No time")).unwrap();
    end(world, meetings[0]);
    build(world, meetings[1]);
    start(world, meetings[1]);
    let second = item_of(world, meetings[1], "C-STONE");
    let slip = set_action(world, second, "Visit").saved.action;
    let refused = live::remove(&world.by(COORDINATOR), second, &off(1, "Heard elsewhere"));
    assert_eq!(rule(refused).0, "not_allowed", "what was recorded is the chair's to close");
    let removed = live::remove(&world.by(CHAIR), second, &off(1, "Heard elsewhere")).unwrap();
    assert_eq!((removed.deleted, removed.closed), (1, 1));
    not_found(actions::show(&world.by(CHAIR), slip));
    let closed = actions::show(&world.by(CHAIR), recorded).unwrap();
    assert_eq!(closed.row.line.state, ActionStatus::Withdrawn);
    assert_eq!(item(world, second).state, ItemState::Withdrawn);
}

fn the_chairs_own_notes_are_the_chairs(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let (chair, carol) = (world.by(CHAIR), world.by(COORDINATOR));
    live::type_note(&chair, id, 1, NoteField::ChairNotes, "Ask about the dog").unwrap();
    not_found(live::type_note(&carol, id, 2, NoteField::ChairNotes, "x"));
    assert_eq!(item(world, id).notes.chair_notes, "");
    let form = RecordForm { risks: "Weapons".to_owned(), ..as_it_stands(world, id) };
    live::record(&carol, id, &form).unwrap();
    assert_eq!(live::item(&chair, id).unwrap().notes.chair_notes, "Ask about the dog");
}

fn only_those_who_run_the_panel_see_the_live_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    for who in [POLICE, OUTSIDER] {
        let ctx = world.by(who);
        not_found(live::show(&ctx, meetings[0]));
        not_found(live::item(&ctx, id));
        not_found(live::type_note(&ctx, id, 1, NoteField::Risks, "x"));
        not_found(live::record(&ctx, id, &as_it_stands(world, id)));
        not_found(live::take_roll(&ctx, meetings[0], &RollForm { lines: Vec::new() }));
        not_found(live::accept_all(&ctx, meetings[0], true));
    }
}

fn an_agenda_lists_the_actions_set_before_its_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let listed = |meeting: MeetingId| {
        let found = panel_app::agenda::draft(&world.by(COORDINATOR), meeting).unwrap().actions;
        found.actions.into_iter().map(|action| action.text).collect::<Vec<_>>()
    };
    let stone = item_of(world, meetings[0], "C-STONE");
    let first = set_action(world, stone, "Fit new locks");
    assert_eq!(listed(meetings[0]), [""; 0], "set at this very meeting");
    decide(world, stone, Decision::Retain);
    end(world, meetings[0]);
    assert_eq!(listed(meetings[0]), [""; 0], "and so once it is over");
    build(world, meetings[1]);
    issue(world, meetings[1]);
    assert_eq!(listed(meetings[1]), ["Fit new locks"]);
    start(world, meetings[1]);
    let stone = item_of(world, meetings[1], "C-STONE");
    set_action(world, stone, "Speak to the landlord");
    decide(world, stone, Decision::Retain);
    end(world, meetings[1]);
    assert_eq!(listed(meetings[1]), ["Fit new locks"]);
    world.pass(chrono::Duration::days(1));
    let id = first.saved.action;
    let form = crate::actions::done(world, id, "2026-05-15", "Fitted");
    actions::complete(&world.by(HOUSING), id, &form).unwrap();
    assert_eq!(listed(meetings[1]), ["Fit new locks"], "it was incomplete when they met");
    assert_eq!(listed(meetings[2]), ["Speak to the landlord"]);
}
