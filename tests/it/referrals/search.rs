//! Finding people by any of their names, in any script, and pages of lists.

use super::{accepted, form, other, sent};
use panel_app::AppError;
use panel_app::cases;
use panel_app::referrals::{self, Show};
use panel_store::cases::CaseFilter;
use panel_tests::on_both;
use panel_tests::refusal::invalid;
use panel_tests::world::{COORDINATOR, POLICE, World};
use serde_json::json;

on_both!(
    x7_names_of_every_script_are_kept_and_found,
    a_search_takes_every_word_from_its_beginning,
    what_is_typed_is_never_a_pattern,
    a_search_needs_three_letters,
    lists_go_page_by_page,
);

fn named(world: &World, surname: &str, forename: &str) -> serde_json::Value {
    let name = json!({"surname": surname, "forename": forename, "known_as": []});
    form(world, &json!({"perpetrator": {"name": name, "born": null, "addresses": []}}))
}

#[track_caller]
fn finds(world: &World, query: &str, expected: &[&str]) {
    let found = cases::search(&world.by(COORDINATOR), query).unwrap();
    let mut surnames: Vec<&str> = found
        .cases
        .iter()
        .map(|row| &*row.surname)
        .chain(found.referrals.iter().map(|row| &*row.surname))
        .collect();
    surnames.sort_unstable();
    assert_eq!(surnames, expected, "{query:?}");
}

fn x7_names_of_every_script_are_kept_and_found(world: &World) {
    let long = "á".repeat(150);
    for (surname, forename) in [
        ("O'Neill", "Siân"),
        ("D’Arcy", "Zoe\u{308}"),
        ("Nguyễn", "Thị"),
        ("李小龍", "Wei"),
        ("ap Rhys", "X"),
        (&*long, "Ann"),
        ("Новак", "Анна"),
    ] {
        let id = sent(&world.by(POLICE), &named(world, surname, forename)).id;
        let row = referrals::show(&world.by(POLICE), id).unwrap().row;
        assert_eq!(row.surname, surname);
    }
    finds(world, "oneill", &["O'Neill"]);
    finds(world, "SIAN o’n", &["O'Neill"]);
    finds(world, "darcy zoë", &["D’Arcy"]);
    finds(world, "nguyen", &["Nguyễn"]);
    finds(world, "李小龍", &["李小龍"]);
    finds(world, "rhys", &["ap Rhys"]);
    finds(world, "новак", &["Новак"]);
    finds(world, "ááá", &[&long]);
}

fn a_search_takes_every_word_from_its_beginning(world: &World) {
    let id = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    sent(&world.by(POLICE), &other(world, "Ashby", "1970-01-01"));
    finds(world, "ash", &["Ashby", "Ashdown"]);
    finds(world, "callum ash", &["Ashdown"]);
    finds(world, "ash callum", &["Ashdown"]);
    finds(world, "shdown", &[]);
    finds(world, "callum ashby", &[]);
    // Other names, and those of victims.
    finds(world, "cal", &["Ashdown"]);
    finds(world, "nora varga", &["Ashdown"]);
    let reference = referrals::show(&world.by(POLICE), id).unwrap().row.reference;
    finds(world, &reference.to_lowercase(), &["Ashdown"]);
    finds(world, reference.split_at(5).0, &["Ashdown"]);
    // Once there is a case, the case is found, by its own reference and by that of the person.
    let case = accepted(world, id);
    let found = cases::search(&world.by(COORDINATOR), "ashdown").unwrap();
    assert_eq!((found.cases.len(), found.referrals.len()), (1, 0));
    let reference = cases::show(&world.by(POLICE), case).unwrap().row.reference;
    finds(world, &reference, &["Ashdown"]);
}

fn what_is_typed_is_never_a_pattern(world: &World) {
    sent(&world.by(POLICE), &form(world, &json!({})));
    for query in ["%%%", "___", "ash%", "a_hdown", "(a+)+$", "'; DROP TABLE people; --", "\\\\\\"] {
        let found = match cases::search(&world.by(COORDINATOR), query) {
            Ok(found) => found.cases.len() + found.referrals.len(),
            Err(AppError::Invalid(_)) => 0,
            Err(other) => panic!("{query}: {other:?}"),
        };
        assert_eq!(found, 0, "{query}");
    }
    finds(world, "ashdown", &["Ashdown"]);
}

fn a_search_needs_three_letters(world: &World) {
    for query in ["", "as", "  a s ", "\u{200b}\u{200b}as", "..."] {
        let errors = invalid(cases::search(&world.by(COORDINATOR), query));
        assert_eq!((&*errors[0].field, errors[0].code), ("query", "too_short"), "{query:?}");
    }
}

fn lists_go_page_by_page(world: &World) {
    let ctx = world.by(COORDINATOR);
    for n in 0..53 {
        // Two of an instant, so that the order is told by more than the time.
        world.set(&format!("2026-04-01 {:02}:{:02}", 9 + n / 60, (n % 60) / 2));
        let surname = format!("Family{}{}", char::from(b'a' + n / 26), char::from(b'a' + n % 26));
        let id = sent(&world.by(POLICE), &other(world, &surname, "1970-01-01")).id;
        if n < 51 {
            super::decided(world, panel_tests::world::CHAIR, id, {
                panel_core::referral::TriageStatus::Redirected
            })
            .unwrap();
        }
    }
    let panel = Some(world.town().panel);
    let first = referrals::queue(&ctx, panel, Show::Decided, None).unwrap();
    let second = referrals::queue(&ctx, panel, Show::Decided, first.next).unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), second.next), (50, 1, None));
    let mut surnames: Vec<String> =
        first.rows.into_iter().chain(second.rows).map(|row| row.surname).collect();
    assert_eq!((&*surnames[0], &*surnames[50]), ("Familyby", "Familyaa"));
    surnames.dedup();
    assert_eq!(surnames.len(), 51);
    let waiting = referrals::queue(&ctx, panel, Show::Waiting, None).unwrap();
    let names: Vec<&str> = waiting.rows.iter().map(|row| &*row.surname).collect();
    assert_eq!(names, ["Familybz", "Familyca"]);
    let elsewhere = Some(world.town().elsewhere);
    let none = referrals::queue(&ctx, elsewhere, Show::Waiting, None).unwrap();
    assert!(none.rows.is_empty());
    assert!(cases::list(&ctx, CaseFilter::default(), None).unwrap().rows.is_empty());
}
