//! Items that leave an agenda before the meeting: taken off, or moved to the next.

use super::desk::{Desk, put, reason};
use super::edit::by_hand;
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use crate::meetings::view::next_after;
use panel_core::agenda::{CaseType, ItemState, Section};
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::meeting::MeetingState;
use panel_core::words;
use panel_store::agenda::issues;
use panel_store::agenda::{self, Item};
use panel_store::{Authz, panels};
use serde::{Deserialize, Serialize};

/// An item that is to leave, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaveForm {
    /// The version of the agenda that the caller saw.
    pub version: i32,
    /// The item.
    pub item: AgendaItemId,
    /// Why.
    pub reason: String,
}

/// Takes the item of a form from the agenda, as `state`; it stays readable there with the reason.
fn leave(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
    form: &LeaveForm,
    state: ItemState,
) -> Result<(Desk, Item), AppError> {
    let desk = Desk::take(ctx, az, id, form.version)?;
    if desk.meeting.state == MeetingState::InProgress {
        let message = "The meeting has begun: put the item off on its own page.";
        return Err(AppError::rule("in_progress", message));
    }
    let (_, item) = desk.item(az, form.item)?;
    if item.state != ItemState::Listed {
        return Err(AppError::rule("not_listed", "This item has left the agenda already"));
    }
    let why = reason("reason", &form.reason).map_err(|error| AppError::Invalid(vec![error]))?;
    if !agenda::update(az, &Item { state, state_reason: why, ..item.clone() })? {
        return Err(AppError::Stale);
    }
    Ok((desk, item))
}

/// Takes an item off the agenda. It does not come back to this one by itself; what is due is proposed
/// again for the next. Returns the agenda's new version.
///
/// # Errors
/// [`AppError::Invalid`] without a reason; [`AppError::Rule`] `not_listed`, `in_progress`,
/// `wrong_state`; [`AppError::Stale`], [`AppError::NotFound`].
pub fn withdraw(ctx: &Ctx<'_>, id: MeetingId, form: &LeaveForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let (desk, item) = leave(ctx, az, id, form, ItemState::Withdrawn)?;
        az.did(desk.deed("agenda.withdraw", item.case));
        Ok(form.version + 1)
    })
}

/// Where an item went that left an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Left {
    /// The version of the agenda that it left.
    pub version: i32,
    /// The meeting that it went to.
    pub to: MeetingId,
    /// Day and hour of that meeting, in words.
    pub when: String,
    /// The meetings on the way that could not take it, each with the reason, in words.
    pub passed_over: Vec<String>,
}

/// Moves an item to the next meeting that can take it. Here it stays as put off, with the reason, and
/// is never edited again; there a new item continues it.
///
/// # Errors
/// As [`withdraw`], and [`AppError::Rule`] `no_next_meeting` when none is laid out.
pub fn carry(ctx: &Ctx<'_>, id: MeetingId, form: &LeaveForm) -> Result<Left, AppError> {
    ctx.write(|az| {
        let (desk, item) = leave(ctx, az, id, form, ItemState::Deferred)?;
        let (to, passed_over) = next_after(az, &desk.meeting)?;
        let Some(to) = to else {
            let message = "No later meeting is laid out that could take this item";
            return Err(AppError::rule("no_next_meeting", message));
        };
        let head = issues::head(az, to.id)?;
        if !issues::take(az, to.id, head.version)? {
            return Err(AppError::Stale);
        }
        let panel = panels::find(az, to.panel)?.ok_or(AppError::NotFound)?.value;
        let there = Desk { meeting: to, panel, head };
        continue_there(ctx, az, &desk, &item, &there)?;
        az.did(desk.deed("agenda.carry", item.case));
        let passed = |row: MeetingView| format!("{}: {}", row.when, row.state_label.to_lowercase());
        Ok(Left {
            version: form.version + 1,
            to: there.meeting.id,
            when: words::date_time(there.meeting.starts()),
            passed_over: passed_over.iter().map(MeetingView::of).map(passed).collect(),
        })
    })
}

/// Adds what left one agenda to another, unless the case is there already.
fn continue_there(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    left: &Item,
    there: &Desk,
) -> Result<(), AppError> {
    let items = there.items(az)?;
    let same = items.iter().find(|item| left.case.is_some() && item.case == left.case);
    if let Some(same) = same {
        let continued = Item { carried_from: Some(left.id), ..same.clone() };
        return Ok(agenda::arrange(az, &continued)?);
    }
    let from = words::weekday_date(desk.meeting.on);
    let late = there.is_frozen();
    let late_reason = if late { format!("moved from {from}") } else { String::new() };
    let new = Item {
        section: Section::Deferred,
        case: left.case,
        case_type: left.case.map(|_| CaseType::Deferred),
        title: left.title.clone(),
        minutes: left.minutes,
        presenter: left.presenter,
        late,
        late_reason,
        carried_from: Some(left.id),
        why: format!("moved from {from}"),
        ..by_hand(ctx, there)
    };
    put(az, &items, &new)
}
