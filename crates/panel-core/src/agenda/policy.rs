//! What a panel's agendas have in common: minutes allotted, when one is too full, what always stands.

use super::Section;
use crate::text::Title;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An item that stands on every agenda of a panel, besides the headings of the published order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StandingItem {
    /// Where it stands; before the cases of the section.
    pub section: Section,
    /// Its heading.
    pub title: Title,
    /// Minutes allotted.
    pub minutes: i32,
}

/// Minutes and limits that a panel allots. A setting that a stored policy lacks has its default;
/// reading one checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self", default, deny_unknown_fields)]
pub struct AgendaPolicy {
    /// Minutes for the opening.
    pub opening_minutes: i32,
    /// Minutes for incomplete actions.
    pub actions_minutes: i32,
    /// Minutes for a new case.
    pub new_case_minutes: i32,
    /// Minutes for a review, a notice or a closure.
    pub review_minutes: i32,
    /// Minutes for any other business.
    pub other_minutes: i32,
    /// Cases above which the agenda warns.
    pub case_limit: usize,
    /// What else stands on every agenda, in order.
    pub standing: Vec<StandingItem>,
}

impl Default for AgendaPolicy {
    fn default() -> Self {
        Self {
            opening_minutes: 10,
            actions_minutes: 15,
            new_case_minutes: 15,
            review_minutes: 10,
            other_minutes: 10,
            case_limit: 16,
            standing: Vec::new(),
        }
    }
}

/// Why settings do not make an agenda policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgendaPolicyError {
    /// Minutes out of bounds.
    #[error("an item takes 0 to 240 minutes, not {0}")]
    Minutes(i32),
    /// A limit out of bounds.
    #[error("an agenda warns above 1 to 200 cases, not {0}")]
    CaseLimit(usize),
    /// More standing items than an agenda can take.
    #[error("at most 20 items stand on every agenda, not {0}")]
    Standing(usize),
}

/// The most items that stand on every agenda.
pub const MOST_STANDING: usize = 20;

/// The most minutes that one item may be allotted.
pub const MOST_MINUTES: i32 = 240;

impl AgendaPolicy {
    /// Checks the bounds.
    ///
    /// # Errors
    /// [`AgendaPolicyError`], with the value at fault.
    pub fn check(self) -> Result<Self, AgendaPolicyError> {
        let own = [
            self.opening_minutes,
            self.actions_minutes,
            self.new_case_minutes,
            self.review_minutes,
            self.other_minutes,
        ];
        let standing = self.standing.iter().map(|item| item.minutes);
        let mut all = own.into_iter().chain(standing);
        if let Some(minutes) = all.find(|minutes| !(0..=MOST_MINUTES).contains(minutes)) {
            return Err(AgendaPolicyError::Minutes(minutes));
        }
        if !(1..=200).contains(&self.case_limit) {
            return Err(AgendaPolicyError::CaseLimit(self.case_limit));
        }
        if self.standing.len() > MOST_STANDING {
            return Err(AgendaPolicyError::Standing(self.standing.len()));
        }
        Ok(self)
    }

    /// The minutes that an item of this section is allotted.
    pub const fn minutes(&self, section: Section) -> i32 {
        match section {
            Section::Opening => self.opening_minutes,
            Section::Actions => self.actions_minutes,
            Section::Children | Section::Adults | Section::Deferred => self.new_case_minutes,
            Section::Reviews | Section::TwelveMonths | Section::Closures => self.review_minutes,
            Section::Other => self.other_minutes,
        }
    }
}

impl Serialize for AgendaPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for AgendaPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)?.check().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(json: &str, words: &str) {
        let error = serde_json::from_str::<AgendaPolicy>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn a_stored_policy_is_checked_and_fills_in_defaults() {
        assert_eq!(serde_json::from_str::<AgendaPolicy>("{}").unwrap(), AgendaPolicy::default());
        let json = serde_json::to_string(&AgendaPolicy::default()).unwrap();
        assert_eq!(serde_json::from_str::<AgendaPolicy>(&json).unwrap(), AgendaPolicy::default());
        refused(r#"{"review_minutes":-1}"#, "0 to 240 minutes, not -1");
        refused(r#"{"case_limit":0}"#, "1 to 200 cases, not 0");
        refused(
            r#"{"standing":[{"section":"other","title":"Training","minutes":999}]}"#,
            "not 999",
        );
        refused(r#"{"limit":3}"#, "unknown field `limit`");
    }
}
