//! Reviewing and closing a case, as sentences.

use super::*;
use crate::action::ActionStatus;
use crate::action::sample::{action, by, id, note};
use crate::reminder::sample::day;

fn open() -> Case {
    Case {
        id: id(20),
        panel: id(10),
        perpetrator: id(70),
        opened_on: day("2026-01-05"),
        state: CaseState::Open { next_review: Some(day("2026-04-01")) },
    }
}

fn closing(on: &str) -> Closing {
    Closing { on: day(on), reason: ClosureReason::RiskReduced, note: None }
}

fn entry(close: Option<ClosureReason>, closed_on: Option<&str>) -> ReviewEntry {
    ReviewEntry { close, closed_on: closed_on.map(day), ..ReviewEntry::default() }
}

#[track_caller]
fn reads(entry: ReviewEntry, expected: &Result<Review, CaseError>) {
    assert_eq!(&entry.read(), expected);
}

#[test]
fn a10_closing_takes_both_the_decision_and_the_date() {
    let reason = Some(ClosureReason::RiskReduced);
    reads(entry(reason, None), &Err(CaseError::ClosingDateMissing));
    reads(entry(None, Some("2026-03-11")), &Err(CaseError::ClosingReasonMissing));
    reads(entry(None, None), &Ok(Review::Keep { next_review: None }));
    reads(entry(reason, Some("2026-03-11")), &Ok(Review::Close(closing("2026-03-11"))));
}

#[test]
fn a_closed_case_has_no_next_review_and_some_reasons_need_a_note() {
    let with_review = ReviewEntry {
        next_review: Some(day("2026-05-01")),
        ..entry(Some(ClosureReason::RiskReduced), Some("2026-03-11"))
    };
    reads(with_review, &Err(CaseError::NextReviewOfClosed));
    let no_levers = entry(Some(ClosureReason::NoFurtherLevers), Some("2026-03-11"));
    reads(no_levers.clone(), &Err(CaseError::NoteMissing(ClosureReason::NoFurtherLevers)));
    let old = entry(Some(ClosureReason::NotRecorded), Some("2026-03-11"));
    reads(old, &Err(CaseError::ClosingReasonMissing));
    let noted = ReviewEntry { note: Some(note("every order was tried")), ..no_levers };
    assert!(matches!(noted.read(), Ok(Review::Close(_))));
}

fn settlement() -> Settlement {
    let handed_over = BTreeMap::from([(id(101), id(3))]);
    Settlement { reason: note("The case was closed."), handed_over }
}

type Done = Result<(Case, Vec<Settled>), CaseError>;

fn close_by(case: Case, capacity: Capacity, on: &str, actions: Vec<Action>) -> Done {
    case.close(closing(on), actions, &settlement(), by(capacity), day("2026-03-12"))
}

fn close(on: &str, actions: Vec<Action>) -> Done {
    close_by(open(), Capacity::Chair, on, actions)
}

#[test]
fn a11_closing_settles_every_open_action_on_the_same_day_and_leaves_no_next_review() {
    let on = day("2026-03-05");
    let done = action().complete(by(Capacity::OwnerAgency), on, note("done"), on).unwrap().0;
    let done = Action { id: id(102), ..done };
    let other = Action { id: id(101), ..action() };
    let (case, settled) = close("2026-03-11", vec![action(), other, done]).unwrap();
    assert_eq!((case.is_open(), case.next_review()), (false, None));
    let settled: Vec<_> = settled
        .iter()
        .map(|one| (one.action.state.status(), one.event.on, one.handed_to))
        .collect();
    let withdrawn = |to| (ActionStatus::Withdrawn, day("2026-03-11"), to);
    assert_eq!(settled, [withdrawn(None), withdrawn(Some(id(3)))]);
}

#[track_caller]
fn refuses(found: Done, expected: &CaseError) {
    assert_eq!(found.map(|(case, _)| case).as_ref(), Err(expected));
}

#[test]
fn a_case_is_closed_between_its_opening_and_today() {
    let (on, today) = (day("2026-03-13"), day("2026-03-12"));
    refuses(close("2026-03-13", vec![]), &CaseError::InFuture { on, today });
    let (on, opened_on) = (day("2026-01-04"), day("2026-01-05"));
    refuses(close("2026-01-04", vec![]), &CaseError::BeforeOpened { on, opened_on });
    assert!(close("2026-01-05", vec![]).is_ok() && close("2026-03-12", vec![]).is_ok());
}

#[test]
fn only_the_chair_closes_and_only_once() {
    let by_coordinator = close_by(open(), Capacity::Coordinator, "2026-03-11", vec![]);
    refuses(by_coordinator, &CaseError::NotTheChair);
    let (closed, _) = close("2026-03-11", vec![]).unwrap();
    let again = close_by(closed.clone(), Capacity::Chair, "2026-03-11", vec![]);
    refuses(again, &CaseError::AlreadyClosed);
    assert_eq!(closed.keep(None, day("2026-03-12")), Err(CaseError::AlreadyClosed));
}

#[test]
fn an_action_of_another_case_is_left_alone() {
    let foreign = Action { case: Some(id(21)), ..action() };
    refuses(close("2026-03-11", vec![foreign]), &CaseError::ForeignAction(action().id));
}

#[test]
fn the_next_review_lies_ahead() {
    let keep = |date: &str| open().keep(Some(day(date)), day("2026-03-12"));
    assert_eq!(keep("2026-03-12"), Err(CaseError::ReviewInPast(day("2026-03-12"))));
    assert_eq!(keep("2026-03-13").unwrap().next_review(), Some(day("2026-03-13")));
}

#[test]
fn the_checklist_advises_on_what_nobody_ticked() {
    assert_eq!(unticked(&BTreeSet::new()).len(), 7);
    let ticked = ClosureCheck::ALL.iter().copied().skip(1).collect();
    assert_eq!(unticked(&ticked), [ClosureCheck::ExitScore]);
}

#[test]
fn the_chair_opens_a_case_again_and_the_closure_stays_readable() {
    let (closed, _) = close("2026-03-11", Vec::new()).unwrap();
    let reopen = |case: Case, capacity| {
        case.reopen(by(capacity), note("Closed in error."), day("2026-03-20"))
    };
    assert_eq!(reopen(closed.clone(), Capacity::Coordinator), Err(CaseError::NotTheChair));
    let (open, reopening) = reopen(closed, Capacity::Chair).unwrap();
    assert_eq!((open.is_open(), open.next_review()), (true, None));
    assert_eq!((reopening.closing, reopening.on), (closing("2026-03-11"), day("2026-03-20")));
    assert_eq!(reopen(open, Capacity::Chair), Err(CaseError::NotClosed));
}
