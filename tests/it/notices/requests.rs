//! Notices of information requests: made, due, late, and no word after the reply.

use super::desk::{Desk, as_person, cancelled, letters, nothing, skipped, told};
use panel_app::meetings::{self, EmergencyForm};
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId, PersonId};
use panel_core::information::{Due, RequestState};
use panel_core::reminder::{NoticeState, Reason, Rule, Subject};
use panel_core::time::last_instant;
use panel_store::cases::{self, NewCase};
use panel_store::information::{self, Request};
use panel_store::notices::{self, NoticeRow};
use panel_store::people::{self, Person};
use panel_tests::on_both;
use panel_tests::world::{COORDINATOR, HOUSING, POLICE_SPOC, PROBATION, World, day, must};

#[track_caller]
fn meeting(desk: &Desk<'_>, on: &str) -> MeetingId {
    let form = EmergencyForm {
        on: day(on),
        at: must("10:00:00".parse()),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: String::new(),
    };
    must(meetings::add_emergency(&desk.world.by(COORDINATOR), desk.world.town().panel, &form))
        .meeting
}

#[track_caller]
fn case(desk: &Desk<'_>, reference: &str) -> CaseId {
    as_person(desk.world, COORDINATOR, |az| {
        let (person, case): (PersonId, CaseId) = (az.mint(), az.mint());
        let record = Person::named(person, "Marcus".to_owned(), "Vane".to_owned());
        people::insert(az, &record)?;
        let new = NewCase {
            id: case,
            reference: reference.to_owned(),
            panel: desk.world.town().panel,
            person,
            opened_on: desk.today(),
            imported: false,
        };
        assert!(cases::insert(az, &new)?);
        Ok(case)
    })
}

/// Asks an agency about a case, to be answered by the end of a day.
#[track_caller]
fn ask(
    desk: &Desk<'_>,
    meeting: MeetingId,
    case: CaseId,
    agency: AgencyId,
    due: &str,
) -> InfoRequestId {
    let due = Due { on: day(due), at: last_instant(day(due), None) };
    as_person(desk.world, COORDINATOR, |az| {
        let id: InfoRequestId = az.mint();
        let request = Request {
            id,
            panel: desk.world.town().panel,
            meeting,
            case,
            agency,
            thread: id,
            asked_at: az.now(),
            due_at: due.at,
            due_on: due.on,
            first_due_at: due.at,
            state: RequestState::Asked,
            asked_version: 1,
            instance: 1,
            extension_reason: String::new(),
            version: 1,
        };
        information::insert(az, &[request])?;
        notices::plan_request(az, desk.days(), id)?;
        Ok(id)
    })
}

#[track_caller]
fn change(desk: &Desk<'_>, id: InfoRequestId, change: impl FnOnce(Request) -> Request) {
    as_person(desk.world, COORDINATOR, |az| {
        let asked = information::find(az, id)?.expect("the request is there");
        assert!(information::update(az, &change(asked.request))?);
        notices::plan_request(az, desk.days(), id)
    });
}

#[track_caller]
fn rows(desk: &Desk<'_>, id: InfoRequestId) -> Vec<NoticeRow> {
    as_person(desk.world, COORDINATOR, |az| notices::list_for_subject(az, Subject::Request(id)))
}

#[track_caller]
fn state(desk: &Desk<'_>, id: InfoRequestId, rule: Rule, instance: u32) -> NoticeState {
    let rows = rows(desk, id);
    let row = rows.iter().find(|row| row.rule == rule && row.instance == instance);
    row.unwrap_or_else(|| panic!("no row of {rule} in {rows:?}")).state
}

fn an_agency_hears_of_a_request_on_issue_the_day_before_and_when_it_is_late(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let (meeting, one) = (meeting(&desk, "2026-04-20"), case(&desk, "AAAA-AAAA"));
    let two = case(&desk, "BBBB-BBBB");
    ask(&desk, meeting, one, town.police, "2026-04-10");
    ask(&desk, meeting, two, town.police, "2026-04-10");
    ask(&desk, meeting, one, town.housing, "2026-04-10");
    let asked = |n: &str| format!("You have {n} by Friday 10 April");
    let (many, single) = (asked("2 new information requests"), asked("1 new information request"));
    assert_eq!(desk.run(), letters(&[(HOUSING, &single), (POLICE_SPOC, &many)]));
    assert_eq!(desk.run_at("2026-04-08 08:00"), nothing());
    let subject = "You have 2 information requests due by Friday 10 April";
    let heard = desk.run_at("2026-04-09 08:00");
    assert!(heard.contains(&(POLICE_SPOC.to_owned(), subject.to_owned())), "{heard:?}");
    assert_eq!(desk.run_at("2026-04-10 08:00"), nothing());
    let late = "You have 2 information requests overdue since 10 April";
    let heard = desk.run_at("2026-04-13 08:00");
    assert!(heard.contains(&(POLICE_SPOC.to_owned(), late.to_owned())), "{heard:?}");
    assert_eq!(desk.run_at("2026-04-20 08:00"), nothing(), "it is chased by hand from then on");
}

