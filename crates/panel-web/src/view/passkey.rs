//! The part of a page that asks the browser for a passkey. It stands hidden until a script shows it, since
//! only a script can ask; without one, the page offers what works without.

use super::controls::{Control, ErrorSummary};
use super::parts::Button;
use crate::form::FormView;
use serde::Serialize;

/// What the browser is asked to do.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Asked {
    Create,
    Get,
}

/// A form whose answer the browser’s passkeys give: `parts/passkey`.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyForm {
    heading: &'static str,
    asked: Asked,
    action: String,
    options: &'static str,
    controls: Vec<Control>,
    errors: Option<ErrorSummary>,
    button: Button,
    without: Option<&'static str>,
}

impl PasskeyForm {
    /// Asks for a proof by passkey, which is sent to `action`; `options` tells the browser what is asked.
    pub fn proof(
        heading: &'static str,
        action: impl Into<String>,
        options: &'static str,
        button: Button,
    ) -> Self {
        Self {
            heading,
            asked: Asked::Get,
            action: action.into(),
            options,
            controls: Vec::new(),
            errors: None,
            button,
            without: None,
        }
    }

    /// Asks the browser to make a passkey, which is sent with the fields of `form`. Without script the
    /// page says `without` instead.
    pub fn making(
        heading: &'static str,
        form: &FormView<'_>,
        options: &'static str,
        button: Button,
        without: &'static str,
    ) -> Self {
        Self {
            heading,
            asked: Asked::Create,
            action: form.action().to_owned(),
            options,
            controls: form.controls(),
            errors: form.errors(),
            button,
            without: Some(without),
        }
    }

    /// What is wrong, for the top of the page.
    pub(super) fn errors(&self) -> Option<ErrorSummary> {
        self.errors.clone()
    }
}
