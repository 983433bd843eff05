//! The people of an agency, confirmed each quarter by its lead; and how far every agency has come.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::one_of;
use crate::form::{FormView, Layout, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Access, Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Colour, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::attestation::{self, AgencyPeople, AgencyStanding, Person};
use panel_app::users;
use panel_core::attestation::{Quarter, Said, Standing};
use panel_core::id::{AgencyId, UserId};
use panel_core::time::local_date;
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/agency-people", LeadsAgency => choose),
        route!(GET "/agency-people/{agency}", LeadsAgency => show),
        route!(POST "/agency-people/{agency}", LeadsAgency => answer),
        route!(POST "/agency-people/{agency}/{user}/reopen", LeadsAgency => reopen),
        route!(GET "/agency-standings", Manages => standings),
    ]
}

static ANSWER: Optional<'_, Said> = one_of("said", "").optional();

/// What was just done.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Done {
    confirmed: Option<usize>,
}

fn at(agency: AgencyId) -> String {
    format!("/agency-people/{agency}")
}

/// Those who are still to be confirmed.
fn open(agency: &AgencyPeople) -> Vec<&Person> {
    agency.people.iter().filter(|one| one.confirmed_at.is_none()).collect()
}

fn names(open: &[&Person]) -> Vec<(String, String)> {
    open.iter().map(|one| (format!("said-{}", one.user), one.name.clone())).collect()
}

fn fields(names: &[(String, String)]) -> Vec<Optional<'_, Said>> {
    names.iter().map(|(name, label)| ANSWER.under(name, label)).collect()
}

fn layout<'a>(fields: &'a [Optional<'a, Said>]) -> Layout<'a> {
    fields.iter().fold(Layout::new(), Layout::with)
}

/// The way for whoever leads an agency, on the account page.
pub(super) fn of_account(sheet: Sheet, person: &panel_app::Person) -> Sheet {
    if !Access::LeadsAgency.admits(&person.actor) {
        return sheet;
    }
    sheet.heading("Your agency").links(vec![Link::new("/agency-people", "People of your agency")])
}

/// An agency that the person leads, and the way to the others.
async fn load(asker: &Asker, agency: AgencyId) -> Result<(AgencyPeople, Vec<Link>), Failure> {
    let led = asker.ask(attestation::own).await?;
    let (this, others): (Vec<_>, Vec<_>) = led.into_iter().partition(|one| one.agency == agency);
    let others = others.into_iter().map(|one| Link::new(at(one.agency), one.name));
    Ok((this.into_iter().next().ok_or(Failure::NotFound)?, others.collect()))
}

/// Leads to the agency that the person leads; to the first of several, whose page leads to the others.
async fn choose(asker: Asker) -> Answer {
    let led = asker.ask(attestation::own).await?;
    let first = led.first().ok_or(Failure::NotFound)?;
    see(at(first.agency))
}

/// A word, its colour, and by or since which day.
fn in_words(standing: Standing) -> (&'static str, Colour, Option<String>) {
    match standing {
        Standing::Done => ("Confirmed", Colour::Green, None),
        Standing::Due(by) => ("Due", Colour::Blue, Some(format!("by {}", dates::date(by)))),
        Standing::Overdue(since) => {
            ("Overdue", Colour::Red, Some(format!("since {}", dates::date(since))))
        }
    }
}

/// The page with a form whose fields are people.
#[derive(Serialize)]
struct Asking<'a> {
    #[serde(flatten)]
    sheet: Sheet,
    form: FormView<'a>,
}

async fn draw(
    asker: &Asker,
    agency: AgencyId,
    refused: Option<Refused>,
    banner: Option<Banner>,
) -> Answer {
    let (found, others) = load(asker, agency).await?;
    let title = format!("People of {}", found.name);
    let quarter = Quarter::of(asker.today()?);
    let (word, _, day) = in_words(found.standing);
    let standing = day.map_or_else(|| word.to_owned(), |day| format!("{word} {day}"));
    let sheet = Sheet::new(title.clone())
        .text(
            "Say of everybody whether they still work for you and still need Panel. Somebody who has left \
             keeps nothing: you hand over what they owe, and their account is closed.",
        )
        .text(format!("{standing}, for the quarter from {quarter}."))
        .table(table(&found.people))
        .links(others);
    let suspended = found.people.iter().filter(|one| one.suspended_on.is_some());
    let sheet = sheet.acts(
        suspended
            .map(|one| {
                let button = Button::secondary(format!("Open the account of {} again", one.name));
                Act::post(format!("{}/{}/reopen", at(agency), one.user), button)
            })
            .collect(),
    );
    let page = Page::new(title).back("/", "Today").banner(banner);
    let open = open(&found);
    if open.is_empty() {
        return asker.page(&page, "pages/sheet", &sheet);
    }
    let names = names(&open);
    let fields = fields(&names);
    let form = FormView::new(layout(&fields), at(agency))
        .unmarked()
        .operation(asker.operation()?)
        .button(Button::new("Save what you said"))
        .refused(refused);
    let view = Asking { sheet, form };
    let page = page.refused(view.form.has_errors());
    asker.page(&page, "pages/leaving", &view)
}

