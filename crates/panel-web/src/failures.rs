//! How failures look: a page that says what happened and what to do, or a problem for a program.

use crate::answer::Failure;
use crate::posted;
use crate::session::{live, ran_out};
use crate::view::{Page, Viewer};
use crate::web::{Web, viewer};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::LOCATION;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use panel_app::AppError;
use serde::Serialize;

#[derive(Serialize)]
struct Words {
    heading: &'static str,
    lines: &'static [&'static str],
}

const NOT_FOUND: Words = Words {
    heading: "Page not found",
    lines: &[
        "If you typed the web address, check it is correct.",
        "If you followed a link, the page may have moved, or it may not be one you can see.",
        "If you think you should see it, speak to your panel’s coordinator.",
    ],
};
const STALE: Words = Words {
    heading: "Somebody else changed this",
    lines: &[
        "It was changed after you opened it. Go back, look at it again, and make your change once more.",
    ],
};
const FORGED: Words = Words {
    heading: "This form is out of date",
    lines: &["Nothing was changed. Go back, open the page again and send the form from there."],
};
const MALFORMED: Words = Words {
    heading: "This request was not understood",
    lines: &["Nothing was changed. Go back and try again from a page of Panel."],
};
const TOO_LARGE: Words = Words {
    heading: "That is too much at once",
    lines: &["Nothing was changed. Shorten the text, or send a smaller file."],
};
const UNAVAILABLE: Words = Words {
    heading: "Sorry, the service is busy",
    lines: &["Nothing was changed. Try again in a minute."],
};
const FAILED: Words = Words {
    heading: "Sorry, there is a problem with the service",
    lines: &[
        "Nothing was changed. Try again later. What you typed is kept when you sign in again.",
    ],
};
const WRONG_METHOD: Words = Words {
    heading: "This page cannot be used like that",
    lines: &["Nothing was changed. Open the page from a link of Panel."],
};

fn words(status: StatusCode) -> &'static Words {
    match status {
        StatusCode::NOT_FOUND => &NOT_FOUND,
        StatusCode::CONFLICT => &STALE,
        StatusCode::FORBIDDEN => &FORGED,
        StatusCode::PAYLOAD_TOO_LARGE => &TOO_LARGE,
        StatusCode::SERVICE_UNAVAILABLE => &UNAVAILABLE,
        StatusCode::METHOD_NOT_ALLOWED => &WRONG_METHOD,
        other if other.is_client_error() => &MALFORMED,
        _ => &FAILED,
    }
}

/// Answers what no route answers.
pub(crate) async fn nowhere() -> Result<HttpResponse, Failure> {
    Err(Failure::NotFound)
}

/// Draws whatever failed further in. Nobody signed in: keep what was typed and ask to sign in.
pub(crate) async fn draw(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (inner, done) = match next.call(request).await {
        Ok(response) if is_drawn(response.status(), response.response().error().is_some()) => {
            return Ok(response.map_into_boxed_body());
        }
        Ok(response) => {
            let (inner, response) = response.into_parts();
            let error = response.error().map(failure_words);
            (inner, (response.status(), error))
        }
        Err(error) => return Err(error),
    };
    let (status, words) = done;
    let answer = answer(&inner, status, words);
    Ok(ServiceResponse::new(inner, answer))
}

fn is_drawn(status: StatusCode, failed: bool) -> bool {
    !failed && (status.is_success() || status.is_redirection() || status.is_informational())
        || !failed && status == StatusCode::UNPROCESSABLE_ENTITY
        || !failed && status == StatusCode::CONFLICT
}

/// Logs a fault of ours once, where it is handled: its cause, never what was typed.
fn failure_words(error: &actix_web::Error) -> (&'static str, String) {
    match error.as_error::<Failure>() {
        Some(Failure::App(AppError::Failed(cause))) => {
            tracing::error!(event = "request_failed", cause = %cause);
            ("failed", String::new())
        }
        Some(Failure::View(cause)) => {
            tracing::error!(event = "page_failed", cause = %cause);
            ("failed", String::new())
        }
        Some(Failure::App(AppError::Rule { code, message })) => (code, message.clone()),
        Some(Failure::App(AppError::Invalid(errors))) => {
            ("invalid", errors.iter().map(|e| e.message.clone()).collect::<Vec<_>>().join(". "))
        }
        Some(_) | None => ("", String::new()),
    }
}

fn answer(
    request: &HttpRequest,
    status: StatusCode,
    rule: Option<(&'static str, String)>,
) -> HttpResponse<BoxBody> {
    if request.path().starts_with("/api/") {
        return crate::problem::answer(status, rule);
    }
    if status == StatusCode::UNAUTHORIZED {
        return sign_in_first(request);
    }
    let Some(shared) = request.app_data::<web::Data<Web>>() else {
        return HttpResponse::new(status);
    };
    let seen = live(request).map_or_else(Viewer::default, |session| viewer(&session));
    let words = words(status);
    let message = rule.map(|(_, message)| message).filter(|message| !message.is_empty());
    let heading = if message.is_some() { "This cannot be done now" } else { words.heading };
    let view = Failed { heading, lines: words.lines, message };
    let page = Page::new(heading).status(status);
    match shared.site.page(&seen, &page, "pages/failure", &view) {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(event = "failure_page_failed", cause = %error);
            HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

#[derive(Serialize)]
struct Failed {
    heading: &'static str,
    lines: &'static [&'static str],
    message: Option<String>,
}

fn sign_in_first(request: &HttpRequest) -> HttpResponse<BoxBody> {
    // After signing in, a form's own page shows what was typed; its path answers GET too.
    let next = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let next = if *request.method() == Method::GET { next } else { request.path() };
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    let target = if next == "/" { "/sign-in".to_owned() } else { format!("/sign-in?{query}") };
    HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
}

/// Keeps a form that arrived after its session had run out, for the person whose session it was.
pub(crate) async fn keep_typed(request: &mut ServiceRequest) -> Result<(), Failure> {
    let Some(user) = ran_out(request) else { return Ok(()) };
    let Some(shared) = request.app_data::<web::Data<Web>>().cloned() else { return Ok(()) };
    let body = posted::read(request.take_payload()).await?;
    let place = request.path().to_owned();
    let text = String::from_utf8_lossy(&body).into_owned();
    let app = shared.app.clone();
    Ok(web::block(move || panel_app::drafts::keep_for(&app, user, &place, &text)).await??)
}
