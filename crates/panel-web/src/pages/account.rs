//! A person's own page: sign out, tokens of programs, and text kept while it is typed.

use super::second_factor::of_account;
use super::sign_in::signed_out;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::line;
use crate::form::{Field, Form, FormPage, FormView, Refused, Values};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::{DRAFT_PLACE, Shelved, shelve};
use crate::view::dates;
use crate::view::parts::{Inset, Link};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Page, Sheet};
use crate::web::{Asker, seconds};
use actix_web::{HttpResponse, web};
use panel_app::sign_in::{self, OpenSession};
use panel_app::{Ctx, accounts, drafts, passkeys, second_factor};
use panel_core::id::{ApiTokenId, SessionId};
use panel_core::text::Name;
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/account", SignedIn => show),
        route!(POST "/account/sessions/{session}/end", SignedIn => end_session),
        route!(POST "/account/sign-out-everywhere", SignedIn => sign_out_everywhere),
        route!(GET "/account/tokens/new", SignedIn => new_token),
        route!(POST "/account/tokens/new", SignedIn => create_token),
        route!(POST "/account/tokens/{token}/revoke", SignedIn => revoke_token),
        route!(POST "/account/renew", SignedIn => renew),
        route!(POST "/drafts", SignedIn => keep_draft),
    ]
}

static NAME: Field<'_, Name> = line("name", "What is the token for?");
static FORM: Form = Form::of(&[&NAME]);

/// What was just done.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    PasswordChanged,
}

#[derive(Deserialize)]
struct Said {
    done: Option<Done>,
}

async fn show(asker: Asker, said: web::Query<Said>) -> Answer {
    let read = |ctx: &Ctx<'_>| {
        let factors = (second_factor::standing(ctx)?, passkeys::standing(ctx)?);
        let ways = (accounts::bar(ctx)?.is_some(), factors);
        Ok((accounts::tokens(ctx)?, sign_in::sessions(ctx)?, ways))
    };
    let (tokens, sessions, (has_password, (standing, keys))) = asker.together(read).await?;
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
    let sign_out = Act::post("/sign-out", Button::secondary("Sign out"));
    let change =
        has_password.then(|| Act::link("/account/password", "Change your password").quiet());
    let sheet = Sheet::new(&asker.person().name)
        .acts([Some(sign_out), change].into_iter().flatten().collect());
    let sheet = super::attestation::of_account(sheet, asker.person());
    let sheet = super::passkeys::of_account(of_account(sheet, &standing), &keys);
    let sheet = signed_in(sheet, &asker, &sessions)
        .heading("Tokens")
        .text("A token lets a program act as you. Keep it as you keep a password.")
        .table(table)
        .acts(vec![Act::link("/account/tokens/new", "Make a token")])
        .acts(revokes.collect());
    let banner = said.done.as_ref().map(|Done::PasswordChanged| {
        Banner::success("Your password is changed. You are signed out everywhere else.")
    });
    asker.page(&Page::new("Your account").banner(banner), "pages/sheet", &sheet)
}

/// Where the person is signed in, with a way to end each of the others.
fn signed_in(sheet: Sheet, asker: &Asker, sessions: &[OpenSession]) -> Sheet {
    let here = asker.session.id;
    let when = |at| panel_core::words::date_time(panel_core::time::local(at));
    let row = |session: &OpenSession| {
        let which = if session.id == here { "Here, in this browser" } else { "Somewhere else" };
        Row::new(vec![
            Cell::text(which).heading(),
            Cell::text(when(session.started_at)),
            Cell::text(when(session.seen_at)),
        ])
    };
    let table = Table::new(
        ["Where", "Signed in", "Last used"].map(Column::new).into(),
        sessions.iter().map(row).collect(),
    );
    let others = sessions.iter().filter(|session| session.id != here).map(|session| {
        let button = Button::secondary(format!("End the one of {}", when(session.started_at)));
        Act::post(format!("/account/sessions/{}/end", session.id), button)
    });
    let mut acts: Vec<Act> = others.collect();
    if !acts.is_empty() {
        let everywhere = Button::secondary("Sign out everywhere");
        acts.push(Act::post("/account/sign-out-everywhere", everywhere));
    }
    sheet
        .heading("Where you are signed in")
        .text("If you do not know one of these, end it and choose a new password.")
        .table(table.hidden_caption("Where you are signed in"))
        .acts(acts)
}

async fn end_session(asker: Asker, session: web::Path<SessionId>, _posted: Posted) -> Answer {
    let session = *session;
    asker.ask(move |ctx| sign_in::end_session(ctx, session)).await?;
    see("/account")
}

async fn sign_out_everywhere(asker: Asker, _posted: Posted) -> Answer {
    asker.ask(|ctx| sign_in::sign_out(ctx, None)).await?;
    Ok(signed_out(&asker))
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

/// Where a person finds again what was kept.
#[derive(Serialize)]
struct Kept {
    next: String,
}

/// Keeps what stands in a form whose session is about to end; the script calls it.
async fn keep_draft(asker: Asker, mut values: Values) -> Answer {
    let place = values.one(DRAFT_PLACE).to_owned();
    values.remove(DRAFT_PLACE);
    let Shelved { place, body, next } = shelve(&place, values).ok_or(Failure::Malformed)?;
    asker.ask(move |ctx| drafts::keep(ctx, &place, &body)).await?;
    Ok(HttpResponse::Ok().json(Kept { next }))
}

/// How much longer a session holds, in seconds, for the script.
#[derive(Serialize)]
struct Holds {
    session: [i64; 3],
}

/// Says how much longer the session holds, which was used by this very request.
async fn renew(asker: Asker, _posted: Posted) -> Answer {
    Ok(HttpResponse::Ok().json(Holds { session: seconds(&asker.session) }))
}
