//! Signing in and out, and finding out who asks.

use crate::app::App;
use crate::context::{Ctx, Person};
use crate::error::AppError;
use crate::glass::{self, OpenGlass};
use crate::installation::policy;
use crate::random::{hashed, secret};
use crate::second_factor::{Proof, judge};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chrono::{DateTime, Duration, Utc};
use panel_core::account::{
    ABSOLUTE_HOURS, Remaining, Stage, normal, remaining, session_holds, wait_after,
};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, SessionId, UserId};
use panel_store::sessions::NewSession;
pub use panel_store::sessions::OpenSession;
use panel_store::users::Credentials;
use panel_store::{Authz, directories, factors, passkeys, sessions, users};
use serde::{Deserialize, Serialize};

/// A fresh session: the token goes into the cookie, only its hash is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// The secret of the cookie.
    pub token: String,
    /// Who signed in.
    pub user: UserId,
    /// What is still to be done.
    pub stage: Stage,
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
    /// How far the sign-in has come.
    pub stage: Stage,
    /// When the person last proved who asks.
    pub proven_at: Option<DateTime<Utc>>,
    /// How much longer it holds.
    pub remaining: Remaining,
    /// The case that the person has open in an emergency.
    pub glass: Option<OpenGlass>,
}

/// What a cookie turned out to be.
#[derive(Debug, Clone)]
pub enum Presented {
    /// A session that holds.
    Live(Session),
    /// A sign-in that is not complete: it reaches nothing but what completes it.
    HalfWay(Session),
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

/// Signs a person in. A wrong address, a wrong password, a left account, an agency whose directory is the
/// only way in, and a pause after too many tries all get the same answer after the same work.
///
/// # Errors
/// [`AppError::Rule`] `sign_in_failed` in all these cases.
pub fn sign_in(app: &App, email: &str, password: &str) -> Result<SignedIn, AppError> {
    let folded = email.trim().to_ascii_lowercase();
    let (known, is_barred) = app.as_nobody(|az| {
        let known = users::credentials(az, &folded)?;
        // An address that nobody has is looked up as well, so that it takes no less time.
        let user = known.as_ref().map_or(UserId::from_uuid(uuid::Uuid::nil()), |k| k.user);
        let is_barred = directories::bars_password(az, user)?;
        Ok((known, is_barred))
    })?;
    let hash = known.as_ref().and_then(|known| known.password_hash.as_deref()).unwrap_or(DUMMY);
    let right = matches(&normal(password), hash);
    let now = app.clock.now()?;
    let Some(known) = known else { return Err(refused()) };
    if is_barred || !is_open(&known, now) {
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
        && known.suspended_on.is_none()
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
    app.as_nobody(|az| start_session(az, app, known.user, true))
}

/// Starts a session inside a transaction, after a password was right or set: a whole one, or half of one
/// where a second factor is to be given or set up. Who asks counts as proven at once where it `is_proven`.
pub(crate) fn start_session(
    az: &mut Authz<'_>,
    app: &App,
    user: UserId,
    is_proven: bool,
) -> Result<SignedIn, AppError> {
    let demands = policy(az)?.value.demands(app.settings.asks_second_factor, az.today());
    let stage = match (factors::is_set_up(az, user)?, demands) {
        (true, _) => Stage::Asked,
        (false, true) => Stage::SetUp,
        (false, false) => return begin_whole(az, user, is_proven),
    };
    users::note_failure(az, user, 0, None)?;
    az.did(deed("sign_in.half", user));
    begin(az, user, stage, false)
}

/// Starts the session of somebody whom her agency's directory vouches for. Where it asked for a second
/// factor itself, ours is not asked for; where she only had a session there, she has proved nothing now.
pub(crate) fn start_from_directory(
    az: &mut Authz<'_>,
    app: &App,
    user: UserId,
    asked_second_factor: bool,
    is_fresh: bool,
) -> Result<SignedIn, AppError> {
    if asked_second_factor {
        begin_whole(az, user, is_fresh)
    } else {
        start_session(az, app, user, is_fresh)
    }
}

/// Starts a whole session.
pub(crate) fn begin_whole(
    az: &mut Authz<'_>,
    user: UserId,
    is_proven: bool,
) -> Result<SignedIn, AppError> {
    users::note_sign_in(az, user)?;
    az.did(deed("sign_in.done", user));
    begin(az, user, Stage::Whole, is_proven)
}

fn begin(
    az: &mut Authz<'_>,
    user: UserId,
    stage: Stage,
    is_proven: bool,
) -> Result<SignedIn, AppError> {
    let (token, csrf) = (secret(az.ids()), secret(az.ids()));
    let idle_minutes = policy(az)?.value.idle();
    let token_hash = hashed(&token);
    let new =
        NewSession { user, token_hash: &token_hash, csrf: &csrf, stage, idle_minutes, is_proven };
    sessions::insert_session(az, &new)?;
    Ok(SignedIn { token, user, stage })
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
    let holds =
        session_holds(found.stage, found.idle_minutes, found.started_at, found.seen_at, now);
    if !holds {
        return Ok(Presented::RanOut(found.actor.user));
    }
    let mut seen = found.seen_at;
    if now - seen >= Duration::minutes(1) {
        sessions::touch_session(&app.store, found.id, now)?;
        seen = now;
    }
    let glass = glass::open_now(app, &found.actor, now)?;
    let person = Person { actor: found.actor, name: found.name };
    let session = Session {
        id: found.id,
        person,
        csrf: found.csrf,
        stage: found.stage,
        proven_at: found.proven_at,
        remaining: remaining(found.idle_minutes, found.started_at, seen, now),
        glass,
    };
    Ok(match session.stage {
        Stage::Whole => Presented::Live(session),
        Stage::Asked | Stage::SetUp => Presented::HalfWay(session),
    })
}

/// What the caller is asked for to prove once more who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The code of the app, or one of the passkeys where there are any.
    Code {
        /// Whether there is a passkey.
        or_passkey: bool,
    },
    /// The password, where no app is set up.
    Password,
    /// To go to the agency's directory, where there is neither app nor password.
    Directory,
}

/// What the caller is asked for to prove once more who asks.
///
/// # Errors
/// When the database fails.
pub fn asked(ctx: &Ctx<'_>) -> Result<Asked, AppError> {
    ctx.read(|az| {
        if !factors::is_set_up(az, ctx.user())? {
            let by_directory =
                !takes_password(az, ctx.user())? && directories::knows(az, ctx.user())?;
            return Ok(if by_directory { Asked::Directory } else { Asked::Password });
        }
        Ok(Asked::Code { or_passkey: passkeys::count(az, ctx.user())? > 0 })
    })
}

/// Whether a person has a password that counts.
pub(crate) fn takes_password(az: &mut Authz<'_>, user: UserId) -> Result<bool, AppError> {
    let email = users::find(az, user)?.ok_or(AppError::NotFound)?.email;
    let known = users::credentials(az, &email.to_ascii_lowercase())?;
    let has_one = known.is_some_and(|known| known.password_hash.is_some());
    Ok(has_one && !directories::bars_password(az, user)?)
}

/// Takes the caller's proof of who asks, for five minutes of this session. Wrong ones slow the next down,
/// as they do in signing in.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong code or password, and during a pause: always the same.
pub fn confirm(ctx: &Ctx<'_>, session: SessionId, typed: &str) -> Result<(), AppError> {
    let user = ctx.user();
    let asked = asked(ctx)?;
    let right = match asked {
        Asked::Code { .. } => ctx.write(|az| judge(az, ctx.app, user, Proof::Code(typed)))?,
        Asked::Password => has_password(ctx, typed)?,
        Asked::Directory => false,
    };
    if !right {
        let message = match asked {
            Asked::Code { .. } => "Enter the code that your app shows now",
            Asked::Password => "Enter your password",
            Asked::Directory => "Confirm at your agency’s directory",
        };
        return Err(AppError::field("proof", "wrong_proof", message));
    }
    ctx.write(|az| {
        sessions::note_proof(az, session, user)?;
        az.did(deed("sign_in.confirmed", user));
        Ok(())
    })
}

/// Whether this is the caller's password. Wrong ones count as at signing in, and after too many the right one
/// waits as well; none is right where only a directory lets in.
pub(crate) fn has_password(ctx: &Ctx<'_>, typed: &str) -> Result<bool, AppError> {
    let (known, is_barred) = ctx.read(|az| {
        let email = users::find(az, ctx.user())?.ok_or(AppError::NotFound)?.email;
        let known = users::credentials(az, &email.to_ascii_lowercase())?;
        Ok((known, directories::bars_password(az, ctx.user())?))
    })?;
    let hash = known.as_ref().and_then(|known| known.password_hash.as_deref()).unwrap_or(DUMMY);
    let right = matches(&normal(typed), hash);
    let counts = |known: &Credentials| !is_barred && is_open(known, ctx.now);
    let Some(known) = known.filter(counts) else { return Ok(false) };
    if !right {
        count_failure(ctx.app, &known, ctx.now)?;
    }
    Ok(right)
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
    open.retain(|s| session_holds(Stage::Whole, s.idle_minutes, s.started_at, s.seen_at, ctx.now));
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
