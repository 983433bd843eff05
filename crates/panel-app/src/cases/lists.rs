//! From whom a case is kept, among whom it is kept, and who sees it besides.

use super::agencies::{leave, must_owe_nothing};
use super::optional;
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use panel_core::access::lists::{Conflict, ListKind, Listed};
use panel_core::audit::{AuditKind, Deed};
use panel_core::id::{AgencyId, CaseId, CaseListId, PanelId, UserId};
use panel_core::text::Note;
use panel_store::cases::lists::{CaseListRow, NewListLine};
use panel_store::cases::{self, CaseRow};
use panel_store::notices::{self, Whom};
use panel_store::{Authz, glass, panels, users};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The lists of a case as those see them who run its panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseLists {
    /// The case.
    pub row: CaseRow,
    /// Its lines, live ones first.
    pub lines: Vec<CaseListRow>,
    /// People of the panel whom a line can name, by name.
    pub people: Vec<(UserId, String)>,
    /// Agencies of the panel, by name.
    pub agencies: Vec<(AgencyId, String)>,
    /// Names of those who set and lifted lines.
    pub names: BTreeMap<UserId, String>,
    /// Whether the caller may lift a line and show the case to an alternate: the chair.
    pub chairs: bool,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseListForm {
    /// What it does.
    pub kind: ListKind,
    /// The person it names.
    #[serde(default)]
    pub person: Option<UserId>,
    /// Or the agency.
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// Why.
    pub conflict: Conflict,
    /// What else is to be said.
    #[serde(default)]
    pub note: String,
}

/// A conflict of interest that somebody declares for herself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConflictForm {
    /// Which.
    pub conflict: Conflict,
    /// What else is to be said.
    #[serde(default)]
    pub note: String,
}

/// Why a line is lifted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LiftForm {
    /// The reason.
    pub reason: String,
}

/// The lists of one case.
///
/// # Errors
/// [`AppError::NotFound`], also for whoever does not run the panel.
pub fn lists(ctx: &Ctx<'_>, id: CaseId) -> Result<CaseLists, AppError> {
    ctx.read(|az| {
        let row = run(ctx, az, id)?;
        let lines = cases::lists::of_case(az, row.panel, id)?;
        let people = outsiders(az, row.panel)?;
        let agencies = agencies_near(az, row.panel)?;
        let by: BTreeSet<UserId> =
            lines.iter().flat_map(|line| [Some(line.set_by), line.lifted_by]).flatten().collect();
        Ok(CaseLists {
            names: crate::referrals::names_of(az, &by)?,
            agencies,
            chairs: ctx.actor().chairs(row.panel),
            people,
            lines,
            row,
        })
    })
}

/// A case of a panel that the caller runs.
fn run(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: CaseId) -> Result<CaseRow, AppError> {
    let row = cases::find(az, id)?.ok_or(AppError::NotFound)?;
    ctx.must_run(row.panel).map(|()| row)
}

