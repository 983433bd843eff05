//! Information requests: one to each agency about each case of a meeting, and where each stands.
//!
//! A request is seen by whoever runs the panel and by the agency that was asked, as long as the case
//! is in its scope. A case that was put off keeps one thread of requests through its meetings, so that
//! what was answered once is there again, and a later change of it too.

mod change;
mod replies;

pub use change::{
    add_reply, change_reply, drop_reply, insert, release_reply, set_due, update, withdraw,
};
pub use replies::{
    About, Given, Reply, Told, drafts, facts, given, next_number, refusals, replies,
};

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, cases, info_requests, meetings, people};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::id::{AgencyId, CaseId, Id, InfoRequestId, MeetingId, PanelId};
use panel_core::information::{Due, RequestState};
use panel_core::meeting::MeetingState;

/// A request to one agency for what it knows in one case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = info_requests)]
pub struct Request {
    /// Its id.
    pub id: InfoRequestId,
    /// The panel.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// The meeting that the reply is for.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// The case.
    #[diesel(column_name = case_id)]
    pub case: CaseId,
    /// The agency.
    #[diesel(column_name = agency_id)]
    pub agency: AgencyId,
    /// The first request of the thread; this one unless the case was put off.
    #[diesel(column_name = thread_id)]
    pub thread: InfoRequestId,
    /// When it was asked, the last time.
    pub asked_at: DateTime<Utc>,
    /// The last instant in time.
    pub due_at: DateTime<Utc>,
    /// Its local date.
    pub due_on: NaiveDate,
    /// The last instant in time before it was extended.
    pub first_due_at: DateTime<Utc>,
    /// Where it stands.
    pub state: RequestState,
    /// The case's content version that was asked about.
    pub asked_version: i32,
    /// Rises when the agency is asked again or the deadline changes.
    pub instance: i32,
    /// Why the deadline was extended; empty unless it was.
    pub extension_reason: String,
    /// The version a change must name.
    pub version: i32,
}

impl Request {
    /// The deadline.
    pub const fn due(&self) -> Due {
        Due { on: self.due_on, at: self.due_at }
    }
}

/// A request with what its readers call things.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = info_requests)]
pub struct Asked {
    /// The request.
    #[diesel(embed)]
    pub request: Request,
    /// The agency's name.
    #[diesel(select_expression = agencies::name)]
    pub agency_name: String,
    /// The case's random reference.
    #[diesel(select_expression = cases::reference)]
    pub reference: String,
    /// The person's surname.
    #[diesel(select_expression = people::surname)]
    pub surname: String,
    /// The person's forename.
    #[diesel(select_expression = people::forename)]
    pub forename: String,
    /// The case's content version now.
    #[diesel(select_expression = cases::content_version)]
    pub case_version: i32,
    /// The meeting's local date.
    #[diesel(select_expression = meetings::meets_on)]
    pub meets_on: NaiveDate,
    /// When the meeting starts.
    #[diesel(select_expression = meetings::starts_at)]
    pub starts_at: DateTime<Utc>,
    /// How far the meeting has come.
    #[diesel(select_expression = meetings::state)]
    pub meeting_state: MeetingState,
}

/// What says where a request stands, beside its replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = info_requests)]
pub struct Outline {
    /// The request.
    pub id: InfoRequestId,
    /// The first request of its thread.
    #[diesel(column_name = thread_id)]
    pub thread: InfoRequestId,
    /// The case.
    #[diesel(column_name = case_id)]
    pub case: CaseId,
    /// The last instant in time.
    pub due_at: DateTime<Utc>,
    /// Where it stands by itself.
    pub state: RequestState,
    /// The case's content version now.
    #[diesel(select_expression = cases::content_version)]
    pub case_version: i32,
}

impl Asked {
    /// What says where it stands.
    pub const fn outline(&self) -> Outline {
        let Request { id, thread, case, due_at, state, .. } = self.request;
        Outline { id, thread, case, due_at, state, case_version: self.case_version }
    }
}

type Source = InnerJoinQuerySource<
    InnerJoinQuerySource<
        InnerJoinQuerySource<
            InnerJoinQuerySource<info_requests::table, agencies::table>,
            meetings::table,
        >,
        cases::table,
    >,
    people::table,
    diesel::dsl::Eq<people::id, cases::person_id>,
>;

macro_rules! asked {
    ($az:expr) => {{
        let seen = in_scope!($az, Source, info_requests::panel_id, info_requests::case_id);
        info_requests::table
            .inner_join(agencies::table)
            .inner_join(meetings::table)
            .inner_join(cases::table)
            .inner_join(people::table.on(people::id.eq(cases::person_id)))
            .filter(seen)
            .select(Asked::as_select())
    }};
}

/// Whether the caller acts for the agency that was asked.
pub fn is_own(az: &Authz<'_>, request: &Request) -> bool {
    az.actor().is_some_and(|actor| actor.acts_for(request.agency, request.panel))
}

