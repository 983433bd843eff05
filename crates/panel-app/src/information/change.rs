//! What the coordinator does to a request: ask somebody else too, ask again, extend, take back.

use super::ask::{due, fresh};
use super::standing::stands;
use super::{deed, find_run, save};
use crate::agenda::Desk;
use crate::context::Ctx;
use crate::error::{AppError, FieldError, sentence, text_error};
use chrono::{NaiveDate, NaiveTime};
use panel_core::audit::AuditKind;
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId};
use panel_core::information::{Due, ExtensionError, RequestState, Standing};
use panel_core::meeting::MeetingState;
use panel_core::text::Note;
use panel_core::time::last_instant;
use panel_store::agenda::{issues, subjects};
use panel_store::information::{self, Asked as Found, Request};
use panel_store::{Authz, StoreError, meetings, notices, panels};
use serde::{Deserialize, Serialize};

/// Another deadline for one request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = RequestExtensionForm))]
#[serde(deny_unknown_fields)]
pub struct ExtensionForm {
    /// The version of the request that the caller saw.
    pub version: i32,
    /// The local date.
    pub on: NaiveDate,
    /// The local hour, which is still in time; the whole day without one.
    #[serde(default)]
    pub at: Option<NaiveTime>,
    /// Why.
    pub reason: String,
}

/// An agency that is to be asked about a case, though it is not asked about every case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskForm {
    /// The case.
    pub case: CaseId,
    /// The agency.
    pub agency: AgencyId,
}

/// How many requests were asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Asked {
    /// Requests.
    pub requests: usize,
}

/// A request is worked on until its meeting was held or called off.
fn must_be_ahead(found: &Found) -> Result<(), AppError> {
    match found.meeting_state {
        MeetingState::Held | MeetingState::Cancelled => {
            let message = "The meeting that this was asked for is over or cancelled";
            Err(AppError::rule("meeting_over", message))
        }
        MeetingState::Planned | MeetingState::Issued | MeetingState::InProgress => Ok(()),
    }
}

/// Puts the deadline of a request off, with the reason. Whether a reply is late is judged by the new
/// one; the first stays beside it. Returns the request's new version.
///
/// # Errors
/// [`AppError::Invalid`] for a date that is not later, has passed or is after the meeting, and without
/// a reason; [`AppError::Rule`] `answered` once there is a reply, `meeting_over`; [`AppError::Stale`],
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn extend(ctx: &Ctx<'_>, id: InfoRequestId, form: &ExtensionForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let found = find_run(az, id)?;
        if found.request.version != form.version {
            return Err(AppError::Stale);
        }
        must_be_ahead(&found)?;
        if found.request.state != RequestState::Asked {
            return Err(AppError::rule("answered", "This request waits for no reply"));
        }
        let to = Due { on: form.on, at: last_instant(form.on, form.at) };
        let extended = found.request.due().extend(to, found.starts_at, ctx.now);
        let (due, reason) = checked(extended, &form.reason)?;
        let request = Request {
            due_at: due.at,
            due_on: due.on,
            extension_reason: reason,
            instance: found.request.instance + 1,
            ..found.request
        };
        save(az, &request)?;
        notices::plan_request(az, ctx.app.working_days(), id)?;
        az.did(deed(AuditKind::Alteration, "request.extend", &request).with(due.on.to_string()));
        Ok(request.version + 1)
    })
}

fn checked(due: Result<Due, ExtensionError>, reason: &str) -> Result<(Due, String), AppError> {
    let due = due.map_err(|error| {
        let code = match error {
            ExtensionError::NotLater(_) => "not_later",
            ExtensionError::Past => "past",
            ExtensionError::AfterMeeting(_) => "after_meeting",
        };
        FieldError { field: "on".to_owned(), code, message: sentence(&error.to_string()) }
    });
    let reason = Note::parse(reason).map_err(|e| text_error("reason", "Reason", &e));
    match (due, reason) {
        (Ok(due), Ok(reason)) => Ok((due, reason.into())),
        (due, reason) => {
            Err(AppError::Invalid([due.err(), reason.err()].into_iter().flatten().collect()))
        }
    }
}

