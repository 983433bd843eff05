//! Agenda items: what a meeting is to take, and what was written down about each.
//!
//! An item without a case is seen by everybody with a seat at the panel; an item with a case follows
//! the case's scope, so that a reader's copy simply lacks what the reader may not know of.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{agenda_items, cases, meetings, people};
use crate::scope::in_scope;
use crate::sql_types::{Sql, all};
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agenda::{CaseType, Decision, ItemState, Section};
use panel_core::audit::SubjectKind;
use panel_core::id::{AgencyId, AgendaItemId, CaseId, Id, MeetingId, PanelId};
use std::collections::HashMap;

/// Rows of one statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

/// The agenda's side of an item.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
pub struct Item {
    /// The item.
    pub id: AgendaItemId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its section.
    pub section: Section,
    /// Its place; places rise and may have gaps.
    pub position: i32,
    /// The case, unless it is a standing item.
    pub case: Option<CaseId>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The heading of a standing item.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// The agency that presents it.
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
    /// The version a change must name.
    pub version: i32,
}

/// What was written down about an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, serde::Serialize, serde::Deserialize)]
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

macro_rules! item_columns {
    () => {
        (
            agenda_items::id,
            agenda_items::meeting_id,
            agenda_items::section,
            agenda_items::position,
            agenda_items::case_id,
            agenda_items::case_type,
            agenda_items::title,
            agenda_items::minutes,
            agenda_items::presenter_id,
            agenda_items::late,
            agenda_items::late_reason,
            agenda_items::state,
            agenda_items::state_reason,
            agenda_items::carried_from,
            agenda_items::why,
            agenda_items::version,
        )
    };
}

