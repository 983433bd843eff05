//! Accounts: one-time links, passwords and the pace at which they may be guessed.

use crate::access::Role;
use crate::coded;
use crate::dormancy::{SUSPENDED_AFTER, SUSPENDED_RANGE};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

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

coded! {
    /// How far a sign-in has come.
    pub enum Stage: "stage of a sign-in" {
        /// The password was right; the second factor is awaited.
        Asked = "asked" => "Second factor awaited",
        /// The password was right; a second factor is to be set up first.
        SetUp = "set_up" => "Second factor to be set up",
        /// Everything that is asked for was given.
        Whole = "whole" => "Signed in",
    }
}

/// Idle minutes after which a session ends, unless an administrator sets others.
pub const IDLE_MINUTES: i32 = 30;
/// The idle minutes that can be set.
pub const IDLE_RANGE: (u32, u32) = (5, 60);
/// Time after which a session ends however busy it is.
pub const ABSOLUTE_HOURS: i64 = 10;
/// Minutes that a sign-in may take between the password and the second factor.
pub const HALF_WAY_MINUTES: i64 = 15;
/// Minutes for which a proof of who asks counts before a grave act.
pub const SURE_MINUTES: i64 = 5;

/// Whether a session that began and was last used at these instants still holds at `now`; it may stay
/// unused for `idle_minutes`.
///
/// A clock that was set back never lengthens a session: time before the last use counts as none.
pub fn session_holds(
    stage: Stage,
    idle_minutes: i32,
    started: DateTime<Utc>,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
) -> bool {
    let longest = match stage {
        Stage::Whole => Duration::hours(ABSOLUTE_HOURS),
        Stage::Asked | Stage::SetUp => Duration::minutes(HALF_WAY_MINUTES),
    };
    now - seen <= Duration::minutes(idle_minutes.into()) && now - started <= longest
}

/// The most time before the end of a session at which its person is warned.
const WARNING: Duration = Duration::minutes(5);

/// How much longer a session holds that is not used again, what using it again would give at the most,
/// and how long before the end its person is warned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    /// Until it ends unless it is used.
    pub unused: Duration,
    /// Until it ends however busy it is.
    pub busy: Duration,
    /// How long before the end its person is warned: five minutes, or a third of what it may stay unused.
    pub warning: Duration,
}

/// What remains at `now` of a whole session that [`session_holds`].
pub fn remaining(
    idle_minutes: i32,
    started: DateTime<Utc>,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Remaining {
    let idle = Duration::minutes(idle_minutes.into());
    let busy = Duration::hours(ABSOLUTE_HOURS) - (now - started);
    // As the rule above: a clock that was set back gives no more than there was.
    let unused = (idle - (now - seen).max(Duration::zero())).min(busy);
    Remaining { unused, busy, warning: WARNING.min(idle / 3) }
}

/// Whether a proof of who asks, given at this instant, still counts at `now`.
pub fn is_sure(proven: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (Duration::zero()..=Duration::minutes(SURE_MINUTES)).contains(&(now - proven))
}

/// How people sign in to this installation, as its administrators set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInPolicy {
    /// Minutes after which a session that is not used ends.
    pub idle_minutes: u32,
    /// The last day on which nobody has to have a second factor, while a service is being introduced.
    pub optional_until: Option<NaiveDate>,
    /// Days without a sign-in after which an account is suspended.
    #[serde(default = "usual_days")]
    pub suspended_after: u32,
}

const fn usual_days() -> u32 {
    SUSPENDED_AFTER
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            idle_minutes: IDLE_MINUTES.unsigned_abs(),
            optional_until: None,
            suspended_after: SUSPENDED_AFTER,
        }
    }
}

impl SignInPolicy {
    /// The name under which an installation keeps it.
    pub const NAME: &str = "sign_in";

    /// The days as accounts are judged by them, within what can be set.
    pub fn suspended_after(&self) -> u32 {
        let (least, most) = SUSPENDED_RANGE;
        self.suspended_after.clamp(least, most)
    }

    /// Whether a second factor is asked of everybody on `today`, where the installation is one that asks.
    pub fn demands(&self, asks: bool, today: NaiveDate) -> bool {
        asks && self.optional_until.is_none_or(|last| today > last)
    }

    /// The idle minutes as sessions keep them, within what can be set.
    pub fn idle(&self) -> i32 {
        let (least, most) = IDLE_RANGE;
        i32::try_from(self.idle_minutes.clamp(least, most)).unwrap_or(IDLE_MINUTES)
    }
}

