//! A submitted form: read whole, within limits, and shown to come from a page of ours.

use crate::answer::Failure;
use crate::form::{CSRF, FieldError, OPERATION, Refused, VERSION, Values};
use crate::session::live;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use panel_app::AppError;
use panel_core::id::RequestId;
use std::future::Future;
use std::pin::Pin;
use subtle::ConstantTimeEq;

/// The largest form, in bytes: the longest notes a meeting takes, with room.
pub(crate) const LARGEST_FORM: usize = 1024 * 1024;

/// What was typed, with the marks of the form it was typed in.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// Everything that was typed.
    pub(crate) values: Values,
    /// The submission's number.
    pub(crate) operation: Option<RequestId>,
    /// The version that the page showed.
    pub(crate) version: i32,
    /// The path it was sent to.
    pub(crate) path: String,
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let token = live(request).map(|session| session.csrf);
        let path = request.path().to_owned();
        let kind = is_form(request);
        let payload = payload.take();
        Box::pin(async move {
            if !kind {
                return Err(Failure::Malformed("the body is not a form".to_owned()));
            }
            let body = read(payload).await?;
            let values = Values::from_urlencoded(&body)
                .map_err(|error| Failure::Malformed(error.to_string()))?;
            // Forms of people who have not signed in yet carry no token and change no session.
            if token.is_some_and(|token| !same(&token, values.one(CSRF))) {
                return Err(Failure::Forged);
            }
            let operation = values.one(OPERATION).parse().ok();
            let version = values.one(VERSION).parse().unwrap_or(0);
            Ok(Self { values, operation, version, path })
        })
    }
}

fn is_form(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Reads a body up to the limit.
pub(crate) async fn read(mut payload: Payload) -> Result<BytesMut, Failure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Failure::Malformed(error.to_string()))?;
        if body.len() + chunk.len() > LARGEST_FORM {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl Posted {
    /// What a use case refused, beside the fields it belongs to; any other failure stays one.
    pub(crate) fn refused(&self, failure: Failure) -> Result<Refused, Failure> {
        let error = |field: String, code: &'static str, message: String| FieldError {
            field,
            code: code.into(),
            message,
            part: None,
        };
        let errors = match failure {
            Failure::App(AppError::Invalid(errors)) => {
                errors.into_iter().map(|e| error(e.field, e.code, e.message)).collect()
            }
            Failure::App(AppError::Rule { code, message }) => {
                vec![error(String::new(), code, message)]
            }
            other => return Err(other),
        };
        Ok(Refused { errors, typed: self.values.clone() })
    }
}