fn nobody_hears_of_a_request_that_was_answered_or_withdrawn(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let (meeting, case) = (meeting(&desk, "2026-04-20"), case(&desk, "AAAA-AAAA"));
    let replied = ask(&desk, meeting, case, town.housing, "2026-04-10");
    let withdrawn = ask(&desk, meeting, case, town.probation, "2026-04-10");
    assert_eq!(desk.run().len(), 2);
    change(&desk, replied, |request| Request { state: RequestState::Replied, ..request });
    // Withdrawn by a change that planned nothing: the run finds out.
    as_person(world, COORDINATOR, |az| information::withdraw(az, &[withdrawn]));
    assert_eq!(desk.run_at("2026-04-09 08:00"), nothing());
    assert_eq!(desk.run_at("2026-04-13 08:00"), nothing());
    let due = Rule::RequestDue;
    assert_eq!(
        state(&desk, replied, due, 1),
        cancelled("2026-04-01", Reason::Finished),
        "taken back with the reply"
    );
    assert_eq!(state(&desk, withdrawn, due, 1), skipped("2026-04-09", Reason::Finished));
}

fn a_deadline_that_moves_is_reminded_of_afresh_and_the_request_is_not_told_again(world: &World) {
    let mut desk = Desk::new(world);
    let (meeting, case) = (meeting(&desk, "2026-04-20"), case(&desk, "AAAA-AAAA"));
    let id = ask(&desk, meeting, case, world.town().probation, "2026-04-10");
    assert_eq!(desk.run().len(), 1);
    world.set("2026-04-02 10:00");
    change(&desk, id, |request| {
        let due_on = day("2026-04-15");
        let due_at = last_instant(due_on, None);
        Request { due_on, due_at, instance: 2, ..request }
    });
    assert_eq!(state(&desk, id, Rule::RequestIssued, 1), told("2026-04-01"));
    let moved = cancelled("2026-04-02", Reason::DueChanged);
    assert_eq!(state(&desk, id, Rule::RequestDue, 1), moved);
    assert!(
        rows(&desk, id).iter().all(|row| { row.rule != Rule::RequestIssued || row.instance == 1 })
    );
    assert_eq!(desk.run_at("2026-04-09 08:00"), nothing());
    let subject = "You have 1 information request due by Wednesday 15 April";
    assert_eq!(desk.run_at("2026-04-14 08:00"), letters(&[(PROBATION, subject)]));
}

fn somebody_who_took_over_hears_of_what_is_late(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let (meeting, case) = (meeting(&desk, "2026-04-20"), case(&desk, "AAAA-AAAA"));
    ask(&desk, meeting, case, town.probation, "2026-04-10");
    desk.run();
    desk.leaves(PROBATION);
    let seat = (town.panel, panel_core::access::Role::Representative);
    world.person("new@probation.example", "Noor Khan", town.probation, Some(seat));
    desk.run_at("2026-04-08 08:00");
    let subject = "You have 1 information request due by Friday 10 April";
    let heard = letters(&[("new@probation.example", subject)]);
    assert_eq!(desk.run_at("2026-04-09 08:00"), heard);
}

fn a_request_is_chased_by_one_press(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let (meeting, case) = (meeting(&desk, "2026-04-20"), case(&desk, "AAAA-AAAA"));
    let owed = [town.police, town.housing]
        .map(|agency| Subject::Request(ask(&desk, meeting, case, agency, "2026-04-10")));
    desk.run();
    let chased = as_person(world, COORDINATOR, |az| notices::chase(az, town.panel, &owed, true));
    assert_eq!((chased.people, chased.items, chased.at_once), (2, 2, 2));
    let subject = "You have 1 update to give by Friday 10 April";
    assert_eq!(desk.run(), letters(&[(HOUSING, subject), (POLICE_SPOC, subject)]));
}

on_both!(
    an_agency_hears_of_a_request_on_issue_the_day_before_and_when_it_is_late,
    nobody_hears_of_a_request_that_was_answered_or_withdrawn,
    a_deadline_that_moves_is_reminded_of_afresh_and_the_request_is_not_told_again,
    somebody_who_took_over_hears_of_what_is_late,
    a_request_is_chased_by_one_press,
);
