//! Who read a case: found by the case in two indexes, one of rows that are about it alone and one,
//! which the sealer writes, of rows that showed it among others. What is not sealed yet is looked
//! through as far as the sealer itself would look.

use super::seals::{everything, head_of, nothing};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{audit_events, audit_shown, case_agencies, cases};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::audit::reading::{Look, MOST};
use panel_core::audit::seal::{Reach, places};
use panel_core::audit::{AuditKind, SubjectKind};
use panel_core::id::{AgencyId, AuditId, CaseId, Id};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What counts as a look at a case.
pub(super) const LOOKS: [AuditKind; 4] =
    [AuditKind::Consultation, AuditKind::Disclosure, AuditKind::Export, AuditKind::BreakGlass];

/// Rows that wait for their seal and are looked through at most.
const WAITING: i64 = 1_000;

/// The newest rows of these kinds that are about a case or showed it, older than `before`.
pub(super) fn of_case(
    az: &mut Authz<'_>,
    case: CaseId,
    kinds: &[AuditKind],
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditId>, StoreError> {
    let before = before.unwrap_or_else(everything);
    let alone: Vec<AuditId> = audit_events::table
        .filter(audit_events::case_id.eq(Sql(Some(case))).and(audit_events::id.lt(Sql(before))))
        .filter(audit_events::kind.eq_any(all(kinds)))
        .order(audit_events::id.desc())
        .limit(limit)
        .select(audit_events::id)
        .load(az.conn())?;
    let among: Vec<AuditId> = audit_shown::table
        .filter(audit_shown::case_id.eq(Sql(case)).and(audit_shown::event_id.lt(Sql(before))))
        .order(audit_shown::event_id.desc())
        .limit(limit)
        .select(audit_shown::event_id)
        .load(az.conn())?;
    let waiting = waiting(az, case, before)?;
    let found: BTreeSet<AuditId> = alone.into_iter().chain(among).chain(waiting).collect();
    let most = usize::try_from(limit).unwrap_or_default();
    Ok(found.into_iter().rev().take(most).collect())
}

/// Rows that showed a case among others, of those the sealer may not have come to.
fn waiting(az: &mut Authz<'_>, case: CaseId, before: AuditId) -> Result<Vec<AuditId>, StoreError> {
    let now = az.now();
    let sealed = head_of(az.conn())?.map(|head| head.reached);
    let from = sealed.map_or_else(nothing, |reached| places(reached, now, Reach::Near).0);
    let rows: Vec<(AuditId, String)> = audit_events::table
        .filter(audit_events::id.ge(Sql(from)).and(audit_events::id.lt(Sql(before))))
        .order(audit_events::id.desc())
        .limit(WAITING)
        .select((audit_events::id, audit_events::cases))
        .load(az.conn())?;
    let case = case.to_string();
    let shows = |(id, cases): (AuditId, String)| cases.contains(&case).then_some(id);
    Ok(rows.into_iter().filter_map(shows).collect())
}

/// Cases in which an agency takes part and of which the caller may know, in the order of their ids,
/// behind `after`.
pub fn cases_of(
    az: &mut Authz<'_>,
    agency: AgencyId,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<(CaseId, String)>, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    let after = after.unwrap_or_else(|| CaseId::from_uuid(Uuid::nil()));
    let takes_part = diesel::dsl::exists(
        case_agencies::table
            .filter(case_agencies::case_id.eq(cases::id))
            .filter(case_agencies::agency_id.eq(Sql(agency)))
            .select(case_agencies::case_id),
    );
    let found: Vec<(CaseId, String)> = cases::table
        .filter(cases::id.gt(Sql(after)))
        .filter(takes_part)
        .filter(seen)
        .order(cases::id)
        .limit(limit)
        .select((cases::id, cases::reference))
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().map(|(case, _)| *case).collect();
    az.saw("case.statement", SubjectKind::Listing, None, None, shown);
    Ok(found)
}

/// Looks at a case by rows from one id to before another, the newest first, one more than are counted.
pub fn looks_at(
    az: &mut Authz<'_>,
    case: CaseId,
    from: AuditId,
    to: AuditId,
) -> Result<Vec<Look>, StoreError> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let mut looks: Vec<Look> = audit_events::table
        .filter(audit_events::case_id.eq(Sql(Some(case))))
        .filter(audit_events::id.ge(Sql(from)).and(audit_events::id.lt(Sql(to))))
        .filter(audit_events::kind.eq_any(all(&LOOKS)))
        .order(audit_events::id.desc())
        .limit(most)
        .select((audit_events::id, audit_events::actor_id, audit_events::agency_id))
        .load(az.conn())?;
    let among: Vec<Look> = audit_shown::table
        .inner_join(audit_events::table.on(audit_events::id.eq(audit_shown::event_id)))
        .filter(audit_shown::case_id.eq(Sql(case)))
        .filter(audit_shown::event_id.ge(Sql(from)).and(audit_shown::event_id.lt(Sql(to))))
        .order(audit_shown::event_id.desc())
        .limit(most)
        .select((audit_events::id, audit_events::actor_id, audit_events::agency_id))
        .load(az.conn())?;
    looks.extend(among);
    looks.sort_by_key(|(id, _, _)| std::cmp::Reverse(*id));
    Ok(looks)
}
