//! One page for an agency's representative: what I and my agency owe before the next panel, and what
//! waits for our answer. And the same for those who run a panel: what waits for theirs.

use super::register::Row;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::access::Reach;
use panel_core::action::{Extension, StatusFilter, Transfer};
use panel_core::id::{ActionId, AgencyId, PanelId};
use panel_store::actions::register::{self, Filter};
use panel_store::actions::{self, extensions, transfers, waiting as store};
use panel_store::{Authz, agencies, panels};
use serde::Serialize;
use std::collections::HashMap;

/// Actions of one agency at one panel that the page shows; the register has the rest.
const SHOWN: usize = 100;

/// An action with what waits beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Owed {
    /// The action.
    #[serde(flatten)]
    pub row: Row,
    /// Whether the caller is its owner.
    pub mine: bool,
    /// The request for more time that waits.
    pub extension: Option<Extension>,
    /// The transfer that waits, or whose other due date does.
    pub transfer: Option<Transfer>,
}

/// What one agency owes one panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PanelWork {
    /// The panel.
    pub panel: PanelId,
    /// Its name.
    pub panel_name: String,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// The panel's next meeting.
    pub next_meeting: Option<NaiveDate>,
    /// Past its due date.
    pub overdue: Vec<Owed>,
    /// Due before the next meeting or on its day.
    pub before_meeting: Vec<Owed>,
    /// Due later, or without a date.
    pub later: Vec<Owed>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// What the caller and the caller's agencies owe, and what they are asked to take over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mine {
    /// One part for each agency and panel.
    pub work: Vec<PanelWork>,
    /// Transfers to answer.
    pub to_answer: Vec<Owed>,
}

/// What waits for an answer of those who run a panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// Requests for more time.
    pub extensions: Vec<Owed>,
    /// Reports of not possible, which the chair answers.
    pub not_possible: Vec<Owed>,
    /// Other due dates that receivers asked for, which the chair agrees.
    pub dates: Vec<Owed>,
}

/// The caller's page: overdue, before the next meeting, later; and transfers to answer.
///
/// # Errors
/// When the database fails.
pub fn mine(ctx: &Ctx<'_>) -> Result<Mine, AppError> {
    let seats: Vec<(PanelId, AgencyId)> = ctx
        .actor()
        .reaches()
        .into_iter()
        .filter_map(|(panel, reach)| match reach {
            Reach::Agency(agency) => Some((panel, agency)),
            Reach::Whole => None,
        })
        .chain(own_seats(ctx))
        .collect();
    ctx.read(|az| {
        let mut mine = Mine::default();
        let mut done = Vec::new();
        for seat in seats {
            if !done.contains(&seat) {
                done.push(seat);
                mine.work.push(work(ctx, az, seat.0, seat.1)?);
            }
        }
        let speaking: Vec<AgencyId> = done.iter().map(|(_, agency)| *agency).collect();
        let asked = store::transfers_to(az, &speaking)?;
        mine.to_answer = owed(ctx, az, &asked)?;
        Ok(mine)
    })
}

/// Agencies that somebody speaks for at a panel that they see whole, such as a chair who also sits
/// there for the police.
fn own_seats(ctx: &Ctx<'_>) -> impl Iterator<Item = (PanelId, AgencyId)> {
    let actor = ctx.actor();
    let speaks = |seat: &&panel_core::access::Seat| actor.acts_for(seat.agency, seat.panel);
    actor.seats.iter().filter(speaks).map(|seat| (seat.panel, seat.agency))
}

fn work(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    agency: AgencyId,
) -> Result<PanelWork, AppError> {
    let filter = Filter {
        panel: Some(panel),
        agency: Some(agency),
        status: Some(StatusFilter::Unfinished),
        ..Filter::default()
    };
    let (lines, more) = register::first(az, &filter, SHOWN)?;
    // A meeting of today is still the one to be ready for.
    let yesterday = ctx.today.pred_opt().unwrap_or(ctx.today);
    let next_meeting = actions::next_meeting(az, panel, yesterday)?;
    let mut work = PanelWork {
        panel,
        panel_name: panels::name(az, panel)?.unwrap_or_default(),
        agency,
        agency_name: agencies::find(az, agency)?.map(|a| a.value.name.into()).unwrap_or_default(),
        next_meeting,
        overdue: Vec::new(),
        before_meeting: Vec::new(),
        later: Vec::new(),
        more,
    };
    for owed in beside(ctx, az, lines)? {
        let due = owed.row.line.due;
        let group = if owed.row.overdue {
            &mut work.overdue
        } else if due.zip(next_meeting).is_some_and(|(due, next)| due <= next) {
            &mut work.before_meeting
        } else {
            &mut work.later
        };
        group.push(owed);
    }
    Ok(work)
}

/// What waits for an answer at the panels that the caller runs.
///
/// # Errors
/// When the database fails.
pub fn waiting(ctx: &Ctx<'_>) -> Result<Waiting, AppError> {
    let panels: Vec<PanelId> = ctx
        .actor()
        .reaches()
        .into_iter()
        .filter_map(|(panel, reach)| (reach == Reach::Whole).then_some(panel))
        .collect();
    ctx.read(|az| {
        let extensions = store::extensions_of(az, &panels)?;
        let dates = store::dates_of(az, &panels)?;
        let mut reported = Vec::new();
        for panel in &panels {
            let filter = Filter {
                panel: Some(*panel),
                status: Some(StatusFilter::AwaitsChair),
                ..Filter::default()
            };
            reported.extend(register::first(az, &filter, SHOWN)?.0);
        }
        Ok(Waiting {
            extensions: owed(ctx, az, &extensions)?,
            not_possible: beside(ctx, az, reported)?,
            dates: owed(ctx, az, &dates)?,
        })
    })
}

fn owed(ctx: &Ctx<'_>, az: &mut Authz<'_>, ids: &[ActionId]) -> Result<Vec<Owed>, AppError> {
    let lines = register::lines(az, ids)?;
    beside(ctx, az, lines)
}

/// Puts beside each action what waits.
fn beside(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    lines: Vec<register::Line>,
) -> Result<Vec<Owed>, AppError> {
    let ids: Vec<ActionId> = lines.iter().map(|line| line.id).collect();
    let mut asked: HashMap<ActionId, Extension> =
        extensions::of_actions(az, &ids, true)?.into_iter().map(|e| (e.action, e)).collect();
    let mut proposed: HashMap<ActionId, Transfer> =
        transfers::of_actions(az, &ids, true)?.into_iter().map(|t| (t.action, t)).collect();
    Ok(lines
        .into_iter()
        .map(|line| Owed {
            mine: line.user == Some(ctx.user()),
            extension: asked.remove(&line.id),
            transfer: proposed.remove(&line.id),
            row: Row::new(line, ctx.today),
        })
        .collect())
}
