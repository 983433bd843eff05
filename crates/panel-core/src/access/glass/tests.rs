//! Who may break the glass, for how long, and who looks at it afterwards.

use super::*;
use crate::access::lists::{ListKind, ListLine, Listed};
use crate::id::Id;
use crate::time::testing::{day, working_days};
use uuid::Uuid;

fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

const POLICE: u128 = 7;
const HOUSING: u128 = 8;

/// Person 1 with one seat at panel 10.
fn actor(role: Role, agency: u128) -> Actor {
    let seat = Seat { panel: id(10), agency: id(agency), role, from: NaiveDate::MIN, until: None };
    Actor {
        user: id(1),
        agency: id(agency),
        administrator: true,
        seats: vec![seat],
        opened_until: None,
    }
}

fn facts(panel: u128, near: &[u128]) -> GlassFacts {
    let near = near.iter().map(|n| id(*n)).collect();
    GlassFacts { case: id(99), panel: id(panel), near, police: [id(POLICE)].into() }
}

#[track_caller]
fn check(role: Role, agency: u128, facts: &GlassFacts, expected: bool) {
    let found = actor(role, agency).opens_by(facts, &Lists::default());
    assert_eq!(found.is_some(), expected, "{role} of {agency}: {facts:?}");
}

#[test]
fn coordinators_chairs_and_leads_of_the_police_may_and_nobody_else() {
    let here = facts(10, &[]);
    check(Role::Coordinator, HOUSING, &here, true);
    check(Role::Chair, HOUSING, &here, true);
    check(Role::AgencyLead, POLICE, &here, true);
    check(Role::AgencyLead, HOUSING, &here, false);
    for role in
        [Role::Representative, Role::SinglePointOfContact, Role::SteeringGroup, Role::Observer]
    {
        check(role, POLICE, &here, false);
    }
}

#[test]
fn a_case_of_another_panel_has_to_have_an_agency_in_common() {
    check(Role::Coordinator, HOUSING, &facts(11, &[10, 12]), true);
    check(Role::Coordinator, HOUSING, &facts(11, &[12]), false);
}

#[test]
fn whoever_has_no_seat_opens_nothing_administrators_among_them() {
    let nobody = Actor { seats: Vec::new(), ..actor(Role::Chair, HOUSING) };
    assert!(!nobody.could_break_glass());
    assert!(actor(Role::Coordinator, 7).could_break_glass());
    assert!(!actor(Role::Representative, 7).could_break_glass());
    assert_eq!(nobody.opens_by(&facts(10, &[10]), &Lists::default()), None);
}

#[test]
fn until_the_last_opening_ends_something_may_be_open() {
    let chair = actor(Role::Chair, HOUSING);
    assert!(!chair.may_have_open(now()), "she never opened anything");
    let opened = Actor { opened_until: Some(opening().ends_at), ..chair };
    let at = |seconds: i64| opened.may_have_open(now() + Duration::seconds(seconds));
    assert_eq!([0, 3_599, 3_600].map(at), [true, true, false]);
    let left = Actor { seats: Vec::new(), ..opened };
    assert!(!left.may_have_open(now()));
}

/// What the lines of the case come to for person 1.
fn lists(kind: ListKind, whom: Listed) -> Lists {
    let line = ListLine { case: id(99), kind, whom };
    Lists::of(&Reader::from(&actor(Role::Chair, HOUSING)), &[line])
}

#[test]
fn no_emergency_leads_over_a_list() {
    let chair = actor(Role::Chair, HOUSING);
    for kept in [
        lists(ListKind::Excluded, Listed::Person(id(1))),
        lists(ListKind::Excluded, Listed::Agency(id(HOUSING))),
        lists(ListKind::Named, Listed::Person(id(2))),
    ] {
        assert_eq!(chair.opens_by(&facts(10, &[10]), &kept), None);
        assert!(!opening().lets_in(&chair, &kept, now()));
    }
    let other = lists(ListKind::Excluded, Listed::Person(id(2)));
    assert!(chair.opens_by(&facts(10, &[]), &other).is_some());
}

fn now() -> DateTime<Utc> {
    "2026-04-01T08:00:00Z".parse().unwrap()
}

/// Opened at eight by person 1 as chair.
fn opening() -> Opening {
    let by = (id(10), id(HOUSING), Role::Chair);
    Opening { case: id(99), user: id(1), by, ends_at: Opening::ends(now()), closed_at: None }
}

