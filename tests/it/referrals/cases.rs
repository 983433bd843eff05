//! Cases: reviewed, proposed for closure, closed with their actions, opened again.

use super::flags::hear;
use super::{accepted, form, other, referred, sent};
use crate::series::{hold_next, rows, thursdays};
use panel_app::actions::{self, ActionForm};
use panel_app::cases::{self, ClosureForm, ReviewForm};
use panel_core::agenda::ItemState;
use panel_core::case::{CaseStatus, ClosureCheck, ClosureReason};
use panel_core::id::CaseId;
use panel_core::schedule::End;
use panel_store::cases::CaseFilter;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World, day};
use serde_json::json;

on_both!(
    a10_a_review_that_says_half_of_a_closure_is_refused,
    a11_a_closure_settles_every_open_action_on_the_same_day,
    the_coordinator_proposes_a_closure_and_the_chair_closes,
    a_case_closed_in_error_is_opened_again,
    a_review_is_agreed_for_a_day_to_come,
    a_case_shows_the_meetings_that_heard_it,
    accepted_referrals_wait_until_a_meeting_hears_them,
    lists_tell_open_cases_from_closed_ones,
);

fn closure(reason: ClosureReason) -> ClosureForm {
    ClosureForm {
        reason,
        on: None,
        note: String::new(),
        ticked: [ClosureCheck::RouteBack].into(),
        handed_over: Vec::new(),
    }
}

/// Closes a case as the chair, today.
#[track_caller]
pub(crate) fn close_case(world: &World, case: CaseId) {
    let ctx = world.by(CHAIR);
    let version = cases::show(&ctx, case).unwrap().row.version;
    cases::close(&ctx, case, version, &closure(ClosureReason::RiskReduced)).unwrap();
}

fn a10_a_review_that_says_half_of_a_closure_is_refused(world: &World) {
    let case = accepted(world, referred(world));
    let ctx = world.by(CHAIR);
    let field = |form: &ReviewForm| {
        let errors = invalid(cases::review(&ctx, case, 1, form));
        (errors[0].field.clone(), errors[0].code)
    };
    let none = ReviewForm::default();
    let no_date = ReviewForm { close: Some(ClosureReason::RiskReduced), ..none.clone() };
    assert_eq!(field(&no_date), ("closed_on".to_owned(), "missing"));
    let no_reason = ReviewForm { closed_on: Some(day("2026-04-01")), ..none.clone() };
    assert_eq!(field(&no_reason), ("close".to_owned(), "missing"));
    let both = ReviewForm { closed_on: Some(day("2026-04-01")), ..no_date.clone() };
    let with_review = ReviewForm { next_review_on: Some(day("2026-05-01")), ..both.clone() };
    assert_eq!(field(&with_review), ("next_review_on".to_owned(), "of_closed"));
    let ahead = ReviewForm { closed_on: Some(day("2026-04-02")), ..no_date };
    assert_eq!(field(&ahead), ("closed_on".to_owned(), "in_future"));
    let before = ReviewForm { closed_on: Some(day("2026-03-31")), ..both.clone() };
    assert_eq!(field(&before), ("closed_on".to_owned(), "before_opened"));
    let no_levers = ReviewForm { close: Some(ClosureReason::NoFurtherLevers), ..both.clone() };
    assert_eq!(field(&no_levers), ("note".to_owned(), "missing"));
    let row = cases::show(&ctx, case).unwrap().row;
    assert_eq!((row.state, row.version), (CaseStatus::Open, 1));
    cases::review(&ctx, case, 1, &both).unwrap();
    assert_eq!(cases::show(&ctx, case).unwrap().row.closed_on, Some(day("2026-04-01")));
}

