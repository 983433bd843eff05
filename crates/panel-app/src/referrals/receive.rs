//! Taking a referral in, correcting it, sending it again, and taking it back.

use super::form::{self, Addressed, Entry};
use super::records::{self, Named};
use super::{as_allowed, capacities, deed, take};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use crate::random::reference;
use crate::whereabouts;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, PanelId, PersonId, ReferralId};
use panel_core::referral::{
    NamedAs, ReferralField, ReferralForm, Triage, TriageCapacity, TriageStatus, Warning,
    Whereabouts, completeness,
};
use panel_core::text::Note;
use panel_core::time::local_date;
use panel_store::cases;
use panel_store::referrals::{self, NewReferral, Referral};
use panel_store::{Authz, agencies};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How often a random reference is drawn again when it is taken: once is rare already.
const DRAWS: usize = 5;

/// What a referrer gets in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The referral.
    pub id: ReferralId,
    /// The reference to quote.
    pub reference: String,
    /// What to think about, such as the safeguarding route for somebody under 16.
    pub warnings: Vec<Warning>,
    /// What is missing still. It blocks nothing.
    pub missing: Vec<ReferralField>,
}

/// What the caller may enter: for whom, and when it was received.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entering {
    panel: PanelId,
    /// Runs the panel, and so enters for any agency and any instant.
    runs: bool,
}

fn error(field: &str, code: &'static str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), code, message: message.to_owned() }
}

/// Who may send this form at all, before anything else of it is looked at.
pub(super) fn entering(ctx: &Ctx<'_>, to: Addressed) -> Result<Entering, AppError> {
    let actor = ctx.actor();
    if actor.runs(to.panel) {
        return Ok(Entering { panel: to.panel, runs: true });
    }
    if !actor.reaches().iter().any(|(panel, _)| *panel == to.panel) {
        return Err(AppError::NotFound);
    }
    let mut errors = Vec::new();
    if to.agency.is_some_and(|agency| !actor.acts_for(agency, to.panel)) {
        errors.push(error("referring_agency", "not_yours", "Choose your own agency"));
    }
    if to.dated {
        let message = "Only the coordinator can enter when a referral was received";
        errors.push(error("received_at", "not_yours", message));
    }
    if errors.is_empty() {
        Ok(Entering { panel: to.panel, runs: false })
    } else {
        Err(AppError::Invalid(errors))
    }
}

/// The form with what it may leave open: now, and the caller's agency.
pub(super) fn completed(ctx: &Ctx<'_>, raw: &Value, to: Addressed) -> Value {
    let mut raw = raw.clone();
    if let Some(fields) = raw.as_object_mut() {
        if !to.dated {
            fields.insert("received_at".to_owned(), Value::String(ctx.now.to_rfc3339()));
        }
        let seat = ctx.actor().seats.iter().find(|seat| seat.panel == to.panel);
        if let (None, Some(seat)) = (to.agency, seat)
            && !fields.contains_key("referring_agency")
        {
            let agency = seat.agency.to_string();
            fields.insert("referring_agency".to_owned(), Value::String(agency));
        }
    }
    raw
}

/// What cannot be, and the one question that has to be answered first: an address that stands for
/// the perpetrator and for a victim is more often typed into the wrong box than true.
pub(super) fn check(ctx: &Ctx<'_>, entry: &Entry) -> Result<Vec<Warning>, AppError> {
    let received_on = local_date(entry.form.received_at);
    let mut errors = form::problems(&entry.form.problems(received_on, ctx.today));
    if entry.form.received_at > ctx.now && received_on <= ctx.today {
        errors.push(error("received_at", "in_future", "Date received must be in the past"));
    }
    let warnings = entry.form.warnings(received_on);
    let asked = Warning::SameAddress;
    if warnings.contains(&asked) && !entry.confirmed.contains(&asked) {
        let message = "The perpetrator’s address is a victim’s address. Correct it, or confirm \
                       that both are right";
        errors.push(error("perpetrator.addresses.0.lines", "same_address", message));
    }
    if errors.is_empty() { Ok(warnings) } else { Err(AppError::Invalid(errors)) }
}

fn agency_takes_part(az: &mut Authz<'_>, form: &ReferralForm) -> Result<(), AppError> {
    let agency = agencies::find(az, form.referring_agency)?;
    if agency.is_none_or(|agency| agency.value.ended_on.is_some()) {
        let message = "Choose the agency that refers";
        return Err(AppError::field("referring_agency", "unknown", message));
    }
    Ok(())
}

