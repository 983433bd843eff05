//! Agencies.

use super::prelude::*;
use panel_app::Versioned;
use panel_app::agencies::{self, AgencyForm};
use panel_core::agency::Agency;
use panel_core::id::AgencyId;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/agencies", SignedIn => list, "Every agency, the ones that left last"),
        api!(POST "/api/v1/agencies", Administrator => add, "Add an agency"),
        api!(GET "/api/v1/agencies/{agency}", SignedIn => show, "One agency"),
        api!(PUT "/api/v1/agencies/{agency}", Administrator => change of show, "Change an agency"),
    ]
}

fn list(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<Versioned<Agency>>> {
    all(agencies::list(ctx)?)
}

fn add(ctx: &Ctx<'_>, (): (), Body(form): Body<AgencyForm>) -> Made<New<AgencyId>> {
    let id = agencies::add(ctx, &form)?;
    made(format!("/api/v1/agencies/{id}"), New { id })
}

fn show(ctx: &Ctx<'_>, Path(id): Path<AgencyId>, _: Nothing) -> Seen<Versioned<Agency>> {
    let found = agencies::show(ctx, id)?;
    one(found.version, found)
}

fn change(
    ctx: &Ctx<'_>,
    Path(id): Path<AgencyId>,
    Edit { version, form }: Edit<AgencyForm>,
) -> Told<Versioned<Agency>> {
    agencies::change(ctx, id, version, &form)?;
    told(agencies::show(ctx, id)?)
}
