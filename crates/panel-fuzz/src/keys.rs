//! Key files, their halves on paper, and what they seal.

use crate::{Parser, seeds, text};
use panel_app::{Ids, Ring};
use panel_core::audit::checkpoint::{PublicKey, SecretKey};
use panel_core::audit::seal::Hash;
use panel_vault::{Place, join, split};
use uuid::Uuid;

/// Everything that an operator may type or find where a key should be.
pub(crate) const KEYS: Parser = Parser { name: "keys", reads: keys, seeds: written };

/// The place at which nothing opens that was not sealed for it.
const PLACE: Place = Place { table: "t", column: "c", row: Uuid::nil(), owner: Uuid::nil() };

fn keys(bytes: &[u8]) {
    let text = text(bytes);
    let _ = Ring::read(&text);
    let (first, second) = text.split_once("\n\n").unwrap_or((&text, ""));
    let _ = join(first, second);
    let _ = (SecretKey::read(&text), text.parse::<PublicKey>(), text.parse::<Hash>());
    let opened = Ring::generate(&Ids::seeded(1)).open(&PLACE, bytes);
    assert!(opened.is_err(), "something opens that was never sealed");
}

fn written() -> Vec<Vec<u8>> {
    let ids = Ids::seeded(7);
    let ring = Ring::generate(&ids).write();
    let [first, second] = split(&ids, ring.as_str());
    let halves = format!("{}\n\n{}", first.as_str(), second.as_str());
    let mut all = seeds(&[ring.as_str(), &halves]);
    // Sealed for the same place, and by another key.
    all.push(Ring::generate(&ids).seal(&ids, &PLACE, b"9 Lark Close"));
    all
}
