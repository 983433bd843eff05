//! Repeat, serial and re-referral from dates to the page, at their edges.

use super::cases::close_case;
use super::{accepted, form, sent, shown, version};
use crate::series::{hold_next, rows, thursdays};
use panel_app::panels;
use panel_app::people as persons;
use panel_app::referrals::{self, Flags};
use panel_core::agenda::{ItemState, Section};
use panel_core::id::{CaseId, MeetingId, ReferralId, mint};
use panel_core::likeness::Verdict;
use panel_core::pattern::{AnchorFact, AnchorKind, PatternPolicy, TriggerSet};
use panel_core::schedule::End;
use panel_core::settings::PanelPolicy;
use panel_store::agenda;
use panel_tests::on_both;
use panel_tests::world::{COORDINATOR, HOUSING, POLICE, World, day};
use serde_json::json;

on_both!(
    a_repeat_is_told_by_the_date_of_the_incident,
    a_repeat_needs_the_pair_to_be_one_by_decision,
    an_unknown_date_goes_by_the_day_it_became_known,
    the_panel_chooses_trigger_and_anchor,
    a_meeting_that_heard_the_pair_can_be_the_anchor,
    serial_counts_distinct_victims_of_three_years,
    a_returning_person_is_a_re_referral,
    a_reader_sees_flags_from_what_she_may_know,
    twelve_months_clamp_at_the_end_of_february,
);

/// The pair referred again with one incident, and linked with the first referral of it.
fn again(world: &World, first: ReferralId, incident: &serde_json::Value) -> ReferralId {
    let id = sent(&world.by(POLICE), &form(world, &json!({"incidents": [incident]}))).id;
    link(world, first, id);
    id
}

/// Says of perpetrator and first victim of two referrals that they are the same people.
fn link(world: &World, one: ReferralId, two: ReferralId) {
    let (one, two) = (shown(world, one).people, shown(world, two).people);
    for (old, new) in one.iter().zip(&two) {
        persons::decide(&world.by(COORDINATOR), old.id, new.id, Verdict::Same).unwrap();
    }
}

fn flags(world: &World, id: ReferralId) -> Flags {
    shown(world, id).flags
}

fn on(date: &str) -> serde_json::Value {
    json!({"happened": date, "victim": 1})
}

fn a_repeat_is_told_by_the_date_of_the_incident(world: &World) {
    // Received on 1 April 2026: the window runs from 2 April 2026 to 1 April 2027.
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    assert!(!flags(world, first).is_repeat());
    world.set("2027-04-20 09:00");
    for (date, repeats) in
        [("2026-04-01", false), ("2026-04-02", true), ("2027-04-01", true), ("2027-04-02", false)]
    {
        let id = again(world, first, &on(date));
        let found = flags(world, id);
        let judged = &found.repeats[0];
        assert_eq!(judged.repeat.flag, repeats, "{date}");
        assert_eq!(judged.name, "Nóra Varga");
        let anchor = AnchorFact::Referral { referral: first, on: day("2026-04-01") };
        assert_eq!(judged.repeat.anchor, Some(anchor), "{date}");
        assert_eq!(judged.repeat.until, Some(day("2027-04-01")));
        // The next one is judged by the first again, not by this one.
        referrals::withdraw(&world.by(POLICE), id, version(world, id), "A test.").unwrap();
    }
}

fn a_repeat_needs_the_pair_to_be_one_by_decision(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    world.set("2026-06-01 09:00");
    let second =
        sent(&world.by(POLICE), &form(world, &json!({"incidents": [on("2026-05-20")]}))).id;
    assert!(!flags(world, second).is_repeat());
    link(world, first, second);
    assert!(flags(world, second).is_repeat());
    let (one, two) = (shown(world, first).people[1].id, shown(world, second).people[1].id);
    persons::decide(&world.by(COORDINATOR), one, two, Verdict::Different).unwrap();
    assert!(!flags(world, second).is_repeat());
}

fn an_unknown_date_goes_by_the_day_it_became_known(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    world.set("2026-06-01 09:00");
    let known = json!({"identified": "2026-05-11", "victim": 1});
    let id = again(world, first, &known);
    let found = flags(world, id);
    let dated = &found.repeats[0].repeat.incidents[0];
    assert_eq!((dated.on, dated.by_identification), (day("2026-05-11"), true));
    // Without any date it became known, at the latest, with the referral.
    world.set("2026-07-01 09:00");
    let id = again(world, first, &json!({"victim": 1}));
    assert_eq!(flags(world, id).repeats[0].repeat.incidents[0].on, day("2026-07-01"));
}

fn set(world: &World, pattern: PatternPolicy) {
    let ctx = world.by(COORDINATOR);
    let panel = panels::show(&ctx, world.town().panel).unwrap().panel;
    let policy = PanelPolicy { pattern, ..panel.value.policy };
    panels::set_policy(&ctx, world.town().panel, panel.version, &policy).unwrap();
}

fn the_panel_chooses_trigger_and_anchor(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    world.set("2026-06-01 09:00");
    let id = again(world, first, &on("2026-05-20"));
    let crime = json!({"happened": "2026-05-21", "victim": 1, "crime": "yes"});
    let with_crime = again(world, first, &crime);
    assert!(flags(world, id).is_repeat() && flags(world, with_crime).is_repeat());
    set(world, PatternPolicy { trigger: TriggerSet::CrimeOnly, ..PatternPolicy::default() });
    assert!(!flags(world, id).is_repeat());
    let found = flags(world, with_crime);
    assert!(found.is_repeat());
    assert_eq!(found.repeats[0].repeat.rule.trigger, TriggerSet::CrimeOnly);
    set(world, PatternPolicy { anchor: AnchorKind::LastMeeting, ..PatternPolicy::default() });
    // No meeting has heard the pair.
    assert_eq!(flags(world, id).repeats[0].repeat.anchor, None);
    assert!(!flags(world, id).is_repeat());
}

