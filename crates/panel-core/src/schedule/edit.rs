//! Changes to when a running series meets: another time of day, or another rule.
//!
//! What has been held is never touched. Each function returns what is to change, for a preview with
//! counts, and in an order in which it can be stored row by row: the pair of series and slot stays
//! unique after every step.

use super::{Clash, EditError, Occurrence, OccurrenceState, SeriesPlan, Slot};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::BTreeSet;

/// A meeting that takes a new time on the date it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retimed {
    /// Its slot, unchanged.
    pub slot: Slot,
    /// The local start it had.
    pub from: NaiveDateTime,
    /// The local start it takes.
    pub to: NaiveDateTime,
}

/// A meeting that takes a new slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The slot it leaves.
    pub from: Slot,
    /// The slot it takes; the same when only the start changes.
    pub to: Slot,
    /// The local start it takes.
    pub starts: NaiveDateTime,
}

/// What to do with opened meetings that a change leaves outside the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// Refuse the change and name them.
    Refuse,
    /// Remove them, as was asked after the number was shown.
    Remove,
}

/// What a change of rule does. Store `removed` first, then `moved` from front to back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleChange {
    /// Opened meetings for which the new rule has no slot.
    pub removed: Vec<Slot>,
    /// Opened meetings on their new slots; those that stay as they are do not appear.
    pub moved: Vec<Moved>,
}

/// Changes only the time of day: every opened meeting ahead keeps its date, moved or not, and takes
/// the new time. A meeting of today whose new time has passed already stays as it is, and so does a
/// cancelled one, which takes the series' time when it is restored.
pub fn change_time(occurrences: &[Occurrence], at: NaiveTime, now: NaiveDateTime) -> Vec<Retimed> {
    occurrences
        .iter()
        .filter(|meeting| meeting.is_open_ahead(now))
        .map(|meeting| Retimed {
            slot: meeting.slot,
            from: meeting.starts,
            to: meeting.starts.date().and_time(at),
        })
        .filter(|change| change.to != change.from && change.to > now)
        .collect()
}

/// Changes the rule: the opened meetings ahead take, in order, the first slots that the new plan has
/// after `now` and after everything held.
///
/// A slot that another meeting keeps (one held, cancelled or past) is passed over, and so is a slot
/// that the holiday policy skips.
///
/// # Errors
/// [`EditError::WouldOrphan`] when the plan ends before every opened meeting has a slot, unless
/// `orphans` says to remove the rest; [`EditError::Clash`] when one of the slots would move onto
/// another.
pub fn change_rule(
    occurrences: &[Occurrence],
    plan: &SeriesPlan<'_>,
    now: NaiveDateTime,
    orphans: Orphans,
) -> Result<RuleChange, EditError> {
    let (mut open, kept): (Vec<Occurrence>, Vec<Occurrence>) =
        occurrences.iter().partition(|meeting| meeting.is_open_ahead(now));
    open.sort_by_key(|meeting| meeting.slot);
    let targets = free_slots(plan, &kept, now).take(open.len()).collect::<Result<Vec<_>, _>>()?;
    let removed: Vec<Slot> = open.iter().skip(targets.len()).map(|meeting| meeting.slot).collect();
    if orphans == Orphans::Refuse && !removed.is_empty() {
        return Err(EditError::WouldOrphan { opened: removed });
    }
    let moved = open
        .iter()
        .zip(targets)
        .filter(|(meeting, target)| (meeting.slot, meeting.starts) != *target)
        .map(|(meeting, (to, starts))| Moved { from: meeting.slot, to, starts })
        .collect();
    Ok(RuleChange { removed, moved: in_storing_order(moved) })
}

/// Meetings to open, so that a series is laid out as far as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToOpen {
    /// In the order of their slots.
    pub meetings: Vec<Occurrence>,
    /// Slots that stay without a meeting because it would move onto another slot.
    pub clashes: Vec<Clash>,
}

