//! More time for an action, and its way to another agency: asked for, and answered.

use super::prelude::*;
use panel_app::actions::{
    self, AcceptTransferForm, ActionPage, AgreeForm, ExtensionForm, ReasonForm, Saved, TransferForm,
};
use panel_core::id::ActionId;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(POST "/api/v1/actions/{action}/extension", TakesPart => ask_extension of show, "Ask for more time"),
        api!(POST "/api/v1/actions/{action}/extension/agree", RunsPanel => agree_extension of show, "Agree to more time"),
        api!(POST "/api/v1/actions/{action}/extension/refuse", RunsPanel => refuse_extension of show, "Refuse more time"),
        api!(POST "/api/v1/actions/{action}/transfer", TakesPart => propose of show, "Propose that another agency take it over"),
        api!(POST "/api/v1/actions/{action}/transfer/accept", TakesPart => accept of show, "Take an action over"),
        api!(POST "/api/v1/actions/{action}/transfer/refuse", TakesPart => refuse of show, "Refuse to take an action over"),
        api!(POST "/api/v1/actions/{action}/transfer/revoke", TakesPart => revoke of show, "Take a proposed transfer back"),
        api!(POST "/api/v1/actions/{action}/transfer/due/agree", RunsPanel => agree_due of show, "Agree to the other due date of a transfer"),
        api!(POST "/api/v1/actions/{action}/transfer/due/decline", RunsPanel => decline_due of show, "Decline the other due date of a transfer"),
    ]
}

fn show(ctx: &Ctx<'_>, Path(id): Path<ActionId>, _: Nothing) -> Seen<ActionPage> {
    let found = actions::show(ctx, id)?;
    one(found.row.line.version, found)
}

fn ask_extension(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<ExtensionForm>,
) -> Told<Saved> {
    told(actions::ask_extension(ctx, id, &form)?)
}

fn agree_extension(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<AgreeForm>,
) -> Told<Saved> {
    told(actions::agree_extension(ctx, id, form)?)
}

fn refuse_extension(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<ReasonForm>,
) -> Told<Saved> {
    told(actions::refuse_extension(ctx, id, &form)?)
}

fn propose(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<TransferForm>) -> Told<Saved> {
    told(actions::propose_transfer(ctx, id, &form)?)
}

fn accept(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<AcceptTransferForm>,
) -> Told<Saved> {
    told(actions::accept_transfer(ctx, id, form)?)
}

fn refuse(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<ReasonForm>) -> Told<Saved> {
    told(actions::refuse_transfer(ctx, id, &form)?)
}

fn revoke(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<actions::Plain>,
) -> Told<Saved> {
    told(actions::revoke_transfer(ctx, id, form)?)
}

fn agree_due(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<actions::Plain>,
) -> Told<Saved> {
    told(actions::agree_transfer_due(ctx, id, form)?)
}

fn decline_due(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<actions::Plain>,
) -> Told<Saved> {
    told(actions::decline_transfer_due(ctx, id, form)?)
}
