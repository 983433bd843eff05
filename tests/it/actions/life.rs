//! The status of an action, and what stands in the way of a change.

use super::{REASONED, case, done, form, plain, reason, set, show, user, version};
use crate::series::{first, list_item, thursdays};
use panel_app::actions::{
    self, ActionForm, BulkChange, BulkForm, BulkRow, DueForm, NoteForm, OwnerForm, Plain,
    ReasonForm, WordingForm,
};
use panel_app::{audit, meetings};
use panel_core::action::{Act, ActionStatus, Advice, Approach, EntryKind, StatusFilter};
use panel_core::agenda::Section;
use panel_core::audit::Purpose;
use panel_core::schedule::End;
use panel_store::agenda;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, PROBATION, STEERING, World, day,
};

on_both!(
    due_dates_are_taken_as_people_say_them,
    every_field_in_the_way_is_named_at_once,
    what_a_good_action_lacks_is_said_and_nothing_is_blocked,
    an_action_is_set_in_a_meeting_in_progress_and_in_no_other,
    an_action_goes_from_open_to_done_and_every_step_is_in_its_history,
    an_agency_reports_not_possible_and_the_chair_answers,
    each_act_is_open_to_those_whose_it_is,
    what_the_coordinator_enters_for_an_agency_is_marked_so,
    what_is_finished_is_reopened_before_it_changes,
    f25_of_two_who_change_an_action_the_second_is_refused,
    a_note_is_kept_beside_another_change,
    wording_due_date_and_owner_are_put_right,
    many_are_changed_at_once_or_none,
    a_form_sent_twice_changes_an_action_once,
    every_change_and_every_look_leaves_an_audit_row,
);

#[track_caller]
fn due(world: &World, words: &str) -> Option<String> {
    let town = world.town();
    let form = ActionForm {
        due: words.to_owned(),
        ..form(world, "Check bail conditions", None, town.police)
    };
    actions::set(&world.by(COORDINATOR), &form).unwrap().due.map(|due| due.to_string())
}

fn due_dates_are_taken_as_people_say_them(world: &World) {
    let next = rule_of_due(world, "next panel");
    assert_eq!(next, "no_next_meeting");
    thursdays(world, 4, End::Never);
    let due = |words| due(world, words);
    assert_eq!(due("next panel").as_deref(), Some("2026-04-02"));
    // Good Friday and Easter Monday lie between.
    assert_eq!(due("10 working days").as_deref(), Some("2026-04-17"));
    assert_eq!(due("two weeks").as_deref(), Some("2026-04-15"));
    assert_eq!(due("3/4/26").as_deref(), Some("2026-04-03"));
    assert_eq!(due("2026-04-01").as_deref(), Some("2026-04-01"));
    assert_eq!((due("ASAP"), due("")), (None, None));
    for words in ["soon", "31/4/26", "04/13/2026", "1/4/26 or 2/4/26"] {
        assert_eq!(rule_of_due(world, words), "not_a_date", "{words}");
    }
    assert_eq!(rule_of_due(world, "31/3/26"), "due_before_set");
    // On the day of a meeting, the next one is the one after it.
    world.set("2026-04-02 09:00");
    assert_eq!(due("next meeting").as_deref(), Some("2026-04-30"));
}

#[track_caller]
fn rule_of_due(world: &World, words: &str) -> &'static str {
    let form = ActionForm {
        due: words.to_owned(),
        ..form(world, "Check bail conditions", None, world.town().police)
    };
    let errors = invalid(actions::set(&world.by(COORDINATOR), &form));
    assert_eq!(errors.iter().map(|e| &*e.field).collect::<Vec<_>>(), ["due"], "{errors:?}");
    errors[0].code
}

fn every_field_in_the_way_is_named_at_once(world: &World) {
    let town = world.town();
    let wrong = ActionForm {
        text: " ".to_owned(),
        due: "whenever".to_owned(),
        ..form(world, "", None, town.westshire)
    };
    let named = |form: &ActionForm| {
        let errors = invalid(actions::set(&world.by(COORDINATOR), form));
        errors.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect::<Vec<_>>()
    };
    assert_eq!(named(&wrong), ["text empty", "agency not_of_panel", "due not_a_date"]);
    let stranger = ActionForm {
        person: Some(user(world, PROBATION)),
        ..form(world, "Check bail", None, town.police)
    };
    assert_eq!(named(&stranger), ["person not_at_agency"]);
    let long = ActionForm { text: "a".repeat(501), ..form(world, "", None, town.police) };
    assert_eq!(named(&long), ["text too_long"]);
}

