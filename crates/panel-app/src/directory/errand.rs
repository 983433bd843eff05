//! Sending somebody to a directory.

use super::connect::{back_to, found};
use super::port::{Fault, Question, Relation};
use crate::app::App;
use crate::context::Ctx;
use crate::error::AppError;
use crate::random::{hashed, secret};
use chrono::Duration;
use panel_core::directory::{ERRAND_MINUTES, Errand, Issuer, MOST_ERRANDS, Standing, domain_of};
use panel_core::id::{AgencyId, Id, SessionId};
use panel_store::directories::{self, Directory, NewErrand};
use panel_store::{Authz, agencies, users};

/// Where somebody is sent.
#[derive(Clone)]
pub struct Way {
    /// The address at the directory.
    pub address: String,
    /// The machine it is at, for the person to look at.
    pub host: String,
    /// The agency's name.
    pub agency: String,
    /// What her browser alone is to hold until she comes back.
    pub secret: String,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way(…)")
    }
}

/// What became of sending somebody.
#[derive(Debug, Clone)]
pub enum Sent {
    /// She can go.
    There(Way),
    /// No directory is offered for her.
    Nowhere,
    /// The directory does not answer now.
    Away,
}

/// Notes for whoever runs the service what is wrong with a directory.
pub(super) fn log(agency: AgencyId, fault: Fault) {
    tracing::warn!(event = "directory", agency = %agency.uuid(), code = fault.code());
}

/// What is known of an agency's directory outside of a transaction.
pub(super) struct Known {
    pub(super) directory: Directory,
    pub(super) agency: String,
}

/// A directory of an agency that has not left.
pub(super) fn known(az: &mut Authz<'_>, directory: Directory) -> Result<Option<Known>, AppError> {
    let today = az.today();
    let agency = agencies::find(az, directory.agency)?.map(|found| found.value);
    let live = agency.filter(|agency| agency.ended_on.is_none_or(|day| day > today));
    Ok(live.map(|agency| Known { directory, agency: agency.name.into() }))
}

/// Asks the directory for the way there, and notes that somebody is sent.
fn send(
    app: &App,
    known: &Known,
    errand: Errand,
    session: Option<SessionId>,
) -> Result<Sent, AppError> {
    let Known { directory, agency } = known;
    let back = back_to(app, directory.agency);
    let relation =
        Relation { issuer: &directory.issuer, client_id: &directory.client_id, back: &back };
    let secret = secret(&*app.ids);
    let question = Question::of(&secret, errand == Errand::Confirm);
    let now = app.clock.now()?;
    let address = match app.directories.way_in(relation, &question, now) {
        Ok(address) => address,
        Err(fault) => {
            log(directory.agency, fault);
            return Ok(Sent::Away);
        }
    };
    let token_hash = hashed(&secret);
    let new = NewErrand { token_hash: &token_hash, agency: directory.agency, errand, session };
    let since = now - Duration::minutes(ERRAND_MINUTES);
    if !app.as_nobody(|az| Ok(directories::begin(az, &new, since, MOST_ERRANDS)?))? {
        log(directory.agency, Fault::Away("too_many"));
        return Ok(Sent::Away);
    }
    // What people are shown is where the address leads, which may be another machine than the issuer.
    let host = Issuer::parse(&directory.issuer, app.directories.reach());
    let host = host_of(&address).or_else(|| host.ok().map(|issuer| issuer.host().to_owned()));
    let host = host.unwrap_or_default();
    Ok(Sent::There(Way { address, host, agency: agency.clone(), secret }))
}

fn host_of(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?']).next().map(str::to_owned)
}

/// Whether any agency's people can sign in through a directory.
///
/// # Errors
/// When the database fails.
pub fn is_offered(app: &App) -> Result<bool, AppError> {
    app.as_nobody(|az| Ok(directories::any_offered(az)?))
}

/// Sends somebody to sign in at the directory of the domain of an address. Nothing else of the address is
/// looked at, so that nobody learns which addresses are registered.
///
/// # Errors
/// When the database fails; never because of the address.
pub fn way_in(app: &App, email: &str) -> Result<Sent, AppError> {
    let folded = email.trim().to_ascii_lowercase();
    let Some(domain) = domain_of(&folded) else { return Ok(Sent::Nowhere) };
    let found = app.as_nobody(|az| {
        let found = directories::of_domain(az, domain)?.map(|found| found.value);
        let offered = found.filter(|found| found.standing != Standing::Untried);
        offered.map_or(Ok(None), |offered| known(az, offered))
    })?;
    found.map_or(Ok(Sent::Nowhere), |found| send(app, &found, Errand::SignIn, None))
}

/// Sends the caller to prove once more who asks.
///
/// # Errors
/// When the database fails.
pub fn to_confirm(ctx: &Ctx<'_>, session: SessionId) -> Result<Sent, AppError> {
    let found = ctx.read(|az| {
        if !directories::knows(az, ctx.user())? {
            return Ok(None);
        }
        let agency = users::find(az, ctx.user())?.ok_or(AppError::NotFound)?.agency;
        let directory = found(az, agency)?.value;
        known(az, directory)
    })?;
    found.map_or(Ok(Sent::Nowhere), |found| send(ctx.app, &found, Errand::Confirm, Some(session)))
}

/// Sends an administrator to try the connection.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::NotFound`].
pub fn to_try(ctx: &Ctx<'_>, session: SessionId, agency: AgencyId) -> Result<Sent, AppError> {
    ctx.must_administer()?;
    ctx.must_be_there()?;
    let found = ctx.read(|az| {
        let directory = found(az, agency)?.value;
        known(az, directory)
    })?;
    found.map_or(Ok(Sent::Nowhere), |found| send(ctx.app, &found, Errand::Trial, Some(session)))
}
