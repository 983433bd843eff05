//! Errors for programs: `application/problem+json` (RFC 9457) with stable codes.

use crate::form::Refused;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// The media type of a [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A reference to the kind of problem: `/problems/` and the code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid")]
    pub kind: String,
    /// The kind of problem in a few words; always the same for one code.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the kind.
    pub code: Cow<'static, str>,
    /// What went wrong this time; never a value of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is wrong field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name; empty for the body as a whole.
    pub field: String,
    /// The stable code of the fault.
    pub code: Cow<'static, str>,
    /// The fault in plain words.
    pub detail: String,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        title: &'static str,
    ) -> Self {
        let code = code.into();
        Self {
            kind: format!("/problems/{code}"),
            title,
            status: status.as_u16(),
            code,
            detail: None,
            errors: Vec::new(),
        }
    }

    /// Says what went wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds what is wrong with one field.
    #[must_use]
    pub fn field(
        mut self,
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        self.errors.push(FieldProblem {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
        });
        self
    }

    /// The answer.
    pub fn response(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Strings and numbers always serialise.
        let body = serde_json::to_vec(self).unwrap_or_default();
        HttpResponse::build(status).content_type(MEDIA_TYPE).body(body)
    }
}

impl From<&Refused> for Problem {
    /// A body whose values were refused: 422 with every error.
    fn from(refused: &Refused) -> Self {
        let problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some values were not accepted");
        refused.errors.iter().fold(problem, |problem, error| {
            problem.field(error.field.clone(), error.code.clone(), error.message.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Values;
    use actix_web::body::to_bytes;
    use actix_web::http::header;
    use serde_json::{Value, json};

    #[actix_web::test]
    async fn a_problem_is_told_by_codes_and_fields() {
        let refused = Refused::by_rule(
            &Values::new(),
            "due_date",
            "not_a_date",
            "Due date must be a real date",
        );
        let response = Problem::from(&refused).response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), MEDIA_TYPE);
        let body: Value =
            serde_json::from_slice(&to_bytes(response.into_body()).await.unwrap()).unwrap();
        assert_eq!(
            body,
            json!({
                "type": "/problems/invalid",
                "title": "Some values were not accepted",
                "status": 422,
                "code": "invalid",
                "errors": [
                    {"field": "due_date", "code": "not_a_date", "detail": "Due date must be a real date"}
                ],
            })
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found");
        let json = serde_json::to_value(problem).unwrap();
        assert_eq!(
            json,
            json!({
                "type": "/problems/not_found", "title": "Not found", "status": 404, "code": "not_found"
            })
        );
    }
}
