//! The whole life of a referral.

use super::{accepted, decided, form, outcome, over, referred, sent, shown, version};
use panel_app::cases;
use panel_app::referrals::{self, Show};
use panel_core::id::{RequestId, mint};
use panel_core::referral::{ReferralField, TriageState, TriageStatus, Warning};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, OBSERVER, OUTSIDER, POLICE, STEERING, World, london,
};
use serde_json::json;

on_both!(
    a_referral_is_received_with_a_reference_and_what_is_missing,
    a_referral_lives_from_the_form_to_a_case,
    a_returned_referral_is_corrected_and_sent_again,
    a_refusal_names_its_route_and_can_be_looked_at_again,
    a_referral_is_taken_back_with_a_reason,
    two_presses_of_the_button_make_one_referral,
    a_stale_page_changes_nothing,
    a_draft_is_kept_and_resumed,
    the_coordinator_enters_for_any_agency_and_any_time,
    a_self_referral_needs_no_agency_of_its_own,
    a_correction_keeps_the_records_of_the_people_it_names,
    nobody_without_a_part_in_the_panel_refers,
);

fn a_referral_is_received_with_a_reference_and_what_is_missing(world: &World) {
    let receipt = sent(&world.by(POLICE), &form(world, &json!({})));
    assert_eq!(receipt.reference.len(), 9);
    assert_eq!(receipt.warnings, []);
    assert!(receipt.missing.contains(&ReferralField::Grounds));
    assert!(!receipt.missing.contains(&ReferralField::PerpetratorBorn));
    let detail = shown(world, receipt.id);
    assert_eq!(detail.completeness.missing, receipt.missing);
    assert_eq!((detail.row.state, detail.row.received_at), {
        (TriageStatus::Received, london("2026-04-01 09:00"))
    });
    assert_eq!(detail.names[&detail.entered_by], "Priya Nair");
    let names: Vec<String> = detail.people.iter().map(panel_store::people::Person::name).collect();
    assert_eq!(names, ["Callum Ashdown", "Nóra Varga"]);
    assert_eq!(detail.people[0].postcode, "ZZ99 1AA");
}

fn a_referral_lives_from_the_form_to_a_case(world: &World) {
    let id = referred(world);
    let coordinator = world.by(COORDINATOR);
    let counts = referrals::counts(&coordinator, world.town().panel).unwrap();
    assert_eq!((counts.received, counts.proposed, counts.returned), (1, 0, 0));
    referrals::propose(&coordinator, id, 1, &outcome(TriageStatus::Accepted)).unwrap();
    let counts = referrals::counts(&coordinator, world.town().panel).unwrap();
    assert_eq!((counts.received, counts.proposed, counts.returned), (0, 1, 0));
    world.set("2026-04-02 15:30");
    let case = accepted(world, id);

    let detail = shown(world, id);
    let TriageState::Decided(decision) = &detail.triage else { panic!("{:?}", detail.triage) };
    assert_eq!((decision.at, &*detail.names[&decision.by]), {
        (london("2026-04-02 15:30"), "Colin Hart")
    });
    assert_eq!(detail.row.case, Some(case));
    let page = cases::show(&world.by(POLICE), case).unwrap();
    assert_eq!(page.row.reference.len(), 9);
    assert_ne!(page.row.reference, detail.row.reference);
    assert_eq!(page.person.name(), "Callum Ashdown");
    assert_eq!(page.names, ["Cal"]);
    assert_eq!(page.agencies, [(world.town().police, "Eastshire Police".to_owned())]);
    assert_eq!(page.referrals[0].row.id, id);
    assert_eq!(page.pairs[0].person.name(), "Nóra Varga");
}

fn a_returned_referral_is_corrected_and_sent_again(world: &World) {
    let id = referred(world);
    decided(world, COORDINATOR, id, TriageStatus::ReturnedIncomplete).unwrap();
    let rep = world.by(POLICE);
    let detail = referrals::show(&rep, id).unwrap();
    let TriageState::Decided(decision) = &detail.triage else { panic!("{:?}", detail.triage) };
    assert!(format!("{:?}", decision.outcome).contains("Told to the referrer."));
    assert!(detail.may.resubmit && detail.may.correct && detail.may.withdraw);

    world.set("2026-04-03 11:00");
    let rep = world.by(POLICE);
    let victim = detail.people[1].id.to_string();
    let raw = over(
        form(world, &json!({})),
        &json!({"grounds": {"text": "It is getting worse."}, "victims": [{
            "id": victim, "name": {"surname": "Varga", "forename": "Nóra"}}]}),
    );
    let receipt = referrals::correct(&rep, id, version(world, id), &raw).unwrap();
    assert!(!receipt.missing.contains(&ReferralField::Grounds));
    referrals::resubmit(&rep, id, version(world, id)).unwrap();

    let detail = shown(world, id);
    assert_eq!(detail.row.state, TriageStatus::Received);
    assert_eq!(detail.row.received_at, london("2026-04-01 09:00"));
    assert_eq!(detail.row.in_hand_since(), london("2026-04-03 11:00"));
    assert_eq!(detail.history.len(), 1);
    let again = referrals::resubmit(&rep, id, version(world, id));
    assert_eq!(rule(again).0, "not_returned");
}

