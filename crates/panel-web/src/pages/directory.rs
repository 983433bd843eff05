//! Signing in through an agency's directory: the way there, the way back, and the proof before grave acts.
//!
//! Nobody is led to another site by an answer to a form, which browsers stop: a page with a link is, which
//! says where it leads.

mod connection;

use super::confirm::go_on;
use super::sign_in::{Next, go};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::email;
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::outside::outside;
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::{live, step_address, with_next};
use crate::view::{Act, Button, Link, Page, Sheet, Viewer};
use crate::web::{Asker, Web, viewer};
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use panel_app::directory::{self, Back, Came, Sent, Way};
use panel_core::directory::ERRAND_MINUTES;
use panel_core::id::AgencyId;
use panel_core::text::EmailAddress;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    let people = vec![
        route!(GET "/sign-in/directory", Anyone => ask),
        route!(POST "/sign-in/directory", Anyone => send),
        route!(GET "/sign-in/back/{agency}", Anyone => back),
        route!(POST "/confirm/directory", SignedIn => confirm),
    ];
    [people, connection::routes()].concat()
}

static EMAIL: Field<'_, EmailAddress> = email("email", "Work email address")
    .hint("Only what stands after the @ is looked at, to find your agency’s directory.");
static ASK: Form = Form::of(&[&EMAIL]);

/// The name of the cookie that holds what this browser alone knows of an errand.
const SECURE_COOKIE: &str = "__Host-panel-directory";
const PLAIN_COOKIE: &str = "panel-directory";
/// The longest way on that is kept in it.
const LONGEST: usize = 1_000;

fn cookie(https: bool, held: String) -> Cookie<'static> {
    Cookie::build(if https { SECURE_COOKIE } else { PLAIN_COOKIE }, held)
        .path("/")
        .http_only(true)
        .secure(https)
        // It must come along when the directory sends the person back.
        .same_site(SameSite::Lax)
        .max_age(time::Duration::minutes(ERRAND_MINUTES))
        .finish()
}

/// The same answer, which lets a browser hold what it needs to come back and go on at `next`, or forget it.
fn held(shared: &Web, mut answer: HttpResponse, held: Option<(&str, &str)>) -> Answer {
    let https = shared.site.is_https();
    let cookie = if let Some((secret, next)) = held {
        let next = if next.len() > LONGEST { "/" } else { next };
        let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
        cookie(https, format!("{secret}.{next}"))
    } else {
        let mut gone = cookie(https, String::new());
        gone.make_removal();
        gone
    };
    answer.add_cookie(&cookie).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(answer)
}

fn draw(shared: &Web, next: &str, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&ASK, with_next("/sign-in/directory", next))
        .button(Button::new("Continue"))
        .cancel(with_next("/sign-in", next))
        .refused(refused);
    let title = "Sign in with your agency’s directory";
    let page = Page::new(title).back(with_next("/sign-in", next), "Back to sign in");
    let page = page.refused(form.has_errors());
    Ok(FormPage::new(title, form).answer(&shared.site, &Viewer::default(), page)?)
}

async fn ask(request: HttpRequest, shared: web::Data<Web>, next: web::Query<Next>) -> Answer {
    let next = next.path();
    if live(&request).is_some() { see(next) } else { draw(&shared, &next, None) }
}

async fn send(shared: web::Data<Web>, next: web::Query<Next>, posted: Posted) -> Answer {
    let next = next.path();
    let mut reader = ASK.read(&posted.values, chrono::NaiveDate::MIN);
    let email = reader.get(&EMAIL);
    let email = match reader.finish(|| email) {
        Ok(email) => email,
        Err(refused) => return draw(&shared, &next, Some(refused)),
    };
    let app = shared.app.clone();
    match outside(move || directory::way_in(&app, email.as_str())).await?? {
        Sent::There(way) => leave(&shared, &Viewer::default(), &way, &next),
        Sent::Away => away(&shared, &Viewer::default()),
        Sent::Nowhere => {
            let said = "No agency with addresses like this one signs in through a directory here. \
                        Sign in with your password";
            let refused = Refused::by_rule(&posted.values, "email", "no_directory", said);
            draw(&shared, &next, Some(refused))
        }
    }
}

