//! What each kind of failure says to people.

use super::Failure;
use crate::form::InputError;
use crate::limits::FORM_BYTES;
use actix_web::http::StatusCode;
use chrono::Duration;
use panel_core::budget::{Kind, Often, Spent};
use panel_core::time::local;
use panel_core::words::{self, count};
use serde::Serialize;

/// The words of one kind of failure, as `pages/error` draws them.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    pub(super) heading: &'static str,
    pub(super) text: Vec<String>,
    bullets: Vec<&'static str>,
    sign_in: bool,
}

impl Said {
    fn new(heading: &'static str, text: &[&str]) -> Self {
        Self {
            heading,
            text: text.iter().map(|line| (*line).to_owned()).collect(),
            bullets: Vec::new(),
            sign_in: false,
        }
    }
}

fn not_found() -> Said {
    Said {
        bullets: vec![
            "the web address, if you typed it, is right",
            "the whole web address was copied, if you pasted it",
            "you are signed in as the right person",
        ],
        ..Said::new("Page not found", &["Check that:"])
    }
}

fn problem() -> Said {
    Said::new(
        "Sorry, there is a problem with the service",
        &[
            "Try again later.",
            "What you saved before is safe. If you were typing, use your \
          browser’s Back button to find your text, and copy it before you try again.",
        ],
    )
}

fn forged() -> Said {
    Said::new(
        "This page was out of date",
        &["Nothing was changed. Go back, load the page again and repeat your change."],
    )
}

fn too_large(limit: usize) -> Said {
    let megabytes = limit.div_ceil(1024 * 1024);
    Said {
        text: vec![
            "Nothing was saved.".to_owned(),
            format!(
                "What you sent must be smaller than {megabytes} MB. Go back and send less at once."
            ),
        ],
        ..Said::new("That is too large", &[])
    }
}

/// The words for a failure.
pub(super) fn said(failure: &Failure) -> Said {
    match failure {
        Failure::NotFound => not_found(),
        Failure::Stale | Failure::Outdated(_) | Failure::Unmatched(_) => Said::new(
            "Someone else changed this first",
            &["Nothing of yours was saved. Go back, load the page again to see what changed, and \
               repeat your change if it is still needed."],
        ),
        Failure::Rule { sentence, .. } => {
            Said { text: vec![sentence.clone()], ..Said::new("This cannot be done now", &[]) }
        }
        Failure::Invalid(errors) => Said {
            text: errors.iter().map(|error| error.message.clone()).collect(),
            ..Said::new("Some of this cannot be taken", &[])
        },
        Failure::Form(InputError::TooLarge) => too_large(FORM_BYTES),
        Failure::TooLarge { limit } => too_large(*limit),
        Failure::Form(InputError::WrongKind) | Failure::NotAcceptable => {
            Said::new("That kind of content is not read here", &["Nothing was saved."])
        }
        Failure::HeadersTooLarge | Failure::AddressTooLong => Said::new(
            "Your browser sent more than this page can read",
            &["Close the browser, open it again and sign in. If it happens again, clear the \
               cookies of this service."],
        ),
        Failure::Malformed | Failure::Form(_) => Said::new(
            "This page could not read what was sent",
            &["Nothing was saved. Go back and try again."],
        ),
        Failure::TooSlow => {
            Said::new("The connection was too slow", &["Nothing was saved. Go back and try again."])
        }
        Failure::TooMany { .. } => {
            Said::new("Too many requests", &["Wait a minute, then try again."])
        }
        Failure::Spent(spent) => stopped(spent),
        Failure::Forged | Failure::Resend(_) => forged(),
        Failure::Unsure => Said::new(
            "Confirm it is you",
            &["Nothing was changed. Sign out, sign in again and repeat what you did."],
        ),
        Failure::SignedOut => signed_out(),
        Failure::Unavailable(_) | Failure::Broken(_) => problem(),
    }
}

/// What goes on, when, and whom to ask. It names nothing that was asked for.
fn stopped(spent: &Spent) -> Said {
    let until = goes_on(spent);
    let (heading, first, then) = match spent.kind {
        Kind::Cases => (
            "You have opened as many cases as an hour allows",
            format!(
                "You opened {} different cases within an hour. You can open others {until}.",
                spent.bound
            ),
            "What you opened within the hour stays open to you, and so do Today, your work, meetings and \
             what you record. If you need another case sooner, ask the coordinator of your panel, who can \
             lift this for you for today. If somebody is in danger, ring the coordinator or the police.",
        ),
        Kind::Files => (
            "You have taken as many files as a day allows",
            format!("You took {} today. You can take others {until}.", count(spent.bound, "file")),
            "Everything can still be read on its page. If you need another file sooner, ask the coordinator \
             of your panel, who can lift this for you for today.",
        ),
        Kind::Guesses => (
            "You asked too often for what was not found",
            format!(
                "{} times within ten minutes there was nothing to show. You can go on {until}.",
                spent.bound
            ),
            "Today, your work and your account stay open to you. If a link does not work, ask whoever gave \
             it to you.",
        ),
        Kind::Often(Often::Requests) => (
            "Too many requests",
            format!(
                "More than {} requests came from you within a minute. You can go on {until}.",
                spent.bound
            ),
            "Nothing of this one was saved. If you did not do anything unusual, a program may be working in \
             your name: sign out everywhere in your account, and tell whoever administers Panel.",
        ),
        Kind::Often(Often::Uploads) => (
            "You have sent as many files as an hour allows",
            format!(
                "You sent {} within an hour. You can send others {until}.",
                count(spent.bound, "file")
            ),
            "This file was not read. What you sent before is where it was.",
        ),
    };
    let last = "Whoever administers Panel is told that this happened, and not what you asked for.";
    Said { text: vec![first, then.to_owned(), last.to_owned()], ..Said::new(heading, &[]) }
}

/// When it goes on, by the clock: never earlier than it does.
fn goes_on(spent: &Spent) -> String {
    let at = local(spent.until + Duration::seconds(59));
    match spent.kind {
        Kind::Files => "tomorrow".to_owned(),
        Kind::Cases | Kind::Guesses | Kind::Often(_) => format!("at {}", words::time(at.time())),
    }
}

fn signed_out() -> Said {
    Said { sign_in: true, ..Said::new("You are signed out", &["Sign in again to go on."]) }
}

/// The words for an answer that carries only a status, such as the router's own 404 and 405.
pub(super) fn said_of_status(status: StatusCode) -> Said {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => not_found(),
        StatusCode::UNAUTHORIZED => signed_out(),
        StatusCode::FORBIDDEN => forged(),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(FORM_BYTES),
        status if status.is_client_error() => said(&Failure::Malformed),
        _ => problem(),
    }
}
