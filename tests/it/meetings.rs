//! Single meetings: moved, called off, restored, held, numbered, opened again.

use crate::series::{
    a_case, ahead, first, hold_next, list_case, list_item, move_form, rows, show, starts,
    thursdays, time, told,
};
use chrono::Duration;
use panel_app::meetings::{self, EmergencyForm, MeetingView, MoveForm, PlaceForm};
use panel_app::{AppError, Ctx};
use panel_core::agenda::{Decision, ItemState, Section};
use panel_core::cycle::{CyclePolicy, Lateness, Step};
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::meeting::MeetingState;
use panel_core::reminder::Rule;
use panel_core::schedule::End;
use panel_core::time::Repeated;
use panel_store::agenda::{self, Notes};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, OUTSIDER, POLICE, World, day, london};

#[track_caller]
fn emergency(on: &str, at: &str) -> EmergencyForm {
    EmergencyForm {
        on: day(on),
        at: time(at),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: "https://call.example/urgent".to_owned(),
    }
}

#[track_caller]
fn add(world: &World, on: &str, at: &str) -> MeetingView {
    let panel = world.town().panel;
    let added = meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency(on, at)).unwrap();
    show(world, added.meeting)
}

#[track_caller]
fn move_to(world: &World, id: MeetingId, on: &str, at: &str) -> Result<meetings::Moved, AppError> {
    let version = show(world, id).version;
    meetings::move_to(&world.by(COORDINATOR), id, version, &move_form(on, at))
}

#[track_caller]
fn cancel(world: &World, id: MeetingId) {
    let version = show(world, id).version;
    meetings::cancel(&world.by(COORDINATOR), id, version, "The chair is ill").unwrap();
}

#[track_caller]
fn reopen(world: &World, id: MeetingId) -> Result<i32, AppError> {
    let version = show(world, id).version;
    meetings::reopen(&world.by(CHAIR), id, version, "A decision was left out")
}

#[track_caller]
fn number(world: &World, id: MeetingId) -> Option<String> {
    show(world, id).number
}

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
    r20_a_restored_meeting_is_fresh_and_its_old_items_are_offered,
    an_emergency_meeting_is_restored_until_its_time_has_passed,
    a_meeting_begins_on_its_day_and_ends_with_a_number,
    emergency_meetings_count_in_the_numbering,
    a_number_is_taken_once_by_two_threads_that_end_two_meetings_at_once,
    f22_a_held_meeting_is_opened_again_and_its_number_goes_back,
    f22_what_was_heard_is_pending_again_with_its_notes,
    f26_a_meeting_with_an_undecided_case_does_not_end_and_names_it,
    f23_a_later_number_of_the_same_year_keeps_a_meeting_closed,
    f25_of_two_tabs_the_second_is_refused,
    a_second_press_of_the_button_changes_nothing,
    only_those_who_run_the_panel_change_a_meeting,
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

