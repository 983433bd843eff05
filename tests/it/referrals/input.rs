//! What is typed wrongly: an error beside every field, nothing half done, what is odd kept as typed.

use super::{form, sent, shown};
use panel_app::referrals::{self, Show};
use panel_core::referral::Warning;
use panel_tests::on_both;
use panel_tests::refusal::invalid;
use panel_tests::world::{COORDINATOR, POLICE, World};
use serde_json::{Value, json};

on_both!(
    names_that_deceive_or_break_are_refused_beside_their_field,
    text_is_kept_as_it_was_typed,
    dates_that_cannot_be_are_refused,
    everything_wrong_is_said_at_once_and_nothing_is_kept,
    one_address_for_both_is_asked_about_first,
    postcodes_and_numbers_are_taken_as_people_write_them,
    people_under_eighteen_and_unborn_are_taken,
);

#[track_caller]
fn refused(world: &World, changes: &Value, expected: &[(&str, &str)]) {
    let refused = referrals::receive(&world.by(POLICE), &form(world, changes));
    let errors = invalid(refused);
    let mut found: Vec<(&str, &str)> = errors.iter().map(|e| (&*e.field, e.code)).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{changes}");
    assert!(errors.iter().all(|error| error.message.starts_with(char::is_uppercase)), "{errors:?}");
    let queue = referrals::queue(&world.by(COORDINATOR), None, Show::Waiting, None).unwrap();
    assert!(queue.rows.is_empty(), "{changes} left something behind");
}

fn surname(name: &str) -> Value {
    json!({"perpetrator": {"name": {"surname": name}}})
}

fn names_that_deceive_or_break_are_refused_beside_their_field(world: &World) {
    const FIELD: &str = "perpetrator.name.surname";
    let long = "a".repeat(151);
    let stacked = format!("z{}", "\u{301}".repeat(100_000));
    for (name, code) in [
        ("a\u{0}b", "hidden_characters"),
        ("a\u{7f}b", "hidden_characters"),
        ("a\r\nb", "hidden_characters"),
        ("a\u{202e}b", "hidden_characters"),
        ("a\u{2066}b", "hidden_characters"),
        (&*long, "too_long"),
        (&*stacked, "stacked_marks"),
    ] {
        refused(world, &surname(name), &[(FIELD, code)]);
    }
    // Only blanks is nobody; the other name is taken away too.
    for blank in ["   ", "\u{a0}\u{3164}", "\u{200b}"] {
        let changes = json!({"perpetrator": {"name": {"surname": blank, "known_as": []}}});
        refused(world, &changes, &[(FIELD, "missing")]);
    }
    refused(
        world,
        &json!({"grounds": {"text": "a".repeat(20_001)}}),
        &[("grounds.text", "too_long")],
    );
}

fn text_is_kept_as_it_was_typed(world: &World) {
    for odd in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} {% raw %} <%= %> #{x} {{> partial}} {{{html}}}",
        "#import \"x\": *",
        "'; DROP TABLE referrals; --",
        "</w:t><w:p> &amp;amp;",
        "=HYPERLINK(\"http://x.example\")",
    ] {
        let id = sent(
            &world.by(POLICE),
            &super::over(form(world, &surname(odd)), &json!({"grounds": {"text": odd}})),
        )
        .id;
        let detail = shown(world, id);
        assert_eq!((&*detail.row.surname, detail.form.grounds.text.unwrap().as_str()), (odd, odd));
    }
    // Control characters are dropped from several lines, zero width ones from a name.
    let mixed = json!({
        "perpetrator": {"name": {"surname": "Ash\u{200b}down"}},
        "grounds": {"text": "one\u{0}\u{b}\r\ntwo"},
    });
    let detail = shown(world, sent(&world.by(POLICE), &form(world, &mixed)).id);
    assert_eq!((&*detail.row.surname, detail.form.grounds.text.unwrap().as_str()), {
        ("Ashdown", "one\ntwo")
    });
}

