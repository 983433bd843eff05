//! A submitted form with the marks of the page it was typed in.

use crate::errors::Failure;
use crate::form::{FieldError, OPERATION, Refused, VERSION, Values};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use panel_core::id::RequestId;

/// What was typed, the submission's number and the version that the page showed.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// Everything that was typed.
    pub(crate) values: Values,
    /// The submission's number.
    pub(crate) operation: Option<RequestId>,
    /// The version that the page showed; 0 when it showed none.
    pub(crate) version: i32,
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let values = Values::from_request(request, payload);
        Box::pin(async move { Ok(Self::of(values.await?)) })
    }
}

impl Posted {
    /// What was typed, with its marks read.
    pub(crate) fn of(values: Values) -> Self {
        let operation = values.one(OPERATION).parse().ok();
        let version = values.one(VERSION).parse().unwrap_or(0);
        Self { values, operation, version }
    }

    /// What a use case refused, beside the fields it belongs to; any other failure stays one.
    pub(crate) fn refused(&self, failure: Failure) -> Result<Refused, Failure> {
        let errors = match failure {
            Failure::Invalid(errors) => errors,
            Failure::Rule { code, sentence } => vec![FieldError {
                field: String::new(),
                code: code.into(),
                message: sentence,
                part: None,
            }],
            other => return Err(other),
        };
        Ok(Refused { errors, typed: self.values.clone() })
    }
}
