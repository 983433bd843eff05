//! People whom referrals name: which records are one person, and corrections to what a record says.
//!
//! Nothing is merged. Records that look alike are offered with the evidence, a coordinator or chair
//! says whether they are one person, and can take that back at any time.

mod form;
mod show;

pub use form::PersonForm;
pub use panel_store::people::{Link, Person};
pub use show::{PersonDetail, detail, show};

use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, PersonId};
use panel_core::likeness::{Judged, Verdict, contradicted};
use panel_store::Authz;
use panel_store::cases;
use panel_store::people;

/// Pairs of records that look alike and wait for a decision at the panels the caller runs, the
/// newest first, at most 200.
///
/// # Errors
/// When the database fails.
pub fn offers(ctx: &Ctx<'_>) -> Result<Vec<Link>, AppError> {
    ctx.read(|az| Ok(people::offers(az)?))
}

/// Two records side by side, with what they have in common and what was said about them.
///
/// # Errors
/// [`AppError::NotFound`] unless the caller runs a panel at which each of them is named.
pub fn compare(ctx: &Ctx<'_>, one: PersonId, two: PersonId) -> Result<Link, AppError> {
    ctx.read(|az| pair(ctx, az, one, two))
}

fn pair(ctx: &Ctx<'_>, az: &mut Authz<'_>, one: PersonId, two: PersonId) -> Result<Link, AppError> {
    must_run_for(ctx, az, one)?;
    must_run_for(ctx, az, two)?;
    if one == two {
        return Err(AppError::NotFound);
    }
    people::link_of(az, one, two)?.ok_or(AppError::NotFound)
}

/// Refuses whoever runs no panel at which the record is named.
fn must_run_for(ctx: &Ctx<'_>, az: &mut Authz<'_>, person: PersonId) -> Result<(), AppError> {
    let panels = people::panels_of(az, person)?;
    if panels.iter().any(|panel| ctx.actor().runs(*panel)) {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

/// Says of two records that they are one person, or two, or undecided again.
///
/// # Errors
/// [`AppError::NotFound`] as [`compare`], [`AppError::Rule`] `contradiction` when other links would
/// make one person of two that were called different.
pub fn decide(
    ctx: &Ctx<'_>,
    one: PersonId,
    two: PersonId,
    verdict: Verdict,
) -> Result<(), AppError> {
    ctx.write(|az| {
        let link = pair(ctx, az, one, two)?;
        people::hold(az, link.one.id)?;
        people::hold(az, link.two.id)?;
        let (records, mut judged) = people::said(az, link.one.id, link.two.id)?;
        let this = Judged { one: link.one.id, two: link.two.id, verdict };
        judged.retain(|said| (said.one, said.two) != (this.one, this.two));
        judged.push(this);
        if contradicted(&records, &judged).is_some() {
            let message = "Other links make these the same person as somebody they were called \
                           different from. Take that decision back first";
            return Err(AppError::rule("contradiction", message));
        }
        people::judge(az, &link, verdict)?;
        people::set_roots(az, &records, &judged)?;
        for record in [link.one.id, link.two.id] {
            az.did(linked(verdict, record));
        }
        Ok(())
    })
}

fn linked(verdict: Verdict, record: PersonId) -> Deed {
    let (kind, code) = match verdict {
        Verdict::Same => (AuditKind::Combination, "person.link"),
        Verdict::Different => (AuditKind::Alteration, "person.separate"),
        Verdict::Offered => (AuditKind::Alteration, "person.undecide"),
    };
    Deed::new(kind, code, SubjectKind::Person, Some(record.uuid()))
}

/// Corrects what a record says. The referral stays as it was received.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Stale`], [`AppError::NotFound`] for whoever runs no panel at
/// which the record is named.
pub fn correct(
    ctx: &Ctx<'_>,
    id: PersonId,
    version: i32,
    form: &PersonForm,
) -> Result<(), AppError> {
    let said = form.check(ctx.today)?;
    ctx.write(|az| {
        must_run_for(ctx, az, id)?;
        let found = people::find(az, id)?.ok_or(AppError::NotFound)?;
        if said.has_address() && !people::is_referred(az, id)? {
            let message = "Where a victim or child lives is kept apart: correct the referral";
            return Err(AppError::field("address", "protected", message));
        }
        let person = said.over(&Person { version, ..found });
        if !people::update(az, &person)? {
            return Err(AppError::Stale);
        }
        people::offer(az, &person)?;
        let naming = people::open_cases_naming(az, id)?;
        cases::raise_contents(az, &naming)?;
        let subject = Some(id.uuid());
        az.did(Deed::new(AuditKind::Alteration, "person.correct", SubjectKind::Person, subject));
        Ok(())
    })
}
