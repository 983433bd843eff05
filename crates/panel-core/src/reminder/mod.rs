//! Reminders: when people hear of what they owe, who hears, and what they are told.
//!
//! Three steps, all pure. [`plan`] turns a due date into notices with days, and [`address`] names
//! the people. At a run, [`decide`] looks at what has fallen due for one person and at how each
//! subject stands now. [`Digest`] counts what is left into one message, which [`gate`] lets out
//! once a working day. Because notices are rows selected by range, a run that was missed is made
//! up for by the next; because each has a unique key, no run repeats another.

mod decide;
mod digest;
mod explain;
mod notice;
mod plan;
mod policy;
mod rule;
mod working;

pub use decide::{Decision, Line, Now, decide};
pub use digest::{ChasedToday, Digest, Entry, Gate, Waiting, gate, may_chase};
pub use explain::{Absence, Explanation, explain, explain_absence};
pub use notice::{Notice, NoticeKey, NoticeState, NoticeStatus, Reason, Subject, to_cancel};
pub use plan::{
    Addressed, Directory, Fate, Planned, address, expand, falling, plan, plan_request, rule_day,
    rule_days,
};
pub use policy::{ReminderPolicy, ReminderPolicyError, ReminderTimes};
pub use rule::{Audience, Group, Ladder, Rule};
pub use working::WorkingCalendar;

#[cfg(test)]
pub(crate) use working::sample;
#[cfg(test)]
mod tests;
