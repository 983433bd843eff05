//! Showing a form: declared fields, what stands in them, what is wrong, and the buttons.

use super::draw::{Filling, control};
use super::field::{Choice, Declared, Drawing, Readable, Spec};
use super::layout::{Form, Layout};
use super::read::Refused;
use super::values::Values;
use super::{OPERATION, VERSION};
use crate::view::controls::{Control, ErrorLine, ErrorSummary};
use crate::view::lists::Hidden;
use crate::view::passkey::PasskeyForm;
use crate::view::words::Language;
use crate::view::{Button, Link, Page, Site, ViewError, Viewer};
use actix_web::HttpResponse;
use serde::{Serialize, Serializer};
use std::fmt::Display;

/// A form ready to be drawn by `{{part "parts/form" form}}`.
#[derive(Debug, Clone)]
pub struct FormView<'a> {
    pub(super) layout: Layout<'a>,
    pub(super) filling: Filling,
    pub(super) action: String,
    pub(super) hidden: Vec<Hidden>,
    buttons: Vec<Button>,
    cancel: Option<Link>,
}

impl From<&Form> for Layout<'static> {
    fn from(form: &Form) -> Self {
        form.layout()
    }
}

impl<'a> FormView<'a> {
    /// An empty form that is sent to `action`.
    pub fn new(form: impl Into<Layout<'a>>, action: impl Into<String>) -> Self {
        Self {
            layout: form.into(),
            filling: Filling::default(),
            action: action.into(),
            hidden: Vec::new(),
            buttons: Vec::new(),
            cancel: None,
        }
    }

    /// Carries the id that makes two presses of one button count once.
    #[must_use]
    pub fn operation(mut self, id: impl Display + Copy) -> Self {
        self.hidden.push(Hidden::new(OPERATION, id));
        self
    }

    /// Carries the version of the row that is shown, so that a stale write is noticed.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.hidden.retain(|hidden| hidden.name != VERSION);
        self.hidden.push(Hidden::new(VERSION, version));
        self
    }

    /// Gives the choices of a field that lists things from the database.
    #[must_use]
    pub fn choices(mut self, field: &dyn Declared, choices: Vec<Choice>) -> Self {
        self.filling.choices.insert(field.spec().name.to_owned(), choices);
        self
    }

    /// Fills a field with its present value.
    #[must_use]
    pub fn fill<F: Readable>(mut self, field: &F, value: &F::Value) -> Self {
        field.write(value, &mut self.filling.values);
        self
    }

    /// Fills the form with what was typed before, such as a filter's values.
    #[must_use]
    pub fn typed(mut self, values: Values) -> Self {
        self.filling.values = values;
        self
    }

    /// Shows a refused form: everything typed, and what is wrong. Nothing changes for `None`.
    #[must_use]
    pub fn refused(mut self, refused: impl Into<Option<Refused>>) -> Self {
        if let Some(refused) = refused.into() {
            self.filling.values = refused.typed;
            self.filling.errors = refused.errors;
        }
        self
    }

    /// Saves a narrative while it is typed, by the script, to this address.
    #[must_use]
    pub fn autosave(mut self, field: &dyn Declared, address: impl Into<String>) -> Self {
        self.filling.autosave.insert(field.spec().name.to_owned(), address.into());
        self
    }

    /// Adds a button; without any there is one that says "Save".
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// Adds a link beside the buttons that leaves without saving.
    #[must_use]
    pub fn cancel(mut self, href: impl Into<String>) -> Self {
        self.cancel = Some(Link::new(href, Language::English.words().cancel));
        self
    }

    /// Starts every id with `prefix`, where two forms of one page ask for the same name.
    #[must_use]
    pub const fn ids(mut self, prefix: &'static str) -> Self {
        self.filling.prefix = prefix;
        self
    }

    /// Marks no field as optional, for a form in which every field may stay empty and says so.
    #[must_use]
    pub const fn unmarked(mut self) -> Self {
        self.filling.unmarked = true;
        self
    }

    /// What stands in the form.
    pub const fn values(&self) -> &Values {
        &self.filling.values
    }

    /// Where the form is sent.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Whether something is wrong.
    pub fn has_errors(&self) -> bool {
        !self.filling.errors.is_empty()
    }

    /// The controls of filters over a list: nothing is marked as optional, because nothing need be
    /// filled in.
    pub fn filters(mut self) -> Vec<Control> {
        self.filling.filtering = true;
        self.filling.prefix = "filter-";
        self.controls()
    }

    /// The controls alone, in order, for a bar of bulk changes.
    pub fn controls(&self) -> Vec<Control> {
        self.blocks().into_iter().flat_map(|block| block.controls).collect()
    }

    fn blocks(&self) -> Vec<DrawnBlock<'a>> {
        let blocks = self.layout.blocks.iter().map(|block| DrawnBlock {
            heading: block.heading,
            intro: block.intro,
            controls: block
                .fields
                .iter()
                .filter(|spec| !self.is_revealed(spec))
                .filter_map(|spec| self.draw(spec))
                .collect(),
        });
        blocks.collect()
    }

    /// Whether the field stands under a choice of another field of this form.
    fn is_revealed(&self, spec: &Spec<'_>) -> bool {
        spec.shown_when.is_some_and(|(parent, _)| {
            self.layout.field(parent).is_some_and(|parent| {
                matches!(parent.drawing, Drawing::Radios | Drawing::Checkboxes | Drawing::Tick)
            })
        })
    }

    /// Draws a field with those that stand under its choices.
    fn draw(&self, spec: &Spec<'_>) -> Option<Control> {
        control(spec, &self.filling, &mut |value| {
            let under = |child: &&Spec<'_>| child.shown_when == Some((spec.name, value));
            self.layout.fields().filter(under).filter_map(|child| self.draw(child)).collect()
        })
    }

    /// Every value of a field that is carried unseen.
    pub(super) fn carried(&self, spec: &Spec<'_>) -> Vec<Hidden> {
        let names = spec.names();
        let all = names.iter().flat_map(|name| {
            self.filling
                .values
                .all(name)
                .iter()
                .map(|value| Hidden::new(name.clone(), value.as_str()))
        });
        all.collect()
    }

    /// What is wrong, for the top of the page.
    pub fn errors(&self) -> Option<ErrorSummary> {
        let lines = self.filling.errors.iter().map(|error| ErrorLine {
            text: error.message.clone(),
            href: error
                .anchor(self.layout.field(&error.field).filter(|s| s.drawing != Drawing::Hidden))
                .map(|id| format!("#{}", self.filling.id(&id))),
        });
        self.has_errors().then(|| ErrorSummary { errors: lines.collect() })
    }
}

