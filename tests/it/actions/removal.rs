//! What is deleted, what is closed, and who may leave.

use super::{case, form, reason, set, show, user, version};
use crate::series::{first, hold_next, list_item, rows, thursdays};
use panel_app::actions::{
    self, ActionForm, Assignment, ExtensionForm, LeaverForm, Removed, WordingForm,
};
use panel_app::cases::{self, ClosureForm, HandOver};
use panel_app::{AppError, meetings};
use panel_core::action::{ExtensionStatus, StatusFilter};
use panel_core::agenda::Section;
use panel_core::case::ClosureReason;
use panel_core::id::ActionId;
use panel_core::reminder::{NoticeState, Subject};
use panel_core::schedule::End;
use panel_core::text::Note;
use panel_store::{agenda, notices};
use panel_tests::caller;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, OUTSIDER, POLICE, POLICE_SPOC, PROBATION, World, day,
};
use std::collections::BTreeSet;

on_both!(
    f10_an_action_of_an_earlier_meeting_is_closed_and_a_slip_of_today_is_deleted,
    f11_a_case_is_closed_with_its_open_actions,
    f11_a_topic_goes_with_the_actions_born_under_it,
    nobody_leaves_while_something_is_theirs,
    what_a_leaver_owes_goes_to_colleagues_one_by_one,
    only_those_who_may_remove_a_person_see_what_is_owed,
);

/// A meeting in progress with one item, under which an action is set.
#[track_caller]
fn in_meeting(world: &World) -> (panel_core::id::MeetingId, i32, agenda::Item, ActionId) {
    let meeting = first(world);
    list_item(world, meeting.id, Section::Other, "Any other business");
    world.app.clock.set(meeting.starts_at);
    let begun = meetings::start(&world.by(COORDINATOR), meeting.id, meeting.version).unwrap();
    let item = rows(world, |az| agenda::list(az, meeting.id)).remove(0).item;
    let form = ActionForm {
        item: Some(item.id),
        ..form(world, "Check bail conditions", None, world.town().police)
    };
    let set = actions::set(&world.by(COORDINATOR), &form).unwrap();
    (meeting.id, begun, item, set.saved.action)
}

fn f10_an_action_of_an_earlier_meeting_is_closed_and_a_slip_of_today_is_deleted(world: &World) {
    thursdays(world, 1, End::Never);
    let (meeting, begun, _, slip) = in_meeting(world);
    let gone = reason(world, slip, "Entered twice");
    let deleted = actions::delete(&world.by(COORDINATOR), slip, &gone).unwrap();
    assert_eq!(deleted, Removed::Deleted);
    not_found(actions::show(&world.by(COORDINATOR), slip));

    let item = rows(world, |az| agenda::list(az, meeting)).remove(0).item;
    let form = ActionForm {
        item: Some(item.id),
        ..form(world, "Share the order", None, world.town().police)
    };
    let kept = actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action;
    meetings::end(&world.by(COORDINATOR), meeting, begun).unwrap();
    hold_next(world);
    // Edited today, it was still born in an earlier meeting.
    let words = WordingForm {
        version: version(world, kept),
        text: "Share the order with probation".to_owned(),
        approach: None,
        stands: false,
    };
    actions::reword(&world.by(COORDINATOR), kept, &words).unwrap();
    assert!(show(world, kept).recorded);
    let why = reason(world, kept, "Entered twice");
    let refused = actions::delete(&world.by(COORDINATOR), kept, &why);
    assert_eq!(rule(refused).0, "not_allowed");
    let closed = actions::delete(&world.by(CHAIR), kept, &why).unwrap();
    assert!(matches!(closed, Removed::Closed(_)), "{closed:?}");
    let shown = show(world, kept);
    assert_eq!(shown.row.status, StatusFilter::Withdrawn);
    assert_eq!(shown.history.entries[0].note, "Entered twice");
}

#[track_caller]
fn in_one<T>(
    world: &World,
    email: &str,
    work: impl FnOnce(&panel_app::Ctx<'_>, &mut panel_store::Authz<'_>) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let ctx = world.by(email);
    let caller = caller::of(&ctx);
    world.app.store.write(&caller, |az| work(&ctx, az))
}

fn f11_a_case_is_closed_with_its_open_actions(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let open = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let handed = set(world, "Visit weekly", id, town.probation, Some(PROBATION), "2026-04-30");
    let ended = set(world, "Share the order", id, town.police, Some(POLICE), "2026-04-08");
    actions::withdraw(&world.by(CHAIR), ended, &reason(world, ended, "Not needed")).unwrap();
    let more = ExtensionForm {
        version: version(world, open),
        due: day("2026-04-20"),
        reason: "Listed later".to_owned(),
    };
    actions::ask_extension(&world.by(POLICE), open, &more).unwrap();
    world.set("2026-04-10 12:00");
    let form = ClosureForm {
        reason: ClosureReason::RiskReduced,
        on: Some(day("2026-04-09")),
        note: String::new(),
        ticked: BTreeSet::new(),
        handed_over: vec![HandOver { action: handed, to: town.probation }],
    };
    let close = |email: &str| {
        let version = cases::show(&world.by(COORDINATOR), id).unwrap().row.version;
        cases::close(&world.by(email), id, version, &form)
    };
    assert_eq!(rule(close(COORDINATOR)).0, "not_allowed");
    assert_eq!(show(world, open).row.status, StatusFilter::Open);

    assert_eq!(close(CHAIR).unwrap().settled, 2);
    for action in [open, handed] {
        let shown = show(world, action);
        assert_eq!(shown.row.status, StatusFilter::Withdrawn);
        assert_eq!(shown.row.line.reported_on, Some(day("2026-04-09")));
        let waiting = rows(world, |az| notices::list_for_subject(az, Subject::Action(action)));
        let planned = |row: &&notices::NoticeRow| row.state == NoticeState::Planned;
        assert_eq!(waiting.iter().find(planned), None);
    }
    let lapsed = &show(world, open).extensions[0];
    assert_eq!(lapsed.answer.status(), ExtensionStatus::Lapsed);
    let note = show(world, handed).history.entries.remove(0).note;
    assert_eq!(note, "The case was closed. Probation Service goes on with it.");
    assert_eq!(show(world, ended).row.line.reason, "Not needed");
}

