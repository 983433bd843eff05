//! Panels, their policy, and the agencies that belong to them.

use crate::Versioned;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, panel_agencies, panels};
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::id::{AgencyId, PanelId};
use panel_core::settings::PanelPolicy;
use panel_core::text::Name;

/// A panel: MATAC, DAPP or a local name.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Panel {
    /// Its id.
    pub id: PanelId,
    /// What people call it.
    pub name: Name,
    /// The area it covers.
    pub area: String,
    /// Its day counts and switches.
    pub policy: PanelPolicy,
}

/// An agency's place at a panel.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = agencies)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The agency.
    #[diesel(column_name = id)]
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// Whether it is asked for information on every case.
    #[diesel(select_expression = panel_agencies::core)]
    pub core: bool,
}

type Row = (PanelId, String, String, String, i32);

fn panel((id, name, area, policy, version): Row) -> Result<Versioned<Panel>, StoreError> {
    let name = Name::parse(&name).map_err(|e| StoreError::Unreadable(e.to_string()))?;
    let policy = serde_json::from_str(&policy)?;
    Ok(Versioned { value: Panel { id, name, area, policy }, version })
}

/// Every panel by name. A panel's name is no case content.
pub fn list(az: &mut Authz<'_>) -> Result<Vec<Versioned<Panel>>, StoreError> {
    let rows: Vec<Row> = panels::table.order(panels::name).load(az.conn())?;
    rows.into_iter().map(panel).collect()
}

/// One panel.
pub fn find(az: &mut Authz<'_>, id: PanelId) -> Result<Option<Versioned<Panel>>, StoreError> {
    let row: Option<Row> = panels::table.find(Sql(id)).first(az.conn()).optional()?;
    row.map(panel).transpose()
}

/// What a panel is called.
pub fn name(az: &mut Authz<'_>, id: PanelId) -> Result<Option<String>, StoreError> {
    Ok(panels::table.find(Sql(id)).select(panels::name).first(az.conn()).optional()?)
}

/// A panel's id and name, with one of its agencies or none.
pub type WithAgency = (PanelId, String, Option<(AgencyId, String)>);

/// What panels are called, by name, each once with each of its agencies by name, or alone.
pub fn with_agencies(az: &mut Authz<'_>, of: &[PanelId]) -> Result<Vec<WithAgency>, StoreError> {
    let members = panel_agencies::table.inner_join(agencies::table);
    Ok(each_backend!(az.conn(), |c| panels::table
        .left_join(members.on(panel_agencies::panel_id.eq(panels::id)))
        .filter(panels::id.eq_any(all(of)))
        .order((panels::name, agencies::name_folded))
        .select((panels::id, panels::name, (agencies::id, agencies::name).nullable()))
        .load(c))?)
}

/// Adds a panel.
///
/// # Errors
/// [`StoreError::Taken`] when another panel has this name.
pub fn insert(az: &mut Authz<'_>, panel: &Panel) -> Result<(), StoreError> {
    diesel::insert_into(panels::table)
        .values((
            panels::id.eq(Sql(panel.id)),
            panels::name.eq(panel.name.as_str()),
            panels::area.eq(&panel.area),
            panels::policy.eq(serde_json::to_string(&panel.policy)?),
            panels::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes a panel; `false` when somebody else changed it since `version` was read.
///
/// # Errors
/// [`StoreError::Taken`] when another panel has this name.
pub fn update(az: &mut Authz<'_>, panel: &Panel, version: i32) -> Result<bool, StoreError> {
    let changed = diesel::update(panels::table)
        .filter(panels::id.eq(Sql(panel.id)).and(panels::version.eq(version)))
        .set((
            panels::name.eq(panel.name.as_str()),
            panels::area.eq(&panel.area),
            panels::policy.eq(serde_json::to_string(&panel.policy)?),
            panels::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// The agencies of a panel by name.
pub fn agencies_of(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<Membership>, StoreError> {
    Ok(panel_agencies::table
        .inner_join(agencies::table)
        .filter(panel_agencies::panel_id.eq(Sql(panel)))
        .select(Membership::as_select())
        .order(agencies::name_folded)
        .load(az.conn())?)
}

/// Lets agencies belong to a panel, without being asked about every case; those that belong to it
/// already stay as they are.
pub fn add_agencies(
    az: &mut Authz<'_>,
    panel: PanelId,
    agencies: &[AgencyId],
) -> Result<(), StoreError> {
    let row = |agency: &AgencyId| {
        (
            panel_agencies::panel_id.eq(Sql(panel)),
            panel_agencies::agency_id.eq(Sql(*agency)),
            panel_agencies::core.eq(false),
        )
    };
    let rows: Vec<_> = agencies.iter().map(row).collect();
    each_backend!(az.conn(), |c| diesel::insert_into(panel_agencies::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Sets which agencies belong to a panel, and which of them are core.
pub fn set_agencies(
    az: &mut Authz<'_>,
    panel: PanelId,
    members: &[(AgencyId, bool)],
) -> Result<(), StoreError> {
    diesel::delete(panel_agencies::table.filter(panel_agencies::panel_id.eq(Sql(panel))))
        .execute(az.conn())?;
    for (agency, core) in members {
        diesel::insert_into(panel_agencies::table)
            .values((
                panel_agencies::panel_id.eq(Sql(panel)),
                panel_agencies::agency_id.eq(Sql(*agency)),
                panel_agencies::core.eq(*core),
            ))
            .execute(az.conn())?;
    }
    Ok(())
}
