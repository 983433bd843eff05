//! Bytes near those that a parser takes, the same in every run: for the quick form, which has no coverage to
//! go by.

/// Pieces that parsers trip over, put in between.
const PIECES: [&[u8]; 20] = [
    b"\0",
    b"\r\n",
    b"\"",
    b"'",
    b"\\",
    b"%",
    b"%00",
    b"&",
    b"=",
    b",",
    b"-1",
    b"99999999999999999999",
    b"1e400",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\xC0\xAF",
    b"\xED\xA0\x80",
    "\u{202e}".as_bytes(),
    "\u{301}".as_bytes(),
    "٣".as_bytes(),
];

/// No input grows beyond this.
const LONGEST: usize = 8_192;

/// Rows of changes to seeds, by a row of numbers that is always the same.
#[derive(Debug, Clone)]
pub struct Mutator(u64);

impl Mutator {
    /// The row of this number.
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let rolled = usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default();
        rolled.checked_rem(sides).unwrap_or_default()
    }

    /// One of the seeds, changed in one to five places, now and then with the end of another.
    pub fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds.get(self.below(seeds.len())).cloned().unwrap_or_default();
        for _ in 0..=self.below(5) {
            self.change(&mut bytes, seeds);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(9)).min(bytes.len());
        match self.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let flipped = 1 << self.below(8);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= flipped;
                }
            }
            3 => {
                let again: Vec<u8> =
                    bytes.get(at..end).unwrap_or_default().repeat(1 + self.below(40));
                drop(bytes.splice(at..at, again));
            }
            4 => {
                let other = seeds.get(self.below(seeds.len())).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend(other.into_iter().skip(from));
            }
            _ => {
                let piece = PIECES.get(self.below(PIECES.len())).copied().unwrap_or_default();
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
        }
    }
}
