//! Rules of actions, as sentences.

mod extensions;
mod transfers;

use super::sample::{action, by, id, note};
use super::*;
use crate::coded::Coded;
use crate::reminder::sample::day;
use Capacity::{Chair, Coordinator, Other, OwnerAgency, ReceivingAgency};

type Changed = Result<(Action, ActionEvent), ActionError>;

const TODAY: &str = "2026-03-12";

fn today() -> NaiveDate {
    day(TODAY)
}

#[track_caller]
fn becomes(changed: Changed, status: ActionStatus, code: &str) -> Action {
    let (action, event) = changed.expect("the change is made");
    assert_eq!((action.state.status(), event.change.code()), (status, code));
    assert_eq!((event.action, event.on), (action.id, today()));
    action
}

#[track_caller]
fn refused(changed: Changed, expected: ActionError) {
    assert_eq!(changed.map(|(action, _)| action), Err(expected));
}

fn started() -> Action {
    action().start(by(OwnerAgency), today()).unwrap().0
}

fn reported() -> Action {
    started().report_not_possible(by(OwnerAgency), note("in custody"), today()).unwrap().0
}

fn completed() -> Action {
    let done = action().complete(by(OwnerAgency), day("2026-03-05"), note("bailed"), today());
    done.unwrap().0
}

#[test]
fn an_owner_starts_and_completes_with_a_date_and_a_note() {
    let started = becomes(
        action().start(by(OwnerAgency), today()),
        ActionStatus::InProgress,
        "action_started",
    );
    let done = started.complete(by(OwnerAgency), today(), note("conditions confirmed"), today());
    let change = ActionChange::Completed { done_on: today(), days_late: 1 };
    assert_eq!(done.as_ref().unwrap().1.change, change);
    becomes(done, ActionStatus::Completed, "action_completed");
}

#[test]
fn early_is_not_negative() {
    let done = action().complete(by(OwnerAgency), day("2026-03-05"), note("done"), today());
    let change = ActionChange::Completed { done_on: day("2026-03-05"), days_late: 0 };
    assert_eq!(done.unwrap().1.change, change);
}

#[test]
fn nothing_is_completed_in_the_future_or_before_it_was_set() {
    let on = |on| action().complete(by(OwnerAgency), day(on), note("done"), today());
    let future = ActionError::InFuture { on: day("2026-03-13"), today: today() };
    refused(on("2026-03-13"), future);
    let set_on = day("2026-03-02");
    refused(on("2026-03-01"), ActionError::BeforeSet { on: day("2026-03-01"), set_on });
    assert!(on("2026-03-02").is_ok() && on(TODAY).is_ok());
}

#[test]
fn what_is_finished_stays_finished_until_it_is_reopened() {
    let finished = || ActionError::Finished { status: ActionStatus::Completed };
    refused(completed().start(by(OwnerAgency), today()), finished());
    refused(completed().report_not_done(by(OwnerAgency), note("no"), today()), finished());
    refused(completed().withdraw(by(Chair), note("no"), today()), finished());
    refused(completed().reassign(by(Coordinator), action().owner, today()), finished());
    refused(action().reopen(by(Chair), note("why"), today()), ActionError::NotFinished);

    let again = completed().reopen(by(Chair), note("the court says otherwise"), today());
    let again = becomes(again, ActionStatus::Open, "action_reopened");
    assert_eq!(again.due_instance, 2);
}

#[test]
fn starting_twice_is_refused() {
    refused(started().start(by(OwnerAgency), today()), ActionError::AlreadyStarted);
}

#[test]
fn not_possible_counts_as_owed_until_the_chair_accepts() {
    let reported = reported();
    assert!(reported.awaits_chair() && !reported.is_finished() && reported.is_overdue(today()));
    let accepted = becomes(
        reported.accept_not_possible(by(Chair), today()),
        ActionStatus::NotPossible,
        "action_not_possible_accepted",
    );
    assert!(accepted.is_finished() && !accepted.awaits_chair() && !accepted.is_overdue(today()));
    refused(accepted.accept_not_possible(by(Chair), today()), ActionError::NothingReported);
}

#[test]
fn a_refused_not_possible_is_again_what_it_was_before() {
    let back = reported().refuse_not_possible(by(Chair), note("she was released"), today());
    becomes(back, ActionStatus::InProgress, "action_not_possible_refused");
    refused(
        action().refuse_not_possible(by(Chair), note("no"), today()),
        ActionError::NothingReported,
    );
}

