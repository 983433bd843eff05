//! One item of the meeting with everything that is wanted beside it: the case, what was decided
//! before, open actions, replies, and what was set here.

use super::notes::approaches;
use super::room::{Progress, label_of, lines, person_of};
use super::{found_item, is_open};
use crate::agenda::{CaseView, paper_case};
use crate::context::Ctx;
use crate::error::AppError;
use crate::information::{self, CaseReplies, silent};
use crate::meetings::MeetingView;
use chrono::NaiveDate;
use panel_core::action::{Approach, StatusFilter};
use panel_core::agenda::{Decision, ItemState, Section};
use panel_core::case::{CaseStatus, ClosureProposal, ClosureReason};
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, AgendaItemId, CaseId, MeetingId, UserId};
use panel_core::meeting::{AttendanceStatus, Stay, takes_outcomes};
use panel_core::words;
use panel_store::actions::register::{self, Filter, Order};
use panel_store::agenda::history::{self, Hearing};
use panel_store::agenda::issues;
use panel_store::agenda::{Line, Notes, subjects};
use panel_store::meetings::Meeting;
use panel_store::{Authz, attendance, cases, panels, users};
use serde::Serialize;

/// How many earlier decisions stand beside the notes.
const DECISIONS: i64 = 3;

/// How many open actions of a case stand beside the notes; the register has the rest.
const ACTIONS: usize = 50;

/// How many actions one meeting sets at most that are looked through for those of an item.
const SET: usize = 500;

/// An item before or after this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Neighbour {
    /// The item.
    pub item: AgendaItemId,
    /// What it is called.
    pub label: String,
}

/// What an earlier meeting decided about the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HearingView {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its day, in words.
    pub on: String,
    /// The decision, or that it was put off, in words.
    pub decision: String,
    /// Its terms, or why it was put off.
    pub terms: String,
    /// The risks that were named.
    pub risks: String,
    /// The date agreed for the next review, in words; empty without one.
    pub next_review: String,
}

/// An action beside the notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionLine {
    /// The action.
    pub id: ActionId,
    /// The wording.
    pub text: String,
    /// The owning agency.
    pub agency: String,
    /// The person; empty when nobody is named.
    pub person: String,
    /// The due date in words; empty without one.
    pub due: String,
    /// Where it stands, in words.
    pub state: String,
    /// Whether it is overdue.
    pub overdue: bool,
}

/// An agency that was asked and has not replied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SilentAgency {
    /// Its name.
    pub name: String,
    /// Where its request stands, in words.
    pub words: String,
}

/// What was written down about the item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotesView {
    /// What was said.
    pub discussion: String,
    /// The risks that were named.
    pub risks: String,
    /// What the victim says.
    pub victim_voice: String,
    /// Who gave it.
    pub voice_by: String,
    /// What protects.
    pub protective: String,
    /// The approaches chosen.
    pub approaches: Vec<Approach>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// When the case comes back.
    pub next_review_on: Option<NaiveDate>,
    /// Who tells the victim, and whether it is safe.
    pub informs_victim: String,
    /// The chair's own notes; empty for whoever does not chair.
    pub chair_notes: String,
}

impl NotesView {
    fn of(notes: &Notes, chairs: bool) -> Self {
        Self {
            discussion: notes.discussion.clone(),
            risks: notes.risks.clone(),
            victim_voice: notes.victim_voice.clone(),
            voice_by: notes.voice_by.clone(),
            protective: notes.protective.clone(),
            approaches: approaches(&notes.approaches),
            decision: notes.decision,
            decision_note: notes.decision_note.clone(),
            next_review_on: notes.next_review_on,
            informs_victim: notes.informs_victim.clone(),
            chair_notes: if chairs { notes.chair_notes.clone() } else { String::new() },
        }
    }
}

