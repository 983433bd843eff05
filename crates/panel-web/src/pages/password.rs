//! A new password for whoever knows the one before.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::password;
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Button, Page};
use crate::web::Asker;
use panel_app::accounts::{self, PasswordChange};
use panel_core::account::Bar;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/account/password", SignedIn => show),
        route!(POST "/account/password", SignedIn => change),
    ]
}

/// The field of a password that is chosen.
pub(super) static NEW: Field<'_, String> = password("password", "New password", "new-password")
    .hint("At least 12 characters. Three random words make a good password.");
/// The same where more is asked.
pub(super) static NEW_LONG: Field<'_, String> =
    password("password", "New password", "new-password")
        .hint("At least 15 characters. Three random words make a good password.");
static CURRENT: Field<'_, String> =
    password("current", "The password that you have now", "current-password");
static FORM: Form = Form::of(&[&CURRENT, &NEW]);
static LONG_FORM: Form = Form::of(&[&CURRENT, &NEW_LONG]);

async fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = match asker.ask(accounts::bar).await? {
        Some(Bar::Usual) => &FORM,
        Some(Bar::High) => &LONG_FORM,
        None => return Err(Failure::NotFound),
    };
    let form = FormView::new(form, "/account/password")
        .button(Button::new("Change the password"))
        .cancel("/account")
        .refused(refused);
    let view = FormPage::new("Change your password", form).intro(
        "Wherever else you are signed in, you are signed out. We tell you by email that it was changed.",
    );
    asker.form(Page::new("Change your password").back("/account", "Your account"), view).await
}

async fn show(asker: Asker) -> Answer {
    draw(&asker, None).await
}

async fn change(asker: Asker, posted: Posted) -> Answer {
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (current, password) = (reader.get(&CURRENT), reader.get(&NEW));
    let session = asker.session.id;
    let read = || Some(PasswordChange { session, current: current?, password: password? });
    let change = match reader.finish(read) {
        Ok(change) => change,
        Err(refused) => return draw(&asker, Some(refused)).await,
    };
    match asker.ask(move |ctx| accounts::change_password(ctx, &change)).await {
        Ok(()) => see("/account?done=password_changed"),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)).await,
    }
}
