//! How much one person opens within an hour and takes away within a day, how often she may ask for what is not
//! there, and how fast she may ask at all.
//!
//! Whoever wants everything has to open it piece by piece. Bounds lie above what a day's work takes, so that
//! nobody who prepares a meeting meets them; beyond them, nothing more is shown for a while. What is opened
//! again costs nothing. A bound holds for its own person: nobody can use up what another may open.

mod pace;

pub use self::pace::{Often, Pace, are_fresh};

use crate::id::{SubjectId, UserId};
use crate::time::{last_instant, local_date};
use crate::watch::{BREADTH, BREADTH_RUNS, Look, WatchRule};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Within which time different cases are counted.
pub const HOUR: Duration = Duration::hours(1);
/// Within which time things that were not found are counted.
pub const GUESSING: Duration = Duration::minutes(10);
/// The least and the most different cases within an hour that can be set for a representative.
pub const CASES_RANGE: (u32, u32) = (20, 200);
/// The least and the most for whoever coordinates or chairs a panel: never fewer than a whole agenda twice.
pub const CASES_RUNS_RANGE: (u32, u32) = (80, 400);
/// The least and the most files within a day.
pub const FILES_RANGE: (u32, u32) = (1, 20);
/// The least and the most things that are not found within ten minutes.
pub const GUESSES_RANGE: (u32, u32) = (10, 200);
/// The least and the most requests within a minute: more than anybody clicks, fewer than keep a database busy.
pub const REQUESTS_RANGE: (u32, u32) = (120, 6_000);
/// The least and the most files sent within an hour.
pub const UPLOADS_RANGE: (u32, u32) = (10, 200);
/// Days after a meeting until which its papers are part of working on it. Older ones count as files.
pub const PAPERS: Duration = Duration::days(60);

/// The bounds of an installation, as its administrators set them.
///
/// What was set before a bound was there has the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadingPolicy {
    /// Different cases that a representative opens within an hour.
    pub cases: u32,
    /// Different cases that whoever coordinates or chairs a panel opens within an hour.
    pub cases_runs: u32,
    /// Files that anybody takes within a day.
    pub files: u32,
    /// Things that were not found within ten minutes, after which somebody is slowed.
    pub guesses: u32,
    /// Requests within a minute, at one node.
    pub requests: u32,
    /// Files sent within an hour, at one node.
    pub uploads: u32,
}

impl Default for ReadingPolicy {
    fn default() -> Self {
        let bound = |bound: usize| u32::try_from(bound).unwrap_or(u32::MAX);
        let (cases, cases_runs) = (bound(BREADTH), bound(BREADTH_RUNS));
        Self { cases, cases_runs, files: 3, guesses: 30, requests: 600, uploads: 30 }
    }
}

impl ReadingPolicy {
    /// The name under which an installation keeps it.
    pub const NAME: &str = "reading";

    /// The bound of different cases for whoever runs a panel, or for others.
    pub fn cases_for(&self, runs: bool) -> usize {
        size(if runs { self.cases_runs } else { self.cases })
    }

    /// The bound of files.
    pub fn files(&self) -> usize {
        size(self.files)
    }

    /// The bound of things that were not found.
    pub fn guesses(&self) -> usize {
        size(self.guesses)
    }

    /// The bound of how often somebody does something.
    pub fn often(&self, what: Often) -> usize {
        size(match what {
            Often::Requests => self.requests,
            Often::Uploads => self.uploads,
        })
    }
}

fn size(bound: u32) -> usize {
    usize::try_from(bound).unwrap_or(usize::MAX)
}

/// The least that any bound of cases can be: whoever opened fewer has no need of the policy.
pub fn fewest() -> usize {
    size(CASES_RANGE.0)
}

/// The least that the bound of things that were not found can be.
pub fn fewest_guesses() -> usize {
    size(GUESSES_RANGE.0)
}

/// What was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Different cases within an hour.
    Cases,
    /// Files within a day.
    Files,
    /// Things that were not found within ten minutes.
    Guesses,
    /// What is done too often.
    Often(Often),
}

