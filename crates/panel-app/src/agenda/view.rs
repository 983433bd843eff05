//! The agenda before its readers: the coordinator's draft, and what was issued.

use super::desk::Desk;
use super::issue::agency_names;
use super::owed::owed_actions;
use super::paper::{Parts, is_on, paper};
use crate::context::Ctx;
use crate::error::AppError;
use crate::information;
use crate::meetings::MeetingView;
use chrono::TimeDelta;
use panel_core::agenda::{ItemState, Load, Paper, changes};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, AgendaItemId, CaseId, MeetingId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::time::local;
use panel_core::words;
use panel_documents::agenda::{IssueView, LineView, OwedActions, SectionView, sections};
use panel_store::Authz;
use panel_store::agenda::issues::{self, Issue};
use panel_store::agenda::{Item, Subject, subjects};
use panel_store::users::names;
use panel_store::{meetings, panels};
use serde::Serialize;
use std::collections::HashMap;

/// An agenda as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgendaView {
    /// The meeting.
    pub meeting: MeetingView,
    /// What its panel is called.
    pub panel_name: String,
    /// The issue; none before the first, when whoever runs the panel sees the draft and others see
    /// nothing.
    pub issue: Option<IssueView>,
    /// What changed since the issue before, for this reader.
    pub changes: Vec<String>,
    /// The sections that have lines, numbered through without a gap.
    pub sections: Vec<SectionView>,
    /// The incomplete actions of earlier meetings, while this one is not over.
    pub actions: OwedActions,
    /// When everything should be done, in words; empty when there is nothing.
    pub ends: String,
}

/// One line of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftLine {
    /// The line as a reader would see it.
    pub line: LineView,
    /// Its place among the lines of its section, from one.
    pub place: usize,
    /// How many lines the section has.
    pub of: usize,
    /// The agency that presents it.
    pub presenter: Option<AgencyId>,
    /// Whether a person added it.
    pub by_hand: bool,
    /// How well the case is covered by replies, once agencies were asked.
    pub coverage: Option<String>,
    /// How far it has come.
    pub state: ItemState,
    /// The version that a change of its notes must name.
    pub version: i32,
}

/// A section of the draft.
pub type DraftSection = SectionView<DraftLine>;

/// An item that left the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OffView {
    /// The item.
    pub item: AgendaItemId,
    /// The case reference, or the heading.
    pub label: String,
    /// Taken off, or put off to the next meeting.
    pub state: ItemState,
    /// The same in words.
    pub state_label: String,
    /// Why.
    pub reason: String,
}

/// An agenda as whoever runs the panel works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftView {
    /// The meeting.
    pub meeting: MeetingView,
    /// What its panel is called.
    pub panel_name: String,
    /// The version that every change of the agenda must name.
    pub version: i32,
    /// Whether readers hold this order in their hands and it cannot be changed.
    pub locked: bool,
    /// Since when, and by whom, the next issue is being prepared.
    pub revising: Option<String>,
    /// Whether what is added now is late.
    pub frozen: bool,
    /// The sections that have lines.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SectionView<DraftLine>>))]
    pub sections: Vec<DraftSection>,
    /// What left the agenda.
    pub off: Vec<OffView>,
    /// The incomplete actions of earlier meetings.
    pub actions: OwedActions,
    /// How full it is.
    pub load: Load,
    /// The warning, when it is too full. It never blocks.
    pub warning: Option<String>,
    /// When everything should be done, in words.
    pub ends: String,
    /// The issues, latest first.
    pub issues: Vec<IssueView>,
    /// What readers do not know yet: the changes since the latest issue.
    pub unissued: Vec<String>,
    /// The panel's agencies, for choosing who presents.
    pub agencies: Vec<(AgencyId, String)>,
}

/// When the last line is done, in words.
fn end_of(paper: &Paper) -> String {
    let last = paper.lines.last();
    let end = last.map(|line| line.begins + TimeDelta::minutes(line.minutes.into()));
    end.map_or_else(String::new, |end| words::time(end.time()))
}

pub(super) fn issue_views(
    az: &mut Authz<'_>,
    issues: &[Issue],
) -> Result<Vec<IssueView>, AppError> {
    let people: Vec<UserId> = issues.iter().map(|issue| issue.issued_by).collect();
    let names = names(az, &people)?;
    let view = |issue: &Issue| IssueView {
        number: issue.number,
        when: words::date_time(local(issue.issued_at)),
        by: names.get(&issue.issued_by).cloned().unwrap_or_default(),
    };
    Ok(issues.iter().map(view).collect())
}

/// The agenda as it was issued last, cut to what the caller may know of. Before the first issue whoever
/// runs the panel sees the draft; others see the meeting and nothing of its agenda.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at the panel.
pub fn show(ctx: &Ctx<'_>, id: MeetingId) -> Result<AgendaView, AppError> {
    ctx.read(|az| seen(ctx, az, id))
}

/// The agenda as the caller may see it.
pub(super) fn seen(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
) -> Result<AgendaView, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    let empty = AgendaView {
        meeting: MeetingView::of(&meeting),
        panel_name: panels::name(az, meeting.panel)?.ok_or(AppError::NotFound)?,
        issue: None,
        changes: Vec::new(),
        sections: Vec::new(),
        actions: OwedActions::default(),
        ends: String::new(),
    };
    let is_out = !matches!(meeting.state, MeetingState::Planned | MeetingState::Cancelled);
    let papers = if is_out { issues::latest(az, id, 2)? } else { Vec::new() };
    let shown = match papers.as_slice() {
        [(issue, paper), before @ ..] => {
            let told = |(_, before): &(_, Paper)| changes(&before.numbered(), &paper.numbered());
            let changes = before.first().map(told).unwrap_or_default();
            let issue = issue_views(az, &[*issue])?.pop();
            AgendaView { issue, changes, ..with(empty, paper) }
        }
        [] if ctx.actor().runs(meeting.panel) => {
            let desk = Desk::open(ctx, az, id)?;
            let items = desk.items(az)?;
            with(empty, &drafted(az, &desk, &items)?.0)
        }
        [] => return Ok(empty),
    };
    let is_over = matches!(meeting.state, MeetingState::Held | MeetingState::Cancelled);
    let actions = if is_over { shown.actions } else { owed_actions(az, &meeting)? };
    Ok(AgendaView { actions, ..shown })
}

