//! Agencies. They hold no case content, so reading them leaves no trail.

use crate::Versioned;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::agencies;
use crate::sql_types::Sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::agency::Agency;
use panel_core::id::AgencyId;
use panel_core::text::{Name, fold};
use panel_core::vocabulary::AgencyType;

#[derive(Queryable, Selectable)]
#[diesel(table_name = agencies)]
struct Row {
    id: AgencyId,
    name: String,
    kind: AgencyType,
    mail_domains: String,
    aliases: String,
    ended_on: Option<NaiveDate>,
    version: i32,
}

impl TryFrom<Row> for Versioned<Agency> {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let name = Name::parse(&row.name).map_err(|e| StoreError::Unreadable(e.to_string()))?;
        let value = Agency {
            id: row.id,
            name,
            kind: row.kind,
            mail_domains: row.mail_domains.split_whitespace().map(str::to_owned).collect(),
            aliases: row.aliases.lines().map(str::to_owned).collect(),
            ended_on: row.ended_on,
        };
        Ok(Self { value, version: row.version })
    }
}

/// Every agency by name, the ones that left last.
pub fn list(az: &mut Authz<'_>) -> Result<Vec<Versioned<Agency>>, StoreError> {
    let rows: Vec<Row> = agencies::table
        .order((agencies::ended_on.is_not_null(), agencies::name_folded))
        .select(Row::as_select())
        .load(az.conn())?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One agency.
pub fn find(az: &mut Authz<'_>, id: AgencyId) -> Result<Option<Versioned<Agency>>, StoreError> {
    let row: Option<Row> =
        agencies::table.find(Sql(id)).select(Row::as_select()).first(az.conn()).optional()?;
    row.map(TryInto::try_into).transpose()
}

/// Adds an agency.
///
/// # Errors
/// [`StoreError::Taken`] when another agency has this name, however it is spelt.
pub fn insert(az: &mut Authz<'_>, agency: &Agency) -> Result<(), StoreError> {
    diesel::insert_into(agencies::table)
        .values((
            agencies::id.eq(Sql(agency.id)),
            agencies::name.eq(agency.name.as_str()),
            agencies::name_folded.eq(fold(agency.name.as_str())),
            agencies::kind.eq(Sql(agency.kind)),
            agencies::mail_domains.eq(agency.mail_domains.join(" ")),
            agencies::aliases.eq(agency.aliases.join("\n")),
            agencies::ended_on.eq(agency.ended_on),
            agencies::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes an agency; `false` when somebody else changed it since `version` was read.
///
/// # Errors
/// [`StoreError::Taken`] when another agency has this name.
pub fn update(az: &mut Authz<'_>, agency: &Agency, version: i32) -> Result<bool, StoreError> {
    let changed = diesel::update(agencies::table)
        .filter(agencies::id.eq(Sql(agency.id)).and(agencies::version.eq(version)))
        .set((
            agencies::name.eq(agency.name.as_str()),
            agencies::name_folded.eq(fold(agency.name.as_str())),
            agencies::kind.eq(Sql(agency.kind)),
            agencies::mail_domains.eq(agency.mail_domains.join(" ")),
            agencies::aliases.eq(agency.aliases.join("\n")),
            agencies::ended_on.eq(agency.ended_on),
            agencies::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}
