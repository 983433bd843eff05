//! On what occasion a case is read, noted with the reading.

use crate::authz::{Authz, Caller, Who};
use crate::conn::Conn;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{actions, agenda_items, cases, info_requests, meetings};
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agenda::ItemState;
use panel_core::audit::occasion::{Circumstances, Occasion};
use panel_core::id::{AgencyId, CaseId, PanelId};
use panel_core::information::RequestState;
use panel_core::meeting::MeetingState;

/// Meetings that are looked at, the latest first: more than a year of them.
const HEARINGS: i64 = 20;

/// Finds the occasion on which the caller opens a case that she has found, and notes it with the reading.
pub fn note_occasion(
    az: &mut Authz<'_>,
    case: CaseId,
    panel: PanelId,
) -> Result<Option<Occasion>, StoreError> {
    let caller = az.caller();
    let occasion = of_reading(az.conn(), caller, Some(panel), &[case])?;
    if let Some(occasion) = occasion {
        az.on_occasion(occasion);
    }
    Ok(occasion)
}

/// The occasion on which the caller reads of these cases at a panel; none for the service itself, and none
/// for a list of several, where no case was asked for by itself.
pub(crate) fn of_reading(
    conn: &mut Conn,
    caller: &Caller<'_>,
    panel: Option<PanelId>,
    read: &[CaseId],
) -> Result<Option<Occasion>, StoreError> {
    let Who::Person(actor) = &caller.who else { return Ok(None) };
    // Nothing more has to be known of somebody who has her reason.
    if !read.is_empty() && panel.is_some_and(|panel| actor.runs(panel)) {
        return Ok(Some(Occasion::Runs));
    }
    let [case] = read else { return Ok(None) };
    let found: Option<(PanelId, NaiveDate)> = cases::table
        .filter(cases::id.eq(Sql(*case)))
        .select((cases::panel_id, cases::opened_on))
        .first(conn)
        .optional()?;
    let Some((panel, opened_on)) = found else { return Ok(None) };
    let agencies = spoken_for(caller, panel);
    let has_action = has_action(conn, *case, &agencies)?;
    let facts = Circumstances {
        today: caller.today,
        runs: actor.runs(panel),
        has_action,
        is_asked: !has_action && is_asked(conn, *case, &agencies)?,
        opened_on,
        heard_on: if has_action { Vec::new() } else { heard_on(conn, *case)? },
    };
    Ok(Some(Occasion::of(&facts)))
}

/// The agencies that the caller acts for at this panel.
fn spoken_for(caller: &Caller<'_>, panel: PanelId) -> Vec<AgencyId> {
    let here =
        |(agency, panels): (AgencyId, Vec<PanelId>)| panels.contains(&panel).then_some(agency);
    caller.scope().by_agency.into_iter().filter_map(here).collect()
}

/// Whether an action of one of these agencies is unfinished in the case.
fn has_action(conn: &mut Conn, case: CaseId, agencies: &[AgencyId]) -> Result<bool, StoreError> {
    let owed = actions::table
        .filter(actions::case_id.eq(Sql(Some(case))))
        .filter(actions::finished.eq(false))
        .filter(actions::owner_agency.eq_any(all(agencies)))
        .select(actions::id);
    Ok(diesel::select(diesel::dsl::exists(owed)).get_result(conn)?)
}

/// Whether one of these agencies is asked about the case for a meeting that is to be held.
fn is_asked(conn: &mut Conn, case: CaseId, agencies: &[AgencyId]) -> Result<bool, StoreError> {
    let ahead = [MeetingState::Planned, MeetingState::Issued, MeetingState::InProgress];
    let asked = info_requests::table
        .inner_join(meetings::table)
        .filter(info_requests::case_id.eq(Sql(case)))
        .filter(info_requests::agency_id.eq_any(all(agencies)))
        .filter(info_requests::state.ne(Sql(RequestState::Withdrawn)))
        .filter(meetings::state.eq_any(all(&ahead)))
        .select(info_requests::id);
    Ok(diesel::select(diesel::dsl::exists(asked)).get_result(conn)?)
}

/// When the case was and is to be heard. The dates are weighed and shown to nobody.
fn heard_on(conn: &mut Conn, case: CaseId) -> Result<Vec<NaiveDate>, StoreError> {
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .filter(agenda_items::case_id.eq(Sql(Some(case))))
        .filter(agenda_items::state.ne(Sql(ItemState::Withdrawn)))
        .filter(meetings::state.ne(Sql(MeetingState::Cancelled)))
        .order(meetings::starts_at.desc())
        .limit(HEARINGS)
        .select(meetings::meets_on)
        .load(conn)?)
}
