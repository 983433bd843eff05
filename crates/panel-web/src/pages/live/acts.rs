//! What is done to an item: an action is added, the item is put off, put back or taken off.

use super::item::{Refusal, draw, load};
use super::{Said, item_path, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id as id_of, line, narrative, one_of, text};
use crate::form::{Choice, ConfirmView, Field, Form, FormView, Layout, Optional, Refused};
use crate::pages::actions::{STANDS, asks_whether_it_stands, with_the_rest};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::actions::{self, ActionForm};
use panel_app::live::{self, DeferForm, ItemView};
use panel_core::action::Approach;
use panel_core::id::{AgencyId, AgendaItemId, MeetingId, UserId};
use panel_core::text::{Note, Title};
use std::fmt::Debug;

static TEXT: Field<'_, Title> = line("text", "Action").missing("Enter what is to be done");
static AGENCY: Field<'_, AgencyId> = id_of("agency", "Agency");
static PERSON: Optional<'_, UserId> = id_of("person", "Person").optional();
static DUE: Optional<'_, String> = text("due", "Due")
    .hint("A date, or words such as “next panel” or “10 working days”")
    .optional();
static APPROACH: Optional<'_, Approach> = one_of("approach", "Approach").as_select().optional();
static ACTION: Form = Form::of(&[&TEXT, &AGENCY, &PERSON, &DUE, &APPROACH]);

static REASON: Field<'_, Note> = narrative("reason", "Reason").rows(3);
static WHY: Form = Form::of(&[&REASON]);

/// The fields, with the question whether the wording may stand where it is asked.
fn layout(asks: bool) -> Layout<'static> {
    if asks { ACTION.layout().with(&STANDS) } else { ACTION.layout() }
}

/// The form that adds an action at an item. The next panel is what most actions are due by.
pub(super) fn action_form(
    asker: &Asker,
    view: &ItemView,
    refused: Option<Refused>,
) -> Result<FormView<'static>, Failure> {
    let agency = |id: &AgencyId| {
        let found = view.agencies.iter().find(|(other, _)| other == id);
        found.map_or("", |(_, name)| name.as_str())
    };
    let people =
        view.people.iter().map(|(id, name, of)| Choice::new(id, format!("{name}, {}", agency(of))));
    let layout = layout(asks_whether_it_stands(refused.as_ref()));
    Ok(FormView::new(layout, format!("{}/actions", item_path(view.meeting.id, view.item)))
        .unmarked()
        .ids("action-")
        .choices(&AGENCY, Choice::named(&view.agencies))
        .choices(&PERSON, people.collect())
        .fill(&DUE, &Some("next panel".to_owned()))
        .operation(asker.operation()?)
        .button(Button::new("Add the action"))
        .refused(refused))
}

pub(super) async fn add_action(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (meeting, item) = *at;
    let panel = load(&asker, (meeting, item)).await?.meeting.panel;
    let mut reader = layout(true).read(&posted.values, asker.today()?);
    let stands = reader.get(&STANDS);
    let (text, agency) = (reader.get(&TEXT), reader.get(&AGENCY));
    let (person, due) = (reader.get(&PERSON), reader.get(&DUE));
    let approach = reader.get(&APPROACH);
    let read = reader.finish(|| {
        Some(ActionForm {
            panel,
            item: Some(item),
            case: None,
            text: text?.into(),
            approach: approach?,
            agency: agency?,
            person: person?,
            due: due?.unwrap_or_default(),
            stands: stands?,
        })
    });
    let again =
        |refused| async { draw(&asker, *at, &Said::default(), Refusal::Action(refused)).await };
    let form = match read {
        Ok(form) => form,
        Err(refused) => {
            return again(with_the_rest(&asker, Some(panel), Some(item), refused).await?).await;
        }
    };
    match asker.submit(posted.operation, move |ctx| actions::set(ctx, &form)).await {
        Ok(_) => see(format!("{}?done=action#add", item_path(meeting, item))),
        Err(failure) => again(posted.refused(failure)?).await,
    }
}

