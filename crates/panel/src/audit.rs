//! The audit log at the command line: read, exported, verified, and the key of its checkpoints.

use crate::admin;
use crate::cli::AsPerson;
use crate::config::{self, Common};
use crate::output::{Output, table};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use panel_app::audit::{self, LogLine, Outside, Report};
use panel_app::{Ctx, Ids};
use panel_core::audit::Purpose;
use panel_core::audit::checkpoint::{Checkpoint, PublicKey, SecretKey};
use panel_core::audit::verify::Tampering;
use panel_core::coded::Coded;
use panel_core::id::IdSource;
use panel_notify::Witness;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// The newest events that you may see.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: i64,
        /// For what you read it: lawfulness, `self_monitoring`, integrity, `criminal_proceedings`.
        #[arg(long, value_parser = purpose)]
        purpose: Purpose,
        #[command(flatten)]
        who: AsPerson,
    },
    /// Whether the log is whole: ends with 0 when it is, 2 when it was tampered with, 3 when its end
    /// is gone, 4 when it cannot be read.
    Verify(VerifyArgs),
    /// Write the sealed log to a file, a row a line.
    Export {
        /// The file, which must not be there yet.
        #[arg(long)]
        out: PathBuf,
        /// For what: lawfulness, `self_monitoring`, integrity, `criminal_proceedings`.
        #[arg(long, value_parser = purpose)]
        purpose: Purpose,
    },
    /// Make the key that signs checkpoints, or read it, and print the public key.
    Key {
        /// The file of the secret key.
        #[arg(long, env = "PANEL_AUDIT_KEY")]
        file: PathBuf,
    },
}

/// What is verified, and against what.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Begin with this row, and take what lies before on trust.
    #[arg(long, default_value_t = 1)]
    from: i64,
    /// A file with checkpoints that somebody outside has kept: a saved letter will do. May be repeated.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// A file with the public key that `panel audit key` printed. May be repeated.
    #[arg(long = "pubkey", value_name = "FILE")]
    pubkeys: Vec<PathBuf>,
    /// Verify an export instead of the database.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

/// How checkpoints of the audit log are signed and kept.
#[derive(Debug, Clone, Args)]
pub(crate) struct WitnessArgs {
    /// The file of the key that signs checkpoints of the audit log, as `panel audit key` made it.
    #[arg(long, env = "PANEL_AUDIT_KEY")]
    audit_key: Option<PathBuf>,
    /// A file, on other storage, to which checkpoints of the audit log are appended.
    #[arg(long, env = "PANEL_AUDIT_CHECKPOINTS", requires = "audit_key")]
    audit_checkpoints: Option<PathBuf>,
}

impl WitnessArgs {
    /// The key and the file, if there is a key.
    pub(crate) fn witness(&self) -> Result<Option<Witness>> {
        let Some(path) = &self.audit_key else {
            tracing::warn!(event = "no checkpoints", "PANEL_AUDIT_KEY is not set");
            return Ok(None);
        };
        let key = Arc::new(secret_key(path)?);
        Ok(Some(Witness { key, file: self.audit_checkpoints.clone() }))
    }
}

fn purpose(text: &str) -> Result<Purpose, String> {
    Purpose::from_code(text).map_err(|_| {
        let codes: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.code()).collect();
        format!("one of {}", codes.join(", "))
    })
}

/// How `verify` ended when the log is not sound; it has been said already.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the audit log is not sound")]
pub(crate) struct Judged(pub(crate) u8);

/// Runs one of the commands.
pub(crate) fn run(common: &Common, command: AuditCommand, out: Output) -> Result<()> {
    match command {
        AuditCommand::List { limit, purpose, who } => {
            let app = config::open_as(common, &who)?;
            list(&admin::person(&app, who.as_person.as_deref())?, purpose, limit, out)
        }
        AuditCommand::Verify(args) => verify(common, &args, out),
        AuditCommand::Export { out: file, purpose } => export(common, &file, purpose, out),
        AuditCommand::Key { file } => key(&file, out),
    }
}

