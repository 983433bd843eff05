//! Who took part in a meeting. Names of professionals only; no case content.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, attendance, statement_acceptances};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::id::{AgencyId, AgendaItemId, AttendanceId, MeetingId, UserId};
use panel_core::meeting::AttendanceStatus;
use std::collections::{HashMap, HashSet};

/// One line of the attendance.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = attendance)]
pub struct Attendee {
    /// The line.
    pub id: AttendanceId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// The agency; none for a guest.
    #[diesel(column_name = agency_id)]
    pub agency: Option<AgencyId>,
    /// The person's account, where there is one.
    #[diesel(column_name = user_id)]
    pub user: Option<UserId>,
    /// The person's name.
    pub name: String,
    /// How they took part.
    pub status: AttendanceStatus,
    /// When information came instead of a person.
    pub information_on: Option<NaiveDate>,
    /// When the confidentiality statement was accepted.
    pub statement_at: Option<DateTime<Utc>>,
    /// Whether it was signed on paper.
    pub statement_on_paper: bool,
    /// Who accepted it, or recorded that it was accepted.
    pub statement_by: Option<UserId>,
    /// The first item the person was there for.
    #[diesel(column_name = arrived_at_item)]
    pub arrived_at: Option<AgendaItemId>,
    /// The last item the person was there for.
    #[diesel(column_name = left_after_item)]
    pub left_after: Option<AgendaItemId>,
    /// Whom a deputy stands in for, or what else is to be said.
    pub note: String,
    /// The version a change must name.
    pub version: i32,
}

impl Attendee {
    /// Whether the person accepted the statement without anybody recording it.
    pub fn accepted_alone(&self) -> bool {
        self.statement_at.is_some() && self.user.is_some() && self.statement_by == self.user
    }
}

/// The attendance of a meeting with the agencies' names, by agency, guests last.
pub fn list(
    az: &mut Authz<'_>,
    meeting: MeetingId,
) -> Result<Vec<(Attendee, Option<String>)>, StoreError> {
    Ok(attendance::table
        .left_join(agencies::table)
        .filter(attendance::meeting_id.eq(Sql(meeting)))
        .order((attendance::agency_id.is_null(), agencies::name_folded, attendance::name))
        .select((Attendee::as_select(), agencies::name.nullable()))
        .load(az.conn())?)
}

/// One line.
pub fn find(az: &mut Authz<'_>, id: AttendanceId) -> Result<Option<Attendee>, StoreError> {
    Ok(attendance::table.find(Sql(id)).select(Attendee::as_select()).first(az.conn()).optional()?)
}

/// Adds a line.
pub fn insert(az: &mut Authz<'_>, line: &Attendee) -> Result<(), StoreError> {
    diesel::insert_into(attendance::table)
        .values((
            attendance::id.eq(Sql(line.id)),
            attendance::meeting_id.eq(Sql(line.meeting)),
            attendance::agency_id.eq(Sql(line.agency)),
            attendance::user_id.eq(Sql(line.user)),
            attendance::name.eq(&line.name),
            attendance::status.eq(Sql(line.status)),
            attendance::information_on.eq(line.information_on),
            attendance::statement_at.eq(Sql(line.statement_at)),
            attendance::statement_on_paper.eq(line.statement_on_paper),
            attendance::statement_by.eq(Sql(line.statement_by)),
            attendance::arrived_at_item.eq(Sql(line.arrived_at)),
            attendance::left_after_item.eq(Sql(line.left_after)),
            attendance::note.eq(&line.note),
            attendance::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes a line; `false` when it was changed since `line.version` was read.
pub fn update(az: &mut Authz<'_>, line: &Attendee) -> Result<bool, StoreError> {
    let changed = diesel::update(attendance::table)
        .filter(attendance::id.eq(Sql(line.id)).and(attendance::version.eq(line.version)))
        .set((
            attendance::agency_id.eq(Sql(line.agency)),
            attendance::user_id.eq(Sql(line.user)),
            attendance::name.eq(&line.name),
            attendance::status.eq(Sql(line.status)),
            attendance::information_on.eq(line.information_on),
            attendance::statement_at.eq(Sql(line.statement_at)),
            attendance::statement_on_paper.eq(line.statement_on_paper),
            attendance::statement_by.eq(Sql(line.statement_by)),
            attendance::arrived_at_item.eq(Sql(line.arrived_at)),
            attendance::left_after_item.eq(Sql(line.left_after)),
            attendance::note.eq(&line.note),
            attendance::version.eq(line.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Removes a line that was entered by mistake; `false` when it was changed since `version` was read.
pub fn delete(az: &mut Authz<'_>, id: AttendanceId, version: i32) -> Result<bool, StoreError> {
    let line = attendance::id.eq(Sql(id)).and(attendance::version.eq(version));
    Ok(diesel::delete(attendance::table.filter(line)).execute(az.conn())? == 1)
}

/// Who accepted the statement of a meeting without anybody recording it, and when.
pub fn acceptances(
    az: &mut Authz<'_>,
    meeting: MeetingId,
) -> Result<HashMap<UserId, DateTime<Utc>>, StoreError> {
    let found: Vec<(UserId, DateTime<Utc>)> = statement_acceptances::table
        .filter(statement_acceptances::meeting_id.eq(Sql(meeting)))
        .select((statement_acceptances::user_id, statement_acceptances::accepted_at))
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// Accepts the statement of a meeting as a person, now, on the roll too where it names her or him;
/// `false` when that was done before. The roll's line keeps its version: whoever takes the roll
/// meanwhile changes something else.
pub fn accept(az: &mut Authz<'_>, meeting: MeetingId, user: UserId) -> Result<bool, StoreError> {
    let now = az.now();
    let new = each_backend!(az.conn(), |c| diesel::insert_into(statement_acceptances::table)
        .values((
            statement_acceptances::meeting_id.eq(Sql(meeting)),
            statement_acceptances::user_id.eq(Sql(user)),
            statement_acceptances::accepted_at.eq(Sql(now)),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if new == 0 {
        return Ok(false);
    }
    diesel::update(attendance::table)
        .filter(attendance::meeting_id.eq(Sql(meeting)))
        .filter(attendance::user_id.eq(Sql(Some(user))))
        .set((
            attendance::statement_at.eq(Sql(Some(now))),
            attendance::statement_by.eq(Sql(Some(user))),
        ))
        .execute(az.conn())?;
    Ok(true)
}

/// At which of these meetings the person accepted the statement, or somebody recorded that.
pub fn accepted_at(
    az: &mut Authz<'_>,
    of: &[MeetingId],
    user: UserId,
) -> Result<HashSet<MeetingId>, StoreError> {
    if of.is_empty() {
        return Ok(HashSet::new());
    }
    let own: Vec<MeetingId> = statement_acceptances::table
        .filter(statement_acceptances::meeting_id.eq_any(all(of)))
        .filter(statement_acceptances::user_id.eq(Sql(user)))
        .select(statement_acceptances::meeting_id)
        .load(az.conn())?;
    let recorded: Vec<MeetingId> = attendance::table
        .filter(attendance::meeting_id.eq_any(all(of)))
        .filter(attendance::user_id.eq(Sql(Some(user))))
        .filter(attendance::statement_at.is_not_null())
        .select(attendance::meeting_id)
        .load(az.conn())?;
    Ok(own.into_iter().chain(recorded).collect())
}
