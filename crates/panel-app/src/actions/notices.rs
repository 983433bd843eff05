//! Who hears of a change: the one place that plans and cancels what people are told of actions.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{Action, ActionEvent};
use panel_store::Authz;

/// A change of an action.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    /// The action before, or none when it is new.
    pub(super) before: Option<&'a Action>,
    /// The action after.
    pub(super) after: &'a Action,
    /// What happened.
    pub(super) event: &'a ActionEvent,
}

/// Called after every change of an action, in its transaction.
pub(super) fn after_change(
    _ctx: &Ctx<'_>,
    _az: &mut Authz<'_>,
    _change: &Change<'_>,
) -> Result<(), AppError> {
    Ok(())
}
