//! Before a grave act: the person proves once more who asks, and goes on where that was.

use super::passkeys::before_act;
use super::sign_in::Next;
use crate::answer::{Answer, see};
use crate::form::kinds::{code, password};
use crate::form::{Field, Form, FormPage, FormView, Kept, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::{waiting_place, with_next};
use crate::view::{Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::http::StatusCode;
use actix_web::web;
use panel_app::drafts;
use panel_app::sign_in::{self, Asked};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/confirm", SignedIn => show),
        route!(POST "/confirm", SignedIn => confirm),
        route!(GET "/sign-in/again", SignedIn => again),
    ]
}

static CODE: Field<'_, String> =
    code("proof", "Code").hint("The six digits that your app shows now.");
static PASSWORD: Field<'_, String> = password("proof", "Your password", "current-password");
static BY_CODE: Form = Form::of(&[&CODE]);
static BY_PASSWORD: Form = Form::of(&[&PASSWORD]);
static BY_DIRECTORY: Form = Form::of(&[]);

pub(super) async fn draw(asker: &Asker, next: &str, refused: Option<Refused>) -> Answer {
    let (form, has_passkey) = match asker.ask(sign_in::asked).await? {
        Asked::Code { or_passkey } => (&BY_CODE, or_passkey),
        Asked::Password => (&BY_PASSWORD, false),
        Asked::Directory => return draw_directory(asker, next),
    };
    let form = FormView::new(form, with_next("/confirm", next))
        .button(Button::new("Confirm"))
        .cancel("/")
        .refused(refused);
    let view = FormPage::new("Confirm it is you", form)
        .intro(
            "What you are about to do needs you yourself. For five minutes you are not asked again.",
        )
        .or_passkey(has_passkey.then(|| before_act(next)));
    let page = Page::new("Confirm it is you").refused(view.form.has_errors());
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

/// For whoever has neither app nor password: the directory asks.
fn draw_directory(asker: &Asker, next: &str) -> Answer {
    let form = FormView::new(&BY_DIRECTORY, with_next("/confirm/directory", next))
        .button(Button::new("Confirm at your agency’s directory"))
        .cancel("/");
    let view = FormPage::new("Confirm it is you", form).intro(
        "What you are about to do needs you yourself. Your agency’s directory asks you to sign in once \
         more; then you come back here.",
    );
    Ok(view.answer(&asker.web.site, &asker.viewer(), Page::new("Confirm it is you"))?)
}

async fn show(asker: Asker, next: web::Query<Next>) -> Answer {
    draw(&asker, &next.path(), None).await
}

async fn confirm(asker: Asker, next: web::Query<Next>, posted: Posted) -> Answer {
    let next = next.path();
    let form = match asker.ask(sign_in::asked).await? {
        Asked::Code { .. } => (&BY_CODE, &CODE),
        Asked::Password => (&BY_PASSWORD, &PASSWORD),
        Asked::Directory => return draw_directory(&asker, &next),
    };
    let mut reader = form.0.read(&posted.values, asker.today()?);
    let typed = reader.get(form.1);
    let typed = match reader.finish(|| typed) {
        Ok(typed) => typed,
        Err(refused) => return draw(&asker, &next, Some(refused)).await,
    };
    let session = asker.session.id;
    if let Err(failure) = asker.ask(move |ctx| sign_in::confirm(ctx, session, &typed)).await {
        return draw(&asker, &next, Some(posted.refused(failure)?)).await;
    }
    go_on(&asker, &next).await
}

/// After a sign-in: shows what its person sent too late to where there is no page, to be sent again.
async fn again(asker: Asker, next: web::Query<Next>) -> Answer {
    let place = waiting_place(&next.path());
    // It stays until it is sent, so that a page that is loaded again still shows it.
    let found = asker.ask(move |ctx| drafts::find(ctx, &place)).await?;
    match found.and_then(|(field, _)| Kept::from_field(&field)) {
        Some(kept) => Ok(kept.resend(StatusCode::OK).answer(&asker.web.site, &asker.viewer())?),
        None => see("/"),
    }
}

/// Leads back to where the person was. What was sent there is sent again, by hand, because a browser does
/// not send a form that it was not asked to.
pub(super) async fn go_on(asker: &Asker, next: &str) -> Answer {
    let place = waiting_place(next);
    let waits = asker
        .ask(move |ctx| {
            let found = drafts::find(ctx, &place)?;
            drafts::settle(ctx, &place)?;
            Ok(found)
        })
        .await?;
    if let Some(kept) = waits.and_then(|(field, _)| Kept::from_field(&field)) {
        return Ok(kept.confirmed().answer(&asker.web.site, &asker.viewer())?);
    }
    if !next.contains("/export") {
        return see(next);
    }
    // A file does not take the place of this page, which would go on asking.
    let sheet = Sheet::new("You confirmed that it is you")
        .links(vec![Link::new(next, "Get the file"), Link::new("/", "Today")]);
    asker.page(&Page::new("You confirmed that it is you"), "pages/sheet", &sheet)
}