fn what_a_good_action_lacks_is_said_and_nothing_is_blocked(world: &World) {
    let town = world.town();
    let vague = form(world, "Monitor the situation", None, town.police);
    let set = actions::set(&world.by(COORDINATOR), &vague).unwrap();
    assert_eq!(set.advice, [Advice::OpenEnded, Advice::NoPerson, Advice::NoDate]);
    let good = ActionForm {
        person: Some(user(world, POLICE)),
        due: "2 weeks".to_owned(),
        ..form(world, "Confirm the bail conditions with the court", None, town.police)
    };
    assert_eq!(actions::set(&world.by(COORDINATOR), &good).unwrap().advice, []);
}

fn an_action_is_set_in_a_meeting_in_progress_and_in_no_other(world: &World) {
    let town = world.town();
    thursdays(world, 4, End::Never);
    let meeting = first(world);
    list_item(world, meeting.id, Section::Other, "Any other business");
    world.app.clock.set(meeting.starts_at);
    let item = crate::series::rows(world, |az| agenda::list(az, meeting.id))[0].item.id;
    let form = ActionForm {
        item: Some(item),
        due: "next panel".to_owned(),
        ..form(world, "Invite the council's housing lead", None, town.housing)
    };
    let early = actions::set(&world.by(COORDINATOR), &form);
    assert_eq!(rule(early).0, "not_in_progress");

    let begun = meetings::start(&world.by(COORDINATOR), meeting.id, meeting.version).unwrap();
    let set = actions::set(&world.by(CHAIR), &form).unwrap();
    assert_eq!(set.due, Some(day("2026-04-30")));
    let born = show(world, set.saved.action);
    assert_eq!(born.action.born_in, Some(meeting.id));
    assert_eq!((born.row.line.item, born.recorded), (Some(item), false));

    meetings::end(&world.by(COORDINATOR), meeting.id, begun).unwrap();
    assert_eq!(rule(actions::set(&world.by(COORDINATOR), &form)).0, "not_in_progress");
    not_found(actions::set(&world.by(OUTSIDER), &form));
    not_found(actions::set(&world.by(HOUSING), &form));
}

fn an_action_goes_from_open_to_done_and_every_step_is_in_its_history(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    world.set("2026-04-02 10:00");
    actions::start(&world.by(POLICE), id, plain(world, id)).unwrap();
    world.set("2026-04-10 10:00");
    let shown = show(world, id);
    assert_eq!((shown.row.overdue, shown.days_overdue), (true, Some(2)));
    let saved =
        actions::complete(&world.by(POLICE), id, &done(world, id, "2026-04-08", "Confirmed"))
            .unwrap();
    assert_eq!(saved.version, 3);

    let shown = show(world, id);
    assert_eq!(shown.row.status, StatusFilter::Completed);
    assert_eq!((shown.row.overdue, shown.days_overdue), (false, None));
    let lines = shown.history.entries;
    let kinds: Vec<EntryKind> = lines.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Completed, EntryKind::Started, EntryKind::Set]);
    assert_eq!(lines[0].note, "Confirmed");
    assert_eq!(lines[0].by, Some((user(world, POLICE), "Priya Nair".to_owned())));
    assert_eq!(lines[0].detail.from.status, Some(ActionStatus::InProgress));
    assert_eq!(lines[0].detail.to.status, Some(ActionStatus::Completed));
    assert_eq!(lines[2].detail.to.due.as_ref().unwrap().on, Some(day("2026-04-08")));
    assert_eq!(lines[2].detail.to.user, Some(user(world, POLICE)));
}

