//! What stood out in how cases are read: the list, and one to be closed with what came of it.

use crate::answer::{Answer, see};
use crate::form::kinds::narrative;
use crate::form::{Field, Form, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Button, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::watch::{self, FindingForm, FindingRow};
use panel_core::coded::Coded;
use panel_core::id::FindingId;
use panel_core::text::Note;
use panel_core::time::local_date;
use panel_core::watch::WatchRule;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/findings", Administrator => list),
        route!(GET "/findings/{finding}", Administrator => show),
        route!(POST "/findings/{finding}", Administrator => close),
    ]
}

static NOTE: Field<'_, Note> = narrative("note", "What came of it")
    .hint("Whom you asked and what it was. Name nobody of a case.");
static CLOSE: Form = Form::of(&[&NOTE]);

const HEADING: &str = "What stands out";

/// What was counted.
fn many(row: &FindingRow) -> String {
    match row.rule {
        WatchRule::OwnName => "A search".to_owned(),
        WatchRule::Breadth | WatchRule::Bound => format!("{} cases within an hour", row.many),
        WatchRule::Night => format!("{} cases in one night", row.many),
        WatchRule::Files => format!("{} files within a day", row.many),
        WatchRule::Guesses => format!("{} times within ten minutes", row.many),
        WatchRule::Requests => format!("{} requests within a minute", row.many),
        WatchRule::Uploads => format!("{} files within an hour", row.many),
        WatchRule::NoReason => format!("{} cases in one day", row.many),
        WatchRule::Afterwards => format!("On {} days within four weeks", row.many),
        WatchRule::Namesake => "A case".to_owned(),
        WatchRule::Reveals => format!("{} times within a week", row.many),
    }
}

fn table<'a>(rows: impl Iterator<Item = &'a FindingRow>, caption: &str, empty: &'a str) -> Table {
    let rows = rows.map(|row| {
        Row::new(vec![
            Cell::link(format!("/findings/{}", row.id), row.rule.label()).heading().note(many(row)),
            Cell::text(&*row.user_name).note(&*row.agency_name),
            Cell::date(row.day),
        ])
    });
    let columns = ["What", "Who", "Day"].map(Column::new).into();
    Table::new(columns, rows.collect()).caption(caption).or_say(empty)
}

async fn list(asker: Asker) -> Answer {
    let found = asker.ask(watch::list).await?;
    let of = |closed: bool| found.iter().filter(move |row| row.closed_at.is_some() == closed);
    let sheet = Sheet::new(HEADING)
        .text(
            "How cases are read is looked at by a few rules. What stands out is no proof of anything: ask \
             the person, or whoever leads that agency, and close it with what came of it.",
        )
        .table(table(of(false), "Open", "Nothing is open."))
        .table(table(of(true), "Closed", "Nothing was closed yet."));
    asker.page(&Page::new(HEADING).section("settings").back("/", "Today"), "pages/sheet", &sheet)
}

async fn draw(asker: &Asker, id: FindingId, refused: Option<Refused>) -> Answer {
    let row = asker.ask(move |ctx| watch::show(ctx, id)).await?;
    let is_refused = refused.is_some();
    let mut facts = vec![
        Fact::new("What", row.rule.label()),
        Fact::new("How much", many(&row)),
        Fact::new("Who", format!("{}, {}", row.user_name, row.agency_name)),
        Fact::new("Day", dates::with_weekday(row.day)),
        Fact::new("Noticed", dates::with_weekday(local_date(row.found_at))),
    ];
    if let Some(at) = row.closed_at {
        facts.push(Fact::new("Closed", dates::with_weekday(local_date(at))));
        facts.push(Fact::prose("What came of it", row.note.clone()));
    }
    let mut sheet = Sheet::new(row.rule.label()).facts(Facts::new(facts));
    if row.closed_at.is_none() {
        let form = FormView::new(&CLOSE, format!("/findings/{id}"))
            .operation(asker.operation()?)
            .button(Button::new("Close it"))
            .refused(refused);
        sheet = sheet.form(form);
    }
    let page = Page::new(row.rule.label()).section("settings").back("/findings", HEADING);
    asker.page(&page.refused(is_refused), "pages/sheet", &sheet)
}

async fn show(asker: Asker, id: web::Path<FindingId>) -> Answer {
    draw(&asker, *id, None).await
}

async fn close(asker: Asker, id: web::Path<FindingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = CLOSE.read(&posted.values, asker.today()?);
    let note = reader.get(&NOTE);
    let form = match reader.finish(|| Some(FindingForm { note: note?.as_str().to_owned() })) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx: &Ctx<'_>| watch::close(ctx, id, &form)).await {
        Ok(()) => see("/findings"),
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
