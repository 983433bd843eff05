//! What happens to a meeting's agenda when the meeting itself ends, is called off, or comes back.

use super::Meeting;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{
    actions, agenda_issues, agenda_items, agendas, attendance, cases, info_requests, minutes,
    referrals,
};
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::agenda::{ItemState, Section};
use panel_core::audit::SubjectKind;
use panel_core::id::{AgendaItemId, CaseId, Id, MeetingId};
use std::collections::BTreeSet;

/// Why an item left an agenda that was called off with its meeting.
pub const CALLED_OFF: &str = "The meeting was cancelled";

/// An item of an agenda, named as its panel's coordinator and chair know it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedItem {
    /// The item.
    pub item: AgendaItemId,
    /// Where it stood.
    pub section: Section,
    /// Its wording.
    pub title: String,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The reference of that case.
    pub reference: Option<String>,
}

impl NamedItem {
    /// The reference of its case, else its wording.
    pub fn name(&self) -> &str {
        self.reference.as_deref().unwrap_or(&self.title)
    }
}

macro_rules! named {
    ($meeting:expr) => {
        agenda_items::table
            .left_join(cases::table.on(cases::id.nullable().eq(agenda_items::case_id)))
            .filter(agenda_items::meeting_id.eq(Sql($meeting)))
            .order((agenda_items::position, agenda_items::id))
            .select((
                agenda_items::id,
                agenda_items::section,
                agenda_items::title,
                agenda_items::case_id,
                cases::reference.nullable(),
            ))
    };
}

/// Notes what was named; where nothing is, nothing was seen.
fn saw(az: &mut Authz<'_>, meeting: &Meeting, items: &[NamedItem]) {
    if items.is_empty() {
        return;
    }
    let shown: Vec<CaseId> = items.iter().filter_map(|item| item.case).collect();
    let (id, panel) = (Some(meeting.id.uuid()), Some(meeting.panel));
    az.saw("meeting.items", SubjectKind::Meeting, id, panel, shown);
}

/// The cases on the agenda that are neither decided nor put off, for whoever runs the panel.
pub fn undecided(az: &mut Authz<'_>, meeting: &Meeting) -> Result<Vec<NamedItem>, StoreError> {
    if !az.runs(meeting.panel) {
        return Ok(Vec::new());
    }
    let found: Vec<NamedItem> = named!(meeting.id)
        .filter(agenda_items::case_id.is_not_null().and(agenda_items::decision.is_null()))
        .filter(agenda_items::state.eq(Sql(ItemState::Listed)))
        .load(az.conn())?;
    saw(az, meeting, &found);
    Ok(found)
}

/// What stood on the agenda when the meeting was called off, is not on an agenda again since, and
/// is more than a standing heading: for whoever runs the panel.
pub fn called_off(az: &mut Authz<'_>, meeting: &Meeting) -> Result<Vec<NamedItem>, StoreError> {
    if !az.runs(meeting.panel) {
        return Ok(Vec::new());
    }
    let found: Vec<NamedItem> = named!(meeting.id)
        .filter(agenda_items::state.eq(Sql(ItemState::Withdrawn)))
        .filter(agenda_items::state_reason.eq(CALLED_OFF))
        .load(az.conn())?;
    let ids: Vec<CaseId> = found.iter().filter_map(|item| item.case).collect();
    let listed: Vec<Option<CaseId>> = agenda_items::table
        .filter(agenda_items::case_id.eq_any(all(&ids.into_iter().map(Some).collect::<Vec<_>>())))
        .filter(agenda_items::state.eq(Sql(ItemState::Listed)))
        .select(agenda_items::case_id)
        .load(az.conn())?;
    let is_open = |item: &NamedItem| match item.case {
        Some(_) => !listed.contains(&item.case),
        None => item.section.standing_title() != Some(item.title.as_str()),
    };
    let offered: Vec<NamedItem> = found.into_iter().filter(is_open).collect();
    saw(az, meeting, &offered);
    Ok(offered)
}

/// Takes everything off the agenda of a meeting that is called off. What was decided stays.
pub fn call_off(az: &mut Authz<'_>, meeting: MeetingId) -> Result<(), StoreError> {
    diesel::update(agenda_items::table)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .filter(agenda_items::state.eq(Sql(ItemState::Listed)))
        .set((
            agenda_items::state.eq(Sql(ItemState::Withdrawn)),
            agenda_items::state_reason.eq(CALLED_OFF),
            agenda_items::version.eq(agenda_items::version + 1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Closes the items of a meeting that ends: what was decided was heard.
pub fn settle(az: &mut Authz<'_>, meeting: MeetingId) -> Result<(), StoreError> {
    diesel::update(agenda_items::table)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .filter(agenda_items::state.eq(Sql(ItemState::Listed)))
        .filter(agenda_items::decision.is_not_null().or(agenda_items::case_id.is_null()))
        .set((
            agenda_items::state.eq(Sql(ItemState::Heard)),
            agenda_items::version.eq(agenda_items::version + 1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Opens the items of a meeting that is opened again: what was heard is pending, its notes and its
/// decision as they were. What was put off stays so, because the next agenda may have it.
pub fn reopen(az: &mut Authz<'_>, meeting: MeetingId) -> Result<(), StoreError> {
    diesel::update(agenda_items::table)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .filter(agenda_items::state.eq(Sql(ItemState::Heard)))
        .set((
            agenda_items::state.eq(Sql(ItemState::Listed)),
            agenda_items::version.eq(agenda_items::version + 1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Whether the minutes of a meeting are signed and not opened again.
pub fn minutes_signed(az: &mut Authz<'_>, meeting: MeetingId) -> Result<bool, StoreError> {
    let signed = minutes::table
        .filter(minutes::meeting_id.eq(Sql(meeting)).and(minutes::reopened_at.is_null()))
        .select(minutes::id);
    Ok(diesel::select(diesel::dsl::exists(signed)).get_result(az.conn())?)
}

/// Those of the meetings that something refers to: an agenda, an item, an issue, a request, an
/// attendance, minutes, a referral or an action. They are part of the record and stay.
pub fn with_record(
    az: &mut Authz<'_>,
    ids: &[MeetingId],
) -> Result<BTreeSet<MeetingId>, StoreError> {
    let mut found = BTreeSet::new();
    macro_rules! referred {
        ($table:ident) => {
            let rows: Vec<MeetingId> = $table::table
                .filter($table::meeting_id.eq_any(all(ids)))
                .select($table::meeting_id)
                .distinct()
                .load(az.conn())?;
            found.extend(rows);
        };
        ($table:ident or none) => {
            let ids: Vec<Option<MeetingId>> = ids.iter().copied().map(Some).collect();
            let rows: Vec<Option<MeetingId>> = $table::table
                .filter($table::meeting_id.eq_any(all(&ids)))
                .select($table::meeting_id)
                .distinct()
                .load(az.conn())?;
            found.extend(rows.into_iter().flatten());
        };
    }
    referred!(agendas);
    referred!(agenda_items);
    referred!(agenda_issues);
    referred!(attendance);
    referred!(info_requests);
    referred!(minutes);
    referred!(referrals or none);
    referred!(actions or none);
    Ok(found)
}
