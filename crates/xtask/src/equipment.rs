//! What the tests need besides Rust and a C compiler: PostgreSQL's server, Chromium, its driver.
//!
//! As root on Debian what is missing is installed. Anywhere else the task says exactly what to
//! install and stops, since a test run that quietly leaves half of itself out proves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{capture, find_program, perform, say};

/// Names under which distributions install Chromium; any of them will do.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const CHROMEDRIVER: &str = "chromedriver";
/// Debian's packages of both; without a font the driver shows pages in empty boxes.
const BROWSER: [&str; 3] = ["chromium", "chromium-driver", "fonts-liberation"];

/// Folders that hold one sub-folder for each installed version of PostgreSQL.
const POSTGRES_HOMES: [&str; 2] = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"];

/// Makes sure that everything a whole test run needs is there.
///
/// Gives back the folder of PostgreSQL's server binaries.
///
/// # Errors
/// When something is missing and cannot be installed; the message says what to install.
pub(crate) fn provide() -> Result<PathBuf> {
    let mut missing = Vec::new();
    if find_postgres().is_none() {
        missing.push("postgresql");
    }
    if !has_browser() {
        missing.extend(BROWSER);
    }
    install(&missing)?;
    browser()?;
    postgres()
}

/// Makes sure of Chromium and its driver alone.
pub(crate) fn browser() -> Result<()> {
    if !has_browser() {
        install(&BROWSER)?;
    }
    if !has_browser() {
        bail!("Chromium or its driver is still not found along PATH");
    }
    Ok(())
}

/// Makes sure of PostgreSQL alone. Gives back the folder of its server binaries.
pub(crate) fn postgres() -> Result<PathBuf> {
    if find_postgres().is_none() {
        install(&["postgresql"])?;
    }
    match find_postgres() {
        Some(folder) => Ok(folder),
        None => bail!(
            "PostgreSQL's `initdb` and `postgres` are found neither along PATH nor in {POSTGRES_HOMES:?}"
        ),
    }
}

/// Whether this process is root: then servers must run as somebody else.
pub(crate) fn is_root() -> Result<bool> {
    Ok(capture(Command::new("id").arg("-u"))?.trim() == "0")
}

fn has_browser() -> bool {
    CHROMIUM.iter().any(|name| find_program(name).is_some()) && find_program(CHROMEDRIVER).is_some()
}

/// The folder with the newest `initdb` and `postgres`.
fn find_postgres() -> Option<PathBuf> {
    let homes = POSTGRES_HOMES.iter().filter_map(|home| fs::read_dir(home).ok());
    let mut versions: Vec<(u32, PathBuf)> = homes
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_server(folder))
        .collect();
    versions.sort();
    let along_path = || {
        let found = find_program("initdb")?.canonicalize().ok()?;
        found.parent().map(Path::to_path_buf).filter(|folder| is_server(folder))
    };
    versions.pop().map(|(_, folder)| folder).or_else(along_path)
}

fn is_server(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

/// Installs Debian packages, or says which ones and fails.
fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) || !is_root()? {
        bail!("{}", instructions(packages));
    }
    say(format_args!("missing: {}; installing", packages.join(", ")));
    let apt = |arguments: &[&str]| {
        perform(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"])?;
    apt(&[["install", "-y", "--no-install-recommends"].as_slice(), packages].concat())
}

/// What a person is told who has to install by hand.
fn instructions(packages: &[&str]) -> String {
    let list = packages.join(" ");
    format!(
        "missing on this machine: {list}\n\
         On Debian, as root:\n  \
         apt-get update && apt-get install -y --no-install-recommends {list}\n\
         Elsewhere install the same programs (PostgreSQL's server, Chromium, chromedriver),\n\
         or run `cargo xtask test --quick`, which leaves out what needs them."
    )
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line.trim() == "ID=debian")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_debian_itself_is_installed_on() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!is_debian("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn instructions_name_each_package_and_the_command() {
        let text = instructions(&["postgresql", "chromium"]);
        assert!(text.contains("apt-get install -y --no-install-recommends postgresql chromium"));
    }
}
