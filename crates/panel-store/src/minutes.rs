//! Signed minutes: frozen versions that are added and never changed.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::{meetings, minutes};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::id::{CaseId, Id, MeetingId, MinutesId, PanelId, UserId};
use panel_core::minutes::Record;

/// One signed version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
pub struct Signed {
    /// The version's id.
    pub id: MinutesId,
    /// The meeting.
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

macro_rules! signed_columns {
    () => {
        (
            minutes::id,
            minutes::meeting_id,
            minutes::number,
            minutes::reason,
            minutes::sha256,
            minutes::approved_by,
            minutes::approved_at,
            minutes::reopened_at,
            minutes::reopen_reason,
        )
    };
}

/// The versions of a meeting, newest first.
pub fn versions(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Signed>, StoreError> {
    Ok(minutes::table
        .filter(minutes::meeting_id.eq(Sql(meeting)))
        .order(minutes::number.desc())
        .select(signed_columns!())
        .load(az.conn())?)
}

/// The text of one version. The caller shows each reader only the cases of the reader's scope.
pub fn text(az: &mut Authz<'_>, id: MinutesId) -> Result<Option<(Signed, Record)>, StoreError> {
    let row: Option<(Signed, String)> = minutes::table
        .find(Sql(id))
        .select((signed_columns!(), minutes::snapshot))
        .first(az.conn())
        .optional()?;
    let Some((signed, snapshot)) = row else { return Ok(None) };
    let record: Record = serde_json::from_str(&snapshot)?;
    let cases: Vec<CaseId> =
        record.items.iter().filter_map(|item| item.case.as_ref().map(|case| case.case)).collect();
    az.saw("minutes.show", SubjectKind::Meeting, Some(signed.meeting.uuid()), None, cases);
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

/// The latest signed meeting of a panel: its id and date.
pub fn latest_of_panel(
    az: &mut Authz<'_>,
    panel: PanelId,
) -> Result<Option<(MeetingId, NaiveDate)>, StoreError> {
    Ok(minutes::table
        .inner_join(meetings::table)
        .filter(meetings::panel_id.eq(Sql(panel)))
        .order((meetings::starts_at.desc(), meetings::id.desc()))
        .select((meetings::id, meetings::meets_on))
        .first(az.conn())
        .optional()?)
}
