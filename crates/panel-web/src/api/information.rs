//! Information requests: who owes what, and the replies.

use super::prelude::*;
use panel_app::information::{
    self, AskForm, Asked, Board, CaseReplies, Chased, ExtensionForm, Released, ReplyForm,
    RequestView, Saved,
};
use panel_core::id::{CaseId, InfoRequestId, MeetingId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/meetings/{meeting}/requests", RunsPanel => board, "Who owes what for a meeting"),
        api!(POST "/api/v1/meetings/{meeting}/requests", RunsPanel => ask, "Ask one more agency about a case"),
        api!(POST "/api/v1/meetings/{meeting}/requests/chase", RunsPanel => chase_all, "Chase everything that is owed for a meeting"),
        api!(POST "/api/v1/meetings/{meeting}/requests/ask-again", RunsPanel => ask_again_stale, "Ask again where a reply predates new information"),
        api!(GET "/api/v1/meetings/{meeting}/cases/{case}/replies", TakesPart => about_case, "What agencies answered about a case"),
        api!(GET "/api/v1/requests/{request}", TakesPart => show, "One request with its replies"),
        api!(POST "/api/v1/requests/{request}/chase", RunsPanel => chase, "Chase one request"),
        api!(POST "/api/v1/requests/{request}/extend", RunsPanel => extend of show, "Put the deadline off"),
        api!(POST "/api/v1/requests/{request}/ask-again", RunsPanel => ask_again of show, "Ask one agency again"),
        api!(PUT "/api/v1/requests/{request}/draft", TakesPart => save_draft or show, "Save the draft of a reply"),
        api!(POST "/api/v1/requests/{request}/draft/drop", TakesPart => drop_draft or show, "Throw the draft away"),
        api!(POST "/api/v1/requests/{request}/release", TakesPart => release or show, "Release a reply to its readers"),
        api!(POST "/api/v1/requests/{request}/enter", RunsPanel => enter or show, "Enter a reply that was mailed"),
    ]
}

fn board(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Board> {
    told(information::board(ctx, id)?)
}

fn ask(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<AskForm>,
) -> Made<New<InfoRequestId>> {
    let id = information::ask(ctx, id, &form)?;
    made(format!("/api/v1/requests/{id}"), New { id })
}

/// How a chase is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Chase {
    /// Whether a message leaves now; else it waits for the next digest.
    #[serde(default)]
    at_once: bool,
}

fn chase_all(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Body(form): Body<Chase>) -> Told<Chased> {
    told(information::chase_all(ctx, id, form.at_once)?)
}

fn chase(ctx: &Ctx<'_>, Path(id): Path<InfoRequestId>, Body(form): Body<Chase>) -> Told<Chased> {
    told(information::chase(ctx, id, form.at_once)?)
}

fn ask_again_stale(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Asked> {
    told(information::ask_again_stale(ctx, id)?)
}

fn about_case(
    ctx: &Ctx<'_>,
    Paths(meeting, case): Paths<MeetingId, CaseId>,
    _: Nothing,
) -> Told<CaseReplies> {
    told(information::about_case(ctx, meeting, case)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<InfoRequestId>, _: Nothing) -> Seen<RequestView> {
    let found = information::show(ctx, id)?;
    one(found.version, found)
}

fn extend(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Body(form): Body<ExtensionForm>,
) -> Told<Version> {
    changed(information::extend(ctx, id, &form)?)
}

fn ask_again(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(information::ask_again(ctx, id, version)?)
}

fn save_draft(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Body(form): Body<ReplyForm>,
) -> Told<Saved> {
    told(information::save_draft(ctx, id, &form)?)
}

fn drop_draft(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Edit { version, .. }: Edit<Plain>,
) -> Result<Done, AppError> {
    information::drop_draft(ctx, id, version)?;
    done()
}

fn release(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Body(form): Body<ReplyForm>,
) -> Told<Released> {
    told(information::release(ctx, id, &form)?)
}

fn enter(
    ctx: &Ctx<'_>,
    Path(id): Path<InfoRequestId>,
    Body(form): Body<ReplyForm>,
) -> Told<Released> {
    told(information::enter(ctx, id, &form)?)
}
