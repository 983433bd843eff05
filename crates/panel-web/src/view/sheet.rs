//! A page made of blocks: facts, tables, lists of links, words and buttons, under headings. Most
//! pages of the service are one; a page with a shape of its own has a template of its own.

use super::controls::{ErrorLine, ErrorSummary};
use super::facts::{Facts, Tasks};
use super::lists::{Bulk, Filter, Hidden, Identity, Timeline};
use super::order::Order;
use super::paging::Pagination;
use super::parts::{Button, Inset, Link, Tag, Warning};
use super::passkey::PasskeyForm;
use super::square::Square;
use super::table::Table;
use crate::form::FormView;
use serde::Serialize;
use std::fmt::Display;

/// One block of a sheet, with the template that draws it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "partial")]
enum Block {
    #[serde(rename = "sheet/heading")]
    Heading { text: String, id: Option<String> },
    #[serde(rename = "sheet/text")]
    Text { text: String },
    #[serde(rename = "sheet/prose")]
    Prose { text: String },
    #[serde(rename = "sheet/list")]
    List { items: Vec<String> },
    #[serde(rename = "sheet/links")]
    Links { items: Vec<Link> },
    #[serde(rename = "govuk/summary-list")]
    Facts(Facts),
    #[serde(rename = "govuk/table")]
    Table(Table),
    #[serde(rename = "parts/filter")]
    Filter(Filter),
    #[serde(rename = "parts/timeline")]
    Timeline(Timeline),
    #[serde(rename = "parts/order")]
    Order(Order),
    #[serde(rename = "govuk/task-list")]
    Tasks(Tasks),
    #[serde(rename = "parts/identity")]
    Identity(Identity),
    #[serde(rename = "govuk/inset-text")]
    Inset(Inset),
    #[serde(rename = "govuk/warning-text")]
    Warning(Warning),
    #[serde(rename = "govuk/pagination")]
    Pagination(Pagination),
    #[serde(rename = "parts/bulk")]
    Bulk(Bulk),
    #[serde(rename = "sheet/acts")]
    Acts { acts: Vec<Act> },
    #[serde(rename = "parts/form")]
    Form(Box<FormView<'static>>),
    #[serde(rename = "sheet/square")]
    Square(Square),
    #[serde(rename = "parts/passkey")]
    Passkey(Box<PasskeyForm>),
}

/// Something that can be done from a page: a button with a form of its own around it, or a link
/// that looks like one.
#[derive(Debug, Clone, Serialize)]
pub struct Act {
    action: Option<String>,
    button: Button,
    hidden: Vec<Hidden>,
}

impl Act {
    /// A button that sends an empty form to `action`.
    pub fn post(action: impl Into<String>, button: Button) -> Self {
        Self { action: Some(action.into()), button, hidden: Vec::new() }
    }

    /// A link that looks like a button.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { action: None, button: Button::link(href, text), hidden: Vec::new() }
    }

    /// Makes it one of the lesser things to do.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { button: self.button.quiet(), ..self }
    }

    /// Sends this value along.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display + Copy) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }
}

/// A page of blocks: `pages/sheet`.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    heading: String,
    caption: Option<String>,
    tag: Option<Tag>,
    errors: Option<ErrorSummary>,
    blocks: Vec<Block>,
}

impl Sheet {
    /// A page under this heading.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), caption: None, tag: None, errors: None, blocks: Vec::new() }
    }

    /// Says what the page belongs to, above the heading.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Puts a tag beside the heading.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Sums up at the top what is wrong, each with where it can be put right, if it is on this page.
    #[must_use]
    pub fn errors(mut self, lines: Vec<ErrorLine>) -> Self {
        if !lines.is_empty() {
            self.errors.get_or_insert(ErrorSummary { errors: Vec::new() }).errors.extend(lines);
        }
        self
    }

    /// Whether something is wrong.
    pub const fn has_errors(&self) -> bool {
        self.errors.is_some()
    }

    fn push(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Begins a part of the page.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.push(Block::Heading { text: text.into(), id: None })
    }

    /// Begins a part of the page that links can lead to.
    #[must_use]
    pub fn anchored(self, id: impl Into<String>, text: impl Into<String>) -> Self {
        self.push(Block::Heading { text: text.into(), id: Some(id.into()) })
    }

    /// Adds a paragraph of our own words.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.push(Block::Text { text: text.into() })
    }

    /// Adds text that somebody typed, with its line breaks.
    #[must_use]
    pub fn prose(self, text: impl Into<String>) -> Self {
        self.push(Block::Prose { text: text.into() })
    }

    /// Adds a list of points.
    #[must_use]
    pub fn list(self, items: Vec<String>) -> Self {
        if items.is_empty() { self } else { self.push(Block::List { items }) }
    }

    /// Adds a list of links.
    #[must_use]
    pub fn links(self, items: Vec<Link>) -> Self {
        if items.is_empty() { self } else { self.push(Block::Links { items }) }
    }

    /// Adds a summary list.
    #[must_use]
    pub fn facts(self, facts: Facts) -> Self {
        self.push(Block::Facts(facts))
    }

    /// Adds a table.
    #[must_use]
    pub fn table(self, table: Table) -> Self {
        self.push(Block::Table(table))
    }

    /// Adds filters.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        self.push(Block::Filter(filter))
    }

    /// Adds a list whose order people decide.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        self.push(Block::Order(order))
    }

    /// Adds a history.
    #[must_use]
    pub fn timeline(self, timeline: Timeline) -> Self {
        self.push(Block::Timeline(timeline))
    }

    /// Adds a task list.
    #[must_use]
    pub fn tasks(self, tasks: Tasks) -> Self {
        self.push(Block::Tasks(tasks))
    }

    /// Adds the strip that names a person.
    #[must_use]
    pub fn identity(self, identity: Identity) -> Self {
        self.push(Block::Identity(identity))
    }

    /// Adds words set apart.
    #[must_use]
    pub fn inset(self, inset: Inset) -> Self {
        self.push(Block::Inset(inset))
    }

    /// Adds a warning.
    #[must_use]
    pub fn warning(self, warning: Warning) -> Self {
        self.push(Block::Warning(warning))
    }

    /// Adds the way to other pages of a list, when there are any.
    #[must_use]
    pub fn pagination(self, pagination: Option<Pagination>) -> Self {
        match pagination {
            Some(pagination) => self.push(Block::Pagination(pagination)),
            None => self,
        }
    }

    /// Adds a table whose rows can be selected and changed together.
    #[must_use]
    pub fn bulk(self, bulk: Bulk) -> Self {
        self.push(Block::Bulk(bulk))
    }

    /// Adds what can be done from here.
    #[must_use]
    pub fn acts(self, acts: Vec<Act>) -> Self {
        if acts.is_empty() { self } else { self.push(Block::Acts { acts }) }
    }

    /// Adds a square that a camera reads.
    #[must_use]
    pub fn square(self, square: Square) -> Self {
        self.push(Block::Square(square))
    }

    /// Adds a form; its errors are summed up at the top of the page.
    #[must_use]
    pub fn form(self, form: FormView<'static>) -> Self {
        let errors = form.errors().map(|found| found.errors).unwrap_or_default();
        self.errors(errors).push(Block::Form(Box::new(form)))
    }

    /// Adds a form that asks the browser for a passkey.
    #[must_use]
    pub fn passkey(self, form: PasskeyForm) -> Self {
        let errors = form.errors().map(|found| found.errors).unwrap_or_default();
        self.errors(errors).push(Block::Passkey(Box::new(form)))
    }
}
