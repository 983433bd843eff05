//! Who asks: the cookie or token of a request, and the wall before each route.

use crate::answer::Failure;
use crate::routes::Access;
use crate::web::Web;
use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use panel_app::Person;
use panel_app::sign_in::{self, Presented, Session};

/// The name of the cookie. The prefix makes browsers hold it to this host, its root and HTTPS.
const SECURE_COOKIE: &str = "__Host-panel";
/// The name where the service is reached without HTTPS, which only a demonstration is.
const PLAIN_COOKIE: &str = "panel";

fn cookie_name(https: bool) -> &'static str {
    if https { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The cookie that carries a fresh session's token.
pub(crate) fn cookie(https: bool, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(https), token)
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .finish()
}

/// The cookie that makes a browser forget its session.
pub(crate) fn forget(https: bool) -> Cookie<'static> {
    let mut gone = cookie(https, String::new());
    gone.make_removal();
    gone
}

/// The person behind a request of a program.
#[derive(Debug, Clone)]
pub(crate) struct Bearer(pub(crate) Person);

/// Finds out who asks and notes it on the request. Pages know cookies, the interface knows tokens;
/// neither takes the other's, so that a browser cannot be made to call the interface.
pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let shared = request.app_data::<web::Data<Web>>().cloned();
    if let Some(shared) = shared {
        if request.path().starts_with("/api/") {
            if let Some(token) = bearer_token(&request) {
                let app = shared.app.clone();
                let found = web::block(move || sign_in::bearer(&app, &token)).await;
                if let Some(person) = found.map_err(Failure::from)?.map_err(Failure::from)? {
                    request.extensions_mut().insert(Bearer(person));
                }
            }
        } else if let Some(cookie) = request.cookie(cookie_name(shared.site.is_https())) {
            let app = shared.app.clone();
            let token = cookie.value().to_owned();
            let found = web::block(move || sign_in::present(&app, &token)).await;
            request.extensions_mut().insert(found.map_err(Failure::from)?.map_err(Failure::from)?);
        }
    }
    next.call(request).await
}

fn bearer_token(request: &ServiceRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ").map(str::to_owned)
}

/// The wall before one route.
pub(crate) async fn guard(
    access: Access,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if access != Access::Anyone {
        let actor = person(&request).map(|person| person.actor);
        match actor {
            None => return Err(Failure::SignInFirst.into()),
            Some(actor) if !access.admits(&actor) => return Err(Failure::NotFound.into()),
            Some(_) => {}
        }
    }
    next.call(request).await
}

fn person(request: &ServiceRequest) -> Option<Person> {
    let extensions = request.extensions();
    match extensions.get::<Presented>() {
        Some(Presented::Live(session)) => Some(session.person.clone()),
        _ => extensions.get::<Bearer>().map(|bearer| bearer.0.clone()),
    }
}

/// The live session of a request, if it has one.
pub(crate) fn live(request: &impl HttpMessage) -> Option<Session> {
    match request.extensions().get::<Presented>() {
        Some(Presented::Live(session)) => Some(session.clone()),
        _ => None,
    }
}
