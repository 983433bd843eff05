//! The register as a file: out, and back in with a look at what it changes.

use super::path;
use super::register::Address;
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::kinds::{file, tick};
use crate::form::{Fault, Field, Form, FormPage, FormView, Query, Refused, Upload};
use crate::posted::Posted;
use crate::view::controls::ErrorLine;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use panel_app::actions::sheet::{self, Format, Preview};
use panel_core::coded::Coded;
use panel_core::words::count;

static FILE: Field<'_, ()> = file("file", "The downloaded list", ".xlsx,.csv")
    .hint("An Excel workbook (.xlsx) or a CSV file that was downloaded from the actions page")
    .missing("Select the file");
static UPLOAD: Form = Form::of(&[&FILE]);
static WITHOUT: Field<'_, bool> =
    tick("without_bad", "Leave the rows with problems out and change the others");
static CONFIRM: Form = Form::of(&[]);
static CONFIRM_SOME: Form = Form::of(&[&WITHOUT]);

const AT: &str = "/actions/import";

/// Changes that the preview lists; the counts are of all.
const LISTED: usize = 500;

/// The list of the register's address as a file.
pub(super) async fn export(asker: Asker, query: Query) -> Answer {
    let format = Format::from_code(query.0.one("format")).map_err(|_| Failure::NotFound)?;
    let address = Address::of(query.0, asker.today()?);
    let Ok((filters, _)) = address.read else { return Err(Failure::NotFound) };
    let made = asker.ask(move |ctx| sheet::export(ctx, &filters, format)).await?;
    let attachment = format!("attachment; filename=\"{}\"", made.name);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, made.media_type))
        .insert_header((CONTENT_DISPOSITION, attachment))
        .body(made.bytes))
}

fn page(title: &str) -> Page {
    Page::new(title).section("actions").back("/actions", "Actions")
}

pub(super) async fn ask(asker: Asker) -> Answer {
    draw(&asker, None)
}

fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&UPLOAD, AT)
        .operation(asker.operation()?)
        .button(Button::new("Show what it changes"))
        .cancel("/actions")
        .refused(refused);
    let title = "Bring a list back";
    let view = FormPage::new(title, form)
        .intro(
            "You can change the wording, the kind of response, the agency, the person, the due \
             date and the status, and write into the column “New note”. Rows are known by the \
             columns “Action ID” and “Version”, which must stay as they are.",
        )
        .intro("Nothing is saved before you have seen what changes and confirmed it.");
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(title))?)
}

pub(super) async fn upload(asker: Asker, sent: Upload) -> Answer {
    let posted = Posted::of(sent.values);
    let Some(file) = sent.file else {
        let mut reader = UPLOAD.read(&posted.values, asker.today()?);
        reader.fault(&FILE, &Fault::Missing);
        return draw(&asker, reader.finish(|| Some(())).err());
    };
    let read = asker.ask(move |ctx| sheet::preview(ctx, &file.name, &file.bytes)).await;
    match read {
        Ok(preview) => show(&asker, &preview),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)),
    }
}

fn show(asker: &Asker, preview: &Preview) -> Answer {
    let title = "Check what changes";
    let (edited, bad) = (preview.edited.len(), preview.bad.len());
    let mut sheet = Sheet::new(title).list(vec![
        format!("{} read", count(preview.rows, "row")),
        format!("{} as they are", count(preview.unchanged, "row")),
        format!("{} to change", count(edited, "action")),
        format!("{} in the way", count(bad, "problem")),
    ]);
    if bad > 0 {
        sheet = sheet.table(problems(preview));
    }
    if edited > 0 {
        sheet = sheet.table(changes(preview));
        if edited > LISTED {
            sheet = sheet.text(format!("The first {LISTED} are listed."));
        }
        let form = if bad > 0 { &CONFIRM_SOME } else { &CONFIRM };
        let words = format!("Change {}", count(edited, "action"));
        let form = FormView::new(form, "/actions/import/confirm")
            .operation(asker.operation()?)
            .button(Button::new(words))
            .cancel("/actions");
        sheet = sheet.form(form);
    } else {
        sheet = sheet
            .text("Nothing in this file changes an action.")
            .links(vec![Link::new(AT, "Choose another file"), Link::new("/actions", "Actions")]);
    }
    asker.page(&page(title), "pages/sheet", &sheet)
}

fn changes(preview: &Preview) -> Table {
    let row = |one: &sheet::Edited| {
        Row::new(vec![
            Cell::number(one.row),
            Cell::link(path(one.action), one.text.clone()).heading(),
            Cell::text(one.reference.clone().unwrap_or_default()),
            Cell::text(one.changes.join(", ")),
        ])
    };
    let columns = vec![
        Column::numeric("Row"),
        Column::new("Action"),
        Column::new("Case"),
        Column::new("Changes"),
    ];
    let rows = preview.edited.iter().take(LISTED).map(row).collect();
    Table::new(columns, rows).caption("Actions that change").wide().small()
}

fn problems(preview: &Preview) -> Table {
    let row = |one: &sheet::Bad| {
        Row::new(vec![
            Cell::text(one.sheet.clone()),
            Cell::number(one.row),
            Cell::text(format!("{} {}", one.column, one.heading).trim().to_owned()),
            Cell::text(one.reason.clone()),
        ])
    };
    let columns = vec![
        Column::new("Sheet"),
        Column::numeric("Row"),
        Column::new("Column"),
        Column::new("Problem"),
    ];
    let rows = preview.bad.iter().map(row).collect();
    Table::new(columns, rows).caption("Rows in the way").wide().small()
}

pub(super) async fn confirm(asker: Asker, posted: Posted) -> Answer {
    let without_bad = posted.values.one("without_bad") == "yes";
    let work = move |ctx: &panel_app::Ctx<'_>| sheet::confirm(ctx, without_bad);
    match asker.submit(posted.operation, work).await {
        Ok(done) => {
            let title = format!("{} changed", count(done.changed, "action"));
            let sheet = Sheet::new(title.clone())
                .text("The history of each action says what changed.")
                .links(vec![Link::new("/actions", "Actions")]);
            asker.page(&page(&title), "pages/sheet", &sheet)
        }
        Err(failure) => {
            let said = posted.refused(failure)?.errors.into_iter();
            let lines = said.map(|error| ErrorLine { text: error.message, href: None });
            let title = "Nothing was changed";
            let sheet = Sheet::new(title)
                .errors(lines.collect())
                .text("Download the list again, or choose the file again to see it as it is now.")
                .links(vec![
                    Link::new(AT, "Choose the file again"),
                    Link::new("/actions", "Actions"),
                ]);
            asker.page(&page(title).refused(true), "pages/sheet", &sheet)
        }
    }
}