/// One item of the meeting, for whoever runs its panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is something that is there or not")]
pub struct ItemView {
    /// The item.
    pub item: AgendaItemId,
    /// Its meeting.
    pub meeting: MeetingView,
    /// Its section.
    pub section: Section,
    /// Its number among the items, from one, and how many there are.
    pub place: (usize, usize),
    /// The case's reference, or the heading.
    pub label: String,
    /// The person, with the surname in capitals; empty without a case.
    pub person: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// Why it is on the agenda.
    pub why: String,
    /// The case with its people.
    pub case: Option<CaseView>,
    /// Whether that case is closed.
    pub case_closed: bool,
    /// Why its closure is proposed, where it is.
    pub proposal: Option<ClosureReason>,
    /// What was written down.
    pub notes: NotesView,
    /// What became of it.
    pub state: ItemState,
    /// Why it was put off or taken off.
    pub state_reason: String,
    /// How far it has come.
    pub progress: Progress,
    /// What earlier meetings decided, latest first.
    pub decisions: Vec<HearingView>,
    /// Unfinished actions of the case that were set before.
    pub open_actions: Vec<ActionLine>,
    /// Actions set here.
    pub set_here: Vec<ActionLine>,
    /// What agencies answered.
    pub replies: Option<CaseReplies>,
    /// How many sealed notes on the case the caller reads.
    pub sealed_notes: usize,
    /// Agencies that owe an answer.
    pub silent: Vec<SilentAgency>,
    /// Who is in the room for it.
    pub present: Vec<String>,
    /// The item before.
    pub before: Option<Neighbour>,
    /// The item after.
    pub after: Option<Neighbour>,
    /// The panel's agencies, for choosing an owner.
    pub agencies: Vec<(AgencyId, String)>,
    /// Who sits for them: person, name, agency.
    pub people: Vec<(UserId, String, AgencyId)>,
    /// Whether outcomes are taken now.
    pub in_progress: bool,
    /// Whether notes are taken now.
    pub open: bool,
    /// Whether the caller chairs.
    pub chairs: bool,
    /// The version that a change must name.
    pub version: i32,
}

fn hearing(of: &Hearing) -> HearingView {
    let put_off = of.state == ItemState::Deferred;
    let decision = of.decision.map_or("No decision recorded", |decision| decision.label());
    HearingView {
        meeting: of.meeting,
        on: words::weekday_date(of.on),
        decision: if put_off { of.state.label() } else { decision }.to_owned(),
        terms: if put_off { of.state_reason.clone() } else { of.decision_note.clone() },
        risks: of.risks.clone(),
        next_review: of.next_review_on.map(words::weekday_date).unwrap_or_default(),
    }
}

fn action(line: &register::Line, today: NaiveDate) -> ActionLine {
    let due = match (line.due, line.due_word.as_str()) {
        (Some(due), "") => words::weekday_date(due),
        (Some(due), word) => format!("{} ({word})", words::weekday_date(due)),
        (None, word) => word.to_owned(),
    };
    ActionLine {
        id: line.id,
        text: line.text.clone(),
        agency: line.agency_name.clone().unwrap_or_default(),
        person: line.owner_name().unwrap_or_default().to_owned(),
        due,
        state: line.state.label().to_owned(),
        overdue: line.is_overdue(today),
    }
}

/// Open actions of the case that were set before, and all that were set at this item.
fn actions(
    az: &mut Authz<'_>,
    meeting: &Meeting,
    line: &Line,
) -> Result<(Vec<ActionLine>, Vec<ActionLine>), AppError> {
    let today = az.today();
    let here = Filter { meeting: Some(meeting.id), ..Filter::default() };
    let set = register::page(az, &here, Order::default(), None, SET)?.lines;
    let set: Vec<_> = set.iter().filter(|one| one.item == Some(line.item.id)).collect();
    let before = match line.item.case {
        None => Vec::new(),
        Some(case) => {
            let status = Some(StatusFilter::Unfinished);
            let filter = Filter { case: Some(case), status, ..Filter::default() };
            register::page(az, &filter, Order::default(), None, ACTIONS)?.lines
        }
    };
    let earlier = before.iter().filter(|one| one.item != Some(line.item.id));
    Ok((
        earlier.map(|one| action(one, today)).collect(),
        set.into_iter().map(|one| action(one, today)).collect(),
    ))
}

