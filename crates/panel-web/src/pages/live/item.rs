//! One item a page: what was said and decided, with everything that is wanted beside it.

use super::fields::{form, read};
use super::{Said, item_path, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{FormView, PRESSED, Refused, StaleView, Values};
use crate::posted::Posted;
use crate::view::controls::ErrorSummary;
use crate::view::lists::Identity;
use crate::view::{Act, Button, Colour, Page, Tag};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::PersonView;
use panel_app::drafts;
use panel_app::information::ReplyView;
use panel_app::live::{self, ActionLine, HearingView, ItemView, SilentAgency};
use panel_core::agenda::ItemState;
use panel_core::coded::Coded;
use panel_core::handling::Overlay;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::text::{LongNote, Note};
use serde::Serialize;

#[derive(Serialize)]
struct Agency {
    name: String,
    replies: Vec<Reply>,
}

#[derive(Serialize)]
struct Reply {
    kind: String,
    by: String,
    marks: Vec<&'static str>,
    handling: String,
    no_print: bool,
    facts: String,
    opinion: String,
    reason: String,
}

#[derive(Serialize)]
struct Way {
    href: String,
    label: String,
}

#[derive(Serialize)]
struct Drawn<'a> {
    identity: Identity,
    errors: Option<ErrorSummary>,
    kept: bool,
    closed: bool,
    minutes: i32,
    form: Option<FormView<'a>>,
    said: Vec<(&'static str, String)>,
    action: Option<FormView<'a>>,
    set_here: Vec<Action>,
    acts: Vec<Act>,
    note: String,
    decisions: Vec<HearingView>,
    open_actions: Vec<Action>,
    agencies: Vec<Agency>,
    silent: Vec<SilentAgency>,
    notes: Option<(String, String)>,
    present: Vec<String>,
    has_case: bool,
    before: Option<Way>,
    after: Option<Way>,
    list: String,
}

#[derive(Serialize)]
struct Action {
    href: String,
    text: String,
    owner: String,
    due: String,
    state: String,
    overdue: bool,
}

fn action(line: &ActionLine) -> Action {
    let owner = [line.agency.as_str(), line.person.as_str()];
    let owner: Vec<&str> = owner.into_iter().filter(|part| !part.is_empty()).collect();
    Action {
        href: format!("/actions/{}", line.id),
        text: line.text.clone(),
        owner: owner.join(", "),
        due: line.due.clone(),
        state: line.state.clone(),
        overdue: line.overdue,
    }
}

fn reply(reply: &ReplyView) -> Reply {
    let text = |note: Option<&str>| note.unwrap_or_default().to_owned();
    let marks = [
        (reply.late, "Late"),
        (reply.carried, "Given for an earlier meeting"),
        (reply.stale, "Given before the case changed"),
        (reply.on_behalf, "Entered by the coordinator"),
    ];
    Reply {
        kind: reply.kind_label.clone(),
        by: format!("{}, {}", reply.by, reply.when),
        marks: marks.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect(),
        handling: reply.marked.join("; "),
        no_print: reply.marking.forbids(Overlay::NoPrint),
        facts: text(reply.answer.facts.as_ref().map(LongNote::as_str)),
        opinion: text(reply.answer.opinion.as_ref().map(LongNote::as_str)),
        reason: text(reply.answer.reason.as_ref().map(Note::as_str)),
    }
}

/// Where the sealed notes on the case are, and how many of them are there for the reader.
fn sealed_notes(view: &ItemView) -> Option<(String, String)> {
    let case = view.case.as_ref()?.id;
    let words = match view.sealed_notes {
        0 => "Sealed notes: none that you can read".to_owned(),
        some => format!("Sealed notes: {some}"),
    };
    Some((crate::pages::notes::path(case), words))
}

fn names(people: &[PersonView]) -> String {
    let one = |person: &PersonView| format!("{} ({})", person.name, person.age);
    people.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Who and what the item is about, above everything else.
fn identity(view: &ItemView) -> Identity {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut tags = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((key.to_owned(), value));
        }
    };
    if let Some(case) = &view.case {
        let born = match case.person.born.as_str() {
            "" => case.person.age.clone(),
            born => format!("{born} ({})", case.person.age),
        };
        add("Born", born);
        add("Also known as", case.aliases.join("; "));
        add("Victims", names(&case.victims));
        add("Children", names(&case.children));
        add("Flags", case.flags.join("; "));
    }
    add("Why", view.why.clone());
    if view.case_closed {
        tags.push(Tag::new("Case closed", Colour::Grey));
    }
    match view.state {
        ItemState::Deferred => tags.push(Tag::new("Put off", Colour::Yellow)),
        ItemState::Withdrawn => tags.push(Tag::new("Taken off", Colour::Grey)),
        ItemState::Listed | ItemState::Heard => {}
    }
    let title = [view.label.as_str(), view.person.as_str()].join(" ");
    Identity {
        title: title.trim().to_owned(),
        kind: format!("Item {} of {}: {}", view.place.0, view.place.1, view.section.label()),
        facts,
        tags,
        buttons: Vec::new(),
    }
}

