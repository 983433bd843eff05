//! More time and other owners: proposals beside the status, and who hears of them.

use super::{case, done, plain, reason, set, show, user, version};
use crate::series::rows;
use panel_app::actions::{
    self, AcceptTransferForm, AgreeForm, DueForm, ExtensionForm, TransferForm,
};
use panel_core::action::{ExtensionStatus, StatusFilter, TransferStatus};
use panel_core::id::{ActionId, AgencyId};
use panel_core::reminder::{NoticeState, Reason, Rule, Subject};
use panel_store::notices::{self, NoticeRow};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, POLICE, PROBATION, World, day};

on_both!(
    more_time_is_asked_for_and_the_date_in_force_stays_until_it_is_agreed,
    asked_for_after_the_due_date_an_extension_changes_nothing_that_is_judged,
    one_request_at_a_time_and_a_refusal_changes_nothing,
    a_transfer_changes_nothing_until_the_receiver_accepts,
    a_refused_transfer_leaves_all_as_it_was_and_the_receiver_no_longer_sees_it,
    a_receiver_asks_for_another_date_and_the_chair_agrees_or_keeps_it,
    what_nobody_will_answer_lapses_when_an_action_ends,
    n2_a_new_due_date_or_owner_plans_new_reminders_and_takes_the_old_ones_back,
    n1_what_is_finished_is_reminded_of_no_more,
    however_an_action_ends_nothing_about_it_stays_planned,
    what_is_reported_as_not_possible_is_reminded_of_again_once_the_chair_refuses,
);

fn ask(world: &World, id: ActionId, due: &str) -> ExtensionForm {
    ExtensionForm {
        version: version(world, id),
        due: day(due),
        reason: "The court lists it later".to_owned(),
    }
}

fn transfer(world: &World, id: ActionId, to: AgencyId) -> TransferForm {
    TransferForm { version: version(world, id), to, reason: "They hold the tenancy".to_owned() }
}

fn accept(world: &World, email: &str, id: ActionId, due: Option<&str>) -> AcceptTransferForm {
    AcceptTransferForm {
        version: version(world, id),
        person: Some(user(world, email)),
        due: due.map(day),
    }
}

fn told(world: &World, subject: Subject, rule: Rule) -> Vec<NoticeRow> {
    let all = rows(world, |az| notices::list_for_subject(az, subject));
    all.into_iter().filter(|row| row.rule == rule).collect()
}

fn more_time_is_asked_for_and_the_date_in_force_stays_until_it_is_agreed(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    world.set("2026-04-08 23:30");
    actions::ask_extension(&world.by(POLICE), id, &ask(world, id, "2026-04-20")).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.action.due, Some(day("2026-04-08")));
    let extension = shown.extensions[0].clone();
    assert_eq!(extension.answer.status(), ExtensionStatus::Awaited);
    let waiting = actions::waiting(&world.by(COORDINATOR)).unwrap();
    assert_eq!(waiting.extensions[0].extension, Some(extension.clone()));
    let coordinator = told(world, Subject::Extension(extension.id), Rule::ExtensionAsked);
    assert_eq!(coordinator[0].person, Some(user(world, COORDINATOR)));

    // It was asked for in time, so an answer a week later still moves what on-time is judged by.
    world.set("2026-04-15 09:00");
    let agreed = AgreeForm { version: version(world, id), due: None };
    assert_eq!(rule(actions::agree_extension(&world.by(POLICE), id, agreed)).0, "not_allowed");
    actions::agree_extension(&world.by(COORDINATOR), id, agreed).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.action.due, Some(day("2026-04-20")));
    assert_eq!(shown.action.original_due, Some(day("2026-04-08")));
    assert_eq!(shown.judged, Some(day("2026-04-20")));
    assert!(!shown.row.overdue);
    let coordinator = told(world, Subject::Extension(extension.id), Rule::ExtensionAsked);
    assert!(!matches!(coordinator[0].state, NoticeState::Planned), "{coordinator:?}");
    assert_eq!(
        rule(actions::agree_extension(
            &world.by(COORDINATOR),
            id,
            AgreeForm { version: version(world, id), due: None }
        ))
        .0,
        "already_answered"
    );
}

