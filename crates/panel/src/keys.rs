//! The key file: read, made and kept for its owner alone.

use crate::config::Common;
use crate::output::Output;
use crate::profile::Profile;
use anyhow::{Context, Result, bail};
use panel_app::{Ids, Ring};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The key file of an installation that names none, in the folder of the embedded database. To try the
/// program out; production keeps keys and data apart.
const BESIDE: &str = "panel.keys";

/// Where the keys are: as named or, outside of production, beside the embedded database.
fn place(common: &Common) -> PathBuf {
    common.keys.clone().unwrap_or_else(|| common.dir.join(BESIDE))
}

/// The keys of this installation. Where none are named, and production is not meant, they are made.
pub(crate) fn open(common: &Common) -> Result<Ring> {
    let file = place(common);
    if common.keys.is_none() {
        if common.profile == Profile::Production {
            bail!("name the key file in PANEL_KEYS; `panel keys generate` makes one");
        }
        if !file.exists() {
            fs::create_dir_all(&common.dir)
                .with_context(|| format!("the folder {} cannot be made", common.dir.display()))?;
            let ring = Ring::generate(&Ids::random());
            make(&file, &ring.write())?;
            return Ok(ring);
        }
    }
    read(&file)
}

/// Reads a key file that is its owner's alone.
fn read(file: &Path) -> Result<Ring> {
    let named = || format!("the key file {}", file.display());
    let found = fs::metadata(file).with_context(named)?;
    if found.mode() & 0o077 != 0 {
        bail!("{} can be read by others on this machine: chmod 600 it", named());
    }
    let text = panel_app::Zeroizing::new(fs::read_to_string(file).with_context(named)?);
    Ring::read(&text).with_context(named)
}

/// Writes a new file for its owner alone; one that is there is never written over.
fn make(file: &Path, text: &str) -> Result<()> {
    let named = || format!("the file {} cannot be made", file.display());
    let mut made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(named)?;
    made.write_all(text.as_bytes()).and_then(|()| made.sync_all()).with_context(named)
}

/// Makes a key file.
pub(crate) fn generate(file: &Path, out: Output) -> Result<()> {
    let ring = Ring::generate(&Ids::random());
    make(file, &ring.write())?;
    tell(
        out,
        file,
        &ring,
        "Keep a copy apart from the backups of the database: without it, what it \
                            seals is lost for good. `panel keys escrow` prints one in two halves.",
    )
}

fn tell(out: Output, file: &Path, ring: &Ring, words: &str) -> Result<()> {
    let ids: Vec<String> = ring.ids().iter().map(ToString::to_string).collect();
    let json = serde_json::json!({"file": file.display().to_string(), "keys": ids});
    out.show(&json, |_| format!("{}: {}\n\n{words}", file.display(), ids.join(", ")))
}

/// Prints the key file in two halves, for two agencies to keep on paper.
pub(crate) fn escrow(common: &Common, out: Output) -> Result<()> {
    let [first, second] = panel_app::keys::split(&open(common)?);
    let json = serde_json::json!({"first": first.as_str(), "second": second.as_str()});
    out.show(&json, |_| {
        format!(
            "First half, for one agency:\n\n{}\nSecond half, for another agency:\n\n{}\nNeither says \
             anything without the other. `panel keys join` makes the key file again.",
            first.as_str(),
            second.as_str()
        )
    })
}

/// Makes the key file again from its two halves.
pub(crate) fn join(first: &Path, second: &Path, file: &Path, out: Output) -> Result<()> {
    let half = |path: &Path| {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        anyhow::Ok(panel_app::Zeroizing::new(text))
    };
    let ring = panel_app::keys::join(&half(first)?, &half(second)?)?;
    make(file, &ring.write())?;
    tell(out, file, &ring, "The key file is whole again.")
}

/// Adds a master key, and seals every record’s key by it. Pages go on meanwhile; a node that was started
/// with the old file has to be started again before it can read what is new.
pub(crate) fn rotate(common: &Common, out: Output) -> Result<()> {
    let file = place(common);
    let ring = open(common)?.rotated(&Ids::random());
    replace(&file, &ring.write())?;
    let app = crate::config::open_checked(common, None)?;
    let resealed = panel_app::keys::reseal(&app)?;
    let words = format!("Records whose key is sealed anew: {resealed}.");
    tell(out, &file, &ring, &words)
}

/// Puts a file in the place of another, whole or not at all; the one before stays beside it.
fn replace(file: &Path, text: &str) -> Result<()> {
    let beside = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let (new, before) = (beside(".new"), beside(".before"));
    if new.exists() {
        bail!(
            "{} is there: another rotation was broken off; look at it and remove it",
            new.display()
        );
    }
    make(&new, text)?;
    fs::copy(file, &before).with_context(|| before.display().to_string())?;
    fs::rename(&new, file).with_context(|| file.display().to_string())
}

/// Opens every sealed field once.
pub(crate) fn verify(common: &Common, out: Output) -> Result<()> {
    let app = crate::config::open_checked(common, None)?;
    let found = panel_app::keys::verify(&app)?;
    out.show(&found, |found| {
        let lines = [
            format!("Records with a key: {}", found.records),
            format!("Sealed fields opened: {}", found.opened),
            format!("Second factors opened: {}", found.factors),
            format!("Directory secrets opened: {}", found.directories),
            format!("Sealed by an older master key: {}", found.older),
            format!("Not opened: {}", found.unreadable.len()),
        ];
        lines.join("\n")
    })?;
    if !found.unreadable.is_empty() {
        bail!("some sealed fields do not open with these keys");
    }
    Ok(())
}
