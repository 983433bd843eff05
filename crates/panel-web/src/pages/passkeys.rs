//! Passkeys: listed, made and removed on one's account, and given in signing in and before grave acts. Each
//! pair of routes asks the browser and takes its answer; the script stands between them.

use super::confirm::go_on;
use super::second_factor::draw_code;
use super::sign_in::{Next, go};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::line;
use crate::form::{Field, Form, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::with_next;
use crate::view::parts::Inset;
use crate::view::passkey::PasskeyForm;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet, dates};
use crate::web::{Asker, Newcomer};
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use panel_app::passkeys::{self, Kept, Standing};
use panel_core::id::PasskeyId;
use panel_core::text::Name;
use panel_core::time::local_date;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/account/passkeys", SignedIn => show),
        route!(POST "/account/passkeys", SignedIn => add),
        route!(POST "/account/passkeys/options", SignedIn => invite),
        route!(POST "/account/passkeys/{passkey}/remove", SignedIn => remove),
        route!(POST "/sign-in/passkey", HalfWay => finish),
        route!(POST "/sign-in/passkey/options", HalfWay => ask_half),
        route!(POST "/confirm/passkey", SignedIn => confirm),
        route!(POST "/confirm/passkey/options", SignedIn => ask),
    ]
}

static NAME: Field<'_, Name> = line("name", "What do you call this passkey?")
    .hint("Such as “my phone” or “the key on my key ring”.");
static FORM: Form = Form::of(&[&NAME]);
/// The field that the script fills with the browser's answer.
const CREDENTIAL: &str = "credential";

/// What the browser is told, for the script.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of a handler")]
fn options(json: String) -> Answer {
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(json))
}

/// Offers a passkey in place of the code that a sign-in waits for.
pub(super) fn in_sign_in(next: &str) -> PasskeyForm {
    let action = with_next("/sign-in/passkey", next);
    let button = Button::secondary("Sign in with a passkey");
    PasskeyForm::proof("Or use your passkey", action, "/sign-in/passkey/options", button)
}

/// Offers a passkey in place of the code that a grave act waits for.
pub(super) fn before_act(next: &str) -> PasskeyForm {
    let action = with_next("/confirm/passkey", next);
    let button = Button::secondary("Confirm with a passkey");
    PasskeyForm::proof("Or use your passkey", action, "/confirm/passkey/options", button)
}

/// What stands on the account page.
pub(super) fn of_account(sheet: Sheet, standing: &Standing) -> Sheet {
    if !standing.can_be_made && standing.kept.is_empty() {
        return sheet;
    }
    let many = match standing.kept.len() {
        0 => "You have no passkey.".to_owned(),
        1 => "You have one passkey.".to_owned(),
        many => format!("You have {many} passkeys."),
    };
    sheet
        .heading("Passkeys")
        .text(format!(
            "{many} A passkey is kept by your phone, your computer or a key that you plug in. It takes the \
             place of the code of your app, and nobody can talk it out of you."
        ))
        .acts(vec![Act::link("/account/passkeys", "Your passkeys")])
}

/// Asks whoever runs a panel or the service to add one.
pub(super) fn urge(sheet: Sheet, is_urged: bool) -> Sheet {
    if !is_urged {
        return sheet;
    }
    let text = "Add a passkey. You run a panel or this service, and a code can be talked out of anybody; a \
                passkey cannot.";
    sheet
        .inset(Inset { text: text.to_owned(), id: None })
        .acts(vec![Act::link("/account/passkeys", "Add a passkey").quiet()])
}

async fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    let standing = asker.ask(passkeys::manage).await?;
    let is_refused = refused.is_some();
    let mut sheet = Sheet::new("Your passkeys").text(
        "A passkey signs you in together with your password, in place of the code of your app. Your \
         device asks for your finger, your face or its own code first. When you add or remove one, you are \
         signed out everywhere else.",
    );
    sheet = listed(sheet, &standing.kept);
    if !standing.can_be_made {
        sheet = sheet.text("Browsers do not make passkeys for the address of this service.");
    } else if !standing.has_app {
        sheet = sheet
            .text(
                "Set up an app that shows codes first. It signs you in when your passkey is lost.",
            )
            .acts(vec![Act::link("/account/app", "Set up an app")]);
    } else {
        let form = FormView::new(&FORM, "/account/passkeys").refused(refused);
        sheet = sheet.passkey(PasskeyForm::making(
            "Add a passkey",
            &form,
            "/account/passkeys/options",
            Button::new("Add a passkey"),
            "Your browser makes a passkey only where scripts may run. The codes of your app work without.",
        ));
    }
    let page = Page::new("Your passkeys").back("/account", "Your account");
    asker.page(&page.refused(is_refused), "pages/sheet", &sheet)
}

fn listed(sheet: Sheet, kept: &[Kept]) -> Sheet {
    let on = |at| dates::date(local_date(at));
    let rows = kept.iter().map(|one| {
        let used = one.used_at.map_or_else(|| "Not yet".to_owned(), on);
        Row::new(vec![
            Cell::text(&one.name).heading(),
            Cell::text(on(one.made_at)),
            Cell::text(used),
        ])
    });
    let columns = ["Passkey", "Added", "Last used"].map(Column::new);
    let table = Table::new(columns.into(), rows.collect());
    let removes = kept.iter().map(|one| {
        let button = Button::secondary(format!("Remove {}", one.name));
        Act::post(format!("/account/passkeys/{}/remove", one.id), button)
    });
    sheet
        .table(table.hidden_caption("Passkeys").or_say("You have no passkey."))
        .acts(removes.collect())
}

async fn show(asker: Asker) -> Answer {
    draw(&asker, None).await
}

async fn invite(asker: Asker, _posted: Posted) -> Answer {
    let session = asker.session.id;
    options(asker.ask(move |ctx| passkeys::invite(ctx, session)).await?)
}

async fn add(asker: Asker, mut posted: Posted) -> Answer {
    let answer = posted.values.one(CREDENTIAL).to_owned();
    posted.values.remove(CREDENTIAL);
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let name = reader.get(&NAME);
    let name = match reader.finish(|| name) {
        Ok(name) => name,
        Err(refused) => return draw(&asker, Some(refused)).await,
    };
    let session = asker.session.id;
    match asker.ask(move |ctx| passkeys::add(ctx, session, name.as_str(), &answer)).await {
        Ok(()) => see("/account/passkeys"),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn remove(asker: Asker, passkey: web::Path<PasskeyId>, _posted: Posted) -> Answer {
    let (passkey, session) = (*passkey, asker.session.id);
    asker.ask(move |ctx| passkeys::remove(ctx, session, passkey)).await?;
    see("/account/passkeys")
}

async fn ask_half(who: Newcomer, _posted: Posted) -> Answer {
    let (shared, half) = (who.web.clone(), who.session.clone());
    options(web::block(move || passkeys::ask_half(&shared.app, &half)).await??)
}

async fn finish(who: Newcomer, next: web::Query<Next>, posted: Posted) -> Answer {
    let next = next.path();
    let (shared, half) = (who.web.clone(), who.session.clone());
    let answer = posted.values.one(CREDENTIAL).to_owned();
    let done = web::block(move || passkeys::finish(&shared.app, &half, &answer)).await?;
    match done.map_err(Failure::from) {
        Ok(fresh) => Ok(go(&who.web, fresh.token, &next)),
        Err(failure) => draw_code(&who, &next, Some(posted.refused(failure)?)).await,
    }
}

async fn ask(asker: Asker, _posted: Posted) -> Answer {
    let session = asker.session.id;
    options(asker.ask(move |ctx| passkeys::ask(ctx, session)).await?)
}

async fn confirm(asker: Asker, next: web::Query<Next>, posted: Posted) -> Answer {
    let next = next.path();
    let session = asker.session.id;
    let answer = posted.values.one(CREDENTIAL).to_owned();
    match asker.ask(move |ctx| passkeys::confirm(ctx, session, &answer)).await {
        Ok(()) => go_on(&asker, &next).await,
        Err(failure) => super::confirm::draw(&asker, &next, Some(posted.refused(failure)?)).await,
    }
}
