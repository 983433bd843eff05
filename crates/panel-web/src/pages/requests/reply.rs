//! Replying for one's agency: saved as a draft while it is typed, sent when it is ready.

use super::form::{self, ANSWERS};
use super::path;
use super::show::{PRESS, current, draw, load, title};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{Refused, StaleView, VERSION, Values};
use crate::posted::Posted;
use crate::view::{Banner, Page, dates};
use crate::web::Asker;
use actix_web::{HttpResponse, web};
use panel_app::information::{self, Released, ReplyForm, Typed};
use panel_app::{Ctx, drafts};
use panel_core::id::InfoRequestId;
use panel_core::information::ReplyKind;
use serde::Serialize;

/// Sends the reply, or saves it as a draft.
pub(super) async fn send(asker: Asker, id: web::Path<InfoRequestId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match form::read(&posted, asker.today()?, false) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, None, Some(refused)).await,
    };
    let is_draft = posted.values.one(crate::form::PRESSED) == "save";
    let work = move |ctx: &Ctx<'_>| {
        if is_draft {
            information::save_draft(ctx, id, &form).map(|_| None)
        } else {
            information::release(ctx, id, &form).map(Some)
        }
    };
    match asker.submit(posted.operation, work).await {
        Ok(released) => {
            // What was kept over a sign-out is now where it belongs.
            asker.ask(move |ctx| drafts::forget(ctx, &path(id))).await?;
            let saved = || format!("{}?done=saved", path(id));
            see(released.map_or_else(saved, |released| sent(id, released)))
        }
        Err(Failure::Stale) => stale(&asker, id, posted.values).await,
        Err(failure) => refuse(&asker, id, &posted, failure).await,
    }
}

fn sent(id: InfoRequestId, released: Released) -> String {
    let done = if released.late { "late" } else { "sent" };
    format!("{}?done={done}", path(id))
}

/// What a use case did not take. When the case has changed the page shows it as it is now, and what is
/// sent next answers that.
async fn refuse(asker: &Asker, id: InfoRequestId, posted: &Posted, failure: Failure) -> Answer {
    let changed = matches!(&failure, Failure::Rule { code: "case_changed", .. });
    let mut refused: Refused = posted.refused(failure)?;
    if changed {
        let answers = load(asker, id).await?.answers;
        refused.typed.set("answers", answers.to_string());
    }
    draw(asker, id, None, Some(refused)).await
}

/// Both texts, when a colleague changed the draft first.
async fn stale(asker: &Asker, id: InfoRequestId, typed: Values) -> Answer {
    let view = load(asker, id).await?;
    let now: ReplyForm = current(&view);
    let at = path(id);
    let form = form::own(&at, &now, &view.nameable).operation(asker.operation()?).typed(typed);
    let version = now.version.unwrap_or(0).into();
    let mut stale = StaleView::new(form, &form::values(&now), version, at.clone());
    if let Some(draft) = &view.draft {
        stale = stale.by(format!("{} at {}", draft.by, draft.when));
    }
    let page = Page::new(title(&view)).section("information").back(at, "Information request");
    Ok(stale.answer(&asker.web.site, &asker.viewer(), page)?)
}

#[derive(Serialize)]
struct Kept {
    version: i32,
    saved: String,
}

/// Saves one text while it is typed; the script calls it.
pub(super) async fn keep(asker: Asker, id: web::Path<InfoRequestId>, mut values: Values) -> Answer {
    let id = *id;
    let version = values.one(VERSION).parse().ok().filter(|version| *version > 0);
    values.remove(VERSION);
    values.remove(crate::form::CSRF);
    let mut pairs = values.iter().map(|(name, text)| (name.to_owned(), text.to_vec()));
    let (Some((field, texts)), None) = (pairs.next(), pairs.next()) else {
        return Err(Failure::Malformed);
    };
    let text = texts.into_iter().next().unwrap_or_default();
    let typed = Typed { version, field, text };
    let work = move |ctx: &Ctx<'_>| {
        let saved = information::keep_text(ctx, id, &typed)?;
        Ok((saved.version, dates::time(panel_core::time::local(ctx.now).time())))
    };
    let (version, saved) = asker.ask(work).await?;
    Ok(HttpResponse::Ok().json(Kept { version, saved }))
}

/// Knows nothing, in one press.
pub(super) async fn nothing(asker: Asker, id: web::Path<InfoRequestId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = PRESS.read(&posted.values, asker.today()?);
    let answers = reader.get(&ANSWERS);
    let read = reader.finish(|| i32::try_from(answers?).ok());
    let answers = match read {
        Ok(answers) => answers,
        Err(refused) => return Err(refused.once_found(load(&asker, id)).await),
    };
    let form = ReplyForm { kind: ReplyKind::NothingKnown, ..ReplyForm::empty(answers) };
    let work = move |ctx: &Ctx<'_>| information::release(ctx, id, &form);
    match asker.submit(posted.operation, work).await {
        Ok(released) => see(sent(id, released)),
        Err(failure) => again(&asker, id, failure).await,
    }
}

pub(super) async fn drop_draft(
    asker: Asker,
    id: web::Path<InfoRequestId>,
    posted: Posted,
) -> Answer {
    let (id, version) = (*id, posted.version);
    let work = move |ctx: &Ctx<'_>| information::drop_draft(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(format!("{}?done=dropped", path(id))),
        Err(failure) => again(&asker, id, failure).await,
    }
}

/// The request as it is now, above it why a press did nothing.
pub(super) async fn again(asker: &Asker, id: InfoRequestId, failure: Failure) -> Answer {
    let words = match failure {
        Failure::Stale => "This has changed meanwhile. Look at it again.".to_owned(),
        Failure::Rule { sentence, .. } => sentence,
        other => return Err(other),
    };
    draw(asker, id, Some(Banner::important(words)), None).await
}
