//! Somebody leaves: what they owe goes to others first, then the account is closed.

use super::actions::{about, due_cell, path as action_path, standing_cell};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::id;
use crate::form::{Choice, Form, FormView, Layout, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::controls::ErrorLine;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row as TableRow, Table};
use crate::view::{Banner, Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::actions::{self, Assignment, Leaver, LeaverForm, Row};
use panel_core::id::UserId;
use panel_core::words::count;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/users/{user}/leaving", LetsGo => ask),
        route!(POST "/users/{user}/leaving", LetsGo => hand_over),
        route!(POST "/users/{user}/remove", LetsGo => remove),
    ]
}

/// Actions for which the page asks one by one; more go to one person, or some at a time.
const ONE_BY_ONE: usize = 50;

static ALL_TO: Optional<'_, UserId> = id("all_to", "Who takes over what is not named below")
    .hint("Each action goes to a colleague of the agency that owes it.")
    .optional();
static EACH: Optional<'_, UserId> = id("to", "Who takes it over").optional();
static NOTHING: Form = Form::of(&[]);

#[derive(Debug, Clone, Copy, Deserialize)]
struct Given {
    /// How many actions were just handed over.
    given: Option<usize>,
}

fn at(user: UserId) -> String {
    format!("/users/{user}/leaving")
}

async fn load(asker: &Asker, user: UserId) -> Result<Leaver, Failure> {
    asker.ask(move |ctx| actions::leaver(ctx, user)).await
}

async fn ask(asker: Asker, user: web::Path<UserId>, given: web::Query<Given>) -> Answer {
    let banner =
        given.given.map(|n| Banner::success(format!("{} handed over.", count(n, "action"))));
    draw(&asker, *user, None, banner).await
}

/// The names of the fields of each action, with their labels.
fn names(rows: &[Row]) -> Vec<(String, String)> {
    let one = |row: &Row| {
        let line = &row.line;
        (format!("to-{}", line.id), format!("{} – {}", line.text, about(row)))
    };
    rows.iter().take(ONE_BY_ONE).map(one).collect()
}

async fn draw(
    asker: &Asker,
    user: UserId,
    refused: Option<Refused>,
    banner: Option<Banner>,
) -> Answer {
    let found = load(asker, user).await?;
    let title = format!("{} leaves", found.name);
    let mut sheet = Sheet::new(title.clone());
    if found.has_left {
        sheet = sheet.text("This person has left, and the account is closed.");
    } else if found.all == 0 {
        sheet =
            sheet.text("Nothing is owed by this person any more.").form(removal(asker, &found)?);
    } else {
        sheet = sheet
            .warning(Warning {
                text: format!("{} still to be handed over", count(found.all, "open action")),
            })
            .text("Somebody leaves only when nothing is theirs any more.");
        if found.actions.is_empty() {
            sheet = sheet.text(
                "They belong to cases that you do not see. The coordinator of the panel hands \
                 them over.",
            );
        } else {
            sheet = sheet.table(table(&found.actions));
        }
    }
    let back = if asker.person().actor.administrator {
        (format!("/users/{user}"), "Back")
    } else {
        ("/actions".to_owned(), "Actions")
    };
    let page = Page::new(title).section("settings").back(back.0, back.1).banner(banner);
    if found.actions.is_empty() || found.has_left {
        let errors = refused.into_iter().flat_map(|refused| refused.errors);
        let lines = errors.map(|error| ErrorLine { text: error.message, href: None });
        let sheet = sheet.errors(lines.collect());
        let page = if sheet.has_errors() { page.refused(true) } else { page };
        return asker.page(&page, "pages/sheet", &sheet);
    }
    let names = names(&found.actions);
    let fields = fields(&names);
    let form = form(asker, &found, &fields, refused)?;
    let view = Handing { sheet, form };
    let page = if view.form.has_errors() { page.refused(true) } else { page };
    asker.page(&page, "pages/leaving", &view)
}

/// The page with a form whose fields are the actions.
#[derive(serde::Serialize)]
struct Handing<'a> {
    #[serde(flatten)]
    sheet: Sheet,
    form: FormView<'a>,
}

/// The fields of these names.
fn fields(names: &[(String, String)]) -> Vec<Optional<'_, UserId>> {
    names.iter().map(|(name, label)| EACH.under(name, label)).collect()
}

