//! What the coordinator puts right: wording, due date and owner; and what may be deleted.

use super::change::take;
use super::forms::{DueForm, OwnerForm, ReasonForm, WordingForm, one, reason};
use super::step::{Step, apply};
use super::{Saved, closing, due, set};
use crate::clearing::must_tell_nobody;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use panel_core::id::ActionId;
use panel_core::text::Title;
use panel_store::Authz;
use panel_store::actions::Kept;
use serde::{Deserialize, Serialize};

/// What became of an action that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Removed {
    /// It was a slip and is gone.
    Deleted,
    /// It had been recorded, so it was withdrawn and stays readable.
    Closed(Saved),
}

/// Changes the wording and the kind of response.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Rule`], [`AppError::Invalid`].
pub fn reword(ctx: &Ctx<'_>, id: ActionId, form: &WordingForm) -> Result<Saved, AppError> {
    let text = Title::parse(&form.text).map_err(|e| one(text_error("text", "Action", &e)))?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        must_tell_nobody(ctx, az, kept.action.case, (text.as_str(), form.stands))?;
        apply(ctx, az, &kept, Step::Reword { text, approach: form.approach })
    })
}

/// Changes the due date without a request by the owner. Words count from the day the action was
/// set while it is a draft, and from today afterwards.
///
/// # Errors
/// As [`reword`].
pub fn redate(ctx: &Ctx<'_>, id: ActionId, form: &DueForm) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let step = redating(ctx, az, &kept, &form.due)?;
        apply(ctx, az, &kept, step)
    })
}

pub(super) fn redating(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    raw: &str,
) -> Result<Step, AppError> {
    let (due, word) = due::read(ctx, az, kept.action.panel, ctx.today, raw)?.map_err(one)?;
    Ok(Step::Redate { due, word })
}

/// Gives an action to another owner without asking for an agency's consent, such as when somebody
/// leaves. Between agencies a transfer is the rule.
///
/// # Errors
/// As [`reword`].
pub fn reassign(ctx: &Ctx<'_>, id: ActionId, form: &OwnerForm) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let owner = set::owner(ctx, az, kept.action.panel, form.agency, form.person)?;
        apply(ctx, az, &kept, Step::Reassign { owner: owner.map_err(one)? })
    })
}

/// Deletes a slip, or closes what had been recorded: what was born in approved minutes or before a
/// later meeting is never deleted, even if somebody edited it today.
///
/// # Errors
/// As [`reword`]; closing takes the chair.
pub fn delete(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Removed, AppError> {
    let reason = reason(&form.reason)?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let closed = closing::remove(ctx, az, &kept, &reason)?;
        Ok(closed.map_or(Removed::Deleted, Removed::Closed))
    })
}
