//! Series of meetings: a rule lays out slots, a holiday policy says where each one meets, and edits
//! of a running series leave what has been held alone.
//!
//! Four ideas carry the module. A [`Rule`] yields local dates and knows no holidays, so it never
//! drifts. A [`Slot`] is such a date and is the identity of its meeting for good, wherever the
//! meeting moves. A [`SeriesPlan`] places each slot and refuses placements that collide. An edit
//! takes the [`Occurrence`]s there are and returns what is to change, in an order in which it can be
//! stored one by one.

#[cfg(test)]
mod oracle;
mod placement;
mod plan;
mod recurrence;
mod rule;

pub use placement::{DayOff, HolidayPolicy, Planned, Slot, Warning, place};
pub use plan::{Clash, Preview, SeriesPlan};
pub use recurrence::{End, MissedDay, Recurrence};
pub use rule::{MonthDay, Pattern, Rule, RuleError};

#[cfg(test)]
mod testing {
    //! Series as tests write them.

    use super::{End, Pattern, Recurrence, Rule};
    use crate::time::testing::day;
    use chrono::Weekday;
    use std::num::NonZeroU16;

    /// Every so many weeks on these weekdays, with weeks from Monday.
    #[track_caller]
    pub(super) fn weeks(every: u8, on: &[Weekday], from: &str, end: End) -> Recurrence {
        let pattern = Pattern::Weeks { every, on: on.to_vec(), week_start: Weekday::Mon };
        Recurrence { rule: Rule::check(pattern).unwrap(), from: day(from), end }
    }

    /// The end after so many dates.
    #[track_caller]
    pub(super) fn count(n: u16) -> End {
        End::Count(NonZeroU16::new(n).unwrap())
    }
}
