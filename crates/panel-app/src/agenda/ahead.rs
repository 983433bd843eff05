//! Before and after an issue: what it would do, and who has opened it.

use super::desk::Desk;
use super::paper::is_on;
use super::view::issue_views;
use crate::context::Ctx;
use crate::error::AppError;
use crate::information::{self, WouldAsk};
use panel_core::agenda::changes;
use panel_core::id::{MeetingId, UserId};
use panel_core::time::local;
use panel_core::words;
use panel_documents::agenda::IssueView;
use panel_store::agenda::Item;
use panel_store::agenda::issues;
use panel_store::notices::{self, Whom};
use panel_store::{Authz, agencies, users};
use serde::Serialize;

/// How many issues a history tells.
const MOST: i64 = 30;

/// What issuing an agenda would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// The version of the agenda that would be issued.
    pub version: i32,
    /// The number that the issue would have.
    pub number: i32,
    /// Items on the agenda.
    pub items: usize,
    /// Of these, cases.
    pub cases: usize,
    /// What agencies would be asked.
    pub asks: WouldAsk,
    /// People who would be told.
    pub told: usize,
}

/// What issuing the agenda as it stands would do. Nothing is saved.
///
/// # Errors
/// [`AppError::Rule`] `no_holiday_data` when no deadline for replies can be counted;
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn ahead(ctx: &Ctx<'_>, id: MeetingId) -> Result<Ahead, AppError> {
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        let items: Vec<Item> = desk.items(az)?.into_iter().filter(is_on).collect();
        let last = issues::list(az, id)?.first().map_or(0, |issue| issue.number);
        let people = notices::people(az, desk.meeting.panel, &[Whom::Readers])?;
        Ok(Ahead {
            version: desk.head.version,
            number: last + 1,
            items: items.len(),
            cases: items.iter().filter(|item| item.case.is_some()).count(),
            asks: information::would_ask(ctx, az, &desk, &items)?,
            told: people.iter().filter(|person| **person != ctx.user()).count(),
        })
    })
}

/// Somebody who may read an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReaderView {
    /// The name.
    pub name: String,
    /// The agency.
    pub agency: String,
    /// When that person first opened the latest issue, in words; none until then.
    pub opened: Option<String>,
}

/// The issues of an agenda and who has opened the latest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// The issues, latest first, each with what it changed.
    pub issues: Vec<(IssueView, Vec<String>)>,
    /// Everybody who may read it, by agency and name; nobody before the first issue.
    pub readers: Vec<ReaderView>,
}

/// The issues of an agenda, and who has opened the latest.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn history(ctx: &Ctx<'_>, id: MeetingId) -> Result<History, AppError> {
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        let papers = issues::latest(az, id, MOST)?;
        let heads: Vec<_> = papers.iter().map(|(issue, _)| *issue).collect();
        let before = papers.iter().skip(1).map(|(_, paper)| Some(paper)).chain([None]);
        let told = papers.iter().zip(before).map(|((_, paper), before)| {
            before.map_or_else(Vec::new, |old| changes(&old.numbered(), &paper.numbered()))
        });
        let issues = issue_views(az, &heads)?.into_iter().zip(told).collect();
        let readers = match heads.first() {
            Some(latest) => readers(ctx, az, &desk, latest)?,
            None => Vec::new(),
        };
        Ok(History { issues, readers })
    })
}

fn readers(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    latest: &issues::Issue,
) -> Result<Vec<ReaderView>, AppError> {
    let mut people: Vec<UserId> = notices::people(az, desk.meeting.panel, &[Whom::Readers])?;
    people.retain(|person| *person != ctx.user());
    let opened = issues::opened(az, latest, &people)?;
    let agencies = agencies::list(az)?;
    let mut readers = Vec::new();
    for user in users::list(az)?.into_iter().filter(|user| people.contains(&user.id)) {
        let agency = agencies.iter().find(|agency| agency.value.id == user.agency);
        readers.push(ReaderView {
            name: user.name.clone(),
            agency: agency.map_or_else(String::new, |agency| agency.value.name.to_string()),
            opened: opened.get(&user.id).map(|at| words::date_time(local(*at))),
        });
    }
    readers.sort_by(|a, b| (&a.agency, &a.name).cmp(&(&b.agency, &b.name)));
    Ok(readers)
}
