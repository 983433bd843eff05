//! The confidentiality statement of a meeting, for those who come to it.

use super::path;
use crate::answer::{Answer, see};
use crate::posted::Posted;
use crate::view::{Act, Banner, Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::live::{self, Unaccepted};
use panel_core::id::MeetingId;
use serde::Deserialize;

/// What the page was asked to say.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    /// Whether the statement was accepted just before.
    accepted: Option<bool>,
}

/// The page of a meeting's statement.
pub(in crate::pages) fn at(meeting: MeetingId) -> String {
    format!("{}/statement", path(meeting))
}

/// One line and link for each meeting whose statement the reader has still to accept.
pub(in crate::pages) fn ask(sheet: Sheet, waiting: &[Unaccepted]) -> Sheet {
    if waiting.is_empty() {
        return sheet;
    }
    let link = |one: &Unaccepted| {
        let words = format!(
            "Read and accept the confidentiality statement of {}, at {}",
            one.panel_name, one.when
        );
        Link::new(at(one.meeting), words)
    };
    sheet.links(waiting.iter().map(link).collect())
}

pub(super) async fn show(asker: Asker, id: web::Path<MeetingId>, said: web::Query<Said>) -> Answer {
    let id = *id;
    let found = asker.ask(move |ctx| live::statement(ctx, id)).await?;
    let title = "Confidentiality statement";
    let caption = format!("{}, meeting at {}", found.panel_name, found.meeting.when);
    let mut sheet = Sheet::new(title).caption(caption).prose(found.statement.clone());
    if !found.accepted.is_empty() {
        sheet = sheet.text(format!("{}.", found.accepted));
    } else if !found.may_accept {
        sheet = sheet
            .text("You can accept it from the issue of the agenda until the minutes are approved.");
    }
    if found.may_accept {
        let button = Button::new("I have read it and accept it");
        sheet = sheet.acts(vec![Act::post(at(id), button).with("operation", asker.operation()?)]);
    }
    let done = said.accepted.unwrap_or_default() && found.accepted_at.is_some();
    let banner = done.then(|| Banner::success("You have accepted the confidentiality statement."));
    let page = Page::new(title).section("meetings").back(path(id), "Meeting").banner(banner);
    asker.page(&page, "pages/sheet", &sheet)
}

pub(super) async fn accept(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    asker.submit(posted.operation, move |ctx| live::accept_statement(ctx, id)).await?;
    see(format!("{}?accepted=true", at(id)))
}
