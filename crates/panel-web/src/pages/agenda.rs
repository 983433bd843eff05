//! The agenda of a meeting: worked on by whoever runs the panel, read by everybody else.

mod draft;
mod issue;
mod items;
mod leave;
mod proposal;
mod reader;
mod surplus;

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id, pick};
use crate::form::{Field, Form};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Banner, Page};
use crate::web::Asker;
use actix_web::http::StatusCode;
use actix_web::web;
use panel_app::agenda::{self, AgendaView, Arrangement, DraftView};
use panel_app::{AppError, Ctx};
use panel_core::agenda::Move;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_documents::Document;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings/{meeting}/agenda", TakesPart => show),
        route!(GET "/meetings/{meeting}/agenda/print", TakesPart => print),
        route!(GET "/meetings/{meeting}/agenda/proposal", RunsPanel => proposal::show),
        route!(POST "/meetings/{meeting}/agenda/proposal", RunsPanel => proposal::confirm),
        route!(POST "/meetings/{meeting}/agenda/order", RunsPanel => arrange),
        route!(GET "/meetings/{meeting}/agenda/surplus", RunsPanel => surplus::ask),
        route!(POST "/meetings/{meeting}/agenda/surplus", RunsPanel => surplus::leave),
        route!(GET "/meetings/{meeting}/agenda/items/new", RunsPanel => items::new),
        route!(POST "/meetings/{meeting}/agenda/items/new", RunsPanel => items::add),
        route!(GET "/meetings/{meeting}/agenda/cases/new", RunsPanel => items::new_case),
        route!(POST "/meetings/{meeting}/agenda/cases/new", RunsPanel => items::add_case),
        route!(GET "/meetings/{meeting}/agenda/items/{item}", RunsPanel => items::edit),
        route!(POST "/meetings/{meeting}/agenda/items/{item}", RunsPanel => items::change),
        route!(GET "/meetings/{meeting}/agenda/items/{item}/leave", RunsPanel => leave::ask),
        route!(POST "/meetings/{meeting}/agenda/items/{item}/leave", RunsPanel => leave::leave),
        route!(POST "/meetings/{meeting}/agenda/items/{item}/back", RunsPanel => leave::put_back),
        route!(GET "/meetings/{meeting}/agenda/issue", RunsPanel => issue::ask),
        route!(POST "/meetings/{meeting}/agenda/issue", RunsPanel => issue::issue),
        route!(POST "/meetings/{meeting}/agenda/revise", RunsPanel => issue::revise),
        route!(GET "/meetings/{meeting}/agenda/readers", RunsPanel => issue::history),
    ]
}

/// One agenda.
pub(super) fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/agenda")
}

/// A page below an agenda.
fn page(title: impl Into<String>, meeting: MeetingId) -> Page {
    Page::new(title).section("meetings").back(path(meeting), "Agenda")
}

async fn load(asker: &Asker, meeting: MeetingId) -> Result<DraftView, Failure> {
    asker.ask(move |ctx| agenda::draft(ctx, meeting)).await
}

/// What was just done, by its place in the address; nothing else is ever said from there.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Proposed,
    Added,
    Changed,
    TakenOff,
    PutOff,
    PutBack,
    Left,
    Issued,
    Revising,
}

impl Done {
    const fn words(self) -> &'static str {
        match self {
            Self::Proposed => "The proposal is on the agenda.",
            Self::Added => "The item is on the agenda.",
            Self::Changed => "The item is changed.",
            Self::TakenOff => "The item is off the agenda.",
            Self::PutOff => "The item is put off to the next meeting.",
            Self::Left => "The reviews are left for the next meeting, which proposes them again.",
            Self::PutBack => "The item is on the agenda again.",
            Self::Issued => "The agenda is issued. Readers are told and agencies are asked.",
            Self::Revising => "You can change the agenda now. Readers keep the last issue.",
        }
    }
}

#[derive(Debug, Deserialize)]
struct Said {
    done: Option<Done>,
}

/// An agenda as the one who opens it may see it.
enum Opened {
    Draft(Box<DraftView>),
    Issued(Box<AgendaView>),
}

async fn show(asker: Asker, id: web::Path<MeetingId>, said: web::Query<Said>) -> Answer {
    let banner = said.done.map(|done| Banner::success(done.words()));
    let id = *id;
    let open = move |ctx: &Ctx<'_>| match agenda::draft(ctx, id) {
        Ok(draft) => Ok(Opened::Draft(Box::new(draft))),
        // Whoever does not run the panel reads what was issued.
        Err(AppError::NotFound) => Ok(Opened::Issued(Box::new(agenda::show(ctx, id)?))),
        Err(error) => Err(error),
    };
    let draw = move |asker: &Asker, opened| match opened {
        Opened::Draft(draft) => draft::page(asker, &draft, banner, StatusCode::OK),
        Opened::Issued(issued) => reader::page(asker, &issued),
    };
    asker.answer(move |ctx| ctx.together(open), draw).await
}

async fn print(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    asker
        .answer(
            move |ctx| agenda::document(ctx, id),
            move |asker, document| asker.document(&page(document.title(), id), &document),
        )
        .await
}

/// The agenda as it stands, above it why what was just pressed did not happen.
async fn not_done(asker: &Asker, id: MeetingId, failure: Failure) -> Answer {
    let (words, status) = match failure {
        Failure::Stale => (STALE.to_owned(), StatusCode::CONFLICT),
        Failure::Rule { sentence, .. } => (sentence, StatusCode::UNPROCESSABLE_ENTITY),
        other => return Err(other),
    };
    let view = load(asker, id).await?;
    Ok(draft::page(asker, &view, Some(Banner::important(words)), status)?.into())
}

/// What is said when the agenda changed since the page was drawn.
const STALE: &str = "Somebody else changed this agenda meanwhile. Nothing of yours was done. This is \
                     how it stands now.";

static TO: Field<'_, String> = pick("to", "Place in its section");
static ITEM: Field<'_, AgendaItemId> = id("item", "Item").hidden();
static ORDER: Form = Form::of(&[&ITEM, &TO]);

async fn arrange(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = ORDER.read(&posted.values, asker.today()?);
    let (item, to) = (reader.get(&ITEM), reader.get(&TO));
    let version = posted.version;
    let read = reader.finish(|| {
        let to = Move::To(to?.parse().ok()?);
        Some(Arrangement { version, item: item?, to })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return Err(refused.once_found(load(&asker, id)).await),
    };
    let place = format!("{}#item-{}", path(id), form.item);
    match asker.submit(posted.operation, move |ctx| agenda::arrange(ctx, id, &form)).await {
        Ok(_) => see(place),
        Err(failure) => not_done(&asker, id, failure).await,
    }
}
