//! What was asked for by name and not given.

use crate::app::App;
use crate::budget;
use crate::context::{Ctx, Person};
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::budget::Spent;
use panel_store::StoreError;
use panel_store::audit::denials::place;
use panel_store::budget::may_guess;
use uuid::Uuid;

/// Notes that a person asked for something and was told that it is not there. It is noted whether or
/// not it is there, so that the two take the same time; whoever runs a panel finds what was asked of
/// it, an administrator also what never was. `asked` is the route or command, without values; `ids`
/// are what was named, the widest first.
///
/// Whoever was told so again and again within minutes is slowed: until when is given back, alike for what
/// is there and what is not.
///
/// # Errors
/// When the database fails.
pub fn refused(
    app: &App,
    person: Person,
    asked: &str,
    ids: &[(SubjectKind, Uuid)],
) -> Result<Option<Spent>, AppError> {
    let Some((kind, id)) = ids.last().copied() else { return Ok(None) };
    let ctx = Ctx::new(app, person)?;
    let slowed = ctx.write(|az| {
        let slowed = match may_guess(az) {
            Err(StoreError::Spent(spent)) => Some(spent),
            other => other.map(|()| None)?,
        };
        let mut at = None;
        for (kind, id) in ids {
            at = place(az, *kind, *id)?.or(at);
        }
        let deed = Deed::new(AuditKind::Denial, "refused", kind, Some(id)).with(asked);
        az.did(match at {
            Some((panel, case)) => deed.at(panel).in_case(case),
            None => deed,
        });
        Ok(slowed)
    })?;
    if let Some(spent) = &slowed {
        budget::reached(&ctx, spent)?;
    }
    Ok(slowed)
}