fn asked_for_after_the_due_date_an_extension_changes_nothing_that_is_judged(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    world.set("2026-04-09 00:01");
    actions::ask_extension(&world.by(POLICE), id, &ask(world, id, "2026-04-20")).unwrap();
    let agreed = AgreeForm { version: version(world, id), due: Some(day("2026-04-15")) };
    actions::agree_extension(&world.by(CHAIR), id, agreed).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.action.due, Some(day("2026-04-15")));
    assert_eq!(shown.judged, Some(day("2026-04-08")));
    // A later one that is asked for before the date then in force counts again.
    actions::ask_extension(&world.by(POLICE), id, &ask(world, id, "2026-05-01")).unwrap();
    let agreed = AgreeForm { version: version(world, id), due: None };
    actions::agree_extension(&world.by(CHAIR), id, agreed).unwrap();
    assert_eq!(show(world, id).judged, Some(day("2026-05-01")));
}

fn one_request_at_a_time_and_a_refusal_changes_nothing(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    let ctx = world.by(POLICE);
    let earlier = actions::ask_extension(&ctx, id, &ask(world, id, "2026-04-08"));
    assert_eq!(invalid(earlier)[0].code, "not_later");
    actions::ask_extension(&ctx, id, &ask(world, id, "2026-04-20")).unwrap();
    let second = actions::ask_extension(&ctx, id, &ask(world, id, "2026-04-21"));
    assert_eq!(rule(second).0, "one_waits");
    let no = reason(world, id, "The panel meets before");
    actions::refuse_extension(&world.by(COORDINATOR), id, &no).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.action.due, Some(day("2026-04-08")));
    assert_eq!(shown.extensions[0].answer.status(), ExtensionStatus::Refused);
    assert_eq!(shown.history.entries[0].note, "The panel meets before");
    actions::ask_extension(&ctx, id, &ask(world, id, "2026-04-20")).unwrap();

    let undated = set(world, "Share the order", case, town.police, Some(POLICE), "");
    let none = actions::ask_extension(&ctx, undated, &ask(world, undated, "2026-04-20"));
    assert_eq!(rule(none).0, "no_due_date");
}

fn a_transfer_changes_nothing_until_the_receiver_accepts(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Arrange a move", case, town.police, Some(POLICE), "2026-04-08");
    not_found(actions::show(&world.by(HOUSING), id));
    let same = actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.police));
    assert_eq!(rule(same).0, "same_agency");
    let foreign =
        actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.westshire));
    assert_eq!(invalid(foreign)[0].field, "to");
    actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.housing)).unwrap();

    let shown = show(world, id);
    assert_eq!((shown.row.line.agency, shown.action.due), (town.police, Some(day("2026-04-08"))));
    let asked = actions::mine(&world.by(HOUSING)).unwrap().to_answer;
    assert_eq!(asked.iter().map(|owed| owed.row.line.id).collect::<Vec<_>>(), [id]);
    let heard = told(world, Subject::Transfer(shown.transfers[0].id), Rule::TransferProposed);
    assert_eq!(heard[0].person, Some(user(world, HOUSING)));
    let again =
        actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.probation));
    assert_eq!(rule(again).0, "one_waits");
    let others = actions::accept_transfer(&world.by(POLICE), id, accept(world, HOUSING, id, None));
    assert_eq!(rule(others).0, "not_allowed");

    let wrong = accept(world, POLICE, id, None);
    assert_eq!(
        invalid(actions::accept_transfer(&world.by(HOUSING), id, wrong))[0].code,
        "not_at_agency"
    );
    actions::accept_transfer(&world.by(HOUSING), id, accept(world, HOUSING, id, None)).unwrap();
    let shown = show(world, id);
    assert_eq!((shown.row.line.agency, shown.action.due), (town.housing, Some(day("2026-04-08"))));
    assert_eq!(shown.transfers[0].state.status(), TransferStatus::Accepted);
    assert_eq!(actions::mine(&world.by(HOUSING)).unwrap().to_answer, []);
    // The police set nothing else in this case, but they took part in it.
    actions::show(&world.by(POLICE), id).unwrap();
    actions::start(&world.by(HOUSING), id, plain(world, id)).unwrap();
    assert_eq!(rule(actions::start(&world.by(POLICE), id, plain(world, id))).0, "not_allowed");
}

