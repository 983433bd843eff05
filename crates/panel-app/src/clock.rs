//! The one place where the time is read.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A file that holds one RFC 3339 instant, read at each look, so that a demonstration can be
    /// moved through days in seconds.
    File(PathBuf),
    /// A hand that tests move, in microseconds since 1970.
    Hand(Arc<AtomicI64>),
}

/// Why a clock file told no time.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The file cannot be read.
    #[error("the clock file {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file does not hold an instant.
    #[error("the clock file {0} must hold one instant like 2026-04-03T09:00:00Z")]
    NotAnInstant(PathBuf),
    /// The hand points outside of time.
    #[error("the clock points outside of time")]
    OutOfRange,
}

impl Clock {
    /// A hand set to `start`.
    pub fn hand(start: DateTime<Utc>) -> Self {
        Self::Hand(Arc::new(AtomicI64::new(start.timestamp_micros())))
    }

    /// Moves a hand; the other clocks stay as they are.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Self::Hand(hand) = self {
            hand.store(now.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// The instant now, cut to microseconds because both databases keep no more.
    ///
    /// # Errors
    /// When a clock file tells no time; the system's clock never fails.
    pub fn now(&self) -> Result<DateTime<Utc>, ClockError> {
        let now = match self {
            Self::System => system_now(),
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ClockError::Unreadable(path.clone(), error))?;
                DateTime::parse_from_rfc3339(text.trim())
                    .map_err(|_| ClockError::NotAnInstant(path.clone()))?
                    .with_timezone(&Utc)
            }
            Self::Hand(hand) => DateTime::from_timestamp_micros(hand.load(Ordering::SeqCst))
                .ok_or(ClockError::OutOfRange)?,
        };
        now.duration_trunc(TimeDelta::microseconds(1)).map_err(|_| ClockError::OutOfRange)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
