//! A referral as it arrives, from a page, a program or a file: read as far as it can be, with an
//! error beside every field that cannot.
//!
//! Core's form takes checked values only and stops at the first that is wrong. Here the wrong ones
//! are set aside one after another, so that everything is said at once. Blank text is no answer, and
//! blank people and incidents at the end of a page are not there.

mod blank;
mod words;

use crate::error::{AppError, FieldError};
use panel_core::id::{AgencyId, PanelId, PersonId};
use panel_core::referral::{Child, Incident, Problem, ReferralForm, Victim, Warning};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use std::collections::BTreeSet;

/// Wrong fields that are named at most; who has more is not typing.
const MOST_ERRORS: usize = 100;

/// What arrived, read and checked.
#[derive(Debug)]
pub(super) struct Entry {
    /// The form.
    pub(super) form: ReferralForm,
    /// For each victim the record it is known by already, when a referral is corrected.
    pub(super) victims: Vec<Option<PersonId>>,
    /// The same for children.
    pub(super) children: Vec<Option<PersonId>>,
    /// Warnings whose question was answered.
    pub(super) confirmed: BTreeSet<Warning>,
}

/// What a form says about who may send it, before anything else of it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addressed {
    /// The panel.
    pub(super) panel: PanelId,
    /// The agency that refers, where one is named.
    pub(super) agency: Option<AgencyId>,
    /// Whether an instant of receipt was entered.
    pub(super) dated: bool,
}

/// Reads to whom a form is addressed; none without a panel.
pub(super) fn addressed(raw: &Value) -> Option<Addressed> {
    let id = |key: &str| raw.get(key).and_then(Value::as_str).map(str::trim);
    Some(Addressed {
        panel: id("panel")?.parse().ok()?,
        agency: id("referring_agency").and_then(|text| text.parse().ok()),
        dated: raw.get("received_at").is_some_and(|at| !at.is_null()),
    })
}

/// Reads a form.
///
/// # Errors
/// [`AppError::Invalid`] with every field that cannot be taken as it is.
pub(super) fn read(raw: &Value) -> Result<Entry, AppError> {
    let mut raw = raw.clone();
    blank::prune(&mut raw);
    let mut errors = Vec::new();
    let confirmed = take(&mut raw, "confirmed", &mut errors).unwrap_or_default();
    let victims = ids(&mut raw, "victims", &mut errors);
    let children = ids(&mut raw, "children", &mut errors);
    let form = parse::<ReferralForm>(raw, &mut errors);
    match form {
        Some(form) if errors.is_empty() => Ok(filled(Entry { form, victims, children, confirmed })),
        _ => Err(AppError::Invalid(errors)),
    }
}

/// Takes one key out of the form and reads it by itself.
fn take<T: DeserializeOwned>(
    raw: &mut Value,
    key: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let value = raw.as_object_mut()?.remove(key)?;
    serde_json::from_value(value)
        .map_err(|e| errors.push(words::error(key, None, &e.to_string())))
        .ok()
}

/// Takes the records out of a list of people.
fn ids(raw: &mut Value, list: &str, errors: &mut Vec<FieldError>) -> Vec<Option<PersonId>> {
    let people = raw.get_mut(list).and_then(Value::as_array_mut).map_or(&mut [][..], |all| all);
    let mut known = Vec::new();
    for (place, person) in people.iter_mut().enumerate() {
        let id = person.as_object_mut().and_then(|fields| fields.remove("id"));
        let read = id.map(serde_json::from_value::<PersonId>).transpose();
        known.push(read.unwrap_or_else(|e| {
            errors.push(words::error(&format!("{list}.{place}.id"), None, &e.to_string()));
            None
        }));
    }
    known
}