fn a_refused_transfer_leaves_all_as_it_was_and_the_receiver_no_longer_sees_it(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Arrange a move", case, town.police, Some(POLICE), "2026-04-08");
    let before = show(world, id).action;
    for refuse in [true, false] {
        actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.housing))
            .unwrap();
        actions::show(&world.by(HOUSING), id).unwrap();
        if refuse {
            let no = reason(world, id, "Not our tenant");
            actions::refuse_transfer(&world.by(HOUSING), id, &no).unwrap();
        } else {
            actions::revoke_transfer(&world.by(POLICE), id, plain(world, id)).unwrap();
        }
        assert_eq!(show(world, id).action, before);
        not_found(actions::show(&world.by(HOUSING), id));
        let left = actions::list(&world.by(HOUSING), &actions::Filters::default(), None).unwrap();
        assert_eq!(left.rows, []);
        let answered = reason(world, id, "Again");
        assert_eq!(
            rule(actions::refuse_transfer(&world.by(COORDINATOR), id, &answered)).0,
            "already_answered"
        );
    }
}

fn a_receiver_asks_for_another_date_and_the_chair_agrees_or_keeps_it(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    for agree in [true, false] {
        let id = set(world, "Arrange a move", case, town.police, Some(POLICE), "2026-04-08");
        actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.housing))
            .unwrap();
        let later = accept(world, HOUSING, id, Some("2026-04-30"));
        actions::accept_transfer(&world.by(HOUSING), id, later).unwrap();
        assert_eq!(show(world, id).action.due, Some(day("2026-04-08")));
        assert_eq!(actions::waiting(&world.by(CHAIR)).unwrap().dates.len(), 1);
        let form = plain(world, id);
        assert_eq!(
            rule(actions::agree_transfer_due(&world.by(COORDINATOR), id, form)).0,
            "not_allowed"
        );
        if agree {
            actions::agree_transfer_due(&world.by(CHAIR), id, form).unwrap();
        } else {
            actions::decline_transfer_due(&world.by(CHAIR), id, form).unwrap();
        }
        let due = if agree { "2026-04-30" } else { "2026-04-08" };
        let shown = show(world, id);
        assert_eq!((shown.action.due, shown.judged), (Some(day(due)), Some(day(due))));
        assert_eq!(actions::waiting(&world.by(CHAIR)).unwrap().dates, []);
        let again = actions::decline_transfer_due(&world.by(CHAIR), id, plain(world, id));
        assert_eq!(rule(again).0, "already_answered");
    }
}

fn what_nobody_will_answer_lapses_when_an_action_ends(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Arrange a move", case, town.police, Some(POLICE), "2026-04-08");
    actions::ask_extension(&world.by(POLICE), id, &ask(world, id, "2026-04-20")).unwrap();
    actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.housing)).unwrap();
    actions::complete(&world.by(POLICE), id, &done(world, id, "2026-04-01", "Moved")).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.extensions[0].answer.status(), ExtensionStatus::Lapsed);
    assert_eq!(shown.transfers[0].state.status(), TransferStatus::Lapsed);
    assert_eq!(shown.row.status, StatusFilter::Completed);
    not_found(actions::show(&world.by(HOUSING), id));
    assert_eq!(actions::waiting(&world.by(COORDINATOR)).unwrap().extensions, []);
    for (subject, rule) in [
        (Subject::Extension(shown.extensions[0].id), Rule::ExtensionAsked),
        (Subject::Transfer(shown.transfers[0].id), Rule::TransferProposed),
    ] {
        let rows = told(world, subject, rule);
        assert!(rows.iter().all(|row| !matches!(row.state, NoticeState::Planned)), "{rows:?}");
    }
}

#[track_caller]
fn planned(world: &World, id: ActionId) -> Vec<NoticeRow> {
    let all = rows(world, |az| notices::list_for_subject(az, Subject::Action(id)));
    all.into_iter().filter(|row| matches!(row.state, NoticeState::Planned)).collect()
}

