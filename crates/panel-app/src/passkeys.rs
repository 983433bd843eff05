//! Passkeys: made, listed and removed by their owner, and given as second factor and as proof before
//! grave acts. They stand beside an app's codes, which serve where no script runs.

use crate::app::App;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::second_factor::{changed, replace, tell};
use crate::sign_in::{Session, SignedIn};
use crate::webauthn::{Party, Refusal};
use chrono::{DateTime, Utc};
use panel_core::account::Bar;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, PasskeyId, SessionId, UserId};
use panel_core::passkey::{self as rule, MOST, Purpose, can_be_answered};
use panel_core::text::Name;
use panel_store::passkeys::{NewPasskey, Passkey};
use panel_store::{Authz, StoreError, factors, passkeys, sessions, users};

/// A passkey as its owner sees it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The passkey.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a person has of passkeys and may do about them.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Those that are kept, oldest first.
    pub kept: Vec<Kept>,
    /// Whether browsers know passkeys at this service's address.
    pub can_be_made: bool,
    /// Whether there is an app to add one to.
    pub has_app: bool,
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Authentication, code, SubjectKind::Account, Some(user.uuid()))
}

fn party(app: &App) -> Result<Party, AppError> {
    Party::of(&app.settings.public_url).ok_or(AppError::NotFound)
}

/// What is said of every answer that was not taken: nobody learns which check it failed.
fn refused() -> AppError {
    AppError::field("credential", "wrong_passkey", "This passkey was not accepted. Try again")
}

/// A device answers what its own session was asked, once and in time.
fn taken(
    az: &mut Authz<'_>,
    session: SessionId,
    purpose: Purpose,
) -> Result<Option<Vec<u8>>, AppError> {
    let asked = passkeys::take_challenge(az, session, purpose)?;
    let now = az.now();
    Ok(asked.filter(|(_, at)| can_be_answered(*at, now)).map(|(state, _)| state))
}

/// Asks for a proof by one of a person's passkeys; what the browser is told, as JSON.
fn question(
    az: &mut Authz<'_>,
    app: &App,
    session: SessionId,
    user: UserId,
) -> Result<String, AppError> {
    let known = passkeys::list(az, user)?;
    let asked = party(app)?.ask(&known).ok_or(AppError::NotFound)?;
    passkeys::keep_challenge(az, session, Purpose::Prove, &asked.state)?;
    Ok(asked.options)
}

/// Judges a proof. The question is spent whatever comes of it.
fn judge(
    az: &mut Authz<'_>,
    app: &App,
    session: SessionId,
    user: UserId,
    answer: &str,
) -> Result<bool, AppError> {
    let asked = taken(az, session, Purpose::Prove)?;
    let known = passkeys::list(az, user)?;
    let checked = match asked {
        Some(state) => party(app)?.check(user, &state, answer, &known),
        None => Err(Refusal::Wrong),
    };
    match checked {
        Ok((one, state)) => {
            passkeys::note_use(az, one.id, &state)?;
            return Ok(true);
        }
        Err(Refusal::Wrong) => az.did(deed("passkey.failed", user)),
        Err(Refusal::Copied) => {
            az.did(deed("passkey.counter_fell", user));
            tell(az, user)?;
        }
    }
    Ok(false)
}

/// Asks for a passkey in place of an app's code; what the browser is told, as JSON.
///
/// # Errors
/// [`AppError::NotFound`] when the person has none.
pub fn ask_half(app: &App, half: &Session) -> Result<String, AppError> {
    app.as_nobody(|az| question(az, app, half.id, half.person.actor.user))
}

/// Ends a sign-in that waited for the second factor, as [`crate::second_factor::finish`] does.
///
/// # Errors
/// [`AppError::Invalid`] whatever is wrong with the answer.
pub fn finish(app: &App, half: &Session, answer: &str) -> Result<SignedIn, AppError> {
    let user = half.person.actor.user;
    let fresh = app.as_nobody(|az| {
        let right = judge(az, app, half.id, user, answer)?;
        if right { replace(az, user, half.id).map(Some) } else { Ok(None) }
    })?;
    fresh.ok_or_else(refused)
}

/// Asks for a passkey before a grave act; what the browser is told, as JSON.
///
/// # Errors
/// [`AppError::NotFound`] when the caller has none.
pub fn ask(ctx: &Ctx<'_>, session: SessionId) -> Result<String, AppError> {
    ctx.write(|az| question(az, ctx.app, session, ctx.user()))
}

/// Takes the caller's proof by passkey, for five minutes of this session.
///
/// # Errors
/// [`AppError::Invalid`] whatever is wrong with the answer.
pub fn confirm(ctx: &Ctx<'_>, session: SessionId, answer: &str) -> Result<(), AppError> {
    let user = ctx.user();
    let right = ctx.write(|az| {
        let right = judge(az, ctx.app, session, user, answer)?;
        if right {
            sessions::note_proof(az, session, user)?;
            az.did(deed("sign_in.confirmed", user));
        }
        Ok(right)
    })?;
    if right { Ok(()) } else { Err(refused()) }
}

