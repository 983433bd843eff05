//! Requests that another site made: where a request comes from, and the session's token.
//!
//! Two walls. [`origin`] reads what the browser says of the request's source; [`check`] compares the
//! token that every form of ours carries with the session's own. A cookie with `SameSite=Lax` is the
//! third, and the session's.

use crate::errors::Failure;
use crate::view::Site;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use subtle::ConstantTimeEq;

/// The bytes of a token: 256 bits.
pub const TOKEN_BYTES: usize = 32;

/// A session's token against forged requests, as forms carry it: 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token of these random bytes.
    pub fn from_bytes(bytes: [u8; TOKEN_BYTES]) -> Self {
        Self(bytes.iter().fold(String::with_capacity(TOKEN_BYTES * 2), |mut text, byte| {
            for half in [byte >> 4, byte & 0x0f] {
                text.extend(char::from_digit(u32::from(half), 16));
            }
            text
        }))
    }

    /// The text that forms carry.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `sent` is this token, in a time that does not tell how much of it was right.
    pub fn is(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl From<&str> for Token {
    fn from(stored: &str) -> Self {
        Self(stored.to_owned())
    }
}

/// What the session's middleware found; it puts one into the request's extensions. A form that
/// arrives without one is refused.
#[derive(Debug, Clone)]
pub enum Session {
    /// Someone is signed in; forms must carry this token.
    Open(Token),
    /// The session ended or was ended: what was typed is kept for after the next sign-in.
    Ended,
    /// A page for people who are not signed in, such as the sign-in itself: the origin decides.
    None,
}

/// Where a browser says that a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A page of this service.
    Ours,
    /// The browser, or the program, does not say.
    Unsaid,
    /// Somewhere else.
    Foreign,
}

/// Judges a request's source by `Sec-Fetch-Site`, else by `Origin`.
///
/// `own` is the service's public address; the `Host` header is never asked. Pages here are sent with
/// `Referrer-Policy: no-referrer`, under which browsers send `Origin: null` with every form, so
/// `null` says nothing by itself.
pub fn origin(headers: &HeaderMap, own: &str) -> Source {
    let text =
        |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or("?"));
    if headers.get_all("sec-fetch-site").count() > 1 || headers.get_all(header::ORIGIN).count() > 1
    {
        return Source::Foreign;
    }
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => Source::Ours,
        Some(_) => Source::Foreign,
        None => match text("origin") {
            None | Some("null") => Source::Unsaid,
            Some(origin) if origin.eq_ignore_ascii_case(own.trim_end_matches('/')) => Source::Ours,
            Some(_) => Source::Foreign,
        },
    }
}

/// Whether a method only reads.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The middleware that refuses changes which another site asked for, before anything reads them.
///
/// # Errors
/// Whatever the inner service fails with.
pub async fn refuse_foreign(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !is_safe(request.method()) {
        let own = request.app_data::<Data<Site>>().map(|site| site.settings().public_url.clone());
        if origin(request.headers(), &own.unwrap_or_default()) == Source::Foreign {
            return Ok(request.error_response(Failure::Forged).map_into_right_body());
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// Compares the token that a form carried with the session's.
///
/// # Errors
/// [`Failure::Forged`] when it is another or none, or when no session was looked for.
pub fn check(request: &HttpRequest, sent: &str) -> Result<(), Failure> {
    let extensions = request.extensions();
    match extensions.get::<Session>() {
        Some(Session::Open(token)) if token.is(sent) => Ok(()),
        Some(Session::None) => Ok(()),
        _ => Err(Failure::Forged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const OWN: &str = "https://panel.example.org";

    #[track_caller]
    fn check_origin(pairs: &[(&'static str, &'static str)], expected: Source) {
        let mut request = TestRequest::post();
        for pair in pairs {
            request = request.append_header(*pair);
        }
        assert_eq!(origin(request.to_http_request().headers(), OWN), expected, "{pairs:?}");
    }

    #[test]
    fn a_browser_says_where_a_request_comes_from() {
        check_origin(&[("sec-fetch-site", "same-origin"), ("origin", "null")], Source::Ours);
        check_origin(&[("sec-fetch-site", "none")], Source::Ours);
        check_origin(&[("sec-fetch-site", "cross-site")], Source::Foreign);
        check_origin(&[("sec-fetch-site", "same-site")], Source::Foreign);
        check_origin(&[("sec-fetch-site", "cross-site"), ("origin", OWN)], Source::Foreign);
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        check_origin(&twice, Source::Foreign);
    }

    #[test]
    fn an_older_browser_is_judged_by_its_origin() {
        check_origin(&[("origin", OWN)], Source::Ours);
        check_origin(&[("origin", "https://panel.example.org.evil.example")], Source::Foreign);
        check_origin(&[("origin", "http://panel.example.org")], Source::Foreign);
        check_origin(&[("origin", "https://panel.example.org:444")], Source::Foreign);
        check_origin(&[("origin", "null")], Source::Unsaid);
        check_origin(&[], Source::Unsaid);
        check_origin(
            &[("host", "evil.example"), ("origin", "https://evil.example")],
            Source::Foreign,
        );
    }

    fn token(byte: u8) -> Token {
        Token::from_bytes([byte; TOKEN_BYTES])
    }

    #[track_caller]
    fn check_token(session: Option<Session>, sent: &str, taken: bool) {
        let request = TestRequest::post().to_http_request();
        if let Some(session) = session {
            request.extensions_mut().insert(session);
        }
        assert_eq!(check(&request, sent).is_ok(), taken, "{sent}");
    }

    #[test]
    fn a_form_must_carry_its_own_session_s_token() {
        let mine = token(0xa5);
        assert_eq!(mine.as_str(), "a5".repeat(32));
        let open = || Some(Session::Open(token(0xa5)));
        check_token(open(), mine.as_str(), true);
        check_token(open(), token(0xa4).as_str(), false);
        check_token(open(), "", false);
        check_token(open(), &"a5".repeat(31), false);
        check_token(open(), &format!("{}a5", mine.as_str()), false);
        check_token(Some(Session::Ended), mine.as_str(), false);
        check_token(None, mine.as_str(), false);
        check_token(Some(Session::None), "", true);
    }

    #[test]
    fn a_token_is_not_printed() {
        assert_eq!(format!("{:?}", token(1)), "Token(…)");
    }
}