/// Takes a referral in: from a representative for her own agency, from whoever runs the panel for
/// any. A low score, or none, never stops one, nor does anything that is missing.
///
/// # Errors
/// [`AppError::Invalid`] with every field that cannot be taken, [`AppError::NotFound`] for whoever
/// has no part in the panel.
pub fn receive(ctx: &Ctx<'_>, raw: &Value) -> Result<Receipt, AppError> {
    let to = form::addressed(raw)
        .ok_or_else(|| AppError::field("panel", "missing", "Choose the panel"))?;
    let entering = entering(ctx, to)?;
    let mut entry = form::read(&completed(ctx, raw, to))?;
    // Nothing is kept yet that could stay as it is.
    entry.form.fill(|_| None, |_| None);
    if entry.victims.iter().chain(&entry.children).any(Option::is_some) {
        return Err(AppError::field("victims", "unknown", "A new referral names its own people"));
    }
    let warnings = check(ctx, &entry)?;
    ctx.write(|az| {
        agency_takes_part(az, &entry.form)?;
        let (id, reference) = file(ctx, az, &entry)?;
        let for_another = entering.runs
            && !ctx.actor().acts_for(entry.form.referring_agency, entering.panel)
            && ctx.actor().agency != entry.form.referring_agency;
        let deed = Deed::new(
            AuditKind::Collection,
            "referral.receive",
            SubjectKind::Referral,
            Some(id.uuid()),
        );
        az.did(deed.at(entering.panel).on_behalf(for_another));
        let missing = completeness(&entry.form).missing;
        Ok(Receipt { id, reference, warnings, missing })
    })
}

/// Keeps the referral with its people and incidents.
fn file(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    entry: &Entry,
) -> Result<(ReferralId, String), AppError> {
    let perpetrator = records::perpetrator(ctx.mint(), &entry.form.perpetrator);
    let Named { mentions, people } = records::named(ctx, entry);
    records::keep(az, &perpetrator)?;
    for person in &people {
        records::keep(az, person)?;
    }
    let id: ReferralId = ctx.mint();
    let (open, apart) = entry.form.clone().part();
    let mut new = NewReferral {
        reference: String::new(),
        incidents: records::incidents(ctx, &entry.form, &mentions),
        form: &open,
        perpetrator: perpetrator.id,
        triage: Triage::received(id, entry.form.received_at),
        case: None,
        entered_by: ctx.user(),
        imported: false,
        mentions,
    };
    for _ in 0..DRAWS {
        new.reference = reference(az.ids());
        if referrals::insert(az, &new)? {
            whereabouts::keep(ctx, az, id, &new.mentions, &apart)?;
            return Ok((id, new.reference));
        }
    }
    Err(AppError::Stale)
}

/// Whether the caller may correct a referral now: who referred until it is decided, who runs the
/// panel as long as it was not withdrawn.
pub(super) fn may_correct(capacities: &[TriageCapacity], status: TriageStatus) -> bool {
    let waits = matches!(
        status,
        TriageStatus::Received | TriageStatus::Proposed | TriageStatus::ReturnedIncomplete
    );
    let runs = capacities
        .iter()
        .any(|one| matches!(one, TriageCapacity::Chair | TriageCapacity::Coordinator));
    let refers = capacities.contains(&TriageCapacity::Referrer);
    status != TriageStatus::Withdrawn && (runs || (refers && waits))
}

/// Reads a corrected form of a referral. Panel and agency stay; only who runs the panel changes when
/// it was received.
fn corrected(ctx: &Ctx<'_>, referral: &Referral, raw: &Value) -> Result<Entry, AppError> {
    let row = &referral.row;
    let mut raw = raw.clone();
    if let Some(fields) = raw.as_object_mut() {
        let received = serde_json::to_value(referral.form.received_at).map_err(AppError::failed)?;
        for (key, value) in [
            ("panel", Value::String(row.panel.to_string())),
            ("referring_agency", Value::String(row.agency.to_string())),
            ("received_at", received),
        ] {
            let field = fields.entry(key).or_insert(Value::Null);
            if field.is_null() {
                *field = value;
            }
        }
    }
    let entry = form::read(&raw)?;
    let mut errors = Vec::new();
    if entry.form.panel != row.panel {
        errors.push(error("panel", "fixed", "A referral stays at its panel"));
    }
    if entry.form.referring_agency != row.agency {
        errors.push(error("referring_agency", "fixed", "A referral stays its agency’s"));
    }
    if entry.form.received_at != referral.form.received_at && !ctx.actor().runs(row.panel) {
        let message = "Only the coordinator can change when a referral was received";
        errors.push(error("received_at", "not_yours", message));
    }
    errors.extend(strangers(referral, NamedAs::Victim, "victims", &entry.victims));
    errors.extend(strangers(referral, NamedAs::Child, "children", &entry.children));
    if errors.is_empty() { Ok(entry) } else { Err(AppError::Invalid(errors)) }
}

