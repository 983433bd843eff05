//! The life of a message between the change that asked for it and the mail server that took it.
//!
//! Nothing is lost: a message leaves `pending` only by a lease that runs out, and is `sent` only
//! once the server has said so. A duplicate is possible only where the server may already have
//! accepted it, and then carries the same `Message-ID`.

use crate::coded;
use crate::reminder::Entry;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// What a message is.
    pub enum MessageKind: "kind of message" {
        /// A link to set the first password.
        Invitation = "invitation" => "Invitation to use Panel",
        /// A link to set a new password.
        Reset = "reset" => "New password",
        /// How the person signs in was changed.
        Security = "security" => "Change to how you sign in",
        /// The person's account will be suspended, since nobody used it.
        Dormant = "dormant" => "Account to be suspended",
        /// The person's account was suspended, since nobody used it.
        Suspended = "suspended" => "Account suspended",
        /// An account of the agency that the person leads was suspended.
        SuspendedLead = "suspended_lead" => "Account of the agency suspended",
        /// The people of an agency are to be confirmed.
        AttestDue = "attest_due" => "People of the agency to be confirmed",
        /// The people of an agency should have been confirmed.
        AttestOverdue = "attest_overdue" => "People of the agency not confirmed",
        /// Everything a person is to be told today.
        Digest = "digest" => "Daily digest",
        /// A reminder that a coordinator sent at once.
        Chase = "chase" => "Reminder from the coordinator",
        /// A checkpoint of the audit log, to be kept outside.
        Checkpoint = "checkpoint" => "Checkpoint of the audit log",
        /// Something was opened in an emergency, and its reader is to review it.
        Glass = "glass" => "Emergency access to review",
        /// Something that was opened in an emergency was not reviewed in time.
        GlassLate = "glass_late" => "Emergency access that nobody reviewed",
        /// Something stood out in how cases are read.
        Findings = "findings" => "Something stood out",
    }
}

coded! {
    /// Where a message is on its way.
    pub enum MessageState: "state of a message" {
        /// Waiting to be taken.
        Pending = "pending" => "Waiting",
        /// Taken by a worker until its lease runs out.
        Leased = "leased" => "Being sent",
        /// Accepted by the mail server.
        Sent = "sent" => "Sent",
        /// Refused by the mail server for good.
        Failed = "failed" => "Not delivered",
        /// No longer wanted when its turn came.
        Cancelled = "cancelled" => "Cancelled",
        /// Its time had passed when its turn came.
        Expired = "expired" => "Too late to send",
        /// Three workers in a row died over it.
        Poison = "poison" => "Set aside",
    }
}

/// What a digest or a chase says, as it is kept: counts and dates under headings, and nothing that
/// could hold a name, a reference or a word about a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What there is, by heading.
    pub entries: Vec<Entry>,
}

/// How long a worker holds a message: longer than all the timeouts of a delivery together.
pub const LEASE_MINUTES: i64 = 5;
/// Leases that may run out over one message before it is set aside.
pub const MAX_CRASHES: i32 = 3;

/// What the mail server said, as far as it decides what comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It took the message.
    Accepted,
    /// It refused for good.
    Refused(String),
    /// It could not be reached, refused for now, or the line broke.
    Later(String),
}

/// What becomes of a message after a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Done.
    Sent,
    /// Given up, with the server's code.
    Failed(String),
    /// To be tried again at this instant.
    Retry(DateTime<Utc>, String),
    /// Its time is over.
    Expired(String),
    /// No longer wanted when its turn came, and why.
    Cancelled(String),
}

/// Waiting times after the first five attempts in minutes; after that every four hours.
const WAITS: [i64; 5] = [1, 5, 15, 60, 240];

/// How long to wait after the `attempts`-th attempt; `jitter` in −1.0..=1.0 spreads it by a fifth.
pub fn wait_after(attempts: i32, jitter: f64) -> Duration {
    let index = usize::try_from(attempts - 1).unwrap_or(0);
    let minutes = WAITS.get(index).copied().unwrap_or(240);
    let base = Duration::minutes(minutes);
    let thousandths = (jitter.clamp(-1.0, 1.0) * 200.0).round();
    let shift = base.num_milliseconds() / 1000;
    // The product stays far below the range of both types.
    base + Duration::milliseconds(shift.saturating_mul(rounded(thousandths)))
}

#[expect(clippy::as_conversions, reason = "a rounded value between -200 and 200")]
#[expect(clippy::cast_possible_truncation, reason = "a rounded value between -200 and 200")]
const fn rounded(value: f64) -> i64 {
    value as i64
}

/// What becomes of a message that was tried for the `attempts`-th time.
pub fn settle(
    delivery: Delivery,
    attempts: i32,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
    jitter: f64,
) -> Settled {
    match delivery {
        Delivery::Accepted => Settled::Sent,
        Delivery::Refused(code) => Settled::Failed(code),
        Delivery::Later(code) => {
            let next = now + wait_after(attempts, jitter);
            if next < expires_at { Settled::Retry(next, code) } else { Settled::Expired(code) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn waits_grow_and_stay_at_four_hours() {
        let minutes = |n| wait_after(n, 0.0).num_minutes();
        assert_eq!([1, 2, 3, 4, 5, 6, 40].map(minutes), [1, 5, 15, 60, 240, 240, 240]);
        assert_eq!(wait_after(4, 1.0).num_minutes(), 72);
        assert_eq!(wait_after(4, -1.0).num_minutes(), 48);
    }

    #[test]
    fn a_message_is_retried_until_it_expires() {
        let at = |minutes: i64| Utc.timestamp_opt(minutes * 60, 0).unwrap();
        let later = || Delivery::Later("421".to_owned());
        assert_eq!(settle(later(), 1, at(10), at(0), 0.0), Settled::Retry(at(1), "421".to_owned()));
        assert_eq!(settle(later(), 1, at(1), at(0), 0.0), Settled::Expired("421".to_owned()));
        assert_eq!(
            settle(Delivery::Refused("550".into()), 1, at(9), at(0), 0.0),
            Settled::Failed("550".into())
        );
    }
}
