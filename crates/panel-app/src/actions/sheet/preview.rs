//! Shows what a file that comes back would change, and every row in the way. Nothing is saved but
//! the plan itself, for its reader to confirm.

use super::columns::{Col, Layout};
use super::confirm::{PLACE, Plan, Planned};
use super::edits::{Edit, Names, Wrong};
use crate::actions::change::by;
use crate::actions::register::Row;
use crate::actions::step::{Step, refusal};
use crate::clearing::may_tell;
use crate::context::Ctx;
use crate::drafts;
use crate::error::AppError;
use panel_core::id::{ActionId, PanelId};
use panel_core::tracker::sheet::{Row as SheetRow, Workbook, column_letters};
use panel_store::actions::{self, Kept, register};
use panel_store::{Authz, agencies, panels, users};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A row in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bad {
    /// The sheet.
    pub sheet: String,
    /// The row as Excel numbers it.
    pub row: u32,
    /// The letters of its column.
    pub column: String,
    /// The heading of its column.
    pub heading: String,
    /// Why.
    pub reason: String,
}

/// A row that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edited {
    /// The row as Excel numbers it.
    pub row: u32,
    /// The action.
    pub action: ActionId,
    /// The reference of its case.
    pub reference: Option<String>,
    /// The wording.
    pub text: String,
    /// What would happen to it, in the order in which it would.
    pub changes: Vec<String>,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SheetPreview))]
pub struct Preview {
    /// Rows with an action.
    pub rows: usize,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// Rows that change something.
    pub edited: Vec<Edited>,
    /// Rows in the way, each with everything that is wrong with it.
    pub bad: Vec<Bad>,
}

/// Reads a file that was exported and edited, and keeps what it would change until it is confirmed.
///
/// # Errors
/// [`AppError::Invalid`] on `file` when it cannot be read or is none of these files.
pub fn preview(ctx: &Ctx<'_>, file_name: &str, bytes: &[u8]) -> Result<Preview, AppError> {
    let workbook = panel_sheets::read(bytes, file_name)
        .map_err(|error| AppError::field("file", "unreadable", error.to_string()))?;
    let read = read(&workbook, ctx)?;
    ctx.write(|az| {
        let (preview, plan) = compare(ctx, az, &read)?;
        let plan = serde_json::to_string(&plan).map_err(AppError::failed)?;
        drafts::save(ctx.app, az, ctx.user(), PLACE, &plan)?;
        Ok(preview)
    })
}

/// The rows of the file that name an action.
struct Read<'w> {
    sheet: String,
    layout: Layout,
    rows: Vec<(&'w SheetRow, Option<ActionId>)>,
}

fn read<'w>(workbook: &'w Workbook, ctx: &Ctx<'_>) -> Result<Read<'w>, AppError> {
    for sheet in &workbook.sheets {
        let mut headings = sheet.rows.iter().enumerate().take(20);
        let Some((at, layout)) =
            headings.find_map(|(at, row)| Layout::find(row).map(|layout| (at, layout)))
        else {
            continue;
        };
        let rows = sheet
            .rows
            .iter()
            .skip(at + 1)
            .filter(|row| row.cells.iter().any(|cell| !cell.is_blank()))
            .map(|row| {
                let id = layout.plain(row, Col::Id, ctx.today).unwrap_or_default();
                (row, id.parse().ok())
            })
            .collect();
        return Ok(Read { sheet: sheet.name.clone(), layout, rows });
    }
    let message = "The file has no columns “Action ID” and “Version”. Choose a file that was \
                   downloaded from the actions page";
    Err(AppError::field("file", "no_columns", message))
}

fn compare(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    read: &Read<'_>,
) -> Result<(Preview, Plan), AppError> {
    let mut preview =
        Preview { rows: read.rows.len(), unchanged: 0, edited: Vec::new(), bad: Vec::new() };
    let mut plan = Plan::default();
    let touched: Vec<(&SheetRow, Option<ActionId>)> = read
        .rows
        .iter()
        .copied()
        .filter(|(row, id)| id.is_none() || !read.layout.is_unedited(row, ctx.today))
        .collect();
    preview.unchanged = read.rows.len() - touched.len();
    let ids: Vec<ActionId> = touched.iter().filter_map(|(_, id)| *id).collect();
    let found = Found::read(az, ctx, &ids)?;
    let mut seen = HashSet::new();
    for (cells, id) in touched {
        let outcome = match id {
            Some(id) if !seen.insert(id) => Err(vec![only(Col::Id, "stands in the file twice")]),
            Some(id) => found.edit(ctx, az, read, cells, id)?,
            None => Err(vec![only(
                Col::Id,
                "is not the id of an action; new actions are not taken from a file",
            )]),
        };
        match outcome {
            Ok(None) => preview.unchanged += 1,
            Ok(Some((row, planned))) => {
                preview.edited.push(Edited {
                    row: cells.number,
                    action: row.line.id,
                    reference: row.line.reference.clone(),
                    text: row.line.text.clone(),
                    changes: planned.steps.iter().map(|step| step.act().to_string()).collect(),
                });
                plan.rows.push(planned);
            }
            Err(errors) => {
                preview.bad.extend(errors.into_iter().map(|error| bad(read, cells, error)));
            }
        }
    }
    plan.bad = preview.bad.len();
    Ok((preview, plan))
}

