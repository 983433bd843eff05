//! What waits beside an action and what became of it, in words.

use crate::view::dates;
use chrono::NaiveDate;
use panel_app::actions::ActionPage;
use panel_core::action::{Extension, ExtensionAnswer, ReceiverDue, Transfer, TransferState};
use panel_core::id::{AgencyId, UserId};

/// A day with its weekday.
pub(super) fn day(on: NaiveDate) -> String {
    dates::with_weekday(on)
}

/// The name of a person, or the service's own when nobody did it.
pub(super) fn name_of(by: Option<&(UserId, String)>) -> &str {
    by.map_or("Panel", |(_, name)| name.as_str())
}

fn person(found: &ActionPage, id: UserId) -> &str {
    found.people.get(&id).map_or("somebody", String::as_str)
}

pub(super) fn agency(found: &ActionPage, id: AgencyId) -> &str {
    found.agencies.get(&id).map_or("an agency", String::as_str)
}

/// A request for more time, with its reason.
pub(super) fn waits(found: &ActionPage, asked: &Extension) -> String {
    format!(
        "{} asked on {} for {} instead of {}: “{}”",
        person(found, asked.asked_by.user),
        day(asked.asked_on),
        day(asked.proposed),
        day(asked.due_then),
        asked.reason.as_str()
    )
}

/// What became of a request for more time.
pub(super) fn answered(found: &ActionPage, asked: &Extension) -> String {
    match &asked.answer {
        ExtensionAnswer::Awaited => "Waits for an answer".to_owned(),
        ExtensionAnswer::Agreed { by, on, due } => {
            format!("Agreed to {} by {} on {}", day(*due), person(found, *by), day(*on))
        }
        ExtensionAnswer::Refused { by, on, reason } => {
            format!("Refused by {} on {}: “{}”", person(found, *by), day(*on), reason.as_str())
        }
        ExtensionAnswer::Lapsed { on } => {
            format!("Ended on {}, because the action had ended or moved", day(*on))
        }
    }
}

/// A proposal to hand the action over, with its reason.
pub(super) fn proposal(found: &ActionPage, asked: &Transfer) -> String {
    format!(
        "{} proposed on {} that {} take it over from {}: “{}”",
        person(found, asked.proposed_by.user),
        day(asked.proposed_on),
        agency(found, asked.to),
        agency(found, asked.from),
        asked.reason.as_str()
    )
}

/// What became of a proposal.
pub(super) fn transferred(found: &ActionPage, asked: &Transfer) -> String {
    match &asked.state {
        TransferState::Proposed => "Waits for an answer".to_owned(),
        TransferState::Accepted { by, on, due } => {
            let accepted = format!("Accepted by {} on {}", person(found, *by), day(*on));
            match due {
                ReceiverDue::Kept => accepted,
                ReceiverDue::Proposed { due, .. } => {
                    format!("{accepted}; {} waits for the chair", day(*due))
                }
                ReceiverDue::Agreed { due, .. } => format!("{accepted}, with {}", day(*due)),
                ReceiverDue::Declined { due, .. } => {
                    format!("{accepted}; the chair did not agree to {}", day(*due))
                }
            }
        }
        TransferState::Refused { by, on, reason } => {
            format!("Declined by {} on {}: “{}”", person(found, *by), day(*on), reason.as_str())
        }
        TransferState::Revoked { by, on } => {
            format!("Taken back by {} on {}", person(found, *by), day(*on))
        }
        TransferState::Lapsed { on } => {
            format!("Ended on {}, because the action had ended or moved", day(*on))
        }
    }
}

/// The other due date that a receiver asked for, while it waits for the chair.
pub(super) fn dated(asked: &Transfer) -> Option<String> {
    let TransferState::Accepted { due: ReceiverDue::Proposed { due, due_then }, .. } = &asked.state
    else {
        return None;
    };
    let now = due_then.map_or_else(|| "no due date".to_owned(), day);
    Some(format!("The agency that took it over asks for {} instead of {now}.", day(*due)))
}
