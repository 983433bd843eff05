//! What earlier meetings did with a panel's cases, and what other meetings are about to do: the facts
//! from which an agenda proposes itself. All of it is for whoever runs the panel.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_items, cases, meetings};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::agenda::{CaseType, Decision, ItemState};
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{AgendaItemId, CaseId, Id, MeetingId, PanelId};
use panel_core::meeting::MeetingState;
use std::collections::BTreeSet;

/// What a held meeting did with a case that is open.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agenda_items)]
pub struct Taken {
    /// The item.
    #[diesel(column_name = id)]
    pub item: AgendaItemId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// The meeting's local date.
    #[diesel(select_expression = meetings::meets_on)]
    pub on: NaiveDate,
    /// The case.
    #[diesel(select_expression = cases::id)]
    pub case: CaseId,
    /// Why it was there.
    pub case_type: Option<CaseType>,
    /// What became of it.
    pub state: ItemState,
    /// Why it was put off.
    #[diesel(column_name = state_reason)]
    pub reason: String,
    /// The date agreed for its next review.
    pub next_review_on: Option<NaiveDate>,
}

/// What the panel's meetings before `day` heard of cases that are open, or put off. An unfinished
/// series of minutes may hold a case twice; the last item of a meeting then comes last.
pub fn taken(az: &mut Authz<'_>, panel: PanelId, day: NaiveDate) -> Result<Vec<Taken>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let found: Vec<Taken> = agenda_items::table
        .inner_join(meetings::table)
        .inner_join(cases::table)
        .filter(cases::panel_id.eq(Sql(panel)).and(cases::state.eq(Sql(CaseStatus::Open))))
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::state.eq(Sql(MeetingState::Held)).and(meetings::meets_on.lt(day)))
        .filter(agenda_items::state.eq_any(all(&[ItemState::Heard, ItemState::Deferred])))
        .order((meetings::starts_at, meetings::id, agenda_items::id))
        .select(Taken::as_select())
        .load(az.conn())?;
    let shown: BTreeSet<CaseId> = found.iter().map(|taken| taken.case).collect();
    az.saw("agenda.propose", SubjectKind::Panel, None, Some(panel), shown);
    Ok(found)
}

/// What an earlier meeting decided about a case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = agenda_items)]
pub struct Hearing {
    /// The item.
    #[diesel(column_name = id)]
    pub item: AgendaItemId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// The meeting's local date.
    #[diesel(select_expression = meetings::meets_on)]
    pub on: NaiveDate,
    /// What became of it.
    pub state: ItemState,
    /// Why it was put off.
    pub state_reason: String,
    /// The risks that were named.
    pub risks: String,
    /// The decision.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// The date agreed for the next review.
    pub next_review_on: Option<NaiveDate>,
}

/// What held meetings other than `but` decided about a case, latest first, at most `limit`; for whoever
/// runs its panel.
pub fn hearings(
    az: &mut Authz<'_>,
    case: CaseId,
    but: MeetingId,
    limit: i64,
) -> Result<Vec<Hearing>, StoreError> {
    let whole = all(&az.scope().whole);
    let found = agenda_items::table
        .inner_join(meetings::table)
        .filter(agenda_items::case_id.eq(Sql(Some(case))))
        .filter(meetings::panel_id.eq_any(whole).and(meetings::id.ne(Sql(but))))
        .filter(meetings::state.eq(Sql(MeetingState::Held)))
        .filter(agenda_items::state.eq_any(all(&[ItemState::Heard, ItemState::Deferred])))
        .order((meetings::starts_at.desc(), meetings::id.desc(), agenda_items::id.desc()))
        .limit(limit)
        .select(Hearing::as_select())
        .load(az.conn())?;
    az.saw("agenda.hearings", SubjectKind::Case, Some(case.uuid()), None, [case]);
    Ok(found)
}

/// An item without a case that a meeting put off.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agenda_items)]
pub struct PutOff {
    /// The item.
    #[diesel(column_name = id)]
    pub item: AgendaItemId,
    /// Its heading.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// Why.
    #[diesel(column_name = state_reason)]
    pub reason: String,
    /// The meeting's date.
    #[diesel(select_expression = meetings::meets_on)]
    pub on: NaiveDate,
}

/// The items without a case that meetings before `day` put off and no agenda but that of `but` has
/// taken up since.
pub fn put_off(
    az: &mut Authz<'_>,
    panel: PanelId,
    day: NaiveDate,
    but: MeetingId,
) -> Result<Vec<PutOff>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let found: Vec<PutOff> = agenda_items::table
        .inner_join(meetings::table)
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::state.eq(Sql(MeetingState::Held)).and(meetings::meets_on.lt(day)))
        .filter(agenda_items::case_id.is_null())
        .filter(agenda_items::state.eq(Sql(ItemState::Deferred)))
        .order((meetings::starts_at, agenda_items::position, agenda_items::id))
        .select(PutOff::as_select())
        .load(az.conn())?;
    let ids: Vec<Option<AgendaItemId>> = found.iter().map(|item| Some(item.item)).collect();
    let taken_up: Vec<Option<AgendaItemId>> = agenda_items::table
        .inner_join(meetings::table)
        .filter(agenda_items::carried_from.eq_any(all(&ids)))
        .filter(agenda_items::meeting_id.ne(Sql(but)))
        .filter(meetings::state.ne(Sql(MeetingState::Cancelled)))
        .select(agenda_items::carried_from)
        .load(az.conn())?;
    Ok(found.into_iter().filter(|item| !taken_up.contains(&Some(item.item))).collect())
}

/// Where a case is listed on another agenda that is still to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = meetings)]
pub struct ListedAt {
    /// The case.
    #[diesel(select_expression = cases::id)]
    pub case: CaseId,
    /// The meeting.
    #[diesel(column_name = id)]
    pub meeting: MeetingId,
    /// Its local date.
    #[diesel(column_name = meets_on)]
    pub on: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Whether it is an emergency meeting.
    pub emergency: bool,
    /// How far it has come.
    pub state: MeetingState,
}

/// Where the panel's cases are listed on agendas, other than that of `but`, that are still to be
/// taken.
pub fn listed_elsewhere(
    az: &mut Authz<'_>,
    panel: PanelId,
    but: MeetingId,
) -> Result<Vec<ListedAt>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let open = [MeetingState::Planned, MeetingState::Issued, MeetingState::InProgress];
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .inner_join(cases::table)
        .filter(meetings::panel_id.eq(Sql(panel)).and(meetings::id.ne(Sql(but))))
        .filter(meetings::state.eq_any(all(&open)))
        .filter(agenda_items::state.eq(Sql(ItemState::Listed)))
        .order((meetings::starts_at, meetings::id))
        .select(ListedAt::as_select())
        .load(az.conn())?)
}
