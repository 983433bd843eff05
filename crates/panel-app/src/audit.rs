//! Reading the audit log.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::id::{AuditId, CaseId};
use panel_store::audit;
pub use panel_store::audit::AuditRow;

/// The most rows of one page.
const MOST: i64 = 500;

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
