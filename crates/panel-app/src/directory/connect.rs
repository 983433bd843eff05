//! How an administrator connects an agency to its directory.

use crate::accounts::taken;
use crate::app::App;
use crate::context::Ctx;
use crate::error::AppError;
use crate::sealed::Slot;
use crate::second_factor::tell;
use panel_core::agency::Agency;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::directory::{Issuer, MOST, Standing};
use panel_core::id::{AgencyId, Id, UserId};
use panel_core::text::EmailAddress;
use panel_store::directories::{self, Directory};
use panel_store::{Authz, Versioned, agencies};
use serde::{Deserialize, Serialize};

/// The most domains of one directory.
const MOST_DOMAINS: usize = 50;

/// What the form of a connection holds.
#[derive(Clone, Serialize, Deserialize)]
pub struct DirectoryForm {
    /// The address by which the directory calls itself.
    pub issuer: String,
    /// The name by which it knows this service.
    pub client_id: String,
    /// The secret by which this service proves who asks; none keeps the one before.
    pub secret: Option<String>,
    /// The domains of its people's addresses.
    pub domains: Vec<String>,
    /// Whether it asks people for a second factor itself.
    pub asks_second_factor: bool,
}

impl std::fmt::Debug for DirectoryForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DirectoryForm(…)")
    }
}

/// An agency with its directory, as an administrator sees it: without the secret.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The agency's name.
    pub agency: String,
    /// The domains of the agency's own addresses, to begin with.
    pub mail_domains: Vec<String>,
    /// Where the directory is to send people back to.
    pub back: String,
    /// How it is connected, if it is.
    pub directory: Option<Versioned<Directory>>,
}

fn deed(code: &'static str, agency: AgencyId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Agency, Some(agency.uuid()))
}

/// Where an agency's directory sends people back to. Each has an address of its own, so that none can pass
/// off another's answer as its.
pub(super) fn back_to(app: &App, agency: AgencyId) -> String {
    app.link(&format!("/sign-in/back/{agency}"))
}

pub(super) fn found(
    az: &mut Authz<'_>,
    agency: AgencyId,
) -> Result<Versioned<Directory>, AppError> {
    directories::find(az, agency)?.ok_or(AppError::NotFound)
}

/// How an agency is connected.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not administer, [`AppError::Unsure`].
pub fn show(ctx: &Ctx<'_>, agency: AgencyId) -> Result<Connection, AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    ctx.read(|az| {
        let of = agencies::find(az, agency)?.ok_or(AppError::NotFound)?.value;
        let directory = directories::find(az, agency)?;
        let back = back_to(ctx.app, agency);
        Ok(Connection { agency: of.name.into(), mail_domains: of.mail_domains, back, directory })
    })
}

fn domains(agency: &Agency, typed: &[String]) -> Result<Vec<String>, AppError> {
    let refused = |code, message: String| AppError::field("domains", code, message);
    let mut domains = Vec::new();
    for line in typed.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        let domain = line.trim_start_matches('@').to_ascii_lowercase();
        let Ok(probe) = EmailAddress::parse(&format!("a@{domain}")) else {
            return Err(refused("not_a_domain", "Each domain must be one like police.uk".into()));
        };
        if !agency.takes_address(&probe) {
            let message = format!("{} takes no addresses at {domain}", agency.name);
            return Err(refused("foreign_domain", message));
        }
        domains.push(domain);
    }
    domains.sort_unstable();
    domains.dedup();
    match domains.len() {
        0 => Err(refused("empty", "Enter the domains of its people’s addresses".into())),
        1..=MOST_DOMAINS => Ok(domains),
        _ => Err(refused("too_many", format!("Enter at most {MOST_DOMAINS} domains"))),
    }
}

fn short(field: &str, label: &str, typed: &str) -> Result<String, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(AppError::field(field, "empty", format!("Enter the {label}")));
    }
    if typed.len() > MOST || typed.contains(|c: char| !c.is_ascii() || c.is_ascii_control()) {
        let message = format!("Enter the {label} as the directory shows it");
        return Err(AppError::field(field, "not_so", message));
    }
    Ok(typed.to_owned())
}