#[test]
fn it_is_open_for_an_hour_to_the_second() {
    let at = |seconds: i64| opening().is_open(now() + Duration::seconds(seconds));
    assert_eq!([0, 3_599, 3_600, 3_601].map(at), [true, true, false, false]);
    let closed = Opening { closed_at: Some(now()), ..opening() };
    assert!(!closed.is_open(now()));
}

#[test]
fn it_ends_with_the_seat_and_is_nobody_elses() {
    let none = Lists::default();
    let chair = actor(Role::Chair, HOUSING);
    assert!(opening().lets_in(&chair, &none, now()));
    assert!(!opening().lets_in(&actor(Role::Coordinator, HOUSING), &none, now()));
    assert!(!opening().lets_in(&actor(Role::Chair, POLICE), &none, now()));
    let other = Actor { user: id(2), ..chair };
    assert!(!opening().lets_in(&other, &none, now()));
}

#[track_caller]
fn check_late(opened: &str, last: &str) {
    let by = review_by(day(opened), working_days()).unwrap();
    assert_eq!(by, day(last));
    assert!(!is_late(by, by) && is_late(by, by.succ_opt().unwrap()));
}

#[test]
fn it_is_reviewed_within_two_working_days() {
    check_late("2026-04-01", "2026-04-07"); // over Good Friday and Easter Monday
    check_late("2026-04-13", "2026-04-15");
    check_late("2026-04-18", "2026-04-21"); // a Saturday
}

fn candidate(user: u128, agency: u128, chairs: bool) -> Candidate {
    let reader = Reader { user: id(user), agencies: [id(agency)].into() };
    Candidate { reader, agency: id(agency), chairs, takes_part: true, is_kept_from: false }
}

#[track_caller]
fn check_reviewers(candidates: &[Candidate], expected: Option<[u128; 2]>) {
    let opener = Reader { user: id(1), agencies: [id(POLICE)].into() };
    let expected = expected.map(|two| two.map(id));
    assert_eq!(reviewers(&opener, candidates), expected);
    let backwards: Vec<Candidate> = candidates.iter().rev().cloned().collect();
    assert_eq!(reviewers(&opener, &backwards), expected, "whatever their order");
}

#[test]
fn two_people_of_two_other_agencies_review_the_chair_first() {
    let chair = candidate(9, 20, true);
    let (near, same) = (candidate(3, 21, false), candidate(2, 20, false));
    let far = Candidate { takes_part: false, ..candidate(2, 19, false) };
    check_reviewers(&[near.clone(), chair.clone(), same.clone()], Some([9, 3]));
    check_reviewers(&[far.clone(), near.clone()], Some([3, 2]));
    check_reviewers(&[chair, same], Some([9, 2]));
}

#[test]
fn nobody_of_her_own_agency_and_nobody_it_is_kept_from_reviews() {
    let fit = candidate(3, 21, false);
    let colleague = candidate(4, POLICE, true);
    let lent = Candidate {
        reader: Reader { user: id(5), agencies: [id(22), id(POLICE)].into() },
        ..candidate(5, 22, false)
    };
    let kept = Candidate { is_kept_from: true, ..candidate(6, 23, false) };
    check_reviewers(&[fit.clone(), colleague, lent, kept], None);
    check_reviewers(&[fit, candidate(1, 30, true)], None);
}

#[track_caller]
fn check_replaced(candidates: &[Candidate], asked: [u128; 2], expected: Option<[u128; 2]>) {
    let opener = Reader { user: id(1), agencies: [id(POLICE)].into() };
    let found = replaced(&opener, candidates, asked.map(id));
    assert_eq!(found, expected.map(|two| two.map(id)));
}

#[test]
fn who_can_no_longer_review_is_replaced_by_the_next() {
    let [two, three, four] = [(2, 20), (3, 21), (4, 21)].map(|(u, a)| candidate(u, a, false));
    let all = [two.clone(), three.clone(), four.clone()];
    check_replaced(&all, [2, 3], None);
    check_replaced(&all, [9, 3], Some([2, 3]));
    check_replaced(&all, [3, 9], Some([3, 2]));
    check_replaced(&all, [8, 9], Some([2, 3]));
    check_replaced(&[three.clone(), four.clone()], [3, 9], Some([3, 4]));
    check_replaced(std::slice::from_ref(&three), [3, 9], None);
    check_replaced(std::slice::from_ref(&three), [8, 9], Some([3, 9]));
    let kept = Candidate { is_kept_from: true, ..two };
    check_replaced(&[kept, three, four], [2, 3], Some([4, 3]));
}
