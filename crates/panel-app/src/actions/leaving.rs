//! Somebody leaves: what they owe goes to others first, then the account is closed.

use super::choices::PersonChoice;
use super::forms::{one, wrong};
use super::register::Row;
use super::step::{Step, apply};
use super::{Saved, set};
use crate::context::Ctx;
use crate::error::AppError;
use crate::users::close_account;
use panel_core::action::StatusFilter;
use panel_core::id::{ActionId, AgencyId, PanelId, UserId};
use panel_core::words;
use panel_store::actions::register::{self, Filter, Order};
use panel_store::actions::{self, Kept, waiting};
use panel_store::{Authz, users};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// Actions that are handed over at once at most.
const MOST: usize = 2_000;

/// Who takes over one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The action.
    pub action: ActionId,
    /// Who takes it over, from the agency that owes it.
    pub to: UserId,
}

/// What becomes of a leaver's open actions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaverForm {
    /// Who takes over what nobody else does.
    #[serde(default)]
    pub all_to: Option<UserId>,
    /// Who takes over what.
    #[serde(default)]
    pub each: Vec<Assignment>,
}

/// The open actions of somebody who leaves, as far as the caller may know of them, with how many
/// there are in all.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person, or the caller runs no panel.
pub fn open_actions(
    ctx: &Ctx<'_>,
    leaver: UserId,
) -> Result<(Vec<register::Line>, usize), AppError> {
    ctx.read(|az| {
        may_remove(ctx, az, leaver)?;
        let lines = register::page(az, &owned(leaver), Order::default(), None, MOST)?.lines;
        let all = waiting::unfinished_of(az, leaver)?;
        Ok((lines, usize::try_from(all).unwrap_or(usize::MAX)))
    })
}

/// Somebody who leaves, with what is still theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaver {
    /// Who.
    pub person: UserId,
    /// That person's name.
    pub name: String,
    /// Whether the person left already.
    pub has_left: bool,
    /// The open actions that the caller may know of.
    pub actions: Vec<Row>,
    /// How many there are in all.
    pub all: usize,
    /// Who may take them over: the panel, the agency, the person and the name.
    pub colleagues: Vec<PersonChoice>,
}

/// Somebody who leaves, with the open actions and those who could take them over.
///
/// # Errors
/// As [`open_actions`].
pub fn leaver(ctx: &Ctx<'_>, leaver: UserId) -> Result<Leaver, AppError> {
    ctx.read(|az| {
        may_remove(ctx, az, leaver)?;
        let person = users::find(az, leaver)?.ok_or(AppError::NotFound)?;
        let lines = register::page(az, &owned(leaver), Order::default(), None, MOST)?.lines;
        let all = waiting::unfinished_of(az, leaver)?;
        let owed: BTreeSet<(PanelId, AgencyId)> =
            lines.iter().map(|line| (line.panel, line.agency)).collect();
        let panels: Vec<PanelId> = owed.iter().map(|(panel, _)| *panel).collect();
        let sitting = users::sitting(az, &panels)?.into_iter().filter(|sitter| {
            sitter.user != leaver && owed.contains(&(sitter.panel, sitter.agency))
        });
        Ok(Leaver {
            person: leaver,
            name: person.name,
            has_left: person.ended_on.is_some(),
            colleagues: sitting
                .map(|sitter| PersonChoice {
                    panel: sitter.panel,
                    agency: sitter.agency,
                    user: sitter.user,
                    name: sitter.name,
                })
                .collect(),
            actions: lines.into_iter().map(|line| Row::new(line, ctx.today)).collect(),
            all: usize::try_from(all).unwrap_or(usize::MAX),
        })
    })
}

/// Hands the open actions of somebody over, each to a colleague of the agency that owes it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Invalid`] when somebody does not sit at the panel for that
/// agency, [`AppError::Rule`] when the caller may not amend an action.
pub fn hand_over(ctx: &Ctx<'_>, leaver: UserId, form: &LeaverForm) -> Result<Vec<Saved>, AppError> {
    ctx.write(|az| {
        may_remove(ctx, az, leaver)?;
        give(ctx, az, leaver, form)
    })
}

/// Removes a person: hands the open actions over, then ends seats, sessions, tokens and waiting mail,
/// all at once or not at all.
///
/// # Errors
/// As [`hand_over`]; [`AppError::Rule`] `open_actions` when something would stay theirs.
pub fn remove_person(
    ctx: &Ctx<'_>,
    leaver: UserId,
    form: &LeaverForm,
) -> Result<Vec<Saved>, AppError> {
    ctx.write(|az| {
        may_remove(ctx, az, leaver)?;
        let given = give(ctx, az, leaver, form)?;
        let left = waiting::unfinished_of(az, leaver)?;
        if left > 0 {
            let open = words::count(usize::try_from(left).unwrap_or(usize::MAX), "action");
            let message = format!("{open} still to be handed over by the coordinator first");
            return Err(AppError::rule("open_actions", message));
        }
        close_account(ctx, az, leaver)?;
        Ok(given)
    })
}

/// Whether the caller may let this person go: the administrator, or whoever coordinates every panel
/// at which the person sits or leads the agency that employs the person, unless the person runs the
/// service.
fn may_remove(ctx: &Ctx<'_>, az: &mut Authz<'_>, leaver: UserId) -> Result<(), AppError> {
    let person = users::find(az, leaver)?.ok_or(AppError::NotFound)?;
    let actor = ctx.actor();
    if actor.administrator || (actor.leads(person.agency) && !person.administrator) {
        return Ok(());
    }
    let live: Vec<_> = users::seats(az, None, Some(leaver))?
        .into_iter()
        .filter(|seat| seat.until.is_none_or(|last| ctx.today <= last))
        .collect();
    let all_mine = live.iter().all(|seat| ctx.actor().coordinates(seat.panel));
    if !live.is_empty() && all_mine && !person.administrator {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

fn owned(leaver: UserId) -> Filter {
    Filter { person: Some(leaver), status: Some(StatusFilter::Unfinished), ..Filter::default() }
}

fn give(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    leaver: UserId,
    form: &LeaverForm,
) -> Result<Vec<Saved>, AppError> {
    let each: HashMap<ActionId, UserId> = form.each.iter().map(|a| (a.action, a.to)).collect();
    let page = register::page(az, &owned(leaver), Order::default(), None, MOST)?;
    if page.next.is_some() {
        let message = format!("More than {MOST} actions are open; hand some over first");
        return Err(AppError::rule("too_many", message));
    }
    let ids: Vec<ActionId> = page.lines.iter().map(|line| line.id).collect();
    let open: HashMap<ActionId, Kept> =
        actions::find_many(az, &ids)?.into_iter().map(|kept| (kept.action.id, kept)).collect();
    if let Some(unknown) = each.keys().find(|action| !open.contains_key(action)) {
        let message = format!("Action {unknown} is not an open action of this person");
        return Err(one(wrong("each", "not_theirs", message)));
    }
    let mut given = Vec::new();
    for id in ids {
        let (Some(kept), Some(to)) = (open.get(&id), each.get(&id).copied().or(form.all_to)) else {
            continue;
        };
        if to == leaver {
            return Err(one(wrong("all_to", "same_person", "Select somebody else")));
        }
        let agency: AgencyId = kept.action.owner.agency;
        let owner = set::owner(ctx, az, kept.action.panel, agency, Some(to))?.map_err(one)?;
        given.push(apply(ctx, az, kept, Step::Reassign { owner })?);
    }
    Ok(given)
}