/// An act that asks for a reason.
struct Reasoned {
    verb: &'static str,
    heading: &'static str,
    text: &'static str,
    button: &'static str,
}

const DEFER: Reasoned = Reasoned {
    verb: "defer",
    heading: "Put this item off to the next meeting",
    text: "What was written down stays in these minutes. The next agenda lists the item first, with \
           this reason and the replies that agencies have given.",
    button: "Put it off",
};

const REMOVE: Reasoned = Reasoned {
    verb: "remove",
    heading: "Take this item off the agenda",
    text: "It does not come back by itself. Actions that were set under it end with it: those of this \
           meeting are deleted, those of earlier meetings are closed, which the chair alone can do.",
    button: "Take it off",
};

async fn ask(
    asker: &Asker,
    at: (MeetingId, AgendaItemId),
    act: &Reasoned,
    refused: Option<Refused>,
) -> Answer {
    let view = load(asker, at).await?;
    let back = item_path(at.0, at.1);
    let form = FormView::new(&WHY, format!("{back}/{}", act.verb))
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::warning(act.button))
        .cancel(back.clone())
        .refused(refused);
    let about = [view.label.as_str(), view.person.as_str()].join(" ");
    let confirm = ConfirmView::new(act.heading, form).caption(about.trim()).text(act.text);
    let page = Page::new(act.heading).section("meetings").back(back, "Item");
    Ok(confirm.answer(&asker.web.site, &asker.viewer(), page)?)
}

/// What is said when the item changed since the page was drawn.
fn behind(posted: &Posted) -> Refused {
    let said = "Somebody else changed this item meanwhile. Look at it again before you go on.";
    Refused::by_rule(&posted.values, "", "stale", said)
}

async fn reasoned<T: Debug + Send + 'static>(
    asker: &Asker,
    at: (MeetingId, AgendaItemId),
    posted: Posted,
    act: &Reasoned,
    work: fn(&panel_app::Ctx<'_>, AgendaItemId, &DeferForm) -> Result<T, panel_app::AppError>,
) -> Result<T, Answer> {
    let today = asker.today().map_err(Err)?;
    let mut reader = WHY.read(&posted.values, today);
    let reason = reader.get(&REASON);
    let form = match reader.finish(|| reason) {
        Ok(reason) => DeferForm { version: posted.version, reason: reason.into() },
        Err(refused) => return Err(ask(asker, at, act, Some(refused)).await),
    };
    let item = at.1;
    match asker.submit(posted.operation, move |ctx| work(ctx, item, &form)).await {
        Ok(done) => Ok(done),
        Err(Failure::Stale) => Err(ask(asker, at, act, Some(behind(&posted))).await),
        Err(failure) => match posted.refused(failure) {
            Ok(refused) => Err(ask(asker, at, act, Some(refused)).await),
            Err(failure) => Err(Err(failure)),
        },
    }
}

pub(super) async fn ask_defer(asker: Asker, at: web::Path<(MeetingId, AgendaItemId)>) -> Answer {
    ask(&asker, *at, &DEFER, None).await
}

pub(super) async fn defer(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    match reasoned(&asker, *at, posted, &DEFER, live::defer).await {
        Ok(_) => see(format!("{}?done=deferred", path(at.0))),
        Err(answer) => answer,
    }
}

pub(super) async fn ask_remove(asker: Asker, at: web::Path<(MeetingId, AgendaItemId)>) -> Answer {
    ask(&asker, *at, &REMOVE, None).await
}

pub(super) async fn remove(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    match reasoned(&asker, *at, posted, &REMOVE, live::remove).await {
        Ok(_) => see(format!("{}?done=removed", path(at.0))),
        Err(answer) => answer,
    }
}

pub(super) async fn put_back(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let ((meeting, item), version) = (*at, posted.version);
    match asker.submit(posted.operation, move |ctx| live::put_back(ctx, item, version)).await {
        Ok(_) => see(format!("{}?done=back", item_path(meeting, item))),
        Err(Failure::Stale) => see(item_path(meeting, item)),
        Err(failure) => Err(failure),
    }
}