fn only(col: Col, reason: &str) -> Wrong {
    Wrong { col, reason: reason.to_owned() }
}

fn bad(read: &Read<'_>, row: &SheetRow, wrong: Wrong) -> Bad {
    Bad {
        sheet: read.sheet.clone(),
        row: row.number,
        column: read.layout.place(wrong.col).map(column_letters).unwrap_or_default(),
        heading: wrong.col.heading().to_owned(),
        reason: wrong.reason,
    }
}

/// The actions that the file names, as far as the caller may know of them.
struct Found {
    rows: HashMap<ActionId, Row>,
    kept: HashMap<ActionId, Kept>,
    names: Names,
}

type Compared<'f> = Result<Option<(&'f Row, Planned)>, Vec<Wrong>>;

impl Found {
    fn read(az: &mut Authz<'_>, ctx: &Ctx<'_>, ids: &[ActionId]) -> Result<Self, AppError> {
        let mut found = Self {
            rows: HashMap::new(),
            kept: HashMap::new(),
            names: Names { agencies: Vec::new(), members: Vec::new(), sitters: Vec::new() },
        };
        for some in ids.chunks(500) {
            for line in register::lines(az, some)? {
                found.rows.insert(line.id, Row::new(line, ctx.today));
            }
            for kept in actions::find_many(az, some)? {
                found.kept.insert(kept.action.id, kept);
            }
        }
        let panels: BTreeSet<PanelId> = found.kept.values().map(|kept| kept.action.panel).collect();
        for panel in &panels {
            let members = panels::agencies_of(az, *panel)?;
            found.names.members.extend(members.iter().map(|member| (*panel, member.agency)));
        }
        let panels: Vec<PanelId> = panels.into_iter().collect();
        found.names.sitters = users::sitting(az, &panels)?;
        found.names.agencies = agencies::list(az)?.into_iter().map(|a| a.value).collect();
        Ok(found)
    }

    /// What one row changes, tried out without saving it.
    fn edit<'f>(
        &'f self,
        ctx: &Ctx<'_>,
        az: &mut Authz<'_>,
        read: &Read<'_>,
        cells: &SheetRow,
        id: ActionId,
    ) -> Result<Compared<'f>, AppError> {
        let (Some(row), Some(kept)) = (self.rows.get(&id), self.kept.get(&id)) else {
            return Ok(Err(vec![only(Col::Id, "is not the id of an action")]));
        };
        let edit =
            Edit { layout: &read.layout, cells, row, kept, names: &self.names, today: ctx.today };
        let steps = match edit.steps() {
            Ok(steps) if steps.is_empty() => return Ok(Ok(None)),
            Ok(steps) => steps,
            Err(errors) => return Ok(Err(errors)),
        };
        let version = read.layout.plain(cells, Col::Version, ctx.today).unwrap_or_default();
        let version = version.split('-').next().unwrap_or_default();
        if version != kept.version.to_string() {
            let reason = "somebody changed the action since the file was downloaded; download it \
                          again";
            return Ok(Err(vec![only(Col::Version, reason)]));
        }
        Ok(match try_out(ctx, az, kept, &steps)? {
            None => Ok(Some((row, Planned { action: id, version: kept.version, steps }))),
            Some(error) => Err(vec![error]),
        })
    }
}

/// Takes the steps in memory; what stands in the way of the first that cannot be taken.
fn try_out(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    steps: &[Step],
) -> Result<Option<Wrong>, AppError> {
    let birth = actions::birth(az, kept)?;
    let mut action = kept.action.clone();
    for step in steps {
        if let Step::Reword { text, .. } = step
            && *text != action.text
            && let Some(words) = may_tell(ctx, az, action.case, text.as_str())?
        {
            let reason = format!(
                "“{words}” may tell where somebody can be found; take it out, or change it on the page of the \
                 action"
            );
            return Ok(Some(Wrong { col: Col::Text, reason }));
        }
        let by = by(ctx, &action, None, step.act());
        match step.clone().run(action, by, birth, ctx.today) {
            Ok((after, _)) => action = after,
            Err(error) => {
                let reason = match refusal(error, step.date_field()) {
                    AppError::Rule { message, .. } => message,
                    AppError::Invalid(errors) => {
                        errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join("; ")
                    }
                    other => return Err(other),
                };
                return Ok(Some(Wrong { col: column(step), reason }));
            }
        }
    }
    Ok(None)
}

/// The column that a step comes from.
const fn column(step: &Step) -> Col {
    match step {
        Step::Reword { .. } => Col::Text,
        Step::Redate { .. } => Col::Due,
        Step::Reassign { .. } => Col::Agency,
        Step::Note { .. } => Col::Note,
        Step::Complete { .. } => Col::Reported,
        Step::Start
        | Step::ReportNotPossible { .. }
        | Step::AcceptNotPossible
        | Step::RefuseNotPossible { .. }
        | Step::ReportNotDone { .. }
        | Step::Withdraw { .. }
        | Step::Reopen { .. } => Col::Status,
    }
}
