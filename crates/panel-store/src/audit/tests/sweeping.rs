//! What is sealed when much waits, when the clock was set back, and by the slow look through everything.

use super::*;
use crate::audit::append;
use crate::audit::seals::nothing;
use panel_core::id::AuditId;

/// Writes so many rows of one moment, each with these cases.
fn add_many(store: &Store, now: DateTime<Utc>, rows: usize, cases: &[CaseId]) {
    let caller = caller(now);
    let told = vec![(deed(), cases.to_vec()); rows];
    store.write(&caller, |az| append(az.conn(), &caller, &told)).unwrap();
}

fn waiting(store: &Store, most: usize) -> usize {
    chain::waiting(store, nothing(), most).unwrap()
}

fn sweep(store: &Store, now: DateTime<Utc>) -> usize {
    store.write(&caller(now), seals::sweep).unwrap()
}

#[test]
fn more_than_a_page_waits_and_is_sealed_a_batch_at_a_time() {
    on_both("seals_pages", |store, _| {
        assert_eq!(waiting(store, 1), 0);
        add_many(store, at(0), 2_300, &[]);
        assert_eq!([1, 1_500, 9_000].map(|most| waiting(store, most)), [1, 1_500, 2_300]);
        for rows in [500, 500, 500, 500, 300, 0] {
            assert!(chain::has_unsealed(store, id(u128::MAX)).unwrap() == (rows > 0));
            assert_eq!(seal(store, at(0), Reach::Near), rows);
        }
        assert_eq!((judge(store, &[]), waiting(store, 1)), (Ok(2_300), 0));
    });
}

#[test]
fn rows_that_showed_many_cases_are_sealed_fewer_at_a_time() {
    on_both("seals_wide", |store, _| {
        let cases: Vec<CaseId> = (1..=900).map(id).collect();
        add_many(store, at(0), 4, &cases);
        let sealed = [(); 3].map(|()| seal(store, at(0), Reach::Near));
        assert_eq!(sealed, [3, 1, 0], "no row after the first that fills it up");
        assert_eq!(judge(store, &[]), Ok(4));
    });
}

#[test]
fn what_is_written_by_a_clock_that_was_set_back_is_sealed_after_what_is_ahead() {
    on_both("seals_back", |store, _| {
        add(store, at(600));
        assert_eq!(seal(store, at(600), Reach::Near), 1);
        add(store, at(601));
        add_many(store, at(0), 2, &[]);
        let look = Look::at(at(0), Reach::Near);
        let ended: Vec<(usize, bool)> = (0..3)
            .map(|_| (seal(store, at(0), Reach::Near), seals::is_behind(store, look).unwrap()))
            .collect();
        assert_eq!(ended, [(1, true), (2, false), (0, false)]);
    });
}

/// A row that somebody put in long after, with an id of long before.
fn put_in(store: &Store, minute: i64) -> AuditId {
    let before = at(minute);
    add(store, before);
    let millis = u128::try_from(before.timestamp_millis()).unwrap();
    id((millis << 80) | u128::from(u64::MAX))
}

#[test]
fn the_slow_look_comes_through_every_page_and_begins_again() {
    on_both("seals_slow", |store, _| {
        for hour in 0..3 {
            add_many(store, at(hour * 60), 1_000, &[]);
        }
        while seal(store, at(180), Reach::Far) > 0 {}
        assert_eq!(judge(store, &[]), Ok(3_000));
        let end = put_in(store, 60);
        assert!(chain::has_unsealed(store, end).unwrap());
        assert!(!chain::has_unsealed(store, id(1)).unwrap());
        assert_eq!(seal(store, at(200), Reach::Far), 0, "hours late: no quick look finds it");
        let swept: Vec<usize> = (0..4).map(|_| sweep(store, at(200))).collect();
        assert_eq!(swept.iter().sum::<usize>(), 1, "{swept:?}");
        assert_eq!(swept[0], 0, "it is not on the first page");
        // From the first page on again.
        put_in(store, 1);
        let swept: usize = (0..5).map(|_| sweep(store, at(201))).sum();
        assert_eq!((swept, waiting(store, 10)), (1, 0));
        assert!(judge(store, &[]).is_err(), "both are told as put in");
    });
}
