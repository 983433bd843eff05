//! The agenda as a whole: the version by which two coordinators notice each other, and its issues,
//! frozen for their readers.

use crate::audit::AnyId;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_issues, agendas, audit_events, case_agencies, cases, meetings};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::agenda::Paper;
use panel_core::audit::SubjectKind;
use panel_core::id::{AgencyId, AgendaIssueId, AuditId, CaseId, Id, MeetingId, PanelId, UserId};
use std::collections::{BTreeSet, HashMap};

/// The state of the work on an agenda.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agendas)]
pub struct Head {
    /// The version that a change of the agenda must name; 0 before anybody worked on it.
    pub version: i32,
    /// Since when the next issue is being prepared.
    pub revising_since: Option<DateTime<Utc>>,
    /// By whom.
    pub revising_by: Option<UserId>,
}

/// The state of the work on an agenda. It says nothing of what is on it.
pub fn head(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Head, StoreError> {
    let found: Option<Head> =
        agendas::table.find(Sql(meeting)).select(Head::as_select()).first(az.conn()).optional()?;
    Ok(found.unwrap_or_default())
}

/// Takes the agenda for a change, so that every other change of it waits for this transaction and
/// finds the next version; `false` when it was changed since `version` was read.
pub fn take(az: &mut Authz<'_>, meeting: MeetingId, version: i32) -> Result<bool, StoreError> {
    if version == 0 {
        let added = each_backend!(az.conn(), |c| diesel::insert_into(agendas::table)
            .values((agendas::meeting_id.eq(Sql(meeting)), agendas::version.eq(1)))
            .on_conflict_do_nothing()
            .execute(c))?;
        return Ok(added == 1);
    }
    let changed = diesel::update(agendas::table)
        .filter(agendas::meeting_id.eq(Sql(meeting)).and(agendas::version.eq(version)))
        .set(agendas::version.eq(version + 1))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Notes that the next issue is being prepared from now on by the caller, or no longer.
pub fn set_revising(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    revising: bool,
) -> Result<(), StoreError> {
    let since = revising.then(|| az.now());
    let by = if revising { az.user() } else { None };
    diesel::update(agendas::table.find(Sql(meeting)))
        .set((agendas::revising_since.eq(Sql(since)), agendas::revising_by.eq(Sql(by))))
        .execute(az.conn())?;
    Ok(())
}

/// One issue, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = agenda_issues)]
pub struct Issue {
    /// The issue.
    pub id: AgendaIssueId,
    /// The meeting.
    #[diesel(column_name = meeting_id)]
    pub meeting: MeetingId,
    /// Its number, from one.
    pub number: i32,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// By whom.
    pub issued_by: UserId,
}

/// The issues of an agenda, latest first, for whoever sits at its panel.
pub fn list(az: &mut Authz<'_>, meeting: MeetingId) -> Result<Vec<Issue>, StoreError> {
    let panel = meetings::table.find(Sql(meeting)).select(meetings::panel_id);
    let panel = panel.first(az.conn()).optional()?;
    if !panel.is_some_and(|panel| az.sits(panel)) {
        return Ok(Vec::new());
    }
    Ok(agenda_issues::table
        .filter(agenda_issues::meeting_id.eq(Sql(meeting)))
        .order(agenda_issues::number.desc())
        .select(Issue::as_select())
        .load(az.conn())?)
}

/// The latest issues of an agenda, at most `limit`, latest first, each cut to the cases that the
/// caller may know of.
pub fn latest(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    limit: i64,
) -> Result<Vec<(Issue, Paper)>, StoreError> {
    let rows: Vec<(Issue, String)> = agenda_issues::table
        .filter(agenda_issues::meeting_id.eq(Sql(meeting)))
        .order(agenda_issues::number.desc())
        .limit(limit)
        .select((Issue::as_select(), agenda_issues::snapshot))
        .load(az.conn())?;
    let read = |(issue, text): (Issue, String)| {
        serde_json::from_str::<Paper>(&text).map(|paper| (issue, paper))
    };
    let papers = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let named: BTreeSet<CaseId> = papers.iter().flat_map(|(_, paper)| paper.cases()).collect();
    let seen = visible(az, &named.into_iter().collect::<Vec<_>>())?;
    az.saw("agenda.read", SubjectKind::Meeting, Some(meeting.uuid()), None, seen.iter().copied());
    let kept = &az.scope().hidden;
    let cut = |(issue, paper): (Issue, Paper)| {
        (issue, paper.only(|case| seen.contains(&case), |case| kept.contains(&case)))
    };
    Ok(papers.into_iter().map(cut).collect())
}

/// Which of these cases the caller may know of.
pub(crate) fn visible(az: &mut Authz<'_>, ids: &[CaseId]) -> Result<BTreeSet<CaseId>, StoreError> {
    let seen = in_scope!(az, cases::table, cases::panel_id, cases::id);
    let found: Vec<CaseId> = cases::table
        .filter(cases::id.eq_any(all(ids)))
        .filter(seen)
        .select(cases::id)
        .load(az.conn())?;
    Ok(found.into_iter().collect())
}

/// Adds an issue.
///
/// # Errors
/// [`StoreError::Taken`] when somebody else issued this number meanwhile.
pub fn insert(az: &mut Authz<'_>, issue: &Issue, paper: &Paper) -> Result<(), StoreError> {
    diesel::insert_into(agenda_issues::table)
        .values((
            agenda_issues::id.eq(Sql(issue.id)),
            agenda_issues::meeting_id.eq(Sql(issue.meeting)),
            agenda_issues::number.eq(issue.number),
            agenda_issues::issued_at.eq(Sql(issue.issued_at)),
            agenda_issues::issued_by.eq(Sql(issue.issued_by)),
            agenda_issues::snapshot.eq(serde_json::to_string(paper)?),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Lets each of these agencies take part in each of these cases; those that do already stay as they
/// are.
pub fn join_all(az: &mut Authz<'_>, pairs: &[(CaseId, AgencyId)]) -> Result<(), StoreError> {
    let today = az.today();
    let row = |(case, agency): &(CaseId, AgencyId)| {
        (
            case_agencies::case_id.eq(Sql(*case)),
            case_agencies::agency_id.eq(Sql(*agency)),
            case_agencies::since.eq(today),
        )
    };
    for some in pairs.chunks(500) {
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(case_agencies::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Which of these people opened an agenda since an issue of it, each with the first time, as the audit
/// log has it; nobody for whoever does not run the panel.
pub fn opened(
    az: &mut Authz<'_>,
    issue: &Issue,
    people: &[UserId],
) -> Result<HashMap<UserId, DateTime<Utc>>, StoreError> {
    let panel = meetings::table.find(Sql(issue.meeting)).select(meetings::panel_id);
    let panel: Option<PanelId> = panel.first(az.conn()).optional()?;
    if !panel.is_some_and(|panel| az.runs(panel)) {
        return Ok(HashMap::new());
    }
    let people: Vec<Option<UserId>> = people.iter().copied().map(Some).collect();
    // Ids rise with time, so the issue's own is where its time begins.
    let since = AuditId::from_uuid(issue.id.uuid());
    let rows: Vec<(Option<UserId>, DateTime<Utc>)> = audit_events::table
        .filter(audit_events::actor_id.eq_any(all(&people)))
        .filter(audit_events::id.gt(Sql(since)))
        .filter(audit_events::subject_id.eq(Sql(Some(AnyId(issue.meeting.uuid())))))
        .filter(audit_events::deed.eq_any(["agenda.read", "agenda.print"]))
        .order(audit_events::id)
        .select((audit_events::actor_id, audit_events::at))
        .load(az.conn())?;
    let mut first = HashMap::new();
    for (who, at) in rows {
        if let Some(who) = who {
            first.entry(who).or_insert(at);
        }
    }
    Ok(first)
}
