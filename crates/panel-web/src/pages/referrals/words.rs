//! The words of a referral: how it stands, what was decided, and who looks alike.

use crate::view::parts::Colour;
use crate::view::{Link, dates};
use chrono::{DateTime, Utc};
use panel_app::referrals::{Link as Alikeness, Person};
use panel_core::coded::Coded;
use panel_core::id::PersonId;
use panel_core::likeness::Verdict;
use panel_core::referral::{TriageOutcome, TriageStatus};
use panel_core::time::local;

/// How a referral stands, in words and a colour.
pub(in crate::pages) fn state_of(state: TriageStatus) -> (&'static str, Colour) {
    let colour = match state {
        TriageStatus::Received => Colour::Blue,
        TriageStatus::Proposed => Colour::Purple,
        TriageStatus::Accepted => Colour::Green,
        TriageStatus::ReturnedIncomplete => Colour::Yellow,
        TriageStatus::Redirected | TriageStatus::BelowThreshold => Colour::Orange,
        TriageStatus::Urgent => Colour::Pink,
        TriageStatus::Withdrawn => Colour::Grey,
    };
    (state.label(), colour)
}

/// Forename and surname, or what stands in for them.
pub(super) fn name_of(forename: &str, surname: &str) -> String {
    let name = format!("{forename} {surname}");
    let name = name.trim();
    if name.is_empty() { "No name given".to_owned() } else { name.to_owned() }
}

/// An instant as people say it.
pub(super) fn when(at: DateTime<Utc>) -> String {
    let at = local(at);
    dates::date_and_time(at.date(), at.time())
}

/// What an outcome says, beside its name.
pub(super) fn outcome_text(outcome: &TriageOutcome) -> Option<String> {
    match outcome {
        TriageOutcome::Accepted => None,
        TriageOutcome::Urgent { reason } => Some(reason.to_string()),
        TriageOutcome::ReturnedIncomplete { missing, note } => {
            let fields: Vec<&str> = missing.iter().map(|field| field.label()).collect();
            let note = note.as_ref().map(|note| format!("\n{note}")).unwrap_or_default();
            Some(format!("Missing: {}.{note}", fields.join("; ")))
        }
        TriageOutcome::Redirected { service, reason } => Some(format!("To {service}.\n{reason}")),
        TriageOutcome::BelowThreshold { reason, route } => {
            Some(format!("{reason}\nHow it can be looked at again: {route}"))
        }
    }
}

/// Name and date of birth of a record.
pub(in crate::pages) fn record(person: &Person) -> String {
    let born = person.born_on.map(|day| format!(", born {}", dates::date(day)));
    format!("{}{}", name_of(&person.forename, &person.surname), born.unwrap_or_default())
}

/// Ways to the pages on which records that look alike are compared.
pub(in crate::pages) fn alike_links(links: &[Alikeness], own: &[PersonId]) -> Vec<Link> {
    let link = |pair: &Alikeness| {
        let other = if own.contains(&pair.one.id) { &pair.two } else { &pair.one };
        let verdict = match pair.verdict {
            Verdict::Offered => "to be decided",
            Verdict::Same => "called the same person",
            Verdict::Different => "called different people",
        };
        let href = format!("/people/{}/compare/{}", pair.one.id, pair.two.id);
        Link::new(href, format!("{} ({verdict})", record(other)))
    };
    links.iter().map(link).collect()
}
