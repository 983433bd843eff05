//! The import of an old tracker: upload, check, correct, confirm.

mod agencies;
mod end;
mod people;
mod preview;
mod rows;
mod sheets;
mod words;

use super::meetings::name_of;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::file;
use crate::form::{Fault, Field, Form, FormPage, FormView, Refused, Upload, Values};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Colour, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{self, Change, Found, Import, ImportState, Reading, Shown};
use panel_app::panels;
use panel_core::coded::Coded;
use panel_core::id::{ImportId, PanelId};
use panel_core::time::local_date;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/imports", RunsPanel => choose),
        route!(GET "/panels/{panel}/imports", RunsPanel => list),
        route!(GET "/panels/{panel}/imports/new", RunsPanel => new),
        route!(POST "/panels/{panel}/imports/new", RunsPanel => upload),
        route!(GET "/imports/{import}", RunsPanel => preview::show),
        route!(GET "/imports/{import}/rows", RunsPanel => rows::bad),
        route!(GET "/imports/{import}/warnings", RunsPanel => rows::warnings),
        route!(GET "/imports/{import}/sheets/{sheet}", RunsPanel => sheets::ask),
        route!(POST "/imports/{import}/sheets/{sheet}", RunsPanel => sheets::set),
        route!(GET "/imports/{import}/agencies/{word}", RunsPanel => agencies::ask_known),
        route!(POST "/imports/{import}/agencies/{word}", RunsPanel => agencies::set_known),
        route!(GET "/imports/{import}/unknown/{word}", RunsPanel => agencies::ask_unknown),
        route!(POST "/imports/{import}/unknown/{word}", RunsPanel => agencies::set_unknown),
        route!(GET "/imports/{import}/words", RunsPanel => words::ask),
        route!(POST "/imports/{import}/words", RunsPanel => words::set),
        route!(GET "/imports/{import}/people", RunsPanel => people::ask),
        route!(POST "/imports/{import}/people", RunsPanel => people::set),
        route!(GET "/imports/{import}/confirm", RunsPanel => end::ask_confirm),
        route!(POST "/imports/{import}/confirm", RunsPanel => end::confirm),
        route!(GET "/imports/{import}/discard", RunsPanel => end::ask_discard),
        route!(POST "/imports/{import}/discard", RunsPanel => end::discard),
    ]
}

/// How many uploads a panel's list shows.
const LISTED: i64 = 50;

static FILE: Field<'_, ()> = file("file", "The tracker", ".xlsx,.csv")
    .hint("An Excel workbook (.xlsx) or a CSV file of up to 20 MB")
    .missing("Select the file");
static UPLOAD: Form = Form::of(&[&FILE]);

fn list_of(panel: PanelId) -> String {
    format!("/panels/{panel}/imports")
}

fn path(import: ImportId) -> String {
    format!("/imports/{import}")
}

async fn load(asker: &Asker, id: ImportId) -> Result<Shown, Failure> {
    asker.ask(move |ctx| imports::show(ctx, id)).await
}

/// An upload that can be corrected, with what it would do.
async fn load_found(asker: &Asker, id: ImportId) -> Result<(Shown, Found), Failure> {
    let mut shown = load(asker, id).await?;
    match std::mem::replace(&mut shown.reading, Reading::Discarded) {
        Reading::Preview(found) => Ok((shown, *found)),
        Reading::Problems { .. } => Err(Failure::Rule {
            code: "unreadable",
            sentence: "Say first what the columns of the file mean".to_owned(),
        }),
        Reading::Imported(_) | Reading::Discarded => Err(Failure::NotFound),
    }
}

/// A page about one upload.
fn page(title: &str, import: &Import) -> Page {
    Page::new(title).section("import").back(path(import.id), "Check the import")
}

/// Sends a correction; a stale one comes back beside what was typed.
async fn correct(
    asker: &Asker,
    id: ImportId,
    posted: &Posted,
    change: Change,
) -> Result<Result<(), Refused>, Failure> {
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| imports::set_mapping(ctx, id, version, &change);
    match asker.submit(posted.operation, work).await {
        Ok(()) => Ok(Ok(())),
        Err(Failure::Stale) => Ok(Err(stale(&posted.values))),
        Err(failure) => posted.refused(failure).map(Err),
    }
}

