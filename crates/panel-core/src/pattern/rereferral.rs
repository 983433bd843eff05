//! Re-referral: the person was with a panel before, and the case was closed.

use super::Judged;
use crate::id::CaseId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// A case of the person that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closure {
    /// Which case.
    pub case: CaseId,
    /// The local date on which it was closed.
    pub on: NaiveDate,
}

/// Whether a person returns, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rereferral {
    /// Whether a case had been closed before the referral was received.
    pub flag: bool,
    /// The closed cases, latest first.
    pub closures: Vec<Closure>,
}

/// Judges a person by the cases closed at any time before the day the referral was received,
/// whichever victim they were about.
pub fn rereferral(judged: Judged, closures: &[Closure]) -> Rereferral {
    let mut before: Vec<Closure> =
        closures.iter().copied().filter(|closure| closure.on < judged.received).collect();
    before.sort_by_key(|closure| Reverse(closure.on));
    Rereferral { flag: !before.is_empty(), closures: before }
}
