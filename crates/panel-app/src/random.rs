//! Where ids, references and secrets come from.

use chrono::{DateTime, Utc};
use panel_core::id::IdSource;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::{Builder, Uuid};

/// Random ids: from the operating system in use, from a seed in demonstrations and tests.
#[derive(Debug)]
pub struct Ids(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    rng: StdRng,
    millis: u64,
    counter: u32,
}

impl Ids {
    /// Unguessable ids.
    pub fn random() -> Self {
        Self::with(rand::make_rng())
    }

    /// The same ids on every run with the same seed. Never for real data: they can be guessed.
    pub fn seeded(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    fn with(rng: StdRng) -> Self {
        Self(Mutex::new(Inner { rng, millis: 0, counter: 0 }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves the generator as good as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IdSource for Ids {
    /// A UUID of version 7: milliseconds, a counter of 26 bits so that ids rise within one, and 48
    /// random bits. The time of an id never goes back, even when the clock is set back.
    ///
    /// The counter goes on by steps of every length, so that two ids of one instant do not tell whether
    /// another was made between them: whoever may see two items of an agenda and not the third would
    /// otherwise count it.
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut inner = self.inner();
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let begins = millis > inner.millis;
        if begins {
            inner.millis = millis;
            inner.counter = inner.rng.next_u32() >> 8;
        }
        let mut tail = [0_u8; 10];
        inner.rng.fill_bytes(&mut tail);
        if !begins {
            let [a, b, c, _, ..] = tail;
            inner.counter += step(u16::from_be_bytes([a, b]), c);
        }
        let [_, _, upper, middle] = (inner.counter >> 14).to_be_bytes();
        let [_, _, lower, lowest] = (inner.counter & 0x3FFF).to_be_bytes();
        for (place, byte) in tail.iter_mut().zip([upper, middle, lower, lowest]) {
            *place = byte;
        }
        Builder::from_unix_timestamp_millis(inner.millis, &tail).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.inner().rng.fill_bytes(bytes);
    }
}

/// How far a counter goes on: up to 2, 4, 8 and so on up to 1024, each as likely, so that a long step and
/// two short ones look alike. Some half a million ids fit into a millisecond.
fn step(random: u16, length: u8) -> u32 {
    let short = u32::from(length) * 10 / 256;
    1 + (u32::from(random) >> (6 + short))
}

/// Letters and digits that are not mistaken for one another when read aloud; no vowels, no words.
const ALPHABET: &[u8; 24] = b"BCDFGHJKMNPQRTVWXZ346789";

fn letter(ids: &dyn IdSource) -> char {
    let mut byte = [0_u8; 1];
    loop {
        ids.fill(&mut byte);
        // Bytes past the last whole multiple would favour the first letters.
        let [b] = byte;
        if let (true, Some(c)) = (b < 240, ALPHABET.get(usize::from(b % 24))) {
            return char::from(*c);
        }
    }
}

/// Groups of random letters with hyphens between them.
fn grouped(ids: &dyn IdSource, groups: usize, letters: usize) -> String {
    let group = |_| (0..letters).map(|_| letter(ids)).collect::<String>();
    (0..groups).map(group).collect::<Vec<_>>().join("-")
}

/// A random reference such as `K7MQ-4XWP` (36 bits), neither counted nor dated.
pub fn reference(ids: &dyn IdSource) -> String {
    grouped(ids, 2, 4)
}

/// A code on paper such as `K7MQX-4XWPB-…`: 25 letters, 114 bits, so that its plain hash cannot be
/// searched through.
pub(crate) fn paper_code(ids: &dyn IdSource) -> String {
    grouped(ids, 5, 5)
}

/// The form in which a code on paper is kept: the hash of its letters, however they were typed.
pub(crate) fn paper_hash(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    hashed(&letters.map(|c| c.to_ascii_uppercase()).collect::<String>())
}

/// A secret of 256 bits, in hexadecimal.
pub(crate) fn secret(ids: &dyn IdSource) -> String {
    let mut bytes = [0_u8; 32];
    ids.fill(&mut bytes);
    hex(&bytes)
}

/// The SHA-256 of a text: the form in which a secret is kept, and by which two texts are compared.
pub(crate) fn hashed(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 0xf].map(|half| char::from_digit(half.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn ids_rise_within_one_instant_and_differ() {
        let ids = Ids::seeded(1);
        let now = Utc.timestamp_opt(1_775_000_000, 0).unwrap();
        let made: Vec<Uuid> = (0..1000).map(|_| ids.uuid(now)).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].get_version_num(), 7);
    }

    #[test]
    fn two_ids_of_one_instant_do_not_tell_whether_one_was_made_between_them() {
        let ids = Ids::seeded(3);
        let now = Utc.timestamp_opt(1_775_000_000, 0).unwrap();
        let counter =
            |id: Uuid| (id.as_u128() >> 48) & 0x3FFF | ((id.as_u128() >> 64) & 0xFFF) << 14;
        let made: Vec<u128> = (0..4000).map(|_| counter(ids.uuid(now))).collect();
        let share = |apart: usize, up_to: u128| {
            let gaps = made.windows(apart + 1).filter(|all| all[apart] - all[0] <= up_to);
            gaps.count() * 100 / made.len()
        };
        // Neighbours lie far apart often, and close together those are too that have one between them.
        assert!(share(1, 64) < 80, "{}", share(1, 64));
        assert!(share(2, 8) > 3, "{}", share(2, 8));
    }

    #[test]
    fn references_are_eight_plain_letters_and_digits() {
        let ids = Ids::seeded(2);
        let made: std::collections::BTreeSet<String> = (0..500).map(|_| reference(&ids)).collect();
        assert_eq!(made.len(), 500);
        assert!(
            made.iter().all(|r| r.len() == 9 && !r.contains(['A', 'E', 'I', 'O', 'U', '0', '1']))
        );
    }
}