fn an_agency_reports_not_possible_and_the_chair_answers(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    world.set("2026-04-09 10:00");
    let report = || {
        let why = reason(world, id, "He is in custody");
        actions::report_not_possible(&world.by(POLICE), id, &why).unwrap();
    };
    report();
    let shown = show(world, id);
    assert_eq!((shown.row.status, shown.row.overdue), (StatusFilter::AwaitsChair, true));
    assert_eq!(actions::waiting(&world.by(CHAIR)).unwrap().not_possible.len(), 1);
    let again = reason(world, id, "Again");
    assert_eq!(rule(actions::report_not_possible(&world.by(POLICE), id, &again)).0, "awaits_chair");

    let why = reason(world, id, "He was released");
    actions::refuse_not_possible(&world.by(CHAIR), id, &why).unwrap();
    assert_eq!(show(world, id).row.status, StatusFilter::Open);
    assert_eq!(
        rule(actions::accept_not_possible(&world.by(CHAIR), id, plain(world, id))).0,
        "nothing_reported"
    );

    report();
    actions::accept_not_possible(&world.by(CHAIR), id, plain(world, id)).unwrap();
    let shown = show(world, id);
    assert_eq!((shown.row.status, shown.row.overdue), (StatusFilter::NotPossible, false));
    assert_eq!(actions::waiting(&world.by(CHAIR)).unwrap().not_possible, []);
}

fn each_act_is_open_to_those_whose_it_is(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    // Probation takes part in the case, so it sees the action and may do nothing to it.
    set(world, "Share the order", case, town.probation, Some(PROBATION), "2026-04-08");
    let may = |email: &str| {
        let offers = actions::show(&world.by(email), id).unwrap().offers;
        let one = |offer: &actions::Offer| {
            let code = panel_core::coded::Coded::code(offer.act);
            if offer.on_behalf { format!("{code}(B)") } else { code.to_owned() }
        };
        offers.iter().map(one).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        may(POLICE),
        "start complete report_not_possible report_not_done report ask_extension propose_transfer"
    );
    assert_eq!(
        may(COORDINATOR),
        "start(B) complete(B) report_not_possible(B) report_not_done(B) report(B) remark amend \
         delete ask_extension(B) propose_transfer(B)"
    );
    assert_eq!(
        may(CHAIR),
        "start(B) complete(B) report_not_possible(B) report_not_done(B) report(B) remark withdraw \
         amend delete ask_extension(B) propose_transfer(B)"
    );
    assert_eq!(may(PROBATION), "");

    for (name, act) in REASONED {
        let refused = act(&world.by(PROBATION), id, &reason(world, id, "Because"));
        assert_eq!(rule(refused).0, "not_allowed", "{name}");
        for email in [OUTSIDER, IDVA, OBSERVER, STEERING] {
            not_found(act(&world.by(email), id, &reason(world, id, "Because")));
        }
        let empty = act(&world.by(CHAIR), id, &reason(world, id, " "));
        assert_eq!(invalid(empty)[0].field, "reason", "{name}");
    }
    let withdraw = actions::withdraw(&world.by(COORDINATOR), id, &reason(world, id, "Not needed"));
    assert_eq!(rule(withdraw).1, "Withdrawing it is not open to the coordinator");
    actions::withdraw(&world.by(CHAIR), id, &reason(world, id, "Not needed")).unwrap();
    assert_eq!(may(CHAIR), "report(B) remark reopen delete");
}

fn what_the_coordinator_enters_for_an_agency_is_marked_so(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    actions::complete(&world.by(COORDINATOR), id, &done(world, id, "2026-04-01", "By mail"))
        .unwrap();
    let note = |evidence, from_agency| NoteForm {
        note: "Seen the order".to_owned(),
        evidence,
        from_agency,
    };
    actions::note(&world.by(COORDINATOR), id, &note(true, true)).unwrap();
    actions::note(&world.by(COORDINATOR), id, &note(false, false)).unwrap();
    actions::note(&world.by(POLICE), id, &note(true, false)).unwrap();
    let lines = show(world, id).history.entries;
    let marks: Vec<(EntryKind, bool)> = lines.iter().map(|e| (e.kind, e.on_behalf)).collect();
    assert_eq!(
        marks,
        [
            (EntryKind::Evidenced, false),
            (EntryKind::Noted, false),
            (EntryKind::Evidenced, true),
            (EntryKind::Completed, true),
            (EntryKind::Set, false),
        ]
    );
    let logged =
        audit::list(&world.by(COORDINATOR), Purpose::Integrity, Some(case), None, 50).unwrap();
    let complete = logged.iter().find(|row| row.deed == "action.complete").unwrap();
    assert!(complete.on_behalf);
}

