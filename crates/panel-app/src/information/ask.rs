//! Asking every core agency about every case when an agenda is issued, and what a meeting that moves
//! or is called off does to its requests.

use crate::agenda::Desk;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::cycle::{Deadline, Step};
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId};
use panel_core::information::{Due, RequestState};
use panel_core::settings::PanelPolicy;
use panel_core::time::local;
use panel_core::words;
use panel_store::agenda::{Item, Subject, issues, meetings_of};
use panel_store::information::{self, Asked, Given, Request};
use panel_store::meetings::Meeting;
use panel_store::{Authz, cases, notices, panels};
use std::collections::{HashMap, HashSet};

/// What asking came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AskedAll {
    pub(crate) made: usize,
    pub(crate) withdrawn: usize,
}

/// By when agencies that are asked now reply: by the cycle, or when that has passed, or the meeting is
/// an emergency, by its start.
pub(super) fn due(ctx: &Ctx<'_>, meeting: &Meeting, policy: &PanelPolicy) -> Result<Due, AppError> {
    if meeting.emergency {
        return Ok(Due::at_start(meeting.starts_at));
    }
    let days = ctx.app.working_days();
    let deadline = Deadline::of(Step::ResearchDue, meeting.on, &policy.cycle, days)
        .map_err(|error| crate::agenda::no_holidays(&error))?;
    Ok(Due::of(&deadline, ctx.now, meeting.starts_at))
}

/// What issuing an agenda asks: found first, so that it can be shown before it happens.
struct Plan {
    due: Due,
    there: Vec<Asked>,
    earlier: HashMap<(CaseId, AgencyId), Request>,
    listed: Vec<CaseId>,
    /// Which agencies take part in which of these cases.
    parts: HashSet<(CaseId, AgencyId)>,
    /// Who is asked about what and was not before.
    new: Vec<(CaseId, AgencyId)>,
    /// Requests of cases that left the agenda.
    gone: Vec<InfoRequestId>,
}

impl Plan {
    /// Each core agency is asked about each case, and for a case that was put off also everybody who
    /// was asked before and still takes part.
    fn of(
        ctx: &Ctx<'_>,
        az: &mut Authz<'_>,
        desk: &Desk,
        items: &[Item],
    ) -> Result<Self, AppError> {
        let due = due(ctx, &desk.meeting, &desk.panel.policy)?;
        let there = information::of_meeting(az, desk.meeting.id)?;
        let earlier = earlier(az, items)?;
        let listed: Vec<CaseId> = items.iter().filter_map(|item| item.case).collect();
        let parts = cases::parts_in(az, &listed)?;
        let members = panels::agencies_of(az, desk.meeting.panel)?;
        let core: Vec<AgencyId> = members.iter().filter(|m| m.core).map(|m| m.agency).collect();
        let mut wanted: HashSet<(CaseId, AgencyId)> = HashSet::new();
        wanted.extend(listed.iter().flat_map(|case| core.iter().map(|agency| (*case, *agency))));
        wanted.extend(earlier.keys().filter(|pair| parts.contains(pair)).copied());
        let known: HashSet<(CaseId, AgencyId)> =
            there.iter().map(|asked| (asked.request.case, asked.request.agency)).collect();
        let kept = cases::lists::excluded_agencies(az, &listed)?;
        let mut new: Vec<(CaseId, AgencyId)> =
            wanted.difference(&known).filter(|pair| !kept.contains(pair)).copied().collect();
        new.sort_unstable();
        let left = |asked: &&Asked| {
            let request = &asked.request;
            !listed.contains(&request.case) && request.state != RequestState::Withdrawn
        };
        let gone = there.iter().filter(left).map(|asked| asked.request.id).collect();
        Ok(Self { due, there, earlier, listed, parts, new, gone })
    }
}

/// What issuing an agenda would ask.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WouldAsk {
    /// Requests that would be made.
    pub requests: usize,
    /// Agencies that would be asked.
    pub agencies: usize,
    /// Requests that would be withdrawn, because their case left the agenda.
    pub withdrawn: usize,
    /// By when replies would be due, in words.
    pub due: String,
}

/// What issuing an agenda with these items would ask; nothing is saved.
pub(crate) fn would_ask(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    items: &[Item],
) -> Result<WouldAsk, AppError> {
    let plan = Plan::of(ctx, az, desk, items)?;
    let agencies: HashSet<AgencyId> = plan.new.iter().map(|(_, agency)| *agency).collect();
    Ok(WouldAsk {
        requests: plan.new.len(),
        agencies: agencies.len(),
        withdrawn: plan.gone.len(),
        due: words::date_time(local(plan.due.at)),
    })
}

/// Makes the requests of an agenda that is issued: one to each core agency about each case, and for a
/// case that was put off also to everybody who was asked before. Requests of cases that left the agenda
/// are withdrawn; those of cases that came back go on where they stood.
pub(crate) fn ask_all(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    items: &[Item],
    subjects: &HashMap<CaseId, Subject>,
) -> Result<AskedAll, AppError> {
    let plan = Plan::of(ctx, az, desk, items)?;
    let before = plan.earlier.values().chain(plan.there.iter().map(|asked| &asked.request));
    let given = given(az, before)?;
    let withdrawn = information::withdraw(az, &plan.gone)?;
    let back = revive(az, &plan, &given)?;
    let made = |pair: &(CaseId, AgencyId)| {
        let version = subjects.get(&pair.0)?.content_version;
        let fresh = fresh(ctx, &desk.meeting, *pair, plan.due, version);
        Some(continued(fresh, plan.earlier.get(pair), &given))
    };
    let new: Vec<Request> = plan.new.iter().filter_map(made).collect();
    information::insert(az, &new)?;
    issues::join_all(az, &new.iter().map(|r| (r.case, r.agency)).collect::<Vec<_>>())?;
    let mut changed = plan.gone;
    changed.extend(back);
    changed.extend(new.iter().map(|request| request.id));
    notices::plan_requests(az, ctx.app.working_days(), &changed)?;
    Ok(AskedAll { made: new.len(), withdrawn })
}

