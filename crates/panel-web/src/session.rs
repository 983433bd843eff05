//! Who asks: the cookie or token of a request, and the wall before each route.

use crate::csrf;
use crate::errors::Failure;
use crate::form::{Kept, Typed, Values, brings_file, whole};
use crate::limits::{CLIENT_REQUEST, FORM_BYTES};
use crate::routes::{Access, has_page};
use crate::web::{Web, viewer};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use panel_app::sign_in::{self, Presented, Session};
use panel_app::{Person, audit, drafts, pace};
use panel_core::account::Stage;
use panel_core::audit::SubjectKind;
use panel_core::budget::{Often, Spent};
use panel_core::id::UserId;
use uuid::Uuid;

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
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    match look_up(&request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(failure) => Ok(refused(request, failure)),
    }
}

async fn look_up(request: &ServiceRequest) -> Result<(), Failure> {
    request.extensions_mut().insert(csrf::Session::None);
    if let Some(shared) = request.app_data::<web::Data<Web>>().cloned() {
        if request.path().starts_with("/api/") {
            if let Some(token) = bearer_token(request) {
                let app = shared.app.clone();
                let found = web::block(move || sign_in::bearer(&app, &token)).await;
                if let Some(person) = found.map_err(Failure::from)?? {
                    request.extensions_mut().insert(Bearer(person));
                }
            }
        } else if let Some(cookie) = request.cookie(cookie_name(shared.site.is_https())) {
            let app = shared.app.clone();
            let token = cookie.value().to_owned();
            let found = web::block(move || sign_in::present(&app, &token)).await;
            note(request, found.map_err(Failure::from)??);
        }
    }
    Ok(())
}

/// Notes on the request who asks, for handlers, for the check of forms and for the pages of failures.
fn note(request: &ServiceRequest, found: Presented) {
    let mut extensions = request.extensions_mut();
    match &found {
        Presented::Live(session) => {
            extensions.insert(csrf::Session::Open(csrf::Token::from(session.csrf.as_str())));
            extensions.insert(viewer(session));
        }
        Presented::HalfWay(session) => {
            extensions.insert(csrf::Session::Open(csrf::Token::from(session.csrf.as_str())));
        }
        Presented::RanOut(_) => {
            extensions.insert(csrf::Session::Ended);
        }
        Presented::Unknown => {}
    }
    extensions.insert(found);
}

fn bearer_token(request: &ServiceRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ").map(str::to_owned)
}

/// The wall before one route. Whoever is not signed in is asked to; what was typed is kept.
pub(crate) async fn guard(
    access: Access,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let half = half_way(&request);
    if access == Access::Anyone {
        // Neither a session that ended nor half of one carries a token here; were its cookie to count,
        // nobody could sign in again.
        if ran_out(&request).is_some() || half.is_some() {
            request.extensions_mut().insert(csrf::Session::None);
        }
        return Ok(next.call(request).await?.map_into_left_body());
    }
    if let Some(half) = half {
        if access == Access::HalfWay {
            return Ok(next.call(request).await?.map_into_left_body());
        }
        let address = step_address(half.stage, &here(&request));
        return Ok(led_to(request, &address).map_into_right_body());
    }
    match person(&request) {
        Some(_) if access == Access::HalfWay => Ok(led_to(request, "/").map_into_right_body()),
        Some(person) if access.admits(&person.actor) => {
            if let Err(failure) = keep_pace(&request, &person).await {
                return Ok(refused(request, failure));
            }
            let answer = next.call(request).await?;
            if answer.status() == StatusCode::NOT_FOUND
                && let Some(spent) = note_refusal(answer.request(), person).await
            {
                return Ok(answer.error_response(Failure::Spent(spent)).map_into_right_body());
            }
            sure(answer).await
        }
        Some(person) => {
            let spent = note_refusal(request.request(), person).await;
            Ok(refused(request, spent.map_or(Failure::NotFound, Failure::Spent)))
        }
        None if request.path().starts_with("/api/") => Ok(refused(request, Failure::SignedOut)),
        None => match keep_typed(&mut request).await {
            Ok(kept) => {
                let next = kept.unwrap_or_else(|| here(&request));
                Ok(led_to(request, &with_next("/sign-in", &next)).map_into_right_body())
            }
            Err(failure) => Ok(refused(request, failure)),
        },
    }
}

