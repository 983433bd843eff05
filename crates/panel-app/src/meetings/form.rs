//! What is typed about a meeting, and what of it can be taken.

use super::field;
use crate::context::Ctx;
use crate::error::{AppError, FieldError, sentence, text_error};
use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use panel_core::text::{TextError, Title};
use panel_core::time::{LocalTimeError, Repeated, resolve_entered};
use panel_core::words;
use serde::{Deserialize, Serialize};

/// How long after its day a meeting may still be entered: minutes of a call are not written at once.
const ENTERED_LATE: Days = Days::new(31);

/// How far ahead a meeting may be laid out; further on, the year is a slip of the keyboard.
const FARTHEST: Months = Months::new(24);

/// Where a meeting is and how long it lasts, checked.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) minutes: i32,
    pub(crate) venue: String,
    pub(crate) link: String,
}

impl Place {
    pub(crate) fn check(minutes: i32, venue: &str, link: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if !(5..=1440).contains(&minutes) {
            let message = "Length must be 5 minutes to 24 hours".to_owned();
            errors.push(field("minutes", "out_of_bounds", message));
        }
        let mut optional = |name, label, raw: &str| match Title::parse(raw) {
            Ok(text) => String::from(text),
            Err(TextError::Empty) => String::new(),
            Err(error) => {
                errors.push(text_error(name, label, &error));
                String::new()
            }
        };
        let (venue, link) =
            (optional("venue", "Venue", venue), optional("link", "Video link", link));
        if !link.is_empty() && (!link.starts_with("https://") || link.contains(' ')) {
            let message = "Video link must be a web address that starts with https://";
            errors.push(field("link", "not_a_link", message));
        }
        if errors.is_empty() { Ok(Self { minutes, venue, link }) } else { Err(errors) }
    }
}

/// What the form of a new date holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveForm {
    /// The local date.
    pub on: NaiveDate,
    /// The local time.
    pub at: NaiveTime,
    /// Which of the two, when the clocks go back over the time.
    #[serde(default)]
    pub which: Option<Repeated>,
    /// How long it lasts from now on; as before when none is given.
    #[serde(default)]
    pub minutes: Option<i32>,
}

/// What the form of an emergency meeting holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmergencyForm {
    /// The local date.
    pub on: NaiveDate,
    /// The local time.
    pub at: NaiveTime,
    /// Which of the two, when the clocks go back over the time.
    #[serde(default)]
    pub which: Option<Repeated>,
    /// How long it is meant to last, in minutes.
    #[serde(default = "an_hour")]
    pub minutes: i32,
    /// Where.
    #[serde(default)]
    pub venue: String,
    /// The address of the video call.
    #[serde(default)]
    pub link: String,
}

const fn an_hour() -> i32 {
    60
}

/// What the form of a meeting's place holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceForm {
    /// Where.
    #[serde(default)]
    pub venue: String,
    /// The address of the video call.
    #[serde(default)]
    pub link: String,
}

/// The instant of a day and time that were typed, within the bounds that a meeting may have.
pub(super) fn instant(
    ctx: &Ctx<'_>,
    on: NaiveDate,
    at: NaiveTime,
    which: Option<Repeated>,
) -> Result<DateTime<Utc>, Vec<FieldError>> {
    let first = ctx.today.checked_sub_days(ENTERED_LATE).unwrap_or(ctx.today);
    let last = ctx.today.checked_add_months(FARTHEST).unwrap_or(ctx.today);
    if !(first..=last).contains(&on) {
        let message = format!("Date must be from {} to {}", words::date(first), words::date(last));
        return Err(vec![field("on", "out_of_bounds", message)]);
    }
    resolve_entered(on.and_time(at), which).map_err(|error| {
        let (name, code) = match error {
            LocalTimeError::Gap { .. } => ("at", "does_not_exist"),
            LocalTimeError::Fold { .. } => ("which", "comes_twice"),
        };
        vec![field(name, code, sentence(&error.to_string()))]
    })
}

/// Two checks, with the errors of both.
pub(super) fn both<A, B>(
    a: Result<A, Vec<FieldError>>,
    b: Result<B, Vec<FieldError>>,
) -> Result<(A, B), AppError> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => {
            let errors = [a.err(), b.err()];
            Err(AppError::Invalid(errors.into_iter().flatten().flatten().collect()))
        }
    }
}
