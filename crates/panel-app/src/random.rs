//! Where ids, references and secrets come from.

use chrono::{DateTime, Utc};
use panel_core::id::IdSource;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// Random ids: from the operating system in use, from a seed in demonstrations and tests.
#[derive(Debug)]
pub struct Ids(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    rng: StdRng,
    context: ContextV7,
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
        Self(Mutex::new(Inner { rng, context: ContextV7::new() }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves the generator as good as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IdSource for Ids {
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut inner = self.inner();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let ordered = Uuid::new_v7(Timestamp::from_unix(
            &inner.context,
            seconds,
            now.timestamp_subsec_nanos(),
        ));
        // The first eight bytes carry time and counter, so that ids sort; the rest is ours to draw.
        let mut random = [0_u8; 8];
        inner.rng.fill_bytes(&mut random);
        let (high, _) = ordered.as_u64_pair();
        let low = (u64::from_be_bytes(random) & !(0b11 << 62)) | (0b10 << 62);
        Uuid::from_u64_pair(high, low)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.inner().rng.fill_bytes(bytes);
    }
}

/// Letters and digits that are not mistaken for one another when read aloud; no vowels, no words.
const ALPHABET: &[u8; 24] = b"BCDFGHJKMNPQRTVWXZ346789";

/// A random reference such as `K7MQ-4XWP` (36 bits), neither counted nor dated.
pub(crate) fn reference(ids: &dyn IdSource) -> String {
    let letter = || {
        let mut byte = [0_u8; 1];
        loop {
            ids.fill(&mut byte);
            // Bytes past the last whole multiple would favour the first letters.
            let [b] = byte;
            if let (true, Some(c)) = (b < 240, ALPHABET.get(usize::from(b % 24))) {
                return char::from(*c);
            }
        }
    };
    let half = || (0..4).map(|_| letter()).collect::<String>();
    format!("{}-{}", half(), half())
}

/// A secret of 256 bits, in hexadecimal.
pub(crate) fn secret(ids: &dyn IdSource) -> String {
    let mut bytes = [0_u8; 32];
    ids.fill(&mut bytes);
    hex(&bytes)
}

/// The form in which a secret is kept: its SHA-256.
pub(crate) fn hashed(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
    fn references_are_eight_plain_letters_and_digits() {
        let ids = Ids::seeded(2);
        let made: std::collections::BTreeSet<String> = (0..500).map(|_| reference(&ids)).collect();
        assert_eq!(made.len(), 500);
        assert!(
            made.iter().all(|r| r.len() == 9 && !r.contains(['A', 'E', 'I', 'O', 'U', '0', '1']))
        );
    }
}
