//! What somebody looked at before a paper of a meeting left, and found that it may stand.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::text_clearances;
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::id::{MeetingId, UserId};
use std::collections::HashSet;

/// The marks of what was cleared for a meeting that the caller has found.
pub fn of(az: &mut Authz<'_>, meeting: MeetingId) -> Result<HashSet<Vec<u8>>, StoreError> {
    let marks: Vec<Vec<u8>> = text_clearances::table
        .filter(text_clearances::meeting_id.eq(Sql(meeting)))
        .select(text_clearances::mark)
        .load(az.conn())?;
    Ok(marks.into_iter().collect())
}

/// Notes what was cleared; what was cleared before stays as it is.
pub fn add(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    by: UserId,
    marks: &[[u8; 32]],
) -> Result<(), StoreError> {
    let now = az.now();
    for mark in marks {
        each_backend!(az.conn(), |c| diesel::insert_into(text_clearances::table)
            .values((
                text_clearances::meeting_id.eq(Sql(meeting)),
                text_clearances::mark.eq(mark.as_slice()),
                text_clearances::cleared_by.eq(Sql(by)),
                text_clearances::cleared_at.eq(Sql(now)),
            ))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}
