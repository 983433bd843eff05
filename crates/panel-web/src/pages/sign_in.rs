//! Signing in and out, forgotten passwords, one-time links.

use super::password::{NEW, NEW_LONG};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{email, password};
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::{cookie, forget, live, step_address, with_next};
use crate::view::{Button, Page, Viewer};
use crate::web::{Asker, Web};
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use panel_app::accounts::LinkHolder;
use panel_app::{AppError, accounts, directory, sign_in};
use panel_core::account::Bar;
use panel_core::text::EmailAddress;
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/sign-in", Anyone => show),
        route!(POST "/sign-in", Anyone => enter),
        route!(POST "/sign-out", SignedIn => leave),
        route!(GET "/forgot-password", Anyone => forgot),
        route!(POST "/forgot-password", Anyone => send_link),
        route!(GET "/account-link/{token}", Anyone => show_link),
        route!(POST "/account-link/{token}", Anyone => spend_link),
    ]
}

static EMAIL: Field<'_, EmailAddress> = email("email", "Email address");
static PASSWORD: Field<'_, String> = password("password", "Password", "current-password");
static SIGN_IN: Form = Form::of(&[&EMAIL, &PASSWORD]);
static FORGOT: Form = Form::of(&[&EMAIL]);
static SET_PASSWORD: Form = Form::of(&[&NEW]);
static SET_LONG_PASSWORD: Form = Form::of(&[&NEW_LONG]);

/// Where to go after signing in; only paths of our own are followed.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

impl Next {
    /// The way on that was named elsewhere than in the address.
    pub(super) fn of(next: &str) -> Self {
        Self { next: Some(next.to_owned()) }
    }

    /// The path of this service that it names.
    pub(super) fn path(&self) -> String {
        own_path(self.next.as_deref()).to_owned()
    }
}

/// A path of this service, or its first page. Browsers read a backslash as a slash and pass over tabs and
/// line breaks, so that `/`, a tab and `/evil.example` would lead elsewhere.
fn own_path(next: Option<&str>) -> &str {
    let deceives = |c: char| c == '\\' || c.is_control();
    match next {
        Some(path) if path.starts_with('/') && !path.starts_with("//") => {
            if path.contains(deceives) { "/" } else { path }
        }
        _ => "/",
    }
}

async fn draw(shared: &Web, next: &str, refused: Option<Refused>) -> Answer {
    let app = shared.app.clone();
    let has_directory = web::block(move || directory::is_offered(&app)).await??;
    let form = FormView::new(&SIGN_IN, with_next("/sign-in", next))
        .button(Button::new("Sign in"))
        .refused(refused);
    let mut view = FormPage::new("Sign in", form);
    if next != "/" {
        view = view.intro(
            "You were signed out. Sign in to carry on where you were; what you typed was kept.",
        );
    }
    let directory = has_directory.then(|| with_next("/sign-in/directory", next));
    let view = SignIn { page: view, forgot: "/forgot-password", directory };
    let page = Page::new("Sign in").refused(view.page.form.has_errors());
    Ok(shared.site.page(&Viewer::default(), &page, "pages/sign-in", &view)?)
}

#[derive(Serialize)]
struct SignIn<'a> {
    #[serde(flatten)]
    page: FormPage<'a>,
    forgot: &'static str,
    directory: Option<String>,
}

async fn show(request: HttpRequest, shared: web::Data<Web>, query: web::Query<Next>) -> Answer {
    let next = own_path(query.next.as_deref());
    if live(&request).is_some() { see(next) } else { draw(&shared, next, None).await }
}

