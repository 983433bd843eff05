//! One action with all that a page shows of it: its history, its proposals, and what may be done.

use super::change::capacities;
use super::register::Row;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::{
    Act, Action, ActionStatus, Birth, Capacity, Extension, ReceiverDueStatus, Standing, Transfer,
    TransferState, standing,
};
use panel_core::coded::Coded;
use panel_core::id::{ActionEntryId, ActionId, AgencyId, UserId};
use panel_store::actions::register;
use panel_store::actions::{self, Entry, Kept, extensions, transfers};
use panel_store::{Authz, agencies, users};
use serde::Serialize;
use std::collections::BTreeMap;

/// Lines of history on one page.
const PAGE: i64 = 50;

/// Something that the caller may do to an action now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ActionOffer))]
pub struct Offer {
    /// What.
    pub act: Act,
    /// Whether it would be entered for the agency, and marked so.
    pub on_behalf: bool,
}

/// Part of the history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ActionHistory))]
pub struct History {
    /// The lines.
    pub entries: Vec<Entry>,
    /// Where older ones begin, if there are any.
    pub older: Option<ActionEntryId>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionPage {
    /// The action as lists show it.
    pub row: Row,
    /// The action itself.
    pub action: Action,
    /// The date by which on-time is judged.
    pub judged: Option<NaiveDate>,
    /// Days past the due date, when it is overdue.
    pub days_overdue: Option<i64>,
    /// Whether its record has left the coordinator's draft, so that it can be closed but not deleted.
    pub recorded: bool,
    /// Every request for more time, oldest first.
    pub extensions: Vec<Extension>,
    /// Every transfer, oldest first.
    pub transfers: Vec<Transfer>,
    /// What the caller may do now.
    pub offers: Vec<Offer>,
    /// The newest history.
    pub history: History,
    /// The agencies that are named anywhere on the page.
    pub agencies: BTreeMap<AgencyId, String>,
    /// The people who are named anywhere on the page.
    pub people: BTreeMap<UserId, String>,
}

/// One action with its newest history.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: ActionId) -> Result<ActionPage, AppError> {
    ctx.read(|az| {
        let kept = actions::find(az, id)?.ok_or(AppError::NotFound)?;
        let line = register::lines(az, &[id])?.pop().ok_or(AppError::NotFound)?;
        let recorded = actions::birth(az, &kept)? == Birth::Recorded;
        let extensions = extensions::of_actions(az, &[id], false)?;
        let transfers = transfers::of_actions(az, &[id], false)?;
        let history = lines(az, id, None)?;
        let action = kept.action.clone();
        let offers = offers(ctx, &kept, recorded, &extensions, &transfers);
        Ok(ActionPage {
            days_overdue: action
                .due
                .filter(|_| action.is_overdue(ctx.today))
                .map(|due| (ctx.today - due).num_days()),
            agencies: agency_names(az)?,
            people: people(az, &action, &extensions, &transfers, &history)?,
            row: Row::new(line, ctx.today),
            judged: kept.judged,
            recorded,
            extensions,
            transfers,
            offers,
            history,
            action,
        })
    })
}

/// The history of an action that lies before `before`.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn history(
    ctx: &Ctx<'_>,
    id: ActionId,
    before: Option<ActionEntryId>,
) -> Result<History, AppError> {
    ctx.read(|az| {
        actions::find(az, id)?.ok_or(AppError::NotFound)?;
        lines(az, id, before)
    })
}

