//! Coming back from a directory: the errand is ended once, what the directory signed is judged, and whoever is
//! meant gets in, proves who asks, or tries the connection.

use super::connect::back_to;
use super::errand::{Known, known, log};
use super::port::{Fault, Question, Relation};
use crate::app::App;
use crate::context::Ctx;
use crate::error::AppError;
use crate::random::hashed;
use crate::sealed::Slot;
use crate::sign_in::{Session, SignedIn, start_from_directory};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::directory::{Errand, Refusal, Said, Standing, can_be_ended, meant};
use panel_core::id::{AgencyId, Id, UserId};
use panel_store::directories::{self, Directory, Ended};
use panel_store::{Authz, StoreError, sessions};

/// Somebody who comes back, as her browser says it.
#[derive(Clone, Copy)]
pub struct Back<'a> {
    /// From whose directory.
    pub agency: AgencyId,
    /// What her browser alone held.
    pub secret: &'a str,
    /// Her session, where she has one.
    pub session: Option<&'a Session>,
    /// What she was sent with.
    pub state: &'a str,
    /// What is redeemed for what the directory signs.
    pub code: Option<&'a str>,
    /// How whoever sent her back calls itself.
    pub issuer: Option<&'a str>,
}

impl std::fmt::Debug for Back<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Back(…)")
    }
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Came {
    /// She signed in, if only half.
    In(SignedIn),
    /// She proved who asks.
    Sure,
    /// The connection was tried; or why it does not work, as a code for whoever connects it.
    Tried(Result<(), String>),
    /// She is not let in. Which check it was is for the log alone.
    Refused,
    /// The directory does not answer now.
    Away,
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Authentication, code, SubjectKind::Account, Some(user.uuid()))
}

/// Notes that somebody who came from a directory was not let in, and why.
fn refused(app: &App, agency: AgencyId, user: Option<UserId>, code: &str) -> Result<(), AppError> {
    let (kind, id) = user
        .map_or((SubjectKind::Agency, agency.uuid()), |user| (SubjectKind::Account, user.uuid()));
    app.as_nobody(|az| {
        let deed = Deed::new(AuditKind::Authentication, "directory.refused", kind, Some(id));
        az.did(deed.with(code));
        Ok(())
    })
}

/// Takes what a browser brought back from a directory.
///
/// # Errors
/// When the database fails; never because of what was brought.
pub fn come_back(app: &App, back: Back<'_>) -> Result<Came, AppError> {
    let Some((ended, known)) = ended(app, back)? else {
        log(back.agency, Fault::Unbelieved("no_errand"));
        return Ok(Came::Refused);
    };
    let said = match asked(app, back, &ended, &known.directory)? {
        Ok(said) => said,
        Err(fault) => {
            log(back.agency, fault);
            refused(app, back.agency, None, fault.code())?;
            return Ok(match (ended.errand, fault) {
                (Errand::Trial, fault) => Came::Tried(Err(fault.code().to_owned())),
                (_, Fault::Away(_)) => Came::Away,
                (_, Fault::Unbelieved(_)) => Came::Refused,
            });
        }
    };
    let directory = known.directory;
    match (ended.errand, back.session) {
        (Errand::SignIn, _) => enter(app, &directory, &ended, &said),
        (Errand::Confirm, Some(session)) => confirm(app, &directory, &ended, session, &said),
        (Errand::Trial, Some(session)) => tried(app, &directory, session, &said),
        (Errand::Confirm | Errand::Trial, None) => Ok(Came::Refused),
    }
}

/// The errand that this browser was sent on: it holds the secret, came to the same agency's address, in time
/// and into the same session. Whatever comes of it, it is spent.
fn ended(app: &App, back: Back<'_>) -> Result<Option<(Ended, Known)>, AppError> {
    let asked = Question::of(back.secret, false);
    // Hashes are compared, so that the time it takes tells nothing of what would have been right.
    if hashed(&asked.state) != hashed(back.state) {
        return Ok(None);
    }
    app.as_nobody(|az| {
        let Some(ended) = directories::end(az, &hashed(back.secret))? else { return Ok(None) };
        let session = back.session.map(|session| session.id);
        let is_here = match ended.errand {
            Errand::SignIn => true,
            Errand::Confirm | Errand::Trial => ended.session.is_some() && ended.session == session,
        };
        let now = az.now();
        if ended.agency != back.agency || !is_here || !can_be_ended(ended.began_at, now) {
            return Ok(None);
        }
        let Some(found) = directories::find(az, ended.agency)? else { return Ok(None) };
        if found.value.standing == Standing::Untried && ended.errand != Errand::Trial {
            return Ok(None);
        }
        Ok(known(az, found.value)?.map(|known| (ended, known)))
    })
}