async fn enter(shared: web::Data<Web>, query: web::Query<Next>, posted: Posted) -> Answer {
    let next = own_path(query.next.as_deref()).to_owned();
    let mut reader = SIGN_IN.read(&posted.values, chrono::NaiveDate::MIN);
    let (email, password) = (reader.get(&EMAIL), reader.get(&PASSWORD));
    let (email, password) = match reader.finish(|| Some((email?, password?))) {
        Ok(typed) => typed,
        Err(refused) => return draw(&shared, &next, Some(refused)).await,
    };
    let app = shared.app.clone();
    let done = web::block(move || sign_in::sign_in(&app, email.as_str(), &password)).await?;
    match done {
        Ok(fresh) => Ok(go(&shared, fresh.token, &step_address(fresh.stage, &next))),
        Err(AppError::Rule { code, message }) => {
            let refused = Refused::by_rule(&posted.values, "email", code, message);
            draw(&shared, &next, Some(refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends a browser on with a fresh session.
pub(super) fn go(shared: &Web, token: String, next: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .cookie(cookie(shared.site.is_https(), token))
        .insert_header((LOCATION, next))
        .finish()
}

async fn leave(asker: Asker, _posted: Posted) -> Answer {
    let session = asker.session.id;
    asker.ask(move |ctx| sign_in::sign_out(ctx, Some(session))).await?;
    Ok(signed_out(&asker))
}

/// Makes a browser forget its session, and what it kept of the pages.
pub(super) fn signed_out(asker: &Asker) -> HttpResponse {
    HttpResponse::SeeOther()
        .cookie(forget(asker.web.site.is_https()))
        .insert_header(("Clear-Site-Data", "\"cache\", \"storage\""))
        .insert_header((LOCATION, "/sign-in"))
        .finish()
}

fn draw_forgot(shared: &Web, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&FORGOT, "/forgot-password")
        .button(Button::new("Send a link"))
        .cancel("/sign-in")
        .refused(refused);
    let view = FormPage::new("Set a new password", form)
        .intro("We send a link to your email address if it is registered here.");
    let page = Page::new("Set a new password").back("/sign-in", "Back");
    Ok(view.answer(&shared.site, &Viewer::default(), page)?)
}

async fn forgot(shared: web::Data<Web>) -> Answer {
    draw_forgot(&shared, None)
}

#[derive(Serialize)]
struct Sent {}

async fn send_link(shared: web::Data<Web>, posted: Posted) -> Answer {
    let mut reader = FORGOT.read(&posted.values, chrono::NaiveDate::MIN);
    let email = reader.get(&EMAIL);
    let email = match reader.finish(|| email) {
        Ok(email) => email,
        Err(refused) => return draw_forgot(&shared, Some(refused)),
    };
    let app = shared.app.clone();
    web::block(move || accounts::forgot_password(&app, email.as_str())).await??;
    let page = Page::new("Check your email").back("/sign-in", "Back to sign in");
    Ok(shared.site.page(&Viewer::default(), &page, "pages/link-sent", &Sent {})?)
}

fn draw_link(shared: &Web, token: &str, holder: &LinkHolder, refused: Option<Refused>) -> Answer {
    let fields = match holder.bar {
        Bar::Usual => &SET_PASSWORD,
        Bar::High => &SET_LONG_PASSWORD,
    };
    let form = FormView::new(fields, format!("/account-link/{token}"))
        .button(Button::new("Set password and sign in"))
        .refused(refused);
    let view =
        FormPage::new("Choose a password", form).intro(format!("This is for {}.", holder.name));
    Ok(view.answer(&shared.site, &Viewer::default(), Page::new("Choose a password"))?)
}

async fn show_link(shared: web::Data<Web>, token: web::Path<String>) -> Answer {
    let (app, secret) = (shared.app.clone(), token.clone());
    match web::block(move || accounts::look_at_link(&app, &secret)).await? {
        Ok(holder) => draw_link(&shared, &token, &holder, None),
        Err(AppError::NotFound) => {
            let page = Page::new("This link cannot be used").back("/sign-in", "Back to sign in");
            Ok(shared.site.page(&Viewer::default(), &page, "pages/link-spent", &Sent {})?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn spend_link(shared: web::Data<Web>, token: web::Path<String>, posted: Posted) -> Answer {
    let mut reader = SET_PASSWORD.read(&posted.values, chrono::NaiveDate::MIN);
    let password = reader.get(&NEW);
    let (app, secret) = (shared.app.clone(), token.clone());
    let holder = web::block(move || accounts::look_at_link(&app, &secret)).await??;
    let password = match reader.finish(|| password) {
        Ok(password) => password,
        Err(refused) => return draw_link(&shared, &token, &holder, Some(refused)),
    };
    let (app, secret) = (shared.app.clone(), token.clone());
    let done = web::block(move || accounts::spend_link(&app, &secret, &password)).await?;
    match done.map_err(Failure::from) {
        Ok(fresh) => Ok(go(&shared, fresh.token, &step_address(fresh.stage, "/"))),
        Err(failure) => draw_link(&shared, &token, &holder, Some(posted.refused(failure)?)),
    }
}
