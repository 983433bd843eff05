//! The bounds of reading: set by administrators, lifted for somebody for a day by whoever coordinates her
//! panel, and told as a finding when they are reached.

use crate::context::Ctx;
use crate::error::{AppError, text_error};
use chrono::NaiveDate;
use panel_core::access::Role;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::budget::{
    CASES_RANGE, CASES_RUNS_RANGE, FILES_RANGE, GUESSES_RANGE, Kind, REQUESTS_RANGE, ReadingPolicy,
    Spent, UPLOADS_RANGE, is_file, may_lift,
};
use panel_core::id::{Id, PanelId, UserId};
use panel_core::text::Note;
use panel_core::watch::Finding;
use panel_store::budget::{self, SPENT, Sits};
use panel_store::{Authz, StoreError, Versioned, installation, watch};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why somebody may read more today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftForm {
    /// In a few words.
    pub reason: String,
}

/// Somebody whose bounds the caller may lift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounded {
    /// Who.
    pub user: UserId,
    /// Her name.
    pub name: String,
    /// Whether they are lifted for today already.
    pub is_lifted: bool,
}

/// The bounds, with version 0 while nobody has set any.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not administer.
pub fn policy(ctx: &Ctx<'_>) -> Result<Versioned<ReadingPolicy>, AppError> {
    ctx.must_administer()?;
    ctx.read(|az| {
        let Some((text, version)) = installation::find(az, ReadingPolicy::NAME)? else {
            return Ok(Versioned { value: ReadingPolicy::default(), version: 0 });
        };
        let value = serde_json::from_str(&text).map_err(AppError::failed)?;
        Ok(Versioned { value, version })
    })
}

/// Sets the bounds. They hold from now on; those of how often somebody asks, at other nodes within a minute.
///
/// # Errors
/// [`AppError::Unsure`], [`AppError::Invalid`], [`AppError::Stale`], and [`AppError::NotFound`] for whoever
/// does not administer.
pub fn set_policy(ctx: &Ctx<'_>, version: i32, value: &ReadingPolicy) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    for (field, label, bound, (least, most)) in [
        ("cases", "Cases within an hour", value.cases, CASES_RANGE),
        ("cases_runs", "Cases within an hour", value.cases_runs, CASES_RUNS_RANGE),
        ("files", "Files within a day", value.files, FILES_RANGE),
        ("guesses", "Things not found", value.guesses, GUESSES_RANGE),
        ("requests", "Requests within a minute", value.requests, REQUESTS_RANGE),
        ("uploads", "Files within an hour", value.uploads, UPLOADS_RANGE),
    ] {
        if !(least..=most).contains(&bound) {
            let message = format!("{label} must be between {least} and {most}");
            return Err(AppError::field(field, "out_of_range", message));
        }
    }
    let text = serde_json::to_string(value).map_err(AppError::failed)?;
    ctx.write(|az| {
        match installation::save(az, ReadingPolicy::NAME, &text, version) {
            Ok(true) => {}
            Ok(false) | Err(StoreError::Taken) => return Err(AppError::Stale),
            Err(other) => return Err(other.into()),
        }
        let deed =
            Deed::new(AuditKind::Administration, "settings.reading", SubjectKind::Account, None);
        az.did(deed.with(text));
        Ok(())
    })?;
    ctx.app.paces.forget_bounds();
    Ok(())
}

/// Everybody whose bounds the caller may lift, by name.
///
/// # Errors
/// When the database fails.
pub fn list(ctx: &Ctx<'_>) -> Result<Vec<Bounded>, AppError> {
    ctx.read(|az| bounded(ctx, az, None))
}

/// Somebody whose bounds the caller may lift: a person of a panel that she coordinates, never herself; an
/// administrator where nobody else coordinates any panel of that person.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else.
pub fn show(ctx: &Ctx<'_>, user: UserId) -> Result<Bounded, AppError> {
    ctx.read(|az| bounded(ctx, az, Some(user))?.pop().ok_or(AppError::NotFound))
}

