//! The late lane, as sentences.

use super::super::*;
use crate::action::sample::{id, note};
use TriageCapacity::{Chair, Coordinator, Referrer};
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z").parse().expect(text)
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
