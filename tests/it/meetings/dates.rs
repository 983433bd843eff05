//! When a meeting is: its deadlines, its place in the order, and what a move changes.

use super::{add, cancel, emergency, hold_next_but_one, move_to};
use crate::series::{
    ahead, first, hold_next, move_form, rows, show, starts, thursdays, time, told,
};
use panel_app::meetings::{self, EmergencyForm};
use panel_core::cycle::{CyclePolicy, Lateness, Step};
use panel_core::meeting::MeetingState;
use panel_core::reminder::Rule;
use panel_core::schedule::End;
use panel_core::time::Repeated;
use panel_tests::on_both;
use panel_tests::refusal::invalid;
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World, day, london};

on_both!(
    a_meeting_shows_every_deadline_and_why,
    lists_go_page_by_page_over_the_past_and_what_lies_ahead,
    a_moved_meeting_keeps_its_slot_and_the_dates_it_had,
    a_meeting_moved_later_takes_again_what_was_late,
    a_move_is_previewed_with_its_deadlines_and_whom_it_concerns,
    a_time_that_does_not_exist_is_refused_and_one_that_comes_twice_is_asked,
    a_day_that_is_not_worked_warns_and_does_not_block,
    two_meetings_of_a_panel_never_overlap,
    a_date_far_off_is_refused,
    f19_the_next_meeting_is_the_first_open_one_and_the_skipped_are_named,
    f19_the_order_is_that_of_slots_even_when_the_next_was_moved_before_this_one,
);

fn a_meeting_shows_every_deadline_and_why(world: &World) {
    thursdays(world, 2, End::Never);
    let second = &ahead(world)[1];
    let shown = meetings::show(&world.by(POLICE), second.id).unwrap();
    assert_eq!(shown.meeting.when, "10am on Thursday 16 April 2026");
    assert_eq!(shown.meeting.until, "1pm");
    let agenda = shown.deadlines.iter().find(|d| d.step == Step::AgendaIssued).unwrap();
    assert_eq!(agenda.when, "5pm on Thursday 2 April 2026");
    assert_eq!(
        agenda.why,
        "8 working days before Thursday 16 April 2026; \
         Good Friday 3 April and Easter Monday 6 April do not count"
    );
    assert_eq!(shown.deadlines.len(), 9);
    assert!(!shown.may.move_it && !shown.may.start, "a representative looks on");
    let may = meetings::show(&world.by(CHAIR), second.id).unwrap().may;
    assert!(may.move_it && may.cancel && !may.start && !may.end && !may.restore && !may.reopen);
}

fn lists_go_page_by_page_over_the_past_and_what_lies_ahead(world: &World) {
    thursdays(world, 1, End::Never);
    let panel = world.town().panel;
    let page = meetings::upcoming(&world.by(POLICE), panel, None).unwrap();
    assert_eq!(page.rows.len(), 20);
    assert_eq!(page.next, Some(page.rows[19].id));
    let second = meetings::upcoming(&world.by(POLICE), panel, page.next).unwrap();
    assert!(second.rows[0].starts_at > page.rows[19].starts_at);
    let all = ahead(world);
    assert!(all.len() > 40 && all.windows(2).all(|two| two[0].starts_at < two[1].starts_at));

    hold_next(world);
    let begun = first(world);
    world.app.clock.set(begun.starts_at);
    meetings::start(&world.by(CHAIR), begun.id, begun.version).unwrap();
    world.set("2026-04-20 09:00");
    assert_eq!(first(world).id, begun.id, "one in progress stays in front");
    let past = meetings::past(&world.by(POLICE), panel, None).unwrap();
    assert_eq!(starts(&past.rows), ["2026-04-16 10:00", "2026-04-02 10:00"]);
    assert_eq!(past.next, None);
    let before = meetings::past(&world.by(POLICE), panel, Some(past.rows[0].id)).unwrap();
    assert_eq!(starts(&before.rows), ["2026-04-02 10:00"]);
}

fn a_moved_meeting_keeps_its_slot_and_the_dates_it_had(world: &World) {
    thursdays(world, 4, End::Never);
    let second = ahead(world).remove(1);
    move_to(world, second.id, "2026-05-06", "14:00").unwrap();
    let moved = move_to(world, second.id, "2026-05-08", "14:00").unwrap();
    assert_eq!((moved.version, moved.warnings.len()), (3, 0));
    let shown = show(world, second.id);
    assert_eq!(shown.slot, Some(day("2026-04-30")));
    assert_eq!(shown.when, "2pm on Friday 8 May 2026");
    assert_eq!(shown.earlier, ["Thursday 30 April 2026", "Wednesday 6 May 2026"]);
    assert_eq!(told(world, second.id), [Rule::MeetingMoved]);
    // The hour alone is no other date.
    move_to(world, second.id, "2026-05-08", "15:00").unwrap();
    assert_eq!(show(world, second.id).earlier.len(), 2);
    assert_eq!(ahead(world)[2].on, day("2026-05-28"), "the series has not drifted");
}

fn a_meeting_moved_later_takes_again_what_was_late(world: &World) {
    thursdays(world, 2, End::Never);
    let second = ahead(world).remove(1);
    let judge = |received: &str| {
        let found = rows(world, |az| panel_store::meetings::find(az, second.id));
        let days = world.app.working_days();
        found.unwrap().dates().judge(london(received), &CyclePolicy::default(), days).unwrap()
    };
    // The cut-off for Thursday 16 April is Tuesday 31 March, 5pm.
    assert!(matches!(judge("2026-03-31 17:01"), Lateness::Late { .. }));
    world.set("2026-04-02 09:00");
    move_to(world, second.id, "2026-04-20", "10:00").unwrap();
    assert_eq!(judge("2026-04-02 16:00"), Lateness::InTime { meeting: day("2026-04-20") });
    // Moved earlier again, what was in time stays in time.
    world.set("2026-04-03 09:00");
    move_to(world, second.id, "2026-04-15", "10:00").unwrap();
    assert_eq!(judge("2026-04-02 16:00"), Lateness::InTime { meeting: day("2026-04-20") });
    assert!(matches!(judge("2026-04-03 10:00"), Lateness::Late { .. }));
}

