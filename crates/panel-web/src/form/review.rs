//! Pages before a change is made: check your answers, and confirm what cannot easily be undone.

use super::field::{Drawing, Spec};
use super::layout::Block;
use super::view::FormView;
use crate::view::facts::{Fact, Facts};
use crate::view::lists::Hidden;
use crate::view::words::Language;
use crate::view::{Button, Page, Site, ViewError, Viewer};
use actix_web::HttpResponse;
use serde::Serialize;

/// The value of the button that confirms checked answers.
pub const CONFIRM: &str = "confirm";

/// The value of the button that goes back to the form with everything still in it.
pub const CHANGE: &str = "change";

/// The answer that stands in one field of a form, in words; nothing for a field that is not asked.
fn answer(form: &FormView<'_>, spec: &Spec<'_>) -> Option<Fact> {
    let unseen = matches!(spec.drawing, Drawing::Hidden | Drawing::Password);
    let unasked = spec.shown_when.is_some() && spec.is_blank(&form.filling.values);
    if unseen || unasked {
        return None;
    }
    let shown = form.filling.shown(spec, &form.filling.values);
    Some(match (shown.is_empty(), spec.drawing) {
        (true, _) => Fact::new(spec.label, Language::English.words().not_given),
        (_, Drawing::Narrative(_)) => Fact::prose(spec.label, shown),
        _ => Fact::new(spec.label, shown),
    })
}

impl FormView<'_> {
    /// What stands in the form, in words: each group's heading with its answers. Fields left blank
    /// are left out.
    pub fn answers(&self) -> Vec<(Option<String>, Vec<Fact>)> {
        let given = |spec: &&Spec<'_>| !spec.is_blank(&self.filling.values);
        let group = |block: &Block<'_>| {
            let facts = block.fields.iter().filter(given).filter_map(|spec| answer(self, spec));
            (block.heading.map(str::to_owned), facts.collect())
        };
        self.layout.blocks.iter().map(group).collect()
    }
}

#[derive(Debug, Serialize)]
struct Answers {
    heading: Option<String>,
    facts: Facts,
}

/// The page `pages/check`: every answer in words, carried unseen, with a way to change it.
///
/// The page sends `do=confirm` to save or `do=change` to see the form again, filled; so nothing has
/// to be kept on the server between the two pages.
#[derive(Debug, Serialize)]
pub struct CheckView {
    heading: String,
    action: String,
    hidden: Vec<Hidden>,
    sections: Vec<Answers>,
    confirm: Button,
    change: Option<Button>,
}

impl CheckView {
    /// The answers in `form`, to be sent to the form's own address.
    pub fn new(form: &FormView<'_>) -> Self {
        Self::with_links(form, |_| None)
    }

    /// The answers in `form`, each with a "Change" link to where `link` says that its field is
    /// asked; for journeys whose answers are kept as a draft.
    pub fn with_links(form: &FormView<'_>, link: impl Fn(&str) -> Option<String>) -> Self {
        let words = Language::English.words();
        let mut linked = false;
        let mut sections = Vec::new();
        for block in &form.layout.blocks {
            let mut rows = Vec::new();
            for spec in &block.fields {
                let Some(mut fact) = answer(form, spec) else { continue };
                if let Some(href) = link(spec.name) {
                    fact = fact.link(href, words.change, spec.noun());
                    linked = true;
                }
                rows.push(fact);
            }
            sections.push(Answers {
                heading: block.heading.map(str::to_owned),
                facts: Facts::new(rows),
            });
        }
        let carried = form.layout.fields().flat_map(|spec| form.carried(spec));
        Self {
            heading: words.check_heading.to_owned(),
            action: form.action.clone(),
            hidden: form.hidden.iter().cloned().chain(carried).collect(),
            sections,
            confirm: Button::new(words.check_confirm).doing(CONFIRM),
            change: (!linked).then(|| Button::secondary(words.check_change).doing(CHANGE)),
        }
    }

    /// Says on the button what it does, such as "Send the referral".
    #[must_use]
    pub fn confirming(mut self, words: impl Into<String>) -> Self {
        self.confirm = Button::new(words).doing(CONFIRM);
        self
    }

    /// Answers with the page.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template is broken.
    pub fn answer(
        &self,
        site: &Site,
        viewer: &Viewer,
        page: &Page,
    ) -> Result<HttpResponse, ViewError> {
        site.page(viewer, page, "pages/check", self)
    }
}

/// The page `pages/confirm`: one act that cannot easily be undone, what it touches, and one button.
#[derive(Debug, Serialize)]
pub struct ConfirmView<'a> {
    heading: String,
    caption: Option<String>,
    warning: Option<String>,
    text: Vec<String>,
    facts: Option<Facts>,
    form: FormView<'a>,
}

impl<'a> ConfirmView<'a> {
    /// Asks `heading`, such as "Are you sure you want to withdraw this action?". The form carries
    /// the version and may ask for a reason; its button is the caller's.
    pub fn new(heading: impl Into<String>, form: FormView<'a>) -> Self {
        Self {
            heading: heading.into(),
            caption: None,
            warning: None,
            text: Vec::new(),
            facts: None,
            form,
        }
    }

    /// Says what the act is about, above the heading.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Warns of what cannot be undone.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warning = Some(warning.into());
        self
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(mut self, paragraph: impl Into<String>) -> Self {
        self.text.push(paragraph.into());
        self
    }

    /// Shows what the act touches.
    #[must_use]
    pub fn facts(mut self, facts: Facts) -> Self {
        self.facts = Some(facts);
        self
    }

    /// Answers with the page: 200, or 422 when the form was refused.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template is broken.
    pub fn answer(
        &self,
        site: &Site,
        viewer: &Viewer,
        page: Page,
    ) -> Result<HttpResponse, ViewError> {
        let page = if self.form.has_errors() { page.refused(true) } else { page };
        site.page(viewer, &page, "pages/confirm", self)
    }
}
