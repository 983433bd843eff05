//! A whole series laid out: where every slot meets, and which placements collide.

use super::{HolidayPolicy, Planned, Recurrence, Slot, place};
use crate::calendar::BankHolidays;
use crate::words;
use chrono::{Days, Months, NaiveDate, NaiveDateTime, NaiveTime};

/// How far around a slot others are looked at for a collision: further than any run of holidays
/// moves a meeting.
const REACH: Days = Days::new(5 * 7);

/// How far ahead meetings are opened: a year and the month in which it ends.
const LOOK_AHEAD: Months = Months::new(13);

/// How far ahead they are opened where it is not known which days are bank holidays: further on
/// they could still fall on one and have to be moved.
const LOOK_INTO_THE_UNKNOWN: Months = Months::new(3);

/// The last day up to which meetings are opened when today is `today`.
pub fn horizon(today: NaiveDate, holidays: &BankHolidays) -> NaiveDate {
    let ahead = |months| today.checked_add_months(months).unwrap_or(NaiveDate::MAX);
    let known = NaiveDate::from_ymd_opt(holidays.last_year(), 12, 31).unwrap_or(NaiveDate::MAX);
    ahead(LOOK_AHEAD).min(known).max(ahead(LOOK_INTO_THE_UNKNOWN))
}

/// All that decides when the meetings of a series are.
#[derive(Debug, Clone, Copy)]
pub struct SeriesPlan<'a> {
    /// The dates.
    pub recurrence: &'a Recurrence,
    /// The local time at which each meeting starts.
    pub at: NaiveTime,
    /// What happens on a bank holiday.
    pub policy: HolidayPolicy,
    /// The bank holidays.
    pub holidays: &'a BankHolidays,
}

/// A meeting moved off a bank holiday onto a day that another slot of the series has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the meeting of {slot} would move to {}, which the meeting of {with} has already",
    words::weekday_date(*meets_on)
)]
pub struct Clash {
    /// The slot whose meeting moves.
    pub slot: Slot,
    /// The day it moves to.
    pub meets_on: NaiveDate,
    /// The slot that is there: by its own date, or because its meeting moves there first.
    pub with: Slot,
}

/// What a series would look like: shown, with every deadline, before anything is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Every slot, in order.
    pub planned: Vec<Planned>,
    /// Why the series cannot be saved like this; empty when it can.
    pub clashes: Vec<Clash>,
}

