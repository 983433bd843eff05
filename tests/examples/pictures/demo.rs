//! The demonstration of which pictures are taken, with a clock that is set by hand.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// How often the service is asked whether it is ready yet, and how long between two questions.
const PATIENCE: (u32, Duration) = (240, Duration::from_millis(250));

/// A running demonstration in a folder of its own; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Demo {
    service: Child,
    clock: PathBuf,
    address: String,
    _folder: TempDir,
}

impl Demo {
    /// Starts the program at an instant (RFC 3339), with the people of the default seed.
    ///
    /// # Errors
    /// When it cannot be started or is not ready in time.
    pub(crate) async fn start(program: &Path, now: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = folder.path().join("clock");
        fs::write(&clock, now)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let service = Command::new(program)
            .args(["demo", "--port", &port.to_string(), "--dir"])
            .arg(folder.path().join("data"))
            .arg("--clock-file")
            .arg(&clock)
            .env_remove("DATABASE_URL")
            .env_remove("SMTP_URL")
            .env("PANEL_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let address = format!("http://127.0.0.1:{port}");
        let demo = Self { service, clock, address, _folder: folder };
        demo.wait_until_ready().await?;
        Ok(demo)
    }

    async fn wait_until_ready(&self) -> Result<()> {
        let (times, pause) = PATIENCE;
        for _ in 0..times {
            let answer = reqwest::get(format!("{}/readyz", self.address)).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        bail!("the demonstration was not ready in time")
    }

    /// The address of a page.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Sets the clock of the whole service.
    pub(crate) fn set_clock(&self, now: &str) -> Result<()> {
        Ok(fs::write(&self.clock, now)?)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}
