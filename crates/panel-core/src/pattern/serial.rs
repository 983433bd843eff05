//! Serial: one person, several victims, within three years.

use super::{Dated, IncidentFact, Judged, months_before};
use crate::id::PersonId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The look-back, in calendar months.
const LOOK_BACK: u32 = 36;

/// The fewest distinct victims.
const VICTIMS: usize = 2;

/// Whether a person abuses one victim after another, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Serial {
    /// Whether there are two or more victims in the look-back.
    pub flag: bool,
    /// The first day of the look-back, which lies inside.
    pub from: NaiveDate,
    /// Its last day, the day the referral was received, which lies inside.
    pub to: NaiveDate,
    /// Each victim with the incidents inside, earliest first.
    pub victims: BTreeMap<PersonId, Vec<Dated>>,
}

/// Judges a person by every incident that any referral names. Whether it was a crime does not matter
/// here: look-backs in use count all abuse.
pub fn serial(judged: Judged, incidents: &[IncidentFact]) -> Serial {
    let (from, to) = (months_before(judged.received, LOOK_BACK), judged.received);
    let mut victims: BTreeMap<PersonId, Vec<Dated>> = BTreeMap::new();
    for incident in incidents.iter().filter(|fact| from <= fact.date() && fact.date() <= to) {
        victims.entry(incident.victim).or_default().push(Dated::from(incident));
    }
    for dates in victims.values_mut() {
        dates.sort_by_key(|dated| dated.on);
    }
    Serial { flag: victims.len() >= VICTIMS, from, to, victims }
}