/// Whether the caller has a passkey, who may have come half way in signing in.
///
/// # Errors
/// When the database fails.
pub fn has_any(ctx: &Ctx<'_>) -> Result<bool, AppError> {
    ctx.read(|az| Ok(passkeys::count(az, ctx.user())? > 0))
}

fn can_be_made(app: &App) -> bool {
    Party::of(&app.settings.public_url).is_some()
}

/// Whether the caller is asked to add a passkey, as whoever runs a panel or the service is in production.
///
/// # Errors
/// When the database fails.
pub fn is_urged(ctx: &Ctx<'_>) -> Result<bool, AppError> {
    let roles = ctx.actor().seats.iter().map(|seat| seat.role);
    let bar = Bar::of(ctx.actor().administrator, roles);
    // Most people need no look at the database for this.
    if !ctx.app.settings.asks_second_factor || !can_be_made(ctx.app) || bar == Bar::Usual {
        return Ok(false);
    }
    ctx.read(|az| Ok(rule::is_urged(bar, passkeys::count(az, ctx.user())?)))
}

/// What the caller has of passkeys.
///
/// # Errors
/// When the database fails.
pub fn standing(ctx: &Ctx<'_>) -> Result<Standing, AppError> {
    let (kept, has_app) =
        ctx.read(|az| Ok((passkeys::list(az, ctx.user())?, factors::is_set_up(az, ctx.user())?)))?;
    let seen = |one: Passkey| {
        let Passkey { id, name, made_at, used_at, .. } = one;
        Kept { id, name, made_at, used_at }
    };
    let kept = kept.into_iter().map(seen).collect();
    Ok(Standing { kept, can_be_made: can_be_made(ctx.app), has_app })
}

/// What the caller has of passkeys, for whoever is about to add or remove one.
///
/// # Errors
/// [`AppError::Unsure`].
pub fn manage(ctx: &Ctx<'_>) -> Result<Standing, AppError> {
    ctx.must_be_there()?;
    standing(ctx)
}

/// A passkey is added to an app and its codes on paper, so that nobody is shut out by a lost device or
/// a browser without script.
fn may_add(ctx: &Ctx<'_>, az: &mut Authz<'_>) -> Result<Vec<Passkey>, AppError> {
    ctx.must_be_there()?;
    if !factors::is_set_up(az, ctx.user())? {
        let message = "Set up an app that shows codes first; it signs you in without your passkey";
        return Err(AppError::rule("app_first", message));
    }
    let known = passkeys::list(az, ctx.user())?;
    if known.len() >= MOST {
        let message = format!("You have {MOST} passkeys; remove one first");
        return Err(AppError::rule("too_many", message));
    }
    Ok(known)
}

/// Asks the caller's device to make a passkey; what the browser is told, as JSON.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::Rule`] without an app, and when there are enough;
/// [`AppError::NotFound`] where browsers know no passkeys.
pub fn invite(ctx: &Ctx<'_>, session: SessionId) -> Result<String, AppError> {
    let party = party(ctx.app)?;
    ctx.write(|az| {
        let known = may_add(ctx, az)?;
        let email = users::find(az, ctx.user())?.ok_or(AppError::NotFound)?.email;
        let asked = party.invite(ctx.user(), &email, &ctx.person.name, &known);
        let asked = asked.ok_or(AppError::NotFound)?;
        passkeys::keep_challenge(az, session, Purpose::Make, &asked.state)?;
        Ok(asked.options)
    })
}

/// Keeps the passkey that the caller's device made.
///
/// # Errors
/// [`AppError::Invalid`] for its name, and whatever is wrong with the answer; else as [`invite`].
pub fn add(ctx: &Ctx<'_>, session: SessionId, name: &str, answer: &str) -> Result<(), AppError> {
    let name = Name::parse(name)
        .map_err(|e| AppError::Invalid(vec![text_error("name", "Name of the passkey", &e)]))?;
    let (party, user) = (party(ctx.app)?, ctx.user());
    let kept = ctx.write(|az| {
        may_add(ctx, az)?;
        let asked = taken(az, session, Purpose::Make)?;
        let made = asked.and_then(|state| party.accept(user, &state, answer).ok());
        let Some(made) = made else {
            az.did(deed("passkey.failed", user));
            return Ok(false);
        };
        let new = NewPasskey {
            user,
            name: name.as_str(),
            credential: &made.credential,
            public_key: &made.public_key,
            state: &made.state,
            transports: made.transports,
        };
        match passkeys::insert(az, &new) {
            // Another person's, or made twice: told like any other that is not taken.
            Err(StoreError::Taken) => return Err(refused()),
            done => done?,
        };
        az.did(deed("passkey.added", user));
        changed(az, session, user)?;
        Ok(true)
    })?;
    if kept { Ok(()) } else { Err(refused()) }
}

/// Removes one of the caller's passkeys; its device may go on showing it.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::NotFound`] when the caller has no such passkey.
pub fn remove(ctx: &Ctx<'_>, session: SessionId, id: PasskeyId) -> Result<(), AppError> {
    ctx.must_be_there()?;
    ctx.write(|az| {
        if passkeys::remove(az, Some(id), ctx.user())? != 1 {
            return Err(AppError::NotFound);
        }
        az.did(deed("passkey.removed", ctx.user()));
        changed(az, session, ctx.user())
    })
}
