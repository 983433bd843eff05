//! Errors for programs: `application/problem+json` (RFC 9457) with stable codes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::Value;
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
    /// What the thing says now that somebody else changed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name, with the names and places on the way to it, such as `victims.0.surname`;
    /// empty for the request as a whole.
    pub field: String,
    /// The same as a JSON pointer into the body, such as `#/victims/0/surname`.
    pub pointer: String,
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
            current: None,
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
        let field = field.into();
        self.errors.push(FieldProblem {
            pointer: pointer(&field),
            field,
            code: code.into(),
            detail: detail.into(),
        });
        self
    }

    /// Adds what the thing says now.
    #[must_use]
    pub fn current(mut self, current: Value) -> Self {
        self.current = Some(current);
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

/// A field's name as a JSON pointer (RFC 6901).
fn pointer(field: &str) -> String {
    let steps = field.split('.').filter(|step| !step.is_empty());
    steps.fold("#".to_owned(), |way, step| {
        format!("{way}/{}", step.replace('~', "~0").replace('/', "~1"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;
    use actix_web::http::header;
    use serde_json::json;

    #[actix_web::test]
    async fn a_problem_is_told_by_codes_and_fields() {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Not accepted");
        let response = problem.field("due.on", "not_a_date", "Must be a real date").response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), MEDIA_TYPE);
        let body: Value =
            serde_json::from_slice(&to_bytes(response.into_body()).await.unwrap()).unwrap();
        assert_eq!(
            body,
            json!({
                "type": "/problems/invalid",
                "title": "Not accepted",
                "status": 422,
                "code": "invalid",
                "errors": [
                    {"field": "due.on", "pointer": "#/due/on", "code": "not_a_date", "detail": "Must be a real date"}
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