/// Those with a seat, or one of them, whose bounds the caller may lift.
fn bounded(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    one: Option<UserId>,
) -> Result<Vec<Bounded>, AppError> {
    let seats = budget::sitting(az, one)?;
    let lifted = budget::lifted(az)?;
    let mut panels: BTreeMap<(&str, UserId), Vec<PanelId>> = BTreeMap::new();
    for seat in seats.iter().filter(|seat| one.is_none_or(|one| one == seat.user)) {
        panels.entry((&seat.name, seat.user)).or_default().push(seat.panel);
    }
    let coordinators = |of: &[PanelId]| -> Vec<UserId> {
        let coordinates = |seat: &&Sits| seat.role == Role::Coordinator && of.contains(&seat.panel);
        seats.iter().filter(coordinates).map(|seat| seat.user).collect()
    };
    let (me, administers) = (ctx.user(), ctx.actor().administrator);
    let mine = panels
        .into_iter()
        .filter(|((_, user), of)| may_lift(me, administers, *user, &coordinators(of)));
    let shown = mine.map(|((name, user), _)| Bounded {
        user,
        name: name.to_owned(),
        is_lifted: lifted.contains(&user),
    });
    Ok(shown.collect())
}

/// Lifts the bounds of one person for the rest of today. What she opens is watched as before.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::Rule`] `in_person` and `lifted`; [`AppError::Invalid`] without a reason;
/// [`AppError::NotFound`] for whoever may not.
pub fn lift(ctx: &Ctx<'_>, user: UserId, form: &LiftForm) -> Result<(), AppError> {
    ctx.must_be_there()?;
    let reason = Note::parse(&form.reason)
        .map_err(|e| AppError::Invalid(vec![text_error("reason", "Reason", &e)]));
    ctx.write(|az| {
        bounded(ctx, az, Some(user))?.pop().ok_or(AppError::NotFound)?;
        if !budget::lift(az, user, ctx.user(), &reason?)? {
            return Err(AppError::rule("lifted", "The bounds are lifted for today already"));
        }
        let subject = Some(user.uuid());
        let deed =
            Deed::new(AuditKind::Administration, "reading.lift", SubjectKind::Account, subject);
        az.did(deed);
        Ok(())
    })
}

/// Asks whether the caller may look for something by a name or reference: not while she is slowed.
pub(crate) fn may_look(az: &mut Authz<'_>) -> Result<(), AppError> {
    Ok(budget::may_guess(az)?)
}

/// Notes a search that found nothing, as something that was asked for and not given. The words stay nowhere.
pub(crate) fn found_nothing(az: &mut Authz<'_>) {
    az.did(Deed::new(AuditKind::Denial, "search.nothing", SubjectKind::Listing, None));
}

/// Asks for room for a file that is about to be taken, in the transaction that notes it as an export.
pub(crate) fn takes_file(az: &mut Authz<'_>) -> Result<(), AppError> {
    Ok(budget::may_take(az)?)
}

/// Whether a paper of the meeting on `met` is a file like others, for which there has to be room: one of a
/// meeting long over.
pub(crate) fn takes_paper(az: &mut Authz<'_>, met: NaiveDate) -> Result<AuditKind, AppError> {
    if !is_file(met, az.now()) {
        return Ok(AuditKind::Disclosure);
    }
    takes_file(az)?;
    Ok(AuditKind::Export)
}

/// Notes that a bound was reached: a finding, once a day, that names no case.
pub(crate) fn reached(ctx: &Ctx<'_>, spent: &Spent) -> Result<(), AppError> {
    let many = spent.bound + usize::from(spent.kind != Kind::Guesses);
    let finding = Finding { rule: spent.kind.rule(), day: ctx.today, many };
    ctx.apart(|az| {
        if watch::add(az, ctx.user(), &finding)? {
            let subject = Some(ctx.user().uuid());
            let deed = Deed::new(AuditKind::Denial, SPENT, SubjectKind::Account, subject);
            az.did(deed.with(spent.kind.code()));
        }
        Ok(())
    })
}
