//! What waits for somebody today: the first page after signing in.

use crate::actions::{self, Mine, Total, Waiting};
use crate::cases::{self, CaseFilter, CaseRow};
use crate::context::Ctx;
use crate::error::AppError;
use crate::handling;
use crate::information::{self, MyRequest};
use crate::live::{self, Unaccepted};
use crate::meetings::{self, MeetingDetail};
use crate::minutes::{self, UnapprovedMinutes};
use crate::panels;
use crate::referrals::{self, Counts};
use panel_core::action::StatusFilter;
use panel_core::id::PanelId;
use panel_core::meeting::MeetingState;
use serde::Serialize;

/// What waits at one panel for those who run it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelToday {
    /// The panel.
    pub panel: PanelId,
    /// Its name.
    pub name: String,
    /// The next meeting with its deadlines.
    pub next: Option<MeetingDetail>,
    /// Referrals that wait.
    pub referrals: Counts,
    /// Information requests of the next meeting without a reply.
    pub requests_owed: usize,
    /// Of those, how many are past their deadline.
    pub requests_overdue: usize,
    /// Actions past their due date.
    pub overdue: Total,
    /// Minutes that wait for the chair's approval.
    pub minutes: Vec<UnapprovedMinutes>,
}

/// The first page: one part for each thing that the person is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Today {
    /// The panels that the person runs.
    pub panels: Vec<PanelToday>,
    /// What waits for an answer at those panels.
    pub waiting: Option<Waiting>,
    /// What the person and the person's agencies owe.
    pub mine: Option<Mine>,
    /// Information requests that they are to answer.
    pub requests: Vec<MyRequest>,
    /// Meetings of today whose confidentiality statement the person has still to accept.
    pub statements: Vec<Unaccepted>,
    /// How many changes of who reads a record wait for the person as second person.
    pub to_agree: usize,
    /// The cases that are shown to somebody who only observes, the newest first.
    pub shown: Vec<CaseRow>,
}

/// What waits for the caller. Every list in it is bounded.
///
/// # Errors
/// When the database fails.
pub fn today(ctx: &Ctx<'_>) -> Result<Today, AppError> {
    let mut today = Today { statements: live::unaccepted(ctx)?, ..Today::default() };
    let actor = ctx.actor();
    if !actor.takes_part() && !actor.seats.is_empty() {
        today.shown = cases::list(ctx, CaseFilter::default(), None)?.rows;
    }
    if actor.runs_some() {
        for panel in panels::list(ctx)?.into_iter().filter(|p| actor.runs(p.value.id)) {
            today.panels.push(of_panel(ctx, panel.value.id, panel.value.name.into())?);
        }
        today.waiting = Some(actions::waiting(ctx)?);
    }
    if actor.seats.iter().any(|seat| actor.acts_for(seat.agency, seat.panel)) {
        today.mine = Some(actions::mine(ctx)?);
        today.requests = information::mine(ctx)?;
    }
    let waiting = handling::waiting(ctx)?;
    today.to_agree = waiting.iter().filter(|one| one.may_agree).count();
    Ok(today)
}

fn of_panel(ctx: &Ctx<'_>, panel: PanelId, name: String) -> Result<PanelToday, AppError> {
    let ahead = meetings::upcoming(ctx, panel, None)?.rows;
    let next = ahead
        .into_iter()
        .find(|meeting| !matches!(meeting.state, MeetingState::Cancelled | MeetingState::Held));
    let board = match &next {
        Some(meeting) => Some(information::board(ctx, meeting.id)?),
        None => None,
    };
    let overdue = actions::Filters {
        panel: Some(panel),
        status: Some(StatusFilter::Overdue),
        ..actions::Filters::default()
    };
    Ok(PanelToday {
        panel,
        name,
        next: next.map(|meeting| meetings::show(ctx, meeting.id)).transpose()?,
        referrals: referrals::counts(ctx, panel)?,
        requests_owed: board.as_ref().map_or(0, |board| board.owed),
        requests_overdue: board.as_ref().map_or(0, |board| board.overdue),
        overdue: actions::count(ctx, &overdue)?,
        minutes: minutes::unapproved(ctx, panel)?,
    })
}
