//! Replies: drafts for their own agency alone, released ones for those whom their marking lets read them.

use super::{Request, is_own};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::handling::{Reading, parsed};
use crate::listed::all;
use crate::schema::{agencies, info_replies, info_requests, users};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::handling::{Marked, Marking};
use panel_core::id::{
    AgencyId, CaseId, Id, InfoReplyId, InfoRequestId, MeetingId, PanelId, UserId,
};
use panel_core::information::{Answer, Question, ReplyKind};
use panel_core::text::{LongNote, Note, TextError};
use std::collections::HashMap;

/// One reply to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its id.
    pub id: InfoReplyId,
    /// The request, which is an earlier one of the thread where the reply was carried over.
    pub request: InfoRequestId,
    /// Its number among the replies to that request, from one.
    pub number: i32,
    /// What it says.
    pub answer: Answer,
    /// What it is marked with once it is released.
    pub marking: Marking,
    /// Whether it was released.
    pub released: bool,
    /// Whether it came after the deadline.
    pub late: bool,
    /// Whether somebody else entered it for the agency.
    pub on_behalf: bool,
    /// Who wrote it, or entered it.
    pub replied_by: UserId,
    /// When it was released, or the draft last saved.
    pub replied_at: DateTime<Utc>,
    /// The case's content version that it answers.
    pub answered_version: i32,
    /// What it answers, once it is released.
    pub answered: Option<Box<Question>>,
    /// The version a change must name.
    pub version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = info_replies)]
struct Row {
    id: InfoReplyId,
    #[diesel(column_name = request_id)]
    request: InfoRequestId,
    number: i32,
    kind: ReplyKind,
    facts: String,
    opinion: String,
    reason: String,
    particulars: String,
    marking: String,
    released: bool,
    late: bool,
    on_behalf: bool,
    replied_by: UserId,
    replied_at: DateTime<Utc>,
    answered_version: i32,
    answered: String,
    version: i32,
}

fn text<T>(
    raw: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Result<Option<T>, StoreError> {
    if raw.is_empty() {
        return Ok(None);
    }
    parse(raw).map(Some).map_err(|error| StoreError::Unreadable(error.to_string()))
}

impl TryFrom<Row> for Reply {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let answer = Answer {
            kind: row.kind,
            facts: text(&row.facts, LongNote::parse)?,
            opinion: text(&row.opinion, LongNote::parse)?,
            reason: text(&row.reason, Note::parse)?,
            particulars: serde_json::from_str(&row.particulars)?,
        };
        let answered = match row.answered.as_str() {
            "" => None,
            json => Some(serde_json::from_str(json)?),
        };
        Ok(Self {
            id: row.id,
            request: row.request,
            number: row.number,
            answer,
            marking: parsed(&row.marking)?,
            released: row.released,
            late: row.late,
            on_behalf: row.on_behalf,
            replied_by: row.replied_by,
            replied_at: row.replied_at,
            answered_version: row.answered_version,
            answered,
            version: row.version,
        })
    }
}

impl Reply {
    /// The reply of this agency with what decides who reads it.
    pub const fn of(&self, panel: PanelId, origin: AgencyId) -> Marked<'_> {
        Marked { panel, origin, marking: &self.marking }
    }
}

/// A reply with the name of who wrote or entered it.
pub type Told = (Reply, String);

fn told((row, name): (Row, String)) -> Result<Told, StoreError> {
    Ok((row.try_into()?, name))
}

/// The replies to a request that the caller has found and reads, oldest first, with those that were
/// carried over from earlier meetings. A draft is there for its own agency alone.
pub fn replies(az: &mut Authz<'_>, request: &Request) -> Result<Vec<Told>, StoreError> {
    let mut query = info_replies::table
        .inner_join(info_requests::table)
        .inner_join(users::table)
        .filter(info_requests::thread_id.eq(Sql(request.thread)))
        .filter(info_requests::id.le(Sql(request.id)))
        .order((info_requests::id, info_replies::number))
        .select((Row::as_select(), users::name))
        .into_boxed();
    if !is_own(az, request) {
        query = query.filter(info_replies::released.eq(true));
    }
    let rows: Vec<(Row, String)> = query.load(az.conn())?;
    let about = (SubjectKind::InfoRequest, Some(request.id.uuid()));
    az.saw("request.replies", about.0, about.1, Some(request.panel), [request.case]);
    let mut found: Vec<Told> = rows.into_iter().map(told).collect::<Result<_, _>>()?;
    let reading = Reading::of(az, found.iter().map(|(reply, _)| &reply.marking))?;
    found.retain(|(reply, _)| reading.lets(az, reply.of(request.panel, request.agency)));
    Ok(found)
}

/// The number that the next reply to a request takes, drafts counted.
pub fn next_number(az: &mut Authz<'_>, request: InfoRequestId) -> Result<i32, StoreError> {
    let last: Option<i32> = info_replies::table
        .filter(info_replies::request_id.eq(Sql(request)))
        .order(info_replies::number.desc())
        .select(info_replies::number)
        .first(az.conn())
        .optional()?;
    Ok(last.map_or(1, |last| last + 1))
}

/// Which of these requests have a draft, for those of agencies that the caller acts for.
pub fn drafts(az: &mut Authz<'_>, requests: &[&Request]) -> Result<Vec<InfoRequestId>, StoreError> {
    let own = requests.iter().filter(|request| is_own(az, request));
    let ids: Vec<InfoRequestId> = own.map(|request| request.id).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    Ok(info_replies::table
        .filter(info_replies::request_id.eq_any(all(&ids)))
        .filter(info_replies::released.eq(false))
        .select(info_replies::request_id)
        .load(az.conn())?)
}