fn with(empty: AgendaView, paper: &Paper) -> AgendaView {
    AgendaView { ends: end_of(paper), sections: sections(paper, |_, line| line), ..empty }
}

/// An agenda's paper, with what its cases and agencies are called.
type Drafted = (Paper, HashMap<CaseId, Subject>, HashMap<AgencyId, String>);

/// The agenda as it stands, without what only an issue needs, and what the cases that left it are
/// called.
fn drafted(az: &mut Authz<'_>, desk: &Desk, items: &[Item]) -> Result<Drafted, AppError> {
    let cases: Vec<CaseId> = items.iter().filter_map(|item| item.case).collect();
    let subjects: HashMap<CaseId, Subject> =
        subjects(az, &cases, false)?.into_iter().map(|s| (s.case, s)).collect();
    let agencies = agency_names(az, desk)?;
    let flags = HashMap::new();
    let parts = Parts { subjects: &subjects, agencies: &agencies, flags: &flags };
    let paper = paper(desk, items, &parts);
    Ok((paper, subjects, agencies))
}

/// The draft of an agenda, for whoever runs the panel.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn draft(ctx: &Ctx<'_>, id: MeetingId) -> Result<DraftView, AppError> {
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        let items = desk.items(az)?;
        let (paper, subjects, agencies) = drafted(az, &desk, &items)?;
        let coverage = information::coverage(ctx, az, id)?;
        let load = load(&desk, &items);
        let issues = issues::list(az, id)?;
        let unissued = unissued(az, &desk, &paper)?;
        let mut agencies: Vec<(AgencyId, String)> = agencies.into_iter().collect();
        agencies.sort_by(|(_, a), (_, b)| a.cmp(b));
        Ok(DraftView {
            version: desk.head.version,
            locked: desk.is_locked(),
            revising: revising(az, &desk)?,
            frozen: desk.is_frozen(),
            sections: draft_sections(&paper, &items, &coverage),
            off: items
                .iter()
                .filter(|item| !is_on(item))
                .map(|item| off(item, &subjects))
                .collect(),
            actions: owed_actions(az, &desk.meeting)?,
            warning: load.warning(),
            load,
            ends: end_of(&paper),
            issues: issue_views(az, &issues)?,
            unissued,
            agencies,
            meeting: MeetingView::of(&desk.meeting),
            panel_name: desk.panel.name.into(),
        })
    })
}

fn revising(az: &mut Authz<'_>, desk: &Desk) -> Result<Option<String>, AppError> {
    let Some((since, by)) = desk.head.revising_since.zip(desk.head.revising_by) else {
        return Ok(None);
    };
    let name = names(az, &[by])?.remove(&by).unwrap_or_default();
    Ok(Some(format!("{name}, since {}", words::date_time(local(since)))))
}

/// What readers do not know yet.
fn unissued(az: &mut Authz<'_>, desk: &Desk, paper: &Paper) -> Result<Vec<String>, AppError> {
    if desk.meeting.state != MeetingState::Issued {
        return Ok(Vec::new());
    }
    let last = issues::latest(az, desk.meeting.id, 1)?.pop();
    Ok(last.map_or_else(Vec::new, |(_, before)| changes(&before.numbered(), &paper.numbered())))
}

pub(super) fn load(desk: &Desk, items: &[Item]) -> Load {
    let on = || items.iter().filter(|item| is_on(item));
    Load {
        cases: on().filter(|item| item.case.is_some()).count(),
        minutes: on().map(|item| item.minutes).sum(),
        available: desk.meeting.minutes,
        case_limit: desk.panel.policy.agenda.case_limit,
    }
}

fn draft_sections(
    paper: &Paper,
    items: &[Item],
    coverage: &HashMap<CaseId, panel_core::information::Coverage>,
) -> Vec<DraftSection> {
    let by_id: HashMap<AgendaItemId, &Item> = items.iter().map(|item| (item.id, item)).collect();
    let mut sections = sections(paper, |of, line| {
        let item = by_id.get(&of.item);
        DraftLine {
            place: 0,
            of: 0,
            presenter: item.and_then(|item| item.presenter),
            by_hand: item.is_some_and(|item| item.by_hand),
            coverage: of
                .case
                .as_ref()
                .and_then(|case| coverage.get(&case.case))
                .map(panel_core::information::Coverage::in_words),
            state: item.map_or(ItemState::Listed, |item| item.state),
            version: item.map_or(0, |item| item.version),
            line,
        }
    });
    for section in &mut sections {
        let of = section.lines.len();
        for (line, place) in section.lines.iter_mut().zip(1..) {
            (line.place, line.of) = (place, of);
        }
    }
    sections
}

fn off(item: &Item, subjects: &HashMap<CaseId, Subject>) -> OffView {
    let reference = item.case.and_then(|case| subjects.get(&case)).map(|s| s.reference.clone());
    OffView {
        item: item.id,
        label: reference.unwrap_or_else(|| item.title.clone()),
        state: item.state,
        state_label: item.state.label().to_owned(),
        reason: item.state_reason.clone(),
    }
}
