//! Reading the audit log.

mod denials;
mod export;
mod looked;
mod statement;
mod verify;

pub use denials::refused;
pub use export::{Header, Line, export, verify_export};
pub use looked::{LookLine, Looked, looked, may_look};
pub use statement::{CaseReaders, ReaderLine, Statement, statement, told_for};
pub use verify::{Outside, Report, verify};

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::access::Actor;
use panel_core::audit::{AuditKind, Deed, Purpose, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{AuditId, CaseId, UserId};
use panel_store::audit;
pub use panel_store::audit::AuditRow;
use panel_store::users::names;
use panel_store::{Authz, cases};
use serde::Serialize;

/// The most rows of one page.
const MOST: i64 = 500;

/// Rows of a page that people read.
const PAGE: i64 = 50;

/// The newest rows of the panels the caller runs, and of administration for an administrator; of one
/// case when given, older than `before` when given. What they are read for is noted in the log.
///
/// # Errors
/// When the database fails.
pub fn list(
    ctx: &Ctx<'_>,
    purpose: Purpose,
    case: Option<CaseId>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, AppError> {
    ctx.read(|az| {
        noted(az, purpose, case)?;
        Ok(audit::page(az, case, before, limit.clamp(1, MOST))?)
    })
}

/// Reading the log is itself in the log, with its purpose: at the panel of the case, or else at the one
/// that the reader runs.
fn noted(az: &mut Authz<'_>, purpose: Purpose, case: Option<CaseId>) -> Result<(), AppError> {
    let (kind, subject) = (AuditKind::Consultation, SubjectKind::AuditLog);
    let deed = Deed::new(kind, "audit.read", subject, None).with(purpose.code());
    let at = match case {
        Some(case) => cases::panel_of(az, case)?,
        None => az.actor().and_then(Actor::runs_alone),
    };
    let deed = match at {
        Some(panel) => deed.at(panel).in_case(case),
        None => deed,
    };
    az.did(deed);
    Ok(())
}

/// A row of the log with the name of who did it.
#[derive(Debug, Clone, Serialize)]
pub struct LogLine {
    /// The row.
    #[serde(flatten)]
    pub row: AuditRow,
    /// The person's name; none for the service itself and for somebody who has not signed in.
    pub name: Option<String>,
}

/// One page of the log, newest first, and the mark of the next.
///
/// # Errors
/// When the database fails.
pub fn log(
    ctx: &Ctx<'_>,
    purpose: Purpose,
    case: Option<CaseId>,
    before: Option<AuditId>,
) -> Result<(Vec<LogLine>, Option<AuditId>), AppError> {
    ctx.read(|az| {
        noted(az, purpose, case)?;
        let mut rows = audit::page(az, case, before, PAGE + 1)?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let next = rows.last().map(|row| row.id).filter(|_| more);
        Ok((named(az, rows)?, next))
    })
}

/// The same rows as [`list`], with names.
///
/// # Errors
/// When the database fails.
pub fn newest(ctx: &Ctx<'_>, purpose: Purpose, limit: i64) -> Result<Vec<LogLine>, AppError> {
    ctx.read(|az| {
        noted(az, purpose, None)?;
        let rows = audit::page(az, None, None, limit.clamp(1, MOST))?;
        named(az, rows)
    })
}

fn named(az: &mut Authz<'_>, rows: Vec<AuditRow>) -> Result<Vec<LogLine>, AppError> {
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.actor).collect();
    let names = names(az, &people)?;
    let line = |row: AuditRow| {
        let name = row.actor.and_then(|actor| names.get(&actor).cloned());
        LogLine { row, name }
    };
    Ok(rows.into_iter().map(line).collect())
}
