//! One field, declared once: how it is named, drawn, read and refused.

use super::values::Values;
use super::wording::{Fault, noun_of};
use chrono::NaiveDate;
use std::borrow::Cow;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Help beside it.
    pub hint: Option<String>,
}

impl Choice {
    /// `text`, sent as `value`.
    pub fn new(value: impl std::fmt::Display, text: impl Into<String>) -> Self {
        Self { value: value.to_string(), text: text.into(), hint: None }
    }

    /// One choice for each of these, sent by its id and read by its name.
    pub fn named<I: std::fmt::Display>(all: &[(I, String)]) -> Vec<Self> {
        all.iter().map(|(id, name)| Self::new(id, name.clone())).collect()
    }

    /// Adds help beside the choice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What can be chosen in a field.
#[derive(Debug, Clone, Copy)]
pub enum Options {
    /// Nothing: the field is typed.
    None,
    /// A closed vocabulary or yes and no, known to the program.
    Fixed(fn() -> Vec<Choice>),
    /// A list from the database, given to the view each time: agencies, people.
    Given,
}

/// How a field is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// A single line.
    Line,
    /// A single line for an e-mail address.
    Email,
    /// A password, never shown again.
    Password,
    /// Several lines, this many shown.
    Narrative(usize),
    /// A date in three boxes.
    Date,
    /// A date in one box, for rows and quick entry.
    ShortDate,
    /// A time of day in one box.
    Time,
    /// A whole number.
    Number,
    /// One of a list.
    Select,
    /// One of a few.
    Radios,
    /// Any number of a few.
    Checkboxes,
    /// One checkbox that says yes.
    Tick,
    /// A file.
    File,
    /// Carried unseen.
    Hidden,
}

/// The size of a label or legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As body text.
    Plain,
    /// Small and bold.
    Small,
    /// Medium and bold.
    Medium,
    /// Large: the page's heading, for a page with one question.
    Heading,
}

/// The days a date field takes, as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// From 1900 to 2100.
    Any,
    /// Today or before; a two-digit year is then of this or the last century.
    UpToToday,
    /// Today or after, to 2100.
    FromToday,
}

/// Everything about a field but the type of its value.
#[derive(Debug, Clone, Copy)]
pub struct Spec<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) noun: Option<&'a str>,
    pub(super) missing: Option<&'a str>,
    pub(super) hint: Option<&'a str>,
    pub(super) drawing: Drawing,
    pub(super) options: Options,
    pub(super) max: usize,
    pub(super) range: (u32, u32),
    pub(super) days: Days,
    pub(super) width: Option<u8>,
    pub(super) autocomplete: Option<&'a str>,
    pub(super) prefix: Option<&'a str>,
    pub(super) suffix: Option<&'a str>,
    pub(super) spellcheck: Option<bool>,
    pub(super) size: Size,
    pub(super) inline: bool,
    pub(super) optional: bool,
    /// Whether it may be given more than once.
    pub(super) many: bool,
    pub(super) accept: Option<&'a str>,
    pub(super) shown_when: Option<(&'a str, &'a str)>,
}

impl<'a> Spec<'a> {
    pub(super) const fn new(name: &'a str, label: &'a str, drawing: Drawing) -> Self {
        Self {
            name,
            label,
            noun: None,
            missing: None,
            hint: None,
            drawing,
            options: Options::None,
            max: 0,
            range: (0, u32::MAX),
            days: Days::Any,
            width: None,
            autocomplete: None,
            prefix: None,
            suffix: None,
            spellcheck: None,
            size: Size::Small,
            inline: false,
            optional: false,
            many: false,
            accept: None,
            shown_when: None,
        }
    }

