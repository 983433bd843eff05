//! Whether a sealed log is whole: read from its first row to its last, in memory that does not grow.

use super::seal::{Event, Hash, Seal, TOLERANCE, least_id, time_of};
use crate::coded;
use crate::id::{AuditId, LogId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

coded! {
    /// What was done to a log.
    pub enum Tampering: "kind of tampering" {
        /// A row, its number or its seal is not what was sealed: edited, or changed for another.
        Edited = "edited" => "a row is not what was sealed: edited, or changed for another",
        /// A row or its seal is gone.
        Deleted = "deleted" => "a row is gone",
        /// A row was put in behind others that were sealed long after its time.
        Inserted = "inserted" => "a row was put in behind what was sealed before",
        /// A row follows another history than the one before it.
        Forked = "forked" => "a row belongs to another history",
        /// The whole chain fits, and is not the one that a checkpoint tells of.
        Rewritten = "rewritten" => "the log is not the one that a checkpoint tells of",
        /// The clock was set back while rows were sealed.
        ClockSetBack = "clock_set_back" => "the clock was set back",
        /// The end of the log is gone.
        Truncated = "truncated" => "the end of the log is gone",
        /// A checkpoint that is kept in the database is not signed by the key.
        Forged = "forged" => "a checkpoint in the database is not signed by the key",
    }
}

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The number of the first row that is wrong, or behind which something is.
    pub seq: i64,
    /// What is wrong.
    pub class: Tampering,
}

/// Where a log ends: its last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct End {
    /// The number of its last row; nought when there is none.
    pub size: i64,
    /// The hash of its last row.
    pub head: Hash,
}

/// Reads a log row by row.
#[derive(Debug, Clone)]
pub struct Verifier {
    log: LogId,
    /// What checkpoints say that were not reached yet, by the size they were made at.
    promised: BTreeMap<i64, Hash>,
    /// The row that comes next.
    next: i64,
    /// The hash of the row before it; none where reading began in the middle.
    prev: Option<Hash>,
    /// The size up to which the last checkpoint agreed.
    agreed: i64,
    latest: Option<DateTime<Utc>>,
    sealed_at: Option<DateTime<Utc>>,
    reached: Option<AuditId>,
}

impl Verifier {
    /// Reads the log `log` from row `from` on; what lies before is taken on trust.
    pub fn new(log: LogId, from: i64) -> Self {
        let next = from.max(1);
        let (prev, agreed) = ((next == 1).then(|| Hash::genesis(log)), next - 1);
        let promised = BTreeMap::new();
        Self { log, promised, next, prev, agreed, latest: None, sealed_at: None, reached: None }
    }

    /// Holds the rows to come to a checkpoint. One over rows that were passed already is left aside.
    ///
    /// # Errors
    /// [`Tampering::Rewritten`] when it tells of another log, or of another history than a checkpoint
    /// before it did.
    pub fn promise(&mut self, of: LogId, size: i64, head: Hash) -> Result<(), Finding> {
        let rewritten = |seq| Err(Finding { seq, class: Tampering::Rewritten });
        if of != self.log {
            return rewritten(1);
        }
        if size < self.next {
            return Ok(());
        }
        match self.promised.insert(size, head) {
            Some(before) if before != head => rewritten(size),
            _ => Ok(()),
        }
    }

    /// The number of the row that is to come next.
    pub const fn next(&self) -> i64 {
        self.next
    }

    /// The greatest id of the rows that were read.
    pub const fn reached(&self) -> Option<AuditId> {
        self.reached
    }

    /// The hash of the last row that was read; of what stands before the first where none was.
    pub const fn head(&self) -> Option<Hash> {
        self.prev
    }

    /// Judges the next row; `event` is none where the seal has no row.
    ///
    /// # Errors
    /// What is wrong with it. Nothing that follows is worth reading then.
    pub fn row(&mut self, seal: &Seal, event: Option<&Event>) -> Result<(), Finding> {
        let next = self.next;
        let wrong = |class| Err(Finding { seq: next, class });
        if seal.seq != next {
            return wrong(if seal.seq > next { Tampering::Deleted } else { Tampering::Forked });
        }
        let Some(event) = event else { return wrong(Tampering::Deleted) };
        if !seal.fits(event) {
            return wrong(Tampering::Edited);
        }
        if self.prev.is_some_and(|prev| prev != seal.prev) {
            return wrong(Tampering::Forked);
        }
        if self.sealed_at.is_some_and(|before| before - seal.sealed_at > TOLERANCE) {
            return wrong(Tampering::ClockSetBack);
        }
        if self.latest.is_some_and(|latest| latest - event.at > TOLERANCE) {
            return wrong(Tampering::Inserted);
        }
        if let Some(head) = self.promised.remove(&seal.seq) {
            if head != seal.hash {
                // Somewhere since the checkpoint before, that is.
                return Err(Finding { seq: self.agreed + 1, class: Tampering::Rewritten });
            }
            self.agreed = seal.seq;
        }
        self.latest = self.latest.max(Some(event.at));
        self.reached = self.reached.max(Some(event.id));
        self.sealed_at = Some(seal.sealed_at);
        self.prev = Some(seal.hash);
        self.next += 1;
        Ok(())
    }

    /// Judges the end of the log, once no row is left: `kept` is what the sealer says it sealed.
    ///
    /// # Errors
    /// When rows are missing at the end, or there are more than were sealed.
    pub fn end(&self, kept: Option<End>) -> Result<i64, Finding> {
        let size = self.next - 1;
        let cut = Finding { seq: self.next, class: Tampering::Truncated };
        if !self.promised.is_empty() {
            return Err(cut);
        }
        match kept {
            Some(kept) if kept.size > size => Err(cut),
            Some(kept) if kept.size < size => {
                Err(Finding { seq: kept.size + 1, class: Tampering::Forked })
            }
            Some(kept) if self.prev.is_some_and(|head| head != kept.head) => {
                Err(Finding { seq: size, class: Tampering::Forked })
            }
            _ => Ok(size),
        }
    }
}

/// Rows without a seal whose id is less than this were put in behind what was sealed, up to `reached`:
/// the worker looks there, and found none.
pub fn behind(reached: AuditId) -> AuditId {
    least_id(time_of(reached).checked_sub_signed(TOLERANCE).unwrap_or(DateTime::UNIX_EPOCH))
}

#[cfg(test)]
mod edges;
#[cfg(test)]
mod tests;
