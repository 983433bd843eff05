//! What was answered about people and agencies who may be connected to a case; for whoever runs its panel.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::connection_answers;
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::access::lists::Listed;
use panel_core::id::{AgencyId, CaseId, ConnectionAnswerId, PanelId, UserId};
use panel_core::text::Note;
use std::collections::BTreeSet;

/// Of whom it was said in which of these cases that they are not connected; nothing for whoever does not run
/// the panel.
pub fn answered(
    az: &mut Authz<'_>,
    panel: PanelId,
    cases: &[CaseId],
) -> Result<BTreeSet<(CaseId, Listed)>, StoreError> {
    if !az.runs(panel) {
        return Ok(BTreeSet::new());
    }
    let found: Vec<(CaseId, Option<UserId>, Option<AgencyId>)> = connection_answers::table
        .filter(connection_answers::panel_id.eq(Sql(panel)))
        .filter(connection_answers::case_id.eq_any(all(cases)))
        .select((
            connection_answers::case_id,
            connection_answers::user_id,
            connection_answers::agency_id,
        ))
        .load(az.conn())?;
    let listed = |(case, user, agency): (CaseId, Option<UserId>, Option<AgencyId>)| {
        let whom = user.map(Listed::Person).or(agency.map(Listed::Agency))?;
        Some((case, whom))
    };
    Ok(found.into_iter().filter_map(listed).collect())
}

/// Keeps an answer about a case of a panel that the caller runs; one that is there stays as it is.
pub fn answer(
    az: &mut Authz<'_>,
    (panel, case): (PanelId, CaseId),
    whom: Listed,
    by: UserId,
    reason: &Note,
) -> Result<(), StoreError> {
    let (id, now) = (az.mint::<ConnectionAnswerId>(), az.now());
    let (user, agency) = match whom {
        Listed::Person(user) => (Some(user), None),
        Listed::Agency(agency) => (None, Some(agency)),
    };
    each_backend!(az.conn(), |c| diesel::insert_into(connection_answers::table)
        .values((
            connection_answers::id.eq(Sql(id)),
            connection_answers::case_id.eq(Sql(case)),
            connection_answers::panel_id.eq(Sql(panel)),
            connection_answers::user_id.eq(Sql(user)),
            connection_answers::agency_id.eq(Sql(agency)),
            connection_answers::reason.eq(reason.as_str()),
            connection_answers::answered_by.eq(Sql(by)),
            connection_answers::answered_at.eq(Sql(now)),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
