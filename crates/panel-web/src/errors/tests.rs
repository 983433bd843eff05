//! Every failure gets its page or its problem, and nothing is lost or told on the way.

use super::*;
use crate::csrf::{Session, Token, refuse_foreign};
use crate::form::{Upload, Values};
use crate::view::{Link, Section, Settings, Site, Viewer};
use crate::{headers, limits};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use actix_web::{App, Error, HttpMessage, HttpRequest, web};
use std::sync::{Arc, LazyLock};

const OWN: &str = "https://panel.example.org";

static SITE: LazyLock<Arc<Site>> = LazyLock::new(|| {
    let settings = Settings { public_url: OWN.to_owned(), ..Settings::default() };
    Arc::new(Site::new(settings).unwrap())
});

/// A stand-in for the session: a header says how it stands.
async fn session(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let found = match request.headers().get("x-session").map(HeaderValue::as_bytes) {
        Some(b"open") => Some(Session::Open(Token::from_bytes([7; 32]))),
        Some(b"ended") => Some(Session::Ended),
        Some(b"none") => Some(Session::None),
        _ => None,
    };
    if let Some(found) = found {
        request.extensions_mut().insert(Viewer {
            person: Some(Link::new("/me", "Sam Lee")),
            csrf: "fresh".to_owned(),
            sections: vec![Section::new("actions", "/actions", "Actions")],
            session: None,
            glass: None,
            printed: None,
        });
        request.extensions_mut().insert(found);
    }
    next.call(request).await
}

async fn fail(request: HttpRequest) -> Result<HttpResponse, Failure> {
    Err(match request.match_info().query("kind") {
        "stale" => Failure::Stale,
        "rule" => {
            Failure::Rule { code: "undecided", sentence: "A case has no decision.".to_owned() }
        }
        "many" => Failure::TooMany { wait: 60 },
        "unavailable" => Failure::Unavailable("pool of 10 is empty".to_owned()),
        "broken" => Failure::Broken("template pages/x failed".to_owned()),
        "out" => Failure::SignedOut,
        _ => Failure::NotFound,
    })
}

async fn take(values: Values) -> HttpResponse {
    HttpResponse::Ok().body(values.to_urlencoded())
}

