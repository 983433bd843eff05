//! The settings by which a panel reviews its cases.

use super::TriggerKind;
use crate::coded::Coded;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How often a case is reviewed. A setting that a stored policy lacks has its default; reading one
/// checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self", default, deny_unknown_fields)]
pub struct ReviewPolicy {
    /// At how many meetings, one after the other, a new case is reviewed: 3.
    pub early_reviews: u8,
    /// After those, at every so many meetings: 2.
    pub then_every: u8,
    /// After how many calendar months unheard the panel is given notice: 12.
    pub notice_months: u8,
    /// The events that bring a review forward: all of them.
    pub triggers: Vec<TriggerKind>,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self {
            early_reviews: 3,
            then_every: 2,
            notice_months: 12,
            triggers: TriggerKind::ALL.to_vec(),
        }
    }
}

/// Why settings do not make a review policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewPolicyError {
    /// Too many early reviews.
    #[error("a new case is reviewed at the first 0 to 24 meetings, not {0}")]
    EarlyReviews(u8),
    /// An interval out of bounds.
    #[error("a case is reviewed at every 1 to 12 meetings, not {0}")]
    ThenEvery(u8),
    /// A notice out of bounds.
    #[error("notice is given after 1 to 60 months, not {0}")]
    NoticeMonths(u8),
}

impl ReviewPolicy {
    /// Checks the bounds.
    ///
    /// # Errors
    /// [`ReviewPolicyError`], with the value at fault.
    pub fn check(self) -> Result<Self, ReviewPolicyError> {
        if self.early_reviews > 24 {
            return Err(ReviewPolicyError::EarlyReviews(self.early_reviews));
        }
        if !(1..=12).contains(&self.then_every) {
            return Err(ReviewPolicyError::ThenEvery(self.then_every));
        }
        if !(1..=60).contains(&self.notice_months) {
            return Err(ReviewPolicyError::NoticeMonths(self.notice_months));
        }
        Ok(self)
    }

    /// The first meeting of the count after the `held`th at which a review is due: with the default,
    /// the 1st, 2nd and 3rd, then the 5th, 7th and so on.
    pub(super) fn first_after(&self, held: u32) -> u32 {
        let (early, every) = (u32::from(self.early_reviews), u32::from(self.then_every).max(1));
        match held.checked_sub(early) {
            None => held + 1,
            Some(beyond) => early + (beyond / every + 1) * every,
        }
    }
}

impl Serialize for ReviewPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for ReviewPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)?.check().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(early_reviews: u8, then_every: u8, expected: [u32; 6]) {
        let policy = ReviewPolicy { early_reviews, then_every, ..ReviewPolicy::default() };
        let due: Vec<u32> = std::iter::successors(Some(policy.first_after(0)), |held| {
            Some(policy.first_after(*held))
        })
        .take(6)
        .collect();
        assert_eq!(due, expected);
    }

    #[test]
    fn by_default_the_first_three_meetings_and_then_every_second_review_a_case() {
        check(3, 2, [1, 2, 3, 5, 7, 9]);
    }

    #[test]
    fn other_panels_count_otherwise() {
        check(0, 1, [1, 2, 3, 4, 5, 6]);
        check(0, 3, [3, 6, 9, 12, 15, 18]);
        check(1, 4, [1, 5, 9, 13, 17, 21]);
    }

    #[track_caller]
    fn refused(json: &str, words: &str) {
        let error = serde_json::from_str::<ReviewPolicy>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn a_stored_policy_is_checked_and_fills_in_defaults() {
        assert_eq!(serde_json::from_str::<ReviewPolicy>("{}").unwrap(), ReviewPolicy::default());
        let json = serde_json::to_string(&ReviewPolicy::default()).unwrap();
        assert_eq!(serde_json::from_str::<ReviewPolicy>(&json).unwrap(), ReviewPolicy::default());
        refused(r#"{"early_reviews":25}"#, "not 25");
        refused(r#"{"then_every":0}"#, "every 1 to 12 meetings, not 0");
        refused(r#"{"notice_months":0}"#, "1 to 60 months, not 0");
        refused(r#"{"triggers":["full_moon"]}"#, "unknown variant `full_moon`");
        refused(r#"{"every":2}"#, "unknown field `every`");
    }
}
