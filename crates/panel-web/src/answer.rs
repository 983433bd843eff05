//! What a handler answers, and how the ends of use cases become failures.

use crate::errors::Failure;
use crate::form::FieldError;
use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use panel_app::AppError;
use std::error::Error;

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Failure>;

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotFound => Self::NotFound,
            AppError::Stale => Self::Stale,
            AppError::Unsure => Self::Unsure,
            AppError::Spent(spent) => Self::Spent(spent),
            AppError::Rule { code, message } => Self::Rule { code, sentence: message },
            AppError::Invalid(errors) => Self::Invalid(errors.into_iter().map(field).collect()),
            AppError::Unavailable(cause) => Self::Unavailable(chain(&cause)),
            AppError::Failed(cause) => Self::Broken(chain(&*cause)),
        }
    }
}

/// A field error of a use case, as forms show it.
pub(crate) fn field(error: panel_app::FieldError) -> FieldError {
    FieldError { field: error.field, code: error.code.into(), message: error.message, part: None }
}

/// An error with its causes, for the log. None of ours holds a value of a request.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        next = cause.source();
    }
    words
}

/// After a form: go and look at the result.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of a handler")]
pub(crate) fn see(path: impl AsRef<str>) -> Answer {
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, path.as_ref())).finish())
}
