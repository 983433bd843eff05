//! What administrators set for the whole installation.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::account::{IDLE_RANGE, SignInPolicy};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_store::{Authz, StoreError, Versioned, installation};

/// The name under which the rules of signing in are kept.
const SIGN_IN: &str = "sign_in";

/// The rules of signing in, with version 0 while nobody has set any.
pub(crate) fn policy(az: &mut Authz<'_>) -> Result<Versioned<SignInPolicy>, AppError> {
    let Some((text, version)) = installation::find(az, SIGN_IN)? else {
        return Ok(Versioned { value: SignInPolicy::default(), version: 0 });
    };
    let value = serde_json::from_str(&text).map_err(AppError::failed)?;
    Ok(Versioned { value, version })
}

/// How people sign in here.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not administer.
pub fn sign_in_policy(ctx: &Ctx<'_>) -> Result<Versioned<SignInPolicy>, AppError> {
    ctx.must_administer()?;
    ctx.read(policy)
}

/// Sets how people sign in. It counts from each person's next sign-in on.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::Invalid`], [`AppError::Stale`], and [`AppError::NotFound`] for whoever
/// does not administer.
pub fn set_sign_in_policy(
    ctx: &Ctx<'_>,
    version: i32,
    idle_minutes: u32,
    optional_until: Option<NaiveDate>,
) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    let (least, most) = IDLE_RANGE;
    if !(least..=most).contains(&idle_minutes) {
        let message = format!("Minutes without use must be between {least} and {most}");
        return Err(AppError::field("idle_minutes", "out_of_range", message));
    }
    let value = SignInPolicy { idle_minutes, optional_until };
    let text = serde_json::to_string(&value).map_err(AppError::failed)?;
    ctx.write(|az| {
        match installation::save(az, SIGN_IN, &text, version) {
            Ok(true) => {}
            Ok(false) | Err(StoreError::Taken) => return Err(AppError::Stale),
            Err(other) => return Err(other.into()),
        }
        let code = "settings.sign_in";
        az.did(Deed::new(AuditKind::Administration, code, SubjectKind::Account, None).with(text));
        Ok(())
    })
}
