//! Second factors: an app that shows codes, and codes on paper for when the app is lost.

use crate::app::App;
use crate::context::{Ctx, Presence};
use crate::error::AppError;
use crate::installation::policy;
use crate::random::{paper_code, paper_hash};
use crate::sign_in::{self, Session, SignedIn};
use crate::totp;
use chrono::Duration;
use data_encoding::HEXLOWER;
use panel_core::account::wait_after;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, MessageId, SessionId, UserId};
use panel_core::outbox::MessageKind;
use panel_store::outbox::{self, NewMessage};
use panel_store::{Authz, factors, passkeys, sessions, users};
use panel_vault::{Place, Ring};
use serde::{Deserialize, Serialize};

/// How many codes on paper a person is given.
pub const PAPER_CODES: usize = 10;

/// How long a letter about a changed sign-in is worth sending.
const TOLD_WITHIN: Duration = Duration::days(7);

/// What a person has beside a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether an app is in use.
    pub is_set_up: bool,
    /// Whether everybody must have one.
    pub is_demanded: bool,
    /// Codes on paper that were not used.
    pub codes_left: i64,
}

/// What is put into an app, by its square or by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    /// The secret in fours.
    pub secret: String,
    /// What the square says.
    pub address: String,
    /// The secret as it comes back with its first code: sealed, for this person alone. Until then it is
    /// kept nowhere.
    pub sealed: String,
}

/// An app that was put to use.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Enrolled {
    /// Codes on paper, which are shown once.
    pub codes: Vec<String>,
    /// The session that takes the place of half a sign-in.
    pub fresh: Option<SignedIn>,
}

/// What a person gives as second factor.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// The code that the app shows.
    Code(&'a str),
    /// A code on paper.
    Paper(&'a str),
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Authentication, code, SubjectKind::Account, Some(user.uuid()))
}

fn wrong() -> AppError {
    AppError::field("code", "wrong_code", "Enter the code that your app shows now")
}

/// The one place at which a person's secret opens.
fn place(user: UserId) -> Place {
    let row = user.uuid();
    Place { table: "second_factors", column: "secret", row, owner: row }
}

fn opened(keys: &Ring, user: UserId, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
    Ok(keys.open(&place(user), sealed).map_err(AppError::failed)?.to_vec())
}

/// Whether a person's secret opens by these keys.
pub(crate) fn opens(keys: &Ring, user: UserId, sealed: &[u8]) -> bool {
    opened(keys, user, sealed).is_ok()
}

/// Ends every session of a person but the one in which a factor was added, replaced or removed: whoever is
/// signed in as her elsewhere has to prove it anew. She is told by a letter.
pub(crate) fn changed(
    az: &mut Authz<'_>,
    session: SessionId,
    user: UserId,
) -> Result<(), AppError> {
    sessions::end_other_sessions(az, session, user)?;
    tell(az, user)
}

/// Writes to a person that the way to sign in was changed; the letter says no more.
pub(crate) fn tell(az: &mut Authz<'_>, user: UserId) -> Result<(), AppError> {
    let now = az.now();
    let message = NewMessage {
        kind: MessageKind::Security,
        user,
        dedupe: format!("security {}", az.mint::<MessageId>()),
        content: "{}".to_owned(),
        secret: None,
        not_before: now,
        expires_at: now + TOLD_WITHIN,
    };
    outbox::enqueue(az, &message)?;
    Ok(())
}

/// Judges a proof, once: a code is taken one time only, and wrong ones slow the next down. During the
/// pause even a right one is wrong.
pub(crate) fn judge(
    az: &mut Authz<'_>,
    app: &App,
    user: UserId,
    proof: Proof<'_>,
) -> Result<bool, AppError> {
    let now = az.now();
    let Some(factor) = factors::hold(az, user)? else { return Ok(false) };
    if factor.locked_until.is_some_and(|until| until > now) {
        return Ok(false);
    }
    let right = match proof {
        Proof::Code(typed) => {
            match totp::step_of(&opened(&app.vault, user, &factor.secret)?, typed, now) {
                Some(step) => factors::take_step(az, user, step)?,
                None => false,
            }
        }
        Proof::Paper(typed) => factors::spend_code(az, user, &paper_hash(typed))?,
    };
    match (right, proof) {
        (false, _) => count_failure(az, user, factor.failures)?,
        (true, Proof::Code(_)) => {}
        (true, Proof::Paper(_)) => {
            factors::note_failure(az, user, 0, None)?;
            az.did(deed("second_factor.paper_code", user));
            tell(az, user)?;
        }
    }
    Ok(right)
}

fn count_failure(az: &mut Authz<'_>, user: UserId, before: i32) -> Result<(), AppError> {
    let failures = before.saturating_add(1);
    let wait = wait_after(failures);
    let until = (wait > Duration::zero()).then(|| az.now() + wait);
    factors::note_failure(az, user, failures, until)?;
    az.did(deed("second_factor.failed", user));
    Ok(())
}

/// Ends a sign-in that waited for the second factor: its session ends and a whole one begins, under
/// another secret.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong code, one that was used, and during a pause: always the same.
pub fn finish(app: &App, half: &Session, proof: Proof<'_>) -> Result<SignedIn, AppError> {
    let user = half.person.actor.user;
    let fresh = app.as_nobody(|az| {
        if judge(az, app, user, proof)? { replace(az, user, half.id).map(Some) } else { Ok(None) }
    })?;
    fresh.ok_or_else(|| match proof {
        Proof::Code(_) => wrong(),
        Proof::Paper(_) => {
            AppError::field("code", "wrong_code", "Enter a recovery code that you have not used")
        }
    })
}

