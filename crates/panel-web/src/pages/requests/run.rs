//! What whoever runs the panel does to one request: enter a mailed reply, extend, ask again, chase.

use super::board::told;
use super::form;
use super::reply::again;
use super::show::{begun, load, title};
use super::{board_of, path};
use crate::answer::{Answer, see};
use crate::form::kinds::{date, narrative, time};
use crate::form::{Days, Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::{Button, Link, Page};
use crate::web::Asker;
use actix_web::web;
use chrono::{NaiveDate, NaiveTime};
use panel_app::information::{self, ExtensionForm};
use panel_core::id::InfoRequestId;
use panel_core::text::Note;

fn page(heading: &str, id: InfoRequestId) -> Page {
    Page::new(heading).section("information").back(path(id), "Information request")
}

pub(super) async fn ask_enter(asker: Asker, id: web::Path<InfoRequestId>) -> Answer {
    draw_enter(&asker, *id, None).await
}

async fn draw_enter(asker: &Asker, id: InfoRequestId, refused: Option<Refused>) -> Answer {
    let view = load(asker, id).await?;
    if !view.may_run {
        return Err(crate::errors::Failure::NotFound);
    }
    let heading = "Enter a reply that came by mail";
    let form = form::mailed(&format!("{}/enter", path(id)), &begun(&view), &view.nameable)
        .operation(asker.operation()?)
        .button(Button::new("Enter the reply"))
        .cancel(path(id))
        .refused(refused);
    let page_view = FormPage::new(heading, form)
        .caption(format!("{}, {}", view.agency_name, title(&view)))
        .intro("It is marked as entered by you for the agency. Keep to the agency’s own words.");
    asker.form(page(heading, id), page_view).await
}

pub(super) async fn enter(asker: Asker, id: web::Path<InfoRequestId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match form::read(&posted, asker.today()?, true) {
        Ok(form) => form,
        Err(refused) => return draw_enter(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| information::enter(ctx, id, &form)).await {
        Ok(_) => see(format!("{}?done=entered", path(id))),
        Err(failure) => {
            let mut refused = posted.refused(failure)?;
            // The page shows the case as it is now, and what is sent next answers that.
            refused.typed.set("answers", load(&asker, id).await?.answers.to_string());
            draw_enter(&asker, id, Some(refused)).await
        }
    }
}

static ON: Field<'_, NaiveDate> = date("on", "New deadline").days(Days::FromToday);
static AT: Optional<'_, NaiveTime> =
    time("at", "Time").hint("The whole day, when left empty").optional();
static REASON: Field<'_, Note> = narrative("reason", "Reason");
static EXTEND: Form = Form::of(&[&ON, &AT, &REASON]);

pub(super) async fn ask_extend(asker: Asker, id: web::Path<InfoRequestId>) -> Answer {
    draw_extend(&asker, *id, None).await
}

async fn draw_extend(asker: &Asker, id: InfoRequestId, refused: Option<Refused>) -> Answer {
    let view = load(asker, id).await?;
    if !view.may_run {
        return Err(crate::errors::Failure::NotFound);
    }
    let heading = "Extend the deadline";
    let form = FormView::new(&EXTEND, format!("{}/extend", path(id)))
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::new(heading))
        .cancel(path(id))
        .refused(refused);
    let page_view = FormPage::new(heading, form)
        .caption(format!("{}, {}", view.agency_name, title(&view)))
        .intro(format!("Now due by {}.", view.due));
    asker.form(page(heading, id), page_view).await
}

pub(super) async fn extend(asker: Asker, id: web::Path<InfoRequestId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let mut reader = EXTEND.read(&posted.values, asker.today()?);
    let (on, at, reason) = (reader.get(&ON), reader.get(&AT), reader.get(&REASON));
    let read =
        reader.finish(|| Some(ExtensionForm { version, on: on?, at: at?, reason: reason?.into() }));
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_extend(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| information::extend(ctx, id, &form)).await {
        Ok(_) => see(format!("{}?done=extended", path(id))),
        Err(crate::errors::Failure::Stale) => {
            let said = "This request has changed meanwhile. Look at its deadline, then extend it.";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw_extend(&asker, id, Some(refused)).await
        }
        Err(failure) => draw_extend(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn ask_again(
    asker: Asker,
    id: web::Path<InfoRequestId>,
    posted: Posted,
) -> Answer {
    let (id, version) = (*id, posted.version);
    let work = move |ctx: &panel_app::Ctx<'_>| information::ask_again(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(format!("{}?done=asked_again", path(id))),
        Err(failure) => again(&asker, id, failure).await,
    }
}

pub(super) async fn chase(asker: Asker, id: web::Path<InfoRequestId>, posted: Posted) -> Answer {
    let id = *id;
    let work = move |ctx: &panel_app::Ctx<'_>| information::chase(ctx, id, false);
    let chased = asker.submit(posted.operation, work).await?;
    let meeting = load(&asker, id).await?.meeting;
    let back = Link::new(board_of(meeting), "Go to the information requests of this meeting");
    told(&asker, chased, page("Chased", id), back)
}
