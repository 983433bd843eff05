//! What the forms and filters of actions offer: panels, their agencies and the people who sit there.

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::access::Reach;
use panel_core::id::{AgencyId, PanelId, UserId};
use panel_store::{panels, users};
use serde::Serialize;

/// A panel that the caller takes part in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelChoice {
    /// The panel.
    pub panel: PanelId,
    /// Its name.
    pub name: String,
}

/// An agency of one of these panels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyChoice {
    /// The panel.
    pub panel: PanelId,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
}

/// Somebody who sits at one of these panels for an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonChoice {
    /// The panel.
    pub panel: PanelId,
    /// The agency.
    pub agency: AgencyId,
    /// Who.
    pub user: UserId,
    /// That person's name.
    pub name: String,
}

/// What a form may offer its reader. Every choice is judged again when it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choices {
    /// Panels by name.
    pub panels: Vec<PanelChoice>,
    /// Their agencies by name.
    pub agencies: Vec<AgencyChoice>,
    /// Who sits there by name: everybody for those who run the panel, colleagues for the others.
    pub people: Vec<PersonChoice>,
}

/// The choices at one panel, or at all panels that the caller takes part in.
///
/// # Errors
/// [`AppError::NotFound`] for a panel that the caller takes no part in.
pub fn choices(ctx: &Ctx<'_>, panel: Option<PanelId>) -> Result<Choices, AppError> {
    let mut reaches = ctx.actor().reaches();
    reaches.retain(|(reached, _)| panel.is_none_or(|only| only == *reached));
    if panel.is_some() && reaches.is_empty() {
        return Err(AppError::NotFound);
    }
    let of_panel = |wanted: PanelId| move |(reached, _): &&(PanelId, Reach)| *reached == wanted;
    ctx.read(|az| {
        let mut choices = Choices::default();
        let all: Vec<PanelId> = reaches.iter().map(|(panel, _)| *panel).collect();
        for (panel, name, member) in panels::with_agencies(az, &all)? {
            if choices.panels.last().is_none_or(|last| last.panel != panel) {
                choices.panels.push(PanelChoice { panel, name });
            }
            let member = member.map(|(agency, name)| AgencyChoice { panel, agency, name });
            choices.agencies.extend(member);
        }
        let sitting = users::sitting(az, &all)?.into_iter().filter(|sitter| {
            reaches.iter().filter(of_panel(sitter.panel)).any(|(_, reach)| match reach {
                Reach::Whole => true,
                Reach::Agency(agency) => *agency == sitter.agency,
            })
        });
        choices.people = sitting
            .map(|sitter| PersonChoice {
                panel: sitter.panel,
                agency: sitter.agency,
                user: sitter.user,
                name: sitter.name,
            })
            .collect();
        Ok(choices)
    })
}
