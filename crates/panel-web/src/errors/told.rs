//! What each kind of failure says to programs.

use super::Failure;
use crate::form::InputError;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use chrono::SecondsFormat;
use panel_core::budget::{Kind, Often, Spent};
use std::borrow::Cow;

/// A code, a title, and what else there is to say.
type Words<'a> = (&'static str, &'static str, Cow<'a, str>);

/// The problem of a failure.
pub(super) fn told(status: StatusCode, failure: &Failure) -> Problem {
    let (code, title, detail): Words<'_> = match failure {
        Failure::NotFound => return not_found(),
        Failure::Stale | Failure::Outdated(_) | Failure::Unmatched(_) => (
            "stale",
            "Somebody else changed this first",
            "Nothing was changed. Read it again and repeat the change, if it is still needed."
                .into(),
        ),
        Failure::Rule { code, sentence } => (*code, "This cannot be done now", sentence.into()),
        Failure::Invalid(_) => {
            ("invalid", "Some values were not accepted", "Nothing was changed.".into())
        }
        Failure::TooLarge { .. }
        | Failure::Form(_)
        | Failure::NotAcceptable
        | Failure::HeadersTooLarge
        | Failure::AddressTooLong
        | Failure::Malformed => misread(failure),
        Failure::TooSlow => ("too_slow", "The request came too slowly", Cow::default()),
        Failure::TooMany { wait } => {
            ("too_many", "Too many requests", format!("Wait {wait} seconds.").into())
        }
        Failure::Spent(spent) => return stopped(status, spent),
        Failure::SignedOut => return signed_out(),
        Failure::Forged | Failure::Resend(_) => {
            ("foreign", "The request was sent from another site", Cow::default())
        }
        Failure::Unsure => (
            "unsure",
            "Prove who asks",
            "Sign in to do this; a program cannot do it for you.".into(),
        ),
        Failure::Unavailable(_) | Failure::Broken(_) => return service(status),
    };
    let problem = detailed(Problem::new(status, code, title), detail);
    match failure {
        Failure::Invalid(errors) => errors.iter().fold(problem, |problem, error| {
            problem.field(&error.field, error.code.clone(), &error.message)
        }),
        Failure::Outdated(current) | Failure::Unmatched(Some(current)) => {
            problem.current(current.clone())
        }
        _ => problem,
    }
}

/// What a request that could not be read as it was sent is told.
fn misread(failure: &Failure) -> Words<'static> {
    match failure {
        Failure::TooLarge { limit } => (
            "too_large",
            "The body is too large",
            format!("It must be at most {limit} bytes.").into(),
        ),
        Failure::Form(InputError::TooLarge | InputError::TooMany) => {
            ("too_large", "The body is too large", "Send less at once.".into())
        }
        Failure::Form(InputError::WrongKind) => (
            "wrong_kind",
            "The body is not of the kind that is read here",
            "Say in Content-Type what it is; the description of the interface says what is read."
                .into(),
        ),
        Failure::NotAcceptable => (
            "not_acceptable",
            "The answer is of none of the kinds that you accept",
            "Accept application/json.".into(),
        ),
        Failure::HeadersTooLarge | Failure::AddressTooLong => {
            ("request_too_large", "The head of the request is too large", Cow::default())
        }
        _ => (
            "malformed",
            "The request cannot be read",
            "It is no JSON, names something twice, or is nested too deep.".into(),
        ),
    }
}

/// The problem of an answer that carries only a status, such as the router's own 404 and 405.
pub(super) fn told_of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method_not_allowed", "There is no such method here")
        }
        StatusCode::UNAUTHORIZED => signed_out(),
        status if status.is_client_error() => told(status, &Failure::Malformed),
        status => service(status),
    }
}

fn detailed(problem: Problem, detail: Cow<'_, str>) -> Problem {
    if detail.is_empty() { problem } else { problem.detail(detail) }
}

fn stopped(status: StatusCode, spent: &Spent) -> Problem {
    let title = match spent.kind {
        Kind::Cases => "As many cases were opened as an hour allows",
        Kind::Files => "As many files were taken as a day allows",
        Kind::Guesses => "Too much was asked for that was not found",
        Kind::Often(Often::Requests) => "Too many requests were sent within a minute",
        Kind::Often(Often::Uploads) => "Too many files were sent within an hour",
    };
    let at = spent.until.to_rfc3339_opts(SecondsFormat::Secs, true);
    Problem::new(status, spent.kind.code(), title).detail(format!("It goes on at {at}."))
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such thing")
}

fn signed_out() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "signed_out", "There is no token that holds")
        .detail("Send a person’s token: Authorization: Bearer …")
}

fn service(status: StatusCode) -> Problem {
    Problem::new(status, "problem_with_service", "There is a problem with the service")
        .detail("What was saved before is safe. Send the same request again later.")
}