/// Counts a request, and a file that it brings, towards how often its person may ask.
async fn keep_pace(request: &ServiceRequest, person: &Person) -> Result<(), Failure> {
    let Some(shared) = request.app_data::<web::Data<Web>>() else { return Ok(()) };
    let brings_file = || brings_file(request.request()).then_some(Often::Uploads);
    for what in [Some(Often::Requests), brings_file()].into_iter().flatten() {
        if let Some(pace) = pace::once_more(&shared.app, person.actor.user, what)? {
            let (shared, person) = (shared.clone(), person.clone());
            web::block(move || pace::weigh(&shared.app, person, what, pace)).await??;
        }
    }
    Ok(())
}

/// Notes in the audit log what was asked for and not given, whether or not it is there. Whoever is told so
/// again and again is slowed, alike for both. The answer stays the same where that fails.
async fn note_refusal(request: &HttpRequest, person: Person) -> Option<Spent> {
    let named = request.match_info().iter();
    let ids: Vec<(SubjectKind, Uuid)> =
        named.filter_map(|(name, value)| Some((subject(name), value.parse().ok()?))).collect();
    let (Some(shared), Some(route)) =
        (request.app_data::<web::Data<Web>>().cloned(), request.match_pattern())
    else {
        return None;
    };
    let asked = format!("{} {route}", request.method());
    let noted = web::block(move || audit::refused(&shared.app, person, &asked, &ids)).await;
    if let Ok(Ok(spent)) = noted {
        return spent;
    }
    tracing::error!(event = "refusal not noted");
    None
}

/// What a name in a path stands for.
fn subject(name: &str) -> SubjectKind {
    match name {
        "action" => SubjectKind::Action,
        "agency" => SubjectKind::Agency,
        "case" => SubjectKind::Case,
        "import" => SubjectKind::Import,
        "item" => SubjectKind::AgendaItem,
        "meeting" => SubjectKind::Meeting,
        "panel" => SubjectKind::Panel,
        "person" => SubjectKind::Person,
        "referral" => SubjectKind::Referral,
        "request" => SubjectKind::InfoRequest,
        "series" => SubjectKind::Series,
        "user" => SubjectKind::Account,
        _ => SubjectKind::Listing,
    }
}

fn led_to(request: ServiceRequest, address: &str) -> ServiceResponse {
    request.into_response(HttpResponse::SeeOther().insert_header((LOCATION, address)).finish())
}

/// The page that asks for what a sign-in still lacks, and then leads on to `next`.
pub(crate) fn step_address(stage: Stage, next: &str) -> String {
    match stage {
        Stage::Asked => with_next("/sign-in/code", next),
        Stage::SetUp => with_next("/sign-in/set-up", next),
        Stage::Whole => next.to_owned(),
    }
}

/// Where what was typed waits until its person has proved who asks.
pub(crate) fn waiting_place(next: &str) -> String {
    format!("confirm {next}")
}

/// Leads whoever has to prove who asks to the page for it. What was typed waits meanwhile.
async fn sure<B: MessageBody + 'static>(
    answer: ServiceResponse<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let failure = answer.response().error().and_then(|error| error.as_error::<Failure>());
    let is_unsure = matches!(failure, Some(Failure::Unsure));
    if !is_unsure || answer.request().path().starts_with("/api/") {
        return Ok(answer.map_into_left_body());
    }
    let (request, _) = answer.into_parts();
    let next = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if let Err(failure) = wait_for_proof(&request, &next).await {
        let failed = actix_web::Error::from(failure);
        return Ok(ServiceResponse::from_err(failed, request).map_into_right_body());
    }
    let address = with_next("/confirm", &next);
    let led = HttpResponse::SeeOther().insert_header((LOCATION, address)).finish();
    Ok(ServiceResponse::new(request, led).map_into_right_body())
}

