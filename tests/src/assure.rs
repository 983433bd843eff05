//! How much is tried: a little in every run of the suite, far more when figures are wanted.

use std::env;
use std::fmt::Display;
use std::io::Write as _;
use std::thread;

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

/// Says what was counted or measured, in the line that `cargo xtask assure` gathers. Only the full form does:
/// figures of the quick one are nobody's.
pub fn figure(what: &str, found: impl Display) {
    if is_full() {
        // Whoever closes the pipe does not want the figure.
        let _ = writeln!(std::io::stdout().lock(), "\n[assured] {what} = {found}");
    }
}

/// Does the work for each of these on every processor, and gives back what came of it, in no order.
///
/// # Panics
/// When the work did, which then fails the test.
pub fn side_by_side<T: Send, R: Send>(
    all: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let mut shares: Vec<Vec<T>> = (0..processors).map(|_| Vec::new()).collect();
    for (place, one) in all.enumerate() {
        if let Some(share) = shares.get_mut(place % processors) {
            share.push(one);
        }
    }
    let work = &work;
    thread::scope(|scope| {
        let start = |share: Vec<T>| scope.spawn(move || share.into_iter().map(work).collect());
        let workers: Vec<thread::ScopedJoinHandle<'_, Vec<R>>> =
            shares.into_iter().map(start).collect();
        let mut done = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(share) => done.extend(share),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
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
