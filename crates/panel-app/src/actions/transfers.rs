//! Handing an action to another agency. Nothing changes until the receiver accepts.

use super::change::{by, save, take, tell};
use super::extensions::one_at_a_time;
use super::forms::{AcceptTransferForm, Plain, ReasonForm, TransferForm, one, reason};
use super::step::refusal;
use super::{Saved, set};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{
    Act, ActionError, ActionEvent, Assignee, Handover, Transfer, TransferState,
};
use panel_core::id::ActionId;
use panel_store::Authz;
use panel_store::actions::{Kept, transfers};

/// The proposal that waits for its receiver.
fn proposed(az: &mut Authz<'_>, id: ActionId) -> Result<Transfer, AppError> {
    let open = transfers::of_actions(az, &[id], true)?;
    open.into_iter().find(Transfer::is_open).ok_or_else(answered)
}

/// The accepted transfer whose other due date waits for the chair.
fn dated(az: &mut Authz<'_>, id: ActionId) -> Result<Transfer, AppError> {
    let open = transfers::of_actions(az, &[id], true)?;
    open.into_iter().rfind(|transfer| !transfer.is_open()).ok_or_else(answered)
}

fn answered() -> AppError {
    refusal(ActionError::AlreadyAnswered, "due")
}

fn keep(az: &mut Authz<'_>, transfer: &Transfer, before: &TransferState) -> Result<(), AppError> {
    if transfers::answer(az, transfer, before)? { Ok(()) } else { Err(AppError::Stale) }
}

/// Proposes that another agency of the panel take an action over. It sees the action from now on;
/// owner, due date and reminders are as they were.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`] for the agency and the reason,
/// [`AppError::Rule`] while another proposal waits or when it is not the owner's turn.
pub fn propose_transfer(
    ctx: &Ctx<'_>,
    id: ActionId,
    form: &TransferForm,
) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let receiver = set::owner(ctx, az, kept.action.panel, form.to, None)?;
        receiver.map_err(|error| one(crate::FieldError { field: "to".to_owned(), ..error }))?;
        let one_waits = transfers::of_actions(az, &[id], true)?.iter().any(Transfer::is_open);
        let by = by(ctx, &kept.action, None, Act::ProposeTransfer);
        let proposed = Transfer::propose(
            ctx.mint(),
            &kept.action,
            one_waits,
            by,
            form.to,
            reason.clone(),
            ctx.today,
        );
        let (transfer, event) = proposed.map_err(|error| refusal(error, "to"))?;
        transfers::insert(az, &transfer).map_err(one_at_a_time)?;
        tell(ctx, az, &kept, &event, transfer.reason.as_str())
    })
}

/// Accepts, as the receiving agency: it owns the action from now on. Another due date that it needs
/// waits for the chair.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`] for the person and the date,
/// [`AppError::Rule`] when there is nothing to answer or the caller is not of the receiver.
pub fn accept_transfer(
    ctx: &Ctx<'_>,
    id: ActionId,
    form: AcceptTransferForm,
) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let transfer = proposed(az, id)?;
        let before = transfer.state.clone();
        set::owner(ctx, az, kept.action.panel, transfer.to, form.person)?.map_err(one)?;
        let by = by(ctx, &kept.action, Some(&transfer), Act::AnswerTransfer);
        let handover = Handover { person: form.person.map(Assignee::User), due: form.due };
        let accepted = transfer.accept(kept.action.clone(), by, handover, ctx.today);
        let (transfer, action, event) = accepted.map_err(|error| refusal(error, "due"))?;
        keep(az, &transfer, &before)?;
        save(ctx, az, &kept, &action, &event, "")
    })
}

/// What the receiver or the owner says to a proposal without taking the action over.
fn close(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    act: Act,
    answer: impl FnOnce(
        Transfer,
        panel_core::action::By,
    ) -> Result<(Transfer, ActionEvent), ActionError>,
    note: &str,
) -> Result<Saved, AppError> {
    let transfer = proposed(az, kept.action.id)?;
    let before = transfer.state.clone();
    let by = by(ctx, &kept.action, Some(&transfer), act);
    let (transfer, event) = answer(transfer, by).map_err(|error| refusal(error, "due"))?;
    keep(az, &transfer, &before)?;
    tell(ctx, az, kept, &event, note)
}

/// Declines, as the receiving agency. Nothing has changed, and it no longer sees the action unless
/// it has another part in its case.
///
/// # Errors
/// As [`accept_transfer`], and [`AppError::Invalid`] without a reason.
pub fn refuse_transfer(ctx: &Ctx<'_>, id: ActionId, form: &ReasonForm) -> Result<Saved, AppError> {
    let reason = reason(&form.reason)?;
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let refuse = |t: Transfer, by| t.refuse(by, reason.clone(), ctx.today);
        close(ctx, az, &kept, Act::AnswerTransfer, refuse, reason.as_str())
    })
}

/// Takes a proposal back, as the owning agency. Nothing has changed.
///
/// # Errors
/// As [`accept_transfer`].
pub fn revoke_transfer(ctx: &Ctx<'_>, id: ActionId, form: Plain) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let revoke = |t: Transfer, by| t.revoke(by, ctx.today);
        close(ctx, az, &kept, Act::ProposeTransfer, revoke, "")
    })
}

/// Agrees, as the chair, to the due date that the receiver asked for.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Rule`].
pub fn agree_transfer_due(ctx: &Ctx<'_>, id: ActionId, form: Plain) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let transfer = dated(az, id)?;
        let before = transfer.state.clone();
        let by = by(ctx, &kept.action, None, Act::AgreeTransferDue);
        let agreed = transfer.agree_due(kept.action.clone(), by, ctx.today);
        let (transfer, action, event) = agreed.map_err(|error| refusal(error, "due"))?;
        keep(az, &transfer, &before)?;
        save(ctx, az, &kept, &action, &event, "")
    })
}

/// Keeps, as the chair, the due date in force.
///
/// # Errors
/// As [`agree_transfer_due`].
pub fn decline_transfer_due(ctx: &Ctx<'_>, id: ActionId, form: Plain) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let kept = take(az, id, form.version)?;
        let transfer = dated(az, id)?;
        let before = transfer.state.clone();
        let by = by(ctx, &kept.action, None, Act::AgreeTransferDue);
        let declined = transfer.decline_due(by, ctx.today);
        let (transfer, event) = declined.map_err(|error| refusal(error, "due"))?;
        keep(az, &transfer, &before)?;
        tell(ctx, az, &kept, &event, "")
    })
}
