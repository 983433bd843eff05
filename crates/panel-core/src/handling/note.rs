//! Notes that are kept sealed: intelligence, health, and who told.

use crate::coded;
use crate::text::{LongNote, TextError};

coded! {
    /// What a sealed note is about.
    pub enum NoteKind: "kind of note" {
        /// Police intelligence, planned arrests, covert tactics.
        Intelligence = "intelligence" => "Intelligence or planned police activity",
        /// Health, substances, disability.
        Health = "health" => "Health",
        /// Something else that not everybody may read.
        Other = "other" => "Something else",
    }
}

/// A text that is kept sealed. It cannot be printed, logged or sent by mistake: the two ways to its content
/// say what they are for.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealable(LongNote);

impl Sealable {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`TextError`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        LongNote::parse(raw).map(Self)
    }

    /// The content as it is sealed.
    pub fn to_seal(&self) -> &[u8] {
        self.0.as_str().as_bytes()
    }

    /// The content of what was opened.
    ///
    /// # Errors
    /// When it is not what [`Sealable::to_seal`] gave.
    pub fn opened(bytes: &[u8]) -> Result<Self, TextError> {
        let text = std::str::from_utf8(bytes).map_err(|_| TextError::Empty)?;
        Self::parse(text)
    }

    /// Gives the content to somebody who may read it.
    pub fn reveal(self) -> LongNote {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_what_is_opened() {
        let text = "Arrest planned\n\nTuesday, 05:30";
        let sealed = Sealable::parse(text).unwrap();
        let opened = Sealable::opened(sealed.to_seal()).unwrap_or_else(|_| panic!("opens"));
        assert_eq!(opened.reveal().as_str(), text);
    }
}
