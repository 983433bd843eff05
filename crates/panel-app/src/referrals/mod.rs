//! Referrals: taken in, completed, triaged, and answered.
//!
//! A referral is sent as JSON in the shape of core's `ReferralForm`, by pages and programs alike; a
//! page adds under `confirmed` the warnings whose question was answered, and in a correction the
//! `id` of every victim and child that is known already.

mod accept;
mod flags;
mod form;
mod preview;
mod receive;
mod records;
mod register;
mod triage;
mod view;

pub use flags::{Flags, RepeatFlag};
pub use preview::{Preview, preview};
pub use receive::{Receipt, correct, receive, resubmit, withdraw};
pub use register::{ListFilter, count, list};
pub use triage::{LateForm, OutcomeForm, Triaged, decide, late, propose, reconsider};
pub use view::{
    Alike, Counts, LateFor, May, QueuePage, ReferralDetail, Show, alike, counts, queue, search,
    show,
};

pub use panel_store::people::{Link, Person};
pub use panel_store::referrals::{Mention, ReferralRow};

pub(crate) use flags::{Judgement, flags_of, judge};
pub(crate) use view::{FOUND, names_of, searchable};

use crate::context::Ctx;
use crate::error::{AppError, sentence};
use panel_core::access::Actor;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id, PanelId, ReferralId, UserId};
use panel_core::referral::{TriageCapacity, TriageError, TriagePolicy};
use panel_store::referrals::{self, Referral};
use panel_store::{Authz, panels};

fn deed(kind: AuditKind, code: &'static str, row: &ReferralRow) -> Deed {
    Deed::new(kind, code, SubjectKind::Referral, Some(row.id.uuid()))
        .at(row.panel)
        .in_case(row.case)
}

/// A referral that the caller may know of, at the version that the caller read.
fn take(az: &mut Authz<'_>, id: ReferralId, version: i32) -> Result<Referral, AppError> {
    let referral = referrals::find(az, id)?.ok_or(AppError::NotFound)?;
    if referral.row.version == version { Ok(referral) } else { Err(AppError::Stale) }
}

/// Everything the caller is to a referral, the strongest first.
fn capacities(actor: &Actor, panel: PanelId, agency: AgencyId) -> Vec<TriageCapacity> {
    let is = [
        (actor.chairs(panel), TriageCapacity::Chair),
        (actor.coordinates(panel), TriageCapacity::Coordinator),
        (actor.acts_for(agency, panel), TriageCapacity::Referrer),
        (true, TriageCapacity::Other),
    ];
    is.into_iter().filter_map(|(is, capacity)| is.then_some(capacity)).collect()
}

/// Does something as the first capacity of the caller's that is allowed to.
fn as_allowed<T>(
    ctx: &Ctx<'_>,
    row: &ReferralRow,
    mut act: impl FnMut((UserId, TriageCapacity)) -> Result<T, TriageError>,
) -> Result<T, AppError> {
    let mut refused = None;
    for capacity in capacities(ctx.actor(), row.panel, row.agency) {
        match act((ctx.user(), capacity)) {
            Err(error @ TriageError::NotAllowed { .. }) => {
                refused.get_or_insert(error);
            }
            done => return done.map_err(AppError::from),
        }
    }
    Err(refused.map_or(AppError::NotFound, AppError::from))
}

/// What the panel chose about triage.
fn triage_policy(az: &mut Authz<'_>, panel: PanelId) -> Result<TriagePolicy, AppError> {
    let policy = panels::find(az, panel)?.ok_or(AppError::NotFound)?.value.policy;
    Ok(TriagePolicy { delegate_triage: policy.delegate_triage })
}

impl From<TriageError> for AppError {
    fn from(error: TriageError) -> Self {
        let code = match error {
            TriageError::NotAllowed { .. } => "not_allowed",
            TriageError::AlreadyDecided { .. } => "already_decided",
            TriageError::NothingMissing => "nothing_missing",
            TriageError::ReasonMissing => "reason_missing",
            TriageError::NotReturned => "not_returned",
            TriageError::NotRefused => "not_refused",
        };
        Self::rule(code, sentence(&error.to_string()))
    }
}
