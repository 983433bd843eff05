//! The audit log: appended here and nowhere else, refused to change by the database itself.

pub mod chain;
pub mod checkpoints;
pub mod denials;
pub mod readers;
pub mod seals;

use crate::authz::{Authz, Caller, Notes, Who};
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::audit_events;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, AuditId, CaseId, PanelId, RequestId, SubjectId, UserId, mint};
use uuid::Uuid;

/// Rows of one insert statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 1_000;

/// Appends what the use cases of one transaction noted.
pub(crate) fn append_notes(
    conn: &mut Conn,
    caller: &Caller<'_>,
    notes: Vec<Notes>,
) -> Result<(), StoreError> {
    let mut told = Vec::new();
    for one in notes {
        told.extend(one.told(conn, caller)?);
    }
    append(conn, caller, &told)
}

/// Appends a row for each of these, with every case that was shown.
pub(crate) fn append(
    conn: &mut Conn,
    caller: &Caller<'_>,
    told: &[(Deed, Vec<CaseId>)],
) -> Result<(), StoreError> {
    let (actor, agency) = match &caller.who {
        Who::Person(actor) => (Some(actor.user), Some(actor.agency)),
        Who::Service(_) | Who::Nobody => (None, None),
    };
    for some in told.chunks(BATCH) {
        let row = |(deed, cases): &(Deed, Vec<CaseId>)| {
            (
                audit_events::id.eq(Sql(mint::<AuditId>(caller.ids, caller.now))),
                audit_events::at.eq(Sql(caller.now)),
                audit_events::kind.eq(Sql(deed.kind)),
                audit_events::deed.eq(deed.code),
                audit_events::actor_id.eq(Sql(actor)),
                audit_events::agency_id.eq(Sql(agency)),
                audit_events::on_behalf.eq(deed.on_behalf),
                audit_events::panel_id.eq(Sql(deed.panel)),
                audit_events::case_id.eq(Sql(deed.case)),
                audit_events::subject_kind.eq(Sql(deed.subject)),
                audit_events::subject_id.eq(Sql(deed.subject_id.map(AnyId))),
                audit_events::cases.eq(words(cases)),
                audit_events::detail.eq(deed.detail.clone()),
                audit_events::request_id.eq(Sql(caller.request)),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(conn, |c| diesel::insert_into(audit_events::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn words(cases: &[CaseId]) -> String {
    cases.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// An id of any noun, for a column that holds several.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnyId(pub(crate) Uuid);

/// A code of any vocabulary, for a row of the log as it is sealed.
#[derive(Debug, Clone)]
pub(crate) struct AnyCode(pub(crate) String);

/// One row of the log as its readers see it: ids, codes and counts.
#[derive(Debug, Clone, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = audit_events)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// The row's id; ids rise with time.
    pub id: AuditId,
    /// When.
    pub at: DateTime<Utc>,
    /// Which kind of event.
    pub kind: AuditKind,
    /// Which use case.
    pub deed: String,
    /// Who, unless it was the service itself.
    #[diesel(column_name = actor_id)]
    pub actor: Option<UserId>,
    /// For which agency.
    #[diesel(column_name = agency_id)]
    pub agency: Option<AgencyId>,
    /// Whether it was entered for somebody else.
    pub on_behalf: bool,
    /// At which panel.
    #[diesel(column_name = panel_id)]
    pub panel: Option<PanelId>,
    /// In which case.
    #[diesel(column_name = case_id)]
    pub case: Option<CaseId>,
    /// What it was done to.
    pub subject_kind: SubjectKind,
    /// The id of what it was done to, where it has one.
    #[diesel(column_name = subject_id)]
    pub subject: Option<SubjectId>,
    /// Codes and counts.
    pub detail: String,
    /// Under which request.
    #[diesel(column_name = request_id)]
    pub request: RequestId,
}

/// The newest events of panels the caller runs and of administration when the caller administers,
/// at most `limit`, older than `before` when given.
pub fn page(
    az: &mut Authz<'_>,
    case: Option<CaseId>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let of_case = match case {
        Some(case) => Some(readers::of_case(az, case, AuditKind::ALL, before, limit)?),
        None => None,
    };
    rows(az, of_case.as_deref(), before, limit)
}

/// The newest looks at a case, at most `limit`, older than `before` when given, for whoever runs its
/// panel.
pub fn looks(
    az: &mut Authz<'_>,
    case: CaseId,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let ids = readers::of_case(az, case, &readers::LOOKS, before, limit)?;
    rows(az, Some(&ids), before, limit)
}

/// The newest rows the caller may see, among these when given.
fn rows(
    az: &mut Authz<'_>,
    among: Option<&[AuditId]>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let whole = az.scope().whole.clone();
    let administrator = az.actor().is_some_and(|actor| actor.administrator);
    let mut query = audit_events::table
        .select(AuditRow::as_select())
        .order(audit_events::id.desc())
        .limit(limit)
        .into_boxed();
    let panels: Vec<Sql<Option<PanelId>>> = whole.into_iter().map(|p| Sql(Some(p))).collect();
    query = if administrator {
        query.filter(audit_events::panel_id.eq_any(panels).or(audit_events::panel_id.is_null()))
    } else {
        query.filter(audit_events::panel_id.eq_any(panels))
    };
    if let Some(ids) = among {
        query = query.filter(audit_events::id.eq_any(all(ids)));
    }
    if let Some(before) = before {
        query = query.filter(audit_events::id.lt(Sql(before)));
    }
    Ok(query.load(az.conn())?)
}

#[cfg(test)]
mod tests;
