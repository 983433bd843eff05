//! The board: who owes what for a meeting, on one screen.

use super::standing::{Stands, stands};
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, InfoRequestId, MeetingId};
use panel_core::information::{Coverage, ReplyKind, Standing};
use panel_core::time::local;
use panel_core::words;
use panel_store::information;
use panel_store::meetings;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// One agency's request about one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardCell {
    /// The request.
    pub request: InfoRequestId,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Where it stands.
    pub standing: Standing,
    /// The same in words, with the kind of the reply.
    pub words: String,
    /// By when the reply is due, in words.
    pub due: String,
    /// Why the deadline was extended; empty unless it was.
    pub extension_reason: String,
    /// When the reply came, in words; empty without one.
    pub replied: String,
    /// The kind of the reply; none without one.
    pub kind: Option<ReplyKind>,
    /// Why the agency does not share; empty unless it declined.
    pub reason: String,
    /// Whether somebody else entered the reply for the agency.
    pub on_behalf: bool,
    /// Whether the reply was given for an earlier meeting that put the case off.
    pub carried: bool,
    /// The version that a change of the request must name.
    pub version: i32,
}

/// One case with the agencies that were asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardCase {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// The person.
    pub person: String,
    /// How well it is covered.
    pub coverage: Coverage,
    /// The same in words.
    pub words: String,
    /// The agencies, by name.
    pub cells: Vec<BoardCell>,
}

/// What one agency owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardAgency {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// Requests without a reply.
    pub owed: usize,
    /// Of these, those past their deadline.
    pub overdue: usize,
    /// Replies that predate new information.
    pub stale: usize,
}

/// Who owes what for a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// The meeting.
    pub meeting: MeetingView,
    /// The cases, by reference.
    pub cases: Vec<BoardCase>,
    /// The agencies that were asked, by name.
    pub agencies: Vec<BoardAgency>,
    /// Requests without a reply.
    pub owed: usize,
    /// Of these, those past their deadline.
    pub overdue: usize,
    /// Replies that predate new information.
    pub stale: usize,
}

/// Surname in capitals and forename.
pub(super) fn person(surname: &str, forename: &str) -> String {
    [surname.to_uppercase().as_str(), forename].join(" ").trim().to_owned()
}

/// Where a request stands, with the kind of its reply.
pub(super) fn in_words(one: &Stands) -> String {
    match one.kind() {
        Some(kind) => format!("{}: {}", one.standing.words(), kind.label()),
        None => one.standing.words().to_owned(),
    }
}

fn cell(one: &Stands, refusals: &HashMap<InfoRequestId, String>) -> BoardCell {
    let refused = one.reply.filter(|reply| reply.kind == ReplyKind::NotShared);
    let request = &one.asked.request;
    BoardCell {
        request: request.id,
        agency: request.agency,
        agency_name: one.asked.agency_name.clone(),
        standing: one.standing,
        words: in_words(one),
        due: words::date_time(local(request.due_at)),
        extension_reason: request.extension_reason.clone(),
        replied: one.reply.map(|r| words::date_time(local(r.replied_at))).unwrap_or_default(),
        kind: one.kind(),
        reason: refused.and_then(|reply| refusals.get(&reply.request).cloned()).unwrap_or_default(),
        on_behalf: one.reply.is_some_and(|reply| reply.on_behalf),
        carried: one.is_carried(),
        version: request.version,
    }
}

/// The board of a meeting, for whoever runs its panel. Requests of cases that left the agenda are not
/// on it.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn board(ctx: &Ctx<'_>, id: MeetingId) -> Result<Board, AppError> {
    ctx.read(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let found = information::of_meeting(az, id)?;
        let mut all = stands(ctx, az, found)?;
        all.retain(|one| one.standing != Standing::Withdrawn);
        let threads: Vec<InfoRequestId> = all.iter().map(|one| one.asked.request.thread).collect();
        let refusals = information::refusals(az, &threads)?;
        let agencies = agencies(&all);
        Ok(Board {
            meeting: MeetingView::of(&meeting),
            cases: cases(&all, &refusals),
            owed: agencies.iter().map(|agency| agency.owed).sum(),
            overdue: agencies.iter().map(|agency| agency.overdue).sum(),
            stale: agencies.iter().map(|agency| agency.stale).sum(),
            agencies,
        })
    })
}

fn cases(all: &[Stands], refusals: &HashMap<InfoRequestId, String>) -> Vec<BoardCase> {
    let mut by_reference: BTreeMap<&str, Vec<&Stands>> = BTreeMap::new();
    for one in all {
        by_reference.entry(&one.asked.reference).or_default().push(one);
    }
    let case = |(reference, all): (&str, Vec<&Stands>)| {
        let first = &all.first()?.asked;
        let coverage = Coverage::of(all.iter().map(|one| (one.standing, one.kind())));
        Some(BoardCase {
            case: first.request.case,
            reference: reference.to_owned(),
            person: person(&first.surname, &first.forename),
            coverage,
            words: coverage.in_words(),
            cells: all.iter().map(|one| cell(one, refusals)).collect(),
        })
    };
    by_reference.into_iter().filter_map(case).collect()
}

fn agencies(all: &[Stands]) -> Vec<BoardAgency> {
    let mut by_name: BTreeMap<(&str, AgencyId), BoardAgency> = BTreeMap::new();
    for one in all {
        let (name, id) = (one.asked.agency_name.as_str(), one.asked.request.agency);
        let entry = by_name.entry((name, id)).or_insert_with(|| BoardAgency {
            agency: id,
            name: name.to_owned(),
            owed: 0,
            overdue: 0,
            stale: 0,
        });
        entry.owed += usize::from(one.standing.is_owed());
        entry.overdue += usize::from(one.standing == Standing::Overdue);
        entry.stale += usize::from(one.standing == Standing::Stale);
    }
    by_name.into_values().collect()
}
