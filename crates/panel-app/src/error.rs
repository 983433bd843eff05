//! How a use case can end other than well.

use panel_core::budget::Spent;
use panel_core::text::TextError;
use panel_store::StoreError;

/// One field that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name in forms and in JSON.
    pub field: String,
    /// A stable code for programs.
    pub code: &'static str,
    /// What to do about it, in the reader's words.
    pub message: String,
}

/// Why a use case did not happen. Nothing was changed by it.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// It is not there, or not the caller's to see: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it since the caller read it.
    #[error("changed meanwhile")]
    Stale,
    /// Some of what was typed cannot be taken.
    #[error("{} fields were not taken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The caller may see it, but a rule forbids the act now.
    #[error("{message}")]
    Rule {
        /// A stable code for programs.
        code: &'static str,
        /// Why, in the reader's words.
        message: String,
    },
    /// It is a grave act, and the person has not lately proved who asks.
    #[error("the person is to prove who asks")]
    Unsure,
    /// The caller opened or took as much as she may, or asked too often for what is not there.
    #[error("a bound of reading was reached")]
    Spent(Spent),
    /// The database is busy or away; trying again may help.
    #[error("the service is unavailable for a moment")]
    Unavailable(#[source] StoreError),
    /// A fault of ours.
    #[error("the service failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// A rule that forbids the act.
    pub fn rule(code: &'static str, message: impl Into<String>) -> Self {
        Self::Rule { code, message: message.into() }
    }

    /// One field that was not taken.
    pub fn field(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), code, message: message.into() }])
    }

    /// A fault of ours, with its cause kept for the log.
    pub fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(cause))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error),
            StoreError::Spent(spent) => Self::Spent(spent),
            other => Self::Failed(Box::new(other)),
        }
    }
}

impl From<crate::clock::ClockError> for AppError {
    fn from(error: crate::clock::ClockError) -> Self {
        Self::failed(error)
    }
}

/// The field error for a piece of text, in GOV.UK's pattern, such as `Enter the surname`.
pub(crate) fn text_error(field: &str, label: &str, error: &TextError) -> FieldError {
    let (code, message) = match error {
        TextError::Empty => ("empty", format!("Enter the {}", label.to_lowercase())),
        TextError::TooLong { .. } => ("too_long", format!("{label} {error}")),
        TextError::Hidden(_) => ("hidden_characters", format!("{label} {error}")),
        TextError::Stacked => ("stacked_marks", format!("{label} {error}")),
        TextError::NotAnAddress => ("not_an_address", format!("{label} {error}")),
    };
    FieldError { field: field.to_owned(), code, message }
}

/// The same words as a sentence of their own: with a capital letter in front.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().to_string() + letters.as_str())
}
