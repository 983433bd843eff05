//! What a person typed and has not saved: kept over a lost line, a reload and a sign-out.

use crate::app::App;
use crate::context::Ctx;
use crate::error::AppError;
use crate::sealed::Slot;
use chrono::{DateTime, Utc};
use panel_core::id::UserId;
use panel_store::{Authz, drafts};

/// The most that is kept of one form, in bytes.
const LARGEST: usize = 1024 * 1024;

/// The most places that are listed.
const LISTED: i64 = 50;

/// Keeps what the caller typed at a place; the newest text wins.
///
/// # Errors
/// [`AppError::Rule`] `too_large` for more than a mebibyte.
pub fn keep(ctx: &Ctx<'_>, place: &str, body: &str) -> Result<DateTime<Utc>, AppError> {
    if body.len() > LARGEST || place.len() > 500 {
        return Err(AppError::rule("too_large", "This is too long to keep"));
    }
    ctx.write(|az| save(ctx.app, az, ctx.user(), place, body))?;
    Ok(ctx.now)
}

/// Keeps what a person sent after the session had run out.
///
/// # Errors
/// When the database fails.
pub fn keep_for(app: &App, user: UserId, place: &str, body: &str) -> Result<(), AppError> {
    if body.len() > LARGEST || place.len() > 500 {
        return Ok(());
    }
    app.as_service("drafts", |az| save(app, az, user, place, body))
}

/// Seals and keeps a text within a transaction.
pub(crate) fn save(
    app: &App,
    az: &mut Authz<'_>,
    user: UserId,
    place: &str,
    body: &str,
) -> Result<(), AppError> {
    let sealed = app.seal(Slot::draft(user, place), body.as_bytes());
    Ok(drafts::save(az, user, place, &sealed)?)
}

/// What the caller typed at a place, within a transaction.
pub(crate) fn read(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    place: &str,
) -> Result<Option<(String, DateTime<Utc>)>, AppError> {
    let found = drafts::find(az, ctx.user(), place)?;
    Ok(found.and_then(|(sealed, saved_at)| Some((opened(ctx, place, &sealed)?, saved_at))))
}

/// Forgets what the caller typed at a place, within a transaction.
pub(crate) fn drop(ctx: &Ctx<'_>, az: &mut Authz<'_>, place: &str) -> Result<(), AppError> {
    Ok(drafts::forget(az, ctx.user(), place)?)
}

/// A text that does not open is as good as not there: its page begins anew, which is better than a page
/// that cannot be reached.
fn opened(ctx: &Ctx<'_>, place: &str, sealed: &[u8]) -> Option<String> {
    let text = ctx.app.unseal_text(Slot::draft(ctx.user(), place), sealed);
    if text.is_err() {
        tracing::warn!(event = "draft.unreadable");
    }
    text.ok()
}

/// What the caller typed at a place, and when.
///
/// # Errors
/// When the database fails.
pub fn find(ctx: &Ctx<'_>, place: &str) -> Result<Option<(String, DateTime<Utc>)>, AppError> {
    ctx.read(|az| read(ctx, az, place))
}

/// A text that is kept: its place, what was typed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The path of the form.
    pub place: String,
    /// What was typed.
    pub body: String,
    /// When it was last kept.
    pub saved_at: DateTime<Utc>,
}

/// What the caller typed at the places that begin with `prefix`, the latest first, at most 50.
///
/// # Errors
/// When the database fails.
pub fn list(ctx: &Ctx<'_>, prefix: &str) -> Result<Vec<Draft>, AppError> {
    let found = ctx.read(|az| Ok(drafts::list(az, ctx.user(), prefix, LISTED)?))?;
    let draft = |(place, (sealed, saved_at)): (String, drafts::Kept)| {
        let body = opened(ctx, &place, &sealed)?;
        Some(Draft { place, body, saved_at })
    };
    Ok(found.into_iter().filter_map(draft).collect())
}

/// Forgets what the caller typed at a place.
///
/// # Errors
/// When the database fails.
pub fn forget(ctx: &Ctx<'_>, place: &str) -> Result<(), AppError> {
    ctx.write(|az| drop(ctx, az, place))
}

/// Forgets what the caller typed at a place, where anything was kept; mostly there is nothing to write.
///
/// # Errors
/// When the database fails.
pub fn settle(ctx: &Ctx<'_>, place: &str) -> Result<(), AppError> {
    if find(ctx, place)?.is_some() { forget(ctx, place) } else { Ok(()) }
}
