//! What the morning's planning costs over a register in which everything is unfinished.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use panel_notify::{Service, remind};
use panel_store::Store;
use panel_store::floor::{self, Ground};
use panel_tests::caller;
use panel_tests::world::{COORDINATOR, World};
use std::time::{Duration, Instant};

/// What planning cost.
pub(crate) struct Planned {
    /// Unfinished actions.
    pub(crate) actions: usize,
    /// One scan of all of them.
    pub(crate) scan: Duration,
    /// The same without the wall, where there is one.
    pub(crate) bare: Option<Duration>,
    /// The first pass of all, and the notices it wrote.
    pub(crate) first: (Duration, usize),
    /// The first pass of a later morning that had something to plan, and the notices it wrote.
    pub(crate) daily: (Duration, usize),
}

/// Mornings that are tried: where the day that comes within reach is not worked, nothing is planned.
const MORNINGS: i64 = 7;
/// Days over which the actions fall due.
const DAYS: i32 = 365;

/// Makes every action of a filled register unfinished, due over a year, and plans their reminders.
pub(crate) fn measure(world: &World) -> Result<Planned> {
    let service = Service {
        store: world.app.store.clone(),
        ids: world.app.ids.clone(),
        holidays: world.app.holidays.clone(),
    };
    let owner = &world.owner()?;
    let ctx = world.by(COORDINATOR);
    let actions = floor::reopen(owner, ctx.today, DAYS)?;
    floor::settle(owner)?;
    let caller = caller::of_service(&ctx, "notify");
    let scan_of = |store: &Store, ground: Ground| -> Result<Duration> {
        floor::scan(store, ground, &caller)?;
        let began = Instant::now();
        let found = floor::scan(store, ground, &caller)?;
        ensure!(found == actions, "{found} of {actions} actions were found");
        Ok(began.elapsed())
    };
    let scan = scan_of(&world.app.store, Ground::Walled)?;
    let bare = world.unwalled()?.map(|store| scan_of(&store, Ground::Bare)).transpose()?;
    // At midnight nothing is due to be told, so that planning alone is measured.
    let midnight = panel_core::time::resolve_leniently(world.by(COORDINATOR).today.into());
    let pass = |days: i64| -> Result<(Duration, usize)> {
        let began = Instant::now();
        let done = remind(&service, midnight + TimeDelta::days(days), false)?;
        Ok((began.elapsed(), done.planned))
    };
    let (first, mut daily) = (pass(0)?, pass(1)?);
    for day in 2..=MORNINGS {
        if daily.1 > 0 {
            break;
        }
        daily = pass(day)?;
    }
    ensure!(daily.1 > 0, "in a week nothing came within reach");
    Ok(Planned { actions, scan, bare, first, daily })
}
