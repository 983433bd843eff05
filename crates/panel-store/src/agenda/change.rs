//! Putting items on an agenda, arranging them, and writing down what became of them.

use super::{Item, Notes};
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::agenda_items;
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::agenda::ItemState;
use panel_core::id::AgendaItemId;

/// Adds an item without notes.
pub fn insert(az: &mut Authz<'_>, item: &Item) -> Result<(), StoreError> {
    insert_all(az, std::slice::from_ref(item))
}

/// Adds items without notes.
pub fn insert_all(az: &mut Authz<'_>, items: &[Item]) -> Result<(), StoreError> {
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
                agenda_items::by_hand.eq(item.by_hand),
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
    // No database takes any number of values in one statement.
    for some in items.chunks(100) {
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(agenda_items::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Sets the places of items. Their versions stay, so that nobody who is writing notes is told that
/// the item changed; the version of the agenda guards the order.
pub fn place(az: &mut Authz<'_>, places: &[(AgendaItemId, i32)]) -> Result<(), StoreError> {
    for (item, position) in places {
        diesel::update(agenda_items::table.find(Sql(*item)))
            .set(agenda_items::position.eq(*position))
            .execute(az.conn())?;
    }
    Ok(())
}

/// Sets where an item belongs, why it is there, its minutes and who presents it. Its version stays,
/// as in [`place`].
pub fn arrange(az: &mut Authz<'_>, item: &Item) -> Result<(), StoreError> {
    diesel::update(agenda_items::table.find(Sql(item.id)))
        .set((
            agenda_items::section.eq(Sql(item.section)),
            agenda_items::case_type.eq(Sql(item.case_type)),
            agenda_items::title.eq(&item.title),
            agenda_items::minutes.eq(item.minutes),
            agenda_items::presenter_id.eq(Sql(item.presenter)),
            agenda_items::late.eq(item.late),
            agenda_items::late_reason.eq(&item.late_reason),
            agenda_items::carried_from.eq(Sql(item.carried_from)),
            agenda_items::why.eq(&item.why),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Sets what became of an item and why; `false` when it was changed since `item.version` was read.
pub fn update(az: &mut Authz<'_>, item: &Item) -> Result<bool, StoreError> {
    let changed = diesel::update(agenda_items::table)
        .filter(agenda_items::id.eq(Sql(item.id)).and(agenda_items::version.eq(item.version)))
        .set((
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

/// Removes items that were never issued and of which nothing was written down.
pub fn delete(az: &mut Authz<'_>, items: &[AgendaItemId]) -> Result<(), StoreError> {
    diesel::delete(agenda_items::table.filter(agenda_items::id.eq_any(all(items))))
        .execute(az.conn())?;
    Ok(())
}
