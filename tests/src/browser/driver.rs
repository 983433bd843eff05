//! chromedriver as a child process that cannot outlive its test.
//!
//! The driver is a child of a small shell guard whose standard input we hold, as the database
//! server is in `cargo xtask`: when the test's process ends, however it ends, the guard stops the
//! driver and removes the profile, and the browser, which talks to the driver through a pipe, ends
//! with it.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::equipment;

/// Names under which distributions install Chromium; any of them will do.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Runs the driver (`$@`) until its input closes, stops it and the browser, which are in the guard's
/// process group, and removes the profile (`$0`). A browser that was cut off still writes for a
/// moment, so the profile is removed until it stays away.
const GUARD: &str = r#"
"$@" </dev/null & driver=$!
cat >/dev/null
trap '' TERM
kill -TERM 0
wait "$driver"
for attempt in 1 2 3 4 5 6 7 8 9; do
    rm -rf -- "$0" 2>/dev/null
    [ -e "$0" ] || break
    sleep 0.2
done
"#;

/// A running chromedriver.
#[derive(Debug)]
pub(super) struct Driver {
    guard: Child,
    pub(super) port: u16,
    pub(super) profile: PathBuf,
}

impl Driver {
    /// Starts it on a port of its own choice, with an empty profile folder beside it.
    pub(super) fn start(chromedriver: &Path) -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("panel-browser-").tempdir()?;
        let mut guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(profile.path())
            .arg(chromedriver)
            .args(["--port=0", "--log-level=SEVERE"])
            // Its own process group: who ends the test's group leaves the guard to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the guard of chromedriver")?;
        let output = guard.stdout.take().context("the output of chromedriver")?;
        // From here on the guard owns the profile.
        let mut driver = Self { guard, port: 0, profile: profile.keep() };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        driver.port =
            lines.find_map(|line| started_on(&line)).context("chromedriver did not start")?;
        // It goes on talking, and must not block on us.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 37605.`
pub(super) fn started_on(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// Chromium and its driver along `PATH`.
pub(super) fn find_programs() -> Result<Option<(PathBuf, PathBuf)>> {
    if !equipment::is_unwanted() {
        let chromium = CHROMIUM.iter().find_map(|name| find_program(name));
        if let (Some(chromium), Some(chromedriver)) = (chromium, find_program("chromedriver")) {
            return Ok(Some((chromium, chromedriver)));
        }
    }
    equipment::report_missing("browser", "Chromium and chromedriver are not found along PATH")?;
    Ok(None)
}

fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
