//! The deadlines of one meeting, each with the reason why it falls where it does.

use super::{CyclePolicy, Offset, Step};
use crate::calendar::{BankHoliday, NoHolidayData, WorkingDays, is_weekend};
use crate::coded::Coded;
use crate::time;
use crate::words;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use std::fmt;

/// A meeting's deadlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// The meeting day.
    pub meeting: NaiveDate,
    /// Every step once, in the order of [`Step`].
    pub deadlines: Vec<Deadline>,
}

/// The day, and perhaps the hour, of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The step.
    pub step: Step,
    /// The local date.
    pub on: NaiveDate,
    /// The local hour that is still in time, or none when the whole day is.
    pub at: Option<NaiveTime>,
    /// Why it falls there.
    pub why: Why,
}

/// Why a step falls where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The meeting from which it is counted.
    pub meeting: NaiveDate,
    /// How far.
    pub distance: Distance,
    /// The bank holidays on the way that do not count; weekends go without saying.
    pub left_out: Vec<BankHoliday>,
}

/// How far a step is from its meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// It is the meeting.
    MeetingDay,
    /// So many working days before.
    WorkingDaysBefore(u8),
    /// So many working days after.
    WorkingDaysAfter(u8),
    /// So many days of any kind after.
    DaysAfter(u16),
}

impl Cycle {
    /// Every deadline of a meeting on `meeting`.
    ///
    /// # Errors
    /// [`NoHolidayData`] when a deadline has to be counted past the loaded bank holidays; none is
    /// guessed at.
    pub fn of(
        meeting: NaiveDate,
        policy: &CyclePolicy,
        days: WorkingDays<'_>,
    ) -> Result<Self, NoHolidayData> {
        let deadline = |step: &Step| Deadline::of(*step, meeting, policy, days);
        let deadlines = Step::ALL.iter().map(deadline).collect::<Result<_, _>>()?;
        Ok(Self { meeting, deadlines })
    }
}

impl Deadline {
    /// One deadline of a meeting on `meeting`.
    ///
    /// # Errors
    /// [`NoHolidayData`] when it has to be counted past the loaded bank holidays.
    pub fn of(
        step: Step,
        meeting: NaiveDate,
        policy: &CyclePolicy,
        days: WorkingDays<'_>,
    ) -> Result<Self, NoHolidayData> {
        let (distance, at) = place_of(step, policy);
        let on = match distance {
            Distance::MeetingDay => meeting,
            Distance::WorkingDaysBefore(count) => days.subtract(meeting, count.into())?,
            Distance::WorkingDaysAfter(count) => days.add(meeting, count.into())?,
            Distance::DaysAfter(count) => {
                meeting.checked_add_days(Days::new(count.into())).unwrap_or(NaiveDate::MAX)
            }
        };
        let left_out = match distance {
            Distance::WorkingDaysBefore(_) => left_out(on, meeting, days),
            Distance::WorkingDaysAfter(_) => left_out(meeting, on, days),
            Distance::MeetingDay | Distance::DaysAfter(_) => Vec::new(),
        };
        Ok(Self { step, on, at, why: Why { meeting, distance, left_out } })
    }

    /// The last instant that is in time.
    pub fn limit(&self) -> DateTime<Utc> {
        time::last_instant(self.on, self.at)
    }

    /// Whether something received at `received` is in time.
    pub fn is_met_at(&self, received: DateTime<Utc>) -> bool {
        time::is_in_time(received, self.limit())
    }
}

fn place_of(step: Step, policy: &CyclePolicy) -> (Distance, Option<NaiveTime>) {
    let before = |offset: Offset| (Distance::WorkingDaysBefore(offset.working_days), offset.at);
    let after = |offset: Offset| (Distance::WorkingDaysAfter(offset.working_days), offset.at);
    match step {
        Step::ReferralCutOff => before(policy.referral_cut_off),
        Step::AgendaIssued => before(policy.agenda_issued),
        Step::ResearchDue => before(policy.research_due),
        Step::StatusDue => before(policy.status_due),
        Step::Meeting => (Distance::MeetingDay, None),
        Step::ActionList => after(policy.action_list),
        Step::MinutesApproved => after(policy.minutes_approved),
        Step::MinutesCirculated => after(policy.minutes_circulated),
        Step::NextMeeting => (Distance::DaysAfter(policy.cycle_days), None),
    }
}