macro_rules! note_columns {
    () => {
        (
            agenda_items::discussion,
            agenda_items::risks,
            agenda_items::victim_voice,
            agenda_items::voice_by,
            agenda_items::protective,
            agenda_items::approaches,
            agenda_items::decision,
            agenda_items::decision_note,
            agenda_items::next_review_on,
            agenda_items::informs_victim,
            agenda_items::chair_notes,
        )
    };
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
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
pub struct Heading {
    /// The case.
    pub id: CaseId,
    /// The random reference.
    pub reference: String,
    /// The person's surname.
    pub surname: String,
    /// The person's forename.
    pub forename: String,
    /// The person's date of birth.
    pub born_on: Option<NaiveDate>,
    /// Rises when what agencies were asked about changes.
    pub content_version: i32,
}

type Source = diesel::dsl::InnerJoinQuerySource<agenda_items::table, meetings::table>;

macro_rules! items {
    ($az:expr) => {{
        let seen =
            in_scope!($az, Source, meetings::panel_id, agenda_items::case_id, or standing);
        agenda_items::table
            .inner_join(meetings::table)
            .filter(seen)
            .select((item_columns!(), note_columns!()))
    }};
}

/// Puts the headings to items that passed the scope.
fn lines(az: &mut Authz<'_>, items: Vec<(Item, Notes)>) -> Result<Vec<Line>, StoreError> {
    let ids: Vec<CaseId> = items.iter().filter_map(|(item, _)| item.case).collect();
    let headings: Vec<Heading> = cases::table
        .inner_join(people::table)
        .filter(cases::id.eq_any(all(&ids)))
        .select((
            cases::id,
            cases::reference,
            people::surname,
            people::forename,
            people::born_on,
            cases::content_version,
        ))
        .load(az.conn())?;
    let by_id: HashMap<CaseId, Heading> = headings.into_iter().map(|h| (h.id, h)).collect();
    let line = |(item, notes): (Item, Notes)| {
        let case = item.case.and_then(|case| by_id.get(&case).cloned());
        Line { item, notes, case }
    };
    Ok(items.into_iter().map(line).collect())
}

/// The items of a meeting that the caller may know of, in order, with what was written down.
pub fn list(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Line>, StoreError> {
    let found: Vec<(Item, Notes)> = items!(az)
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .order((agenda_items::position, agenda_items::id))
        .load(az.conn())?;
    let shown: Vec<CaseId> = found.iter().filter_map(|(item, _)| item.case).collect();
    az.saw("agenda.show", SubjectKind::Meeting, Some(meeting.uuid()), None, shown);
    lines(az, found)
}

/// One item, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: AgendaItemId) -> Result<Option<Line>, StoreError> {
    let found: Option<(Item, Notes)> =
        items!(az).filter(agenda_items::id.eq(Sql(id))).first(az.conn()).optional()?;
    if let Some((item, _)) = &found {
        az.saw("agenda.item", SubjectKind::AgendaItem, Some(id.uuid()), None, item.case);
    }
    Ok(lines(az, found.into_iter().collect())?.pop())
}

/// The panel of a meeting, for rules that need no content.
pub fn panel_of(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Option<PanelId>, StoreError> {
    Ok(meetings::table.find(Sql(meeting)).select(meetings::panel_id).first(az.conn()).optional()?)
}

/// Adds an item without notes.
pub fn insert(az: &mut Authz<'_>, item: &Item) -> Result<(), StoreError> {
    insert_all(az, std::slice::from_ref(item))
}

/// Adds items without notes.
pub fn insert_all(az: &mut Authz<'_>, items: &[Item]) -> Result<(), StoreError> {
    for some in items.chunks(BATCH) {
        let row = |item: &Item| {
            (
                (
                    agenda_items::id.eq(Sql(item.id)),
                    agenda_items::meeting_id.eq(Sql(item.meeting)),
                    agenda_items::section.eq(Sql(item.section)),
                    agenda_items::position.eq(item.position),
                    agenda_items::case_id.eq(Sql(item.case)),
                    agenda_items::case_type.eq(Sql(item.case_type)),
                    agenda_items::title.eq(item.title.clone()),
                    agenda_items::minutes.eq(item.minutes),
                    agenda_items::presenter_id.eq(Sql(item.presenter)),
                    agenda_items::late.eq(item.late),
                    agenda_items::late_reason.eq(item.late_reason.clone()),
                    agenda_items::state.eq(Sql(item.state)),
                    agenda_items::state_reason.eq(item.state_reason.clone()),
                    agenda_items::carried_from.eq(Sql(item.carried_from)),
                    agenda_items::why.eq(item.why.clone()),
                ),
                (
                    agenda_items::discussion.eq(""),
                    agenda_items::risks.eq(""),
                    agenda_items::victim_voice.eq(""),
                    agenda_items::voice_by.eq(""),
                    agenda_items::protective.eq(""),
                    agenda_items::approaches.eq(""),
                    agenda_items::decision_note.eq(""),
                    agenda_items::informs_victim.eq(""),
                    agenda_items::chair_notes.eq(""),
                    agenda_items::version.eq(1),
                ),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(agenda_items::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Changes the agenda's side of an item; `false` when it was changed since `item.version` was read.
pub fn update(az: &mut Authz<'_>, item: &Item) -> Result<bool, StoreError> {
    let changed = diesel::update(agenda_items::table)
        .filter(agenda_items::id.eq(Sql(item.id)).and(agenda_items::version.eq(item.version)))
        .set((
            agenda_items::section.eq(Sql(item.section)),
            agenda_items::position.eq(item.position),
            agenda_items::case_type.eq(Sql(item.case_type)),
            agenda_items::title.eq(&item.title),
            agenda_items::minutes.eq(item.minutes),
            agenda_items::presenter_id.eq(Sql(item.presenter)),
            agenda_items::late.eq(item.late),
            agenda_items::late_reason.eq(&item.late_reason),
            agenda_items::state.eq(Sql(item.state)),
            agenda_items::state_reason.eq(&item.state_reason),
            agenda_items::version.eq(item.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Writes an item's notes and its state; `false` when it was changed since `version` was read.
pub fn record(
    az: &mut Authz<'_>,
    id: AgendaItemId,
    version: i32,
    state: ItemState,
    notes: &Notes,
) -> Result<bool, StoreError> {
    let changed = diesel::update(agenda_items::table)
        .filter(agenda_items::id.eq(Sql(id)).and(agenda_items::version.eq(version)))
        .set((
            agenda_items::state.eq(Sql(state)),
            agenda_items::discussion.eq(&notes.discussion),
            agenda_items::risks.eq(&notes.risks),
            agenda_items::victim_voice.eq(&notes.victim_voice),
            agenda_items::voice_by.eq(&notes.voice_by),
            agenda_items::protective.eq(&notes.protective),
            agenda_items::approaches.eq(&notes.approaches),
            agenda_items::decision.eq(Sql(notes.decision)),
            agenda_items::decision_note.eq(&notes.decision_note),
            agenda_items::next_review_on.eq(notes.next_review_on),
            agenda_items::informs_victim.eq(&notes.informs_victim),
            agenda_items::chair_notes.eq(&notes.chair_notes),
            agenda_items::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Removes an item that was never issued.
pub fn delete(az: &mut Authz<'_>, id: AgendaItemId) -> Result<(), StoreError> {
    diesel::delete(agenda_items::table.find(Sql(id))).execute(az.conn())?;
    Ok(())
}
