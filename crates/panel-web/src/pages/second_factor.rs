//! The second factor: given in signing in, set up, replaced, and its codes on paper.

use super::passkeys::in_sign_in;
use super::sign_in::{Next, go};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::kinds::{code, text};
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::{cookie, with_next};
use crate::view::parts::Inset;
use crate::view::square::Square;
use crate::view::{Act, Button, Link, Page, Sheet, Viewer};
use crate::web::{Asker, Newcomer, Web};
use actix_web::web;
use panel_app::passkeys;
use panel_app::second_factor::{self, Offer, Proof, Standing};
use panel_core::account::Stage;
use panel_core::words::count;
use serde::Serialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/sign-in/code", HalfWay => ask_code),
        route!(POST "/sign-in/code", HalfWay => take_code),
        route!(GET "/sign-in/recovery", HalfWay => ask_paper),
        route!(POST "/sign-in/recovery", HalfWay => take_paper),
        route!(GET "/sign-in/set-up", HalfWay => first_app),
        route!(POST "/sign-in/set-up", HalfWay => use_first_app),
        route!(GET "/account/app", SignedIn => new_app),
        route!(POST "/account/app", SignedIn => use_new_app),
        route!(POST "/account/app/codes", SignedIn => new_codes),
    ]
}

static CODE: Field<'_, String> =
    code("code", "Code").hint("The six digits that your app shows now.");
static PAPER: Field<'_, String> =
    text("code", "Recovery code").hint("One of those you wrote down. Each works once.").verbatim();
/// What was offered, sealed, on its way back.
static OFFERED: Field<'_, String> = text(OFFERED_NAME, "Key").hidden();
const OFFERED_NAME: &str = "offered";
static BY_CODE: Form = Form::of(&[&CODE]);
static SET_UP: Form = Form::of(&[&OFFERED, &CODE]);
static BY_PAPER: Form = Form::of(&[&PAPER]);

/// A form with one other way below it.
#[derive(Serialize)]
struct Step<'a> {
    #[serde(flatten)]
    page: FormPage<'a>,
    other: Link,
}

pub(super) async fn draw_code(who: &Newcomer, next: &str, refused: Option<Refused>) -> Answer {
    must_have(who, Stage::Asked)?;
    let has_passkey = who.ask(passkeys::has_any).await?;
    let form = FormView::new(&BY_CODE, with_next("/sign-in/code", next))
        .button(Button::new("Sign in"))
        .refused(refused);
    let page = FormPage::new("Enter the code of your app", form)
        .or_passkey(has_passkey.then(|| in_sign_in(next)));
    let other = with_next("/sign-in/recovery", next);
    let view = Step { page, other: Link::new(other, "I do not have my app: use a recovery code") };
    draw_step(who, "Enter the code of your app", &view)
}

fn draw_paper(who: &Newcomer, next: &str, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&BY_PAPER, with_next("/sign-in/recovery", next))
        .button(Button::new("Sign in"))
        .refused(refused);
    let page = FormPage::new("Enter a recovery code", form).intro(
        "If you have none left, ask whoever administers Panel where you work to reset your second factor.",
    );
    let other = Link::new(with_next("/sign-in/code", next), "Use the code of my app");
    draw_step(who, "Enter a recovery code", &Step { page, other })
}

fn draw_step(who: &Newcomer, title: &str, view: &Step<'_>) -> Answer {
    let page = Page::new(title).refused(view.page.form.has_errors());
    Ok(who.web.site.page(&who.viewer(), &page, "pages/sign-in-step", view)?)
}

/// A sign-in without an app has nothing to be asked for.
fn must_have(who: &Newcomer, stage: Stage) -> Result<(), Failure> {
    if who.session.stage == stage { Ok(()) } else { Err(Failure::NotFound) }
}

async fn ask_code(who: Newcomer, next: web::Query<Next>) -> Answer {
    draw_code(&who, &next.path(), None).await
}

