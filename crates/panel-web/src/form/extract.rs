//! Forms as handlers take them: a body, a query, or a body with one file.
//!
//! A body is taken only with the session's token, so a handler cannot forget to look.

use super::kept::Kept;
use super::values::{InputError, Values};
use super::{CSRF, upload};
use crate::csrf;
use crate::errors::{Failure, wrong_token};
use crate::limits::{CLIENT_REQUEST, FORM_BYTES};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage, HttpRequest, rt};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use std::future::{Ready, ready};
use std::time::Duration;

/// What was typed, on the request: kept where its person must first prove who asks.
#[derive(Debug, Clone)]
pub(crate) struct Typed(pub(crate) Values);

/// The media type of a form without a file.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A form's body, with the session's token found right and taken out.
impl FromRequest for Values {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !is_kind(&request, URLENCODED) {
                return Err(InputError::WrongKind.into());
            }
            let body = whole(payload, FORM_BYTES, CLIENT_REQUEST).await?;
            admitted(&request, Self::from_urlencoded(&body)?)
        })
    }
}

/// A query's values, for pages that only read: filters, orders, pages.
#[derive(Debug, Clone)]
pub struct Query(pub Values);

impl FromRequest for Query {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = Values::from_urlencoded(request.query_string().as_bytes());
        ready(read.map(Self).map_err(Failure::from))
    }
}

/// A form's values with the one file that came with them.
#[derive(Debug)]
pub struct Upload {
    /// The values, without the token.
    pub values: Values,
    /// The file; none when no file was chosen.
    pub file: Option<upload::File>,
}

impl FromRequest for Upload {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !is_kind(&request, "multipart/form-data") {
                return Err(InputError::WrongKind.into());
            }
            let (values, file) = upload::read(request.headers(), payload).await?;
            Ok(Self { values: admitted(&request, values)?, file })
        })
    }
}

/// Takes the token out of a form after comparing it.
fn admitted(request: &HttpRequest, mut values: Values) -> Result<Values, Failure> {
    let sent = match values.all(CSRF) {
        [one] => one.clone(),
        _ => String::new(),
    };
    values.remove(CSRF);
    if csrf::check(request, &sent).is_ok() {
        request.extensions_mut().insert(Typed(values.clone()));
        return Ok(values);
    }
    let action = request.uri().path_and_query().map_or("", |address| address.as_str());
    Err(Kept::new(action, values).map_or(Failure::Forged, |kept| wrong_token(request, kept)))
}

/// Whether a body was packed. None is unpacked here, so that a small one cannot become a large one.
pub(crate) fn is_packed(request: &HttpRequest) -> bool {
    request.headers().get_all(CONTENT_ENCODING).any(|packing| packing != "identity")
}

/// Whether a body is one of the kinds in which files are sent.
pub(crate) fn brings_file(request: &HttpRequest) -> bool {
    ["multipart/form-data", "application/octet-stream"].iter().any(|kind| is_kind(request, kind))
}

fn is_kind(request: &HttpRequest, kind: &str) -> bool {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let bare = sent.and_then(|sent| sent.split(';').next()).unwrap_or_default();
    !is_packed(request) && bare.trim().eq_ignore_ascii_case(kind)
}

/// The whole body, when it is no larger than `limit` and no piece takes longer than `patience`.
pub(crate) async fn whole(
    mut payload: Payload,
    limit: usize,
    patience: Duration,
) -> Result<BytesMut, Failure> {
    let mut body = BytesMut::new();
    loop {
        let next = rt::time::timeout(patience, payload.next());
        let Some(piece) = next.await.map_err(|_| Failure::TooSlow)? else { return Ok(body) };
        let piece = piece.map_err(|_| InputError::Broken)?;
        if body.len() + piece.len() > limit {
            return Err(InputError::TooLarge.into());
        }
        body.extend_from_slice(&piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::error::PayloadError;
    use actix_web::web::Bytes;
    use futures_util::stream;

    fn sent(pieces: Vec<Result<Bytes, PayloadError>>, then_silent: bool) -> Payload {
        let pieces = stream::iter(pieces);
        if then_silent {
            Payload::from(pieces.chain(stream::pending()).boxed_local())
        } else {
            Payload::from(pieces.boxed_local())
        }
    }

    #[actix_web::test]
    async fn a_body_is_read_whole_within_its_limit() {
        let pieces = || vec![Ok(Bytes::from("abc")), Ok(Bytes::from("de"))];
        let patience = Duration::from_secs(5);
        assert_eq!(whole(sent(pieces(), false), 5, patience).await.unwrap(), "abcde");
        let over = whole(sent(pieces(), false), 4, patience).await.unwrap_err();
        assert!(matches!(over, Failure::Form(InputError::TooLarge)));
        let torn = vec![Ok(Bytes::from("a")), Err(PayloadError::Incomplete(None))];
        let torn = whole(sent(torn, false), 5, patience).await.unwrap_err();
        assert!(matches!(torn, Failure::Form(InputError::Broken)));
    }

    #[actix_web::test]
    async fn a_client_that_stops_sending_is_not_waited_for() {
        let pieces = vec![Ok(Bytes::from("abc"))];
        let slow = whole(sent(pieces, true), 5, Duration::from_millis(20)).await.unwrap_err();
        assert!(matches!(slow, Failure::TooSlow));
    }
}
