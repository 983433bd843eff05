//! Who may know of a referral or a case, in every list, count, page and search.

use super::{accepted, form, referred, sent};
use crate::series::rows;
use panel_app::Ctx;
use panel_app::cases::{self, ReviewForm};
use panel_app::referrals::{self, Show};
use panel_core::id::{CaseId, ReferralId};
use panel_store::cases::CaseFilter;
use panel_tests::on_both;
use panel_tests::refusal::not_found;
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, OBSERVER, OUTSIDER, POLICE, POLICE_LEAD,
    POLICE_SPOC, PROBATION, STEERING, World,
};
use serde_json::json;

on_both!(
    who_has_no_part_finds_nothing_anywhere,
    an_agency_that_takes_part_reads_without_the_ways_to_a_victim,
    a_referral_stays_its_agencys_whatever_becomes_of_it,
    reading_leaves_one_row_in_the_audit_log,
    a_seat_that_has_ended_shows_nothing,
);

/// Everything that could give a referral or its case away.
fn sees(ctx: &Ctx<'_>, world: &World, id: ReferralId, case: CaseId) -> Vec<bool> {
    let panel = Some(world.town().panel);
    let all = CaseFilter::default();
    let found = cases::search(ctx, "ashdown").unwrap();
    let queue = |show| referrals::queue(ctx, panel, show, None).unwrap().rows.len();
    vec![
        referrals::show(ctx, id).is_ok(),
        cases::show(ctx, case).is_ok(),
        !cases::list(ctx, all, None).unwrap().rows.is_empty(),
        cases::count(ctx, all).unwrap() > 0,
        !found.cases.is_empty(),
        !referrals::search(ctx, "varga").unwrap().is_empty(),
        queue(Show::Decided) > 0,
    ]
}

fn who_has_no_part_finds_nothing_anywhere(world: &World) {
    let id = referred(world);
    let case = accepted(world, id);
    for email in [COORDINATOR, CHAIR, POLICE, POLICE_SPOC, POLICE_LEAD] {
        assert_eq!(sees(&world.by(email), world, id, case), [true; 7], "{email}");
    }
    for email in [HOUSING, PROBATION, OUTSIDER, STEERING, OBSERVER, ADMINISTRATOR] {
        let ctx = world.by(email);
        assert_eq!(sees(&ctx, world, id, case), [false; 7], "{email}");
        not_found(referrals::show(&ctx, id));
        not_found(cases::show(&ctx, case));
        not_found(cases::review(&ctx, case, 1, &ReviewForm::default()));
        not_found(referrals::withdraw(&ctx, id, 1, "None of my business."));
        let counts = referrals::counts(&ctx, world.town().panel).unwrap();
        assert_eq!((counts.received, counts.proposed, counts.returned), (0, 0, 0));
    }
}

fn an_agency_that_takes_part_reads_without_the_ways_to_a_victim(world: &World) {
    let id = referred(world);
    let case = accepted(world, id);
    rows(world, |az| panel_store::cases::join(az, case, &[world.town().housing]));
    let ctx = world.by(HOUSING);
    assert_eq!(sees(&ctx, world, id, case), [true; 7]);
    let detail = referrals::show(&ctx, id).unwrap();
    assert!(detail.shortened);
    let victim = &detail.form.victims[0];
    assert_eq!((&victim.telephone, &victim.address.lines), (&None, &None));
    assert_eq!((&*detail.people[1].address, &*detail.people[0].postcode), ("", "ZZ99 1AA"));
    let page = cases::show(&ctx, case).unwrap();
    assert!(detail.form.victims[0].kept.is_empty());
    assert!(!page.may.review && !page.may.correct && page.links.is_empty());
    for email in [POLICE, COORDINATOR] {
        let detail = referrals::show(&world.by(email), id).unwrap();
        assert!(!detail.shortened && !detail.form.victims[0].kept.is_empty());
        assert_eq!(detail.people[1].address, "", "{email}");
    }
}

fn a_referral_stays_its_agencys_whatever_becomes_of_it(world: &World) {
    use panel_core::referral::TriageStatus;
    let ids: Vec<ReferralId> = (0..3)
        .map(|n| {
            let surname = ["Abbott", "Brandreth", "Cavendish"][n];
            sent(&world.by(POLICE), &super::other(world, surname, "1970-01-01")).id
        })
        .collect();
    super::decided(world, CHAIR, ids[0], TriageStatus::Redirected).unwrap();
    super::decided(world, COORDINATOR, ids[1], TriageStatus::ReturnedIncomplete).unwrap();
    referrals::withdraw(&world.by(POLICE), ids[2], 1, "In error.").unwrap();
    for id in ids {
        referrals::show(&world.by(POLICE), id).unwrap();
        not_found(referrals::show(&world.by(HOUSING), id));
    }
}

fn reading_leaves_one_row_in_the_audit_log(world: &World) {
    let id = referred(world);
    let case = accepted(world, id);
    let seen = |email: &str, code: &str| {
        let all = rows(world, |az| panel_store::audit::page(az, None, None, 500));
        let user = world.by(email).user();
        all.iter().filter(|row| row.actor == Some(user) && row.deed == code).count()
    };
    let before = seen(POLICE, "case.show");
    cases::show(&world.by(POLICE), case).unwrap();
    assert_eq!(seen(POLICE, "case.show"), before + 1);
    let log = rows(world, |az| panel_store::audit::page(az, Some(case), None, 500));
    let deeds: Vec<&str> = log.iter().map(|row| &*row.deed).collect();
    assert!(deeds.contains(&"case.open"), "{deeds:?}");
    let words = format!("{log:?}");
    assert!(!words.contains("Ashdown") && !words.contains("Varga"), "{words}");
}

fn a_seat_that_has_ended_shows_nothing(world: &World) {
    let id = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    let user = world.by(POLICE).user();
    let yesterday = panel_tests::world::day("2026-03-31");
    rows(world, |az| panel_store::users::end_seats(az, None, Some(user), yesterday));
    not_found(referrals::show(&world.by(POLICE), id));
    not_found(referrals::receive(&world.by(POLICE), &form(world, &json!({}))));
}
