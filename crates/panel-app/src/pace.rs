//! How fast each person asks of this node.
//!
//! It is counted in memory, since counting it in the database would cost what it is to save. Each node counts
//! for itself, and begins anew when it is started. The bounds are kept beside it for the same reason.

use crate::app::App;
use crate::budget;
use crate::context::{Ctx, Person};
use crate::error::AppError;
use chrono::{DateTime, Utc};
use panel_core::budget::{Often, Pace, ReadingPolicy, are_fresh};
use panel_core::id::UserId;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many people are kept before those are forgotten whose span is over.
const KEPT: usize = 1_024;

/// The present pace of everybody, and the bounds as they were last read.
#[derive(Debug, Default)]
pub struct Paces {
    paces: Mutex<BTreeMap<(UserId, Often), Pace>>,
    bounds: Mutex<Option<(DateTime<Utc>, ReadingPolicy)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Paces {
    fn once_more(&self, user: UserId, what: Often, now: DateTime<Utc>) -> Pace {
        let mut paces = locked(&self.paces);
        if paces.len() >= KEPT {
            paces.retain(|(_, what), pace| now - pace.since < what.span());
        }
        let before = paces.get(&(user, what)).copied();
        let pace = Pace::once_more(before, what, now);
        paces.insert((user, what), pace);
        pace
    }

    /// Whether a pace is within its bound for certain: the least there can be, or the one that was read
    /// within the last minute.
    fn is_within(&self, what: Often, pace: Pace, now: DateTime<Utc>) -> bool {
        let fits = |bound| pace.within(what, bound, now).is_ok();
        let kept = locked(&self.bounds).filter(|(read, _)| are_fresh(*read, now));
        fits(what.fewest()) || kept.is_some_and(|(_, bounds)| fits(bounds.often(what)))
    }

    /// Forgets the bounds, since others were set.
    pub(crate) fn forget_bounds(&self) {
        *locked(&self.bounds) = None;
    }
}

/// Counts that somebody does something once more. Nearly always that is all: only a pace that could be over
/// its bound is given back, to be weighed by [`weigh`]. A bound that another node tightened holds here
/// within a minute, and one that was widened at once.
///
/// # Errors
/// When the clock has stopped.
pub fn once_more(app: &App, user: UserId, what: Often) -> Result<Option<Pace>, AppError> {
    let now = app.clock.now()?;
    let pace = app.paces.once_more(user, what, now);
    Ok((!app.paces.is_within(what, pace, now)).then_some(pace))
}

/// Weighs a pace against the bound of the installation. The first time that one is over it in its span is
/// noted as a finding; to note each would be work that whoever asks too fast makes for everybody.
///
/// # Errors
/// [`AppError::Spent`] when it is over.
pub fn weigh(app: &App, person: Person, what: Often, pace: Pace) -> Result<(), AppError> {
    let ctx = Ctx::new(app, person)?;
    let bounds = ctx.read(|az| Ok(panel_store::budget::bounds(az)?))?;
    *locked(&app.paces.bounds) = Some((ctx.now, bounds));
    let bound = bounds.often(what);
    let Err(spent) = pace.within(what, bound, ctx.now) else { return Ok(()) };
    if pace.many == bound.saturating_add(1) {
        budget::reached(&ctx, &spent)?;
    }
    Err(AppError::Spent(spent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use panel_core::id::Id;
    use uuid::Uuid;

    #[test]
    fn everybody_has_a_pace_of_her_own_and_what_is_over_is_not_kept() {
        let paces = Paces::default();
        let now = "2026-04-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let user = |n: usize| UserId::from_uuid(Uuid::from_u128(n.try_into().unwrap()));
        for n in 0..KEPT {
            assert_eq!(paces.once_more(user(n), Often::Requests, now).many, 1);
        }
        assert_eq!(paces.once_more(user(7), Often::Requests, now).many, 2);
        assert_eq!(paces.once_more(user(7), Often::Uploads, now).many, 1);
        let later = now + Duration::minutes(1);
        assert_eq!(paces.once_more(user(7), Often::Uploads, later).many, 2);
        assert_eq!(paces.paces.lock().unwrap().len(), 1, "uploads are counted for an hour");
    }

    #[test]
    fn bounds_that_were_read_within_the_last_minute_are_not_read_again() {
        let paces = Paces::default();
        let now = "2026-04-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let is_within = |many: usize, seconds: i64| {
            let pace = Pace { since: now, many };
            paces.is_within(Often::Requests, pace, now + Duration::seconds(seconds))
        };
        assert!(is_within(120, 0) && !is_within(121, 0), "nothing is known but the least bound");
        *paces.bounds.lock().unwrap() = Some((now, ReadingPolicy::default()));
        assert!(is_within(600, 59) && !is_within(601, 59), "over it, it may have been widened");
        assert!(!is_within(600, 60) && !is_within(600, -1), "it may have been tightened");
        assert!(is_within(120, 60), "no bound is tighter");
        paces.forget_bounds();
        assert!(!is_within(121, 0));
    }
}
