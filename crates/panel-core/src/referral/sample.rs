//! Invented referrals for tests: the least that is taken, and one that lacks nothing.

use super::ReferralForm;

/// The few facts without which nothing can be filed.
pub(super) const LEAST: &str = r#"{
    "panel": "00000000-0000-0000-0000-00000000000a",
    "received_at": "2026-03-02T10:15:00Z",
    "source": "partner",
    "referring_agency": "00000000-0000-0000-0000-000000000001",
    "perpetrator": {"name": {"surname": "Ashdown"}}
}"#;

/// Every field that is asked for.
pub(super) const WHOLE: &str = r#"{
    "panel": "00000000-0000-0000-0000-00000000000a",
    "received_at": "2026-03-02T10:15:00Z",
    "source": "marac",
    "referring_agency": "00000000-0000-0000-0000-000000000001",
    "referrer": {"name": "Ines Okoro", "email": "ines.okoro@police.example.org"},
    "perpetrator": {
        "name": {"surname": "Ashdown", "forename": "Callum", "known_as": ["Cal"]},
        "born": "1988-02-29", "gender": "man",
        "ethnicity": {"scheme": "police_16", "code": "W1"},
        "addresses": [{"lines": "4 Mill Road, Fenbridge", "postcode": "zz991aa"}],
        "first_language": "English", "lives_with_victim": "no", "liberty": "custody",
        "release_on": "2026-06-01", "position_of_trust": "no"
    },
    "victims": [{
        "name": {"surname": "Varga", "forename": "Nóra"}, "born": "1991-07-04",
        "address": {"lines": "9 Lark Close, Fenbridge", "postcode": "ZZ99 2AA"},
        "telephone": "07700 900 123", "safe_to_call": "yes", "relationship": "former_partner",
        "aware": "no", "unaware_reason": "It is not safe to tell her yet.",
        "consent": "yes", "advocate": "Priya Mistry", "afraid_of": "Him and his brother",
        "safe_to_talk_to": "Her sister", "not_safe_to_talk_to": "His mother",
        "wants_police": "not_known", "wishes": "To stay in her home"
    }],
    "any_children": "yes",
    "children": [{"unborn": true, "to_perpetrator": "child"}],
    "incidents": [{"happened": "2026-02-20", "victim": 1, "kinds": ["physical"], "gravity": 3}],
    "grounds": {"criteria": ["professional_judgement"], "text": "He is escalating."},
    "context": {
        "weapons": "None known", "risks_to_staff": "Visit in pairs", "new_partner": "not_known",
        "arrangements": {"mappa": "no", "marac": "yes"}, "other_panel": "no"
    }
}"#;

pub(super) fn read(json: &str) -> ReferralForm {
    serde_json::from_str(json).expect("a referral form")
}
