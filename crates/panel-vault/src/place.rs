//! Where a sealed value belongs.

use uuid::Uuid;

/// The one place in the database at which a sealed value opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column, or what of it the value is.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
    /// The record to which the row belongs, such as a referral.
    pub owner: Uuid,
}

impl Place {
    /// The bytes that sealing binds a value to: each name behind its length, so that no two places share
    /// them, then the ids.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        for name in [self.table, self.column] {
            let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
            bytes.extend(length.to_be_bytes());
            bytes.extend(name.as_bytes());
        }
        bytes.extend(self.row.as_bytes());
        bytes.extend(self.owner.as_bytes());
        bytes
    }
}
