//! The codes that apps show: six digits for every half minute, by RFC 6238.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Totp};

/// The bytes of an app's secret, as many as its hash gives.
pub(crate) const SECRET_BYTES: usize = 20;

/// The seconds of one step, which every app knows.
const STEP: u64 = 30;

fn codes(secret: &[u8]) -> Totp {
    // SHA-1, six digits, thirty seconds, one step early or late: what every app can do.
    Builder::new().with_secret(secret.to_vec()).with_step_duration(STEP).build_noncompliant()
}

/// The step whose code this is: now, the one before or the one after; nothing for any other.
pub(crate) fn step_of(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now.timestamp()).ok()?;
    codes(secret).check(&digits, seconds).and_then(|step| i64::try_from(step).ok())
}

/// The code of this instant, for tests and for whoever tries the program out without an app.
pub(crate) fn code(secret: &[u8], now: DateTime<Utc>) -> String {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    codes(secret).generate(seconds).to_string()
}

/// A secret as people copy it: letters and digits in fours.
pub(crate) fn readable(secret: &[u8]) -> String {
    let text: Vec<char> = BASE32_NOPAD.encode(secret).chars().collect();
    text.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A secret out of what people copy.
pub(crate) fn from_readable(text: &str) -> Option<Vec<u8>> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    BASE32_NOPAD.decode(plain.to_ascii_uppercase().as_bytes()).ok()
}

/// What an app reads out of the square: whose account where, and the secret.
pub(crate) fn address(secret: &[u8], email: &str) -> String {
    let account = utf8_percent_encode(email, NON_ALPHANUMERIC);
    format!("otpauth://totp/Panel:{account}?secret={}&issuer=Panel", BASE32_NOPAD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    /// The secret of RFC 6238's own examples.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_published_examples() {
        for (seconds, code_of) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code(SECRET, at(seconds)), code_of);
            assert_eq!(step_of(SECRET, code_of, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        // In the middle of a step.
        let now = at(1_234_567_905);
        let (right, step) = (code(SECRET, now), Some(1_234_567_905 / 30));
        for (off, expected) in
            [(-31, step), (-1, step), (0, step), (31, step), (60, None), (-61, None)]
        {
            let late = now + chrono::Duration::seconds(off);
            assert_eq!(step_of(SECRET, &right, late), expected, "{off} seconds");
        }
    }

    #[test]
    fn blanks_and_hyphens_do_not_matter_and_anything_else_is_no_code() {
        let (now, right) = (at(59), Some(1));
        assert_eq!(step_of(SECRET, " 287 082 ", now), right);
        assert_eq!(step_of(SECRET, "287-082", now), right);
        for wrong in ["", "28708", "2870820", "287083", "２８７０８２", "28708a", "+87082"] {
            assert_eq!(step_of(SECRET, wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_copied_in_fours_and_read_back() {
        let text = readable(SECRET);
        assert_eq!(text, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(from_readable(&text.to_lowercase()).as_deref(), Some(SECRET));
        let address = address(SECRET, "zoë+1@x.org");
        assert!(address.starts_with("otpauth://totp/Panel:zo%C3%AB%2B1%40x%2Eorg?secret=GEZD"));
    }
}
