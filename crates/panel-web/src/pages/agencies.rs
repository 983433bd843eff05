//! Agencies: list, add, change.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, narrative, one_of};
use crate::form::{Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::agencies::{self, AgencyForm};
use panel_core::coded::Coded;
use panel_core::id::AgencyId;
use panel_core::text::{Name, Note};
use panel_core::vocabulary::AgencyType;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/agencies", Administrator => list),
        route!(GET "/agencies/new", Administrator => new),
        route!(POST "/agencies/new", Administrator => add),
        route!(GET "/agencies/{agency}", Administrator => edit),
        route!(POST "/agencies/{agency}", Administrator => change),
    ]
}

static NAME: Field<'_, Name> = line("name", "Name of the agency");
static KIND: Field<'_, AgencyType> = one_of("kind", "Type of agency");
static DOMAINS: Optional<'_, Note> = narrative("mail_domains", "Mail domains")
    .hint("One a line, like police.uk. People of this agency can then only have addresses there.")
    .optional();
static ALIASES: Optional<'_, Note> = narrative("aliases", "Other names in files")
    .hint("One a line, like Fenshire Constabulary. An imported tracker knows the agency by these too.")
    .optional();
static FORM: Form = Form::of(&[&NAME, &KIND, &DOMAINS, &ALIASES]);

fn read(posted: &Posted, today: NaiveDate) -> Result<AgencyForm, Refused> {
    let mut reader = FORM.read(&posted.values, today);
    let (name, kind) = (reader.get(&NAME), reader.get(&KIND));
    let (domains, aliases) = (reader.get(&DOMAINS), reader.get(&ALIASES));
    let lines = |note: Option<Option<Note>>| -> Vec<String> {
        note.flatten().map(|n| n.as_str().lines().map(str::to_owned).collect()).unwrap_or_default()
    };
    reader.finish(|| {
        Some(AgencyForm {
            name: name?.into(),
            kind: kind?,
            mail_domains: lines(domains),
            aliases: lines(aliases),
        })
    })
}

async fn list(asker: Asker) -> Answer {
    let all = asker.ask(agencies::list).await?;
    let rows = all.iter().map(|agency| {
        let agency = &agency.value;
        let href = format!("/agencies/{}", agency.id);
        Row::new(vec![
            Cell::link(href, agency.name.as_str()).heading(),
            Cell::text(agency.kind.label()),
            Cell::text(agency.mail_domains.join(", ")),
            Cell::link(format!("/agencies/{}/directory", agency.id), "Directory")
                .about(agency.name.as_str()),
        ])
    });
    let columns = ["Agency", "Type", "Mail domains", "Signing in"].map(Column::new).into();
    let table = Table::new(columns, rows.collect())
        .hidden_caption("Agencies")
        .wide()
        .or_say("No agency has been added yet.");
    let sheet =
        Sheet::new("Agencies").acts(vec![Act::link("/agencies/new", "Add an agency")]).table(table);
    let page = Page::new("Agencies").section("settings").crumb("/settings", "Settings");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw_new(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&FORM, "/agencies/new")
        .operation(asker.operation()?)
        .button(Button::new("Add the agency"))
        .cancel("/agencies")
        .refused(refused);
    let page = Page::new("Add an agency").section("settings").back("/agencies", "Agencies");
    asker.form(page, FormPage::new("Add an agency", form)).await
}

async fn new(asker: Asker) -> Answer {
    draw_new(&asker, None).await
}

async fn add(asker: Asker, posted: Posted) -> Answer {
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_new(&asker, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| agencies::add(ctx, &form)).await {
        Ok(_) => see("/agencies"),
        Err(failure) => draw_new(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn draw_edit(asker: &Asker, id: AgencyId, refused: Option<Refused>) -> Answer {
    let found = asker.ask(move |ctx| agencies::show(ctx, id)).await?;
    let agency = found.value;
    let lines = |items: &[String]| Note::parse(&items.join("\n")).ok();
    let form = FormView::new(&FORM, format!("/agencies/{id}"))
        .fill(&NAME, &agency.name)
        .fill(&KIND, &agency.kind)
        .fill(&DOMAINS, &lines(&agency.mail_domains))
        .fill(&ALIASES, &lines(&agency.aliases))
        .version(found.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel("/agencies")
        .refused(refused);
    let page = Page::new(agency.name.as_str()).section("settings").back("/agencies", "Agencies");
    asker.form(page, FormPage::new(agency.name.as_str(), form)).await
}

async fn edit(asker: Asker, id: web::Path<AgencyId>) -> Answer {
    draw_edit(&asker, *id, None).await
}

async fn change(asker: Asker, id: web::Path<AgencyId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_edit(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let done = asker.submit(posted.operation, move |ctx| agencies::change(ctx, id, version, &form));
    match done.await {
        Ok(()) => see("/agencies"),
        Err(Failure::Stale) => {
            let said = "Somebody else changed this agency. Your text is below; check it against theirs and save again.";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw_edit(&asker, id, Some(refused)).await
        }
        Err(failure) => draw_edit(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
