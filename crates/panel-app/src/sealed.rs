//! Short-lived texts that are kept sealed by the master key itself: what is typed and not saved, what
//! submissions were answered, and files that wait to be confirmed.

use crate::app::App;
use crate::error::AppError;
use panel_core::id::{Id, ImportId, PanelId, RequestId, UserId};
use panel_vault::{OpenError, Place, Zeroizing};
use sha2::{Digest, Sha256};
use uuid::Uuid;

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
