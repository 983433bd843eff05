//! Notices of events: meetings, proposals, and what the coordinator chases.

use super::desk::{Desk, as_person, letters, nothing, skipped};
use panel_app::meetings::{self, EmergencyForm, MoveForm};
use panel_core::action::{Capacity, Extension};
use panel_core::id::MeetingId;
use panel_core::reminder::{Reason, Rule, Subject};
use panel_core::text::Note;
use panel_store::actions::{self, extensions};
use panel_store::notices::{self, Chased, Telling, Whom};
use panel_tests::on_both;
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, POLICE, POLICE_LEAD, POLICE_SPOC, PROBATION,
    World, day, must,
};

#[track_caller]
fn emergency(desk: &Desk<'_>, on: &str) -> MeetingId {
    let form = EmergencyForm {
        on: day(on),
        at: must("10:00:00".parse()),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: String::new(),
    };
    let ctx = desk.world.by(COORDINATOR);
    must(meetings::add_emergency(&ctx, desk.world.town().panel, &form)).meeting
}

#[track_caller]
fn version(desk: &Desk<'_>, meeting: MeetingId) -> i32 {
    must(meetings::show(&desk.world.by(COORDINATOR), meeting)).meeting.version
}

#[track_caller]
fn tell(desk: &Desk<'_>, rule: Rule, meeting: MeetingId, on: &str, whom: Whom) -> usize {
    let panel = desk.world.town().panel;
    let subject = Subject::Meeting(meeting);
    let telling = Telling { rule, panel, subject, date: Some(day(on)) };
    as_person(desk.world, COORDINATOR, |az| {
        let people = notices::people(az, panel, &[whom])?;
        notices::tell(az, &telling, &people)
    })
}

#[track_caller]
fn moved(desk: &Desk<'_>, meeting: MeetingId, on: &str) {
    let form = MoveForm { on: day(on), at: must("10:00:00".parse()), which: None, minutes: None };
    let (ctx, version) = (desk.world.by(COORDINATOR), version(desk, meeting));
    must(meetings::move_to(&ctx, meeting, version, &form));
}

fn a_meeting_that_moves_twice_in_a_day_is_told_once_with_its_last_date(world: &World) {
    let mut desk = Desk::new(world);
    desk.run_at("2026-04-01 17:00");
    let meeting = emergency(&desk, "2026-04-14");
    for on in ["2026-04-15", "2026-04-16"] {
        moved(&desk, meeting, on);
        tell(&desk, Rule::MeetingMoved, meeting, on, Whom::Everyone);
    }
    let heard = desk.run_at("2026-04-02 08:00");
    let subject = "You have 1 meeting moved to Thursday 16 April";
    assert!(heard.iter().all(|(_, said)| said == subject), "{heard:?}");
    let to: Vec<&str> = heard.iter().map(|(to, _)| to.as_str()).collect();
    let expected = [CHAIR, POLICE_LEAD, OBSERVER, HOUSING, IDVA, POLICE, PROBATION, POLICE_SPOC];
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(to, expected, "everybody but the coordinator, who moved it, and the steering group");
}

fn a_cancelled_meeting_is_told_unless_it_was_restored_first(world: &World) {
    let mut desk = Desk::new(world);
    let (kept, gone) = (emergency(&desk, "2026-04-14"), emergency(&desk, "2026-04-15"));
    for (meeting, on) in [(kept, "2026-04-14"), (gone, "2026-04-15")] {
        let ctx = world.by(COORDINATOR);
        must(meetings::cancel(&ctx, meeting, version(&desk, meeting), "Chair ill"));
        tell(&desk, Rule::MeetingCancelled, meeting, on, Whom::Chairs);
    }
    must(meetings::restore(&world.by(COORDINATOR), kept, version(&desk, kept)));
    let subject = "You have 1 meeting cancelled of Wednesday 15 April";
    assert_eq!(desk.run_at("2026-04-02 08:00"), letters(&[(CHAIR, subject)]));
}