fn what_is_finished_is_reopened_before_it_changes(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    let future = actions::complete(&world.by(POLICE), id, &done(world, id, "2026-04-02", "Done"));
    assert_eq!(invalid(future)[0].code, "in_future");
    let before = actions::complete(&world.by(POLICE), id, &done(world, id, "2026-03-31", "Done"));
    assert_eq!(invalid(before)[0].code, "before_set");
    assert_eq!(
        rule(actions::reopen(&world.by(CHAIR), id, &reason(world, id, "Why"))).0,
        "not_finished"
    );
    let why = reason(world, id, "No capacity");
    actions::report_not_done(&world.by(POLICE), id, &why).unwrap();
    for refused in [
        actions::start(&world.by(POLICE), id, plain(world, id)),
        actions::complete(&world.by(POLICE), id, &done(world, id, "2026-04-01", "Done")),
        actions::withdraw(&world.by(CHAIR), id, &reason(world, id, "No")),
    ] {
        assert_eq!(rule(refused), ("finished", "The action is finished: Not done".to_owned()));
    }
    let why = reason(world, id, "It was done after all");
    actions::reopen(&world.by(COORDINATOR), id, &why).unwrap();
    actions::start(&world.by(POLICE), id, plain(world, id)).unwrap();
    assert_eq!(rule(actions::start(&world.by(POLICE), id, plain(world, id))).0, "already_started");
}

fn f25_of_two_who_change_an_action_the_second_is_refused(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    let both = Plain { version: 1 };
    actions::start(&world.by(POLICE), id, both).unwrap();
    stale(actions::start(&world.by(COORDINATOR), id, both));
    let old = DueForm { version: 1, due: "2026-04-20".to_owned() };
    stale(actions::redate(&world.by(COORDINATOR), id, &old));
    let old = ReasonForm { version: 1, reason: "Why".to_owned() };
    for (name, act) in REASONED {
        let refused = act(&world.by(CHAIR), id, &old);
        assert!(matches!(refused, Err(panel_app::AppError::Stale)), "{name}: {refused:?}");
    }
    stale(actions::delete(&world.by(CHAIR), id, &old));
}

fn a_note_is_kept_beside_another_change(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    let note = NoteForm { note: "Rang the court".to_owned(), evidence: false, from_agency: true };
    let noted = actions::note(&world.by(POLICE), id, &note).unwrap();
    assert_eq!(noted.version, 1);
    // The chair had the page open before the note and closes the action all the same.
    let form = ReasonForm { version: 1, reason: "Superseded".to_owned() };
    actions::withdraw(&world.by(CHAIR), id, &form).unwrap();
    actions::note(&world.by(POLICE), id, &note).unwrap();
    assert_eq!(show(world, id).history.entries.len(), 4);
    let empty = NoteForm { note: "  ".to_owned(), ..note };
    assert_eq!(invalid(actions::note(&world.by(POLICE), id, &empty))[0].field, "note");
}

fn wording_due_date_and_owner_are_put_right(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bial", case, town.police, Some(POLICE), "2026-04-08");
    let ctx = world.by(COORDINATOR);
    let words = |text: &str| WordingForm {
        version: version(world, id),
        text: text.to_owned(),
        approach: Some(Approach::Enforcement),
        stands: false,
    };
    actions::reword(&ctx, id, &words("Check bail conditions")).unwrap();
    assert_eq!(rule(actions::reword(&ctx, id, &words("Check bail conditions"))).0, "unchanged");
    let due = |due: &str| DueForm { version: version(world, id), due: due.to_owned() };
    actions::redate(&ctx, id, &due("10 working days")).unwrap();
    let shown = show(world, id);
    assert_eq!(shown.action.due, Some(day("2026-04-17")));
    // A draft: no minutes hold it, so the first date was a slip.
    assert_eq!(shown.action.original_due, Some(day("2026-04-17")));
    assert_eq!(shown.row.line.due_word, "10 working days");

    let owner = |agency, person| OwnerForm { version: version(world, id), agency, person };
    let wrong = owner(town.housing, Some(user(world, POLICE)));
    assert_eq!(invalid(actions::reassign(&ctx, id, &wrong))[0].code, "not_at_agency");
    not_found(actions::show(&world.by(HOUSING), id));
    actions::reassign(&ctx, id, &owner(town.housing, Some(user(world, HOUSING)))).unwrap();
    // The new owner's agency takes part in the case from now on.
    let shown = actions::show(&world.by(HOUSING), id).unwrap();
    assert_eq!(shown.row.line.user_name.as_deref(), Some("Hana Sato"));
    assert!(shown.offers.iter().any(|offer| offer.act == Act::Complete));
    assert_eq!(shown.action.due_instance, 3);
}