fn a_refusal_names_its_route_and_can_be_looked_at_again(world: &World) {
    let id = referred(world);
    decided(world, CHAIR, id, TriageStatus::BelowThreshold).unwrap();
    let seen = referrals::show(&world.by(POLICE), id).unwrap();
    assert!(format!("{:?}", seen.triage).contains("Write to the chair within 14 days."));
    let refused = referrals::reconsider(&world.by(COORDINATOR), id, version(world, id));
    assert_eq!(rule(refused).0, "not_allowed");
    referrals::reconsider(&world.by(CHAIR), id, version(world, id)).unwrap();
    accepted(world, id);
    assert_eq!(shown(world, id).history.len(), 1);
}

fn a_referral_is_taken_back_with_a_reason(world: &World) {
    let id = referred(world);
    let rep = world.by(POLICE);
    assert_eq!(invalid(referrals::withdraw(&rep, id, 1, "  "))[0].field, "reason");
    referrals::withdraw(&rep, id, 1, "Referred to MAPPA instead.").unwrap();
    let detail = shown(world, id);
    assert_eq!(detail.row.state, TriageStatus::Withdrawn);
    assert!(!detail.may.correct && !detail.may.decide);
    let late = decided(world, CHAIR, id, TriageStatus::Accepted);
    assert_eq!(rule(late).0, "already_decided");
    let again = referrals::withdraw(&rep, id, 2, "Once more.");
    assert_eq!(rule(again).0, "already_decided");
}

fn two_presses_of_the_button_make_one_referral(world: &World) {
    let operation: RequestId = mint(&*world.app.ids, world.app.clock.now().unwrap());
    let raw = form(world, &json!({}));
    let press = || referrals::receive(&world.by(POLICE).submitted(Some(operation)), &raw).unwrap();
    assert_eq!(press(), press());
    let page = referrals::queue(&world.by(COORDINATOR), None, Show::Waiting, None).unwrap();
    assert_eq!(page.rows.len(), 1);
    let other: RequestId = mint(&*world.app.ids, world.app.clock.now().unwrap());
    referrals::receive(&world.by(POLICE).submitted(Some(other)), &raw).unwrap();
    let page = referrals::queue(&world.by(COORDINATOR), None, Show::Waiting, None).unwrap();
    assert_eq!(page.rows.len(), 2);
}

fn a_stale_page_changes_nothing(world: &World) {
    let id = referred(world);
    decided(world, COORDINATOR, id, TriageStatus::ReturnedIncomplete).unwrap();
    let rep = world.by(POLICE);
    stale(referrals::correct(&rep, id, 1, &form(world, &json!({}))));
    stale(referrals::withdraw(&rep, id, 1, "Too late."));
    stale(referrals::resubmit(&rep, id, 1));
    stale(referrals::decide(&world.by(CHAIR), id, 1, &outcome(TriageStatus::Accepted)));
    assert_eq!(version(world, id), 2);
}

fn a_draft_is_kept_and_resumed(world: &World) {
    let place = format!("/panels/{}/referrals/new", world.town().panel);
    let typed = form(world, &json!({"perpetrator": {"name": {"surname": "Ash"}}})).to_string();
    panel_app::drafts::keep(&world.by(POLICE), &place, &typed).unwrap();
    assert!(panel_app::drafts::find(&world.by(HOUSING), &place).unwrap().is_none());
    let (kept, _) = panel_app::drafts::find(&world.by(POLICE), &place).unwrap().unwrap();
    let raw: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let receipt = sent(&world.by(POLICE), &raw);
    assert_eq!(shown(world, receipt.id).row.surname, "Ash");
    panel_app::drafts::forget(&world.by(POLICE), &place).unwrap();
    assert!(panel_app::drafts::find(&world.by(POLICE), &place).unwrap().is_none());
}

