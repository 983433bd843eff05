//! Long texts of an item, saved by the script while they are typed.

use crate::answer::Answer;
use crate::errors::Failure;
use crate::posted::Posted;
use crate::view::dates;
use crate::web::Asker;
use actix_web::{HttpResponse, web};
use panel_app::live::{self, NoteField};
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, MeetingId};
use serde::Serialize;

/// What the script is told.
#[derive(Serialize)]
struct Kept {
    version: i32,
    saved: String,
}

/// Saves the one text that was sent.
pub(super) async fn keep(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (_, id) = *at;
    let sent = NoteField::ALL.iter().find(|field| posted.values.has(field.code()));
    let field = *sent.ok_or(Failure::Malformed)?;
    let (version, text) = (posted.version, posted.values.one(field.code()).to_owned());
    // The number it was sent under makes a text that is sent again, for want of an answer, the same.
    let work = move |ctx: &panel_app::Ctx<'_>| {
        Ok((live::type_note(ctx, id, version, field, &text)?, ctx.now))
    };
    let (version, now) = asker.submit(posted.operation, work).await?;
    let saved = dates::time(panel_core::time::local(now).time());
    Ok(HttpResponse::Ok().json(Kept { version, saved }))
}
