//! What is kept of one family, in every spelling somebody may write it in.

use super::*;
use crate::text::Narrative;

/// What is kept of Nóra Varga and her daughter.
fn guard() -> Guard {
    let found = Found {
        address: Narrative::parse("9a Lark Close, Fenbridge").ok(),
        postcode: Postcode::parse("ZZ99 2AA").ok(),
        telephone: Telephone::parse("07700 900 123").ok(),
        employer: crate::text::Name::parse("Harrow & Sons Bakery").ok(),
        school: crate::text::Name::parse("St Agnes").ok(),
        ..Found::default()
    };
    let mut guard = Guard::default();
    guard.keep_in(&found);
    guard
}

#[track_caller]
fn check(text: &str, expected: &[(FindKind, &str)]) {
    let finds = guard().finds(text);
    let told: Vec<(FindKind, &str)> = finds.iter().map(|one| (one.kind, &*one.words)).collect();
    assert_eq!(told, expected, "{text}");
}

#[test]
fn what_is_kept_is_found_in_any_spelling_and_spacing() {
    use FindKind as K;
    let leaks = [
        ("She moved to ZZ99 2AA.", K::Postcode, "ZZ99 2AA"),
        ("zz992aa, as before", K::Postcode, "zz992aa"),
        ("near z z 9 9 2 a a", K::Postcode, "z z 9 9 2 a a"),
        ("ZZ99-2AA", K::Postcode, "ZZ99-2AA"),
        ("ZZ99\u{a0}2AA", K::Postcode, "ZZ99\u{a0}2AA"),
        ("ZZ99\u{200b}2AA", K::Postcode, "ZZ99\u{200b}2AA"),
        ("call 07700 900123", K::Telephone, "07700 900123"),
        ("call 0 7 7 0 0 9 0 0 1 2 3", K::Telephone, "0 7 7 0 0 9 0 0 1 2 3"),
        ("call (07700) 900-123", K::Telephone, "07700) 900-123"),
        ("+44 7700 900123 is hers", K::Telephone, "44 7700 900123"),
        ("0044-7700.900.123", K::Telephone, "0044-7700.900.123"),
        ("tel 7700900123", K::Telephone, "7700900123"),
        ("lives at 9a Lark Close", K::Address, "9a Lark Close"),
        ("LIVES AT 9A LARK CLOSE", K::Address, "9A LARK CLOSE"),
        ("at nine a lark close", K::Address, "nine a lark close"),
        ("on Lark Cl, second door", K::Address, "Lark Cl"),
        ("9 A, Lark", K::Address, "9 A, Lark"),
        ("in Larke Close", K::Address, "Larke Close"),
        ("La\u{0301}rk Close", K::Address, "La\u{0301}rk Close"),
        ("works at harrow and", K::Name, ""),
        ("works at Harrow & Sons' bakery", K::Name, "Harrow & Sons' bakery"),
        ("picks her up from St. Agnes", K::Name, "St. Agnes"),
        ("from Saint Agnes at three", K::Name, "Saint Agnes"),
    ];
    for (text, kind, words) in leaks {
        let expected: &[(FindKind, &str)] = if words.is_empty() { &[] } else { &[(kind, words)] };
        check(text, expected);
    }
}

#[test]
fn what_has_the_shape_is_found_whoever_it_belongs_to() {
    check("Moved to 14 Station Road last week", &[(FindKind::Address, "14 Station Road")]);
    check("221b Baker Street", &[(FindKind::Address, "221b Baker Street")]);
    check("now CB4 7HB", &[(FindKind::Postcode, "CB4 7HB")]);
    check("ring 01223 496 000 first", &[(FindKind::Telephone, "01223 496 000")]);
}

#[test]
fn what_panels_write_every_day_is_let_through() {
    for text in [
        "Probation to visit him at his hostel on 14 May at 2pm; 3 breaches in 10 weeks.",
        "Police crime number 35/1234/26, DAPO until 2 June 2027.",
        "IDVA spoke to Nóra Varga on 1 4 26 at 10 2pm. She wants him to stop.",
        "Housing: 2 notices served. He goes his own way, 3 times out of 4.",
        "MARAC 12 heard it; next review 5/11/2026, 6 actions, 14 ticks, gravity 4.",
        "Born 29/02/1988. PPIT 2 2 1 0. Reference K7MQ-4XWP.",
        "A 10 day extension. It is the close of the 2nd quarter.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn what_the_perpetrator_is_known_by_may_stand() {
    let mut guard = guard();
    let who: Perpetrator = serde_json::from_str(
        r#"{"addresses": [{"lines": "4 Mill Road, Fenbridge", "postcode": "zz991aa"}],
            "telephone": "07700 900 777"}"#,
    )
    .unwrap();
    guard.let_stand(&who);
    let text = "He lives at 4 Mill Rd, ZZ99 1AA, tel. 07700 900777. She is at 9a Lark Close.";
    let finds = guard.finds(text);
    assert_eq!(finds.iter().map(|one| &*one.words).collect::<Vec<_>>(), ["9a Lark Close"]);
}

#[test]
fn every_spelling_has_one_key_and_is_told_once() {
    let finds = guard().finds("ZZ99 2AA. I repeat: zz992aa, z z 9 9 2 a a");
    assert_eq!(finds.len(), 1);
    assert_eq!(guard().finds("zz99-2aa")[0].key, finds[0].key);
}

#[test]
fn any_text_is_read_to_its_end() {
    use proptest::prelude::*;
    proptest!(|(text in "\\PC{0,200}")| {
        for find in guard().finds(&text) {
            prop_assert!(text.contains(&find.words));
        }
    });
}

#[test]
fn a_long_text_costs_no_more_than_its_length() {
    let long = "07700 900 ".repeat(20_000);
    let started = std::time::Instant::now();
    guard().finds(&long);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