async fn ask_paper(who: Newcomer, next: web::Query<Next>) -> Answer {
    must_have(&who, Stage::Asked)?;
    draw_paper(&who, &next.path(), None)
}

async fn take_code(who: Newcomer, next: web::Query<Next>, posted: Posted) -> Answer {
    must_have(&who, Stage::Asked)?;
    let next = next.path();
    let mut reader = BY_CODE.read(&posted.values, chrono::NaiveDate::MIN);
    let typed = reader.get(&CODE);
    match reader.finish(|| typed) {
        Ok(typed) => match finish(&who, typed, false).await {
            Ok(token) => Ok(go(&who.web, token, &next)),
            Err(failure) => draw_code(&who, &next, Some(posted.refused(failure)?)).await,
        },
        Err(refused) => draw_code(&who, &next, Some(refused)).await,
    }
}

async fn take_paper(who: Newcomer, next: web::Query<Next>, posted: Posted) -> Answer {
    must_have(&who, Stage::Asked)?;
    let next = next.path();
    let mut reader = BY_PAPER.read(&posted.values, chrono::NaiveDate::MIN);
    let typed = reader.get(&PAPER);
    match reader.finish(|| typed) {
        Ok(typed) => match finish(&who, typed, true).await {
            Ok(token) => Ok(go(&who.web, token, &next)),
            Err(failure) => draw_paper(&who, &next, Some(posted.refused(failure)?)),
        },
        Err(refused) => draw_paper(&who, &next, Some(refused)),
    }
}

/// The secret of the session that takes the place of half a sign-in.
async fn finish(who: &Newcomer, typed: String, on_paper: bool) -> Result<String, Failure> {
    let (shared, half) = (who.web.clone(), who.session.clone());
    let done = web::block(move || {
        let proof = if on_paper { Proof::Paper(&typed) } else { Proof::Code(&typed) };
        second_factor::finish(&shared.app, &half, proof)
    });
    Ok(done.await??.token)
}

/// What is said to whoever sets an app up.
fn set_up_sheet(
    heading: &str,
    offer: &Offer,
    action: String,
    refused: Option<Refused>,
) -> Result<Sheet, Failure> {
    let form = FormView::new(&SET_UP, action)
        .refused(refused)
        .fill(&OFFERED, &offer.sealed)
        .button(Button::new("Use this app"));
    let square = Square::new(
        &offer.address,
        "A square for the camera of your app. The same key stands below it as text.",
    )?;
    Ok(Sheet::new(heading)
        .text(
            "A second factor keeps your account yours when somebody learns your password. You need an \
             app that shows codes, on your phone or your computer: any that knows time-based codes will do.",
        )
        .heading("1. Add Panel to your app")
        .text("Let the app read this square, or type the key in by hand.")
        .square(square)
        .inset(Inset { text: format!("Key: {}", offer.secret), id: None })
        .heading("2. Enter the code that it shows")
        .form(form))
}

/// What a refused form brought back of the offer.
fn offered(refused: Option<&Refused>) -> Option<String> {
    refused.map(|refused| refused.typed.one(OFFERED_NAME).to_owned())
}

/// The codes on paper, which are shown once.
fn codes_sheet(codes: Vec<String>, next: Link) -> Sheet {
    Sheet::new("Your recovery codes")
        .text(
            "Write these down or print them, and keep them where you keep other important papers. Each \
             signs you in once when you do not have your app. They are not shown again.",
        )
        .list(codes)
        .links(vec![next])
}

async fn draw_first(who: &Newcomer, next: &str, refused: Option<Refused>) -> Answer {
    must_have(who, Stage::SetUp)?;
    let before = offered(refused.as_ref());
    let offer = who.ask(move |ctx| second_factor::offer(ctx, before.as_deref())).await?;
    let action = with_next("/sign-in/set-up", next);
    let sheet = set_up_sheet("Set up a second factor", &offer, action, refused)?;
    let page = Page::new("Set up a second factor").refused(sheet.has_errors());
    Ok(who.web.site.page(&who.viewer(), &page, "pages/sheet", &sheet)?)
}

