//! What is agreed about a case between meetings: when it comes back and why, or that it is closed.

use super::close::{Closed, ClosureForm, close_within};
use super::{deed, optional, take, value};
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use chrono::NaiveDate;
use panel_core::case::{ClosureReason, Review, ReviewEntry};
use panel_core::id::CaseId;
use panel_core::text::{TextError, Title};
use panel_store::cases;
use serde::{Deserialize, Serialize};

/// What the form of a review holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReviewForm {
    /// The agreed date of the next review; none leaves it to the panel's rule.
    pub next_review_on: Option<NaiveDate>,
    /// An event that brings the case to the next meeting, such as a release or a new partner.
    pub trigger_note: String,
    /// The decision to close, by its reason.
    pub close: Option<ClosureReason>,
    /// The day as of which it is closed.
    pub closed_on: Option<NaiveDate>,
    /// A note on the closure.
    pub note: String,
}

/// Agrees on the next review, notes an event that brings the case back, or closes it.
///
/// # Errors
/// [`AppError::Invalid`] for a closing date without its reason, the reason without its date, a next
/// review of a closed case or in the past; [`AppError::Rule`], [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn review(
    ctx: &Ctx<'_>,
    id: CaseId,
    version: i32,
    form: &ReviewForm,
) -> Result<Closed, AppError> {
    let mut errors = Vec::new();
    let note = optional("note", "Note", &form.note, &mut errors);
    let trigger = match Title::parse(&form.trigger_note) {
        Ok(trigger) => String::from(trigger),
        Err(TextError::Empty) => String::new(),
        Err(error) => {
            errors.push(text_error("trigger_note", "Event", &error));
            String::new()
        }
    };
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let entry = ReviewEntry {
        close: form.close,
        closed_on: form.closed_on,
        note,
        next_review: form.next_review_on,
    };
    let said = entry.read()?;
    ctx.write(|az| {
        let row = take(az, id, version)?;
        match said {
            Review::Close(closing) => {
                let closing = ClosureForm::of(&closing);
                close_within(ctx, az, &row, &closing)
            }
            Review::Keep { next_review } => {
                value(&row).keep(next_review, ctx.today)?;
                if !cases::set_review(az, &row, next_review, &trigger)? {
                    return Err(AppError::Stale);
                }
                az.did(deed("case.review", &row));
                Ok(Closed { version: version + 1, settled: 0 })
            }
        }
    })
}
