//! The clock of an information request: when it starts, when it runs out, and what was in time.

use super::{Deadline, Offset};
use crate::calendar::{NoHolidayData, WorkingDays};
use crate::coded;
use crate::time;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

coded! {
    /// Whether a reply came by its limit. A late reply is taken all the same.
    pub enum Timeliness: "timeliness" {
        /// By the limit; the last day counts.
        InTime = "in_time" => "In time",
        /// After the limit: taken, and marked so.
        Late = "late" => "Late",
    }
}

coded! {
    /// How a case comes back to the state in which its agencies are asked.
    pub enum Entry: "entry" {
        /// By any way but the one below: the question asked before still stands.
        CameBack = "came_back" => "Came back",
        /// By the transition that asks anew.
        AskedAgain = "asked_again" => "Asked again",
    }
}

/// How a request stands at a given moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The agency has replied.
    Answered(Timeliness),
    /// No reply yet, and the limit is ahead.
    Waiting,
    /// No reply, and the limit has passed; it stays visible as that.
    Overdue,
}

/// The clock of one request to one agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestClock {
    /// When the agency was asked.
    pub asked: DateTime<Utc>,
    /// The last local date that is in time.
    pub due_on: NaiveDate,
    /// The local hour of that date that is in time, or none when the whole day is.
    pub due_at: Option<NaiveTime>,
    /// When the first reply came.
    pub answered: Option<DateTime<Utc>>,
}

impl RequestClock {
    /// Starts a clock of its own: so many working days from the day of asking, which is day 0.
    ///
    /// # Errors
    /// [`NoHolidayData`] when the limit would be past the loaded bank holidays.
    pub fn start(
        asked: DateTime<Utc>,
        term: Offset,
        days: WorkingDays<'_>,
    ) -> Result<Self, NoHolidayData> {
        let due_on = days.add(time::local_date(asked), term.working_days.into())?;
        Ok(Self { asked, due_on, due_at: term.at, answered: None })
    }

    /// Starts a clock that runs to a deadline of the cycle, however long that is.
    pub const fn until(asked: DateTime<Utc>, deadline: &Deadline) -> Self {
        Self { asked, due_on: deadline.on, due_at: deadline.at, answered: None }
    }

    /// The last instant that is in time.
    pub fn limit(&self) -> DateTime<Utc> {
        time::last_instant(self.due_on, self.due_at)
    }

    /// Whether a reply at `replied` is in time. A reply on the last day is; one on the next is late.
    pub fn timeliness(&self, replied: DateTime<Utc>) -> Timeliness {
        if time::is_in_time(replied, self.limit()) { Timeliness::InTime } else { Timeliness::Late }
    }

    /// Takes a reply, in time or late. The first one counts; later ones leave the clock as it is.
    #[must_use]
    pub fn reply(self, replied: DateTime<Utc>) -> Self {
        Self { answered: self.answered.or(Some(replied)), ..self }
    }

    /// What the clock does when the case enters the state of asking once more at `now`: with a reply
    /// given it does not restart; without one it restarts only when the agency is asked again.
    ///
    /// # Errors
    /// [`NoHolidayData`] when it restarts and the limit would be past the loaded bank holidays.
    pub fn enter(
        self,
        entry: Entry,
        now: DateTime<Utc>,
        term: Offset,
        days: WorkingDays<'_>,
    ) -> Result<Self, NoHolidayData> {
        match (self.answered, entry) {
            (None, Entry::AskedAgain) => Self::start(now, term, days),
            (Some(_), _) | (None, Entry::CameBack) => Ok(self),
        }
    }

    /// How the request stands at `now`.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        match self.answered {
            Some(replied) => Standing::Answered(self.timeliness(replied)),
            None if time::is_in_time(now, self.limit()) => Standing::Waiting,
            None => Standing::Overdue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::{CyclePolicy, Step};
    use crate::time::testing::{day, london, working_days};

    fn clock(asked: &str, days: u8) -> RequestClock {
        RequestClock::start(london(asked), Offset::days(days), working_days()).unwrap()
    }

    #[test]
    fn q1_seven_working_days_from_a_monday_are_nine_calendar_days() {
        assert_eq!(clock("2026-06-08 10:00", 7).due_on, day("2026-06-17"));
    }

    #[test]
    fn q2_only_the_coming_holiday_adds_a_day() {
        // The May holiday of 4 May is past and the one of 25 May is ahead.
        assert_eq!(clock("2026-05-18 10:00", 7).due_on, day("2026-05-28"));
    }

    #[test]
    fn q4_a_reply_on_the_last_day_is_in_time_and_on_the_next_is_taken_as_late() {
        let clock = clock("2026-06-08 10:00", 7);
        assert_eq!(clock.timeliness(london("2026-06-17 23:59")), Timeliness::InTime);
        let late = clock.reply(london("2026-06-18 00:00"));
        assert_eq!(late.standing(london("2026-06-18 09:00")), Standing::Answered(Timeliness::Late));
    }

    #[test]
    fn q4_where_an_hour_is_given_it_is_the_limit_and_still_in_time() {
        let meeting = day("2026-03-19");
        let policy = CyclePolicy::default();
        let due = Deadline::of(Step::ResearchDue, meeting, &policy, working_days()).unwrap();
        let clock = RequestClock::until(london("2026-03-09 17:00"), &due);
        assert_eq!(clock.timeliness(london("2026-03-16 12:00")), Timeliness::InTime);
        assert_eq!(clock.timeliness(london("2026-03-16 12:01")), Timeliness::Late);
    }

    #[track_caller]
    fn entered(clock: RequestClock, entry: Entry) -> RequestClock {
        clock.enter(entry, london("2026-06-22 10:00"), Offset::days(7), working_days()).unwrap()
    }

    #[test]
    fn q5_with_a_reply_given_the_clock_does_not_restart() {
        let answered = clock("2026-06-08 10:00", 7).reply(london("2026-06-10 10:00"));
        assert_eq!(entered(answered, Entry::CameBack), answered);
        assert_eq!(entered(answered, Entry::AskedAgain), answered);
    }

    #[test]
    fn q5_without_a_reply_it_restarts_only_on_the_named_transition() {
        let open = clock("2026-06-08 10:00", 7);
        assert_eq!(entered(open, Entry::CameBack), open);
        assert_eq!(entered(open, Entry::AskedAgain), clock("2026-06-22 10:00", 7));
    }

    #[test]
    fn no_reply_waits_and_then_stays_overdue() {
        let clock = clock("2026-06-08 10:00", 7);
        assert_eq!(clock.standing(london("2026-06-17 23:59")), Standing::Waiting);
        assert_eq!(clock.standing(london("2026-06-18 00:00")), Standing::Overdue);
    }

    #[test]
    fn a_second_reply_does_not_undo_a_first_in_time() {
        let replied = clock("2026-06-08 10:00", 7).reply(london("2026-06-10 10:00"));
        let again = replied.reply(london("2026-07-01 10:00"));
        assert_eq!(
            again.standing(london("2026-07-01 10:00")),
            Standing::Answered(Timeliness::InTime)
        );
    }

    #[test]
    fn asked_late_in_the_evening_counts_from_the_local_day() {
        let asked = "2026-06-08T23:30:00Z".parse().unwrap();
        let clock = RequestClock::start(asked, Offset::days(1), working_days()).unwrap();
        assert_eq!(clock.due_on, day("2026-06-10"), "it was Tuesday 9 June in London already");
    }
}