impl Kind {
    /// The rule under which it stands out.
    pub const fn rule(self) -> WatchRule {
        match self {
            Self::Cases => WatchRule::Bound,
            Self::Files => WatchRule::Files,
            Self::Guesses => WatchRule::Guesses,
            Self::Often(Often::Requests) => WatchRule::Requests,
            Self::Often(Often::Uploads) => WatchRule::Uploads,
        }
    }

    /// A stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cases => "cases_spent",
            Self::Files => "files_spent",
            Self::Guesses => "too_many_not_found",
            Self::Often(Often::Requests) => "too_many_requests",
            Self::Often(Often::Uploads) => "too_many_uploads",
        }
    }
}

/// A bound that was reached: nothing more until it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Which.
    pub kind: Kind,
    /// The bound.
    pub bound: usize,
    /// When somebody asked for more.
    pub asked: DateTime<Utc>,
    /// When it goes on.
    pub until: DateTime<Utc>,
}

impl Spent {
    /// Whole seconds until it goes on, one at least.
    pub fn wait(&self) -> u32 {
        let wait = (self.until - self.asked).num_milliseconds().max(0);
        u32::try_from(wait).map_or(u32::MAX, |wait| wait.div_ceil(1_000)).max(1)
    }
}

/// Whether opening `new` as well would be more different things within an hour than the bound. `opened` is
/// what was opened, each once, at the last time.
///
/// # Errors
/// When it goes on: as soon as so much of it is more than an hour ago that there is room for what is new.
pub fn open(
    bound: usize,
    opened: &[Look],
    new: &BTreeSet<SubjectId>,
    now: DateTime<Utc>,
) -> Result<(), Spent> {
    let recent = opened.iter().filter(|look| now - look.at < HOUR);
    let mut others: Vec<DateTime<Utc>> =
        recent.filter(|look| !new.contains(&look.what)).map(|look| look.at).collect();
    // What was opened already is no more than before, also where a bound was lowered meanwhile.
    let is_known =
        |what: &SubjectId| opened.iter().any(|look| look.what == *what && now - look.at < HOUR);
    let Some(over) = (others.len() + new.len()).checked_sub(bound).filter(|over| *over > 0) else {
        return Ok(());
    };
    if new.iter().all(is_known) {
        return Ok(());
    }
    others.sort_unstable();
    let frees = others.get(over - 1).or(others.last()).copied().unwrap_or(now);
    Err(Spent { kind: Kind::Cases, bound, asked: now, until: frees + HOUR })
}

/// Whether another file would be more than the bound of a day.
///
/// # Errors
/// When it goes on: on the next day.
pub fn take(bound: usize, taken: usize, now: DateTime<Utc>) -> Result<(), Spent> {
    if taken < bound {
        return Ok(());
    }
    let until = last_instant(local_date(now), None) + Duration::microseconds(1);
    Err(Spent { kind: Kind::Files, bound, asked: now, until })
}

/// Whether somebody asked for what is not there so often that she is slowed; `refused` is when, the latest
/// first.
///
/// # Errors
/// When it goes on: as soon as there are fewer of the last ten minutes than the bound.
pub fn guess(bound: usize, refused: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), Spent> {
    match bound.checked_sub(1).and_then(|last| refused.get(last)) {
        Some(at) if now - *at < GUESSING => {
            Err(Spent { kind: Kind::Guesses, bound, asked: now, until: *at + GUESSING })
        }
        _ => Ok(()),
    }
}

/// Whether somebody may lift the bounds of `whose` for a day: another who coordinates a panel of hers; where
/// nobody else does, another who runs the service.
pub fn may_lift(who: UserId, administers: bool, whose: UserId, coordinators: &[UserId]) -> bool {
    let mut others = coordinators.iter().filter(|one| **one != whose);
    let runs_service = administers && others.clone().next().is_none();
    who != whose && (others.any(|one| *one == who) || runs_service)
}

