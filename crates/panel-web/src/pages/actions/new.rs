//! Setting an action: the form, what it comes to, and the action.

use super::verb::{AGENCY, APPROACH, DUE, PERSON, STANDS, TEXT, asks_whether_it_stands};
use super::{agency_choices, path, people_choices};
use crate::answer::{Answer, field, see};
use crate::errors::Failure;
use crate::form::kinds::id;
use crate::form::{Field, FieldError, Form, FormPage, FormView, Layout, Optional, Refused};
use crate::pages::meetings::date::{Pressed, again, carried};
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::{Button, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::actions::{self, ActionForm, Checked, Choices, Half, NewPlace};
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, CaseId, PanelId};
use serde::Deserialize;

static PANEL: Field<'_, PanelId> = id("panel", "Panel").hidden();
static CASE: Optional<'_, CaseId> = id("case", "Case").hidden().optional();
static ITEM: Optional<'_, AgendaItemId> = id("item", "Agenda item").hidden().optional();
static FORM: Form = Form::of(&[&TEXT, &AGENCY, &PERSON, &DUE, &APPROACH, &PANEL, &CASE, &ITEM]);

const AT: &str = "/actions/new";

/// What the address says about the new action.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Origin {
    panel: Option<PanelId>,
    case: Option<CaseId>,
    item: Option<AgendaItemId>,
}

fn page(title: &str) -> Page {
    Page::new(title).section("actions").back("/actions", "Actions")
}

pub(super) async fn ask(asker: Asker, origin: web::Query<Origin>) -> Answer {
    let mut origin = *origin;
    if origin.panel.is_none() && origin.case.is_none() && origin.item.is_none() {
        let choices = asker.ask(move |ctx| actions::choices(ctx, None)).await?;
        let actor = &asker.person().actor;
        let mine: Vec<_> =
            choices.panels.into_iter().filter(|choice| actor.runs(choice.panel)).collect();
        let [only] = mine.as_slice() else {
            let links = mine.iter().map(|choice| {
                Link::new(format!("{AT}?panel={}", choice.panel), choice.name.clone())
            });
            let sheet = Sheet::new("Which panel sets the action?").links(links.collect());
            return asker.page(&page("Set an action"), "pages/sheet", &sheet);
        };
        origin.panel = Some(only.panel);
    }
    draw(&asker, origin, None).await
}

async fn load(asker: &Asker, origin: Origin) -> Result<(NewPlace, Choices), Failure> {
    asker
        .ask(move |ctx| {
            let place = actions::new_place(ctx, origin.panel, origin.case, origin.item)?;
            let choices = actions::choices(ctx, Some(place.panel))?;
            Ok((place, choices))
        })
        .await
}

async fn draw(asker: &Asker, origin: Origin, refused: Option<Refused>) -> Answer {
    let (place, choices) = load(asker, origin).await?;
    let form = FormView::new(layout(asks_whether_it_stands(refused.as_ref())), AT)
        .choices(&AGENCY, agency_choices(&choices))
        .choices(&PERSON, people_choices(&choices))
        .fill(&PANEL, &place.panel)
        .fill(&CASE, &origin.case)
        .fill(&ITEM, &origin.item)
        .operation(asker.operation()?)
        .button(Button::new("Continue"))
        .cancel("/actions")
        .refused(refused);
    let mut view = FormPage::new("Set an action", form).caption(caption(&place));
    if let Some(meeting) = place.meeting {
        view = view.intro(format!("Set in the meeting of {}.", dates::with_weekday(meeting)));
    }
    asker.form(page("Set an action"), view).await
}

fn caption(place: &NewPlace) -> String {
    if place.about.is_empty() { place.panel_name.clone() } else { place.about.clone() }
}

/// The form, with the question whether the wording may stand where it is asked.
fn layout(asks: bool) -> Layout<'static> {
    if asks { FORM.layout().with(&STANDS) } else { FORM.layout() }
}

fn read(posted: &Posted, today: NaiveDate) -> Result<ActionForm, Refused> {
    let mut reader = layout(true).read(&posted.values, today);
    let stands = reader.get(&STANDS);
    let (text, agency, person) = (reader.get(&TEXT), reader.get(&AGENCY), reader.get(&PERSON));
    let (due, approach) = (reader.get(&DUE), reader.get(&APPROACH));
    let (panel, case, item) = (reader.get(&PANEL), reader.get(&CASE), reader.get(&ITEM));
    reader.finish(|| {
        Some(ActionForm {
            panel: panel?,
            item: item?,
            case: case?,
            text: text?.into(),
            approach: approach?,
            agency: agency?,
            person: person?,
            due: due?.unwrap_or_default(),
            stands: stands?,
        })
    })
}

