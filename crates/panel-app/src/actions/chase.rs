//! Chasing what agencies owe between meetings.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::StatusFilter;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{ActionId, Id, PanelId};
use panel_core::reminder::Subject;
use panel_store::actions::register::{self, Filter, Order};
pub use panel_store::notices::Chased;
use panel_store::{actions, notices};

/// Actions that one press chases at most.
const MOST: usize = 1_000;

/// Chases one action: its owner, or whoever answers for its agency, hears with the next digest or at
/// once; once a day at most.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn chase(ctx: &Ctx<'_>, id: ActionId, at_once: bool) -> Result<Chased, AppError> {
    ctx.write(|az| {
        let action = actions::find(az, id)?.ok_or(AppError::NotFound)?.action;
        ctx.must_run(action.panel)?;
        let chased = notices::chase(az, action.panel, &[Subject::Action(id)], at_once)?;
        let deed = Deed::new(AuditKind::Mail, "action.chase", SubjectKind::Action, Some(id.uuid()));
        az.did(deed.at(action.panel).in_case(action.case).with(counts(chased)));
        Ok(chased)
    })
}

/// Chases every overdue action of a panel, the longest overdue first.
///
/// # Errors
/// As [`chase`].
pub fn chase_overdue(ctx: &Ctx<'_>, panel: PanelId, at_once: bool) -> Result<Chased, AppError> {
    ctx.must_run(panel)?;
    ctx.write(|az| {
        let filter =
            Filter { panel: Some(panel), status: Some(StatusFilter::Overdue), ..Filter::default() };
        let overdue = register::page(az, &filter, Order::default(), None, MOST)?.lines;
        let owed: Vec<Subject> = overdue.iter().map(|line| Subject::Action(line.id)).collect();
        let chased = notices::chase(az, panel, &owed, at_once)?;
        let deed =
            Deed::new(AuditKind::Mail, "action.chase_all", SubjectKind::Panel, Some(panel.uuid()));
        az.did(deed.at(panel).with(counts(chased)));
        Ok(chased)
    })
}

fn counts(chased: Chased) -> String {
    let Chased { people, items, at_once, left_out, unheard } = chased;
    format!("{items} of {people} people, {at_once} at once, {left_out} left out, {unheard} unheard")
}
