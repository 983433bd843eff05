//! On what occasion somebody opened a case: what the service knows of why, without asking her.
//!
//! A reader is not asked for a reason at each page; people would type anything. What speaks for her is there
//! already: she runs the panel, her agency has an action there, the meeting is near. The occasion stands with
//! the reading in the audit log, and rules of [`crate::watch`] weigh readings that have none.

use crate::coded;
use chrono::{Days, NaiveDate};

coded! {
    /// What the service knows of why a case was opened.
    pub enum Occasion: "occasion of a reading" {
        /// She coordinates or chairs the panel.
        Runs = "runs" => "Runs the panel",
        /// An action of an agency that she acts for is unfinished.
        Action = "action" => "An action of the agency is open",
        /// An agency that she acts for is asked about it for a meeting that is to be held.
        Asked = "asked" => "The agency is asked for information",
        /// It is or was on the agenda of a meeting that is near.
        Hearing = "hearing" => "A meeting is near that hears it",
        /// It is a case of the last weeks.
        New = "new" => "The case is new",
        /// It was heard, the meeting is over, and nothing is left to do for her.
        After = "after" => "After the meeting, with nothing left to do",
        /// Nothing at all.
        Unknown = "unknown" => "None that Panel knows of",
    }
}

/// How long before a meeting its cases are read for it.
const BEFORE: Days = Days::new(21);
/// How long after a meeting they are, minutes and all.
const AFTERWARDS: Days = Days::new(7);
/// How long a case is new.
const NEW: Days = Days::new(28);

/// What the occasion is found from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The local day.
    pub today: NaiveDate,
    /// Whether she runs the panel.
    pub runs: bool,
    /// Whether an action of an agency that she acts for is unfinished.
    pub has_action: bool,
    /// Whether such an agency is asked about it for a meeting that is to be held.
    pub is_asked: bool,
    /// When the case was opened.
    pub opened_on: NaiveDate,
    /// The dates of the meetings that have or had it on their agenda.
    pub heard_on: Vec<NaiveDate>,
}

impl Occasion {
    /// The strongest of what speaks for a reading.
    pub fn of(facts: &Circumstances) -> Self {
        let today = facts.today;
        let first = today.checked_sub_days(AFTERWARDS).unwrap_or(NaiveDate::MIN);
        let last = today.checked_add_days(BEFORE).unwrap_or(NaiveDate::MAX);
        let new = today.checked_sub_days(NEW).unwrap_or(NaiveDate::MIN);
        let mut heard = facts.heard_on.iter();
        match () {
            () if facts.runs => Self::Runs,
            () if facts.has_action => Self::Action,
            () if facts.is_asked => Self::Asked,
            () if heard.clone().any(|on| (first..=last).contains(on)) => Self::Hearing,
            () if facts.opened_on >= new => Self::New,
            () if heard.any(|on| *on < first) => Self::After,
            () => Self::Unknown,
        }
    }

    /// Whether the service knows a reason.
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::After | Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Somebody who reads an old case on 1 April 2026 that was never heard.
    fn nobody() -> Circumstances {
        Circumstances {
            today: day("2026-04-01"),
            runs: false,
            has_action: false,
            is_asked: false,
            opened_on: day("2025-01-01"),
            heard_on: Vec::new(),
        }
    }

    #[track_caller]
    fn check(facts: &Circumstances, expected: Occasion) {
        assert_eq!(Occasion::of(facts), expected, "{facts:?}");
    }

    #[test]
    fn whoever_has_a_task_there_has_an_occasion_whatever_else_is_true() {
        let heard_on = vec![day("2026-04-02"), day("2025-06-01")];
        let all =
            Circumstances { runs: true, has_action: true, is_asked: true, heard_on, ..nobody() };
        check(&all.clone(), Occasion::Runs);
        check(&Circumstances { runs: false, ..all.clone() }, Occasion::Action);
        check(&Circumstances { runs: false, has_action: false, ..all }, Occasion::Asked);
        check(&nobody(), Occasion::Unknown);
    }

    #[test]
    fn a_meeting_is_near_from_three_weeks_before_it_until_a_week_after_it() {
        for (on, expected) in [
            ("2026-04-23", Occasion::Unknown),
            ("2026-04-22", Occasion::Hearing),
            ("2026-04-01", Occasion::Hearing),
            ("2026-03-25", Occasion::Hearing),
            ("2026-03-24", Occasion::After),
        ] {
            check(&Circumstances { heard_on: vec![day(on)], ..nobody() }, expected);
        }
        let again = vec![day("2025-12-01"), day("2026-04-15")];
        check(&Circumstances { heard_on: again, ..nobody() }, Occasion::Hearing);
    }

    #[test]
    fn a_case_is_new_for_four_weeks() {
        let opened = |on| Circumstances { opened_on: day(on), ..nobody() };
        check(&opened("2026-03-04"), Occasion::New);
        check(&opened("2026-03-03"), Occasion::Unknown);
        let heard = Circumstances { heard_on: vec![day("2026-03-10")], ..opened("2026-03-06") };
        check(&heard, Occasion::New);
    }

    #[test]
    fn whoever_comes_back_after_the_meeting_has_no_reason_that_is_known() {
        let unknown: Vec<_> = Occasion::ALL.iter().filter(|one| !one.is_known()).collect();
        assert_eq!(unknown, [&Occasion::After, &Occasion::Unknown]);
    }

    #[test]
    fn the_ends_of_the_calendar_are_days_like_others() {
        for today in [NaiveDate::MIN, NaiveDate::MAX] {
            check(&Circumstances { today, heard_on: vec![today], ..nobody() }, Occasion::Hearing);
        }
    }
}
