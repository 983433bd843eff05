//! An endpoint: a function with a typed input and answer, which the router calls and the document
//! describes.

use super::input::{Input, Nothing, Takes};
use super::json::wrong;
use super::reply::{Answers, One, Reply, Shows};
use crate::errors::Failure;
use crate::form::{FieldError, InputError, is_packed, whole};
use crate::limits::{CLIENT_REQUEST, JSON_BYTES, UPLOAD_BYTES};
use crate::web::Caller;
use actix_web::dev::{Handler, Payload};
use actix_web::http::header::{ACCEPT, Accept, CONTENT_TYPE, Header, IF_MATCH, Quality};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use panel_app::{AppError, Ctx};
use panel_core::id::{Id, RequestId};
use sha2::{Digest, Sha256};
use std::future::{Ready, ready};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The header by which a repeated request is known.
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The most characters of such a key.
const KEY_CHARACTERS: usize = 128;

/// What an endpoint is: a use case with its types.
pub(super) type Call<P, I, A> = fn(&Ctx<'_>, P, I) -> Result<A, AppError>;

/// A row of the interface: `api!(GET "/api/v1/agencies", SignedIn => list, "List the agencies")`.
/// With `or show` a stale change is answered with what `show` says now. `of show` is the same for a
/// change whose version is the one that `show` tells in its `ETag`, so that `If-Match` may name it.
macro_rules! api {
    ($method:ident $path:literal, $access:ident => $handler:ident $(or $show:ident)? $(of $one:ident)?, $summary:literal) => {
        $crate::routes::Route {
            method: actix_web::http::Method::$method,
            path: $path,
            access: $crate::routes::Access::$access,
            mount: || {
                actix_web::web::method(actix_web::http::Method::$method).to(
                    $crate::api::endpoint::Endpoint::of($handler, |ctx, raw| {
                        $crate::api::endpoint::api!(@run ctx, raw, $handler $(, $show)? $(, $one)?)
                    })
                    $(.matching($one))?,
                )
            },
            described: Some($crate::api::document::Described {
                area: module_path!(),
                name: stringify!($handler),
                summary: $summary,
                matches: $crate::api::endpoint::api!(@matches $($one)?),
                parts: |schemas| $crate::api::document::parts($handler, schemas),
            }),
        }
    };
    (@matches) => {
        false
    };
    (@matches $one:ident) => {
        true
    };
    (@run $ctx:ident, $raw:ident, $handler:ident) => {
        $crate::api::endpoint::run($handler, $ctx, $raw)
    };
    (@run $ctx:ident, $raw:ident, $handler:ident, $show:ident) => {
        $crate::api::endpoint::run_or_show($handler, $show, $ctx, $raw)
    };
}
pub(super) use api;

/// A request as it came, apart from who asks.
#[derive(Debug)]
pub(crate) struct Raw {
    /// The values in the path, in its order.
    pub(super) path: Vec<String>,
    /// The query.
    pub(super) query: String,
    /// The body.
    pub(super) body: BytesMut,
    /// The version that `If-Match` names.
    pub(super) expected: Option<i32>,
}

/// The ids in a path.
pub(crate) trait Ids: Copy {
    /// Reads them; none for what is no id at all.
    fn read(path: &[String]) -> Option<Self>;
    /// The schema of each.
    fn schemas() -> Vec<RefOr<Schema>>;
}

/// The id in a path that has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<T>(pub(crate) T);

/// The ids in a path that has two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paths<A, B>(pub(crate) A, pub(crate) B);

impl Ids for () {
    fn read(path: &[String]) -> Option<Self> {
        path.is_empty().then_some(())
    }
    fn schemas() -> Vec<RefOr<Schema>> {
        Vec::new()
    }
}

impl<T: Id + ToSchema> Ids for Path<T> {
    fn read(path: &[String]) -> Option<Self> {
        let [one] = path else { return None };
        one.parse().ok().map(Self)
    }
    fn schemas() -> Vec<RefOr<Schema>> {
        vec![T::schema()]
    }
}

impl<A: Id + ToSchema, B: Id + ToSchema> Ids for Paths<A, B> {
    fn read(path: &[String]) -> Option<Self> {
        let [one, two] = path else { return None };
        Some(Self(one.parse().ok()?, two.parse().ok()?))
    }
    fn schemas() -> Vec<RefOr<Schema>> {
        vec![A::schema(), B::schema()]
    }
}

/// Reads the request, runs the use case and writes the answer, away from the event loop.
pub(super) fn run<P: Ids, I: Input, A: Answers>(
    call: Call<P, I, A>,
    ctx: &Ctx<'_>,
    raw: &Raw,
) -> Result<Reply, Failure> {
    let path = P::read(&raw.path).ok_or(Failure::NotFound)?;
    let input = I::read(raw)?;
    call(ctx, path, input)?.reply()
}

/// As [`run`]; when somebody else was first, the failure holds what `show` says now.
pub(super) fn run_or_show<P: Ids, I: Input, A: Answers, S: Shows>(
    call: Call<P, I, A>,
    show: Call<P, Nothing, S>,
    ctx: &Ctx<'_>,
    raw: &Raw,
) -> Result<Reply, Failure> {
    match run(call, ctx, raw) {
        Err(Failure::Stale) => {
            let path = P::read(&raw.path).ok_or(Failure::NotFound)?;
            Err(show(ctx, path, Nothing {})?.value().map_or(Failure::Stale, Failure::Outdated))
        }
        other => other,
    }
}

/// A row's handler as the router knows it. Every row shares it: only [`run`] is made anew for each.
#[derive(Clone, Copy)]
pub(crate) struct Endpoint {
    takes: Takes,
    is_json: bool,
    matches: bool,
    run: fn(&Ctx<'_>, &Raw) -> Result<Reply, Failure>,
}

/// The request with its body still to be read.
pub(crate) struct Incoming(HttpRequest, Payload);

impl FromRequest for Incoming {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone(), payload.take())))
    }
}

