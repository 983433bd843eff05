//! One change of many actions at once: all of them, or none with a report of those in the way.

use super::amend::redating;
use super::forms::{note, one, wrong};
use super::step::{Step, apply};
use super::{Saved, set};
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use chrono::NaiveDate;
use panel_core::id::{ActionId, AgencyId, UserId};
use panel_store::Authz;
use panel_store::actions::{self, Kept};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Actions of one bulk change at most.
pub const MOST_AT_ONCE: usize = 200;

/// One action of a bulk change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkRow {
    /// The action.
    pub action: ActionId,
    /// The version that was read.
    pub version: i32,
}

/// What is to happen to each of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkChange {
    /// They take another due date.
    Redate {
        /// A date, or words such as `next panel`; empty for none.
        due: String,
    },
    /// They take another owner.
    Reassign {
        /// The agency.
        agency: AgencyId,
        /// The person, if one is named.
        #[serde(default)]
        person: Option<UserId>,
    },
    /// They were started.
    Start,
    /// They were done.
    Complete {
        /// The day.
        on: NaiveDate,
        /// What came of them.
        outcome: String,
    },
    /// They were not done.
    NotDone {
        /// Why.
        reason: String,
    },
    /// The chair withdraws them.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// A bulk change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkForm {
    /// The actions.
    pub actions: Vec<BulkRow>,
    /// What is to happen to each.
    pub change: BulkChange,
}

/// Changes many actions in the same way, each by its own rules. When one cannot be changed, none is.
///
/// # Errors
/// [`AppError::Invalid`] with one entry for each action in the way, its field named
/// `actions.<place>` from 0, or for what was typed; [`AppError::NotFound`] when one is not there.
pub fn bulk(ctx: &Ctx<'_>, form: &BulkForm) -> Result<Vec<Saved>, AppError> {
    if form.actions.is_empty() {
        return Err(one(wrong("actions", "empty", "Select at least one action")));
    }
    if form.actions.len() > MOST_AT_ONCE {
        let message = format!("Select at most {MOST_AT_ONCE} actions at once");
        return Err(one(wrong("actions", "too_many", message)));
    }
    ctx.write(|az| {
        let ids: Vec<ActionId> = form.actions.iter().map(|row| row.action).collect();
        let found = actions::find_many(az, &ids)?;
        let mut found: HashMap<ActionId, Kept> =
            found.into_iter().map(|kept| (kept.action.id, kept)).collect();
        let (mut saved, mut errors) = (Vec::new(), Vec::new());
        for (place, row) in form.actions.iter().enumerate() {
            // The same action twice is as wrong as one that is not there.
            let kept = found.remove(&row.action).ok_or(AppError::NotFound)?;
            match one_of_many(ctx, az, &kept, row.version, &form.change) {
                Ok(done) => saved.push(done),
                Err(error) => errors.extend(report(place, error)?),
            }
        }
        if errors.is_empty() { Ok(saved) } else { Err(AppError::Invalid(errors)) }
    })
}

fn one_of_many(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    version: i32,
    change: &BulkChange,
) -> Result<Saved, AppError> {
    if kept.version != version {
        return Err(AppError::Stale);
    }
    let reason = |raw: &str| note("reason", "Reason", raw).map_err(one);
    let step = match change {
        BulkChange::Redate { due } => redating(ctx, az, kept, due)?,
        BulkChange::Reassign { agency, person } => {
            let owner = set::owner(ctx, az, kept.action.panel, *agency, *person)?;
            Step::Reassign { owner: owner.map_err(one)? }
        }
        BulkChange::Start => Step::Start,
        BulkChange::Complete { on, outcome } => {
            Step::Complete { on: *on, outcome: note("outcome", "Outcome", outcome).map_err(one)? }
        }
        BulkChange::NotDone { reason: why } => Step::ReportNotDone { reason: reason(why)? },
        BulkChange::Withdraw { reason: why } => Step::Withdraw { reason: reason(why)? },
    };
    apply(ctx, az, kept, step)
}

/// What stands in the way of one action, as entries of the report. What is wrong with the form
/// itself keeps its field; failures of the database are no report.
fn report(place: usize, error: AppError) -> Result<Vec<FieldError>, AppError> {
    let row = format!("actions.{place}");
    match error {
        AppError::Rule { code, message } => Ok(vec![wrong(&row, code, message)]),
        AppError::Stale => {
            let message = "Somebody else changed this action meanwhile";
            Ok(vec![wrong(&row, "stale", message)])
        }
        AppError::Invalid(errors) => {
            Ok(errors.into_iter().map(|e| wrong(&row, e.code, e.message)).collect())
        }
        other => Err(other),
    }
}