/// Whether a paper of the meeting on this day counts as a file: what is long over is not worked on.
pub fn is_file(met: NaiveDate, now: DateTime<Utc>) -> bool {
    local_date(now) - met > PAPERS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-04-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minute)
    }

    fn thing(n: usize) -> SubjectId {
        SubjectId::from_uuid(Uuid::from_u128(n.try_into().unwrap()))
    }

    /// So many things, one a minute, each once; then the thing `new` at `now`.
    #[track_caller]
    fn check(bound: usize, opened: usize, new: usize, now: i64, expected: Option<i64>) {
        let opened: Vec<Look> =
            (0..opened).map(|n| Look::new(at(i64::try_from(n).unwrap()), thing(n))).collect();
        let found = open(bound, &opened, &BTreeSet::from([thing(new)]), at(now));
        let until = found.err().map(|spent| (spent.until - at(0)).num_minutes());
        assert_eq!(until, expected);
    }

    #[test]
    fn as_many_as_the_bound_are_opened_and_the_next_waits_for_the_first_to_be_an_hour_ago() {
        check(60, 59, 99, 59, None);
        check(60, 60, 99, 59, Some(60));
        check(60, 60, 99, 60, None);
        check(30, 40, 99, 40, Some(70));
        check(3, 0, 99, 0, None);
    }

    #[test]
    fn what_was_opened_before_is_opened_again_also_at_the_bound_and_where_it_was_lowered() {
        check(60, 60, 7, 59, None);
        check(20, 60, 59, 59, None);
    }

    #[test]
    fn files_go_on_with_the_next_day() {
        assert_eq!(take(3, 2, at(0)), Ok(()));
        let spent = take(3, 3, at(0)).unwrap_err();
        // Nine in the morning in summer: midnight is fifteen hours away.
        assert_eq!((spent.until, spent.wait()), (at(15 * 60), 15 * 3_600));
    }

    #[test]
    fn whoever_is_slowed_goes_on_when_the_first_of_so_many_is_ten_minutes_ago() {
        let times = |n: i64| (0..n).rev().map(|n| at(0) + Duration::seconds(n)).collect::<Vec<_>>();
        assert_eq!(guess(30, &times(29), at(1)), Ok(()));
        let spent = guess(30, &times(30), at(1)).unwrap_err();
        assert_eq!((spent.until, spent.wait()), (at(10), 540));
        assert_eq!(guess(30, &times(30), at(10)), Ok(()));
        assert_eq!(guess(0, &[], at(1)), Ok(()));
    }

    #[test]
    fn a_policy_that_was_set_before_a_bound_was_there_has_the_usual_one() {
        let before = r#"{"cases": 20, "cases_runs": 80, "files": 1, "guesses": 10}"#;
        let policy: ReadingPolicy = serde_json::from_str(before).unwrap();
        let usual = ReadingPolicy::default();
        assert_eq!((policy.cases, policy.often(Often::Uploads)), (20, 30));
        assert_eq!(policy.requests, usual.requests);
    }

    #[test]
    fn another_coordinator_lifts_and_an_administrator_where_there_is_none() {
        let [ada, carol, dan, priya] = [1, 2, 3, 4].map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        assert!(may_lift(carol, false, priya, &[carol]) && !may_lift(dan, false, priya, &[carol]));
        assert!(
            !may_lift(carol, true, carol, &[carol]) && may_lift(dan, false, carol, &[carol, dan])
        );
        assert!(may_lift(ada, true, carol, &[carol]) && !may_lift(ada, true, priya, &[carol]));
        assert!(may_lift(ada, true, priya, &[]) && !may_lift(priya, true, priya, &[]));
    }

    #[test]
    fn papers_of_meetings_long_ago_count_as_files() {
        let met: NaiveDate = "2026-01-31".parse().unwrap();
        assert!(!is_file(met, at(0)) && is_file(met.pred_opt().unwrap(), at(0)));
    }

    #[test]
    fn the_usual_bounds_can_be_set() {
        let policy = ReadingPolicy::default();
        for (value, (least, most)) in [
            (policy.cases, CASES_RANGE),
            (policy.cases_runs, CASES_RUNS_RANGE),
            (policy.files, FILES_RANGE),
            (policy.guesses, GUESSES_RANGE),
            (policy.requests, REQUESTS_RANGE),
            (policy.uploads, UPLOADS_RANGE),
        ] {
            assert!((least..=most).contains(&value));
        }
        assert_eq!((policy.cases_for(false), policy.cases_for(true)), (60, 120));
    }
}
