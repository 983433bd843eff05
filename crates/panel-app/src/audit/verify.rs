//! Whether the audit log is whole, against itself and against what others have kept of it.

use crate::app::App;
use crate::error::AppError;
use panel_core::audit::checkpoint::{Checkpoint, PublicKey};
use panel_core::audit::seal::Hash;
use panel_core::audit::verify::{End, Finding, Tampering, Verifier, behind};
use panel_core::id::LogId;
use panel_store::audit::{chain, checkpoints, seals};
use panel_store::{Store, StoreError};
use serde::Serialize;

/// Rows that are held at a time.
const PAGE: i64 = 5_000;
/// How far waiting rows are counted.
const WAITING: usize = 1_001;

/// What others have kept: checkpoints, and the keys by which they are told.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// Checkpoints from letters, logs and files.
    pub checkpoints: Vec<Checkpoint>,
    /// The public keys of this installation; with none, signatures are not looked at.
    pub keys: Vec<PublicKey>,
}

impl Outside {
    fn is_signed(&self, checkpoint: &Checkpoint) -> bool {
        self.keys.is_empty() || self.keys.iter().any(|key| key.signed(checkpoint))
    }

    /// Holds a log to what was kept outside.
    pub(super) fn bind(&self, verifier: &mut Verifier) -> Result<(), Broken> {
        for one in &self.checkpoints {
            if !self.is_signed(one) {
                let message = "a checkpoint that was given is not signed by the key that was given";
                return Err(AppError::rule("checkpoint_not_signed", message).into());
            }
            verifier.promise(one.says.log, one.says.size, one.says.head)?;
        }
        Ok(())
    }
}

/// What verifying came to.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The first thing that is wrong; none where the log is sound.
    pub finding: Option<Finding>,
    /// Of which log; none where nothing was ever sealed.
    pub log: Option<LogId>,
    /// The first row that was read.
    pub from: i64,
    /// The last row that was read and found sound.
    pub size: i64,
    /// Its hash.
    pub head: Option<Hash>,
    /// Checkpoints from outside that it was held to.
    pub checkpoints: usize,
    /// Whether signatures were checked.
    pub signatures: bool,
    /// Rows that wait for their seal, counted to a thousand and one.
    pub waiting: usize,
}

/// Why reading ended early.
pub(super) enum Broken {
    Found(Finding),
    Failed(AppError),
}

impl From<Finding> for Broken {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

impl From<AppError> for Broken {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// What was read, as a report.
pub(super) fn report(
    verifier: &Verifier,
    log: LogId,
    from: i64,
    outside: &Outside,
    read: Result<(), Broken>,
) -> Result<Report, AppError> {
    let finding = match read {
        Ok(()) => None,
        Err(Broken::Found(finding)) => Some(finding),
        Err(Broken::Failed(error)) => return Err(error),
    };
    Ok(Report {
        finding,
        log: Some(log),
        from: from.max(1),
        size: verifier.next() - 1,
        head: verifier.head(),
        checkpoints: outside.checkpoints.len(),
        signatures: !outside.keys.is_empty(),
        waiting: 0,
    })
}

/// Reads the whole log, from row `from` on, in memory that does not grow with it.
///
/// # Errors
/// When the database fails, or a checkpoint that was given is not signed by a key that was given.
pub fn verify(app: &App, from: i64, outside: &Outside) -> Result<Report, AppError> {
    let store = &app.store;
    let Some(head) = seals::head(store)? else { return never_sealed(store, from, outside) };
    let mut verifier = Verifier::new(head.log, from);
    let read = read(store, &mut verifier, outside);
    let mut report = report(&verifier, head.log, from, outside, read)?;
    if report.finding.is_none() {
        let first = verifier.reached().unwrap_or(head.reached);
        report.waiting = chain::waiting(store, behind(first), WAITING)?;
    }
    Ok(report)
}

/// Nothing was sealed yet, or everything that was is gone.
fn never_sealed(store: &Store, from: i64, outside: &Outside) -> Result<Report, AppError> {
    let has_seals = !chain::page(store, 0, 1)?.is_empty();
    let cut = has_seals || !outside.checkpoints.is_empty();
    let nothing = panel_core::audit::seal::least_id(chrono::DateTime::UNIX_EPOCH);
    Ok(Report {
        finding: cut.then_some(Finding { seq: 1, class: Tampering::Truncated }),
        log: None,
        from: from.max(1),
        size: 0,
        head: None,
        checkpoints: outside.checkpoints.len(),
        signatures: !outside.keys.is_empty(),
        waiting: chain::waiting(store, nothing, WAITING)?,
    })
}

fn read(store: &Store, verifier: &mut Verifier, outside: &Outside) -> Result<(), Broken> {
    outside.bind(verifier)?;
    loop {
        while rows(store, verifier, outside)? {}
        let Some(kept) = seals::head(store)? else {
            return Err(Finding { seq: verifier.next(), class: Tampering::Truncated }.into());
        };
        // More was sealed while this was read.
        if kept.end.size >= verifier.next() && rows(store, verifier, outside)? {
            continue;
        }
        let size = verifier.next() - 1;
        promised(store, verifier, outside, i64::MAX)?;
        verifier.end(Some(kept.end))?;
        let reached = verifier.reached();
        if reached.is_some_and(|reached| reached > kept.reached) {
            return Err(Finding { seq: size, class: Tampering::Edited }.into());
        }
        if chain::has_unsealed(store, behind(reached.unwrap_or(kept.reached)))? {
            return Err(Finding { seq: size, class: Tampering::Inserted }.into());
        }
        return Ok(());
    }
}

/// Judges the next rows; `false` when there is none.
fn rows(store: &Store, verifier: &mut Verifier, outside: &Outside) -> Result<bool, Broken> {
    let after = verifier.next() - 1;
    let page = match chain::page(store, after, PAGE) {
        Ok(page) => page,
        // What no program wrote cannot be read either: one by one, to name the first.
        Err(StoreError::Failed(_) | StoreError::Unreadable(_)) => {
            match chain::page(store, after, 1) {
                Err(StoreError::Failed(_) | StoreError::Unreadable(_)) => {
                    return Err(Finding { seq: after + 1, class: Tampering::Edited }.into());
                }
                other => other?,
            }
        }
        Err(error) => return Err(error.into()),
    };
    let Some((last, _)) = page.last() else { return Ok(false) };
    promised(store, verifier, outside, last.seq)?;
    for (seal, event) in &page {
        verifier.row(seal, event.as_ref())?;
    }
    Ok(true)
}

/// Holds the log to the checkpoints that the database itself keeps over rows up to `size`.
fn promised(
    store: &Store,
    verifier: &mut Verifier,
    outside: &Outside,
    size: i64,
) -> Result<(), Broken> {
    let mut after = verifier.next() - 1;
    loop {
        let page = checkpoints::page(store, after, PAGE)?;
        for one in &page {
            if one.says.size > size {
                return Ok(());
            }
            if !outside.is_signed(one) {
                let finding = Finding { seq: one.says.size, class: Tampering::Forged };
                return Err(finding.into());
            }
            verifier.promise(one.says.log, one.says.size, one.says.head)?;
            after = one.says.size;
        }
        if page.is_empty() {
            return Ok(());
        }
    }
}

/// The end of a log as a file tells it.
pub(super) const fn end(size: i64, head: Hash) -> End {
    End { size, head }
}
