//! One-time links, passwords and the tokens of programs.

use crate::app::App;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::passwords::{self, Owner};
use crate::random::{hashed, secret};
use crate::second_factor;
use crate::sign_in::{self, SignedIn};
use panel_core::account::{Bar, LinkPurpose};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{ApiTokenId, Id, SessionId, UserId};
use panel_core::outbox::MessageKind;
use panel_core::text::{EmailAddress, Name};
use panel_core::vocabulary::AgencyType;
use panel_store::outbox::{self, NewMessage};
use panel_store::sessions::{self, ApiToken, LiveLink};
use panel_store::users::{self, User};
use panel_store::{Authz, StoreError, agencies, directories};

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Authentication, code, SubjectKind::Account, Some(user.uuid()))
}

/// The path at which a one-time link is spent.
fn path(token: &str) -> String {
    format!("/account-link/{token}")
}

/// Makes the first account, an administrator, and returns the one-time link that sets its password.
/// Run again before the link is spent, it replaces the link.
///
/// # Errors
/// [`AppError::Rule`] `already_set_up` once anybody else is registered or the password is set.
pub fn bootstrap(app: &App, email: &str) -> Result<String, AppError> {
    let address = EmailAddress::parse(email)
        .map_err(|e| AppError::Invalid(vec![text_error("email", "Email address", &e)]))?;
    app.as_nobody(|az| {
        let user = match users::credentials(az, &address.folded())? {
            Some(known) if known.password_hash.is_none() => known.user,
            Some(_) => return Err(already()),
            None if users::any(az)? => return Err(already()),
            None => first_user(az, &address)?,
        };
        let token = secret(az.ids());
        sessions::insert_link(az, user, LinkPurpose::Bootstrap, &hashed(&token))?;
        az.did(deed("account.bootstrap", user));
        Ok(app.link(&path(&token)))
    })
}

fn already() -> AppError {
    AppError::rule("already_set_up", "This installation already has its first account")
}

fn first_user(az: &mut Authz<'_>, address: &EmailAddress) -> Result<UserId, AppError> {
    let name = |text: &str| Name::parse(text).map_err(AppError::failed);
    let agency = panel_core::agency::Agency {
        id: az.mint(),
        name: name("Service administration")?,
        kind: AgencyType::Other,
        mail_domains: Vec::new(),
        aliases: Vec::new(),
        ended_on: None,
    };
    agencies::insert(az, &agency)?;
    let user = User {
        id: az.mint(),
        name: "Administrator".to_owned(),
        email: address.as_str().to_owned(),
        agency: agency.id,
        administrator: true,
        last_sign_in: None,
        ended_on: None,
        suspended_on: None,
        version: 1,
    };
    users::insert(az, &user)?;
    Ok(user.id)
}

/// Makes an invitation for a person without a password, or a reset for one with, and mails it.
/// Returned is the link itself, so that an administrator can hand it over where mail does not reach.
pub(crate) fn issue_link(
    az: &mut Authz<'_>,
    app: &App,
    user: UserId,
    purpose: LinkPurpose,
) -> Result<String, AppError> {
    let token = secret(az.ids());
    let link = sessions::insert_link(az, user, purpose, &hashed(&token))?;
    let now = az.now();
    let kind = match purpose {
        LinkPurpose::Reset => MessageKind::Reset,
        LinkPurpose::Bootstrap | LinkPurpose::Invitation => MessageKind::Invitation,
    };
    let message = NewMessage {
        kind,
        user,
        dedupe: outbox::link_key(link),
        content: "{}".to_owned(),
        secret: Some(path(&token)),
        not_before: now,
        expires_at: now + purpose.lifetime(),
    };
    outbox::enqueue(az, &message)?;
    az.did(deed("account.link_issued", user));
    Ok(app.link(&path(&token)))
}

/// Sends a reset link to the address when somebody has it. The answer is the same when nobody has.
///
/// # Errors
/// When the database fails; never because of the address.
pub fn forgot_password(app: &App, email: &str) -> Result<(), AppError> {
    let folded = email.trim().to_ascii_lowercase();
    app.as_nobody(|az| {
        let Some(known) = users::credentials(az, &folded)? else { return Ok(()) };
        let today = az.today();
        if known.ended_on.is_some_and(|day| day <= today) || known.suspended_on.is_some() {
            return Ok(());
        }
        if directories::bars_password(az, known.user)? {
            return Ok(());
        }
        issue_link(az, app, known.user, LinkPurpose::Reset).map(|_| ())
    })
}

/// A password in place of another one.
pub struct PasswordChange {
    /// The session in which it is changed, which goes on.
    pub session: SessionId,
    /// The password until now.
    pub current: String,
    /// The password from now on.
    pub password: String,
}

/// Whom a one-time link is for.
#[derive(Debug, Clone)]
pub struct LinkHolder {
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// How much is asked of the person's password.
    pub bar: Bar,
}

/// A link that can be spent, of somebody who may have a password.
fn live_link(az: &mut Authz<'_>, token: &str) -> Result<LiveLink, AppError> {
    let link = sessions::live_link(az, &hashed(token))?.ok_or(AppError::NotFound)?;
    if directories::bars_password(az, link.user)? { Err(AppError::NotFound) } else { Ok(link) }
}

