//! The meeting as it is held: who is there, and what is said and decided about each item.

use super::prelude::*;
use panel_app::live::{
    self, DeferForm, Deferred, ItemView, LiveView, NoteField, PersonForm, RecordForm, Removed,
    RollForm, StatementView, Unaccepted,
};
use panel_core::id::{AgendaItemId, AttendanceId, MeetingId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/meetings/{meeting}/live", RunsPanel => show, "The meeting as it is held"),
        api!(PUT "/api/v1/meetings/{meeting}/live/roll", RunsPanel => take_roll or show, "Take the roll"),
        api!(POST "/api/v1/meetings/{meeting}/live/people", RunsPanel => add_person, "Add somebody to the attendance"),
        api!(POST "/api/v1/meetings/{meeting}/live/statement", RunsPanel => accept_all or show, "Note that everybody in the room accepts the statement"),
        api!(GET "/api/v1/meetings/{meeting}/statement", SignedIn => statement, "The confidentiality statement, and whether the caller accepted it"),
        api!(POST "/api/v1/meetings/{meeting}/statement", SignedIn => accept, "Accept the confidentiality statement as oneself"),
        api!(GET "/api/v1/statements", SignedIn => unaccepted, "Meetings of today whose statement the caller has still to accept"),
        api!(PUT "/api/v1/attendance/{line}", RunsPanel => change_person, "Change a line of the attendance"),
        api!(POST "/api/v1/attendance/{line}/remove", RunsPanel => remove_person, "Take a line off the attendance"),
        api!(GET "/api/v1/items/{item}", RunsPanel => item, "One item with what was written down"),
        api!(PUT "/api/v1/items/{item}", RunsPanel => record of item, "Write down what was said and decided"),
        api!(PUT "/api/v1/items/{item}/note", RunsPanel => type_note of item, "Save one text while it is typed"),
        api!(POST "/api/v1/items/{item}/defer", RunsPanel => defer of item, "Put an item off"),
        api!(POST "/api/v1/items/{item}/remove", RunsPanel => remove of item, "Take an item off"),
        api!(POST "/api/v1/items/{item}/put-back", RunsPanel => put_back of item, "Put an item back"),
    ]
}

fn show(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<LiveView> {
    told(live::show(ctx, id)?)
}

/// How many lines were changed.
#[derive(Debug, Serialize, ToSchema)]
struct Lines {
    /// Lines.
    changed: usize,
}

fn take_roll(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Body(form): Body<RollForm>) -> Told<Lines> {
    told(Lines { changed: live::take_roll(ctx, id, &form)? })
}

/// How the statement was accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Statement {
    /// Whether on paper.
    #[serde(default)]
    on_paper: bool,
}

fn accept_all(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<Statement>,
) -> Told<Lines> {
    told(Lines { changed: live::accept_all(ctx, id, form.on_paper)? })
}

fn statement(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<StatementView> {
    told(live::statement(ctx, id)?)
}

fn accept(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<StatementView> {
    live::accept_statement(ctx, id)?;
    told(live::statement(ctx, id)?)
}

fn unaccepted(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<Unaccepted>> {
    all(live::unaccepted(ctx)?)
}

fn add_person(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<PersonForm>,
) -> Made<New<AttendanceId>> {
    let id = live::add_person(ctx, id, &form)?;
    made(format!("/api/v1/attendance/{id}"), New { id })
}

fn change_person(
    ctx: &Ctx<'_>,
    Path(id): Path<AttendanceId>,
    Edit { version, form }: Edit<PersonForm>,
) -> Told<Version> {
    changed(live::change_person(ctx, id, version, &form)?)
}

fn remove_person(
    ctx: &Ctx<'_>,
    Path(id): Path<AttendanceId>,
    Edit { version, .. }: Edit<Plain>,
) -> Result<Done, AppError> {
    live::remove_person(ctx, id, version)?;
    done()
}

fn item(ctx: &Ctx<'_>, Path(id): Path<AgendaItemId>, _: Nothing) -> Seen<ItemView> {
    let found = live::item(ctx, id)?;
    one(found.version, found)
}

fn record(
    ctx: &Ctx<'_>,
    Path(id): Path<AgendaItemId>,
    Body(form): Body<RecordForm>,
) -> Told<Version> {
    changed(live::record(ctx, id, &form)?)
}

/// One text of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Typed {
    /// Which text.
    field: NoteField,
    /// The text, as far as it is typed.
    text: String,
}

fn type_note(
    ctx: &Ctx<'_>,
    Path(id): Path<AgendaItemId>,
    Edit { version, form }: Edit<Typed>,
) -> Told<Version> {
    changed(live::type_note(ctx, id, version, form.field, &form.text)?)
}

fn defer(
    ctx: &Ctx<'_>,
    Path(id): Path<AgendaItemId>,
    Body(form): Body<DeferForm>,
) -> Told<Deferred> {
    told(live::defer(ctx, id, &form)?)
}

fn remove(
    ctx: &Ctx<'_>,
    Path(id): Path<AgendaItemId>,
    Body(form): Body<DeferForm>,
) -> Told<Removed> {
    told(live::remove(ctx, id, &form)?)
}

fn put_back(
    ctx: &Ctx<'_>,
    Path(id): Path<AgendaItemId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(live::put_back(ctx, id, version)?)
}