fn dates_that_cannot_be_are_refused(world: &World) {
    for wrong in ["2026-02-30", "2027-02-29", "2026-04-31", "0000-00-00", "10000-01-01", "26", "x"]
    {
        refused(
            world,
            &json!({"perpetrator": {"born": wrong}}),
            &[("perpetrator.born", "not_a_date")],
        );
    }
    for (born, code) in [("2026-04-02", "in_future"), ("1899-12-31", "out_of_range")] {
        refused(world, &json!({"perpetrator": {"born": born}}), &[("perpetrator.born", code)]);
    }
    let incident = |field: &str, date: &str| json!({"incidents": [{field: date, "victim": 1}]});
    refused(world, &incident("happened", "2026-04-02"), &[("incidents.0.happened", "in_future")]);
    refused(
        world,
        &incident("happened", "0001-01-01"),
        &[("incidents.0.happened", "out_of_range")],
    );
    let released = json!({"perpetrator": {"release_on": "9999-12-31"}});
    refused(world, &released, &[("perpetrator.release_on", "out_of_range")]);
    let known_first = json!({"incidents": [
        {"happened": "2026-03-20", "identified": "2026-03-19", "victim": 1},
        {"happened": "2026-03-20", "victim": 7},
    ]});
    refused(
        world,
        &known_first,
        &[("incidents.0.identified", "before_incident"), ("incidents.1.victim", "no_such_victim")],
    );
}

fn everything_wrong_is_said_at_once_and_nothing_is_kept(world: &World) {
    refused(
        world,
        &json!({
            "role": "coordinator",
            "perpetrator": {"name": {"surname": "a\u{202e}"}, "gender": "x"},
            "referrer": {"email": "b@localhost", "telephone": "call her"},
            "victims": [{"name": {"surname": "Varga"}, "address": {"postcode": "!"}, "version": 1}],
        }),
        &[
            ("perpetrator.gender", "not_an_option"),
            ("perpetrator.name.surname", "hidden_characters"),
            ("referrer.email", "not_an_address"),
            ("referrer.telephone", "not_a_telephone"),
            ("role", "unknown_field"),
            ("victims.0.address.postcode", "not_a_postcode"),
            ("victims.0.version", "unknown_field"),
        ],
    );
}

fn one_address_for_both_is_asked_about_first(world: &World) {
    let same = json!({"perpetrator": {
        "addresses": [{"lines": "9 LARK close,  fenbridge", "postcode": "zz992aa"}],
    }});
    refused(world, &same, &[("perpetrator.addresses.0.lines", "same_address")]);
    let confirmed = super::over(form(world, &same), &json!({"confirmed": ["same_address"]}));
    let receipt = sent(&world.by(POLICE), &confirmed);
    assert_eq!(receipt.warnings, [Warning::SameAddress]);
    let together =
        super::over(form(world, &same), &json!({"perpetrator": {"lives_with_victim": "always"}}));
    assert!(sent(&world.by(POLICE), &together).warnings.is_empty());
}

fn postcodes_and_numbers_are_taken_as_people_write_them(world: &World) {
    for (typed, kept) in
        [("SW1A1AA", "SW1A 1AA"), ("sw1a 1aa", "SW1A 1AA"), ("ZZ99 3VZ", "ZZ99 3VZ")]
    {
        let changes =
            json!({"perpetrator": {"addresses": [{"lines": "1 High Street", "postcode": typed}]}});
        let detail = shown(world, sent(&world.by(POLICE), &form(world, &changes)).id);
        assert_eq!(detail.people[0].postcode, kept);
    }
    let changes = json!({"perpetrator": {"telephone": "+44 (0)7700 900-123"}});
    let detail = shown(world, sent(&world.by(POLICE), &form(world, &changes)).id);
    assert_eq!(detail.form.perpetrator.telephone.unwrap().as_str(), "+447700900123");
}

fn people_under_eighteen_and_unborn_are_taken(world: &World) {
    let young = json!({
        "perpetrator": {"born": "2009-05-01"},
        "children": [{"unborn": true}, {"name": {"forename": "Kit"}, "born": "2020-01-01"}],
    });
    let receipt = sent(&world.by(POLICE), &form(world, &young));
    assert_eq!(receipt.warnings, [Warning::YoungPerpetrator]);
    let people = shown(world, receipt.id).people;
    let unborn: Vec<bool> = people.iter().map(|person| person.unborn).collect();
    assert_eq!(unborn, [false, false, true, false]);
}
