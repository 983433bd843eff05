//! The register: one list of actions across meetings, filtered, ordered, and read page by page.
//!
//! A page must cost the same over a year's actions and over twenty years'. So every page is read
//! along an index, from where the last one ended: the list is cut into branches, each of which is a
//! range of one index (a panel, finished or not, and where the order asks for it an agency or a
//! state), and their first rows are merged. Totals are counted up to a thousand.

mod branch;
mod cursor;
#[cfg(test)]
mod plans;

pub use cursor::{Cursor, Key, Part};

use super::row::NO_DUE;
use crate::authz::Authz;
use crate::error::StoreError;
use branch::Branch;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{ActionStatus, Approach, Progress, SortBy, StatusFilter};
use panel_core::audit::SubjectKind;
use panel_core::id::{ActionId, AgencyId, AgendaItemId, CaseId, MeetingId, PanelId, UserId};
use panel_core::text::fold;
use std::collections::BTreeSet;

/// Totals are counted up to this.
pub const MOST_COUNTED: usize = 1_000;

/// What the list is narrowed to; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// These and no others.
    pub ids: Option<Vec<ActionId>>,
    /// One panel. Ids, a case and a meeting imply their own.
    pub panel: Option<PanelId>,
    /// One owning agency.
    pub agency: Option<AgencyId>,
    /// One owner.
    pub person: Option<UserId>,
    /// One case.
    pub case: Option<CaseId>,
    /// The meeting in which they were born.
    pub meeting: Option<MeetingId>,
    /// Where they stand.
    pub status: Option<StatusFilter>,
    /// The first due date.
    pub due_from: Option<NaiveDate>,
    /// The last due date.
    pub due_to: Option<NaiveDate>,
    /// Words that the wording, the owner, the person or the reference of the case must hold.
    pub words: Vec<String>,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What it goes by.
    pub by: SortBy,
    /// From the last to the first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { by: SortBy::Due, descending: false }
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// The action.
    pub id: ActionId,
    /// Its panel.
    pub panel: PanelId,
    /// Its case; none for the panel's own business.
    pub case: Option<CaseId>,
    /// The reference of the case.
    pub reference: Option<String>,
    /// The surname of the person the case is about.
    pub surname: Option<String>,
    /// The forename.
    pub forename: Option<String>,
    /// The meeting in which it was born.
    pub meeting: Option<MeetingId>,
    /// The agenda item in which it was born.
    pub item: Option<AgendaItemId>,
    /// The wording.
    pub text: String,
    /// The kind of response.
    pub approach: Option<Approach>,
    /// The owning agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: Option<String>,
    /// The owner's account.
    pub user: Option<UserId>,
    /// That person's name.
    pub user_name: Option<String>,
    /// The owner's name as an old tracker had it; empty when there is an account or nobody.
    pub written_name: String,
    /// The day it was set.
    pub set_on: NaiveDate,
    /// The due date it was set with.
    pub original_due: Option<NaiveDate>,
    /// The due date in force.
    pub due: Option<NaiveDate>,
    /// How that was written.
    pub due_word: String,
    /// Where it stands.
    pub state: ActionStatus,
    /// What it was before a report of not possible that waits for the chair.
    pub was: Option<Progress>,
    /// The day it was done, reported or withdrawn.
    pub reported_on: Option<NaiveDate>,
    /// What came of it.
    pub outcome: String,
    /// Why it was not done.
    pub reason: String,
    /// Whether nothing more is to be done or decided.
    pub finished: bool,
    /// Whether it came from an old tracker.
    pub imported: bool,
    /// The version a change must name.
    pub version: i32,
}

impl Line {
    /// Whether it is overdue on a day.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        !self.finished && self.due.is_some_and(|due| due < today)
    }

    /// Who owes it: the person with an account, or the name as it was written.
    pub fn owner_name(&self) -> Option<&str> {
        let written = (!self.written_name.is_empty()).then_some(self.written_name.as_str());
        self.user_name.as_deref().or(written)
    }

    fn key(&self, by: SortBy) -> Key {
        match by {
            SortBy::Due | SortBy::Agency | SortBy::Status => Key::Day(self.due.unwrap_or(NO_DUE)),
            SortBy::Set => Key::Day(self.set_on),
            SortBy::Case => self.case.map_or(Key::Id, Key::Case),
        }
    }
}

/// How many actions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// So many.
    Exactly(usize),
    /// More than [`MOST_COUNTED`].
    More,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the next page begins, unless this is the last.
    pub next: Option<Cursor>,
    /// How many actions the whole list has.
    pub total: Total,
}

/// One page of the actions that the caller may know of, `size` lines from `after` on.
pub fn page(
    az: &mut Authz<'_>,
    filter: &Filter,
    order: Order,
    after: Option<&Cursor>,
    size: usize,
) -> Result<Page, StoreError> {
    let total = count(az, filter)?;
    let (lines, next) = read(az, filter, order, after, size, total == Total::More)?;
    saw(az, filter, &lines);
    Ok(Page { lines, next, total })
}

/// The first lines of the list by due date, at most `size`, and whether there are more.
pub fn first(
    az: &mut Authz<'_>,
    filter: &Filter,
    size: usize,
) -> Result<(Vec<Line>, bool), StoreError> {
    let (lines, next) = read(az, filter, Order::default(), None, size, false)?;
    saw(az, filter, &lines);
    Ok((lines, next.is_some()))
}

