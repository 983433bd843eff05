//! Issuing: what readers get is frozen, agencies are asked, everybody with a seat is told.

use super::desk::Desk;
use super::flags::flags;
use super::paper::{Parts, is_on, paper};
use crate::clearing::{self, Texts};
use crate::connections;
use crate::context::Ctx;
use crate::error::AppError;
use crate::information;
use panel_core::agenda::{Paper, changes};
use panel_core::id::{AgencyId, CaseId, MeetingId};
use panel_core::meeting::{MeetingState, Step, after};
use panel_core::reminder::{Rule, Subject as Told};
use panel_store::agenda::issues::{self, Issue};
use panel_store::agenda::{Item, Subject, facts_of, subjects};
use panel_store::meetings::{self, Meeting};
use panel_store::notices::{self, Telling, Whom};
use panel_store::{Authz, panels};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What issuing an agenda came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Issued {
    /// The agenda's new version.
    pub version: i32,
    /// The number of the issue, from one.
    pub number: i32,
    /// What changed since the issue before, in plain words; empty for the first.
    pub changes: Vec<String>,
    /// Information requests that were made.
    pub asked: usize,
    /// Requests of cases that left the agenda.
    pub withdrawn: usize,
    /// People who are told.
    pub told: usize,
}

/// Opens an issued agenda for changes. Readers keep the latest issue until the next.
///
/// # Errors
/// [`AppError::Rule`] `not_issued` unless it was issued; [`AppError::Stale`], [`AppError::NotFound`].
pub fn revise(ctx: &Ctx<'_>, id: MeetingId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, version)?;
        if desk.meeting.state != MeetingState::Issued {
            return Err(AppError::rule("not_issued", "This agenda has not been issued yet"));
        }
        issues::set_revising(az, id, true)?;
        az.did(desk.deed("agenda.revise", None));
        Ok(version + 1)
    })
}

/// Issues the agenda, or issues it again: what readers see is frozen under a number, every core agency
/// is asked about every case, agencies take part in the cases they are asked about, and everybody who
/// may read it is told by notice, which names nothing.
///
/// # Errors
/// [`AppError::Rule`] `empty_agenda`, `nothing_changed` since the last issue, `no_holiday_data` when
/// no deadline for replies can be counted, `connections_open` while somebody of the panel may be connected
/// to a case, `not_cleared` while a text may tell where somebody can be
/// found, `wrong_state` once the meeting has begun;
/// [`AppError::Stale`], [`AppError::NotFound`] for whoever does not run the panel.
pub fn issue(ctx: &Ctx<'_>, id: MeetingId, version: i32) -> Result<Issued, AppError> {
    ctx.write(|az| {
        let found = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(found.panel)?;
        meetings::lock_panel(az, found.panel)?;
        let desk = Desk::take(ctx, az, id, version)?;
        let state = after(desk.meeting.state, Step::Issue)?;
        let items: Vec<Item> = desk.items(az)?.into_iter().filter(is_on).collect();
        if items.is_empty() {
            return Err(AppError::rule("empty_agenda", "There is nothing on this agenda yet"));
        }
        let (paper, subjects) = frozen(az, &desk, &items)?;
        let about: Vec<&Subject> = subjects.values().collect();
        connections::must_be_answered(ctx, az, found.panel, &about)?;
        clearing::must_be_clear(ctx, az, id, &texts(&paper))?;
        let (number, changes) = add_issue(ctx, az, &desk, &paper)?;
        issues::set_revising(az, id, false)?;
        if state != desk.meeting.state
            && !meetings::update(az, &Meeting { state, ..desk.meeting.clone() })?
        {
            return Err(AppError::Stale);
        }
        let asked = information::ask_all(ctx, az, &desk, &items, &subjects)?;
        issues::join_all(az, &presenting(&items))?;
        let people = notices::people(az, desk.meeting.panel, &[Whom::Readers])?;
        let told = notices::tell(az, &ready(&desk), &people)?;
        let counts = format!("issue {number}, {} asked, {} withdrawn", asked.made, asked.withdrawn);
        az.did(desk.deed("agenda.issue", None).with(counts));
        let (asked, withdrawn) = (asked.made, asked.withdrawn);
        Ok(Issued { version: version + 1, number, changes, asked, withdrawn, told })
    })
}