/// Notes which cases were shown, and keeps what the caller may know of.
fn shown(
    az: &mut Authz<'_>,
    code: &'static str,
    about: (SubjectKind, Option<uuid::Uuid>),
    mut found: Vec<Asked>,
) -> Vec<Asked> {
    found.retain(|asked| az.runs(asked.request.panel) || is_own(az, &asked.request));
    let cases: Vec<CaseId> = found.iter().map(|asked| asked.request.case).collect();
    az.saw(code, about.0, about.1, found.first().map(|asked| asked.request.panel), cases);
    found
}

/// The requests of a meeting that the caller may know of, by case and agency.
pub fn of_meeting(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Asked>, StoreError> {
    let found = asked!(az)
        .filter(info_requests::meeting_id.eq(Sql(meeting)))
        .order((info_requests::case_id, agencies::name_folded, info_requests::id))
        .load(az.conn())?;
    Ok(shown(az, "request.board", (SubjectKind::Meeting, Some(meeting.uuid())), found))
}

/// Where the requests of a meeting stand; for whoever runs the panel.
pub fn outlines(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Outline>, StoreError> {
    let whole = all(&az.scope().whole);
    let found: Vec<Outline> = info_requests::table
        .inner_join(cases::table)
        .filter(info_requests::panel_id.eq_any(whole))
        .filter(info_requests::meeting_id.eq(Sql(meeting)))
        .select(Outline::as_select())
        .load(az.conn())?;
    let about = (SubjectKind::Meeting, Some(meeting.uuid()));
    az.saw("request.board", about.0, about.1, None, found.iter().map(|one| one.case));
    Ok(found)
}

/// One request, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: InfoRequestId) -> Result<Option<Asked>, StoreError> {
    let found: Vec<Asked> = asked!(az).filter(info_requests::id.eq(Sql(id))).load(az.conn())?;
    Ok(shown(az, "request.show", (SubjectKind::InfoRequest, Some(id.uuid())), found).pop())
}

/// What the agencies that the caller acts for were asked for meetings that are still to be held,
/// soonest due first.
pub fn mine(az: &mut Authz<'_>) -> Result<Vec<Asked>, StoreError> {
    let agencies: Vec<AgencyId> = az
        .actor()
        .map(|actor| actor.seats.iter().map(|seat| seat.agency).collect())
        .unwrap_or_default();
    let ahead = [MeetingState::Planned, MeetingState::Issued, MeetingState::InProgress];
    let found: Vec<Asked> = asked!(az)
        .filter(info_requests::agency_id.eq_any(all(&agencies)))
        .filter(info_requests::state.ne(Sql(RequestState::Withdrawn)))
        .filter(meetings::state.eq_any(all(&ahead)))
        .order((info_requests::due_at, cases::reference, info_requests::id))
        .load(az.conn())?;
    let own = found.into_iter().filter(|asked| is_own(az, &asked.request)).collect();
    Ok(shown(az, "request.list", (SubjectKind::Listing, None), own))
}

/// The later requests of a thread that still wait for a reply: what is answered for one meeting is
/// answered for those to which the case was put off.
pub fn later(az: &mut Authz<'_>, request: &Request) -> Result<Vec<Request>, StoreError> {
    Ok(info_requests::table
        .filter(info_requests::thread_id.eq(Sql(request.thread)))
        .filter(info_requests::id.gt(Sql(request.id)))
        .filter(info_requests::state.eq(Sql(RequestState::Asked)))
        .select(info_requests::all_columns)
        .load(az.conn())?)
}

/// The requests for these cases at one earlier meeting, whose threads go on when the case was put
/// off; for whoever runs the panel.
pub fn earlier(
    az: &mut Authz<'_>,
    pairs: &[(MeetingId, CaseId)],
) -> Result<Vec<Request>, StoreError> {
    let meetings: Vec<MeetingId> = pairs.iter().map(|(meeting, _)| *meeting).collect();
    let cases: Vec<CaseId> = pairs.iter().map(|(_, case)| *case).collect();
    let whole = all(&az.scope().whole);
    let found: Vec<Request> = info_requests::table
        .filter(info_requests::panel_id.eq_any(whole))
        .filter(info_requests::meeting_id.eq_any(all(&meetings)))
        .filter(info_requests::case_id.eq_any(all(&cases)))
        .select(info_requests::all_columns)
        .load(az.conn())?;
    let asked = |request: &Request| pairs.contains(&(request.meeting, request.case));
    Ok(found.into_iter().filter(asked).collect())
}

/// What these agencies were asked about a case for meetings that are still to be held, and have not
/// answered; for whoever runs the panel.
pub fn unanswered(
    az: &mut Authz<'_>,
    case: CaseId,
    of: &[AgencyId],
) -> Result<Vec<InfoRequestId>, StoreError> {
    let whole = all(&az.scope().whole);
    let ahead = [MeetingState::Planned, MeetingState::Issued, MeetingState::InProgress];
    Ok(info_requests::table
        .inner_join(meetings::table)
        .filter(info_requests::panel_id.eq_any(whole))
        .filter(info_requests::case_id.eq(Sql(case)))
        .filter(info_requests::agency_id.eq_any(all(of)))
        .filter(info_requests::state.eq(Sql(RequestState::Asked)))
        .filter(meetings::state.eq_any(all(&ahead)))
        .order(info_requests::id)
        .select(info_requests::id)
        .load(az.conn())?)
}
