//! The one way in which an action changes.

use super::{Saved, notices};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::access::Actor;
use panel_core::action::{Act, Action, ActionEvent, By, Capacity, EntryKind, Transfer};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{ActionId, Id};
use panel_store::actions::{self, Kept, extensions, transfers};
use panel_store::{Authz, cases};

/// The action in the caller's scope, at the version that the caller read.
pub(super) fn take(az: &mut Authz<'_>, id: ActionId, version: i32) -> Result<Kept, AppError> {
    let kept = actions::find(az, id)?.ok_or(AppError::NotFound)?;
    if kept.version == version { Ok(kept) } else { Err(AppError::Stale) }
}

/// What somebody is to an action. A transfer that waits makes the people of its receiver a party.
pub(super) fn capacities(
    actor: &Actor,
    action: &Action,
    asked: Option<&Transfer>,
) -> Vec<Capacity> {
    let (agency, panel) = (action.owner.agency, action.panel);
    let receives = |transfer: &Transfer| transfer.is_open() && actor.acts_for(transfer.to, panel);
    let held = [
        (actor.acts_for(agency, panel), Capacity::OwnerAgency),
        (asked.is_some_and(receives), Capacity::ReceivingAgency),
        (actor.coordinates(panel), Capacity::Coordinator),
        (actor.chairs(panel), Capacity::Chair),
    ];
    held.into_iter().filter_map(|(is, capacity)| is.then_some(capacity)).collect()
}

/// The caller in the capacity that serves this act best.
pub(super) fn by(ctx: &Ctx<'_>, action: &Action, asked: Option<&Transfer>, act: Act) -> By {
    By::best(ctx.user(), &capacities(ctx.actor(), action, asked), act)
}

/// Saves what core decided, with all that follows from it.
pub(super) fn save(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    before: &Kept,
    after: &Action,
    event: &ActionEvent,
    note: &str,
) -> Result<Saved, AppError> {
    if !actions::save(az, before, after, event, note)? {
        return Err(AppError::Stale);
    }
    let moved = after.owner.agency != before.action.owner.agency;
    if let Some(case) = after.case.filter(|_| moved) {
        cases::join(az, case, &[after.owner.agency])?;
    }
    if moved || after.is_finished() {
        lapse(az, after.id)?;
    }
    az.did(deed(after, event));
    notices::after_change(ctx, az, after, event)?;
    Ok(Saved { action: after.id, version: before.version + 1 })
}

/// Writes down what leaves the action as it is: a note, or a proposal beside the status.
pub(super) fn tell(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    event: &ActionEvent,
    note: &str,
) -> Result<Saved, AppError> {
    let action = &kept.action;
    actions::append(az, action, event, note)?;
    az.did(deed(action, event));
    notices::after_change(ctx, az, action, event)?;
    Ok(Saved { action: action.id, version: kept.version })
}

/// Ends what nobody will answer any more.
fn lapse(az: &mut Authz<'_>, action: ActionId) -> Result<(), AppError> {
    let today = az.today();
    for open in extensions::of_actions(az, &[action], true)? {
        notices::drop_extension(az, open.id)?;
        extensions::answer(az, &open.lapse(today))?;
    }
    for open in transfers::of_actions(az, &[action], true)? {
        let was = open.state.clone();
        let lapsed = open.lapse(today);
        // A date that waits for the chair is not a proposal, and stays as it is.
        if lapsed.state != was {
            notices::drop_transfer(az, lapsed.id)?;
            transfers::answer(az, &lapsed, &was)?;
        }
    }
    Ok(())
}

/// The audit row of a change.
pub(super) fn deed(action: &Action, event: &ActionEvent) -> Deed {
    let kind = match event.change.kind() {
        EntryKind::Set | EntryKind::Imported => AuditKind::Collection,
        EntryKind::Deleted => AuditKind::Erasure,
        _ => AuditKind::Alteration,
    };
    Deed::new(kind, code(event.change.kind()), SubjectKind::Action, Some(action.id.uuid()))
        .at(action.panel)
        .in_case(action.case)
        .on_behalf(event.is_on_behalf())
}

const fn code(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Set => "action.set",
        EntryKind::Imported => "action.import",
        EntryKind::Started => "action.start",
        EntryKind::Completed => "action.complete",
        EntryKind::ReportedNotPossible => "action.report_not_possible",
        EntryKind::AcceptedNotPossible => "action.accept_not_possible",
        EntryKind::RefusedNotPossible => "action.refuse_not_possible",
        EntryKind::ReportedNotDone => "action.report_not_done",
        EntryKind::Withdrawn => "action.withdraw",
        EntryKind::Reopened => "action.reopen",
        EntryKind::Reworded => "action.reword",
        EntryKind::DueCorrected => "action.correct_due",
        EntryKind::DueChanged => "action.change_due",
        EntryKind::OwnerChanged => "action.reassign",
        EntryKind::ExtensionAsked => "extension.ask",
        EntryKind::ExtensionRefused => "extension.refuse",
        EntryKind::TransferProposed => "transfer.propose",
        EntryKind::TransferAccepted => "transfer.accept",
        EntryKind::TransferRefused => "transfer.refuse",
        EntryKind::TransferRevoked => "transfer.revoke",
        EntryKind::TransferDueDeclined => "transfer.decline_due",
        EntryKind::Noted => "action.note",
        EntryKind::Evidenced => "action.evidence",
        EntryKind::Deleted => "action.delete",
    }
}
