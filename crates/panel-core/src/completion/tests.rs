//! The rates of a period, as sentences.

use super::*;
use crate::action::sample::{action, id, note};
use crate::reminder::sample::day;
use proptest::prelude::*;

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");

fn period((from, to): (&str, &str)) -> Period {
    Period::new(day(from), day(to)).unwrap()
}

fn owed(judged: &str, end: End) -> CompletionFacts {
    CompletionFacts { owner: id(1), moves: Vec::new(), judged: Some(day(judged)), end }
}

fn moved(on: &str, by_transfer: bool) -> OwnerMove {
    OwnerMove { from: id(2), to: id(1), on: day(on), by_transfer }
}

/// What one action adds to March, looked at on a day: completed, on time, not done, overdue.
#[track_caller]
fn check(fact: &CompletionFacts, today: &str, expected: (u32, u32, u32, u32)) {
    let Tally { completed, on_time, not_done, overdue, .. } =
        completion([], [fact], period(MARCH), day(today)).total;
    assert_eq!((completed, on_time, not_done, overdue), expected);
}

#[test]
fn x2_without_data_every_agency_has_a_full_row_of_noughts() {
    let none = completion([id(1), id(2)], [], period(MARCH), day("2026-04-01"));
    assert_eq!(none.agencies.len(), 2);
    assert!(none.agencies.values().chain([&none.total]).all(|row| *row == Tally::default()));
    assert_eq!(none.total.completion().to_string(), "–");
    assert_eq!(none.total.punctuality().to_string(), "–");
}

#[test]
fn completed_by_is_the_date_entered_and_the_judged_date_itself_is_in_time() {
    check(&owed("2026-03-11", End::Completed(day("2026-03-11"))), "2026-04-01", (1, 1, 0, 0));
    check(&owed("2026-03-11", End::Completed(day("2026-03-12"))), "2026-04-01", (1, 0, 0, 0));
}

#[test]
fn an_action_is_seen_at_the_end_of_its_period() {
    let late = owed("2026-03-11", End::Completed(day("2026-04-01")));
    check(&late, "2026-06-01", (0, 0, 0, 1));
    let last_day = owed("2026-03-31", End::Completed(day("2026-03-31")));
    check(&last_day, "2026-06-01", (1, 1, 0, 0));
    let not_done_later = owed("2026-03-11", End::NotDone(day("2026-04-01")));
    check(&not_done_later, "2026-06-01", (0, 0, 0, 1));
    let withdrawn_later = owed("2026-03-11", End::Excused(day("2026-04-01")));
    check(&withdrawn_later, "2026-06-01", (0, 0, 0, 1));
}

#[test]
fn due_on_the_last_day_and_never_done_is_overdue_when_the_day_is_over() {
    check(&owed("2026-03-31", End::NotYet), "2026-04-01", (0, 0, 0, 1));
}

#[test]
fn while_the_period_runs_it_is_seen_today() {
    check(&owed("2026-03-20", End::NotYet), "2026-03-20", (0, 0, 0, 0));
    check(&owed("2026-03-20", End::NotYet), "2026-03-21", (0, 0, 0, 1));
    check(&owed("2026-03-20", End::Completed(day("2026-03-05"))), "2026-03-06", (1, 1, 0, 0));
}

#[test]
fn only_judged_dates_within_the_period_count_and_none_is_not_counted() {
    check(&owed("2026-03-01", End::NotYet), "2026-04-01", (0, 0, 0, 1));
    check(&owed("2026-02-28", End::NotYet), "2026-04-01", (0, 0, 0, 0));
    check(&owed("2026-04-01", End::NotYet), "2026-04-02", (0, 0, 0, 0));
    let undated = CompletionFacts { judged: None, ..owed("2026-03-11", End::NotYet) };
    check(&undated, "2026-04-01", (0, 0, 0, 0));
}

#[test]
fn withdrawn_and_accepted_as_not_possible_count_for_nobody() {
    check(&owed("2026-03-11", End::Excused(day("2026-03-31"))), "2026-04-01", (0, 0, 0, 0));
    check(&owed("2026-03-11", End::NotDone(day("2026-03-12"))), "2026-04-01", (0, 0, 1, 0));
}

#[track_caller]
fn ends(state: &ActionState, expected: End) {
    assert_eq!(End::from(state), expected);
}

