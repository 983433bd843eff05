//! A referral that is still being written: what of it cannot be taken, what is missing, how late it
//! would be, and whom its person looks like. Nothing is kept.

use super::form;
use super::receive::{check, completed, entering};
use super::records;
use super::view::{Alike, LateFor, alike_of, late_since};
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use panel_core::referral::{Completeness, Warning, completeness};
use panel_core::time::local_date;
use serde_json::{Value, json};

/// What is said of a referral before it is sent.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Every field that cannot be taken as it is.
    pub errors: Vec<FieldError>,
    /// What is filled, what is settled and what is missing; none as long as a field cannot be read.
    pub completeness: Option<Completeness>,
    /// What to think about.
    pub warnings: Vec<Warning>,
    /// How it would stand towards the next meeting, sent now.
    pub late_for: Option<LateFor>,
    /// People within the caller's sight who may be its person.
    pub alike: Vec<Alike>,
}

/// Looks at a referral before it is sent. A referral that is being corrected is looked at in the
/// same way.
///
/// # Errors
/// [`AppError::Invalid`] without a panel, [`AppError::NotFound`] for whoever has no part in it.
pub fn preview(ctx: &Ctx<'_>, raw: &Value) -> Result<Preview, AppError> {
    let to = form::addressed(raw)
        .ok_or_else(|| AppError::field("panel", "missing", "Choose the panel"))?;
    let mut errors = Vec::new();
    match entering(ctx, to) {
        Err(AppError::Invalid(found)) => errors.extend(found),
        other => drop(other?),
    }
    let mut raw = completed(ctx, raw, to);
    if let Some(fields) = raw.as_object_mut() {
        // Without a source nothing could be read at all; every other field can be looked at already.
        if !fields.contains_key("source") {
            errors.push(FieldError {
                field: "source".to_owned(),
                code: "missing",
                message: "Select where the referral came from".to_owned(),
            });
            fields.insert("source".to_owned(), json!("partner"));
        }
        fields.entry("perpetrator").or_insert_with(|| json!({}));
    }
    let entry = match form::read(&raw) {
        Ok(entry) => entry,
        Err(AppError::Invalid(found)) => {
            errors.extend(found);
            return Ok(Preview { errors, ..Preview::default() });
        }
        Err(other) => return Err(other),
    };
    match check(ctx, &entry) {
        Err(AppError::Invalid(found)) => errors.extend(found),
        other => drop(other?),
    }
    let record = records::perpetrator(ctx.mint(), &entry.form.perpetrator);
    let received = entry.form.received_at;
    let (late_for, alike) =
        ctx.read(|az| Ok((late_since(ctx, az, to.panel, received)?, alike_of(az, &record)?)))?;
    Ok(Preview {
        errors,
        completeness: Some(completeness(&entry.form)),
        warnings: entry.form.warnings(local_date(received)),
        late_for,
        alike,
    })
}
