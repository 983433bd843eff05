//! How fast each person asks of this node.
//!
//! It is counted in memory, since counting it in the database would cost what it is to save. Each node counts
//! for itself, and begins anew when it is started.

use crate::app::App;
use crate::budget;
use crate::context::{Ctx, Person};
use crate::error::AppError;
use chrono::{DateTime, Utc};
use panel_core::budget::{Often, Pace};
use panel_core::id::UserId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// So many people are kept before those are forgotten whose span is over.
const KEPT: usize = 1_024;

/// The present pace of everybody.
#[derive(Debug, Default)]
pub struct Paces(Mutex<BTreeMap<(UserId, Often), Pace>>);

impl Paces {
    fn once_more(&self, user: UserId, what: Often, now: DateTime<Utc>) -> Pace {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= KEPT {
            paces.retain(|(_, what), pace| now - pace.since < what.span());
        }
        let before = paces.get(&(user, what)).copied();
        let pace = Pace::once_more(before, what, now);
        paces.insert((user, what), pace);
        pace
    }
}

/// Counts that somebody does something once more. Nearly always that is all: only a pace that could be over
/// its bound is given back, to be weighed by [`weigh`].
///
/// # Errors
/// When the clock has stopped.
pub fn once_more(app: &App, user: UserId, what: Often) -> Result<Option<Pace>, AppError> {
    let pace = app.paces.once_more(user, what, app.clock.now()?);
    Ok((pace.many > what.fewest()).then_some(pace))
}

/// Weighs a pace against the bound of the installation. The first time that one is over it in its span is
/// noted as a finding; to note each would be work that whoever asks too fast makes for everybody.
///
/// # Errors
/// [`AppError::Spent`] when it is over.
pub fn weigh(app: &App, person: Person, what: Often, pace: Pace) -> Result<(), AppError> {
    let ctx = Ctx::new(app, person)?;
    let bound = ctx.read(|az| Ok(panel_store::budget::often(az, what)?))?;
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
        assert_eq!(paces.0.lock().unwrap().len(), 1, "uploads are counted for an hour");
    }
}