async fn take_file(upload: Upload) -> HttpResponse {
    let name = upload.file.map(|file| format!("{} {}", file.name, file.bytes.len()));
    HttpResponse::Ok().body(format!("{} {name:?}", upload.values.to_urlencoded()))
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

async fn call(request: TestRequest) -> Answer {
    let app = App::new()
        .app_data(Data::from(SITE.clone()))
        .route("/fail/{kind}", web::get().to(fail))
        .route("/api/v1/fail/{kind}", web::get().to(fail))
        .service(web::resource("/take").route(web::post().to(take)))
        .route("/file", web::post().to(take_file))
        .wrap(from_fn(session))
        .wrap(from_fn(refuse_foreign))
        .wrap(from_fn(limits::guard))
        .wrap(from_fn(design))
        .wrap(from_fn(headers::secure));
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
    Answer { status, headers, body }
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post(session: &'static str, body: &'static str) -> TestRequest {
    TestRequest::post()
        .uri("/take")
        .insert_header(("x-session", session))
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .insert_header(("sec-fetch-site", "same-origin"))
        .set_payload(body)
}

const TOKEN: &str = "0707070707070707070707070707070707070707070707070707070707070707";

#[actix_web::test]
async fn every_failure_has_a_page() {
    for (kind, status, heading) in [
        ("none", 404, "Page not found"),
        ("stale", 409, "Someone else changed this first"),
        ("rule", 422, "A case has no decision."),
        ("many", 429, "Too many requests"),
        ("unavailable", 503, "Sorry, there is a problem with the service"),
        ("broken", 500, "Sorry, there is a problem with the service"),
        ("out", 401, "You are signed out"),
    ] {
        let answer = call(get(&format!("/fail/{kind}"))).await;
        assert_eq!(answer.status, status, "{kind}");
        assert!(answer.body.contains(heading), "{kind}: {}", answer.body);
        assert_eq!(answer.headers.get("content-type").unwrap(), "text/html; charset=utf-8");
        assert_eq!(answer.headers.get("cache-control").unwrap(), "no-store");
        assert!(answer.headers.contains_key("content-security-policy"));
    }
}

#[actix_web::test]
async fn every_failure_of_the_interface_is_a_problem() {
    for (kind, status, code) in [
        ("none", 404, "not_found"),
        ("stale", 409, "stale"),
        ("rule", 422, "undecided"),
        ("many", 429, "too_many"),
        ("unavailable", 503, "problem_with_service"),
        ("out", 401, "signed_out"),
    ] {
        let answer = call(get(&format!("/api/v1/fail/{kind}"))).await;
        assert_eq!(answer.status, status, "{kind}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()));
        assert_eq!(answer.headers.get("content-type").unwrap(), "application/problem+json");
    }
}

#[actix_web::test]
async fn hidden_and_absent_are_the_same_answer() {
    let hidden = call(get("/fail/none")).await;
    let absent = call(get("/nowhere")).await;
    assert_eq!((hidden.status, &hidden.body), (absent.status, &absent.body));
    let names = |answer: &Answer| {
        let all = answer.headers.iter().map(|header| format!("{header:?}"));
        all.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(names(&hidden), names(&absent));
}

#[actix_web::test]
async fn a_failure_tells_nothing_of_the_inside() {
    for kind in ["unavailable", "broken"] {
        let answer = call(get(&format!("/fail/{kind}"))).await;
        assert!(!answer.body.contains("pool") && !answer.body.contains("pages/x"), "{kind}");
    }
}

#[actix_web::test]
async fn a_page_of_a_failure_keeps_the_header_of_who_is_signed_in() {
    let answer = call(get("/fail/none").insert_header(("x-session", "open"))).await;
    assert!(answer.body.contains("Sam Lee") && answer.body.contains("/actions"));
}

#[actix_web::test]
async fn only_declared_methods_are_answered() {
    let answer = call(TestRequest::delete().uri("/take")).await;
    assert_eq!(answer.status, 405);
    assert!(answer.body.contains("Page not found"));
}

#[actix_web::test]
async fn too_many_requests_say_how_long_to_wait() {
    let answer = call(get("/fail/many")).await;
    assert_eq!(answer.headers.get("retry-after").unwrap(), "60");
}

#[actix_web::test]
async fn a_form_with_its_token_is_taken_without_it() {
    let body: &'static str =
        "csrf=0707070707070707070707070707070707070707070707070707070707070707&note=a+b";
    assert!(body.contains(TOKEN));
    let answer = call(post("open", body)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "note=a+b"));
    let public = call(post("none", "email=a%40b.org")).await;
    assert_eq!((public.status, public.body.as_str()), (200, "email=a%40b.org"));
}

#[actix_web::test]
async fn a_form_from_elsewhere_is_refused_before_it_is_read() {
    let body = "csrf=0707070707070707070707070707070707070707070707070707070707070707&note=a+b";
    let cross = post("open", body).insert_header(("sec-fetch-site", "cross-site"));
    let answer = call(cross).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.body.contains("a b"), "what another site sent is not offered again");
    for body in ["note=a+b", "csrf=&note=a+b", "csrf=07&note=a+b"] {
        let unsaid = TestRequest::post()
            .uri("/take")
            .insert_header(("x-session", "open"))
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(body);
        let answer = call(unsaid).await;
        assert_eq!(answer.status, 403, "{body}");
        assert!(answer.body.contains("This page was out of date"), "{body}");
    }
    let nobody = call(post("", "note=a+b")).await;
    assert_eq!(nobody.status, 403, "a route that no session looked at takes no form");
}

#[actix_web::test]
async fn text_typed_before_a_new_sign_in_can_be_sent_again() {
    let answer = call(post("open", "csrf=old&note=my+%3Cb%3E+words&version=3")).await;
    assert_eq!(answer.status, 403);
    for expected in
        ["Send again", "my &lt;b&gt; words", "name=\"version\" value=\"3\"", "value=\"fresh\""]
    {
        assert!(answer.body.contains(expected), "{expected}\n{}", answer.body);
    }
    assert!(!answer.body.contains("value=\"old\""));
}

#[actix_web::test]
async fn text_typed_in_an_ended_session_is_not_shown_to_whoever_sends_it() {
    let answer = call(post("ended", "csrf=old&note=my+words")).await;
    assert_eq!(answer.status, 401);
    assert!(
        answer.body.contains("You are signed out") && answer.body.contains("href=\"/sign-in\"")
    );
    assert!(!answer.body.contains("my words"), "what was typed waits for its person alone");
}

#[actix_web::test]
async fn a_body_of_another_kind_is_not_a_form() {
    for kind in ["text/plain", "application/json", "multipart/form-data"] {
        let request = TestRequest::post()
            .uri("/take")
            .insert_header(("x-session", "open"))
            .insert_header(("content-type", kind))
            .set_payload("note=a");
        assert_eq!(call(request).await.status, 415, "{kind}");
    }
    let bytes = call(post("open", "note=%ff")).await;
    assert_eq!(bytes.status, 400);
    assert!(bytes.body.contains("could not read what was sent"));
}

#[actix_web::test]
async fn a_body_over_its_limit_is_refused_and_the_connection_closed() {
    let long = format!("note={}", "a".repeat(limits::FORM_BYTES));
    let request = post("open", "").set_payload(long);
    let answer = call(request).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("must be smaller than 2 MB"), "{}", answer.body);
    let announced = post("open", "").insert_header(("content-length", "99999999"));
    assert_eq!(call(announced).await.status, 413);
    let failure = Failure::TooLarge { limit: 1 }.error_response();
    assert_eq!(failure.head().connection_type(), ConnectionType::Close);
}

fn multipart(parts: &[(&str, Option<&str>, &str)]) -> TestRequest {
    let mut body = String::new();
    for (name, file, value) in parts {
        body.push_str("--B\r\ncontent-disposition: form-data; name=\"");
        body.push_str(name);
        body.push('"');
        if let Some(file) = file {
            body.push_str("; filename=\"");
            body.push_str(file);
            body.push_str("\"\r\ncontent-type: application/octet-stream");
        }
        body.push_str("\r\n\r\n");
        body.push_str(value);
        body.push_str("\r\n");
    }
    body.push_str("--B--\r\n");
    TestRequest::post()
        .uri("/file")
        .insert_header(("x-session", "open"))
        .insert_header(("content-type", "multipart/form-data; boundary=B"))
        .set_payload(body)
}

#[actix_web::test]
async fn a_form_with_a_file_is_taken_whole() {
    let parts =
        [("csrf", None, TOKEN), ("panel", None, "Nörth"), ("file", Some("../t.xlsx"), "PK12")];
    let answer = call(multipart(&parts)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "panel=N%C3%B6rth Some(\"t.xlsx 4\")");
    let none = call(multipart(&[("csrf", None, TOKEN), ("file", Some(""), "")])).await;
    assert_eq!((none.status, none.body.as_str()), (200, " None"));
}

#[actix_web::test]
async fn a_form_with_a_file_is_refused_like_any_other() {
    let forged = call(multipart(&[("file", Some("t.xlsx"), "PK")])).await;
    assert_eq!(forged.status, 403);
    let two = [("csrf", None, TOKEN), ("a", Some("a"), "1"), ("b", Some("b"), "2")];
    assert_eq!(call(multipart(&two)).await.status, 413);
    let large = "x".repeat(limits::UPLOAD_BYTES + 1);
    let large = [("csrf", None, TOKEN), ("file", Some("t.xlsx"), large.as_str())];
    let answer = call(multipart(&large)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("smaller than 20 MB"), "{}", answer.body);
    let torn =
        multipart(&[]).set_payload("--B\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nx");
    assert_eq!(call(torn).await.status, 400);
}
