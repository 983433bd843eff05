//! Panels, their agencies and their policy.

use super::prelude::*;
use panel_app::Versioned;
use panel_app::panels::{self, Panel, PanelDetail, PanelForm};
use panel_core::id::{AgencyId, PanelId};
use panel_core::settings::PanelPolicy;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/panels", SignedIn => list, "The caller’s panels"),
        api!(POST "/api/v1/panels", Administrator => add, "Add a panel"),
        api!(GET "/api/v1/panels/{panel}", SignedIn => show, "One panel with its agencies"),
        api!(PUT "/api/v1/panels/{panel}", Administrator => change of show, "Change a panel’s name and area"),
        api!(PUT "/api/v1/panels/{panel}/policy", Manages => set_policy of show, "Change a panel’s policy"),
        api!(PUT "/api/v1/panels/{panel}/agencies", Manages => set_agencies, "Say which agencies belong to a panel"),
    ]
}

fn list(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<Versioned<Panel>>> {
    all(panels::list(ctx)?)
}

fn add(ctx: &Ctx<'_>, (): (), Body(form): Body<PanelForm>) -> Made<New<PanelId>> {
    let id = panels::add(ctx, &form)?;
    made(format!("/api/v1/panels/{id}"), New { id })
}

fn show(ctx: &Ctx<'_>, Path(id): Path<PanelId>, _: Nothing) -> Seen<PanelDetail> {
    let found = panels::show(ctx, id)?;
    one(found.panel.version, found)
}

fn change(
    ctx: &Ctx<'_>,
    Path(id): Path<PanelId>,
    Edit { version, form }: Edit<PanelForm>,
) -> Told<PanelDetail> {
    panels::change(ctx, id, version, &form)?;
    told(panels::show(ctx, id)?)
}

fn set_policy(
    ctx: &Ctx<'_>,
    Path(id): Path<PanelId>,
    Edit { version, form }: Edit<PanelPolicy>,
) -> Told<PanelDetail> {
    panels::set_policy(ctx, id, version, &form)?;
    told(panels::show(ctx, id)?)
}

/// The agencies of a panel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Members {
    /// Every agency that belongs to it from now on.
    agencies: Vec<Member>,
}

/// An agency of a panel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Member {
    /// The agency.
    agency: AgencyId,
    /// Whether it is asked for information on every case.
    #[serde(default)]
    core: bool,
}

fn set_agencies(
    ctx: &Ctx<'_>,
    Path(id): Path<PanelId>,
    Body(form): Body<Members>,
) -> Told<PanelDetail> {
    let members: Vec<_> = form.agencies.iter().map(|one| (one.agency, one.core)).collect();
    panels::set_agencies(ctx, id, &members)?;
    told(panels::show(ctx, id)?)
}