/// The directory that a form describes, beside the one before.
fn described(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: AgencyId,
    before: Option<&Directory>,
    form: &DirectoryForm,
) -> Result<Directory, AppError> {
    let agency = agencies::find(az, id)?.ok_or(AppError::NotFound)?.value;
    let issuer = Issuer::parse(&form.issuer, ctx.app.directories.reach())
        .map_err(|e| AppError::field("issuer", "not_an_issuer", e.to_string()))?;
    let client_id = short("client_id", "client id", &form.client_id)?;
    let typed = form.secret.as_deref().map(str::trim).filter(|secret| !secret.is_empty());
    let (secret, is_new) = match (typed, before) {
        (Some(secret), _) => {
            let plain = short("secret", "client secret", secret)?;
            (ctx.app.seal(Slot::directory(id), plain.as_bytes()), true)
        }
        (None, Some(before)) => (before.secret.clone(), false),
        (None, None) => return Err(AppError::field("secret", "empty", "Enter the client secret")),
    };
    let same = |before: &&Directory| {
        !is_new && before.issuer == issuer.as_str() && before.client_id == client_id
    };
    // What was not tried as it is now binds nobody.
    let standing = before.filter(same).map_or(Standing::Untried, |before| before.standing);
    Ok(Directory {
        agency: id,
        client_id,
        secret,
        asks_second_factor: form.asks_second_factor,
        standing,
        domains: domains(&agency, &form.domains)?,
        issuer: issuer.as_str().to_owned(),
    })
}

/// Connects an agency to its directory, or changes how. With another issuer, client or secret it is to be
/// tried anew before anybody is sent there; with another issuer its names of people count no more.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed, [`AppError::Stale`], [`AppError::Unsure`],
/// [`AppError::NotFound`] for whoever does not administer.
pub fn save(
    ctx: &Ctx<'_>,
    agency: AgencyId,
    version: i32,
    form: &DirectoryForm,
) -> Result<(), AppError> {
    const TAKEN: &str = "One of these domains leads to another agency’s directory";
    ctx.must_administer()?;
    ctx.must_be_there()?;
    ctx.write(|az| {
        let before = directories::find(az, agency)?;
        let new = described(ctx, az, agency, before.as_ref().map(|found| &found.value), form)?;
        match before {
            None => {
                directories::insert(az, &new).map_err(|e| taken(e, "domains", TAKEN))?;
                az.did(deed("directory.connect", agency));
            }
            Some(before) => {
                let saved = directories::update(az, &new, version);
                if !saved.map_err(|e| taken(e, "domains", TAKEN))? {
                    return Err(AppError::Stale);
                }
                if before.value.issuer != new.issuer {
                    directories::forget_all(az, agency)?;
                }
                az.did(deed("directory.change", agency));
            }
        }
        Ok(())
    })
}

/// Makes the directory the only way in for the agency's people, or offers it beside passwords.
///
/// # Errors
/// [`AppError::Rule`] before it was tried, [`AppError::Stale`], [`AppError::Unsure`],
/// [`AppError::NotFound`].
pub fn set_only(
    ctx: &Ctx<'_>,
    agency: AgencyId,
    version: i32,
    is_only: bool,
) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    ctx.write(|az| {
        let before = found(az, agency)?.value;
        if before.standing == Standing::Untried {
            return Err(AppError::rule("untried", "Try the directory before it becomes binding"));
        }
        let standing = if is_only { Standing::Only } else { Standing::Offered };
        if !directories::update(az, &Directory { standing, ..before }, version)? {
            return Err(AppError::Stale);
        }
        az.did(deed(if is_only { "directory.only" } else { "directory.beside" }, agency));
        Ok(())
    })
}

/// Removes the connection with everything that was kept for it. Its people sign in by a password again, or
/// ask for a link to set one.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::NotFound`].
pub fn remove(ctx: &Ctx<'_>, agency: AgencyId) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    ctx.write(|az| {
        if !directories::remove(az, agency)? {
            return Err(AppError::NotFound);
        }
        az.did(deed("directory.remove", agency));
        Ok(())
    })
}

/// Whether a directory knows this person by a name that is kept here.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not administer.
pub fn may_be_forgotten(ctx: &Ctx<'_>, user: UserId) -> Result<bool, AppError> {
    ctx.must_administer()?;
    let account = ctx.read(|az| Ok(directories::account(az, user)?))?;
    Ok(account.is_some_and(|account| account.subject.is_some()))
}

/// Forgets by which name a directory knows a person, for somebody whom her agency entered there anew. The
/// next time her address decides once more. The person is told.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::NotFound`] when none is kept.
pub fn forget(ctx: &Ctx<'_>, user: UserId) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    ctx.write(|az| {
        if !directories::forget_subject(az, user)? {
            return Err(AppError::NotFound);
        }
        let (kind, code) = (AuditKind::Administration, "directory.forget");
        az.did(Deed::new(kind, code, SubjectKind::Account, Some(user.uuid())));
        tell(az, user)
    })
}
