//! Notices of events: somebody did something, and others are to be told of it in their next digest.

use super::{NewRow, close, insert, parts, planned};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::notices;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::id::{NoticeId, PanelId, UserId};
use panel_core::reminder::{Fate, NoticeStatus, Reason, Rule, Subject};

/// An event that people are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    /// The rule that asks for it, such as [`Rule::AgendaReady`].
    pub rule: Rule,
    /// At which panel.
    pub panel: PanelId,
    /// What it is about.
    pub subject: Subject,
    /// The due or meeting date it tells.
    pub date: Option<NaiveDate>,
}

/// Tells people of an event in their next digest; says how many there are.
///
/// The caller is left out: nobody hears of their own act. A second event of the same rule about the
/// same subject, such as a meeting that moves twice in a day, takes the place of the first where that
/// was not told yet. The people come from [`super::people`]; nobody at all leaves a row that the
/// coordinator sees.
pub fn tell(az: &mut Authz<'_>, telling: &Telling, people: &[UserId]) -> Result<usize, StoreError> {
    let (_, subject) = parts(telling.subject);
    let last: Option<i32> = notices::table
        .filter(notices::subject_id.eq(Sql(subject)).and(notices::rule.eq(Sql(telling.rule))))
        .order(notices::instance.desc())
        .select(notices::instance)
        .first(az.conn())
        .optional()?;
    let waiting: Vec<NoticeId> = notices::table
        .filter(notices::subject_id.eq(Sql(subject)).and(notices::rule.eq(Sql(telling.rule))))
        .filter(planned())
        .select(notices::id)
        .load(az.conn())?;
    close(az, &waiting, NoticeStatus::Cancelled, Reason::Overtaken)?;
    let (own, day) = (az.user(), az.today());
    let row = |person, fate| NewRow {
        rule: telling.rule,
        panel: telling.panel,
        subject: telling.subject,
        person,
        instance: u32::try_from(last.unwrap_or(0)).unwrap_or(0).saturating_add(1),
        day,
        date: telling.date,
        fate,
    };
    if people.is_empty() {
        insert(az, &[row(None, Fate::Skipped(Reason::Nobody))])?;
        return Ok(0);
    }
    let others = people.iter().filter(|person| Some(**person) != own);
    let new: Vec<NewRow> = others.map(|person| row(Some(*person), Fate::Due)).collect();
    insert(az, &new)
}

/// Takes back whatever waits to be told about a subject, as when it is deleted or called off.
pub fn cancel(az: &mut Authz<'_>, subject: Subject, reason: Reason) -> Result<usize, StoreError> {
    let (_, id) = parts(subject);
    let waiting: Vec<NoticeId> = notices::table
        .filter(notices::subject_id.eq(Sql(id)))
        .filter(planned())
        .select(notices::id)
        .load(az.conn())?;
    close(az, &waiting, NoticeStatus::Cancelled, reason)
}
