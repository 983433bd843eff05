//! One question of the referral form, between what was typed and the form's JSON.

use crate::form::field::Spec;
use crate::form::parse::{self, Century};
use crate::form::{Choice, Declared, Fault, Field, Optional, Readable, Values};
use chrono::NaiveDate;
use panel_core::coded::Coded;
use panel_core::id::AgencyId;
use panel_core::text::{EmailAddress, Note};
use panel_core::vocabulary::EthnicityScheme;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The lists that the database gives a form to choose from.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    /// Agencies that the person may refer for.
    pub(super) agencies: Vec<Choice>,
    /// The victims of the draft, counted from 1.
    pub(super) victims: Vec<Choice>,
}

/// A question: typed as a field, kept in the referral as JSON.
pub(super) trait Leaf: Declared {
    /// The answer as the referral has it; nothing for a blank.
    ///
    /// # Errors
    /// The [`Fault`] of an answer that cannot be read.
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault>;

    /// Writes an answer as if it had been typed.
    fn fill(&self, answer: &Value, typed: &mut Values);

    /// The same question under its full name, with the words of a page that asks it of somebody.
    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b>;

    /// What can be chosen, where the program does not know it by itself.
    fn offered(&self, _: &Lists) -> Option<Vec<Choice>> {
        None
    }
}

/// Reads an optional field, blanks of every kind being nothing.
fn read<T>(field: &Optional<'_, T>, typed: &Values, today: NaiveDate) -> Result<Option<T>, Fault> {
    field.read(typed, today)
}

fn write_as<T: DeserializeOwned>(field: &Optional<'_, T>, answer: &Value, typed: &mut Values) {
    if let Ok(value) = serde_json::from_value::<T>(answer.clone()) {
        field.write(&Some(value), typed);
    }
}

impl<T: Serialize + DeserializeOwned + 'static> Leaf for Optional<'_, T> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        let value = read(self, typed, today)?;
        Ok(value.and_then(|value| serde_json::to_value(value).ok()))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        write_as(self, answer, typed);
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(self.under(name, label))
    }
}

/// A checkbox: ticked is yes, left alone says nothing.
impl Leaf for Field<'_, bool> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        Ok(self.read(typed, today)?.then_some(Value::Bool(true)))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        self.write(&(*answer == Value::Bool(true)), typed);
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(self.under(name, label))
    }
}

/// Declares a question whose field holds something else than the referral does.
macro_rules! translated {
    ($($(#[$doc:meta])* $name:ident($typed:ty);)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name<'a>(pub(super) Optional<'a, $typed>);

        impl Declared for $name<'_> {
            fn spec(&self) -> &Spec<'_> {
                self.0.spec()
            }
        }
    )+};
}
translated! {
    /// Several short texts, one a line.
    Lines(Note);
    /// Several dates, one a line.
    Days(Note);
    /// The place of a victim in the list, counted from 1.
    Numbered(String);
    /// An ethnicity code with its scheme.
    Ethnic(String);
    /// An agency that the person may refer for.
    Referring(AgencyId);
    /// An e-mail address.
    Mailed(EmailAddress);
}

fn lines(note: Option<&Note>) -> Vec<String> {
    let typed = note.map_or("", |note| note.as_str()).lines();
    typed.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn list(items: &[String]) -> Option<Value> {
    (!items.is_empty()).then(|| json!(items))
}

fn joined(answer: &Value, words: impl Fn(&str) -> String) -> String {
    let items = answer.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(Value::as_str).map(words).collect::<Vec<_>>().join("\n")
}

impl Leaf for Lines<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        Ok(list(&lines(read(&self.0, typed, today)?.as_ref())))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        typed.set(self.spec().name(), joined(answer, str::to_owned));
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Lines(self.0.under(name, label)))
    }
}

impl Leaf for Days<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        let typed = lines(read(&self.0, typed, today)?.as_ref());
        let days: Result<Vec<String>, Fault> = typed
            .iter()
            .map(|line| Ok(parse::single(line, Century::Past(today))?.to_string()))
            .collect();
        Ok(list(&days?))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        let as_typed = |day: &str| {
            let day = day.parse::<NaiveDate>();
            day.map_or_else(|_| String::new(), |day| day.format("%-d/%-m/%Y").to_string())
        };
        typed.set(self.spec().name(), joined(answer, as_typed));
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Days(self.0.under(name, label)))
    }
}

impl Leaf for Numbered<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        let Some(typed) = read(&self.0, typed, today)? else { return Ok(None) };
        typed.parse::<u8>().map(|place| Some(json!(place))).map_err(|_| Fault::NotOffered)
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        if let Some(place) = answer.as_u64() {
            typed.set(self.spec().name(), place.to_string());
        }
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Numbered(self.0.under(name, label)))
    }

    fn offered(&self, lists: &Lists) -> Option<Vec<Choice>> {
        Some(lists.victims.clone())
    }
}

/// Every code of every scheme; a code is kept with the scheme it was recorded in.
pub(in crate::pages) fn ethnicities() -> Vec<Choice> {
    let of_scheme = |scheme: &EthnicityScheme| {
        let scheme = *scheme;
        scheme.codes().iter().map(move |(code, label)| {
            let value = format!("{} {code}", scheme.code());
            Choice::new(value, format!("{label} ({} {code})", scheme.label()))
        })
    };
    EthnicityScheme::ALL.iter().flat_map(of_scheme).collect()
}

impl Leaf for Ethnic<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        let Some(typed) = read(&self.0, typed, today)? else { return Ok(None) };
        let (scheme, code) = typed.split_once(' ').ok_or(Fault::NotOffered)?;
        Ok(Some(json!({"scheme": scheme, "code": code})))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        let part = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
        typed.set(self.spec().name(), format!("{} {}", part("scheme"), part("code")));
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Ethnic(self.0.under(name, label)))
    }

    fn offered(&self, _: &Lists) -> Option<Vec<Choice>> {
        Some(ethnicities())
    }
}

impl Leaf for Mailed<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        Ok(read(&self.0, typed, today)?.map(|address| json!(address)))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        typed.set(self.spec().name(), answer.as_str().unwrap_or_default());
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Mailed(self.0.under(name, label)))
    }
}

impl Leaf for Referring<'_> {
    fn answer(&self, typed: &Values, today: NaiveDate) -> Result<Option<Value>, Fault> {
        Ok(read(&self.0, typed, today)?.map(|agency| json!(agency)))
    }

    fn fill(&self, answer: &Value, typed: &mut Values) {
        write_as(&self.0, answer, typed);
    }

    fn named<'b>(&'b self, name: &'b str, label: &'b str) -> Box<dyn Leaf + 'b> {
        Box::new(Referring(self.0.under(name, label)))
    }

    fn offered(&self, lists: &Lists) -> Option<Vec<Choice>> {
        Some(lists.agencies.clone())
    }
}
