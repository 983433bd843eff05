//! Checkpoints of the log: made here, signed by the caller, whose key the database never sees.

use super::seals::{self, lock};
use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::{audit_checkpoints, seats, users};
use crate::sql_types::Sql;
use crate::store::Store;
use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use panel_core::access::Role;
use panel_core::audit::checkpoint::{Checkpoint, Signature, Statement, is_due};
use panel_core::audit::seal::Hash;
use panel_core::id::{LogId, UserId};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_checkpoints)]
struct Row {
    #[diesel(column_name = log_id)]
    log: LogId,
    size: i64,
    #[diesel(column_name = made_at)]
    at: DateTime<Utc>,
    head: Vec<u8>,
    signature: Vec<u8>,
}

impl Row {
    fn checkpoint(self) -> Result<Checkpoint, StoreError> {
        let Self { log, size, at, head, signature } = self;
        let signature = Signature::from_bytes(&signature)
            .ok_or_else(|| StoreError::Unreadable("a signature is 64 bytes".to_owned()))?;
        let head = Hash::from_bytes(&head)?;
        Ok(Checkpoint { says: Statement { log, size, at, head }, signature })
    }
}

fn last(conn: &mut Conn) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
    Ok(audit_checkpoints::table
        .order(audit_checkpoints::size.desc())
        .select((audit_checkpoints::size, audit_checkpoints::made_at))
        .first(conn)
        .optional()?)
}

/// Whether a checkpoint is due, without a transaction.
pub fn is_wanted(store: &Store, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let size = seals::head(store)?.map_or(0, |head| head.end.size);
    Ok(is_due(size, store.peek(last)?, now))
}

/// A checkpoint that was just made.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Whether another key signed the one before, or none was ever made.
    pub by_new_key: bool,
}

/// Has the end of the chain signed and keeps what was signed; none when another node was quicker.
/// `public_key` is the key it is checked by, in words.
pub fn make(
    az: &mut Authz<'_>,
    public_key: &str,
    sign: impl FnOnce(Statement) -> Checkpoint,
) -> Result<Option<Made>, StoreError> {
    let now = az.now().trunc_subsecs(6);
    let head = lock(az)?;
    if !is_due(head.end.size, last(az.conn())?, now) {
        return Ok(None);
    }
    let signed =
        sign(Statement { log: head.log, size: head.end.size, at: now, head: head.end.head });
    let before: Option<String> = audit_checkpoints::table
        .order(audit_checkpoints::size.desc())
        .select(audit_checkpoints::public_key)
        .first(az.conn())
        .optional()?;
    let says = &signed.says;
    diesel::insert_into(audit_checkpoints::table)
        .values((
            audit_checkpoints::size.eq(says.size),
            audit_checkpoints::log_id.eq(Sql(says.log)),
            audit_checkpoints::made_at.eq(Sql(says.at)),
            audit_checkpoints::head.eq(says.head.bytes().to_vec()),
            audit_checkpoints::public_key.eq(public_key),
            audit_checkpoints::signature.eq(signed.signature.bytes().to_vec()),
        ))
        .execute(az.conn())?;
    let by_new_key = before.as_deref() != Some(public_key);
    Ok(Some(Made { checkpoint: signed, by_new_key }))
}

/// The newest checkpoint.
pub fn newest(az: &mut Authz<'_>) -> Result<Option<Checkpoint>, StoreError> {
    let found: Option<Row> = audit_checkpoints::table
        .order(audit_checkpoints::size.desc())
        .select(Row::as_select())
        .first(az.conn())
        .optional()?;
    found.map(Row::checkpoint).transpose()
}

/// The checkpoints over more than `after` rows, the smallest first, at most `most`.
pub fn page(store: &Store, after: i64, most: i64) -> Result<Vec<Checkpoint>, StoreError> {
    store.peek(|conn| {
        let rows: Vec<Row> = audit_checkpoints::table
            .filter(audit_checkpoints::size.gt(after))
            .order(audit_checkpoints::size)
            .limit(most)
            .select(Row::as_select())
            .load(conn)?;
        rows.into_iter().map(Row::checkpoint).collect()
    })
}

macro_rules! holders {
    ($today:expr) => {
        seats::table
            .inner_join(users::table.on(users::id.eq(seats::user_id)))
            .filter(seats::role.eq(Sql(Role::AgencyLead)))
            .filter(seats::starts_on.le($today))
            .filter(seats::ends_on.is_null().or(seats::ends_on.ge(Some($today))))
            .filter(users::ended_on.is_null().or(users::ended_on.gt(Some($today))))
    };
}

/// Who keeps checkpoints for the agencies: their leads, at any panel.
pub fn holders(az: &mut Authz<'_>) -> Result<Vec<UserId>, StoreError> {
    let today = az.today();
    Ok(holders!(today).select(seats::user_id).distinct().order(seats::user_id).load(az.conn())?)
}

/// Whether this person still keeps checkpoints for an agency.
pub fn is_holder(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let today = az.today();
    let found = holders!(today).filter(seats::user_id.eq(Sql(user))).select(seats::id);
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(az.conn())?)
}
