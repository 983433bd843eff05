//! The outbox: messages are put in with the change that asks for them, and taken out under a lease.

use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{account_links, messages, users};
use crate::sql_types::Sql;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::id::{AccountLinkId, MessageId, UserId};
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
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct Leased {
    /// The message.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// To whom.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// Where it goes.
    pub address: String,
    /// The key under which it was put in.
    pub dedupe: String,
    /// JSON of counts and dates.
    pub content: String,
    /// The one-time part of an account link.
    pub secret: Option<String>,
    /// Attempts, this one among them.
    pub attempts: i32,
    /// Leases that ran out.
    pub crash_attempts: i32,
    /// The epoch of this lease.
    pub lease_epoch: i32,
    /// Not to be sent after.
    pub expires_at: DateTime<Utc>,
    /// Where it stood before this lease.
    pub state: MessageState,
}

/// What waits or is being sent, in the words of the partial index: a bound value would hide from
/// the planner that the index holds these rows.
fn on_its_way() -> SqlLiteral<Bool> {
    sql::<Bool>("messages.state IN ('pending', 'leased')")
}

macro_rules! due {
    ($now:expr) => {
        messages::table.filter(on_its_way()).filter(messages::not_before.le(Sql($now))).filter(
            messages::state
                .eq(Sql(MessageState::Pending))
                .or(messages::lease_until.lt(Sql(Some($now)))),
        )
    };
}

macro_rules! next_due {
    ($now:expr) => {
        due!($now)
            .filter(messages::expires_at.gt(Sql($now)))
            .order((messages::not_before, messages::id))
            .limit(1)
            .select(Leased::as_select())
    };
}

/// Takes the next due message for `worker`, one at a time, so that no lease waits in a queue while
/// another message is being sent. A message over which three workers died is set aside and not
/// returned.
pub fn claim(az: &mut Authz<'_>, worker: &str) -> Result<Option<Leased>, StoreError> {
    let now = az.now();
    loop {
        let found: Option<Leased> = match az.conn() {
            Conn::Pg(pg) => next_due!(now).for_update().skip_locked().first(pg).optional()?,
            Conn::Sqlite(sqlite) => next_due!(now).first(sqlite).optional()?,
        };
        let Some(mut message) = found else { return Ok(None) };
        message.crash_attempts += i32::from(message.state == MessageState::Leased);
        if message.crash_attempts < MAX_CRASHES {
            lease(az, &mut message, worker)?;
            return Ok(Some(message));
        }
        close(az, message.id, MessageState::Poison, "three workers ended while sending it")?;
    }
}

/// Closes what waited past its time, and names it.
pub fn expire(az: &mut Authz<'_>) -> Result<Vec<(MessageId, MessageKind)>, StoreError> {
    let now = az.now();
    macro_rules! late {
        () => {
            due!(now)
                .filter(messages::expires_at.le(Sql(now)))
                .order(messages::id)
                .select((messages::id, messages::kind))
        };
    }
    let late: Vec<(MessageId, MessageKind)> = match az.conn() {
        Conn::Pg(pg) => late!().for_update().skip_locked().load(pg)?,
        Conn::Sqlite(sqlite) => late!().load(sqlite)?,
    };
    for (id, _) in &late {
        close(az, *id, MessageState::Expired, "its time had passed")?;
    }
    Ok(late)
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

/// Whom a message is for, as the directory says now.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Recipient {
    /// The person's own name.
    pub name: String,
    /// Where mail goes now.
    #[diesel(column_name = email)]
    pub address: String,
    /// The day the person left.
    pub ended_on: Option<NaiveDate>,
}

impl Recipient {
    /// Whether the person is still here on `today`.
    pub fn is_active(&self, today: NaiveDate) -> bool {
        self.ended_on.is_none_or(|day| day > today)
    }
}

/// Looks up whom a message is for.
pub fn recipient(az: &mut Authz<'_>, user: UserId) -> Result<Option<Recipient>, StoreError> {
    Ok(users::table.find(Sql(user)).select(Recipient::as_select()).first(az.conn()).optional()?)
}

/// The key under which the message of an account link is put in.
pub fn link_key(link: AccountLinkId) -> String {
    format!("link {link}")
}

/// Whether the account link of this message can still be spent: it was not replaced by a newer one.
pub fn has_live_link(az: &mut Authz<'_>, message: &Leased) -> Result<bool, StoreError> {
    let link = message.dedupe.strip_prefix("link ").and_then(|id| id.parse().ok());
    let Some(link) = link else { return Ok(false) };
    let live = account_links::table
        .find(Sql::<AccountLinkId>(link))
        .filter(account_links::spent_at.is_null())
        .select(account_links::id);
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(az.conn())?)
}

/// Corrects the counts and dates of a message that is about to be sent.
pub fn set_content(az: &mut Authz<'_>, message: &Leased, content: &str) -> Result<(), StoreError> {
    diesel::update(messages::table.find(Sql(message.id)))
        .filter(messages::lease_epoch.eq(message.lease_epoch))
        .set(messages::content.eq(content))
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
#[derive(Debug, Clone, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = messages)]
pub struct SentRow {
    /// The message.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// To whom.
    #[diesel(column_name = user_id)]
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

/// The line of one message.
pub fn find(az: &mut Authz<'_>, id: MessageId) -> Result<Option<SentRow>, StoreError> {
    Ok(messages::table.find(Sql(id)).select(SentRow::as_select()).first(az.conn()).optional()?)
}

/// When each of these people last got a message of this kind, looking back to `since`.
pub fn last_put_in(
    az: &mut Authz<'_>,
    kind: MessageKind,
    people: &[UserId],
    since: DateTime<Utc>,
) -> Result<Vec<(UserId, DateTime<Utc>)>, StoreError> {
    Ok(messages::table
        .filter(messages::user_id.eq_any(all(people)))
        .filter(messages::created_at.ge(Sql(since)))
        .filter(messages::kind.eq(Sql(kind)))
        .order(messages::created_at)
        .select((messages::user_id, messages::created_at))
        .load(az.conn())?)
}

/// The newest messages, of one person when given.
pub fn log(
    az: &mut Authz<'_>,
    user: Option<UserId>,
    limit: i64,
) -> Result<Vec<SentRow>, StoreError> {
    let mut query = messages::table
        .select(SentRow::as_select())
        .order(messages::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(user) = user {
        query = query.filter(messages::user_id.eq(Sql(user)));
    }
    Ok(query.load(az.conn())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conn::testing::plan;

    #[test]
    fn what_is_due_is_found_among_what_waits() {
        let plan = plan(&next_due!(DateTime::UNIX_EPOCH));
        assert_eq!(plan, "SEARCH messages USING INDEX messages_due (not_before<?)");
    }
}
