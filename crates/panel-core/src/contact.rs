//! Postcodes and telephone numbers: written in one form, whatever way they were typed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a postcode or a number was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Letters, figures, blanks and hyphens only, 3 to 12 of them.
    #[error("must be a postcode of 3 to 12 letters and figures, like CB4 7HB")]
    Postcode,
    /// Figures with the usual marks, 3 to 15 of them.
    #[error("must be a telephone number, like 01223 496 000 or +44 1223 496 000 ext 12")]
    Telephone,
}

/// A postcode: British ones in capitals with one blank, others as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

impl Postcode {
    /// Takes a postcode. Whether it exists is not asked: `ZZ99 3VZ` says that there is none.
    pub fn parse(raw: &str) -> Result<Self, ContactError> {
        let upper = raw.trim().to_uppercase();
        let bare: Vec<char> = upper.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = bare.iter().all(|c| c.is_ascii_alphanumeric() || *c == '-');
        if !plain || !(3..=12).contains(&bare.len()) {
            return Err(ContactError::Postcode);
        }
        Ok(Self(
            british(&bare)
                .unwrap_or_else(|| upper.split_whitespace().collect::<Vec<_>>().join(" ")),
        ))
    }

    /// The postcode.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `CB47HB` becomes `CB4 7HB`, and `BFPO57` becomes `BFPO 57`; anything else is not British.
fn british(bare: &[char]) -> Option<String> {
    let joined = |outward: &[char], inward: &[char]| {
        outward.iter().chain(&[' ']).chain(inward).collect::<String>()
    };
    if let ['B', 'F', 'P', 'O', number @ ..] = bare
        && !number.is_empty()
        && number.iter().all(char::is_ascii_digit)
    {
        return Some(joined(&['B', 'F', 'P', 'O'], number));
    }
    match bare {
        [outward @ .., sector, a, b]
            if (2..=4).contains(&outward.len())
                && outward.first().is_some_and(char::is_ascii_alphabetic)
                && outward.iter().any(char::is_ascii_digit)
                && sector.is_ascii_digit()
                && a.is_ascii_alphabetic()
                && b.is_ascii_alphabetic() =>
        {
            Some(joined(outward, &[*sector, *a, *b]))
        }
        _ => None,
    }
}

/// A telephone number: figures, a leading plus for a country code, and an extension.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Telephone(String);

impl Telephone {
    /// Takes a number with the blanks, brackets, dots and hyphens that people type.
    pub fn parse(raw: &str) -> Result<Self, ContactError> {
        let lower = raw.trim().to_lowercase();
        let (number, extension) = split_extension(&lower);
        let number = number.replace("(0)", if number.starts_with('+') { "" } else { "0" });
        let (plus, figures) = match number.strip_prefix('+') {
            Some(rest) => ("+", figures(rest)?),
            None => ("", figures(&number)?),
        };
        if !(3..=15).contains(&figures.len()) {
            return Err(ContactError::Telephone);
        }
        match extension {
            None => Ok(Self(format!("{plus}{figures}"))),
            Some(extension) => {
                let extension = figures_of_extension(extension)?;
                Ok(Self(format!("{plus}{figures} ext {extension}")))
            }
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn split_extension(number: &str) -> (&str, Option<&str>) {
    ["extension", "ext.", "ext", "x"]
        .iter()
        .find_map(|word| number.split_once(word))
        .map_or((number, None), |(number, extension)| (number, Some(extension)))
}

fn figures(text: &str) -> Result<String, ContactError> {
    let usual = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')');
    if text.chars().all(usual) {
        Ok(text.chars().filter(char::is_ascii_digit).collect())
    } else {
        Err(ContactError::Telephone)
    }
}

fn figures_of_extension(text: &str) -> Result<String, ContactError> {
    let figures = figures(text)?;
    if (1..=6).contains(&figures.len()) { Ok(figures) } else { Err(ContactError::Telephone) }
}

macro_rules! contact_impls {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = ContactError;
            fn try_from(raw: String) -> Result<Self, ContactError> {
                Self::parse(&raw)
            }
        }
        impl From<$name> for String {
            fn from(contact: $name) -> String {
                contact.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
contact_impls!(Postcode, Telephone);

#[cfg(feature = "openapi")]
mod schema {
    use super::{Postcode, Telephone};
    use crate::schema::formatted;

    crate::schema!(Postcode, formatted("postcode", "CB4 7HB"));
    crate::schema!(Telephone, formatted("telephone", "01223496000"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn postcode(raw: &str, expected: Option<&str>) {
        assert_eq!(Postcode::parse(raw).ok().as_ref().map(Postcode::as_str), expected, "{raw:?}");
    }

    #[test]
    fn british_postcodes_take_one_form_and_others_stay() {
        postcode("SW1A1AA", Some("SW1A 1AA"));
        postcode(" sw1a  1aa ", Some("SW1A 1AA"));
        postcode("m11ae", Some("M1 1AE"));
        postcode("ZZ99 3VZ", Some("ZZ99 3VZ"));
        postcode("bfpo57", Some("BFPO 57"));
        postcode("D02 AF30", Some("D02 AF30"));
        postcode("1010-100", Some("1010-100"));
        for bad in ["", "  ", "A", "SW1A 1AA!", "1234567890123", "<b>"] {
            postcode(bad, None);
        }
    }

    #[track_caller]
    fn telephone(raw: &str, expected: Option<&str>) {
        let found = Telephone::parse(raw);
        assert_eq!(found.ok().as_ref().map(Telephone::as_str), expected, "{raw:?}");
    }

    #[test]
    fn numbers_lose_their_marks_and_keep_their_country_and_extension() {
        telephone("+44 (0)7700 900-123", Some("+447700900123"));
        telephone("07700 900 123", Some("07700900123"));
        telephone("(01223) 496.000 ext. 12", Some("01223496000 ext 12"));
        telephone("01223 496000 x12", Some("01223496000 ext 12"));
        telephone("(0)1223 496000", Some("01223496000"));
        telephone("101", Some("101"));
        for bad in ["", "12", "call her", "07700 900123 or 124", "1234567890123456", "+"] {
            telephone(bad, None);
        }
    }

    #[test]
    fn both_are_checked_when_they_are_read() {
        assert!(serde_json::from_str::<Postcode>(r#""cb47hb""#).is_ok());
        assert!(serde_json::from_str::<Telephone>(r#""ring me""#).is_err());
    }
}
