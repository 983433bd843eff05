//! Replying: a draft for the agency's own eyes, a release for all who may read it, and replies that came
//! by mail and are entered for the agency.

use super::request::asks;
use super::{deed, find, find_run, save};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use chrono::NaiveDate;
use panel_core::audit::{AuditKind, Deed};
use panel_core::id::InfoRequestId;
use panel_core::information::{
    Answer, Particulars, Readers, Regime, ReplyError, ReplyKind, RequestState,
};
use panel_core::text::{LongNote, Name, Note, TextError};
use panel_core::time::local_date;
use panel_core::words;
use panel_store::information::{self, Asked as Found, Reply, Request, is_own};
use panel_store::{Authz, StoreError};
use serde::{Deserialize, Serialize};

/// What the form of a reply holds. Everything may be empty in a draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplyForm {
    /// The version of the draft that the caller saw; none when there was none.
    #[serde(default)]
    pub version: Option<i32>,
    /// The content version of the case that the caller was shown.
    pub answers: i32,
    /// What kind of answer it is.
    pub kind: ReplyKind,
    /// Facts about the person.
    #[serde(default)]
    pub facts: String,
    /// Professional opinion.
    #[serde(default)]
    pub opinion: String,
    /// Why it is not shared, or what is held and by whom.
    #[serde(default)]
    pub reason: String,
    /// Facts about those who are harmed.
    #[serde(default)]
    pub victim_facts: String,
    /// Facts about the children.
    #[serde(default)]
    pub children_facts: String,
    /// The local date of the last contact.
    #[serde(default)]
    pub last_contact: Option<NaiveDate>,
    /// Who works with the person now.
    #[serde(default)]
    pub worker: String,
    /// Appointments, attendance, demeanour and how they change.
    #[serde(default)]
    pub engagement: String,
    /// Orders the agency knows of.
    #[serde(default)]
    pub orders: String,
    /// Risk to staff.
    #[serde(default)]
    pub risk_to_staff: String,
    /// What protects.
    #[serde(default)]
    pub protective: String,
    /// What the agency offers to do.
    #[serde(default)]
    pub proposed_actions: String,
    /// The lawful basis, in the agency's words.
    #[serde(default)]
    pub lawful_basis: String,
    /// The law that applies.
    #[serde(default)]
    pub regime: Option<Regime>,
    /// Who reads it once it is released.
    #[serde(default = "everyone")]
    pub readers: Readers,
    /// The day on which a mailed reply came; the day it is entered when not given.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
}

const fn everyone() -> Readers {
    Readers::Case
}

impl ReplyForm {
    /// The answer, or every field that cannot be taken.
    fn check(&self) -> Result<Answer, AppError> {
        let mut errors = Vec::new();
        let long = |raw: &str| LongNote::parse(raw);
        let note = |raw: &str| Note::parse(raw);
        let name = |raw: &str| Name::parse(raw);
        let answer = Answer {
            kind: self.kind,
            facts: take(&mut errors, ("facts", "Facts"), &self.facts, long),
            opinion: take(&mut errors, ("opinion", "Opinion"), &self.opinion, long),
            reason: take(&mut errors, ("reason", "Reason"), &self.reason, note),
            particulars: Particulars {
                victim_facts: take(
                    &mut errors,
                    ("victim_facts", "Facts about victims"),
                    &self.victim_facts,
                    note,
                ),
                children_facts: take(
                    &mut errors,
                    ("children_facts", "Facts about children"),
                    &self.children_facts,
                    note,
                ),
                last_contact: self.last_contact,
                worker: take(&mut errors, ("worker", "Worker"), &self.worker, name),
                engagement: take(&mut errors, ("engagement", "Engagement"), &self.engagement, note),
                orders: take(&mut errors, ("orders", "Orders"), &self.orders, note),
                risk_to_staff: take(
                    &mut errors,
                    ("risk_to_staff", "Risk to staff"),
                    &self.risk_to_staff,
                    note,
                ),
                protective: take(
                    &mut errors,
                    ("protective", "Protective factors"),
                    &self.protective,
                    note,
                ),
                proposed_actions: take(
                    &mut errors,
                    ("proposed_actions", "Proposed actions"),
                    &self.proposed_actions,
                    note,
                ),
                lawful_basis: take(
                    &mut errors,
                    ("lawful_basis", "Lawful basis"),
                    &self.lawful_basis,
                    name,
                ),
                regime: self.regime,
            },
        };
        if errors.is_empty() { Ok(answer) } else { Err(AppError::Invalid(errors)) }
    }

    /// The answer, complete enough for others to read.
    fn check_complete(&self, today: NaiveDate) -> Result<Answer, AppError> {
        let answer = self.check()?;
        answer.check(today).map_err(|error| {
            let (field, code) = match error {
                ReplyError::NothingToShare => ("facts", "nothing_to_share"),
                ReplyError::NoReason => ("reason", "empty"),
                ReplyError::ContactInFuture => ("last_contact", "in_future"),
            };
            AppError::field(field, code, error.to_string())
        })?;
        Ok(answer)
    }
}

/// A text that may be empty.
fn take<T>(
    errors: &mut Vec<FieldError>,
    (field, label): (&str, &str),
    raw: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Option<T> {
    if raw.trim().is_empty() {
        return None;
    }
    parse(raw).map_err(|error| errors.push(text_error(field, label, &error))).ok()
}

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
        readers: form.readers,
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
        let version = if let Some(draft) = seen_draft(az, &found.request, form.version)? {
            let (readers, replied_at) = (form.readers, ctx.now);
            let (replied_by, answered_version) = (ctx.user(), form.answers);
            let draft =
                Reply { answer, readers, replied_by, replied_at, answered_version, ..draft };
            if !information::change_reply(az, &draft)? {
                return Err(AppError::Stale);
            }
            draft.version + 1
        } else {
            let draft = begun(ctx, az, &found, form, answer)?;
            information::add_reply(az, &draft).map_err(taken)?;
            draft.version
        };
        az.did(deed(AuditKind::Collection, "reply.draft", &found.request));
        Ok(Saved { version })
    })
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
            Some(draft) => Reply { answer, readers: form.readers, ..draft.clone() },
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