fn table(people: &[Person]) -> Table {
    let rows = people.iter().map(|one| {
        let on = |at| dates::date(local_date(at));
        let used = one.last_sign_in.map_or_else(|| "Not yet".to_owned(), on);
        let account = match one.suspended_on {
            Some(day) => format!("Suspended on {}", dates::date(day)),
            None => "Open".to_owned(),
        };
        let said = match one.confirmed_at {
            Some(at) => Cell::text(format!("Confirmed on {}", on(at))),
            None => Cell::tag("To be confirmed", Colour::Yellow),
        };
        Row::new(vec![Cell::text(&one.name).heading(), Cell::text(used), Cell::text(account), said])
    });
    let columns = ["Person", "Last signed in", "Account", "This quarter"].map(Column::new);
    Table::new(columns.into(), rows.collect()).hidden_caption("People").wide()
}

async fn show(asker: Asker, agency: web::Path<AgencyId>, done: web::Query<Done>) -> Answer {
    let banner = done.confirmed.map(|many| {
        Banner::success(match many {
            1 => "1 person is confirmed.".to_owned(),
            many => format!("{many} people are confirmed."),
        })
    });
    draw(&asker, *agency, None, banner).await
}

async fn answer(asker: Asker, agency: web::Path<AgencyId>, posted: Posted) -> Answer {
    let agency = *agency;
    let (found, _) = load(&asker, agency).await?;
    let open = open(&found);
    let names = names(&open);
    let fields = fields(&names);
    let mut reader = layout(&fields).read(&posted.values, asker.today()?);
    let said: Vec<Option<Option<Said>>> = fields.iter().map(|field| reader.get(field)).collect();
    for ((field, person), said) in fields.iter().zip(&open).zip(&said) {
        if person.administrator && *said == Some(Some(Said::HasLeft)) {
            let message = format!("{} runs the service: an administrator closes it", person.name);
            reader.refuse(field, "administrator", message);
        }
    }
    let read = reader.finish(|| said.into_iter().collect::<Option<Vec<_>>>());
    let said = match read {
        Ok(said) => said,
        Err(refused) => return draw(&asker, agency, Some(refused), None).await,
    };
    let who = |wanted: Said| {
        let chosen = open.iter().zip(&said).filter(move |(_, said)| **said == Some(wanted));
        chosen.map(|(person, _)| person.user).collect::<Vec<UserId>>()
    };
    let (here, left) = (who(Said::StillHere), who(Said::HasLeft));
    let many = here.len();
    asker.submit(posted.operation, move |ctx| attestation::confirm(ctx, agency, &here)).await?;
    match left.first() {
        Some(user) => see(format!("/users/{user}/leaving")),
        None => see(format!("{}?confirmed={many}", at(agency))),
    }
}

async fn reopen(asker: Asker, path: web::Path<(AgencyId, UserId)>, posted: Posted) -> Answer {
    let (agency, user) = *path;
    asker.submit(posted.operation, move |ctx| users::reopen(ctx, user)).await?;
    see(at(agency))
}

async fn standings(asker: Asker) -> Answer {
    let found = asker.ask(attestation::standings).await?;
    let quarter = Quarter::of(asker.today()?);
    let row = |one: &AgencyStanding| {
        let (word, colour, day) = in_words(one.standing);
        let lead = if one.has_lead { "Yes" } else { "Nobody leads it" };
        let said = one.people.saturating_sub(one.unconfirmed);
        let state = Cell::tag(word, colour);
        Row::new(vec![
            Cell::text(one.name.clone()).heading(),
            Cell::text(format!("{said} of {}", one.people)),
            day.into_iter().fold(state, Cell::note),
            Cell::text(lead),
        ])
    };
    let columns = ["Agency", "People confirmed", "This quarter", "Lead"].map(Column::new);
    let table = Table::new(columns.into(), found.iter().map(row).collect());
    let sheet = Sheet::new("Agencies and their people")
        .text(format!(
            "Each quarter the lead of an agency confirms who still needs access. This quarter is from {quarter}."
        ))
        .table(table.hidden_caption("Agencies").wide().or_say("No agency employs anybody yet."));
    let page =
        Page::new("Agencies and their people").section("settings").back("/settings", "Settings");
    asker.page(&page, "pages/sheet", &sheet)
}