impl Handler<(Caller, Incoming)> for Endpoint {
    type Output = Result<HttpResponse, Failure>;
    type Future = LocalBoxFuture<'static, Self::Output>;

    fn call(&self, (caller, Incoming(request, payload)): (Caller, Incoming)) -> Self::Future {
        let endpoint = *self;
        Box::pin(async move {
            endpoint.must_be_accepted(&request)?;
            let body = endpoint.body(&request, payload).await?;
            let operation = operation(&request, &body)?;
            let expected = endpoint.expected(&request)?;
            let raw = Raw {
                path: request.match_info().iter().map(|(_, value)| value.to_owned()).collect(),
                query: request.query_string().to_owned(),
                body,
                expected,
            };
            let reply = caller.run(operation, move |ctx| (endpoint.run)(ctx, &raw)).await;
            Ok(reply.map_err(|failure| unmatched(failure, expected))?.response())
        })
    }
}

impl Endpoint {
    /// One that runs a use case as its types say.
    pub(super) fn of<P, I: Input, A: Answers>(
        _: Call<P, I, A>,
        run: fn(&Ctx<'_>, &Raw) -> Result<Reply, Failure>,
    ) -> Self {
        Self { takes: I::TAKES, is_json: A::IS_JSON, matches: false, run }
    }

    /// The same for a change of what `show` shows with its tag.
    pub(super) fn matching<P, T>(self, _: Call<P, Nothing, One<T>>) -> Self {
        Self { matches: true, ..self }
    }

    /// Refuses, before anything is done, whoever could not read the answer.
    fn must_be_accepted(&self, request: &HttpRequest) -> Result<(), Failure> {
        if !self.is_json || !request.headers().contains_key(ACCEPT) {
            return Ok(());
        }
        let accept = Accept::parse(request).map_err(|_| Failure::Malformed)?;
        let mut read = accept.iter().filter(|one| one.quality > Quality::ZERO);
        let is_json =
            read.any(|one| match (one.item.type_().as_str(), one.item.subtype().as_str()) {
                ("*", _) => true,
                ("application", subtype) => matches!(subtype, "*" | "json"),
                _ => false,
            });
        if is_json { Ok(()) } else { Err(Failure::NotAcceptable) }
    }

    /// The version that `If-Match` names by the tag of a reading. Where nothing is read that has one,
    /// such a condition is refused and never passed over.
    fn expected(&self, request: &HttpRequest) -> Result<Option<i32>, Failure> {
        let mut sent = request.headers().get_all(IF_MATCH);
        let tag = match (sent.next(), sent.next()) {
            (None, _) => return Ok(None),
            (Some(one), None) if self.matches => one.to_str().ok(),
            _ => None,
        };
        let version = tag.and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        let words = "If-Match takes the ETag of what is changed, where it was read with one";
        version.map(Some).ok_or_else(|| wrong("", "if_match", words))
    }

    /// The body, when it is of the kind and size that this endpoint takes.
    async fn body(&self, request: &HttpRequest, payload: Payload) -> Result<BytesMut, Failure> {
        let limit = match self.takes {
            Takes::File => UPLOAD_BYTES,
            Takes::Json | Takes::Nothing | Takes::Query => JSON_BYTES,
        };
        let body =
            whole(payload, limit, CLIENT_REQUEST).await.map_err(|failure| match failure {
                Failure::Form(InputError::TooLarge) => Failure::TooLarge { limit },
                other => other,
            })?;
        let sent = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = sent.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        match self.takes.media_type() {
            Some(wanted) if is_packed(request) || !kind.eq_ignore_ascii_case(wanted) => {
                Err(InputError::WrongKind.into())
            }
            Some(_) => Ok(body),
            None if body.is_empty() || body.as_ref() == b"{}" => Ok(body),
            None => Err(Failure::Malformed),
        }
    }
}

/// A failure as it is told to a program that named a version in `If-Match`.
fn unmatched(failure: Failure, expected: Option<i32>) -> Failure {
    match (failure, expected) {
        (Failure::Stale, Some(_)) => Failure::Unmatched(None),
        (Failure::Outdated(now), Some(_)) => Failure::Unmatched(Some(now)),
        (failure, _) => failure,
    }
}

/// The number of one intended change: the same request with the same key is the same change.
/// Another request under the same key is another one, which no answer of the first fits.
fn operation(request: &HttpRequest, body: &[u8]) -> Result<Option<RequestId>, Failure> {
    let Some(sent) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = sent.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > KEY_CHARACTERS {
        let message = format!("{IDEMPOTENCY_KEY} must be 1 to {KEY_CHARACTERS} plain characters");
        return Err(Failure::Invalid(vec![FieldError {
            field: String::new(),
            code: "idempotency_key".into(),
            message,
            part: None,
        }]));
    }
    let uri = request.uri();
    let condition = request.headers().get(IF_MATCH).map_or(&b""[..], |sent| sent.as_bytes());
    let (path, query) = (uri.path().as_bytes(), uri.query().unwrap_or_default().as_bytes());
    let mut digest = Sha256::new();
    for part in [key.as_bytes(), request.method().as_str().as_bytes(), path, query, condition] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.update(body);
    let bytes = digest.finalize();
    let first = bytes.first_chunk::<16>().copied().unwrap_or_default();
    Ok(Some(RequestId::from_uuid(uuid::Builder::from_custom_bytes(first).into_uuid())))
}
