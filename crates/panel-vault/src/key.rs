//! One key and the form of what it seals: version, algorithm, the key's id, nonce, ciphertext.

use crate::hex;
use crate::place::Place;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use panel_core::id::IdSource;
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a sealed value begins with: the version of its form, and the algorithm.
const FORM: [u8; 2] = [1, 1];
const ID: usize = 4;
const NONCE: usize = 24;
/// Bytes before the ciphertext.
const HEAD: usize = FORM.len() + ID + NONCE;

/// Names a key without giving it away.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No value of ours, or cut short.
    #[error("the sealed value is damaged or of an unknown form")]
    Form,
    /// Sealed by a key that is not at hand.
    #[error("the key {0} is needed, which is not in the key file")]
    UnknownKey(KeyId),
    /// Changed, or moved from another place.
    #[error("the sealed value was changed or belongs to another place")]
    Refused,
}

/// 256 bits that seal; wiped from memory when they are let go.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: KeyId,
    pub(crate) secret: Zeroizing<[u8; 32]>,
}

impl Key {
    pub(crate) fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"panel key id");
        hash.update(*secret);
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash.finalize());
        Self { id: KeyId([a, b, c, d]), secret }
    }

    pub(crate) fn random(chance: &dyn IdSource) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        chance.fill(&mut *secret);
        Self::new(secret)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.secret).into())
    }

    /// Seals a value for its place, under a nonce drawn for it alone: 192 bits are enough for any number of
    /// nodes that do not know of each other.
    pub(crate) fn seal(&self, chance: &dyn IdSource, place: &Place, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        chance.fill(&mut nonce);
        let aad = self.bound(place);
        let payload = Payload { msg: plain, aad: &aad };
        // The cipher fails for messages of 256 GiB alone; nothing is kept then, rather than in the clear.
        let text = self.cipher().encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [FORM.as_slice(), &self.id.0, &nonce, &text].concat()
    }

    pub(crate) fn open(
        &self,
        place: &Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let nonce = sealed.get(FORM.len() + ID..HEAD).ok_or(OpenError::Form)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| OpenError::Form)?;
        let text = sealed.get(HEAD..).ok_or(OpenError::Form)?;
        let aad = self.bound(place);
        let opened = self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: text, aad: &aad });
        opened.map(Zeroizing::new).map_err(|_| OpenError::Refused)
    }

    /// The form and the key's name are bound in too, so that neither can be exchanged.
    fn bound(&self, place: &Place) -> Vec<u8> {
        [FORM.as_slice(), &self.id.0, &place.bytes()].concat()
    }
}

/// By which key a value was sealed.
pub(crate) fn sealed_by(sealed: &[u8]) -> Result<KeyId, OpenError> {
    let id = sealed.strip_prefix(&FORM).and_then(|rest| rest.first_chunk()).copied();
    id.map(KeyId).ok_or(OpenError::Form)
}

/// The key of one record. It seals and opens the record's fields, and is kept only sealed by a master key.
#[derive(Clone)]
pub struct DataKey(pub(crate) Key);

impl DataKey {
    /// Seals a value for its place.
    pub fn seal(&self, chance: &dyn IdSource, place: &Place, plain: &[u8]) -> Vec<u8> {
        self.0.seal(chance, place, plain)
    }

    /// Opens a value at its place.
    ///
    /// # Errors
    /// [`OpenError`] for anything but what this key sealed for this very place.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let id = sealed_by(sealed)?;
        if id == self.0.id { self.0.open(place, sealed) } else { Err(OpenError::UnknownKey(id)) }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.0.id)
    }
}
