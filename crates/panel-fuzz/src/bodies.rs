//! What programs send: JSON bodies as the use cases take them.

use crate::{Parser, seeds, today};
use panel_app::{actions, agenda, cases, information, live, series, users};
use panel_core::referral::{ReferralForm, completeness};
use serde::de::DeserializeOwned;

/// A referral, checked as it is received.
pub(crate) const REFERRAL: Parser = Parser { name: "referral", reads: referral, seeds: referrals };
/// The other bodies, each read as each form.
pub(crate) const BODIES: Parser = Parser { name: "bodies", reads: bodies, seeds: others };

fn referral(bytes: &[u8]) {
    let Ok(form) = serde_json::from_slice::<ReferralForm>(bytes) else { return };
    let _ = (form.problems(today(), today()), form.warnings(today()), completeness(&form));
    let kept = serde_json::to_vec(&form).unwrap_or_default();
    assert_eq!(serde_json::from_slice(&kept).ok(), Some(form), "a form is kept as it was sent");
}

fn bodies(bytes: &[u8]) {
    reads::<actions::ActionForm>(bytes);
    reads::<actions::CompleteForm>(bytes);
    reads::<actions::ExtensionForm>(bytes);
    reads::<agenda::ItemForm>(bytes);
    reads::<cases::CaseListForm>(bytes);
    reads::<cases::ClosureForm>(bytes);
    reads::<information::ReplyForm>(bytes);
    reads::<live::RecordForm>(bytes);
    reads::<series::SeriesForm>(bytes);
    reads::<users::SeatForm>(bytes);
}

fn reads<T: DeserializeOwned>(bytes: &[u8]) {
    let _ = serde_json::from_slice::<T>(bytes);
}

const ID: &str = "0198f0a4-0000-7000-8000-000000000001";

fn referrals() -> Vec<Vec<u8>> {
    let form = format!(
        "{{\"panel\":\"{ID}\",\"received_at\":\"2026-03-18T09:30:00Z\",\"source\":\"email\",\"referring_agency\":\"{ID}\",\"perpetrator\":{{\"name\":{{\"surname\":\"Adams\",\
         \"forename\":\"Max\"}},\"date_of_birth\":\"1990-05-01\",\"addresses\":[{{\"lines\":\"9 Lark Close\",\
         \"postcode\":\"ZZ99 3VZ\"}}]}},\"victims\":[{{\"name\":{{\"surname\":\"Varga\",\"forename\":\"Nora\"}}}}],\
         \"children\":[]}}"
    );
    seeds(&[&form, "{}", "null", "[1e400]", "{\"panel\":1,\"panel\":2}"])
}

fn others() -> Vec<Vec<u8>> {
    let action = format!(
        "{{\"panel\":\"{ID}\",\"case\":\"{ID}\",\"text\":\"Visit\",\"agency\":\"{ID}\",\"due\":\"2026-05-14\"}}"
    );
    let seat =
        format!("{{\"panel\":\"{ID}\",\"role\":\"chair\",\"from\":\"2026-01-01\",\"until\":null}}");
    let nested = "[".repeat(5_000);
    seeds(&[
        &action,
        &seat,
        &nested,
        "{\"version\":9007199254740993,\"note\":\"\\ud800\"}",
        "\u{feff}{}",
    ])
}
