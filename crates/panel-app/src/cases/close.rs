//! Closing a case: the coordinator proposes, the chair decides, and every open action is settled on
//! the same day.

use super::{deed, optional, take, value};
use crate::actions;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use chrono::NaiveDate;
use panel_core::action::{By, Capacity};
use panel_core::case::{
    CaseError, Closing, ClosureCheck, ClosureProposal, ClosureReason, Reopening, Settlement,
};
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, CaseId};
use panel_core::text::Note;
use panel_store::cases::{self, CaseRow};
use panel_store::{Authz, StoreError, people};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An open action with which an agency goes on alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The action.
    pub action: ActionId,
    /// The agency.
    pub to: AgencyId,
}

/// What the form of a closure, or of a proposal to close, holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosureForm {
    /// Why.
    pub reason: ClosureReason,
    /// The day as of which; today when left out.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// What else is to be said.
    #[serde(default)]
    pub note: String,
    /// What has been seen to. It is advice: nothing here blocks.
    #[serde(default)]
    pub ticked: BTreeSet<ClosureCheck>,
    /// Open actions with which an agency goes on alone; the others are withdrawn.
    #[serde(default)]
    pub handed_over: Vec<HandOver>,
}

impl ClosureForm {
    /// A closure that was decided in a review.
    pub(super) fn of(closing: &Closing) -> Self {
        Self {
            reason: closing.reason,
            on: Some(closing.on),
            note: closing.note.as_ref().map_or_else(String::new, ToString::to_string),
            ticked: BTreeSet::new(),
            handed_over: Vec::new(),
        }
    }

    fn note(&self) -> Result<Option<Note>, AppError> {
        let mut errors = Vec::new();
        let note = optional("note", "Note", &self.note, &mut errors);
        if note.is_none() && self.reason.needs_note() && errors.is_empty() {
            return Err(CaseError::NoteMissing(self.reason).into());
        }
        if errors.is_empty() { Ok(note) } else { Err(AppError::Invalid(errors)) }
    }
}

/// What a closure, or a review, led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closed {
    /// The case's new version.
    pub version: i32,
    /// How many open actions were settled with it.
    pub settled: usize,
}

/// Proposes to close a case. The next agenda lists it among the proposed closures.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Rule`], [`AppError::Stale`], [`AppError::NotFound`].
pub fn propose_closure(
    ctx: &Ctx<'_>,
    id: CaseId,
    version: i32,
    form: &ClosureForm,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let row = take(az, id, version)?;
        propose_within(ctx, az, &row, form)?;
        Ok(version + 1)
    })
}

/// Proposes to close a case inside a transaction, as when a meeting decides so.
pub(crate) fn propose_within(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: &CaseRow,
    form: &ClosureForm,
) -> Result<(), AppError> {
    let note = form.note()?;
    if !value(row).is_open() {
        return Err(CaseError::AlreadyClosed.into());
    }
    let proposal = ClosureProposal {
        reason: form.reason,
        note,
        ticked: form.ticked.clone(),
        by: ctx.user(),
        on: ctx.today,
    };
    let proposal = serde_json::to_string(&proposal).map_err(AppError::failed)?;
    if !cases::propose_closure(az, row, &proposal)? {
        return Err(AppError::Stale);
    }
    az.did(deed("case.propose_closure", row));
    Ok(())
}

/// Takes a proposal to close a case back.
///
/// # Errors
/// [`AppError::Rule`], [`AppError::Stale`], [`AppError::NotFound`].
pub fn drop_proposal(ctx: &Ctx<'_>, id: CaseId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let row = take(az, id, version)?;
        let dropped = drop_proposal_within(az, &row)?;
        Ok(if dropped { version + 1 } else { version })
    })
}

