//! Triage, as sentences.

use super::super::*;
use crate::action::sample::{id, note};
use crate::text::Name;
use TriageCapacity::{Chair, Coordinator, Other, Referrer};
use chrono::{DateTime, Utc};

const DELEGATED: TriagePolicy = TriagePolicy { delegate_triage: true };

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect(text)
}

fn received() -> Triage {
    Triage::received(id(1), at("2026-03-02T10:15:00Z"))
}

fn now() -> DateTime<Utc> {
    at("2026-03-03T09:00:00Z")
}

fn returned() -> TriageOutcome {
    TriageOutcome::ReturnedIncomplete { missing: vec![ReferralField::VictimBorn], note: None }
}

fn outcomes() -> [TriageOutcome; 5] {
    [
        TriageOutcome::Accepted,
        returned(),
        TriageOutcome::Redirected {
            service: Name::parse("Stalking advocacy").unwrap(),
            reason: note("They are not connected."),
        },
        TriageOutcome::BelowThreshold {
            reason: note("One incident, five years ago."),
            route: note("The chair looks again on new information."),
        },
        TriageOutcome::Urgent { reason: note("Released on Friday.") },
    ]
}

/// Which outcomes somebody may decide on.
#[track_caller]
fn decides(capacity: TriageCapacity, policy: TriagePolicy, expected: [bool; 5]) {
    let decided = outcomes().map(|outcome| {
        let status = outcome.status();
        match received().decide((id(9), capacity), outcome, policy, now()) {
            Ok(triage) => {
                assert_eq!(triage.status(), status);
                true
            }
            Err(error) => {
                assert_eq!(error, TriageError::NotAllowed { capacity });
                false
            }
        }
    });
    assert_eq!(decided, expected, "{capacity:?}");
}

#[test]
fn the_chair_decides_and_the_coordinator_returns_what_is_incomplete() {
    let own = TriagePolicy::default();
    decides(Chair, own, [true; 5]);
    decides(Coordinator, own, [false, true, false, false, false]);
    decides(Referrer, own, [false; 5]);
    decides(Other, own, [false; 5]);
}

#[test]
fn where_the_panel_delegates_triage_the_coordinator_decides_everything() {
    decides(Coordinator, DELEGATED, [true; 5]);
    decides(Referrer, DELEGATED, [false; 5]);
}

#[test]
fn the_coordinator_proposes_and_the_chair_decides() {
    let proposed = received().propose((id(9), Coordinator), TriageOutcome::Accepted, now());
    let proposed = proposed.unwrap();
    assert_eq!(proposed.status(), TriageStatus::Proposed);
    let decided =
        proposed.decide((id(8), Chair), outcomes()[3].clone(), TriagePolicy::default(), now());
    let TriageState::Decided(decision) = decided.unwrap().state else { panic!("not decided") };
    assert_eq!((decision.by, decision.at), (id(8), now()));
    assert!(received().propose((id(9), Referrer), TriageOutcome::Accepted, now()).is_err());
}

#[test]
fn a_decision_is_not_taken_twice() {
    let accepted =
        received().decide((id(8), Chair), TriageOutcome::Accepted, TriagePolicy::default(), now());
    let accepted = accepted.unwrap();
    let error = TriageError::AlreadyDecided { status: TriageStatus::Accepted };
    let again = accepted.clone().decide((id(8), Chair), returned(), DELEGATED, now());
    assert_eq!(again, Err(error));
    assert_eq!(accepted.withdraw((id(7), Referrer), note("sorry"), now()), Err(error));
}

#[test]
fn a_return_lists_at_least_one_missing_field() {
    let empty = TriageOutcome::ReturnedIncomplete { missing: vec![], note: None };
    let found = received().decide((id(9), Coordinator), empty, DELEGATED, now());
    assert_eq!(found, Err(TriageError::NothingMissing));
}

#[test]
fn a_returned_referral_is_sent_again_and_is_in_hand_from_then_on() {
    let back = received().decide((id(9), Coordinator), returned(), DELEGATED, now()).unwrap();
    let again = back.resubmit((id(7), Referrer), at("2026-03-09T12:00:00Z")).unwrap();
    assert_eq!(again.status(), TriageStatus::Received);
    assert_eq!(again.in_hand_since(), at("2026-03-09T12:00:00Z"));
    assert_eq!(again.received_at, at("2026-03-02T10:15:00Z"));
    assert_eq!(received().resubmit((id(7), Referrer), now()), Err(TriageError::NotReturned));
}

#[test]
fn a_referrer_takes_back_what_is_undecided_or_returned() {
    let withdrawn = received().withdraw((id(7), Referrer), note("another panel"), now());
    assert_eq!(withdrawn.unwrap().status(), TriageStatus::Withdrawn);
    let back = received().decide((id(9), Coordinator), returned(), DELEGATED, now()).unwrap();
    assert!(back.withdraw((id(9), Coordinator), note("by telephone"), now()).is_ok());
    assert!(received().withdraw((id(9), Other), note("mine"), now()).is_err());
}

#[test]
fn a_refusal_is_looked_at_again_by_the_chair() {
    let refused = |outcome: TriageOutcome| {
        received().decide((id(8), Chair), outcome, TriagePolicy::default(), now()).unwrap()
    };
    let below = refused(outcomes()[3].clone());
    assert!(below.clone().reconsider((id(9), Coordinator)).is_err());
    assert_eq!(below.reconsider((id(8), Chair)).unwrap().status(), TriageStatus::Received);
    let accepted = refused(TriageOutcome::Accepted);
    assert_eq!(accepted.reconsider((id(8), Chair)), Err(TriageError::NotRefused));
}

#[test]
fn accepted_and_urgent_take_the_person_on() {
    let taken = outcomes().map(|outcome| outcome.is_accepted());
    assert_eq!(taken, [true, false, false, false, true]);
}

#[test]
fn an_outcome_reads_back_as_it_was_written() {
    for outcome in outcomes() {
        let json = serde_json::to_string(&outcome).unwrap();
        assert_eq!(serde_json::from_str::<TriageOutcome>(&json).unwrap(), outcome);
    }
}