    /// The field's name.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The field's label.
    pub const fn label(&self) -> &'a str {
        self.label
    }

    /// The names under which the browser sends the field: its own, and the parts of a date.
    pub(super) fn names(&self) -> Vec<Cow<'a, str>> {
        let mut names = vec![Cow::Borrowed(self.name)];
        if self.drawing == Drawing::Date {
            names.extend(
                ["day", "month", "year"].map(|part| Cow::Owned(format!("{}-{part}", self.name))),
            );
        }
        names
    }

    /// Whether nothing was typed or chosen.
    pub(super) fn is_blank(&self, values: &Values) -> bool {
        self.names().iter().all(|name| values.all(name).iter().all(|v| v.trim().is_empty()))
    }

    /// What an error calls the field.
    pub(super) fn noun(&self) -> Cow<'a, str> {
        self.noun.map_or_else(|| Cow::Owned(noun_of(self.label)), Cow::Borrowed)
    }

    /// The sentence for this fault.
    pub fn sentence(&self, fault: &Fault) -> String {
        let noun = self.noun();
        let missing = self.missing.map_or_else(
            || match self.drawing {
                Drawing::Select | Drawing::Radios | Drawing::Checkboxes | Drawing::File => {
                    format!("Select {noun}")
                }
                _ => format!("Enter {noun}"),
            },
            str::to_owned,
        );
        fault.sentence(&missing, &noun)
    }
}

/// Reads a value out of what was typed; the day is today's, in local time.
pub(super) type Parse<T> = fn(&Spec<'_>, &Values, NaiveDate) -> Result<T, Fault>;

/// Writes a value as if it had been typed.
pub(super) type Print<T> = fn(&Spec<'_>, &T, &mut Values);

/// A field that must be filled in; its value is a `T`.
#[derive(Debug)]
pub struct Field<'a, T> {
    pub(super) spec: Spec<'a>,
    pub(super) parse: Parse<T>,
    pub(super) print: Print<T>,
}

/// A field that may stay empty; its value is an `Option<T>`.
#[derive(Debug)]
pub struct Optional<'a, T> {
    pub(super) spec: Spec<'a>,
    pub(super) parse: Parse<T>,
    pub(super) print: Print<T>,
}

/// A field as a form lists it, whatever its value's type.
pub trait Declared: Sync {
    /// The field's declaration.
    fn spec(&self) -> &Spec<'_>;
}

/// A field that can be read and filled.
pub trait Readable: Declared {
    /// What reading it gives.
    type Value;

    /// Reads the value.
    ///
    /// # Errors
    /// The [`Fault`] that the reader tells the person.
    fn read(&self, values: &Values, today: NaiveDate) -> Result<Self::Value, Fault>;

    /// Writes the value as if it had been typed.
    fn write(&self, value: &Self::Value, values: &mut Values);
}

impl<T> Declared for Field<'_, T> {
    fn spec(&self) -> &Spec<'_> {
        &self.spec
    }
}

impl<T> Declared for Optional<'_, T> {
    fn spec(&self) -> &Spec<'_> {
        &self.spec
    }
}

impl<T> Readable for Field<'_, T> {
    type Value = T;

    fn read(&self, values: &Values, today: NaiveDate) -> Result<T, Fault> {
        (self.parse)(&self.spec, values, today)
    }

    fn write(&self, value: &T, values: &mut Values) {
        (self.print)(&self.spec, value, values);
    }
}

impl<T> Readable for Optional<'_, T> {
    type Value = Option<T>;

    fn read(&self, values: &Values, today: NaiveDate) -> Result<Option<T>, Fault> {
        if self.spec.is_blank(values) {
            return Ok(None);
        }
        match (self.parse)(&self.spec, values, today) {
            Ok(value) => Ok(Some(value)),
            // Blanks that only the type knows as blank, such as a no-break space.
            Err(fault) if fault.code() == Fault::Missing.code() => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn write(&self, value: &Option<T>, values: &mut Values) {
        if let Some(value) = value {
            (self.print)(&self.spec, value, values);
        }
    }
}

impl<'a, T> Field<'a, T> {
    /// Lets the field stay empty; its label then ends in "(optional)".
    #[must_use]
    pub const fn optional(mut self) -> Optional<'a, T> {
        self.spec.optional = true;
        Optional { spec: self.spec, parse: self.parse, print: self.print }
    }

    /// The same field under another name and label, for rows that repeat it.
    #[must_use]
    pub const fn under<'b>(&self, name: &'b str, label: &'b str) -> Field<'b, T>
    where
        'a: 'b,
    {
        Field { spec: Spec { name, label, ..self.spec }, parse: self.parse, print: self.print }
    }
}

