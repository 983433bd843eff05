//! What the kernel says a process has used.

use anyhow::{Context, Result};
use std::fs;
use std::time::Duration;

/// Processor time of all threads of a process, exact to the scheduler's nanoseconds.
pub(crate) fn processor(process: u32) -> Result<Duration> {
    let mut used = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread may end while it is asked.
        let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let first = text.split_whitespace().next().context("an empty schedstat")?;
        used += first.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(used))
}

/// Resident memory of a process, in KiB.
pub(crate) fn memory(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.and_then(|rest| rest.split_whitespace().next()).context("no VmRSS")?;
    Ok(size.parse()?)
}
