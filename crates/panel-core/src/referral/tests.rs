//! Referrals, as sentences.

mod late;
mod triage;

use super::sample::{LEAST, WHOLE, read};
use super::*;
use crate::reminder::sample::day;
use crate::text::Name;
use crate::vocabulary::{Answer, Gap, Liberty, LivesWithVictim};
use chrono::NaiveDate;

const RECEIVED: &str = "2026-03-02";

#[test]
fn the_least_that_is_taken_is_panel_time_source_agency_and_a_name() {
    assert_eq!(read(LEAST).problems(day(RECEIVED), day(RECEIVED)), []);
    for required in ["panel", "received_at", "source", "referring_agency", "perpetrator"] {
        let mut form: serde_json::Value = serde_json::from_str(LEAST).unwrap();
        form.as_object_mut().unwrap().remove(required);
        assert!(serde_json::from_value::<ReferralForm>(form).is_err(), "without {required}");
    }
}

#[test]
fn a_known_name_stands_in_for_a_surname() {
    let problems = |name: &str| {
        let json = LEAST.replace(r#""surname": "Ashdown""#, name);
        read(&json).problems(day(RECEIVED), day(RECEIVED))
    };
    assert_eq!(problems(r#""known_as": ["Cal"]"#), []);
    let missing = Problem { part: Part::Perpetrator, kind: ProblemKind::NameMissing };
    assert_eq!(problems(r#""forename": "Callum""#), [missing]);
    assert_eq!(problems(""), [missing]);
}

#[test]
fn a_field_that_nobody_knows_is_refused() {
    let json = LEAST.replacen('{', r#"{"version": 7,"#, 1);
    let error = serde_json::from_str::<ReferralForm>(&json).unwrap_err().to_string();
    assert!(error.contains("unknown field `version`"), "{error}");
    let inside = LEAST.replace(r#""surname""#, r#""sirname""#);
    assert!(serde_json::from_str::<ReferralForm>(&inside).is_err());
}

#[test]
fn a_whole_form_lacks_nothing_and_reads_back_as_it_was_written() {
    let form = read(WHOLE);
    let today = day(RECEIVED);
    assert_eq!(form.problems(today, today), []);
    assert_eq!(form.warnings(today), []);
    let found = completeness(&form);
    assert_eq!((found.missing, found.settled), (vec![], vec![]));
    let json = serde_json::to_string(&form).unwrap();
    assert_eq!(read(&json), form);
}

#[track_caller]
fn missing(form: &ReferralForm) -> Vec<ReferralField> {
    completeness(form).missing
}

#[test]
fn completeness_counts_what_applies_and_blocks_nothing() {
    let least = completeness(&read(LEAST));
    assert_eq!(least.present, [ReferralField::PerpetratorSurname]);
    let (answered, asked) = least.counts();
    assert_eq!((answered, asked), (1, 35));
    assert!(!least.missing.contains(&ReferralField::ReleaseDate), "nobody is in custody");
    assert!(!least.missing.contains(&ReferralField::ChildDetails), "no child is named");
}

#[test]
fn a_release_date_is_asked_of_people_in_custody_only() {
    let mut form = read(WHOLE);
    form.perpetrator.release_on = None;
    assert_eq!(missing(&form), [ReferralField::ReleaseDate]);
    form.perpetrator.liberty = Some(Liberty::Bail);
    assert_eq!(missing(&form), []);
}

#[test]
fn a_reason_is_asked_where_a_victim_says_no() {
    let mut form = read(WHOLE);
    form.victims[0].unaware_reason = None;
    assert_eq!(missing(&form), [ReferralField::UnawareReason]);
    form.victims[0].aware = Some(Answer::NotKnown);
    assert_eq!(missing(&form), []);
}

#[test]
fn what_one_victim_lacks_is_missing() {
    let mut form = read(WHOLE);
    form.victims.push(Victim::default());
    assert!(missing(&form).contains(&ReferralField::VictimBorn));
    form.victims.clear();
    assert!(missing(&form).contains(&ReferralField::VictimBorn));
}

#[test]
fn declined_and_not_known_are_answers_and_not_asked_is_none() {
    let with = |gap| {
        let mut form = read(WHOLE);
        form.perpetrator.ethnicity = None;
        form.gaps.insert(ReferralField::PerpetratorEthnicity, gap);
        completeness(&form)
    };
    let field = ReferralField::PerpetratorEthnicity;
    for gap in [Gap::Declined, Gap::NotKnown] {
        assert_eq!((with(gap).missing, with(gap).settled), (vec![], vec![(field, gap)]));
    }
    assert_eq!(with(Gap::NotAsked).missing, [field]);
}

#[test]
fn an_incident_is_dated_by_when_it_happened_or_became_known() {
    let mut form = read(WHOLE);
    form.incidents[0].happened = None;
    assert_eq!(missing(&form), [ReferralField::IncidentDates]);
    form.incidents[0].identified = Some(day("2026-02-21"));
    assert_eq!(missing(&form), []);
}

#[track_caller]
fn problem(change: impl FnOnce(&mut ReferralForm), part: Part, kind: ProblemKind) {
    let mut form = read(WHOLE);
    change(&mut form);
    assert_eq!(form.problems(day(RECEIVED), day(RECEIVED)), [Problem { part, kind }]);
}

#[test]
fn impossible_entries_are_named_with_their_place() {
    let tomorrow = Some(day("2026-03-03"));
    problem(|f| f.perpetrator.born = tomorrow, Part::Perpetrator, ProblemKind::BirthInFuture);
    problem(
        |f| f.perpetrator.other_births = vec![day("1899-12-31")],
        Part::Perpetrator,
        ProblemKind::BirthTooEarly,
    );
    problem(|f| f.victims[0].born = tomorrow, Part::Victim(1), ProblemKind::BirthInFuture);
    problem(|f| f.children[0].born = tomorrow, Part::Child(1), ProblemKind::BirthInFuture);
    problem(
        |f| f.incidents[0].happened = tomorrow,
        Part::Incident(1),
        ProblemKind::IncidentInFuture,
    );
    problem(
        |f| f.incidents[0].identified = Some(day("2026-02-19")),
        Part::Incident(1),
        ProblemKind::IdentifiedFirst,
    );
    for victim in [0, 2] {
        problem(
            |f| f.incidents[0].victim = Some(victim),
            Part::Incident(1),
            ProblemKind::NoSuchVictim,
        );
    }
    for gravity in [0, 6] {
        problem(
            |f| f.incidents[0].gravity = Some(gravity),
            Part::Incident(1),
            ProblemKind::Gravity,
        );
    }
    problem(|f| f.grounds.checklist = Some(25), Part::Form, ProblemKind::Checklist);
    problem(
        |f| f.children = vec![Child::default(); 31],
        Part::Children,
        ProblemKind::TooMany { most: 30 },
    );
}

#[test]
fn a_form_received_tomorrow_is_not_taken() {
    let problems = read(LEAST).problems(day("2026-03-03"), day(RECEIVED));
    assert_eq!(problems, [Problem { part: Part::Form, kind: ProblemKind::ReceivedInFuture }]);
}

#[test]
fn every_problem_is_listed_at_once() {
    let mut form = read(WHOLE);
    form.perpetrator.name = PersonName::default();
    form.victims[0].born = Some(day("1850-01-01"));
    form.incidents[0].gravity = Some(9);
    assert_eq!(form.problems(day(RECEIVED), day(RECEIVED)).len(), 3);
}

#[track_caller]
fn warns(change: impl FnOnce(&mut ReferralForm), received: NaiveDate, expected: &[Warning]) {
    let mut form = read(WHOLE);
    change(&mut form);
    assert_eq!(form.warnings(received), expected);
}

#[test]
fn anybody_under_sixteen_leads_to_the_safeguarding_route() {
    let received = day("2026-03-02");
    let born = |date: &str| Some(day(date));
    warns(|f| f.victims[0].born = born("2010-03-03"), received, &[Warning::Safeguarding]);
    warns(|f| f.victims[0].born = born("2010-03-02"), received, &[]);
    let young = [Warning::Safeguarding, Warning::YoungPerpetrator];
    warns(|f| f.perpetrator.born = born("2011-01-01"), received, &young);
    warns(|f| f.perpetrator.born = born("2009-01-01"), received, &[Warning::YoungPerpetrator]);
    warns(|f| f.perpetrator.born = born("2008-03-02"), received, &[]);
}

#[test]
fn a_person_born_on_29_february_turns_sixteen_on_1_march_of_a_common_year() {
    let born = |f: &mut ReferralForm| f.victims[0].born = Some(day("2012-02-29"));
    warns(born, day("2028-02-28"), &[Warning::Safeguarding]);
    warns(born, day("2028-02-29"), &[]);
    let on_1_march = |f: &mut ReferralForm| f.victims[0].born = Some(day("2010-03-01"));
    warns(on_1_march, day("2026-02-28"), &[Warning::Safeguarding]);
    warns(on_1_march, day("2026-03-01"), &[]);
}

#[test]
fn a_victims_address_in_the_perpetrators_box_is_asked_about() {
    let same = |f: &mut ReferralForm| {
        f.perpetrator.addresses = vec![f.victims[0].address.clone()];
    };
    warns(same, day(RECEIVED), &[Warning::SameAddress]);
    let together = |f: &mut ReferralForm| {
        same(f);
        f.perpetrator.lives_with_victim = Some(LivesWithVictim::Intermittent);
    };
    warns(together, day(RECEIVED), &[]);
}

#[test]
fn a_missing_victim_or_a_great_age_is_pointed_out() {
    warns(|f| f.victims.clear(), day(RECEIVED), &[Warning::NoVictim]);
    warns(|f| f.perpetrator.born = Some(day("1906-01-01")), day(RECEIVED), &[Warning::VeryOld]);
}

#[test]
fn nobody_is_told_unless_somebody_decided_so() {
    assert_eq!(read(LEAST).context.informed.informed, Answer::No);
}

#[test]
fn a_name_of_two_alphabets_is_pointed_out() {
    let forge = |f: &mut ReferralForm| {
        f.victims[0].name.forename = Some(Name::parse("N\u{043e}ra").unwrap());
    };
    warns(forge, day(RECEIVED), &[Warning::MixedAlphabets]);
}

#[test]
fn other_agencies_read_how_to_search_and_not_where_to_find_a_victim() {
    let partner = serde_json::to_string(&read(WHOLE).for_partner()).unwrap();
    for hidden in
        ["Lark Close", "ZZ99 2AA", "07700", "brother", "sister", "mother", "her home", "ines.okoro"]
    {
        assert!(!partner.contains(hidden), "{hidden}");
    }
    for shown in ["Ashdown", "1988-02-29", "Mill Road", "Varga", "1991-07-04", "escalating"] {
        assert!(partner.contains(shown), "{shown}");
    }
}

#[test]
fn every_problem_names_its_field_and_years_are_those_of_people_alive() {
    let mut form = read(WHOLE);
    form.incidents[0].happened = Some(day("0001-01-01"));
    form.perpetrator.release_on = Some(day("9999-12-31"));
    form.victims[0].born = Some(day("2030-01-01"));
    let problems = form.problems(day(RECEIVED), day(RECEIVED));
    let mut paths: Vec<String> = problems.iter().map(Problem::path).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["incidents.0.happened", "perpetrator.release_on", "victims.0.born"]);
}