/// What the directory signed for the code that came back.
fn asked(
    app: &App,
    back: Back<'_>,
    ended: &Ended,
    directory: &Directory,
) -> Result<Result<Said, Fault>, AppError> {
    let Some(code) = back.code else { return Ok(Err(Fault::Unbelieved("no_code"))) };
    let secret = app.unseal_text(Slot::directory(directory.agency), &directory.secret)?;
    let address = back_to(app, directory.agency);
    let relation =
        Relation { issuer: &directory.issuer, client_id: &directory.client_id, back: &address };
    let question = Question::of(back.secret, ended.errand == Errand::Confirm);
    let now = app.clock.now()?;
    Ok(app.directories.redeem(relation, &secret, &question, code, back.issuer, now))
}

/// Whose account is meant; or why nobody's is, and whose it would have been.
fn judged(
    az: &mut Authz<'_>,
    directory: &Directory,
    said: &Said,
) -> Result<Result<panel_core::directory::Meant, (Refusal, Option<UserId>)>, AppError> {
    let agency = directory.agency;
    let by_subject = directories::by_subject(az, agency, &said.subject)?;
    let by_address = match said.address(&directory.domains) {
        Ok(folded) if by_subject.is_none() => Ok(directories::by_address(az, &folded)?),
        Ok(_) => Ok(None),
        Err(refusal) => Err(refusal),
    };
    let near = by_subject.as_ref().or(by_address.as_ref().ok().and_then(Option::as_ref));
    let near = near.map(|account| account.user);
    let by_address = by_address.as_ref().map(Option::as_ref).map_err(|refusal| *refusal);
    Ok(meant(agency, &said.subject, by_subject.as_ref(), by_address).map_err(|why| (why, near)))
}

fn enter(app: &App, directory: &Directory, ended: &Ended, said: &Said) -> Result<Came, AppError> {
    let done = app.as_nobody(|az| {
        let meant = match judged(az, directory, said)? {
            Ok(meant) => meant,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if meant.is_first {
            match directories::keep_subject(az, meant.user, directory.agency, &said.subject) {
                // Two came at once for the first time: the other has won.
                Err(StoreError::Taken) => return Err(AppError::Stale),
                kept => kept?,
            }
            az.did(deed("directory.first", meant.user));
        }
        az.did(deed("sign_in.directory", meant.user));
        let is_fresh = said.is_fresh(ended.began_at, az.now());
        let counts = directory.asks_second_factor;
        start_from_directory(az, app, meant.user, counts, is_fresh).map(Ok)
    });
    match done {
        Ok(Ok(fresh)) => Ok(Came::In(fresh)),
        Ok(Err((refusal, user))) => {
            refused(app, directory.agency, user, &refusal.to_string())?;
            Ok(Came::Refused)
        }
        Err(AppError::Stale) => Ok(Came::Refused),
        Err(error) => Err(error),
    }
}

fn confirm(
    app: &App,
    directory: &Directory,
    ended: &Ended,
    session: &Session,
    said: &Said,
) -> Result<Came, AppError> {
    let ctx = Ctx::new(app, session.person.clone())?;
    let why = ctx.write(|az| {
        let why = match judged(az, directory, said)? {
            Err((refusal, _)) => Some(refusal),
            Ok(meant) if meant.user != ctx.user() || meant.is_first => Some(Refusal::OtherPerson),
            Ok(_) if !said.is_fresh(ended.began_at, ctx.now) => Some(Refusal::NotFresh),
            Ok(_) => None,
        };
        if why.is_none() {
            sessions::note_proof(az, session.id, ctx.user())?;
            az.did(deed("sign_in.confirmed", ctx.user()));
        }
        Ok(why.map(|why| why.to_string()))
    })?;
    let Some(why) = why else { return Ok(Came::Sure) };
    refused(app, directory.agency, Some(ctx.user()), &why)?;
    Ok(Came::Refused)
}

/// A trial is passed when the directory vouches for an address in the domains that were agreed. Nobody is
/// signed in by it.
fn tried(
    app: &App,
    directory: &Directory,
    session: &Session,
    said: &Said,
) -> Result<Came, AppError> {
    let ctx = Ctx::new(app, session.person.clone())?;
    ctx.must_administer()?;
    if let Err(refusal) = said.address(&directory.domains) {
        refused(app, directory.agency, None, &refusal.to_string())?;
        return Ok(Came::Tried(Err(refusal.to_string())));
    }
    ctx.write(|az| {
        let Some(found) = directories::find(az, directory.agency)? else {
            return Err(AppError::NotFound);
        };
        if found.value != *directory {
            return Err(AppError::Stale);
        }
        if directory.standing == Standing::Untried {
            let offered = Directory { standing: Standing::Offered, ..directory.clone() };
            directories::update(az, &offered, found.version)?;
        }
        let (kind, id) = (SubjectKind::Agency, Some(directory.agency.uuid()));
        az.did(Deed::new(AuditKind::Administration, "directory.tried", kind, id));
        Ok(())
    })?;
    Ok(Came::Tried(Ok(())))
}