/// What a released reply means for the standing of its request, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = info_replies)]
pub struct Given {
    /// The thread.
    #[diesel(select_expression = info_requests::thread_id)]
    pub thread: InfoRequestId,
    /// The request that it was given to.
    #[diesel(select_expression = info_requests::id)]
    pub request: InfoRequestId,
    /// What kind of answer.
    pub kind: ReplyKind,
    /// Whether it came after the deadline.
    pub late: bool,
    /// The case's content version that it answers.
    pub answered_version: i32,
    /// When it was released.
    pub replied_at: DateTime<Utc>,
    /// Whether somebody else entered it for the agency.
    pub on_behalf: bool,
}

/// The released replies of these threads, oldest first; for requests that the caller has found.
pub fn facts(az: &mut Authz<'_>, threads: &[InfoRequestId]) -> Result<Vec<Given>, StoreError> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    Ok(info_replies::table
        .inner_join(info_requests::table)
        .filter(info_requests::thread_id.eq_any(all(threads)))
        .filter(info_replies::released.eq(true))
        .order((info_requests::thread_id, info_requests::id, info_replies::number))
        .select(Given::as_select())
        .load(az.conn())?)
}

/// Why agencies did not share, by the request that each reply was given to; for requests of a panel that
/// the caller runs and has found, as far as she reads the replies. Of several refusals to one request the
/// last counts.
pub fn refusals(
    az: &mut Authz<'_>,
    threads: &[InfoRequestId],
) -> Result<HashMap<InfoRequestId, String>, StoreError> {
    let rows: Vec<(InfoRequestId, PanelId, AgencyId, String, String)> = info_replies::table
        .inner_join(info_requests::table)
        .filter(info_requests::thread_id.eq_any(all(threads)))
        .filter(info_replies::kind.eq(Sql(ReplyKind::NotShared)))
        .filter(info_replies::released.eq(true))
        .order((info_requests::id, info_replies::number))
        .select((
            info_requests::id,
            info_requests::panel_id,
            info_requests::agency_id,
            info_replies::reason,
            info_replies::marking,
        ))
        .load(az.conn())?;
    let markings: Vec<Marking> =
        rows.iter().map(|(.., marking)| parsed(marking)).collect::<Result<_, _>>()?;
    let reading = Reading::of(az, &markings)?;
    let reads = |panel, origin, marking| reading.lets(az, Marked { panel, origin, marking });
    let rows = rows.into_iter().zip(&markings);
    Ok(rows
        .filter(|((_, panel, agency, ..), marking)| reads(*panel, *agency, marking))
        .map(|((request, _, _, reason, _), _)| (request, reason))
        .collect())
}

type Source = InnerJoinQuerySource<
    InnerJoinQuerySource<
        InnerJoinQuerySource<info_requests::table, agencies::table>,
        info_replies::table,
        diesel::dsl::Eq<info_replies::request_id, info_requests::id>,
    >,
    users::table,
    diesel::dsl::Eq<users::id, info_replies::replied_by>,
>;

type GivenRow = (PanelId, InfoRequestId, CaseId, AgencyId, String, Row, String);

/// A released reply: about which case, by which agency, under which name, and who wrote or entered it.
pub type About = (CaseId, AgencyId, String, Reply, String);

/// The released replies about the cases of a meeting, or about one of them, that the caller may
/// read, by case, agency and time. Those that were carried over from earlier meetings are among them.
pub fn given(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    case: Option<CaseId>,
) -> Result<Vec<About>, StoreError> {
    let mut threads = info_requests::table
        .filter(info_requests::meeting_id.eq(Sql(meeting)))
        .select((info_requests::thread_id, info_requests::id))
        .into_boxed();
    if let Some(case) = case {
        threads = threads.filter(info_requests::case_id.eq(Sql(case)));
    }
    let last: Vec<(InfoRequestId, InfoRequestId)> = threads.load(az.conn())?;
    let threads: Vec<InfoRequestId> = last.iter().map(|(thread, _)| *thread).collect();
    let seen = in_scope!(az, Source, info_requests::panel_id, info_requests::case_id);
    let rows: Vec<GivenRow> = info_requests::table
        .inner_join(agencies::table)
        .inner_join(info_replies::table.on(info_replies::request_id.eq(info_requests::id)))
        .inner_join(users::table.on(users::id.eq(info_replies::replied_by)))
        .filter(info_requests::thread_id.eq_any(all(&threads)))
        .filter(info_replies::released.eq(true))
        .filter(seen)
        .order((
            info_requests::case_id,
            agencies::name_folded,
            info_requests::id,
            info_replies::number,
        ))
        .select((
            info_requests::panel_id,
            info_requests::thread_id,
            info_requests::case_id,
            info_requests::agency_id,
            agencies::name,
            Row::as_select(),
            users::name,
        ))
        .load(az.conn())?;
    let mut replies: Vec<About> = Vec::new();
    let mut panels = Vec::new();
    for (panel, thread, case, agency, name, row, by) in rows {
        if last.iter().any(|(t, until)| *t == thread && row.request <= *until) {
            replies.push((case, agency, name, row.try_into()?, by));
            panels.push(panel);
        }
    }
    let reading = Reading::of(az, replies.iter().map(|(_, _, _, reply, _)| &reply.marking))?;
    let mut panels = panels.into_iter();
    replies.retain(|(_, agency, _, reply, _)| {
        panels.next().is_some_and(|panel| reading.lets(az, reply.of(panel, *agency)))
    });
    let cases: Vec<CaseId> = replies.iter().map(|(case, ..)| *case).collect();
    az.saw("request.given", SubjectKind::Meeting, Some(meeting.uuid()), None, cases);
    Ok(replies)
}