/// Records that the referral does not name, or that were given twice.
fn strangers(
    referral: &Referral,
    named_as: NamedAs,
    list: &str,
    given: &[Option<PersonId>],
) -> Vec<FieldError> {
    let mut left: Vec<PersonId> = referral
        .mentions
        .iter()
        .filter(|mention| mention.named_as == named_as)
        .map(|mention| mention.person)
        .collect();
    let mut errors = Vec::new();
    for (place, id) in given.iter().enumerate() {
        let Some(id) = id else { continue };
        match left.iter().position(|one| one == id) {
            Some(found) => drop(left.remove(found)),
            None => errors.push(error(
                &format!("{list}.{place}.id"),
                "unknown",
                "Choose a person of this referral",
            )),
        }
    }
    errors
}

/// Replaces what was referred, with its people and incidents.
fn replace(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: &Referral,
    raw: &Value,
) -> Result<(ReferralForm, Vec<Warning>), AppError> {
    let mut entry = corrected(ctx, referral, raw)?;
    let id = referral.row.id;
    fill(&mut entry, &whereabouts::opened(ctx, az, id)?);
    let warnings = check(ctx, &entry)?;
    let named = records::bring_up(ctx, az, referral, &entry)?;
    let (open, apart) = entry.form.clone().part();
    referrals::replace_incidents(az, id, &[])?;
    referrals::replace_mentions(az, id, &named.mentions)?;
    referrals::replace_incidents(az, id, &records::incidents(ctx, &entry.form, &named.mentions))?;
    whereabouts::keep(ctx, az, id, &named.mentions, &apart)?;
    if !referrals::set_form(az, referral, &open)? {
        return Err(AppError::Stale);
    }
    if let Some(case) = referral.row.case {
        cases::raise_content(az, case)?;
    }
    Ok((entry.form, warnings))
}

/// Puts in again what is kept apart of each person and stays as it is.
fn fill(entry: &mut Entry, kept: &BTreeMap<PersonId, Whereabouts>) {
    let Entry { form, victims, children, .. } = entry;
    let of = |known: &[Option<PersonId>], place: usize| {
        known.get(place).copied().flatten().and_then(|id| kept.get(&id)).cloned()
    };
    form.fill(|place| of(victims, place), |place| of(children, place));
}

/// Corrects a referral.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Stale`], [`AppError::NotFound`], [`AppError::Rule`]
/// `already_decided` when the referrer comes too late.
pub fn correct(
    ctx: &Ctx<'_>,
    id: ReferralId,
    version: i32,
    raw: &Value,
) -> Result<Receipt, AppError> {
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        must_correct(ctx, &referral)?;
        let (form, warnings) = replace(ctx, az, &referral, raw)?;
        az.did(deed(AuditKind::Alteration, "referral.correct", &referral.row));
        let (missing, reference) = (completeness(&form).missing, referral.row.reference);
        Ok(Receipt { id, reference, warnings, missing })
    })
}

fn must_correct(ctx: &Ctx<'_>, referral: &Referral) -> Result<(), AppError> {
    let row = &referral.row;
    let is = capacities(ctx.actor(), row.panel, row.agency);
    if may_correct(&is, row.state) {
        return Ok(());
    }
    if is.contains(&TriageCapacity::Referrer) || ctx.actor().runs(row.panel) {
        let message = "The referral has been decided. Ask the coordinator to correct it";
        return Err(AppError::rule("already_decided", message));
    }
    Err(AppError::rule("not_allowed", "This is not open to an agency that did not refer"))
}

/// Sends a returned referral again, as it was corrected meanwhile. From now on it is in the panel's
/// hands, and late or in time by this instant.
///
/// # Errors
/// [`AppError::Rule`] `not_returned`, [`AppError::Stale`], [`AppError::NotFound`].
pub fn resubmit(ctx: &Ctx<'_>, id: ReferralId, version: i32) -> Result<i32, AppError> {
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        let row = &referral.row;
        let triage = as_allowed(ctx, row, |by| referral.triage.clone().resubmit(by, ctx.now))?;
        if !referrals::set_triage(az, &referral, &triage)? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Alteration, "referral.resubmit", row));
        Ok(version + 1)
    })
}

/// Takes a referral back before it is decided, or after it was returned.
///
/// # Errors
/// [`AppError::Invalid`] for the reason, [`AppError::Rule`], [`AppError::Stale`],
/// [`AppError::NotFound`].
pub fn withdraw(
    ctx: &Ctx<'_>,
    id: ReferralId,
    version: i32,
    reason: &str,
) -> Result<i32, AppError> {
    let reason = Note::parse(reason)
        .map_err(|e| AppError::Invalid(vec![text_error("reason", "Reason", &e)]))?;
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        let row = &referral.row;
        let triage = as_allowed(ctx, row, |by| {
            referral.triage.clone().withdraw(by, reason.clone(), ctx.now)
        })?;
        if !referrals::set_triage(az, &referral, &triage)? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Alteration, "referral.withdraw", row));
        Ok(version + 1)
    })
}