fn an_extension_to_answer_is_told_once_and_counted_until_it_is_answered(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-20");
    let hana = desk.user(HOUSING);
    let by = panel_core::action::By { user: hana, capacity: Capacity::OwnerAgency };
    let (today, panel) = (desk.today(), world.town().panel);
    let extension = as_person(world, HOUSING, |az| {
        // The panel's own business is seen by its people, so the owner may find it.
        let kept = actions::find(az, action)?.expect("the action is there");
        let reason = must(Note::parse("Waiting for the court."));
        let (id, due) = (az.mint(), day("2026-05-01"));
        let asked = Extension::ask(id, &kept.action, false, by, due, reason, today);
        let (extension, _) = must(asked);
        extensions::insert(az, &extension)?;
        let subject = Subject::Extension(extension.id);
        let rule = Rule::ExtensionAsked;
        let telling = Telling { rule, panel, subject, date: Some(due) };
        let people = notices::people(az, panel, &[Whom::Chairs, Whom::Coordinators])?;
        assert_eq!(notices::tell(az, &telling, &people)?, 2);
        Ok(extension)
    });
    let subject = "You have 1 extension to answer";
    let heard = letters(&[(CHAIR, subject), (COORDINATOR, subject)]);
    assert_eq!(desk.run_at("2026-04-02 08:00"), heard);
    assert_eq!(desk.run_at("2026-04-07 08:00"), nothing(), "it is not told again");

    desk.action(world.town().police, Some(CHAIR), "2026-04-09");
    let both = "You have 2 things to do or read";
    assert_eq!(desk.run_at("2026-04-08 08:00"), letters(&[(CHAIR, both)]));
    let by = panel_core::action::By { user: desk.user(CHAIR), capacity: Capacity::Chair };
    as_person(world, COORDINATOR, |az| {
        let reason = must(Note::parse("No."));
        let (refused, _) = must(extension.refuse(by, reason, day("2026-04-08")));
        extensions::answer(az, &refused)
    });
    let one = "You have 1 action due today";
    assert_eq!(desk.run_at("2026-04-09 08:00"), letters(&[(CHAIR, one)]));
}

fn chase_all_joins_the_next_digest_or_goes_at_once_and_once_a_day(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let owed = [
        Subject::Action(desk.action(town.housing, Some(HOUSING), "2026-04-20")),
        Subject::Action(desk.action(town.police, None, "2026-04-21")),
        Subject::Action(desk.action(town.westshire, None, "2026-04-21")),
        Subject::Action({
            let done = desk.action(town.housing, Some(HOUSING), "2026-04-20");
            desk.complete(done);
            done
        }),
    ];
    let chase = |at_once: bool| {
        as_person(world, COORDINATOR, |az| notices::chase(az, town.panel, &owed, at_once))
    };
    let asked = Chased { people: 2, items: 2, at_once: 0, left_out: 1, unheard: 1 };
    assert_eq!(chase(false), asked);
    let again = chase(true);
    assert_eq!((again.people, again.left_out), (0, 4), "once a day at most");
    assert_eq!(
        desk.run(),
        letters(&[
            (HOUSING, "You have 1 update to give by Monday 20 April"),
            (POLICE_SPOC, "You have 1 update to give by Tuesday 21 April"),
        ])
    );

    world.set("2026-04-02 15:00");
    let before = desk.mailbox.letters().len();
    let asked = chase(true);
    assert_eq!((asked.people, asked.at_once), (2, 2));
    assert_eq!(desk.run().len(), 2, "not with the digest of the day, but now");
    let body = &desk.arrived(before)[0].body;
    assert!(body.contains("The coordinator asks you for:\n- 1 update to give by"), "{body}");
    assert_eq!(desk.run_at("2026-04-07 08:00"), nothing());
}

fn nobody_is_chased_for_what_was_finished_before_the_letter_left(world: &World) {
    let mut desk = Desk::new(world);
    let town = world.town();
    let action = desk.action(town.housing, Some(HOUSING), "2026-04-20");
    let owed = [Subject::Action(action)];
    as_person(world, COORDINATOR, |az| notices::chase(az, town.panel, &owed, true));
    desk.complete(action);
    assert_eq!(desk.run(), nothing());
    let states = desk.states(action, HOUSING);
    assert_eq!(states[&Rule::Chased], skipped("2026-04-01", Reason::Finished));
}

fn what_is_deleted_is_told_to_nobody(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    as_person(world, COORDINATOR, |az| {
        assert!(actions::delete(az, action, 1)?);
        notices::cancel(az, Subject::Action(action), Reason::Finished)
    });
    assert_eq!(desk.run(), nothing());
}

on_both!(
    a_meeting_that_moves_twice_in_a_day_is_told_once_with_its_last_date,
    a_cancelled_meeting_is_told_unless_it_was_restored_first,
    an_extension_to_answer_is_told_once_and_counted_until_it_is_answered,
    chase_all_joins_the_next_digest_or_goes_at_once_and_once_a_day,
    nobody_is_chased_for_what_was_finished_before_the_letter_left,
    what_is_deleted_is_told_to_nobody,
);
