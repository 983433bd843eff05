//! What a browser sent, kept as it was typed: the body or the query of a form.

use percent_encoding::percent_decode;
use std::collections::BTreeMap;

/// The most name-and-value pairs a form may send.
pub const MOST_PAIRS: usize = 5_000;

/// The longest name a field may have, in bytes.
const LONGEST_NAME: usize = 120;

/// Why a body or a query could not be read as a form at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Bytes that are not UTF-8.
    #[error("the form is not UTF-8 text")]
    NotText,
    /// More than [`MOST_PAIRS`] values.
    #[error("the form has more than {MOST_PAIRS} values")]
    TooMany,
    /// A name that is empty, too long or not plain.
    #[error("the form has a field without a proper name")]
    BadName,
    /// The body is larger than its limit.
    #[error("the form is larger than the limit")]
    TooLarge,
    /// The body's kind is not one that forms are sent in.
    #[error("the form is not of a kind that is read here")]
    WrongKind,
    /// The body broke off or its parts are not well formed.
    #[error("the form is broken")]
    Broken,
}

/// Names and values as they were typed; a name may have several values, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    typed: BTreeMap<String, Vec<String>>,
}

impl Values {
    /// Nothing typed.
    pub const fn new() -> Self {
        Self { typed: BTreeMap::new() }
    }

    /// Reads `a=1&b=2`, as a body or a query holds it.
    ///
    /// # Errors
    /// [`InputError::NotText`] for bytes that are not UTF-8, [`InputError::TooMany`] values, or
    /// [`InputError::BadName`].
    pub fn from_urlencoded(raw: &[u8]) -> Result<Self, InputError> {
        let mut values = Self::new();
        let pairs = raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        for (count, pair) in pairs.enumerate() {
            if count == MOST_PAIRS {
                return Err(InputError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(halves.next().unwrap_or_default())?;
            let value = decoded(halves.next().unwrap_or_default())?;
            values.add(name, value)?;
        }
        Ok(values)
    }

    /// Adds one more value under this name.
    ///
    /// # Errors
    /// [`InputError::BadName`] unless the name is made of letters, digits, `-`, `_` and `.`.
    pub fn add(&mut self, name: String, value: String) -> Result<(), InputError> {
        check_name(&name)?;
        self.typed.entry(name).or_default().push(value);
        Ok(())
    }

    /// Sets the only value under this name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.typed.insert(name.into(), vec![value.into()]);
    }

    /// Sets all values under this name.
    pub fn set_all(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.typed.insert(name.into(), values);
    }

    /// Forgets what stands under this name.
    pub fn remove(&mut self, name: &str) {
        self.typed.remove(name);
    }

    /// The first value under this name; empty when there is none.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Every value under this name.
    pub fn all(&self, name: &str) -> &[String] {
        self.typed.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a value, even an empty one, stands under this name.
    pub fn has(&self, name: &str) -> bool {
        self.typed.contains_key(name)
    }

    /// Every name with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.typed.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The values as `a=1&b=2`, so that they can be carried through a sign-in.
    pub fn to_urlencoded(&self) -> String {
        let pairs = self.iter().flat_map(|(name, values)| values.iter().map(move |v| (name, v)));
        // Strings always encode.
        serde_urlencoded::to_string(pairs.collect::<Vec<_>>()).unwrap_or_default()
    }
}

fn check_name(name: &str) -> Result<(), InputError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(plain) {
        return Err(InputError::BadName);
    }
    Ok(())
}

fn decoded(raw: &[u8]) -> Result<String, InputError> {
    let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| InputError::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: Result<&[(&str, &[&str])], InputError>) {
        let read = Values::from_urlencoded(raw.as_bytes());
        let shape = |values: Values| {
            values.iter().map(|(n, v)| (n.to_owned(), v.to_vec())).collect::<Vec<_>>()
        };
        let expected = expected.map(|pairs| {
            pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), v.iter().map(|v| (*v).to_owned()).collect()))
                .collect::<Vec<_>>()
        });
        assert_eq!(read.map(shape), expected, "{raw}");
    }

    #[test]
    fn what_was_typed_is_kept() {
        check("a=1&b=x+y%26z", Ok(&[("a", &["1"]), ("b", &["x y&z"])]));
        check("a=1&a=2&b", Ok(&[("a", &["1", "2"]), ("b", &[""])]));
        check("n=%7B%7B7*7%7D%7D&m=%3Cscript%3E", Ok(&[("m", &["<script>"]), ("n", &["{{7*7}}"])]));
        check("n=a%0D%0Ab", Ok(&[("n", &["a\r\nb"])]));
        check("", Ok(&[]));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        check("n=%ff%fe", Err(InputError::NotText));
        check("n=%c0%af", Err(InputError::NotText));
        check("n=%ed%a0%80", Err(InputError::NotText));
    }

    #[test]
    fn names_are_plain() {
        for raw in ["=1", "id[]=1", "a%00=1", "a%0a=1", "%3Cb%3E=1"] {
            check(raw, Err(InputError::BadName));
        }
        check(&format!("{}=1", "a".repeat(121)), Err(InputError::BadName));
    }

    #[test]
    fn the_number_of_values_is_bounded() {
        let raw = |n: usize| vec!["a=1"; n].join("&");
        assert!(Values::from_urlencoded(raw(MOST_PAIRS).as_bytes()).is_ok());
        check(&raw(MOST_PAIRS + 1), Err(InputError::TooMany));
    }

    #[test]
    fn values_can_be_carried_and_read_again() {
        let values = Values::from_urlencoded(b"a=1&a=%26%3D&b=x+y%0A%C3%A9").unwrap();
        assert_eq!(Values::from_urlencoded(values.to_urlencoded().as_bytes()), Ok(values));
    }
}
