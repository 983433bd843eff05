//! `ci`: everything that must hold before a change lands, as one command.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::{perform, say};
use crate::workspace::Workspace;
use crate::{acceptance, deny, outcome, suite, tidy};

/// How `ci` is asked for.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fail when a wanted acceptance case has no passing test.
    #[arg(long)]
    strict: bool,
}

/// Runs every check, also after one has failed, and says at the end which did.
///
/// # Errors
/// When any check failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let started = Instant::now();
    let cargo = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = workspace.cargo(arguments.iter().copied());
        perform(command.env(variable.0, variable.1))
    };
    let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    let manual = ["doc", "--workspace", "--no-deps", "--locked"];
    let quiet = ("CARGO_TERM_COLOR", "auto");
    let mut checks = vec![
        ("tests", suite::run(workspace, &suite::Options::default())),
        ("formatting", cargo(&["fmt", "--all", "--check"], quiet)),
        ("clippy", cargo(&lints, quiet)),
        ("tidy", tidy::run(workspace)),
        ("rustdoc", cargo(&manual, ("RUSTDOCFLAGS", "-D warnings"))),
        ("dependencies", deny::run(workspace)),
    ];
    if options.strict {
        let held = outcome::recall(workspace)
            .and_then(|outcomes| acceptance::require_all(workspace, &outcomes));
        checks.push(("acceptance", held));
    }
    say("");
    let mut failed = Vec::new();
    for (name, result) in &checks {
        match result {
            Ok(()) => say(format_args!("{name}: ok")),
            Err(error) => {
                say(format_args!("{name}: FAILED: {error:#}"));
                failed.push(*name);
            }
        }
    }
    say(format_args!("all checks took {} s", started.elapsed().as_secs()));
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}
