//! A page put together from parts, for pages that need no template of their own: `pages/parts`.

use super::controls::ErrorSummary;
use super::facts::{Facts, Tasks};
use super::lists::{Bulk, Filter, Identity, Timeline};
use super::order::Order;
use super::page::{Page, Viewer};
use super::paging::Pagination;
use super::parts::{Button, Confirmation, Details, Inset, Link, Warning};
use super::site::Site;
use super::table::Table;
use super::templates::ViewError;
use crate::form::FormView;
use actix_web::HttpResponse;
use serde::Serialize;

/// One part of a page, with the template that draws it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "partial")]
enum Part<'a> {
    #[serde(rename = "parts/heading")]
    Heading { text: String, large: bool },
    #[serde(rename = "parts/text")]
    Text { text: String, lead: bool },
    #[serde(rename = "parts/prose")]
    Prose { text: String },
    #[serde(rename = "parts/bullets")]
    Bullets { items: Vec<String> },
    #[serde(rename = "parts/links")]
    Links { links: Vec<Link> },
    #[serde(rename = "parts/buttons")]
    Buttons { buttons: Vec<Button> },
    #[serde(rename = "parts/form")]
    Form(Box<FormView<'a>>),
    #[serde(rename = "parts/filter")]
    Filter(Filter),
    #[serde(rename = "parts/bulk")]
    Bulk(Box<Bulk>),
    #[serde(rename = "parts/order")]
    Order(Order),
    #[serde(rename = "parts/timeline")]
    Timeline(Timeline),
    #[serde(rename = "parts/identity")]
    Identity(Identity),
    #[serde(rename = "govuk/table")]
    Table(Table),
    #[serde(rename = "govuk/summary-list")]
    Facts(Facts),
    #[serde(rename = "govuk/task-list")]
    Tasks(Tasks),
    #[serde(rename = "govuk/pagination")]
    Pages(Pagination),
    #[serde(rename = "govuk/warning-text")]
    Warning(Warning),
    #[serde(rename = "govuk/inset-text")]
    Inset(Inset),
    #[serde(rename = "govuk/details")]
    Details(Details),
    #[serde(rename = "govuk/panel")]
    Confirmation(Confirmation),
}

/// A page's body, part after part.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Body<'a> {
    errors: Option<ErrorSummary>,
    parts: Vec<Part<'a>>,
}

impl<'a> Body<'a> {
    /// An empty body.
    pub const fn new() -> Self {
        Self { errors: None, parts: Vec::new() }
    }

    /// A body under the page's heading.
    pub fn titled(heading: impl Into<String>) -> Self {
        Self::new().add(Part::Heading { text: heading.into(), large: true })
    }

    fn add(mut self, part: Part<'a>) -> Self {
        self.parts.push(part);
        self
    }

    /// Adds a heading of second rank.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.add(Part::Heading { text: text.into(), large: false })
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.add(Part::Text { text: text.into(), lead: false })
    }

    /// Adds a leading paragraph, in larger type.
    #[must_use]
    pub fn lead(self, text: impl Into<String>) -> Self {
        self.add(Part::Text { text: text.into(), lead: true })
    }

    /// Adds text that a person wrote, line breaks kept.
    #[must_use]
    pub fn prose(self, text: impl Into<String>) -> Self {
        self.add(Part::Prose { text: text.into() })
    }

    /// Adds a bulleted list.
    #[must_use]
    pub fn bullets(self, items: Vec<String>) -> Self {
        self.add(Part::Bullets { items })
    }

    /// Adds a list of links.
    #[must_use]
    pub fn links(self, links: Vec<Link>) -> Self {
        self.add(Part::Links { links })
    }

    /// Adds buttons beside each other; they lead somewhere and send nothing.
    #[must_use]
    pub fn buttons(self, buttons: Vec<Button>) -> Self {
        self.add(Part::Buttons { buttons })
    }

    /// Puts errors that no form of this page holds at its top.
    #[must_use]
    pub fn errors(mut self, found: ErrorSummary) -> Self {
        let errors = self.errors.get_or_insert(ErrorSummary { errors: Vec::new() });
        errors.errors.extend(found.errors);
        self
    }

    /// Adds a form; its errors are summed up at the top of the page.
    #[must_use]
    pub fn form(mut self, form: FormView<'a>) -> Self {
        if let Some(found) = form.errors() {
            self.errors
                .get_or_insert(ErrorSummary { errors: Vec::new() })
                .errors
                .extend(found.errors);
        }
        self.add(Part::Form(Box::new(form)))
    }

    /// Adds filters over a list.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        self.add(Part::Filter(filter))
    }

    /// Adds a table whose rows can be selected and changed together.
    #[must_use]
    pub fn bulk(self, bulk: Bulk) -> Self {
        self.add(Part::Bulk(Box::new(bulk)))
    }

    /// Adds a list whose order people decide.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        self.add(Part::Order(order))
    }

    /// Adds a history.
    #[must_use]
    pub fn timeline(self, timeline: Timeline) -> Self {
        self.add(Part::Timeline(timeline))
    }

    /// Adds the strip that names the person, case or meeting; it holds the page's heading.
    #[must_use]
    pub fn identity(self, identity: Identity) -> Self {
        self.add(Part::Identity(identity))
    }

    /// Adds a table.
    #[must_use]
    pub fn table(self, table: Table) -> Self {
        self.add(Part::Table(table))
    }

    /// Adds facts.
    #[must_use]
    pub fn facts(self, facts: Facts) -> Self {
        self.add(Part::Facts(facts))
    }

    /// Adds tasks.
    #[must_use]
    pub fn tasks(self, tasks: Tasks) -> Self {
        self.add(Part::Tasks(tasks))
    }

    /// Adds the numbers of pages; nothing for a list that fits on one.
    #[must_use]
    pub fn pages(self, pages: impl Into<Option<Pagination>>) -> Self {
        match pages.into() {
            Some(pages) => self.add(Part::Pages(pages)),
            None => self,
        }
    }

    /// Adds a warning.
    #[must_use]
    pub fn warning(self, text: impl Into<String>) -> Self {
        self.add(Part::Warning(Warning { text: text.into() }))
    }

    /// Adds words set apart by a bar.
    #[must_use]
    pub fn inset(self, text: impl Into<String>) -> Self {
        self.add(Part::Inset(Inset { text: text.into(), id: None }))
    }

    /// Adds words under a summary that opens.
    #[must_use]
    pub fn details(self, summary: impl Into<String>, text: impl Into<String>) -> Self {
        let (summary, text) = (summary.into(), text.into());
        self.add(Part::Details(Details { summary, text, ..Details::default() }))
    }

    /// Adds the green panel that ends a journey; it holds the page's heading.
    #[must_use]
    pub fn confirmation(self, title: impl Into<String>, text: Option<String>) -> Self {
        self.add(Part::Confirmation(Confirmation { title: title.into(), text }))
    }

    /// Answers with the page: 200, or 422 when a form of it was refused.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template is broken.
    pub fn answer(
        &self,
        site: &Site,
        viewer: &Viewer,
        page: Page,
    ) -> Result<HttpResponse, ViewError> {
        let page = if self.errors.is_some() { page.refused(true) } else { page };
        site.page(viewer, &page, "pages/parts", self)
    }
}