fn a_move_is_previewed_with_its_deadlines_and_whom_it_concerns(world: &World) {
    thursdays(world, 2, End::Never);
    let second = ahead(world).remove(1);
    let form = move_form("2026-04-17", "10:00");
    let shown = meetings::preview_move(&world.by(COORDINATOR), second.id, &form).unwrap();
    assert_eq!(shown.from, "10am on Thursday 16 April 2026");
    assert_eq!(shown.to, "10am on Friday 17 April 2026");
    assert_eq!((shown.deadlines.len(), shown.told), (9, 8));
    assert_eq!(shown.deadlines[0].label, "Referral cut-off");
    assert_eq!(shown.deadlines[0].from, "5pm on Tuesday 31 March 2026");
    assert_eq!(shown.deadlines[0].to, "5pm on Wednesday 1 April 2026");
    assert_eq!(show(world, second.id), second);
}

fn a_time_that_does_not_exist_is_refused_and_one_that_comes_twice_is_asked(world: &World) {
    let panel = world.town().panel;
    world.set("2027-03-01 09:00");
    let add = |form: &EmergencyForm| meetings::add_emergency(&world.by(COORDINATOR), panel, form);
    let gap = invalid(add(&emergency("2027-03-28", "01:30")));
    assert_eq!((&*gap[0].field, gap[0].code), ("at", "does_not_exist"));
    assert!(gap[0].message.contains("the nearest times are 12:59am and 2am"), "{}", gap[0].message);
    let fold = invalid(add(&emergency("2027-10-31", "01:30")));
    assert_eq!((&*fold[0].field, fold[0].code), ("which", "comes_twice"));
    let second =
        EmergencyForm { which: Some(Repeated::Second), ..emergency("2027-10-31", "01:30") };
    let added = add(&second).unwrap();
    let shown = show(world, added.meeting);
    assert_eq!(
        shown.starts_at,
        "2027-10-31T01:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
}

fn a_day_that_is_not_worked_warns_and_does_not_block(world: &World) {
    let panel = world.town().panel;
    let on = |day: &str| {
        meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency(day, "10:00"))
            .unwrap()
            .warnings
    };
    assert_eq!(on("2026-04-03"), ["Friday 3 April 2026 is Good Friday"]);
    assert_eq!(on("2026-04-04"), ["Saturday 4 April 2026 is not a working day"]);
    assert_eq!(on("2026-04-07"), [""; 0]);
}

fn two_meetings_of_a_panel_never_overlap(world: &World) {
    thursdays(world, 1, End::Never);
    let panel = world.town().panel;
    let add =
        |at| meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency("2026-04-09", at));
    let refused = invalid(add("12:59"));
    assert_eq!((&*refused[0].field, refused[0].code), ("at", "overlaps"));
    assert_eq!(
        refused[0].message,
        "The panel has a meeting at that time already: 10am on Thursday 9 April 2026"
    );
    invalid(add("09:01"));
    add("13:00").unwrap();
    add("09:00").unwrap();
    let second = ahead(world).into_iter().find(|m| m.on == day("2026-04-16")).unwrap();
    assert_eq!(invalid(move_to(world, second.id, "2026-04-09", "11:00"))[0].code, "overlaps");
    move_to(world, second.id, "2026-04-16", "11:00").unwrap();
    cancel(
        world,
        ahead(world)
            .iter()
            .find(|m| m.at == time("10:00") && m.on == day("2026-04-09"))
            .unwrap()
            .id,
    );
    move_to(world, second.id, "2026-04-09", "10:00").unwrap();
}

fn a_date_far_off_is_refused(world: &World) {
    let panel = world.town().panel;
    let add = |on| {
        invalid(meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency(on, "10:00")))
    };
    assert_eq!(add("2206-04-03")[0].message, "Date must be from 1 March 2026 to 1 April 2028");
    assert_eq!(add("2026-02-28")[0].code, "out_of_bounds");
}

fn f19_the_next_meeting_is_the_first_open_one_and_the_skipped_are_named(world: &World) {
    thursdays(world, 1, End::Never);
    let this = hold_next(world);
    let all = ahead(world);
    cancel(world, all[0].id);
    hold_next_but_one(world, &all[1]);
    let next = meetings::next(&world.by(COORDINATOR), this.id).unwrap();
    assert_eq!(next.to.unwrap().id, all[2].id);
    let skipped: Vec<_> = next.passed_over.iter().map(|m| (m.id, m.state)).collect();
    assert_eq!(skipped, [(all[0].id, MeetingState::Cancelled), (all[1].id, MeetingState::Held)]);
}

fn f19_the_order_is_that_of_slots_even_when_the_next_was_moved_before_this_one(world: &World) {
    thursdays(world, 1, End::Never);
    let all = ahead(world);
    move_to(world, all[1].id, "2026-04-01", "14:00").unwrap();
    let next = meetings::next(&world.by(COORDINATOR), all[0].id).unwrap();
    assert_eq!(next.to.unwrap().id, all[1].id);
    // What is put off by an emergency meeting goes to the panel's next one.
    let urgent = add(world, "2026-04-03", "15:00");
    let next = meetings::next(&world.by(COORDINATOR), urgent.id).unwrap();
    assert_eq!(next.to.unwrap().id, all[2].id);
}
