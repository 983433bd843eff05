//! The minutes: checked, signed, read, corrected.

mod kept;
mod signed;

use crate::agenda::{build, issue};
use crate::live::{as_it_stands, decide, end, everybody_present, in_progress, room, start};
use panel_app::minutes::{self, Approval, ApproveForm, MinutesView};
use panel_app::{AppError, meetings};
use panel_core::agenda::Decision;
use panel_core::id::MeetingId;
use panel_documents::{Frame, text};
use panel_tests::world::{CHAIR, World};

#[track_caller]
fn view_of(world: &World, who: &str, meeting: MeetingId) -> MinutesView {
    minutes::show(&world.by(who), meeting, None).unwrap()
}

#[track_caller]
pub(crate) fn approve(
    world: &World,
    meeting: MeetingId,
    reason: &str,
) -> Result<Approval, AppError> {
    let digest = view_of(world, CHAIR, meeting).draft.map(|draft| draft.digest);
    let form = ApproveForm { digest: digest.unwrap_or_default(), reason: reason.to_owned() };
    minutes::approve(&world.by(CHAIR), meeting, &form)
}

/// A meeting with these cases, all kept, held and not signed.
#[track_caller]
pub(crate) fn held(world: &World, surnames: &[&str]) -> Vec<MeetingId> {
    let (meetings, _) = in_progress(world, surnames);
    finish(world, meetings[0]);
    meetings
}

/// Decides what is open and ends a meeting in progress.
#[track_caller]
pub(crate) fn finish(world: &World, meeting: MeetingId) {
    everybody_present(world, meeting);
    let steps = room(world, meeting).steps;
    for step in steps.iter().filter(|step| !step.person.is_empty()) {
        let form = as_it_stands(world, step.item);
        if form.decision.is_none() && step.words != "Deferred" {
            decide(world, step.item, Decision::Retain);
        }
    }
    end(world, meeting);
}

/// Holds the next meeting of a series and leaves it unsigned.
#[track_caller]
fn hold_another(world: &World, meeting: MeetingId) {
    build(world, meeting);
    issue(world, meeting);
    start(world, meeting);
    finish(world, meeting);
}

/// Opens the meeting itself again, so that outcomes can be changed.
#[track_caller]
fn reopen(world: &World, meeting: MeetingId) {
    let version = crate::series::show(world, meeting).version;
    meetings::reopen(&world.by(CHAIR), meeting, version, "A decision was wrong").unwrap();
}

/// What a reader holds, as plain text.
#[track_caller]
fn copy(world: &World, who: &str, meeting: MeetingId, version: Option<i32>) -> String {
    let document = minutes::document(&world.by(who), meeting, version).unwrap();
    text(Frame::default(), &document)
}