async fn first_app(who: Newcomer, next: web::Query<Next>) -> Answer {
    draw_first(&who, &next.path(), None).await
}

async fn use_first_app(who: Newcomer, next: web::Query<Next>, posted: Posted) -> Answer {
    must_have(&who, Stage::SetUp)?;
    let next = next.path();
    let mut reader = SET_UP.read(&posted.values, chrono::NaiveDate::MIN);
    let (key, typed) = (reader.get(&OFFERED), reader.get(&CODE));
    let (key, typed) = match reader.finish(|| Some((key?, typed?))) {
        Ok(typed) => typed,
        Err(refused) => return draw_first(&who, &next, Some(refused)).await,
    };
    let half = who.session.id;
    let done = who.ask(move |ctx| second_factor::put_to_use(ctx, half, &key, &typed)).await;
    match done {
        Ok(enrolled) => {
            let sheet = codes_sheet(enrolled.codes, Link::new(next, "Go on to Panel"));
            let page = Page::new("Your recovery codes");
            let shared: &Web = &who.web;
            let viewer = Viewer::default();
            let mut answer = shared.site.page(&viewer, &page, "pages/sheet", &sheet)?;
            if let Some(fresh) = enrolled.fresh {
                let cookie = cookie(shared.site.is_https(), fresh.token);
                answer.add_cookie(&cookie).map_err(|error| Failure::Broken(error.to_string()))?;
            }
            Ok(answer)
        }
        Err(failure) => draw_first(&who, &next, Some(posted.refused(failure)?)).await,
    }
}

async fn draw_new(asker: &Asker, refused: Option<Refused>) -> Answer {
    let before = offered(refused.as_ref());
    let offer = asker.ask(move |ctx| second_factor::offer(ctx, before.as_deref())).await?;
    let sheet = set_up_sheet("Set up an app", &offer, "/account/app".to_owned(), refused)?;
    let page = Page::new("Set up an app").back("/account", "Your account");
    asker.page(&page.refused(sheet.has_errors()), "pages/sheet", &sheet)
}

async fn new_app(asker: Asker) -> Answer {
    draw_new(&asker, None).await
}

async fn use_new_app(asker: Asker, posted: Posted) -> Answer {
    let mut reader = SET_UP.read(&posted.values, asker.today()?);
    let (key, typed) = (reader.get(&OFFERED), reader.get(&CODE));
    let (key, typed) = match reader.finish(|| Some((key?, typed?))) {
        Ok(typed) => typed,
        Err(refused) => return draw_new(&asker, Some(refused)).await,
    };
    let session = asker.session.id;
    match asker.ask(move |ctx| second_factor::put_to_use(ctx, session, &key, &typed)).await {
        Ok(enrolled) => show_codes(&asker, enrolled.codes),
        Err(failure) => draw_new(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn new_codes(asker: Asker, _posted: Posted) -> Answer {
    // They are never kept, not even as the answer to a second press.
    let codes = asker.ask(second_factor::new_codes).await?;
    show_codes(&asker, codes)
}

fn show_codes(asker: &Asker, codes: Vec<String>) -> Answer {
    let sheet = codes_sheet(codes, Link::new("/account", "Back to your account"));
    asker.page(&Page::new("Your recovery codes"), "pages/sheet", &sheet)
}

/// What stands on the account page.
pub(super) fn of_account(sheet: Sheet, standing: &Standing) -> Sheet {
    let sheet = sheet.heading("Second factor");
    if !standing.is_set_up {
        return sheet
            .text("You sign in by your password alone. An app that shows codes makes that safer.")
            .acts(vec![Act::link("/account/app", "Set up an app")]);
    }
    let left = usize::try_from(standing.codes_left).unwrap_or_default();
    sheet
        .text(format!(
            "You sign in by your password and the code of an app. You have {} left.",
            count(left, "recovery code")
        ))
        .acts(vec![
            Act::link("/account/app", "Replace the app"),
            Act::post("/account/app/codes", Button::secondary("Make new recovery codes")),
        ])
}
