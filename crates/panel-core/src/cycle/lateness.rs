//! Whether a referral was late for a meeting, judged over all the dates that the meeting has had.

use super::{CyclePolicy, Deadline, Step};
use crate::calendar::{NoHolidayData, WorkingDays};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The dates of one meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingDates {
    /// The date it has now.
    pub present: NaiveDate,
    /// The dates it had before, in any order.
    pub earlier: Vec<EarlierDate>,
}

/// A date that a meeting had until it was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierDate {
    /// The date.
    pub on: NaiveDate,
    /// When the meeting was moved away from it.
    pub until: DateTime<Utc>,
}

/// The judgement on one referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// In time by the cut-off that counts: that of the present date, else that of an earlier date
    /// which the meeting still had when the referral was received, or took afterwards.
    InTime {
        /// The meeting date whose cut-off was met.
        meeting: NaiveDate,
    },
    /// Received after every such cut-off.
    Late {
        /// The cut-off of the present date.
        cut_off: DateTime<Utc>,
    },
}

impl MeetingDates {
    /// A meeting that was never moved.
    pub const fn unmoved(present: NaiveDate) -> Self {
        Self { present, earlier: Vec::new() }
    }

    /// Judges a referral received at `received`.
    ///
    /// Late is after the cut-off of the present date. So a meeting moved later takes again what was
    /// late; and what was once in time stays so when the meeting is moved earlier. A date that the
    /// meeting had lost before the referral came does not count.
    ///
    /// # Errors
    /// [`NoHolidayData`] when a cut-off has to be counted past the loaded bank holidays.
    pub fn judge(
        &self,
        received: DateTime<Utc>,
        policy: &CyclePolicy,
        days: WorkingDays<'_>,
    ) -> Result<Lateness, NoHolidayData> {
        let cut_off = |meeting| Deadline::of(Step::ReferralCutOff, meeting, policy, days);
        let present = cut_off(self.present)?;
        if present.is_met_at(received) {
            return Ok(Lateness::InTime { meeting: self.present });
        }
        for date in self.earlier.iter().filter(|date| date.until > received) {
            if cut_off(date.on)?.is_met_at(received) {
                return Ok(Lateness::InTime { meeting: date.on });
            }
        }
        Ok(Lateness::Late { cut_off: present.limit() })
    }

    /// Whether a referral received at `received` is late; see [`Self::judge`].
    pub fn is_late(
        &self,
        received: DateTime<Utc>,
        policy: &CyclePolicy,
        days: WorkingDays<'_>,
    ) -> Result<bool, NoHolidayData> {
        let judged = self.judge(received, policy, days)?;
        Ok(matches!(judged, Lateness::Late { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, london, utc, working_days};

    /// A meeting's dates: the present one, and earlier ones with the moment of moving.
    fn dates(present: &str, earlier: &[(&str, &str)]) -> MeetingDates {
        let earlier = earlier
            .iter()
            .map(|(on, until)| EarlierDate { on: day(on), until: london(until) })
            .collect();
        MeetingDates { present: day(present), earlier }
    }

    #[track_caller]
    fn check(dates: &MeetingDates, received: &str, late: bool) {
        let judged = dates.is_late(london(received), &CyclePolicy::default(), working_days());
        assert_eq!(judged, Ok(late), "received {received}");
    }

    // The cut-offs: 5 March for 19 March 2026, 12 March for 26 March, 26 February for 12 March.

    #[test]
    fn five_o_clock_is_in_time_and_a_moment_later_is_not() {
        let meeting = MeetingDates::unmoved(day("2026-03-19"));
        check(&meeting, "2026-03-05 17:00", false);
        check(&meeting, "2026-03-05 17:01", true);
        let judge = |instant| meeting.judge(utc(instant), &CyclePolicy::default(), working_days());
        let (cut_off, meeting) = (london("2026-03-05 17:00"), day("2026-03-19"));
        assert_eq!(judge("2026-03-05T17:00:00.000001Z"), Ok(Lateness::Late { cut_off }));
        assert_eq!(judge("2026-03-05T17:00:00Z"), Ok(Lateness::InTime { meeting }));
    }

    #[test]
    fn a_meeting_moved_later_takes_again_what_was_late() {
        let moved = dates("2026-03-26", &[("2026-03-19", "2026-03-10 09:00")]);
        check(&moved, "2026-03-06 09:00", false);
        check(&moved, "2026-03-12 17:00", false);
        check(&moved, "2026-03-12 17:01", true);
    }

    #[test]
    fn a_meeting_moved_earlier_makes_nothing_late_that_was_in_time() {
        let moved = dates("2026-03-12", &[("2026-03-19", "2026-03-03 09:00")]);
        check(&moved, "2026-03-02 16:00", false);
        check(&moved, "2026-03-03 08:59", false);
    }

    #[test]
    fn what_comes_after_a_meeting_was_moved_earlier_is_judged_by_its_new_date() {
        let moved = dates("2026-03-12", &[("2026-03-19", "2026-03-03 09:00")]);
        check(&moved, "2026-03-03 09:00", true);
        check(&moved, "2026-03-04 10:00", true);
    }

    #[test]
    fn moved_later_and_back_keeps_what_the_later_date_had_taken() {
        let moved = dates(
            "2026-03-19",
            &[("2026-03-19", "2026-03-09 09:00"), ("2026-03-26", "2026-03-11 09:00")],
        );
        check(&moved, "2026-03-06 09:00", false);
        check(&moved, "2026-03-10 09:00", false);
        check(&moved, "2026-03-11 10:00", true);
    }

    #[test]
    fn past_the_loaded_holidays_nothing_is_judged() {
        let meeting = MeetingDates::unmoved(day("2029-02-01"));
        let received = london("2028-12-01 09:00");
        assert!(meeting.is_late(received, &CyclePolicy::default(), working_days()).is_err());
    }
}
