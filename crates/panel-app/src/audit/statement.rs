//! What each agency is told of the month: who read the cases it takes part in, and how often.

use super::looked::agency_names;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, Months, NaiveDate, Utc};
use panel_core::access::{Actor, Role};
use panel_core::audit::reading::{Look, readers};
use panel_core::audit::seal::{least_id, time_of};
use panel_core::id::{AgencyId, CaseId, UserId};
use panel_core::time::resolve_leniently;
use panel_store::audit::readers as rows;
use panel_store::users::names;
use serde::Serialize;
use std::collections::HashMap;

/// Cases of one page.
const PAGE: i64 = 20;

/// A case that somebody read in the month.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReaders {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// Who read it, the most frequent first.
    pub readers: Vec<ReaderLine>,
    /// Whether there were more looks than are counted.
    pub more: bool,
}

/// Somebody who read a case in the month.
#[derive(Debug, Clone, Serialize)]
pub struct ReaderLine {
    /// Whose looks they were; none for the service itself.
    pub name: Option<String>,
    /// The agency that employed them then.
    pub agency: Option<String>,
    /// How often.
    pub times: usize,
    /// The last time.
    pub last: DateTime<Utc>,
}

/// A page of an agency's statement.
#[derive(Debug, Clone, Serialize)]
pub struct Statement {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// The first day of the month.
    pub month: NaiveDate,
    /// Cases that somebody read, of those on this page.
    pub cases: Vec<CaseReaders>,
    /// Cases on this page that nobody read.
    pub unread: usize,
    /// Where the next page begins.
    pub next: Option<CaseId>,
}

/// The agencies for which a person is told: those where they sit as lead or single point of contact.
pub fn told_for(actor: &Actor) -> Vec<AgencyId> {
    let mut agencies: Vec<AgencyId> = actor
        .seats
        .iter()
        .filter(|seat| matches!(seat.role, Role::AgencyLead | Role::SinglePointOfContact))
        .map(|seat| seat.agency)
        .collect();
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}

/// Who read the cases that the caller's agency takes part in during the month of `day`: the next cases
/// behind `after`. Cases that are kept from the caller are not there.
///
/// # Errors
/// [`AppError::NotFound`] for anybody who is no agency's lead or single point of contact.
pub fn statement(
    ctx: &Ctx<'_>,
    agency: Option<AgencyId>,
    day: Option<NaiveDate>,
    after: Option<CaseId>,
) -> Result<Statement, AppError> {
    let told = told_for(ctx.actor());
    let agency = agency.or_else(|| told.first().copied()).filter(|agency| told.contains(agency));
    let agency = agency.ok_or(AppError::NotFound)?;
    let month = first_of(day.unwrap_or(ctx.today)).ok_or(AppError::NotFound)?;
    let next_month = month.checked_add_months(Months::new(1)).ok_or(AppError::NotFound)?;
    let start = |day: NaiveDate| least_id(resolve_leniently(day.and_time(chrono::NaiveTime::MIN)));
    let (from, to) = (start(month), start(next_month));
    ctx.read(|az| {
        let mut found = rows::cases_of(az, agency, after, PAGE + 1)?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().map(|(case, _)| *case).filter(|_| more);
        let mut read: Vec<(CaseId, String, Vec<Look>)> = Vec::new();
        for (case, reference) in found {
            read.push((case, reference, rows::looks_at(az, case, from, to)?));
        }
        let people: Vec<UserId> =
            read.iter().flat_map(|(_, _, looks)| looks).filter_map(|(_, who, _)| *who).collect();
        let (people, agencies) = (names(az, &people)?, agency_names(az)?);
        let unread = read.iter().filter(|(_, _, looks)| looks.is_empty()).count();
        let read = read.into_iter().filter(|(_, _, looks)| !looks.is_empty());
        let cases = read
            .map(|(case, reference, looks)| told_of(case, reference, &looks, &people, &agencies));
        let name = agencies.get(&agency).cloned().unwrap_or_default();
        Ok(Statement { agency, name, month, cases: cases.collect(), unread, next })
    })
}

fn first_of(day: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    day.with_day(1)
}

fn told_of(
    case: CaseId,
    reference: String,
    looks: &[Look],
    people: &HashMap<UserId, String>,
    agencies: &HashMap<AgencyId, String>,
) -> CaseReaders {
    let (found, more) = readers(looks);
    let line = |reader: &panel_core::audit::reading::Reader| ReaderLine {
        name: reader.who.map(|who| people.get(&who).cloned().unwrap_or_else(|| "Operator".into())),
        agency: reader.agency.and_then(|agency| agencies.get(&agency).cloned()),
        times: reader.times,
        last: time_of(reader.last),
    };
    CaseReaders { case, reference, readers: found.iter().map(line).collect(), more }
}
