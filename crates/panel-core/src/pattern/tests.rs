//! The three flags at their edges, as sentences.

use super::*;
use crate::action::sample::id;
use crate::reminder::sample::day;

const ANY: PatternPolicy =
    PatternPolicy { trigger: TriggerSet::AnyAbuse, anchor: AnchorKind::LastReferral };

fn incident(n: u128, victim: u128, happened: &str) -> IncidentFact {
    IncidentFact {
        incident: id(n),
        victim: id(victim),
        happened: Some(day(happened)),
        identified: day(happened),
        crime: false,
    }
}

fn judged(received: &str) -> Judged {
    Judged { referral: id(1), received: day(received) }
}

fn referred(on: &str) -> PairHistory {
    PairHistory { referrals: vec![(id(2), day(on))], hearings: Vec::new() }
}

/// Whether an incident repeats a pair that was referred before.
#[track_caller]
fn check(previous: &str, happened: &str, expected: bool) {
    let found =
        repeat(judged("2030-01-01"), id(7), &[incident(1, 7, happened)], &referred(previous), ANY);
    assert_eq!(found.flag, expected, "{happened} after {previous}: {found:?}");
}

#[test]
fn the_day_of_the_anchor_lies_outside_and_the_anniversary_inside() {
    check("2025-03-10", "2025-03-10", false);
    check("2025-03-10", "2025-03-11", true);
    check("2025-03-10", "2026-03-10", true);
    check("2025-03-10", "2026-03-11", false);
}

#[test]
fn an_anchor_on_29_february_clamps_to_28_february() {
    check("2024-02-29", "2025-02-28", true);
    check("2024-02-29", "2025-03-01", false);
    check("2023-02-28", "2024-02-28", true);
    check("2023-02-28", "2024-02-29", false);
}

#[test]
fn a_new_pair_has_no_anchor_and_does_not_repeat() {
    let incidents = [incident(1, 7, "2026-03-01")];
    let found = repeat(judged("2026-03-10"), id(7), &incidents, &PairHistory::default(), ANY);
    assert_eq!((found.flag, found.anchor, found.until), (false, None, None));
}

#[test]
fn the_referral_that_is_judged_is_never_its_own_anchor() {
    let history = PairHistory {
        referrals: vec![(id(1), day("2026-03-10"))],
        hearings: vec![(id(30), day("2026-03-05"), id(1))],
    };
    for anchor in [AnchorKind::LastReferral, AnchorKind::LastMeeting] {
        let rule = PatternPolicy { anchor, ..ANY };
        let incidents = [incident(1, 7, "2026-03-08")];
        let found = repeat(judged("2026-03-10"), id(7), &incidents, &history, rule);
        assert_eq!((found.flag, found.anchor), (false, None));
    }
}

#[test]
fn two_referrals_received_on_one_day_get_the_same_answer() {
    let same_day = PairHistory {
        referrals: vec![
            (id(2), day("2026-01-05")),
            (id(3), day("2026-03-10")),
            (id(1), day("2026-03-10")),
        ],
        hearings: Vec::new(),
    };
    for referral in [1, 3] {
        let judged = Judged { referral: id(referral), received: day("2026-03-10") };
        let found = repeat(judged, id(7), &[incident(1, 7, "2026-03-09")], &same_day, ANY);
        assert_eq!(found.anchor.map(|anchor| anchor.on()), Some(day("2026-01-05")));
        assert!(found.flag);
    }
}

#[test]
fn the_latest_referral_before_is_the_anchor() {
    let history = PairHistory {
        referrals: ["2024-01-01", "2025-06-01", "2025-02-01", "2026-05-01"]
            .into_iter()
            .zip(2..)
            .map(|(on, n)| (id(n), day(on)))
            .collect(),
        hearings: Vec::new(),
    };
    let found = repeat(judged("2026-03-10"), id(7), &[incident(1, 7, "2026-03-01")], &history, ANY);
    assert_eq!(found.anchor, Some(AnchorFact::Referral { referral: id(3), on: day("2025-06-01") }));
    assert_eq!(found.until, Some(day("2026-06-01")));
}

#[test]
fn by_the_other_setting_the_last_meeting_that_heard_the_pair_is_the_anchor() {
    let history = PairHistory {
        referrals: vec![(id(2), day("2025-01-02"))],
        hearings: vec![
            (id(30), day("2025-01-20"), id(2)),
            (id(31), day("2025-02-17"), id(2)),
            (id(32), day("2026-04-01"), id(2)),
        ],
    };
    let on_the_anniversary = [incident(1, 7, "2026-02-17")];
    let by = |anchor| {
        let rule = PatternPolicy { anchor, ..ANY };
        repeat(judged("2026-03-10"), id(7), &on_the_anniversary, &history, rule)
    };
    assert!(by(AnchorKind::LastMeeting).flag);
    assert!(!by(AnchorKind::LastReferral).flag);
    let anchor = AnchorFact::Meeting { meeting: id(31), on: day("2025-02-17") };
    assert_eq!(by(AnchorKind::LastMeeting).anchor, Some(anchor));
}

