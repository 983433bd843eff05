//! Items that the meeting does not take: put off to the next, put back, or taken off.

use super::{found_item, item_deed, must_take_outcomes};
use crate::actions::end_with_item;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::meetings::MeetingView;
use crate::meetings::view::next_after;
use panel_core::agenda::ItemState;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::text::Note;
use panel_store::Authz;
use panel_store::agenda::{self, Item};
use panel_store::meetings::Meeting;
use serde::{Deserialize, Serialize};

/// How far back an item is followed through the meetings that put it off.
const FARTHEST: usize = 50;

/// An item that the meeting does not take, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeferForm {
    /// The version of the item that the writer saw.
    pub version: i32,
    /// Why.
    pub reason: String,
}

/// Refuses to write about an item that was put off or taken off.
pub(super) fn must_be_on(item: &Item) -> Result<(), AppError> {
    match item.state {
        ItemState::Listed | ItemState::Heard => Ok(()),
        ItemState::Deferred => {
            let message = "This item was put off to the next meeting. Put it back first.";
            Err(AppError::rule("not_listed", message))
        }
        ItemState::Withdrawn => {
            Err(AppError::rule("not_listed", "This item was taken off the agenda"))
        }
    }
}

fn taken(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: AgendaItemId,
    version: i32,
) -> Result<(Meeting, Item), AppError> {
    let (meeting, line) = found_item(ctx, az, id)?;
    if line.item.version != version {
        return Err(AppError::Stale);
    }
    must_take_outcomes(&meeting)?;
    Ok((meeting, line.item))
}

fn set(
    az: &mut Authz<'_>,
    item: &Item,
    state: ItemState,
    state_reason: String,
) -> Result<i32, AppError> {
    let changed = Item { state, state_reason, ..item.clone() };
    if agenda::update(az, &changed)? { Ok(item.version + 1) } else { Err(AppError::Stale) }
}

fn why(raw: &str) -> Result<Note, AppError> {
    Note::parse(raw)
        .map_err(|error| AppError::Invalid(vec![text_error("reason", "Reason", &error)]))
}

/// Where an item goes that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deferred {
    /// The item's version now.
    pub version: i32,
    /// The meeting that takes it; none while no later one is laid out.
    pub to: Option<MeetingId>,
    /// Day and hour of that meeting, in words; empty without one.
    pub when: String,
}

/// Puts an item off. Here it stays as put off, with what was written down and the reason; the next
/// agenda proposes it first, in its own section, and no review counts this meeting.
///
/// # Errors
/// [`AppError::Invalid`] without a reason; [`AppError::Rule`] `not_in_progress`, `not_listed`,
/// `decided` when a decision was taken; [`AppError::Stale`], [`AppError::NotFound`].
pub fn defer(ctx: &Ctx<'_>, id: AgendaItemId, form: &DeferForm) -> Result<Deferred, AppError> {
    let reason = why(&form.reason)?;
    ctx.write(|az| {
        let (meeting, item) = taken(ctx, az, id, form.version)?;
        must_be_on(&item)?;
        let decided = agenda::find(az, id)?.is_some_and(|line| line.notes.decision.is_some());
        if decided {
            let message = "This case is decided. Take the decision back before you put it off.";
            return Err(AppError::rule("decided", message));
        }
        let version = set(az, &item, ItemState::Deferred, reason.into())?;
        az.did(item_deed("item.defer", &meeting, &item));
        let (to, _) = next_after(az, &meeting)?;
        let to = to.as_ref().map(MeetingView::of);
        Ok(Deferred {
            version,
            to: to.as_ref().map(|to| to.id),
            when: to.map(|to| to.when).unwrap_or_default(),
        })
    })
}

/// Takes an item after all that was put off or taken off in this meeting; returns its new version.
///
/// # Errors
/// [`AppError::Rule`] `not_in_progress`, `is_listed`; [`AppError::Stale`], [`AppError::NotFound`].
pub fn put_back(ctx: &Ctx<'_>, id: AgendaItemId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let (meeting, item) = taken(ctx, az, id, version)?;
        if must_be_on(&item).is_ok() {
            return Err(AppError::rule("is_listed", "This item is on the agenda"));
        }
        let version = set(az, &item, ItemState::Listed, String::new())?;
        az.did(item_deed("item.put_back", &meeting, &item));
        Ok(version)
    })
}

/// An item that was taken off, and what went with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ItemRemoved))]
pub struct Removed {
    /// The item's version now.
    pub version: i32,
    /// Actions that were slips of this meeting and are gone.
    pub deleted: usize,
    /// Actions that were recorded before and are closed.
    pub closed: usize,
}

/// Takes an item off in the meeting. Actions that were set under it end with it, and those of the
/// earlier items that it continues: what no minutes hold is deleted, what was recorded is closed.
///
/// # Errors
/// [`AppError::Invalid`] without a reason; [`AppError::Rule`] `not_in_progress`, `not_listed`, or
/// `not_allowed` when a recorded action would have to be closed and the caller is not the chair;
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn remove(ctx: &Ctx<'_>, id: AgendaItemId, form: &DeferForm) -> Result<Removed, AppError> {
    let reason = why(&form.reason)?;
    ctx.write(|az| {
        let (meeting, item) = taken(ctx, az, id, form.version)?;
        must_be_on(&item)?;
        let (mut deleted, mut closed) = (0, 0);
        for (meeting, item) in continued(az, &item)? {
            let ended = end_with_item(ctx, az, meeting, item, &reason)?;
            deleted += ended.0;
            closed += ended.1;
        }
        let version = set(az, &item, ItemState::Withdrawn, reason.into())?;
        az.did(item_deed("item.remove", &meeting, &item));
        Ok(Removed { version, deleted, closed })
    })
}

/// An item with the earlier ones that it continues, each with its meeting.
fn continued(az: &mut Authz<'_>, item: &Item) -> Result<Vec<(MeetingId, AgendaItemId)>, AppError> {
    let mut chain = vec![(item.meeting, item.id)];
    let mut before = item.carried_from;
    while let Some(id) = before.filter(|_| chain.len() < FARTHEST) {
        let Some(line) = agenda::find(az, id)? else { break };
        chain.push((line.item.meeting, id));
        before = line.item.carried_from;
    }
    Ok(chain)
}