fn n2_a_new_due_date_or_owner_plans_new_reminders_and_takes_the_old_ones_back(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-02");
    assert!(!planned(world, id).is_empty());
    assert!(planned(world, id).iter().all(|row| row.instance == 1));

    let due = DueForm { version: version(world, id), due: "2026-04-07".to_owned() };
    actions::redate(&world.by(COORDINATOR), id, &due).unwrap();
    let rows_now = planned(world, id);
    assert!(!rows_now.is_empty());
    assert!(rows_now.iter().all(|row| (row.instance, row.date) == (2, Some(day("2026-04-07")))));
    let all = rows(world, |az| notices::list_for_subject(az, Subject::Action(id)));
    let taken_back = all.iter().filter(|row| row.instance == 1);
    for row in taken_back {
        let is = |reason: &Reason| matches!(reason, Reason::DueChanged | Reason::BeforeCreated);
        match &row.state {
            NoticeState::Cancelled { reason, .. } | NoticeState::Skipped { reason, .. } => {
                assert!(is(reason), "{row:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    actions::propose_transfer(&world.by(POLICE), id, &transfer(world, id, town.housing)).unwrap();
    assert!(planned(world, id).iter().all(|row| row.instance == 2), "as they were");
    actions::accept_transfer(&world.by(HOUSING), id, accept(world, HOUSING, id, None)).unwrap();
    let housing = user(world, HOUSING);
    assert!(planned(world, id).iter().all(|row| row.person == Some(housing)));
}

fn n1_what_is_finished_is_reminded_of_no_more(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Share the order", case, town.probation, Some(PROBATION), "2026-04-07");
    assert!(!planned(world, id).is_empty());
    actions::complete(&world.by(PROBATION), id, &done(world, id, "2026-04-01", "Sent")).unwrap();
    assert_eq!(planned(world, id), []);
    actions::reopen(&world.by(CHAIR), id, &reason(world, id, "To the wrong court")).unwrap();
    assert!(!planned(world, id).is_empty(), "taken up again, it is reminded of again");
}

fn however_an_action_ends_nothing_about_it_stays_planned(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let (probation, chair) = (world.by(PROBATION), world.by(CHAIR));
    let ends: [&dyn Fn(ActionId); 3] = [
        &|id| {
            let why = reason(world, id, "He is in custody");
            actions::report_not_possible(&probation, id, &why).unwrap();
            actions::accept_not_possible(&chair, id, plain(world, id)).unwrap();
        },
        &|id| {
            let why = reason(world, id, "Nobody had time");
            actions::report_not_done(&probation, id, &why).unwrap();
        },
        &|id| {
            let why = reason(world, id, "No longer needed");
            actions::withdraw(&chair, id, &why).unwrap();
        },
    ];
    for end in ends {
        let id = set(world, "Share the order", case, town.probation, Some(PROBATION), "2026-04-07");
        assert!(!planned(world, id).is_empty());
        end(id);
        assert_eq!(planned(world, id), []);
        let rows = rows(world, |az| notices::list_for_subject(az, Subject::Action(id)));
        let closed = |row: &NoticeRow| {
            matches!(row.state, NoticeState::Skipped { .. } | NoticeState::Cancelled { .. })
        };
        assert!(rows.iter().all(closed), "{rows:?}");
    }
}

fn what_is_reported_as_not_possible_is_reminded_of_again_once_the_chair_refuses(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Share the order", case, town.probation, Some(PROBATION), "2026-04-07");
    let about = |state: fn(&NoticeState) -> bool| {
        let all = rows(world, |az| notices::list_for_subject(az, Subject::Action(id)));
        let of_rule = |row: &&NoticeRow| Rule::OF_AN_ACTION.contains(&row.rule);
        let found = all.iter().filter(of_rule).filter(|row| state(&row.state));
        found.map(|row| (row.rule, row.person)).collect::<Vec<_>>()
    };
    let is_planned = |state: &NoticeState| *state == NoticeState::Planned;
    let is_held = |state: &NoticeState| {
        matches!(state, NoticeState::Cancelled { reason: Reason::AwaitsChair, .. })
    };
    let before = about(is_planned);
    assert!(!before.is_empty());
    let why = reason(world, id, "He is in custody");
    actions::report_not_possible(&world.by(PROBATION), id, &why).unwrap();
    assert_eq!((about(is_planned), about(is_held)), (Vec::new(), before.clone()));
    let chair = told(world, Subject::Action(id), Rule::NotPossibleReported);
    assert!(chair.iter().all(|row| row.state == NoticeState::Planned) && !chair.is_empty());

    let why = reason(world, id, "He was released");
    actions::refuse_not_possible(&world.by(CHAIR), id, &why).unwrap();
    assert_eq!((about(is_planned), about(is_held)), (before, Vec::new()));
}
