//! How much a request may be, and how long it may take.

use crate::errors::Failure;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use std::time::Duration;

/// The most bytes of a form without a file: several long notes, each letter of which may be sent as
/// twelve bytes.
pub const FORM_BYTES: usize = 2 * 1024 * 1024;

/// The most bytes of a JSON body.
pub const JSON_BYTES: usize = 512 * 1024;

/// The most bytes of a form with a file.
pub const UPLOAD_BYTES: usize = 20 * 1024 * 1024;

/// The most bytes of an address, query included.
pub const URI_BYTES: usize = 8 * 1024;

/// The most bytes of all headers together.
pub const HEADER_BYTES: usize = 16 * 1024;

/// The most headers.
pub const HEADERS: usize = 64;

/// How long a client may take to send a request's head, and to send the next piece of its body. With the
/// time to close a connection it is let go of within ten seconds.
pub const CLIENT_REQUEST: Duration = Duration::from_secs(8);

/// How long a client may take to close a connection.
pub const CLIENT_DISCONNECT: Duration = Duration::from_secs(2);

/// How long an idle connection is kept.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// How long requests that are being answered are waited for when the service stops.
pub const SHUTDOWN: Duration = Duration::from_secs(10);

/// The most connections of one worker.
pub const CONNECTIONS: usize = 1_024;

/// Refuses what is too large before anything reads it.
///
/// # Errors
/// Whatever the inner service fails with.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(failure) = excess(&request) {
        return Ok(request.error_response(failure).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// What is too large about a request, by its head alone.
fn excess(request: &ServiceRequest) -> Option<Failure> {
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > HEADERS || bytes > HEADER_BYTES {
        return Some(Failure::HeadersTooLarge);
    }
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > URI_BYTES {
        return Some(Failure::AddressTooLong);
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match announced.map(str::parse::<usize>) {
        Some(Ok(bytes)) if bytes > UPLOAD_BYTES => Some(Failure::TooLarge { limit: UPLOAD_BYTES }),
        Some(Err(_)) => Some(Failure::Malformed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};

    #[track_caller]
    fn check(request: TestRequest, expected: Option<u16>) {
        let found = excess(&request.to_srv_request())
            .map(|failure| actix_web::ResponseError::status_code(&failure).as_u16());
        assert_eq!(found, expected);
    }

    #[test]
    fn a_request_is_measured_by_its_head() {
        check(TestRequest::get().uri("/actions?page=2"), None);
        check(TestRequest::get().uri(&format!("/?q={}", "a".repeat(URI_BYTES))), Some(414));
        check(TestRequest::get().insert_header(("x-a", "a".repeat(HEADER_BYTES))), Some(431));
        let mut many = TestRequest::get();
        for _ in 0..=HEADERS {
            many = many.append_header(("x-a", "1"));
        }
        check(many, Some(431));
        check(TestRequest::post().insert_header(("content-length", "20971521")), Some(413));
        check(TestRequest::post().insert_header(("content-length", "20971520")), None);
        check(TestRequest::post().insert_header(("content-length", "-1")), Some(400));
        check(
            TestRequest::post().insert_header(("content-length", "99999999999999999999")),
            Some(400),
        );
    }

    #[actix_web::test]
    async fn what_is_too_large_reaches_no_handler() {
        let app = App::new()
            .route("/", web::get().to(async || HttpResponse::Ok().finish()))
            .wrap(from_fn(guard));
        let app = init_service(app).await;
        let request = TestRequest::get().insert_header(("x-a", "a".repeat(HEADER_BYTES)));
        assert_eq!(call_service(&app, request.to_request()).await.status(), 431);
        assert_eq!(call_service(&app, TestRequest::get().to_request()).await.status(), 200);
    }
}
