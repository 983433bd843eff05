//! Triage: the coordinator returns what is incomplete and proposes the rest, the chair decides.

use super::accept::into_case;
use super::view::late_for;
use super::{as_allowed, deed, take, triage_policy};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use panel_core::audit::AuditKind;
use panel_core::coded::Coded;
use panel_core::id::{CaseId, ReferralId, UserId};
use panel_core::referral::{
    LateLane, ReferralField, Triage, TriageCapacity, TriageError, TriageOutcome, TriageStatus,
    late_lane,
};
use panel_core::text::{Name, Note, TextError};
use panel_store::Authz;
use panel_store::referrals::{self, Referral};
use serde::{Deserialize, Serialize};

/// What the form of a triage decision holds. Which of its fields are needed follows from the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OutcomeForm {
    /// Accepted, returned incomplete, redirected, below threshold or urgent.
    pub outcome: TriageStatus,
    /// What is missing, on return.
    #[serde(default)]
    pub missing: Vec<ReferralField>,
    /// Why; on return, what else to say.
    #[serde(default)]
    pub reason: String,
    /// The service it is redirected to.
    #[serde(default)]
    pub service: String,
    /// How a referral below the threshold can be looked at again, and where the person can turn.
    #[serde(default)]
    pub route: String,
}

impl OutcomeForm {
    fn check(&self) -> Result<TriageOutcome, AppError> {
        let mut errors: Vec<FieldError> = Vec::new();
        let outcome = self.outcome(&mut errors);
        match outcome {
            Some(outcome) if errors.is_empty() => Ok(outcome),
            _ => Err(AppError::Invalid(errors)),
        }
    }

    fn outcome(&self, errors: &mut Vec<FieldError>) -> Option<TriageOutcome> {
        let mut note = |field, label, raw: &str| {
            Note::parse(raw).map_err(|e| errors.push(text_error(field, label, &e))).ok()
        };
        match self.outcome {
            TriageStatus::Accepted => Some(TriageOutcome::Accepted),
            TriageStatus::Urgent => {
                Some(TriageOutcome::Urgent { reason: note("reason", "Reason", &self.reason)? })
            }
            TriageStatus::BelowThreshold => {
                let reason = note("reason", "Reason", &self.reason);
                let route = note("route", "Route of appeal", &self.route);
                Some(TriageOutcome::BelowThreshold { reason: reason?, route: route? })
            }
            TriageStatus::Redirected => {
                let reason = note("reason", "Reason", &self.reason);
                let service = Name::parse(&self.service)
                    .map_err(|e| errors.push(text_error("service", "Service", &e)))
                    .ok();
                Some(TriageOutcome::Redirected { service: service?, reason: reason? })
            }
            TriageStatus::ReturnedIncomplete => {
                if self.missing.is_empty() {
                    errors.push(FieldError {
                        field: "missing".to_owned(),
                        code: "missing",
                        message: "Select what is missing".to_owned(),
                    });
                }
                let note = match Note::parse(&self.reason) {
                    Ok(note) => Some(note),
                    Err(TextError::Empty) => None,
                    Err(error) => {
                        errors.push(text_error("reason", "Note", &error));
                        None
                    }
                };
                let missing = self.missing.clone();
                Some(TriageOutcome::ReturnedIncomplete { missing, note })
            }
            TriageStatus::Received | TriageStatus::Proposed | TriageStatus::Withdrawn => {
                errors.push(FieldError {
                    field: "outcome".to_owned(),
                    code: "not_an_option",
                    message: "Select the outcome".to_owned(),
                });
                None
            }
        }
    }
}

/// What a decision led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Triaged {
    /// The referral's new version.
    pub version: i32,
    /// The case it opened or joined.
    pub case: Option<CaseId>,
}

/// Moves the triage on as somebody who may, and saves it.
fn step(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: &Referral,
    code: &'static str,
    act: impl Fn(Triage, (UserId, TriageCapacity)) -> Result<Triage, TriageError>,
) -> Result<Triage, AppError> {
    let row = &referral.row;
    let triage = as_allowed(ctx, row, |by| act(referral.triage.clone(), by))?;
    if !referrals::set_triage(az, referral, &triage)? {
        return Err(AppError::Stale);
    }
    az.did(deed(AuditKind::Alteration, code, row).with(triage.status().code()));
    Ok(triage)
}

