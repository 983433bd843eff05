//! Marking records: who reads a reply or a sealed note, raised at once, lowered by two people.

use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::notes;
use crate::random::hashed;
use chrono::{DateTime, Utc};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::handling::{Change, ChangeState, Marking, MarkingError, Overlay, Record};
use panel_core::id::{AgencyId, CaseId, MarkingChangeId, PanelId, UserId};
use panel_core::text::Note;
use panel_core::words;
use panel_store::handling::{self, Held, MarkingChange, NewChange};
use panel_store::{Authz, StoreError, agencies, panels, users};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whom a marking at one panel can name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nameable {
    /// Agencies of the panel, by name.
    pub agencies: Vec<(AgencyId, String)>,
    /// People who sit there, by name.
    pub people: Vec<(UserId, String)>,
}

pub(crate) fn nameable(az: &mut Authz<'_>, panel: PanelId) -> Result<Nameable, AppError> {
    let members = panels::agencies_of(az, panel)?.into_iter();
    let sitting = users::sitting(az, &[panel])?.into_iter();
    let people: BTreeMap<UserId, String> = sitting.map(|one| (one.user, one.name)).collect();
    let mut people: Vec<(UserId, String)> = people.into_iter().collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Nameable { agencies: members.map(|one| (one.agency, one.name)).collect(), people })
}

/// A marking in words, one line for each thing that it says.
pub(crate) fn in_words(marking: &Marking, names: &Nameable) -> Vec<String> {
    let mut lines = vec![marking.code.label().to_owned()];
    let agencies = names.agencies.iter().filter(|(id, _)| marking.agencies.contains(id));
    let people = names.people.iter().filter(|(id, _)| marking.people.contains(id));
    let mut readers: Vec<&str> = agencies.map(|(_, name)| name.as_str()).collect();
    readers.extend(people.map(|(_, name)| name.as_str()));
    if marking.runners {
        readers.push("the chair and the coordinator");
    }
    if !readers.is_empty() {
        lines.push(format!("Named: {}", readers.join(", ")));
    }
    lines.extend(marking.necessity.as_ref().map(|why| format!("Necessary because: {why}")));
    let overlays = Overlay::ALL.iter().filter(|overlay| marking.forbids(**overlay));
    lines.extend(overlays.map(|overlay| overlay.label().to_owned()));
    lines.extend(marking.until.map(|last| format!("Until {}", words::date(last))));
    lines
}

/// Checks a marking that somebody sets at this panel.
///
/// # Errors
/// [`AppError::Invalid`].
pub(crate) fn must_fit(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    marking: &Marking,
) -> Result<(), AppError> {
    marking.check(ctx.today).map_err(|error| {
        let (field, code) = match error {
            MarkingError::NobodyNamed => ("agencies", "nobody_named"),
            MarkingError::NamesWithoutUse => ("agencies", "names_without_use"),
            MarkingError::NoNecessity => ("necessity", "empty"),
            MarkingError::Over => ("until", "out_of_bounds"),
        };
        AppError::field(field, code, error.to_string())
    })?;
    if !marking.names_somebody() {
        return Ok(());
    }
    let names = nameable(az, panel)?;
    let is_agency = |id: &AgencyId| names.agencies.iter().any(|(one, _)| one == id);
    let is_person = |id: &UserId| names.people.iter().any(|(one, _)| one == id);
    if !marking.agencies.iter().all(is_agency) {
        return Err(AppError::field("agencies", "unknown", "Choose agencies of the panel"));
    }
    if !marking.people.iter().all(is_person) {
        return Err(AppError::field("people", "unknown", "Choose people of the panel"));
    }
    Ok(())
}

/// One change of a marking, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkingChangeView {
    /// Its id.
    pub id: MarkingChangeId,
    /// Of which record.
    pub record: Record,
    /// What the record was marked with, in words.
    pub before: Vec<String>,
    /// What it is, or is to be, marked with, in words.
    pub after: Vec<String>,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub step: ChangeState,
    /// Who marked it so, or proposed to.
    pub proposer: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The second person, where there was one.
    pub decider: Option<String>,
    /// When she decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Whether the caller is a second person who may agree or refuse.
    pub may_agree: bool,
    /// Whether the caller may take it back.
    pub may_drop: bool,
}

fn view(
    ctx: &Ctx<'_>,
    held: &Held,
    change: &MarkingChange,
    (names, deciders): (&Nameable, &BTreeMap<UserId, String>),
) -> MarkingChangeView {
    let waits = change.step == ChangeState::Proposed;
    MarkingChangeView {
        id: change.id,
        record: change.record,
        before: in_words(&change.before, names),
        after: in_words(&change.after, names),
        reason: change.reason.clone(),
        step: change.step,
        proposer: change.proposer.clone(),
        proposed_at: change.proposed_at,
        decider: change.decided_by.and_then(|by| deciders.get(&by).cloned()),
        decided_at: change.decided_at,
        may_agree: waits && ctx.actor().may_agree(held.marked(), change.proposed_by),
        may_drop: waits && ctx.user() == change.proposed_by,
    }
}

