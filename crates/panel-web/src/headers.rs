//! The headers that every answer carries, set in one place.

use crate::view::Site;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, ResponseError};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// What a page may load: its own files and nothing else, with no script or style in the page itself.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self'; font-src 'none'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Two years, below and with every name under it.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// Nothing of what a browser could lend is asked for but passkeys, by this service alone.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), \
     display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
     idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), \
     xr-spatial-tracking=()";

static FIXED: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (header::PERMISSIONS_POLICY, PERMISSIONS),
    // Older browsers know framing only by this.
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_DNS_PREFETCH_CONTROL, "off"),
];

/// Sets the headers. An answer that says nothing about being kept is kept by nobody.
pub fn apply(headers: &mut HeaderMap, https: bool) {
    for (name, value) in &FIXED {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    if https {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.remove(header::SERVER);
    headers.remove(HeaderName::from_static("x-powered-by"));
}

/// The outermost middleware: `App::new().wrap(from_fn(headers::secure))` as the last `wrap`.
///
/// It also answers when anything within panics, so that one request alone is lost.
///
/// # Errors
/// A last-resort answer, with the same headers, when a middleware fails or anything panics.
pub async fn secure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let https = request.app_data::<Data<Site>>().is_some_and(|site| site.is_https());
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(mut response)) => {
            apply(response.headers_mut(), https);
            Ok(response)
        }
        Ok(Err(error)) => {
            let status = error.as_response_error().status_code();
            tracing::error!(%status, "a middleware failed instead of answering");
            Err(LastResort { status, https }.into())
        }
        Err(_) => {
            tracing::error!("a request panicked");
            Err(LastResort { status: StatusCode::INTERNAL_SERVER_ERROR, https }.into())
        }
    }
}

/// What is answered when nothing else can be.
#[derive(Debug, thiserror::Error)]
#[error("the service could not answer")]
struct LastResort {
    status: StatusCode,
    https: bool,
}

impl ResponseError for LastResort {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status).content_type(ContentType::html()).body(
            "<!DOCTYPE html><html lang=\"en\"><title>Sorry, there is a problem with the service\
             </title><h1>Sorry, there is a problem with the service</h1><p>Try again later.</p>\
             </html>",
        );
        apply(response.headers_mut(), self.https);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Settings;
    use actix_web::body::BoxBody;
    use actix_web::error::ErrorImATeapot;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, web};

    async fn fail(
        request: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        if request.path() == "/broken" {
            return Err(ErrorImATeapot("a middleware that fails"));
        }
        next.call(request).await
    }

    async fn page() -> HttpResponse {
        HttpResponse::Ok().body("x")
    }

    async fn kept() -> HttpResponse {
        HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=9")).finish()
    }

    async fn panics() -> HttpResponse {
        panic!("on purpose")
    }

    async fn get(path: &str, public_url: &str) -> (StatusCode, HeaderMap) {
        let settings = Settings { public_url: public_url.to_owned(), ..Settings::default() };
        let app = App::new()
            .app_data(Data::new(Site::new(settings).unwrap()))
            .route("/page", web::get().to(page))
            .route("/kept", web::get().to(kept))
            .route("/panic", web::get().to(panics))
            .wrap(from_fn(fail))
            .wrap(from_fn(secure));
        let app = init_service(app).await;
        match try_call_service(&app, TestRequest::get().uri(path).to_request()).await {
            Ok(response) => (response.status(), response.headers().clone()),
            Err(error) => {
                let response = error.error_response();
                (response.status(), response.headers().clone())
            }
        }
    }

    #[actix_web::test]
    async fn every_answer_carries_every_header() {
        for (path, status) in [("/page", 200), ("/none", 404), ("/broken", 418), ("/panic", 500)] {
            let (found, headers) = get(path, "https://panel.example.org").await;
            assert_eq!(found, status, "{path}");
            for (name, value) in &FIXED {
                assert_eq!(
                    headers.get(name).map(HeaderValue::as_bytes),
                    Some(value.as_bytes()),
                    "{path} {name}"
                );
            }
            assert_eq!(headers.get(header::STRICT_TRANSPORT_SECURITY).unwrap(), STRICT_TRANSPORT);
            assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store", "{path}");
        }
    }

    #[actix_web::test]
    async fn transport_is_strict_by_https_alone() {
        let (_, headers) = get("/page", "http://127.0.0.1:8080").await;
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[actix_web::test]
    async fn an_answer_may_say_how_long_it_is_kept() {
        let (_, headers) = get("/kept", "http://127.0.0.1:8080").await;
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "public, max-age=9");
    }

    #[test]
    fn the_policy_lets_no_script_or_style_into_a_page() {
        for part in [
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(CONTENT_SECURITY_POLICY.contains(part), "{part}");
        }
        assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
        assert!(!CONTENT_SECURITY_POLICY.contains("  "));
    }
}
