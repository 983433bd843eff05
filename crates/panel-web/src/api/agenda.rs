//! Agendas: proposed, arranged, issued.

use super::prelude::*;
use panel_app::agenda::{
    self, AgendaView, Arrangement, CaseForm, DraftView, Issued, ItemForm, LeaveForm, Left,
    Proposal, SurplusForm, SurplusView, TitleForm,
};
use panel_app::clearing::{self, ClearForm, Outgoing, Suspect};
use panel_app::connections::{self, AnswerForm, Question};
use panel_core::id::{AgendaItemId, MeetingId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/meetings/{meeting}/agenda", TakesPart => show, "The agenda as it was issued last"),
        api!(GET "/api/v1/meetings/{meeting}/agenda/draft", RunsPanel => draft, "The agenda as whoever runs the panel works on it"),
        api!(GET "/api/v1/meetings/{meeting}/agenda/proposal", RunsPanel => proposal, "What a new proposal would change"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/proposal", RunsPanel => confirm of draft, "Save a proposal as it was shown"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/arrange", RunsPanel => arrange of draft, "Move an item within its section"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/items", RunsPanel => change_item of draft, "Change an item’s minutes, presenter or heading"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/titles", RunsPanel => add_title of draft, "Add an item without a case"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/cases", RunsPanel => add_case of draft, "Put a case on the agenda by hand"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/withdraw", RunsPanel => withdraw of draft, "Take an item off"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/put-back", RunsPanel => put_back of draft, "Put an item back that was taken off"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/carry", RunsPanel => carry of draft, "Put an item off to the next meeting"),
        api!(GET "/api/v1/meetings/{meeting}/agenda/surplus", RunsPanel => surplus, "Which reviews would be left for the next meeting, so that the rest fits"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/surplus", RunsPanel => leave_surplus of draft, "Leave reviews for the next meeting"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/revise", RunsPanel => revise of draft, "Open an issued agenda for changes"),
        api!(GET "/api/v1/meetings/{meeting}/agenda/finds", RunsPanel => finds, "What in it may tell where somebody can be found"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/finds", RunsPanel => clear, "Say what of it may stand"),
        api!(GET "/api/v1/meetings/{meeting}/agenda/connections", RunsPanel => questions, "Who may be connected to a case on it"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/connections", RunsPanel => answer, "Say who is not connected"),
        api!(POST "/api/v1/meetings/{meeting}/agenda/issue", RunsPanel => issue of draft, "Issue the agenda to its readers"),
    ]
}

fn show(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<AgendaView> {
    told(agenda::show(ctx, id)?)
}

fn draft(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Seen<DraftView> {
    let found = agenda::draft(ctx, id)?;
    one(found.version, found)
}

fn proposal(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Proposal> {
    told(agenda::proposal(ctx, id)?)
}

/// The proposal that was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Shown {
    /// Its mark.
    digest: String,
}

fn confirm(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<Shown>,
) -> Told<Version> {
    changed(agenda::confirm(ctx, id, version, &form.digest)?)
}

fn arrange(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<Arrangement>,
) -> Told<Version> {
    changed(agenda::arrange(ctx, id, &form)?)
}

fn change_item(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<ItemForm>,
) -> Told<Version> {
    changed(agenda::change_item(ctx, id, &form)?)
}

fn add_title(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<TitleForm>,
) -> Told<Version> {
    changed(agenda::add_title(ctx, id, &form)?)
}

fn add_case(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Body(form): Body<CaseForm>) -> Told<Version> {
    changed(agenda::add_case(ctx, id, &form)?)
}

fn withdraw(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<LeaveForm>,
) -> Told<Version> {
    changed(agenda::withdraw(ctx, id, &form)?)
}

fn carry(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Body(form): Body<LeaveForm>) -> Told<Left> {
    told(agenda::carry(ctx, id, &form)?)
}

/// An item of the agenda.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneItem {
    /// The item.
    item: AgendaItemId,
}

fn put_back(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<OneItem>,
) -> Told<Version> {
    changed(agenda::put_back(ctx, id, version, form.item)?)
}

fn surplus(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<SurplusView> {
    told(agenda::surplus(ctx, id)?)
}

fn leave_surplus(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, form }: Edit<SurplusForm>,
) -> Told<Version> {
    changed(agenda::leave_surplus(ctx, id, version, &form)?)
}

fn revise(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(agenda::revise(ctx, id, version)?)
}

fn issue(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Issued> {
    told(agenda::issue(ctx, id, version)?)
}

fn finds(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Listed<Suspect>> {
    all(clearing::look(ctx, id, Outgoing::Agenda)?)
}

fn clear(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<ClearForm>,
) -> Told<Listed<Suspect>> {
    clearing::clear(ctx, id, Outgoing::Agenda, &form)?;
    all(clearing::look(ctx, id, Outgoing::Agenda)?)
}

fn questions(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Listed<Question>> {
    all(connections::look(ctx, id)?)
}

fn answer(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<AnswerForm>,
) -> Told<Listed<Question>> {
    connections::answer(ctx, id, &form)?;
    all(connections::look(ctx, id)?)
}