/// How a record is marked, for whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkingView {
    /// The record.
    pub record: Record,
    /// Its case.
    pub case: CaseId,
    /// The agency whose record it is.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// What it is marked with.
    pub marking: Marking,
    /// Its fingerprint, which a change must name.
    pub seen: String,
    /// The same in words.
    pub words: Vec<String>,
    /// Whom a marking can name; nobody for whoever may not change it.
    pub nameable: Nameable,
    /// How it was changed, the latest first.
    pub changes: Vec<MarkingChangeView>,
    /// Whether the caller may mark it more strictly.
    pub may_raise: bool,
    /// Whether the caller may propose to mark it less strictly.
    pub may_lower: bool,
}

/// A few letters by which a marking is told from another one.
fn fingerprint(marking: &Marking) -> Result<String, AppError> {
    let json = serde_json::to_string(marking).map_err(AppError::failed)?;
    Ok(hashed(&json).chars().take(16).collect())
}

fn find(az: &mut Authz<'_>, record: Record) -> Result<Held, AppError> {
    handling::find(az, record)?.ok_or(AppError::NotFound)
}

/// How a record is marked and how that was changed.
///
/// # Errors
/// [`AppError::NotFound`], also for whoever does not read the record.
pub fn show(ctx: &Ctx<'_>, record: Record) -> Result<MarkingView, AppError> {
    ctx.read(|az| {
        let held = find(az, record)?;
        let changes = handling::changes(az, &held)?;
        let names = nameable(az, held.panel)?;
        let by: BTreeSet<UserId> = changes.iter().filter_map(|one| one.decided_by).collect();
        let deciders = crate::referrals::names_of(az, &by)?;
        let (may_raise, may_lower) =
            (ctx.actor().may_raise(held.marked()), ctx.actor().may_lower(held.marked()));
        az.did(deed(AuditKind::Consultation, "marking.show", &held));
        let known = (&names, &deciders);
        Ok(MarkingView {
            record,
            case: held.case,
            seen: fingerprint(&held.marking)?,
            words: in_words(&held.marking, &names),
            changes: changes.iter().map(|change| view(ctx, &held, change, known)).collect(),
            nameable: if may_raise { names } else { Nameable::default() },
            agency: held.agency,
            agency_name: held.agency_name,
            marking: held.marking,
            may_raise,
            may_lower,
        })
    })
}

/// A marking that somebody sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkForm {
    /// What the record is to be marked with.
    pub marking: Marking,
    /// The fingerprint of the marking that the caller saw.
    pub seen: String,
    /// Why; needed to mark it less strictly.
    #[serde(default)]
    pub reason: String,
}

/// What became of a marking that somebody set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarkOutcome {
    /// It was marked so before.
    Unchanged,
    /// It holds from now on.
    Raised,
    /// A second person has to agree first.
    Proposed,
}

/// Marks a record differently: at once when nobody new can read it, or else as a proposal to a second person.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Stale`] when it was marked differently since; [`AppError::Invalid`];
/// [`AppError::Rule`] `not_allowed` for whoever may not, `uses_stricter` for what uses a record that is
/// marked more strictly, `already_proposed`.
pub fn mark(ctx: &Ctx<'_>, record: Record, form: &MarkForm) -> Result<MarkOutcome, AppError> {
    ctx.write(|az| {
        let held = find(az, record)?;
        if fingerprint(&held.marking)? != form.seen {
            return Err(AppError::Stale);
        }
        must_fit(ctx, az, held.panel, &form.marking)?;
        match held.marking.change_to(&form.marking, held.agency) {
            Change::None => Ok(MarkOutcome::Unchanged),
            Change::Raised => raise(ctx, az, &held, form),
            Change::Lowered => propose(ctx, az, &held, form),
        }
    })
}

fn raise(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    held: &Held,
    form: &MarkForm,
) -> Result<MarkOutcome, AppError> {
    if !ctx.actor().may_raise(held.marked()) {
        let message = "The agency whose record it is, and whoever runs the panel, can mark it so";
        return Err(AppError::rule("not_allowed", message));
    }
    if !handling::mark(az, held, &form.marking)? {
        return Err(AppError::Stale);
    }
    let reason = Note::parse(&form.reason).ok();
    let change = NewChange {
        after: &form.marking,
        reason: reason.as_ref(),
        step: ChangeState::Done,
        by: ctx.user(),
    };
    handling::add_change(az, held, change)?;
    az.did(deed(AuditKind::Alteration, "marking.raise", held).with(form.marking.code.code()));
    Ok(MarkOutcome::Raised)
}

