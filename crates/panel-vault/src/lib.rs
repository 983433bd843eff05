//! Keys, and what they seal: the fields that nobody with the database file in hand may read.
//!
//! A [`Ring`] holds the master keys, which live in a file of their own and never in the database. A master
//! key seals a [`DataKey`] for each record, and that seals the record's fields; so a record is erased for
//! good, in backups too, when its data key is. Whatever is sealed is bound to its [`Place`]: moved to
//! another row it does not open. Nothing here reads a file, a clock or a source of chance.

mod halves;
mod hex;
mod key;
mod place;
mod ring;

pub use halves::{HalvesError, join, split};
pub use key::{DataKey, KeyId, OpenError};
pub use place::Place;
pub use ring::{Ring, RingError};
pub use zeroize::Zeroizing;
