//! The outbox: messages are put in with the change that asks for them, and taken out under a lease.

use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::{messages, users};
use crate::sql_types::{Sql, all};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use panel_core::id::{MessageId, UserId};
use panel_core::outbox::{LEASE_MINUTES, MAX_CRASHES, MessageKind, MessageState, Settled};

/// A message on its way in.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// What it is.
    pub kind: MessageKind,
    /// To whom.
    pub user: UserId,
    /// The key that lets it be put in once only.
    pub dedupe: String,
    /// JSON of counts and dates.
    pub content: String,
    /// The one-time part of an account link.
    pub secret: Option<String>,
    /// Not to be sent before.
    pub not_before: DateTime<Utc>,
    /// Not to be sent after.
    pub expires_at: DateTime<Utc>,
}

/// Puts a message in; `None` when one with this key is there, or its person has left.
pub fn enqueue(az: &mut Authz<'_>, message: &NewMessage) -> Result<Option<MessageId>, StoreError> {
    let (now, today) = (az.now(), az.today());
    let there: bool = diesel::select(diesel::dsl::exists(
        messages::table.filter(messages::dedupe.eq(&message.dedupe)).select(messages::id),
    ))
    .get_result(az.conn())?;
    let address: Option<String> = users::table
        .find(Sql(message.user))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .select(users::email)
        .first(az.conn())
        .optional()?;
    let (false, Some(address)) = (there, address) else { return Ok(None) };
    let id = az.mint::<MessageId>();
    diesel::insert_into(messages::table)
        .values((
            messages::id.eq(Sql(id)),
            messages::kind.eq(Sql(message.kind)),
            messages::user_id.eq(Sql(message.user)),
            messages::address.eq(address),
            messages::dedupe.eq(&message.dedupe),
            messages::content.eq(&message.content),
            messages::secret.eq(&message.secret),
            messages::created_at.eq(Sql(now)),
            messages::not_before.eq(Sql(message.not_before)),
            messages::expires_at.eq(Sql(message.expires_at)),
            messages::state.eq(Sql(MessageState::Pending)),
            messages::attempts.eq(0),
            messages::crash_attempts.eq(0),
            messages::lease_epoch.eq(0),
            messages::last_error.eq(""),
        ))
        .execute(az.conn())?;
    Ok(Some(id))
}

/// A message under a lease.
#[derive(Debug, Clone, Queryable)]
pub struct Leased {
    /// The message.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// To whom.
    pub user: UserId,
    /// Where it goes.
    pub address: String,
    /// JSON of counts and dates.
    pub content: String,
    /// The one-time part of an account link.
    pub secret: Option<String>,
    /// Attempts before this one.
    pub attempts: i32,
    /// Leases that ran out.
    pub crash_attempts: i32,
    /// The epoch before this lease.
    pub lease_epoch: i32,
    /// Not to be sent after.
    pub expires_at: DateTime<Utc>,
    /// Where it stood before this lease.
    pub state: MessageState,
}

macro_rules! due {
    ($now:expr, $limit:expr) => {
        messages::table
            .filter(
                messages::state.eq(Sql(MessageState::Pending)).or(messages::state
                    .eq(Sql(MessageState::Leased))
                    .and(messages::lease_until.lt(Sql(Some($now))))),
            )
            .filter(messages::not_before.le(Sql($now)))
            .order((messages::not_before, messages::id))
            .limit($limit)
            .select((
                messages::id,
                messages::kind,
                messages::user_id,
                messages::address,
                messages::content,
                messages::secret,
                messages::attempts,
                messages::crash_attempts,
                messages::lease_epoch,
                messages::expires_at,
                messages::state,
            ))
    };
}

/// Takes at most `limit` due messages for `worker`. Those over which three workers died are set
/// aside, those whose time is over are expired; neither is returned.
pub fn claim(az: &mut Authz<'_>, worker: &str, limit: i64) -> Result<Vec<Leased>, StoreError> {
    let now = az.now();
    let found: Vec<Leased> = match az.conn() {
        Conn::Pg(pg) => due!(now, limit).for_update().skip_locked().load(pg)?,
        Conn::Sqlite(sqlite) => due!(now, limit).load(sqlite)?,
    };
    let mut taken = Vec::new();
    for mut message in found {
        let crashed = i32::from(message.state == MessageState::Leased);
        message.crash_attempts += crashed;
        if message.crash_attempts >= MAX_CRASHES {
            close(az, message.id, MessageState::Poison, "three workers ended while sending it")?;
        } else if message.expires_at <= now {
            close(az, message.id, MessageState::Expired, "its time had passed")?;
        } else {
            lease(az, &mut message, worker)?;
            taken.push(message);
        }
    }
    Ok(taken)
}

