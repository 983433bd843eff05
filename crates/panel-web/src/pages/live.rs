//! The live meeting: its order of business, the roll, and one case a page.

mod acts;
mod fields;
mod item;
mod note;
mod people;
mod roll;

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{FieldError, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::controls::ErrorSummary;
use crate::view::facts::{Task, Tasks};
use crate::view::parts::Warning;
use crate::view::{Act, Banner, Button, Colour, Page, Tag};
use crate::web::Asker;
use actix_web::web;
use panel_app::live::{self, LiveView, Progress, StepView};
use panel_app::meetings;
use panel_core::id::{AgendaItemId, MeetingId};
use panel_core::meeting::MeetingState;
use roll::Roll;
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings/{meeting}/live", RunsPanel => show),
        route!(POST "/meetings/{meeting}/live", RunsPanel => take_roll),
        route!(POST "/meetings/{meeting}/live/statement", RunsPanel => accept),
        route!(GET "/meetings/{meeting}/live/people/new", RunsPanel => people::new),
        route!(POST "/meetings/{meeting}/live/people/new", RunsPanel => people::add),
        route!(GET "/meetings/{meeting}/live/people/{line}", RunsPanel => people::edit),
        route!(POST "/meetings/{meeting}/live/people/{line}", RunsPanel => people::change),
        route!(GET "/meetings/{meeting}/live/{item}", RunsPanel => item::show),
        route!(POST "/meetings/{meeting}/live/{item}", RunsPanel => item::save),
        route!(POST "/meetings/{meeting}/live/{item}/note", RunsPanel => note::keep),
        route!(POST "/meetings/{meeting}/live/{item}/actions", RunsPanel => acts::add_action),
        route!(GET "/meetings/{meeting}/live/{item}/defer", RunsPanel => acts::ask_defer),
        route!(POST "/meetings/{meeting}/live/{item}/defer", RunsPanel => acts::defer),
        route!(GET "/meetings/{meeting}/live/{item}/remove", RunsPanel => acts::ask_remove),
        route!(POST "/meetings/{meeting}/live/{item}/remove", RunsPanel => acts::remove),
        route!(POST "/meetings/{meeting}/live/{item}/put-back", RunsPanel => acts::put_back),
    ]
}

/// The live page of a meeting.
pub(super) fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/live")
}

/// The page of one item.
pub(super) fn item_path(meeting: MeetingId, item: AgendaItemId) -> String {
    format!("/meetings/{meeting}/live/{item}")
}

/// What a page of this area was asked to say.
#[derive(Debug, Default, Deserialize)]
struct Said {
    /// What was done just before.
    done: Option<String>,
}

impl Said {
    fn banner(&self) -> Option<Banner> {
        let words = match self.done.as_deref()? {
            "started" => "The meeting has started. Record who is here first.",
            "roll" | "person" => "The attendance is saved.",
            "statement" => "Everyone in the room is recorded as having accepted the statement.",
            "saved" => "Saved.",
            "action" => "The action is added.",
            "deferred" => "The item is put off. The next agenda lists it first.",
            "back" => "The item is back on the agenda.",
            "removed" => "The item is taken off the agenda.",
            "gone" => "The person is removed from the attendance.",
            _ => return None,
        };
        Some(Banner::success(words))
    }
}

#[derive(Serialize)]
struct Acts {
    acts: Vec<Act>,
}

#[derive(Serialize)]
struct Room {
    heading: String,
    caption: String,
    tag: Tag,
    warnings: Vec<Warning>,
    errors: Option<ErrorSummary>,
    steps: Option<Tasks>,
    first: Option<Button>,
    roll: Roll,
    missing: String,
    statement: String,
    accept: Option<Acts>,
    acts: Vec<Act>,
}

const fn colour(progress: Progress) -> Colour {
    match progress {
        Progress::Done => Colour::Green,
        Progress::Noted => Colour::Turquoise,
        Progress::ToCome => Colour::Blue,
        Progress::PutOff => Colour::Yellow,
        Progress::Off => Colour::Grey,
    }
}

fn steps(meeting: MeetingId, steps: &[StepView]) -> Option<Tasks> {
    let task = |step: &StepView| {
        let text = format!("{}. {} {}", step.number, step.label, step.person);
        let hint = format!("{}, {}, {} minutes", step.section, step.begins, step.minutes);
        Task::new(text.trim_end(), step.words.clone())
            .hint(hint)
            .at(item_path(meeting, step.item))
            .tagged(colour(step.progress))
    };
    (!steps.is_empty()).then(|| Tasks::new("item", steps.iter().map(task).collect()))
}

/// The first item that is still to be heard.
fn next_step(view: &LiveView) -> Option<&StepView> {
    view.steps.iter().find(|step| matches!(step.progress, Progress::ToCome | Progress::Noted))
}

