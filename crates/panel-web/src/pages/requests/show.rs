//! One request: what is asked, what was answered, and the reply of the agency that was asked.

use super::form::{self, ANSWERS};
use super::{board_of, mark, path};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::{Form, FormView, Refused};
use crate::view::facts::{Fact, Facts};
use crate::view::{Banner, Body, Button, Link, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{CaseView, PersonView};
use panel_app::drafts;
use panel_app::information::{self, ReplyForm, ReplyView, RequestView};
use panel_core::coded::Coded;
use panel_core::handling::{Overlay, Record};
use panel_core::id::InfoRequestId;
use serde::Deserialize;

/// The act of knowing nothing, and the other acts of one press.
pub(super) static PRESS: Form = Form::of(&[&ANSWERS]);

/// What was just done.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Done {
    Saved,
    Sent,
    Late,
    Dropped,
    Entered,
    Extended,
    AskedAgain,
}

impl Done {
    const fn words(self) -> &'static str {
        match self {
            Self::Saved => "Your draft is saved. Only your agency can see it.",
            Self::Sent => "Your reply is sent.",
            Self::Late => "Your reply is sent. It came after the deadline and is marked late.",
            Self::Dropped => "The draft is deleted.",
            Self::Entered => "The reply is entered for the agency and marked so.",
            Self::Extended => "The deadline is extended.",
            Self::AskedAgain => "The agency is asked again.",
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Said {
    done: Option<Done>,
}

pub(super) async fn load(asker: &Asker, id: InfoRequestId) -> Result<RequestView, Failure> {
    asker.ask(move |ctx| information::show(ctx, id)).await
}

pub(super) fn title(view: &RequestView) -> String {
    format!("Information about {}", view.case.reference)
}

pub(super) async fn show(
    asker: Asker,
    id: web::Path<InfoRequestId>,
    said: web::Query<Said>,
) -> Answer {
    let banner = said.done.map(|done| Banner::success(done.words()));
    draw(&asker, *id, banner, None).await
}

/// Draws the request, with the reply refused or as it was saved last.
pub(super) async fn draw(
    asker: &Asker,
    id: InfoRequestId,
    banner: Option<Banner>,
    refused: Option<Refused>,
) -> Answer {
    let view = load(asker, id).await?;
    let mut body = Body::titled(title(&view)).facts(standing(&view));
    body = body.heading("Who this is about").facts(about(&view));
    if view.may_reply {
        body = reply(asker, &view, body, refused).await?;
    }
    body = replies(&view, body);
    if view.may_run {
        body = run(asker, &view, body)?;
    }
    let page = Page::new(title(&view)).section("information").banner(banner);
    let page = if view.may_run {
        page.back(board_of(view.meeting), "Information requests")
    } else {
        page.back("/information", "Information requests")
    };
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn standing(view: &RequestView) -> Facts {
    let colour = mark(view.standing, None).1;
    let mut rows = vec![
        Fact::new("Agency", view.agency_name.clone()),
        Fact::new("Standing", view.words.clone()).tagged(colour),
        Fact::new("Reply by", view.due.clone()),
    ];
    if let Some(first) = &view.first_due {
        rows.push(Fact::new("Extended from", first.clone()));
        rows.push(Fact::prose("Because", view.extension_reason.clone()));
    }
    rows.push(Fact::new("Asked", view.asked.clone()));
    rows.push(Fact::new("For the meeting of", view.meets.clone()));
    Facts::new(rows)
}

fn people(all: &[PersonView]) -> String {
    let one = |person: &PersonView| match person.born.as_str() {
        "" => format!("{} ({})", person.name, person.age),
        born => format!("{} ({}, born {born})", person.name, person.age),
    };
    all.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn about(view: &RequestView) -> Facts {
    let CaseView { id, person, aliases, victims, children, referrer, source, .. } = &view.case;
    let named = people(std::slice::from_ref(person));
    let mut rows = vec![Fact::new("Person", named).leading_to(format!("/cases/{id}"))];
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            rows.push(Fact::prose(key, value));
        }
    };
    add("Also known as", aliases.join("\n"));
    add("Address", view.address.clone());
    add("Victims", people(victims));
    add("Children", people(children));
    add("Referred by", referrer.clone());
    add("Source", source.clone());
    add("Criteria", view.case.criteria.join("\n"));
    add("Flags", view.case.flags.join("\n"));
    add("Why the panel asks", view.grounds.clone());
    Facts::new(rows)
}

/// A reply that nobody has begun, marked as replies of that agency begin.
pub(super) fn begun(view: &RequestView) -> ReplyForm {
    ReplyForm { marking: Some(view.begins_with.into()), ..ReplyForm::empty(view.answers) }
}

/// The reply as its boxes hold it now.
pub(super) fn current(view: &RequestView) -> ReplyForm {
    let mut form = match &view.draft {
        Some(draft) => ReplyForm::of(&draft.answer, Some(&draft.marking), view.answers),
        None => begun(view),
    };
    form.version = view.draft.as_ref().map(|draft| draft.version);
    form
}

/// The agency's own part: nothing known in one press, or the whole form.
async fn reply<'a>(
    asker: &Asker,
    view: &RequestView,
    body: Body<'a>,
    refused: Option<Refused>,
) -> Result<Body<'a>, Failure> {
    let at = path(view.id);
    let form = current(view);
    let mut body = body;
    if view.draft.is_none() && refused.is_none() {
        let nothing = FormView::new(&PRESS, format!("{at}/nothing"))
            .fill(&ANSWERS, &u32::try_from(view.answers).unwrap_or(0))
            .operation(asker.operation()?)
            .button(Button::secondary("My agency knows nothing"));
        body = body
            .heading("Nothing known")
            .text("If your agency has no record of these people, one press is all it takes.")
            .form(nothing);
    }
    if let Some(draft) = &view.draft {
        let words = format!(
            "Draft of {}, saved at {}. Nobody outside your agency sees it.",
            draft.by, draft.when
        );
        body = body.inset(words);
    }
    let mut own = form::own(&at, &form, &view.nameable)
        .operation(asker.operation()?)
        .button(Button::new("Send the reply").doing("send"))
        .button(Button::secondary("Save as a draft").doing("save"));
    let place = at.clone();
    let kept = asker.ask(move |ctx| drafts::find(ctx, &place)).await?;
    if refused.is_none()
        && let Some((typed, _)) = kept
        && let Ok(values) = crate::form::Values::from_urlencoded(typed.as_bytes())
    {
        body = body.inset(
            "What you typed here before you were signed out was kept. Check it and send it.",
        );
        own = own.typed(values);
    }
    body = body.form(own.refused(refused));
    if let Some(draft) = &view.draft {
        let drop = FormView::new(Form::of(&[]).layout(), format!("{at}/drop"))
            .version(draft.version.into())
            .operation(asker.operation()?)
            .button(Button::warning("Delete the draft"));
        body = body.form(drop);
    }
    Ok(body)
}

