//! What administrators set for the whole installation.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::account::{IDLE_RANGE, SignInPolicy};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::dormancy::SUSPENDED_RANGE;
use panel_store::{Authz, StoreError, Versioned, installation};

const SIGN_IN: &str = SignInPolicy::NAME;

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

/// Sets how people sign in. The minutes count from each person's next sign-in on.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::Invalid`], [`AppError::Stale`], and [`AppError::NotFound`] for whoever
/// does not administer.
pub fn set_sign_in_policy(
    ctx: &Ctx<'_>,
    version: i32,
    value: &SignInPolicy,
) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    let (least, most) = IDLE_RANGE;
    if !(least..=most).contains(&value.idle_minutes) {
        let message = format!("Minutes without use must be between {least} and {most}");
        return Err(AppError::field("idle_minutes", "out_of_range", message));
    }
    let (least, most) = SUSPENDED_RANGE;
    if !(least..=most).contains(&value.suspended_after) {
        let message = format!("Days without a sign-in must be between {least} and {most}");
        return Err(AppError::field("suspended_after", "out_of_range", message));
    }
    let text = serde_json::to_string(value).map_err(AppError::failed)?;
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
