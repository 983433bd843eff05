//! Several meetings at a time: pages for readers, and what the rules of a series have to look at.

use super::{Meeting, Row, read};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::meetings;
use crate::sql_types::Sql;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::id::{MeetingId, PanelId, SeriesId};
use panel_core::meeting::MeetingState;

/// The states of a meeting that is still to be held.
const AHEAD: [MeetingState; 2] = [MeetingState::Planned, MeetingState::Issued];

/// How far back a series is looked at when it changes: what was held earlier has no say in it.
const YEAR: Days = Days::new(366);

/// For how long a meeting that nobody ends stands among those to come.
const UNENDED: Days = Days::new(31);

/// The place of a meeting in the order of time.
type Place = (DateTime<Utc>, MeetingId);

fn place(az: &mut Authz<'_>, meeting: Option<MeetingId>) -> Result<Option<Place>, StoreError> {
    let Some(id) = meeting else { return Ok(None) };
    let select = meetings::table.find(Sql(id)).select((meetings::starts_at, meetings::id));
    Ok(select.first(az.conn()).optional()?)
}

/// Meetings that start at `midnight` or later, and one that is in progress, soonest first. A
/// cancelled one stays among them as long as its series has the slot.
///
/// At most `limit`, after the meeting `after` when given.
pub fn upcoming(
    az: &mut Authz<'_>,
    panel: PanelId,
    midnight: DateTime<Utc>,
    after: Option<MeetingId>,
    limit: i64,
) -> Result<Vec<Meeting>, StoreError> {
    if !az.sits(panel) {
        return Ok(Vec::new());
    }
    let ahead = meetings::state.eq_any(all(&AHEAD));
    let called_off = meetings::state
        .eq(Sql(MeetingState::Cancelled))
        .and(meetings::series_id.is_not_null().or(meetings::emergency));
    let in_progress = meetings::state.eq(Sql(MeetingState::InProgress));
    let mut query = meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::starts_at.ge(Sql(midnight - UNENDED)))
        .filter(in_progress.or(meetings::starts_at.ge(Sql(midnight)).and(ahead.or(called_off))))
        .order((meetings::starts_at, meetings::id))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = place(az, after)? {
        let later = meetings::starts_at.gt(Sql(at));
        let beside = meetings::starts_at.eq(Sql(at)).and(meetings::id.gt(Sql(id)));
        query = query.filter(later.or(beside));
    }
    read(query.load::<Row>(az.conn())?)
}

/// The other meetings: those held, those whose day has passed, and cancelled ones that their series
/// has let go of; latest first.
///
/// At most `limit`, before the meeting `before` when given.
pub fn past(
    az: &mut Authz<'_>,
    panel: PanelId,
    midnight: DateTime<Utc>,
    before: Option<MeetingId>,
    limit: i64,
) -> Result<Vec<Meeting>, StoreError> {
    if !az.sits(panel) {
        return Ok(Vec::new());
    }
    let held = meetings::state.eq(Sql(MeetingState::Held));
    let let_go = meetings::state
        .eq(Sql(MeetingState::Cancelled))
        .and(meetings::series_id.is_null())
        .and(meetings::emergency.eq(false));
    let unended = meetings::starts_at.lt(Sql(midnight - UNENDED));
    let gone_by = meetings::starts_at
        .lt(Sql(midnight))
        .and(meetings::state.ne(Sql(MeetingState::InProgress)).or(unended));
    let mut query = meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(held.or(let_go).or(gone_by))
        .order((meetings::starts_at.desc(), meetings::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = place(az, before)? {
        let earlier = meetings::starts_at.lt(Sql(at));
        let beside = meetings::starts_at.eq(Sql(at)).and(meetings::id.lt(Sql(id)));
        query = query.filter(earlier.or(beside));
    }
    read(query.load::<Row>(az.conn())?)
}

/// The meetings of a series from a year back on, in the order of their slots.
pub fn of_series(az: &mut Authz<'_>, series: SeriesId) -> Result<Vec<Meeting>, StoreError> {
    let today = az.today();
    let since = today.checked_sub_days(YEAR).unwrap_or(today);
    let rows: Vec<Row> = meetings::table
        .filter(meetings::series_id.eq(Sql(Some(series))))
        .filter(meetings::slot_on.ge(Some(since)).or(meetings::meets_on.ge(since)))
        .order(meetings::slot_on)
        .select(Row::as_select())
        .load(az.conn())?;
    let found = read(rows)?;
    Ok(found.into_iter().filter(|meeting| az.sits(meeting.panel)).collect())
}

/// The meetings of a panel that start from `first` up to but not at `last` and were not cancelled.
pub fn between(
    az: &mut Authz<'_>,
    panel: PanelId,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Result<Vec<Meeting>, StoreError> {
    if !az.sits(panel) {
        return Ok(Vec::new());
    }
    read(
        meetings::table
            .filter(meetings::panel_id.eq(Sql(panel)))
            .filter(meetings::starts_at.ge(Sql(first)).and(meetings::starts_at.lt(Sql(last))))
            .filter(meetings::state.ne(Sql(MeetingState::Cancelled)))
            .order((meetings::starts_at, meetings::id))
            .select(Row::as_select())
            .load::<Row>(az.conn())?,
    )
}

/// A meeting of the panel, other than `but`, that is on for part of the `minutes` from `start`.
pub fn overlapping(
    az: &mut Authz<'_>,
    panel: PanelId,
    start: DateTime<Utc>,
    minutes: i32,
    but: Option<MeetingId>,
) -> Result<Option<Meeting>, StoreError> {
    let end = start + Duration::minutes(minutes.into());
    // No meeting is longer than a day.
    let near = between(az, panel, start - Duration::days(1), end)?;
    let ends = |meeting: &Meeting| meeting.starts_at + Duration::minutes(meeting.minutes.into());
    Ok(near.into_iter().find(|other| Some(other.id) != but && ends(other) > start))
}

/// The first meeting of the panel after `instant` that is still to be held and is no emergency one.
pub fn next_of_panel(
    az: &mut Authz<'_>,
    panel: PanelId,
    instant: DateTime<Utc>,
) -> Result<Option<Meeting>, StoreError> {
    if !az.sits(panel) {
        return Ok(None);
    }
    let row: Option<Row> = meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)).and(meetings::starts_at.gt(Sql(instant))))
        .filter(meetings::state.eq_any(all(&AHEAD)).and(meetings::emergency.eq(false)))
        .order((meetings::starts_at, meetings::id))
        .select(Row::as_select())
        .first(az.conn())
        .optional()?;
    row.map(Row::read).transpose()
}

/// The panel's meetings held on `first` or later and before `day`, oldest first, emergency ones
/// among them.
pub fn held_before(
    az: &mut Authz<'_>,
    panel: PanelId,
    first: NaiveDate,
    day: NaiveDate,
) -> Result<Vec<Meeting>, StoreError> {
    if !az.sits(panel) {
        return Ok(Vec::new());
    }
    read(
        meetings::table
            .filter(meetings::panel_id.eq(Sql(panel)))
            .filter(meetings::state.eq(Sql(MeetingState::Held)))
            .filter(meetings::meets_on.ge(first).and(meetings::meets_on.lt(day)))
            .order((meetings::starts_at, meetings::id))
            .select(Row::as_select())
            .load::<Row>(az.conn())?,
    )
}