/// Reads a value; whatever is wrong is set aside and named, until the rest can be read.
fn parse<T: DeserializeOwned>(mut raw: Value, errors: &mut Vec<FieldError>) -> Option<T> {
    for _ in 0..MOST_ERRORS {
        let error = match serde_path_to_error::deserialize::<_, T>(&raw) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let path: Vec<Step> = error.path().iter().filter_map(Step::of).collect();
        let message = error.inner().to_string();
        let wrong = fault(&raw, path, &message);
        let typed = wrong.path.iter().try_fold(&raw, |at, step| step.into(at));
        errors.push(words::error(&written(&wrong.path), typed, &message));
        if !wrong.can_be_set_aside || !set_aside(&mut raw, &wrong.path) {
            return None;
        }
    }
    None
}

/// One step down into a form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Place(usize),
}

impl Step {
    fn of(segment: &Segment) -> Option<Self> {
        match segment {
            Segment::Map { key } => Some(Self::Field(key.clone())),
            Segment::Seq { index } => Some(Self::Place(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        }
    }

    fn into<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match self {
            Self::Field(name) => value.get(name),
            Self::Place(place) => value.get(place),
        }
    }

    fn into_mut<'a>(&self, value: &'a mut Value) -> Option<&'a mut Value> {
        match self {
            Self::Field(name) => value.get_mut(name),
            Self::Place(place) => value.get_mut(place),
        }
    }
}

/// A path as pages and programs write it: `victims.0.name.surname`.
fn written(path: &[Step]) -> String {
    let steps: Vec<String> = path
        .iter()
        .map(|step| match step {
            Step::Field(name) => name.clone(),
            Step::Place(place) => place.to_string(),
        })
        .collect();
    steps.join(".")
}

/// Where exactly something is wrong.
struct Fault {
    path: Vec<Step>,
    can_be_set_aside: bool,
}

/// Serde names the whole of which a field is missing or unknown; the field itself stands in the
/// message, as does an unknown key.
fn fault(raw: &Value, mut path: Vec<Step>, message: &str) -> Fault {
    let named = |before: &str| {
        let rest = message.strip_prefix(before)?;
        rest.split('`').next().map(str::to_owned)
    };
    if let Some(missing) = named("missing field `") {
        path.push(Step::Field(missing));
        return Fault { path, can_be_set_aside: false };
    }
    let unknown = named("unknown field `").or_else(|| named("unknown variant `"));
    let found = path.iter().try_fold(raw, |at, step| step.into(at));
    if let (Some(name), Some(Value::Object(fields))) = (unknown, found)
        && fields.contains_key(&name)
    {
        path.push(Step::Field(name));
    }
    Fault { path, can_be_set_aside: true }
}

/// Takes away what is wrong; whether there was anything to take.
fn set_aside(raw: &mut Value, path: &[Step]) -> bool {
    let Some((last, above)) = path.split_last() else { return false };
    let holder = above.iter().try_fold(raw, |at, step| step.into_mut(at));
    match (holder, last) {
        (Some(Value::Object(fields)), Step::Field(name)) => fields.remove(name).is_some(),
        (Some(Value::Array(list)), Step::Place(place)) if *place < list.len() => {
            // A person or an incident keeps its place, so that the errors after it name the right one.
            let kept = list.get(*place).is_some_and(|one| !one.is_string());
            if kept {
                list.splice(*place..=*place, [Value::Object(Map::new())]);
            } else {
                list.remove(*place);
            }
            true
        }
        _ => false,
    }
}

/// Drops the people and incidents at the end of which nothing was said.
fn filled(mut entry: Entry) -> Entry {
    let form = &mut entry.form;
    while form.victims.last() == Some(&Victim::default()) {
        form.victims.pop();
    }
    while form.children.last() == Some(&Child::default()) {
        form.children.pop();
    }
    while form.incidents.last() == Some(&Incident::default()) {
        form.incidents.pop();
    }
    entry.victims.resize(form.victims.len(), None);
    entry.children.resize(form.children.len(), None);
    entry
}

/// The field errors of what core finds impossible.
pub(super) fn problems(found: &[Problem]) -> Vec<FieldError> {
    found
        .iter()
        .map(|problem| {
            let path = problem.path();
            let message = words::sentence(&path, &problem.kind.to_string());
            FieldError { field: path, code: words::code_of(problem.kind), message }
        })
        .collect()
}

#[cfg(test)]
mod tests;
