//! What a person typed and has not saved, and the answers that form submissions got: sealed, both.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::people::begins_with;
use crate::schema::{drafts, operations};
use crate::sql_types::Sql;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use panel_core::id::{RequestId, UserId};

/// What was typed, sealed, and when.
pub type Kept = (Vec<u8>, DateTime<Utc>);

/// Keeps what was typed at a place; the newest text wins.
pub fn save(az: &mut Authz<'_>, user: UserId, place: &str, body: &[u8]) -> Result<(), StoreError> {
    let now = az.now();
    each_backend!(az.conn(), |c| diesel::insert_into(drafts::table)
        .values((
            drafts::user_id.eq(Sql(user)),
            drafts::place.eq(place),
            drafts::body.eq(body),
            drafts::saved_at.eq(Sql(now)),
        ))
        .on_conflict((drafts::user_id, drafts::place))
        .do_update()
        .set((drafts::body.eq(body), drafts::saved_at.eq(Sql(now))))
        .execute(c))?;
    Ok(())
}

/// What was typed at a place, and when.
pub fn find(az: &mut Authz<'_>, user: UserId, place: &str) -> Result<Option<Kept>, StoreError> {
    Ok(drafts::table
        .find((Sql(user), place))
        .select((drafts::body, drafts::saved_at))
        .first(az.conn())
        .optional()?)
}

/// The places that begin with `prefix` at which something was typed, the latest first, at most
/// `limit`, each with what was typed and when.
pub fn list(
    az: &mut Authz<'_>,
    user: UserId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<(String, Kept)>, StoreError> {
    Ok(drafts::table
        .filter(drafts::user_id.eq(Sql(user)))
        .filter(begins_with!(drafts::place, prefix))
        .order((drafts::saved_at.desc(), drafts::place))
        .limit(limit)
        .select((drafts::place, (drafts::body, drafts::saved_at)))
        .load(az.conn())?)
}

/// Forgets what was typed at a place, once it is saved or dropped.
pub fn forget(az: &mut Authz<'_>, user: UserId, place: &str) -> Result<(), StoreError> {
    diesel::delete(drafts::table.find((Sql(user), place))).execute(az.conn())?;
    Ok(())
}

/// The answer this submission got before, when it was made by the same person.
pub fn answered(
    az: &mut Authz<'_>,
    operation: RequestId,
    user: UserId,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(operations::table
        .filter(operations::id.eq(Sql(operation)).and(operations::user_id.eq(Sql(user))))
        .select(operations::answer)
        .first(az.conn())
        .optional()?)
}

/// Keeps the answer of a submission for a day, and forgets those that are older.
///
/// # Errors
/// [`StoreError::Taken`] when the same submission was answered meanwhile; the change rolls back.
pub fn answer(
    az: &mut Authz<'_>,
    operation: RequestId,
    user: UserId,
    answer: &[u8],
) -> Result<(), StoreError> {
    let now = az.now();
    diesel::delete(
        operations::table.filter(operations::done_at.lt(Sql(now - Duration::hours(24)))),
    )
    .execute(az.conn())?;
    diesel::insert_into(operations::table)
        .values((
            operations::id.eq(Sql(operation)),
            operations::user_id.eq(Sql(user)),
            operations::answer.eq(answer),
            operations::done_at.eq(Sql(now)),
        ))
        .execute(az.conn())?;
    Ok(())
}
