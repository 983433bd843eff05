//! On what occasion a case is opened, noted with the reading.

use super::CaseRow;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_items, info_requests, meetings};
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agenda::ItemState;
use panel_core::audit::occasion::{Circumstances, Occasion};
use panel_core::id::{AgencyId, CaseId};
use panel_core::information::RequestState;
use panel_core::meeting::MeetingState;

/// Meetings that are looked at, the latest first: more than a year of them.
const HEARINGS: i64 = 20;

/// Finds the occasion on which the caller opens a case that she has found, and notes it with the reading.
/// `has_action` says whether an agency that she acts for has an unfinished action there.
pub fn note_occasion(
    az: &mut Authz<'_>,
    case: &CaseRow,
    has_action: bool,
) -> Result<Occasion, StoreError> {
    let runs = az.runs(case.panel);
    // Nothing more has to be known of somebody who has her reason.
    let has_reason = runs || has_action;
    let facts = Circumstances {
        today: az.today(),
        runs,
        has_action,
        is_asked: !has_reason && is_asked(az, case)?,
        opened_on: case.opened_on,
        heard_on: if has_reason { Vec::new() } else { heard_on(az, case.id)? },
    };
    let occasion = Occasion::of(&facts);
    az.on_occasion(occasion);
    Ok(occasion)
}

/// Whether an agency that the caller acts for is asked about the case for a meeting that is to be held.
fn is_asked(az: &mut Authz<'_>, case: &CaseRow) -> Result<bool, StoreError> {
    let acts_for = |panels: &[_]| panels.contains(&case.panel);
    let agencies: Vec<AgencyId> = az
        .scope()
        .by_agency
        .iter()
        .filter_map(|(agency, panels)| acts_for(panels).then_some(*agency))
        .collect();
    let ahead = [MeetingState::Planned, MeetingState::Issued, MeetingState::InProgress];
    let asked = info_requests::table
        .inner_join(meetings::table)
        .filter(info_requests::case_id.eq(Sql(case.id)))
        .filter(info_requests::agency_id.eq_any(all(&agencies)))
        .filter(info_requests::state.ne(Sql(RequestState::Withdrawn)))
        .filter(meetings::state.eq_any(all(&ahead)))
        .select(info_requests::id);
    Ok(diesel::select(diesel::dsl::exists(asked)).get_result(az.conn())?)
}

/// When the case was and is to be heard. The dates are weighed and shown to nobody.
fn heard_on(az: &mut Authz<'_>, case: CaseId) -> Result<Vec<NaiveDate>, StoreError> {
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .filter(agenda_items::case_id.eq(Sql(Some(case))))
        .filter(agenda_items::state.ne(Sql(ItemState::Withdrawn)))
        .filter(meetings::state.ne(Sql(MeetingState::Cancelled)))
        .order(meetings::starts_at.desc())
        .limit(HEARINGS)
        .select(meetings::meets_on)
        .load(az.conn())?)
}
