//! Panels and the agencies that belong to them.

use crate::answer::{Answer, see};
use crate::form::kinds::{ids, line};
use crate::form::{Choice, Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::agencies;
use panel_app::panels::{self, PanelForm};
use panel_core::id::{AgencyId, PanelId};
use panel_core::text::Name;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/panels", Manages => list),
        route!(GET "/panels/new", Administrator => new),
        route!(POST "/panels/new", Administrator => add),
        route!(GET "/panels/{panel}", Manages => show),
        route!(GET "/panels/{panel}/agencies", Manages => edit_agencies),
        route!(POST "/panels/{panel}/agencies", Manages => set_agencies),
    ]
}

static NAME: Field<'_, Name> = line("name", "Name of the panel");
static AREA: Field<'_, Name> = line("area", "Area it covers");
static FORM: Form = Form::of(&[&NAME, &AREA]);
static MEMBERS: Field<'_, Vec<AgencyId>> = ids("members", "Agencies that belong to the panel");
static CORE: Field<'_, Vec<AgencyId>> =
    ids("core", "Core agencies, asked for information about every case");
static AGENCIES: Form = Form::of(&[&MEMBERS, &CORE]);

fn page(title: &str) -> Page {
    Page::new(title).section("settings")
}

async fn list(asker: Asker) -> Answer {
    let all = asker.ask(panels::list).await?;
    let rows = all.iter().map(|panel| {
        Row::new(vec![
            Cell::link(format!("/panels/{}", panel.value.id), panel.value.name.as_str()).heading(),
            Cell::text(&panel.value.area),
        ])
    });
    let table = Table::new(["Panel", "Area"].map(Column::new).into(), rows.collect())
        .hidden_caption("Panels")
        .or_say("There is no panel yet.");
    let mut sheet = Sheet::new("Panels");
    if asker.person().actor.administrator {
        sheet = sheet.acts(vec![Act::link("/panels/new", "Add a panel")]);
    }
    asker.page(&page("Panels").crumb("/settings", "Settings"), "pages/sheet", &sheet.table(table))
}

async fn draw_new(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&FORM, "/panels/new")
        .operation(asker.operation()?)
        .button(Button::new("Add the panel"))
        .cancel("/panels")
        .refused(refused);
    let page = page("Add a panel").back("/panels", "Panels");
    asker.form(page, FormPage::new("Add a panel", form)).await
}

async fn new(asker: Asker) -> Answer {
    draw_new(&asker, None).await
}

async fn add(asker: Asker, posted: Posted) -> Answer {
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (name, area) = (reader.get(&NAME), reader.get(&AREA));
    let form = match reader.finish(|| Some(PanelForm { name: name?.into(), area: area?.into() })) {
        Ok(form) => form,
        Err(refused) => return draw_new(&asker, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| panels::add(ctx, &form)).await {
        Ok(panel) => see(format!("/panels/{panel}")),
        Err(failure) => draw_new(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn show(asker: Asker, id: web::Path<PanelId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| panels::show(ctx, id)).await?;
    let name = detail.panel.value.name.as_str();
    let rows = detail.agencies.iter().map(|member| {
        let duty = if member.core { "Core: asked about every case" } else { "Asked when needed" };
        Row::new(vec![Cell::text(&member.name).heading(), Cell::text(duty)])
    });
    let table =
        Table::new(["Agency", "Information requests"].map(Column::new).into(), rows.collect())
            .hidden_caption("Agencies")
            .or_say("No agency belongs to this panel yet.");
    let sheet =
        Sheet::new(name).caption(&detail.panel.value.area).heading("Agencies").table(table).acts(
            vec![
                Act::link(format!("/panels/{id}/agencies"), "Change the agencies"),
                Act::link(format!("/panels/{id}/policy"), "Change the policy"),
                Act::link(format!("/panels/{id}/standing"), "Standing agenda items"),
            ],
        );
    asker.page(&page(name).back("/panels", "Panels"), "pages/sheet", &sheet)
}

async fn draw_agencies(asker: &Asker, id: PanelId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| panels::show(ctx, id)).await?;
    let all = asker.ask(agencies::list).await?;
    let live = all.iter().filter(|agency| agency.value.ended_on.is_none());
    let choices: Vec<Choice> =
        live.map(|agency| Choice::new(agency.value.id, agency.value.name.as_str())).collect();
    let members: Vec<AgencyId> = detail.agencies.iter().map(|member| member.agency).collect();
    let core: Vec<AgencyId> =
        detail.agencies.iter().filter(|member| member.core).map(|member| member.agency).collect();
    let form = FormView::new(&AGENCIES, format!("/panels/{id}/agencies"))
        .choices(&MEMBERS, choices.clone())
        .choices(&CORE, choices)
        .fill(&MEMBERS, &members)
        .fill(&CORE, &core)
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(format!("/panels/{id}"))
        .refused(refused);
    let page = page("Agencies of the panel").back(format!("/panels/{id}"), "Back");
    asker.form(page, FormPage::new("Agencies of the panel", form)).await
}

async fn edit_agencies(asker: Asker, id: web::Path<PanelId>) -> Answer {
    draw_agencies(&asker, *id, None).await
}

async fn set_agencies(asker: Asker, id: web::Path<PanelId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = AGENCIES.read(&posted.values, asker.today()?);
    let (members, core) = (reader.get(&MEMBERS), reader.get(&CORE));
    let (members, core) = match reader.finish(|| Some((members?, core?))) {
        Ok(read) => read,
        Err(refused) => return draw_agencies(&asker, id, Some(refused)).await,
    };
    // An agency that is core belongs to the panel, whether or not both boxes were ticked.
    let mut all: Vec<(AgencyId, bool)> = core.iter().map(|agency| (*agency, true)).collect();
    all.extend(members.iter().filter(|a| !core.contains(a)).map(|agency| (*agency, false)));
    asker.submit(posted.operation, move |ctx| panels::set_agencies(ctx, id, &all)).await?;
    see(format!("/panels/{id}"))
}
