//! Panels and their policy.

use crate::accounts::taken;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id, PanelId};
use panel_core::settings::PanelPolicy;
use panel_core::text::Name;
use panel_store::Versioned;
pub use panel_store::panels::{Membership, Panel};
use panel_store::{agencies, panels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the form of a panel holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PanelForm {
    /// What people call it.
    pub name: String,
    /// The area it covers.
    pub area: String,
}

impl PanelForm {
    fn check(&self) -> Result<(Name, String), AppError> {
        let mut errors = Vec::new();
        let mut take = |field, label, raw: &str| {
            Name::parse(raw).map_err(|e| errors.push(text_error(field, label, &e))).ok()
        };
        let (name, area) = (take("name", "Name", &self.name), take("area", "Area", &self.area));
        match (name, area) {
            (Some(name), Some(area)) => Ok((name, area.into())),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// A panel with the agencies that belong to it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PanelDetail {
    /// The panel.
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub panel: Versioned<Panel>,
    /// Its agencies by name.
    pub agencies: Vec<Membership>,
}

fn deed(code: &'static str, id: PanelId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Panel, Some(id.uuid())).at(id)
}

const TAKEN: &str = "Another panel already has this name";

/// The panels the caller administers or has a seat at, by name.
///
/// # Errors
/// When the database fails.
pub fn list(ctx: &Ctx<'_>) -> Result<Vec<Versioned<Panel>>, AppError> {
    let actor = ctx.actor();
    let mine = |panel: &Panel| actor.seats.iter().any(|seat| seat.panel == panel.id);
    let all = ctx.read(|az| Ok(panels::list(az)?))?;
    Ok(all.into_iter().filter(|p| actor.administrator || mine(&p.value)).collect())
}

/// One panel with its agencies, for whoever administers or has a seat there.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: PanelId) -> Result<PanelDetail, AppError> {
    must_know(ctx, id)?;
    ctx.read(|az| {
        let panel = panels::find(az, id)?.ok_or(AppError::NotFound)?;
        Ok(PanelDetail { panel, agencies: panels::agencies_of(az, id)? })
    })
}

/// What a panel is called, for whoever administers or has a seat there.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn name(ctx: &Ctx<'_>, id: PanelId) -> Result<String, AppError> {
    must_know(ctx, id)?;
    ctx.read(|az| panels::name(az, id)?.ok_or(AppError::NotFound))
}

fn must_know(ctx: &Ctx<'_>, id: PanelId) -> Result<(), AppError> {
    if ctx.actor().administrator { Ok(()) } else { ctx.must_sit(id) }
}

/// Adds a panel with the published defaults.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`] for whoever does not administer.
pub fn add(ctx: &Ctx<'_>, form: &PanelForm) -> Result<PanelId, AppError> {
    ctx.must_administer()?;
    let (name, area) = form.check()?;
    let panel = Panel { id: ctx.mint(), name, area, policy: PanelPolicy::default() };
    ctx.write(|az| {
        panels::insert(az, &panel).map_err(|e| taken(e, "name", TAKEN))?;
        az.did(deed("panel.add", panel.id));
        Ok(panel.id)
    })
}

/// Changes a panel's name and area.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Stale`], [`AppError::NotFound`].
pub fn change(ctx: &Ctx<'_>, id: PanelId, version: i32, form: &PanelForm) -> Result<(), AppError> {
    ctx.must_administer()?;
    let (name, area) = form.check()?;
    ctx.write(|az| {
        let found = panels::find(az, id)?.ok_or(AppError::NotFound)?;
        let panel = Panel { name, area, ..found.value };
        let saved = panels::update(az, &panel, version).map_err(|e| taken(e, "name", TAKEN))?;
        az.did(deed("panel.change", id));
        if saved { Ok(()) } else { Err(AppError::Stale) }
    })
}

/// Changes a panel's policy. Its coordinator may, and the administrator.
///
/// # Errors
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn set_policy(
    ctx: &Ctx<'_>,
    id: PanelId,
    version: i32,
    policy: &PanelPolicy,
) -> Result<(), AppError> {
    if !ctx.actor().administrator {
        ctx.must_coordinate(id)?;
    }
    ctx.write(|az| {
        let found = panels::find(az, id)?.ok_or(AppError::NotFound)?;
        let panel = Panel { policy: policy.clone(), ..found.value };
        let saved = panels::update(az, &panel, version)?;
        az.did(deed("panel.policy", id));
        if saved { Ok(()) } else { Err(AppError::Stale) }
    })
}

/// Sets the agencies of a panel, each with whether it is asked about every case.
///
/// # Errors
/// [`AppError::NotFound`], and [`AppError::Invalid`] for an agency that is not there or named twice.
pub fn set_agencies(
    ctx: &Ctx<'_>,
    id: PanelId,
    members: &[(AgencyId, bool)],
) -> Result<(), AppError> {
    if !ctx.actor().administrator {
        ctx.must_coordinate(id)?;
    }
    ctx.write(|az| {
        panels::find(az, id)?.ok_or(AppError::NotFound)?;
        let mut known: BTreeSet<AgencyId> =
            agencies::list(az)?.into_iter().map(|agency| agency.value.id).collect();
        if !members.iter().all(|(agency, _)| known.remove(agency)) {
            let message = "Select each agency once, from those there are";
            return Err(AppError::field("agencies", "unknown", message));
        }
        panels::set_agencies(az, id, members)?;
        az.did(deed("panel.agencies", id).with(format!("{} agencies", members.len())));
        Ok(())
    })
}
