//! Logs as honest sealers make them, and what is done to them by somebody who owns the database.

use super::*;
use crate::id::Id;
use chrono::Duration;
use uuid::Uuid;

/// A generator that is the same on every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to below `high`.
    fn pick(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.roll() % u64::try_from(high - low).unwrap()).unwrap()
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.roll(), self.roll())
    }

    fn maybe(&mut self) -> Option<Uuid> {
        (self.pick(0, 2) == 0).then(|| self.id())
    }
}

/// A log with what others kept of it.
#[derive(Clone)]
pub(super) struct Log {
    pub(super) id: LogId,
    pub(super) rows: Vec<(Seal, Option<Event>)>,
    pub(super) kept: Option<End>,
    unsealed: Vec<AuditId>,
    checkpoints: Vec<(i64, Hash)>,
}

const START: i64 = 1_775_000_000_000;

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
}

fn event(dice: &mut Dice, when: DateTime<Utc>) -> Event {
    let low = u128::from(dice.roll()) & ((1 << 48) - 1);
    let id = Uuid::from_u128(super::least_id(when).uuid().as_u128() | low);
    let text = |dice: &mut Dice| format!("code.{}", dice.pick(0, 50));
    Event {
        id: AuditId::from_uuid(id),
        at: when,
        kind: text(dice),
        deed: text(dice),
        actor: dice.maybe(),
        agency: dice.maybe(),
        on_behalf: dice.pick(0, 2) == 0,
        panel: dice.maybe(),
        case: dice.maybe(),
        subject_kind: text(dice),
        subject: dice.maybe(),
        cases: dice.maybe().map(|id| id.to_string()).unwrap_or_default(),
        detail: text(dice),
        request: dice.id(),
    }
}

/// Seals `events` behind what is there, some seconds after each, as several nodes do: their clocks
/// differ by seconds, and a row may come minutes late.
fn go_on(log: &mut Log, events: Vec<Event>, dice: &mut Dice) {
    for event in events {
        let (seq, prev) = match log.rows.last() {
            Some((seal, _)) => (seal.seq + 1, seal.hash),
            None => (1, Hash::genesis(log.id)),
        };
        let late = Duration::milliseconds(i64::try_from(dice.pick(0, 9_000)).unwrap() - 1_000);
        let seal = Seal::forge(seq, event.at + late, &event, prev);
        log.rows.push((seal, Some(event)));
    }
    log.kept = log.rows.last().map(|(seal, _)| End { size: seal.seq, head: seal.hash });
}

fn written(dice: &mut Dice, rows: usize, mut millis: i64) -> Vec<Event> {
    let mut events = Vec::new();
    for _ in 0..rows {
        millis += i64::try_from(dice.pick(0, 90_000)).unwrap();
        let late = match dice.pick(0, 20) {
            0 => i64::try_from(dice.pick(0, 13 * 60_000)).unwrap(),
            _ => 0,
        };
        events.push(event(dice, at(millis - late)));
    }
    events
}

/// An honest history of 3 to 60 rows with a checkpoint over all of it, and perhaps earlier ones.
pub(super) fn honest(dice: &mut Dice) -> Log {
    let id = LogId::from_uuid(dice.id());
    let mut log =
        Log { id, rows: Vec::new(), kept: None, unsealed: Vec::new(), checkpoints: Vec::new() };
    let rows = dice.pick(3, 61);
    let events = written(dice, rows, START);
    go_on(&mut log, events, dice);
    for _ in 0..dice.pick(0, 3) {
        let (seal, _) = &log.rows[dice.pick(0, rows)];
        log.checkpoints.push((seal.seq, seal.hash));
    }
    let kept = log.kept.unwrap();
    log.checkpoints.push((kept.size, kept.head));
    let last = log.rows[rows - 1].1.as_ref().unwrap().at;
    log.unsealed.push(event(dice, last + Duration::seconds(2)).id);
    log
}

