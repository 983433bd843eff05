//! A program that calls the JSON interface of a world with a person's token.

use crate::site::Pages;
use crate::world::{World, must};
use panel_app::accounts;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::Value;

/// A program with a person's token.
#[derive(Debug)]
pub struct Program {
    client: Client,
    address: String,
    token: String,
}

/// What a call was answered with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where something new is.
    pub location: String,
    /// The media type.
    pub kind: String,
    /// The tag of the version that was read.
    pub tag: String,
    /// The body; null when there is none, a string when it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The body of a call that went well.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn well(self) -> Value {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        self.body
    }

    /// The problem of a call that did not, which must have this status and code.
    ///
    /// # Panics
    /// When it went well, or wrong in another way.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.body.get("code").and_then(Value::as_str)),
            (status, Some(code)),
            "{}",
            self.body
        );
        assert_eq!(self.kind, "application/problem+json");
        self.body
    }

    /// The field and code of each error of a refused body.
    #[track_caller]
    pub fn invalid(self) -> Vec<(String, String)> {
        let problem = self.problem(422, "invalid");
        let errors = problem.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| {
            error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    }
}

impl Program {
    /// A program with a new token of the person with this address.
    #[track_caller]
    pub fn of(pages: &Pages, world: &World, email: &str) -> Self {
        let token = must(accounts::create_token(&world.by(email), "a program"));
        Self::with_token(pages, token)
    }

    /// A program with this token, whatever it is.
    #[track_caller]
    pub fn with_token(pages: &Pages, token: String) -> Self {
        let client = must(Client::builder().build());
        Self { client, address: pages.address.clone(), token }
    }

    /// A request that is still to be filled and sent.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client
            .request(must(method.parse()), format!("{}{path}", self.address))
            .bearer_auth(&self.token)
    }

    /// Reads.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path))
    }

    /// Sends a JSON body.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("POST", path).json(body))
    }

    /// Sends a JSON body under a name of the change.
    #[track_caller]
    pub fn post_as(&self, key: &str, path: &str, body: &Value) -> Answer {
        answer(self.request("POST", path).header("Idempotency-Key", key).json(body))
    }

    /// Sends a JSON body that replaces something.
    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("PUT", path).json(body))
    }

    /// Sends a JSON body by this method on condition that this version is still the newest.
    #[track_caller]
    pub fn send_if(&self, tag: &str, method: &str, path: &str, body: &Value) -> Answer {
        answer(self.request(method, path).header("If-Match", tag).json(body))
    }

    /// Sends nothing but the request.
    #[track_caller]
    pub fn press(&self, path: &str) -> Answer {
        answer(self.request("POST", path))
    }

    /// Sends bytes as they are.
    #[track_caller]
    pub fn send(&self, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        answer(self.request("POST", path).header("content-type", kind).body(body.into()))
    }
}

/// Sends a request and reads the answer.
#[track_caller]
pub fn answer(request: RequestBuilder) -> Answer {
    let response: Response = must(request.send());
    let header = |name: &str| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, location) = (response.status().as_u16(), header("location"));
    let (kind, tag) = (header("content-type"), header("etag"));
    let text = must(response.text());
    let body = match (text.is_empty(), kind.contains("json")) {
        (true, _) => Value::Null,
        (false, true) => must(serde_json::from_str(&text)),
        (false, false) => Value::String(text),
    };
    Answer { status, location, kind, tag, body }
}
