//! Meetings.

use super::prelude::*;
use panel_app::meetings::{
    self, Added, EmergencyForm, Ended, MeetingDetail, MeetingView, MoveForm, MovePreview, Moved,
    NextView, Page, PlaceForm, Restored,
};
use panel_core::id::{MeetingId, PanelId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/panels/{panel}/meetings", TakesPart => upcoming, "Meetings still to be held, soonest first"),
        api!(GET "/api/v1/panels/{panel}/past-meetings", TakesPart => past, "Meetings that are over, latest first"),
        api!(POST "/api/v1/panels/{panel}/meetings", RunsPanel => add, "Lay out an emergency meeting"),
        api!(GET "/api/v1/meetings/{meeting}", TakesPart => show, "One meeting with its deadlines"),
        api!(GET "/api/v1/meetings/{meeting}/next", TakesPart => next, "Where what a meeting puts off goes"),
        api!(POST "/api/v1/meetings/{meeting}/move/preview", RunsPanel => preview_move, "What another date would change"),
        api!(POST "/api/v1/meetings/{meeting}/move", RunsPanel => move_to of show, "Move a meeting to another date"),
        api!(PUT "/api/v1/meetings/{meeting}/venue", RunsPanel => set_venue of show, "Say where a meeting is"),
        api!(POST "/api/v1/meetings/{meeting}/cancel", RunsPanel => cancel of show, "Call a meeting off"),
        api!(POST "/api/v1/meetings/{meeting}/restore", RunsPanel => restore of show, "Take the calling-off back"),
        api!(POST "/api/v1/meetings/{meeting}/start", RunsPanel => start of show, "Begin a meeting"),
        api!(POST "/api/v1/meetings/{meeting}/end", RunsPanel => end of show, "End a meeting"),
        api!(POST "/api/v1/meetings/{meeting}/reopen", RunsPanel => reopen of show, "Open a meeting again that was ended"),
    ]
}

fn upcoming(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Paged { after, .. }: Paged<Plain, MeetingId>,
) -> Told<Page<MeetingView>> {
    told(meetings::upcoming(ctx, panel, after)?)
}

fn past(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Paged { after, .. }: Paged<Plain, MeetingId>,
) -> Told<Page<MeetingView>> {
    told(meetings::past(ctx, panel, after)?)
}

fn add(ctx: &Ctx<'_>, Path(panel): Path<PanelId>, Body(form): Body<EmergencyForm>) -> Made<Added> {
    let added = meetings::add_emergency(ctx, panel, &form)?;
    made(format!("/api/v1/meetings/{}", added.meeting), added)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Seen<MeetingDetail> {
    let found = meetings::show(ctx, id)?;
    one(found.meeting.version, found)
}

fn next(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<NextView> {
    told(meetings::next(ctx, id)?)
}

fn preview_move(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<MoveForm>,
) -> Told<MovePreview> {
    told(meetings::preview_move(ctx, id, &form)?)
}

fn move_to(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<MoveForm>,
) -> Told<Moved> {
    told(meetings::move_to(ctx, id, version, &form)?)
}

fn set_venue(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<PlaceForm>,
) -> Told<Version> {
    changed(meetings::set_venue(ctx, id, version, &form)?)
}

fn cancel(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<Because>,
) -> Told<Version> {
    changed(meetings::cancel(ctx, id, version, &form.reason)?)
}

fn restore(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Restored> {
    told(meetings::restore(ctx, id, version)?)
}

fn start(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(meetings::start(ctx, id, version)?)
}

fn end(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Edit { version, .. }: Edit<Plain>) -> Told<Ended> {
    told(meetings::end(ctx, id, version)?)
}

fn reopen(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<Because>,
) -> Told<Version> {
    changed(meetings::reopen(ctx, id, version, &form.reason)?)
}
