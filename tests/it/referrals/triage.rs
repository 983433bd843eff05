//! Who decides what about a referral, and what becomes of a late one.

use super::{accepted, decided, other, outcome, referred, sent, shown, version};
use crate::series::{first, thursdays};
use panel_app::panels;
use panel_app::referrals::{self, LateForm};
use panel_core::coded::Coded;
use panel_core::referral::{LateLane, TriageStatus};
use panel_core::schedule::End;
use panel_core::settings::PanelPolicy;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World, london};
use serde_json::json;

on_both!(
    the_coordinator_returns_and_proposes_and_the_chair_decides,
    the_coordinator_decides_where_the_panel_delegates_it,
    only_who_runs_the_panel_triages,
    a_decision_says_why,
    no_score_and_no_gap_ever_blocks,
    two_decisions_at_once_are_one,
    a_late_referral_takes_one_of_three_ways,
    a_referral_in_time_needs_no_late_lane,
);

const DECISIONS: [TriageStatus; 5] = [
    TriageStatus::Accepted,
    TriageStatus::ReturnedIncomplete,
    TriageStatus::Redirected,
    TriageStatus::BelowThreshold,
    TriageStatus::Urgent,
];

fn delegate(world: &World) {
    let ctx = world.by(COORDINATOR);
    let panel = panels::show(&ctx, world.town().panel).unwrap().panel;
    let policy = PanelPolicy { delegate_triage: true, ..panel.value.policy };
    panels::set_policy(&ctx, world.town().panel, panel.version, &policy).unwrap();
}

/// One referral of somebody else for each decision.
fn each(world: &World, n: usize) -> panel_core::id::ReferralId {
    let surnames = ["Abbott", "Brandreth", "Cavendish", "Dunmore", "Eversley"];
    let raw = other(world, surnames[n], &format!("197{n}-05-0{}", n + 1));
    sent(&world.by(POLICE), &raw).id
}

fn the_coordinator_returns_and_proposes_and_the_chair_decides(world: &World) {
    for (n, decision) in DECISIONS.into_iter().enumerate() {
        let id = each(world, n);
        let by_coordinator = decided(world, COORDINATOR, id, decision);
        if decision == TriageStatus::ReturnedIncomplete {
            by_coordinator.unwrap();
            continue;
        }
        assert_eq!(rule(by_coordinator).0, "not_allowed", "{decision}");
        let ctx = world.by(COORDINATOR);
        referrals::propose(&ctx, id, version(world, id), &outcome(decision)).unwrap();
        assert_eq!(shown(world, id).row.state, TriageStatus::Proposed);
        decided(world, CHAIR, id, decision).unwrap();
        assert_eq!(shown(world, id).row.state, decision);
    }
}

fn the_coordinator_decides_where_the_panel_delegates_it(world: &World) {
    delegate(world);
    for (n, decision) in DECISIONS.into_iter().enumerate() {
        let id = each(world, n);
        decided(world, COORDINATOR, id, decision).unwrap();
        assert_eq!(shown(world, id).row.state, decision);
    }
}

fn only_who_runs_the_panel_triages(world: &World) {
    delegate(world);
    let id = referred(world);
    for decision in DECISIONS {
        let form = outcome(decision);
        let by_rep = referrals::decide(&world.by(POLICE), id, 1, &form);
        assert_eq!(rule(by_rep).0, "not_allowed", "{decision}");
        assert_eq!(rule(referrals::propose(&world.by(POLICE), id, 1, &form)).0, "not_allowed");
        for email in [HOUSING, OUTSIDER] {
            not_found(referrals::decide(&world.by(email), id, 1, &form));
            not_found(referrals::propose(&world.by(email), id, 1, &form));
        }
    }
    not_found(referrals::withdraw(&world.by(HOUSING), id, 1, "Not mine."));
    not_found(referrals::correct(&world.by(HOUSING), id, 1, &super::form(world, &json!({}))));
    assert_eq!(rule(referrals::withdraw(&world.by(CHAIR), id, 1, "No.")).0, "not_allowed");
    assert_eq!(version(world, id), 1);
}