fn a11_a_closure_settles_every_open_action_on_the_same_day(world: &World) {
    let case = accepted(world, referred(world));
    let town = world.town();
    let set = |text: &str| {
        let form = ActionForm {
            panel: town.panel,
            case: Some(case),
            text: text.to_owned(),
            agency: town.police,
            ..action_form()
        };
        actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action
    };
    let (one, two) = (set("Visit him"), set("Check the address"));
    let other_case =
        accepted(world, sent(&world.by(POLICE), &other(world, "Quill", "1980-01-01")).id);
    let elsewhere = ActionForm {
        panel: town.panel,
        case: Some(other_case),
        text: "Stays open".to_owned(),
        agency: town.police,
        ..action_form()
    };
    let stays = actions::set(&world.by(COORDINATOR), &elsewhere).unwrap().saved.action;
    let review = ReviewForm { next_review_on: Some(day("2026-05-05")), ..ReviewForm::default() };
    cases::review(&world.by(COORDINATOR), case, 1, &review).unwrap();
    world.set("2026-04-10 09:00");
    let ctx = world.by(CHAIR);
    assert_eq!(cases::show(&ctx, case).unwrap().open_actions, 2);

    let form = ClosureForm {
        on: Some(day("2026-04-08")),
        handed_over: vec![cases::HandOver { action: two, to: town.housing }],
        ..closure(ClosureReason::RiskReduced)
    };
    let done = cases::close(&ctx, case, 2, &form).unwrap();
    assert_eq!(done.settled, 2);
    let page = cases::show(&ctx, case).unwrap();
    assert_eq!((page.open_actions, page.row.next_review_on), (0, None));
    assert_eq!(
        (page.row.closed_on, page.row.closed_by),
        (Some(day("2026-04-08")), Some(ctx.user()))
    );
    let kept = rows(world, |az| panel_store::actions::find_many(az, &[one, two, stays]));
    for kept in kept {
        let closed = kept.action.id != stays;
        assert_eq!(kept.action.is_finished(), closed);
        if closed {
            let state = format!("{:?}", kept.action.state);
            assert!(state.contains("2026-04-08") && state.contains("Withdrawn"), "{state}");
        }
    }
    let history = rows(world, |az| panel_store::actions::history(az, two, None, 20));
    assert!(history.iter().any(|entry| entry.note.contains("Eastshire Homes")), "{history:?}");
}

fn action_form() -> ActionForm {
    serde_json::from_value(json!({
        "panel": "00000000-0000-0000-0000-000000000000", "text": "x",
        "agency": "00000000-0000-0000-0000-000000000000",
    }))
    .unwrap()
}

fn the_coordinator_proposes_a_closure_and_the_chair_closes(world: &World) {
    let case = accepted(world, referred(world));
    let (coordinator, chair) = (world.by(COORDINATOR), world.by(CHAIR));
    let form = closure(ClosureReason::ProgrammeCompleted);
    assert_eq!(rule(cases::close(&coordinator, case, 1, &form)).0, "not_allowed");
    let half = ReviewForm {
        close: Some(ClosureReason::RiskReduced),
        closed_on: Some(day("2026-04-01")),
        ..ReviewForm::default()
    };
    assert_eq!(rule(cases::review(&coordinator, case, 1, &half)).0, "not_allowed");
    assert_eq!(rule(cases::propose_closure(&world.by(POLICE), case, 1, &form)).0, "not_allowed");
    cases::propose_closure(&coordinator, case, 1, &form).unwrap();
    let proposed = rows(world, |az| panel_store::cases::proposed_closures(az, world.town().panel));
    assert_eq!(proposed.len(), 1);
    let page = cases::show(&chair, case).unwrap();
    let proposal = page.history.proposal.unwrap();
    assert_eq!((proposal.reason, proposal.by), {
        (ClosureReason::ProgrammeCompleted, coordinator.user())
    });
    assert!(!page.history.unticked.contains(&ClosureCheck::RouteBack));
    assert!(page.history.unticked.contains(&ClosureCheck::ExitScore));
    assert_eq!(page.people[&proposal.by], "Carol Finch");
    cases::drop_proposal(&coordinator, case, 2).unwrap();
    assert!(cases::show(&chair, case).unwrap().history.proposal.is_none());
    cases::propose_closure(&coordinator, case, 3, &form).unwrap();
    stale(cases::close(&chair, case, 3, &form));
    cases::close(&chair, case, 4, &form).unwrap();
    assert!(
        rows(world, |az| panel_store::cases::proposed_closures(az, world.town().panel)).is_empty()
    );
    assert_eq!(rule(cases::close(&chair, case, 5, &form)).0, "already_closed");
    assert_eq!(rule(cases::propose_closure(&coordinator, case, 5, &form)).0, "already_closed");
}

