//! Which records carry a marking.

use crate::coded;
use crate::id::{Id, InfoReplyId, NoteId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

coded! {
    /// What kind of record it is.
    pub enum RecordKind: "kind of record" {
        /// What an agency answered.
        Reply = "reply" => "Reply",
        /// A sealed note on a case.
        Note = "note" => "Sealed note",
    }
}

/// One record that carries a marking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MarkedRecord))]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// What an agency answered.
    Reply(InfoReplyId),
    /// A sealed note on a case.
    Note(NoteId),
}

impl Record {
    /// A record of this kind.
    pub fn of(kind: RecordKind, id: Uuid) -> Self {
        match kind {
            RecordKind::Reply => Self::Reply(InfoReplyId::from_uuid(id)),
            RecordKind::Note => Self::Note(NoteId::from_uuid(id)),
        }
    }

    /// Its kind.
    pub const fn kind(self) -> RecordKind {
        match self {
            Self::Reply(_) => RecordKind::Reply,
            Self::Note(_) => RecordKind::Note,
        }
    }

    /// Its id, whatever its kind.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Reply(id) => id.uuid(),
            Self::Note(id) => id.uuid(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;

    #[test]
    fn a_record_is_its_kind_and_its_id() {
        let id = Uuid::from_u128(7);
        for kind in RecordKind::ALL {
            let record = Record::of(*kind, id);
            assert_eq!((record.kind(), record.uuid()), (*kind, id));
        }
    }
}
