//! Records that may be one person: offered with evidence, decided, taken back, corrected.

use super::{accepted, decided, form, other, referred, sent, shown};
use panel_app::cases;
use panel_app::people::{self as persons, PersonForm};
use panel_app::referrals;
use panel_core::id::PersonId;
use panel_core::likeness::Verdict;
use panel_core::referral::TriageStatus;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, World, day};
use serde_json::json;

on_both!(
    somebody_alike_is_pointed_out_before_the_form_is_sent,
    who_is_out_of_sight_is_made_anew_in_silence,
    one_person_from_two_agencies_is_one_case_with_two_referrals,
    a_link_waits_for_a_decision_before_a_case_is_opened,
    links_are_taken_back,
    links_never_contradict_one_another,
    only_who_runs_a_panel_that_names_both_links_them,
    a_forged_letter_still_finds_its_like,
    a_record_is_corrected_and_agencies_are_to_look_again,
    a_correction_is_checked_like_a_form,
    a_user_of_that_name_is_pointed_out_to_the_coordinator,
);

fn from_housing(world: &World, changes: &serde_json::Value) -> serde_json::Value {
    let own = json!({"referring_agency": world.town().housing.to_string()});
    form(world, &super::over(own, changes))
}

fn somebody_alike_is_pointed_out_before_the_form_is_sent(world: &World) {
    referred(world);
    let spelt = json!({"perpetrator": {"name": {"surname": "Ashdowne", "forename": "Calum"}}});
    let found = referrals::alike(&world.by(POLICE), &form(world, &spelt)).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].person.name(), "Callum Ashdown");
    let words: Vec<&str> = found[0].likeness.evidence.iter().map(|one| &*one.words).collect();
    assert!(words.iter().any(|words| words.contains("same birth date")), "{words:?}");
    // Housing has no part in it, so nothing is said.
    assert!(referrals::alike(&world.by(HOUSING), &from_housing(world, &spelt)).unwrap().is_empty());
    not_found(referrals::alike(&world.by(OUTSIDER), &form(world, &spelt)));
}

fn who_is_out_of_sight_is_made_anew_in_silence(world: &World) {
    let first = referred(world);
    let receipt = sent(&world.by(HOUSING), &from_housing(world, &json!({})));
    let seen = referrals::show(&world.by(HOUSING), receipt.id).unwrap();
    assert!(seen.links.is_empty() && !seen.may.link);
    let offered = persons::offers(&world.by(COORDINATOR)).unwrap();
    let pairs: Vec<(String, PersonId, PersonId)> =
        offered.iter().map(|link| (link.one.name(), link.one.id, link.two.id)).collect();
    let (old, new) = (shown(world, first).people, shown(world, receipt.id).people);
    let expected = [
        ("Nóra Varga".to_owned(), old[1].id, new[1].id),
        ("Callum Ashdown".to_owned(), old[0].id, new[0].id),
    ];
    assert_eq!(pairs, expected);
    assert!(persons::offers(&world.by(POLICE)).unwrap().is_empty());
    assert!(persons::offers(&world.by(OUTSIDER)).unwrap().is_empty());
}

fn one_person_from_two_agencies_is_one_case_with_two_referrals(world: &World) {
    let (one, two) =
        (referred(world), sent(&world.by(HOUSING), &from_housing(world, &json!({}))).id);
    let (first, second) = (shown(world, one).people[0].id, shown(world, two).people[0].id);
    persons::decide(&world.by(COORDINATOR), first, second, Verdict::Same).unwrap();
    let case = accepted(world, one);
    let content = cases::show(&world.by(COORDINATOR), case).unwrap().row.content_version;
    assert_eq!(accepted(world, two), case);
    let page = cases::show(&world.by(HOUSING), case).unwrap();
    assert_eq!(page.referrals.len(), 2);
    assert_eq!(page.agencies.len(), 2);
    assert_eq!(page.row.content_version, content + 1);
}

