//! Drafts of referrals, as sentences.

use super::*;
use panel_core::referral::ReferralForm;

fn whole() -> ReferralForm {
    serde_json::from_value(json!({
        "panel": "00000000-0000-0000-0000-00000000000a",
        "received_at": "2026-03-02T10:15:42Z",
        "source": "partner",
        "referring_agency": "00000000-0000-0000-0000-000000000001",
        "referrer": {"name": "Ben Shaw", "email": "b.shaw@police.example"},
        "perpetrator": {
            "name": {"surname": "Ashdown", "known_as": ["Cal", "Ash"]},
            "born": "1988-02-29",
            "other_births": ["1988-03-01"],
            "ethnicity": {"scheme": "police_16", "code": "W1"},
            "addresses": [{"lines": "4 Mill Road", "postcode": "CB4 7HB"}],
            "liberty": "custody", "release_on": "2026-09-01",
        },
        "victims": [{"name": {"surname": "Varga"}, "disabilities": ["sensory"]},
                    {"name": {"surname": "Reed"}, "aware": "no"}],
        "children": [{"unborn": true, "to_perpetrator": "child"}],
        "incidents": [{"happened": "2026-02-20", "victim": 2, "kinds": ["physical"], "gravity": 4}],
        "grounds": {"criteria": ["repeat"], "checklist": 9, "ppit": {"recent": "present"}},
        "context": {"orders": [{"kind": "restraining", "made_on": "2026-01-05"}],
                    "arrangements": {"mappa": "yes"}},
        "gaps": {"victim_telephone": "declined"},
    }))
    .unwrap()
}

#[test]
fn a_referral_survives_the_way_through_the_form() {
    let form = whole();
    let draft = Draft { id: RequestId::from_uuid(form.panel.uuid()), values: typed_of(&form) };
    let (raw, errors) = draft.raw(true, "2026-04-01".parse().unwrap());
    assert_eq!(errors, []);
    assert_eq!(serde_json::from_value::<ReferralForm>(raw).unwrap(), form);
}

#[test]
fn an_entry_that_goes_takes_nobody_elses_answers() {
    let form = whole();
    let mut draft = Draft { id: RequestId::from_uuid(form.panel.uuid()), values: typed_of(&form) };
    draft.remove(List::Victims, 0);
    assert_eq!(draft.count(List::Victims), 1);
    assert_eq!(draft.values.one("victims.0.name.surname"), "Reed");
    assert_eq!(draft.values.one("incidents.0.victim"), "1");
    assert!(!draft.values.has("victims.1.name.surname"));
    draft.remove(List::Victims, 0);
    assert!(!draft.values.has("incidents.0.victim"), "nobody is left to have been harmed");
}

#[test]
fn a_blank_part_takes_away_what_stood_there() {
    let form = whole();
    let mut draft = Draft { id: RequestId::from_uuid(form.panel.uuid()), values: typed_of(&form) };
    let typed = Values::from_urlencoded(b"perpetrator.name.surname=Ash&perpetrator.born-year=88");
    draft.merge(Part::Person, false, &typed.unwrap());
    assert_eq!(draft.values.one("perpetrator.name.surname"), "Ash");
    assert_eq!(draft.values.one("perpetrator.born-day"), "");
    let (_, errors) = draft.raw(false, "2026-04-01".parse().unwrap());
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(draft.asked_in("perpetrator.name.known_as.3", false).unwrap().0, Part::Person);
    assert_eq!(draft.asked_in("victims.1.born", false).unwrap().0, Part::Victim(1));
}
