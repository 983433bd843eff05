//! How often somebody does at all what burdens the service, whatever she sees by it.

use super::{HOUR, Kind, REQUESTS_RANGE, Spent, UPLOADS_RANGE, size};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What is cheap once and burdens everybody when a program does it without a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Often {
    /// Asking for anything.
    Requests,
    /// Sending a file, which has to be read.
    Uploads,
}

impl Often {
    /// Within which time it is counted.
    pub const fn span(self) -> Duration {
        match self {
            Self::Requests => Duration::minutes(1),
            Self::Uploads => HOUR,
        }
    }

    /// The least that its bound can be: whoever did it less often has no need of the policy.
    pub fn fewest(self) -> usize {
        size(match self {
            Self::Requests => REQUESTS_RANGE.0,
            Self::Uploads => UPLOADS_RANGE.0,
        })
    }
}

/// For how long bounds that were read are taken for those that hold.
const FRESH: Duration = Duration::minutes(1);

/// Whether bounds that were read at that instant need not be read again now. A clock that was set back says
/// nothing of how old they are.
pub fn are_fresh(read: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    read <= now && now - read < FRESH
}

/// How often somebody did something in the span that began with the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// When it began.
    pub since: DateTime<Utc>,
    /// How often since.
    pub many: usize,
}

impl Pace {
    /// The pace after once more, now. A span that is over, or that a clock set back has not come to, begins
    /// anew.
    #[must_use]
    pub fn once_more(before: Option<Self>, what: Often, now: DateTime<Utc>) -> Self {
        let lasts = |pace: &Self| pace.since <= now && now - pace.since < what.span();
        match before.filter(lasts) {
            Some(Self { since, many }) => Self { since, many: many.saturating_add(1) },
            None => Self { since: now, many: 1 },
        }
    }

    /// Whether that is within the bound.
    ///
    /// # Errors
    /// When it goes on: with the next span.
    pub fn within(self, what: Often, bound: usize, now: DateTime<Utc>) -> Result<(), Spent> {
        if self.many <= bound {
            return Ok(());
        }
        let until = self.since + what.span();
        Err(Spent { kind: Kind::Often(what), bound, asked: now, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-04-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minute)
    }

    #[test]
    fn whoever_asks_too_often_goes_on_a_minute_after_she_began() {
        let asks = |before, seconds| {
            Pace::once_more(before, Often::Requests, at(0) + Duration::seconds(seconds))
        };
        let (first, second) = (asks(None, 0), asks(Some(asks(None, 0)), 20));
        assert_eq!((first.many, second.many, second.since), (1, 2, at(0)));
        assert_eq!(second.within(Often::Requests, 2, at(0)), Ok(()));
        let third = asks(Some(second), 59);
        let spent = third.within(Often::Requests, 2, at(0) + Duration::seconds(59)).unwrap_err();
        assert_eq!((spent.until, spent.wait(), spent.kind.code()), (at(1), 1, "too_many_requests"));
        assert_eq!(asks(Some(third), 60), Pace { since: at(1), many: 1 });
        assert_eq!(asks(Some(third), -1).many, 1, "the clock was set back");
    }
}
