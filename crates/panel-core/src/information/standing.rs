//! Where a request stands, and how well a case is covered: computed from facts in one place.

use super::{ReplyKind, RequestState};
use chrono::{DateTime, Utc};

/// Where one request stands on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The deadline has passed without a reply.
    Overdue,
    /// Asked, the deadline is ahead.
    Waiting,
    /// The reply answers an older state of the case.
    Stale,
    /// Replied after the deadline.
    RepliedLate,
    /// Replied in time.
    Replied,
    /// No longer needed.
    Withdrawn,
}

impl Standing {
    /// In words, such as `No reply, overdue`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Overdue => "No reply, overdue",
            Self::Waiting => "No reply yet",
            Self::Stale => "Replied before the case changed",
            Self::RepliedLate => "Replied late",
            Self::Replied => "Replied",
            Self::Withdrawn => "No longer asked",
        }
    }

    /// Whether the agency still owes a reply.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Overdue | Self::Waiting)
    }
}

/// What is known about one request, from which its standing follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestFacts {
    /// Where it stands.
    pub state: RequestState,
    /// The last instant in time.
    pub due_at: DateTime<Utc>,
    /// The case's content version now.
    pub case_version: i32,
    /// The version that the latest released reply answers, and whether it came late.
    pub reply: Option<(i32, bool)>,
}

impl RequestFacts {
    /// The standing at `now`. The instant of the deadline itself is still in time.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        match (self.state, self.reply) {
            (RequestState::Withdrawn, _) => Standing::Withdrawn,
            (RequestState::Replied, Some((answered, _))) if answered < self.case_version => {
                Standing::Stale
            }
            (RequestState::Replied, Some((_, late))) => {
                if late {
                    Standing::RepliedLate
                } else {
                    Standing::Replied
                }
            }
            _ if now > self.due_at => Standing::Overdue,
            _ => Standing::Waiting,
        }
    }
}

/// How well a case is covered: what the chair sees beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// Agencies asked and still wanted.
    pub asked: usize,
    /// Of these, those that replied at all.
    pub replied: usize,
    /// Of these, those that know nothing.
    pub nothing_known: usize,
    /// Of these, those that declined.
    pub not_shared: usize,
    /// Of these, those whose reply predates new information.
    pub stale: usize,
}

impl Coverage {
    /// Counts standings with the kind of each reply.
    pub fn of(requests: impl IntoIterator<Item = (Standing, Option<ReplyKind>)>) -> Self {
        let mut coverage = Self::default();
        for (standing, kind) in requests {
            if standing == Standing::Withdrawn {
                continue;
            }
            coverage.asked += 1;
            coverage.stale += usize::from(standing == Standing::Stale);
            coverage.replied +=
                usize::from(!matches!(standing, Standing::Waiting | Standing::Overdue));
            coverage.nothing_known += usize::from(kind == Some(ReplyKind::NothingKnown));
            coverage.not_shared += usize::from(kind == Some(ReplyKind::NotShared));
        }
        coverage
    }

    /// In words, such as `6 of 8 agencies replied, 2 know nothing, 1 reply predates new information`.
    pub fn in_words(&self) -> String {
        let mut words = format!("{} of {} agencies replied", self.replied, self.asked);
        let mut add = |count: usize, one: &str, many: &str| {
            if count > 0 {
                let rest = if count == 1 { one } else { many };
                words.push_str(&[", ", &count.to_string(), " ", rest].concat());
            }
        };
        add(self.nothing_known, "knows nothing", "know nothing");
        add(self.not_shared, "does not share", "do not share");
        add(self.stale, "reply predates new information", "replies predate new information");
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(minute: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(minute * 60, 0).unwrap()
    }

    #[track_caller]
    fn check(state: RequestState, reply: Option<(i32, bool)>, now: i64, expected: Standing) {
        let facts = RequestFacts { state, due_at: at(10), case_version: 2, reply };
        assert_eq!(facts.standing(at(now)), expected);
    }

    #[test]
    fn the_instant_of_the_deadline_is_in_time_and_silence_stays_visible() {
        check(RequestState::Asked, None, 10, Standing::Waiting);
        check(RequestState::Asked, None, 11, Standing::Overdue);
    }

    #[test]
    fn q7_a_reply_that_answers_an_older_case_is_stale() {
        check(RequestState::Replied, Some((1, false)), 0, Standing::Stale);
        check(RequestState::Replied, Some((2, false)), 0, Standing::Replied);
        check(RequestState::Replied, Some((2, true)), 0, Standing::RepliedLate);
    }

    #[test]
    fn coverage_reads_as_a_sentence() {
        let replies = [
            (Standing::Replied, Some(ReplyKind::NothingKnown)),
            (Standing::Stale, Some(ReplyKind::Information)),
            (Standing::Overdue, None),
            (Standing::Withdrawn, None),
        ];
        let words = Coverage::of(replies).in_words();
        assert_eq!(
            words,
            "2 of 3 agencies replied, 1 knows nothing, 1 reply predates new information"
        );
    }
}
