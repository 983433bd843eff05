//! Accounts that nobody uses: found, warned, suspended, and opened again.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::{account_links, seats, users};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::access::Role;
use panel_core::dormancy::Account;
use panel_core::id::{AgencyId, UserId};
use panel_core::time::local_date;
use std::collections::HashMap;

/// An open account with what tells its last use.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
struct Row {
    #[diesel(column_name = id)]
    user: UserId,
    administrator: bool,
    last_sign_in: Option<DateTime<Utc>>,
    warned_on: Option<NaiveDate>,
    reopened_on: Option<NaiveDate>,
}

/// The accounts that somebody could sign in to today, with the day of their last use.
pub fn open_accounts(az: &mut Authz<'_>) -> Result<Vec<Account>, StoreError> {
    let today = az.today();
    // Whoever comes through a directory may never have had a password.
    let can_come = users::password_hash.is_not_null().or(users::last_sign_in.is_not_null());
    let rows: Vec<Row> = users::table
        .filter(can_come.and(users::suspended_on.is_null()))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .select(Row::as_select())
        .order(users::id)
        .load(az.conn())?;
    // Somebody may have chosen a password and never have come further.
    let begun = passwords_set(az)?;
    let day = |at: Option<DateTime<Utc>>| at.map(local_date);
    let account = |row: Row| {
        let begun = day(begun.get(&row.user).copied());
        let used = [day(row.last_sign_in), row.reopened_on, begun].into_iter().flatten().max();
        Account {
            user: row.user,
            administrator: row.administrator,
            used_on: used.unwrap_or(NaiveDate::MIN),
            warned_on: row.warned_on,
        }
    };
    Ok(rows.into_iter().map(account).collect())
}

/// When each person last set a password by a link.
fn passwords_set(az: &mut Authz<'_>) -> Result<HashMap<UserId, DateTime<Utc>>, StoreError> {
    let spent: Vec<(UserId, Option<DateTime<Utc>>)> = account_links::table
        .filter(account_links::spent_at.is_not_null())
        .select((account_links::user_id, account_links::spent_at))
        .order(account_links::spent_at)
        .load(az.conn())?;
    Ok(spent.into_iter().filter_map(|(user, at)| Some((user, at?))).collect())
}

/// Notes that a person was warned today.
pub fn note_warned(az: &mut Authz<'_>, user: UserId) -> Result<(), StoreError> {
    let today = az.today();
    diesel::update(users::table.find(Sql(user)))
        .set(users::warned_on.eq(Some(today)))
        .execute(az.conn())?;
    Ok(())
}

/// Suspends an account today; `false` when another node did, or its person has signed in since it was
/// looked at.
pub fn suspend(az: &mut Authz<'_>, account: &Account) -> Result<bool, StoreError> {
    let today = az.today();
    // The row is held first, so that a sign-in comes either before this look or after the suspension.
    let held = diesel::update(users::table.find(Sql(account.user)))
        .filter(users::suspended_on.is_null().and(users::ended_on.is_null()))
        .set(users::suspended_on.eq(Some(today)))
        .execute(az.conn())?;
    if held == 0 {
        return Ok(false);
    }
    let last: Option<DateTime<Utc>> =
        users::table.find(Sql(account.user)).select(users::last_sign_in).first(az.conn())?;
    if last.is_some_and(|at| local_date(at) > account.used_on) {
        open_again(az, account.user)?;
        return Ok(false);
    }
    Ok(true)
}

fn open_again(az: &mut Authz<'_>, user: UserId) -> Result<usize, StoreError> {
    Ok(diesel::update(users::table.find(Sql(user)))
        .filter(users::suspended_on.is_not_null())
        .set(users::suspended_on.eq(None::<NaiveDate>))
        .execute(az.conn())?)
}

/// Opens a suspended account again from today on; `false` when it is not suspended.
pub fn reopen(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let today = az.today();
    if open_again(az, user)? == 0 {
        return Ok(false);
    }
    diesel::update(users::table.find(Sql(user)))
        .set((users::reopened_on.eq(Some(today)), users::warned_on.eq(None::<NaiveDate>)))
        .execute(az.conn())?;
    Ok(true)
}

/// Whether a person was warned and has not signed in since.
pub fn is_warned(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let found: Option<(Option<NaiveDate>, Option<DateTime<Utc>>)> = users::table
        .find(Sql(user))
        .filter(users::suspended_on.is_null())
        .select((users::warned_on, users::last_sign_in))
        .first(az.conn())
        .optional()?;
    let stands = |(warned, last): (Option<NaiveDate>, Option<DateTime<Utc>>)| {
        warned.is_some_and(|on| last.is_none_or(|at| local_date(at) < on))
    };
    Ok(found.is_some_and(stands))
}

/// Who leads this agency today, at whatever panel.
pub fn leads(az: &mut Authz<'_>, agency: AgencyId) -> Result<Vec<UserId>, StoreError> {
    let today = az.today();
    Ok(seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::role.eq(Sql(Role::AgencyLead)).and(seats::agency_id.eq(Sql(agency))))
        .filter(seats::starts_on.le(today))
        .filter(seats::ends_on.is_null().or(seats::ends_on.ge(Some(today))))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .filter(users::suspended_on.is_null())
        .select(seats::user_id)
        .distinct()
        .order(seats::user_id)
        .load(az.conn())?)
}
