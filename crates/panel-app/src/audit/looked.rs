//! Who has looked at a case: for whoever runs its panel, and who says for what it is read.

use super::PAGE;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, Utc};
use panel_core::audit::occasion::Occasion;
use panel_core::audit::reading::shows;
use panel_core::audit::{AuditKind, Deed, Purpose, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, AgendaItemId, AuditId, CaseId, Id, MeetingId, RequestId, UserId};
use panel_core::words;
use panel_store::audit::{self, AuditRow};
use panel_store::users::names;
use panel_store::{Authz, agencies, agenda, cases, meetings};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// One look at a case.
#[derive(Debug, Clone, Serialize)]
pub struct LookLine {
    /// The row of the log.
    pub id: AuditId,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose look it was; none for the service itself.
    pub name: Option<String>,
    /// The agency that employed them then.
    pub agency: Option<String>,
    /// Read, disclosed or exported.
    pub kind: AuditKind,
    /// By which use case.
    pub deed: String,
    /// What it showed, in words; the use case itself where nothing more is known.
    pub shown: String,
    /// On what occasion, where that was noted.
    pub occasion: Option<Occasion>,
    /// In what context, in words, where the meeting does not say it; empty where nothing is known.
    pub context: &'static str,
    /// The meeting it belonged to, with its date, where one is known.
    pub meeting: Option<(MeetingId, String)>,
}

/// A page of the looks at one case.
#[derive(Debug, Clone, Serialize)]
pub struct Looked {
    /// The case's reference.
    pub reference: String,
    /// The looks, newest first.
    pub looks: Vec<LookLine>,
    /// Where the next page begins.
    pub next: Option<AuditId>,
}

/// Whether the caller may ask who has looked at a case, without showing anything of it.
///
/// # Errors
/// [`AppError::NotFound`] for anybody who does not run its panel.
pub fn may_look(ctx: &Ctx<'_>, case: CaseId) -> Result<(), AppError> {
    ctx.read(|az| {
        let panel = cases::panel_of(az, case)?.ok_or(AppError::NotFound)?;
        ctx.must_run(panel)
    })
}

/// Who has looked at a case, newest first, older than `before` when given.
///
/// # Errors
/// [`AppError::NotFound`] for anybody who does not run its panel.
pub fn looked(
    ctx: &Ctx<'_>,
    purpose: Purpose,
    case: CaseId,
    before: Option<AuditId>,
) -> Result<Looked, AppError> {
    ctx.read(|az| {
        let row = cases::find(az, case)?.ok_or(AppError::NotFound)?;
        ctx.must_run(row.panel)?;
        let (kind, subject) = (AuditKind::Consultation, SubjectKind::AuditLog);
        let deed = Deed::new(kind, "case.looked", subject, None).at(row.panel).in_case(Some(case));
        az.did(deed.with(purpose.code()));
        let mut rows = audit::looks(az, case, before, PAGE + 1)?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let next = rows.last().map(|row| row.id).filter(|_| more);
        Ok(Looked { reference: row.reference, looks: lines(az, rows)?, next })
    })
}

fn lines(az: &mut Authz<'_>, rows: Vec<AuditRow>) -> Result<Vec<LookLine>, AppError> {
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.actor).collect();
    let people = names(az, &people)?;
    let agencies = agency_names(az)?;
    let meetings = meetings_of(az, &rows)?;
    let contexts = contexts(&rows);
    let line = |row: AuditRow| LookLine {
        id: row.id,
        at: row.at,
        name: row.actor.map(|who| people.get(&who).cloned().unwrap_or_else(|| "Operator".into())),
        agency: row.agency.and_then(|agency| agencies.get(&agency).cloned()),
        kind: row.kind,
        shown: shows(&row.deed).map_or_else(|| row.deed.clone(), str::to_owned),
        occasion: Occasion::from_code(&row.detail).ok(),
        context: context(&row)
            .or_else(|| contexts.get(&row.request).copied())
            .unwrap_or_else(|| among_others(&row)),
        meeting: meetings.get(&row.id).cloned(),
        deed: row.deed,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The context of each request, in words. What one request read, it read for one reason: a row whose detail is
/// of another kind has the context of the row beside it.
fn contexts(rows: &[AuditRow]) -> HashMap<RequestId, &'static str> {
    rows.iter().filter_map(|row| Some((row.request, context(row)?))).collect()
}

/// What a row says of why the case was read, if anything.
fn context(row: &AuditRow) -> Option<&'static str> {
    if row.kind == AuditKind::BreakGlass {
        return Some("In an emergency");
    }
    let occasion = Occasion::from_code(&row.detail).map(Coded::label);
    let purpose = || Purpose::from_code(&row.detail).map(Coded::label);
    occasion.or_else(|_| purpose()).ok()
}

/// What is known of a row that says nothing: whether the case was one of several.
const fn among_others(row: &AuditRow) -> &'static str {
    if row.case.is_none() { "Among other cases" } else { "" }
}

/// The names of all agencies.
pub(super) fn agency_names(az: &mut Authz<'_>) -> Result<HashMap<AgencyId, String>, AppError> {
    let all = agencies::list(az)?;
    Ok(all
        .into_iter()
        .map(|agency| (agency.value.id, agency.value.name.as_str().to_owned()))
        .collect())
}

/// The meeting that a row belongs to: the one it is about, or whose item it is about.
fn meetings_of(
    az: &mut Authz<'_>,
    rows: &[AuditRow],
) -> Result<HashMap<AuditId, (MeetingId, String)>, AppError> {
    let about =
        |row: &AuditRow, kind| row.subject.filter(|_| row.subject_kind == kind).map(Id::uuid);
    let items: Vec<AgendaItemId> = rows
        .iter()
        .filter_map(|row| about(row, SubjectKind::AgendaItem))
        .map(AgendaItemId::from_uuid)
        .collect();
    let of_items = agenda::meetings_of(az, &items)?;
    let meeting = |row: &AuditRow| {
        let direct = about(row, SubjectKind::Meeting).map(MeetingId::from_uuid);
        let item = || about(row, SubjectKind::AgendaItem).map(AgendaItemId::from_uuid);
        direct.or_else(|| of_items.get(&item()?).copied())
    };
    let wanted: BTreeSet<MeetingId> = rows.iter().filter_map(meeting).collect();
    let mut dates = HashMap::new();
    for id in wanted {
        if let Some(found) = meetings::find(az, id)? {
            dates.insert(id, words::date(found.on));
        }
    }
    let told = |row: &AuditRow| {
        let id = meeting(row)?;
        Some((row.id, (id, dates.get(&id)?.clone())))
    };
    Ok(rows.iter().filter_map(told).collect())
}
