//! What does not fit, left for the next meeting with one press.

use super::draft::back_to;
use super::{page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{OPERATION, VERSION};
use crate::posted::Posted;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{self, SurplusForm, SurplusLine};
use panel_core::id::MeetingId;
use panel_core::words::count;

const ITEMS: &str = "items";
const HEADING: &str = "Leave what does not fit for the next meeting";

pub(super) async fn ask(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    let found = match asker.ask(move |ctx| agenda::surplus(ctx, id)).await {
        Ok(found) => found,
        Err(failure @ Failure::Rule { .. }) => return super::not_done(&asker, id, failure).await,
        Err(failure) => return Err(failure),
    };
    let mut sheet = Sheet::new(HEADING).caption(found.meeting.when.clone()).text(
        "Reviews alone are left, those that were heard the longest ago stay. New cases, what was put \
         off before and what you added yourself stay too. A review that is left stays due: the next \
         agenda proposes it again.",
    );
    if let Some(still) = &found.still {
        sheet = sheet.warning(Warning { text: format!("It would still be too full: {still}.") });
    }
    if found.left.is_empty() {
        sheet = sheet
            .text("There is no review to leave.")
            .acts(vec![Act::link(path(id), "Go back to the agenda").quiet()]);
        return asker.page(&page(HEADING, id), "pages/sheet", &sheet);
    }
    let row = |line: &SurplusLine| {
        Row::new(vec![
            Cell::text(line.reference.clone()).heading().note(line.person.clone()),
            Cell::text(line.why.clone()),
            Cell::number(line.minutes),
        ])
    };
    let columns = vec![Column::new("Case"), Column::new("Why"), Column::numeric("Minutes")];
    let caption = format!("{} left for the next meeting", count(found.left.len(), "review"));
    let table = Table::new(columns, found.left.iter().map(row).collect()).caption(caption);
    let leave = Act::post(format!("{}/surplus", path(id)), Button::warning("Leave these reviews"))
        .with(VERSION, found.version)
        .with(OPERATION, asker.operation()?);
    let leave = found.left.iter().fold(leave, |act, line| act.with(ITEMS, line.item));
    sheet = sheet
        .text(format!("{} would stay.", count(found.stay, "review")))
        .table(table)
        .acts(vec![leave, Act::link(path(id), "Cancel").quiet()]);
    asker.page(&page(HEADING, id), "pages/sheet", &sheet)
}

pub(super) async fn leave(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let items = posted.values.all(ITEMS).iter().filter_map(|item| item.parse().ok()).collect();
    let (version, form) = (posted.version, SurplusForm { items });
    let work = move |ctx: &panel_app::Ctx<'_>| agenda::leave_surplus(ctx, id, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "left")),
        Err(failure) => super::not_done(&asker, id, failure).await,
    }
}
