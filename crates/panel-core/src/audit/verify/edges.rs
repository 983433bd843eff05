//! Where one judgement on a log ends and the next begins.

use super::tests::{Dice, Log, honest, recompute};
use super::*;
use chrono::Duration;

const A_MICROSECOND: Duration = Duration::microseconds(1);

fn wrong<T>(seq: i64, class: Tampering) -> Result<T, Finding> {
    Err(Finding { seq, class })
}

/// A verifier that has read this log from row `from` on.
fn read(log: &Log, from: i64) -> Result<Verifier, Finding> {
    let mut verifier = Verifier::new(log.id, from);
    for (seal, event) in log.rows.iter().filter(|(seal, _)| seal.seq >= from) {
        verifier.row(seal, event.as_ref())?;
    }
    Ok(verifier)
}

#[test]
fn a_verifier_tells_what_comes_next_and_what_it_read_last() {
    let log = honest(&mut Dice(6));
    assert_eq!(Verifier::new(log.id, 1).next(), 1);
    assert_eq!(Verifier::new(log.id, 1).head(), Some(Hash::genesis(log.id)));
    assert_eq!((Verifier::new(log.id, 3).next(), Verifier::new(log.id, 3).head()), (3, None));
    let end = log.kept.unwrap();
    let verifier = read(&log, 2).unwrap();
    assert_eq!((verifier.next(), verifier.head()), (end.size + 1, Some(end.head)));
}

#[test]
fn a_checkpoint_over_rows_that_were_passed_is_left_aside_and_one_over_the_next_is_not() {
    let log = honest(&mut Dice(6));
    let (end, another) = (log.kept.unwrap(), Hash::genesis(log.id));
    let mut verifier = Verifier::new(log.id, 3);
    for passed in [1, 2] {
        verifier.promise(log.id, passed, another).unwrap();
    }
    for (seal, event) in log.rows.iter().skip(2) {
        verifier.row(seal, event.as_ref()).unwrap();
    }
    assert_eq!(verifier.end(log.kept), Ok(end.size));
    let mut verifier = Verifier::new(log.id, 3);
    verifier.promise(log.id, 3, another).unwrap();
    let (seal, event) = &log.rows[2];
    assert_eq!(verifier.row(seal, event.as_ref()), wrong(3, Tampering::Rewritten));
}

#[test]
fn a_clock_may_go_back_by_what_is_tolerated_and_no_further() {
    let mut log = honest(&mut Dice(7));
    log.rows.truncate(2);
    let (before, _) = log.rows[0];
    for (back, expected) in
        [(TOLERANCE, Ok(3)), (TOLERANCE + A_MICROSECOND, wrong(2, Tampering::ClockSetBack))]
    {
        log.rows[1].0.sealed_at = before.sealed_at - back;
        recompute(&mut log, 1);
        assert_eq!(read(&log, 1).map(|verifier| verifier.next()), expected, "{back}");
    }
}

#[test]
fn a_row_may_come_late_by_what_is_tolerated_and_no_later() {
    let mut log = honest(&mut Dice(8));
    log.rows.truncate(2);
    let latest = log.rows[0].1.as_ref().unwrap().at;
    for (late, expected) in [
        (TOLERANCE - A_MICROSECOND, Ok(3)),
        (TOLERANCE, Ok(3)),
        (TOLERANCE + A_MICROSECOND, wrong(2, Tampering::Inserted)),
    ] {
        log.rows[1].1.as_mut().unwrap().at = latest - late;
        recompute(&mut log, 1);
        assert_eq!(read(&log, 1).map(|verifier| verifier.next()), expected, "{late}");
    }
}

#[test]
fn the_end_is_the_one_that_the_sealer_knows_of() {
    let log = honest(&mut Dice(9));
    let end = log.kept.unwrap();
    let verifier = read(&log, 1).unwrap();
    assert_eq!(verifier.end(None), Ok(end.size));
    assert_eq!(verifier.end(Some(end)), Ok(end.size));
    let more = End { size: end.size + 1, ..end };
    assert_eq!(verifier.end(Some(more)), wrong(end.size + 1, Tampering::Truncated));
    let less = End { size: end.size - 1, ..end };
    assert_eq!(verifier.end(Some(less)), wrong(end.size, Tampering::Forked));
    let other = End { head: Hash::genesis(log.id), ..end };
    assert_eq!(verifier.end(Some(other)), wrong(end.size, Tampering::Forked));
}

#[test]
fn a_checkpoint_that_was_not_reached_tells_of_an_end_that_is_gone() {
    let log = honest(&mut Dice(9));
    let end = log.kept.unwrap();
    let mut verifier = read(&log, 1).unwrap();
    verifier.promise(log.id, end.size + 1, end.head).unwrap();
    assert_eq!(verifier.end(None), wrong(end.size + 1, Tampering::Truncated));
}
