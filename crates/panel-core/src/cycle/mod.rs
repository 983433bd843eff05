//! The cycle around a meeting: every deadline, why it falls where it does, and what is late.
//!
//! Deadlines count in working days from the meeting day, which is day 0 whether it is worked or not.
//! A deadline with an hour is met up to that very instant; one without lasts to local midnight.

mod deadline;
mod lateness;
mod policy;
mod request;

pub use deadline::{Cycle, Deadline, Distance, Why};
pub use lateness::{EarlierDate, Lateness, MeetingDates};
pub use policy::{CyclePolicy, Offset, PolicyError, Step};
pub use request::{Entry, RequestClock, Standing, Timeliness};
