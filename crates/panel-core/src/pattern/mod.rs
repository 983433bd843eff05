//! Three patterns of abuse, computed from dates and never ticked: [`repeat`] looks at one pair,
//! [`serial`] at one person's victims, [`rereferral`] at one person's closed cases.
//!
//! They are three flags and are never merged. Each answer carries the rule it was reached by, the
//! anchor and the dates, so that a page can show why.

mod repeat;
mod rereferral;
mod serial;

pub use repeat::{AnchorFact, PairHistory, Repeat, repeat};
pub use rereferral::{Closure, Rereferral, rereferral};
pub use serial::{Serial, serial};

use crate::coded;
use crate::id::{IncidentId, PersonId, ReferralId};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

coded! {
    /// Which further incidents make a repeat. Two published definitions are in use.
    pub enum TriggerSet: "trigger set" {
        /// Any further abuse in the same pair, criminal or not.
        AnyAbuse = "any_abuse" => "Any abuse",
        /// Only what would be a crime if it were reported.
        CrimeOnly = "crime_only" => "Only what would be a crime",
    }
}

coded! {
    /// What the twelve months of a repeat are counted from.
    pub enum AnchorKind: "anchor" {
        /// The day on which the pair's previous referral was received.
        LastReferral = "last_referral" => "Last referral",
        /// The last meeting that heard the pair.
        LastMeeting = "last_meeting" => "Last meeting",
    }
}

/// A panel's definition of a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PatternPolicy {
    /// Which incidents count.
    pub trigger: TriggerSet,
    /// What the window is counted from.
    pub anchor: AnchorKind,
}

impl Default for PatternPolicy {
    fn default() -> Self {
        Self { trigger: TriggerSet::AnyAbuse, anchor: AnchorKind::LastReferral }
    }
}

/// An incident that some referral of the person names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncidentFact {
    /// Which incident.
    pub incident: IncidentId,
    /// Who was harmed.
    pub victim: PersonId,
    /// The local date on which it happened, if anybody knows.
    pub happened: Option<NaiveDate>,
    /// The local date on which an agency learnt of it.
    pub identified: NaiveDate,
    /// Whether it would be a crime if it were reported.
    pub crime: bool,
}

impl IncidentFact {
    /// The date that counts: when it happened, else when it was identified.
    pub fn date(&self) -> NaiveDate {
        self.happened.unwrap_or(self.identified)
    }
}

/// The referral that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Which referral.
    pub referral: ReferralId,
    /// The local date on which it was received.
    pub received: NaiveDate,
}

/// A date that speaks for a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dated {
    /// Which incident.
    pub incident: IncidentId,
    /// The date that counted.
    pub on: NaiveDate,
    /// Whether that is the date identified, because nobody knows when it happened.
    pub by_identification: bool,
}

impl From<&IncidentFact> for Dated {
    fn from(fact: &IncidentFact) -> Self {
        Self {
            incident: fact.incident,
            on: fact.date(),
            by_identification: fact.happened.is_none(),
        }
    }
}

/// The same day so many calendar months on; 29 February becomes 28 February.
fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The same day so many calendar months back; 29 February becomes 28 February.
fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
