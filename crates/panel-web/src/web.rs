//! What every request shares, and what one asks of it.

use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::{FormPage, Values};
use crate::outside::outside;
use crate::session::{Bearer, half_way, live};
use crate::view::{Drawn, Link, Page, Section, Site, Viewer};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, NaiveDate, Utc};
use panel_app::sign_in::Session;
use panel_app::{App, AppError, Ctx, Person, Presence, drafts};
use panel_core::account::{Remaining, Stage};
use panel_core::id::{RequestId, mint};
use panel_core::time::local;
use panel_core::words;
use panel_documents::{Document, Frame};
use serde::Serialize;
use std::future::{Ready, ready};
use std::sync::Arc;

/// The program and its pages, shared by every worker.
#[derive(Debug)]
pub struct Web {
    /// The use cases.
    pub app: App,
    /// Templates and assets.
    pub site: Arc<Site>,
    /// The mailbox of a demonstration.
    pub letters: Option<Letters>,
}

/// A letter in a demonstration's mailbox.
#[derive(Debug, Clone)]
pub struct Letter {
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// Where the letters of a demonstration are looked up, latest first.
#[derive(Clone)]
pub struct Letters(Arc<dyn Fn() -> Vec<Letter> + Send + Sync>);

impl Letters {
    /// Letters as `look` finds them.
    pub fn new(look: impl Fn() -> Vec<Letter> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look))
    }

    /// The letters now, latest first.
    pub fn all(&self) -> Vec<Letter> {
        (self.0)()
    }
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letters")
    }
}

/// Somebody who asks for a page.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) web: web::Data<Web>,
    pub(crate) session: Session,
    path: String,
}

impl FromRequest for Asker {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let web = request.app_data::<web::Data<Web>>().cloned();
        ready(match (web, live(request)) {
            (Some(web), Some(session)) => {
                Ok(Self { web, session, path: request.path().to_owned() })
            }
            _ => Err(Failure::SignedOut),
        })
    }
}

impl Asker {
    /// Runs a use case away from the event loop, as the person who asks.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        run(&self.web, &self.session, None, work).await
    }

    /// Runs several reading use cases in one transaction, for a page that shows what they all find.
    pub(crate) async fn together<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.ask(|ctx| ctx.together(work)).await
    }

    /// Runs the use case of a submitted form; submitted twice, it happens once.
    pub(crate) async fn submit<T: Send + 'static>(
        &self,
        operation: Option<RequestId>,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        let done = run(&self.web, &self.session, operation, work).await?;
        let place = self.path.clone();
        // What was kept of this form is saved now. Were it to stay, it would only be shown once more.
        let _ = self.ask(move |ctx| drafts::settle(ctx, &place)).await;
        Ok(done)
    }

    /// Runs a use case that asks another machine: beside the threads that pages are made by.
    pub(crate) async fn ask_outside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        Ok(outside(job(&self.web, &self.session, None, work)).await??)
    }

    /// Reads what a long page shows and draws it, both away from the event loop. Such a page is thousands of
    /// small pieces, which are at hand for the thread that has just read them.
    pub(crate) async fn answer<T>(
        &self,
        read: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
        draw: impl FnOnce(&Self, T) -> Result<Drawn, Failure> + Send + 'static,
    ) -> Answer {
        let asker = self.clone();
        Ok(self.ask(move |ctx| Ok(draw(&asker, read(ctx)?))).await??.into())
    }

    /// Draws a page for the person who asks.
    pub(crate) fn page(&self, page: &Page, body: &str, view: &impl Serialize) -> Answer {
        Ok(self.drawn(page, body, view)?.into())
    }

    /// The same, to be sent by another thread.
    pub(crate) fn drawn(
        &self,
        page: &Page,
        body: &str,
        view: &impl Serialize,
    ) -> Result<Drawn, Failure> {
        Ok(self.web.site.drawn(&self.viewer(), page, body, view)?)
    }

    /// Draws a document to be printed from the browser; the frame says whose copy it is.
    pub(crate) fn document(&self, page: &Page, document: &impl Document) -> Result<Drawn, Failure> {
        let content = panel_documents::html(Frame::default(), document)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        let now = self.web.app.clock.now().map_err(AppError::from)?;
        let printed = Some(printed_by(&self.session.person.name, now));
        let viewer = Viewer { printed, ..self.viewer() };
        let html = self.web.site.framed(&viewer, page, &content)?;
        Ok(Drawn { status: StatusCode::OK, html })
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

/// Somebody whose sign-in is not complete.
#[derive(Debug, Clone)]
pub(crate) struct Newcomer {
    pub(crate) web: web::Data<Web>,
    pub(crate) session: Session,
}

impl FromRequest for Newcomer {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let web = request.app_data::<web::Data<Web>>().cloned();
        ready(match (web, half_way(request)) {
            (Some(web), Some(session)) => Ok(Self { web, session }),
            _ => Err(Failure::SignedOut),
        })
    }
}