fn a_link_waits_for_a_decision_before_a_case_is_opened(world: &World) {
    let one = referred(world);
    accepted(world, one);
    let two = sent(&world.by(HOUSING), &from_housing(world, &json!({}))).id;
    let early = decided(world, CHAIR, two, TriageStatus::Accepted);
    assert_eq!(rule(early).0, "undecided_likeness");
    assert_eq!(shown(world, two).row.state, TriageStatus::Received);
    let (first, second) = (shown(world, one).people[0].id, shown(world, two).people[0].id);
    persons::decide(&world.by(CHAIR), first, second, Verdict::Different).unwrap();
    assert_ne!(Some(accepted(world, two)), shown(world, one).row.case);
}

fn links_are_taken_back(world: &World) {
    let (one, two) = (referred(world), referred(world));
    let (first, second) = (shown(world, one).people[0].id, shown(world, two).people[0].id);
    let say = |verdict| persons::decide(&world.by(COORDINATOR), second, first, verdict).unwrap();
    let root = || persons::show(&world.by(COORDINATOR), second).unwrap().root;
    say(Verdict::Same);
    assert_eq!(root(), first);
    let link = persons::compare(&world.by(COORDINATOR), first, second).unwrap();
    assert_eq!((link.one.id, link.verdict, link.decided_by), {
        (first, Verdict::Same, Some(world.by(COORDINATOR).user()))
    });
    say(Verdict::Offered);
    assert_eq!(root(), second);
    let link = persons::compare(&world.by(COORDINATOR), first, second).unwrap();
    assert_eq!((link.verdict, link.decided_by), (Verdict::Offered, None));
}

fn links_never_contradict_one_another(world: &World) {
    let people =
        [referred(world), referred(world), referred(world)].map(|id| shown(world, id).people[0].id);
    let [a, b, c] = people;
    let say = |one, two, verdict| persons::decide(&world.by(COORDINATOR), one, two, verdict);
    say(a, b, Verdict::Same).unwrap();
    say(a, c, Verdict::Different).unwrap();
    assert_eq!(rule(say(b, c, Verdict::Same)).0, "contradiction");
    assert_eq!(persons::show(&world.by(COORDINATOR), c).unwrap().root, c);
    say(a, c, Verdict::Offered).unwrap();
    say(b, c, Verdict::Same).unwrap();
    assert_eq!(persons::show(&world.by(COORDINATOR), c).unwrap().root, a);
    assert_eq!(rule(say(a, c, Verdict::Different)).0, "contradiction");
}

fn only_who_runs_a_panel_that_names_both_links_them(world: &World) {
    let here = shown(world, referred(world)).people[0].id;
    let town = world.town();
    let there = json!({
        "panel": town.elsewhere.to_string(), "referring_agency": town.westshire.to_string(),
    });
    let raw = form(world, &there);
    let id = sent(&world.by(OUTSIDER), &raw).id;
    let west = referrals::show(&world.by(OUTSIDER), id).unwrap().people[0].id;
    for email in [COORDINATOR, OUTSIDER, POLICE] {
        not_found(persons::compare(&world.by(email), here, west));
        not_found(persons::decide(&world.by(email), here, west, Verdict::Same));
    }
    // Somebody who runs both panels is asked.
    assert!(persons::offers(&world.by(COORDINATOR)).unwrap().is_empty());
    let both = (town.elsewhere, panel_core::access::Role::Coordinator);
    world.person("both@council.example", "Bo Both", town.council, Some(both));
    let user = world.by("both@council.example").user();
    let seat = panel_app::users::SeatForm {
        panel: town.panel,
        role: panel_core::access::Role::Coordinator,
        from: day("2020-01-01"),
        until: None,
        deputy_for: None,
    };
    panel_app::users::seat(&world.operator(), user, &seat).unwrap();
    let ctx = world.by("both@council.example");
    assert_eq!(persons::offers(&ctx).unwrap().len(), 2);
    persons::decide(&ctx, here, west, Verdict::Same).unwrap();
    // Neither coordinator learns of the other panel's referral by it.
    let page = cases::search(&world.by(COORDINATOR), "ashdown").unwrap();
    assert_eq!(page.referrals.len(), 1);
    not_found(persons::show(&world.by(COORDINATOR), west));
}

