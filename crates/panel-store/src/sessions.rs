//! What proves who asks: sessions, tokens of programs, one-time links. Only hashes are kept.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{account_links, api_tokens, seats, sessions, users};
use crate::sql_types::Sql;
use crate::store::Store;
use crate::users::{AccountRow, actor};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::access::Actor;
use panel_core::account::{LinkPurpose, Stage};
use panel_core::id::{AccountLinkId, ApiTokenId, SessionId, UserId};

/// A session as a request finds it.
#[derive(Debug, Clone)]
pub struct FoundSession {
    /// The session.
    pub id: SessionId,
    /// Whose.
    pub actor: Actor,
    /// The person's own name.
    pub name: String,
    /// The token every form of this session carries.
    pub csrf: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// When the person last proved who asks.
    pub proven_at: Option<DateTime<Utc>>,
    /// How many minutes it may stay unused.
    pub idle_minutes: i32,
}

/// The session with this token hash that was not signed out, whether or not it has run out.
pub fn find_session(
    store: &Store,
    token_hash: &str,
    today: NaiveDate,
) -> Result<Option<FoundSession>, StoreError> {
    store.peek(|conn| {
        let rows: Vec<(SessionRow, AccountRow)> = each_backend!(conn, |c| sessions::table
            .inner_join(users::table)
            .left_join(seats::table.on(seats::user_id.eq(users::id)))
            .filter(sessions::token_hash.eq(token_hash).and(sessions::ended_at.is_null()))
            .select((SessionRow::as_select(), AccountRow::as_select()))
            .order(seats::id)
            .load(c))?;
        let (sessions, accounts): (Vec<SessionRow>, Vec<AccountRow>) = rows.into_iter().unzip();
        let known = sessions.into_iter().next().zip(actor(accounts, today));
        Ok(known.map(|(row, (actor, name))| {
            let SessionRow { id, csrf, started_at, seen_at, stage, proven_at, idle_minutes } = row;
            FoundSession {
                id,
                actor,
                name,
                csrf,
                started_at,
                seen_at,
                stage,
                proven_at,
                idle_minutes,
            }
        }))
    })
}

/// What a session itself says.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    csrf: String,
    started_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    stage: Stage,
    proven_at: Option<DateTime<Utc>>,
    idle_minutes: i32,
}

/// The person behind an API token that was not revoked.
pub fn find_token(
    store: &Store,
    token_hash: &str,
    today: NaiveDate,
) -> Result<Option<(Actor, String)>, StoreError> {
    store.peek(|conn| {
        let rows: Vec<AccountRow> = api_tokens::table
            .inner_join(users::table)
            .left_join(seats::table.on(seats::user_id.eq(users::id)))
            .filter(api_tokens::token_hash.eq(token_hash).and(api_tokens::revoked_at.is_null()))
            .select(AccountRow::as_select())
            .order(seats::id)
            .load(conn)?;
        Ok(actor(rows, today))
    })
}

/// The person with this address, for an operator who acts as them in a demonstration.
pub fn find_person(
    store: &Store,
    email_folded: &str,
    today: NaiveDate,
) -> Result<Option<(Actor, String)>, StoreError> {
    store.peek(|conn| {
        let rows: Vec<AccountRow> = users::table
            .left_join(seats::table.on(seats::user_id.eq(users::id)))
            .filter(users::email_folded.eq(email_folded))
            .select(AccountRow::as_select())
            .order(seats::id)
            .load(conn)?;
        Ok(actor(rows, today))
    })
}

/// Notes that a session was used.
pub fn touch_session(store: &Store, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    store.peek(|conn| {
        diesel::update(sessions::table.find(Sql(id)))
            .set(sessions::seen_at.eq(Sql(now)))
            .execute(conn)?;
        Ok(())
    })
}

/// What a session is begun with.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// Whose.
    pub user: UserId,
    /// The hash of the cookie's secret.
    pub token_hash: &'a str,
    /// The token that every form of it carries.
    pub csrf: &'a str,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// How many minutes it may stay unused.
    pub idle_minutes: i32,
    /// Whether the person has just proved who asks.
    pub is_proven: bool,
}

/// Starts a session.
pub fn insert_session(az: &mut Authz<'_>, new: &NewSession<'_>) -> Result<SessionId, StoreError> {
    let (id, now) = (az.mint::<SessionId>(), az.now());
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(Sql(id)),
            sessions::token_hash.eq(new.token_hash),
            sessions::user_id.eq(Sql(new.user)),
            sessions::csrf.eq(new.csrf),
            sessions::started_at.eq(Sql(now)),
            sessions::seen_at.eq(Sql(now)),
            sessions::stage.eq(Sql(new.stage)),
            sessions::proven_at.eq(Sql(new.is_proven.then_some(now))),
            sessions::idle_minutes.eq(new.idle_minutes),
        ))
        .execute(az.conn())?;
    Ok(id)
}

/// Notes that the person behind a session proved once more who asks.
pub fn note_proof(az: &mut Authz<'_>, id: SessionId, user: UserId) -> Result<(), StoreError> {
    let now = az.now();
    diesel::update(sessions::table.find(Sql(id)))
        .filter(sessions::user_id.eq(Sql(user)).and(sessions::ended_at.is_null()))
        .set(sessions::proven_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    Ok(())
}

/// A session that was not signed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct OpenSession {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// How many minutes it may stay unused.
    pub idle_minutes: i32,
}

