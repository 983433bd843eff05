//! The master keys, as their file holds them.

use crate::hex;
use crate::key::{DataKey, Key, KeyId, OpenError, sealed_by};
use crate::place::Place;
use hmac::{Hmac, KeyInit, Mac};
use panel_core::id::IdSource;
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What the file begins with.
const HEADING: &str = "panel-keys 1";

/// Why a text is no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// It begins in another way.
    #[error("this is no key file: its first line must be “{HEADING}”")]
    Heading,
    /// A line is neither a master key nor the index key.
    #[error("line {0} of the key file cannot be read")]
    Line(usize),
    /// Something is missing.
    #[error("the key file must hold a master key and one index key")]
    Incomplete,
}

/// Every master key that anything may be sealed by, the newest last, and the key of the blind index.
#[derive(Clone)]
pub struct Ring {
    older: Vec<Key>,
    newest: Key,
    index: Key,
}

impl Ring {
    /// A ring of one new master key.
    pub fn generate(chance: &dyn IdSource) -> Self {
        Self { older: Vec::new(), newest: Key::random(chance), index: Key::random(chance) }
    }

    /// The same ring with a new master key, by which everything is sealed from now on; what the others
    /// sealed still opens.
    #[must_use]
    pub fn rotated(mut self, chance: &dyn IdSource) -> Self {
        self.older.push(self.newest);
        Self { newest: Key::random(chance), ..self }
    }

    /// The same ring without its older master keys, once nothing is sealed by them.
    #[must_use]
    pub fn retired(self) -> Self {
        Self { older: Vec::new(), ..self }
    }

    /// Reads the text of a key file. Blank lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`RingError`], which never tells what stands in a line.
    pub fn read(text: &str) -> Result<Self, RingError> {
        let mut lines = (1..).zip(text.lines().map(str::trim));
        let mut said =
            lines.by_ref().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        if said.next().is_none_or(|(_, line)| line != HEADING) {
            return Err(RingError::Heading);
        }
        let (mut masters, mut index) = (Vec::new(), None);
        for (number, line) in said {
            let (kind, key) = line.split_once(' ').ok_or(RingError::Line(number))?;
            let key = hex::read(key).map(|secret| Key::new(Zeroizing::new(secret)));
            match (kind, key) {
                ("master", Some(key)) => masters.push(key),
                ("index", Some(key)) if index.is_none() => index = Some(key),
                _ => return Err(RingError::Line(number)),
            }
        }
        match (masters.pop(), index) {
            (Some(newest), Some(index)) => Ok(Self { older: masters, newest, index }),
            _ => Err(RingError::Incomplete),
        }
    }

    /// The text of the key file.
    pub fn write(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{HEADING}\n"));
        for key in self.masters() {
            text.push_str("master ");
            text.push_str(&Zeroizing::new(hex::write(&*key.secret)));
            text.push('\n');
        }
        text.push_str("index ");
        text.push_str(&Zeroizing::new(hex::write(&*self.index.secret)));
        text.push('\n');
        text
    }

    fn masters(&self) -> impl Iterator<Item = &Key> {
        self.older.iter().chain([&self.newest])
    }

    /// The master keys by name, the newest last.
    pub fn ids(&self) -> Vec<KeyId> {
        self.masters().map(|key| key.id).collect()
    }

    /// Seals a value by the newest master key itself: for what belongs to no record.
    pub fn seal(&self, chance: &dyn IdSource, place: &Place, plain: &[u8]) -> Vec<u8> {
        self.newest.seal(chance, place, plain)
    }

    /// Opens what a master key sealed.
    ///
    /// # Errors
    /// [`OpenError`] for anything but what a key of this ring sealed for this very place.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let id = sealed_by(sealed)?;
        let key = self.masters().find(|key| key.id == id).ok_or(OpenError::UnknownKey(id))?;
        key.open(place, sealed)
    }

    /// Whether the newest master key sealed this.
    pub fn is_newest(&self, sealed: &[u8]) -> bool {
        sealed_by(sealed) == Ok(self.newest.id)
    }

    /// The key of a new record, and the form in which the database keeps it.
    pub fn new_data_key(&self, chance: &dyn IdSource, owner: Uuid) -> (DataKey, Vec<u8>) {
        let key = Key::random(chance);
        let kept = self.seal(chance, &place_of_key(owner), &*key.secret);
        (DataKey(key), kept)
    }

    /// The key of a record from what the database keeps.
    ///
    /// # Errors
    /// As [`Ring::open`].
    pub fn data_key(&self, owner: Uuid, kept: &[u8]) -> Result<DataKey, OpenError> {
        let opened = self.open(&place_of_key(owner), kept)?;
        let secret = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| OpenError::Form)?;
        Ok(DataKey(Key::new(Zeroizing::new(secret))))
    }

    /// The same record's key, sealed by the newest master key.
    ///
    /// # Errors
    /// As [`Ring::open`].
    pub fn resealed(
        &self,
        chance: &dyn IdSource,
        owner: Uuid,
        kept: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let opened = self.open(&place_of_key(owner), kept)?;
        Ok(self.seal(chance, &place_of_key(owner), &opened))
    }

    /// What a value of some kind is found by without being read: equal values of one kind have equal
    /// marks, and nobody without the key can make or undo one.
    pub fn blind(&self, kind: &'static str, value: &str) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.index.secret) else {
            return [0; 32]; // HMAC takes keys of any length.
        };
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ring").field(&self.ids()).finish()
    }
}

/// A record's key belongs to the record.
const fn place_of_key(owner: Uuid) -> Place {
    Place { table: "data_keys", column: "sealed", row: owner, owner }
}

#[cfg(test)]
mod tests;
