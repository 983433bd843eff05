//! What to do when a piece of equipment is not there.

use std::env;
use std::io::Write;
use std::thread;

use anyhow::{Result, bail};

/// Set by `cargo xtask`: `all` makes absence a failure, `none` leaves the equipment alone.
const VARIABLE: &str = "PANEL_TEST_EQUIPMENT";

/// Whether equipment is to be left alone even where it is installed.
pub(crate) fn is_unwanted() -> bool {
    env::var(VARIABLE).is_ok_and(|value| value == "none")
}

/// Says that the running test, or a part of it, is not run for want of something.
///
/// # Errors
/// When a whole run was asked for: then leaving anything out is a failure.
pub(crate) fn report_missing(part: &str, reason: &str) -> Result<()> {
    if env::var(VARIABLE).is_ok_and(|value| value == "all") {
        bail!("{part}: {reason}");
    }
    let test = thread::current().name().unwrap_or("a test").to_owned();
    // Written past the harness, which would keep it to itself when the test passes.
    writeln!(std::io::stderr(), "not run: {test} ({part}): {reason}")?;
    Ok(())
}
