//! Rules of transfers, as sentences.

use super::*;

fn proposed() -> Transfer {
    let by = by(OwnerAgency);
    let reason = note("housing holds the tenancy");
    Transfer::propose(id(50), &action(), false, by, id(2), reason, today()).unwrap().0
}

fn accepted(due: Option<&str>) -> (Transfer, Action, ActionEvent) {
    let handover = Handover { person: Some(Assignee::User(id(7))), due: due.map(day) };
    proposed().accept(action(), by(ReceivingAgency), handover, today()).unwrap()
}

#[test]
fn a_proposal_alone_changes_nothing() {
    assert!(proposed().is_open());
    let refused = proposed().refuse(by(ReceivingAgency), note("not ours"), today()).unwrap();
    assert_eq!(refused.1.owner_move(), None);
    let revoked = proposed().revoke(by(OwnerAgency), today()).unwrap();
    assert_eq!(revoked.1.change.code(), "transfer_revoked");
}

#[test]
fn on_acceptance_ownership_moves_and_the_due_date_stays() {
    let (_, moved, event) = accepted(None);
    assert_eq!((moved.owner.agency, moved.due), (id(2), action().due));
    assert_eq!((moved.due_instance, &moved.state), (2, &ActionState::Open));
    let by_transfer = OwnerMove { from: id(1), to: id(2), on: today(), by_transfer: true };
    assert_eq!(event.owner_move(), Some(by_transfer));
}

#[test]
fn another_due_date_waits_for_the_chair() {
    let (transfer, moved, _) = accepted(Some("2026-03-27"));
    assert_eq!(moved.due, Some(day("2026-03-11")), "the chair has not agreed");
    let by_receiver = transfer.clone().agree_due(moved.clone(), by(ReceivingAgency), today());
    assert!(matches!(by_receiver, Err(ActionError::NotAllowed { .. })));

    let (transfer, moved, event) = transfer.agree_due(moved, by(Chair), today()).unwrap();
    assert_eq!((moved.due, moved.due_instance), (Some(day("2026-03-27")), 3));
    assert_eq!(moved.original_due, Some(day("2026-03-11")));
    assert!(!event.due_change().unwrap().asked_in_time(), "accepted on the 12th");
    let twice = transfer.agree_due(moved, by(Chair), today());
    assert_eq!(twice.map(|(.., event)| event), Err(ActionError::AlreadyAnswered));
}

#[test]
fn a_due_date_that_the_chair_declines_stays_as_it_was() {
    let (transfer, ..) = accepted(Some("2026-03-27"));
    let (declined, event) = transfer.decline_due(by(Chair), today()).unwrap();
    assert_eq!(event.due_change(), None);
    assert!(matches!(
        declined.state,
        TransferState::Accepted { due: ReceiverDue::Declined { .. }, .. }
    ));
    let (kept, ..) = accepted(Some("2026-03-11"));
    assert_eq!(
        kept.decline_due(by(Chair), today()).map(|_| ()),
        Err(ActionError::AlreadyAnswered),
        "the same date is no proposal"
    );
}

#[test]
fn a_proposal_that_was_refused_cannot_be_accepted() {
    let (refused, _) = proposed().refuse(by(ReceivingAgency), note("not ours"), today()).unwrap();
    let handover = Handover { person: None, due: None };
    let late = refused.clone().accept(action(), by(ReceivingAgency), handover, today());
    assert_eq!(late.map(|(.., event)| event), Err(ActionError::AlreadyAnswered));
    assert_eq!(
        refused.revoke(by(OwnerAgency), today()).map(|_| ()),
        Err(ActionError::AlreadyAnswered)
    );
}

#[test]
fn a_transfer_is_not_accepted_once_the_action_is_finished_or_has_moved() {
    let accept = |action: Action| {
        let handover = Handover { person: None, due: None };
        let answered = proposed().accept(action, by(ReceivingAgency), handover, today());
        answered.map(|(.., event)| event).unwrap_err()
    };
    let status = ActionStatus::Completed;
    assert_eq!(accept(completed()), ActionError::Finished { status });
    assert_eq!(accept(reported()), ActionError::AwaitsChair);
    let owner = Owner { agency: id(3), person: None };
    assert_eq!(accept(Action { owner, ..action() }), ActionError::OwnerMoved);
    assert_eq!(accept(Action { id: id(101), ..action() }), ActionError::OtherAction);
    assert_eq!(proposed().lapse(today()).state, TransferState::Lapsed { on: today() });
}

#[test]
fn nobody_transfers_to_themselves_or_twice_at_once() {
    let propose = |to, waits| {
        let by = by(OwnerAgency);
        Transfer::propose(id(51), &action(), waits, by, id(to), note("x"), today()).map(|_| ())
    };
    assert_eq!(propose(1, false), Err(ActionError::SameAgency));
    assert_eq!(propose(2, true), Err(ActionError::OneWaits));
}
