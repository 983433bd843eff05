//! The confidentiality statement: accepted by those who come, recorded by whoever runs the meeting.

use crate::live::{end, everybody_present, in_progress, room};
use panel_app::live::{self, AttendeeView, RollForm, RollLine};
use panel_app::today;
use panel_core::id::MeetingId;
use panel_core::meeting::AttendanceStatus;
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::program::Program;
use panel_tests::refusal::{not_found, rule};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{COORDINATOR, HOUSING, OBSERVER, OUTSIDER, POLICE, STEERING, World};

on_both!(
    who_comes_accepts_the_statement_and_the_roll_says_so,
    what_the_coordinator_records_is_marked_as_hers,
    the_statement_opens_with_the_agenda_and_closes_with_the_minutes,
    only_who_comes_reads_the_statement,
    a_representative_finds_and_accepts_the_statement,
    a_program_reads_and_accepts_the_statement,
);

#[track_caller]
fn line(world: &World, meeting: MeetingId, name: &str) -> AttendeeView {
    let found = room(world, meeting).attendance;
    found.into_iter().find(|line| line.name == name).expect(name)
}

/// Records how somebody who is expected takes part.
#[track_caller]
fn record(world: &World, meeting: MeetingId, name: &str, statement: bool) {
    let room = room(world, meeting);
    let one = room.expected.iter().find(|one| one.name == name).expect(name);
    let line = RollLine {
        line: None,
        version: 0,
        expected: Some((one.user, one.agency)),
        status: Some(AttendanceStatus::Present),
        statement,
    };
    live::take_roll(&world.by(COORDINATOR), meeting, &RollForm { lines: vec![line] }).unwrap();
}

/// The roll as it is drawn, with one line changed.
fn drawn(line: &AttendeeView, status: AttendanceStatus, statement: bool) -> RollForm {
    let row = RollLine {
        line: Some(line.id),
        version: line.version,
        expected: None,
        status: Some(status),
        statement,
    };
    RollForm { lines: vec![row] }
}

fn who_comes_accepts_the_statement_and_the_roll_says_so(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let meeting = meetings[0];
    assert_eq!(live::unaccepted(&world.by(HOUSING)).unwrap().len(), 1);
    live::accept_statement(&world.by(HOUSING), meeting).unwrap();
    assert_eq!(live::unaccepted(&world.by(HOUSING)).unwrap(), []);
    assert_eq!(today::today(&world.by(HOUSING)).unwrap().statements, []);
    assert_eq!(today::today(&world.by(POLICE)).unwrap().statements.len(), 1);
    let expected = room(world, meeting).expected;
    let hana = expected.iter().find(|one| one.name == "Hana Sato").unwrap();
    let said = "Accepted by Hana Sato at 10am on Thursday 16 April 2026";
    assert_eq!(hana.accepted, said);

    record(world, meeting, "Hana Sato", false);
    let hana = line(world, meeting, "Hana Sato");
    assert!(hana.statement && hana.accepted_alone, "the roll takes over what was accepted");
    assert_eq!(hana.accepted, said);
    let coordinator = world.by(COORDINATOR);
    let away = drawn(&hana, AttendanceStatus::PresentRemote, false);
    assert_eq!(live::take_roll(&coordinator, meeting, &away).unwrap(), 1);
    let hana = line(world, meeting, "Hana Sato");
    assert!(hana.statement, "nobody else takes it back");

    record(world, meeting, "Priya Nair", false);
    let before = line(world, meeting, "Priya Nair");
    assert!(!before.statement);
    live::accept_statement(&world.by(POLICE), meeting).unwrap();
    live::accept_statement(&world.by(POLICE), meeting).unwrap();
    let video = drawn(&before, AttendanceStatus::PresentRemote, false);
    live::take_roll(&world.by(COORDINATOR), meeting, &video).unwrap();
    let priya = line(world, meeting, "Priya Nair");
    assert!(priya.accepted_alone, "accepting does not stop who takes the roll at the same time");
    assert_eq!(priya.status, AttendanceStatus::PresentRemote);
}

