//! By when an agency is to reply: by the cycle, by the start of the meeting, or by an extension.

use crate::cycle::Deadline;
use crate::time::local_date;
use crate::words;
use chrono::{DateTime, NaiveDate, Utc};

/// The last moment in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its local date.
    pub on: NaiveDate,
    /// The instant itself, which is still in time.
    pub at: DateTime<Utc>,
}

/// Why a deadline is not extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// Not later than it is.
    #[error("The new deadline must be after the present one, {}", told(.0))]
    NotLater(Due),
    /// It has passed already.
    #[error("The new deadline must be in the future")]
    Past,
    /// After the meeting that the reply is for.
    #[error("The new deadline must not be after the meeting starts, {}", told(.0))]
    AfterMeeting(Due),
}

fn told(due: &Due) -> String {
    words::date_time(crate::time::local(due.at))
}

impl Due {
    /// When somebody who is asked at `asked` is to reply: by the deadline of the cycle while that is
    /// ahead, else by the start of the meeting.
    pub fn of(deadline: &Deadline, asked: DateTime<Utc>, meeting_starts: DateTime<Utc>) -> Self {
        let limit = deadline.limit();
        if asked < limit {
            Self { on: deadline.on, at: limit }
        } else {
            Self::at_start(meeting_starts)
        }
    }

    /// By the start of the meeting.
    pub fn at_start(meeting_starts: DateTime<Utc>) -> Self {
        Self { on: local_date(meeting_starts), at: meeting_starts }
    }

    /// Puts the deadline off to `to`.
    ///
    /// # Errors
    /// [`ExtensionError`] when `to` is not later, has passed, or is after the meeting starts.
    pub fn extend(
        self,
        to: Self,
        meeting_starts: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, ExtensionError> {
        if to.at <= self.at {
            return Err(ExtensionError::NotLater(self));
        }
        if to.at <= now {
            return Err(ExtensionError::Past);
        }
        if to.at > meeting_starts {
            return Err(ExtensionError::AfterMeeting(Self::at_start(meeting_starts)));
        }
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::{CyclePolicy, Step};
    use crate::time::testing::{day, london, working_days};

    fn due(at: &str) -> Due {
        let at = london(at);
        Due { on: local_date(at), at }
    }

    #[test]
    fn a_reply_is_due_by_the_cycle_and_when_that_has_passed_by_the_meeting() {
        let policy = CyclePolicy::default();
        let limit =
            Deadline::of(Step::ResearchDue, day("2026-04-16"), &policy, working_days()).unwrap();
        let meeting = london("2026-04-16 10:00");
        let asked = |at| Due::of(&limit, london(at), meeting);
        assert_eq!(asked("2026-04-02 17:00"), due("2026-04-13 12:00"));
        assert_eq!(asked("2026-04-13 12:00"), due("2026-04-16 10:00"));
    }

    #[test]
    fn an_extension_is_later_ahead_and_not_after_the_meeting() {
        let present = due("2026-04-13 12:00");
        let extend = |to, now| present.extend(due(to), london("2026-04-16 10:00"), london(now));
        assert_eq!(extend("2026-04-15 17:00", "2026-04-13 09:00"), Ok(due("2026-04-15 17:00")));
        let refused = extend("2026-04-13 12:00", "2026-04-10 09:00").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "The new deadline must be after the present one, midday on Monday 13 April 2026"
        );
        assert_eq!(extend("2026-04-14 12:00", "2026-04-15 09:00"), Err(ExtensionError::Past));
        let after = extend("2026-04-16 10:01", "2026-04-13 09:00");
        assert_eq!(after, Err(ExtensionError::AfterMeeting(due("2026-04-16 10:00"))));
    }
}
