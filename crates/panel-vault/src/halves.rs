//! A key file in two halves for two agencies to keep on paper: neither says anything without the other.

use crate::hex;
use panel_core::id::IdSource;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes of a line on paper.
const LINE: usize = 16;
/// Bytes by which a line is known to be typed right.
const CHECK: usize = 2;

/// Why two halves make no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HalvesError {
    /// A line of a half was mistyped: which half, first or second, and which line, counted from 1.
    #[error("line {1} of half {0} is mistyped")]
    Line(usize, usize),
    /// They are no halves of one key file.
    #[error("these two halves do not belong together")]
    Strangers,
}

/// Splits a text: the first half is chance, the second what makes it the text.
pub fn split(chance: &dyn IdSource, text: &str) -> [Zeroizing<String>; 2] {
    let mut first = Zeroizing::new(vec![0; text.len()]);
    chance.fill(&mut first);
    let second: Zeroizing<Vec<u8>> =
        Zeroizing::new(first.iter().zip(text.bytes()).map(|(a, b)| a ^ b).collect());
    [paper(&first), paper(&second)]
}

/// Lines of sixteen bytes in groups of four, each with a check of its own.
fn paper(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for line in bytes.chunks(LINE) {
        for group in line.chunks(4) {
            text.push_str(&hex::write(group));
            text.push(' ');
        }
        text.push_str("/ ");
        text.push_str(&hex::write(&check(line)));
        text.push('\n');
    }
    text
}

fn check(line: &[u8]) -> [u8; CHECK] {
    let [a, b, ..] = <[u8; 32]>::from(Sha256::digest(line));
    [a, b]
}

/// Puts two halves together.
///
/// # Errors
/// [`HalvesError`] naming the first line that was mistyped, or when they are of different texts.
pub fn join(first: &str, second: &str) -> Result<Zeroizing<String>, HalvesError> {
    let (first, second) = (bytes(1, first)?, bytes(2, second)?);
    if first.len() != second.len() {
        return Err(HalvesError::Strangers);
    }
    let joined: Vec<u8> = first.iter().zip(second.iter()).map(|(a, b)| a ^ b).collect();
    String::from_utf8(joined).map(Zeroizing::new).map_err(|_| HalvesError::Strangers)
}

fn bytes(half: usize, text: &str) -> Result<Zeroizing<Vec<u8>>, HalvesError> {
    let mut bytes = Zeroizing::new(Vec::new());
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (number, line) in (1..).zip(lines) {
        let read = read_line(line).ok_or(HalvesError::Line(half, number))?;
        bytes.extend(read);
    }
    Ok(bytes)
}

fn read_line(line: &str) -> Option<Vec<u8>> {
    let (said, sum) = line.split_once('/')?;
    let groups = said.split_whitespace();
    let digits: String = groups.collect();
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let read: Vec<u8> =
        pairs.map(|pair| hex::read::<1>(pair?).map(|[byte]| byte)).collect::<Option<_>>()?;
    (hex::read(sum)? == check(&read)).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    #[derive(Debug)]
    struct Fives;
    impl IdSource for Fives {
        fn uuid(&self, _: DateTime<Utc>) -> Uuid {
            Uuid::nil()
        }
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0x55);
        }
    }

    const TEXT: &str = "panel-keys 1\nmaster 00ff\nindex ff00\n";

    #[test]
    fn two_halves_make_the_text_in_any_case_and_spacing() {
        let [first, second] = split(&Fives, TEXT);
        assert_eq!(join(&first, &second).unwrap().as_str(), TEXT);
        let typed = format!("# kept by the police\n{}", first.to_uppercase().replace(' ', "  "));
        assert_eq!(join(&typed, &second).unwrap().as_str(), TEXT);
    }

    #[test]
    fn a_slip_is_told_by_half_and_line() {
        let [first, second] = split(&Fives, TEXT);
        let slip = second.replacen("25", "26", 1);
        assert_eq!(join(&first, &slip), Err(HalvesError::Line(2, 1)));
        assert_eq!(join("zz / 00", &second), Err(HalvesError::Line(1, 1)));
    }

    #[test]
    fn halves_of_different_lengths_are_strangers() {
        let ([first, _], [_, second]) = (split(&Fives, TEXT), split(&Fives, "panel"));
        assert_eq!(join(&first, &second), Err(HalvesError::Strangers));
    }
}
