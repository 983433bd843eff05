//! The people of an agency, confirmed each quarter by its lead.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::{DateTime, NaiveDate, Utc};
use panel_core::access::Role;
use panel_core::attestation::{Quarter, Standing, standing};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id, UserId};
use panel_store::attestations::{self, Member};
use panel_store::{Authz, agencies, dormant};
use std::collections::BTreeSet;

/// A person of an agency, as its lead sees them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// That person's name.
    pub name: String,
    /// Whether the person runs the service, whom only an administrator removes.
    pub administrator: bool,
    /// When the person last signed in.
    pub last_sign_in: Option<DateTime<Utc>>,
    /// The day on which the account was suspended.
    pub suspended_on: Option<NaiveDate>,
    /// When the person was confirmed in this quarter.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// An agency that the caller leads.
#[derive(Debug, Clone)]
pub struct AgencyPeople {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// How far it has come.
    pub standing: Standing,
    /// Its people, by name.
    pub people: Vec<Person>,
}

/// An agency, as whoever runs a panel or the service sees it.
#[derive(Debug, Clone)]
pub struct AgencyStanding {
    /// Its name.
    pub name: String,
    /// How many people it employs.
    pub people: usize,
    /// How many of them nobody confirmed in this quarter.
    pub unconfirmed: usize,
    /// How far it has come.
    pub standing: Standing,
    /// Whether anybody leads it.
    pub has_lead: bool,
}

/// The agencies that the caller leads today.
fn led(ctx: &Ctx<'_>) -> BTreeSet<AgencyId> {
    let seats = ctx.actor().seats.iter();
    seats.filter(|seat| seat.role == Role::AgencyLead).map(|seat| seat.agency).collect()
}

fn person(member: Member) -> Person {
    let Member { user, name, administrator, last_sign_in, suspended_on, confirmed_at } = member;
    Person { user, name, administrator, last_sign_in, suspended_on, confirmed_at }
}

fn unconfirmed(people: &[Member]) -> usize {
    people.iter().filter(|one| one.confirmed_at.is_none()).count()
}

/// The people of the agencies that the caller leads.
///
/// # Errors
/// [`AppError::NotFound`] for whoever leads none.
pub fn own(ctx: &Ctx<'_>) -> Result<Vec<AgencyPeople>, AppError> {
    let led = led(ctx);
    if led.is_empty() {
        return Err(AppError::NotFound);
    }
    let quarter = Quarter::of(ctx.today);
    ctx.read(|az| {
        let mut all = Vec::new();
        for agency in led {
            let name = agencies::find(az, agency)?.ok_or(AppError::NotFound)?.value.name.into();
            let people = attestations::members(az, agency, quarter)?;
            let standing = standing(unconfirmed(&people), ctx.today);
            let people = people.into_iter().map(person).collect();
            all.push(AgencyPeople { agency, name, standing, people });
        }
        Ok(all)
    })
}

/// Confirms that these people still work for an agency that the caller leads, and still need access.
///
/// # Errors
/// [`AppError::NotFound`] when one of them does not, or the caller does not lead the agency; then nobody
/// is confirmed.
pub fn confirm(ctx: &Ctx<'_>, agency: AgencyId, people: &[UserId]) -> Result<(), AppError> {
    if !led(ctx).contains(&agency) {
        return Err(AppError::NotFound);
    }
    let quarter = Quarter::of(ctx.today);
    ctx.write(|az| {
        let members = attestations::members(az, agency, quarter)?;
        for user in people {
            let member = members.iter().find(|one| one.user == *user);
            if member.ok_or(AppError::NotFound)?.confirmed_at.is_some() {
                continue;
            }
            attestations::confirm(az, *user, agency, quarter, ctx.user())?;
            let (kind, who) = (AuditKind::Administration, Some(user.uuid()));
            let deed = Deed::new(kind, "account.attested", SubjectKind::Account, who);
            az.did(deed.with(quarter.first().to_string()));
        }
        Ok(())
    })
}

/// How far every agency has come in this quarter.
///
/// # Errors
/// [`AppError::NotFound`] for whoever neither administers nor runs a panel.
pub fn standings(ctx: &Ctx<'_>) -> Result<Vec<AgencyStanding>, AppError> {
    let runs = ctx.actor().seats.iter().any(|seat| ctx.actor().runs(seat.panel));
    if !ctx.actor().administrator && !runs {
        return Err(AppError::NotFound);
    }
    ctx.read(|az| {
        let counts = attestations::counts(az, Quarter::of(ctx.today))?;
        counts.into_iter().map(|count| of_agency(az, count, ctx.today)).collect()
    })
}

fn of_agency(
    az: &mut Authz<'_>,
    count: attestations::Count,
    today: NaiveDate,
) -> Result<AgencyStanding, AppError> {
    Ok(AgencyStanding {
        has_lead: !dormant::leads(az, count.agency)?.is_empty(),
        standing: standing(count.unconfirmed, today),
        name: count.name,
        people: count.people,
        unconfirmed: count.unconfirmed,
    })
}
