//! A meeting called off and restored, begun, ended with a number, and opened again.

use super::{add, cancel, emergency, hold_next_but_one, move_to};
use crate::series::{
    a_case, ahead, first, hold_next, list_case, list_item, move_form, rows, show, thursdays,
};
use chrono::Duration;
use panel_app::meetings::{self, MoveForm, PlaceForm};
use panel_app::{AppError, Ctx};
use panel_core::agenda::{Decision, ItemState, Section};
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::meeting::MeetingState;
use panel_core::schedule::End;
use panel_store::agenda::{self, Notes};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, OUTSIDER, POLICE, World, day};

on_both!(
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

#[track_caller]
fn reopen(world: &World, id: MeetingId) -> Result<i32, AppError> {
    let version = show(world, id).version;
    meetings::reopen(&world.by(CHAIR), id, version, "A decision was left out")
}

#[track_caller]
fn number(world: &World, id: MeetingId) -> Option<String> {
    show(world, id).number
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
