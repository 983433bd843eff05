//! `deny`: licences, walls and sources of every dependency, judged without the network.
//!
//! The rules stand in `deny.toml`, in the format of cargo-deny, so that it judges the same; this
//! task needs nothing installed and reads only what cargo has already fetched.

mod policy;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::say;
use crate::workspace::Workspace;

const POLICY: &str = "deny.toml";

/// The task `deny`.
///
/// # Errors
/// When a dependency breaks a rule, or the rules cannot be read.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let file = workspace.root().join(POLICY);
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let policy = policy::Policy::parse(&text)?;
    let packages = workspace.packages()?;
    let findings = policy.judge(&packages);
    for finding in &findings {
        say(finding);
    }
    if !findings.is_empty() {
        bail!("{} dependencies break the rules of {POLICY}", findings.len());
    }
    say(format_args!("dependencies: ok ({} packages)", packages.all().count()));
    Ok(())
}