/// People with a live seat at the panel who do not run it, by name, and those of other panels who could
/// open a case of it in an emergency. Whoever runs it sees all of it: an agenda cannot be built by somebody
/// who may not know what is on it.
fn outsiders(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<(UserId, String)>, AppError> {
    let runs = notices::people(az, panel, &[Whom::Coordinators, Whom::Chairs])?;
    let sitting = users::sitting(az, &[panel])?.into_iter();
    let others = sitting.filter(|sitter| !runs.contains(&sitter.user));
    let mut people: Vec<_> = others.map(|sitter| (sitter.user, sitter.name)).collect();
    people.extend(glass::neighbours(az, panel)?.into_iter().filter(|(id, _)| !runs.contains(id)));
    people.sort_by(|(one, name), (other, other_name)| (name, one).cmp(&(other_name, other)));
    people.dedup();
    Ok(people)
}

/// Agencies whose people could know of a case of the panel: its own, and those of panels that have one of
/// its agencies too, whose coordinators could open it in an emergency.
fn agencies_near(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<(AgencyId, String)>, AppError> {
    let mut near: Vec<(AgencyId, String)> = Vec::new();
    for panel in glass::panels_near(az, panel)? {
        let members = panels::agencies_of(az, panel)?.into_iter();
        near.extend(members.map(|member| (member.agency, member.name)));
    }
    near.sort_by(|(one, name), (other, other_name)| (name, one).cmp(&(other_name, other)));
    near.dedup();
    Ok(near)
}

/// Adds a line to the lists of a case. It holds from the commit on, in every page, count, search, file
/// and mail.
///
/// # Errors
/// [`AppError::Invalid`] where nobody, or both a person and an agency, are named, for somebody who is not
/// of the panel or runs it, for a kind that takes people alone, and for a note that is too long;
/// [`AppError::Rule`] `listed` when the line is there already, `open_actions` where an agency owns open
/// actions of the case, `not_allowed` for an alternate that the chair does not admit;
/// [`AppError::NotFound`].
pub fn add_to_list(ctx: &Ctx<'_>, id: CaseId, form: &CaseListForm) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let note = optional("note", "Note", &form.note, &mut errors);
    let whom = match (form.person, form.agency) {
        (Some(person), None) => Some(Listed::Person(person)),
        (None, Some(agency)) => Some(Listed::Agency(agency)),
        _ => {
            let message = "Choose one person or one agency";
            errors.push(FieldError {
                field: "person".to_owned(),
                code: "choose_one",
                message: message.to_owned(),
            });
            None
        }
    };
    let Some(whom) = whom.filter(|_| errors.is_empty()) else {
        return Err(AppError::Invalid(errors));
    };
    ctx.write(|az| {
        let row = run(ctx, az, id)?;
        if form.kind == ListKind::Alternate && !ctx.actor().chairs(row.panel) {
            return Err(AppError::rule("not_allowed", "The chair admits an alternate"));
        }
        must_fit(az, &row, form.kind, whom)?;
        if let (ListKind::Excluded, Listed::Agency(agency)) = (form.kind, whom) {
            must_owe_nothing(az, id, &[agency])?;
            leave(ctx, az, &row, &[agency])?;
        }
        let new = NewListLine {
            case: id,
            panel: row.panel,
            kind: form.kind,
            whom,
            conflict: form.conflict,
            note,
            declared: false,
        };
        add(ctx, az, &row, "case.add_to_list", &new)
    })
}

/// Keeps a case from the caller, who says that she has a conflict of interest. She does not see it again
/// unless the chair lifts that.
///
/// # Errors
/// [`AppError::Rule`] `runs_panel` for whoever runs the panel, who sees all of it;
/// [`AppError::Invalid`] for a note that is too long; [`AppError::NotFound`].
pub fn declare_conflict(ctx: &Ctx<'_>, id: CaseId, form: &ConflictForm) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let note = optional("note", "Note", &form.note, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    ctx.write(|az| {
        let row = cases::find(az, id)?.ok_or(AppError::NotFound)?;
        if az.runs(row.panel) {
            let message = "You run this panel and see all of its cases. Give the role to somebody else \
                           first";
            return Err(AppError::rule("runs_panel", message));
        }
        let new = NewListLine {
            case: id,
            panel: row.panel,
            kind: ListKind::Excluded,
            whom: Listed::Person(ctx.user()),
            conflict: form.conflict,
            note,
            declared: true,
        };
        add(ctx, az, &row, "case.declare_conflict", &new)
    })
}

/// Lifts a line, which only the chair may do, with a reason.
///
/// # Errors
/// [`AppError::Rule`] `not_allowed` for the coordinator; [`AppError::Invalid`] without a reason;
/// [`AppError::NotFound`] for a line that is not live.
pub fn lift_from_list(
    ctx: &Ctx<'_>,
    id: CaseId,
    line: CaseListId,
    form: &LiftForm,
) -> Result<(), AppError> {
    let reason = Note::parse(&form.reason)
        .map_err(|e| AppError::Invalid(vec![crate::error::text_error("reason", "Reason", &e)]))?;
    ctx.write(|az| {
        let row = run(ctx, az, id)?;
        if !ctx.actor().chairs(row.panel) {
            return Err(AppError::rule("not_allowed", "The chair lifts this, with a reason"));
        }
        ctx.must_be_sure()?;
        if !cases::lists::lift(az, id, line, ctx.user(), reason.as_str())? {
            return Err(AppError::NotFound);
        }
        az.did(deed("case.lift_from_list", &row, line));
        Ok(())
    })
}

/// A person must be of the panel and not run it; an agency must be of the panel, and can only be excluded.
fn must_fit(
    az: &mut Authz<'_>,
    row: &CaseRow,
    kind: ListKind,
    whom: Listed,
) -> Result<(), AppError> {
    match whom {
        Listed::Person(person) => {
            let fits = outsiders(az, row.panel)?.iter().any(|(user, _)| *user == person);
            let message =
                "Choose somebody of the panel, or who runs one beside it, and not this one";
            if fits { Ok(()) } else { Err(AppError::field("person", "not_a_member", message)) }
        }
        Listed::Agency(_) if kind != ListKind::Excluded => {
            Err(AppError::field("person", "missing", "Choose a person"))
        }
        Listed::Agency(agency) => {
            let fits = agencies_near(az, row.panel)?.iter().any(|(id, _)| *id == agency);
            let message = "Choose an agency of the panel";
            if fits { Ok(()) } else { Err(AppError::field("agency", "not_a_member", message)) }
        }
    }
}

fn add(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: &CaseRow,
    code: &'static str,
    new: &NewListLine,
) -> Result<(), AppError> {
    let Some(line) = cases::lists::add(az, ctx.user(), new)? else {
        return Err(AppError::rule("listed", "This is on the list already"));
    };
    az.did(deed(code, row, line));
    Ok(())
}

fn deed(code: &'static str, row: &CaseRow, line: CaseListId) -> Deed {
    let deed = Deed { kind: AuditKind::Administration, ..super::deed(code, row) };
    deed.with(line.to_string())
}