fn lines(
    az: &mut Authz<'_>,
    id: ActionId,
    before: Option<ActionEntryId>,
) -> Result<History, AppError> {
    let mut entries = actions::history(az, id, before, PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = entries.len() > page;
    entries.truncate(page);
    let older = entries.last().map(|entry| entry.id).filter(|_| more);
    Ok(History { entries, older })
}

fn agency_names(az: &mut Authz<'_>) -> Result<BTreeMap<AgencyId, String>, AppError> {
    let all = agencies::list(az)?.into_iter();
    Ok(all.map(|agency| (agency.value.id, agency.value.name.into())).collect())
}

/// The names of all who asked, answered or owned.
fn people(
    az: &mut Authz<'_>,
    action: &Action,
    extensions: &[Extension],
    transfers: &[Transfer],
    history: &History,
) -> Result<BTreeMap<UserId, String>, AppError> {
    use panel_core::action::{Acceptance, ActionState, Assignee, ExtensionAnswer};
    let mut ids: Vec<UserId> = Vec::new();
    if let Some(Assignee::User(owner)) = &action.owner.person {
        ids.push(*owner);
    }
    match &action.state {
        ActionState::NotPossible { acceptance: Acceptance::Accepted { by, .. }, .. }
        | ActionState::Withdrawn { by, .. } => ids.push(*by),
        _ => {}
    }
    for extension in extensions {
        ids.push(extension.asked_by.user);
        match &extension.answer {
            ExtensionAnswer::Agreed { by, .. } | ExtensionAnswer::Refused { by, .. } => {
                ids.push(*by);
            }
            ExtensionAnswer::Awaited | ExtensionAnswer::Lapsed { .. } => {}
        }
    }
    for transfer in transfers {
        ids.push(transfer.proposed_by.user);
        match &transfer.state {
            TransferState::Accepted { by, .. }
            | TransferState::Refused { by, .. }
            | TransferState::Revoked { by, .. } => ids.push(*by),
            TransferState::Proposed | TransferState::Lapsed { .. } => {}
        }
    }
    let of_entry = |entry: &Entry| [entry.detail.from.user, entry.detail.to.user];
    ids.extend(history.entries.iter().flat_map(of_entry).flatten());
    Ok(users::names(az, &ids)?.into_iter().collect())
}

/// What the caller may do now: what the caller's part in the action allows, and its state.
fn offers(
    ctx: &Ctx<'_>,
    kept: &Kept,
    recorded: bool,
    extensions: &[Extension],
    transfers: &[Transfer],
) -> Vec<Offer> {
    let asked = transfers.iter().find(|transfer| transfer.is_open());
    let held = capacities(ctx.actor(), &kept.action, asked);
    let possible = Possible {
        action: &kept.action,
        recorded,
        chair: held.contains(&Capacity::Chair),
        extension: extensions.iter().any(Extension::is_open),
        transfer: asked.is_some(),
        dated: transfers.iter().any(awaits_date),
    };
    let offer = |act: &Act| {
        let best = held.iter().map(|capacity| standing(*capacity, *act));
        let own = best.clone().any(|standing| standing == Standing::Own);
        let behalf = best.clone().any(|standing| standing == Standing::OnBehalf);
        ((own || behalf) && possible.now(*act)).then_some(Offer { act: *act, on_behalf: !own })
    };
    Act::ALL.iter().filter_map(offer).collect()
}

fn awaits_date(transfer: &Transfer) -> bool {
    match &transfer.state {
        TransferState::Accepted { due, .. } => due.status() == ReceiverDueStatus::Proposed,
        _ => false,
    }
}

/// What an action's state allows.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude one another")]
struct Possible<'a> {
    action: &'a Action,
    recorded: bool,
    chair: bool,
    extension: bool,
    transfer: bool,
    dated: bool,
}

impl Possible<'_> {
    fn now(&self, act: Act) -> bool {
        let action = self.action;
        let unfinished = !action.is_finished();
        let turn = unfinished && !action.awaits_chair();
        match act {
            Act::Set => false,
            Act::Start => action.state.status() == ActionStatus::Open,
            Act::Complete | Act::ReportNotDone | Act::Withdraw | Act::Amend => unfinished,
            Act::Report | Act::Remark => true,
            Act::AnswerNotPossible => action.awaits_chair(),
            Act::Reopen => !unfinished,
            // Closing is the chair's and has its own offer; a slip may be deleted by either.
            Act::Delete => !self.recorded || (self.chair && unfinished),
            Act::AskExtension => turn && action.due.is_some() && !self.extension,
            Act::AnswerExtension => unfinished && self.extension,
            Act::ReportNotPossible | Act::ProposeTransfer => turn,
            Act::AnswerTransfer => turn && self.transfer,
            Act::AgreeTransferDue => unfinished && self.dated,
        }
    }
}
