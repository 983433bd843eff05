//! Second factors: the sealed secret of a person's app, and the hashes of codes on paper.

use crate::authz::Authz;
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::schema::{recovery_codes, second_factors};
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::id::{RecoveryCodeId, UserId};

/// A person's second factor as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = second_factors)]
pub struct Factor {
    /// The app's sealed secret.
    pub secret: Vec<u8>,
    /// The step of the last code that was taken.
    pub last_step: i64,
    /// Wrong codes in a row.
    pub failures: i32,
    /// Until when no code is looked at.
    pub locked_until: Option<DateTime<Utc>>,
}

macro_rules! of {
    ($user:expr) => {
        second_factors::table.find(Sql($user)).select(Factor::as_select())
    };
}

/// A person's second factor, held until the transaction ends, so that two guesses at once are two.
pub fn hold(az: &mut Authz<'_>, user: UserId) -> Result<Option<Factor>, StoreError> {
    Ok(match az.conn() {
        Conn::Pg(pg) => of!(user).for_update().first(pg).optional()?,
        // A transaction on SQLite holds everything.
        Conn::Sqlite(sqlite) => of!(user).first(sqlite).optional()?,
    })
}

/// Whether this person has an app.
pub fn is_set_up(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let app = second_factors::table.find(Sql(user)).select(second_factors::user_id);
    Ok(diesel::select(diesel::dsl::exists(app)).get_result(az.conn())?)
}

/// The sealed secrets of the people whose ids come after this one, at most `limit`.
pub fn sealed_after(
    az: &mut Authz<'_>,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
    let mut query = second_factors::table
        .select((second_factors::user_id, second_factors::secret))
        .order(second_factors::user_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(second_factors::user_id.gt(Sql(after)));
    }
    Ok(query.load(az.conn())?)
}

/// Puts an app to use, in place of the one before; `step` is that of its first code.
pub fn put_to_use(
    az: &mut Authz<'_>,
    user: UserId,
    sealed: &[u8],
    step: i64,
) -> Result<(), StoreError> {
    let no_pause = || second_factors::locked_until.eq(Sql(None::<DateTime<Utc>>));
    each_backend!(az.conn(), |c| diesel::insert_into(second_factors::table)
        .values((
            second_factors::user_id.eq(Sql(user)),
            second_factors::secret.eq(sealed),
            second_factors::last_step.eq(step),
            second_factors::failures.eq(0),
        ))
        .on_conflict(second_factors::user_id)
        .do_update()
        .set((
            second_factors::secret.eq(sealed),
            second_factors::last_step.eq(step),
            second_factors::failures.eq(0),
            no_pause(),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes the code of a step, which can be done once; `false` when it or a later one was taken before.
pub fn take_step(az: &mut Authz<'_>, user: UserId, step: i64) -> Result<bool, StoreError> {
    let taken = diesel::update(second_factors::table.find(Sql(user)))
        .filter(second_factors::last_step.lt(step))
        .set((
            second_factors::last_step.eq(step),
            second_factors::failures.eq(0),
            second_factors::locked_until.eq(Sql(None::<DateTime<Utc>>)),
        ))
        .execute(az.conn())?;
    Ok(taken == 1)
}

/// Counts a wrong code and notes until when to wait.
pub fn note_failure(
    az: &mut Authz<'_>,
    user: UserId,
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    diesel::update(second_factors::table.find(Sql(user)))
        .set((
            second_factors::failures.eq(failures),
            second_factors::locked_until.eq(Sql(locked_until)),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Removes a person's second factor with the codes on paper; `false` when there was none.
pub fn remove(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(Sql(user))))
        .execute(az.conn())?;
    let removed = diesel::delete(second_factors::table.find(Sql(user))).execute(az.conn())?;
    Ok(removed == 1)
}

/// Keeps a new set of codes on paper, by their hashes; the old set is void.
pub fn replace_codes(
    az: &mut Authz<'_>,
    user: UserId,
    hashes: &[String],
) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(Sql(user))))
        .execute(az.conn())?;
    for hash in hashes {
        let (id, now) = (az.mint::<RecoveryCodeId>(), az.now());
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::id.eq(Sql(id)),
                recovery_codes::user_id.eq(Sql(user)),
                recovery_codes::code_hash.eq(hash),
                recovery_codes::made_at.eq(Sql(now)),
            ))
            .execute(az.conn())?;
    }
    Ok(())
}

/// Spends a code on paper; `false` when the person has no such code that was not spent.
pub fn spend_code(az: &mut Authz<'_>, user: UserId, hash: &str) -> Result<bool, StoreError> {
    let now = az.now();
    let mine = recovery_codes::user_id.eq(Sql(user)).and(recovery_codes::code_hash.eq(hash));
    let spent = diesel::update(recovery_codes::table)
        .filter(mine.and(recovery_codes::spent_at.is_null()))
        .set(recovery_codes::spent_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    Ok(spent == 1)
}

/// How many codes on paper a person has left.
pub fn codes_left(az: &mut Authz<'_>, user: UserId) -> Result<i64, StoreError> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(Sql(user)).and(recovery_codes::spent_at.is_null()))
        .count()
        .get_result(az.conn())?)
}
