//! A person's own page: sign out, tokens of programs, and text kept while it is typed.

use crate::answer::{Answer, see};
use crate::form::kinds::line;
use crate::form::{Field, Form, FormPage, FormView, Refused, Values};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::dates;
use crate::view::parts::{Inset, Link};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::{HttpResponse, web};
use panel_app::{accounts, drafts};
use panel_core::id::ApiTokenId;
use panel_core::text::Name;
use serde::Serialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/account", SignedIn => show),
        route!(GET "/account/tokens/new", SignedIn => new_token),
        route!(POST "/account/tokens/new", SignedIn => create_token),
        route!(POST "/account/tokens/{token}/revoke", SignedIn => revoke_token),
        route!(POST "/drafts", SignedIn => keep_draft),
    ]
}

static NAME: Field<'_, Name> = line("name", "What is the token for?");
static FORM: Form = Form::of(&[&NAME]);

async fn show(asker: Asker) -> Answer {
    let tokens = asker.ask(accounts::tokens).await?;
    let live: Vec<_> = tokens.iter().filter(|token| token.revoked_at.is_none()).collect();
    let rows = live.iter().map(|token| {
        let made = dates::date(panel_core::time::local_date(token.created_at));
        Row::new(vec![Cell::text(&token.name).heading(), Cell::text(made)])
    });
    let table = Table::new(["Token", "Made on"].map(Column::new).into(), rows.collect())
        .hidden_caption("Tokens")
        .or_say("You have no token.");
    let revokes = live.iter().map(|token| {
        let button = Button::secondary(format!("Revoke {}", token.name));
        Act::post(format!("/account/tokens/{}/revoke", token.id), button)
    });
    let sheet = Sheet::new(&asker.person().name)
        .acts(vec![Act::post("/sign-out", Button::secondary("Sign out"))])
        .heading("Tokens")
        .text("A token lets a program act as you. Keep it as you keep a password.")
        .table(table)
        .acts(vec![Act::link("/account/tokens/new", "Make a token")])
        .acts(revokes.collect());
    asker.page(&Page::new("Your account"), "pages/sheet", &sheet)
}

async fn draw_token(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&FORM, "/account/tokens/new")
        .operation(asker.operation()?)
        .button(Button::new("Make a token"))
        .cancel("/account")
        .refused(refused);
    let page = Page::new("Make a token").back("/account", "Your account");
    asker.form(page, FormPage::new("Make a token", form)).await
}

async fn new_token(asker: Asker) -> Answer {
    draw_token(&asker, None).await
}

async fn create_token(asker: Asker, posted: Posted) -> Answer {
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let name = reader.get(&NAME);
    let name = match reader.finish(|| name) {
        Ok(name) => name,
        Err(refused) => return draw_token(&asker, Some(refused)).await,
    };
    // The secret is never kept, not even as the answer to a second press.
    let token = asker.ask(move |ctx| accounts::create_token(ctx, name.as_str())).await?;
    let sheet = Sheet::new("Your token")
        .text("Copy it now. It is shown once.")
        .inset(Inset { text: token, id: None })
        .links(vec![Link::new("/account", "Back to your account")]);
    asker.page(&Page::new("Your token"), "pages/sheet", &sheet)
}

async fn revoke_token(asker: Asker, token: web::Path<ApiTokenId>, posted: Posted) -> Answer {
    let token = *token;
    asker.submit(posted.operation, move |ctx| accounts::revoke_token(ctx, token)).await?;
    see("/account")
}

/// The name under which the place of a kept text is sent.
const PLACE: &str = "place";

#[derive(Serialize)]
struct Kept {
    at: String,
}

/// Keeps what is being typed; the script calls it every few seconds.
async fn keep_draft(asker: Asker, mut values: Values) -> Answer {
    let place = values.one(PLACE).to_owned();
    values.remove(PLACE);
    let body = values.to_urlencoded();
    let at = asker.ask(move |ctx| drafts::keep(ctx, &place, &body)).await?;
    let at = dates::time(panel_core::time::local(at).time());
    Ok(HttpResponse::Ok().json(Kept { at }))
}