#[test]
fn another_victim_repeats_nothing() {
    let incidents = [incident(1, 8, "2026-03-01")];
    assert!(!repeat(judged("2026-03-10"), id(7), &incidents, &referred("2026-01-01"), ANY).flag);
}

#[test]
fn by_the_older_definition_only_a_crime_repeats() {
    let rule = PatternPolicy { trigger: TriggerSet::CrimeOnly, ..ANY };
    let crime = |crime| IncidentFact { crime, ..incident(1, 7, "2026-03-01") };
    let flag =
        |fact| repeat(judged("2026-03-10"), id(7), &[fact], &referred("2026-01-01"), rule).flag;
    assert_eq!((flag(crime(false)), flag(crime(true))), (false, true));
}

#[test]
fn an_incident_without_a_date_counts_by_the_day_it_was_identified() {
    let unknown = IncidentFact {
        happened: None,
        identified: day("2026-03-05"),
        ..incident(1, 7, "2020-01-01")
    };
    let found = repeat(judged("2026-03-10"), id(7), &[unknown], &referred("2026-01-01"), ANY);
    let dated = Dated { incident: id(1), on: day("2026-03-05"), by_identification: true };
    assert_eq!(found.incidents, [dated]);
}

#[track_caller]
fn serial_with(received: &str, incidents: &[(u128, &str)], expected: bool) {
    let facts: Vec<IncidentFact> = incidents
        .iter()
        .zip(1..)
        .map(|((victim, happened), n)| incident(n, *victim, happened))
        .collect();
    assert_eq!(serial(judged(received), &facts).flag, expected, "{incidents:?}");
}

#[test]
fn serial_takes_two_victims_with_both_ends_of_three_years_inside() {
    serial_with("2026-03-10", &[(7, "2023-03-10"), (8, "2026-03-10")], true);
    serial_with("2026-03-10", &[(7, "2023-03-09"), (8, "2026-03-10")], false);
    serial_with("2026-03-10", &[(7, "2023-03-10"), (8, "2026-03-11")], false);
    serial_with("2026-03-10", &[(7, "2025-01-01"), (7, "2025-02-01")], false);
    serial_with("2026-03-10", &[], false);
}

#[test]
fn a_look_back_from_29_february_begins_on_28_february() {
    serial_with("2028-02-29", &[(7, "2025-02-28"), (8, "2028-02-29")], true);
    serial_with("2028-02-29", &[(7, "2025-02-27"), (8, "2028-02-29")], false);
}

#[test]
fn serial_shows_each_victim_with_the_dates() {
    let facts =
        [incident(1, 7, "2025-05-01"), incident(2, 8, "2025-04-01"), incident(3, 7, "2025-03-01")];
    let found = serial(judged("2026-03-10"), &facts);
    let dates: Vec<_> = found.victims[&id(7)].iter().map(|dated| dated.on).collect();
    assert_eq!(dates, [day("2025-03-01"), day("2025-05-01")]);
    assert_eq!((found.from, found.to), (day("2023-03-10"), day("2026-03-10")));
}

#[test]
fn whoever_had_a_case_closed_before_is_re_referred() {
    let closed = |on: &str| Closure { case: id(20), on: day(on) };
    let flag = |on: &[Closure]| rereferral(judged("2026-03-10"), on).flag;
    assert!(flag(&[closed("2010-01-01")]) && flag(&[closed("2026-03-09")]));
    assert!(!flag(&[closed("2026-03-10")]) && !flag(&[]));
    let both = rereferral(judged("2026-03-10"), &[closed("2010-01-01"), closed("2020-01-01")]);
    assert_eq!(both.closures.first().map(|latest| latest.on), Some(day("2020-01-01")));
}

#[test]
fn the_three_flags_do_not_imply_each_other() {
    let incidents = [incident(1, 7, "2026-03-01")];
    let pair_again = repeat(judged("2026-03-10"), id(7), &incidents, &referred("2026-01-01"), ANY);
    assert!(pair_again.flag);
    assert!(!serial(judged("2026-03-10"), &incidents).flag);
    assert!(!rereferral(judged("2026-03-10"), &[]).flag);
}

#[test]
fn a_policy_names_its_settings_and_no_others() {
    let read = |json| serde_json::from_str::<PatternPolicy>(json);
    assert_eq!(read("{}").unwrap(), ANY);
    let older = read(r#"{"trigger":"crime_only","anchor":"last_meeting"}"#).unwrap();
    assert_eq!(older.anchor, AnchorKind::LastMeeting);
    assert!(read(r#"{"window":6}"#).is_err());
}
