//! Who hears of a change: the one place that plans and takes back what people are told of actions.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::{Action, ActionChange, ActionEvent, DueCause};
use panel_core::id::{ExtensionId, TransferId};
use panel_core::reminder::{Reason, Rule, Subject};
use panel_store::Authz;
use panel_store::notices::{self, Telling, Whom};

/// Called after every change of an action, in its transaction. `action` is how it stands now.
pub(super) fn after_change(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    action: &Action,
    event: &ActionEvent,
) -> Result<(), AppError> {
    match &event.change {
        ActionChange::Set
        | ActionChange::Imported
        | ActionChange::Completed { .. }
        | ActionChange::AcceptedNotPossible
        | ActionChange::RefusedNotPossible { .. }
        | ActionChange::ReportedNotDone
        | ActionChange::Withdrawn
        | ActionChange::Reopened { .. }
        | ActionChange::DueCorrected { .. }
        | ActionChange::OwnerChanged { .. } => plan(ctx, az, action)?,
        ActionChange::DueChanged(change) => {
            plan(ctx, az, action)?;
            if let DueCause::Extension { extension } = change.cause {
                drop_extension(az, extension)?;
            }
        }
        ActionChange::ReportedNotPossible => {
            plan(ctx, az, action)?;
            let about = Subject::Action(action.id);
            tell(az, action, Rule::NotPossibleReported, about, action.due, &[Whom::Chairs])?;
        }
        ActionChange::ExtensionAsked { extension } => {
            let about = Subject::Extension(*extension);
            tell(az, action, Rule::ExtensionAsked, about, action.due, &[Whom::Coordinators])?;
        }
        ActionChange::ExtensionRefused { extension } => drop_extension(az, *extension)?,
        ActionChange::TransferProposed { transfer, to } => {
            let about = Subject::Transfer(*transfer);
            tell(az, action, Rule::TransferProposed, about, action.due, &[Whom::Contacts(*to)])?;
        }
        ActionChange::TransferAccepted { transfer, .. } => {
            drop_transfer(az, *transfer)?;
            plan(ctx, az, action)?;
        }
        ActionChange::TransferRefused { transfer } | ActionChange::TransferRevoked { transfer } => {
            drop_transfer(az, *transfer)?;
        }
        ActionChange::Deleted => {
            notices::cancel(az, Subject::Action(action.id), Reason::Finished)?;
        }
        ActionChange::Started
        | ActionChange::Reworded { .. }
        | ActionChange::TransferDueDeclined { .. }
        | ActionChange::Noted { .. } => {}
    }
    Ok(())
}

/// Nobody is to answer this request for more time any more.
pub(super) fn drop_extension(az: &mut Authz<'_>, extension: ExtensionId) -> Result<(), AppError> {
    notices::cancel(az, Subject::Extension(extension), Reason::Finished)?;
    Ok(())
}

/// Nobody is to answer this proposal any more.
pub(super) fn drop_transfer(az: &mut Authz<'_>, transfer: TransferId) -> Result<(), AppError> {
    notices::cancel(az, Subject::Transfer(transfer), Reason::Finished)?;
    Ok(())
}

fn plan(ctx: &Ctx<'_>, az: &mut Authz<'_>, action: &Action) -> Result<(), AppError> {
    Ok(notices::plan_action(az, ctx.app.working_days(), action.id)?)
}

fn tell(
    az: &mut Authz<'_>,
    action: &Action,
    rule: Rule,
    subject: Subject,
    date: Option<NaiveDate>,
    whom: &[Whom],
) -> Result<(), AppError> {
    let people = notices::people(az, action.panel, whom)?;
    notices::tell(az, &Telling { rule, panel: action.panel, subject, date }, &people)?;
    Ok(())
}
