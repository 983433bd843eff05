//! The sealed log as a file, a row a line, which can be verified anywhere without the database.

use super::verify::{Broken, Outside, Report, end, report};
use crate::budget;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::seal::{Event, Hash, Seal};
use panel_core::audit::verify::{Finding, Tampering, Verifier};
use panel_core::audit::{AuditKind, Deed, Purpose, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::LogId;
use panel_store::audit::{chain, seals};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};

/// Rows that are held at a time.
const PAGE: i64 = 5_000;

/// The first line of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of this form.
    pub panel_audit_export: u8,
    /// Of which log.
    pub log: LogId,
    /// How many rows follow.
    pub size: i64,
    /// The hash of the last.
    pub head: Hash,
}

/// Every further line: a row and its seal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The seal.
    pub seal: Seal,
    /// The row; none where it is gone.
    pub event: Option<Event>,
}

/// Writes the sealed log out, and notes in the log that and for what it was. Only whoever administers
/// the service may.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else; a rule when nothing was sealed yet; and when the database
/// or `out` fails.
pub fn export(ctx: &Ctx<'_>, purpose: Purpose, out: &mut dyn Write) -> Result<Header, AppError> {
    ctx.must_administer()?;
    let store = &ctx.app.store;
    let head = seals::head(store)?.ok_or_else(|| {
        AppError::rule("nothing_sealed", "nothing was sealed yet: the worker does it as it runs")
    })?;
    let size = head.end.size;
    let header = Header { panel_audit_export: 1, log: head.log, size, head: head.end.head };
    // The log knows of it before anybody holds a line of it.
    ctx.write(|az| {
        budget::takes_file(az)?;
        let (kind, subject) = (AuditKind::Export, SubjectKind::AuditLog);
        let detail = format!("{size} rows; {}", purpose.code());
        az.did(Deed::new(kind, "audit.export", subject, None).with(detail));
        Ok(())
    })?;
    write_line(out, &header)?;
    let mut after = 0;
    while after < size {
        let page = chain::page(store, after, PAGE.min(size - after))?;
        let Some((last, _)) = page.last() else { break };
        after = last.seq;
        for (seal, event) in page {
            write_line(out, &Line { seal, event })?;
        }
    }
    out.flush().map_err(AppError::failed)?;
    Ok(header)
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> Result<(), AppError> {
    let mut text = serde_json::to_vec(line).map_err(AppError::failed)?;
    text.push(b'\n');
    out.write_all(&text).map_err(AppError::failed)
}

/// Reads an export as [`super::verify`] reads the database.
///
/// # Errors
/// When it cannot be read, or a checkpoint that was given is not signed by a key that was given.
pub fn verify_export(file: impl BufRead, from: i64, outside: &Outside) -> Result<Report, AppError> {
    let mut lines = file.lines();
    let none = || AppError::rule("no_export", "this file is no export of an audit log");
    let first = lines.next().ok_or_else(none)?.map_err(AppError::failed)?;
    let header: Header = serde_json::from_str(&first).map_err(|_| none())?;
    let mut verifier = Verifier::new(header.log, from);
    let read = read(lines, &header, &mut verifier, outside);
    report(&verifier, header.log, from, outside, read)
}

fn read(
    lines: impl Iterator<Item = std::io::Result<String>>,
    header: &Header,
    verifier: &mut Verifier,
    outside: &Outside,
) -> Result<(), Broken> {
    outside.bind(verifier)?;
    for line in lines {
        let line = line.map_err(AppError::failed)?;
        let Ok(Line { seal, event }) = serde_json::from_str(&line) else {
            return Err(Finding { seq: verifier.next(), class: Tampering::Edited }.into());
        };
        // Rows before the first that is read are passed over unseen.
        if seal.seq >= verifier.next() || verifier.reached().is_some() {
            verifier.row(&seal, event.as_ref())?;
        }
    }
    verifier.end(Some(end(header.size, header.head)))?;
    Ok(())
}
