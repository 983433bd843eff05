//! Where requests stand, from the facts about them and their replies.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, Utc};
use panel_core::id::{CaseId, InfoRequestId, MeetingId};
use panel_core::information::{Coverage, ReplyKind, RequestFacts, RequestState, Standing};
use panel_store::Authz;
use panel_store::information::{self, Asked, Given};
use std::collections::HashMap;

/// A request with where it stands.
pub(crate) struct Stands {
    pub(crate) asked: Asked,
    pub(crate) standing: Standing,
    /// The last released reply, where there is one that still counts.
    pub(crate) reply: Option<Given>,
}

impl Stands {
    fn of(asked: Asked, given: &[Given], now: DateTime<Utc>) -> Self {
        let request = &asked.request;
        let counts = |one: &&Given| one.thread == request.thread && one.request <= request.id;
        let reply = given.iter().rfind(counts).copied();
        let facts = RequestFacts {
            state: request.state,
            due_at: request.due_at,
            case_version: asked.case_version,
            // What was carried over was not late for this meeting.
            reply: reply.map(|one| (one.answered_version, one.late && one.request == request.id)),
        };
        let standing = facts.standing(now);
        let reply = reply.filter(|_| request.state == RequestState::Replied);
        Self { asked, standing, reply }
    }

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
    let threads: Vec<InfoRequestId> = found.iter().map(|asked| asked.request.thread).collect();
    let given = information::facts(az, &threads)?;
    let mut by_thread: HashMap<InfoRequestId, Vec<Given>> = HashMap::new();
    for one in given {
        by_thread.entry(one.thread).or_default().push(one);
    }
    let of = |asked: Asked| {
        let given = by_thread.get(&asked.request.thread).map_or(&[][..], Vec::as_slice);
        Stands::of(asked, given, ctx.now)
    };
    Ok(found.into_iter().map(of).collect())
}

/// How well each case of a meeting is covered, for whoever runs the panel.
pub(crate) fn coverage(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
) -> Result<HashMap<CaseId, Coverage>, AppError> {
    let found = information::of_meeting(az, meeting)?;
    let mut by_case: HashMap<CaseId, Vec<(Standing, Option<ReplyKind>)>> = HashMap::new();
    for one in stands(ctx, az, found)? {
        if one.standing != Standing::Withdrawn {
            let case = by_case.entry(one.asked.request.case).or_default();
            case.push((one.standing, one.kind()));
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
