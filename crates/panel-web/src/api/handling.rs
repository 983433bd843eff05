//! Sealed notes, and who reads them and replies.

use super::prelude::*;
use panel_app::handling::{self, DecideForm, MarkForm, MarkOutcome, MarkingView, WaitingChange};
use panel_app::notes::{self, CaseNotes, NoteForm, OpenNote};
use panel_core::handling::Record;
use panel_core::id::{CaseId, InfoReplyId, MarkingChangeId, NoteId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/cases/{case}/notes", TakesPart => list, "The sealed notes on a case that you read"),
        api!(POST "/api/v1/cases/{case}/notes", TakesPart => add or list, "Write a sealed note"),
        api!(POST "/api/v1/notes/{note}/read", TakesPart => read, "Read what a sealed note says"),
        api!(POST "/api/v1/notes/{note}/source", TakesPart => source, "Read who told"),
        api!(POST "/api/v1/notes/{note}/erase", TakesPart => erase, "Erase a sealed note"),
        api!(GET "/api/v1/notes/{note}/handling", TakesPart => of_note, "How a sealed note is marked"),
        api!(POST "/api/v1/notes/{note}/handling", TakesPart => mark_note or of_note, "Mark a sealed note differently"),
        api!(POST "/api/v1/notes/{note}/handling/{change}", TakesPart => decide_note, "Agree to a proposal as second person, or refuse it"),
        api!(GET "/api/v1/replies/{reply}/handling", TakesPart => of_reply, "How a reply is marked"),
        api!(POST "/api/v1/replies/{reply}/handling", TakesPart => mark_reply or of_reply, "Mark a reply differently"),
        api!(POST "/api/v1/replies/{reply}/handling/{change}", TakesPart => decide_reply, "Agree to a proposal as second person, or refuse it"),
        api!(GET "/api/v1/handling", TakesPart => waiting, "What waits for a second person"),
    ]
}

fn list(ctx: &Ctx<'_>, Path(case): Path<CaseId>, _: Nothing) -> Told<CaseNotes> {
    told(notes::list(ctx, case)?)
}

fn add(ctx: &Ctx<'_>, Path(case): Path<CaseId>, Body(form): Body<NoteForm>) -> Made<New<NoteId>> {
    let id = notes::add(ctx, case, &form)?;
    made(format!("/api/v1/notes/{id}/handling"), New { id })
}

fn read(ctx: &Ctx<'_>, Path(note): Path<NoteId>, _: Nothing) -> Told<OpenNote> {
    told(notes::read(ctx, note)?)
}

fn source(ctx: &Ctx<'_>, Path(note): Path<NoteId>, _: Nothing) -> Told<OpenNote> {
    told(notes::source(ctx, note)?)
}

fn erase(ctx: &Ctx<'_>, Path(note): Path<NoteId>, _: Nothing) -> Result<Done, AppError> {
    notes::erase(ctx, note)?;
    done()
}

fn of_note(ctx: &Ctx<'_>, Path(note): Path<NoteId>, _: Nothing) -> Told<MarkingView> {
    told(handling::show(ctx, Record::Note(note))?)
}

fn of_reply(ctx: &Ctx<'_>, Path(reply): Path<InfoReplyId>, _: Nothing) -> Told<MarkingView> {
    told(handling::show(ctx, Record::Reply(reply))?)
}

/// What became of a marking.
#[derive(Debug, Serialize, ToSchema)]
struct Marked {
    /// Whether it holds, or waits for a second person.
    outcome: MarkOutcome,
}

fn mark_note(ctx: &Ctx<'_>, Path(note): Path<NoteId>, Body(form): Body<MarkForm>) -> Told<Marked> {
    told(Marked { outcome: handling::mark(ctx, Record::Note(note), &form)? })
}

fn mark_reply(
    ctx: &Ctx<'_>,
    Path(reply): Path<InfoReplyId>,
    Body(form): Body<MarkForm>,
) -> Told<Marked> {
    told(Marked { outcome: handling::mark(ctx, Record::Reply(reply), &form)? })
}

fn decide_note(
    ctx: &Ctx<'_>,
    Paths(note, change): Paths<NoteId, MarkingChangeId>,
    Body(form): Body<DecideForm>,
) -> Result<Done, AppError> {
    handling::decide(ctx, Record::Note(note), change, form)?;
    done()
}

fn decide_reply(
    ctx: &Ctx<'_>,
    Paths(reply, change): Paths<InfoReplyId, MarkingChangeId>,
    Body(form): Body<DecideForm>,
) -> Result<Done, AppError> {
    handling::decide(ctx, Record::Reply(reply), change, form)?;
    done()
}

fn waiting(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<WaitingChange>> {
    all(handling::waiting(ctx)?)
}
