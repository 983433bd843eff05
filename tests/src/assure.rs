//! How much is tried: a little in every run of the suite, far more when figures are wanted.

use std::env;

/// Set to `full` for the figures that are published.
const VARIABLE: &str = "PANEL_ASSURE";

/// Whether everything is to be tried, however long it takes.
pub fn is_full() -> bool {
    env::var(VARIABLE).is_ok_and(|value| value == "full")
}

/// The one number in the suite, the other when figures are wanted.
pub fn times(quick: usize, full: usize) -> usize {
    if is_full() { full } else { quick }
}

/// A row of numbers that is the same in every run with the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The row of this seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// One of 0 to `sides` less one; 0 where there is no side.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let rolled = usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default();
        rolled.checked_rem(sides).unwrap_or_default()
    }

    /// Whether the first of so many sides came.
    pub fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    /// One of these, unless there is none.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}