/// A group of controls as it is drawn.
#[derive(Debug, Serialize)]
struct DrawnBlock<'a> {
    heading: Option<&'a str>,
    intro: Option<&'a str>,
    controls: Vec<Control>,
}

#[derive(Serialize)]
struct DrawnForm<'a> {
    action: &'a str,
    multipart: bool,
    autosaves: bool,
    hidden: Vec<Hidden>,
    blocks: Vec<DrawnBlock<'a>>,
    buttons: Vec<Button>,
    cancel: Option<&'a Link>,
    errors: Option<ErrorSummary>,
}

impl Serialize for FormView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let unseen = self.layout.fields().filter(|spec| spec.drawing == Drawing::Hidden);
        let carried = unseen.flat_map(|spec| self.carried(spec));
        let buttons = if self.buttons.is_empty() {
            vec![Button::new(Language::English.words().save)]
        } else {
            self.buttons.clone()
        };
        DrawnForm {
            action: &self.action,
            multipart: self.layout.fields().any(|spec| spec.drawing == Drawing::File),
            autosaves: !self.filling.autosave.is_empty(),
            hidden: self.hidden.iter().cloned().chain(carried).collect(),
            blocks: self.blocks(),
            buttons,
            cancel: self.cancel.as_ref(),
            errors: self.errors(),
        }
        .serialize(serializer)
    }
}

/// A page that holds one form: `pages/form`.
#[derive(Debug, Serialize)]
pub struct FormPage<'a> {
    /// The heading; none when the form's only field is the heading.
    pub heading: Option<String>,
    /// What the form is about, above the heading.
    pub caption: Option<String>,
    /// Paragraphs before the form.
    pub intro: Vec<String>,
    /// What must be known before anything is typed.
    pub warning: Option<String>,
    /// Where else something can be done first.
    pub links: Vec<Link>,
    /// The form.
    pub form: FormView<'a>,
    /// The same by a passkey.
    pub passkey: Option<PasskeyForm>,
}

impl<'a> FormPage<'a> {
    /// A form under a heading.
    pub fn new(heading: impl Into<String>, form: FormView<'a>) -> Self {
        Self {
            heading: Some(heading.into()),
            caption: None,
            intro: Vec::new(),
            warning: None,
            links: Vec::new(),
            form,
            passkey: None,
        }
    }

    /// A form with one question, whose label is the page's heading: [`super::Size::Heading`].
    pub fn question(form: FormView<'a>) -> Self {
        Self { heading: None, ..Self::new("", form) }
    }

    /// Says what the form is about, above the heading.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Adds a paragraph before the form.
    #[must_use]
    pub fn intro(mut self, paragraph: impl Into<String>) -> Self {
        self.intro.push(paragraph.into());
        self
    }

    /// Adds a warning before the form.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warning = Some(warning.into());
        self
    }

    /// Says where else something can be done first.
    #[must_use]
    pub fn links(mut self, links: Vec<Link>) -> Self {
        self.links = links;
        self
    }

    /// Offers a passkey in place of what the form asks.
    #[must_use]
    pub fn or_passkey(mut self, passkey: Option<PasskeyForm>) -> Self {
        self.passkey = passkey;
        self
    }

    /// Answers with the page: 200, or 422 with "Error: " in the title when the form was refused.
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
        site.page(viewer, &page, "pages/form", self)
    }
}