/// The meetings of `plan` up to the slot of `last` that are not among `occurrences` yet, start after
/// `now`, a local time, and come after everything held.
pub fn to_open(
    occurrences: &[Occurrence],
    plan: &SeriesPlan<'_>,
    now: NaiveDateTime,
    last: NaiveDate,
) -> ToOpen {
    let mut found = ToOpen::default();
    for free in free_slots(plan, occurrences, now) {
        match free {
            Ok((slot, _)) if slot.key() > last => break,
            Ok((slot, starts)) => {
                found.meetings.push(Occurrence { slot, starts, state: OccurrenceState::Open });
            }
            Err(clash) if clash.slot.key() > last => break,
            Err(clash) => found.clashes.push(clash),
        }
    }
    found
}

/// The slots of `plan` that meetings may take, each with its local start.
fn free_slots(
    plan: &SeriesPlan<'_>,
    kept: &[Occurrence],
    now: NaiveDateTime,
) -> impl Iterator<Item = Result<(Slot, NaiveDateTime), Clash>> {
    let taken: BTreeSet<Slot> = kept.iter().map(|meeting| meeting.slot).collect();
    let last_held = kept
        .iter()
        .filter(|meeting| meeting.state == OccurrenceState::Held)
        .map(|meeting| meeting.slot.key().max(meeting.starts.date()))
        .max();
    plan.slots()
        .filter(move |slot| last_held.is_none_or(|held| slot.key() > held))
        .filter(move |slot| !taken.contains(slot))
        .map(|slot| plan.place(slot))
        .filter_map(move |planned| {
            let starts = plan.starts(&planned)?;
            (starts > now).then_some((planned, starts))
        })
        .map(|(planned, starts)| match plan.clash(&planned) {
            Some(clash) => Err(clash),
            None => Ok((planned.slot, starts)),
        })
}

