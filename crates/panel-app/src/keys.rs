//! What is done with the master keys as a whole: sealing records’ keys anew, and trying every one.

use crate::app::App;
use crate::error::AppError;
use crate::notes::Part;
use crate::random::Ids;
use crate::sealed::Slot;
use crate::second_factor::opens;
use crate::whereabouts::place;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, Id, ReferralId};
use panel_store::directories::{self, Directory};
use panel_store::{Authz, factors, notes, whereabouts};
use panel_vault::{HalvesError, Place, Ring, RingError, Zeroizing};
use serde::Serialize;
use uuid::Uuid;

/// Records of one step.
const STEP: i64 = 200;

/// The key file in two halves.
pub fn split(ring: &Ring) -> [Zeroizing<String>; 2] {
    panel_vault::split(&Ids::random(), &ring.write())
}

/// Why two halves give no keys.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// A line was mistyped, or they do not belong together.
    #[error(transparent)]
    Halves(#[from] HalvesError),
    /// What they make is no key file.
    #[error("these two halves do not belong together")]
    Ring(#[from] RingError),
}

/// The keys of two halves.
///
/// # Errors
/// [`JoinError`].
pub fn join(first: &str, second: &str) -> Result<Ring, JoinError> {
    Ok(Ring::read(&panel_vault::join(first, second)?)?)
}

/// Seals every record’s key by the newest master key, some at a time, and says how many were not so yet.
///
/// # Errors
/// When the database fails, or a key does not open; what was done stays done.
pub fn reseal(app: &App) -> Result<usize, AppError> {
    let (mut after, mut resealed) = (None, 0);
    loop {
        let step = app.as_service("keys", |az| {
            let keys = whereabouts::data_keys_after(az, after, STEP)?;
            for (owner, sealed) in keys.iter().filter(|(_, sealed)| !app.vault.is_newest(sealed)) {
                let anew =
                    app.vault.resealed(az.ids(), *owner, sealed).map_err(AppError::failed)?;
                resealed += usize::from(whereabouts::reseal_data_key(az, *owner, sealed, &anew)?);
            }
            let last = keys.last().map(|(owner, _)| *owner);
            if last.is_none() {
                let deed = Deed::new(AuditKind::Key, "keys.rotate", SubjectKind::Listing, None);
                az.did(deed.with(format!("{resealed} records")));
            }
            Ok(last)
        })?;
        match step {
            Some(last) => after = Some(last),
            None => return Ok(resealed),
        }
    }
}

/// What trying every key found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Records with a key of their own.
    pub records: usize,
    /// Sealed fields that opened.
    pub opened: usize,
    /// Records whose key an older master key seals.
    pub older: usize,
    /// Second factors that opened.
    pub factors: usize,
    /// Secrets of agencies' directories that opened.
    pub directories: usize,
    /// Records of which something does not open, people whose second factor and agencies whose directory's
    /// secret does not.
    pub unreadable: Vec<Uuid>,
}

/// Opens every sealed field, every second factor and every directory’s secret once and keeps nothing of it.
///
/// # Errors
/// When the database fails.
pub fn verify(app: &App) -> Result<Verified, AppError> {
    let (mut after, mut found) = (None, Verified::default());
    loop {
        let last = app.as_service("keys", |az| {
            let keys = whereabouts::data_keys_after(az, after, STEP)?;
            for (owner, sealed) in &keys {
                found.records += 1;
                found.older += usize::from(!app.vault.is_newest(sealed));
                let fields = fields(az, *owner)?;
                let key = app.vault.data_key(*owner, sealed).ok();
                let opened = fields.iter().filter(|(place, sealed)| {
                    key.as_ref().is_some_and(|key| key.open(place, sealed).is_ok())
                });
                let opened = opened.count();
                found.opened += opened;
                if key.is_none() || opened != fields.len() {
                    found.unreadable.push(*owner);
                }
            }
            Ok(keys.last().map(|(owner, _)| *owner))
        })?;
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    verify_factors(app, &mut found)?;
    verify_directories(app, &mut found)?;
    Ok(found)
}

/// Opens every second factor once.
fn verify_factors(app: &App, found: &mut Verified) -> Result<(), AppError> {
    let mut after = None;
    loop {
        let sealed = app.as_service("keys", |az| Ok(factors::sealed_after(az, after, STEP)?))?;
        for (user, secret) in &sealed {
            if opens(&app.vault, *user, secret) {
                found.factors += 1;
            } else {
                found.unreadable.push(user.uuid());
            }
        }
        match sealed.last() {
            Some((last, _)) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

/// Opens the secret of every directory once.
fn verify_directories(app: &App, found: &mut Verified) -> Result<(), AppError> {
    for directory in app.as_service("keys", |az| Ok(directories::list(az)?))? {
        let Directory { agency, secret, .. } = directory.value;
        if app.unseal(Slot::directory(agency), &secret).is_ok() {
            found.directories += 1;
        } else {
            found.unreadable.push(agency.uuid());
        }
    }
    Ok(())
}

/// Everything that is sealed by the key of one record, a referral or a case.
fn fields(az: &mut Authz<'_>, owner: Uuid) -> Result<Vec<(Place, Vec<u8>)>, AppError> {
    let (referral, case) = (ReferralId::from_uuid(owner), CaseId::from_uuid(owner));
    let kept = whereabouts::of(az, referral)?.into_iter();
    let mut fields: Vec<_> =
        kept.map(|(person, sealed)| (place(referral, person), sealed)).collect();
    for (note, text, source) in notes::all_sealed(az, case)? {
        fields.push((crate::notes::place(case, note, Part::Text), text));
        fields.extend(source.map(|s| (crate::notes::place(case, note, Part::Source), s)));
    }
    Ok(fields)
}

/// Whether the keys at hand are those of this database: the newest record’s key opens.
///
/// # Errors
/// [`AppError::Rule`] `wrong_keys` when it does not; when the database fails.
pub fn must_fit(app: &App) -> Result<(), AppError> {
    let newest = app.as_service("keys", |az| Ok(whereabouts::newest_data_key(az)?))?;
    let Some((owner, sealed)) = newest else { return Ok(()) };
    match app.vault.data_key(owner, &sealed) {
        Ok(_) => Ok(()),
        Err(error) => Err(AppError::rule("wrong_keys", error.to_string())),
    }
}
