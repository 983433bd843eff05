//! What stood out in how cases are read, for administrators: seen, noted and closed.

use crate::context::Ctx;
use crate::error::{AppError, text_error};
use panel_core::audit::occasion::Occasion;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{FindingId, Id};
use panel_core::text::Note;
use panel_core::watch::{Finding, WatchRule, is_namesake, is_own_name};
use panel_store::watch;
pub use panel_store::watch::FindingRow;
use serde::{Deserialize, Serialize};

/// What came of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingForm {
    /// In a few words.
    pub note: String,
}

/// Findings that are open, then those that were closed last.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not administer.
pub fn list(ctx: &Ctx<'_>) -> Result<Vec<FindingRow>, AppError> {
    ctx.must_administer()?;
    ctx.read(|az| {
        az.did(deed("watch.list", None));
        Ok(watch::list(az)?)
    })
}

/// One finding.
///
/// # Errors
/// [`AppError::NotFound`], also for whomever it concerns and whoever does not administer.
pub fn show(ctx: &Ctx<'_>, id: FindingId) -> Result<FindingRow, AppError> {
    ctx.must_administer()?;
    ctx.read(|az| {
        az.did(deed("watch.show", Some(id)));
        watch::find(az, id)?.ok_or(AppError::NotFound)
    })
}

/// Closes a finding with what came of it.
///
/// # Errors
/// [`AppError::Invalid`] without a note; [`AppError::Rule`] `closed`; [`AppError::NotFound`].
pub fn close(ctx: &Ctx<'_>, id: FindingId, form: &FindingForm) -> Result<(), AppError> {
    ctx.must_administer()?;
    let note = Note::parse(&form.note)
        .map_err(|e| AppError::Invalid(vec![text_error("note", "What came of it", &e)]));
    ctx.write(|az| {
        watch::find(az, id)?.ok_or(AppError::NotFound)?;
        if !watch::close(az, id, ctx.user(), &note?)? {
            return Err(AppError::rule("closed", "This was closed already"));
        }
        az.did(Deed { kind: AuditKind::Administration, ..deed("watch.close", Some(id)) });
        Ok(())
    })
}

fn deed(code: &'static str, id: Option<FindingId>) -> Deed {
    let subject = SubjectKind::AuditLog;
    Deed::new(AuditKind::Consultation, code, subject, id.map(Id::uuid))
}

/// Notes a search for the caller's own name, by its rule alone: the words stay nowhere.
pub(crate) fn searched(ctx: &Ctx<'_>, text: &str) -> Result<(), AppError> {
    if !is_own_name(text, &ctx.person.name) {
        return Ok(());
    }
    note(ctx, WatchRule::OwnName)
}

/// Notes that somebody opened, for no reason that the service knows, the case of people one of whom bears her
/// own surname. It says that it was so, and of which case nowhere.
pub(crate) fn opened<'a>(
    ctx: &Ctx<'_>,
    occasion: Occasion,
    surnames: impl IntoIterator<Item = &'a str>,
) -> Result<(), AppError> {
    if occasion.is_known() || !is_namesake(&ctx.person.name, surnames) {
        return Ok(());
    }
    note(ctx, WatchRule::Namesake)
}

fn note(ctx: &Ctx<'_>, rule: WatchRule) -> Result<(), AppError> {
    let finding = Finding { rule, day: ctx.today, many: 1 };
    ctx.write(|az| Ok(watch::add(az, ctx.user(), &finding).map(|_| ())?))
}
