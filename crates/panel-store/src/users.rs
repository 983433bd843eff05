//! People who use the service, and where they sit.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{seats, users};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::access::{Actor, Role, Seat};
use panel_core::id::{AgencyId, PanelId, SeatId, UserId};
use std::collections::HashMap;

/// A person who uses the service, without the password.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = users)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// The person's own name.
    pub name: String,
    /// The address mail goes to.
    pub email: String,
    /// The agency that employs the person.
    #[diesel(column_name = agency_id)]
    pub agency: AgencyId,
    /// Whether the person runs the service.
    pub administrator: bool,
    /// When the person last signed in.
    pub last_sign_in: Option<DateTime<Utc>>,
    /// The day the person left.
    pub ended_on: Option<NaiveDate>,
    /// The day on which the account was suspended because nobody used it.
    pub suspended_on: Option<NaiveDate>,
    /// The version a change must name.
    pub version: i32,
}

/// What is needed to judge a password.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Credentials {
    /// Whose.
    #[diesel(column_name = id)]
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// The argon2id hash, unless none was set.
    pub password_hash: Option<String>,
    /// Wrong passwords in a row.
    pub failures: i32,
    /// Until when no password is looked at.
    pub locked_until: Option<DateTime<Utc>>,
    /// The day the person left.
    pub ended_on: Option<NaiveDate>,
    /// The day on which the account was suspended.
    pub suspended_on: Option<NaiveDate>,
}

/// A seat with its id and deputy, for administration.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = seats)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeatRow {
    /// The seat's id.
    pub id: SeatId,
    /// At which panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// Who sits.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// For which agency.
    #[diesel(column_name = agency_id)]
    pub agency: AgencyId,
    /// In which role.
    pub role: Role,
    /// First day.
    #[diesel(column_name = starts_on)]
    pub from: NaiveDate,
    /// Last day.
    #[diesel(column_name = ends_on)]
    pub until: Option<NaiveDate>,
    /// Whom the person stands in for.
    pub deputy_for: Option<UserId>,
}

/// Every person by name, those who left last.
pub fn list(az: &mut Authz<'_>) -> Result<Vec<User>, StoreError> {
    let order = (users::ended_on.is_not_null(), users::name, users::id);
    Ok(users::table.select(User::as_select()).order(order).load(az.conn())?)
}

/// One person.
pub fn find(az: &mut Authz<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    Ok(users::table.select(User::as_select()).find(Sql(id)).first(az.conn()).optional()?)
}