fn what_the_coordinator_records_is_marked_as_hers(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let meeting = meetings[0];
    record(world, meeting, "Hana Sato", true);
    let hana = line(world, meeting, "Hana Sato");
    let said = "Recorded by Carol Finch at 10am on Thursday 16 April 2026";
    assert!(hana.statement && !hana.accepted_alone);
    assert_eq!(hana.accepted, said);
    let shown = live::statement(&world.by(HOUSING), meeting).unwrap();
    assert_eq!((shown.accepted.as_str(), shown.may_accept), (said, true));
    assert_eq!(live::unaccepted(&world.by(HOUSING)).unwrap(), []);
    live::take_roll(&world.by(COORDINATOR), meeting, &drawn(&hana, hana.status, false)).unwrap();
    assert!(!line(world, meeting, "Hana Sato").statement, "what was recorded is taken back");

    record(world, meeting, "Priya Nair", false);
    live::accept_statement(&world.by(HOUSING), meeting).unwrap();
    assert_eq!(live::accept_all(&world.by(COORDINATOR), meeting, true).unwrap(), 1);
    assert!(line(world, meeting, "Hana Sato").accepted_alone);
    let priya = line(world, meeting, "Priya Nair");
    assert_eq!(priya.accepted, said);
    assert!(priya.remarks.contains(&"Statement signed on paper".to_owned()));
}

fn the_statement_opens_with_the_agenda_and_closes_with_the_minutes(world: &World) {
    let planned = crate::agenda::meetings_of(world, 2)[1].id;
    let (meetings, _) = in_progress(world, &[]);
    assert_eq!(rule(live::accept_statement(&world.by(HOUSING), planned)).0, "not_open");
    assert!(!live::statement(&world.by(HOUSING), planned).unwrap().may_accept);
    let meeting = meetings[0];
    everybody_present(world, meeting);
    end(world, meeting);
    live::accept_statement(&world.by(OBSERVER), meeting).unwrap();
    crate::minutes::approve(world, meeting, "").unwrap();
    assert_eq!(rule(live::accept_statement(&world.by(HOUSING), meeting)).0, "not_open");
}

fn only_who_comes_reads_the_statement(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    for email in [OUTSIDER, STEERING] {
        not_found(live::statement(&world.by(email), meetings[0]));
        not_found(live::accept_statement(&world.by(email), meetings[0]));
        assert_eq!(live::unaccepted(&world.by(email)).unwrap(), []);
    }
}

fn a_representative_finds_and_accepts_the_statement(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let meeting = meetings[0];
    let pages = Pages::of(world);
    let hana = pages.signed_in(world, HOUSING);
    let at = format!("/meetings/{meeting}/statement");
    for page in ["/", "/my-work", &format!("/meetings/{meeting}")] {
        assert!(hana.read(page).contains(&format!("href=\"{at}\"")), "{page}");
    }
    let read = hana.read(&at);
    assert!(read.contains("What is shared at this meeting is confidential"), "{read}");
    assert_eq!(leads_to(&hana.fill(&at, &[])), format!("{at}?accepted=true"));
    says(
        hana.open(&format!("{at}?accepted=true")),
        200,
        &["You have accepted the confidentiality statement.", "You accepted it at 10am"],
    );
    assert!(!hana.read("/my-work").contains(&at));
    let carol = pages.signed_in(world, COORDINATOR).read(&format!("/meetings/{meeting}/live"));
    assert!(carol.contains("Accepted by Hana Sato at 10am"), "{carol}");
    let steering = pages.signed_in(world, STEERING);
    assert_eq!(steering.open(&at).status().as_u16(), 404);
    assert!(!steering.read(&format!("/meetings/{meeting}")).contains(&at));
}

fn a_program_reads_and_accepts_the_statement(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, HOUSING);
    let at = format!("/api/v1/meetings/{}/statement", meetings[0]);
    let waiting = program.get("/api/v1/statements").well();
    assert_eq!(waiting["rows"][0]["meeting"], meetings[0].to_string());
    assert_eq!(program.get(&at).well()["may_accept"], true);
    let accepted = program.press(&at).well();
    assert_eq!(accepted["may_accept"], false);
    assert!(accepted["accepted_at"].is_string());
    assert_eq!(program.get("/api/v1/statements").well()["rows"].as_array().unwrap().len(), 0);
}
