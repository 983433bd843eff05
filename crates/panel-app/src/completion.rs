//! How well agencies do what they owe, for whoever may see the figures of a panel.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::access::Role;
use panel_core::completion::{Period, Tally, completion};
use panel_core::id::{AgencyId, PanelId};
use panel_store::actions::figures;
use panel_store::{agencies, panels};
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// The agency; none for the sum of all.
    pub agency: Option<AgencyId>,
    /// Its name; empty for the sum of all.
    pub name: String,
    /// Completed, on time or not.
    pub completed: u32,
    /// Completed by the judged date; part of `completed`.
    pub on_time: u32,
    /// Reported as not done.
    pub not_done: u32,
    /// Past the judged date and not ended.
    pub overdue: u32,
    /// Handed to another agency that accepted. It counts in no rate.
    pub transferred: u32,
    /// Completion, with its numbers, as it is shown.
    pub completion: String,
    /// On-time, with its numbers, as it is shown.
    pub punctuality: String,
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completion {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// A row for each agency of the panel, by name, those that owed nothing too.
    pub agencies: Vec<Figures>,
    /// All of them together; only for whoever sees all of them.
    pub total: Option<Figures>,
}

fn row(agency: Option<AgencyId>, name: String, tally: &Tally) -> Figures {
    Figures {
        agency,
        name,
        completed: tally.completed,
        on_time: tally.on_time,
        not_done: tally.not_done,
        overdue: tally.overdue,
        transferred: tally.transferred,
        completion: tally.completion().to_string(),
        punctuality: tally.punctuality().to_string(),
    }
}

/// The figures of a panel from a first to a last day. The coordinator, the chair and the steering
/// group see every agency, others their own alone.
///
/// # Errors
/// [`AppError::NotFound`] without a seat that has a use for figures, [`AppError::Invalid`] for a
/// period that runs backwards.
pub fn show(
    ctx: &Ctx<'_>,
    panel: PanelId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Completion, AppError> {
    let actor = ctx.actor();
    let whole = actor.runs(panel) || actor.is(Role::SteeringGroup, panel);
    let own: Vec<AgencyId> = actor
        .seats
        .iter()
        .filter(|seat| actor.acts_for(seat.agency, panel))
        .map(|seat| seat.agency)
        .collect();
    if !whole && own.is_empty() {
        return Err(AppError::NotFound);
    }
    let period = Period::new(from, to).map_err(|_| {
        AppError::field("to", "before_start", "The last day must be on or after the first")
    })?;
    ctx.read(|az| {
        let members = panels::agencies_of(az, panel)?;
        let facts = figures::facts(az, panel, period)?;
        let asked = members.iter().map(|member| member.agency);
        let counted = completion(asked, &facts, period, ctx.today);
        // An agency that has left the panel since may have owed something in the period.
        let names: BTreeMap<AgencyId, String> = agencies::list(az)?
            .into_iter()
            .map(|agency| (agency.value.id, agency.value.name.into()))
            .collect();
        let mut rows: Vec<Figures> = counted
            .agencies
            .iter()
            .filter(|(agency, _)| whole || own.contains(agency))
            .map(|(agency, tally)| {
                row(Some(*agency), names.get(agency).cloned().unwrap_or_default(), tally)
            })
            .collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let total = whole.then(|| row(None, String::new(), &counted.total));
        Ok(Completion { from, to, agencies: rows, total })
    })
}
