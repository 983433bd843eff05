//! Agencies are grouped as a coordinator would group them, and no further.

use super::*;
use crate::id::Id;
use crate::text::Name;
use uuid::Uuid;

fn sightings<'a>(rows: &[(&'a str, Option<&'a str>)]) -> Vec<Sighting<'a>> {
    rows.iter()
        .map(|(words, domain)| Sighting { words, domain: *domain, is_rep: false, rows: 1 })
        .collect()
}

fn recognise(rows: &[(&str, Option<&str>)], known: &[Agency]) -> Agencies {
    Agencies::recognise(&sightings(rows), known, &BTreeMap::new())
}

fn known(number: u128, name: &str, kind: AgencyType, domain: &str) -> Agency {
    Agency {
        id: AgencyId::from_uuid(Uuid::from_u128(number)),
        name: Name::parse(name).unwrap(),
        kind,
        mail_domains: vec![domain.to_owned()],
        aliases: vec![format!("{} team", fold(name))],
        ended_on: None,
    }
}

#[track_caller]
fn check_one(agencies: &Agencies, words: &[&str]) {
    let keys: Vec<_> =
        words.iter().map(|word| agencies.find(word).map(|found| &found.key)).collect();
    assert!(keys.iter().all(|key| key.is_some() && *key == keys[0]), "{words:?}: {keys:?}");
}

#[track_caller]
fn check_apart(agencies: &Agencies, one: &str, other: &str) {
    let key = |words: &str| agencies.find(words).map(|found| found.key.clone());
    assert_ne!(key(one), key(other), "{one} and {other}");
}

#[test]
fn spellings_of_one_agency_are_one() {
    let rows: Vec<(&str, Option<&str>)> = [
        "POLICE ",
        "Police (PPU)",
        "Fenshire Constabulary",
        "NPS",
        "Probation Service",
        "CSC",
        "Children's Social Care",
        "Childrens Social Care",
        "Hsg",
        "City Council Housing",
        "IDVA",
        "Idva Service",
        "Fenshire NHS MH Trust",
        "Mental Health",
    ]
    .map(|words| (words, None))
    .to_vec();
    let agencies = recognise(&rows, &[]);
    check_one(&agencies, &["police", "Police (PPU)", "Fenshire Constabulary"]);
    check_one(&agencies, &["NPS", "Probation Service"]);
    check_one(&agencies, &["CSC", "Children's Social Care", "Childrens Social Care"]);
    check_one(&agencies, &["Hsg", "City Council Housing"]);
    check_one(&agencies, &["IDVA", "Idva Service"]);
    check_one(&agencies, &["Fenshire NHS MH Trust", "Mental Health"]);
    assert_eq!(agencies.into_guesses().len(), 6);
}

#[test]
fn a_mail_domain_of_their_own_joins_names_that_share_no_word() {
    let own = Some("substance-misuse.example.org");
    let trust = Some("change.example.org");
    let agencies = recognise(
        &[
            ("Drug & Alcohol", own),
            ("Clearwater Recovery", own),
            ("Turnaround Trust", trust),
            ("The Turnaround Trust", None),
        ],
        &[],
    );
    check_one(&agencies, &["Drug & Alcohol", "Clearwater Recovery"]);
    check_apart(&agencies, "Drug & Alcohol", "Turnaround Trust");
    let evidence = &agencies.find("Clearwater Recovery").unwrap().evidence;
    let said = "“Clearwater Recovery” writes from substance-misuse.example.org, as Drug and alcohol service does";
    assert!(evidence.iter().any(|why| why == said), "{evidence:?}");
}

#[test]
fn a_domain_that_departments_share_joins_nobody() {
    let council = Some("fenshire.example.org");
    let agencies = recognise(
        &[("CSC", council), ("ASC", council), ("Housing", council), ("Early Help", council)],
        &[],
    );
    for (one, other) in [("CSC", "ASC"), ("CSC", "Housing"), ("Early Help", "CSC")] {
        check_apart(&agencies, one, other);
    }
    assert!(agencies.find("Early Help").is_none(), "a shared domain does not make an agency");
}

#[test]
fn two_forces_with_domains_of_their_own_stay_two() {
    let agencies = recognise(
        &[
            ("Police", Some("fenshire.police.example.org")),
            ("Police", Some("fenshire.police.example.org")),
            ("British Transport Police", Some("btp.example.org")),
            ("PPU", None),
        ],
        &[],
    );
    check_apart(&agencies, "Police", "British Transport Police");
    check_one(&agencies, &["Police", "PPU"]);
}

#[test]
fn an_agency_that_panel_has_is_found_by_name_domain_or_kind() {
    let panel = [
        known(1, "Fenshire Police", AgencyType::Police, "police.example.org"),
        known(2, "Clearwater Recovery", AgencyType::DrugAndAlcohol, "misuse.example.org"),
    ];
    let rows = [
        ("POLICE ", None),
        ("Ppu", None),
        ("Fenshire Constabulary", Some("east.police.example.org")),
        ("Drug & Alcohol", Some("misuse.example.org")),
        ("Hsg", None),
        ("Clearwater Recovery Team", None),
    ];
    let agencies = recognise(&rows, &panel);
    for (words, name) in [
        ("police", "Fenshire Police"),
        ("PPU", "Fenshire Police"),
        ("Fenshire Constabulary", "Fenshire Police"),
        ("Drug & Alcohol", "Clearwater Recovery"),
        ("Clearwater Recovery Team", "Clearwater Recovery"),
    ] {
        let found = agencies.find(words).unwrap();
        assert_eq!((found.name.as_str(), found.known.is_some()), (name, true), "{words}");
    }
    let housing = agencies.find("Hsg").unwrap();
    assert_eq!((housing.name.as_str(), housing.known), ("Hsg", None));
}

#[test]
fn words_that_name_nothing_are_no_agency() {
    let domain = Some("mental-health.example.org");
    let agencies =
        recognise(&[("??", domain), ("tbc", domain), ("Polcie", None), ("Police", None)], &[]);
    for words in ["??", "tbc", "Polcie", ""] {
        assert!(agencies.find(words).is_none(), "{words:?}");
    }
    assert_eq!(agencies.nearest("Polcie"), Some("Police"));
}

#[test]
fn the_reader_has_the_last_word() {
    let choice = |words: &str, choice| (words.to_owned(), choice);
    let choices = BTreeMap::from([
        choice("polcie", AgencyChoice::SameAs("Police".to_owned())),
        choice(
            "btp",
            AgencyChoice::New {
                name: "British Transport Police".to_owned(),
                kind: AgencyType::Police,
            },
        ),
        choice("hsg", AgencyChoice::NotAnAgency),
    ]);
    let rows = sightings(&[("Police", None), ("Polcie", None), ("BTP", None), ("Hsg", None)]);
    let agencies = Agencies::recognise(&rows, &[], &choices);
    check_one(&agencies, &["Police", "Polcie"]);
    assert_eq!(agencies.find("BTP").unwrap().name, "British Transport Police");
    assert!(agencies.find("Hsg").is_none());
}
