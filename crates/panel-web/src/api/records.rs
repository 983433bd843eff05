//! The audit log, and how much of what was promised was done.

use super::prelude::*;
use chrono::NaiveDate;
use panel_app::audit::{self, AuditRow};
use panel_app::completion::{self, Completion};
use panel_core::audit::Purpose;
use panel_core::id::{AuditId, CaseId, PanelId};

/// Rows of one page of the log.
const PAGE: i64 = 100;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/audit", Manages => log, "The audit log, newest first"),
        api!(GET "/api/v1/panels/{panel}/completion", TakesPart => completed, "How many actions were done, and done on time"),
    ]
}

/// Which rows of the log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// For what the log is read; that is written into it.
    purpose: Purpose,
    /// Of one case.
    case: Option<CaseId>,
}

fn log(
    ctx: &Ctx<'_>,
    (): (),
    Paged { after, query }: Paged<Which, AuditId>,
) -> Told<Listed<AuditRow>> {
    let rows = audit::list(ctx, query.purpose, query.case, after, PAGE)?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found == PAGE);
    let next = rows.last().map(|last| last.id).filter(|_| full);
    page(rows, next)
}

/// A period.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Period {
    /// The first due date that counts.
    from: NaiveDate,
    /// The last.
    to: NaiveDate,
}

fn completed(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Query(period): Query<Period>,
) -> Told<Completion> {
    told(completion::show(ctx, panel, period.from, period.to)?)
}
