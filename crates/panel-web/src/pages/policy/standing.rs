//! What stands on every agenda of a panel besides the headings of the published order.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, number, one_of};
use crate::form::{Field, Form, FormPage, FormView, OPERATION, Refused, VERSION};
use crate::posted::Posted;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::panels::{self, PanelDetail};
use panel_core::agenda::{MOST_STANDING, Section, StandingItem};
use panel_core::coded::Coded;
use panel_core::id::PanelId;
use panel_core::text::Title;
use panel_core::words::count;
use serde::Deserialize;

static SECTION: Field<'_, Section> =
    one_of("section", "Section").as_select().missing("Select a section");
static TITLE: Field<'_, Title> = line("title", "Heading")
    .hint("For example, “Feedback from the steering group”.")
    .missing("Enter the heading");
static MINUTES: Field<'_, u32> = number("minutes", "Minutes", 0, 240);
static FORM: Form = Form::of(&[&SECTION, &TITLE, &MINUTES]);

const HEADING: &str = "Standing agenda items";

fn path(panel: PanelId) -> String {
    format!("/panels/{panel}/standing")
}

fn page(title: &str) -> Page {
    Page::new(title).section("settings")
}

/// One of the panel's standing items, by its place in the policy.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::pages) struct One {
    panel: PanelId,
    place: usize,
}

async fn load(asker: &Asker, id: PanelId) -> Result<PanelDetail, Failure> {
    asker.ask(move |ctx| panels::show(ctx, id)).await
}

pub(super) async fn list(asker: Asker, id: web::Path<PanelId>) -> Answer {
    let id = *id;
    let panel = load(&asker, id).await?.panel;
    let items = &panel.value.policy.agenda.standing;
    let rows = items.iter().enumerate().map(|(place, item)| {
        let title = item.title.as_str();
        let remove = format!("{}/{place}/remove", path(id));
        Row::new(vec![
            Cell::text(title).heading(),
            Cell::text(item.section.label()),
            Cell::number(item.minutes),
            Cell::link(remove, "Remove").about(title),
        ])
    });
    let columns = vec![
        Column::new("Heading"),
        Column::new("Section"),
        Column::numeric("Minutes"),
        Column::new("Remove"),
    ];
    let table = Table::new(columns, rows.collect())
        .hidden_caption(HEADING)
        .or_say("Nothing stands on every agenda besides the published order of business.");
    let mut sheet = Sheet::new(HEADING)
        .caption(panel.value.name.as_str())
        .text(
            "Every agenda that is proposed from now on has these items, before the cases of their \
             section.",
        )
        .table(table);
    sheet = if items.len() < MOST_STANDING {
        sheet.acts(vec![Act::link(format!("{}/new", path(id)), "Add an item")])
    } else {
        let most = count(MOST_STANDING, "item");
        sheet.text(format!("At most {most} stand on every agenda. Remove one to add another."))
    };
    let page = page(HEADING).back(format!("/panels/{id}"), "Panel");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw_new(asker: &Asker, id: PanelId, refused: Option<Refused>) -> Answer {
    let panel = load(asker, id).await?.panel;
    let minutes = panel.value.policy.agenda.minutes(Section::Other);
    let form = FormView::new(&FORM, format!("{}/new", path(id)))
        .fill(&MINUTES, &u32::try_from(minutes).unwrap_or_default())
        .version(panel.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Add the item"))
        .cancel(path(id))
        .refused(refused);
    let title = "Add a standing agenda item";
    let view = FormPage::new(title, form).caption(panel.value.name.as_str());
    asker.form(page(title).back(path(id), HEADING), view).await
}

pub(super) async fn new(asker: Asker, id: web::Path<PanelId>) -> Answer {
    draw_new(&asker, *id, None).await
}

/// Saves the panel's standing items after a change, over the rest of the policy as it is kept.
async fn save(
    asker: &Asker,
    id: PanelId,
    posted: &Posted,
    change: impl FnOnce(&mut Vec<StandingItem>) + Send + 'static,
) -> Result<(), Failure> {
    let version = posted.version;
    let mut policy = load(asker, id).await?.panel.value.policy;
    change(&mut policy.agenda.standing);
    let work = move |ctx: &panel_app::Ctx<'_>| panels::set_policy(ctx, id, version, &policy);
    asker.submit(posted.operation, work).await
}

pub(super) async fn add(asker: Asker, id: web::Path<PanelId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (section, title) = (reader.get(&SECTION), reader.get(&TITLE));
    let minutes = reader.get(&MINUTES);
    let read = reader.finish(|| {
        let minutes = i32::try_from(minutes?).ok()?;
        Some(StandingItem { section: section?, title: title?, minutes })
    });
    let item = match read {
        Ok(item) => item,
        Err(refused) => return draw_new(&asker, id, Some(refused)).await,
    };
    match save(&asker, id, &posted, move |items| items.push(item)).await {
        Ok(()) => see(path(id)),
        Err(Failure::Stale) => {
            let said = "Somebody else changed the policy meanwhile. Check what you typed and save \
                        again";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw_new(&asker, id, Some(refused)).await
        }
        Err(failure) => draw_new(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn ask_remove(asker: Asker, one: web::Path<One>) -> Answer {
    let One { panel: id, place } = *one;
    let panel = load(&asker, id).await?.panel;
    let item = panel.value.policy.agenda.standing.get(place).ok_or(Failure::NotFound)?;
    let title = "Remove this standing item?";
    let remove = Act::post(format!("{}/{place}/remove", path(id)), Button::warning("Remove"))
        .with(VERSION, panel.version)
        .with(OPERATION, asker.operation()?);
    let sheet = Sheet::new(title)
        .caption(panel.value.name.as_str())
        .text(format!("{}, under {}", item.title.as_str(), item.section.label()))
        .text("Agendas that have it already keep it.")
        .acts(vec![remove, Act::link(path(id), "Cancel").quiet()]);
    asker.page(&page(title).back(path(id), HEADING), "pages/sheet", &sheet)
}

pub(super) async fn remove(asker: Asker, one: web::Path<One>, posted: Posted) -> Answer {
    let One { panel: id, place } = *one;
    let taken = save(&asker, id, &posted, move |items| {
        if place < items.len() {
            items.remove(place);
        }
    });
    match taken.await {
        // Whoever changed the policy first is seen on the list.
        Ok(()) | Err(Failure::Stale) => see(path(id)),
        Err(other) => Err(other),
    }
}