fn judge(log: &Log) -> Result<i64, Finding> {
    let mut verifier = Verifier::new(log.id, 1);
    for (size, head) in &log.checkpoints {
        verifier.promise(log.id, *size, *head)?;
    }
    for (seal, event) in &log.rows {
        verifier.row(seal, event.as_ref())?;
    }
    let size = verifier.end(log.kept)?;
    let reached = verifier.reached().unwrap_or(least_id(at(0)));
    if log.unsealed.iter().any(|id| *id < behind(reached)) {
        return Err(Finding { seq: size, class: Tampering::Inserted });
    }
    Ok(size)
}

/// Writes the whole chain anew from row `from` on, as whoever owns the database could.
pub(super) fn recompute(log: &mut Log, from: usize) {
    let mut prev = match from {
        0 => Hash::genesis(log.id),
        _ => log.rows[from - 1].0.hash,
    };
    for (place, (seal, event)) in log.rows.iter_mut().enumerate().skip(from) {
        let seq = i64::try_from(place + 1).unwrap();
        *seal = Seal::forge(seq, seal.sealed_at, event.as_ref().unwrap(), prev);
        prev = seal.hash;
    }
    log.kept = log.rows.last().map(|(seal, _)| End { size: seal.seq, head: seal.hash });
}

/// Another value for one of the columns of a row or of its seal.
fn edit(log: &mut Log, place: usize, column: usize, dice: &mut Dice) {
    let other = Some(dice.id());
    let (seal, event) = &mut log.rows[place];
    let event = event.as_mut().unwrap();
    match column {
        0 => event.id = AuditId::from_uuid(dice.id()),
        1 => event.at += Duration::microseconds(1),
        2 => event.kind.push('x'),
        3 => event.deed.push('x'),
        4 => event.actor = other,
        5 => event.agency = other,
        6 => event.on_behalf = !event.on_behalf,
        7 => event.panel = other,
        8 => event.case = other,
        9 => event.subject_kind.push('x'),
        10 => event.subject = other,
        11 => event.cases.push('x'),
        12 => event.detail.push('x'),
        13 => event.request = dice.id(),
        14 => seal.event = AuditId::from_uuid(dice.id()),
        15 => seal.sealed_at += Duration::microseconds(1),
        16 => seal.prev = Hash::genesis(LogId::from_uuid(dice.id())),
        17 => seal.hash = Hash::genesis(LogId::from_uuid(dice.id())),
        _ => seal.seq += 1,
    }
}
const COLUMNS: usize = 19;

type Attack = fn(&mut Log, &mut Dice);

fn edited(log: &mut Log, dice: &mut Dice) {
    let (place, column) = (dice.pick(0, log.rows.len()), dice.pick(0, COLUMNS));
    edit(log, place, column, dice);
}

fn one_deleted(log: &mut Log, dice: &mut Dice) {
    let place = dice.pick(0, log.rows.len());
    match dice.pick(0, 3) {
        0 => log.rows[place].1 = None,
        1 => drop(log.rows.remove(place)),
        // And the rest closed up, as if it had never been.
        _ => {
            log.rows.remove(place);
            recompute(log, place);
        }
    }
}

fn range_deleted(log: &mut Log, dice: &mut Dice) {
    let from = dice.pick(0, log.rows.len() - 1);
    let to = dice.pick(from + 1, log.rows.len());
    log.rows.drain(from..to);
    if dice.pick(0, 2) == 0 {
        recompute(log, from);
    }
}

fn inserted(log: &mut Log, dice: &mut Dice) {
    let place = dice.pick(0, log.rows.len());
    let last = log.rows.last().unwrap().1.as_ref().unwrap().at;
    let backdated = last - Duration::minutes(30) - Duration::milliseconds(START % 977);
    let put_in = event(dice, backdated);
    match dice.pick(0, 3) {
        0 => {
            // Where nobody had sealed so far back, the end is moved on instead.
            let late = event(dice, last + Duration::minutes(31));
            go_on(log, vec![late], dice);
            log.unsealed.push(put_in.id);
        }
        // The worker finds it and seals it, at the end.
        1 => {
            let late = event(dice, last + Duration::minutes(1));
            go_on(log, vec![late, put_in], dice);
        }
        _ => {
            let seal = log.rows[place].0;
            log.rows.insert(place, (seal, Some(put_in)));
            recompute(log, place);
        }
    }
}

