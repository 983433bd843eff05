//! The status of an action, entered by its agency or on its behalf, and answered by the chair.

use super::Saved;
use super::change::take;
use super::forms::{CompleteForm, NoteForm, Plain, ReasonForm, note as text, one, reason};
use super::step::{Step, apply};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::id::ActionId;
use panel_store::actions;

/// Takes one step with one action at the version that the caller read.
pub(super) fn one_step(
    ctx: &Ctx<'_>,
    id: ActionId,
    version: i32,
    step: Step,
) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, version)?;
        apply(ctx, az, &kept, step)
    })
}

/// Says that an action has been started.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Rule`] when its state or the caller's
/// part in it forbids that. So for every change below.
pub fn start(ctx: &Ctx<'_>, id: ActionId, form: Plain) -> Result<Saved, AppError> {
    one_step(ctx, id, form.version, Step::Start)
}

/// Says that an action was done, when, and what came of it.
///
/// # Errors
/// Also [`AppError::Invalid`] for the date and the outcome.
pub fn complete(ctx: &Ctx<'_>, id: ActionId, form: &CompleteForm) -> Result<Saved, AppError> {
    let outcome = text("outcome", "Outcome", &form.outcome).map_err(one)?;
    one_step(ctx, id, form.version, Step::Complete { on: form.on, outcome })
}

/// Says that circumstances prevent an action. It stays owed until the chair accepts that.
///
/// # Errors
/// Also [`AppError::Invalid`] without a reason.
pub fn report_not_possible(
    ctx: &Ctx<'_>,
    id: ActionId,
    form: &ReasonForm,
) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    one_step(ctx, id, form.version, Step::ReportNotPossible { reason })
}

/// Accepts, as the chair, that an action is not possible.
///
/// # Errors
/// As for every change.
pub fn accept_not_possible(ctx: &Ctx<'_>, id: ActionId, form: Plain) -> Result<Saved, AppError> {
    one_step(ctx, id, form.version, Step::AcceptNotPossible)
}

/// Does not accept that, as the chair; the action is again what it was.
///
/// # Errors
/// Also [`AppError::Invalid`] without a reason.
pub fn refuse_not_possible(
    ctx: &Ctx<'_>,
    id: ActionId,
    form: &ReasonForm,
) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    one_step(ctx, id, form.version, Step::RefuseNotPossible { reason })
}

/// Says that the agency has not done an action.
///
/// # Errors
/// Also [`AppError::Invalid`] without a reason.
pub fn report_not_done(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    one_step(ctx, id, form.version, Step::ReportNotDone { reason })
}

/// Withdraws an action, as the chair.
///
/// # Errors
/// Also [`AppError::Invalid`] without a reason.
pub fn withdraw(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    one_step(ctx, id, form.version, Step::Withdraw { reason })
}

/// Takes a finished action up again.
///
/// # Errors
/// Also [`AppError::Invalid`] without a reason.
pub fn reopen(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    one_step(ctx, id, form.version, Step::Reopen { reason })
}

/// Adds a note: the agency's word on how it goes or what shows that it was done, or a remark of the
/// panel's own. A note changes nothing else, so it is taken at any version.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Rule`], [`AppError::Invalid`] without a note.
pub fn note(ctx: &Ctx<'_>, id: ActionId, form: &NoteForm) -> Result<Saved, AppError> {
    let note = text("note", "Note", &form.note).map_err(one)?;
    ctx.write(|az| {
        let kept = actions::find(az, id)?.ok_or(AppError::NotFound)?;
        let runs = ctx.actor().runs(kept.action.panel);
        let step =
            Step::Note { note, evidence: form.evidence, from_agency: form.from_agency || !runs };
        apply(ctx, az, &kept, step)
    })
}