impl SeriesPlan<'_> {
    /// Where a slot meets, other slots not looked at.
    pub fn place(&self, slot: Slot) -> Planned {
        place(slot, self.policy, self.holidays)
    }

    /// The first `count` slots on or after `from`, and what collides among them.
    pub fn preview(&self, from: NaiveDate, count: usize) -> Preview {
        let slots = self.slots().skip_while(|slot| slot.key() < from).take(count);
        let planned: Vec<Planned> = slots.map(|slot| self.place(slot)).collect();
        let clashes = planned.iter().filter_map(|planned| self.clash(planned)).collect();
        Preview { planned, clashes }
    }

    /// The local time at which a placed slot starts; none when it is skipped.
    pub fn starts(&self, planned: &Planned) -> Option<NaiveDateTime> {
        planned.meets_on.map(|day| day.and_time(self.at))
    }

    /// Every slot, in order.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.recurrence.dates().map(Slot::new)
    }

    /// The slot that a moved meeting runs into. Of two that move to one day the earlier slot keeps it.
    pub(super) fn clash(&self, planned: &Planned) -> Option<Clash> {
        let meets_on = planned.meets_on.filter(|_| planned.is_moved())?;
        let first = meets_on.checked_sub_days(REACH).unwrap_or(NaiveDate::MIN);
        let last = meets_on.checked_add_days(REACH).unwrap_or(NaiveDate::MAX);
        let near = || {
            self.slots()
                .skip_while(move |slot| slot.key() < first)
                .take_while(move |slot| slot.key() <= last)
        };
        let there_by_date = near().find(|slot| slot.key() == meets_on);
        let moved_there = || {
            near()
                .take_while(|slot| *slot < planned.slot)
                .find(|slot| self.place(*slot).meets_on == Some(meets_on))
        };
        let with = there_by_date.or_else(moved_there)?;
        Some(Clash { slot: planned.slot, meets_on, with })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::weeks;
    use crate::schedule::{End, Warning};
    use crate::time::testing::{day, days};
    use chrono::Weekday::{self, Fri, Mon, Thu, Tue};

    fn preview(
        every: u8,
        on: &[Weekday],
        policy: HolidayPolicy,
        from: &str,
        count: usize,
    ) -> Preview {
        let recurrence = weeks(every, on, from, End::Never);
        let holidays = BankHolidays::england_and_wales();
        let at = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        SeriesPlan { recurrence: &recurrence, at, policy, holidays }.preview(day(from), count)
    }

    fn meets_on(preview: &Preview) -> Vec<NaiveDate> {
        preview.planned.iter().filter_map(|planned| planned.meets_on).collect()
    }

    #[test]
    fn meetings_are_opened_thirteen_months_ahead_but_three_into_unknown_years() {
        let of = |today| horizon(day(today), BankHolidays::england_and_wales());
        assert_eq!(of("2026-04-01"), day("2027-05-01"));
        assert_eq!(of("2028-01-31"), day("2028-12-31"));
        assert_eq!(of("2028-11-30"), day("2029-02-28"));
    }

    #[test]
    fn r16_nothing_lands_on_a_bank_holiday() {
        let shown = preview(4, &[Mon], HolidayPolicy::NextWeek, "2021-11-29", 30);
        let holidays = BankHolidays::england_and_wales();
        assert_eq!(meets_on(&shown).iter().filter(|day| holidays.on(**day).is_some()).count(), 0);
        assert_eq!(meets_on(&shown)[..3], days("2021-11-29 2022-01-10 2022-01-24"));
        assert_eq!(shown.clashes, []);
    }

    #[test]
    fn a_move_never_drifts_the_series() {
        let shown = preview(4, &[Fri], HolidayPolicy::Later, "2026-03-06", 4);
        assert_eq!(meets_on(&shown), days("2026-03-06 2026-04-07 2026-05-01 2026-05-29"));
        let slots: Vec<NaiveDate> =
            shown.planned.iter().map(|planned| planned.slot.key()).collect();
        assert_eq!(slots, days("2026-03-06 2026-04-03 2026-05-01 2026-05-29"));
    }

    #[test]
    fn a_skipped_slot_stays_in_the_plan_without_a_meeting() {
        let shown = preview(1, &[Mon], HolidayPolicy::Skip, "2026-03-30", 3);
        let plan: Vec<_> = shown.planned.iter().map(|planned| planned.meets_on).collect();
        assert_eq!(plan, [Some(day("2026-03-30")), None, Some(day("2026-04-13"))]);
    }

    #[test]
    fn a_move_onto_another_slot_is_refused_with_both_slots_named() {
        let shown = preview(1, &[Mon, Tue], HolidayPolicy::Later, "2026-05-18", 4);
        let words: Vec<String> = shown.clashes.iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            ["the meeting of Monday 25 May 2026 would move to Tuesday 26 May 2026, \
              which the meeting of Tuesday 26 May 2026 has already"]
        );
    }

    #[test]
    fn two_slots_that_move_to_one_day_are_refused_with_both_named() {
        let shown = preview(1, &[Mon, Fri], HolidayPolicy::Earlier, "2026-04-01", 2);
        let (friday, monday) = (Slot::new(day("2026-04-03")), Slot::new(day("2026-04-06")));
        let thursday = day("2026-04-02");
        assert_eq!(shown.clashes, [Clash { slot: monday, meets_on: thursday, with: friday }]);
    }

    #[test]
    fn a_clash_with_a_slot_beyond_the_preview_shows_all_the_same() {
        let shown = preview(1, &[Mon], HolidayPolicy::NextWeek, "2026-05-25", 1);
        assert_eq!(shown.clashes.len(), 1);
        assert_eq!(shown.clashes[0].with, Slot::new(day("2026-06-01")));
    }

    #[test]
    fn past_the_last_loaded_year_the_preview_warns() {
        let shown = preview(4, &[Thu], HolidayPolicy::Later, "2028-12-07", 3);
        let unknown = |planned: &Planned| {
            planned.warnings.iter().any(|warning| matches!(warning, Warning::NoHolidayData(_)))
        };
        assert_eq!(shown.planned.iter().map(unknown).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(
            shown.planned[1].warnings[0].to_string(),
            "bank holidays are loaded up to 2028 only, so Thursday 4 January 2029 may be one"
        );
    }
}