/// What was answered, oldest first.
fn replies<'a>(view: &RequestView, body: Body<'a>) -> Body<'a> {
    if view.replies.is_empty() {
        return body;
    }
    let body = body.heading("Replies so far");
    view.replies.iter().fold(body, |body, reply| body.facts(told(reply)))
}

fn told(reply: &ReplyView) -> Facts {
    let mut marks = vec![format!("at {}", reply.when)];
    let mut mark = |is_so: bool, words: &str| {
        if is_so {
            marks.push(words.to_owned());
        }
    };
    mark(reply.late, "late");
    mark(reply.on_behalf, "entered for the agency");
    mark(reply.carried, "for an earlier meeting");
    let by = format!("{}, {}", reply.by, marks.join(", "));
    let mut rows = vec![Fact::new("Kind", reply.kind_label.clone()), Fact::new("From", by)];
    if reply.stale {
        let changed = match reply.changed.as_slice() {
            [] => "The case has changed since".to_owned(),
            some => format!("Changed since: {}", some.join(", ")),
        };
        rows.push(Fact::new("Out of date", changed));
    }
    let (answer, more) = (&reply.answer, &reply.answer.particulars);
    let mut add = |key: &str, value: Option<String>| {
        rows.extend(value.map(|value| Fact::prose(key, value)));
    };
    add("Reason", answer.reason.as_ref().map(ToString::to_string));
    add("Facts", answer.facts.as_ref().map(ToString::to_string));
    add("Facts about those who are harmed", more.victim_facts.as_ref().map(ToString::to_string));
    add("Facts about children", more.children_facts.as_ref().map(ToString::to_string));
    add("Last contact", more.last_contact.map(panel_core::words::weekday_date));
    add("Who works with the person", more.worker.as_ref().map(ToString::to_string));
    add("Engagement", more.engagement.as_ref().map(ToString::to_string));
    add("Orders", more.orders.as_ref().map(ToString::to_string));
    add("Risk to staff", more.risk_to_staff.as_ref().map(ToString::to_string));
    add("What protects", more.protective.as_ref().map(ToString::to_string));
    add("Professional opinion", answer.opinion.as_ref().map(ToString::to_string));
    add("What the agency offers", more.proposed_actions.as_ref().map(ToString::to_string));
    add("Lawful basis", more.lawful_basis.as_ref().map(ToString::to_string));
    add("Law", more.regime.map(|regime| regime.label().to_owned()));
    let mut marked = reply.marked.clone();
    if marked.is_empty() {
        marked.push(reply.marking.code.label().to_owned());
    }
    rows.push(Fact::prose("Who reads it", marked.join("\n")));
    let at = crate::pages::handling::path(Record::Reply(reply.id));
    let facts = Facts::new(rows).card(format!("Reply {}", reply.number));
    let facts = facts.card_link(at, "Change", "who reads it");
    if reply.marking.forbids(Overlay::NoPrint) { facts.unprinted() } else { facts }
}

/// What whoever runs the panel can do about the request.
fn run<'a>(asker: &Asker, view: &RequestView, body: Body<'a>) -> Result<Body<'a>, Failure> {
    let at = path(view.id);
    let mut links = vec![Link::new(format!("{at}/enter"), "Enter a reply that came by mail")];
    let mut body = body.heading("For the coordinator");
    if view.standing.is_owed() {
        links.push(Link::new(format!("{at}/extend"), "Extend the deadline"));
        body = body.form(press(asker, format!("{at}/chase"), "Chase", view.version)?);
    }
    if view.may_ask_again {
        body = body.form(press(asker, format!("{at}/again"), "Ask again", view.version)?);
    }
    Ok(body.links(links))
}

fn press(
    asker: &Asker,
    to: String,
    words: &str,
    version: i32,
) -> Result<FormView<'static>, Failure> {
    Ok(FormView::new(Form::of(&[]).layout(), to)
        .version(version.into())
        .operation(asker.operation()?)
        .button(Button::secondary(words)))
}
