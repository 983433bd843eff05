//! Replying: a draft for the agency's own eyes, a release for all who may read it, and replies that came
//! by mail and are entered for the agency.

use super::form::{ReplyForm, Typed};
use super::request::asks;
use super::{deed, find, find_run, save};
use crate::context::Ctx;
use crate::error::AppError;
use crate::handling::{kind_of, must_fit};
use chrono::NaiveDate;
use panel_core::audit::{AuditKind, Deed};
use panel_core::handling::{Code, Marking};
use panel_core::id::InfoRequestId;
use panel_core::information::{Answer, ReplyKind, RequestState};
use panel_core::time::local_date;
use panel_core::words;
use panel_store::information::{self, Asked as Found, Reply, Request, is_own};
use panel_store::{Authz, StoreError};
use serde::{Deserialize, Serialize};

/// A draft that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SavedDraft))]
pub struct Saved {
    /// The version that the next change of the draft must name.
    pub version: i32,
}

/// A reply that others can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Released {
    /// Its number among the replies to the request, from one.
    pub number: i32,
    /// Whether it came after the deadline.
    pub late: bool,
}

/// A request to an agency that the caller acts for.
fn find_own(az: &mut Authz<'_>, id: InfoRequestId) -> Result<Found, AppError> {
    let found = find(az, id)?;
    if is_own(az, &found.request) { Ok(found) } else { Err(AppError::NotFound) }
}

/// The draft of a request as the caller saw it, or none where there was none.
fn seen_draft(
    az: &mut Authz<'_>,
    request: &Request,
    version: Option<i32>,
) -> Result<Option<Reply>, AppError> {
    let replies = information::replies(az, request)?;
    let own = |reply: &Reply| !reply.released && reply.request == request.id;
    let draft = replies.into_iter().map(|(reply, _)| reply).find(own);
    if draft.as_ref().map(|draft| draft.version) != version {
        return Err(AppError::Stale);
    }
    Ok(draft)
}

/// What a reply is marked with: what was chosen, or what replies of this agency begin with. That nothing is
/// known is for everybody.
fn marked(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    request: &Request,
    form: &ReplyForm,
) -> Result<Marking, AppError> {
    if let Some(marking) = &form.marking {
        must_fit(ctx, az, request.panel, marking)?;
        return Ok(marking.clone());
    }
    if form.kind == ReplyKind::NothingKnown {
        return Ok(Marking::default());
    }
    Ok(Code::of_replies(kind_of(az, request.agency)?).into())
}

/// A reply that is begun now.
fn begun(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    found: &Found,
    form: &ReplyForm,
    answer: Answer,
) -> Result<Reply, AppError> {
    Ok(Reply {
        id: ctx.mint(),
        request: found.request.id,
        number: information::next_number(az, found.request.id)?,
        answer,
        marking: marked(ctx, az, &found.request, form)?,
        released: false,
        late: false,
        on_behalf: false,
        replied_by: ctx.user(),
        replied_at: ctx.now,
        answered_version: form.answers,
        answered: None,
        version: 1,
    })
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken => AppError::Stale,
        other => other.into(),
    }
}

/// Saves a draft, which nobody outside the agency sees in any way.
///
/// # Errors
/// [`AppError::Invalid`] for a text that cannot be taken, [`AppError::Stale`] when a colleague changed
/// the draft since, [`AppError::NotFound`] for whoever does not act for the agency.
pub fn save_draft(ctx: &Ctx<'_>, id: InfoRequestId, form: &ReplyForm) -> Result<Saved, AppError> {
    let answer = form.check()?;
    ctx.write(|az| {
        let found = find_own(az, id)?;
        let draft = seen_draft(az, &found.request, form.version)?;
        put_by(ctx, az, &found, draft, form, answer)
    })
}

/// Saves one text of a draft while it is typed; the rest stays as it was saved. The draft begins with the
/// first text.
///
/// # Errors
/// As [`save_draft`].
pub fn keep_text(ctx: &Ctx<'_>, id: InfoRequestId, typed: &Typed) -> Result<Saved, AppError> {
    ctx.write(|az| {
        let found = find_own(az, id)?;
        let draft = seen_draft(az, &found.request, typed.version)?;
        let mut form = match &draft {
            Some(draft) => {
                ReplyForm::of(&draft.answer, Some(&draft.marking), draft.answered_version)
            }
            None => ReplyForm::empty(found.case_version),
        };
        let Some(text) = form.text(&typed.field) else {
            let message = "This is not a text of the reply";
            return Err(AppError::field("field", "unknown_field", message));
        };
        text.clone_from(&typed.text);
        let answer = form.check()?;
        put_by(ctx, az, &found, draft, &form, answer)
    })
}

/// Writes a draft, over the one that the caller saw where there was one.
fn put_by(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    found: &Found,
    draft: Option<Reply>,
    form: &ReplyForm,
    answer: Answer,
) -> Result<Saved, AppError> {
    let version = if let Some(draft) = draft {
        let marking = marked(ctx, az, &found.request, form)?;
        let (replied_by, replied_at, answered_version) = (ctx.user(), ctx.now, form.answers);
        let draft = Reply { answer, marking, replied_by, replied_at, answered_version, ..draft };
        if !information::change_reply(az, &draft)? {
            return Err(AppError::Stale);
        }
        draft.version + 1
    } else {
        let draft = begun(ctx, az, found, form, answer)?;
        information::add_reply(az, &draft).map_err(taken)?;
        draft.version
    };
    az.did(deed(AuditKind::Collection, "reply.draft", &found.request));
    Ok(Saved { version })
}

