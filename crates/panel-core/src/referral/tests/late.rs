//! Cut-offs and the late lane, as sentences.

use super::super::*;
use crate::action::sample::{id, note};
use TriageCapacity::{Chair, Coordinator, Referrer};
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z").parse().expect(text)
}

/// Each cut-off is written `since, at`.
#[track_caller]
fn check(received: &str, cut_offs: &[(&str, &str)], expected: Lateness) {
    let cut_offs: Vec<CutOff> =
        cut_offs.iter().map(|(since, last)| CutOff { since: at(since), at: at(last) }).collect();
    assert_eq!(lateness(at(received), &cut_offs), expected, "{received} by {cut_offs:?}");
}

const FIRST: (&str, &str) = ("01-05T09:00", "03-10T17:00");

#[test]
fn the_cut_off_instant_itself_is_in_time() {
    check("03-10T17:00", &[FIRST], Lateness::InTime);
    check("03-10T17:01", &[FIRST], Lateness::Late);
}

#[test]
fn a_meeting_moved_later_opens_again() {
    let later = ("03-11T09:00", "03-17T17:00");
    check("03-10T18:00", &[FIRST], Lateness::Late);
    check("03-10T18:00", &[FIRST, later], Lateness::InTime);
    check("03-17T17:01", &[FIRST, later], Lateness::Late);
}

#[test]
fn a_meeting_moved_earlier_makes_nothing_late_that_was_in_time() {
    let earlier = ("03-06T09:00", "03-03T17:00");
    check("03-05T12:00", &[FIRST, earlier], Lateness::InTime);
    check("03-06T12:00", &[FIRST, earlier], Lateness::Late);
    check("03-06T09:00", &[FIRST, earlier], Lateness::Late);
    check("03-06T08:59", &[FIRST, earlier], Lateness::InTime);
}

#[test]
fn what_was_opened_again_stays_in_time_when_the_meeting_moves_back() {
    let moves = [FIRST, ("03-11T09:00", "03-17T17:00"), ("03-12T09:00", "03-10T17:00")];
    check("03-10T18:00", &moves, Lateness::InTime);
    check("03-12T10:00", &moves, Lateness::Late);
}

#[track_caller]
fn goes(lane: LateLane, capacity: TriageCapacity, delegated: bool, allowed: bool) {
    let policy = TriagePolicy { delegate_triage: delegated };
    let reason = Some(note("Released on Friday."));
    let found = late_lane(lane, reason, (id(9), capacity), policy, at("03-11T09:00"));
    assert_eq!(found.is_ok(), allowed, "{lane:?} by {capacity:?}");
}

#[test]
fn a_late_item_takes_the_chair_and_the_next_meeting_is_open_to_the_coordinator() {
    for lane in [LateLane::LateItem, LateLane::UrgentMeeting, LateLane::NextCycle] {
        goes(lane, Chair, false, true);
        goes(lane, Referrer, true, false);
    }
    goes(LateLane::LateItem, Coordinator, true, false);
    goes(LateLane::UrgentMeeting, Coordinator, false, false);
    goes(LateLane::UrgentMeeting, Coordinator, true, true);
    goes(LateLane::NextCycle, Coordinator, false, true);
}

#[test]
fn a_late_item_carries_the_chairs_reason() {
    let send =
        |lane| late_lane(lane, None, (id(8), Chair), TriagePolicy::default(), at("03-11T09:00"));
    assert_eq!(send(LateLane::LateItem), Err(TriageError::ReasonMissing));
    assert!(send(LateLane::NextCycle).is_ok());
}
