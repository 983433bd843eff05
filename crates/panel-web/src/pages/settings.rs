//! The way to everything that is set rather than done, and how people sign in.

use crate::answer::{Answer, see};
use crate::form::kinds::{date, number};
use crate::form::{Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Button, Link, Page, Sheet};
use crate::web::Asker;
use chrono::NaiveDate;
use panel_app::installation;
use panel_core::account::{IDLE_RANGE, SignInPolicy};
use panel_core::dormancy::SUSPENDED_RANGE;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/settings", Manages => show),
        route!(GET "/settings/sign-in", Administrator => edit_sign_in),
        route!(POST "/settings/sign-in", Administrator => set_sign_in),
    ]
}

static IDLE: Field<'_, u32> =
    number("idle_minutes", "Minutes without use", IDLE_RANGE.0, IDLE_RANGE.1)
        .hint("People are signed out after so many, and warned in good time. Between 5 and 60.");
static OPTIONAL: Optional<'_, NaiveDate> =
    date("optional_until", "Last day on which a second factor is optional")
        .hint("To introduce the service. After that day, or with none, everybody must have one.")
        .optional();
static SUSPENDED: Field<'_, u32> = number(
    "suspended_after",
    "Days without a sign-in",
    SUSPENDED_RANGE.0,
    SUSPENDED_RANGE.1,
)
.hint(
    "An account is suspended after so many. Its person is told a week before. Between 14 and 180.",
);
static SIGN_IN: Form = Form::of(&[&IDLE, &SUSPENDED, &OPTIONAL]);

async fn show(asker: Asker) -> Answer {
    let mut sheet = Sheet::new("Settings");
    let mut items = vec![Link::new("/panels", "Panels")];
    if asker.person().actor.administrator {
        items.push(Link::new("/agencies", "Agencies"));
        items.push(Link::new("/users", "People who use Panel"));
        items.push(Link::new("/settings/sign-in", "How people sign in"));
        items.push(Link::new("/settings/reading", "How much people read"));
    }
    items.push(Link::new("/agency-standings", "Agencies and their people"));
    items.push(Link::new("/reading", "Who may read more today"));
    items.push(Link::new("/audit", "Audit log"));
    if asker.person().actor.administrator {
        items.push(Link::new("/findings", "What stands out"));
    }
    sheet = sheet.links(items);
    asker.page(&Page::new("Settings").section_start("settings"), "pages/sheet", &sheet)
}

async fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    let found = asker.ask(installation::sign_in_policy).await?;
    let form = FormView::new(&SIGN_IN, "/settings/sign-in")
        .fill(&IDLE, &found.value.idle_minutes)
        .fill(&SUSPENDED, &found.value.suspended_after)
        .fill(&OPTIONAL, &found.value.optional_until)
        .version(found.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel("/settings")
        .refused(refused);
    let page = Page::new("How people sign in").section("settings").back("/settings", "Settings");
    let view = FormPage::new("How people sign in", form)
        .intro("The minutes count from each person’s next sign-in on.");
    asker.form(page, view).await
}

async fn edit_sign_in(asker: Asker) -> Answer {
    draw(&asker, None).await
}

async fn set_sign_in(asker: Asker, posted: Posted) -> Answer {
    let mut reader = SIGN_IN.read(&posted.values, asker.today()?);
    let (idle, optional) = (reader.get(&IDLE), reader.get(&OPTIONAL));
    let suspended = reader.get(&SUSPENDED);
    let value = match reader.finish(|| {
        Some(SignInPolicy {
            idle_minutes: idle?,
            optional_until: optional?,
            suspended_after: suspended?,
        })
    }) {
        Ok(value) => value,
        Err(refused) => return draw(&asker, Some(refused)).await,
    };
    let version = posted.version;
    let save =
        move |ctx: &panel_app::Ctx<'_>| installation::set_sign_in_policy(ctx, version, &value);
    match asker.submit(posted.operation, save).await {
        Ok(()) => see("/settings"),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)).await,
    }
}
