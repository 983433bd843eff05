//! What a handler answers, and how it fails.

use crate::view::ViewError;
use actix_web::error::BlockingError;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, ResponseError};
use panel_app::AppError;

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Failure>;

/// How a request fails. It is drawn as a page or as a problem further out, where the person who
/// looks is known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A use case ended other than well.
    #[error(transparent)]
    App(#[from] AppError),
    /// A page could not be drawn.
    #[error(transparent)]
    View(#[from] ViewError),
    /// It is not there, or not this person's to see.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    SignInFirst,
    /// The form does not come from a page of ours.
    #[error("forged")]
    Forged,
    /// The address or the body is not of the expected form.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

impl From<BlockingError> for Failure {
    fn from(_: BlockingError) -> Self {
        Self::Stopping
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::App(AppError::NotFound) | Self::NotFound => StatusCode::NOT_FOUND,
            Self::App(AppError::Stale) => StatusCode::CONFLICT,
            Self::App(AppError::Invalid(_) | AppError::Rule { .. }) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::App(AppError::Unavailable(_)) | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
            Self::App(AppError::Failed(_)) | Self::View(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// After a form: go and look at the result.
pub(crate) fn see(path: impl AsRef<str>) -> Answer {
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, path.as_ref())).finish())
}
