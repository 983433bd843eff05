//! How well agencies do what they owe, by period.

use super::meetings::name_of;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::date;
use crate::form::{Declared, Form, FormView, Optional, Query, Refused, Values};
use crate::routes::{Route, route};
use crate::view::lists::Filter;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::{Months, NaiveDate};
use panel_app::completion::{self, Completion, Figures};
use panel_app::panels;
use panel_core::id::PanelId;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/completion", SignedIn => choose),
        route!(GET "/panels/{panel}/completion", SignedIn => show),
    ]
}

static FROM: Optional<'_, NaiveDate> =
    date("from", "First day").hint("For example, 1/1/2026").in_one_box().optional();
static TO: Optional<'_, NaiveDate> =
    date("to", "Last day").hint("For example, 31/3/2026").in_one_box().optional();
static FORM: Form = Form::of(&[&FROM, &TO]);

/// How far back the figures go when nothing else is asked for.
const USUAL: Months = Months::new(3);

async fn choose(asker: Asker) -> Answer {
    let all = asker.ask(panels::list).await?;
    let seats = &asker.person().actor.seats;
    let mine: Vec<Link> = all
        .iter()
        .filter(|panel| seats.iter().any(|seat| seat.panel == panel.value.id))
        .map(|panel| {
            Link::new(format!("/panels/{}/completion", panel.value.id), panel.value.name.as_str())
        })
        .collect();
    if let [only] = mine.as_slice() {
        return see(&only.href);
    }
    let sheet = Sheet::new("Completion by agency").links(mine);
    asker.page(&Page::new("Completion by agency").section("actions"), "pages/sheet", &sheet)
}

fn read(values: &Values, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Refused> {
    let mut reader = FORM.read(values, today);
    let (from, to) = (reader.get(&FROM), reader.get(&TO));
    reader.finish(|| {
        let to = to?.unwrap_or(today);
        let from = from?.or_else(|| to.checked_sub_months(USUAL)).unwrap_or(to);
        Some((from, to))
    })
}

async fn show(asker: Asker, panel: web::Path<PanelId>, query: Query) -> Answer {
    let panel = *panel;
    let mut values = query.0;
    let (found, refused) = match read(&values, asker.today()?) {
        Ok((from, to)) => {
            let print = |day: NaiveDate| day.format("%-d/%-m/%Y").to_string();
            values.set(FROM.spec().name(), print(from));
            values.set(TO.spec().name(), print(to));
            match asker.ask(move |ctx| completion::show(ctx, panel, from, to)).await {
                Ok(found) => (Some(found), None),
                Err(Failure::Invalid(errors)) => {
                    (None, Some(Refused { errors, typed: values.clone() }))
                }
                Err(failure) => return Err(failure),
            }
        }
        Err(refused) => {
            // Whoever may not see the figures learns nothing by typing a wrong date.
            let today = asker.today()?;
            asker.ask(move |ctx| completion::show(ctx, panel, today, today)).await?;
            (None, Some(refused))
        }
    };
    let form = FormView::new(&FORM, "").typed(values).refused(refused).ids("filter-");
    let errors = form.errors().map(|found| found.errors).unwrap_or_default();
    let mut filter = Filter::new(format!("/panels/{panel}/completion"), form.filters(), Vec::new());
    filter.open = true;
    let mut sheet = Sheet::new("Completion by agency")
        .caption(name_of(&asker, panel).await?)
        .errors(errors)
        .filter(filter);
    if let Some(found) = &found {
        sheet = figures(sheet, found);
    }
    let page = Page::new("Completion by agency").section("actions").back("/actions", "Actions");
    let page = if sheet.has_errors() { page.refused(true) } else { page };
    asker.page(&page, "pages/sheet", &sheet)
}

fn row<'a>(figures: &'a Figures, name: &'a str) -> Row<'a> {
    Row::new(vec![
        Cell::text(name).heading(),
        Cell::number(figures.completed),
        Cell::number(figures.on_time),
        Cell::number(figures.not_done),
        Cell::number(figures.overdue),
        Cell::number(figures.transferred),
        Cell::text(figures.completion.clone()),
        Cell::text(figures.punctuality.clone()),
    ])
}

fn figures(sheet: Sheet, found: &Completion) -> Sheet {
    let mut rows: Vec<Row<'_>> = found.agencies.iter().map(|one| row(one, &one.name)).collect();
    rows.extend(found.total.iter().map(|total| row(total, "All agencies")));
    let columns = vec![
        Column::new("Agency"),
        Column::numeric("Completed"),
        Column::numeric("Of these, on time"),
        Column::numeric("Not done"),
        Column::numeric("Overdue"),
        Column::numeric("Transferred"),
        Column::new("Completion"),
        Column::new("On time"),
    ];
    sheet
        .table(
            Table::new(columns, rows)
                .caption(dates::period(found.from, found.to))
                .wide()
                .or_say("No agency belongs to this panel yet."),
        )
        .text(
            "Completion is completed ÷ (completed + not done + overdue). On time is what was \
             completed by its judged date ÷ the same. Both are over actions whose judged date lies \
             in the period, as they stood at its end. Actions without a due date are not counted, \
             and an action counts for the agency that owned it at the end of the period.",
        )
        .text("Below 10 actions there is no percentage, and without any there is a dash.")
}
