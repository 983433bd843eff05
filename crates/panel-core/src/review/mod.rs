//! When a case comes back: reviews due, items deferred, and the notice after twelve months.
//!
//! Everything is worked out from the meetings that were held, so that nothing has to be ticked and a
//! review that was left off an agenda stays due until the case is heard.

mod due;
mod history;
mod policy;

pub use due::{Notice, Reason, ReviewDue, Section, notice_due, review_due};
pub use history::{HeldMeeting, Treatment, Trigger, TriggerKind};
pub use policy::{ReviewPolicy, ReviewPolicyError};