/// Proposes an outcome for the chair to decide; a later proposal replaces it.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Rule`] `not_allowed` or `already_decided`,
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn propose(
    ctx: &Ctx<'_>,
    id: ReferralId,
    version: i32,
    form: &OutcomeForm,
) -> Result<Triaged, AppError> {
    let outcome = form.check()?;
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        step(ctx, az, &referral, "referral.propose", |triage, by| {
            triage.propose(by, outcome.clone(), ctx.now)
        })?;
        Ok(Triaged { version: version + 1, case: referral.row.case })
    })
}

/// Decides. The chair may decide anything; the coordinator may return what is incomplete, and the
/// rest where the panel delegates it. What is accepted joins the person's open case or opens one.
///
/// # Errors
/// As [`propose`], and [`AppError::Rule`] `undecided_likeness` while somebody has to say first
/// whether the person is known already.
pub fn decide(
    ctx: &Ctx<'_>,
    id: ReferralId,
    version: i32,
    form: &OutcomeForm,
) -> Result<Triaged, AppError> {
    let outcome = form.check()?;
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        let policy = triage_policy(az, referral.row.panel)?;
        let triage = step(ctx, az, &referral, "referral.decide", |triage, by| {
            triage.decide(by, outcome.clone(), policy, ctx.now)
        })?;
        let accepted = matches!(triage.status(), TriageStatus::Accepted | TriageStatus::Urgent);
        let case = if accepted { Some(into_case(ctx, az, &referral)?) } else { referral.row.case };
        Ok(Triaged { version: version + 1, case })
    })
}

/// The chair looks again at a referral that was redirected or found below the threshold: it waits
/// for a decision as before.
///
/// # Errors
/// [`AppError::Rule`] `not_allowed` or `not_refused`, [`AppError::Stale`], [`AppError::NotFound`].
pub fn reconsider(ctx: &Ctx<'_>, id: ReferralId, version: i32) -> Result<Triaged, AppError> {
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        step(ctx, az, &referral, "referral.reconsider", Triage::reconsider)?;
        Ok(Triaged { version: version + 1, case: referral.row.case })
    })
}

/// What the form of the late lane holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LateForm {
    /// Which way.
    pub lane: LateLane,
    /// The chair's reason; a late item needs one.
    #[serde(default)]
    pub reason: String,
}

/// Sends an accepted referral that came after the cut-off of the next meeting one way: onto its
/// agenda as a late item, to an urgent meeting, or to the meeting after.
///
/// # Errors
/// [`AppError::Invalid`] for the reason, [`AppError::Rule`] `not_allowed`, `not_accepted` or
/// `not_late`, [`AppError::Stale`], [`AppError::NotFound`].
pub fn late(ctx: &Ctx<'_>, id: ReferralId, version: i32, form: &LateForm) -> Result<i32, AppError> {
    let reason = match Note::parse(&form.reason) {
        Ok(reason) => Some(reason),
        Err(TextError::Empty) if form.lane != LateLane::LateItem => None,
        Err(error) => return Err(AppError::Invalid(vec![text_error("reason", "Reason", &error)])),
    };
    ctx.write(|az| {
        let referral = take(az, id, version)?;
        let row = &referral.row;
        if !matches!(row.state, TriageStatus::Accepted | TriageStatus::Urgent) {
            let message = "Only a referral that was accepted goes onto an agenda";
            return Err(AppError::rule("not_accepted", message));
        }
        let policy = triage_policy(az, row.panel)?;
        let decision =
            as_allowed(ctx, row, |by| late_lane(form.lane, reason.clone(), by, policy, ctx.now))?;
        let meeting = late_for(ctx, az, row)?.filter(|meeting| meeting.late).ok_or_else(|| {
            AppError::rule("not_late", "This referral is in time for the next meeting")
        })?;
        if !referrals::set_late(az, &referral, &decision, Some(meeting.meeting))? {
            return Err(AppError::Stale);
        }
        az.did(deed(AuditKind::Alteration, "referral.late", row).with(form.lane.code()));
        Ok(version + 1)
    })
}