fn f11_a_topic_goes_with_the_actions_born_under_it(world: &World) {
    thursdays(world, 1, End::Never);
    let (meeting, begun, item, born) = in_meeting(world);
    let end = |email: &str| {
        let reason = Note::parse("Taken off the agenda").unwrap();
        in_one(world, email, |ctx, az| actions::end_with_item(ctx, az, meeting, item.id, &reason))
    };
    assert_eq!(end(COORDINATOR).unwrap(), (1, 0), "a slip of today's draft is deleted");
    not_found(actions::show(&world.by(COORDINATOR), born));

    let form = ActionForm {
        item: Some(item.id),
        ..form(world, "Check bail conditions", None, world.town().police)
    };
    let kept = actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action;
    meetings::end(&world.by(COORDINATOR), meeting, begun).unwrap();
    hold_next(world);
    assert_eq!(rule(end(COORDINATOR)).0, "not_allowed");
    assert_eq!(end(CHAIR).unwrap(), (0, 1), "what an earlier meeting set is closed");
    assert_eq!(show(world, kept).row.status, StatusFilter::Withdrawn);
}

fn nobody_leaves_while_something_is_theirs(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let action = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let leaver = user(world, POLICE);
    // The administrator sees no case content, and so hands nothing over.
    let admin = world.by(ADMINISTRATOR);
    let (lines, all) = actions::open_actions(&admin, leaver).unwrap();
    assert_eq!((lines.len(), all), (0, 1));
    let refused = actions::remove_person(&admin, leaver, &LeaverForm::default());
    let (code, message) = rule(refused);
    assert_eq!(code, "open_actions");
    assert_eq!(message, "1 action still to be handed over by the coordinator first");
    assert!(world.by(POLICE).actor().acts_for(town.police, town.panel), "nothing was closed");

    let to = LeaverForm { all_to: Some(user(world, POLICE_SPOC)), each: Vec::new() };
    actions::hand_over(&world.by(COORDINATOR), leaver, &to).unwrap();
    assert_eq!(show(world, action).row.line.user, to.all_to);
    actions::remove_person(&admin, leaver, &LeaverForm::default()).unwrap();
    let today = world.by(COORDINATOR).today;
    let gone = panel_store::sessions::find_person(&world.app.store, POLICE, today).unwrap();
    assert!(gone.is_none(), "{gone:?}");
}

fn what_a_leaver_owes_goes_to_colleagues_one_by_one(world: &World) {
    let town = world.town();
    let id = case(world, "Dai", "Price");
    let one = set(world, "Check bail", id, town.police, Some(POLICE), "2026-04-08");
    let two = set(world, "Visit weekly", id, town.police, Some(POLICE), "2026-04-30");
    let leaver = user(world, POLICE);
    let ctx = world.by(COORDINATOR);
    let spoc = user(world, POLICE_SPOC);
    let only_one = LeaverForm { all_to: None, each: vec![Assignment { action: one, to: spoc }] };
    assert_eq!(rule(actions::remove_person(&ctx, leaver, &only_one)).0, "open_actions");
    assert_eq!(show(world, one).row.line.user, Some(leaver), "all at once or nothing");

    let foreign = LeaverForm { all_to: Some(user(world, PROBATION)), each: Vec::new() };
    assert_eq!(invalid(actions::remove_person(&ctx, leaver, &foreign))[0].code, "not_at_agency");
    let self_again = LeaverForm { all_to: Some(leaver), each: Vec::new() };
    assert_eq!(invalid(actions::hand_over(&ctx, leaver, &self_again))[0].code, "same_person");

    let lead = user(world, panel_tests::world::POLICE_LEAD);
    let both = LeaverForm { all_to: Some(lead), each: vec![Assignment { action: two, to: spoc }] };
    let given = actions::remove_person(&ctx, leaver, &both).unwrap();
    assert_eq!(given.len(), 2);
    assert_eq!(show(world, one).row.line.user, Some(lead));
    assert_eq!(show(world, two).row.line.user, Some(spoc));
    // The old owner is named in the history, and a transfer it is not.
    let entry = &show(world, two).history.entries[0];
    assert_eq!((entry.detail.from.user, entry.detail.to.user), (Some(leaver), Some(spoc)));
}

fn only_those_who_may_remove_a_person_see_what_is_owed(world: &World) {
    let leaver = user(world, POLICE);
    for email in [OUTSIDER, PROBATION, CHAIR] {
        not_found(actions::open_actions(&world.by(email), leaver));
        not_found(actions::remove_person(&world.by(email), leaver, &LeaverForm::default()));
    }
    // Whoever runs the service is removed by another who does.
    let admin = user(world, ADMINISTRATOR);
    not_found(actions::remove_person(&world.by(COORDINATOR), admin, &LeaverForm::default()));
}
