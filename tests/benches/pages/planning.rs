//! What the morning's planning costs over a register in which everything is unfinished.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use panel_notify::{Service, remind};
use panel_store::floor;
use panel_tests::world::{COORDINATOR, World};
use std::time::{Duration, Instant};

/// What planning cost.
pub(crate) struct Planned {
    /// Unfinished actions.
    pub(crate) actions: usize,
    /// One scan of all of them.
    pub(crate) scan: Duration,
    /// The first pass of all, and the notices it wrote.
    pub(crate) first: (Duration, usize),
    /// The pass of the next working morning, and the notices it wrote.
    pub(crate) daily: (Duration, usize),
}

/// Days over which the actions fall due.
const DAYS: i32 = 365;

/// Makes every action of a filled register unfinished, due over a year, and plans their reminders.
pub(crate) fn measure(world: &World) -> Result<Planned> {
    let service = Service {
        store: world.app.store.clone(),
        ids: world.app.ids.clone(),
        holidays: world.app.holidays.clone(),
    };
    let store = &world.unwalled()?;
    let actions = floor::reopen(store, world.by(COORDINATOR).today, DAYS)?;
    floor::settle(store)?;
    floor::scan(store)?;
    let began = Instant::now();
    let found = floor::scan(store)?;
    let scan = began.elapsed();
    ensure!(found == actions, "{found} of {actions} actions were found");
    // At midnight nothing is due to be told, so that planning alone is measured.
    let midnight = panel_core::time::resolve_leniently(world.by(COORDINATOR).today.into());
    let pass = |days: i64| -> Result<(Duration, usize)> {
        let began = Instant::now();
        let done = remind(&service, midnight + TimeDelta::days(days), false)?;
        Ok((began.elapsed(), done.planned))
    };
    Ok(Planned { actions, scan, first: pass(0)?, daily: pass(1)? })
}