fn swapped(log: &mut Log, dice: &mut Dice) {
    let one = dice.pick(0, log.rows.len() - 1);
    let other = dice.pick(one + 1, log.rows.len());
    match dice.pick(0, 3) {
        0 => {
            let (first, second) = (log.rows[one].1.take(), log.rows[other].1.take());
            (log.rows[one].1, log.rows[other].1) = (second, first);
        }
        1 => log.rows.swap(one, other),
        _ => {
            let (first, second) = (log.rows[one].1.take(), log.rows[other].1.take());
            (log.rows[one].1, log.rows[other].1) = (second, first);
            recompute(log, one);
        }
    }
}

fn tail_cut(log: &mut Log, dice: &mut Dice) {
    log.rows.truncate(dice.pick(0, log.rows.len()));
    if dice.pick(0, 2) == 0 {
        log.kept = log.rows.last().map(|(seal, _)| End { size: seal.seq, head: seal.hash });
    }
}

fn rewritten(log: &mut Log, dice: &mut Dice) {
    let place = dice.pick(0, log.rows.len());
    // The columns that a new chain would not put right by itself.
    let column = dice.pick(1, 14);
    edit(log, place, column, dice);
    recompute(log, 0);
}

fn clock_set_back(log: &mut Log, dice: &mut Dice) {
    let last =
        log.rows.last().unwrap().0.sealed_at.max(log.rows.last().unwrap().1.as_ref().unwrap().at);
    let back = Duration::minutes(60 + i64::try_from(dice.pick(0, 90_000)).unwrap());
    let millis = (last - back).timestamp_millis();
    let rows = dice.pick(1, 9);
    let events = written(dice, rows, millis);
    go_on(log, events, dice);
}

fn forked(log: &mut Log, dice: &mut Dice) {
    let place = dice.pick(0, log.rows.len());
    let mut other = log.clone();
    other.rows.truncate(place);
    let last = log.rows.last().unwrap().1.as_ref().unwrap().at;
    let rows = dice.pick(1, 9);
    let events = written(dice, rows, last.timestamp_millis());
    go_on(&mut other, events, dice);
    match dice.pick(0, 3) {
        // The other head takes the place of this one,
        0 => *log = other,
        // or stands beside it,
        1 => log.rows.extend(other.rows.drain(place..)),
        // or behind it under the next numbers.
        _ => {
            for (seal, event) in other.rows.drain(place..) {
                let seq = i64::try_from(log.rows.len() + 1).unwrap();
                let event = event.unwrap();
                let prev = if seal.seq == i64::try_from(place + 1).unwrap() {
                    seal.prev
                } else {
                    log.rows.last().unwrap().0.hash
                };
                log.rows.push((Seal::forge(seq, seal.sealed_at, &event, prev), Some(event)));
            }
            log.kept = log.rows.last().map(|(seal, _)| End { size: seal.seq, head: seal.hash });
        }
    }
}

const CLASSES: [(&str, Attack); 9] = [
    ("a field edited", edited),
    ("one row deleted", one_deleted),
    ("a range deleted", range_deleted),
    ("a row inserted", inserted),
    ("two rows swapped", swapped),
    ("the tail cut", tail_cut),
    ("the whole rewritten", rewritten),
    ("the clock set back", clock_set_back),
    ("two heads", forked),
];

/// A line that `cargo xtask assure` gathers.
fn figure(what: &str, found: &str) {
    println!("\n[assured] {what} = {found}");
}

#[track_caller]
fn every_class_is_found(times: u64) {
    for (class, (name, attack)) in CLASSES.iter().enumerate() {
        for round in 0..times {
            let mut dice = Dice(round * 16 + u64::try_from(class).unwrap());
            let mut log = honest(&mut dice);
            attack(&mut log, &mut dice);
            assert!(judge(&log).is_err(), "{name}, round {round}: not found");
        }
    }
    figure("found", &format!("{times} of {times} in each of {} classes", CLASSES.len()));
}

#[track_caller]
fn honest_logs_are_sound(times: u64) {
    for round in 0..times {
        let log = honest(&mut Dice(round));
        let rows = i64::try_from(log.rows.len()).unwrap();
        assert_eq!(judge(&log), Ok(rows), "round {round}: a false alarm");
    }
    figure("false alarms", &format!("0 of {times}"));
}

