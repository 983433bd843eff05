//! Random rules, expanded by this module and by an independent implementation of RFC 5545.
//!
//! The other side runs in UTC: only local dates are compared, and it is known to slip around clock
//! changes in other zones.

use super::{End, MonthDay, Pattern, Recurrence, Rule};
use crate::time::testing::day;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn code(weekday: Weekday) -> String {
    weekday.to_string().chars().take(2).collect::<String>().to_uppercase()
}

/// The rule lines whose dates together are those of `pattern`. The days of a month stand in a line
/// each, because within one line they narrow each other.
fn rule_lines(pattern: &Pattern) -> Vec<String> {
    match pattern {
        Pattern::Weeks { every, on, week_start } => vec![format!(
            "FREQ=WEEKLY;INTERVAL={every};WKST={};BYDAY={}",
            code(*week_start),
            on.iter().map(|weekday| code(*weekday)).collect::<Vec<_>>().join(",")
        )],
        Pattern::Months { every, on } => on
            .iter()
            .map(|day| format!("FREQ=MONTHLY;INTERVAL={every};{}", month_part(*day)))
            .collect(),
    }
}

fn month_part(day: MonthDay) -> String {
    match day {
        MonthDay::Day(day) => format!("BYMONTHDAY={day}"),
        MonthDay::LastDay => "BYMONTHDAY=-1".to_owned(),
        MonthDay::Nth { n, weekday } => format!("BYDAY={n}{}", code(weekday)),
        // The other side takes no -5 beside a weekday.
        MonthDay::NthLast { n, weekday } => format!("BYDAY={};BYSETPOS=-{n}", code(weekday)),
    }
}

fn oracle(pattern: &Pattern, from: NaiveDate, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let mut dates = BTreeSet::new();
    for line in rule_lines(pattern) {
        let text = format!(
            "DTSTART:{}T000000Z\nRRULE:{line};UNTIL={}T000000Z",
            from.format("%Y%m%d"),
            until.format("%Y%m%d")
        );
        let set: rrule::RRuleSet = text.parse().unwrap();
        let found = set.all(u16::MAX);
        assert!(!found.limited, "{text}");
        dates.extend(found.dates.iter().map(chrono::DateTime::date_naive));
    }
    dates
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|n| Weekday::try_from(n).unwrap())
}

fn any_month_day() -> impl Strategy<Value = MonthDay> {
    prop_oneof![
        (1_u8..=31).prop_map(MonthDay::Day),
        Just(MonthDay::LastDay),
        (1_u8..=5, any_weekday()).prop_map(|(n, weekday)| MonthDay::Nth { n, weekday }),
        (1_u8..=5, any_weekday()).prop_map(|(n, weekday)| MonthDay::NthLast { n, weekday }),
    ]
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    let weeks = (1_u8..=52, vec(any_weekday(), 1..4), any_weekday())
        .prop_map(|(every, on, week_start)| Pattern::Weeks { every, on, week_start });
    let months = (1_u8..=24, vec(any_month_day(), 1..4))
        .prop_map(|(every, on)| Pattern::Months { every, on });
    prop_oneof![weeks, months]
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let first = day("2019-01-01");
    (0_u64..4_000).prop_map(move |n| first + Days::new(n))
}

proptest! {
    #[test]
    fn random_rules_yield_the_dates_of_an_independent_implementation(
        pattern in any_pattern(), from in any_day(),
    ) {
        let until = from + Days::new(5 * 366);
        let rule = Rule::check(pattern.clone()).unwrap();
        let ours: Vec<NaiveDate> =
            Recurrence { rule, from, end: End::Until(until) }.dates().collect();
        let theirs: Vec<NaiveDate> = oracle(&pattern, from, until).into_iter().collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn every_rule_survives_its_stored_form(pattern in any_pattern()) {
        let rule = Rule::check(pattern).unwrap();
        let json = serde_json::to_string(&rule).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
    }

    #[test]
    fn a_month_day_lies_in_its_month(wanted in any_month_day(), from in any_day()) {
        let first = from.with_day(1).unwrap();
        let in_month = |day: NaiveDate| (day.year(), day.month()) == (first.year(), first.month());
        prop_assert!(wanted.of_month(first).is_none_or(in_month));
        let always = wanted.in_every_month().unwrap_or(wanted);
        prop_assert!(always.of_month(first).is_some());
    }
}