/// The attempt is counted before the message is sent, so that a crash counts too.
fn lease(az: &mut Authz<'_>, message: &mut Leased, worker: &str) -> Result<(), StoreError> {
    message.lease_epoch += 1;
    message.attempts += 1;
    let until = az.now() + Duration::minutes(LEASE_MINUTES);
    diesel::update(messages::table.find(Sql(message.id)))
        .set((
            messages::state.eq(Sql(MessageState::Leased)),
            messages::attempts.eq(message.attempts),
            messages::crash_attempts.eq(message.crash_attempts),
            messages::lease_owner.eq(Some(worker)),
            messages::lease_epoch.eq(message.lease_epoch),
            messages::lease_until.eq(Sql(Some(until))),
        ))
        .execute(az.conn())?;
    Ok(())
}

fn close(
    az: &mut Authz<'_>,
    id: MessageId,
    state: MessageState,
    why: &str,
) -> Result<(), StoreError> {
    diesel::update(messages::table.find(Sql(id)))
        .set((
            messages::state.eq(Sql(state)),
            messages::secret.eq(None::<String>),
            messages::last_error.eq(why),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Records what became of a message; `false` when another worker holds it by now, and nothing is
/// changed then.
pub fn settle(az: &mut Authz<'_>, message: &Leased, settled: &Settled) -> Result<bool, StoreError> {
    let now = az.now();
    let mine = messages::id
        .eq(Sql(message.id))
        .and(messages::lease_epoch.eq(message.lease_epoch))
        .and(messages::state.eq(Sql(MessageState::Leased)));
    let (state, error, next) = match settled {
        Settled::Sent => (MessageState::Sent, "", None),
        Settled::Failed(code) => (MessageState::Failed, code.as_str(), None),
        Settled::Expired(code) => (MessageState::Expired, code.as_str(), None),
        Settled::Cancelled(why) => (MessageState::Cancelled, why.as_str(), None),
        Settled::Retry(at, code) => (MessageState::Pending, code.as_str(), Some(*at)),
    };
    let changed = if let Some(at) = next {
        diesel::update(messages::table.filter(mine))
            .set((
                messages::state.eq(Sql(state)),
                messages::not_before.eq(Sql(at)),
                messages::lease_until.eq(Sql(None::<DateTime<Utc>>)),
                messages::last_error.eq(error),
            ))
            .execute(az.conn())?
    } else {
        let sent_at = (state == MessageState::Sent).then_some(now);
        diesel::update(messages::table.filter(mine))
            .set((
                messages::state.eq(Sql(state)),
                messages::secret.eq(None::<String>),
                messages::sent_at.eq(Sql(sent_at)),
                messages::last_error.eq(error),
            ))
            .execute(az.conn())?
    };
    Ok(changed == 1)
}

/// Gives up a message that is no longer wanted, such as that of a person who has left.
pub fn cancel(az: &mut Authz<'_>, id: MessageId, why: &str) -> Result<(), StoreError> {
    close(az, id, MessageState::Cancelled, why)
}

/// Cancels everything that waits for a person.
pub fn cancel_for(az: &mut Authz<'_>, user: UserId, why: &str) -> Result<usize, StoreError> {
    Ok(diesel::update(messages::table)
        .filter(messages::user_id.eq(Sql(user)).and(messages::state.eq(Sql(MessageState::Pending))))
        .set((
            messages::state.eq(Sql(MessageState::Cancelled)),
            messages::secret.eq(None::<String>),
            messages::last_error.eq(why),
        ))
        .execute(az.conn())?)
}

/// How many messages stand in each of these states.
pub fn count(az: &mut Authz<'_>, states: &[MessageState]) -> Result<i64, StoreError> {
    Ok(messages::table.filter(messages::state.eq_any(all(states))).count().get_result(az.conn())?)
}

/// One line of the send log, without body.
#[derive(Debug, Clone, Queryable, serde::Serialize)]
pub struct SentRow {
    /// The message.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// To whom.
    pub user: UserId,
    /// When it was put in.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MessageState,
    /// Attempts so far.
    pub attempts: i32,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// The last failure, a code.
    pub last_error: String,
}

/// The newest messages, of one person when given.
pub fn log(
    az: &mut Authz<'_>,
    user: Option<UserId>,
    limit: i64,
) -> Result<Vec<SentRow>, StoreError> {
    let mut query = messages::table
        .select((
            messages::id,
            messages::kind,
            messages::user_id,
            messages::created_at,
            messages::state,
            messages::attempts,
            messages::sent_at,
            messages::last_error,
        ))
        .order(messages::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(user) = user {
        query = query.filter(messages::user_id.eq(Sql(user)));
    }
    Ok(query.load(az.conn())?)
}
