//! The preview of an import: every good row as a draft, every bad row with its reasons. Nothing is
//! saved here; what is confirmed is a matter of the application.

use super::agencies::AgencyGuess;
use super::draft::{ActionDraft, ReferralDraft, RepDraft};
use super::mapping::{Mapping, MappingProblem};
use super::reading::Reading;
use super::remark::{BadRow, Warning};
use super::sheet::Workbook;
use super::status::ReferralWord;
use crate::action::ActionStatus;
use crate::agency::Agency;
use crate::likeness::Pair;
use chrono::NaiveDate;
use serde::Serialize;

/// Everything an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TrackerPreview))]
pub struct Preview {
    /// The good referrals, in the order of the file.
    pub referrals: Vec<ReferralDraft>,
    /// The good actions, in the order of the file.
    pub actions: Vec<ActionDraft>,
    /// The good representatives, in the order of the file.
    pub reps: Vec<RepDraft>,
    /// Every problem of every bad row, by sheet and row.
    pub bad: Vec<BadRow>,
    /// Everything else to know, by sheet and row.
    pub warnings: Vec<Warning>,
    /// The agencies of the file, by name.
    pub agencies: Vec<AgencyGuess>,
    /// Every status word of an action and what it means.
    pub action_words: Vec<WordUse<ActionStatus>>,
    /// Every status word of a referral and what it means.
    pub referral_words: Vec<WordUse<ReferralWord>>,
    /// The meetings that the actions name, in order.
    pub meetings: Vec<NaiveDate>,
    /// People who are offered for linking; nothing is linked by itself.
    pub links: Vec<SamePerson>,
    /// How much of everything.
    pub counts: Counts,
}

/// A status word of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WordUse<T> {
    /// The words as they were first written; empty for cells left blank.
    pub written: String,
    /// The folded words, by which the mapping may give them another meaning.
    pub folded: String,
    /// The rows that have them.
    pub rows: usize,
    /// What they mean; `None` makes those rows bad until somebody says it.
    pub meaning: Option<T>,
}

/// Referrals that are likely to be of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SamePerson {
    /// The places of the referrals in [`Preview::referrals`], in order.
    pub referrals: Vec<usize>,
    /// Why: pairs of those places with what they have in common.
    pub evidence: Vec<Pair>,
}

/// How many rows, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TrackerCounts))]
pub struct Counts {
    /// Rows under the headings of all sheets that are read.
    pub rows: usize,
    /// Good referrals.
    pub referrals: usize,
    /// Good actions.
    pub actions: usize,
    /// Good representatives.
    pub reps: usize,
    /// Bad rows; a row with several problems counts once.
    pub bad_rows: usize,
    /// Rows that stand in the file a second time and are left out.
    pub repeated_rows: usize,
    /// People referred, when everybody offered for linking is linked.
    pub people: usize,
}

/// Reads a workbook by a mapping. `known` are the agencies of Panel, `today` is the local date.
///
/// # Errors
/// Every [`MappingProblem`] when the mapping cannot be used on this workbook.
pub fn preview(
    workbook: &Workbook,
    mapping: &Mapping,
    known: &[Agency],
    today: NaiveDate,
) -> Result<Preview, Vec<MappingProblem>> {
    let problems = mapping.problems(workbook);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Reading::new(workbook, mapping, known, today).finish())
}

#[cfg(test)]
mod tests;
