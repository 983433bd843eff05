//! What was typed, kept over a sign-in: a form that came too late is sent again by hand.

use super::values::Values;
use super::{CSRF, PRESSED};
use crate::view::lists::Hidden;
use crate::view::words::Language;
use crate::view::{Page, Site, ViewError, Viewer};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Serialize;

/// The name under which a page carries what is kept.
pub const KEPT: &str = "kept";

/// A form that was typed and not taken: where it was to go, and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The address within the service.
    pub action: String,
    /// Everything that was typed.
    pub values: Values,
}

/// The fields in which somebody proves who she is, which are typed again and never kept.
const SECRETS: [&str; 3] = ["password", "current", "proof"];

impl Kept {
    /// Keeps `values` for `action`; `None` unless the address lies within the service.
    pub fn new(action: &str, mut values: Values) -> Option<Self> {
        let action = local_path(action)?.to_owned();
        values.remove(CSRF);
        for secret in SECRETS {
            values.remove(secret);
        }
        Some(Self { action, values })
    }

    /// The text of a hidden field that carries it through the sign-in.
    pub fn to_field(&self) -> String {
        format!("{}\n{}", self.action, self.values.to_urlencoded())
    }

    /// Reads that field; `None` when it is broken or leads elsewhere.
    pub fn from_field(field: &str) -> Option<Self> {
        let (action, values) = field.split_once('\n').or_else(|| field.split_once("\r\n"))?;
        let values = Values::from_urlencoded(values.as_bytes()).ok()?;
        Self::new(action.trim_end(), values)
    }

    /// The page that shows what was typed and sends it again, answered with this status.
    pub fn resend(&self, status: StatusCode) -> ResendView {
        self.again(status, Language::English.words().resend_intro)
    }

    /// The page that shows what was typed before its person proved who asks, and sends it now.
    pub fn confirmed(&self) -> ResendView {
        self.again(StatusCode::OK, Language::English.words().confirmed_intro)
    }

    fn again(&self, status: StatusCode, intro: &'static str) -> ResendView {
        let pairs = self.values.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| Hidden::new(name, value.as_str()))
        });
        let hidden: Vec<Hidden> = pairs.collect();
        // Words, not codes and ids: what a person would miss.
        let said = hidden.iter().filter(|pair| pair.name != PRESSED && pair.value.contains(' '));
        ResendView {
            status,
            intro,
            action: self.action.clone(),
            typed: said.map(|pair| pair.value.clone()).collect(),
            hidden,
        }
    }
}

/// The page `pages/resend`.
#[derive(Debug, Serialize)]
pub struct ResendView {
    #[serde(skip)]
    status: StatusCode,
    intro: &'static str,
    action: String,
    typed: Vec<String>,
    hidden: Vec<Hidden>,
}

impl ResendView {
    /// Answers with the page.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template is broken.
    pub fn answer(&self, site: &Site, viewer: &Viewer) -> Result<HttpResponse, ViewError> {
        let page = Page::new(Language::English.words().resend_heading).status(self.status);
        site.page(viewer, &page, "pages/resend", self)
    }
}

/// An address given by a request, when it leads to a page of this service and nowhere else.
///
/// Browsers read `//host`, `/\host` and addresses with blanks or control characters as leading away,
/// also when they are percent-encoded, so none of these is taken.
pub fn local_path(raw: &str) -> Option<&str> {
    let leads_away = |text: &str| {
        !text.starts_with('/')
            || text.starts_with("//")
            || text.contains('\\')
            || text.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    let decoded = percent_decode_str(raw).decode_utf8().ok()?;
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    let away = leads_away(raw) || leads_away(path) || path.contains("//");
    (raw.len() <= 2_000 && !away).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proves_who_somebody_is_is_never_kept() {
        let typed = b"note=a+b&password=p&current=c&proof=f&csrf=t";
        let kept = Kept::new("/a", Values::from_urlencoded(typed).unwrap()).unwrap();
        assert_eq!(kept.to_field(), "/a\nnote=a+b");
    }

    #[test]
    fn an_address_must_lie_within_the_service() {
        for good in ["/", "/actions", "/actions/1?sort=due&page=2", "/cases/K7?q=a%20b"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "actions",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/%2fevil.example",
            "/%5cevil.example",
            "/\tevil",
            "/a\nb",
            "/ evil",
            "/a//b",
            "/%0d%0aSet-Cookie:x",
            "/%ff",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_was_typed_survives_the_way_through_a_sign_in() {
        let values = Values::from_urlencoded(b"csrf=old&note=a+%26+b%0D%0Ac&version=3").unwrap();
        let kept = Kept::new("/actions/1", values).unwrap();
        let back = Kept::from_field(&kept.to_field()).unwrap();
        assert_eq!(back, kept);
        assert_eq!(back.values.one("note"), "a & b\r\nc");
        assert!(!back.values.has("csrf"), "the old token is of no more use");
    }

    #[test]
    fn what_leads_elsewhere_is_not_kept() {
        assert_eq!(Kept::new("//evil.example", Values::new()), None);
        for broken in ["", "/a", "//evil\na=1", "/a\n%ff"] {
            assert_eq!(Kept::from_field(broken), None, "{broken:?}");
        }
    }
}