/// The bank holidays after `first` and before `last` that would be working days otherwise.
fn left_out(first: NaiveDate, last: NaiveDate, days: WorkingDays<'_>) -> Vec<BankHoliday> {
    days.holidays()
        .within(first..=last)
        .filter(|holiday| holiday.on != first && holiday.on != last && !is_weekend(holiday.on))
        .cloned()
        .collect()
}

impl fmt::Display for Deadline {
    /// `5pm on Thursday 2 April 2026`, or the date alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self.at {
            Some(at) => words::date_time(self.on.and_time(at)),
            None => words::weekday_date(self.on),
        })
    }
}

impl fmt::Display for Why {
    /// `8 working days before Thursday 16 April 2026; Good Friday 3 April and Easter Monday 6 April
    /// do not count`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meeting = words::weekday_date(self.meeting);
        let working_days = |count: u8| words::count(count.into(), "working day");
        match self.distance {
            Distance::MeetingDay | Distance::WorkingDaysAfter(0) => {
                f.write_str("the day of the meeting")?;
            }
            Distance::WorkingDaysBefore(count) => {
                write!(f, "{} before {meeting}", working_days(count))?;
            }
            Distance::WorkingDaysAfter(count) => {
                write!(f, "{} after {meeting}", working_days(count))?;
            }
            Distance::DaysAfter(count) => {
                write!(f, "{} after {meeting}", words::count(count.into(), "day"))?;
            }
        }
        let name = |holiday: &BankHoliday| {
            let same_year = holiday.on.year() == self.meeting.year();
            let date = if same_year { words::day_and_month } else { words::date };
            format!("{holiday} {}", date(holiday.on))
        };
        let names: Vec<String> = self.left_out.iter().map(name).collect();
        match names.as_slice() {
            [] => Ok(()),
            [only] => write!(f, "; {only} does not count"),
            several => write!(f, "; {} do not count", words::list(several)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::{day, london, working_days};

    fn cycle(meeting: &str) -> Vec<Deadline> {
        Cycle::of(day(meeting), &CyclePolicy::default(), working_days()).unwrap().deadlines
    }

    #[track_caller]
    fn check(meeting: &str, expected: [&str; 9]) {
        let dates: Vec<String> = cycle(meeting).iter().map(ToString::to_string).collect();
        assert_eq!(dates, expected);
    }

    #[track_caller]
    fn check_why(meeting: &str, step: Step, expected: &str) {
        let deadline = Deadline::of(step, day(meeting), &CyclePolicy::default(), working_days());
        assert_eq!(deadline.unwrap().why.to_string(), expected);
    }

    #[test]
    fn an_ordinary_cycle_has_every_step_of_the_table() {
        check(
            "2026-03-19",
            [
                "5pm on Thursday 5 March 2026",
                "5pm on Monday 9 March 2026",
                "midday on Monday 16 March 2026",
                "5pm on Tuesday 17 March 2026",
                "Thursday 19 March 2026",
                "Friday 20 March 2026",
                "Monday 23 March 2026",
                "Tuesday 24 March 2026",
                "Thursday 16 April 2026",
            ],
        );
        check_why("2026-03-19", Step::StatusDue, "2 working days before Thursday 19 March 2026");
        check_why("2026-03-19", Step::ActionList, "1 working day after Thursday 19 March 2026");
        check_why("2026-03-19", Step::NextMeeting, "28 days after Thursday 19 March 2026");
        check_why("2026-03-19", Step::Meeting, "the day of the meeting");
    }

    #[test]
    fn easter_pushes_deadlines_back_and_is_named() {
        check(
            "2026-04-16",
            [
                "5pm on Tuesday 31 March 2026",
                "5pm on Thursday 2 April 2026",
                "midday on Monday 13 April 2026",
                "5pm on Tuesday 14 April 2026",
                "Thursday 16 April 2026",
                "Friday 17 April 2026",
                "Monday 20 April 2026",
                "Tuesday 21 April 2026",
                "Thursday 14 May 2026",
            ],
        );
        check_why(
            "2026-04-16",
            Step::AgendaIssued,
            "8 working days before Thursday 16 April 2026; \
             Good Friday 3 April and Easter Monday 6 April do not count",
        );
        check_why("2026-04-16", Step::ResearchDue, "3 working days before Thursday 16 April 2026");
    }

    #[test]
    fn a_year_end_names_the_year_and_the_substitute_day() {
        check_why(
            "2027-01-07",
            Step::ReferralCutOff,
            "10 working days before Thursday 7 January 2027; Christmas Day 25 December 2026, \
             Boxing Day (substitute day) 28 December 2026 and New Year’s Day 1 January do not count",
        );
        check_why(
            "2021-12-23",
            Step::MinutesCirculated,
            "3 working days after Thursday 23 December 2021; Christmas Day (substitute day) \
             27 December and Boxing Day (substitute day) 28 December do not count",
        );
    }

    #[test]
    fn proclaimed_days_do_not_count_either() {
        check_why(
            "2022-09-22",
            Step::ResearchDue,
            "3 working days before Thursday 22 September 2022; \
             Bank Holiday for the State Funeral of Queen Elizabeth II 19 September does not count",
        );
        check_why(
            "2022-06-09",
            Step::AgendaIssued,
            "8 working days before Thursday 9 June 2022; \
             Spring bank holiday 2 June and Platinum Jubilee bank holiday 3 June do not count",
        );
        check_why("2020-05-07", Step::ResearchDue, "3 working days before Thursday 7 May 2020");
    }

    #[test]
    fn a_meeting_on_a_bank_holiday_is_day_0_all_the_same() {
        check_why("2026-05-25", Step::ActionList, "1 working day after Monday 25 May 2026");
        check_why("2026-05-25", Step::ResearchDue, "3 working days before Monday 25 May 2026");
        assert_eq!(cycle("2026-05-25")[0].on, day("2026-05-11"));
        assert_eq!(cycle("2028-02-28")[5].on, day("2028-02-29"), "a leap day is worked");
    }

    #[test]
    fn an_hour_is_the_limit_and_still_in_time_and_a_day_lasts_to_local_midnight() {
        let summer = cycle("2026-07-16");
        let met = |deadline: &Deadline, at: &str| deadline.is_met_at(london(at));
        assert!(met(&summer[0], "2026-07-02 17:00") && !met(&summer[0], "2026-07-02 17:01"));
        assert!(met(&summer[7], "2026-07-21 23:59") && !met(&summer[7], "2026-07-22 00:00"));
    }

    #[test]
    fn five_o_clock_is_local_on_both_sides_of_a_clock_change() {
        let before_and_after = cycle("2026-10-29");
        assert_eq!(
            before_and_after[1].limit(),
            "2026-10-19T16:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
        assert_eq!(
            before_and_after[3].limit(),
            "2026-10-27T17:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }

    #[test]
    fn past_the_loaded_holidays_the_cycle_is_refused_with_the_reason() {
        let of = |meeting| Cycle::of(day(meeting), &CyclePolicy::default(), working_days());
        assert!(of("2028-12-21").is_ok());
        let refused = of("2028-12-28").unwrap_err();
        assert_eq!(refused.day, day("2029-01-01"));
        assert_eq!(
            refused.to_string(),
            "1 January 2029 is outside the loaded bank holidays (2012 to 2028), \
             so working days cannot be counted there"
        );
    }
}
