//! Where requests stand, from the facts about them and their replies.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, Utc};
use panel_core::id::{CaseId, InfoRequestId, MeetingId};
use panel_core::information::{Coverage, ReplyKind, RequestFacts, RequestState, Standing};
use panel_store::Authz;
use panel_store::information::{self, Asked, Given, Outline};
use std::collections::HashMap;

/// A request with where it stands.
pub(crate) struct Stands {
    pub(crate) asked: Asked,
    pub(crate) standing: Standing,
    /// The last released reply, where there is one that still counts.
    pub(crate) reply: Option<Given>,
}

/// Where a request stands, and the last released reply of its thread, where it still counts.
fn standing(request: &Outline, given: &ByThread, now: DateTime<Utc>) -> (Standing, Option<Given>) {
    let given = given.get(&request.thread).map_or(&[][..], Vec::as_slice);
    let reply = given.iter().rfind(|one| one.request <= request.id).copied();
    let facts = RequestFacts {
        state: request.state,
        due_at: request.due_at,
        case_version: request.case_version,
        // What was carried over was not late for this meeting.
        reply: reply.map(|one| (one.answered_version, one.late && one.request == request.id)),
    };
    (facts.standing(now), reply.filter(|_| request.state == RequestState::Replied))
}

/// Released replies by the thread that they answer, oldest first.
type ByThread = HashMap<InfoRequestId, Vec<Given>>;

fn given(
    az: &mut Authz<'_>,
    threads: impl Iterator<Item = InfoRequestId>,
) -> Result<ByThread, AppError> {
    let mut by_thread = ByThread::new();
    for one in information::facts(az, &threads.collect::<Vec<_>>())? {
        by_thread.entry(one.thread).or_default().push(one);
    }
    Ok(by_thread)
}

impl Stands {
    /// Whether the reply was given for an earlier meeting, which put the case off.
    pub(crate) fn is_carried(&self) -> bool {
        self.reply.is_some_and(|one| one.request != self.asked.request.id)
    }

    pub(crate) fn kind(&self) -> Option<ReplyKind> {
        self.reply.map(|one| one.kind)
    }
}

/// Where these requests stand now.
pub(crate) fn stands(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    found: Vec<Asked>,
) -> Result<Vec<Stands>, AppError> {
    let given = given(az, found.iter().map(|asked| asked.request.thread))?;
    let of = |asked: Asked| {
        let (standing, reply) = standing(&asked.outline(), &given, ctx.now);
        Stands { asked, standing, reply }
    };
    Ok(found.into_iter().map(of).collect())
}

/// How well each case of a meeting is covered, for whoever runs the panel.
pub(crate) fn coverage(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
) -> Result<HashMap<CaseId, Coverage>, AppError> {
    let found = information::outlines(az, meeting)?;
    let given = given(az, found.iter().map(|request| request.thread))?;
    let mut by_case: HashMap<CaseId, Vec<(Standing, Option<ReplyKind>)>> = HashMap::new();
    for request in &found {
        let (standing, reply) = standing(request, &given, ctx.now);
        if standing != Standing::Withdrawn {
            by_case.entry(request.case).or_default().push((standing, reply.map(|one| one.kind)));
        }
    }
    Ok(by_case.into_iter().map(|(case, all)| (case, Coverage::of(all))).collect())
}

/// The agencies that owe a reply about one case of a meeting, by name, each with where its request
/// stands in words.
pub(crate) fn silent(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
    case: CaseId,
) -> Result<Vec<(String, String)>, AppError> {
    let mut found = information::of_meeting(az, meeting)?;
    found.retain(|asked| asked.request.case == case);
    let owed = stands(ctx, az, found)?.into_iter().filter(|one| one.standing.is_owed());
    Ok(owed.map(|one| (one.asked.agency_name, one.standing.words().to_owned())).collect())
}