impl<'a, T> Optional<'a, T> {
    /// The same field under another name and label, for rows that repeat it.
    #[must_use]
    pub const fn under<'b>(&self, name: &'b str, label: &'b str) -> Optional<'b, T>
    where
        'a: 'b,
    {
        Optional { spec: Spec { name, label, ..self.spec }, parse: self.parse, print: self.print }
    }
}

/// The settings that every kind of field offers.
macro_rules! settings {
    ($($kind:ident),+) => {$(
        impl<'a, T> $kind<'a, T> {
            /// Help under the label.
            #[must_use]
            pub const fn hint(mut self, hint: &'a str) -> Self {
                self.spec.hint = Some(hint);
                self
            }

            /// What errors call the field within a sentence, such as `the due date`; without it the
            /// label is used.
            #[must_use]
            pub const fn noun(mut self, noun: &'a str) -> Self {
                self.spec.noun = Some(noun);
                self
            }

            /// What is said when nothing was entered, such as `Enter what needs to be done`.
            #[must_use]
            pub const fn missing(mut self, sentence: &'a str) -> Self {
                self.spec.missing = Some(sentence);
                self
            }

            /// The width in characters: 2, 3, 4, 5, 10, 20 or 30.
            #[must_use]
            pub const fn width(mut self, characters: u8) -> Self {
                self.spec.width = Some(characters);
                self
            }

            /// What a browser may fill in, such as `name` or `email`.
            #[must_use]
            pub const fn autocomplete(mut self, purpose: &'a str) -> Self {
                self.spec.autocomplete = Some(purpose);
                self
            }

            /// A sign before the box, such as `£`.
            #[must_use]
            pub const fn prefix(mut self, sign: &'a str) -> Self {
                self.spec.prefix = Some(sign);
                self
            }

            /// A sign after the box, such as `days`.
            #[must_use]
            pub const fn suffix(mut self, sign: &'a str) -> Self {
                self.spec.suffix = Some(sign);
                self
            }

            /// Checks no spelling, for names and references.
            #[must_use]
            pub const fn verbatim(mut self) -> Self {
                self.spec.spellcheck = Some(false);
                self
            }

            /// The size of the label or legend.
            #[must_use]
            pub const fn size(mut self, size: Size) -> Self {
                self.spec.size = size;
                self
            }

            /// Lays radio buttons side by side, for two short answers.
            #[must_use]
            pub const fn inline(mut self) -> Self {
                self.spec.inline = true;
                self
            }

            /// Draws a list to open instead of radio buttons.
            #[must_use]
            pub const fn as_select(mut self) -> Self {
                self.spec.drawing = Drawing::Select;
                self
            }

            /// Draws radio buttons instead of a list to open, for a few choices.
            #[must_use]
            pub const fn as_radios(mut self) -> Self {
                self.spec.drawing = Drawing::Radios;
                self
            }

            /// The number of lines shown of a narrative.
            #[must_use]
            pub const fn rows(mut self, rows: usize) -> Self {
                self.spec.drawing = Drawing::Narrative(rows);
                self
            }

            /// Takes a date in one box, for rows and quick entry.
            #[must_use]
            pub const fn in_one_box(mut self) -> Self {
                self.spec.drawing = Drawing::ShortDate;
                self
            }

            /// Carries the field unseen, such as the thing a form is about.
            #[must_use]
            pub const fn hidden(mut self) -> Self {
                self.spec.drawing = Drawing::Hidden;
                self
            }

            /// Takes these days alone.
            #[must_use]
            pub const fn days(mut self, days: Days) -> Self {
                self.spec.days = days;
                self
            }

            /// Stands under one choice of another field, and is shown when that is chosen. The
            /// handler reads it in that case alone.
            #[must_use]
            pub const fn shown_when(mut self, field: &'a str, value: &'a str) -> Self {
                self.spec.shown_when = Some((field, value));
                self
            }
        }
    )+};
}
settings!(Field, Optional);