/// Takes a proposal back inside a transaction; `false` where there is none.
pub(crate) fn drop_proposal_within(az: &mut Authz<'_>, row: &CaseRow) -> Result<bool, AppError> {
    let waits = cases::notes(az, row.id)?.is_some_and(|notes| !notes.closure_proposed.is_empty());
    if !waits {
        return Ok(false);
    }
    if !cases::propose_closure(az, row, "")? {
        return Err(AppError::Stale);
    }
    az.did(deed("case.drop_proposal", row));
    Ok(true)
}

/// Closes a case as its panel's chair, and settles every open action on the same day: those handed
/// over go on outside of the panel, the others are withdrawn. There is no next review.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Rule`] `not_allowed` or `already_closed`, [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn close(
    ctx: &Ctx<'_>,
    id: CaseId,
    version: i32,
    form: &ClosureForm,
) -> Result<Closed, AppError> {
    ctx.write(|az| {
        let row = take(az, id, version)?;
        close_within(ctx, az, &row, form)
    })
}

/// The chair as core knows her or him; whoever does not chair the panel stays a coordinator.
fn chair(ctx: &Ctx<'_>, row: &CaseRow) -> By {
    let chairs = ctx.actor().chairs(row.panel);
    By { user: ctx.user(), capacity: if chairs { Capacity::Chair } else { Capacity::Coordinator } }
}

/// Closes a case inside a transaction, as when a review or a meeting decides so.
pub(crate) fn close_within(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: &CaseRow,
    form: &ClosureForm,
) -> Result<Closed, AppError> {
    let closing =
        Closing { on: form.on.unwrap_or(ctx.today), reason: form.reason, note: form.note()? };
    let kept = panel_store::actions::of_case(az, row.id, true)?;
    let handed_over: BTreeMap<ActionId, AgencyId> =
        form.handed_over.iter().map(|one| (one.action, one.to)).collect();
    let reason = Note::parse("The case was closed.").map_err(AppError::failed)?;
    let case = value(row);
    let open = kept.iter().map(|kept| kept.action.clone()).collect();
    let settlement = Settlement { reason, handed_over };
    let (_, settled) =
        case.close(closing.clone(), open, &settlement, chair(ctx, row), ctx.today)?;
    actions::settle(ctx, az, &kept, &settled)?;
    if !cases::close(az, row, &closing, Some(ctx.user()))? {
        return Err(AppError::Stale);
    }
    az.did(deed("case.close", row).with(closing.reason.code()));
    Ok(Closed { version: row.version + 1, settled: settled.len() })
}

/// Opens a case again that was closed by mistake. Settled actions stay as they are.
///
/// # Errors
/// [`AppError::Invalid`] for the reason, [`AppError::Rule`] `not_allowed`, `not_closed` or
/// `open_case` when the person has another open case by now, [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn reopen(ctx: &Ctx<'_>, id: CaseId, version: i32, reason: &str) -> Result<i32, AppError> {
    let reason = Note::parse(reason)
        .map_err(|e| AppError::Invalid(vec![text_error("reason", "Reason", &e)]))?;
    ctx.write(|az| {
        let row = take(az, id, version)?;
        let (_, reopening) = value(&row).reopen(chair(ctx, &row), reason, ctx.today)?;
        people::hold(az, row.person)?;
        let records = people::records_of(az, row.person)?;
        if cases::open_of(az, row.panel, &records)?.is_some() {
            let message = "This person has another open case at this panel";
            return Err(AppError::rule("open_case", message));
        }
        let history = history(az, id, reopening)?;
        if !cases::reopen(az, &row, &history)? {
            return Err(AppError::Stale);
        }
        az.did(deed("case.reopen", &row));
        Ok(version + 1)
    })
}

/// The closures that were taken back, with one more, as they are kept.
fn history(az: &mut Authz<'_>, id: CaseId, reopening: Reopening) -> Result<String, AppError> {
    let notes = cases::notes(az, id)?.ok_or(AppError::NotFound)?;
    let mut all = super::view::reopenings(&notes.history)?;
    all.push(reopening);
    serde_json::to_string(&all).map_err(|e| StoreError::from(e).into())
}