fn a_case_closed_in_error_is_opened_again(world: &World) {
    let id = referred(world);
    let case = accepted(world, id);
    close_case(world, case);
    let (coordinator, chair) = (world.by(COORDINATOR), world.by(CHAIR));
    assert_eq!(rule(cases::reopen(&coordinator, case, 2, "In error.")).0, "not_allowed");
    assert_eq!(invalid(cases::reopen(&chair, case, 2, ""))[0].field, "reason");
    cases::reopen(&chair, case, 2, "In error.").unwrap();
    assert_eq!(rule(cases::reopen(&chair, case, 3, "Twice.")).0, "not_closed");
    let page = cases::show(&chair, case).unwrap();
    assert_eq!((page.row.state, page.row.closed_on), (CaseStatus::Open, None));
    let back = &page.history.reopenings[0];
    assert_eq!(
        (back.reason.as_str(), back.closing.reason),
        ("In error.", ClosureReason::RiskReduced)
    );
    // Not while the person has another open case.
    close_case(world, case);
    let again = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    let (one, two) =
        (super::shown(world, id).people[0].id, super::shown(world, again).people[0].id);
    panel_app::people::decide(&coordinator, one, two, panel_core::likeness::Verdict::Same).unwrap();
    let new = accepted(world, again);
    assert_eq!(rule(cases::reopen(&chair, case, 4, "In error.")).0, "open_case");
    let others = cases::show(&chair, new).unwrap().others;
    assert_eq!(others.iter().map(|other| other.id).collect::<Vec<_>>(), [case]);
}

fn a_review_is_agreed_for_a_day_to_come(world: &World) {
    let case = accepted(world, referred(world));
    let ctx = world.by(COORDINATOR);
    let form = |on: Option<&str>, trigger: &str| ReviewForm {
        next_review_on: on.map(day),
        trigger_note: trigger.to_owned(),
        ..ReviewForm::default()
    };
    let past = cases::review(&ctx, case, 1, &form(Some("2026-04-01"), ""));
    assert_eq!(invalid(past)[0].code, "in_past");
    cases::review(&ctx, case, 1, &form(Some("2026-06-11"), "Release due on 9 June")).unwrap();
    let row = cases::show(&ctx, case).unwrap().row;
    assert_eq!((row.next_review_on, &*row.trigger_note), {
        (Some(day("2026-06-11")), "Release due on 9 June")
    });
    stale(cases::review(&ctx, case, 1, &form(None, "")));
    assert_eq!(rule(cases::review(&world.by(POLICE), case, 2, &form(None, ""))).0, "not_allowed");
}

fn a_case_shows_the_meetings_that_heard_it(world: &World) {
    thursdays(world, 2, End::Never);
    let case = accepted(world, referred(world));
    let meeting = hold_next(world);
    hear(world, meeting.id, case, ItemState::Heard);
    // Until its minutes are signed, only those who run the panel know what a meeting said.
    assert_eq!(cases::show(&world.by(POLICE), case).unwrap().sittings.len(), 0);
    let page = cases::show(&world.by(COORDINATOR), case).unwrap();
    assert_eq!(page.sittings.len(), 1);
    assert_eq!((page.sittings[0].on, page.sittings[0].state), {
        (day("2026-04-02"), ItemState::Heard)
    });
}

fn accepted_referrals_wait_until_a_meeting_hears_them(world: &World) {
    thursdays(world, 2, End::Never);
    let waiting = || {
        let panel = world.town().panel;
        let found = rows(world, |az| panel_store::referrals::unheard(az, panel));
        found.iter().map(|one| one.referral.id).collect::<Vec<_>>()
    };
    let id = referred(world);
    assert_eq!(waiting(), []);
    let case = accepted(world, id);
    assert_eq!(waiting(), [id]);
    let meeting = hold_next(world);
    hear(world, meeting.id, case, ItemState::Deferred);
    assert_eq!(waiting(), [id]);
    let next = hold_next(world);
    hear(world, next.id, case, ItemState::Heard);
    assert_eq!(waiting(), []);
    close_case(world, case);
    assert_eq!(waiting(), []);
}

fn lists_tell_open_cases_from_closed_ones(world: &World) {
    let case = accepted(world, referred(world));
    accepted(world, sent(&world.by(POLICE), &other(world, "Quill", "1980-01-01")).id);
    close_case(world, case);
    let ctx = world.by(COORDINATOR);
    for (state, expected) in [(CaseStatus::Open, "Quill"), (CaseStatus::Closed, "Ashdown")] {
        let filter = CaseFilter {
            panel: Some(world.town().panel),
            state: Some(state),
            ..CaseFilter::default()
        };
        let page = cases::list(&ctx, filter, None).unwrap();
        let names: Vec<&str> = page.rows.iter().map(|row| &*row.surname).collect();
        assert_eq!((names, cases::count(&ctx, filter).unwrap()), (vec![expected], 1));
    }
}
