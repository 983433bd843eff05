//! One digest a person and day, true at the moment it leaves, and nothing that stops the others.

use super::desk::{Desk, as_person, at, letters, nothing, skipped, told, worker};
use panel_core::action::{Birth, Capacity};
use panel_core::outbox::{MessageKind, MessageState};
use panel_core::reminder::{NoticeState, Reason, Rule};
use panel_notify::{Mailer, Stop, Taken};
use panel_store::outbox::{self, NewMessage};
use panel_tests::on_both;
use panel_tests::world::{ADMINISTRATOR, HOUSING, POLICE, PROBATION, World, day, must};
use std::time::Duration;

fn n7_three_notices_one_already_told_are_two_and_then_none_for_a_day(world: &World) {
    let mut desk = Desk::new(world);
    let housing = world.town().housing;
    desk.action(housing, Some(HOUSING), "2026-04-02");
    let one = "You have 1 action due by Thursday 2 April";
    assert_eq!(desk.run(), letters(&[(HOUSING, one)]));
    desk.action(housing, Some(HOUSING), "2026-04-02");
    desk.action(housing, Some(HOUSING), "2026-04-02");
    assert_eq!(desk.run_at("2026-04-01 23:59"), nothing(), "a person has one digest a day");
    assert_eq!(desk.run_at("2026-04-02 07:59"), nothing());
    // The third is told again, because its own day has come: three things due, in one letter.
    let three = "You have 3 actions due today";
    assert_eq!(desk.run_at("2026-04-02 08:00"), letters(&[(HOUSING, three)]));
    assert_eq!(desk.run_at("2026-04-02 09:00"), nothing());
    assert_eq!(desk.run_at("2026-04-03 09:00"), nothing());
}

fn n7_of_three_notices_two_are_listed_when_one_was_told_before(world: &World) {
    let mut desk = Desk::new(world);
    let housing = world.town().housing;
    let early = desk.action(housing, Some(HOUSING), "2026-04-10");
    desk.run();
    assert_eq!(desk.states(early, HOUSING)[&Rule::EarlyReminder], told("2026-04-01"));
    for _ in 0..2 {
        desk.action(housing, Some(HOUSING), "2026-04-02");
    }
    let two = "You have 2 actions due today";
    assert_eq!(desk.run_at("2026-04-02 08:00"), letters(&[(HOUSING, two)]));
}

fn n8_due_today_and_overdue_are_one_mail_and_nothing_is_none(world: &World) {
    let mut desk = Desk::new(world);
    let (housing, probation) = (world.town().housing, world.town().probation);
    desk.action(housing, Some(HOUSING), "2026-04-01");
    desk.action(housing, Some(HOUSING), "2026-04-07");
    let idle = desk.action(probation, Some(PROBATION), "2026-04-30");
    let before = desk.mailbox.letters().len();
    let subject = "You have 2 actions due, 1 of them overdue";
    assert_eq!(desk.run_at("2026-04-07 08:00"), letters(&[(HOUSING, subject)]));
    let body = desk.arrived(before).pop().unwrap().body;
    let expected = "Hello Hana Sato,\n\nYou have:\n- 1 action due today\n\
                    - 1 action overdue since 1 April\n\nSign in to see them:\n\
                    https://panel.example/\n";
    assert_eq!(body, expected);
    assert_eq!(desk.rows(idle), []);
}

fn n11_an_action_closed_after_minutes_were_signed_is_not_chased_from_the_old_record(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    assert_eq!(desk.run_at("2026-04-02 08:00").len(), 1);
    desk.complete(action);
    for time in ["2026-04-07 08:00", "2026-04-09 08:00", "2026-04-20 08:00"] {
        assert_eq!(desk.run_at(time), nothing(), "{time}");
    }
    let late = [Rule::ChaseOwner, Rule::ChaseContact];
    let states = desk.states(action, HOUSING);
    assert!(late.iter().all(|rule| {
        states.get(rule).is_none_or(|state| matches!(state, NoticeState::Skipped { .. }))
    }));
}

fn nothing_goes_on_a_day_off_and_what_waited_goes_on_the_next(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    assert_eq!(desk.run_at("2026-04-03 10:00"), nothing(), "Good Friday");
    assert_eq!(desk.run_at("2026-04-04 10:00"), nothing(), "Saturday");
    assert_eq!(desk.run_at("2026-04-06 10:00"), nothing(), "Easter Monday");
    let late = "You have 1 action overdue since 2 April";
    assert_eq!(desk.run_at("2026-04-07 11:30"), letters(&[(HOUSING, late)]), "at once");
}

