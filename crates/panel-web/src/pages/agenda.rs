//! The agenda of a meeting.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::Page;
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda;
use panel_core::id::MeetingId;
use panel_documents::Document;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/meetings/{meeting}/agenda/print", TakesPart => print)]
}

/// One agenda.
fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/agenda")
}

async fn print(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    let document = asker.ask(move |ctx| agenda::document(ctx, id)).await?;
    let page = Page::new(document.title()).section("meetings").back(path(id), "Agenda");
    asker.document(&page, &document)
}
