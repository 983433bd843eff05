//! Which agencies take part in a case, changed by hand.

use super::take;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, CaseId, Id};
use panel_core::words::{count, list};
use panel_store::cases::{self, CaseRow};
use panel_store::{Authz, actions, information, notices, panels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the form of a case's agencies holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = CaseAgenciesForm))]
#[serde(deny_unknown_fields)]
pub struct AgenciesForm {
    /// Every agency that takes part from now on.
    pub agencies: BTreeSet<AgencyId>,
}

/// Says which agencies take part in a case. The people of one that is added see the case from then
/// on; those of one that is left out no longer do, and what it was asked and has not answered is
/// withdrawn. Returns the case's version.
///
/// # Errors
/// [`AppError::Invalid`] for an agency that does not belong to the panel; [`AppError::Rule`]
/// `open_actions` where an agency that is left out owns open actions of the case; [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn set_agencies(
    ctx: &Ctx<'_>,
    id: CaseId,
    version: i32,
    form: &AgenciesForm,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let row = take(az, id, version)?;
        let there: BTreeSet<AgencyId> =
            cases::agencies_of(az, id)?.into_iter().map(|(agency, _)| agency).collect();
        let added: Vec<AgencyId> = form.agencies.difference(&there).copied().collect();
        let gone: Vec<AgencyId> = there.difference(&form.agencies).copied().collect();
        if added.is_empty() && gone.is_empty() {
            return Ok(version);
        }
        let members = panels::agencies_of(az, row.panel)?;
        if !added.iter().all(|agency| members.iter().any(|member| member.agency == *agency)) {
            let message = "Choose agencies of the panel";
            return Err(AppError::field("agencies", "not_a_member", message));
        }
        must_owe_nothing(az, id, &gone)?;
        if !cases::raise_version(az, &row)? {
            return Err(AppError::Stale);
        }
        if !added.is_empty() {
            cases::join(az, id, &added)?;
            noted(az, "case.add_agency", &row, &added);
        }
        if !gone.is_empty() {
            leave(ctx, az, &row, &gone)?;
        }
        Ok(version + 1)
    })
}

/// What an agency owes it must be able to see, so it hands that over first.
pub(super) fn must_owe_nothing(
    az: &mut Authz<'_>,
    id: CaseId,
    gone: &[AgencyId],
) -> Result<(), AppError> {
    let open = actions::of_case(az, id, true)?;
    let names = cases::agencies_of(az, id)?;
    let owing = |(agency, name): &(AgencyId, String)| {
        let owned = open.iter().filter(|kept| kept.action.owner.agency == *agency).count();
        let owes = owned > 0 && gone.contains(agency);
        owes.then(|| format!("{name} owns {}", count(owned, "open action")))
    };
    let owing: Vec<String> = names.iter().filter_map(owing).collect();
    if owing.is_empty() {
        return Ok(());
    }
    let message = format!("{} of this case. Hand them over first", list(&owing));
    Err(AppError::rule("open_actions", message))
}

/// Lets agencies take part no more, and waits for none of their replies.
pub(super) fn leave(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: &CaseRow,
    gone: &[AgencyId],
) -> Result<(), AppError> {
    let waiting = information::unanswered(az, row.id, gone)?;
    if information::withdraw(az, &waiting)? > 0 {
        notices::plan_requests(az, ctx.app.working_days(), &waiting)?;
    }
    cases::leave(az, row.id, gone)?;
    noted(az, "case.remove_agency", row, gone);
    Ok(())
}

/// One row of the audit log for each agency, which says which.
fn noted(az: &mut Authz<'_>, code: &'static str, row: &CaseRow, agencies: &[AgencyId]) {
    for agency in agencies {
        let deed = Deed::new(AuditKind::Alteration, code, SubjectKind::Agency, Some(agency.uuid()));
        az.did(deed.at(row.panel).in_case(Some(row.id)).with(agency.to_string()));
    }
}
