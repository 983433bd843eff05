//! One person under two spellings is offered; two people of one name are not.

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn person(name: &str, born: &str, address: &str) -> Record {
    let (forename, surname) = name.rsplit_once(' ').unwrap();
    Record::new(surname, forename, day(born)).living_at(address, "")
}

#[track_caller]
fn check(one: (&str, &str, &str), two: (&str, &str, &str), likely: bool) {
    let (one, two) = (person(one.0, one.1, one.2), person(two.0, two.1, two.2));
    let likeness = one.compare(&two);
    assert_eq!(likeness.is_likely(), likely, "{likeness:?}");
    assert_eq!(likeness.score, two.compare(&one).score, "the order does not matter");
    if likely {
        assert!(!one.search_keys().is_disjoint(&two.keys()), "found by its keys");
        assert!(!two.search_keys().is_disjoint(&one.keys()), "found by its keys");
    }
}

#[test]
fn spelling_variants_of_one_person_are_likely() {
    check(("Lee Ward", "1962-12-10", "96 Station Road"), ("Leigh WARD", "1962-12-10", ""), true);
    check(("Siôn O'Neill", "2001-09-08", ""), ("Sion O’NEILL", "2001-09-08", ""), true);
    check(("Stephen Clarke", "2007-11-22", ""), ("Steven Clark", "2007-11-22", ""), true);
    check(("Mohammed Hussain", "1998-01-16", ""), ("Muhammad Hussein", "1998-01-16", ""), true);
    check(("Dave MacKenzie", "1981-04-26", ""), ("David McKenzie", "1981-04-26", ""), true);
    check(("Ann Hughes-Parry", "1981-04-26", ""), ("Ann Parry", "1981-04-26", ""), true);
    check(("Ward Lee", "1962-12-10", ""), ("Lee Ward", "1962-12-10", ""), false);
    check(
        ("Ward Lee", "1962-12-10", "1 Mill Road"),
        ("Lee Ward", "1962-12-10", "1 Mill Road"),
        true,
    );
}

#[test]
fn a_slip_in_the_birth_date_is_forgiven() {
    check(("Amina O'Neill", "1965-03-07", "a"), ("Amina O'Neill", "1965-03-08", "b"), true);
    check(("Amina O'Neill", "1999-12-31", "a"), ("Amina O'Neill", "2000-01-01", "b"), true);
    check(("Amina O'Neill", "1965-03-07", ""), ("Amina O'Neill", "1965-07-03", ""), true);
    check(("Amina O'Neill", "1965-03-07", "a"), ("Amina O'Neill", "1965-03-09", "b"), false);
}

#[test]
fn two_people_of_one_name_stay_two() {
    check(
        ("Piotr Hughes-Parry", "1976-08-10", "a"),
        ("Piotr Hughes-Parry", "1995-02-10", "b"),
        false,
    );
    check(("Marcus Hill", "1973-10-01", "x"), ("Marcus Hill", "2002-11-28", "y"), false);
    check(
        ("John Smith", "1950-01-01", "1 Mill Road"),
        ("John Smith", "1975-06-01", "1 Mill Road"),
        false,
    );
}

#[test]
fn twins_and_partners_at_one_address_stay_two() {
    check(
        ("Lee Ward", "1990-05-05", "1 Mill Road"),
        ("Leo Ward", "1990-05-05", "1 Mill Road"),
        false,
    );
    check(
        ("Anna Ward", "1990-05-05", "1 Mill Road"),
        ("Beth Ward", "1990-05-05", "1 Mill Road"),
        false,
    );
    check(
        ("Anna Ward", "1990-05-05", "1 Mill Road"),
        ("Paul Ward", "1988-01-01", "1 Mill Road"),
        false,
    );
}

#[test]
fn without_a_birth_date_an_address_is_needed() {
    check(("John Smith", "", "1 Mill Road"), ("John Smith", "1975-06-01", "1 Mill Road"), true);
    check(("John Smith", "", ""), ("John Smith", "1975-06-01", ""), false);
    assert!(person("John Smith", "", "").compare(&person("John Smith", "", "")).is_possible());
}

#[test]
fn no_fixed_abode_is_no_address() {
    let nowhere = |name| person(name, "", "No fixed abode").living_at("NFA", "ZZ99 3VZ");
    assert!(!nowhere("John Smith").compare(&nowhere("John Smith")).is_likely());
}

#[test]
fn the_evidence_is_given_in_words() {
    let (one, two) = (person("Lee Ward", "1962-12-10", ""), person("Leigh WARD", "1962-12-10", ""));
    let words: Vec<String> = one.compare(&two).evidence.into_iter().map(|why| why.words).collect();
    assert_eq!(
        words,
        [
            "same surname, written Ward and WARD",
            "forenames Lee and Leigh sound alike",
            "same birth date, 10 December 1962",
        ]
    );
}

#[test]
fn a_group_holds_everyone_linked_through_another() {
    let records = [
        person("Daniel Baker", "1982-01-07", "84 Queens Gardens"),
        person("Marcus Hill", "2002-11-28", ""),
        person("Dan Baker", "1982-01-08", "84 Queens Gardens"),
        person("Daniel Baker", "1982-01-09", "84 Queens Gardens"),
        person("Marcus Hill", "1973-10-01", ""),
    ];
    let groups = groups(&records);
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].members, [0, 2, 3]);
    assert_eq!(groups[0].pairs.len(), 2, "one reason for each but the first");
}

#[test]
fn many_records_of_one_person_take_no_square_of_time() {
    let records: Vec<Record> =
        (0..3_000).map(|n| person("Rhys Brown", "1985-10-02", &format!("{n} Mill Road"))).collect();
    let groups = groups(&records);
    assert_eq!((groups.len(), groups[0].members.len()), (1, 3_000));
}

fn any_person() -> impl Strategy<Value = Record> {
    let names = [
        "Dave", "David", "Lee", "Leigh", "Steven", "Stephen", "Sean", "Shaun", "Ana", "Anna",
        "Bob", "",
    ];
    let surnames = ["Ward", "O'Neill", "Oneil", "Hughes-Parry", "Parry", "MacDonald", "McDonald"];
    let choice = (0..names.len(), 0..surnames.len(), 0..6_u64, any::<bool>(), 0..3_usize);
    choice.prop_map(move |(name, surname, days, dated, house)| {
        let born = NaiveDate::from_ymd_opt(1980, 2, 1).unwrap() + Days::new(days);
        let address = ["", "1 Mill Road", "2 Elm Close"][house];
        Record::new(surnames[surname], names[name], dated.then_some(born)).living_at(address, "")
    })
}

proptest! {
    #[test]
    fn grouping_finds_what_comparing_each_with_each_finds(
        records in proptest::collection::vec(any_person(), 0..12)
    ) {
        let together = |one: usize, two: usize| {
            groups(&records).iter().any(|g| g.members.contains(&one) && g.members.contains(&two))
        };
        for one in 0..records.len() {
            for two in 0..one {
                if records[one].compare(&records[two]).is_likely() {
                    prop_assert!(together(one, two), "{:?}\n{:?}", records[one], records[two]);
                }
            }
        }
    }
}