/// The whole sessions of a person that began since `since` and were not signed out, latest first.
pub fn open_sessions(
    az: &mut Authz<'_>,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<Vec<OpenSession>, StoreError> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(Sql(user)).and(sessions::ended_at.is_null()))
        .filter(sessions::started_at.ge(Sql(since)).and(sessions::stage.eq(Sql(Stage::Whole))))
        .select(OpenSession::as_select())
        .order((sessions::started_at.desc(), sessions::id.desc()))
        .load(az.conn())?)
}

/// Ends one session, or every session of a person.
pub fn end_sessions(
    az: &mut Authz<'_>,
    session: Option<SessionId>,
    user: UserId,
) -> Result<usize, StoreError> {
    let now = az.now();
    let mut query = diesel::update(sessions::table)
        .filter(sessions::user_id.eq(Sql(user)).and(sessions::ended_at.is_null()))
        .into_boxed();
    if let Some(session) = session {
        query = query.filter(sessions::id.eq(Sql(session)));
    }
    Ok(query.set(sessions::ended_at.eq(Sql(Some(now)))).execute(az.conn())?)
}

/// Ends every session of a person but this one.
pub fn end_other_sessions(
    az: &mut Authz<'_>,
    kept: SessionId,
    user: UserId,
) -> Result<usize, StoreError> {
    let others = sessions::table
        .filter(sessions::user_id.eq(Sql(user)).and(sessions::ended_at.is_null()))
        .filter(sessions::id.ne(Sql(kept)));
    let now = az.now();
    Ok(diesel::update(others).set(sessions::ended_at.eq(Sql(Some(now)))).execute(az.conn())?)
}

/// A one-time link that can still be spent.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = account_links)]
pub struct LiveLink {
    /// The link.
    pub id: AccountLinkId,
    /// For whom.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// For what.
    pub purpose: LinkPurpose,
    /// The person's name.
    #[diesel(select_expression = users::name)]
    pub name: String,
    /// The person's address.
    #[diesel(select_expression = users::email)]
    pub email: String,
}

/// Makes a one-time link and spends every older one of the same person.
pub fn insert_link(
    az: &mut Authz<'_>,
    user: UserId,
    purpose: LinkPurpose,
    token_hash: &str,
) -> Result<AccountLinkId, StoreError> {
    let (id, now) = (az.mint::<AccountLinkId>(), az.now());
    diesel::update(account_links::table)
        .filter(account_links::user_id.eq(Sql(user)).and(account_links::spent_at.is_null()))
        .set(account_links::spent_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    diesel::insert_into(account_links::table)
        .values((
            account_links::id.eq(Sql(id)),
            account_links::user_id.eq(Sql(user)),
            account_links::purpose.eq(Sql(purpose)),
            account_links::token_hash.eq(token_hash),
            account_links::created_at.eq(Sql(now)),
            account_links::expires_at.eq(Sql(now + purpose.lifetime())),
        ))
        .execute(az.conn())?;
    Ok(id)
}

/// The unspent, unexpired link with this token hash, of a person who has neither left nor is suspended.
pub fn live_link(az: &mut Authz<'_>, token_hash: &str) -> Result<Option<LiveLink>, StoreError> {
    let (now, today) = (az.now(), az.today());
    Ok(account_links::table
        .inner_join(users::table)
        .filter(account_links::token_hash.eq(token_hash))
        .filter(account_links::spent_at.is_null())
        .filter(account_links::expires_at.gt(Sql(now)))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .filter(users::suspended_on.is_null())
        .select(LiveLink::as_select())
        .first(az.conn())
        .optional()?)
}

/// Spends a link; `false` when it was spent already.
pub fn spend_link(az: &mut Authz<'_>, id: AccountLinkId) -> Result<bool, StoreError> {
    let now = az.now();
    let spent = diesel::update(account_links::table)
        .filter(account_links::id.eq(Sql(id)).and(account_links::spent_at.is_null()))
        .set(account_links::spent_at.eq(Sql(Some(now))))
        .execute(az.conn())?;
    Ok(spent == 1)
}

/// A program's token, without its secret.
#[derive(Debug, Clone, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// The token's id.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Makes a token for the caller.
pub fn insert_token(
    az: &mut Authz<'_>,
    user: UserId,
    name: &str,
    token_hash: &str,
) -> Result<ApiTokenId, StoreError> {
    let (id, now) = (az.mint::<ApiTokenId>(), az.now());
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(Sql(id)),
            api_tokens::user_id.eq(Sql(user)),
            api_tokens::name.eq(name),
            api_tokens::token_hash.eq(token_hash),
            api_tokens::created_at.eq(Sql(now)),
        ))
        .execute(az.conn())?;
    Ok(id)
}

/// A person's tokens, newest first.
pub fn tokens(az: &mut Authz<'_>, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
    Ok(api_tokens::table
        .filter(api_tokens::user_id.eq(Sql(user)))
        .select(ApiToken::as_select())
        .order(api_tokens::id.desc())
        .load(az.conn())?)
}

/// Revokes one token, or every token of a person.
pub fn revoke_tokens(
    az: &mut Authz<'_>,
    token: Option<ApiTokenId>,
    user: UserId,
) -> Result<usize, StoreError> {
    let now = az.now();
    let mut query = diesel::update(api_tokens::table)
        .filter(api_tokens::user_id.eq(Sql(user)).and(api_tokens::revoked_at.is_null()))
        .into_boxed();
    if let Some(token) = token {
        query = query.filter(api_tokens::id.eq(Sql(token)));
    }
    Ok(query.set(api_tokens::revoked_at.eq(Sql(Some(now)))).execute(az.conn())?)
}
