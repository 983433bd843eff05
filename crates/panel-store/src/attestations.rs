//! Who confirmed in which quarter that people still work for an agency.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::dormant;
use crate::error::StoreError;
use crate::schema::{agencies, attestations, users};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::attestation::Quarter;
use panel_core::id::{AgencyId, UserId};

/// A person of an agency, and whether somebody confirmed them.
#[derive(Debug, Clone, Queryable)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// That person's name.
    pub name: String,
    /// Whether the person runs the service.
    pub administrator: bool,
    /// When the person last signed in.
    pub last_sign_in: Option<DateTime<Utc>>,
    /// The day on which the account was suspended.
    pub suspended_on: Option<NaiveDate>,
    /// When the person was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The people whom an agency employs today, by name.
pub fn members(
    az: &mut Authz<'_>,
    agency: AgencyId,
    quarter: Quarter,
) -> Result<Vec<Member>, StoreError> {
    let today = az.today();
    let said = attestations::user_id
        .eq(users::id)
        .and(attestations::agency_id.eq(users::agency_id))
        .and(attestations::quarter.eq(quarter.first()));
    Ok(users::table
        .left_join(attestations::table.on(said))
        .filter(users::agency_id.eq(Sql(agency)))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .select((
            users::id,
            users::name,
            users::administrator,
            users::last_sign_in,
            users::suspended_on,
            attestations::confirmed_at.nullable(),
        ))
        .order((users::name, users::id))
        .load(az.conn())?)
}

/// Notes that a person is confirmed; once is enough.
pub fn confirm(
    az: &mut Authz<'_>,
    user: UserId,
    agency: AgencyId,
    quarter: Quarter,
    by: UserId,
) -> Result<(), StoreError> {
    let now = az.now();
    each_backend!(az.conn(), |c| diesel::insert_into(attestations::table)
        .values((
            attestations::user_id.eq(Sql(user)),
            attestations::quarter.eq(quarter.first()),
            attestations::agency_id.eq(Sql(agency)),
            attestations::confirmed_by.eq(Sql(by)),
            attestations::confirmed_at.eq(Sql(now)),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Whether somebody leads an agency today of whose people one is not confirmed in this quarter.
pub fn is_owed_by(az: &mut Authz<'_>, lead: UserId) -> Result<bool, StoreError> {
    let quarter = Quarter::of(az.today());
    for count in counts(az, quarter)?.into_iter().filter(|count| count.unconfirmed > 0) {
        if dormant::leads(az, count.agency)?.contains(&lead) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An agency that employs somebody, with how many of them nobody confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// How many people it employs.
    pub people: usize,
    /// How many of them nobody confirmed in the quarter.
    pub unconfirmed: usize,
}

/// Every agency that employs somebody today, by name.
pub fn counts(az: &mut Authz<'_>, quarter: Quarter) -> Result<Vec<Count>, StoreError> {
    let today = az.today();
    let said = attestations::user_id
        .eq(users::id)
        .and(attestations::agency_id.eq(users::agency_id))
        .and(attestations::quarter.eq(quarter.first()));
    let rows: Vec<(AgencyId, String, Option<DateTime<Utc>>)> = users::table
        .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
        .left_join(attestations::table.on(said))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .select((agencies::id, agencies::name, attestations::confirmed_at.nullable()))
        .order((agencies::name_folded, agencies::id))
        .load(az.conn())?;
    let mut counts: Vec<Count> = Vec::new();
    for (agency, name, confirmed) in rows {
        let unconfirmed = usize::from(confirmed.is_none());
        match counts.last_mut().filter(|last| last.agency == agency) {
            Some(last) => {
                last.people += 1;
                last.unconfirmed += unconfirmed;
            }
            None => counts.push(Count { agency, name, people: 1, unconfirmed }),
        }
    }
    Ok(counts)
}