/// What the hidden fields of a form say about the action, also when the rest is refused.
fn origin(posted: &Posted) -> Origin {
    let one = |name| posted.values.one(name);
    Origin {
        panel: one("panel").parse().ok(),
        case: one("case").parse().ok(),
        item: one("item").parse().ok(),
    }
}

/// The same refusal with what else is wrong, in the order of the form: agency and person together,
/// and a due date that cannot be read. The names of the fields are those of every form that sets an
/// action.
pub(crate) async fn with_the_rest(
    asker: &Asker,
    panel: Option<PanelId>,
    item: Option<AgendaItemId>,
    mut refused: Refused,
) -> Result<Refused, Failure> {
    let Some(panel) = panel else { return Ok(refused) };
    let one = |name| refused.typed.one(name);
    let half = Half {
        agency: one("agency").parse().ok(),
        person: one("person").parse().ok(),
        due: one("due").to_owned(),
    };
    let rest = asker.ask(move |ctx| actions::faults(ctx, panel, item, &half)).await?;
    let is_new = |error: &panel_app::FieldError| {
        !refused.errors.iter().any(|known| known.field == error.field)
    };
    let new: Vec<_> = rest.into_iter().filter(is_new).map(field).collect();
    let place = |error: &FieldError| {
        let order = ["text", "agency", "person", "due"];
        order.iter().position(|name| *name == error.field).unwrap_or(order.len())
    };
    refused.errors.extend(new);
    refused.errors.sort_by_key(place);
    Ok(refused)
}

pub(super) async fn set(asker: Asker, posted: Posted) -> Answer {
    let origin = origin(&posted);
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => {
            let refused = with_the_rest(&asker, origin.panel, origin.item, refused).await?;
            return draw(&asker, origin, Some(refused)).await;
        }
    };
    let done = match Pressed::of(&posted) {
        Pressed::Change => return draw(&asker, origin, Some(again(&posted))).await,
        Pressed::Preview => {
            let tried = form.clone();
            match asker.ask(move |ctx| actions::check(ctx, &tried)).await {
                Ok(checked) => return preview(&asker, origin, &posted, &form, &checked).await,
                Err(failure) => Err(failure),
            }
        }
        Pressed::Confirm => {
            asker.submit(posted.operation, move |ctx| actions::set(ctx, &form)).await
        }
    };
    match done {
        Ok(set) => see(format!("{}?new=true", path(set.saved.action))),
        Err(failure) => draw(&asker, origin, Some(posted.refused(failure)?)).await,
    }
}

/// The due date as it will read, and what is typed.
fn due_words(typed: &str, due: Option<NaiveDate>) -> String {
    match due {
        Some(due) => dates::with_weekday(due),
        None if typed.is_empty() => "None".to_owned(),
        None => format!("None (“{typed}”)"),
    }
}

async fn preview(
    asker: &Asker,
    origin: Origin,
    posted: &Posted,
    form: &ActionForm,
    checked: &Checked,
) -> Answer {
    let (place, choices) = load(asker, origin).await?;
    let agency = choices.agencies.iter().find(|choice| choice.agency == form.agency);
    let person = choices.people.iter().find(|choice| Some(choice.user) == form.person);
    let mut facts = vec![
        Fact::new("Action", form.text.clone()),
        Fact::new("Agency", agency.map(|choice| choice.name.clone()).unwrap_or_default()),
        Fact::new(
            "Person",
            person.map_or_else(|| "Nobody is named".to_owned(), |choice| choice.name.clone()),
        ),
        Fact::new("Due date", due_words(&form.due, checked.due)),
    ];
    if !form.due.is_empty() && checked.due.is_some() {
        facts.push(Fact::new("As you wrote it", form.due.clone()));
    }
    if let Some(approach) = form.approach {
        facts.push(Fact::new("Kind of response", approach.label()));
    }
    let mut sheet =
        Sheet::new("Check the action").caption(caption(&place)).facts(Facts::new(facts));
    if !checked.advice.is_empty() {
        let advice = checked.advice.iter().map(|advice| advice.label().to_owned());
        sheet = sheet
            .heading("What would make it a better action")
            .list(advice.collect())
            .text("This is advice. You can set the action as it is.");
    }
    sheet = sheet.acts(carried(posted, AT, Some(Button::new("Set the action"))));
    asker.page(&page("Check the action"), "pages/sheet", &sheet)
}