/// The newest audit rows that the person may see.
fn list(ctx: &Ctx<'_>, purpose: Purpose, limit: i64, out: Output) -> Result<()> {
    let rows = audit::newest(ctx, purpose, limit)?;
    out.show(&rows, |rows| {
        let line = |LogLine { row, name }: &LogLine| {
            let unnamed = || row.actor.map_or_else(|| "service".to_owned(), |id| id.to_string());
            let who = name.clone().unwrap_or_else(unnamed);
            vec![row.at.to_rfc3339(), row.kind.to_string(), row.deed.clone(), who]
        };
        table(&["at", "kind", "deed", "who"], &rows.iter().map(line).collect::<Vec<_>>())
    })
}

fn verify(common: &Common, args: &VerifyArgs, out: Output) -> Result<()> {
    let report = match report(common, args) {
        Ok(report) => report,
        Err(error) => {
            crate::output::complain(&error);
            return Err(Judged(4).into());
        }
    };
    out.show(&report, in_words)?;
    match report.finding.map(|finding| finding.class) {
        None => Ok(()),
        Some(Tampering::Truncated) => Err(Judged(3).into()),
        Some(_) => Err(Judged(2).into()),
    }
}

fn report(common: &Common, args: &VerifyArgs) -> Result<Report> {
    let read = |path: &PathBuf| -> Result<String> {
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let mut outside = Outside::default();
    for path in &args.checkpoints {
        let found = Checkpoint::read_all(&read(path)?);
        outside.checkpoints.extend(found.with_context(|| path.display().to_string())?);
    }
    for path in &args.pubkeys {
        let key: Result<PublicKey, _> = read(path)?.parse();
        outside.keys.push(key.with_context(|| path.display().to_string())?);
    }
    if let Some(path) = &args.export {
        let file =
            File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        return Ok(audit::verify_export(BufReader::new(file), args.from, &outside)?);
    }
    let app = config::open_checked(common, None)?;
    Ok(audit::verify(&app, args.from, &outside)?)
}

fn in_words(report: &Report) -> String {
    let rows = match report.size {
        0 => "No row was sealed".to_owned(),
        size => format!("Rows {} to {size} were read", report.from),
    };
    let waiting = match report.waiting {
        0 => String::new(),
        1_001.. => {
            " More than 1,000 newer rows wait for their seal: is the worker running?".to_owned()
        }
        some => format!(" Newer rows that wait for their seal: {some}."),
    };
    let against = match (report.checkpoints, report.signatures) {
        (0, _) => " No checkpoint from outside was given, so a log that was rewritten as a whole \
                    would look the same."
            .to_owned(),
        (some, true) => format!(" Checkpoints from outside that hold: {some}, all signed."),
        (some, false) => format!(
            " Checkpoints from outside that hold: {some}; without --pubkey their signatures were not \
             checked."
        ),
    };
    match report.finding {
        None => format!("The audit log is sound. {rows}.{waiting}{against}"),
        Some(finding) => {
            format!("The audit log is NOT sound: at row {}, {}.", finding.seq, finding.class)
        }
    }
}

fn export(common: &Common, file: &Path, purpose: Purpose, out: Output) -> Result<()> {
    let app = config::open_checked(common, None)?;
    let made = private(file).with_context(|| format!("{} cannot be made", file.display()))?;
    let header = audit::export(&app.operator()?, purpose, &mut BufWriter::new(made))?;
    out.show(&header, |header| format!("Wrote {} rows to {}.", header.size, file.display()))
}

/// A new file for its owner alone.
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn key(path: &Path, out: Output) -> Result<()> {
    if !path.exists() {
        let mut seed = [0; 32];
        Ids::random().fill(&mut seed);
        let key = SecretKey::from_seed(seed)?;
        let mut file =
            private(path).with_context(|| format!("{} cannot be made", path.display()))?;
        file.write_all(key.to_file().as_bytes())?;
        file.sync_all()?;
    }
    let public = secret_key(path)?.public().to_string();
    out.show(&serde_json::json!({ "public_key": public }), |_| public.clone())
}

/// Reads a secret key from a file that nobody but its owner may read.
fn secret_key(path: &Path) -> Result<SecretKey> {
    let named = || format!("the key {}", path.display());
    let mode = fs::metadata(path).with_context(named)?.mode();
    if mode & 0o077 != 0 {
        bail!("{} can be read by others on this machine: chmod 600 it", named());
    }
    SecretKey::read(&fs::read_to_string(path).with_context(named)?).with_context(named)
}
