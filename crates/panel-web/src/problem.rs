//! Failures of the interface, as RFC 9457 problems with stable codes.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde::Serialize;

/// A problem as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// The HTTP status again.
    status: u16,
    /// What happened, in words.
    title: &'static str,
    /// A stable code.
    code: String,
    /// More words, where there are any.
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

/// The answer for this status; `rule` is the broken rule's code and words.
pub(crate) fn answer(
    status: StatusCode,
    rule: Option<(&'static str, String)>,
) -> HttpResponse<BoxBody> {
    let (code, detail) = rule.unwrap_or_default();
    let title = status.canonical_reason().unwrap_or("Failure");
    let code =
        if code.is_empty() { title.to_lowercase().replace(' ', "_") } else { code.to_owned() };
    let problem = Problem { status: status.as_u16(), title, code, detail };
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    let body = serde_json::to_string(&problem).unwrap_or_default();
    response.insert_header((CONTENT_TYPE, "application/problem+json")).body(body)
}
