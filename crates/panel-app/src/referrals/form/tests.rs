//! Reading a form, as sentences.

use super::*;
use serde_json::json;

/// The least that is taken, with `changes` laid over it.
fn least(changes: &Value) -> Value {
    let mut form = json!({
        "panel": "00000000-0000-0000-0000-00000000000a",
        "received_at": "2026-03-02T10:15:00Z",
        "source": "partner",
        "referring_agency": "00000000-0000-0000-0000-000000000001",
        "perpetrator": {"name": {"surname": "Ashdown"}}
    });
    for (key, value) in changes.as_object().unwrap() {
        form[key] = value.clone();
    }
    form
}

#[track_caller]
fn refused(changes: &Value, expected: &[(&str, &str)]) {
    match read(&least(changes)) {
        Err(AppError::Invalid(errors)) => {
            let found: Vec<(&str, &str)> =
                errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
            assert_eq!(found, expected, "{errors:?}");
        }
        other => panic!("{changes} gave {other:?}"),
    }
}

#[test]
fn every_wrong_field_is_named_at_once_with_its_place() {
    let long = "a".repeat(151);
    refused(
        &json!({
            "perpetrator": {"name": {"surname": long}, "born": "2026-02-30"},
            "victims": [
                {"name": {"surname": "Varga"}},
                {"name": {"forename": "a\u{202e}b"}, "address": {"postcode": "<b>"}},
            ],
            "grounds": {"criteria": ["professional_judgement", "hunch"], "checklist": 300},
        }),
        &[
            ("perpetrator.name.surname", "too_long"),
            ("perpetrator.born", "not_a_date"),
            ("victims.1.name.forename", "hidden_characters"),
            ("victims.1.address.postcode", "not_a_postcode"),
            ("grounds.criteria.1", "not_an_option"),
            ("grounds.checklist", "out_of_range"),
        ],
    );
}

#[test]
fn fields_that_do_not_exist_are_refused_wherever_they_stand() {
    refused(&json!({"role": "coordinator"}), &[("role", "unknown_field")]);
    refused(&json!({"victims": [{"version": 3}]}), &[("victims.0.version", "unknown_field")]);
    refused(
        &json!({"context": {"arrangements": {"mappa": "yes", "scouts": "no"}}}),
        &[("context.arrangements.scouts", "not_an_option")],
    );
}

#[test]
fn wrong_kinds_and_missing_fields_are_named() {
    refused(&json!({"source": null}), &[("source", "missing")]);
    refused(&json!({"victims": ["Nóra"]}), &[("victims.0", "wrong_type")]);
    refused(&json!({"victims": [{"id": "x"}]}), &[("victims.0.id", "not_an_id")]);
    refused(
        &json!({"referrer": {"email": "b@localhost"}}),
        &[("referrer.email", "not_an_address")],
    );
}

#[test]
fn messages_say_whose_field_it_is() {
    let raw = least(&json!({"victims": [{}, {"name": {"surname": "a".repeat(151)}}]}));
    let Err(AppError::Invalid(errors)) = read(&raw) else { panic!("taken") };
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["Victim 2: surname must be 150 characters or fewer, this is 151"]);
}

#[test]
fn blank_text_is_no_answer_and_blank_people_at_the_end_are_not_there() {
    let raw = least(&json!({
        "perpetrator": {"name": {"surname": "Ashdown", "forename": "\u{a0} \u{3164}"}, "born": ""},
        "victims": [{"name": {"surname": "Varga"}}, {"name": {"surname": " "}, "aware": ""}],
        "children": [{"name": {}}],
        "grounds": {"text": "   "},
    }));
    let entry = read(&raw).unwrap();
    assert_eq!(entry.form.perpetrator.name.forename, None);
    assert_eq!((entry.form.victims.len(), entry.form.children.len()), (1, 0));
    assert_eq!((entry.victims, entry.form.grounds.text), (vec![None], None));
}

#[test]
fn a_confirmed_warning_and_a_known_record_are_read_beside_the_form() {
    let id = "00000000-0000-0000-0000-000000000046";
    let raw = least(&json!({"confirmed": ["same_address"], "victims": [{"id": id}, {}]}));
    let entry = read(&raw).unwrap();
    assert_eq!(entry.confirmed, BTreeSet::from([Warning::SameAddress]));
    assert!(entry.victims.is_empty(), "a record without a field is nobody");
}
