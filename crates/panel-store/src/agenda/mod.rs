//! Agenda items: what a meeting is to take, and what was written down about each.
//!
//! The items are the working papers of whoever runs the panel: its coordinator and its chair. Everybody
//! else reads what was issued ([`issues`]) and what was signed, each as far as the scope goes.

mod change;
pub mod history;
pub mod issues;
mod origins;
mod subjects;

pub use change::{arrange, delete, insert, insert_all, place, record, update};
pub use origins::facts_of;
pub use subjects::{Mentioned, Origin, Subject, subjects};

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_items, cases, meetings, people};
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agenda::{CaseType, Decision, ItemState, Section};
use panel_core::audit::SubjectKind;
use panel_core::id::{AgencyId, AgendaItemId, CaseId, Id, MeetingId, PanelId};
use std::collections::HashMap;

/// The agenda's side of an item.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = agenda_items)]
pub struct Item {
    /// The item.
    pub id: AgendaItemId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// Its section.
    pub section: Section,
    /// Its place; places rise and may have gaps.
    pub position: i32,
    /// The case, unless it is a standing item.
    #[diesel(column_name = case_id)]
    pub case: Option<CaseId>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The heading of a standing item.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// The agency that presents it.
    #[diesel(column_name = presenter_id)]
    pub presenter: Option<AgencyId>,
    /// Whether it came after the cut-off.
    pub late: bool,
    /// The chair's reason for taking it late.
    pub late_reason: String,
    /// What became of it.
    pub state: ItemState,
    /// Why it was put off or taken off.
    pub state_reason: String,
    /// The item of an earlier meeting that it continues.
    pub carried_from: Option<AgendaItemId>,
    /// Why the agenda proposed it, in words.
    pub why: String,
    /// Whether a person added it.
    pub by_hand: bool,
    /// The version a change must name.
    pub version: i32,
}

/// What was written down about an item.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    Queryable,
    Selectable,
    serde::Serialize,
    serde::Deserialize,
)]
#[diesel(table_name = agenda_items)]
pub struct Notes {
    /// What was said.
    pub discussion: String,
    /// The risks that were named.
    pub risks: String,
    /// What the victim says.
    pub victim_voice: String,
    /// Who gave the victim's view.
    pub voice_by: String,
    /// What protects.
    pub protective: String,
    /// Codes of the approaches chosen, parted by spaces.
    pub approaches: String,
    /// The decision.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// When the case comes back.
    pub next_review_on: Option<NaiveDate>,
    /// Who tells the victim, and whether it is safe.
    pub informs_victim: String,
    /// The chair's own notes; nobody else reads them.
    pub chair_notes: String,
}

/// An item with its notes and, for a case, what it is called.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// The agenda's side.
    pub item: Item,
    /// What was written down.
    pub notes: Notes,
    /// What the case is called.
    pub case: Option<Heading>,
}

/// How a case is called on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = cases)]
pub struct Heading {
    /// The case.
    pub id: CaseId,
    /// The random reference.
    pub reference: String,
    /// The person's surname.
    #[diesel(select_expression = people::surname)]
    pub surname: String,
    /// The person's forename.
    #[diesel(select_expression = people::forename)]
    pub forename: String,
    /// The person's date of birth.
    #[diesel(select_expression = people::born_on)]
    pub born_on: Option<NaiveDate>,
    /// Rises when what agencies were asked about changes.
    pub content_version: i32,
}

/// The items of the panels that the caller runs.
macro_rules! items {
    ($az:expr) => {{
        let whole = all(&$az.scope().whole);
        agenda_items::table.inner_join(meetings::table).filter(meetings::panel_id.eq_any(whole))
    }};
}

/// Puts the headings to items that passed the scope.
fn lines(az: &mut Authz<'_>, items: Vec<(Item, Notes)>) -> Result<Vec<Line>, StoreError> {
    let ids: Vec<CaseId> = items.iter().filter_map(|(item, _)| item.case).collect();
    let headings: Vec<Heading> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(&ids)))
        .select(Heading::as_select())
        .load(az.conn())?;
    let by_id: HashMap<CaseId, Heading> = headings.into_iter().map(|h| (h.id, h)).collect();
    let line = |(item, notes): (Item, Notes)| {
        let case = item.case.and_then(|case| by_id.get(&case).cloned());
        Line { item, notes, case }
    };
    Ok(items.into_iter().map(line).collect())
}

/// The items of a meeting in order, without what was written down; for whoever runs its panel.
pub fn plan(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Item>, StoreError> {
    let found: Vec<Item> = items!(az)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .order((agenda_items::position, agenda_items::id))
        .select(Item::as_select())
        .load(az.conn())?;
    saw(az, meeting, found.iter());
    Ok(found)
}

/// The items of a meeting in order, with what was written down; for whoever runs its panel.
pub fn list(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Line>, StoreError> {
    let found: Vec<(Item, Notes)> = items!(az)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .order((agenda_items::position, agenda_items::id))
        .select((Item::as_select(), Notes::as_select()))
        .load(az.conn())?;
    saw(az, meeting, found.iter().map(|(item, _)| item));
    lines(az, found)
}

fn saw<'i>(az: &mut Authz<'_>, meeting: MeetingId, items: impl Iterator<Item = &'i Item>) {
    let shown: Vec<CaseId> = items.filter_map(|item| item.case).collect();
    az.saw("agenda.show", SubjectKind::Meeting, Some(meeting.uuid()), None, shown);
}

/// One item, for whoever runs its panel.
pub fn find(az: &mut Authz<'_>, id: AgendaItemId) -> Result<Option<Line>, StoreError> {
    let found: Option<(Item, Notes)> = items!(az)
        .filter(agenda_items::id.eq(Sql(id)))
        .select((Item::as_select(), Notes::as_select()))
        .first(az.conn())
        .optional()?;
    if let Some((item, _)) = &found {
        az.saw("agenda.item", SubjectKind::AgendaItem, Some(id.uuid()), None, item.case);
    }
    Ok(lines(az, found.into_iter().collect())?.pop())
}

/// The meetings whose agendas hold these items, for whoever runs their panels.
pub fn meetings_of(
    az: &mut Authz<'_>,
    items: &[AgendaItemId],
) -> Result<HashMap<AgendaItemId, MeetingId>, StoreError> {
    let found: Vec<(AgendaItemId, MeetingId)> = items!(az)
        .filter(agenda_items::id.eq_any(all(items)))
        .select((agenda_items::id, agenda_items::meeting_id))
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// The panel of a meeting, for rules that need no content.
pub fn panel_of(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Option<PanelId>, StoreError> {
    Ok(meetings::table.find(Sql(meeting)).select(meetings::panel_id).first(az.conn()).optional()?)
}
