//! Ethnicity: the source's own code, kept together with the scheme it belongs to.
//!
//! Schemes differ in where they draw lines (the police's 18+1 moves Chinese under Asian), so a code
//! is stored as it was recorded and mapped only where a return asks for it, never guessed.

use crate::coded;
use crate::coded::Coded;
use serde::{Deserialize, Deserializer, Serialize};

coded! {
    /// The list that an ethnicity code comes from.
    pub enum EthnicityScheme: "ethnicity scheme" {
        /// The letters of the NHS data dictionary.
        Nhs = "nhs" => "NHS",
        /// The police's self-defined classification, 16+1.
        Police16 = "police_16" => "Police self-defined 16+1",
        /// The police's self-defined classification, 18+1.
        Police18 = "police_18" => "Police self-defined 18+1",
    }
}

const NHS: &[(&str, &str)] = &[
    ("A", "White British"),
    ("B", "White Irish"),
    ("C", "Any other White background"),
    ("D", "White and Black Caribbean"),
    ("E", "White and Black African"),
    ("F", "White and Asian"),
    ("G", "Any other Mixed background"),
    ("H", "Indian"),
    ("J", "Pakistani"),
    ("K", "Bangladeshi"),
    ("L", "Any other Asian background"),
    ("M", "Caribbean"),
    ("N", "African"),
    ("P", "Any other Black background"),
    ("R", "Chinese"),
    ("S", "Any other ethnic group"),
    ("Z", "Not stated"),
];

const POLICE_16: &[(&str, &str)] = &[
    ("W1", "White British"),
    ("W2", "White Irish"),
    ("W9", "Any other White background"),
    ("M1", "White and Black Caribbean"),
    ("M2", "White and Black African"),
    ("M3", "White and Asian"),
    ("M9", "Any other Mixed background"),
    ("A1", "Indian"),
    ("A2", "Pakistani"),
    ("A3", "Bangladeshi"),
    ("A9", "Any other Asian background"),
    ("B1", "Caribbean"),
    ("B2", "African"),
    ("B9", "Any other Black background"),
    ("O1", "Chinese"),
    ("O9", "Any other ethnic group"),
    ("NS", "Not stated"),
];

const POLICE_18: &[(&str, &str)] = &[
    ("W1", "White British"),
    ("W2", "White Irish"),
    ("W3", "Gypsy or Irish Traveller"),
    ("W9", "Any other White background"),
    ("M1", "White and Black Caribbean"),
    ("M2", "White and Black African"),
    ("M3", "White and Asian"),
    ("M9", "Any other Mixed background"),
    ("A1", "Indian"),
    ("A2", "Pakistani"),
    ("A3", "Bangladeshi"),
    ("A4", "Chinese"),
    ("A9", "Any other Asian background"),
    ("B1", "Caribbean"),
    ("B2", "African"),
    ("B9", "Any other Black background"),
    ("O2", "Arab"),
    ("O9", "Any other ethnic group"),
    ("NS", "Not stated"),
];

impl EthnicityScheme {
    /// Every code of the scheme with its words, in the order it is offered.
    pub const fn codes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Nhs => NHS,
            Self::Police16 => POLICE_16,
            Self::Police18 => POLICE_18,
        }
    }
}

/// An ethnicity as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "Written")]
pub struct Ethnicity {
    scheme: EthnicityScheme,
    code: &'static str,
    label: &'static str,
}

/// A code that its scheme does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not an ethnicity code of the scheme {scheme}")]
pub struct UnknownEthnicity {
    /// The scheme that was asked.
    pub scheme: EthnicityScheme,
    /// The code that it lacks, cut to 10 characters.
    pub code: String,
}

impl Ethnicity {
    /// Takes a code of a scheme, whatever the case it was typed in.
    pub fn parse(scheme: EthnicityScheme, code: &str) -> Result<Self, UnknownEthnicity> {
        let found = scheme.codes().iter().find(|(own, _)| own.eq_ignore_ascii_case(code.trim()));
        found
            .map(|(code, label)| Self { scheme, code, label })
            .ok_or_else(|| UnknownEthnicity { scheme, code: code.chars().take(10).collect() })
    }

    /// The scheme.
    pub const fn scheme(self) -> EthnicityScheme {
        self.scheme
    }

    /// The code within the scheme.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The words a reader sees.
    pub const fn label(self) -> &'static str {
        self.label
    }
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
struct Written {
    scheme: EthnicityScheme,
    code: String,
}

impl<'de> Deserialize<'de> for Ethnicity {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(d)?;
        Self::parse(written.scheme, &written.code).map_err(serde::de::Error::custom)
    }
}

impl From<Ethnicity> for Written {
    fn from(ethnicity: Ethnicity) -> Self {
        Self { scheme: ethnicity.scheme, code: ethnicity.code.to_owned() }
    }
}

#[cfg(feature = "openapi")]
crate::schema!(Ethnicity as Written);

impl std::fmt::Display for Ethnicity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} {})", self.label, self.scheme.label(), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_within_its_scheme_only() {
        let chinese = |scheme, code| Ethnicity::parse(scheme, code).map(Ethnicity::label);
        assert_eq!(chinese(EthnicityScheme::Police16, "o1"), Ok("Chinese"));
        assert_eq!(chinese(EthnicityScheme::Police18, "A4"), Ok("Chinese"));
        assert_eq!(chinese(EthnicityScheme::Nhs, " R "), Ok("Chinese"));
        assert!(chinese(EthnicityScheme::Police18, "O1").is_err());
    }

    #[test]
    fn scheme_and_code_travel_together() {
        let json = r#"{"scheme":"nhs","code":"Z"}"#;
        let read: Ethnicity = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert!(serde_json::from_str::<Ethnicity>(r#"{"scheme":"nhs","code":"W1"}"#).is_err());
    }
}
