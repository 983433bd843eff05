//! How much people read: the bounds of the installation, and the page on which they are lifted for somebody
//! for a day.

use crate::answer::{Answer, see};
use crate::form::kinds::{narrative, number};
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::budget::{self, LiftForm};
use panel_core::budget::{
    CASES_RANGE, CASES_RUNS_RANGE, FILES_RANGE, GUESSES_RANGE, REQUESTS_RANGE, ReadingPolicy,
    UPLOADS_RANGE,
};
use panel_core::id::UserId;
use panel_core::text::Note;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/settings/reading", Administrator => edit),
        route!(POST "/settings/reading", Administrator => set),
        route!(GET "/reading", Manages => list),
        route!(GET "/users/{user}/reading", Manages => ask),
        route!(POST "/users/{user}/reading", Manages => lift),
    ]
}

static CASES: Field<'_, u32> = number(
    "cases",
    "Different cases that a representative opens within an hour",
    CASES_RANGE.0,
    CASES_RANGE.1,
)
.hint("Between 20 and 200. What was opened already does not count again.");
static CASES_RUNS: Field<'_, u32> = number(
    "cases_runs",
    "Different cases that a coordinator or chair opens within an hour",
    CASES_RUNS_RANGE.0,
    CASES_RUNS_RANGE.1,
)
.hint("Between 80 and 400: never fewer than an agenda of forty cases twice.");
static FILES: Field<'_, u32> = number(
    "files",
    "Files that a person takes in a day",
    FILES_RANGE.0,
    FILES_RANGE.1,
)
.hint("Between 1 and 20. Lists that are downloaded, and papers of meetings more than 60 days ago.");
static GUESSES: Field<'_, u32> =
    number("guesses", "Things not found within ten minutes", GUESSES_RANGE.0, GUESSES_RANGE.1)
        .hint("Between 10 and 200. Whoever asks for so many is slowed until she stops.");
static REQUESTS: Field<'_, u32> =
    number("requests", "Requests within a minute", REQUESTS_RANGE.0, REQUESTS_RANGE.1)
        .hint("Between 120 and 6,000, for people and for programs in their name.");
static UPLOADS: Field<'_, u32> =
    number("uploads", "Files that a person sends within an hour", UPLOADS_RANGE.0, UPLOADS_RANGE.1)
        .hint("Between 10 and 200. Trackers and lists of actions that are uploaded.");
static BOUNDS: Form = Form::of(&[&CASES, &CASES_RUNS, &FILES, &GUESSES, &REQUESTS, &UPLOADS]);

static REASON: Field<'_, Note> = narrative("reason", "Reason")
    .hint("Why this person has to read more today. Name nobody of a case.");
static LIFT: Form = Form::of(&[&REASON]);

const BOUNDS_HEADING: &str = "How much people read";
const LIFT_HEADING: &str = "Who may read more today";

async fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    let found = asker.ask(budget::policy).await?;
    let form = FormView::new(&BOUNDS, "/settings/reading")
        .fill(&CASES, &found.value.cases)
        .fill(&CASES_RUNS, &found.value.cases_runs)
        .fill(&FILES, &found.value.files)
        .fill(&GUESSES, &found.value.guesses)
        .fill(&REQUESTS, &found.value.requests)
        .fill(&UPLOADS, &found.value.uploads)
        .version(found.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel("/settings")
        .refused(refused);
    let page = Page::new(BOUNDS_HEADING).section("settings").back("/settings", "Settings");
    let view = FormPage::new(BOUNDS_HEADING, form).intro(
        "Whoever reaches a bound is shown nothing more for a while, and it stands among what stands out. \
         The bounds of reading stop nobody from recording anything, and a case that is open in an \
         emergency stays open. The last two are for programs that ask without a pause, and hold for \
         everything.",
    );
    asker.form(page, view).await
}

async fn edit(asker: Asker) -> Answer {
    draw(&asker, None).await
}

async fn set(asker: Asker, posted: Posted) -> Answer {
    let mut reader = BOUNDS.read(&posted.values, asker.today()?);
    let (cases, cases_runs) = (reader.get(&CASES), reader.get(&CASES_RUNS));
    let (files, guesses) = (reader.get(&FILES), reader.get(&GUESSES));
    let (requests, uploads) = (reader.get(&REQUESTS), reader.get(&UPLOADS));
    let value = match reader.finish(|| {
        Some(ReadingPolicy {
            cases: cases?,
            cases_runs: cases_runs?,
            files: files?,
            guesses: guesses?,
            requests: requests?,
            uploads: uploads?,
        })
    }) {
        Ok(value) => value,
        Err(refused) => return draw(&asker, Some(refused)).await,
    };
    let version = posted.version;
    let save = move |ctx: &Ctx<'_>| budget::set_policy(ctx, version, &value);
    match asker.submit(posted.operation, save).await {
        Ok(()) => see("/settings"),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn list(asker: Asker) -> Answer {
    let found = asker.ask(budget::list).await?;
    let rows = found.iter().map(|one| {
        let state = if one.is_lifted { "Lifted for today" } else { "As usual" };
        Row::new(vec![
            Cell::link(format!("/users/{}/reading", one.user), &one.name).heading(),
            Cell::text(state),
        ])
    });
    let table = Table::new(["Name", "Today"].map(Column::new).into(), rows.collect())
        .hidden_caption("People whose bounds you can lift")
        .or_say("There is nobody whose bounds you can lift.");
    let sheet = Sheet::new(LIFT_HEADING)
        .text(
            "There is a limit to how many cases a person opens within an hour and how many files in a day. For \
             somebody who needs more today you can lift that.",
        )
        .table(table);
    let page = Page::new(LIFT_HEADING).section("settings").back("/settings", "Settings");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw_lift(asker: &Asker, user: UserId, refused: Option<Refused>) -> Answer {
    let found = asker.ask(move |ctx| budget::show(ctx, user)).await?;
    let title = format!("How much {} reads", found.name);
    let is_refused = refused.is_some();
    let page = Page::new(title.clone()).section("settings").back("/reading", LIFT_HEADING);
    let sheet = Sheet::new(title);
    let sheet = if found.is_lifted {
        sheet.text("The bounds are lifted for today. They hold again tomorrow.")
    } else {
        let form = FormView::new(&LIFT, format!("/users/{user}/reading"))
            .operation(asker.operation()?)
            .button(Button::new("Lift the bounds for today"))
            .refused(refused);
        sheet
            .text(
                "There is a limit to how many cases a person opens within an hour and how many files in a day. You \
                 can lift that for today. What is read is watched as before, and this is kept in the log.",
            )
            .form(form)
    };
    asker.page(&page.refused(is_refused), "pages/sheet", &sheet)
}

async fn ask(asker: Asker, user: web::Path<UserId>) -> Answer {
    draw_lift(&asker, *user, None).await
}

async fn lift(asker: Asker, user: web::Path<UserId>, posted: Posted) -> Answer {
    let user = *user;
    let mut reader = LIFT.read(&posted.values, asker.today()?);
    let reason = reader.get(&REASON);
    let form = match reader.finish(|| Some(LiftForm { reason: reason?.as_str().to_owned() })) {
        Ok(form) => form,
        Err(refused) => return draw_lift(&asker, user, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx: &Ctx<'_>| budget::lift(ctx, user, &form)).await
    {
        Ok(()) => see(format!("/users/{user}/reading")),
        Err(failure) => draw_lift(&asker, user, Some(posted.refused(failure)?)).await,
    }
}
