//! Issuing: what it will do is shown first; afterwards the issues and who has opened the latest.

use super::draft::back_to;
use super::{load, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{ConfirmView, Form, FormView, Refused};
use crate::pages::{clearing, connections};
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Button, Colour, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{self, Ahead, ReaderView};
use panel_app::clearing::Outgoing;
use panel_core::id::MeetingId;
use panel_core::words::count;

static NOTHING: Form = Form::of(&[]);

pub(super) async fn ask(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, None).await
}

/// Shows what issuing will do.
async fn draw(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let ahead = match asker.ask(move |ctx| agenda::ahead(ctx, id)).await {
        Ok(ahead) => ahead,
        Err(failure @ Failure::Rule { .. }) => return super::not_done(asker, id, failure).await,
        Err(failure) => return Err(failure),
    };
    if !connections::questions(asker, id).await?.is_empty() {
        return see(connections::path(id));
    }
    if !clearing::suspects(asker, id, Outgoing::Agenda).await?.is_empty() {
        return see(clearing::path(id, Outgoing::Agenda));
    }
    let view = load(asker, id).await?;
    let is_first = ahead.number == 1;
    let heading = if is_first { "Issue the agenda" } else { "Issue the agenda again" };
    let form = FormView::new(&NOTHING, format!("{}/issue", path(id)))
        .version(ahead.version.into())
        .operation(asker.operation()?)
        .button(Button::new(heading))
        .cancel(path(id))
        .refused(refused);
    let mut confirm = ConfirmView::new(heading, form)
        .caption(view.meeting.when.clone())
        .facts(facts(&ahead, &view.unissued))
        .text(if is_first {
            "Readers get the agenda as it stands now. Its order, minutes and presenters are then \
             locked, and what comes later is marked as late."
        } else {
            "Readers get the agenda as it stands now, with a plain list of what changed."
        });
    if let Some(warning) = &view.warning {
        confirm = confirm.warning(format!("This agenda is too full: {warning}."));
    }
    Ok(confirm.answer(&asker.web.site, &asker.viewer(), page(heading, id))?)
}

fn facts(ahead: &Ahead, changes: &[String]) -> Facts {
    let asks = &ahead.asks;
    let requests = match asks.requests {
        0 => "No agency is asked anything new".to_owned(),
        n => {
            let agencies = if asks.agencies == 1 { "agency" } else { "agencies" };
            format!("{} to {} {agencies}", count(n, "request"), asks.agencies)
        }
    };
    let items = format!("{}, {} of them cases", count(ahead.items, "item"), ahead.cases);
    let mut rows = vec![
        Fact::new("Issue", ahead.number.to_string()),
        Fact::new("On it", items),
        Fact::new("Agencies are asked", requests),
    ];
    if asks.requests > 0 {
        rows.push(Fact::new("Replies are due", asks.due.clone()));
    }
    if asks.withdrawn > 0 {
        rows.push(Fact::new("No longer asked", count(asks.withdrawn, "request")));
    }
    let people = if ahead.told == 1 { "person" } else { "people" };
    rows.push(Fact::new("Told by mail", format!("{} {people}", ahead.told)));
    if !changes.is_empty() {
        rows.push(Fact::prose("What changed", changes.join("\n")));
    }
    Facts::new(rows)
}

pub(super) async fn issue(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let read = NOTHING.read(&posted.values, asker.today()?).finish(|| Some(()));
    if let Err(refused) = read {
        return draw(&asker, id, Some(refused)).await;
    }
    let work = move |ctx: &panel_app::Ctx<'_>| agenda::issue(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "issued")),
        Err(failure) if connections::is_asked_for(&failure) => see(connections::path(id)),
        Err(failure) if clearing::is_asked_for(&failure) => {
            see(clearing::path(id, Outgoing::Agenda))
        }
        Err(failure) => super::not_done(&asker, id, failure).await,
    }
}

pub(super) async fn revise(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let work = move |ctx: &panel_app::Ctx<'_>| agenda::revise(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "revising")),
        Err(failure) => super::not_done(&asker, id, failure).await,
    }
}

/// The issues with what each changed, and who has opened the latest.
pub(super) async fn history(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    let history = asker.ask(move |ctx| agenda::history(ctx, id)).await?;
    let title = "Issues and who has opened them";
    let mut sheet = Sheet::new(title);
    if history.issues.is_empty() {
        sheet = sheet.text("This agenda has not been issued yet.");
    } else {
        sheet = sheet.heading("Who has opened the latest issue").table(readers(&history.readers));
    }
    for (issue, changes) in &history.issues {
        sheet = sheet
            .heading(format!("Issue {}", issue.number))
            .text(format!("Issued at {}, by {}.", issue.when, issue.by))
            .list(changes.clone());
    }
    asker.page(&page(title, id), "pages/sheet", &sheet)
}

fn readers(all: &[ReaderView]) -> Table {
    let row = |reader: &ReaderView| {
        let opened = match &reader.opened {
            Some(when) => Cell::text(when.clone()),
            None => Cell::tag("Not opened yet", Colour::Yellow),
        };
        let name = Cell::text(reader.name.clone()).heading();
        Row::new(vec![name, Cell::text(reader.agency.clone()), opened])
    };
    let columns = ["Name", "Agency", "First opened"].map(Column::new).into();
    Table::new(columns, all.iter().map(row).collect())
        .hidden_caption("Who has opened the latest issue")
        .or_say("Nobody else may read this agenda.")
}
