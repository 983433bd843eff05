//! A JSON body read as a form, so that pages and programs are checked by the same declarations.
//!
//! The body is one flat object. Dates are `"2026-12-14"`, times `"14:00"`, yes and no are `true` and
//! `false`, numbers are numbers, many choices are a list of strings, and `null` is the same as a
//! field left out. Anything else, a name given twice, and deep or endless nesting are refused.

use super::values::{InputError, Values};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The type of one value as it stood in the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A list of strings.
    List,
}

impl JsonType {
    /// The type's name, as an error says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Truth => "true or false",
            Self::List => "a list of strings",
        }
    }
}

impl Values {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// [`InputError::NotText`] for bytes that are not UTF-8, [`InputError::Broken`] for what is not
    /// one flat JSON object, [`InputError::BadName`] and [`InputError::TooMany`].
    pub fn from_json(raw: &[u8]) -> Result<Self, InputError> {
        let text = std::str::from_utf8(raw).map_err(|_| InputError::NotText)?;
        let Flat(pairs) = serde_json::from_str(text).map_err(|_| InputError::Broken)?;
        let mut values = Self::new();
        for (name, value) in pairs {
            let (kind, typed) = match value {
                Value::Null => continue,
                Value::String(text) => (JsonType::Text, vec![text]),
                Value::Number(number) => (JsonType::Number, vec![number.to_string()]),
                Value::Bool(yes) => {
                    (JsonType::Truth, vec![if yes { "yes" } else { "no" }.to_owned()])
                }
                Value::Array(items) => (JsonType::List, strings(items)?),
                Value::Object(_) => return Err(InputError::Broken),
            };
            values.add_typed(name, kind, typed)?;
        }
        Ok(values)
    }
}

fn strings(items: Vec<Value>) -> Result<Vec<String>, InputError> {
    let strings = items.into_iter().map(|item| match item {
        Value::String(text) => Ok(text),
        _ => Err(InputError::Broken),
    });
    strings.collect()
}

/// An object whose names are each given once.
struct Flat(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Flat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Flat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one flat object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flat, A::Error> {
        let mut pairs: Vec<(String, Value)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom("a name is given twice"));
            }
            pairs.push((name, map.next_value()?));
        }
        Ok(Flat(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{date, many_of, narrative, number, one_of, time, yes_no};
    use super::super::tests::Colour;
    use super::super::{Field, Form, Optional, Refused};
    use super::*;
    use chrono::{NaiveDate, NaiveTime};
    use panel_core::text::Note;

    static NOTE: Field<'_, Note> = narrative("note", "Note");
    static DUE: Optional<'_, NaiveDate> = date("due", "Due date").optional();
    static START: Optional<'_, NaiveTime> = time("start", "Start").optional();
    static WEEKS: Optional<'_, u32> = number("weeks", "Weeks", 1, 52).optional();
    static LIVES: Optional<'_, bool> = yes_no("lives", "Lives there", "Say yes or no").optional();
    static COLOUR: Optional<'_, Colour> = one_of("colour", "Colour").optional();
    static ALL: Optional<'_, Vec<Colour>> = many_of("all", "Colours").optional();
    static FORM: Form = Form::of(&[&NOTE, &DUE, &START, &WEEKS, &LIVES, &COLOUR, &ALL]);

    fn read(body: &str) -> Result<String, Refused> {
        let values = Values::from_json(body.as_bytes()).unwrap();
        let mut read = FORM.read(&values, "2026-11-21".parse().unwrap());
        let note = read.get(&NOTE);
        let (due, start, weeks) = (read.get(&DUE), read.get(&START), read.get(&WEEKS));
        let (lives, colour, all) = (read.get(&LIVES), read.get(&COLOUR), read.get(&ALL));
        read.finish(|| {
            Some(format!("{:?}", (note?.as_str(), due?, start?, weeks?, lives?, colour?, all?)))
        })
    }

    #[test]
    fn a_json_body_is_read_by_the_same_declarations() {
        let all = r#"{"note": "a\nb", "due": "2026-12-14", "start": "14:00", "weeks": 4,
            "lives": false, "colour": "red", "all": ["red", "green"]}"#;
        let expected = "(\"a\\nb\", Some(2026-12-14), Some(14:00:00), Some(4), Some(false), \
                        Some(Red), Some([Red, Green]))";
        assert_eq!(read(all).unwrap(), expected);
        let least = read(r#"{"note": "a", "due": null}"#).unwrap();
        assert_eq!(least, "(\"a\", None, None, None, None, None, None)");
    }

    #[test]
    fn wrong_types_and_strangers_are_refused_field_by_field() {
        let body = r#"{"note": 5, "due": 20261214, "weeks": "4", "lives": "yes", "all": "red",
            "colour": ["red"], "role": "chair"}"#;
        let refused = read(body).unwrap_err();
        let errors: Vec<(&str, &str)> = refused
            .errors
            .iter()
            .map(|error| (error.field.as_str(), error.code.as_ref()))
            .collect();
        let wrong = ["note", "due", "weeks", "lives", "colour", "all"].map(|f| (f, "wrong_type"));
        assert_eq!(errors, [&wrong[..], &[("", "unknown_field")]].concat());
        assert_eq!(refused.errors[2].message, "Weeks must be a number");
        let float = read(r#"{"note": "a", "weeks": 1.5}"#).unwrap_err();
        assert_eq!(float.errors[0].code, "not_a_number");
    }

    #[test]
    fn what_is_not_one_flat_object_is_refused_whole() {
        for body in [
            "",
            "[]",
            "5",
            "{\"a\": {}}",
            "{\"a\": [[]]}",
            "{\"a\": [1]}",
            "{\"a\": 1,}",
            "{\"a\": 1e400}",
            "{\"a\": NaN}",
            "\u{feff}{}",
            "{\"a\": 1, \"a\": 2}",
            "{\"a\": \"\\ud800\"}",
        ] {
            assert_eq!(Values::from_json(body.as_bytes()), Err(InputError::Broken), "{body}");
        }
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(Values::from_json(deep.as_bytes()), Err(InputError::Broken));
        assert_eq!(Values::from_json(b"{\"a\": \"\xff\"}"), Err(InputError::NotText));
        assert_eq!(Values::from_json(b"{\"a b\": 1}"), Err(InputError::BadName));
    }
}