/// How long an account waits after its `failures`-th wrong password in a row.
///
/// The first few cost nothing, so that a slip of the finger does not lock anybody out; then the wait
/// doubles up to fifteen minutes. There is no lock that somebody else could set for good.
pub fn wait_after(failures: i32) -> Duration {
    let doublings = u32::try_from(failures - 5).unwrap_or(0).min(10);
    if failures < 5 { Duration::zero() } else { Duration::seconds((1_i64 << doublings).min(900)) }
}

/// How much is asked of a person's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Of everybody.
    Usual,
    /// Of whoever coordinates, chairs or administers.
    High,
}

impl Bar {
    /// The bar for a person with these seats.
    pub fn of(administrator: bool, roles: impl IntoIterator<Item = Role>) -> Self {
        if administrator || roles.into_iter().any(Role::runs) { Self::High } else { Self::Usual }
    }

    /// The fewest characters.
    pub const fn fewest(self) -> usize {
        match self {
            Self::Usual => 12,
            Self::High => 15,
        }
    }
}

/// The most characters of a password.
pub const MAX_PASSWORD: usize = 128;

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Shorter than so many characters.
    #[error("Password must be {0} characters or more")]
    TooShort(usize),
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

/// A password in the one form in which it is counted, looked up and hashed: Unicode's NFC, since the
/// keyboards of two machines may send the same letter in two ways. Nothing else is changed: no blank is
/// cut off, no letter folded, nothing shortened.
pub fn normal(password: &str) -> String {
    password.nfc().collect()
}