/// The free texts of an agenda that is to be issued. The venue is where the panel itself can be found.
fn texts(paper: &Paper) -> Texts {
    let cases = paper.lines.iter().filter_map(|line| Some(line.case.as_ref()?.case));
    let mut texts = Texts { texts: Vec::new(), cases: cases.collect() };
    for line in &paper.lines {
        texts.add(format!("Item {}", line.label()), &line.title);
        texts.add(format!("Why {} is taken late", line.label()), &line.late_reason);
    }
    texts
}

/// What would leave with the agenda as it stands.
pub(crate) fn outgoing(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
) -> Result<Texts, AppError> {
    let desk = Desk::open(ctx, az, id)?;
    let items: Vec<Item> = desk.items(az)?.into_iter().filter(is_on).collect();
    Ok(texts(&frozen(az, &desk, &items)?.0))
}

/// The cases on the agenda as it stands, with their people.
pub(crate) fn subjects_on(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
) -> Result<HashMap<CaseId, Subject>, AppError> {
    let desk = Desk::open(ctx, az, id)?;
    let items = desk.items(az)?.into_iter().filter(is_on);
    let cases: Vec<CaseId> = items.filter_map(|item| item.case).collect();
    Ok(subjects(az, &cases, true)?.into_iter().map(|subject| (subject.case, subject)).collect())
}

fn ready(desk: &Desk) -> Telling {
    Telling {
        rule: Rule::AgendaReady,
        panel: desk.meeting.panel,
        subject: Told::Meeting(desk.meeting.id),
        date: Some(desk.meeting.on),
    }
}

/// Agencies that present a case take part in it.
fn presenting(items: &[Item]) -> Vec<(CaseId, AgencyId)> {
    items.iter().filter_map(|item| item.case.zip(item.presenter)).collect()
}

/// The agenda as it is now, in full, with the cases on it.
fn frozen(
    az: &mut Authz<'_>,
    desk: &Desk,
    items: &[Item],
) -> Result<(Paper, HashMap<CaseId, Subject>), AppError> {
    let cases: Vec<CaseId> = items.iter().filter_map(|item| item.case).collect();
    let subjects: HashMap<CaseId, Subject> =
        subjects(az, &cases, true)?.into_iter().map(|s| (s.case, s)).collect();
    let flags = flags_of(az, desk, &subjects)?;
    let agencies = agency_names(az, desk)?;
    let parts = Parts { subjects: &subjects, agencies: &agencies, flags: &flags };
    let paper = paper(desk, items, &parts);
    Ok((paper, subjects))
}

/// The names of the panel's agencies.
pub(super) fn agency_names(
    az: &mut Authz<'_>,
    desk: &Desk,
) -> Result<HashMap<AgencyId, String>, AppError> {
    let members = panels::agencies_of(az, desk.meeting.panel)?;
    Ok(members.into_iter().map(|member| (member.agency, member.name)).collect())
}

/// The flags of each case's last referral, in words.
fn flags_of(
    az: &mut Authz<'_>,
    desk: &Desk,
    subjects: &HashMap<CaseId, Subject>,
) -> Result<HashMap<CaseId, Vec<String>>, AppError> {
    let cases: Vec<CaseId> = subjects.keys().copied().collect();
    let facts = facts_of(az, &cases)?;
    let policy = desk.panel.policy.pattern;
    let of = |subject: &Subject| {
        let last = subject.referrals.last()?;
        Some(flags(facts.get(&subject.case)?, last.id, policy)?.words())
    };
    Ok(subjects.values().filter_map(|s| Some((s.case, of(s)?))).collect())
}

/// Adds the issue, with what it changes for whoever runs the panel.
fn add_issue(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    paper: &Paper,
) -> Result<(i32, Vec<String>), AppError> {
    let last = issues::latest(az, desk.meeting.id, 1)?.pop();
    let changes = last
        .as_ref()
        .map_or_else(Vec::new, |(_, before)| changes(&before.numbered(), &paper.numbered()));
    let same = last.as_ref().is_some_and(|(_, before)| before == paper);
    if same && desk.meeting.state == MeetingState::Issued {
        let message = "Nothing has changed since the last issue";
        return Err(AppError::rule("nothing_changed", message));
    }
    let number = last.map_or(1, |(issue, _)| issue.number + 1);
    let new = Issue {
        id: ctx.mint(),
        meeting: desk.meeting.id,
        number,
        issued_at: ctx.now,
        issued_by: ctx.user(),
    };
    issues::insert(az, &new, paper)?;
    Ok((number, changes))
}