#[test]
fn not_possible_counts_as_overdue_until_it_is_accepted_and_imported_ones_never() {
    let reported = |acceptance| ActionState::NotPossible {
        on: day("2026-03-05"),
        reason: note("in custody"),
        acceptance,
    };
    let was = crate::action::Progress::Open;
    ends(&reported(Acceptance::Awaited { was }), End::NotYet);
    let on = day("2026-03-09");
    ends(&reported(Acceptance::Accepted { by: id(9), on }), End::Excused(on));
    ends(&reported(Acceptance::Imported), End::Excused(NaiveDate::MIN));
}

#[test]
fn an_action_counts_for_the_owner_at_the_end_and_adds_one_to_the_old_owners_transferred() {
    let mut fact = owed("2026-03-11", End::Completed(day("2026-03-11")));
    fact.moves = vec![moved("2026-03-05", true)];
    let counted = completion([id(2)], [&fact], period(MARCH), day("2026-04-01"));
    let old = counted.agencies.get(&id(2)).unwrap();
    assert_eq!(*old, Tally { transferred: 1, ..Tally::default() });
    assert_eq!(counted.agencies.get(&id(1)).unwrap().completion().denominator, 1);
}

#[test]
fn what_moved_after_the_period_counts_for_the_owner_it_had() {
    let mut fact = owed("2026-03-11", End::Completed(day("2026-04-05")));
    fact.moves = vec![moved("2026-04-02", true)];
    let counted = completion([], [&fact], period(MARCH), day("2026-06-01"));
    let old = counted.agencies.get(&id(2)).unwrap();
    assert_eq!((old.overdue, old.transferred), (1, 0));
}

#[test]
fn a_corrected_owner_is_no_transfer() {
    let mut fact = owed("2026-03-11", End::NotYet);
    fact.moves = vec![moved("2026-03-05", false)];
    let counted = completion([], [&fact], period(MARCH), day("2026-04-01"));
    assert_eq!((counted.total.transferred, counted.agencies.contains_key(&id(2))), (0, false));
}

#[test]
fn an_extension_asked_in_time_moves_the_action_to_the_period_of_its_new_date() {
    let change = |asked: &str| DueChange {
        before: Some(day("2026-03-11")),
        after: Some(day("2026-04-08")),
        asked_on: day(asked),
        agreed_on: day("2026-03-20"),
        cause: crate::action::DueCause::Amendment,
    };
    let facts = |asked| CompletionFacts::of(&action(), Vec::new(), &[change(asked)]);
    check(&facts("2026-03-11"), "2026-04-30", (0, 0, 0, 0));
    check(&facts("2026-03-12"), "2026-04-30", (0, 0, 0, 1));
}

#[track_caller]
fn prints(numerator: u32, denominator: u32, expected: &str) {
    assert_eq!(Rate { numerator, denominator }.to_string(), expected);
}

#[test]
fn rates_show_both_numbers_and_a_percentage_from_ten_on() {
    prints(0, 0, "–");
    prints(3, 9, "3 of 9");
    prints(0, 10, "0 of 10 (0%)");
    prints(5, 10, "5 of 10 (50%)");
    prints(44, 341, "44 of 341 (13%)");
    prints(154, 984, "154 of 984 (16%)");
}

#[test]
fn halves_are_rounded_up() {
    prints(1, 200, "1 of 200 (1%)");
    prints(25, 200, "25 of 200 (13%)");
    prints(199, 400, "199 of 400 (50%)");
    prints(197, 400, "197 of 400 (49%)");
}

#[test]
fn a_period_does_not_run_backwards() {
    let (from, to) = (day("2026-03-02"), day("2026-03-01"));
    assert_eq!(Period::new(from, to), Err(BackwardPeriod { from, to }));
    assert!(Period::new(from, from).is_ok());
}

proptest! {
    #[test]
    fn every_dated_action_that_was_owed_is_counted_in_exactly_one_month(
        due in 0i64..90, end in 0i64..200, kind in 0u8..3,
    ) {
        let start = day("2026-01-01");
        let on = start + chrono::Duration::days(end);
        let end = match kind { 0 => End::Completed(on), 1 => End::NotDone(on), _ => End::NotYet };
        let judged = Some(start + chrono::Duration::days(due));
        let fact = CompletionFacts { owner: id(1), moves: Vec::new(), judged, end };
        let months = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), MARCH];
        let counted: u32 = months
            .iter()
            .map(|month| completion([], [&fact], period(*month), day("2027-01-01")).total)
            .map(|total| total.completion().denominator)
            .sum();
        prop_assert_eq!(counted, 1);
    }
}
