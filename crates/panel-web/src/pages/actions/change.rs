//! Reads the form of an act into the use case that does it.

use super::verb::{
    AGENCY, AGREED, APPROACH, DUE, EVIDENCE, FROM_AGENCY, NOTE, ON, OTHER_DUE, OUTCOME, PERSON,
    REASON, STANDS, TEXT, TO, UNTIL, Verb, WHO,
};
use crate::form::{Reader, Refused};
use crate::posted::Posted;
use chrono::NaiveDate;
use panel_app::actions::{
    self, AcceptTransferForm, AgreeForm, CompleteForm, DueForm, ExtensionForm, NoteForm, OwnerForm,
    Plain, ReasonForm, Removed, Saved, TransferForm, WordingForm,
};
use panel_app::{AppError, Ctx};
use panel_core::id::ActionId;

/// What is left of the action afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// It is there.
    Action,
    /// It is gone.
    Nothing,
}

/// The use case, ready to run.
pub(super) type Work = Box<dyn FnOnce(&Ctx<'_>) -> Result<Left, AppError> + Send>;

fn work(run: impl FnOnce(&Ctx<'_>) -> Result<Saved, AppError> + Send + 'static) -> Work {
    Box::new(move |ctx| run(ctx).map(|_| Left::Action))
}

/// Reads what was typed for this act.
pub(super) fn read(
    verb: Verb,
    id: ActionId,
    runs: bool,
    posted: &Posted,
    today: NaiveDate,
) -> Result<Work, Refused> {
    let reader = verb.form(runs).read(&posted.values, today);
    let version = posted.version;
    match verb {
        Verb::Start => plain(reader, version, move |ctx, form| actions::start(ctx, id, form)),
        Verb::AcceptNotPossible => {
            plain(reader, version, move |ctx, form| actions::accept_not_possible(ctx, id, form))
        }
        Verb::TakeBackTransfer => {
            plain(reader, version, move |ctx, form| actions::revoke_transfer(ctx, id, form))
        }
        Verb::AgreeDate => {
            plain(reader, version, move |ctx, form| actions::agree_transfer_due(ctx, id, form))
        }
        Verb::KeepDate => {
            plain(reader, version, move |ctx, form| actions::decline_transfer_due(ctx, id, form))
        }
        Verb::Done => completion(reader, id, version),
        Verb::Note => note(reader, id, runs),
        Verb::Extend => extension(reader, id, version),
        Verb::AgreeExtension => agreement(reader, id, version),
        Verb::Transfer => proposal(reader, id, version),
        Verb::AcceptTransfer => acceptance(reader, id, version),
        Verb::Wording => wording(reader, id, version),
        Verb::Due => due(reader, id, version),
        Verb::Owner => owner(reader, id, version),
        Verb::NotPossible
        | Verb::RefuseNotPossible
        | Verb::NotDone
        | Verb::Withdraw
        | Verb::Reopen
        | Verb::RefuseExtension
        | Verb::RefuseTransfer
        | Verb::Delete => reasoned(reader, verb, id, version),
    }
}

fn plain(
    reader: Reader<'_, '_>,
    version: i32,
    run: impl FnOnce(&Ctx<'_>, Plain) -> Result<Saved, AppError> + Send + 'static,
) -> Result<Work, Refused> {
    reader.finish(|| Some(work(move |ctx| run(ctx, Plain { version }))))
}

/// A use case that takes a reason and nothing else.
type Reasoned = fn(&Ctx<'_>, ActionId, &ReasonForm) -> Result<Saved, AppError>;

fn reasoned(
    mut reader: Reader<'_, '_>,
    verb: Verb,
    id: ActionId,
    version: i32,
) -> Result<Work, Refused> {
    let reason = reader.get(&REASON);
    let form = reader.finish(|| Some(ReasonForm { version, reason: reason?.into() }))?;
    let run: Reasoned = match verb {
        Verb::NotPossible => actions::report_not_possible,
        Verb::RefuseNotPossible => actions::refuse_not_possible,
        Verb::NotDone => actions::report_not_done,
        Verb::Withdraw => actions::withdraw,
        Verb::Reopen => actions::reopen,
        Verb::RefuseExtension => actions::refuse_extension,
        Verb::RefuseTransfer => actions::refuse_transfer,
        _ => return Ok(delete(id, form)),
    };
    Ok(work(move |ctx| run(ctx, id, &form)))
}

fn delete(id: ActionId, form: ReasonForm) -> Work {
    Box::new(move |ctx| {
        actions::delete(ctx, id, &form).map(|removed| match removed {
            Removed::Deleted => Left::Nothing,
            Removed::Closed(_) => Left::Action,
        })
    })
}

fn completion(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (on, outcome) = (reader.get(&ON), reader.get(&OUTCOME));
    let form =
        reader.finish(|| Some(CompleteForm { version, on: on?, outcome: outcome?.into() }))?;
    Ok(work(move |ctx| actions::complete(ctx, id, &form)))
}

fn note(mut reader: Reader<'_, '_>, id: ActionId, runs: bool) -> Result<Work, Refused> {
    let (note, evidence) = (reader.get(&NOTE), reader.get(&EVIDENCE));
    let from_agency = if runs { reader.get(&FROM_AGENCY) } else { Some(true) };
    let form = reader.finish(|| {
        Some(NoteForm { note: note?.into(), evidence: evidence?, from_agency: from_agency? })
    })?;
    Ok(work(move |ctx| actions::note(ctx, id, &form)))
}

fn extension(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (due, reason) = (reader.get(&UNTIL), reader.get(&REASON));
    let form =
        reader.finish(|| Some(ExtensionForm { version, due: due?, reason: reason?.into() }))?;
    Ok(work(move |ctx| actions::ask_extension(ctx, id, &form)))
}

fn agreement(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let due = reader.get(&AGREED);
    let form = reader.finish(|| Some(AgreeForm { version, due: due? }))?;
    Ok(work(move |ctx| actions::agree_extension(ctx, id, form)))
}

fn proposal(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (to, reason) = (reader.get(&TO), reader.get(&REASON));
    let form = reader.finish(|| Some(TransferForm { version, to: to?, reason: reason?.into() }))?;
    Ok(work(move |ctx| actions::propose_transfer(ctx, id, &form)))
}

fn acceptance(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (person, due) = (reader.get(&WHO), reader.get(&OTHER_DUE));
    let form =
        reader.finish(|| Some(AcceptTransferForm { version, person: person?, due: due? }))?;
    Ok(work(move |ctx| actions::accept_transfer(ctx, id, form)))
}

fn wording(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (text, approach) = (reader.get(&TEXT), reader.get(&APPROACH));
    let stands = reader.get(&STANDS);
    let form = reader.finish(|| {
        let (text, approach, stands) = (text?.into(), approach?, stands?);
        Some(WordingForm { version, text, approach, stands })
    })?;
    Ok(work(move |ctx| actions::reword(ctx, id, &form)))
}

fn due(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let due = reader.get(&DUE);
    let form = reader.finish(|| Some(DueForm { version, due: due?.unwrap_or_default() }))?;
    Ok(work(move |ctx| actions::redate(ctx, id, &form)))
}

fn owner(mut reader: Reader<'_, '_>, id: ActionId, version: i32) -> Result<Work, Refused> {
    let (agency, person) = (reader.get(&AGENCY), reader.get(&PERSON));
    let form = reader.finish(|| Some(OwnerForm { version, agency: agency?, person: person? }))?;
    Ok(work(move |ctx| actions::reassign(ctx, id, &form)))
}
