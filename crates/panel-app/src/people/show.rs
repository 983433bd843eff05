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
    /// The record; without an address for a reader who must not have it.
    pub person: Person,
    /// Whether the address was left out for this reader.
    pub shortened: bool,
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

/// One record that the caller may know of. The address of a victim or child is left out for agencies
/// that did not refer her or him.
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
        let naming = referrals::naming(az, &[id], REFERRALS)?;
        let hidden = !runs && is_protected(ctx, &person, &cases, &naming);
        let others: Vec<PersonId> = records.iter().copied().filter(|one| *one != id).collect();
        let others = people::find_many(az, &others)?.into_iter();
        Ok(PersonDetail {
            shortened: hidden && !(person.address.is_empty() && person.postcode.is_empty()),
            person: if hidden { without_address(person) } else { person },
            // Another record may be another agency's; its own page says what this reader may read.
            records: others.map(|one| if runs { one } else { without_address(one) }).collect(),
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

/// Whether the address may reach the reader's agency only through the panel: it is that of a victim
/// or child, and the agency did not refer her or him.
fn is_protected(
    ctx: &Ctx<'_>,
    person: &Person,
    cases: &[CaseRow],
    referrals: &[ReferralRow],
) -> bool {
    let referred = referrals.iter().any(|row| row.perpetrator == person.id);
    let managed = cases.iter().any(|row| row.person == person.id);
    let own = referrals.iter().any(|row| ctx.actor().acts_for(row.agency, row.panel));
    !(referred || managed || own)
}

fn without_address(person: Person) -> Person {
    Person { address: String::new(), postcode: String::new(), ..person }
}
