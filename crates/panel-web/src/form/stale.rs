//! A write that came too late: your text beside the one that is saved, and nothing lost.

use super::VERSION;
use super::field::{Drawing, Spec};
use super::values::Values;
use super::view::FormView;
use crate::view::controls::Control;
use crate::view::lists::Hidden;
use crate::view::words::Language;
use crate::view::{Page, Site, ViewError, Viewer};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

/// One field that differs: what is saved now, and yours, still in a box to change.
#[derive(Debug, Serialize)]
struct Difference {
    label: String,
    saved: String,
    control: Control,
}

/// The page `pages/stale`.
#[derive(Debug, Serialize)]
pub struct StaleView {
    by: Option<String>,
    action: String,
    keep: String,
    hidden: Vec<Hidden>,
    differences: Vec<Difference>,
}

impl StaleView {
    /// Compares what was typed in `form` with `current`, the row as it is now in version `version`.
    ///
    /// Sending the page again writes over that version; `keep` leads away without writing.
    pub fn new(
        form: FormView<'_>,
        current: &Values,
        version: i64,
        keep: impl Into<String>,
    ) -> Self {
        let form = form.version(version);
        let mut hidden = form.hidden.clone();
        let mut differences = Vec::new();
        for spec in form.layout.fields() {
            let yours = form.filling.shown(spec, &form.filling.values);
            let saved = form.filling.shown(spec, current);
            let label = format!("{}: {}", Language::English.words().stale_yours, spec.label);
            let own = Spec { label: &label, optional: false, ..*spec };
            let drawn = super::draw::control(&own, &form.filling, &mut |_| Vec::new());
            match drawn {
                Some(control) if yours != saved && spec.drawing != Drawing::Password => {
                    differences.push(Difference { label: spec.label.to_owned(), saved, control });
                }
                _ => hidden.extend(form.carried(spec)),
            }
        }
        Self { by: None, action: form.action, keep: keep.into(), hidden, differences }
    }

    /// Says who saved the other version, and when: `Sam Lee at 2:32pm`.
    #[must_use]
    pub fn by(mut self, who_and_when: impl Into<String>) -> Self {
        self.by = Some(who_and_when.into());
        self
    }

    /// The version that sending the page again writes over.
    pub fn version(&self) -> Option<&str> {
        self.hidden.iter().find(|hidden| hidden.name == VERSION).map(|hidden| hidden.value.as_str())
    }

    /// Answers 409 with the page.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template is broken.
    pub fn answer(
        &self,
        site: &Site,
        viewer: &Viewer,
        page: Page,
    ) -> Result<HttpResponse, ViewError> {
        site.page(viewer, &page.status(StatusCode::CONFLICT), "pages/stale", self)
    }
}
