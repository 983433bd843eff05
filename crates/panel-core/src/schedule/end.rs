//! Where a running series stops: now, or on another end than before.

use super::{EditError, Occurrence, OccurrenceState, Orphans, Recurrence, Slot};
use chrono::{NaiveDate, NaiveDateTime};

/// Meetings that are taken out of a series, by slot, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Those that were opened.
    pub opened: Vec<Slot>,
    /// Those that were cancelled already.
    pub cancelled: Vec<Slot>,
}

/// What ending a series does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The last day of the series from now on.
    pub last_day: NaiveDate,
    /// The meetings that lay ahead.
    pub removed: Removed,
}

/// Ends a series now: its last day is yesterday, and what lies ahead, opened or cancelled, goes.
pub fn end_series(occurrences: &[Occurrence], now: NaiveDateTime) -> Ending {
    let last_day = now.date().pred_opt().unwrap_or(NaiveDate::MIN);
    let removed = remove(occurrences.iter().filter(|meeting| meeting.is_ahead(now)));
    Ending { last_day, removed }
}

/// Sets another end to a series: `recurrence` is the series with its new end. Meetings ahead whose
/// slots lie past it go.
///
/// # Errors
/// [`EditError::WouldOrphan`] when some of them are opened, unless `orphans` says to remove them.
pub fn set_end(
    occurrences: &[Occurrence],
    recurrence: &Recurrence,
    now: NaiveDateTime,
    orphans: Orphans,
) -> Result<Removed, EditError> {
    let last = recurrence.dates().last();
    let is_past_end = |meeting: &Occurrence| last.is_none_or(|last| meeting.slot.key() > last);
    let removed =
        remove(occurrences.iter().filter(|meeting| meeting.is_ahead(now) && is_past_end(meeting)));
    if orphans == Orphans::Refuse && !removed.opened.is_empty() {
        return Err(EditError::WouldOrphan { opened: removed.opened });
    }
    Ok(removed)
}

fn remove<'a>(meetings: impl Iterator<Item = &'a Occurrence>) -> Removed {
    let mut removed = Removed::default();
    for meeting in meetings {
        match meeting.state {
            OccurrenceState::Open => removed.opened.push(meeting.slot),
            OccurrenceState::Cancelled => removed.cancelled.push(meeting.slot),
            OccurrenceState::Held => {}
        }
    }
    removed.opened.sort_unstable();
    removed.cancelled.sort_unstable();
    removed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::End;
    use crate::schedule::testing::{count, meeting, slots, weeks};
    use crate::time::testing::{day, local};
    use OccurrenceState::{Cancelled, Held, Open};
    use chrono::Weekday;

    const NOW: &str = "2026-04-20 09:00";

    #[test]
    fn r19_ending_keeps_the_past_removes_what_lies_ahead_and_ends_yesterday() {
        let all = [
            meeting("2026-04-06", Cancelled),
            meeting("2026-04-13", Held),
            meeting("2026-04-27", Open),
            meeting("2026-04-20", Open),
            meeting("2026-05-04", Cancelled),
        ];
        let Ending { last_day, removed } = end_series(&all, local(NOW));
        assert_eq!(last_day, day("2026-04-19"));
        assert_eq!(removed.opened, slots("2026-04-20 2026-04-27"));
        assert_eq!(removed.cancelled, slots("2026-05-04"));
    }

    #[test]
    fn r19_a_meeting_that_began_before_the_series_was_ended_stays() {
        let Ending { removed, .. } =
            end_series(&[meeting("2026-04-20", Open)], local("2026-04-20 10:00"));
        assert_eq!(removed, Removed::default());
    }

    #[test]
    fn an_end_that_orphans_opened_meetings_is_refused_with_their_number_unless_asked() {
        let all = [
            meeting("2026-04-13", Held),
            meeting("2026-04-27", Open),
            meeting("2026-05-04", Cancelled),
            meeting("2026-05-11", Open),
            meeting("2026-05-18", Open),
        ];
        let mondays = |end| weeks(1, &[Weekday::Mon], "2026-04-13", end);
        let until = mondays(End::Until(day("2026-04-30")));
        let refused = set_end(&all, &until, local(NOW), Orphans::Refuse).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "2 meetings already open would fall outside the series: \
             Monday 11 May 2026 and Monday 18 May 2026"
        );
        let removed = set_end(&all, &until, local(NOW), Orphans::Remove).unwrap();
        assert_eq!(removed.opened, slots("2026-05-11 2026-05-18"));
        assert_eq!(removed.cancelled, slots("2026-05-04"));
        let counted = set_end(&all, &mondays(count(6)), local(NOW), Orphans::Refuse);
        assert_eq!(counted, Ok(Removed::default()), "the sixth Monday is 18 May");
        assert!(set_end(&all, &mondays(count(5)), local(NOW), Orphans::Refuse).is_err());
    }
}