/// Orders moves so that none takes a slot that another still has.
///
/// The moves keep the order of the meetings, so a slot that one moves forward to can only be held by
/// a later meeting that moves forward too, and one it moves back to only by an earlier one that
/// moves back. The forward moves go last to first, then the others first to last.
fn in_storing_order(moves: Vec<Moved>) -> Vec<Moved> {
    let (forward, back): (Vec<Moved>, Vec<Moved>) =
        moves.into_iter().partition(|step| step.to > step.from);
    forward.into_iter().rev().chain(back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::BankHolidays;
    use crate::schedule::testing::{count, meeting, slots, weeks};
    use crate::schedule::{End, HolidayPolicy, Recurrence};
    use crate::time::testing::{day, local};
    use OccurrenceState::{Cancelled, Held, Open};
    use chrono::{Datelike, Weekday};
    use proptest::prelude::*;

    const NOW: &str = "2026-04-20 09:00";

    #[track_caller]
    fn changed(
        occurrences: &[Occurrence],
        recurrence: &Recurrence,
        orphans: Orphans,
    ) -> Result<RuleChange, EditError> {
        let at = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        let holidays = BankHolidays::england_and_wales();
        let plan = SeriesPlan { recurrence, at, policy: HolidayPolicy::Later, holidays };
        change_rule(occurrences, &plan, local(NOW), orphans)
    }

    /// The series after a change, stored step by step; panics when a slot is taken twice.
    #[track_caller]
    fn stored(occurrences: &[Occurrence], change: &RuleChange) -> Vec<Occurrence> {
        let mut rows: Vec<Occurrence> = occurrences.to_vec();
        rows.retain(|row| !change.removed.contains(&row.slot));
        for step in &change.moved {
            let taken = rows.iter().any(|row| row.slot == step.to && row.slot != step.from);
            assert!(!taken, "{step:?} takes a slot that is not free");
            let row = rows.iter_mut().find(|row| row.slot == step.from).unwrap();
            (row.slot, row.starts) = (step.to, step.starts);
        }
        rows.sort_by_key(|row| row.slot);
        rows
    }

    #[test]
    fn r17_what_was_held_is_untouched_and_new_slots_start_after_it() {
        // The meeting of Tuesday 21 April was brought forward and held on the Friday before.
        let mut held = meeting("2026-04-21", Held);
        held.starts = local("2026-04-17 10:00");
        let all = [meeting("2026-04-14", Held), held, meeting("2026-04-28", Open)];
        let tuesdays = weeks(1, &[Weekday::Tue], "2026-04-01", End::Never);
        let after = stored(&all, &changed(&all, &tuesdays, Orphans::Refuse).unwrap());
        assert_eq!(after, all, "21 April is held, so the first new slot is 28 April");
        let wednesdays = weeks(1, &[Weekday::Wed], "2026-04-01", End::Never);
        let after = stored(&all, &changed(&all, &wednesdays, Orphans::Refuse).unwrap());
        assert_eq!(after[..2], all[..2]);
        assert_eq!(after[2], meeting("2026-04-22", Open));
        // Monday 20 April at ten is ahead, but not after the slot that was held.
        let mondays = weeks(1, &[Weekday::Mon], "2026-04-01", End::Never);
        let after = stored(&all, &changed(&all, &mondays, Orphans::Refuse).unwrap());
        assert_eq!(after[2], meeting("2026-04-27", Open));
    }

    #[test]
    fn r22_a_change_of_time_keeps_every_date_and_leaves_the_past() {
        let mut shifted = meeting("2026-05-04", Open);
        shifted.starts = local("2026-05-05 10:00");
        let all = [
            meeting("2026-04-13", Held),
            meeting("2026-04-14", Open),
            meeting("2026-04-27", Open),
            shifted,
            meeting("2026-05-11", Cancelled),
        ];
        let changes = change_time(&all, local("2026-01-01 14:30").time(), local(NOW));
        let starts: Vec<_> = changes.iter().map(|change| (change.slot.key(), change.to)).collect();
        assert_eq!(
            starts,
            [
                (day("2026-04-27"), local("2026-04-27 14:30")),
                (day("2026-05-04"), local("2026-05-05 14:30")),
            ]
        );
    }

    #[test]
    fn r22_a_meeting_of_today_is_not_moved_into_the_past() {
        let today = [meeting("2026-04-20", Open)];
        assert_eq!(change_time(&today, local("2026-01-01 08:00").time(), local(NOW)), []);
    }

    #[test]
    fn r23_weekly_to_fortnightly_maps_opened_meetings_in_order_onto_the_first_new_slots() {
        let all = [
            meeting("2026-04-15", Held),
            meeting("2026-04-22", Open),
            meeting("2026-04-29", Open),
            meeting("2026-05-06", Open),
        ];
        let fortnightly = weeks(2, &[Weekday::Wed], "2026-04-22", End::Never);
        let change = changed(&all, &fortnightly, Orphans::Refuse).unwrap();
        let after = stored(&all, &change);
        let keys: Vec<Slot> = after.iter().map(|row| row.slot).collect();
        assert_eq!(keys, slots("2026-04-15 2026-04-22 2026-05-06 2026-05-20"));
        assert_eq!(change.moved.first().unwrap().from, Slot::new(day("2026-05-06")));
        assert_eq!(change.moved.len(), 2, "the meeting that keeps slot and start is not named");
    }

    #[test]
    fn r23_a_cancelled_slot_keeps_its_place_and_is_passed_over() {
        let all = [meeting("2026-04-22", Cancelled), meeting("2026-04-29", Open)];
        let fortnightly = weeks(2, &[Weekday::Wed], "2026-04-22", End::Never);
        let after = stored(&all, &changed(&all, &fortnightly, Orphans::Refuse).unwrap());
        assert_eq!(after, [meeting("2026-04-22", Cancelled), meeting("2026-05-06", Open)]);
    }

    #[test]
    fn r23_a_new_slot_on_a_bank_holiday_keeps_its_key_and_moves_its_start() {
        let all = [meeting("2026-05-06", Open)];
        let mondays = weeks(4, &[Weekday::Mon], "2026-05-04", End::Never);
        let change = changed(&all, &mondays, Orphans::Refuse).unwrap();
        let (to, starts) = (Slot::new(day("2026-05-04")), local("2026-05-05 10:00"));
        assert_eq!(change.moved, [Moved { from: all[0].slot, to, starts }]);
    }

    #[test]
    fn r23_a_new_rule_that_ends_too_soon_is_refused_unless_asked() {
        let all = [meeting("2026-04-22", Open), meeting("2026-04-29", Open)];
        let one = weeks(1, &[Weekday::Thu], "2026-04-23", count(1));
        let opened = slots("2026-04-29");
        assert_eq!(
            changed(&all, &one, Orphans::Refuse),
            Err(EditError::WouldOrphan { opened: opened.clone() })
        );
        assert_eq!(changed(&all, &one, Orphans::Remove).unwrap().removed, opened);
    }

    #[test]
    fn r23_a_new_rule_whose_slots_collide_is_refused() {
        let both = weeks(1, &[Weekday::Mon, Weekday::Tue], "2026-05-04", End::Never);
        let [slot, with] = ["2026-05-04", "2026-05-05"].map(|text| Slot::new(day(text)));
        assert_eq!(
            changed(&[meeting("2026-04-22", Open)], &both, Orphans::Refuse),
            Err(EditError::Clash(Clash { slot, meets_on: with.key(), with }))
        );
    }

    #[track_caller]
    fn opened(occurrences: &[Occurrence], recurrence: &Recurrence, last: &str) -> ToOpen {
        let at = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        let (policy, holidays) = (HolidayPolicy::Later, BankHolidays::england_and_wales());
        let plan = SeriesPlan { recurrence, at, policy, holidays };
        to_open(occurrences, &plan, local(NOW), day(last))
    }

    #[test]
    fn what_is_missing_ahead_is_opened_once_and_cancelled_slots_stay_taken() {
        let mondays = weeks(1, &[Weekday::Mon], "2026-04-06", End::Never);
        let there = [meeting("2026-04-27", Open), meeting("2026-05-11", Cancelled)];
        let first = opened(&there, &mondays, "2026-05-18");
        let keys: Vec<Slot> = first.meetings.iter().map(|row| row.slot).collect();
        assert_eq!(keys, slots("2026-04-20 2026-05-04 2026-05-18"), "10am today is ahead at 9am");
        assert_eq!(first.meetings[1].starts, local("2026-05-05 10:00"), "off the bank holiday");
        let all: Vec<Occurrence> = there.into_iter().chain(first.meetings).collect();
        assert_eq!(opened(&all, &mondays, "2026-05-18"), ToOpen::default());
    }

    #[test]
    fn r17_nothing_is_opened_before_a_slot_that_was_held_early() {
        let mut held = meeting("2026-05-11", Held);
        held.starts = local("2026-04-17 10:00");
        let mondays = weeks(1, &[Weekday::Mon], "2026-04-06", End::Never);
        let keys: Vec<Slot> =
            opened(&[held], &mondays, "2026-05-18").meetings.iter().map(|row| row.slot).collect();
        assert_eq!(keys, slots("2026-05-18"));
    }

    #[test]
    fn a_slot_that_would_move_onto_another_is_left_without_a_meeting_and_named() {
        let both = weeks(1, &[Weekday::Mon, Weekday::Tue], "2026-05-04", End::Never);
        let found = opened(&[], &both, "2026-05-05");
        let [slot, with] = ["2026-05-04", "2026-05-05"].map(|text| Slot::new(day(text)));
        assert_eq!(found.clashes, [Clash { slot, meets_on: with.key(), with }]);
        assert_eq!(found.meetings, [meeting("2026-05-05", Open)]);
    }

    proptest! {
        #[test]
        fn r23_no_change_of_rule_takes_a_slot_before_it_is_free(
            opened in proptest::collection::btree_set(0_u64..60, 1..12),
            cancelled in proptest::collection::btree_set(0_u64..60, 0..4),
            every in 1_u8..5,
            weekday in 0_u8..5,
        ) {
            let first = day("2026-06-01");
            let row = |n: &u64, state| meeting(&(first + chrono::Days::new(*n)).to_string(), state);
            let mut all: Vec<Occurrence> = opened.iter().map(|n| row(n, Open)).collect();
            all.extend(cancelled.difference(&opened).map(|n| row(n, Cancelled)));
            let weekday = Weekday::try_from(weekday).unwrap();
            let change = changed(&all, &weeks(every, &[weekday], "2026-06-01", End::Never), Orphans::Refuse)?;
            let after = stored(&all, &change);
            let unique: BTreeSet<Slot> = after.iter().map(|row| row.slot).collect();
            prop_assert_eq!(unique.len(), all.len());
            let mut open = after.iter().filter(|row| row.state == Open);
            prop_assert!(open.all(|row| row.slot.key().weekday() == weekday));
        }
    }
}