fn the_coordinator_enters_for_any_agency_and_any_time(world: &World) {
    let housing = world.town().housing.to_string();
    let on_paper = json!({"referring_agency": housing, "received_at": "2026-03-27T16:20:00Z"});
    let receipt = sent(&world.by(COORDINATOR), &form(world, &on_paper));
    let row = shown(world, receipt.id).row;
    assert_eq!((&*row.agency_name, row.received_at), {
        ("Eastshire Homes", london("2026-03-27 16:20"))
    });
    // A representative refers for her own agency, now.
    let errors = invalid(referrals::receive(&world.by(POLICE), &form(world, &on_paper)));
    let fields: Vec<_> = errors.iter().map(|error| (&*error.field, error.code)).collect();
    assert_eq!(fields, [("referring_agency", "not_yours"), ("received_at", "not_yours")]);
    // The agency that was entered for sees it like its own.
    assert!(referrals::show(&world.by(HOUSING), receipt.id).unwrap().may.withdraw);
    let tomorrow = form(world, &json!({"received_at": "2026-04-02T09:00:00Z"}));
    let errors = invalid(referrals::receive(&world.by(COORDINATOR), &tomorrow));
    assert_eq!((&*errors[0].field, errors[0].code), ("received_at", "in_future"));
}

fn a_self_referral_needs_no_agency_of_its_own(world: &World) {
    let mut raw = form(world, &json!({"source": "self"}));
    raw.as_object_mut().unwrap().remove("referring_agency");
    let receipt = sent(&world.by(COORDINATOR), &raw);
    let row = shown(world, receipt.id).row;
    assert_eq!((row.source.to_string(), row.agency), {
        ("Self-referral".to_owned(), world.town().council)
    });
    let form = panel_app::referrals::OutcomeForm {
        route: String::new(),
        ..outcome(TriageStatus::BelowThreshold)
    };
    let without = referrals::decide(&world.by(CHAIR), receipt.id, 1, &form);
    assert_eq!(invalid(without)[0].field, "route");
}

fn a_correction_keeps_the_records_of_the_people_it_names(world: &World) {
    let two = json!({"victims": [
        {"name": {"surname": "Varga", "forename": "Nóra"}},
        {"name": {"surname": "Lind", "forename": "Elsa"}},
    ], "children": [{"unborn": true}]});
    let id = sent(&world.by(POLICE), &form(world, &two)).id;
    let before = shown(world, id);
    let [_, nora, elsa, child] = &before.people[..] else { panic!("{:?}", before.people) };
    // The first victim is taken out, the second corrected, and somebody new is named.
    let after = json!({"victims": [
        {"id": elsa.id.to_string(), "name": {"surname": "Lindh", "forename": "Elsa"}},
        {"name": {"surname": "Moor", "forename": "Ida"}},
    ], "children": [{"id": child.id.to_string(), "unborn": true}]});
    referrals::correct(&world.by(POLICE), id, 1, &form(world, &after)).unwrap();
    let detail = shown(world, id);
    let [_, first, second, same_child] = &detail.people[..] else { panic!("{:?}", detail.people) };
    assert_eq!((first.id, &*first.surname), (elsa.id, "Lindh"));
    assert_eq!((&*second.surname, same_child.id), ("Moor", child.id));
    assert!(second.id != nora.id);
    // The record that nobody names any more is out of everybody's sight.
    not_found(panel_app::people::show(&world.by(COORDINATOR), nora.id));
    let stranger = json!({
        "id": before.people[0].id.to_string(), "name": {"surname": "Ashdown"},
    });
    let foreign = json!({"victims": [stranger]});
    let errors = invalid(referrals::correct(&world.by(POLICE), id, 2, &form(world, &foreign)));
    assert_eq!((&*errors[0].field, errors[0].code), ("victims.0.id", "unknown"), "{errors:?}");
    let moved = json!({"panel": world.town().elsewhere.to_string()});
    let errors = invalid(referrals::correct(&world.by(POLICE), id, 2, &form(world, &moved)));
    assert_eq!((&*errors[0].field, errors[0].code), ("panel", "fixed"));
}

fn nobody_without_a_part_in_the_panel_refers(world: &World) {
    let raw = form(world, &json!({}));
    for email in [OUTSIDER, STEERING, OBSERVER] {
        not_found(referrals::receive(&world.by(email), &raw));
    }
    let errors = invalid(referrals::receive(&world.by(HOUSING), &raw));
    assert_eq!((&*errors[0].field, errors[0].code), ("referring_agency", "not_yours"));
    let nowhere = form(world, &json!({"panel": "not an id"}));
    assert_eq!(invalid(referrals::receive(&world.by(POLICE), &nowhere))[0].field, "panel");
    let young = json!({"victims": [{"name": {"surname": "Varga"}, "born": "2012-05-05"}]});
    let receipt = sent(&world.by(POLICE), &form(world, &young));
    assert_eq!(receipt.warnings, [Warning::Safeguarding]);
}