fn three_days_without_a_worker_are_one_letter(world: &World) {
    let mut desk = Desk::new(world);
    let housing = world.town().housing;
    for due in ["2026-04-13", "2026-04-14", "2026-04-15"] {
        desk.action(housing, Some(HOUSING), due);
    }
    desk.run_at("2026-04-09 08:00");
    let before = desk.mailbox.letters().len();
    let subject = "You have 3 actions due, 2 of them overdue";
    assert_eq!(desk.run_at("2026-04-15 08:00"), letters(&[(HOUSING, subject)]));
    assert_eq!(desk.arrived(before).len(), 1);
}

fn a_rehearsal_counts_and_changes_nothing(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-10");
    world.set("2026-04-09 08:00");
    let before = desk.rows(action);
    let rehearsed = desk.remind(true);
    assert_eq!((rehearsed.digests, rehearsed.told), (1, 1));
    assert_eq!(desk.rows(action), before);
    assert_eq!(desk.remind(true), rehearsed);
    assert_eq!(desk.remind(false), rehearsed);
    assert_eq!(desk.remind(false).digests, 0);
    assert_eq!(desk.run().len(), 1, "what was gathered is sent");
}

fn what_became_untrue_before_it_left_is_not_said(world: &World) {
    let mut desk = Desk::new(world);
    let housing = world.town().housing;
    let (first, second) = (
        desk.action(housing, Some(HOUSING), "2026-04-02"),
        desk.action(housing, Some(HOUSING), "2026-04-02"),
    );
    let alone = desk.action(world.town().probation, Some(PROBATION), "2026-04-02");
    assert_eq!(desk.remind(false).digests, 2);
    desk.complete(first);
    desk.complete(alone);
    let subject = "You have 1 action due by Thursday 2 April";
    assert_eq!(desk.run(), letters(&[(HOUSING, subject)]));
    let late = Rule::LateReminder;
    assert_eq!(desk.states(first, HOUSING)[&late], skipped("2026-04-01", Reason::Finished));
    assert_eq!(desk.states(second, HOUSING)[&late], told("2026-04-01"));
    assert_eq!(desk.states(alone, PROBATION)[&late], skipped("2026-04-01", Reason::Finished));
    assert_eq!(count(world, MessageState::Cancelled), 1);
}

#[track_caller]
fn count(world: &World, state: MessageState) -> i64 {
    as_person(world, ADMINISTRATOR, |az| outbox::count(az, &[state]))
}

fn who_left_meanwhile_gets_nothing(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    let row = desk.rows(action).into_iter().find(|row| row.rule == Rule::LateReminder).unwrap();
    desk.remind(false);
    desk.leaves(HOUSING);
    assert_eq!(desk.run(), nothing());
    assert_eq!(count(world, MessageState::Cancelled), 1);
    let after = desk.rows(action).into_iter().find(|other| other.id == row.id).unwrap();
    assert_eq!(after.state, skipped("2026-04-01", Reason::RecipientLeft));
}

fn a_letter_to_an_address_that_changed_waits_for_the_next_digest(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    desk.remind(false);
    desk.moves_to(HOUSING, "hana@housing.example");
    assert_eq!(desk.run(), nothing());
    let subject = "You have 1 action due today";
    let new = letters(&[("hana@housing.example", subject)]);
    assert_eq!(desk.run_at("2026-04-02 08:00"), new);
}

fn an_account_link_is_the_one_mail_with_a_secret_and_only_the_newest_leaves(world: &World) {
    let mut desk = Desk::new(world);
    let before = desk.mailbox.letters().len();
    for _ in 0..2 {
        must(panel_app::accounts::forgot_password(&world.app, HOUSING));
    }
    assert_eq!(desk.run(), letters(&[(HOUSING, "Set a new password for Panel")]));
    let body = desk.arrived(before).pop().unwrap().body;
    let link = body.lines().find(|line| line.starts_with("https://")).unwrap();
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(must(panel_app::accounts::look_at_link(&world.app, token)).email, HOUSING);
    assert_eq!(count(world, MessageState::Cancelled), 1);
    assert!(link.starts_with("https://panel.example/account-link/"), "{link}");
}

/// Messages that were written into the outbox as no use case of ours would.
fn a_poisonous_message_never_stops_the_others(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().police, Some(POLICE), "2026-04-02");
    let hana = desk.user(HOUSING);
    for (kind, secret) in [(MessageKind::Invitation, None), (MessageKind::Digest, None)] {
        let message = NewMessage {
            kind,
            user: hana,
            dedupe: format!("forged {kind}"),
            content: "neither counts nor dates".to_owned(),
            secret,
            not_before: desk.now(),
            expires_at: desk.now() + chrono::Duration::days(1),
        };
        as_person(world, ADMINISTRATOR, |az| outbox::enqueue(az, &message)).unwrap();
    }
    // A name and an address with line breaks, which make the mail builder panic.
    let action = desk.action(world.town().probation, Some(PROBATION), "2026-04-02");
    desk.moves_to(PROBATION, "rep@probation.example\r\nBcc: all@probation.example");
    let subject = "You have 1 action due by Thursday 2 April";
    assert_eq!(desk.run(), letters(&[(POLICE, subject)]));
    assert_eq!(count(world, MessageState::Failed), 1);
    assert_eq!(count(world, MessageState::Cancelled), 2);
    assert!(!desk.rows(action).is_empty());
}

