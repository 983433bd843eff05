//! What waits for somebody's answer.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{action_extensions, action_transfers, actions};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use diesel::prelude::*;
use panel_core::action::{ExtensionStatus, ReceiverDueStatus, TransferStatus};
use panel_core::id::{ActionId, AgencyId, PanelId, UserId};

/// Rows of each kind that are listed at most; what waits is meant to be answered, not piled up.
pub const MOST_WAITING: i64 = 200;

/// The actions that these agencies are asked to take over, the longest-waiting first.
pub fn transfers_to(
    az: &mut Authz<'_>,
    agencies: &[AgencyId],
) -> Result<Vec<ActionId>, StoreError> {
    Ok(action_transfers::table
        .filter(action_transfers::to_agency.eq_any(all(agencies)))
        .filter(action_transfers::state.eq(Sql(TransferStatus::Proposed)))
        .order(action_transfers::id)
        .limit(MOST_WAITING)
        .select(action_transfers::action_id)
        .load(az.conn())?)
}

/// The actions of these panels for which more time is asked, the longest-waiting first.
pub fn extensions_of(az: &mut Authz<'_>, panels: &[PanelId]) -> Result<Vec<ActionId>, StoreError> {
    Ok(action_extensions::table
        .inner_join(actions::table.on(actions::id.eq(action_extensions::action_id)))
        .filter(action_extensions::state.eq(Sql(ExtensionStatus::Awaited)))
        .filter(actions::panel_id.eq_any(all(panels)))
        .order((action_extensions::requested_on, action_extensions::id))
        .limit(MOST_WAITING)
        .select(action_extensions::action_id)
        .load(az.conn())?)
}

/// The actions of these panels whose receiver asked for another due date, the longest-waiting first.
pub fn dates_of(az: &mut Authz<'_>, panels: &[PanelId]) -> Result<Vec<ActionId>, StoreError> {
    Ok(action_transfers::table
        .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
        .filter(action_transfers::due_state.eq(Sql(Some(ReceiverDueStatus::Proposed))))
        .filter(actions::panel_id.eq_any(all(panels)).and(actions::finished.eq(false)))
        .order((action_transfers::answered_on, action_transfers::id))
        .limit(MOST_WAITING)
        .select(action_transfers::action_id)
        .load(az.conn())?)
}

/// How many unfinished actions somebody owns at all panels, whoever asks: a count and nothing else,
/// so that nobody leaves while something is theirs.
pub fn unfinished_of(az: &mut Authz<'_>, user: UserId) -> Result<i64, StoreError> {
    let theirs = actions::table
        .filter(actions::owner_user.eq(Sql(Some(user))).and(actions::finished.eq(false)))
        .count();
    az.beyond(Beyond::Handover, |conn| Ok(theirs.get_result(conn)?))
}