fn a_forged_letter_still_finds_its_like(world: &World) {
    let smith = json!({"perpetrator": {
        "name": {"surname": "Smith", "forename": "Paul", "known_as": []}, "born": null,
        "addresses": [],
    }});
    sent(&world.by(POLICE), &form(world, &smith));
    // The first two letters are Cyrillic.
    let forged = json!({"perpetrator": {
        "name": {"surname": "Smith", "forename": "\u{420}\u{430}ul", "known_as": []},
        "born": null, "addresses": [],
    }});
    let raw = form(world, &forged);
    assert_eq!(referrals::alike(&world.by(POLICE), &raw).unwrap().len(), 1);
    let receipt = sent(&world.by(POLICE), &raw);
    assert_eq!(receipt.warnings, [panel_core::referral::Warning::MixedAlphabets]);
    assert!(
        referrals::alike(&world.by(HOUSING), &from_housing(world, &forged)).unwrap().is_empty()
    );
}

fn corrected(surname: &str) -> PersonForm {
    PersonForm {
        surname: surname.to_owned(),
        forename: "Callum".to_owned(),
        known_as: vec!["Cal".to_owned()],
        born_on: Some(day("1988-03-01")),
        ..PersonForm::default()
    }
}

fn a_record_is_corrected_and_agencies_are_to_look_again(world: &World) {
    let id = referred(world);
    let case = accepted(world, id);
    let person = shown(world, id).people[0].clone();
    let before = cases::show(&world.by(COORDINATOR), case).unwrap().row.content_version;
    let form = corrected("Ashdowne");
    persons::correct(&world.by(COORDINATOR), person.id, person.version, &form).unwrap();
    let page = cases::show(&world.by(COORDINATOR), case).unwrap();
    assert_eq!((&*page.row.surname, page.row.content_version), ("Ashdowne", before + 1));
    // What was received stays as it was.
    let detail = shown(world, id);
    assert_eq!(detail.form.perpetrator.name.surname.unwrap().as_str(), "Ashdown");
    stale(persons::correct(&world.by(COORDINATOR), person.id, person.version, &form));
    not_found(persons::correct(&world.by(POLICE), person.id, 2, &form));
    not_found(persons::correct(&world.by(OUTSIDER), person.id, 2, &form));
    // A later correction of the referral does not take that back where it says nothing new.
    let raw = super::form(world, &json!({"grounds": {"text": "More."}}));
    let mut raw = raw;
    raw["victims"][0]["id"] = json!(detail.people[1].id.to_string());
    let version = super::version(world, id);
    referrals::correct(&world.by(COORDINATOR), id, version, &raw).unwrap();
    assert_eq!(shown(world, id).people[0].surname, "Ashdowne");
}

fn a_correction_is_checked_like_a_form(world: &World) {
    let person = shown(world, referred(world)).people[0].clone();
    let wrong = PersonForm {
        surname: "a\u{202e}b".to_owned(),
        born_on: Some(day("2026-04-02")),
        postcode: "<b>".to_owned(),
        ..corrected("x")
    };
    let ctx = world.by(COORDINATOR);
    let errors = invalid(persons::correct(&ctx, person.id, 1, &wrong));
    let found: Vec<_> = errors.iter().map(|error| (&*error.field, error.code)).collect();
    let expected = [
        ("surname", "hidden_characters"),
        ("born_on", "in_future"),
        ("postcode", "not_a_postcode"),
    ];
    assert_eq!(found, expected);
    let nobody = PersonForm { surname: String::new(), known_as: Vec::new(), ..corrected("x") };
    assert_eq!(invalid(persons::correct(&ctx, person.id, 1, &nobody))[0].field, "surname");
}

fn a_user_of_that_name_is_pointed_out_to_the_coordinator(world: &World) {
    let named = json!({"perpetrator": {"name": {"surname": "Nair", "forename": "Priya"}}});
    let id = sent(&world.by(POLICE), &form(world, &named)).id;
    assert!(shown(world, id).named_like_a_user);
    assert!(!referrals::show(&world.by(POLICE), id).unwrap().named_like_a_user);
    let id = sent(&world.by(POLICE), &other(world, "Quill", "1980-01-01")).id;
    assert!(!shown(world, id).named_like_a_user);
}