#[test]
fn an_owner_may_still_do_what_was_reported_as_not_possible() {
    becomes(
        reported().complete(by(OwnerAgency), today(), note("done after all"), today()),
        ActionStatus::Completed,
        "action_completed",
    );
    refused(
        reported().report_not_possible(by(OwnerAgency), note("again"), today()),
        ActionError::AwaitsChair,
    );
    refused(reported().start(by(OwnerAgency), today()), ActionError::AwaitsChair);
}

#[test]
fn an_imported_not_possible_counts_as_accepted() {
    let state = ActionState::NotPossible {
        on: day("2026-03-05"),
        reason: note("Not poss - in custody"),
        acceptance: Acceptance::Imported,
    };
    let imported = Action { state, ..action() };
    assert!(imported.is_finished() && !imported.is_overdue(today()));
    assert_eq!(imported.state.reason_class(), Some(ReasonClass::ChangedCircumstances));
}

#[test]
fn overdue_begins_the_day_after_the_due_date() {
    let overdue = |on| action().is_overdue(day(on));
    assert!(!overdue("2026-03-10") && !overdue("2026-03-11") && overdue("2026-03-12"));
    assert!(!Action { due: None, ..action() }.is_overdue(day("2030-01-01")));
    assert!(!completed().is_overdue(day("2030-01-01")));
}

/// What each capacity may do, with `B` for on behalf.
#[track_caller]
fn may(capacity: Capacity, expected: &str) {
    let granted: Vec<String> = Act::ALL
        .iter()
        .filter_map(|act| match standing(capacity, *act) {
            Standing::Own => Some(act.code().to_owned()),
            Standing::OnBehalf => Some(format!("{}(B)", act.code())),
            Standing::Refused => None,
        })
        .collect();
    assert_eq!(granted.join(" "), expected);
}

#[test]
fn agencies_report_the_coordinator_records_and_the_chair_decides() {
    may(
        OwnerAgency,
        "start complete report_not_possible report_not_done report ask_extension propose_transfer",
    );
    may(ReceivingAgency, "answer_transfer");
    may(
        Coordinator,
        "set start(B) complete(B) report_not_possible(B) report_not_done(B) report(B) remark reopen \
         amend delete ask_extension(B) answer_extension propose_transfer(B) answer_transfer(B)",
    );
    may(
        Chair,
        "set start(B) complete(B) report_not_possible(B) report_not_done(B) report(B) remark \
         answer_not_possible withdraw reopen amend delete ask_extension(B) answer_extension propose_transfer(B) \
         agree_transfer_due",
    );
    may(Other, "");
}

#[test]
fn a_refusal_names_the_act_and_the_capacity() {
    let error = action().withdraw(by(Coordinator), note("no"), today()).unwrap_err();
    assert_eq!(error.to_string(), "withdrawing it is not open to the coordinator");
}

#[test]
fn who_holds_several_capacities_acts_in_her_own_right_first() {
    let best = |held: &[Capacity], act| By::best(id(9), held, act).capacity;
    assert_eq!(best(&[Coordinator, OwnerAgency], Act::Complete), OwnerAgency);
    assert_eq!(best(&[Coordinator, Chair], Act::Withdraw), Chair);
    assert_eq!(best(&[Coordinator], Act::Complete), Coordinator);
    assert_eq!(best(&[], Act::Complete), Other);
}

#[test]
fn what_the_coordinator_enters_for_an_agency_is_marked_so() {
    let entered = |capacity| action().start(by(capacity), today()).unwrap().1.is_on_behalf();
    assert_eq!([Coordinator, Chair, OwnerAgency].map(entered), [true, true, false]);
    let withdrawn = action().withdraw(by(Chair), note("superseded"), today()).unwrap().1;
    assert!(!withdrawn.is_on_behalf());
}

#[test]
fn a_note_changes_nothing_and_is_the_agencys_word_or_the_panels_own() {
    let noted = |capacity, from_agency| {
        action().note(by(capacity), note("rang, no answer"), false, from_agency, today())
    };
    assert!(!noted(OwnerAgency, true).unwrap().is_on_behalf());
    assert!(noted(Coordinator, true).unwrap().is_on_behalf());
    assert!(!noted(Coordinator, false).unwrap().is_on_behalf());
    assert!(noted(OwnerAgency, false).is_err(), "an agency speaks for itself only");
    assert!(noted(ReceivingAgency, true).is_err() && noted(Other, true).is_err());
    let evidence = completed().note(by(OwnerAgency), note("letter"), true, true, today()).unwrap();
    assert_eq!(evidence.change.kind(), EntryKind::Evidenced);
}

fn removal(birth: Birth, capacity: Capacity) -> Result<Removal, ActionError> {
    action().delete(by(capacity), birth, note("entered twice"), today())
}

