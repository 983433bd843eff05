//! The site: templates, assets and settings that are the same for every page.

use super::page::{Entry, Glass, Page, Viewer, entries};
use super::parts::{Banner, Link};
use super::templates::{Templates, ViewError};
use super::words::Language;
use crate::assets::Assets;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use serde::Serialize;

/// What a deployment sets about its pages.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The service's name in the header and in titles.
    pub product: String,
    /// The address people reach the service at, such as `https://panel.example.org`; links in mail
    /// and the check of a request's origin use this and never the `Host` header.
    pub public_url: String,
    /// The protective marking on every page and print, or none.
    pub marking: Option<String>,
    /// Whether every page says that its people are invented.
    pub demo: bool,
    /// Links at the foot of every page.
    pub footer: Vec<Link>,
}

/// A page that is drawn, on its way to whoever sends it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its status.
    pub status: StatusCode,
    /// The whole of it.
    pub html: String,
}

impl From<Drawn> for HttpResponse {
    fn from(Drawn { status, html }: Drawn) -> Self {
        Self::build(status).content_type(ContentType::html()).body(html)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            product: "Panel".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            marking: Some("OFFICIAL-SENSITIVE".to_owned()),
            demo: false,
            footer: vec![
                Link::new("/accessibility", "Accessibility statement"),
                Link::new("/guide", "Guide"),
                Link::new("/privacy", "How information is kept"),
            ],
        }
    }
}

/// Everything that draws pages; made once when the service starts and shared by every worker.
#[derive(Debug)]
pub struct Site {
    settings: Settings,
    templates: Templates,
    assets: Assets,
    https: bool,
}

/// A body's data with what every body may need besides.
#[derive(Serialize)]
struct Body<'a, T> {
    #[serde(flatten)]
    view: &'a T,
    csrf: &'a str,
}

#[derive(Serialize)]
struct Layout<'a> {
    lang: &'static str,
    title: &'a str,
    errors: bool,
    product: &'a str,
    assets: &'a str,
    marking: Option<&'a str>,
    demo: bool,
    person: Option<&'a Link>,
    csrf: &'a str,
    session: Option<[i64; 3]>,
    navigation: Vec<Entry<'a>>,
    menu: bool,
    glass: Option<&'a Glass>,
    printed: Option<&'a str>,
    breadcrumbs: &'a [Link],
    back: Option<&'a Link>,
    banner: Option<&'a Banner>,
    footer: &'a [Link],
    content: &'static str,
}

/// Stands in the frame for the content; no text that people typed holds it.
const HERE: &str = "\u{0}content\u{0}";

impl Site {
    /// Reads every template and asset.
    ///
    /// # Errors
    /// [`ViewError`] when a template is broken or an asset is missing: the service does not start.
    pub fn new(settings: Settings) -> Result<Self, ViewError> {
        let https = settings.public_url.starts_with("https://");
        let templates = Templates::new(Language::English)?;
        let assets = Assets::load(settings.marking.as_deref())?;
        Ok(Self { settings, templates, assets, https })
    }

    /// The settings it was made with.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The templates.
    pub const fn templates(&self) -> &Templates {
        &self.templates
    }

    /// The assets.
    pub const fn assets(&self) -> &Assets {
        &self.assets
    }

    /// Whether people reach the service by HTTPS.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Draws a whole page: the body template over `view`, then the frame around it.
    ///
    /// The body sees the fields of `view` and `csrf`; within a loop or a part the token is
    /// `{{@root/csrf}}`. `view` must serialise as a struct or a map.
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template asks for a name that the data lacks.
    pub fn html(
        &self,
        viewer: &Viewer,
        page: &Page,
        body: &str,
        view: &impl Serialize,
    ) -> Result<String, ViewError> {
        let content = self.templates.render(body, &Body { view, csrf: &viewer.csrf })?;
        self.framed(viewer, page, &content)
    }

    /// Draws the frame of a page around a body that is drawn already.
    ///
    /// # Errors
    /// [`ViewError::Template`] when the layout asks for a name that the frame lacks.
    pub fn framed(&self, viewer: &Viewer, page: &Page, content: &str) -> Result<String, ViewError> {
        let navigation = entries(viewer, page);
        let layout = Layout {
            lang: self.templates.language().tag(),
            title: &page.title,
            errors: page.errors,
            product: &self.settings.product,
            assets: self.assets.base(),
            marking: self.settings.marking.as_deref(),
            demo: self.settings.demo,
            person: viewer.person.as_ref(),
            csrf: &viewer.csrf,
            session: viewer.session,
            menu: navigation.len() > 1,
            navigation,
            glass: viewer.glass.as_ref(),
            printed: viewer.printed.as_deref(),
            breadcrumbs: &page.breadcrumbs,
            back: page.back.as_ref(),
            banner: page.banner.as_ref(),
            footer: &self.settings.footer,
            content: HERE,
        };
        let frame = self.templates.render("layout", &layout)?;
        // A long page is put into its frame once, and not copied from value to value on the way.
        Ok(match frame.split_once(HERE) {
            Some((above, below)) => [above, content, below].concat(),
            None => frame,
        })
    }

    /// Draws a whole page with its status; see [`Site::html`].
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template asks for a name that the data lacks.
    pub fn drawn(
        &self,
        viewer: &Viewer,
        page: &Page,
        body: &str,
        view: &impl Serialize,
    ) -> Result<Drawn, ViewError> {
        let html = self.html(viewer, page, body, view)?;
        Ok(Drawn { status: page.status, html })
    }

    /// Answers with a whole page; see [`Site::html`].
    ///
    /// # Errors
    /// [`ViewError::Template`] when a template asks for a name that the data lacks.
    pub fn page(
        &self,
        viewer: &Viewer,
        page: &Page,
        body: &str,
        view: &impl Serialize,
    ) -> Result<HttpResponse, ViewError> {
        Ok(self.drawn(viewer, page, body, view)?.into())
    }
}