/// The names of people, which are no case content.
pub fn names(az: &mut Authz<'_>, people: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
    let found: Vec<(UserId, String)> = users::table
        .filter(users::id.eq_any(all(people)))
        .select((users::id, users::name))
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// Whether anybody is registered at all.
pub fn any(az: &mut Authz<'_>) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(az.conn())?)
}

/// The person with this address, by its folded form.
pub fn credentials(
    az: &mut Authz<'_>,
    email_folded: &str,
) -> Result<Option<Credentials>, StoreError> {
    Ok(users::table
        .filter(users::email_folded.eq(email_folded))
        .select(Credentials::as_select())
        .first(az.conn())
        .optional()?)
}

/// The people with these addresses, by their folded form, in no order.
pub fn with_addresses(az: &mut Authz<'_>, folded: &[String]) -> Result<Vec<User>, StoreError> {
    let mut found = Vec::new();
    for some in folded.chunks(500) {
        let of = users::table.filter(users::email_folded.eq_any(some)).select(User::as_select());
        found.extend(of.load::<User>(az.conn())?);
    }
    Ok(found)
}

/// Adds a person without a password.
///
/// # Errors
/// [`StoreError::Taken`] when the address is registered.
pub fn insert(az: &mut Authz<'_>, user: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table)
        .values((
            users::id.eq(Sql(user.id)),
            users::name.eq(&user.name),
            users::email.eq(&user.email),
            users::email_folded.eq(user.email.to_ascii_lowercase()),
            users::agency_id.eq(Sql(user.agency)),
            users::administrator.eq(user.administrator),
            users::failures.eq(0),
            users::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes a person; `false` when somebody else changed the row since `user.version` was read.
///
/// # Errors
/// [`StoreError::Taken`] when the address is another person's.
pub fn update(az: &mut Authz<'_>, user: &User) -> Result<bool, StoreError> {
    let changed = diesel::update(users::table)
        .filter(users::id.eq(Sql(user.id)).and(users::version.eq(user.version)))
        .set((
            users::name.eq(&user.name),
            users::email.eq(&user.email),
            users::email_folded.eq(user.email.to_ascii_lowercase()),
            users::agency_id.eq(Sql(user.agency)),
            users::administrator.eq(user.administrator),
            users::ended_on.eq(user.ended_on),
            users::version.eq(user.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Sets a password and clears the count of wrong ones.
pub fn set_password(az: &mut Authz<'_>, user: UserId, hash: &str) -> Result<(), StoreError> {
    diesel::update(users::table.find(Sql(user)))
        .set((
            users::password_hash.eq(Some(hash)),
            users::failures.eq(0),
            users::locked_until.eq(Sql(None::<DateTime<Utc>>)),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Counts a wrong password and notes until when to wait.
pub fn note_failure(
    az: &mut Authz<'_>,
    user: UserId,
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(Sql(user)))
        .set((users::failures.eq(failures), users::locked_until.eq(Sql(locked_until))))
        .execute(az.conn())?;
    Ok(())
}

/// Notes a sign-in.
pub fn note_sign_in(az: &mut Authz<'_>, user: UserId) -> Result<(), StoreError> {
    let now = az.now();
    diesel::update(users::table.find(Sql(user)))
        .set((
            users::failures.eq(0),
            users::locked_until.eq(Sql(None::<DateTime<Utc>>)),
            users::last_sign_in.eq(Sql(Some(now))),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// The seats of one panel, or of one person, newest first.
pub fn seats(
    az: &mut Authz<'_>,
    panel: Option<PanelId>,
    user: Option<UserId>,
) -> Result<Vec<SeatRow>, StoreError> {
    let mut query = seats::table
        .select(SeatRow::as_select())
        .order((seats::starts_on.desc(), seats::id))
        .into_boxed();
    if let Some(panel) = panel {
        query = query.filter(seats::panel_id.eq(Sql(panel)));
    }
    if let Some(user) = user {
        query = query.filter(seats::user_id.eq(Sql(user)));
    }
    Ok(query.load(az.conn())?)
}

/// Somebody who sits at a panel today, for whoever is to name an owner.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = users)]
pub struct Sitter {
    /// The panel.
    #[diesel(select_expression = seats::panel_id)]
    pub panel: PanelId,
    /// For which agency.
    #[diesel(select_expression = seats::agency_id)]
    pub agency: AgencyId,
    /// Who.
    #[diesel(column_name = id)]
    pub user: UserId,
    /// That person's name.
    pub name: String,
    /// The agency that employs her.
    #[diesel(column_name = agency_id)]
    pub employed_by: AgencyId,
}

/// Everybody with a live account and seat at these panels, each once for an agency, by name.
pub fn sitting(az: &mut Authz<'_>, panels: &[PanelId]) -> Result<Vec<Sitter>, StoreError> {
    let today = az.today();
    let lasts = seats::ends_on.is_null().or(seats::ends_on.ge(Some(today)).assume_not_null());
    let here = users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null());
    let mut found: Vec<Sitter> = each_backend!(az.conn(), |c| seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::panel_id.eq_any(all(panels)).and(seats::starts_on.le(today)))
        .filter(lasts.and(here))
        .order((users::name, users::id, seats::panel_id, seats::agency_id))
        .select(Sitter::as_select())
        .load(c))?;
    found.dedup();
    Ok(found)
}

/// Seats a person.
pub fn insert_seat(az: &mut Authz<'_>, seat: &SeatRow) -> Result<(), StoreError> {
    diesel::insert_into(seats::table)
        .values((
            seats::id.eq(Sql(seat.id)),
            seats::panel_id.eq(Sql(seat.panel)),
            seats::user_id.eq(Sql(seat.user)),
            seats::agency_id.eq(Sql(seat.agency)),
            seats::role.eq(Sql(seat.role)),
            seats::starts_on.eq(seat.from),
            seats::ends_on.eq(seat.until),
            seats::deputy_for.eq(Sql(seat.deputy_for)),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Ends seats after `last_day`: one seat, or every open seat of a person. One that begins later is removed.
pub fn end_seats(
    az: &mut Authz<'_>,
    seat: Option<SeatId>,
    user: Option<UserId>,
    last_day: NaiveDate,
) -> Result<usize, StoreError> {
    let open = seats::ends_on.is_null().or(seats::ends_on.gt(Some(last_day)));
    let mut query = diesel::update(seats::table).filter(open).into_boxed();
    // A seat that has not begun by then was never held: it goes.
    let later = seats::starts_on.gt(last_day);
    let mut unheld = diesel::delete(seats::table).filter(later).into_boxed();
    if let Some(seat) = seat {
        query = query.filter(seats::id.eq(Sql(seat)));
        unheld = unheld.filter(seats::id.eq(Sql(seat)));
    }
    if let Some(user) = user {
        query = query.filter(seats::user_id.eq(Sql(user)));
        unheld = unheld.filter(seats::user_id.eq(Sql(user)));
    }
    let gone = unheld.execute(az.conn())?;
    Ok(gone + query.set(seats::ends_on.eq(Some(last_day))).execute(az.conn())?)
}

/// A person's account beside one of the person's seats, if there is any.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct AccountRow {
    id: UserId,
    name: String,
    agency_id: AgencyId,
    administrator: bool,
    ended_on: Option<NaiveDate>,
    suspended_on: Option<NaiveDate>,
    opened_until: Option<DateTime<Utc>>,
    #[diesel(embed)]
    seat: Option<PlaceRow>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = seats)]
pub(crate) struct PlaceRow {
    panel_id: PanelId,
    agency_id: AgencyId,
    role: Role,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// The person of these rows, with the seats that are live on `today`, and the person's name; nobody
/// when there is no row, or the account has ended or is suspended.
pub(crate) fn actor(rows: Vec<AccountRow>, today: NaiveDate) -> Option<(Actor, String)> {
    let mut rows = rows.into_iter().peekable();
    let AccountRow {
        id, name, agency_id, administrator, ended_on, suspended_on, opened_until, ..
    } = rows.peek()?;
    if ended_on.is_some_and(|day| day <= today) || suspended_on.is_some() {
        return None;
    }
    let (user, agency, administrator, name) = (*id, *agency_id, *administrator, name.clone());
    let opened_until = *opened_until;
    let seat = |row: AccountRow| {
        let PlaceRow { panel_id: panel, agency_id: agency, role, starts_on: from, ends_on: until } =
            row.seat?;
        Some(Seat { panel, agency, role, from, until })
    };
    let seats = rows.filter_map(seat).filter(|seat| seat.is_live(today)).collect();
    Some((Actor { user, agency, administrator, seats, opened_until }, name))
}
