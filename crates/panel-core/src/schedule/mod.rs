//! Series of meetings: a rule lays out slots, a holiday policy says where each one meets, and edits
//! of a running series leave what has been held alone.
//!
//! Four ideas carry the module. A [`Rule`] yields local dates and knows no holidays, so it never
//! drifts. A [`Slot`] is such a date and is the identity of its meeting for good, wherever the
//! meeting moves. A [`SeriesPlan`] places each slot and refuses placements that collide. An edit
//! takes the [`Occurrence`]s there are and returns what is to change, in an order in which it can be
//! stored one by one.

mod edit;
mod end;
mod occurrence;
#[cfg(test)]
mod oracle;
mod placement;
mod plan;
mod recurrence;
mod rule;

pub use edit::{Moved, Orphans, Retimed, RuleChange, ToOpen, change_rule, change_time, to_open};
pub use end::{Ending, Removed, end_series, set_end};
pub use occurrence::{EditError, NextMeeting, Occurrence, OccurrenceState, Restored, next_meeting};
pub use placement::{DayOff, HolidayPolicy, Planned, Slot, Warning, place};
pub use plan::{Clash, Preview, SeriesPlan, horizon};
pub use recurrence::{End, MissedDay, Recurrence};
pub use rule::{MonthDay, NotADay, Pattern, Rule, RuleError};

#[cfg(test)]
mod testing {
    //! Series and meetings as tests write them.

    use super::{End, Occurrence, OccurrenceState, Pattern, Recurrence, Rule, Slot};
    use crate::time::testing::{day, days, local};
    use chrono::Weekday;
    use std::num::NonZeroU16;

    /// The meeting of a slot such as `2026-04-16`, at ten on that day.
    #[track_caller]
    pub(super) fn meeting(slot: &str, state: OccurrenceState) -> Occurrence {
        Occurrence { slot: Slot::new(day(slot)), starts: local(&format!("{slot} 10:00")), state }
    }

    /// The slots in a text such as `2026-04-16 2026-04-23`.
    #[track_caller]
    pub(super) fn slots(text: &str) -> Vec<Slot> {
        days(text).into_iter().map(Slot::new).collect()
    }

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