/// What can be done to the item besides.
fn acts(asker: &Asker, view: &ItemView) -> Result<Vec<Act>, Failure> {
    let at = item_path(view.meeting.id, view.item);
    if !view.in_progress {
        return Ok(Vec::new());
    }
    let on = matches!(view.state, ItemState::Listed | ItemState::Heard);
    if !on {
        let act = Act::post(format!("{at}/put-back"), Button::secondary("Put it back"));
        let operation = asker.operation()?;
        return Ok(vec![act.with("version", view.version).with("operation", operation)]);
    }
    let mut acts = Vec::new();
    if view.notes.decision.is_none() {
        acts.push(Act::link(format!("{at}/defer"), "Put off to the next meeting").quiet());
    }
    acts.push(Act::link(format!("{at}/remove"), "Take off the agenda").quiet());
    Ok(acts)
}

/// What was written down, for a page on which nothing can be written any more.
fn said(view: &ItemView) -> Vec<(&'static str, String)> {
    let notes = &view.notes;
    let approaches: Vec<&str> = notes.approaches.iter().map(|one| one.label()).collect();
    let decision = notes.decision.map_or("", |decision| decision.label()).to_owned();
    let all = [
        ("Discussion", notes.discussion.clone()),
        ("Risks", notes.risks.clone()),
        ("Victim’s voice", notes.victim_voice.clone()),
        ("Protective factors", notes.protective.clone()),
        ("Approach", approaches.join(", ")),
        ("Decision", decision),
        ("Terms", notes.decision_note.clone()),
        ("Who tells the victim", notes.informs_victim.clone()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn way(meeting: MeetingId, to: Option<&live::Neighbour>) -> Option<Way> {
    to.map(|to| Way { href: item_path(meeting, to.item), label: to.label.clone() })
}

/// Which of the page's forms was refused.
pub(super) enum Refusal {
    /// Neither.
    None,
    /// The notes and the decision.
    Notes(Refused),
    /// A new action.
    Action(Refused),
}

/// What was typed here before the session ran out, over what is saved.
async fn kept(asker: &Asker, view: &ItemView) -> Result<Option<Values>, Failure> {
    let place = item_path(view.meeting.id, view.item);
    let found = asker.ask(move |ctx| drafts::find(ctx, &place)).await?;
    Ok(found.and_then(|(body, _)| Values::from_urlencoded(body.as_bytes()).ok()))
}

pub(super) async fn draw(
    asker: &Asker,
    (meeting, id): (MeetingId, AgendaItemId),
    said_before: &Said,
    refusal: Refusal,
) -> Answer {
    let view = load(asker, (meeting, id)).await?;
    let on = matches!(view.state, ItemState::Listed | ItemState::Heard);
    let writes = view.open && on;
    let (notes, added) = match refusal {
        Refusal::None => (None, None),
        Refusal::Notes(refused) => (Some(refused), None),
        Refusal::Action(refused) => (None, Some(refused)),
    };
    let mut form = form(asker, &view)?;
    let before = if notes.is_none() && writes { kept(asker, &view).await? } else { None };
    let was_kept = before.is_some();
    form = match before {
        Some(typed) => form.typed(typed),
        None => form.refused(notes),
    };
    let sets = view.in_progress && on && !view.case_closed;
    let action_form = sets.then(|| super::acts::action_form(asker, &view, added)).transpose()?;
    let errors = form.errors().or_else(|| action_form.as_ref().and_then(FormView::errors));
    let refused = errors.is_some();
    let title = identity(&view).title;
    let drawn = Drawn {
        identity: identity(&view),
        errors,
        kept: was_kept,
        closed: !view.open,
        minutes: view.minutes,
        said: if writes { Vec::new() } else { said(&view) },
        form: writes.then_some(form),
        action: action_form,
        set_here: view.set_here.iter().map(action).collect(),
        acts: acts(asker, &view)?,
        note: view.state_reason.clone(),
        decisions: view.decisions.clone(),
        open_actions: view.open_actions.iter().map(action).collect(),
        agencies: view
            .replies
            .iter()
            .flat_map(|replies| &replies.agencies)
            .map(|(name, all)| Agency {
                name: name.clone(),
                replies: all.iter().map(reply).collect(),
            })
            .collect(),
        silent: view.silent.clone(),
        notes: sealed_notes(&view),
        present: view.present.clone(),
        has_case: view.case.is_some(),
        before: way(meeting, view.before.as_ref()),
        after: way(meeting, view.after.as_ref()),
        list: path(meeting),
    };
    let page = Page::new(title)
        .section("meetings")
        .back(path(meeting), "Live meeting")
        .banner(said_before.banner())
        .refused(refused);
    asker.page(&page, "pages/live-item", &drawn)
}

/// The item, where it belongs to this meeting.
pub(super) async fn load(
    asker: &Asker,
    (meeting, id): (MeetingId, AgendaItemId),
) -> Result<ItemView, Failure> {
    let view = asker.ask(move |ctx| live::item(ctx, id)).await?;
    if view.meeting.id == meeting { Ok(view) } else { Err(Failure::NotFound) }
}

pub(super) async fn show(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    said: web::Query<Said>,
) -> Answer {
    draw(&asker, *at, &said, Refusal::None).await
}

pub(super) async fn save(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (meeting, id) = *at;
    let view = load(&asker, (meeting, id)).await?;
    let form = match read(&view, &posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, *at, &Said::default(), Refusal::Notes(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| live::record(ctx, id, &form)).await {
        Ok(_) if posted.values.one(PRESSED) == "next" => {
            let next = view.after.as_ref().map(|next| item_path(meeting, next.item));
            see(format!("{}?done=saved", next.unwrap_or_else(|| path(meeting))))
        }
        Ok(_) => see(format!("{}?done=saved", item_path(meeting, id))),
        Err(Failure::Stale) => stale(&asker, (meeting, id), posted.values).await,
        Err(failure) => {
            let refused = posted.refused(failure)?;
            draw(&asker, *at, &Said::default(), Refusal::Notes(refused)).await
        }
    }
}

/// Both texts, when somebody else saved first.
async fn stale(asker: &Asker, at: (MeetingId, AgendaItemId), typed: Values) -> Answer {
    let view = load(asker, at).await?;
    let form = form(asker, &view)?;
    let current = form.values().clone();
    let keep = item_path(at.0, at.1);
    let view_of = StaleView::new(form.typed(typed), &current, view.version.into(), keep);
    let page =
        Page::new(identity(&view).title).section("meetings").back(path(at.0), "Live meeting");
    Ok(view_of.answer(&asker.web.site, &asker.viewer(), page)?)
}