/// Checks what can be said of a password by itself, in its [`normal`] form: its length in characters,
/// and that it is not built on the person's own name or address.
///
/// # Errors
/// [`PasswordError`] naming the first rule that is broken; never `TooCommon`, which needs a list.
pub fn check_password(
    password: &str,
    bar: Bar,
    name: &str,
    email: &str,
) -> Result<(), PasswordError> {
    // No more is counted than decides: what was sent may be a megabyte.
    let length = password.chars().take(MAX_PASSWORD + 1).count();
    if length < bar.fewest() {
        return Err(PasswordError::TooShort(bar.fewest()));
    }
    if length > MAX_PASSWORD {
        return Err(PasswordError::TooLong);
    }
    let folded = password.to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    let own = name.split_whitespace().chain(std::iter::once(local));
    let is_personal = |part: String| part.chars().count() >= 4 && folded.contains(&part);
    if own.map(|part| normal(&part.to_lowercase())).any(is_personal) {
        return Err(PasswordError::Personal);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[track_caller]
    fn check(length: usize, usual: Result<(), PasswordError>, high: Result<(), PasswordError>) {
        let password: String = "kestrel barn ".chars().cycle().take(length).collect();
        let of = |bar| check_password(&password, bar, "Zoë Fitzgerald", "zoe.f@x.org");
        assert_eq!((of(Bar::Usual), of(Bar::High)), (usual, high), "{length} characters");
    }

    #[test]
    fn a_password_has_twelve_or_fifteen_to_a_hundred_and_twenty_eight_characters() {
        let (short, shorter) = (PasswordError::TooShort(12), PasswordError::TooShort(15));
        for length in [0, 7, 8, 11] {
            check(length, Err(short), Err(shorter));
        }
        for length in [12, 14] {
            check(length, Ok(()), Err(shorter));
        }
        for length in [15, 64, 65, 128] {
            check(length, Ok(()), Ok(()));
        }
        for length in [129, 1024 * 1024] {
            check(length, Err(PasswordError::TooLong), Err(PasswordError::TooLong));
        }
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let of = |password: &str| check_password(password, Bar::Usual, "Jo Ash", "j@x.org");
        assert_eq!(of("żółwie piją"), Err(PasswordError::TooShort(12)));
        assert_eq!(of("żółwie pijący"), Ok(()));
        let long = "ż".repeat(128);
        assert_eq!((of(&long), of(&format!("{long}ż"))), (Ok(()), Err(PasswordError::TooLong)));
    }

    #[test]
    fn a_password_is_not_the_person_s_own_name_or_address() {
        let of = |password: &str| {
            check_password(&normal(password), Bar::Usual, "Zoë Fitzgérald", "kestrel.f@x.org")
        };
        assert_eq!(of("Fitzgérald-1987-x"), Err(PasswordError::Personal));
        assert_eq!(of("fitzge\u{301}rald-1987-x"), Err(PasswordError::Personal));
        assert_eq!(of("a KESTREL.F in the barn"), Err(PasswordError::Personal));
        assert_eq!(of("a kestrel in the barn"), Ok(()));
    }

    #[test]
    fn a_letter_typed_in_two_ways_is_one_and_nothing_else_is_changed() {
        assert_eq!(normal("cafe\u{301}"), normal("café"));
        for kept in [" blanks  around ", "CaSe", "ﬁ ligature", "72".repeat(36).as_str()] {
            assert_eq!(normal(kept), kept);
        }
    }

    #[test]
    fn those_who_run_panels_or_the_service_need_a_longer_one() {
        assert_eq!(Bar::of(false, []), Bar::Usual);
        assert_eq!(Bar::of(false, [Role::Representative, Role::AgencyLead]), Bar::Usual);
        assert_eq!(Bar::of(false, [Role::Representative, Role::Chair]), Bar::High);
        assert_eq!(Bar::of(false, [Role::Coordinator]), Bar::High);
        assert_eq!(Bar::of(true, []), Bar::High);
    }

    #[test]
    fn guessing_slows_down_and_never_locks() {
        assert_eq!(
            [0, 4, 5, 6, 14, 15, 90].map(|n| wait_after(n).num_seconds()),
            [0, 0, 1, 2, 512, 900, 900]
        );
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0).unwrap()
    }

    #[test]
    fn a_session_ends_when_idle_and_when_old() {
        let holds = |idle, seen, now| session_holds(Stage::Whole, idle, at(0), at(seen), at(now));
        assert!(holds(30, 0, 29 * 60 + 59) && holds(30, 0, 30 * 60));
        assert!(!holds(30, 0, 30 * 60 + 1));
        assert!(holds(5, 0, 300) && !holds(5, 0, 301) && holds(60, 0, 3600));
        let ten = 10 * 3600;
        assert!(holds(30, ten, ten) && !holds(30, ten + 1, ten + 1), "however busy it is");
        assert!(holds(30, 60, 0), "a clock that was set back");
    }

    #[test]
    fn a_person_is_told_what_remains_of_a_session_and_warned_in_good_time() {
        let of = |idle, seen, now| {
            let Remaining { unused, busy, warning } = remaining(idle, at(0), at(seen), at(now));
            [unused, busy, warning].map(|time| time.num_seconds())
        };
        assert_eq!(of(30, 0, 0), [1800, 36_000, 300]);
        assert_eq!(of(30, 600, 660), [1740, 35_340, 300]);
        assert_eq!(of(5, 0, 0)[2], 100, "not at once where the limit is five minutes");
        assert_eq!((of(15, 0, 0)[2], of(60, 0, 0)[2]), (300, 300));
        assert_eq!(of(30, 35_000, 35_000), [1000, 1000, 300], "ten hours are ten hours");
        assert_eq!(of(30, 90, 60)[0], 1800, "a clock that was set back");
    }

    #[test]
    fn half_a_sign_in_holds_for_a_quarter_of_an_hour() {
        for stage in [Stage::Asked, Stage::SetUp] {
            assert!(session_holds(stage, 30, at(0), at(899), at(900)));
            assert!(!session_holds(stage, 30, at(0), at(901), at(901)));
        }
    }

    #[test]
    fn a_proof_counts_for_five_minutes_and_not_from_the_future() {
        assert!(is_sure(at(0), at(0)) && is_sure(at(0), at(300)));
        assert!(!is_sure(at(0), at(301)) && !is_sure(at(1), at(0)));
    }

    #[test]
    fn a_second_factor_is_asked_of_everybody_but_for_a_time_that_was_set() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let until = |last: Option<&str>| SignInPolicy {
            optional_until: last.map(day),
            ..SignInPolicy::default()
        };
        let asked = |last, asks| until(last).demands(asks, day("2026-04-01"));
        assert!(asked(None, true) && !asked(None, false));
        assert!(!asked(Some("2026-04-01"), true) && asked(Some("2026-03-31"), true));
        let of = |minutes| SignInPolicy { idle_minutes: minutes, ..SignInPolicy::default() }.idle();
        assert_eq!((of(0), of(5), of(60), of(4_000_000_000)), (5, 5, 60, 60));
    }
}
