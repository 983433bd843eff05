//! Signed minutes: frozen versions that are added and never changed.

use crate::agenda::issues::visible;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::meetings::Meeting;
use crate::schema::{meetings, minutes};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::id::{Id, MeetingId, MinutesId, PanelId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::minutes::Record;
use std::collections::HashMap;

/// One signed version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = minutes)]
pub struct Signed {
    /// The version's id.
    pub id: MinutesId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// Its number, from one.
    pub number: i32,
    /// Why it corrects the one before; empty for the first.
    pub reason: String,
    /// The SHA-256 of its text.
    pub sha256: String,
    /// Who signed.
    pub approved_by: UserId,
    /// When.
    pub approved_at: DateTime<Utc>,
    /// When it was opened again.
    pub reopened_at: Option<DateTime<Utc>>,
    /// Why it was opened again.
    pub reopen_reason: String,
}

/// The versions of a meeting, newest first.
pub fn versions(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Signed>, StoreError> {
    Ok(minutes::table
        .filter(minutes::meeting_id.eq(Sql(meeting)))
        .order(minutes::number.desc())
        .select(Signed::as_select())
        .load(az.conn())?)
}

/// The meeting of each of these versions, at panels where the caller has a seat.
pub fn meetings_of(
    az: &mut Authz<'_>,
    versions: &[MinutesId],
) -> Result<HashMap<MinutesId, MeetingId>, StoreError> {
    let found: Vec<(MinutesId, MeetingId, PanelId)> = minutes::table
        .inner_join(meetings::table)
        .filter(minutes::id.eq_any(all(versions)))
        .select((minutes::id, meetings::id, meetings::panel_id))
        .load(az.conn())?;
    let known = found.into_iter().filter(|(_, _, panel)| az.sits(*panel));
    Ok(known.map(|(version, meeting, _)| (version, meeting)).collect())
}

/// The text of one version, cut to what the caller may know of; none for whoever sees no cases at the
/// panel.
pub fn read(az: &mut Authz<'_>, id: MinutesId) -> Result<Option<(Signed, Record)>, StoreError> {
    let row: Option<(Signed, String, PanelId)> = minutes::table
        .inner_join(meetings::table)
        .filter(minutes::id.eq(Sql(id)))
        .select((Signed::as_select(), minutes::snapshot, meetings::panel_id))
        .first(az.conn())
        .optional()?;
    let Some((signed, snapshot, panel)) = row else { return Ok(None) };
    if !az.panels().any(|seen| seen == panel) {
        return Ok(None);
    }
    let record: Record = serde_json::from_str(&snapshot)?;
    let seen = visible(az, &record.cases())?;
    let subject = Some(signed.meeting.uuid());
    let cases = seen.iter().copied();
    az.saw("minutes.show", SubjectKind::Meeting, subject, Some(panel), cases);
    let acts_for = |agency| az.actor().is_some_and(|actor| actor.acts_for(agency, panel));
    let whole = az.runs(panel);
    let record = record.only(|case| seen.contains(&case), |agency| whole || acts_for(agency));
    Ok(Some((signed, record)))
}

/// Adds a signed version.
///
/// # Errors
/// [`StoreError::Taken`] when somebody else signed this number meanwhile.
pub fn insert(az: &mut Authz<'_>, signed: &Signed, snapshot: &str) -> Result<(), StoreError> {
    diesel::insert_into(minutes::table)
        .values((
            minutes::id.eq(Sql(signed.id)),
            minutes::meeting_id.eq(Sql(signed.meeting)),
            minutes::number.eq(signed.number),
            minutes::reason.eq(&signed.reason),
            minutes::snapshot.eq(snapshot),
            minutes::sha256.eq(&signed.sha256),
            minutes::approved_by.eq(Sql(signed.approved_by)),
            minutes::approved_at.eq(Sql(signed.approved_at)),
            minutes::reopen_reason.eq(""),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Notes that a version was opened again; its text stays.
pub fn note_reopened(az: &mut Authz<'_>, id: MinutesId, reason: &str) -> Result<(), StoreError> {
    let (now, by) = (az.now(), az.user());
    diesel::update(minutes::table.find(Sql(id)))
        .set((
            minutes::reopened_at.eq(Sql(Some(now))),
            minutes::reopened_by.eq(Sql(by)),
            minutes::reopen_reason.eq(reason),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// The latest meeting of a panel whose minutes are signed and not opened again: its id and date.
pub fn latest_of_panel(
    az: &mut Authz<'_>,
    panel: PanelId,
) -> Result<Option<(MeetingId, NaiveDate)>, StoreError> {
    Ok(minutes::table
        .inner_join(meetings::table)
        .filter(meetings::panel_id.eq(Sql(panel)).and(minutes::reopened_at.is_null()))
        .order((meetings::starts_at.desc(), meetings::id.desc()))
        .select((meetings::id, meetings::meets_on))
        .first(az.conn())
        .optional()?)
}

/// The meetings of a panel that were held here and whose minutes are not signed, or were opened again,
/// oldest first, at most `limit`; for whoever runs the panel.
pub fn unsigned(
    az: &mut Authz<'_>,
    panel: PanelId,
    limit: i64,
) -> Result<Vec<(MeetingId, NaiveDate)>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let signed = minutes::table
        .filter(minutes::meeting_id.eq(meetings::id).and(minutes::reopened_at.is_null()))
        .select(minutes::id);
    Ok(meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::state.eq(Sql(MeetingState::Held)))
        .filter(meetings::started_at.is_not_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(signed)))
        .order((meetings::starts_at, meetings::id))
        .limit(limit)
        .select((meetings::id, meetings::meets_on))
        .load(az.conn())?)
}

/// The first meeting of the panel that was held here before `meeting` and whose minutes are not
/// signed. What was held before a file was imported has no minutes here.
pub fn unsigned_before(
    az: &mut Authz<'_>,
    meeting: &Meeting,
) -> Result<Option<(MeetingId, NaiveDate)>, StoreError> {
    let signed = minutes::table
        .filter(minutes::meeting_id.eq(meetings::id).and(minutes::reopened_at.is_null()))
        .select(minutes::id);
    Ok(meetings::table
        .filter(meetings::panel_id.eq(Sql(meeting.panel)).and(meetings::id.ne(Sql(meeting.id))))
        .filter(meetings::state.eq(Sql(MeetingState::Held)))
        .filter(meetings::started_at.is_not_null())
        .filter(meetings::starts_at.lt(Sql(meeting.starts_at)))
        .filter(diesel::dsl::not(diesel::dsl::exists(signed)))
        .order((meetings::starts_at, meetings::id))
        .select((meetings::id, meetings::meets_on))
        .first(az.conn())
        .optional()?)
}
