//! Referrals and cases, from the form to the closure.

mod cases;
mod flags;
mod input;
mod life;
mod people;
mod scope;
mod search;
mod triage;

pub(crate) use cases::close_case;

use panel_app::referrals::{self, OutcomeForm, Receipt, ReferralDetail, Triaged};
use panel_app::{AppError, Ctx};
use panel_core::id::{CaseId, ReferralId};
use panel_core::referral::TriageStatus;
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World};
use serde_json::{Value, json};

/// Lays `changes` over a value, however deep.
pub(crate) fn over(mut base: Value, changes: &Value) -> Value {
    match (&mut base, changes) {
        (Value::Object(fields), Value::Object(laid_over)) => {
            for (key, change) in laid_over {
                let before = fields.remove(key).unwrap_or(Value::Null);
                fields.insert(key.clone(), over(before, change));
            }
            base
        }
        _ => changes.clone(),
    }
}

/// Callum Ashdown, who abuses Nóra Varga, as the police refer him; `changes` laid over it.
pub(crate) fn form(world: &World, changes: &Value) -> Value {
    let town = world.town();
    let base = json!({
        "panel": town.panel.to_string(),
        "source": "partner",
        "referring_agency": town.police.to_string(),
        "perpetrator": {
            "name": {"surname": "Ashdown", "forename": "Callum", "known_as": ["Cal"]},
            "born": "1988-02-29",
            "addresses": [{"lines": "4 Mill Road, Fenbridge", "postcode": "zz991aa"}],
        },
        "victims": [{
            "name": {"surname": "Varga", "forename": "Nóra"}, "born": "1991-07-04",
            "address": {"lines": "9 Lark Close, Fenbridge", "postcode": "ZZ99 2AA"},
            "telephone": "07700 900 123", "relationship": "former_partner",
        }],
        "incidents": [{"happened": "2026-03-20", "victim": 1, "kinds": ["physical"]}],
        "grounds": {"criteria": ["professional_judgement"]},
    });
    over(base, changes)
}

/// Somebody else altogether, under this surname and born on this day.
pub(crate) fn other(world: &World, surname: &str, born: &str) -> Value {
    let changes = json!({
        "perpetrator": {
            "name": {"surname": surname, "forename": "Tobias", "known_as": []},
            "born": born, "addresses": [],
        },
        "victims": [{"name": {"surname": format!("{surname}-Reed"), "forename": "Imogen"}}],
        "incidents": [],
    });
    form(world, &changes)
}

#[track_caller]
pub(crate) fn sent(ctx: &Ctx<'_>, raw: &Value) -> Receipt {
    referrals::receive(ctx, raw).unwrap()
}

/// Callum Ashdown, referred by the police.
#[track_caller]
pub(crate) fn referred(world: &World) -> ReferralId {
    let raw = form(world, &json!({}));
    sent(&world.by(POLICE), &raw).id
}

#[track_caller]
pub(crate) fn shown(world: &World, id: ReferralId) -> ReferralDetail {
    referrals::show(&world.by(COORDINATOR), id).unwrap()
}

#[track_caller]
pub(crate) fn version(world: &World, id: ReferralId) -> i32 {
    shown(world, id).row.version
}

/// An outcome whose fields are all filled in.
pub(crate) fn outcome(status: TriageStatus) -> OutcomeForm {
    use panel_core::referral::ReferralField::{Grounds, PerpetratorGender};
    OutcomeForm {
        outcome: status,
        missing: vec![Grounds, PerpetratorGender],
        reason: "Told to the referrer.".to_owned(),
        service: "Fenbridge Housing Advice".to_owned(),
        route: "Write to the chair within 14 days.".to_owned(),
    }
}

#[track_caller]
pub(crate) fn decided(
    world: &World,
    email: &str,
    id: ReferralId,
    status: TriageStatus,
) -> Result<Triaged, AppError> {
    referrals::decide(&world.by(email), id, version(world, id), &outcome(status))
}

/// Accepts a referral as the chair.
#[track_caller]
pub(crate) fn accepted(world: &World, id: ReferralId) -> CaseId {
    decided(world, CHAIR, id, TriageStatus::Accepted).unwrap().case.unwrap()
}
