//! Asking for more time, and the panel's answer.

use super::Saved;
use super::change::{by, save, take, tell};
use super::forms::{AgreeForm, ExtensionForm, ReasonForm, reason};
use super::step::refusal;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{Act, ActionError, Extension};
use panel_core::id::ActionId;
use panel_store::actions::extensions;
use panel_store::{Authz, StoreError};

fn open(az: &mut Authz<'_>, id: ActionId) -> Result<Option<Extension>, AppError> {
    Ok(extensions::of_actions(az, &[id], true)?.pop())
}

/// The request that waits for an answer.
fn awaited(az: &mut Authz<'_>, id: ActionId) -> Result<Extension, AppError> {
    open(az, id)?.ok_or_else(|| refusal(ActionError::AlreadyAnswered, "due"))
}

/// Asks for more time, as the agency or on its behalf. The due date in force stays until the panel
/// answers.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`] for the date and the reason,
/// [`AppError::Rule`] while another request waits or when it is not the owner's turn.
pub fn ask_extension(ctx: &Ctx<'_>, id: ActionId, form: &ExtensionForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let one_waits = open(az, id)?.is_some();
        let by = by(ctx, &kept.action, None, Act::AskExtension);
        let asked = Extension::ask(
            ctx.mint(),
            &kept.action,
            one_waits,
            by,
            form.due,
            reason.clone(),
            ctx.today,
        );
        let (extension, event) = asked.map_err(|error| refusal(error, "due"))?;
        extensions::insert(az, &extension).map_err(one_at_a_time)?;
        tell(ctx, az, &kept, &event, extension.reason.as_str())
    })
}

/// Two that were sent at once: the second finds that one waits.
pub(super) fn one_at_a_time(error: StoreError) -> AppError {
    match error {
        StoreError::Taken => refusal(ActionError::OneWaits, "due"),
        other => other.into(),
    }
}

/// Agrees to more time: to the date that was asked for, or to another later one.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Rule`], [`AppError::Invalid`] for a date
/// that gives no more time.
pub fn agree_extension(ctx: &Ctx<'_>, id: ActionId, form: AgreeForm) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let extension = awaited(az, id)?;
        let by = by(ctx, &kept.action, None, Act::AnswerExtension);
        let due = form.due.unwrap_or(extension.proposed);
        let agreed = extension.agree(kept.action.clone(), by, due, ctx.today);
        let (extension, action, event) = agreed.map_err(|error| refusal(error, "due"))?;
        if !extensions::answer(az, &extension)? {
            return Err(AppError::Stale);
        }
        save(ctx, az, &kept, &action, &event, extension.reason.as_str())
    })
}

/// Refuses more time; the due date in force stays.
///
/// # Errors
/// As [`agree_extension`].
pub fn refuse_extension(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let extension = awaited(az, id)?;
        let by = by(ctx, &kept.action, None, Act::AnswerExtension);
        let refused = extension.refuse(by, reason.clone(), ctx.today);
        let (extension, event) = refused.map_err(|error| refusal(error, "due"))?;
        if !extensions::answer(az, &extension)? {
            return Err(AppError::Stale);
        }
        tell(ctx, az, &kept, &event, reason.as_str())
    })
}