/// The page from which a person goes to the directory.
fn leave(shared: &Web, viewer: &Viewer, way: &Way, next: &str) -> Answer {
    let Way { address, host, agency, secret } = way;
    let sheet = Sheet::new("Go on to your agency’s directory")
        .text(format!(
            "You leave Panel for the directory of {agency}, at {host}. Before you type a password there, \
             check that your browser shows that address."
        ))
        .text(format!(
            "Come back in this browser within {ERRAND_MINUTES} minutes. Panel never sees what you type there."
        ))
        .acts(vec![Act::link(address, format!("Go on to {host}"))]);
    let page = Page::new("Go on to your agency’s directory");
    let answer = shared.site.page(viewer, &page, "pages/sheet", &sheet)?;
    held(shared, answer, Some((secret, next)))
}

/// What is said when a directory does not answer.
fn away(shared: &Web, viewer: &Viewer) -> Answer {
    let title = "Your agency’s directory does not answer";
    let sheet = Sheet::new(title)
        .text("Nothing is wrong with your account. Wait a minute, then try again.")
        .text(
            "If you have a password for Panel and may use it, sign in with that. If it goes on like this, \
             tell whoever looks after the computers where you work.",
        )
        .links(vec![Link::new("/sign-in", "Back to sign in")]);
    let page = Page::new(title).status(StatusCode::SERVICE_UNAVAILABLE);
    Ok(shared.site.page(viewer, &page, "pages/sheet", &sheet)?)
}

/// What is said to whoever is not let in. It is the same whatever was wrong.
fn refused(shared: &Web, viewer: &Viewer) -> Answer {
    let title = "You could not be signed in";
    let sheet = Sheet::new(title)
        .text("What came from your agency’s directory did not lead to an account that is open to you here.")
        .list(vec![
            "You may have taken more than ten minutes, or come back in another browser: try again."
                .to_owned(),
            "You must have been invited to Panel, under the address that your directory has for you."
                .to_owned(),
            "If it happens again, ask whoever administers Panel where you work. They can find the reason."
                .to_owned(),
        ])
        .links(vec![Link::new("/sign-in", "Back to sign in")]);
    let page = Page::new(title).status(StatusCode::FORBIDDEN);
    Ok(shared.site.page(viewer, &page, "pages/sheet", &sheet)?)
}

/// What a directory sends a person back with.
#[derive(Deserialize)]
struct Returned {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
}

async fn back(
    request: HttpRequest,
    shared: web::Data<Web>,
    agency: web::Path<AgencyId>,
    query: web::Query<Returned>,
) -> Answer {
    let (agency, returned) = (*agency, query.into_inner());
    let https = shared.site.is_https();
    let cookie = request.cookie(if https { SECURE_COOKIE } else { PLAIN_COOKIE });
    let session = live(&request);
    let viewer = session.as_ref().map(viewer).unwrap_or_default();
    let known = cookie.as_ref().and_then(|cookie| cookie.value().split_once('.'));
    let Some((secret, next)) = known else { return refused(&shared, &viewer) };
    let next = Next::of(next).path();
    let (app, secret) = (shared.app.clone(), secret.to_owned());
    let came = outside(move || {
        let back = Back {
            agency,
            secret: &secret,
            session: session.as_ref(),
            state: returned.state.as_deref().unwrap_or_default(),
            code: returned.code.as_deref(),
            issuer: returned.iss.as_deref(),
        };
        directory::come_back(&app, back)
    });
    let answer = match came.await?? {
        Came::In(fresh) => go(&shared, fresh.token, &step_address(fresh.stage, &next)),
        Came::Sure => go_on(&Asker::extract(&request).await?, &next).await?,
        Came::Tried(tried) => connection::tried(&shared, &viewer, agency, tried)?,
        // Another site may have sent the browser here; it does not end what this one is about.
        Came::Refused => return refused(&shared, &viewer),
        Came::Away => return away(&shared, &viewer),
    };
    held(&shared, answer, None)
}

async fn confirm(asker: Asker, next: web::Query<Next>, _posted: Posted) -> Answer {
    let session = asker.session.id;
    match asker.ask_outside(move |ctx| directory::to_confirm(ctx, session)).await? {
        Sent::There(way) => leave(&asker.web, &asker.viewer(), &way, &next.path()),
        Sent::Away => away(&asker.web, &asker.viewer()),
        Sent::Nowhere => Err(Failure::NotFound),
    }
}
