//! Why a request was not answered as asked, and the designed page or problem that says so.
//!
//! Handlers fail with a [`Failure`]; the middleware [`design`] turns it into a page for people and
//! into `application/problem+json` under `/api/`. What may not be seen is not found: there is no
//! other refusal of content.

mod design;
mod said;
#[cfg(test)]
mod tests;
mod told;

pub use design::design;
pub(crate) use design::wrong_token;

use crate::form::{FieldError, InputError, Kept};
use crate::view::ViewError;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use panel_core::budget::Spent;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such thing, or this person may not know of it: the two are the same.
    #[error("not found")]
    NotFound,
    /// Someone else changed it first, and nothing was typed that could be lost.
    #[error("stale")]
    Stale,
    /// Someone else changed what a program wanted to change; what it says now.
    #[error("stale, with what it says now")]
    Outdated(serde_json::Value),
    /// Someone else changed what a program named by its tag; what it says now, if that is told.
    #[error("not what the program read")]
    Unmatched(Option<serde_json::Value>),
    /// A rule of the work forbids it now; the sentence says which. For what the person may see.
    #[error("rule {code}")]
    Rule {
        /// The rule's stable code.
        code: &'static str,
        /// The rule, for people.
        sentence: String,
    },
    /// Some of what was sent cannot be taken, field by field.
    #[error("{} fields were not taken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The request is not well formed.
    #[error("malformed request")]
    Malformed,
    /// The form could not be read.
    #[error("unreadable form: {0}")]
    Form(#[from] InputError),
    /// The body is larger than its limit, in bytes.
    #[error("body over {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The caller takes none of the kinds that are answered here.
    #[error("not of a kind the caller takes")]
    NotAcceptable,
    /// The headers are larger than their limit.
    #[error("headers too large")]
    HeadersTooLarge,
    /// The address is longer than its limit.
    #[error("address too long")]
    AddressTooLong,
    /// The client stopped sending.
    #[error("the client sent too slowly")]
    TooSlow,
    /// Too many requests; try again after this many seconds.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        wait: u32,
    },
    /// The person opened or took as much as she may for now, or asked too often for what is not there.
    #[error("a bound of reading was reached")]
    Spent(Spent),
    /// The request came from another site, or without the session's token.
    #[error("forged or out of date")]
    Forged,
    /// The token was another's, but the page was ours: what was typed can be sent again.
    #[error("out of date, typed text kept")]
    Resend(Box<Kept>),
    /// Nobody is signed in, or no longer. What was typed was kept before, by the wall before each route.
    #[error("signed out")]
    SignedOut,
    /// It is a grave act, and the person has not lately proved who asks.
    #[error("the person is to prove who asks")]
    Unsure,
    /// Something that the service needs does not answer just now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A template or another part of the service is broken.
    #[error("broken: {0}")]
    Broken(String),
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<actix_web::error::BlockingError> for Failure {
    fn from(_: actix_web::error::BlockingError) -> Self {
        Self::Unavailable("the worker threads are gone".to_owned())
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Stale | Self::Outdated(_) => StatusCode::CONFLICT,
            Self::Unmatched(_) => StatusCode::PRECONDITION_FAILED,
            Self::Rule { .. } | Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Form(InputError::WrongKind) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Form(InputError::TooLarge | InputError::TooMany) | Self::TooLarge { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Malformed | Self::Form(_) => StatusCode::BAD_REQUEST,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany { .. } | Self::Spent(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Forged | Self::Resend(_) | Self::Unsure => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        if let Self::TooMany { wait } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*wait));
        }
        if let Self::Spent(spent) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(spent.wait()));
        }
        let cut_off = matches!(
            self,
            Self::TooLarge { .. }
                | Self::Form(InputError::TooLarge)
                | Self::HeadersTooLarge
                | Self::AddressTooLong
                | Self::TooSlow
        );
        if cut_off {
            // What follows of the body is not read, so the connection cannot be used again.
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        response
    }
}
