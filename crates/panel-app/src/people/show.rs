//! What is shown of a record: the person, the other records of the same person, and where they occur.

use super::{Link, Person};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::id::PersonId;
use panel_store::Authz;
use panel_store::cases::{self, CaseRow};
use panel_store::people;
use panel_store::referrals::{self, ReferralRow};

/// Referrals that the page of a record shows.
const REFERRALS: i64 = 50;

/// One record as its page shows it.
#[derive(Debug, Clone)]
pub struct PersonDetail {
    /// The record.
    pub person: Person,
    /// Whether the record is that of somebody referred. Where victims and children are is in no record.
    pub is_referred: bool,
    /// Other records of the same person within the caller's sight, oldest first.
    pub records: Vec<Person>,
    /// Cases of the person, newest first.
    pub cases: Vec<CaseRow>,
    /// Referrals that name the person, as whatever, the newest first, at most 50.
    pub referrals: Vec<ReferralRow>,
    /// Records that look alike, with what was said about them; for whoever may decide it.
    pub links: Vec<Link>,
    /// Whether the caller may correct the record and link it.
    pub may_correct: bool,
}

/// One record that the caller may know of.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: PersonId) -> Result<Person, AppError> {
    Ok(detail(ctx, id)?.person)
}

/// One record with what it is linked to and where it occurs.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn detail(ctx: &Ctx<'_>, id: PersonId) -> Result<PersonDetail, AppError> {
    ctx.read(|az| {
        let person = people::find(az, id)?.ok_or(AppError::NotFound)?;
        let records = people::records_of(az, id)?;
        let cases = cases::of_person(az, &records)?;
        let referrals = referrals::naming(az, &records, REFERRALS)?;
        let runs = runs(ctx, az, id)?;
        let others: Vec<PersonId> = records.iter().copied().filter(|one| *one != id).collect();
        Ok(PersonDetail {
            is_referred: people::is_referred(az, id)?,
            records: people::find_many(az, &others)?,
            person,
            links: if runs { people::links_of(az, &[id])? } else { Vec::new() },
            may_correct: runs,
            cases,
            referrals,
        })
    })
}

fn runs(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: PersonId) -> Result<bool, AppError> {
    let panels = people::panels_of(az, id)?;
    Ok(panels.iter().any(|panel| ctx.actor().runs(*panel)))
}
