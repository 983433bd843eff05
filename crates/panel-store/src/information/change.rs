//! Asking, extending, withdrawing; drafting and releasing replies.

use super::Request;
use super::replies::Reply;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{info_replies, info_requests};
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::id::{InfoReplyId, InfoRequestId, MeetingId};
use panel_core::information::{Answer, Due, Question, RequestState};

/// Adds requests.
///
/// # Errors
/// [`StoreError::Taken`] when an agency was asked about a case for this meeting already.
pub fn insert(az: &mut Authz<'_>, requests: &[Request]) -> Result<(), StoreError> {
    let row = |request: &Request| {
        (
            info_requests::id.eq(Sql(request.id)),
            info_requests::panel_id.eq(Sql(request.panel)),
            info_requests::meeting_id.eq(Sql(request.meeting)),
            info_requests::case_id.eq(Sql(request.case)),
            info_requests::agency_id.eq(Sql(request.agency)),
            info_requests::thread_id.eq(Sql(request.thread)),
            info_requests::asked_at.eq(Sql(request.asked_at)),
            info_requests::due_at.eq(Sql(request.due_at)),
            info_requests::due_on.eq(request.due_on),
            info_requests::first_due_at.eq(Sql(request.first_due_at)),
            info_requests::state.eq(Sql(request.state)),
            info_requests::asked_version.eq(request.asked_version),
            info_requests::instance.eq(request.instance),
            info_requests::extension_reason.eq(request.extension_reason.clone()),
            info_requests::version.eq(1),
        )
    };
    // No database takes any number of values in one statement.
    for some in requests.chunks(500) {
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(info_requests::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Changes a request; `false` when it was changed since `request.version` was read.
pub fn update(az: &mut Authz<'_>, request: &Request) -> Result<bool, StoreError> {
    let changed = diesel::update(info_requests::table)
        .filter(info_requests::id.eq(Sql(request.id)))
        .filter(info_requests::version.eq(request.version))
        .set((
            info_requests::asked_at.eq(Sql(request.asked_at)),
            info_requests::due_at.eq(Sql(request.due_at)),
            info_requests::due_on.eq(request.due_on),
            info_requests::first_due_at.eq(Sql(request.first_due_at)),
            info_requests::state.eq(Sql(request.state)),
            info_requests::asked_version.eq(request.asked_version),
            info_requests::instance.eq(request.instance),
            info_requests::extension_reason.eq(&request.extension_reason),
            info_requests::version.eq(request.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Withdraws the requests of these, whatever their state.
pub fn withdraw(az: &mut Authz<'_>, ids: &[InfoRequestId]) -> Result<usize, StoreError> {
    Ok(diesel::update(info_requests::table)
        .filter(info_requests::id.eq_any(all(ids)))
        .filter(info_requests::state.ne(Sql(RequestState::Withdrawn)))
        .set((
            info_requests::state.eq(Sql(RequestState::Withdrawn)),
            info_requests::version.eq(info_requests::version + 1),
        ))
        .execute(az.conn())?)
}

/// Sets the deadline of a meeting's requests that wait for a reply and were not extended: the
/// meeting has moved. Returns how many.
pub fn set_due(az: &mut Authz<'_>, meeting: MeetingId, due: Due) -> Result<usize, StoreError> {
    Ok(diesel::update(info_requests::table)
        .filter(info_requests::meeting_id.eq(Sql(meeting)))
        .filter(info_requests::state.eq(Sql(RequestState::Asked)))
        .filter(info_requests::extension_reason.eq(""))
        .filter(info_requests::due_at.ne(Sql(due.at)))
        .set((
            info_requests::due_at.eq(Sql(due.at)),
            info_requests::due_on.eq(due.on),
            info_requests::first_due_at.eq(Sql(due.at)),
            info_requests::instance.eq(info_requests::instance + 1),
            info_requests::version.eq(info_requests::version + 1),
        ))
        .execute(az.conn())?)
}

/// The columns of an answer, for inserting and updating alike.
macro_rules! answer {
    ($answer:expr) => {{
        let answer: &Answer = $answer;
        (
            info_replies::kind.eq(Sql(answer.kind)),
            info_replies::facts.eq(text(answer.facts.as_ref())),
            info_replies::opinion.eq(text(answer.opinion.as_ref())),
            info_replies::reason.eq(text(answer.reason.as_ref())),
            info_replies::particulars.eq(serde_json::to_string(&answer.particulars)?),
        )
    }};
}

fn text<T: AsRef<str>>(text: Option<&T>) -> String {
    text.map_or_else(String::new, |text| text.as_ref().to_owned())
}

fn question(question: Option<&Question>) -> Result<String, StoreError> {
    Ok(question.map(serde_json::to_string).transpose()?.unwrap_or_default())
}

/// Adds a reply, released or not.
///
/// # Errors
/// [`StoreError::Taken`] when the agency has a draft, or another reply of this number, already.
pub fn add_reply(az: &mut Authz<'_>, reply: &Reply) -> Result<(), StoreError> {
    diesel::insert_into(info_replies::table)
        .values((
            info_replies::id.eq(Sql(reply.id)),
            info_replies::request_id.eq(Sql(reply.request)),
            info_replies::number.eq(reply.number),
            answer!(&reply.answer),
            info_replies::marking.eq(serde_json::to_string(&reply.marking)?),
            info_replies::released.eq(reply.released),
            info_replies::late.eq(reply.late),
            info_replies::on_behalf.eq(reply.on_behalf),
            info_replies::replied_by.eq(Sql(reply.replied_by)),
            info_replies::replied_at.eq(Sql(reply.replied_at)),
            info_replies::answered_version.eq(reply.answered_version),
            info_replies::answered.eq(question(reply.answered.as_deref())?),
            info_replies::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes a draft; `false` when it was changed since `reply.version` was read, or released.
pub fn change_reply(az: &mut Authz<'_>, reply: &Reply) -> Result<bool, StoreError> {
    let changed = diesel::update(info_replies::table)
        .filter(info_replies::id.eq(Sql(reply.id)).and(info_replies::version.eq(reply.version)))
        .filter(info_replies::released.eq(false))
        .set((
            answer!(&reply.answer),
            info_replies::marking.eq(serde_json::to_string(&reply.marking)?),
            info_replies::replied_by.eq(Sql(reply.replied_by)),
            info_replies::replied_at.eq(Sql(reply.replied_at)),
            info_replies::answered_version.eq(reply.answered_version),
            info_replies::version.eq(reply.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Releases a draft as `reply` says; `false` when it was changed since `reply.version` was read, or
/// released.
pub fn release_reply(az: &mut Authz<'_>, reply: &Reply) -> Result<bool, StoreError> {
    if !change_reply(az, reply)? {
        return Ok(false);
    }
    diesel::update(info_replies::table.find(Sql(reply.id)))
        .set((
            info_replies::released.eq(true),
            info_replies::late.eq(reply.late),
            info_replies::answered.eq(question(reply.answered.as_deref())?),
        ))
        .execute(az.conn())?;
    Ok(true)
}

/// Drops a draft; `false` when it was changed since `version` was read, or released.
pub fn drop_reply(az: &mut Authz<'_>, id: InfoReplyId, version: i32) -> Result<bool, StoreError> {
    let dropped = diesel::delete(info_replies::table)
        .filter(info_replies::id.eq(Sql(id)).and(info_replies::version.eq(version)))
        .filter(info_replies::released.eq(false))
        .execute(az.conn())?;
    Ok(dropped == 1)
}