fn warnings(view: &LiveView) -> Vec<Warning> {
    let text = match view.meeting.state {
        MeetingState::InProgress => return Vec::new(),
        MeetingState::Held if view.open => {
            "The meeting is over. What was said can be put into better words until the minutes are \
             approved; decisions cannot be changed unless the meeting is opened again."
        }
        MeetingState::Held => "The minutes of this meeting are approved. Nothing here can change.",
        MeetingState::Cancelled => "This meeting was cancelled.",
        MeetingState::Planned | MeetingState::Issued => {
            "The meeting has not started. Start it to record who is here and what is decided."
        }
    };
    vec![Warning { text: text.to_owned() }]
}

/// Starting and ending, as far as they are open now.
async fn acts(asker: &Asker, view: &LiveView) -> Result<Vec<Act>, Failure> {
    let id = view.meeting.id;
    let may = asker.ask(move |ctx| meetings::show(ctx, id)).await?.may;
    let operation = asker.operation()?;
    let post = |verb: &str, button: Button| {
        Act::post(format!("/meetings/{id}/{verb}"), button)
            .with("version", view.meeting.version)
            .with("operation", operation)
    };
    let mut acts = Vec::new();
    if may.start {
        acts.push(post("start", Button::new("Start the meeting")));
    }
    if may.end {
        acts.push(post("end", Button::warning("End the meeting")));
    }
    if matches!(view.meeting.state, MeetingState::InProgress | MeetingState::Held) {
        acts.push(Act::link(format!("/meetings/{id}/minutes"), "Minutes").quiet());
    }
    Ok(acts)
}

async fn draw(
    asker: &Asker,
    id: MeetingId,
    said: &Said,
    refused: Option<(Refused, bool)>,
) -> Answer {
    let view = asker.ask(move |ctx| live::show(ctx, id)).await?;
    let typed = refused.as_ref().filter(|(_, keep)| *keep).map(|(refused, _)| &refused.typed);
    let roll = Roll::of(&view, typed, asker.operation()?);
    let here = view.attendance.iter().any(|line| !line.statement);
    let accept = if view.open && here {
        let button = Button::secondary("Everyone in the room has accepted it");
        let act = Act::post(format!("{}/statement", path(id)), button);
        Some(Acts { acts: vec![act.with("operation", asker.operation()?)] })
    } else {
        None
    };
    let first = next_step(&view).filter(|_| view.in_progress).map(|step| {
        let words =
            if step.number == 1 { "Go to the first item" } else { "Go on with the next item" };
        Button::link(item_path(id, step.item), words)
    });
    let room = Room {
        heading: format!("Meeting of {}", view.meeting.when),
        caption: view.panel_name.clone(),
        tag: Tag::new(view.meeting.state_label.clone(), Colour::Turquoise),
        warnings: warnings(&view),
        errors: refused.as_ref().map(|(refused, _)| summary(&refused.errors)),
        steps: steps(id, &view.steps),
        first,
        missing: view.missing.join(", "),
        statement: view.statement.clone(),
        accept,
        acts: acts(asker, &view).await?,
        roll,
    };
    let page = Page::new(room.heading.clone())
        .section("meetings")
        .back(format!("/meetings/{id}"), "Meeting")
        .banner(said.banner())
        .refused(refused.is_some());
    asker.page(&page, "pages/live", &room)
}

/// What is wrong, without links: the roll names its rows itself.
fn summary(errors: &[FieldError]) -> ErrorSummary {
    let line = |error: &FieldError| crate::view::controls::ErrorLine {
        text: error.message.clone(),
        href: Some("#roll".to_owned()),
    };
    ErrorSummary { errors: errors.iter().map(line).collect() }
}

async fn show(asker: Asker, id: web::Path<MeetingId>, said: web::Query<Said>) -> Answer {
    draw(&asker, *id, &said, None).await
}

async fn take_roll(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let form = roll::read(&posted.values);
    match asker.submit(posted.operation, move |ctx| live::take_roll(ctx, id, &form)).await {
        Ok(_) => see(format!("{}?done=roll", path(id))),
        Err(Failure::Stale) => {
            let said = "Somebody else changed the attendance meanwhile. Theirs is shown below; \
                        check it and change what you want changed.";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw(&asker, id, &Said::default(), Some((refused, false))).await
        }
        Err(failure) => {
            let refused = posted.refused(failure)?;
            draw(&asker, id, &Said::default(), Some((refused, true))).await
        }
    }
}

async fn accept(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    asker.submit(posted.operation, move |ctx| live::accept_all(ctx, id, false)).await?;
    see(format!("{}?done=statement", path(id)))
}