/// The case with its people and the flags of the latest issue, whether it is closed, and why its
/// closure is proposed.
fn case(
    az: &mut Authz<'_>,
    meeting: &Meeting,
    id: CaseId,
) -> Result<(Option<CaseView>, bool, Option<ClosureReason>), AppError> {
    let Some(row) = cases::find(az, id)? else { return Ok((None, false, None)) };
    let kept = cases::notes(az, id)?.map(|notes| notes.closure_proposed).unwrap_or_default();
    let proposal: Option<ClosureProposal> = match kept.as_str() {
        "" => None,
        json => Some(serde_json::from_str(json).map_err(AppError::failed)?),
    };
    let issued = issues::latest(az, meeting.id, 1)?.pop();
    let flags = issued
        .into_iter()
        .flat_map(|(_, paper)| paper.lines)
        .filter_map(|line| line.case)
        .find(|paper| paper.case == id)
        .map_or_else(Vec::new, |paper| paper.flags);
    let subject = subjects(az, &[id], false)?.pop();
    let view = subject.map(|subject| CaseView::of(&paper_case(&subject, meeting.on, flags)));
    Ok((view, row.state == CaseStatus::Closed, proposal.map(|proposal| proposal.reason)))
}

/// Who is in the room for an item.
fn present(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    item: AgendaItemId,
    order: &[AgendaItemId],
) -> Result<Vec<String>, AppError> {
    let here =
        |status: AttendanceStatus| status.is_present() || status == AttendanceStatus::Observer;
    let there = attendance::list(az, meeting)?.into_iter().filter(|(line, _)| {
        let stay = Stay { arrived_at: line.arrived_at, left_after: line.left_after };
        here(line.status) && stay.covers(item, order)
    });
    Ok(there
        .map(|(line, agency)| match agency {
            Some(agency) => format!("{}, {agency}", line.name),
            None => line.name,
        })
        .collect())
}

/// One item of the meeting, for whoever runs its panel.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn item(ctx: &Ctx<'_>, id: AgendaItemId) -> Result<ItemView, AppError> {
    ctx.read(|az| {
        let (meeting, line) = found_item(ctx, az, id)?;
        let order = lines(az, meeting.id)?;
        let ids: Vec<AgendaItemId> = order.iter().map(|one| one.item.id).collect();
        let at = ids.iter().position(|one| *one == id).ok_or(AppError::NotFound)?;
        let neighbour = |place: Option<usize>| {
            place
                .and_then(|place| order.get(place))
                .map(|line| Neighbour { item: line.item.id, label: label_of(line) })
        };
        let chairs = ctx.actor().chairs(meeting.panel);
        let (open_actions, set_here) = actions(az, &meeting, &line)?;
        let mut view = ItemView {
            item: id,
            section: line.item.section,
            place: (at + 1, ids.len()),
            label: label_of(&line),
            person: person_of(&line),
            minutes: line.item.minutes,
            why: line.item.why.clone(),
            case: None,
            case_closed: false,
            proposal: None,
            notes: NotesView::of(&line.notes, chairs),
            state: line.item.state,
            state_reason: line.item.state_reason.clone(),
            progress: Progress::of(&line),
            decisions: Vec::new(),
            open_actions,
            set_here,
            replies: None,
            sealed_notes: 0,
            silent: Vec::new(),
            present: present(az, meeting.id, id, &ids)?,
            before: neighbour(at.checked_sub(1)),
            after: neighbour(Some(at + 1)),
            agencies: Vec::new(),
            people: Vec::new(),
            in_progress: takes_outcomes(meeting.state),
            open: is_open(az, &meeting)?,
            chairs,
            version: line.item.version,
            meeting: MeetingView::of(&meeting),
        };
        for member in panels::agencies_of(az, meeting.panel)? {
            view.agencies.push((member.agency, member.name));
        }
        for one in users::sitting(az, &[meeting.panel])? {
            view.people.push((one.user, one.name, one.agency));
        }
        if let Some(id) = line.item.case {
            tell_case(ctx, az, &meeting, (&mut view, id))?;
        }
        Ok(view)
    })
}

/// Adds what is known of the case that an item is about.
fn tell_case(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    (view, id): (&mut ItemView, CaseId),
) -> Result<(), AppError> {
    (view.case, view.case_closed, view.proposal) = case(az, meeting, id)?;
    let before = history::hearings(az, id, meeting.id, DECISIONS)?;
    view.decisions = before.iter().map(hearing).collect();
    view.replies = Some(information::replies_about(az, meeting.id, id)?);
    view.sealed_notes = crate::notes::count(az, id)?;
    let owed = silent(ctx, az, meeting.id, id)?;
    view.silent = owed.into_iter().map(|(name, words)| SilentAgency { name, words }).collect();
    Ok(())
}
