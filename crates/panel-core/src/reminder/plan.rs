//! Planning: which notices an action or a request will need, on which days, and for whom.

use super::notice::Reason;
use super::policy::ReminderPolicy;
use super::rule::{Audience, Rule};
use super::working::WorkingCalendar;
use crate::id::UserId;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

/// A notice to be written down, before anybody is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The rule.
    pub rule: Rule,
    /// Who hears.
    pub audience: Audience,
    /// The first day on which it may be told.
    pub day: NaiveDate,
    /// Whether it will be told.
    pub fate: Fate,
}

/// What becomes of a planned notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It waits for its day.
    Due,
    /// It is written down and never told.
    Skipped(Reason),
}

impl Fate {
    fn of(day: NaiveDate, since: NaiveDate) -> Self {
        if day < since { Self::Skipped(Reason::BeforeCreated) } else { Self::Due }
    }
}

/// The day of a rule about a due date.
///
/// Working days are counted from the due date as day 0, even when nobody works on it. The reminder
/// on the day moves earlier when the day is not worked, so that it never comes too late.
pub fn rule_day<C: WorkingCalendar + ?Sized>(
    due: NaiveDate,
    rule: Rule,
    policy: &ReminderPolicy,
    calendar: &C,
) -> NaiveDate {
    let offset = policy.offset(rule);
    let days = offset.unsigned_abs();
    match offset {
        ..0 => calendar.working_days_before(due, days),
        0 => calendar.on_or_before(due),
        1.. => calendar.working_days_after(due, days),
    }
}

/// Plans the reminders and chasers of an action that is due on `due`.
///
/// `since` is the local day on which the action took this due date and owner. A rule whose day lies
/// before it is planned as skipped, so that the page can say why nothing was sent.
pub fn plan<C: WorkingCalendar + ?Sized>(
    due: NaiveDate,
    since: NaiveDate,
    policy: &ReminderPolicy,
    calendar: &C,
) -> Vec<Planned> {
    expand(&rule_days(due, policy, calendar), since)
}

/// Every rule about an action that is due on `due`, with its day.
pub fn rule_days<C: WorkingCalendar + ?Sized>(
    due: NaiveDate,
    policy: &ReminderPolicy,
    calendar: &C,
) -> [(Rule, NaiveDate); 7] {
    Rule::OF_AN_ACTION.map(|rule| (rule, rule_day(due, rule, policy, calendar)))
}

/// Some rules with their days, for every audience of each; `since` as in [`plan`].
pub fn expand(rules: &[(Rule, NaiveDate)], since: NaiveDate) -> Vec<Planned> {
    let of_rule = |&(rule, day): &(Rule, NaiveDate)| {
        let fate = Fate::of(day, since);
        rule.audiences().iter().map(move |&audience| Planned { rule, audience, day, fate })
    };
    rules.iter().flat_map(of_rule).collect()
}

/// How many days a rule may lie from its due date at most: a quarter of working days, with the
/// weekends and the longest run of bank holidays between them.
const REACH: u64 = 110;

/// Turns rule days around: the due dates for which a rule falls on a day of `window`, each with
/// those rules and days. A planner reads the actions due on these dates and no others, so that its
/// cost follows the window and not the number of actions.
pub fn falling<C: WorkingCalendar + ?Sized>(
    window: RangeInclusive<NaiveDate>,
    rules: &[Rule],
    policy: &ReminderPolicy,
    calendar: &C,
) -> BTreeMap<NaiveDate, Vec<(Rule, NaiveDate)>> {
    let reach = Days::new(REACH);
    let first = window.start().checked_sub_days(reach).unwrap_or(NaiveDate::MIN);
    let last = window.end().checked_add_days(reach).unwrap_or(NaiveDate::MAX);
    let mut found = BTreeMap::new();
    for due in first.iter_days().take_while(|due| *due <= last) {
        let days = rules.iter().map(|&rule| (rule, rule_day(due, rule, policy, calendar)));
        let inside: Vec<_> = days.filter(|(_, day)| window.contains(day)).collect();
        if !inside.is_empty() {
            found.insert(due, inside);
        }
    }
    found
}

/// Plans the notices of an information request: on issue, on the working day before it is due, and
/// on the working day after. They all go to the people who answer for the agency that was asked.
pub fn plan_request<C: WorkingCalendar + ?Sized>(
    issued_on: NaiveDate,
    due: NaiveDate,
    policy: &ReminderPolicy,
    calendar: &C,
) -> Vec<(Rule, NaiveDate, Fate)> {
    let of_rule = |rule: Rule| {
        let day = match rule {
            Rule::RequestIssued => issued_on,
            _ => rule_day(due, rule, policy, calendar),
        };
        (rule, day, Fate::of(day, issued_on))
    };
    Rule::OF_A_REQUEST.map(of_rule).into()
}

