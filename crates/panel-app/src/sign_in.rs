//! Signing in and out, and finding out who asks.

use crate::app::App;
use crate::context::{Ctx, Person};
use crate::error::AppError;
use crate::random::{hashed, secret};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chrono::{DateTime, Duration, Utc};
use panel_core::account::{ABSOLUTE_HOURS, normal, session_holds, wait_after};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, SessionId, UserId};
pub use panel_store::sessions::OpenSession;
use panel_store::users::Credentials;
use panel_store::{sessions, users};

/// A fresh session: the token goes into the cookie, only its hash is kept.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The secret of the cookie.
    pub token: String,
    /// Who signed in.
    pub user: UserId,
}

/// A session that holds.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who asks.
    pub person: Person,
    /// The token that every form of this session carries.
    pub csrf: String,
}

/// What a cookie turned out to be.
#[derive(Debug, Clone)]
pub enum Presented {
    /// A session that holds.
    Live(Session),
    /// A session that ran out; what was typed can still be kept for its person.
    RanOut(UserId),
    /// Nothing we know.
    Unknown,
}

/// The hash of a password in its normal form, with a salt of its own.
pub(crate) fn hash(password: &str) -> Result<String, AppError> {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).map_err(AppError::failed)?;
    Ok(hash.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// A hash that no password matches, so that an unknown address costs what a known one costs.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyAh$UW5vdCB0aGUgaGFzaCBvZiBhbnkgcGFzc3dvcmQgISE";

/// Signs a person in. A wrong address, a wrong password, a left account and a pause after too many
/// tries all get the same answer after the same work.
///
/// # Errors
/// [`AppError::Rule`] `sign_in_failed` in all these cases.
pub fn sign_in(app: &App, email: &str, password: &str) -> Result<SignedIn, AppError> {
    let folded = email.trim().to_ascii_lowercase();
    let known = app.as_nobody(|az| Ok(users::credentials(az, &folded)?))?;
    let hash = known.as_ref().and_then(|known| known.password_hash.as_deref()).unwrap_or(DUMMY);
    let right = matches(&normal(password), hash);
    let now = app.clock.now()?;
    let Some(known) = known else { return Err(refused()) };
    if !is_open(&known, now) {
        return Err(refused());
    }
    if right { start(app, &known) } else { count_failure(app, &known, now).and(Err(refused())) }
}

fn refused() -> AppError {
    AppError::rule("sign_in_failed", "Enter a correct email address and password")
}

fn is_open(known: &Credentials, now: DateTime<Utc>) -> bool {
    let today = panel_core::time::local_date(now);
    known.locked_until.is_none_or(|until| until <= now)
        && known.ended_on.is_none_or(|day| day > today)
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Authentication, code, SubjectKind::Account, Some(user.uuid()))
}

fn count_failure(app: &App, known: &Credentials, now: DateTime<Utc>) -> Result<(), AppError> {
    let failures = known.failures.saturating_add(1);
    let wait = wait_after(failures);
    let until = (wait > Duration::zero()).then(|| now + wait);
    app.as_nobody(|az| {
        users::note_failure(az, known.user, failures, until)?;
        az.did(deed("sign_in.failed", known.user));
        Ok(())
    })
}

fn start(app: &App, known: &Credentials) -> Result<SignedIn, AppError> {
    app.as_nobody(|az| start_session(az, known.user))
}

/// Starts a session inside a transaction, as when a first password is set.
pub(crate) fn start_session(
    az: &mut panel_store::Authz<'_>,
    user: UserId,
) -> Result<SignedIn, AppError> {
    let (token, csrf) = (secret(az.ids()), secret(az.ids()));
    sessions::insert_session(az, user, &hashed(&token), &csrf)?;
    users::note_sign_in(az, user)?;
    az.did(deed("sign_in.done", user));
    Ok(SignedIn { token, user })
}

/// Finds out who presents this cookie, and notes at most once a minute that the session is used.
///
/// # Errors
/// When the database or the clock fails; never because of what was presented.
pub fn present(app: &App, token: &str) -> Result<Presented, AppError> {
    let now = app.clock.now()?;
    let today = panel_core::time::local_date(now);
    let Some(found) = sessions::find_session(&app.store, &hashed(token), today)? else {
        return Ok(Presented::Unknown);
    };
    if !session_holds(found.started_at, found.seen_at, now) {
        return Ok(Presented::RanOut(found.actor.user));
    }
    if now - found.seen_at >= Duration::minutes(1) {
        sessions::touch_session(&app.store, found.id, now)?;
    }
    let person = Person { actor: found.actor, name: found.name };
    Ok(Presented::Live(Session { id: found.id, person, csrf: found.csrf }))
}

/// The person behind a program's token.
///
/// # Errors
/// When the database or the clock fails.
pub fn bearer(app: &App, token: &str) -> Result<Option<Person>, AppError> {
    let today = panel_core::time::local_date(app.clock.now()?);
    let found = sessions::find_token(&app.store, &hashed(token), today)?;
    Ok(found.map(|(actor, name)| Person { actor, name }))
}

/// The person with this address, for somebody at the machine in a demonstration.
///
/// # Errors
/// [`AppError::NotFound`] outside of a demonstration or for an unknown address.
pub fn impersonate(app: &App, email: &str) -> Result<Person, AppError> {
    if !app.settings.demo {
        return Err(AppError::NotFound);
    }
    let today = panel_core::time::local_date(app.clock.now()?);
    let found = sessions::find_person(&app.store, &email.trim().to_ascii_lowercase(), today)?;
    found.map(|(actor, name)| Person { actor, name }).ok_or(AppError::NotFound)
}

/// Where the caller is signed in now, the latest first.
///
/// # Errors
/// When the database fails.
pub fn sessions(ctx: &Ctx<'_>) -> Result<Vec<OpenSession>, AppError> {
    let since = ctx.now - Duration::hours(ABSOLUTE_HOURS);
    let mut open = ctx.read(|az| Ok(sessions::open_sessions(az, ctx.user(), since)?))?;
    open.retain(|session| session_holds(session.started_at, session.seen_at, ctx.now));
    Ok(open)
}

/// Ends a session of the caller that is open somewhere else.
///
/// # Errors
/// [`AppError::NotFound`] when the caller has no such session that was not signed out.
pub fn end_session(ctx: &Ctx<'_>, session: SessionId) -> Result<(), AppError> {
    ctx.write(|az| {
        let ended = sessions::end_sessions(az, Some(session), ctx.user())?;
        if ended == 0 {
            return Err(AppError::NotFound);
        }
        az.did(deed("sign_out.elsewhere", ctx.user()));
        Ok(())
    })
}

/// Ends one session of the caller, or all of them.
///
/// # Errors
/// When the database fails.
pub fn sign_out(ctx: &Ctx<'_>, session: Option<SessionId>) -> Result<(), AppError> {
    ctx.write(|az| {
        sessions::end_sessions(az, session, ctx.user())?;
        az.did(deed("sign_out", ctx.user()));
        Ok(())
    })
}