fn layout<'a>(fields: &'a [Optional<'a, UserId>]) -> Layout<'a> {
    fields.iter().fold(Layout::new().with(&ALL_TO), Layout::with)
}

fn form<'a>(
    asker: &Asker,
    found: &Leaver,
    fields: &'a [Optional<'a, UserId>],
    refused: Option<Refused>,
) -> Result<FormView<'a>, Failure> {
    let layout = layout(fields);
    let mut form = FormView::new(layout, at(found.person)).choices(&ALL_TO, everybody(found));
    for (field, row) in fields.iter().zip(&found.actions) {
        form = form.choices(field, colleagues(found, row));
    }
    Ok(form
        .operation(asker.operation()?)
        .button(Button::new("Hand over"))
        .cancel(at(found.person))
        .refused(refused))
}

fn everybody(found: &Leaver) -> Vec<Choice> {
    let mut all: Vec<_> = found.colleagues.iter().map(|one| (&one.name, one.user)).collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|(name, user)| Choice::new(user, name.as_str())).collect()
}

fn colleagues(found: &Leaver, row: &Row) -> Vec<Choice> {
    let theirs = found
        .colleagues
        .iter()
        .filter(|one| one.panel == row.line.panel && one.agency == row.line.agency);
    theirs.map(|one| Choice::new(one.user, one.name.as_str())).collect()
}

fn table(rows: &[Row]) -> Table {
    let shown = rows.iter().take(ONE_BY_ONE).map(|row| {
        TableRow::new(vec![
            Cell::link(action_path(row.line.id), row.line.text.clone()).heading().note(about(row)),
            Cell::text(row.line.agency_name.clone().unwrap_or_default()),
            due_cell(row),
            standing_cell(row),
        ])
    });
    let columns = ["Action", "Agency", "Due", "Status"].map(Column::new).into();
    Table::new(columns, shown.collect()).hidden_caption("Open actions").wide().small()
}

fn removal(asker: &Asker, found: &Leaver) -> Result<FormView<'static>, Failure> {
    Ok(FormView::new(&NOTHING, format!("/users/{}/remove", found.person))
        .operation(asker.operation()?)
        .button(Button::warning("Close the account and end every seat")))
}

async fn hand_over(asker: Asker, user: web::Path<UserId>, posted: Posted) -> Answer {
    let user = *user;
    let found = load(&asker, user).await?;
    let names = names(&found.actions);
    let fields = fields(&names);
    let mut reader = layout(&fields).read(&posted.values, asker.today()?);
    let all_to = reader.get(&ALL_TO);
    let each: Vec<Option<Option<UserId>>> = fields.iter().map(|field| reader.get(field)).collect();
    let nobody = all_to == Some(None) && each.iter().all(|one| *one == Some(None));
    if nobody {
        reader.refuse(&ALL_TO, "nobody", "Select who takes the actions over");
    }
    let actions = &found.actions;
    let read = reader.finish(|| {
        let chosen: Option<Vec<Option<UserId>>> = each.into_iter().collect();
        let assigned = actions
            .iter()
            .zip(chosen?)
            .filter_map(|(row, to)| Some(Assignment { action: row.line.id, to: to? }));
        Some(LeaverForm { all_to: all_to?, each: assigned.collect() })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, user, Some(refused), None).await,
    };
    match asker.submit(posted.operation, move |ctx| actions::hand_over(ctx, user, &form)).await {
        Ok(given) => see(format!("{}?given={}", at(user), given.len())),
        Err(failure) => {
            let mut refused = posted.refused(failure)?;
            for error in &mut refused.errors {
                // Core speaks of the person; here that is a choice among these fields.
                "all_to".clone_into(&mut error.field);
            }
            draw(&asker, user, Some(refused), None).await
        }
    }
}

async fn remove(asker: Asker, user: web::Path<UserId>, posted: Posted) -> Answer {
    let user = *user;
    let name = load(&asker, user).await?.name;
    let form = LeaverForm::default();
    match asker.submit(posted.operation, move |ctx| actions::remove_person(ctx, user, &form)).await
    {
        Ok(_) => {
            let title = format!("{name} has left");
            let sheet = Sheet::new(title.clone())
                .text(
                    "The account is closed, every seat has ended, and nothing is mailed any more.",
                )
                .links(vec![Link::new("/", "Today")]);
            asker.page(&Page::new(title).section("settings"), "pages/sheet", &sheet)
        }
        Err(failure) => draw(&asker, user, Some(posted.refused(failure)?), None).await,
    }
}
