//! The meetings of a series as they stand: opened, held or cancelled, each in its slot.

use super::{Clash, SeriesPlan, Slot};
use crate::coded;
use crate::id::AgendaItemId;
use crate::words;
use chrono::NaiveDateTime;

coded! {
    /// How far a meeting of a series has come.
    pub enum OccurrenceState: "meeting state" {
        /// Opened and still to be held.
        Open = "open" => "Upcoming",
        /// Held: its record is closed.
        Held = "held" => "Held",
        /// Called off; its slot stays taken.
        Cancelled = "cancelled" => "Cancelled",
    }
}

/// A meeting that fills a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The slot; no two meetings of a series have one.
    pub slot: Slot,
    /// The local date and time at which it starts, wherever its slot is.
    pub starts: NaiveDateTime,
    /// How far it has come.
    pub state: OccurrenceState,
}

/// Why a change to a series or to one of its meetings was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Meetings that are already opened would be left outside the series.
    #[error(
        "{} already open would fall outside the series: {}",
        words::count(opened.len(), "meeting"), name_all(opened)
    )]
    WouldOrphan {
        /// Their slots.
        opened: Vec<Slot>,
    },
    /// A meeting would move onto another slot.
    #[error(transparent)]
    Clash(#[from] Clash),
    /// The meeting has been held.
    #[error("the meeting of {0} has been held")]
    Held(Slot),
    /// The meeting is cancelled already.
    #[error("the meeting of {0} is already cancelled")]
    Cancelled(Slot),
    /// The meeting to restore is not cancelled.
    #[error("the meeting of {0} is not cancelled")]
    NotCancelled(Slot),
    /// The meeting to restore would have been in the past.
    #[error("the time of the meeting of {0} has passed")]
    Past(Slot),
    /// The holiday policy leaves the slot to restore without a meeting.
    #[error("the slot of {0} falls on a bank holiday and has no meeting")]
    Skipped(Slot),
}

fn name_all(slots: &[Slot]) -> String {
    words::list(&slots.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// A meeting that was cancelled and takes place after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The meeting, open again. Its agenda opens as a fresh copy of the series' template.
    pub occurrence: Occurrence,
    /// What stood on the cancelled agenda. None of it comes back by itself; each item is offered to
    /// the coordinator from the backlog.
    pub offered_from_backlog: Vec<AgendaItemId>,
}

impl Occurrence {
    /// Whether it is still to come: not held, and it starts after `now`, a local time.
    pub fn is_ahead(&self, now: NaiveDateTime) -> bool {
        self.state != OccurrenceState::Held && self.starts > now
    }

    /// Whether it is opened and still to come.
    pub(super) fn is_open_ahead(&self, now: NaiveDateTime) -> bool {
        self.state == OccurrenceState::Open && self.is_ahead(now)
    }

    /// Calls the meeting off. It keeps its slot, so that nothing else is opened there.
    ///
    /// # Errors
    /// [`EditError::Held`] or [`EditError::Cancelled`].
    pub fn cancel(self) -> Result<Self, EditError> {
        match self.state {
            OccurrenceState::Open => Ok(Self { state: OccurrenceState::Cancelled, ..self }),
            OccurrenceState::Held => Err(EditError::Held(self.slot)),
            OccurrenceState::Cancelled => Err(EditError::Cancelled(self.slot)),
        }
    }

    /// Restores a cancelled meeting to where the series would have it today, as a fresh copy of the
    /// template; `items` are those that stood on its agenda.
    ///
    /// # Errors
    /// [`EditError::NotCancelled`], [`EditError::Skipped`], [`EditError::Clash`], or
    /// [`EditError::Past`] when that would not be after `now`, a local time.
    pub fn restore(
        self,
        plan: &SeriesPlan<'_>,
        now: NaiveDateTime,
        items: Vec<AgendaItemId>,
    ) -> Result<Restored, EditError> {
        let slot = self.slot;
        if self.state != OccurrenceState::Cancelled {
            return Err(EditError::NotCancelled(slot));
        }
        let planned = plan.place(slot);
        let starts = plan.starts(&planned).ok_or(EditError::Skipped(slot))?;
        if let Some(clash) = plan.clash(&planned) {
            return Err(clash.into());
        }
        if starts <= now {
            return Err(EditError::Past(slot));
        }
        let occurrence = Self { slot, starts, state: OccurrenceState::Open };
        Ok(Restored { occurrence, offered_from_backlog: items })
    }
}

/// Where an item that leaves a meeting goes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextMeeting {
    /// The first open meeting after it, in the order of slots; none when the next is not opened yet.
    pub to: Option<Occurrence>,
    /// The cancelled and held meetings on the way, to be told to whoever moves the item.
    pub passed_over: Vec<Occurrence>,
}

