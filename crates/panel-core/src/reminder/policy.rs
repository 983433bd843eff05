//! When a panel's reminders and chasers fall: working days either side of a due date.

use super::rule::Rule;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// The most working days any rule may lie from its due date: a quarter of a year.
const MOST: u8 = 60;

/// The times as they are entered; [`ReminderPolicy`] holds them once they are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReminderTimes {
    /// Working days before the due date of the first reminder.
    pub early_reminder: u8,
    /// Working days before the due date of the last reminder.
    pub late_reminder: u8,
    /// Working days after the due date until the owner is chased.
    pub chase_owner: u8,
    /// Working days until the owner and the agency's contact are chased.
    pub chase_contact: u8,
    /// Working days until the agency lead hears.
    pub chase_lead: u8,
    /// Working days until the chair and the steering list hear.
    pub chase_chair: u8,
    /// Local time from which a day's digest goes out.
    pub digest_at: NaiveTime,
}

impl Default for ReminderTimes {
    fn default() -> Self {
        Self {
            early_reminder: 5,
            late_reminder: 1,
            chase_owner: 1,
            chase_contact: 3,
            chase_lead: 5,
            chase_chair: 10,
            digest_at: NaiveTime::from_hms_opt(8, 0, 0).unwrap_or(NaiveTime::MIN),
        }
    }
}

/// Why times do not make a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReminderPolicyError {
    /// A rule lies on the due date itself or too far away.
    #[error("{rule}: must be 1 to {MOST} working days from the due date, this is {days}")]
    OutOfRange {
        /// The rule.
        rule: Rule,
        /// What was entered.
        days: u8,
    },
    /// A later step would fall before an earlier one, or on it.
    #[error("{later}: must fall after {earlier}")]
    OutOfOrder {
        /// The rule that has to come first.
        earlier: Rule,
        /// The rule that has to follow.
        later: Rule,
    },
}

/// A panel's checked reminder times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "ReminderTimes", into = "ReminderTimes")]
pub struct ReminderPolicy(ReminderTimes);

impl TryFrom<ReminderTimes> for ReminderPolicy {
    type Error = ReminderPolicyError;
    fn try_from(times: ReminderTimes) -> Result<Self, Self::Error> {
        let policy = Self(times);
        let mut previous: Option<(Rule, i32)> = None;
        for rule in Rule::OF_AN_ACTION {
            let offset = policy.offset(rule);
            let days = offset.unsigned_abs();
            if rule != Rule::OnDay && !(1..=u32::from(MOST)).contains(&days) {
                let days = u8::try_from(days).unwrap_or(u8::MAX);
                return Err(ReminderPolicyError::OutOfRange { rule, days });
            }
            if let Some((earlier, before)) = previous
                && before >= offset
            {
                return Err(ReminderPolicyError::OutOfOrder { earlier, later: rule });
            }
            previous = Some((rule, offset));
        }
        Ok(policy)
    }
}

impl From<ReminderPolicy> for ReminderTimes {
    fn from(policy: ReminderPolicy) -> Self {
        policy.0
    }
}

impl ReminderPolicy {
    /// Working days from the due date to the rule: negative before it, positive after it.
    pub fn offset(&self, rule: Rule) -> i32 {
        match rule {
            Rule::EarlyReminder => -i32::from(self.0.early_reminder),
            Rule::LateReminder => -i32::from(self.0.late_reminder),
            Rule::ChaseOwner => i32::from(self.0.chase_owner),
            Rule::ChaseContact => i32::from(self.0.chase_contact),
            Rule::ChaseLead => i32::from(self.0.chase_lead),
            Rule::ChaseChair => i32::from(self.0.chase_chair),
            // The cycle sets when information is due; its notices lie next to that day.
            Rule::RequestDue => -1,
            Rule::RequestOverdue => 1,
            Rule::OnDay
            | Rule::RequestIssued
            | Rule::TransferProposed
            | Rule::ExtensionAsked
            | Rule::NotPossibleReported
            | Rule::AgendaReady
            | Rule::MinutesReady
            | Rule::MeetingMoved
            | Rule::MeetingCancelled
            | Rule::Chased => 0,
        }
    }

    /// Local time from which a day's digest goes out.
    pub const fn digest_at(&self) -> NaiveTime {
        self.0.digest_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: Result<[i32; 7], &str>) {
        match (serde_json::from_str::<ReminderPolicy>(json), expected) {
            (Ok(policy), Ok(offsets)) => {
                assert_eq!(Rule::OF_AN_ACTION.map(|rule| policy.offset(rule)), offsets);
            }
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn the_published_ladder_is_the_default() {
        check("{}", Ok([-5, -1, 0, 1, 3, 5, 10]));
        let policy = ReminderPolicy::default();
        assert_eq!(policy.digest_at().to_string(), "08:00:00");
        assert_eq!(policy, serde_json::from_str("{}").unwrap());
    }

    #[test]
    fn a_panel_may_set_its_own_days_within_bounds_and_in_order() {
        check(r#"{"early_reminder":7,"chase_chair":15}"#, Ok([-7, -1, 0, 1, 3, 5, 15]));
        check(r#"{"chase_chair":61}"#, Err("1 to 60 working days"));
        check(r#"{"late_reminder":0}"#, Err("this is 0"));
        check(r#"{"late_reminder":5}"#, Err("must fall after First reminder"));
        check(r#"{"chase_lead":3}"#, Err("must fall after"));
        check(r#"{"chase_nobody":3}"#, Err("unknown field"));
    }

    #[test]
    fn a_policy_reads_back_as_it_was_written() {
        let times = ReminderTimes { chase_lead: 6, ..ReminderTimes::default() };
        let policy = ReminderPolicy::try_from(times).unwrap();
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<ReminderPolicy>(&json).unwrap(), policy);
    }
}
