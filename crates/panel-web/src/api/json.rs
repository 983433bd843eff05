//! JSON bodies, read strictly: one object, no name twice, no depth without end; and what is wrong
//! with one, by the path of its field.

use super::named::Named;
use crate::errors::Failure;
use crate::form::{FieldError, InputError};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};
use serde_path_to_error::Segment;
use std::fmt;

/// Wrong fields that are named at most.
const MOST_ERRORS: usize = 50;

/// Reads a body that is one JSON object.
///
/// # Errors
/// [`Failure::Form`] for what is no JSON, for a name given twice and for what is nested more than a
/// hundred deep; [`Failure::Invalid`] for what is no object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Failure> {
    let text = std::str::from_utf8(body).map_err(|_| InputError::NotText)?;
    let Strict(value) = serde_json::from_str(text).map_err(|_| InputError::Broken)?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(wrong("", "wrong_type", "The body must be a JSON object")),
    }
}

/// Reads the fields of an object. Whatever is wrong is set aside and named, as long as the rest can
/// be looked at without it.
///
/// # Errors
/// [`Failure::Invalid`] with a fault for each field.
pub(super) fn fields<T: DeserializeOwned>(sent: Map<String, Value>) -> Result<T, Failure> {
    let mut value = Value::Object(sent);
    let mut faults: Vec<FieldError> = Vec::new();
    while faults.len() < MOST_ERRORS {
        let error = match serde_path_to_error::deserialize::<_, T>(Named(&value)) {
            Ok(read) if faults.is_empty() => return Ok(read),
            Ok(_) => break,
            Err(error) => error,
        };
        let found = field_error(&error);
        if faults.iter().any(|fault| fault.field == found.field) {
            break;
        }
        let set_aside = set_aside(&mut value, &found);
        faults.push(found);
        if !set_aside {
            break;
        }
    }
    Err(Failure::Invalid(faults))
}

/// Takes a wrong field out of the way, as if it had been left out.
fn set_aside(value: &mut Value, fault: &FieldError) -> bool {
    let steps: Vec<&str> = fault.field.split('.').collect();
    let Some((last, way)) = steps.split_last() else { return false };
    let parent = way.iter().try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get_mut(*step),
        Value::Array(items) => step.parse::<usize>().ok().and_then(|place| items.get_mut(place)),
        _ => None,
    });
    match parent {
        Some(Value::Object(fields)) => fields.remove(*last).is_some(),
        _ => false,
    }
}

/// One field that is wrong.
pub(super) fn wrong(field: &str, code: &'static str, message: &str) -> Failure {
    Failure::Invalid(vec![FieldError {
        field: field.to_owned(),
        code: code.into(),
        message: message.to_owned(),
        part: None,
    }])
}

/// What is wrong with a value, by its path.
pub(super) fn fault<E: fmt::Display>(error: &serde_path_to_error::Error<E>) -> Failure {
    Failure::Invalid(vec![field_error(error)])
}

fn field_error<E: fmt::Display>(error: &serde_path_to_error::Error<E>) -> FieldError {
    let mut steps: Vec<String> = error
        .path()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    let (code, message, named) = told(&error.inner().to_string());
    if let Some(named) = named
        && steps.last() != Some(&named)
    {
        steps.push(named);
    }
    FieldError { field: steps.join("."), code: code.into(), message, part: None }
}

/// The code and the words for what the reader of a type says, and the field it names by itself.
/// Whatever it repeats of the request is left out.
fn told(said: &str) -> (&'static str, String, Option<String>) {
    let named = || said.split('`').nth(1).map(str::to_owned);
    if said.starts_with("unknown field") {
        return ("unknown_field", "There is no such field here".to_owned(), named());
    }
    if said.starts_with("missing field") {
        return ("missing", "This field is missing".to_owned(), named());
    }
    if said.starts_with("duplicate field") {
        return ("given_twice", "This field is given twice".to_owned(), named());
    }
    if said.starts_with("unknown variant") {
        let expected = expected(said);
        return ("unknown", format!("Must be {expected}"), None);
    }
    if said.starts_with("invalid type") {
        return ("wrong_type", format!("Must be {}", expected(said)), None);
    }
    if said.starts_with("invalid value") || said.starts_with("invalid length") {
        return ("wrong_value", format!("Must be {}", expected(said)), None);
    }
    if said.starts_with("UUID parsing failed") {
        return ("not_an_id", "Must be an id".to_owned(), None);
    }
    let mut letters = said.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    ("wrong_value", format!("{first}{}", letters.as_str()), None)
}

/// What was expected, which is the end of such a message: before it, the value is repeated.
fn expected(said: &str) -> &str {
    said.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected)
}

/// A JSON value in which no object names anything twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(Value::Bool(is))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let Strict(value) = map.next_value()?;
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is given twice"));
            }
        }
        Ok(Value::Object(fields))
    }
}
