//! What is kept sealed. A record's fields are sealed by a key of its own; short-lived texts by the master key
//! itself: what is typed and not saved, what submissions were answered, files that wait to be confirmed.

use crate::app::App;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::id::{AgencyId, Id, ImportId, PanelId, RequestId, UserId};
use panel_store::{Authz, whereabouts};
use panel_vault::{DataKey, OpenError, Place, Ring, Zeroizing};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The key of a record, a referral or a case, where it has one.
pub(crate) fn of(
    vault: &Ring,
    az: &mut Authz<'_>,
    owner: impl Id,
) -> Result<Option<DataKey>, AppError> {
    let sealed = whereabouts::data_key(az, owner)?;
    sealed.map(|sealed| vault.data_key(owner.uuid(), &sealed)).transpose().map_err(AppError::failed)
}

/// The key of a record, which is made when there is none.
pub(crate) fn of_or_new(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    owner: impl Id,
) -> Result<DataKey, AppError> {
    if let Some(key) = of(&ctx.app.vault, az, owner)? {
        return Ok(key);
    }
    let (key, sealed) = ctx.app.vault.new_data_key(az.ids(), owner.uuid());
    whereabouts::add_data_key(az, owner, &sealed)?;
    Ok(key)
}

/// A place among the texts of its owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(Place);

impl Slot {
    /// What a person typed on a page.
    pub(crate) fn draft(user: UserId, page: &str) -> Self {
        let digest = <[u8; 32]>::from(Sha256::digest(page.as_bytes()));
        let page = digest.first_chunk().copied().map(Uuid::from_bytes).unwrap_or_default();
        Self(Place { table: "drafts", column: "body", row: page, owner: user.uuid() })
    }

    /// What a submission of a person was answered.
    pub(crate) fn answer(operation: RequestId, user: UserId) -> Self {
        let (row, owner) = (operation.uuid(), user.uuid());
        Self(Place { table: "operations", column: "answer", row, owner })
    }

    /// The secret by which this service proves to an agency's directory who asks.
    pub(crate) fn directory(agency: AgencyId) -> Self {
        let row = agency.uuid();
        Self(Place { table: "directories", column: "secret", row, owner: row })
    }

    /// The bytes of a file that was uploaded to a panel.
    pub(crate) fn upload(import: ImportId, panel: PanelId) -> Self {
        let (row, owner) = (import.uuid(), panel.uuid());
        Self(Place { table: "imports", column: "content", row, owner })
    }
}

impl App {
    /// Seals a value for its place.
    pub(crate) fn seal(&self, slot: Slot, plain: &[u8]) -> Vec<u8> {
        self.vault.seal(&*self.ids, &slot.0, plain)
    }

    /// Opens what was sealed for its place.
    ///
    /// # Errors
    /// When it was changed, moved, or sealed by a key that is not at hand.
    pub(crate) fn unseal(&self, slot: Slot, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, AppError> {
        self.vault.open(&slot.0, sealed).map_err(AppError::failed)
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// As [`App::unseal`].
    pub(crate) fn unseal_text(&self, slot: Slot, sealed: &[u8]) -> Result<String, AppError> {
        let bytes = self.unseal(slot, sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| AppError::failed(OpenError::Form))?;
        Ok(text.to_owned())
    }
}