fn a_decision_says_why(world: &World) {
    let id = referred(world);
    let blank = |decision: TriageStatus| panel_app::referrals::OutcomeForm {
        outcome: decision,
        missing: Vec::new(),
        reason: String::new(),
        service: String::new(),
        route: String::new(),
    };
    let lacks = |decision: TriageStatus| -> Vec<String> {
        let refused = referrals::decide(&world.by(CHAIR), id, 1, &blank(decision));
        invalid(refused).into_iter().map(|error| error.field).collect()
    };
    assert_eq!(lacks(TriageStatus::Urgent), ["reason"]);
    assert_eq!(lacks(TriageStatus::BelowThreshold), ["reason", "route"]);
    assert_eq!(lacks(TriageStatus::Redirected), ["reason", "service"]);
    assert_eq!(lacks(TriageStatus::ReturnedIncomplete), ["missing"]);
    for state in [TriageStatus::Received, TriageStatus::Proposed, TriageStatus::Withdrawn] {
        assert_eq!(lacks(state), ["outcome"], "{}", state.code());
    }
    referrals::decide(&world.by(CHAIR), id, 1, &blank(TriageStatus::Accepted)).unwrap();
}

fn no_score_and_no_gap_ever_blocks(world: &World) {
    let least = json!({
        "panel": world.town().panel.to_string(), "source": "self",
        "referring_agency": world.town().police.to_string(),
        "perpetrator": {"name": {"known_as": ["Cal"]}}, "grounds": {"checklist": 0},
    });
    let receipt = sent(&world.by(POLICE), &least);
    assert!(receipt.missing.len() > 20, "{:?}", receipt.missing);
    accepted(world, receipt.id);
}

fn two_decisions_at_once_are_one(world: &World) {
    let id = referred(world);
    let press = || {
        let ctx = world.by(CHAIR);
        referrals::decide(&ctx, id, 1, &outcome(TriageStatus::Accepted))
    };
    let results = std::thread::scope(|scope| {
        let both = [scope.spawn(press), scope.spawn(press)];
        both.map(|thread| thread.join().unwrap())
    });
    assert_eq!(results.iter().filter(|one| one.is_ok()).count(), 1, "{results:?}");
    stale(results.into_iter().find(Result::is_err).unwrap());
}

fn lane(
    world: &World,
    email: &str,
    n: usize,
    lane: LateLane,
    reason: &str,
) -> Option<&'static str> {
    let id = each(world, n);
    accepted(world, id);
    let form = LateForm { lane, reason: reason.to_owned() };
    let sent = referrals::late(&world.by(email), id, version(world, id), &form);
    if sent.is_ok() {
        let detail = shown(world, id);
        assert_eq!(detail.late.map(|late| late.lane), Some(lane));
        assert_eq!(detail.row.meeting, Some(first(world).id));
        return None;
    }
    Some(rule(sent).0)
}

fn a_late_referral_takes_one_of_three_ways(world: &World) {
    // The meeting of 16 April 2026 cuts off at 17:00 on 31 March, with Easter between.
    thursdays(world, 2, End::Never);
    world.set("2026-04-03 09:00");
    let id = referred(world);
    let stands = shown(world, id).late_for.unwrap();
    assert!(stands.late);
    assert_eq!((stands.on, stands.cut_off), {
        ("2026-04-16".parse().unwrap(), Some(london("2026-03-31 17:00")))
    });
    let form = LateForm { lane: LateLane::NextCycle, reason: String::new() };
    let early = referrals::late(&world.by(CHAIR), id, 1, &form);
    assert_eq!(rule(early).0, "not_accepted");

    let reason = "Released on Friday.";
    assert_eq!(lane(world, CHAIR, 0, LateLane::LateItem, reason), None);
    assert_eq!(lane(world, COORDINATOR, 1, LateLane::LateItem, reason), Some("not_allowed"));
    assert_eq!(lane(world, COORDINATOR, 2, LateLane::UrgentMeeting, reason), Some("not_allowed"));
    assert_eq!(lane(world, COORDINATOR, 3, LateLane::NextCycle, ""), None);
    assert_eq!(lane(world, CHAIR, 4, LateLane::UrgentMeeting, ""), None);
    let form = LateForm { lane: LateLane::LateItem, reason: " ".to_owned() };
    assert_eq!(invalid(referrals::late(&world.by(CHAIR), id, 1, &form))[0].field, "reason");
    let by_rep = LateForm { reason: reason.to_owned(), ..form };
    accepted(world, id);
    let by_rep = referrals::late(&world.by(POLICE), id, version(world, id), &by_rep);
    assert_eq!(rule(by_rep).0, "not_allowed");
}

fn a_referral_in_time_needs_no_late_lane(world: &World) {
    thursdays(world, 8, End::Never);
    world.set("2026-04-03 09:00");
    let id = referred(world);
    assert!(!shown(world, id).late_for.unwrap().late);
    accepted(world, id);
    let form = LateForm { lane: LateLane::NextCycle, reason: String::new() };
    let refused = referrals::late(&world.by(CHAIR), id, version(world, id), &form);
    assert_eq!(rule(refused).0, "not_late");
}
