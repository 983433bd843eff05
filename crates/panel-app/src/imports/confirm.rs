//! Confirming an upload: everything that is new, in one transaction.

use super::choices::Choices;
use super::read::{Done, Loaded, load};
use super::summary::Summary;
use super::{Import, ImportState, actions, cases, deed, directory, meetings, people, referrals};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::action::{By, Capacity};
use panel_core::audit::AuditKind;
use panel_core::id::ImportId;
use panel_core::tracker::preview::Preview;
use panel_core::words::count;
use panel_store::imports::{self, KeyKind};
use panel_store::{Authz, StoreError, agencies};
use uuid::Uuid;

/// An import that is being saved.
pub(super) struct Filing<'a> {
    pub(super) ctx: &'a Ctx<'a>,
    pub(super) import: &'a Import,
    pub(super) choices: &'a Choices,
    pub(super) preview: &'a Preview,
    /// What earlier imports took.
    pub(super) done: Done,
    /// The coordinator who confirms, as actions know her.
    pub(super) by: By,
    /// Which record each new row became.
    pub(super) keys: Vec<(KeyKind, String, Uuid)>,
    /// What was done so far.
    pub(super) summary: Summary,
}

/// Imports what is new in an upload, in one transaction or not at all, and forgets its bytes.
///
/// Bad rows are left out when `without_bad`. Confirmed twice with one submission, it happens once.
///
/// # Errors
/// [`AppError::Rule`] `bad_rows` when there are bad rows and nobody said to leave them out,
/// `unreadable` when the mapping cannot be used, `ended` when it was imported or discarded before;
/// [`AppError::Stale`] when the upload or the agencies changed since `version` was read;
/// [`AppError::NotFound`].
pub fn confirm(
    ctx: &Ctx<'_>,
    id: ImportId,
    version: i32,
    without_bad: bool,
) -> Result<Summary, AppError> {
    // Reading the file takes a while, in which nobody should wait to write.
    let prepared = prepare(ctx, id);
    ctx.write(|az| {
        let (loaded, preview) = prepared?;
        let bad = preview.counts.bad_rows;
        if bad > 0 && !without_bad {
            let message = format!(
                "{} cannot be imported: say that the good ones are imported without them, or \
                 correct the file and upload it again",
                count(bad, "row")
            );
            return Err(AppError::rule("bad_rows", message));
        }
        if loaded.import.version != version || agencies::list(az)? != loaded.agencies {
            return Err(AppError::Stale);
        }
        file(ctx, az, &loaded, &preview)
    })
}

fn prepare(ctx: &Ctx<'_>, id: ImportId) -> Result<(Loaded, Preview), AppError> {
    let loaded = load(ctx, id)?;
    let preview = loaded
        .preview(ctx)
        .map_err(|problems| AppError::rule("unreadable", problems.join("; ")))?;
    Ok((loaded, preview))
}

fn file(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    loaded: &Loaded,
    preview: &Preview,
) -> Result<Summary, AppError> {
    let import = &loaded.import;
    panel_store::meetings::lock_panel(az, import.panel)?;
    let done = Done::find(az, import, preview)?;
    let mut filing = Filing {
        ctx,
        import,
        choices: &loaded.choices,
        preview,
        done,
        by: By { user: ctx.user(), capacity: Capacity::Coordinator },
        keys: Vec::new(),
        summary: Summary::new(ctx.now, ctx.user()),
    };
    filing.count_what_stays();
    let of_key = directory::agencies(&mut filing, az, &loaded.agencies)?;
    directory::reps(&mut filing, az, &of_key)?;
    let sittings = meetings::file(&mut filing, az)?;
    let mut entries = people::file(&mut filing, az)?;
    let new_cases = cases::file(&mut filing, az, &mut entries)?;
    referrals::file(&mut filing, az, &entries, &of_key)?;
    actions::file(&mut filing, az, &entries, &of_key, &sittings, &new_cases)?;
    let Filing { keys, summary, .. } = filing;
    imports::insert_keys(az, import, &keys).map_err(taken)?;
    let written = serde_json::to_string(&summary).map_err(AppError::failed)?;
    if !imports::end(az, import.id, import.version, ImportState::Confirmed, &written)? {
        return Err(AppError::Stale);
    }
    let detail = format!("{} referrals, {} actions", summary.referrals, summary.actions);
    az.did(deed(AuditKind::Collection, "import.confirm", import).with(detail));
    Ok(summary)
}

/// A row that another import took at the same time.
fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken => AppError::Stale,
        other => other.into(),
    }
}

impl Filing<'_> {
    fn count_what_stays(&mut self) {
        let Done { referrals, actions, reps } = &self.done;
        self.summary.kept = referrals.len() + actions.len() + reps.len();
        self.summary.repeated = self.preview.counts.repeated_rows;
        self.summary.left_out = self.preview.counts.bad_rows;
    }

    /// Remembers which record a row became.
    pub(super) fn became(&mut self, kind: KeyKind, external: &str, record: Uuid) {
        self.keys.push((kind, external.to_owned(), record));
    }
}