/// Holds a meeting that is not the first one ahead.
#[track_caller]
fn hold_next_but_one(world: &World, meeting: &MeetingView) {
    world.app.clock.set(meeting.starts_at);
    let version = meetings::start(&world.by(CHAIR), meeting.id, meeting.version).unwrap();
    meetings::end(&world.by(CHAIR), meeting.id, version).unwrap();
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

fn r20_a_restored_meeting_is_fresh_and_its_old_items_are_offered(world: &World) {
    thursdays(world, 1, End::Never);
    let second = ahead(world).remove(1);
    list_item(world, second.id, Section::Opening, Section::Opening.standing_title().unwrap());
    list_item(world, second.id, Section::Other, "A visit from Westshire");
    list_case(world, second.id, a_case(world, "K7MQ-4XWP", "Hale"));
    let place = PlaceForm { venue: "Library".to_owned(), link: String::new() };
    meetings::set_venue(&world.by(COORDINATOR), second.id, second.version, &place).unwrap();
    move_to(world, second.id, "2026-04-10", "14:00").unwrap();
    cancel(world, second.id);
    let called_off = show(world, second.id);
    assert_eq!(called_off.state, MeetingState::Cancelled);
    assert_eq!(called_off.cancel_reason, "The chair is ill");
    assert_eq!(ahead(world)[1].id, second.id, "its slot stays taken");

    let ctx = world.by(COORDINATOR);
    let restored = meetings::restore(&ctx, second.id, called_off.version).unwrap();
    assert_eq!(restored.when, "10am on Thursday 9 April 2026");
    let names: Vec<_> =
        restored.offered.iter().map(panel_store::meetings::items::NamedItem::name).collect();
    let expected = ["A visit from Westshire", "K7MQ-4XWP"];
    assert_eq!(names, expected, "a standing heading comes by itself");
    let fresh = show(world, second.id);
    assert_eq!((fresh.state, &*fresh.venue), (MeetingState::Planned, "Council chamber"));
    assert_eq!(fresh.cancel_reason, "");
    let listed = rows(world, |az| agenda::list(az, second.id));
    let states: Vec<_> = listed.iter().map(|line| line.item.state).collect();
    assert_eq!(states, [ItemState::Withdrawn; 3]);
}

fn an_emergency_meeting_is_restored_until_its_time_has_passed(world: &World) {
    let urgent = add(world, "2026-04-02", "15:00");
    cancel(world, urgent.id);
    let version = show(world, urgent.id).version;
    let version = meetings::restore(&world.by(CHAIR), urgent.id, version).unwrap().version;
    meetings::cancel(&world.by(CHAIR), urgent.id, version, "Not needed").unwrap();
    world.set("2026-04-02 15:00");
    let refused = rule(meetings::restore(&world.by(CHAIR), urgent.id, version + 1));
    assert_eq!(refused, ("past", "The time of this meeting has passed".to_owned()));
}

fn a_meeting_begins_on_its_day_and_ends_with_a_number(world: &World) {
    thursdays(world, 1, End::Never);
    let meeting = first(world);
    let (code, message) = rule(meetings::start(&world.by(CHAIR), meeting.id, meeting.version));
    assert_eq!(code, "not_yet");
    assert_eq!(message, "This meeting is on Thursday 2 April 2026. Move it to today first.");
    let (code, message) = rule(meetings::end(&world.by(CHAIR), meeting.id, meeting.version));
    assert_eq!(code, "wrong_state");
    assert_eq!(message, "This cannot be done while the meeting is planned");
    let held = hold_next(world);
    assert_eq!((held.state, held.number.as_deref()), (MeetingState::Held, Some("1/2026")));
    assert_eq!(rule(move_to(world, held.id, "2026-04-20", "10:00")).0, "wrong_state");
    let again = meetings::cancel(&world.by(CHAIR), held.id, held.version, "Too late");
    assert_eq!(rule(again).0, "wrong_state");
    let silent = invalid(meetings::cancel(&world.by(CHAIR), held.id, held.version, " "));
    assert_eq!((&*silent[0].field, &*silent[0].message), ("reason", "Enter the reason"));
}

fn emergency_meetings_count_in_the_numbering(world: &World) {
    thursdays(world, 1, End::Never);
    assert_eq!(hold_next(world).number.as_deref(), Some("1/2026"));
    add(world, "2026-04-03", "15:00");
    let urgent = hold_next(world);
    assert!(urgent.emergency);
    assert_eq!(urgent.number.as_deref(), Some("2/2026"));
    assert_eq!(hold_next(world).number.as_deref(), Some("3/2026"));
}

fn a_number_is_taken_once_by_two_threads_that_end_two_meetings_at_once(world: &World) {
    let begun: Vec<(MeetingId, i32)> = ["11:00", "13:00", "15:00", "17:00"]
        .map(|at| {
            let meeting = add(world, "2026-04-01", at);
            let ctx = world.by(COORDINATOR);
            (meeting.id, meetings::start(&ctx, meeting.id, meeting.version).unwrap())
        })
        .to_vec();
    let mut taken: Vec<i32> = std::thread::scope(|scope| {
        let end = |(id, version): &(MeetingId, i32)| {
            let (id, version) = (*id, *version);
            scope.spawn(move || meetings::end(&world.by(CHAIR), id, version).unwrap().number.number)
        };
        let threads: Vec<_> = begun.iter().map(end).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    taken.sort_unstable();
    assert_eq!(taken, [1, 2, 3, 4]);
}

fn f26_a_meeting_with_an_undecided_case_does_not_end_and_names_it(world: &World) {
    thursdays(world, 1, End::Never);
    let meeting = first(world);
    let heard = list_case(world, meeting.id, a_case(world, "K7MQ-4XWP", "Hale"));
    let put_off = list_case(world, meeting.id, a_case(world, "B3CD-9RTW", "Marsh"));
    list_item(world, meeting.id, Section::Other, "A visit from Westshire");
    world.app.clock.set(meeting.starts_at);
    let version = meetings::start(&world.by(CHAIR), meeting.id, meeting.version).unwrap();
    let end = || meetings::end(&world.by(CHAIR), meeting.id, version);
    let (code, message) = rule(end());
    assert_eq!(code, "undecided");
    assert_eq!(message, "2 items still to be decided or deferred: K7MQ-4XWP, B3CD-9RTW");
    record(world, heard, ItemState::Listed, Some(Decision::Retain));
    let (_, message) = rule(end());
    assert_eq!(message, "1 item still to be decided or deferred: B3CD-9RTW");
    record(world, put_off, ItemState::Deferred, None);
    end().unwrap();
    assert_eq!(
        states(world, meeting.id),
        [ItemState::Heard, ItemState::Deferred, ItemState::Heard]
    );
    // Naming a case is reading it, also when the answer is a refusal.
    let page = rows(world, |az| panel_store::audit::page(az, None, None, 50));
    let named = page.iter().filter(|row| row.deed == "meeting.items").count();
    assert_eq!(named, 2);
}

/// Writes what became of an item.
#[track_caller]
fn record(world: &World, id: AgendaItemId, state: ItemState, decision: Option<Decision>) {
    let saved = rows(world, |az| {
        let line = agenda::find(az, id)?.expect("the item is there");
        let notes = Notes { decision, ..line.notes };
        agenda::record(az, id, line.item.version, state, &notes)
    });
    assert!(saved);
}

#[track_caller]
fn states(world: &World, meeting: MeetingId) -> Vec<ItemState> {
    let lines = rows(world, |az| agenda::list(az, meeting));
    lines.iter().map(|line| line.item.state).collect()
}

fn f22_what_was_heard_is_pending_again_with_its_notes(world: &World) {
    thursdays(world, 1, End::Never);
    let meeting = first(world);
    let case = list_case(world, meeting.id, a_case(world, "K7MQ-4XWP", "Hale"));
    record(world, case, ItemState::Listed, Some(Decision::Retain));
    hold_next(world);
    assert_eq!(states(world, meeting.id), [ItemState::Heard]);
    reopen(world, meeting.id).unwrap();
    assert_eq!(states(world, meeting.id), [ItemState::Listed]);
    let line = rows(world, |az| agenda::find(az, case)).unwrap();
    assert_eq!(line.notes.decision, Some(Decision::Retain));
    let version = show(world, meeting.id).version;
    let ended = meetings::end(&world.by(CHAIR), meeting.id, version).unwrap();
    assert_eq!((ended.number.number, states(world, meeting.id)), (1, vec![ItemState::Heard]));
}

fn f22_a_held_meeting_is_opened_again_and_its_number_goes_back(world: &World) {
    thursdays(world, 1, End::Never);
    hold_next(world);
    let second = hold_next(world);
    let third = hold_next(world);
    assert_eq!(third.number.as_deref(), Some("3/2026"));
    reopen(world, third.id).unwrap();
    let opened = show(world, third.id);
    assert_eq!((opened.state, opened.number), (MeetingState::InProgress, None));
    assert_eq!(opened.reopen_reason, "A decision was left out");
    // With the third open again, the second is the latest number.
    reopen(world, second.id).unwrap();
    let end = |id| {
        let version = show(world, id).version;
        meetings::end(&world.by(CHAIR), id, version).unwrap().number.number
    };
    assert_eq!(end(third.id), 2);
    assert_eq!(end(second.id), 3);
}

fn f23_a_later_number_of_the_same_year_keeps_a_meeting_closed(world: &World) {
    thursdays(world, 1, End::Never);
    let first_held = hold_next(world);
    let second = hold_next(world);
    let (code, message) = rule(reopen(world, first_held.id));
    assert_eq!(code, "later_number");
    assert_eq!(
        message,
        "Meeting 2 of 2026 was held after this one, so its number cannot be given back"
    );
    assert_eq!(number(world, first_held.id).as_deref(), Some("1/2026"));
    // A number of another year is no later one.
    let january = ahead(world).into_iter().find(|m| m.on == day("2027-01-07")).unwrap();
    hold_next_but_one(world, &january);
    assert_eq!(number(world, january.id).as_deref(), Some("1/2027"));
    reopen(world, second.id).unwrap();
    assert_eq!(number(world, second.id), None);
}

fn f25_of_two_tabs_the_second_is_refused(world: &World) {
    thursdays(world, 1, End::Never);
    let read = first(world);
    let ctx = || world.by(COORDINATOR);
    let library = PlaceForm { venue: "Library".to_owned(), link: String::new() };
    assert_eq!(meetings::set_venue(&ctx(), read.id, read.version, &library).unwrap(), 2);
    let hall = PlaceForm { venue: "Town hall".to_owned(), link: String::new() };
    stale(meetings::set_venue(&ctx(), read.id, read.version, &hall));
    let form = move_form("2026-04-03", "10:00");
    stale(meetings::move_to(&ctx(), read.id, read.version, &form));
    stale(meetings::cancel(&ctx(), read.id, read.version, "No room"));
    assert_eq!(show(world, read.id).venue, "Library");
}

fn a_second_press_of_the_button_changes_nothing(world: &World) {
    let panel = world.town().panel;
    let operation = Some(world.by(COORDINATOR).mint());
    let press = || {
        let ctx: Ctx<'_> = world.by(COORDINATOR).submitted(operation);
        meetings::add_emergency(&ctx, panel, &emergency("2026-04-02", "15:00")).unwrap()
    };
    assert_eq!(press(), press());
    assert_eq!(ahead(world).len(), 1);
}

fn only_those_who_run_the_panel_change_a_meeting(world: &World) {
    thursdays(world, 1, End::Never);
    let meeting = first(world);
    world.app.clock.set(meeting.starts_at + Duration::minutes(1));
    let form: MoveForm = move_form("2026-04-03", "10:00");
    for email in [POLICE, OUTSIDER] {
        let ctx = world.by(email);
        let (id, version) = (meeting.id, meeting.version);
        not_found(meetings::move_to(&ctx, id, version, &form));
        not_found(meetings::preview_move(&ctx, id, &form));
        not_found(meetings::cancel(&ctx, id, version, "No room"));
        not_found(meetings::restore(&ctx, id, version));
        not_found(meetings::start(&ctx, id, version));
        not_found(meetings::end(&ctx, id, version));
        not_found(meetings::reopen(&ctx, id, version, "Why not"));
        let place = PlaceForm { venue: String::new(), link: String::new() };
        not_found(meetings::set_venue(&ctx, id, version, &place));
        let urgent = emergency("2026-04-03", "15:00");
        not_found(meetings::add_emergency(&ctx, world.town().panel, &urgent));
    }
    assert_eq!(show(world, meeting.id), meeting);
}