/// Ends half a sign-in and begins a whole session.
pub(crate) fn replace(
    az: &mut Authz<'_>,
    user: UserId,
    half: SessionId,
) -> Result<SignedIn, AppError> {
    if sessions::end_sessions(az, Some(half), user)? != 1 {
        // Two answers to one question at once: the other has won.
        return Err(AppError::Stale);
    }
    sign_in::begin_whole(az, user, true)
}

/// What the caller has beside a password.
///
/// # Errors
/// When the database fails.
pub fn standing(ctx: &Ctx<'_>) -> Result<Standing, AppError> {
    ctx.read(|az| {
        let asks = ctx.app.settings.asks_second_factor;
        Ok(Standing {
            is_set_up: factors::is_set_up(az, ctx.user())?,
            is_demanded: policy(az)?.value.demands(asks, ctx.today),
            codes_left: factors::codes_left(az, ctx.user())?,
        })
    })
}

/// Whoever has an app may replace it after proving once more who asks; half a sign-in may set up the first.
fn may_set_up(ctx: &Ctx<'_>, az: &mut Authz<'_>) -> Result<(), AppError> {
    if ctx.presence() == Presence::HalfWay && !factors::is_set_up(az, ctx.user())? {
        return Ok(());
    }
    ctx.must_be_there()
}

/// What the caller is to put into an app: a new secret, or the one that was `offered` before.
///
/// # Errors
/// [`AppError::Unsure`].
pub fn offer(ctx: &Ctx<'_>, offered: Option<&str>) -> Result<Offer, AppError> {
    let (user, keys) = (ctx.user(), &ctx.app.vault);
    ctx.read(|az| {
        may_set_up(ctx, az)?;
        let email = users::find(az, user)?.ok_or(AppError::NotFound)?.email;
        let secret = offered.and_then(|sealed| brought_back(keys, user, sealed));
        let secret = secret.unwrap_or_else(|| {
            let mut secret = vec![0_u8; totp::SECRET_BYTES];
            az.ids().fill(&mut secret);
            secret
        });
        Ok(Offer {
            secret: totp::readable(&secret),
            address: totp::address(&secret, &email),
            sealed: HEXLOWER.encode(&keys.seal(az.ids(), &place(user), &secret)),
        })
    })
}

/// The secret that was offered to this person; nothing when it was offered to somebody else or never.
fn brought_back(keys: &Ring, user: UserId, sealed: &str) -> Option<Vec<u8>> {
    let sealed = HEXLOWER.decode(sealed.as_bytes()).ok()?;
    opened(keys, user, &sealed).ok()
}

/// Puts the app that was offered to use by its first code, and gives codes on paper. Half a sign-in becomes
/// a whole one.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong code, [`AppError::Unsure`].
pub fn put_to_use(
    ctx: &Ctx<'_>,
    session: SessionId,
    offered: &str,
    typed: &str,
) -> Result<Enrolled, AppError> {
    let (user, keys) = (ctx.user(), &ctx.app.vault);
    ctx.write(|az| {
        may_set_up(ctx, az)?;
        let secret = brought_back(keys, user, offered).ok_or_else(wrong)?;
        let step = totp::step_of(&secret, typed, ctx.now).ok_or_else(wrong)?;
        let sealed = keys.seal(az.ids(), &place(user), &secret);
        factors::put_to_use(az, user, &sealed, step)?;
        az.did(deed("second_factor.set_up", user));
        changed(az, session, user)?;
        let codes = give_codes(az, user)?;
        let half = ctx.presence() == Presence::HalfWay;
        let fresh = if half { Some(replace(az, user, session)?) } else { None };
        Ok(Enrolled { codes, fresh })
    })
}

fn give_codes(az: &mut Authz<'_>, user: UserId) -> Result<Vec<String>, AppError> {
    let codes: Vec<String> = (0..PAPER_CODES).map(|_| paper_code(az.ids())).collect();
    let hashes: Vec<String> = codes.iter().map(|code| paper_hash(code)).collect();
    factors::replace_codes(az, user, &hashes)?;
    az.did(deed("second_factor.paper_codes_made", user));
    Ok(codes)
}

/// Gives the caller new codes on paper, which are shown once; the old ones are void.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::NotFound`] without an app.
pub fn new_codes(ctx: &Ctx<'_>) -> Result<Vec<String>, AppError> {
    ctx.must_be_there()?;
    ctx.write(|az| {
        if !factors::is_set_up(az, ctx.user())? {
            return Err(AppError::NotFound);
        }
        tell(az, ctx.user())?;
        give_codes(az, ctx.user())
    })
}

/// Removes the second factor of a person who has lost it, with all passkeys, and signs that person out. The password stays as
/// it is, and nobody is told what it is.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::Rule`] for one's own, which is replaced on one's account page;
/// [`AppError::NotFound`] for whoever does not administer, and where there is none.
pub fn reset(ctx: &Ctx<'_>, user: UserId) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    if user == ctx.user() {
        let message = "Replace your own second factor on your account page";
        return Err(AppError::rule("own_factor", message));
    }
    ctx.write(|az| {
        if !factors::remove(az, user)? {
            return Err(AppError::NotFound);
        }
        passkeys::remove(az, None, user)?;
        sessions::end_sessions(az, None, user)?;
        let code = "second_factor.reset";
        let who = Some(user.uuid());
        az.did(Deed::new(AuditKind::Administration, code, SubjectKind::Account, who));
        tell(az, user)
    })
}

/// The code that an app with this secret shows now, for whoever tries the program out without an app.
///
/// # Errors
/// [`AppError::NotFound`] when it is no secret.
pub fn shown_by_app(app: &App, secret: &str) -> Result<String, AppError> {
    let bytes = totp::from_readable(secret).ok_or(AppError::NotFound)?;
    Ok(totp::code(&bytes, app.clock.now()?))
}
