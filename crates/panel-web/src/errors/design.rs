//! The middleware that answers failures with designed pages or problems.

use super::Failure;
use super::said::{said, said_of_status};
use super::told::{told, told_of_status};
use crate::csrf::{Session, Source, origin};
use crate::form::Kept;
use crate::view::{Page, Site, Viewer};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

/// The middleware that designs every failure; within [`crate::headers::secure`], around all else.
///
/// A session puts a [`Viewer`] into the request's extensions, so that the page keeps its header.
///
/// # Errors
/// Whatever the inner service fails with.
pub async fn design(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let answer = next.call(request).await?;
    let status = answer.status();
    let bare =
        answer.response().error().is_some() || !answer.headers().contains_key(header::CONTENT_TYPE);
    if !(status.is_client_error() || status.is_server_error()) || !bare {
        return Ok(answer.map_into_left_body());
    }
    let (request, bare) = answer.into_parts();
    let failure = bare.error().and_then(|error| error.as_error::<Failure>());
    if status.is_server_error() {
        let reason = bare.error().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%status, reason, "a request failed");
    }
    let mut designed = designed(&request, status, failure);
    *designed.status_mut() = status;
    for (name, value) in bare.headers().iter().filter(|(name, _)| **name != header::CONTENT_TYPE) {
        designed.headers_mut().append(name.clone(), value.clone());
    }
    let connection = bare.head().connection_type();
    designed.head_mut().set_connection_type(connection);
    Ok(ServiceResponse::new(request, designed).map_into_right_body())
}

fn designed(request: &HttpRequest, status: StatusCode, failure: Option<&Failure>) -> HttpResponse {
    if request.path().starts_with("/api/") {
        let problem = failure.map_or_else(|| told_of_status(status), |one| told(status, one));
        return problem.response();
    }
    let said = failure.map_or_else(|| said_of_status(status), said);
    let plain =
        || HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(said.heading);
    let Some(site) = request.app_data::<Data<Site>>() else { return plain() };
    let viewer = request.extensions().get::<Viewer>().cloned().unwrap_or_default();
    let page = Page::new(said.heading).status(status);
    let drawn = match failure {
        Some(Failure::Resend(kept)) => kept.resend(status).answer(site, &viewer),
        _ => site.page(&viewer, &page, "pages/error", &said),
    };
    drawn.unwrap_or_else(|error| {
        tracing::error!(%error, "the page of a failure could not be drawn");
        plain()
    })
}

/// What a form that carried the wrong token becomes: text typed on a page of ours can be sent again
/// by hand, anything else is refused.
pub(crate) fn wrong_token(request: &HttpRequest, kept: Kept) -> Failure {
    let own = request.app_data::<Data<Site>>().map(|site| site.settings().public_url.clone());
    let ended = matches!(request.extensions().get::<Session>(), Some(Session::Ended));
    let ours = origin(request.headers(), &own.unwrap_or_default()) == Source::Ours;
    match (ended, ours) {
        (true, _) => Failure::SignedOut,
        (false, true) => Failure::Resend(Box::new(kept)),
        (false, false) => Failure::Forged,
    }
}