/// A request that is made now.
pub(super) fn fresh(
    ctx: &Ctx<'_>,
    meeting: &Meeting,
    (case, agency): (CaseId, AgencyId),
    due: Due,
    asked_version: i32,
) -> Request {
    let id = ctx.mint();
    Request {
        id,
        panel: meeting.panel,
        meeting: meeting.id,
        case,
        agency,
        thread: id,
        asked_at: ctx.now,
        due_at: due.at,
        due_on: due.on,
        first_due_at: due.at,
        state: RequestState::Asked,
        asked_version,
        instance: 1,
        extension_reason: String::new(),
        version: 1,
    }
}

/// The same request as the next of an earlier one's thread: a reply that still answers the case as it
/// is needs no other.
fn continued(new: Request, earlier: Option<&Request>, given: &[Given]) -> Request {
    let Some(earlier) = earlier else { return new };
    let is_answered = answered(given, earlier.thread, new.asked_version);
    let state = if is_answered { RequestState::Replied } else { RequestState::Asked };
    Request { thread: earlier.thread, state, ..new }
}

/// Whether the last reply of a thread answers the case as it is.
fn answered(given: &[Given], thread: InfoRequestId, version: i32) -> bool {
    let last = given.iter().rfind(|one| one.thread == thread);
    last.is_some_and(|one| one.answered_version >= version)
}

/// The requests of the meetings that put these items off, by case and agency.
fn earlier(
    az: &mut Authz<'_>,
    items: &[Item],
) -> Result<HashMap<(CaseId, AgencyId), Request>, AppError> {
    let carried: Vec<_> =
        items.iter().filter_map(|item| Some((item.carried_from?, item.case?))).collect();
    let from = meetings_of(az, &carried.iter().map(|(item, _)| *item).collect::<Vec<_>>())?;
    let pairs: Vec<(MeetingId, CaseId)> =
        carried.iter().filter_map(|(item, case)| Some((*from.get(item)?, *case))).collect();
    let found = information::earlier(az, &pairs)?;
    // Those that were withdrawn when the item left are among them: who was asked is asked on.
    Ok(found.into_iter().map(|request| ((request.case, request.agency), request)).collect())
}

fn given<'r>(
    az: &mut Authz<'_>,
    requests: impl Iterator<Item = &'r Request>,
) -> Result<Vec<Given>, AppError> {
    let threads: Vec<InfoRequestId> = requests.map(|request| request.thread).collect();
    Ok(information::facts(az, &threads)?)
}

/// Asks on where a case has come back to the agenda: the clock goes on as it stood, and what was
/// answered needs no answer again. An agency that takes part in the case no more stays unasked.
fn revive(
    az: &mut Authz<'_>,
    plan: &Plan,
    given: &[Given],
) -> Result<Vec<InfoRequestId>, AppError> {
    let mut changed = Vec::new();
    let back = |asked: &&Asked| {
        let request = &asked.request;
        request.state == RequestState::Withdrawn
            && plan.listed.contains(&request.case)
            && plan.parts.contains(&(request.case, request.agency))
    };
    for asked in plan.there.iter().filter(back) {
        let request = &asked.request;
        let has_reply = given.iter().any(|one| one.thread == request.thread);
        let state = if has_reply { RequestState::Replied } else { RequestState::Asked };
        let instance = request.instance + 1;
        super::save(az, &Request { state, instance, ..request.clone() })?;
        changed.push(request.id);
    }
    Ok(changed)
}

/// Gives the requests of a meeting that has moved the deadline that follows from its new date, where
/// nobody replied and no other was agreed.
pub(crate) fn follow_meeting(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    policy: &PanelPolicy,
) -> Result<(), AppError> {
    let there = information::of_meeting(az, meeting.id)?;
    if there.is_empty() {
        return Ok(());
    }
    // A move is not refused for a deadline that nobody can count: replies are then due by the start.
    let due = due(ctx, meeting, policy).unwrap_or(Due::at_start(meeting.starts_at));
    if information::set_due(az, meeting.id, due)? > 0 {
        let ids: Vec<InfoRequestId> = there.iter().map(|asked| asked.request.id).collect();
        notices::plan_requests(az, ctx.app.working_days(), &ids)?;
    }
    Ok(())
}

/// Withdraws the requests of a meeting that is called off.
pub(crate) fn call_off(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
) -> Result<(), AppError> {
    let there = information::of_meeting(az, meeting)?;
    let ids: Vec<InfoRequestId> = there.iter().map(|asked| asked.request.id).collect();
    if information::withdraw(az, &ids)? > 0 {
        notices::plan_requests(az, ctx.app.working_days(), &ids)?;
    }
    Ok(())
}
