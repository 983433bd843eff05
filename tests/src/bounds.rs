//! Bounds that nobody reaches, for what asks for everything there is in one moment.

use crate::caller;
use crate::world::{COORDINATOR, World, must};
use panel_core::budget::ReadingPolicy;
use panel_store::installation;

/// Sets bounds over the rows themselves, tighter or wider than administrators may.
///
/// # Panics
/// When the database fails, or bounds were set before.
#[track_caller]
pub fn bound(world: &World, policy: ReadingPolicy) {
    let text = must(serde_json::to_string(&policy));
    let ctx = world.by(COORDINATOR);
    let caller = caller::of(&ctx);
    let set =
        world.app.store.write(&caller, |az| installation::save(az, ReadingPolicy::NAME, &text, 0));
    assert!(must(set), "bounds were set before");
}

/// Lets everybody ask for everything at once, and for much that is not there.
///
/// # Panics
/// As [`bound`].
#[track_caller]
pub fn unbounded(world: &World) {
    let most = 1_000_000;
    let (cases, cases_runs, files) = (most, most, most);
    let (guesses, requests, uploads) = (most, most, most);
    bound(world, ReadingPolicy { cases, cases_runs, files, guesses, requests, uploads });
}
