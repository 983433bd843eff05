//! Actions that end with what they belong to: a case that is closed, an item that is taken off.

use super::change::{by, deed, save};
use super::notices::after_change;
use super::step::refusal;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{Act, Action, By, Removal};
use panel_core::case::{Case, CaseError, Closing, Settlement};
use panel_core::id::{ActionId, AgendaItemId, CaseId, MeetingId};
use panel_core::text::Note;
use panel_store::Authz;
use panel_store::actions::{self, Kept};
use std::collections::HashMap;

/// Closes a case as core decides, and with it every unfinished action, on the same day. The caller
/// saves the case in the same transaction.
///
/// # Errors
/// [`CaseError`] as the inner error, and then nothing is changed; [`AppError::Stale`] when an action
/// was changed meanwhile.
pub fn close_with_actions(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    case: Case,
    closing: Closing,
    settlement: &Settlement,
    chair: By,
) -> Result<Result<Case, CaseError>, AppError> {
    let kept = actions::of_case(az, case.id, true)?;
    let open: Vec<Action> = kept.iter().map(|kept| kept.action.clone()).collect();
    let (closed, settled) = match case.close(closing, open, settlement, chair, ctx.today) {
        Ok(closed) => closed,
        Err(error) => return Ok(Err(error)),
    };
    let before: HashMap<ActionId, Kept> =
        kept.into_iter().map(|kept| (kept.action.id, kept)).collect();
    for settled in settled {
        let before = before.get(&settled.action.id).ok_or(AppError::Stale)?;
        save(ctx, az, before, &settled.action, &settled.event, "")?;
    }
    Ok(Ok(closed))
}

/// The unfinished actions of a case that the caller may know of: what closing it would end.
pub fn open_of_case(az: &mut Authz<'_>, case: CaseId) -> Result<Vec<Kept>, AppError> {
    Ok(actions::of_case(az, case, true)?)
}

/// Ends what was born under an agenda item that is taken off: slips are deleted, what had been
/// recorded is closed. Says how many of each.
///
/// # Errors
/// [`AppError::Rule`] when something would have to be closed and the caller is not the chair.
pub fn end_with_item(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
    item: AgendaItemId,
    reason: &Note,
) -> Result<(usize, usize), AppError> {
    let (mut deleted, mut closed) = (0, 0);
    let born = actions::of_meeting(az, meeting)?;
    for kept in born.into_iter().filter(|kept| kept.item == Some(item)) {
        if kept.action.is_finished() {
            continue;
        }
        match remove(ctx, az, &kept, reason)? {
            Some(_) => closed += 1,
            None => deleted += 1,
        }
    }
    Ok((deleted, closed))
}

/// Deletes a slip, or closes what had been recorded; the version of what was closed.
pub(super) fn remove(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    reason: &Note,
) -> Result<Option<super::Saved>, AppError> {
    let birth = actions::birth(az, kept)?;
    let by = by(ctx, &kept.action, None, Act::Withdraw);
    let removal = kept.action.clone().delete(by, birth, reason.clone(), ctx.today);
    match removal.map_err(|error| refusal(error, "reason"))? {
        Removal::Closed(closed, event) => save(ctx, az, kept, &closed, &event, "").map(Some),
        Removal::Deleted(event) => {
            let action = &kept.action;
            after_change(ctx, az, action, &event)?;
            if !actions::delete(az, action.id, kept.version)? {
                return Err(AppError::Stale);
            }
            az.did(deed(action, &event));
            Ok(None)
        }
    }
}
