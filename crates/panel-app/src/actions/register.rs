//! The register of actions: filtered, ordered, counted and read page by page.

use super::bulk::MOST_AT_ONCE;
use super::forms::wrong;
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use chrono::NaiveDate;
use panel_core::action::{ActionStatus, SortBy, StatusFilter};
use panel_core::id::{ActionId, AgencyId, CaseId, MeetingId, PanelId, UserId};
use panel_core::text::fold;
pub use panel_store::actions::register::Total;
use panel_store::actions::register::{self, Cursor, Filter, Line, Order};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Lines of one page.
const PAGE: usize = 50;

/// Words of one search at most; more say nothing more.
const MOST_WORDS: usize = 8;

/// What the register is narrowed to and ordered by, as it stands in a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Filters {
    /// One panel.
    pub panel: Option<PanelId>,
    /// One owning agency.
    pub agency: Option<AgencyId>,
    /// One owner.
    pub person: Option<UserId>,
    /// One case.
    pub case: Option<CaseId>,
    /// The meeting in which they were born.
    pub meeting: Option<MeetingId>,
    /// Where they stand; every state when empty.
    pub status: Option<StatusFilter>,
    /// The first due date.
    pub due_from: Option<NaiveDate>,
    /// The last due date.
    pub due_to: Option<NaiveDate>,
    /// Words in the wording, the owner, the person or the reference of the case.
    pub search: String,
    /// The order; by due date when empty.
    pub sort: Option<SortBy>,
    /// From the last to the first.
    pub descending: bool,
}

/// One line, with what is worked out from today's date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// The line.
    #[serde(flatten)]
    pub line: Line,
    /// Where it stands.
    pub status: StatusFilter,
    /// Whether it is overdue.
    pub overdue: bool,
}

/// One page of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Register {
    /// The lines.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: Total,
    /// The mark of the next page, unless this is the last.
    pub next: Option<String>,
}

impl Row {
    pub(super) fn new(line: Line, today: NaiveDate) -> Self {
        let status = match line.state {
            ActionStatus::Open => StatusFilter::Open,
            ActionStatus::InProgress => StatusFilter::InProgress,
            ActionStatus::Completed => StatusFilter::Completed,
            ActionStatus::NotPossible if line.finished => StatusFilter::NotPossible,
            ActionStatus::NotPossible => StatusFilter::AwaitsChair,
            ActionStatus::NotDone => StatusFilter::NotDone,
            ActionStatus::Withdrawn => StatusFilter::Withdrawn,
        };
        Self { overdue: line.is_overdue(today), status, line }
    }
}

impl Filters {
    pub(super) fn filter(&self) -> Result<Filter, AppError> {
        if self.due_from.zip(self.due_to).is_some_and(|(from, to)| to < from) {
            let message = "The last due date must be on or after the first";
            let error: FieldError = wrong("due_to", "before_start", message);
            return Err(AppError::Invalid(vec![error]));
        }
        let folded = fold(&self.search);
        // Signs alone, such as "%", are in no word: they find nothing rather than everything.
        let signs_only = folded.trim().is_empty() && !self.search.trim().is_empty();
        Ok(Filter {
            ids: signs_only.then(Vec::new),
            panel: self.panel,
            agency: self.agency,
            person: self.person,
            case: self.case,
            meeting: self.meeting,
            status: self.status,
            due_from: self.due_from,
            due_to: self.due_to,
            words: folded
                .split(' ')
                .filter(|w| !w.is_empty())
                .take(MOST_WORDS)
                .map(str::to_owned)
                .collect(),
        })
    }

    pub(super) fn order(&self) -> Order {
        Order { by: self.sort.unwrap_or(SortBy::Due), descending: self.descending }
    }
}

/// One page of the actions that the caller may know of, from the mark `after` on.
///
/// # Errors
/// [`AppError::Invalid`] when the range of due dates runs backwards; [`AppError::NotFound`] for a
/// mark that is none.
pub fn list(ctx: &Ctx<'_>, filters: &Filters, after: Option<&str>) -> Result<Register, AppError> {
    let filter = filters.filter()?;
    let after: Option<Cursor> =
        after.map(str::parse).transpose().map_err(|_| AppError::NotFound)?;
    ctx.read(|az| {
        let page = register::page(az, &filter, filters.order(), after.as_ref(), PAGE)?;
        let rows = page.lines.into_iter().map(|line| Row::new(line, ctx.today)).collect();
        Ok(Register { rows, total: page.total, next: page.next.map(|next| next.to_string()) })
    })
}

/// How many actions the list would have, up to a thousand.
///
/// # Errors
/// As [`list`].
pub fn count(ctx: &Ctx<'_>, filters: &Filters) -> Result<Total, AppError> {
    let filter = filters.filter()?;
    ctx.read(|az| Ok(register::count(az, &filter)?))
}

/// These actions, as far as the caller may know of them, in the order in which they are asked for; at
/// most [`MOST_AT_ONCE`].
///
/// # Errors
/// When the database fails.
pub fn some(ctx: &Ctx<'_>, ids: &[ActionId]) -> Result<Vec<Row>, AppError> {
    let ids = ids.get(..MOST_AT_ONCE).unwrap_or(ids);
    ctx.read(|az| {
        let mut lines: HashMap<ActionId, Line> =
            register::lines(az, ids)?.into_iter().map(|line| (line.id, line)).collect();
        let found = ids.iter().filter_map(|id| lines.remove(id));
        Ok(found.map(|line| Row::new(line, ctx.today)).collect())
    })
}