#[test]
fn a_hundred_tamperings_of_each_class_are_found() {
    every_class_is_found(100);
}

#[test]
fn a_hundred_honest_logs_raise_no_alarm() {
    honest_logs_are_sound(100);
}

#[test]
#[ignore = "the full form: `cargo xtask assure tampering`"]
fn assure_ten_thousand_tamperings_of_each_class_are_found() {
    every_class_is_found(10_000);
}

#[test]
#[ignore = "the full form: `cargo xtask assure histories`"]
fn assure_a_thousand_honest_logs_raise_no_alarm() {
    honest_logs_are_sound(1_000);
}

#[test]
fn every_column_is_sealed() {
    for column in 0..COLUMNS {
        let mut dice = Dice(7);
        let mut log = honest(&mut dice);
        edit(&mut log, 1, column, &mut dice);
        assert!(judge(&log).is_err(), "column {column}");
    }
}

#[track_caller]
fn found(attack: impl FnOnce(&mut Log), expected: (i64, Tampering)) {
    let mut log = honest(&mut Dice(11));
    attack(&mut log);
    assert_eq!(judge(&log), Err(Finding { seq: expected.0, class: expected.1 }));
}

#[test]
fn the_first_bad_row_and_what_was_done_are_named() {
    found(|log| edit(log, 2, 3, &mut Dice(1)), (3, Tampering::Edited));
    found(|log| log.rows[1].1 = None, (2, Tampering::Deleted));
    found(|log| drop(log.rows.remove(1)), (2, Tampering::Deleted));
    found(|log| log.rows.truncate(2), (3, Tampering::Truncated));
    let rewritten = |log: &mut Log| {
        edit(log, 2, 3, &mut Dice(1));
        recompute(log, 2);
        log.checkpoints.drain(..log.checkpoints.len() - 1);
    };
    found(rewritten, (1, Tampering::Rewritten));
    let back = |log: &mut Log| clock_set_back(log, &mut Dice(1));
    let rows = i64::try_from(honest(&mut Dice(11)).rows.len()).unwrap();
    found(back, (rows + 1, Tampering::ClockSetBack));
}

#[test]
fn a_log_of_another_id_is_not_this_one() {
    let log = honest(&mut Dice(3));
    let another = LogId::from_uuid(Uuid::from_u128(1));
    let rewritten = Finding { seq: 1, class: Tampering::Rewritten };
    let (size, head) = log.checkpoints[0];
    let mut verifier = Verifier::new(another, 1);
    assert_eq!(verifier.promise(log.id, size, head), Err(rewritten));
    let (seal, event) = &log.rows[0];
    let forked = Finding { seq: 1, class: Tampering::Forked };
    assert_eq!(verifier.row(seal, event.as_ref()), Err(forked));
}

#[test]
fn two_checkpoints_of_one_size_that_differ_tell_of_a_rewriting() {
    let (one, two) = (honest(&mut Dice(3)), honest(&mut Dice(4)));
    let mut verifier = Verifier::new(one.id, 1);
    verifier.promise(one.id, 3, one.rows[2].0.hash).unwrap();
    verifier.promise(one.id, 3, one.rows[2].0.hash).unwrap();
    assert!(verifier.promise(one.id, 3, two.rows[2].0.hash).is_err());
}

#[test]
fn reading_can_begin_in_the_middle_and_still_meets_later_checkpoints() {
    let mut log = honest(&mut Dice(5));
    edit(&mut log, 0, 3, &mut Dice(1));
    let read = |log: &Log, from: i64| {
        let mut verifier = Verifier::new(log.id, from);
        for (size, head) in &log.checkpoints {
            verifier.promise(log.id, *size, *head)?;
        }
        for (seal, event) in log.rows.iter().filter(|(seal, _)| seal.seq >= from) {
            verifier.row(seal, event.as_ref())?;
        }
        verifier.end(log.kept)
    };
    assert!(read(&log, 1).is_err());
    assert_eq!(read(&log, 2), Ok(i64::try_from(log.rows.len()).unwrap()));
    log.rows.pop();
    assert!(read(&log, 2).is_err());
}
