//! Passkeys, and the one question a session may have put to a device.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{passkey_challenges, passkeys};
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::id::{PasskeyId, SessionId, UserId};
use panel_core::passkey::Purpose;

/// A passkey as it is kept. The private key never leaves its device.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = passkeys)]
pub struct Passkey {
    /// The passkey.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// The id that the device gave it.
    pub credential: Vec<u8>,
    /// The public key.
    pub public_key: Vec<u8>,
    /// Its counter and what else changes with use.
    pub state: Vec<u8>,
    /// By which ways the device is reached, as bits.
    pub transports: i32,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a new passkey is kept as.
#[derive(Debug, Clone, Copy)]
pub struct NewPasskey<'a> {
    /// Whose.
    pub user: UserId,
    /// What its owner calls it.
    pub name: &'a str,
    /// The id that the device gave it.
    pub credential: &'a [u8],
    /// The public key.
    pub public_key: &'a [u8],
    /// Its counter and what else changes with use.
    pub state: &'a [u8],
    /// By which ways the device is reached, as bits.
    pub transports: i32,
}

/// A person's passkeys, oldest first.
pub fn list(az: &mut Authz<'_>, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    Ok(passkeys::table
        .filter(passkeys::user_id.eq(Sql(user)))
        .select(Passkey::as_select())
        .order((passkeys::made_at, passkeys::id))
        .load(az.conn())?)
}

/// How many passkeys a person has.
pub fn count(az: &mut Authz<'_>, user: UserId) -> Result<i64, StoreError> {
    Ok(passkeys::table.filter(passkeys::user_id.eq(Sql(user))).count().get_result(az.conn())?)
}

/// Keeps a new passkey.
///
/// # Errors
/// [`StoreError::Taken`] when a passkey with this id is kept already, whoever has it.
pub fn insert(az: &mut Authz<'_>, new: &NewPasskey<'_>) -> Result<PasskeyId, StoreError> {
    let (id, now) = (az.mint::<PasskeyId>(), az.now());
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::id.eq(Sql(id)),
            passkeys::user_id.eq(Sql(new.user)),
            passkeys::name.eq(new.name),
            passkeys::credential.eq(new.credential),
            passkeys::public_key.eq(new.public_key),
            passkeys::state.eq(new.state),
            passkeys::transports.eq(new.transports),
            passkeys::made_at.eq(Sql(now)),
        ))
        .execute(az.conn())?;
    Ok(id)
}

/// Notes that a passkey was used, with the counter that it showed.
pub fn note_use(az: &mut Authz<'_>, id: PasskeyId, state: &[u8]) -> Result<(), StoreError> {
    let now = az.now();
    diesel::update(passkeys::table.find(Sql(id)))
        .set((passkeys::state.eq(state), passkeys::used_at.eq(Sql(Some(now)))))
        .execute(az.conn())?;
    Ok(())
}

/// Removes one passkey of a person, or all; how many there were.
pub fn remove(
    az: &mut Authz<'_>,
    id: Option<PasskeyId>,
    user: UserId,
) -> Result<usize, StoreError> {
    let mut query =
        diesel::delete(passkeys::table).filter(passkeys::user_id.eq(Sql(user))).into_boxed();
    if let Some(id) = id {
        query = query.filter(passkeys::id.eq(Sql(id)));
    }
    Ok(query.execute(az.conn())?)
}

/// Keeps what a session's device is asked; a question before it can no longer be answered.
pub fn keep_challenge(
    az: &mut Authz<'_>,
    session: SessionId,
    purpose: Purpose,
    state: &[u8],
) -> Result<(), StoreError> {
    let now = az.now();
    each_backend!(az.conn(), |c| diesel::insert_into(passkey_challenges::table)
        .values((
            passkey_challenges::session_id.eq(Sql(session)),
            passkey_challenges::purpose.eq(Sql(purpose)),
            passkey_challenges::state.eq(state),
            passkey_challenges::made_at.eq(Sql(now)),
        ))
        .on_conflict(passkey_challenges::session_id)
        .do_update()
        .set((
            passkey_challenges::purpose.eq(Sql(purpose)),
            passkey_challenges::state.eq(state),
            passkey_challenges::made_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(())
}

/// What a device was asked, and when.
type Asked = (Vec<u8>, DateTime<Utc>);

/// Takes what a session's device was asked and when, which can be done once.
pub fn take_challenge(
    az: &mut Authz<'_>,
    session: SessionId,
    purpose: Purpose,
) -> Result<Option<Asked>, StoreError> {
    let asked = passkey_challenges::table.find(Sql(session));
    let found = asked
        .filter(passkey_challenges::purpose.eq(Sql(purpose)))
        .select((passkey_challenges::state, passkey_challenges::made_at))
        .first(az.conn())
        .optional()?;
    // Of two answers at once, one removes the row.
    let taken = diesel::delete(asked).execute(az.conn())?;
    Ok(found.filter(|_| taken == 1))
}