fn a_worker_that_dies_over_a_message_three_times_leaves_it_aside(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    desk.remind(false);
    let dying = worker(world, "dying", Mailer::Mailbox(desk.mailbox.clone()));
    for minute in [0, 6, 12] {
        let now = at("2026-04-01 09:00") + chrono::Duration::minutes(minute);
        let taken = must(dying.take(now));
        assert!(matches!(taken, Taken::Letter(_)), "{taken:?}");
    }
    assert_eq!(desk.run_at("2026-04-01 09:18"), nothing());
    assert_eq!(count(world, MessageState::Poison), 1);
}

fn a_worker_that_was_away_too_long_settles_nothing(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    desk.remind(false);
    let mut slow = worker(world, "slow", Mailer::Mailbox(desk.mailbox.clone()));
    let Taken::Letter(in_hand) = must(slow.take(at("2026-04-01 09:00"))) else { panic!() };
    assert_eq!(desk.run_at("2026-04-01 09:04"), nothing(), "it is in another's hands");
    assert_eq!(desk.run_at("2026-04-01 09:06").len(), 1, "its lease ran out");
    let late = at("2026-04-01 09:07");
    let settled = slow.send(&in_hand, late);
    assert!(!must(slow.settle(&in_hand, &settled, late)));
    assert_eq!(count(world, MessageState::Leased), 0);
    let letters = desk.mailbox.letters();
    let twice: Vec<_> = letters.iter().take(2).map(|letter| &letter.message_id).collect();
    assert_eq!(twice[0], twice[1], "what went twice can be told as one");
}

fn a_due_date_that_moves_before_the_letter_leaves_is_told_as_it_is(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-10");
    desk.remind(false);
    let (by, today) = (desk.by(Capacity::Coordinator), desk.today());
    let due = Some(day("2026-04-13"));
    desk.change(action, |action| action.redate(by, due, None, Birth::Draft, today));
    assert_eq!(desk.run(), nothing(), "the new date is not due to be told yet");
    let subject = "You have 1 action due by Monday 13 April";
    assert_eq!(desk.run_at("2026-04-02 08:00"), letters(&[(HOUSING, subject)]));
}

fn a_worker_ends_when_it_is_asked_to(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().housing, Some(HOUSING), "2026-04-02");
    let (stop, clock) = (Stop::new(), world.app.clock.clone());
    let mut worker = worker(world, "serving", Mailer::Mailbox(desk.mailbox.clone()));
    let asked = stop.clone();
    let before = desk.mailbox.letters().len();
    std::thread::scope(|scope| {
        scope.spawn(move || worker.run(|| clock.now(), Duration::from_hours(1), &asked));
        // The worker waits an hour between its passes; this ends within the test.
        for _ in 0..600 {
            if desk.mailbox.letters().len() > before || stop.wait(Duration::from_millis(50)) {
                break;
            }
        }
        stop.set();
    });
    assert_eq!(desk.arrived(before).len(), 1);
    assert_eq!(desk.run(), nothing());
}

on_both!(
    n7_three_notices_one_already_told_are_two_and_then_none_for_a_day,
    n7_of_three_notices_two_are_listed_when_one_was_told_before,
    n8_due_today_and_overdue_are_one_mail_and_nothing_is_none,
    n11_an_action_closed_after_minutes_were_signed_is_not_chased_from_the_old_record,
    nothing_goes_on_a_day_off_and_what_waited_goes_on_the_next,
    three_days_without_a_worker_are_one_letter,
    a_rehearsal_counts_and_changes_nothing,
    what_became_untrue_before_it_left_is_not_said,
    who_left_meanwhile_gets_nothing,
    a_letter_to_an_address_that_changed_waits_for_the_next_digest,
    an_account_link_is_the_one_mail_with_a_secret_and_only_the_newest_leaves,
    a_poisonous_message_never_stops_the_others,
    a_worker_that_dies_over_a_message_three_times_leaves_it_aside,
    a_worker_that_was_away_too_long_settles_nothing,
    a_due_date_that_moves_before_the_letter_leaves_is_told_as_it_is,
    a_worker_ends_when_it_is_asked_to,
);
