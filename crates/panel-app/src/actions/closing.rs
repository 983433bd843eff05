//! Actions that end with what they belong to: a case that is closed, an item that is taken off.

use super::change::{by, deed, save};
use super::notices::after_change;
use super::step::refusal;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{Act, Removal};
use panel_core::case::Settled;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::text::Note;
use panel_store::actions::{self, Kept};
use panel_store::{Authz, agencies};

/// Saves what core settled when a case was closed: each action ends on the day of the closure, what
/// waited beside it lapses, and nobody is reminded of it any more. `kept` are the actions as they
/// were given to core.
///
/// # Errors
/// [`AppError::Stale`] when one was changed meanwhile.
pub(crate) fn settle(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &[Kept],
    settled: &[Settled],
) -> Result<(), AppError> {
    for one in settled {
        let before = kept.iter().find(|kept| kept.action.id == one.action.id);
        let note = match one.handed_to {
            Some(agency) => {
                let agency = agencies::find(az, agency)?.ok_or(AppError::NotFound)?;
                format!("The case was closed. {} goes on with it.", agency.value.name)
            }
            None => String::new(),
        };
        save(ctx, az, before.ok_or(AppError::Stale)?, &one.action, &one.event, &note)?;
    }
    Ok(())
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
