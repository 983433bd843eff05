//! Accounts: one-time links, passwords and the pace at which they may be guessed.

use crate::coded;
use chrono::{DateTime, Duration, Utc};

coded! {
    /// What a one-time link is for.
    pub enum LinkPurpose: "kind of link" {
        /// The first administrator of an installation.
        Bootstrap = "bootstrap" => "First account",
        /// A person who was invited.
        Invitation = "invitation" => "Invitation",
        /// A forgotten password.
        Reset = "reset" => "Password reset",
    }
}

impl LinkPurpose {
    /// How long a link of this kind can be spent.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::Bootstrap => Duration::minutes(30),
            Self::Invitation => Duration::days(7),
            Self::Reset => Duration::hours(24),
        }
    }
}

/// Idle time after which a session ends.
pub const IDLE_MINUTES: i64 = 30;
/// Time after which a session ends however busy it is.
pub const ABSOLUTE_HOURS: i64 = 10;

/// Whether a session that began and was last used at these instants still holds at `now`.
///
/// A clock that was set back never lengthens a session: time before the last use counts as none.
pub fn session_holds(started: DateTime<Utc>, seen: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - seen <= Duration::minutes(IDLE_MINUTES)
        && now - started <= Duration::hours(ABSOLUTE_HOURS)
}

/// How long an account waits after its `failures`-th wrong password in a row.
///
/// The first few cost nothing, so that a slip of the finger does not lock anybody out; then the wait
/// doubles up to fifteen minutes. There is no lock that somebody else could set for good.
pub fn wait_after(failures: i32) -> Duration {
    let doublings = u32::try_from(failures - 5).unwrap_or(0).min(10);
    if failures < 5 { Duration::zero() } else { Duration::seconds((1_i64 << doublings).min(900)) }
}

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("Password must be {MIN_PASSWORD} characters or more")]
    TooShort,
    /// Too long to hash.
    #[error("Password must be {MAX_PASSWORD} characters or fewer")]
    TooLong,
    /// Known to everyone who guesses.
    #[error("Choose a password that is harder to guess")]
    TooCommon,
    /// Made of the person's own name or address.
    #[error("Password must not contain your name or email address")]
    Personal,
}

/// The fewest characters of a password.
pub const MIN_PASSWORD: usize = 12;
/// The most characters of a password.
pub const MAX_PASSWORD: usize = 128;

/// Fragments that make a long password easy to guess when little else is left.
const COMMON: [&str; 14] = [
    "password",
    "qwerty",
    "letmein",
    "welcome",
    "football",
    "liverpool",
    "arsenal",
    "chelsea",
    "iloveyou",
    "monkey",
    "dragon",
    "panel",
    "marac",
    "matac",
];

/// Checks a new password: length in characters, not built on a common word, a run or one's own name.
///
/// # Errors
/// [`PasswordError`] naming the first rule that is broken.
pub fn check_password(password: &str, name: &str, email: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return Err(PasswordError::TooShort);
    }
    if length > MAX_PASSWORD {
        return Err(PasswordError::TooLong);
    }
    let folded = password.to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    let own = name.split_whitespace().chain(std::iter::once(local));
    if own.map(str::to_lowercase).any(|part| part.chars().count() >= 4 && folded.contains(&part)) {
        return Err(PasswordError::Personal);
    }
    if is_easy(&folded) { Err(PasswordError::TooCommon) } else { Ok(()) }
}

/// Fewer than six characters remain once common words, digits and repeats are taken away.
fn is_easy(folded: &str) -> bool {
    let mut rest = folded.to_owned();
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    let mut letters: Vec<char> = rest.chars().filter(|c| !c.is_ascii_digit()).collect();
    letters.dedup();
    let mut distinct = letters.clone();
    distinct.sort_unstable();
    distinct.dedup();
    letters.len() < 6 || distinct.len() < 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[track_caller]
    fn check(password: &str, expected: Result<(), PasswordError>) {
        assert_eq!(check_password(password, "Zoë Fitzgerald", "zoe.f@x.org"), expected);
    }

    #[test]
    fn a_password_has_twelve_to_a_hundred_and_twenty_eight_characters() {
        check("kestrelbarn", Err(PasswordError::TooShort));
        check("kestrel barn", Ok(()));
        check(&"kestrel barn ".repeat(10), Err(PasswordError::TooLong));
    }

    #[test]
    fn a_password_is_not_a_common_word_with_trimmings() {
        check("Password123456", Err(PasswordError::TooCommon));
        check("aaaaaaaaaaaaaa", Err(PasswordError::TooCommon));
        check("123456789012345", Err(PasswordError::TooCommon));
        check("fitzgerald-1987-x", Err(PasswordError::Personal));
    }

    #[test]
    fn guessing_slows_down_and_never_locks() {
        assert_eq!(
            [0, 4, 5, 6, 14, 15, 90].map(|n| wait_after(n).num_seconds()),
            [0, 0, 1, 2, 512, 900, 900]
        );
    }

    #[test]
    fn a_session_ends_when_idle_and_when_old() {
        let at = |minutes: i64| Utc.timestamp_opt(minutes * 60, 0).unwrap();
        assert!(session_holds(at(0), at(0), at(30)));
        assert!(!session_holds(at(0), at(0), at(31)));
        assert!(!session_holds(at(0), at(600), at(601)));
    }
}
