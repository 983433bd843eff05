//! Panel: coordination of multi-agency perpetrator panels, in one program.

mod admin;
mod audit;
mod casework;
mod cli;
mod config;
mod demo;
mod environment;
mod keys;
mod output;
mod profile;
mod schedule;
mod serve;

use clap::Parser;
use std::process::ExitCode;

/// glibc's allocator keeps what page rendering frees; this one gives it back and is faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    config::log_to_stderr();
    let Err(error) = cli::run(cli) else { return ExitCode::SUCCESS };
    if let Some(audit::Judged(status)) = error.downcast_ref() {
        return ExitCode::from(*status);
    }
    output::complain(&error);
    ExitCode::FAILURE
}