/// The next meeting that takes an item from the meeting of `leaving`.
///
/// It goes by slot and state, never by start: the next meeting may have been moved before this one.
pub fn next_meeting(occurrences: &[Occurrence], leaving: Slot) -> NextMeeting {
    let mut later: Vec<Occurrence> =
        occurrences.iter().filter(|meeting| meeting.slot > leaving).copied().collect();
    later.sort_by_key(|meeting| meeting.slot);
    let open = |meeting: &Occurrence| meeting.state == OccurrenceState::Open;
    let to = later.iter().find(|meeting| open(meeting)).copied();
    let passed_over = later.into_iter().take_while(|meeting| !open(meeting)).collect();
    NextMeeting { to, passed_over }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::BankHolidays;
    use crate::id::Id;
    use crate::schedule::testing::{meeting, weeks};
    use crate::schedule::{End, HolidayPolicy};
    use crate::time::testing::{day, local};
    use OccurrenceState::{Cancelled, Held, Open};
    use chrono::{NaiveTime, Weekday};

    fn weekly_at_ten(occurrence: Occurrence, policy: HolidayPolicy) -> Result<Restored, EditError> {
        let recurrence = weeks(1, &[Weekday::Mon], "2026-01-05", End::Never);
        let at = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        let holidays = BankHolidays::england_and_wales();
        let plan = SeriesPlan { recurrence: &recurrence, at, policy, holidays };
        occurrence.restore(&plan, local("2026-04-20 10:00"), items())
    }

    fn items() -> Vec<AgendaItemId> {
        [1, 2].map(|n| AgendaItemId::from_uuid(uuid::Uuid::from_u128(n))).to_vec()
    }

    #[test]
    fn r20_a_restored_meeting_opens_fresh_and_its_old_items_are_offered_from_the_backlog() {
        let mut moved = meeting("2026-05-11", Open);
        moved.starts = local("2026-05-13 14:00");
        let restored = weekly_at_ten(moved.cancel().unwrap(), HolidayPolicy::Later).unwrap();
        assert_eq!(restored.occurrence, meeting("2026-05-11", Open));
        assert_eq!(restored.offered_from_backlog, items());
    }

    #[test]
    fn only_a_cancelled_meeting_that_can_still_take_place_is_restored() {
        let restore =
            |slot: &str, state, policy| weekly_at_ten(meeting(slot, state), policy).map(|_| ());
        let slot = |text| Slot::new(day(text));
        assert_eq!(restore("2026-05-11", Cancelled, HolidayPolicy::Skip), Ok(()));
        assert_eq!(
            restore("2026-05-11", Open, HolidayPolicy::Skip),
            Err(EditError::NotCancelled(slot("2026-05-11")))
        );
        assert_eq!(
            restore("2026-04-20", Cancelled, HolidayPolicy::Skip),
            Err(EditError::Past(slot("2026-04-20")))
        );
        assert_eq!(
            restore("2026-05-25", Cancelled, HolidayPolicy::Skip),
            Err(EditError::Skipped(slot("2026-05-25")))
        );
        let (slot, with, meets_on) = (slot("2026-05-25"), slot("2026-06-01"), day("2026-06-01"));
        assert_eq!(
            restore("2026-05-25", Cancelled, HolidayPolicy::NextWeek),
            Err(EditError::Clash(Clash { slot, meets_on, with }))
        );
    }

    #[test]
    fn a_meeting_is_cancelled_once_and_not_after_it_was_held() {
        let cancel = |state| meeting("2026-05-11", state).cancel();
        let slot = Slot::new(day("2026-05-11"));
        assert_eq!(cancel(Open).map(|meeting| meeting.state), Ok(Cancelled));
        assert_eq!(cancel(Held), Err(EditError::Held(slot)));
        assert_eq!(cancel(Cancelled), Err(EditError::Cancelled(slot)));
    }

    #[test]
    fn f19_an_item_goes_to_the_first_open_meeting_and_the_skipped_ones_are_told() {
        let [held, cancelled, closed, open, later] = [
            meeting("2026-04-02", Held),
            meeting("2026-04-09", Cancelled),
            meeting("2026-04-16", Held),
            meeting("2026-04-23", Open),
            meeting("2026-04-30", Open),
        ];
        let all = [later, closed, held, open, cancelled];
        let next = next_meeting(&all, held.slot);
        assert_eq!(next, NextMeeting { to: Some(open), passed_over: vec![cancelled, closed] });
    }

    #[test]
    fn f19_the_order_is_that_of_slots_even_when_the_next_meeting_was_moved_before_this_one() {
        let this = meeting("2026-04-16", Open);
        let mut next = meeting("2026-04-23", Open);
        next.starts = local("2026-04-14 10:00");
        assert_eq!(next_meeting(&[next, this], this.slot).to, Some(next));
    }

    #[test]
    fn f19_with_no_open_meeting_ahead_the_item_has_nowhere_to_go_yet() {
        let this = meeting("2026-04-16", Held);
        let off = meeting("2026-04-23", Cancelled);
        let next = next_meeting(&[this, off], this.slot);
        assert_eq!(next, NextMeeting { to: None, passed_over: vec![off] });
    }
}