async fn wait_for_proof(request: &HttpRequest, next: &str) -> Result<(), Failure> {
    let typed = request.extensions_mut().remove::<Typed>();
    let kept = typed.and_then(|Typed(values)| Kept::new(next, values));
    let (Some(kept), Some(session)) = (kept, live(request)) else { return Ok(()) };
    let Some(shared) = request.app_data::<web::Data<Web>>().cloned() else { return Ok(()) };
    let (user, place) = (session.person.actor.user, waiting_place(next));
    let field = kept.to_field();
    Ok(web::block(move || drafts::keep_for(&shared.app, user, &place, &field)).await??)
}

/// An answer rather than an error, because only an answer still has the request by which a failure is
/// designed.
fn refused<B>(request: ServiceRequest, failure: Failure) -> ServiceResponse<EitherBody<B>> {
    request.error_response(failure).map_into_right_body()
}

/// Where a request leads back to: a form's own page, which shows what was typed and kept.
fn here(request: &ServiceRequest) -> String {
    let uri = request.uri();
    let here = uri.path_and_query().map_or("/", |path| path.as_str());
    match *request.method() {
        Method::GET => here.to_owned(),
        _ if has_page(uri.path()) => uri.path().to_owned(),
        _ => "/".to_owned(),
    }
}

/// A page of signing in that leads on to `next`.
pub(crate) fn with_next(path: &str, next: &str) -> String {
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    if next == "/" { path.to_owned() } else { format!("{path}?{query}") }
}

/// Where the script sends what is to be kept of a form, and the name under which it sends that form's place.
const DRAFTS: &str = "/drafts";
pub(crate) const DRAFT_PLACE: &str = "place";

/// Keeps a form that arrived after its session had run out, for the person whose session it was, and says
/// where it is found again.
async fn keep_typed(request: &mut ServiceRequest) -> Result<Option<String>, Failure> {
    let Some(user) = ran_out(request) else { return Ok(None) };
    let Some(shared) = request.app_data::<web::Data<Web>>().cloned() else { return Ok(None) };
    if *request.method() == Method::GET {
        return Ok(None);
    }
    let body = whole(request.take_payload(), FORM_BYTES, CLIENT_REQUEST).await?;
    let mut values = Values::from_urlencoded(&body)?;
    let mut path = request.path().to_owned();
    if path == DRAFTS {
        values.one(DRAFT_PLACE).clone_into(&mut path);
        values.remove(DRAFT_PLACE);
    }
    let Some(Shelved { place, body, next }) = shelve(&path, values) else { return Ok(None) };
    let app = shared.app.clone();
    web::block(move || drafts::keep_for(&app, user, &place, &body)).await??;
    Ok(Some(next))
}

/// What was typed into a form, as it waits for its person.
pub(crate) struct Shelved {
    /// The place of the draft.
    pub(crate) place: String,
    /// What is kept there.
    pub(crate) body: String,
    /// Where the person finds it again.
    pub(crate) next: String,
}

/// Where the values of the form that leads to `path` wait: on that very page, or, where there is none, on
/// one that shows them and sends them again. Nothing for what lies outside of the service.
pub(crate) fn shelve(path: &str, values: Values) -> Option<Shelved> {
    let kept = Kept::new(path, values)?;
    let path = path.to_owned();
    Some(if has_page(&path) {
        Shelved { body: kept.values.to_urlencoded(), next: path.clone(), place: path }
    } else {
        let next = with_next("/sign-in/again", &path);
        Shelved { body: kept.to_field(), next, place: waiting_place(&path) }
    })
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

/// The half of a sign-in that a request carries, if that is what it has.
pub(crate) fn half_way(request: &impl HttpMessage) -> Option<Session> {
    match request.extensions().get::<Presented>() {
        Some(Presented::HalfWay(session)) => Some(session.clone()),
        _ => None,
    }
}

/// The person whose session ran out before this request, if that is who asks.
pub(crate) fn ran_out(request: &impl HttpMessage) -> Option<UserId> {
    match request.extensions().get::<Presented>() {
        Some(Presented::RanOut(user)) => Some(*user),
        _ => None,
    }
}
