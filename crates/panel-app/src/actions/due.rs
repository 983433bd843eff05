//! Due dates as people type them: a date, words such as `next panel`, or nothing.

use super::forms::wrong;
use crate::context::Ctx;
use crate::error::{AppError, FieldError, sentence};
use chrono::NaiveDate;
use panel_core::action::{DueText, DueWord, DueWordError};
use panel_core::id::PanelId;
use panel_core::tracker::dates::{self, Purpose};
use panel_store::{Authz, actions};

/// A due date and, where it was written in words, those words.
pub(super) type Due = (Option<NaiveDate>, Option<DueText>);

const UNREADABLE: &str = "Due date must be a date, such as 27/3/2026, or words such as \
                          “next panel” or “10 working days”";

/// Reads a due date for an action set on `set_on`. The inner error is the field's.
pub(super) fn read(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    set_on: NaiveDate,
    raw: &str,
) -> Result<Result<Due, FieldError>, AppError> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(Ok((None, None)));
    }
    if let Some(word) = DueWord::parse(text) {
        let next = match word {
            DueWord::NextMeeting => actions::next_meeting(az, panel, set_on)?,
            _ => None,
        };
        let due = word.resolve(set_on, next, ctx.app.working_days());
        return Ok(due.map_err(|error| refused(&error)).and_then(|due| {
            let words = DueText::parse(text).map_err(|_| unreadable())?;
            Ok((due, Some(words)))
        }));
    }
    Ok(date(text, ctx.today).map(|due| (Some(due), None)))
}

fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, FieldError> {
    dates::parse(text, Purpose::Event, today).map_err(|error| match error {
        dates::DateError::NotUnderstood => unreadable(),
        other => wrong("due", "not_a_date", format!("Due date {other}")),
    })
}

fn unreadable() -> FieldError {
    wrong("due", "not_a_date", UNREADABLE)
}

fn refused(error: &DueWordError) -> FieldError {
    let code = match error {
        DueWordError::NoNextMeeting => "no_next_meeting",
        DueWordError::TooFar => "too_far",
        DueWordError::NoHolidayData(_) => "no_holiday_data",
    };
    wrong("due", code, sentence(&error.to_string()))
}