fn propose(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    held: &Held,
    form: &MarkForm,
) -> Result<MarkOutcome, AppError> {
    if !ctx.actor().may_lower(held.marked()) {
        let message = "Only the agency whose record it is can propose to let more people read it";
        return Err(AppError::rule("not_allowed", message));
    }
    ctx.must_be_sure()?;
    let reason = Note::parse(&form.reason)
        .map_err(|error| AppError::Invalid(vec![text_error("reason", "Reason", &error)]))?;
    notes::must_not_outreach(az, held, &form.marking)?;
    let change = NewChange {
        after: &form.marking,
        reason: Some(&reason),
        step: ChangeState::Proposed,
        by: ctx.user(),
    };
    handling::add_change(az, held, change).map_err(|error| match error {
        StoreError::Taken => {
            let message = "A change waits for a second person already";
            AppError::rule("already_proposed", message)
        }
        other => other.into(),
    })?;
    az.did(deed(AuditKind::Alteration, "marking.propose", held).with(form.marking.code.code()));
    Ok(MarkOutcome::Proposed)
}

/// What a second person says to a proposal, or its proposer who takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideForm {
    /// Whether the marking is to be lowered as proposed.
    pub agree: bool,
}

/// Agrees to a proposal, which then holds at once, or refuses it. Whoever proposed it can take it back so,
/// and cannot agree.
///
/// # Errors
/// [`AppError::NotFound`] for whoever is no second person; [`AppError::Stale`] when it waits no more, or the
/// record was marked differently since; [`AppError::Rule`] `uses_stricter`.
pub fn decide(
    ctx: &Ctx<'_>,
    record: Record,
    change: MarkingChangeId,
    form: DecideForm,
) -> Result<(), AppError> {
    ctx.write(|az| {
        let held = find(az, record)?;
        let changes = handling::changes(az, &held)?;
        let change = changes.into_iter().find(|one| one.id == change).ok_or(AppError::NotFound)?;
        let second = ctx.actor().may_agree(held.marked(), change.proposed_by);
        let takes_back = !form.agree && ctx.user() == change.proposed_by;
        if !(second || takes_back) {
            return Err(AppError::NotFound);
        }
        if change.step != ChangeState::Proposed {
            return Err(AppError::Stale);
        }
        let step = if form.agree { ChangeState::Done } else { ChangeState::Refused };
        if form.agree {
            ctx.must_be_sure()?;
            notes::must_not_outreach(az, &held, &change.after)?;
            if held.marking != change.before || !handling::mark(az, &held, &change.after)? {
                return Err(AppError::Stale);
            }
        }
        if !handling::settle(az, change.id, step, ctx.user())? {
            return Err(AppError::Stale);
        }
        let (kind, code) = if form.agree {
            (AuditKind::Disclosure, "marking.lower")
        } else {
            (AuditKind::Alteration, "marking.refuse")
        };
        az.did(deed(kind, code, &held).with(change.after.code.code()));
        Ok(())
    })
}

/// A proposal that waits, with where it is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingChange {
    /// Of which record.
    pub record: Record,
    /// The agency whose record it is.
    pub agency_name: String,
    /// The case's reference.
    pub reference: String,
    /// Who proposed it.
    pub proposer: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Whether the caller may agree; otherwise she proposed it.
    pub may_agree: bool,
}

/// Proposals that wait for the caller as second person, and those she made herself, the oldest first.
///
/// # Errors
/// When the database fails.
pub fn waiting(ctx: &Ctx<'_>) -> Result<Vec<WaitingChange>, AppError> {
    ctx.read(|az| {
        let mut waiting = Vec::new();
        for change in handling::waiting(az)? {
            let Some(held) = handling::find(az, change.record)? else { continue };
            let may_agree = ctx.actor().may_agree(held.marked(), change.proposed_by);
            if !(may_agree || change.proposed_by == ctx.user()) {
                continue;
            }
            let Some(case) = panel_store::cases::find(az, held.case)? else { continue };
            waiting.push(WaitingChange {
                record: change.record,
                agency_name: held.agency_name,
                reference: case.reference,
                proposer: change.proposer,
                proposed_at: change.proposed_at,
                may_agree,
            });
        }
        Ok(waiting)
    })
}

/// The kind of an agency.
pub(crate) fn kind_of(
    az: &mut Authz<'_>,
    agency: AgencyId,
) -> Result<panel_core::vocabulary::AgencyType, AppError> {
    Ok(agencies::find(az, agency)?.ok_or(AppError::NotFound)?.value.kind)
}

fn deed(kind: AuditKind, code: &'static str, held: &Held) -> Deed {
    let (subject, id) = match held.record {
        Record::Reply(_) => (SubjectKind::InfoRequest, None),
        Record::Note(_) => (SubjectKind::Note, Some(held.record.uuid())),
    };
    Deed::new(kind, code, subject, id).at(held.panel).in_case(Some(held.case))
}
