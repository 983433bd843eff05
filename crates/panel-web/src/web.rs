//! What every request shares, and what one asks of it.

use crate::answer::{Answer, Failure};
use crate::session::{Bearer, live};
use crate::view::{Link, Page, Section, Site, Viewer};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use panel_app::sign_in::Session;
use panel_app::{App, AppError, Ctx, Person};
use panel_core::access::Role;
use panel_core::id::RequestId;
use serde::Serialize;
use std::future::{Ready, ready};

/// The program and its pages, shared by every worker.
#[derive(Debug)]
pub struct Web {
    /// The use cases.
    pub app: App,
    /// Templates and assets.
    pub site: Site,
}

/// Somebody who asks for a page.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) web: web::Data<Web>,
    pub(crate) session: Session,
}

impl FromRequest for Asker {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let web = request.app_data::<web::Data<Web>>().cloned();
        ready(match (web, live(request)) {
            (Some(web), Some(session)) => Ok(Self { web, session }),
            _ => Err(Failure::SignInFirst),
        })
    }
}

impl Asker {
    /// Runs a use case away from the event loop, as the person who asks.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        run(&self.web, self.session.person.clone(), None, work).await
    }

    /// Runs the use case of a submitted form; submitted twice, it happens once.
    pub(crate) async fn submit<T: Send + 'static>(
        &self,
        operation: Option<RequestId>,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        run(&self.web, self.session.person.clone(), operation, work).await
    }

    /// Draws a page for the person who asks.
    pub(crate) fn page(&self, page: &Page, body: &str, view: &impl Serialize) -> Answer {
        Ok(self.web.site.page(&self.viewer(), page, body, view)?)
    }

    /// What the frame of a page knows of this person.
    pub(crate) fn viewer(&self) -> Viewer {
        viewer(&self.session)
    }

    /// The person who asks.
    pub(crate) fn person(&self) -> &Person {
        &self.session.person
    }
}

/// What the frame of a page knows of a session's person.
pub(crate) fn viewer(session: &Session) -> Viewer {
    Viewer {
        person: Some(Link::new("/account", session.person.name.clone())),
        csrf: session.csrf.clone(),
        sections: sections(&session.person),
        printed: None,
    }
}

/// The sections of the navigation that this person has a use for.
fn sections(person: &Person) -> Vec<Section> {
    let actor = &person.actor;
    let runs = actor.seats.iter().any(|s| matches!(s.role, Role::Coordinator | Role::Chair));
    let takes_part = !actor.reaches().is_empty();
    let mut sections = vec![Section::new("home", "/", if runs { "Today" } else { "My work" })];
    let mut add = |wanted: bool, key, href: &str, text: &str| {
        if wanted {
            sections.push(Section::new(key, href, text));
        }
    };
    add(takes_part, "meetings", "/meetings", "Meetings");
    add(takes_part, "referrals", "/referrals", "Referrals");
    add(takes_part, "cases", "/cases", "Cases");
    add(takes_part, "actions", "/actions", "Actions");
    add(takes_part, "information", "/information", "Information");
    add(runs, "import", "/imports", "Import");
    add(actor.administrator || runs, "settings", "/settings", "Settings");
    sections
}

/// A program that calls the interface as a person.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) web: web::Data<Web>,
    pub(crate) person: Person,
}

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let web = request.app_data::<web::Data<Web>>().cloned();
        let bearer = request.extensions().get::<Bearer>().cloned();
        ready(match (web, bearer) {
            (Some(web), Some(Bearer(person))) => Ok(Self { web, person }),
            _ => Err(Failure::SignInFirst),
        })
    }
}

impl Caller {
    /// Runs a use case away from the event loop, as the person whose token it is.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        run(&self.web, self.person.clone(), None, work).await
    }
}

async fn run<T: Send + 'static>(
    web: &web::Data<Web>,
    person: Person,
    operation: Option<RequestId>,
    work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
) -> Result<T, Failure> {
    let web = web.clone();
    let done = web::block(move || {
        let ctx = Ctx::new(&web.app, person)?.submitted(operation);
        work(&ctx)
    });
    Ok(done.await??)
}