/// Releases a reply, from a draft or at once: whoever the agency chose can read it from now on. After the
/// deadline it is taken all the same and marked late.
///
/// # Errors
/// As [`save_draft`]; [`AppError::Invalid`] also for information without any and a refusal without its
/// reason; [`AppError::Rule`] `case_changed` when the case is not as the caller was shown it, so that a
/// reply is always bound to what it answers.
pub fn release(ctx: &Ctx<'_>, id: InfoRequestId, form: &ReplyForm) -> Result<Released, AppError> {
    let answer = form.check_complete(ctx.today)?;
    ctx.write(|az| {
        let found = find_own(az, id)?;
        let late = ctx.now > found.request.due_at;
        let draft = seen_draft(az, &found.request, form.version)?;
        let begun = match &draft {
            Some(draft) => {
                let marking = marked(ctx, az, &found.request, form)?;
                Reply { answer, marking, ..draft.clone() }
            }
            None => begun(ctx, az, &found, form, answer)?,
        };
        let reply = finished(ctx, az, &found, form, Reply { late, ..begun })?;
        match draft {
            Some(_) if !information::release_reply(az, &reply)? => return Err(AppError::Stale),
            Some(_) => {}
            None => information::add_reply(az, &reply).map_err(taken)?,
        }
        settle(az, &found)?;
        az.did(done("reply.release", &found.request, &reply));
        Ok(Released { number: reply.number, late })
    })
}

/// Enters a reply that came by mail, for the agency and marked so. It is late when the day on which it
/// came was after the deadline.
///
/// # Errors
/// As [`release`]; [`AppError::NotFound`] for whoever does not run the panel.
pub fn enter(ctx: &Ctx<'_>, id: InfoRequestId, form: &ReplyForm) -> Result<Released, AppError> {
    let answer = form.check_complete(ctx.today)?;
    ctx.write(|az| {
        let found = find_run(az, id)?;
        let late = match form.received_on {
            None => ctx.now > found.request.due_at,
            Some(day) => {
                check_received(ctx, &found.request, day)?;
                day > found.request.due_on
            }
        };
        let begun = Reply { late, on_behalf: true, ..begun(ctx, az, &found, form, answer)? };
        let reply = finished(ctx, az, &found, form, begun)?;
        information::add_reply(az, &reply).map_err(taken)?;
        settle(az, &found)?;
        az.did(done("reply.enter", &found.request, &reply));
        Ok(Released { number: reply.number, late })
    })
}

/// The day on which a reply came: from the day of asking up to today.
fn check_received(ctx: &Ctx<'_>, request: &Request, day: NaiveDate) -> Result<(), AppError> {
    let asked = local_date(request.asked_at);
    if (asked..=ctx.today).contains(&day) {
        return Ok(());
    }
    let (first, last) = (words::date(asked), words::date(ctx.today));
    let message = format!("The day the reply came must be from {first} to {last}");
    Err(AppError::field("received_on", "out_of_bounds", message))
}

/// The reply as it is released, with a copy of what it answers.
fn finished(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    found: &Found,
    form: &ReplyForm,
    reply: Reply,
) -> Result<Reply, AppError> {
    if form.answers != found.case_version {
        let message =
            "The case has changed since you opened this page. Look at it again, then release.";
        return Err(AppError::rule("case_changed", message));
    }
    Ok(Reply {
        released: true,
        replied_by: ctx.user(),
        replied_at: ctx.now,
        answered_version: found.case_version,
        answered: Some(Box::new(asks(az, found)?)),
        ..reply
    })
}

fn done(code: &'static str, request: &Request, reply: &Reply) -> Deed {
    use panel_core::coded::Coded;
    let late = if reply.late { ", late" } else { "" };
    let counts = format!("{}{late}, number {}", reply.answer.kind.code(), reply.number);
    deed(AuditKind::Collection, code, request).on_behalf(reply.on_behalf).with(counts)
}

/// Settles the request, and those of later meetings to which the case was put off.
fn settle(az: &mut Authz<'_>, found: &Found) -> Result<(), AppError> {
    let mut waiting = information::later(az, &found.request)?;
    if found.request.state == RequestState::Asked {
        waiting.push(found.request.clone());
    }
    for request in waiting {
        save(az, &Request { state: RequestState::Replied, ..request.clone() })?;
        let subject = panel_core::reminder::Subject::Request(request.id);
        let finished = panel_core::reminder::Reason::Finished;
        panel_store::notices::cancel(az, subject, finished)?;
    }
    Ok(())
}

/// Drops a draft.
///
/// # Errors
/// [`AppError::Stale`] when it was changed or released since; [`AppError::NotFound`] without a draft and
/// for whoever does not act for the agency.
pub fn drop_draft(ctx: &Ctx<'_>, id: InfoRequestId, version: i32) -> Result<(), AppError> {
    ctx.write(|az| {
        let found = find_own(az, id)?;
        let draft = seen_draft(az, &found.request, Some(version))?.ok_or(AppError::NotFound)?;
        if !information::drop_reply(az, draft.id, version)? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Erasure, "reply.drop", &found.request));
        Ok(())
    })
}
