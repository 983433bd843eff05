//! What is typed to correct a record, and what of it can be taken.

use crate::error::{AppError, FieldError, text_error};
use chrono::{Datelike, NaiveDate};
use panel_core::contact::Postcode;
use panel_core::text::{Name, Narrative, TextError};
use panel_core::vocabulary::{Ethnicity, EthnicityScheme, Gender};
use panel_store::people::Person;
use serde::{Deserialize, Serialize};

/// Other names of one person at most.
const MOST_NAMES: usize = 20;

/// What the form of a record holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PersonForm {
    /// Family name.
    pub surname: String,
    /// Given names.
    pub forename: String,
    /// Other names and spellings.
    pub known_as: Vec<String>,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Not born yet.
    pub unborn: bool,
    /// Gender.
    pub gender: Option<Gender>,
    /// The scheme of the ethnicity code.
    pub ethnicity_scheme: Option<EthnicityScheme>,
    /// The ethnicity code.
    pub ethnicity: String,
    /// House, street and town.
    pub address: String,
    /// Postcode.
    pub postcode: String,
}

/// A form that was taken.
pub(super) struct Said {
    surname: String,
    forename: String,
    aliases: Vec<String>,
    born_on: Option<NaiveDate>,
    unborn: bool,
    gender: Option<Gender>,
    ethnicity: Option<Ethnicity>,
    address: String,
    postcode: String,
}

impl Said {
    /// Whether it says where the person lives.
    pub(super) fn has_address(&self) -> bool {
        !(self.address.is_empty() && self.postcode.is_empty())
    }

    /// The record as the form has it.
    pub(super) fn over(self, person: &Person) -> Person {
        Person {
            surname: self.surname,
            forename: self.forename,
            aliases: self.aliases,
            born_on: self.born_on,
            unborn: self.unborn,
            gender: self.gender,
            ethnicity: self.ethnicity,
            address: self.address,
            postcode: self.postcode,
            id: person.id,
            root: person.root,
            version: person.version,
        }
    }
}

fn error(field: &str, code: &'static str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), code, message: message.to_owned() }
}

impl PersonForm {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Said, AppError> {
        let mut errors = Vec::new();
        let said = self.said(today, &mut errors);
        let nameless = said.surname.is_empty() && said.aliases.is_empty();
        if nameless && errors.is_empty() && !self.unborn {
            errors.push(error("surname", "missing", "Enter the surname, or another name"));
        }
        if errors.is_empty() { Ok(said) } else { Err(AppError::Invalid(errors)) }
    }

    fn said(&self, today: NaiveDate, errors: &mut Vec<FieldError>) -> Said {
        let mut name = |field: &str, label, raw: &str| match Name::parse(raw) {
            Ok(name) => String::from(name),
            Err(TextError::Empty) => String::new(),
            Err(e) => {
                errors.push(text_error(field, label, &e));
                String::new()
            }
        };
        let (surname, forename) = (
            name("surname", "Surname", &self.surname),
            name("forename", "Forename", &self.forename),
        );
        let aliases: Vec<String> = self
            .known_as
            .iter()
            .map(|alias| name("known_as", "Other name", alias))
            .filter(|alias| !alias.is_empty())
            .collect();
        if aliases.len() > MOST_NAMES {
            errors.push(error("known_as", "too_many", "Other names must be 20 or fewer"));
        }
        Said {
            surname,
            forename,
            aliases,
            born_on: self.born(today, errors),
            unborn: self.unborn,
            gender: self.gender,
            ethnicity: self.coded_ethnicity(errors),
            address: self.home(errors),
            postcode: self.code(errors),
        }
    }

    fn born(&self, today: NaiveDate, errors: &mut Vec<FieldError>) -> Option<NaiveDate> {
        let born = self.born_on?;
        if born > today && !self.unborn {
            errors.push(error("born_on", "in_future", "Date of birth must be in the past"));
        } else if born.year() < 1900 || born.year() > 2100 {
            let message = "Date of birth must be in 1900 or later";
            errors.push(error("born_on", "out_of_range", message));
        }
        Some(born)
    }

    fn coded_ethnicity(&self, errors: &mut Vec<FieldError>) -> Option<Ethnicity> {
        let scheme = self.ethnicity_scheme?;
        let read = Ethnicity::parse(scheme, &self.ethnicity);
        if read.is_err() {
            errors.push(error("ethnicity", "not_an_option", "Select the ethnicity"));
        }
        read.ok()
    }

    fn home(&self, errors: &mut Vec<FieldError>) -> String {
        match Narrative::<500>::parse(&self.address) {
            Ok(address) => address.into(),
            Err(TextError::Empty) => String::new(),
            Err(e) => {
                errors.push(text_error("address", "Address", &e));
                String::new()
            }
        }
    }

    fn code(&self, errors: &mut Vec<FieldError>) -> String {
        if self.postcode.trim().is_empty() {
            return String::new();
        }
        Postcode::parse(&self.postcode).map_or_else(
            |e| {
                errors.push(error("postcode", "not_a_postcode", &format!("Postcode {e}")));
                String::new()
            },
            String::from,
        )
    }
}
