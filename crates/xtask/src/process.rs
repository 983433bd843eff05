//! Running other programs, and saying what happens on the way.

use std::env;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Writes one line for the person who runs the task. A closed pipe is no reason to stop a task.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Writes one line about what went wrong.
pub(crate) fn complain(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// The cargo that runs this task, so that both use one toolchain.
///
/// What it told this program of its own package is not handed on: build scripts of dependencies look at the same
/// names, so that they and all that stands on them would be built anew in each turn between a task and cargo.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        if ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|own| name.starts_with(own)) {
            command.env_remove(name);
        }
    }
    command
}

/// Says the command, runs it with our own output, and fails when it fails.
pub(crate) fn perform(command: &mut Command) -> Result<()> {
    announce(command);
    let status =
        command.status().with_context(|| format!("`{}` could not be started", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed with {status}", shown(command));
    }
    Ok(())
}

/// Says which command is about to run.
pub(crate) fn announce(command: &Command) {
    say(format_args!("\n$ {}", shown(command)));
}

/// Runs a command quietly and gives back what it printed.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed with {}: {}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed what is not UTF-8", shown(command)))
}

/// Where a program lies, looked up along `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The command line for a person to read: the program's name and its arguments.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_by_name_and_arguments() {
        assert_eq!(
            shown(Command::new("/usr/bin/cargo").args(["doc", "--no-deps"])),
            "cargo doc --no-deps"
        );
    }

    #[test]
    fn a_failing_command_is_an_error_that_names_it() {
        let error =
            capture(Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("broken"), "{error}");
    }

    #[test]
    fn a_program_is_found_along_the_path() {
        assert!(find_program("sh").is_some());
        assert_eq!(find_program("no-program-has-this-name"), None);
    }
}