/// Puts a case on the agenda of a meeting as heard, or still to be heard.
pub(crate) fn hear(world: &World, meeting: MeetingId, case: CaseId, state: ItemState) {
    let item = agenda::Item {
        id: mint(&*world.app.ids, world.app.clock.now().unwrap()),
        meeting,
        section: Section::Adults,
        position: 10,
        case: Some(case),
        case_type: None,
        title: String::new(),
        minutes: 10,
        presenter: None,
        late: false,
        late_reason: String::new(),
        state,
        state_reason: String::new(),
        carried_from: None,
        why: String::new(),
        version: 1,
        by_hand: false,
    };
    rows(world, |az| agenda::insert(az, &item));
}

fn a_meeting_that_heard_the_pair_can_be_the_anchor(world: &World) {
    thursdays(world, 2, End::Never);
    set(world, PatternPolicy { anchor: AnchorKind::LastMeeting, ..PatternPolicy::default() });
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    let case = accepted(world, first);
    let meeting = hold_next(world);
    hear(world, meeting.id, case, ItemState::Heard);
    world.set("2026-04-20 09:00");
    let id = again(world, first, &on("2026-04-03"));
    let judged = &flags(world, id).repeats[0].repeat;
    let anchor = AnchorFact::Meeting { meeting: meeting.id, on: day("2026-04-02") };
    assert_eq!((judged.flag, judged.anchor), (true, Some(anchor)));
    let same_day = again(world, first, &on("2026-04-02"));
    assert!(!flags(world, same_day).is_repeat());
}

fn serial_counts_distinct_victims_of_three_years(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({"incidents": [on("2023-04-01")]}))).id;
    assert!(!flags(world, first).serial.flag);
    let elsa = json!({
        "victims": [{"name": {"surname": "Lind", "forename": "Elsa"}, "born": "1995-01-01"}],
        "incidents": [on("2026-03-30")],
    });
    let second = sent(&world.by(POLICE), &form(world, &elsa)).id;
    assert!(!flags(world, second).serial.flag, "two people until somebody says otherwise");
    let (one, two) = (shown(world, first).people[0].id, shown(world, second).people[0].id);
    persons::decide(&world.by(COORDINATOR), one, two, Verdict::Same).unwrap();
    let found = flags(world, second).serial;
    assert_eq!((found.flag, found.from, found.to), (true, day("2023-04-01"), day("2026-04-01")));
    let names: Vec<String> = flags(world, second).names.into_values().collect();
    assert_eq!(names, ["Nóra Varga", "Elsa Lind"]);
    // A day earlier lies outside.
    let victim = shown(world, first).people[1].id.to_string();
    let earlier = json!({"incidents": [on("2023-03-31")]});
    let mut raw = form(world, &earlier);
    raw["victims"][0]["id"] = json!(victim);
    referrals::correct(&world.by(POLICE), first, version(world, first), &raw).unwrap();
    assert!(!flags(world, second).serial.flag);
    assert!(!flags(world, second).is_repeat(), "the flags are never merged");
}

fn a_returning_person_is_a_re_referral(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    let case = accepted(world, first);
    world.set("2026-05-01 09:00");
    close_case(world, case);
    let today = again(world, first, &on("2026-04-28"));
    assert!(!flags(world, today).rereferral.flag, "closed on the day it was received");
    world.set("2026-05-02 09:00");
    let id = again(world, first, &on("2026-04-28"));
    let found = flags(world, id);
    assert!(found.rereferral.flag);
    assert_eq!(found.rereferral.closures[0].on, day("2026-05-01"));
    let reference = panel_app::cases::show(&world.by(COORDINATOR), case).unwrap().row.reference;
    assert_eq!(found.closed, [reference]);
    // A new case is opened: the closure stays readable.
    assert_ne!(accepted(world, id), case);
}

fn a_reader_sees_flags_from_what_she_may_know(world: &World) {
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    world.set("2026-06-01 09:00");
    let housing = json!({
        "referring_agency": world.town().housing.to_string(), "incidents": [on("2026-05-20")]
    });
    let second = sent(&world.by(HOUSING), &form(world, &housing)).id;
    link(world, first, second);
    assert!(flags(world, second).is_repeat());
    let seen = referrals::show(&world.by(HOUSING), second).unwrap();
    assert!(!seen.flags.is_repeat(), "the police's referral is not hers to know of");
    assert!(seen.links.is_empty());
}

fn twelve_months_clamp_at_the_end_of_february(world: &World) {
    world.set("2028-02-29 09:00");
    let first = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    world.set("2029-03-10 09:00");
    let id = again(world, first, &on("2029-02-28"));
    let judged = flags(world, id).repeats.remove(0).repeat;
    assert_eq!((judged.flag, judged.until), (true, Some(day("2029-02-28"))));
    referrals::withdraw(&world.by(POLICE), id, version(world, id), "A test.").unwrap();
    assert!(!flags(world, again(world, first, &on("2029-03-01"))).is_repeat());
}