/// The people behind the audiences of one action, as the database said: live accounts with a live
/// seat and nobody else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The owner. None when only a name was written down, or when the owner has left.
    pub owner: Option<UserId>,
    /// The single points of contact of the owning agency.
    pub contacts: Vec<UserId>,
    /// The leads of the owning agency.
    pub leads: Vec<UserId>,
    /// The chairs of the panel.
    pub chairs: Vec<UserId>,
    /// The steering group of the panel.
    pub steering: Vec<UserId>,
}

impl Directory {
    /// The people of an audience. What an absent owner should hear, the agency's contact hears.
    pub fn people(&self, audience: Audience) -> &[UserId] {
        match audience {
            Audience::Owner => self.owner.as_ref().map_or(&self.contacts, std::slice::from_ref),
            Audience::Contact => &self.contacts,
            Audience::Lead => &self.leads,
            Audience::Chair => &self.chairs,
            Audience::Steering => &self.steering,
        }
    }
}

/// A plan with names: each person once a rule, and the audiences that nobody stands behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressed {
    /// What is written down for whom.
    pub rows: Vec<(Planned, UserId)>,
    /// Rules that would be told to nobody. The coordinator is warned; nobody else is told instead.
    pub unheard: Vec<(Rule, Audience)>,
}

/// Names the people of a plan.
pub fn address(plan: &[Planned], directory: &Directory) -> Addressed {
    let mut addressed = Addressed::default();
    let mut seen = HashSet::new();
    for planned in plan {
        let people = directory.people(planned.audience);
        if people.is_empty() && planned.fate == Fate::Due {
            addressed.unheard.push((planned.rule, planned.audience));
        }
        for &person in people {
            if seen.insert((planned.rule, person)) {
                addressed.rows.push((*planned, person));
            }
        }
    }
    addressed
}

