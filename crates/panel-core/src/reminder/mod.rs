//! Reminders: when people hear of what they owe.

mod working;

pub use working::WorkingCalendar;

#[cfg(test)]
pub(crate) use working::sample;
