//! Does what the preview showed: all of it in one transaction, or nothing.

use crate::actions::change::take;
use crate::actions::forms::wrong;
use crate::actions::step::{Step, apply};
use crate::context::Ctx;
use crate::drafts;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::ActionId;
use panel_core::words;
use panel_store::{Authz, actions};
use serde::{Deserialize, Serialize};

/// Where the plan of a person is kept until it is confirmed.
pub(super) const PLACE: &str = "/actions/import";

/// What the rows of a file would change.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) rows: Vec<Planned>,
    pub(super) bad: usize,
}

/// What one row would change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Planned {
    pub(super) action: ActionId,
    pub(super) version: i32,
    pub(super) steps: Vec<Step>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    /// Actions that were changed.
    pub changed: usize,
}

/// Does what the caller's last preview showed. With `without_bad` the good rows are taken although
/// others are in the way.
///
/// # Errors
/// [`AppError::NotFound`] without a preview, [`AppError::Rule`] `bad_rows` when rows are in the way,
/// [`AppError::Invalid`] with one entry for each action that was changed meanwhile; nothing is
/// changed then.
pub fn confirm(ctx: &Ctx<'_>, without_bad: bool) -> Result<Done, AppError> {
    ctx.write(|az| {
        let (plan, _) = drafts::read(ctx, az, PLACE)?.ok_or(AppError::NotFound)?;
        let plan: Plan = serde_json::from_str(&plan).map_err(AppError::failed)?;
        if plan.bad > 0 && !without_bad {
            let problems = words::count(plan.bad, "problem");
            let message = format!("{problems} in the file: correct it, or leave those rows out");
            return Err(AppError::rule("bad_rows", message));
        }
        let mut errors = Vec::new();
        for row in &plan.rows {
            match all_steps(ctx, az, row) {
                Ok(()) => {}
                Err(AppError::Stale | AppError::NotFound) => {
                    let message = "Somebody else changed this action since the preview";
                    errors.push(wrong(&format!("actions.{}", row.action), "stale", message));
                }
                Err(other) => return Err(other),
            }
        }
        if !errors.is_empty() {
            return Err(AppError::Invalid(errors));
        }
        drafts::drop(ctx, az, PLACE)?;
        let done = Done { changed: plan.rows.len() };
        let deed = Deed::new(AuditKind::Alteration, "action.import", SubjectKind::Listing, None);
        az.did(deed.with(words::count(done.changed, "action")));
        Ok(done)
    })
}

fn all_steps(ctx: &Ctx<'_>, az: &mut Authz<'_>, row: &Planned) -> Result<(), AppError> {
    let mut kept = take(az, row.action, row.version)?;
    for step in &row.steps {
        apply(ctx, az, &kept, step.clone())?;
        kept = actions::find(az, row.action)?.ok_or(AppError::NotFound)?;
    }
    Ok(())
}
