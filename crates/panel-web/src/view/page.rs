//! What a page tells its frame, and what the frame knows of the person who looks.

use super::parts::{Banner, Link};
use actix_web::http::StatusCode;
use serde::Serialize;

/// One entry of the service navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name by which a page says that it belongs here: [`Page::section`].
    pub key: &'static str,
    /// The section's first page.
    pub href: String,
    /// The words.
    pub text: String,
}

impl Section {
    /// The section `key`, which starts at `href`.
    pub fn new(key: &'static str, href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key, href: href.into(), text: text.into() }
    }
}

/// What every page says while somebody has a case open in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Glass {
    /// Who has opened what, until when, and that others know.
    pub text: String,
    /// The way to the case.
    pub case: Link,
    /// Where the button leads that closes it again.
    pub action: String,
}

/// The person who looks, as far as the frame shows it. The session makes one for each request.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// The name in the header, with the link to the person's own details; none when signed out.
    pub person: Option<Link>,
    /// The session's token against forged requests, as forms carry it.
    pub csrf: String,
    /// The sections this person may open.
    pub sections: Vec<Section>,
    /// Seconds until the session ends unless it is used, until it ends however busy it is, and how long
    /// before that its person is warned; none when signed out.
    pub session: Option<[i64; 3]>,
    /// The case this person has open in an emergency.
    pub glass: Option<Glass>,
    /// Who prints and when, such as `Printed by Sam Lee on Monday 14 December 2026 at 2:30pm`.
    pub printed: Option<String>,
}

/// One page: its title and the ways around it. The body is a template of its own.
#[derive(Debug, Clone)]
pub struct Page {
    pub(super) title: String,
    pub(super) errors: bool,
    pub(super) section: Option<&'static str>,
    pub(super) start: bool,
    pub(super) back: Option<Link>,
    pub(super) breadcrumbs: Vec<Link>,
    pub(super) banner: Option<Banner>,
    pub(super) status: StatusCode,
}

impl Page {
    /// A page of this title; the service's name is added by the frame.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            errors: false,
            section: None,
            start: false,
            back: None,
            breadcrumbs: Vec::new(),
            banner: None,
            status: StatusCode::OK,
        }
    }

    /// Marks the section this page belongs to.
    #[must_use]
    pub const fn section(mut self, key: &'static str) -> Self {
        self.section = Some(key);
        self
    }

    /// Marks the section whose first page this is.
    #[must_use]
    pub const fn section_start(mut self, key: &'static str) -> Self {
        self.section = Some(key);
        self.start = true;
        self
    }

    /// Adds a link back to where the reader came from. `href` is the page's own knowledge, never
    /// taken from the request.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.back = Some(Link::new(href, text));
        self
    }

    /// Adds one level of breadcrumbs, outermost first.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.breadcrumbs.push(Link::new(href, text));
        self
    }

    /// Puts a banner above the page.
    #[must_use]
    pub fn banner(mut self, banner: impl Into<Option<Banner>>) -> Self {
        self.banner = banner.into();
        self
    }

    /// Answers with this status instead of 200.
    #[must_use]
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says whether the page's form was refused: the title then starts with "Error: " and the
    /// answer is 422.
    #[must_use]
    pub const fn refused(mut self, refused: bool) -> Self {
        self.errors = refused;
        if refused {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }
}

/// A navigation entry as it is drawn.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    href: &'a str,
    text: &'a str,
    current: Option<&'static str>,
}

pub(super) fn entries<'a>(viewer: &'a Viewer, page: &Page) -> Vec<Entry<'a>> {
    let state = if page.start { "page" } else { "true" };
    viewer
        .sections
        .iter()
        .map(|section| Entry {
            href: &section.href,
            text: &section.text,
            current: (page.section == Some(section.key)).then_some(state),
        })
        .collect()
}