fn many_are_changed_at_once_or_none(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let ids: Vec<_> = (0..3)
        .map(|n| set(world, &format!("Check {n}"), case, town.police, Some(POLICE), "2026-04-08"))
        .collect();
    let form = |change| BulkForm {
        actions: ids
            .iter()
            .map(|id| BulkRow { action: *id, version: version(world, *id) })
            .collect(),
        change,
    };
    let ctx = world.by(COORDINATOR);
    let later = form(BulkChange::Redate { due: "2026-04-20".to_owned() });
    assert_eq!(actions::bulk(&ctx, &later).unwrap().len(), 3);
    assert!(ids.iter().all(|id| show(world, *id).action.due == Some(day("2026-04-20"))));

    // One is finished and one was changed meanwhile: nothing happens, and both are named.
    let stale_form = form(BulkChange::NotDone { reason: "No capacity".to_owned() });
    actions::withdraw(&world.by(CHAIR), ids[0], &reason(world, ids[0], "No")).unwrap();
    actions::start(&world.by(POLICE), ids[2], plain(world, ids[2])).unwrap();
    let report = invalid(actions::bulk(&ctx, &stale_form));
    let named: Vec<_> = report.iter().map(|e| format!("{} {}", e.field, e.code)).collect();
    assert_eq!(named, ["actions.0 stale", "actions.2 stale"]);
    assert_eq!(show(world, ids[1]).row.status, StatusFilter::Open);
    let finished = form(BulkChange::Start);
    let report = invalid(actions::bulk(&ctx, &finished));
    let named: Vec<_> = report.iter().map(|e| format!("{} {}", e.field, e.code)).collect();
    assert_eq!(named, ["actions.0 finished", "actions.2 already_started"]);

    let reassign =
        BulkChange::Reassign { agency: town.housing, person: Some(user(world, HOUSING)) };
    let open =
        BulkForm { actions: form(BulkChange::Start).actions[1..].to_vec(), change: reassign };
    actions::bulk(&ctx, &open).unwrap();
    assert_eq!(show(world, ids[1]).row.line.agency, town.housing);
    not_found(actions::bulk(&world.by(OUTSIDER), &form(BulkChange::Start)));
    let none = BulkForm { actions: Vec::new(), change: BulkChange::Start };
    assert_eq!(invalid(actions::bulk(&ctx, &none))[0].code, "empty");
    let row = BulkRow { action: ids[0], version: 1 };
    let many = BulkForm { actions: vec![row; 201], change: BulkChange::Start };
    assert_eq!(invalid(actions::bulk(&ctx, &many))[0].code, "too_many");
}

fn a_form_sent_twice_changes_an_action_once(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    let operation = Some(panel_core::id::mint(&*world.app.ids, world.app.clock.now().unwrap()));
    let form = done(world, id, "2026-04-01", "Confirmed");
    let first = actions::complete(&world.by(POLICE).submitted(operation), id, &form).unwrap();
    let second = actions::complete(&world.by(POLICE).submitted(operation), id, &form).unwrap();
    assert_eq!(first, second);
    assert_eq!(show(world, id).history.entries.len(), 2);
}

fn every_change_and_every_look_leaves_an_audit_row(world: &World) {
    let town = world.town();
    let case = case(world, "Dai", "Price");
    let id = set(world, "Check bail conditions", case, town.police, Some(POLICE), "2026-04-08");
    actions::start(&world.by(POLICE), id, Plain { version: 1 }).unwrap();
    actions::show(&world.by(POLICE), id).unwrap();
    actions::list(&world.by(POLICE), &actions::Filters::default(), None).unwrap();
    let logged =
        audit::list(&world.by(COORDINATOR), Purpose::Integrity, Some(case), None, 50).unwrap();
    let mut deeds: Vec<&str> = logged.iter().map(|row| row.deed.as_str()).collect();
    deeds.sort_unstable();
    deeds.dedup();
    for deed in ["action.set", "action.start", "action.show", "action.list"] {
        assert!(deeds.contains(&deed), "{deed} in {deeds:?}");
    }
    assert!(logged.iter().all(|row| !row.detail.contains("bail")), "ids, codes and counts only");
}
