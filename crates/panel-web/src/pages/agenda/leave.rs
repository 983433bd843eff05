//! Items that leave the agenda: taken off, or put off to the next meeting; and the way back.

use super::draft::back_to;
use super::{load, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{narrative, pick};
use crate::form::{Choice, ConfirmView, Field, Form, FormView, Refused};
use crate::posted::Posted;
use crate::view::{Body, Button, Link};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{self, LeaveForm, Left};
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::text::Note;

const OFF: &str = "off";
const NEXT: &str = "next";

static WHERE: Field<'_, String> =
    pick("where", "What happens to it").missing("Select what happens to it").as_radios();
static REASON: Field<'_, Note> = narrative("reason", "Reason");
static FORM: Form = Form::of(&[&WHERE, &REASON]);

pub(super) async fn ask(asker: Asker, at: web::Path<(MeetingId, AgendaItemId)>) -> Answer {
    draw(&asker, at.into_inner(), None).await
}

async fn draw(
    asker: &Asker,
    (id, item): (MeetingId, AgendaItemId),
    refused: Option<Refused>,
) -> Answer {
    let view = load(asker, id).await?;
    let mut lines = view.sections.iter().flat_map(|section| &section.lines);
    let line = &lines.find(|line| line.line.item == item).ok_or(Failure::NotFound)?.line;
    let choices = vec![
        Choice::new(NEXT, "Put it off to the next meeting")
            .hint("It comes first there. Replies that agencies gave go with it."),
        Choice::new(OFF, "Take it off this agenda")
            .hint("What is due is proposed again for the next meeting."),
    ];
    let form = FormView::new(&FORM, format!("{}/items/{item}/leave", path(id)))
        .choices(&WHERE, choices)
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::warning("Take it from this agenda"))
        .cancel(path(id))
        .refused(refused);
    let heading = format!("Take {} from the agenda", line.label);
    let mut confirm = ConfirmView::new(heading.clone(), form).caption(view.meeting.when.clone());
    if !view.issues.is_empty() {
        let words = "Readers know that it was to be heard. They are told when you issue the agenda \
                     again.";
        confirm = confirm.text(words);
    }
    Ok(confirm.answer(&asker.web.site, &asker.viewer(), page(heading, id))?)
}

pub(super) async fn leave(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (id, item) = at.into_inner();
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (to, reason) = (reader.get(&WHERE), reader.get(&REASON));
    let version = posted.version;
    let read = reader.finish(|| Some((to?, LeaveForm { version, item, reason: reason?.into() })));
    let (to, form) = match read {
        Ok(read) => read,
        Err(refused) => return draw(&asker, (id, item), Some(refused)).await,
    };
    let failure = if to == NEXT {
        let done = asker.submit(posted.operation, move |ctx| agenda::carry(ctx, id, &form)).await;
        match done {
            Ok(left) => return put_off(&asker, id, &left),
            Err(failure) => failure,
        }
    } else {
        let work = move |ctx: &panel_app::Ctx<'_>| agenda::withdraw(ctx, id, &form);
        match asker.submit(posted.operation, work).await {
            Ok(_) => return see(back_to(id, "taken_off")),
            Err(failure) => failure,
        }
    };
    let refused = match failure {
        Failure::Stale => Refused::by_rule(&posted.values, "", "stale", super::STALE),
        other => posted.refused(other)?,
    };
    draw(&asker, (id, item), Some(refused)).await
}

/// Says where an item went, with the meetings on the way that could not take it.
fn put_off(asker: &Asker, id: MeetingId, left: &Left) -> Answer {
    if left.passed_over.is_empty() {
        return see(back_to(id, "put_off"));
    }
    let body = Body::titled("The item is put off")
        .text(format!("It is on the agenda of the meeting at {}.", left.when))
        .text("These meetings come before it and could not take it:")
        .bullets(left.passed_over.clone())
        .links(vec![
            Link::new(path(id), "Go back to the agenda"),
            Link::new(path(left.to), "Go to the agenda it went to"),
        ]);
    let page = page("The item is put off", id);
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn put_back(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (id, item) = at.into_inner();
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| agenda::put_back(ctx, id, version, item);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "put_back")),
        Err(failure) => super::not_done(&asker, id, failure).await,
    }
}