#[cfg(test)]
mod tests {
    use super::super::policy::ReminderTimes;
    use super::super::working::sample::{Sample, day};
    use super::*;
    use crate::id::Id;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn person(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    #[track_caller]
    fn check(due: &str, expected: [&str; 7]) {
        let policy = ReminderPolicy::default();
        let days = Rule::OF_AN_ACTION.map(|rule| rule_day(day(due), rule, &policy, &Sample));
        assert_eq!(days, expected.map(day), "due {due}");
    }

    #[test]
    fn an_ordinary_wednesday() {
        check(
            "2026-03-11",
            [
                "2026-03-04",
                "2026-03-10",
                "2026-03-11",
                "2026-03-12",
                "2026-03-16",
                "2026-03-18",
                "2026-03-25",
            ],
        );
    }

    #[test]
    fn due_on_a_sunday_the_reminder_of_the_day_comes_on_friday_with_the_last_one() {
        check(
            "2026-03-08",
            [
                "2026-03-02",
                "2026-03-06",
                "2026-03-06",
                "2026-03-09",
                "2026-03-11",
                "2026-03-13",
                "2026-03-20",
            ],
        );
    }

    #[test]
    fn due_on_easter_monday() {
        check(
            "2026-04-06",
            [
                "2026-03-27",
                "2026-04-02",
                "2026-04-02",
                "2026-04-07",
                "2026-04-09",
                "2026-04-13",
                "2026-04-20",
            ],
        );
    }

    #[test]
    fn due_on_christmas_eve_the_chasers_wait_for_the_holidays() {
        check(
            "2026-12-24",
            [
                "2026-12-17",
                "2026-12-23",
                "2026-12-24",
                "2026-12-29",
                "2026-12-31",
                "2027-01-05",
                "2027-01-12",
            ],
        );
    }

    #[test]
    fn a_rule_day_before_the_action_was_made_is_skipped_and_the_day_itself_is_not() {
        let plan = plan(day("2026-03-11"), day("2026-03-10"), &ReminderPolicy::default(), &Sample);
        let fates: Vec<Fate> = plan.iter().take(3).map(|planned| planned.fate).collect();
        assert_eq!(fates, [Fate::Skipped(Reason::BeforeCreated), Fate::Due, Fate::Due]);
        assert_eq!(plan.len(), 9);
    }

    #[test]
    fn a_request_is_told_of_on_issue_the_day_before_and_when_it_is_late() {
        let policy = ReminderPolicy::default();
        let plan = plan_request(day("2026-03-27"), day("2026-04-07"), &policy, &Sample);
        let days: Vec<_> = plan.iter().map(|(_, day, _)| *day).collect();
        assert_eq!(days, ["2026-03-27", "2026-04-02", "2026-04-08"].map(day));
        assert!(plan.iter().all(|(_, _, fate)| *fate == Fate::Due));

        let late = plan_request(day("2026-04-07"), day("2026-04-07"), &policy, &Sample);
        let told = |(rule, _, fate): &(Rule, NaiveDate, Fate)| (*rule, *fate);
        assert_eq!(
            late.get(1).map(told),
            Some((Rule::RequestDue, Fate::Skipped(Reason::BeforeCreated)))
        );
    }

    #[test]
    fn n5_a_rule_with_no_recipients_is_told_to_nobody_and_the_coordinator_is_warned() {
        let plan = plan(day("2026-03-11"), day("2026-03-01"), &ReminderPolicy::default(), &Sample);
        let nobody = address(&plan, &Directory::default());
        assert_eq!(nobody.rows, []);
        assert_eq!(nobody.unheard.len(), plan.len());

        let only_owner = Directory { owner: Some(person(1)), ..Directory::default() };
        let some = address(&plan, &only_owner);
        assert!(some.rows.iter().all(|(_, who)| *who == person(1)));
        assert_eq!(
            some.unheard,
            [
                (Rule::ChaseContact, Audience::Contact),
                (Rule::ChaseLead, Audience::Lead),
                (Rule::ChaseChair, Audience::Chair),
                (Rule::ChaseChair, Audience::Steering),
            ]
        );
    }

    #[test]
    fn an_absent_owner_is_answered_for_by_the_contact_who_hears_each_rule_once() {
        let plan = plan(day("2026-03-11"), day("2026-03-01"), &ReminderPolicy::default(), &Sample);
        let people = Directory { contacts: vec![person(2)], ..Directory::default() };
        let heard = address(&plan, &people).rows;
        let rules: Vec<Rule> = heard.iter().map(|(planned, _)| planned.rule).collect();
        assert_eq!(rules, Rule::OF_AN_ACTION[..5]);
    }

    #[test]
    fn one_day_of_planning_reads_the_due_dates_of_seven_rules_and_their_weekends() {
        let day = day("2026-03-11");
        let found = falling(day..=day, &Rule::OF_AN_ACTION, &ReminderPolicy::default(), &Sample);
        let rules: Vec<Rule> = found.values().flatten().map(|(rule, _)| *rule).collect();
        assert_eq!(found.len(), 9, "a chaser three days after a weekend falls on one day");
        assert_eq!(
            found.first_key_value().map(|(due, _)| due.to_string()),
            Some("2026-02-25".to_owned())
        );
        assert!(Rule::OF_AN_ACTION.iter().all(|rule| rules.contains(rule)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_due_date_is_missed_by_a_window(offset in 0i64..400, length in 0i64..20, due in 0i64..500) {
            let start = day("2026-01-01") + chrono::Duration::days(offset);
            let window = start..=start + chrono::Duration::days(length);
            let due = day("2025-10-01") + chrono::Duration::days(due);
            let times = ReminderTimes { early_reminder: 60, chase_chair: 60, ..Default::default() };
            let policy = ReminderPolicy::try_from(times).unwrap();
            let found = falling(window.clone(), &Rule::OF_AN_ACTION, &policy, &Sample);
            let expected: Vec<_> = Rule::OF_AN_ACTION
                .map(|rule| (rule, rule_day(due, rule, &policy, &Sample)))
                .into_iter()
                .filter(|(_, day)| window.contains(day))
                .collect();
            prop_assert_eq!(found.get(&due).cloned().unwrap_or_default(), expected);
        }

        #[test]
        fn every_rule_falls_on_a_working_day_and_in_order(offset in 0i64..700) {
            let due = day("2025-07-01") + chrono::Duration::days(offset);
            let policy = ReminderPolicy::default();
            let days = Rule::OF_AN_ACTION.map(|rule| rule_day(due, rule, &policy, &Sample));
            prop_assert!(days.iter().all(|day| Sample.is_working_day(*day)));
            prop_assert!(days.is_sorted());
            prop_assert!(days[2] <= due && due < days[3]);
        }
    }
}