/// Looks at a one-time link without spending it.
///
/// # Errors
/// [`AppError::NotFound`] when it is unknown, spent or too old, and where a directory is the only way in.
pub fn look_at_link(app: &App, token: &str) -> Result<LinkHolder, AppError> {
    app.as_nobody(|az| {
        let link = live_link(az, token)?;
        let Owner { name, email, bar, .. } = owner(az, link.user)?;
        Ok(LinkHolder { name, email, bar })
    })
}

/// What is known of a person by which a password is judged.
fn owner(az: &mut Authz<'_>, user: UserId) -> Result<Owner, AppError> {
    let person = users::find(az, user)?.ok_or(AppError::NotFound)?;
    let today = az.today();
    let live = users::seats(az, None, Some(user))?
        .into_iter()
        .filter(|seat| seat.until.is_none_or(|until| until >= today));
    let bar = Bar::of(person.administrator, live.map(|seat| seat.role));
    let agencies = agencies::list(az)?.into_iter().map(|agency| agency.value.name.into());
    Ok(Owner { name: person.name, email: person.email, bar, agencies: agencies.collect() })
}

/// Spends a one-time link: sets the password, ends every other session, signs the person in.
///
/// # Errors
/// [`AppError::NotFound`] when the link cannot be spent, [`AppError::Invalid`] for the password.
pub fn spend_link(app: &App, token: &str, password: &str) -> Result<SignedIn, AppError> {
    let owner = app.as_nobody(|az| {
        let link = live_link(az, token)?;
        owner(az, link.user)
    })?;
    let password = passwords::check(password, &owner)
        .map_err(|e| AppError::field("password", "password", e.to_string()))?;
    let hash = sign_in::hash(&password)?;
    app.as_nobody(|az| {
        let link = live_link(az, token)?;
        if !sessions::spend_link(az, link.id)? {
            return Err(AppError::NotFound);
        }
        users::set_password(az, link.user, &hash)?;
        sessions::end_sessions(az, None, link.user)?;
        az.did(deed("account.password_set", link.user));
        sign_in::start_session(az, app, link.user, true)
    })
}

/// How much is asked of the caller's password; nothing where she has none that counts.
///
/// # Errors
/// When the database fails.
pub fn bar(ctx: &Ctx<'_>) -> Result<Option<Bar>, AppError> {
    ctx.read(|az| {
        let takes = sign_in::takes_password(az, ctx.user())?;
        takes.then(|| Ok(owner(az, ctx.user())?.bar)).transpose()
    })
}

/// Sets a new password for the caller, who knows the one before. Wherever else she is signed in, she no longer
/// is, and she is told by mail.
///
/// # Errors
/// [`AppError::Invalid`] for either password.
pub fn change_password(ctx: &Ctx<'_>, change: &PasswordChange) -> Result<(), AppError> {
    if !sign_in::has_password(ctx, &change.current)? {
        let message = "Enter the password that you have now";
        return Err(AppError::field("current", "wrong_password", message));
    }
    let user = ctx.user();
    let owner = ctx.read(|az| owner(az, user))?;
    let password = passwords::check(&change.password, &owner)
        .map_err(|e| AppError::field("password", "password", e.to_string()))?;
    let hash = sign_in::hash(&password)?;
    ctx.write(|az| {
        users::set_password(az, user, &hash)?;
        sessions::end_other_sessions(az, change.session, user)?;
        second_factor::tell(az, user)?;
        az.did(deed("account.password_changed", user));
        Ok(())
    })
}

/// Makes a token by which a program acts as the caller. It is shown once.
///
/// # Errors
/// [`AppError::Invalid`] for the name, [`AppError::Unsure`].
pub fn create_token(ctx: &Ctx<'_>, name: &str) -> Result<String, AppError> {
    let name = Name::parse(name)
        .map_err(|e| AppError::Invalid(vec![text_error("name", "Name of the token", &e)]))?;
    ctx.must_be_there()?;
    ctx.write(|az| {
        let token = format!("panel_{}", secret(az.ids()));
        sessions::insert_token(az, ctx.user(), name.as_str(), &hashed(&token))?;
        az.did(deed("token.create", ctx.user()));
        Ok(token)
    })
}

/// The caller's tokens, without their secrets.
///
/// # Errors
/// When the database fails.
pub fn tokens(ctx: &Ctx<'_>) -> Result<Vec<ApiToken>, AppError> {
    ctx.read(|az| Ok(sessions::tokens(az, ctx.user())?))
}

/// Revokes one of the caller's tokens.
///
/// # Errors
/// [`AppError::NotFound`] when the caller has no such token that works.
pub fn revoke_token(ctx: &Ctx<'_>, token: ApiTokenId) -> Result<(), AppError> {
    ctx.write(|az| {
        let revoked = sessions::revoke_tokens(az, Some(token), ctx.user())?;
        az.did(deed("token.revoke", ctx.user()));
        if revoked == 1 { Ok(()) } else { Err(AppError::NotFound) }
    })
}

/// A registered address that is taken already, as a field error.
pub(crate) fn taken(error: StoreError, field: &str, message: &str) -> AppError {
    match error {
        StoreError::Taken => AppError::field(field, "taken", message),
        other => other.into(),
    }
}
