//! Single meetings: moved, called off, restored, held, numbered, opened again.

mod dates;
mod held;

use crate::series::{move_form, show, time};
use panel_app::AppError;
use panel_app::meetings::{self, EmergencyForm, MeetingView};
use panel_core::id::MeetingId;
use panel_tests::world::{CHAIR, COORDINATOR, World, day};

#[track_caller]
fn emergency(on: &str, at: &str) -> EmergencyForm {
    EmergencyForm {
        on: day(on),
        at: time(at),
        which: None,
        minutes: 60,
        venue: String::new(),
        link: "https://call.example/urgent".to_owned(),
    }
}

#[track_caller]
fn add(world: &World, on: &str, at: &str) -> MeetingView {
    let panel = world.town().panel;
    let added = meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency(on, at)).unwrap();
    show(world, added.meeting)
}

#[track_caller]
fn move_to(world: &World, id: MeetingId, on: &str, at: &str) -> Result<meetings::Moved, AppError> {
    let version = show(world, id).version;
    meetings::move_to(&world.by(COORDINATOR), id, version, &move_form(on, at))
}

#[track_caller]
fn cancel(world: &World, id: MeetingId) {
    let version = show(world, id).version;
    meetings::cancel(&world.by(COORDINATOR), id, version, "The chair is ill").unwrap();
}

/// Holds a meeting that is not the first one ahead.
#[track_caller]
fn hold_next_but_one(world: &World, meeting: &MeetingView) {
    world.app.clock.set(meeting.starts_at);
    let version = meetings::start(&world.by(CHAIR), meeting.id, meeting.version).unwrap();
    meetings::end(&world.by(CHAIR), meeting.id, version).unwrap();
}
