//! The import of a coordinator's old tracker: upload, check, correct, confirm.
//!
//! An upload saves nothing but its bytes and how they are to be read ([`Choices`]). What it would do
//! is worked out anew each time it is looked at ([`show`]), from those bytes, the choices, the
//! agencies of Panel and today's date. What is confirmed is saved in one transaction or not at all,
//! and the bytes are forgotten. Rows that an earlier import took are left as they are, so that the
//! same file changes nothing and a longer one only adds.

mod actions;
mod cases;
mod choices;
mod confirm;
mod directory;
mod meetings;
mod people;
mod read;
mod referrals;
mod summary;

pub use choices::{Change, Choices, LinkChoice, SheetForm};
pub use confirm::confirm;
pub use panel_store::imports::{Import, ImportState};
pub use read::{AgencyName, Found, Kept, Offer, Reading, SheetShape, Shown, show};
pub use summary::Summary;

use crate::context::Ctx;
use crate::error::{AppError, sentence};
use crate::random::hex;
use crate::sealed::Slot;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, ImportId, PanelId};
use panel_core::text::Name;
use panel_core::tracker::headings::recognise;
use panel_store::{Authz, imports};
use panel_vault::Zeroizing;
use sha2::{Digest, Sha256};

/// The most uploads that one page lists.
const MOST: i64 = 200;

fn deed(kind: AuditKind, code: &'static str, import: &Import) -> Deed {
    Deed::new(kind, code, SubjectKind::Import, Some(import.id.uuid())).at(import.panel)
}

/// The last step of a path, as a label of at most 150 characters.
fn label(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let short: String = last.chars().take(150).collect();
    Name::parse(&short).map_or_else(|_| "file".to_owned(), String::from)
}

/// Takes a file in for a panel, with its headings recognised. Nothing of it is imported yet.
///
/// # Errors
/// [`AppError::Invalid`] when the file cannot be read, with what to do about it;
/// [`AppError::NotFound`] for whoever does not coordinate the panel.
pub fn upload(
    ctx: &Ctx<'_>,
    panel: PanelId,
    file_name: &str,
    bytes: &[u8],
) -> Result<ImportId, AppError> {
    ctx.must_coordinate(panel)?;
    let file_name = label(file_name);
    let workbook = panel_sheets::read(bytes, &file_name)
        .map_err(|e| AppError::field("file", "unreadable", sentence(&e.to_string())))?;
    let choices = Choices { mapping: recognise(&workbook), ..Choices::default() };
    let import = Import {
        id: ctx.mint(),
        panel,
        uploaded_by: ctx.user(),
        uploaded_at: ctx.now,
        file_name,
        sha256: hex(&Sha256::digest(bytes)),
        mapping: choices.written()?,
        state: ImportState::Read,
        summary: String::new(),
        version: 1,
    };
    ctx.write(|az| {
        imports::insert(az, &import, &ctx.app.seal(Slot::upload(import.id, panel), bytes))?;
        az.did(deed(AuditKind::Collection, "import.upload", &import));
        Ok(import.id)
    })
}

/// The newest uploads for a panel, at most `limit`, older than `before` when given.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not coordinate the panel.
pub fn list(
    ctx: &Ctx<'_>,
    panel: PanelId,
    before: Option<ImportId>,
    limit: i64,
) -> Result<Vec<Import>, AppError> {
    ctx.must_coordinate(panel)?;
    ctx.read(|az| Ok(imports::list(az, panel, before, limit.clamp(1, MOST))?))
}

/// Corrects how an upload is read.
///
/// # Errors
/// [`AppError::Invalid`] for what cannot be, [`AppError::Stale`] when somebody else changed it since
/// `version` was read, [`AppError::Rule`] `ended` once it is imported or discarded,
/// [`AppError::NotFound`].
pub fn set_mapping(
    ctx: &Ctx<'_>,
    id: ImportId,
    version: i32,
    change: &Change,
) -> Result<(), AppError> {
    let loaded = read::load(ctx, id);
    ctx.write(|az| {
        let loaded = loaded?;
        let choices = choices::apply(&loaded, change)?;
        if !imports::set_mapping(az, id, version, &choices.written()?)? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Alteration, "import.mapping", &loaded.import));
        Ok(())
    })
}

/// Throws an upload away.
///
/// # Errors
/// As [`set_mapping`].
pub fn discard(ctx: &Ctx<'_>, id: ImportId, version: i32) -> Result<(), AppError> {
    ctx.write(|az| {
        let import = open(ctx, az, id)?.0;
        if !imports::end(az, id, version, ImportState::Dropped, "")? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Erasure, "import.discard", &import));
        Ok(())
    })
}

/// An upload that is still to be checked, with its bytes.
fn open(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: ImportId,
) -> Result<(Import, Zeroizing<Vec<u8>>), AppError> {
    let (import, content) = imports::find(az, id)?.ok_or(AppError::NotFound)?;
    match (import.state, content) {
        (ImportState::Read, Some(sealed)) => {
            let content = ctx.app.unseal(Slot::upload(id, import.panel), &sealed)?;
            Ok((import, content))
        }
        (state, _) => {
            let message = format!("This file was {} already", state.to_string().to_lowercase());
            Err(AppError::rule("ended", message))
        }
    }
}