fn stale(typed: &Values) -> Refused {
    let said =
        "Somebody else corrected this import meanwhile. Check what you chose and save it again";
    Refused::by_rule(typed, "", "stale", said)
}

async fn choose(asker: Asker) -> Answer {
    let all = asker.ask(panels::list).await?;
    let actor = &asker.person().actor;
    let mine: Vec<Link> = all
        .iter()
        .map(|panel| &panel.value)
        .filter(|panel| actor.coordinates(panel.id))
        .map(|panel| Link::new(list_of(panel.id), panel.name.as_str()))
        .collect();
    if let [only] = mine.as_slice() {
        return see(&only.href);
    }
    let sheet = if mine.is_empty() {
        Sheet::new("Import").text("Only the coordinator of a panel imports its old tracker.")
    } else {
        Sheet::new("Import").links(mine)
    };
    asker.page(&Page::new("Import").section_start("import"), "pages/sheet", &sheet)
}

async fn list(asker: Asker, panel: web::Path<PanelId>) -> Answer {
    let panel = *panel;
    let all = asker.ask(move |ctx| imports::list(ctx, panel, None, LISTED)).await?;
    let row = |import: &Import| {
        let colour = match import.state {
            ImportState::Read => Colour::Yellow,
            ImportState::Confirmed => Colour::Green,
            ImportState::Dropped => Colour::Grey,
        };
        Row::new(vec![
            Cell::link(path(import.id), import.file_name.clone()).heading(),
            Cell::date(local_date(import.uploaded_at)),
            Cell::tag(import.state.label(), colour),
        ])
    };
    let columns = ["File", "Uploaded", "State"].map(Column::new).into();
    let table = Table::new(columns, all.iter().map(row).collect())
        .hidden_caption("Uploads")
        .or_say("No file has been uploaded yet.");
    let sheet = Sheet::new("Import")
        .caption(name_of(&asker, panel).await?)
        .text(
            "Bring the tracker that the panel has kept so far: referrals, actions and agency \
             representatives. You see every row that cannot be read, and nothing is saved until you \
             confirm it. The same file again changes nothing.",
        )
        .acts(vec![Act::link(format!("{}/new", list_of(panel)), "Upload a tracker")])
        .table(table);
    asker.page(&Page::new("Import").section_start("import"), "pages/sheet", &sheet)
}

async fn draw_new(asker: &Asker, panel: PanelId, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&UPLOAD, format!("{}/new", list_of(panel)))
        .operation(asker.operation()?)
        .button(Button::new("Upload"))
        .cancel(list_of(panel))
        .refused(refused);
    let view = FormPage::new("Upload a tracker", form)
        .caption(name_of(asker, panel).await?)
        .intro("Each sheet may hold referrals, actions or agency representatives, one a row.");
    let page = Page::new("Upload a tracker").section("import").back(list_of(panel), "Import");
    asker.form(page, view).await
}

async fn new(asker: Asker, panel: web::Path<PanelId>) -> Answer {
    draw_new(&asker, *panel, None).await
}

async fn upload(asker: Asker, panel: web::Path<PanelId>, sent: Upload) -> Answer {
    let panel = *panel;
    let posted = Posted::of(sent.values);
    let Some(file) = sent.file else {
        let mut reader = UPLOAD.read(&posted.values, asker.today()?);
        reader.fault(&FILE, &Fault::Missing);
        let refused = reader.finish(|| Some(())).err();
        return draw_new(&asker, panel, refused).await;
    };
    let work = move |ctx: &panel_app::Ctx<'_>| imports::upload(ctx, panel, &file.name, &file.bytes);
    match asker.submit(posted.operation, work).await {
        Ok(id) => see(path(id)),
        Err(failure) => draw_new(&asker, panel, Some(posted.refused(failure)?)).await,
    }
}
