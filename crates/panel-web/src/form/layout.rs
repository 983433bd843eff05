//! A form's fields in their order, under headings.

use super::field::{Declared, Spec};
use super::read::Reader;
use super::values::Values;
use chrono::NaiveDate;

/// A form declared in the program: `static FORM: Form = Form::of(&[&TITLE, &DUE]);`.
#[derive(Clone, Copy)]
pub struct Form {
    sections: &'static [Section],
    fields: &'static [&'static dyn Declared],
}

/// Fields that belong together, under a heading.
#[derive(Clone, Copy)]
pub struct Section {
    heading: &'static str,
    intro: Option<&'static str>,
    fields: &'static [&'static dyn Declared],
}

impl Section {
    /// Fields under a heading.
    pub const fn new(heading: &'static str, fields: &'static [&'static dyn Declared]) -> Self {
        Self { heading, intro: None, fields }
    }

    /// Adds a paragraph under the heading.
    #[must_use]
    pub const fn intro(mut self, intro: &'static str) -> Self {
        self.intro = Some(intro);
        self
    }
}

impl Form {
    /// A form without headings.
    pub const fn of(fields: &'static [&'static dyn Declared]) -> Self {
        Self { sections: &[], fields }
    }

    /// A form whose fields stand under headings.
    pub const fn sections(sections: &'static [Section]) -> Self {
        Self { sections, fields: &[] }
    }

    /// The form's fields, ready to be drawn or read, and to be added to.
    pub fn layout(&self) -> Layout<'static> {
        let mut layout = Layout::new();
        for field in self.fields {
            layout = layout.with(*field);
        }
        for section in self.sections {
            layout = layout.section(section.heading, section.intro);
            for field in section.fields {
                layout = layout.with(*field);
            }
        }
        layout
    }

    /// Starts reading what was sent; `today` is the local day, for dates that depend on it.
    pub fn read<'v>(&self, values: &'v Values, today: NaiveDate) -> Reader<'static, 'v> {
        Reader::new(self.layout(), values, today)
    }
}

/// A group of fields as it is drawn and read.
#[derive(Debug, Clone, Default)]
pub(super) struct Block<'a> {
    pub(super) heading: Option<&'a str>,
    pub(super) intro: Option<&'a str>,
    pub(super) fields: Vec<Spec<'a>>,
}

/// A form put together while the program runs, for rows that the database decides.
#[derive(Debug, Clone, Default)]
pub struct Layout<'a> {
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Layout<'a> {
    /// No fields yet.
    pub const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Starts a group under a heading.
    #[must_use]
    pub fn section(mut self, heading: &'a str, intro: Option<&'a str>) -> Self {
        self.blocks.push(Block { heading: Some(heading), intro, fields: Vec::new() });
        self
    }

    /// Adds a field to the last group.
    #[must_use]
    pub fn with(mut self, field: &'a (impl Declared + ?Sized)) -> Self {
        if self.blocks.is_empty() {
            self.blocks.push(Block::default());
        }
        if let Some(block) = self.blocks.last_mut() {
            block.fields.push(*field.spec());
        }
        self
    }

    /// Starts reading what was sent.
    pub fn read<'v>(self, values: &'v Values, today: NaiveDate) -> Reader<'a, 'v> {
        Reader::new(self, values, today)
    }

    /// Every field, in order.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Spec<'a>> {
        self.blocks.iter().flat_map(|block| &block.fields)
    }

    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> Option<&Spec<'a>> {
        self.fields().find(|spec| spec.name == name)
    }
}
