//! What the forms of actions hold, and how it is read. Pages and the JSON interface share them.

use crate::error::{AppError, FieldError, text_error};
use chrono::NaiveDate;
use panel_core::action::Approach;
use panel_core::id::{AgencyId, UserId};
use panel_core::text::Note;
use serde::{Deserialize, Serialize};

/// A change that needs nothing but the version it is made to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// The version that was read.
    pub version: i32,
}

/// That an action was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompleteForm {
    /// The version that was read.
    pub version: i32,
    /// The day it was done.
    pub on: NaiveDate,
    /// What came of it.
    pub outcome: String,
}

/// A change with a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonForm {
    /// The version that was read.
    pub version: i32,
    /// Why.
    pub reason: String,
}

/// A note on how it goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteForm {
    /// The note.
    pub note: String,
    /// Whether it is evidence that the action was done.
    #[serde(default)]
    pub evidence: bool,
    /// Whether it is the word of the agency that owes the action. For the agency's own people it
    /// always is.
    #[serde(default)]
    pub from_agency: bool,
}

/// Other words for an action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WordingForm {
    /// The version that was read.
    pub version: i32,
    /// The wording.
    pub text: String,
    /// The kind of response.
    #[serde(default)]
    pub approach: Option<Approach>,
    /// Whether what in it looks like an address, a number or a school may stand.
    #[serde(default)]
    pub stands: bool,
}

/// Another due date.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DueForm {
    /// The version that was read.
    pub version: i32,
    /// A date, or words such as `next panel`; empty for none.
    pub due: String,
}

/// Another owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerForm {
    /// The version that was read.
    pub version: i32,
    /// The agency.
    pub agency: AgencyId,
    /// The person, if one is named.
    #[serde(default)]
    pub person: Option<UserId>,
}

/// A request for more time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExtensionForm {
    /// The version that was read.
    pub version: i32,
    /// The due date asked for.
    pub due: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A date that is agreed to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgreeForm {
    /// The version that was read.
    pub version: i32,
    /// The due date agreed; without one, the date that was asked for.
    #[serde(default)]
    pub due: Option<NaiveDate>,
}

/// A proposal that another agency take an action over.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferForm {
    /// The version that was read.
    pub version: i32,
    /// The agency that should.
    pub to: AgencyId,
    /// Why.
    pub reason: String,
}

/// The receiver's yes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptTransferForm {
    /// The version that was read.
    pub version: i32,
    /// Who will do it.
    #[serde(default)]
    pub person: Option<UserId>,
    /// Another due date, which the chair has to agree.
    #[serde(default)]
    pub due: Option<NaiveDate>,
}

/// A text of some lines that must be given.
pub(super) fn note(field: &str, label: &str, raw: &str) -> Result<Note, FieldError> {
    Note::parse(raw).map_err(|error| text_error(field, label, &error))
}

/// A reason that must be given.
pub(super) fn reason(raw: &str) -> Result<Note, AppError> {
    note("reason", "Reason", raw).map_err(one)
}

/// One field that was not taken.
pub(super) fn one(error: FieldError) -> AppError {
    AppError::Invalid(vec![error])
}

/// A field error of these forms.
pub(super) fn wrong(field: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.to_owned(), code, message: message.into() }
}