#[test]
fn f10_an_action_born_in_an_earlier_meeting_is_closed_and_one_born_in_todays_draft_is_deleted() {
    for birth in [Birth::of(true, false), Birth::of(false, true), Birth::of(true, true)] {
        let edited = action().reword(by(Chair), Title::parse("Edited").unwrap(), None, today());
        let edited = edited.unwrap().0;
        match edited.delete(by(Chair), birth, note("entered twice"), today()) {
            Ok(Removal::Closed(closed, event)) => {
                assert_eq!(closed.state.status(), ActionStatus::Withdrawn);
                assert_eq!(event.change, ActionChange::Withdrawn);
            }
            other => panic!("{birth:?}: {other:?}"),
        }
    }
    let gone = removal(Birth::of(false, false), Coordinator).unwrap();
    assert!(
        matches!(gone, Removal::Deleted(ActionEvent { change: ActionChange::Deleted, .. })),
        "{gone:?}"
    );
}

#[test]
fn closing_what_was_recorded_takes_the_chair() {
    let error = ActionError::NotAllowed { act: Act::Withdraw, capacity: Coordinator };
    assert_eq!(removal(Birth::Recorded, Coordinator), Err(error));
    assert!(removal(Birth::Draft, OwnerAgency).is_err());
}

#[test]
fn a_due_date_changed_in_a_draft_replaces_the_original_and_later_stands_beside_it() {
    let due = Some(day("2026-03-20"));
    let redate = |birth| action().redate(by(Coordinator), due, None, birth, today()).unwrap();
    let (draft, event) = redate(Birth::Draft);
    assert_eq!((draft.original_due, draft.due, draft.due_instance), (due, due, 2));
    assert_eq!(event.due_change(), None);

    let (recorded, event) = redate(Birth::Recorded);
    assert_eq!((recorded.original_due, recorded.due), (Some(day("2026-03-11")), due));
    assert!(event.due_change().is_some_and(|change| !change.asked_in_time()));
}

#[test]
fn a_due_date_is_never_set_to_a_day_that_has_passed() {
    let redate = |birth, due| {
        let due = Some(day(due));
        action().redate(by(Coordinator), due, None, birth, today()).map(|(action, _)| action.due)
    };
    assert!(redate(Birth::Recorded, "2026-03-11").is_err());
    assert!(redate(Birth::Recorded, "2026-03-12").is_ok());
    assert!(redate(Birth::Draft, "2026-03-01").is_err());
    assert!(redate(Birth::Draft, "2026-03-02").is_ok());
    assert_eq!(redate(Birth::Recorded, TODAY).map(|due| due.is_some()), Ok(true));
}

#[test]
fn handing_over_within_the_agency_moves_no_agency_and_starts_reminders_afresh() {
    let colleague = Owner { person: Some(Assignee::User(id(6))), ..action().owner };
    let (moved, event) = action().reassign(by(Coordinator), colleague.clone(), today()).unwrap();
    assert_eq!((moved.due_instance, event.owner_move()), (2, None));
    refused(moved.reassign(by(Coordinator), colleague, today()), ActionError::Unchanged);

    let other = Owner { agency: id(2), person: None };
    let (_, event) = action().reassign(by(Coordinator), other, today()).unwrap();
    let put_right = OwnerMove { from: id(1), to: id(2), on: today(), by_transfer: false };
    assert_eq!(event.owner_move(), Some(put_right));
}

#[test]
fn an_action_is_set_open_with_its_due_date_as_the_original() {
    let sample = action();
    let new = |set_on: &str, due: &str| NewAction {
        id: sample.id,
        panel: sample.panel,
        case: sample.case,
        born_in: sample.born_in,
        text: sample.text.clone(),
        approach: sample.approach,
        owner: sample.owner.clone(),
        set_on: day(set_on),
        due: Some(day(due)),
        due_word: None,
    };
    let set = |set_on, due| Action::set(new(set_on, due), by(Coordinator), today());
    assert_eq!(set("2026-03-02", "2026-03-11").unwrap().0, sample);
    let due = day("2026-03-01");
    refused(
        set("2026-03-02", "2026-03-01"),
        ActionError::DueBeforeSet { due, set_on: day("2026-03-02") },
    );
    assert!(set("2026-03-13", "2026-03-20").is_err(), "set tomorrow");
    assert!(Action::set(new(TODAY, TODAY), by(OwnerAgency), today()).is_err());
}

#[test]
fn an_action_reads_back_as_it_was_written() {
    for action in [action(), started(), reported(), completed()] {
        let json = serde_json::to_string(&action).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&json).unwrap(), action);
    }
}