impl Newcomer {
    /// Runs a use case away from the event loop, as the person whose password was right.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Failure> {
        run(&self.web, &self.session, None, work).await
    }

    /// What the frame of a page knows: the token of its forms, and nothing of the person.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { csrf: self.session.csrf.clone(), ..Viewer::default() }
    }
}

/// Whose copy of a document it is, and from when.
pub(crate) fn printed_by(name: &str, now: DateTime<Utc>) -> String {
    format!("Printed by {name} at {}", words::date_time(local(now)))
}

/// What the frame of a page knows of a session's person.
pub(crate) fn viewer(session: &Session) -> Viewer {
    Viewer {
        person: Some(Link::new("/account", session.person.name.clone())),
        csrf: session.csrf.clone(),
        sections: sections(&session.person),
        session: Some(seconds(session)),
        glass: session
            .glass
            .as_ref()
            .map(|open| crate::pages::glass::said(&session.person.name, open)),
        printed: None,
    }
}

/// What remains of a session, in seconds, as its pages are told.
pub(crate) fn seconds(session: &Session) -> [i64; 3] {
    let Remaining { unused, busy, warning } = session.remaining;
    [unused, busy, warning].map(|time| time.num_seconds())
}

/// The sections of the navigation that this person has a use for.
fn sections(person: &Person) -> Vec<Section> {
    let actor = &person.actor;
    let runs = actor.runs_some();
    let takes_part = actor.takes_part();
    let acts = actor.seats.iter().any(|seat| actor.acts_for(seat.agency, seat.panel));
    let mut sections = vec![Section::new("home", "/", "Today")];
    let mut add = |wanted: bool, key, href: &str, text: &str| {
        if wanted {
            sections.push(Section::new(key, href, text));
        }
    };
    add(acts, "my-work", "/my-work", "My work");
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
            _ => Err(Failure::SignedOut),
        })
    }
}

impl Caller {
    /// Runs a use case away from the event loop, as the person whose token it is; under one
    /// operation, once.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        operation: Option<RequestId>,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let done = web::block(move || {
            let ctx = Ctx::new(&self.web.app, self.person)?
                .present(Presence::Program)
                .submitted(operation);
            work(&ctx)
        });
        done.await?
    }
}

async fn run<T: Send + 'static>(
    web: &web::Data<Web>,
    session: &Session,
    operation: Option<RequestId>,
    work: impl FnOnce(&Ctx<'_>) -> Result<T, AppError> + Send + 'static,
) -> Result<T, Failure> {
    Ok(web::block(job(web, session, operation, work)).await??)
}

/// A use case as the person of a session, ready to be run on another thread.
fn job<T, W: FnOnce(&Ctx<'_>) -> Result<T, AppError>>(
    web: &web::Data<Web>,
    session: &Session,
    operation: Option<RequestId>,
    work: W,
) -> impl FnOnce() -> Result<T, AppError> + use<T, W> {
    let (web, person) = (web.clone(), session.person.clone());
    let presence = match (session.stage, session.proven_at) {
        (Stage::Whole, Some(at)) => Presence::Proven(at),
        (Stage::SetUp, _) => Presence::HalfWay,
        (Stage::Whole, None) | (Stage::Asked, _) => Presence::Unproven,
    };
    move || {
        let ctx = Ctx::new(&web.app, person)?.present(presence).submitted(operation);
        work(&ctx)
    }
}

impl Asker {
    /// Today's local date, by which dates in forms are read.
    pub(crate) fn today(&self) -> Result<NaiveDate, Failure> {
        let now = self.web.app.clock.now().map_err(AppError::from)?;
        Ok(panel_core::time::local_date(now))
    }

    /// A number for one intended change, so that a form sent twice happens once.
    pub(crate) fn operation(&self) -> Result<RequestId, Failure> {
        let now = self.web.app.clock.now().map_err(AppError::from)?;
        Ok(mint(&*self.web.app.ids, now))
    }

    /// Draws a page that holds one form. What was typed there before a sign-out stands in it again.
    pub(crate) async fn form(&self, page: Page, view: FormPage<'_>) -> Answer {
        let view = if view.form.has_errors() { view } else { self.restored(view).await? };
        Ok(view.answer(&self.web.site, &self.viewer(), page)?)
    }

    async fn restored<'v>(&self, mut view: FormPage<'v>) -> Result<FormPage<'v>, Failure> {
        let place = view.form.action().to_owned();
        let kept = self.ask(move |ctx| drafts::find(ctx, &place)).await?;
        if let Some(values) =
            kept.and_then(|(body, _)| Values::from_urlencoded(body.as_bytes()).ok())
        {
            view.form = view.form.typed(values);
            view = view.intro("What you typed here before was kept. Check it and save it.");
        }
        Ok(view)
    }
}
