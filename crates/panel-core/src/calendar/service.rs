//! The hours a service keeps: when the clock of something received starts to run.

use super::{NoHolidayData, WorkingDays};
use crate::time;
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Until when something received still counts on the same day, and when the next day begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceHours {
    /// The last local time at which a receipt counts at once; this time is still in.
    pub last_receipt: NaiveTime,
    /// The local time from which anything later counts, on the next working day.
    pub opens: NaiveTime,
}

impl Default for ServiceHours {
    /// Received by 1pm counts at once; later counts from 9am.
    fn default() -> Self {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { last_receipt: hour(13), opens: hour(9) }
    }
}

impl ServiceHours {
    /// When the clock of something received at `received` starts: at once on a working day up to the
    /// last receipt, else when the next working day opens.
    ///
    /// # Errors
    /// [`NoHolidayData`] when the day of receipt or the next working day is outside the loaded years.
    pub fn starts(
        &self,
        received: DateTime<Utc>,
        days: WorkingDays<'_>,
    ) -> Result<DateTime<Utc>, NoHolidayData> {
        let local = time::local(received);
        if days.is_working(local.date())? && local.time() <= self.last_receipt {
            return Ok(received);
        }
        Ok(time::resolve_leniently(days.next(local.date())?.and_time(self.opens)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{london, working_days};

    #[track_caller]
    fn check(received: &str, expected: &str) {
        let starts = ServiceHours::default().starts(london(received), working_days());
        assert_eq!(starts, Ok(london(expected)), "{received}");
    }

    #[test]
    fn q10_received_on_friday_13_01_counts_from_9_on_the_next_working_day() {
        check("2026-01-09 13:01", "2026-01-12 09:00");
        check("2026-05-01 13:01", "2026-05-05 09:00");
    }

    #[test]
    fn up_to_the_last_receipt_the_clock_starts_at_once() {
        check("2026-01-09 13:00", "2026-01-09 13:00");
        check("2026-01-09 07:15", "2026-01-09 07:15");
    }

    #[test]
    fn a_receipt_on_a_day_off_waits_for_the_next_working_day() {
        check("2026-01-10 08:00", "2026-01-12 09:00");
        check("2026-04-03 08:00", "2026-04-07 09:00");
    }

    #[test]
    fn the_opening_hour_is_local_on_both_sides_of_a_clock_change() {
        check("2026-03-27 17:00", "2026-03-30 09:00");
        check("2026-10-23 17:00", "2026-10-26 09:00");
    }
}