/// The whole list, or none when it has more than `most` lines.
pub fn whole(
    az: &mut Authz<'_>,
    filter: &Filter,
    order: Order,
    most: usize,
) -> Result<Option<Vec<Line>>, StoreError> {
    let (lines, next) = read(az, filter, order, None, most, true)?;
    if next.is_some() {
        return Ok(None);
    }
    saw(az, filter, &lines);
    Ok(Some(lines))
}

/// The lines of these actions, as far as the caller may know of them, in the order of their due
/// dates.
pub fn lines(az: &mut Authz<'_>, ids: &[ActionId]) -> Result<Vec<Line>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter { ids: Some(ids.to_vec()), ..Filter::default() };
    let (lines, _) = read(az, &filter, Order::default(), None, ids.len(), false)?;
    saw(az, &filter, &lines);
    Ok(lines)
}

fn saw(az: &mut Authz<'_>, filter: &Filter, lines: &[Line]) {
    let cases: BTreeSet<CaseId> = lines.iter().filter_map(|line| line.case).collect();
    az.saw("action.list", SubjectKind::Listing, None, filter.panel, cases);
}

/// How many actions of the list the caller may know of.
pub fn count(az: &mut Authz<'_>, filter: &Filter) -> Result<Total, StoreError> {
    let mut counted = 0;
    for branch in branches(az, filter, Part::Whole) {
        match branch.count(az, filter, MOST_COUNTED - counted)? {
            Some(some) => counted += some,
            None => return Ok(Total::More),
        }
    }
    Ok(Total::Exactly(counted))
}

/// The lines from `after` on, and where to go on. `many` says that there are more than are counted,
/// so that walking the order and leaving out what does not fit is shorter than sorting what fits.
fn read(
    az: &mut Authz<'_>,
    filter: &Filter,
    order: Order,
    after: Option<&Cursor>,
    size: usize,
    many: bool,
) -> Result<(Vec<Line>, Option<Cursor>), StoreError> {
    let parts = parts(az, filter, order)?;
    let from = after.and_then(|cursor| parts.iter().position(|part| *part == cursor.part));
    let mut lines: Vec<Line> = Vec::new();
    let mut ends = Vec::new();
    for (at, part) in parts.iter().enumerate().skip(from.unwrap_or(0)) {
        // One more than is shown tells whether there is a next page.
        let wanted = size + 1 - lines.len();
        let begins = after.filter(|_| from == Some(at));
        let mut found = Vec::new();
        for branch in branches(az, filter, *part) {
            found.extend(branch.read(az, filter, order, begins, wanted, many)?);
        }
        found.sort_by_key(|line| (line.key(order.by), line.id));
        if order.descending {
            found.reverse();
        }
        found.truncate(wanted);
        ends.extend(found.iter().map(|_| *part));
        lines.extend(found);
        if lines.len() > size {
            break;
        }
    }
    let more = lines.len() > size;
    lines.truncate(size);
    let last = lines.last().zip(ends.get(lines.len().wrapping_sub(1)));
    let next = last.filter(|_| more).map(|(line, part)| Cursor {
        part: *part,
        key: line.key(order.by),
        id: line.id,
    });
    Ok((lines, next))
}

/// The parts of a list that follow each other in this order.
fn parts(az: &mut Authz<'_>, filter: &Filter, order: Order) -> Result<Vec<Part>, StoreError> {
    let mut parts: Vec<Part> = match order.by {
        SortBy::Due | SortBy::Set => vec![Part::Whole],
        SortBy::Case => vec![Part::InCase, Part::WithoutCase],
        SortBy::Agency => agencies(az, filter)?.into_iter().map(Part::Agency).collect(),
        SortBy::Status => {
            let wanted = |state: &StatusFilter| {
                filter.status.is_none_or(|status| {
                    status == *state
                        || (matches!(
                            status,
                            StatusFilter::Unfinished
                                | StatusFilter::Overdue
                                | StatusFilter::Finished
                        ) && status.finished() == state.finished())
                })
            };
            StatusFilter::STATES.into_iter().filter(wanted).map(Part::Status).collect()
        }
    };
    if order.descending {
        parts.reverse();
    }
    Ok(parts)
}

/// The agencies of a list by name.
fn agencies(az: &mut Authz<'_>, filter: &Filter) -> Result<Vec<AgencyId>, StoreError> {
    if let Some(agency) = filter.agency {
        return Ok(vec![agency]);
    }
    let mut named: Vec<(String, AgencyId)> = crate::agencies::list(az)?
        .into_iter()
        .map(|agency| (fold(agency.value.name.as_str()), agency.value.id))
        .collect();
    named.sort();
    Ok(named.into_iter().map(|(_, id)| id).collect())
}

/// The ranges of an index that make up one part of the list.
fn branches(az: &Authz<'_>, filter: &Filter, part: Part) -> Vec<Branch> {
    let finished: &[bool] = match (part, filter.status) {
        (Part::Status(state), _) | (_, Some(state)) => {
            if state.finished() {
                &[true]
            } else {
                &[false]
            }
        }
        _ => &[false, true],
    };
    let named = filter.ids.is_some() || filter.case.is_some() || filter.meeting.is_some();
    let panels: Vec<Option<PanelId>> = if named {
        vec![None]
    } else {
        let open = az.scope().glass.map(|pane| pane.panel);
        let visible: BTreeSet<PanelId> = az.panels().chain(open).collect();
        let wanted = |panel: &PanelId| filter.panel.is_none_or(|only| only == *panel);
        visible.into_iter().filter(wanted).map(Some).collect()
    };
    let of_panel = |panel: Option<PanelId>| {
        finished.iter().map(move |finished| Branch { panel, finished: *finished, part })
    };
    panels.into_iter().flat_map(of_panel).collect()
}