/// Asks again: the agency owes a reply anew, with a deadline of its own; what it answered before stays
/// beside it, in order.
fn again(ctx: &Ctx<'_>, az: &mut Authz<'_>, found: &Found) -> Result<i32, AppError> {
    must_be_ahead(found)?;
    let meeting = meetings::find(az, found.request.meeting)?.ok_or(AppError::NotFound)?;
    let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
    let due = due(ctx, &meeting, &panel.policy)?;
    let request = Request {
        asked_at: ctx.now,
        due_at: due.at,
        due_on: due.on,
        first_due_at: due.at,
        state: RequestState::Asked,
        asked_version: found.case_version,
        instance: found.request.instance + 1,
        extension_reason: String::new(),
        ..found.request.clone()
    };
    save(az, &request)?;
    notices::plan_request(az, ctx.app.working_days(), request.id)?;
    az.did(deed(AuditKind::Alteration, "request.again", &request));
    Ok(request.version + 1)
}

/// Asks one agency again. Returns the request's new version.
///
/// # Errors
/// [`AppError::Rule`] `waiting` while its reply is awaited, `withdrawn` when the case left the agenda,
/// `meeting_over`; [`AppError::Stale`], [`AppError::NotFound`] for whoever does not run the panel.
pub fn ask_again(ctx: &Ctx<'_>, id: InfoRequestId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let found = find_run(az, id)?;
        if found.request.version != version {
            return Err(AppError::Stale);
        }
        match found.request.state {
            RequestState::Replied => again(ctx, az, &found),
            RequestState::Asked => {
                Err(AppError::rule("waiting", "The agency has been asked and has not replied yet"))
            }
            RequestState::Withdrawn => {
                Err(AppError::rule("withdrawn", "This case has left the agenda"))
            }
        }
    })
}

/// Asks every agency of a meeting again whose reply predates new information.
///
/// # Errors
/// [`AppError::Rule`] `meeting_over`, [`AppError::NotFound`] for whoever does not run the panel.
pub fn ask_again_stale(ctx: &Ctx<'_>, id: MeetingId) -> Result<Asked, AppError> {
    ctx.write(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let found = information::of_meeting(az, id)?;
        let all = stands(ctx, az, found)?;
        let mut asked = Asked { requests: 0 };
        for one in all.into_iter().filter(|one| one.standing == Standing::Stale) {
            again(ctx, az, &one.asked)?;
            asked.requests += 1;
        }
        Ok(asked)
    })
}

/// Asks an agency about a case of an issued agenda, though it is not asked about every case. It takes
/// part in the case from then on.
///
/// # Errors
/// [`AppError::Invalid`] for an agency that does not belong to the panel or was asked already, and for a
/// case that is not on the agenda; [`AppError::Rule`] `not_issued`; [`AppError::NotFound`] for whoever
/// does not run the panel.
pub fn ask(ctx: &Ctx<'_>, id: MeetingId, form: &AskForm) -> Result<InfoRequestId, AppError> {
    ctx.write(|az| {
        let desk = Desk::open(ctx, az, id)?;
        if !desk.is_frozen() {
            let message = "Agencies are asked when the agenda is issued";
            return Err(AppError::rule("not_issued", message));
        }
        let members = panels::agencies_of(az, desk.meeting.panel)?;
        if !members.iter().any(|member| member.agency == form.agency) {
            let message = "Choose an agency of the panel";
            return Err(AppError::field("agency", "not_a_member", message));
        }
        let items = desk.items(az)?;
        let listed = items.iter().any(|i| i.case == Some(form.case) && crate::agenda::is_on(i));
        let subject = subjects(az, &[form.case], false)?.pop().filter(|_| listed);
        let Some(subject) = subject else {
            return Err(AppError::field("case", "not_listed", "This case is not on the agenda"));
        };
        let due = due(ctx, &desk.meeting, &desk.panel.policy)?;
        let pair = (form.case, form.agency);
        if let Some(before) = withdrawn(az, id, pair)? {
            issues::join_all(az, &[pair])?;
            again(ctx, az, &before)?;
            return Ok(before.request.id);
        }
        let new = fresh(ctx, &desk.meeting, pair, due, subject.content_version);
        information::insert(az, std::slice::from_ref(&new)).map_err(|error| match error {
            StoreError::Taken => {
                AppError::field("agency", "asked", "This agency was asked about the case already")
            }
            other => other.into(),
        })?;
        issues::join_all(az, &[pair])?;
        notices::plan_request(az, ctx.app.working_days(), new.id)?;
        az.did(deed(AuditKind::Alteration, "request.ask", &new));
        Ok(new.id)
    })
}

/// What an agency was asked about a case of this meeting before it left the case.
fn withdrawn(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    pair: (CaseId, AgencyId),
) -> Result<Option<Found>, AppError> {
    let there = information::of_meeting(az, meeting)?;
    let is_it = |asked: &Found| {
        let request = &asked.request;
        (request.case, request.agency) == pair && request.state == RequestState::Withdrawn
    };
    Ok(there.into_iter().find(is_it))
}
