//! Reading a form: every field is read, every error is collected, and nothing typed is lost.

use super::field::{Declared, Drawing, Readable, Spec};
use super::layout::Layout;
use super::values::Values;
use super::wording::{Fault, Part};
use super::{CSRF, OPERATION, PRESSED, VERSION};
use crate::errors::Failure;
use crate::view::controls::choice_id;
use chrono::NaiveDate;
use panel_core::id::Id;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Something wrong with one field, or with the form as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; empty for the form as a whole.
    pub field: String,
    /// The stable code that programs read.
    pub code: Cow<'static, str>,
    /// The sentence that people read.
    pub message: String,
    /// The part of a date that is at fault, when one alone is.
    pub part: Option<Part>,
}

impl FieldError {
    /// The id of the control to go to; none for the form as a whole.
    pub(super) fn anchor(&self, spec: Option<&Spec<'_>>) -> Option<String> {
        let spec = spec?;
        Some(match (spec.drawing, self.part) {
            (Drawing::Date, part) => {
                format!("{}-{}", spec.name, part.unwrap_or(Part::Day).word())
            }
            (Drawing::Radios | Drawing::Checkboxes | Drawing::Tick, _) => choice_id(spec.name, 0),
            _ => spec.name.to_owned(),
        })
    }
}

/// A form that was not taken: what is wrong, and everything that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong, in the order of the form.
    pub errors: Vec<FieldError>,
    /// Everything that was typed.
    pub typed: Values,
}

impl Refused {
    /// The failure of a form that has no page of its own to be shown again. What it is about is looked for
    /// first: to whoever may not know of that it is not there, whatever she sends.
    pub(crate) async fn once_found<T>(
        self,
        found: impl Future<Output = Result<T, Failure>>,
    ) -> Failure {
        found.await.err().unwrap_or(Failure::Invalid(self.errors))
    }

    /// A form that a use case refused: one rule, beside the field it belongs to.
    pub fn by_rule(
        typed: &Values,
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let error = FieldError {
            field: field.into(),
            code: code.into(),
            message: message.into(),
            part: None,
        };
        Self { errors: vec![error], typed: typed.clone() }
    }
}

/// Reads one form. Each reading gives `Some(value)`, or `None` after noting what is wrong.
#[derive(Debug)]
pub struct Reader<'a, 'v> {
    layout: Layout<'a>,
    values: &'v Values,
    today: NaiveDate,
    errors: Vec<FieldError>,
}

impl<'a, 'v> Reader<'a, 'v> {
    pub(super) fn new(layout: Layout<'a>, values: &'v Values, today: NaiveDate) -> Self {
        let mut reader = Self { layout, values, today, errors: Vec::new() };
        reader.refuse_strangers();
        reader
    }

    /// Refuses fields that the form does not have, so that no one sets what no one offered.
    fn refuse_strangers(&mut self) {
        let known: BTreeSet<Cow<'_, str>> = self
            .layout
            .fields()
            .flat_map(Spec::names)
            .chain([CSRF, OPERATION, VERSION, PRESSED].map(Cow::Borrowed))
            .collect();
        let strangers =
            self.values.iter().filter(|(name, _)| !known.contains(*name)).map(|(name, _)| {
                form_error("unknown_field", format!("This form has no field called “{name}”"))
            });
        let strangers: Vec<FieldError> = strangers.take(5).collect();
        self.errors.extend(strangers);
        for hidden in [CSRF, OPERATION, VERSION, PRESSED] {
            if self.values.all(hidden).len() > 1 {
                self.refuse_form("given_twice", format!("“{hidden}” was sent more than once"));
            }
        }
    }

    /// Reads one field.
    pub fn get<F: Readable>(&mut self, field: &F) -> Option<F::Value> {
        let spec = field.spec();
        debug_assert!(
            self.layout.field(spec.name).is_some(),
            "the form does not list {:?}",
            spec.name
        );
        let names = spec.names();
        let twice = |name: &Cow<'_, str>| self.values.all(name).len() > 1;
        let read = if !spec.many && names.iter().any(twice) {
            Err(Fault::Twice)
        } else {
            field.read(self.values, self.today)
        };
        match read {
            Ok(value) => Some(value),
            Err(fault) => {
                self.note(spec, &fault);
                None
            }
        }
    }

    /// Whether something was typed in a field, without judging it.
    pub fn is_blank(&self, field: &dyn Declared) -> bool {
        field.spec().is_blank(self.values)
    }

    /// The button that was pressed: the value it sent, or nothing.
    pub fn pressed(&self) -> &'v str {
        self.values.one(PRESSED)
    }

    /// Reads the row version that the page carried. A page without one is out of date.
    pub fn version(&mut self) -> Option<i64> {
        let read = self.values.one(VERSION).parse().ok().filter(|version| *version >= 0);
        if read.is_none() {
            self.refuse_form("version_missing", OUT_OF_DATE.to_owned());
        }
        read
    }

    /// Reads the id that makes two presses of one button count once.
    pub fn operation<I: Id>(&mut self) -> Option<I> {
        let read = self.values.one(OPERATION).parse().ok();
        if read.is_none() {
            self.refuse_form("operation_missing", OUT_OF_DATE.to_owned());
        }
        read
    }

    /// Refuses a field for a reason of the handler's own.
    pub fn refuse(&mut self, field: &dyn Declared, code: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.spec().name.to_owned(),
            code: Cow::Borrowed(code),
            message: message.into(),
            part: None,
        });
    }

    /// Refuses the form as a whole.
    pub fn refuse_form(&mut self, code: &'static str, message: impl Into<String>) {
        self.errors.push(form_error(code, message.into()));
    }

    /// Refuses a field with one of the known faults, such as [`Fault::NotOffered`] for a pick that
    /// is not in its list.
    pub fn fault(&mut self, field: &dyn Declared, fault: &Fault) {
        self.note(field.spec(), fault);
    }

    fn note(&mut self, spec: &Spec<'_>, fault: &Fault) {
        self.errors.push(FieldError {
            field: spec.name.to_owned(),
            code: Cow::Borrowed(fault.code()),
            message: spec.sentence(fault),
            part: fault.part(),
        });
    }

    /// Ends the reading: builds the result when nothing was refused.
    ///
    /// `build` puts the readings together with `?`, as in
    /// `read.finish(|| Some(AddAction { title: title?, due: due? }))`.
    ///
    /// # Errors
    /// [`Refused`] with every error and everything typed.
    pub fn finish<T>(mut self, build: impl FnOnce() -> Option<T>) -> Result<T, Refused> {
        if self.errors.is_empty() {
            if let Some(built) = build() {
                return Ok(built);
            }
            // A reading that failed noted why, so this is a reading of another form.
            self.refuse_form("unread", OUT_OF_DATE);
        }
        let place = |error: &FieldError| {
            self.layout.fields().position(|spec| spec.name == error.field).unwrap_or(usize::MAX)
        };
        let mut errors = std::mem::take(&mut self.errors);
        errors.sort_by_key(place);
        Err(Refused { errors, typed: self.values.clone() })
    }
}

/// What is said of a page that lacks what every page of ours carries.
const OUT_OF_DATE: &str = "This page was out of date. Check what you typed and save it again";

fn form_error(code: &'static str, message: String) -> FieldError {
    FieldError { field: String::new(), code: Cow::Borrowed(code), message, part: None }
}
