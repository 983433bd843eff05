//! Reading the audit log.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::id::{AuditId, CaseId, UserId};
use panel_store::Authz;
use panel_store::audit;
pub use panel_store::audit::AuditRow;
use panel_store::users::names;
use serde::Serialize;

/// The most rows of one page.
const MOST: i64 = 500;

/// Rows of a page that people read.
const PAGE: i64 = 50;

/// The newest rows of the panels the caller runs, and of administration for an administrator; of one
/// case when given, older than `before` when given.
///
/// # Errors
/// When the database fails.
pub fn list(
    ctx: &Ctx<'_>,
    case: Option<CaseId>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, AppError> {
    ctx.read(|az| Ok(audit::page(az, case, before, limit.clamp(1, MOST))?))
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
    case: Option<CaseId>,
    before: Option<AuditId>,
) -> Result<(Vec<LogLine>, Option<AuditId>), AppError> {
    ctx.read(|az| {
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
pub fn newest(ctx: &Ctx<'_>, limit: i64) -> Result<Vec<LogLine>, AppError> {
    ctx.read(|az| {
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
