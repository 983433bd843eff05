//! What follows when the panel takes a referral: it joins the person's open case, or opens one.

use crate::context::Ctx;
use crate::error::AppError;
use crate::random::reference;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, Id};
use panel_core::likeness::Verdict;
use panel_store::Authz;
use panel_store::cases::{self, NewCase};
use panel_store::people;
use panel_store::referrals::{self, Referral};

/// How often a random reference is drawn again when it is taken.
const DRAWS: usize = 5;

/// Puts an accepted referral into a case. The agency that referred takes part in it from now on;
/// core agencies do when they are asked.
pub(super) fn into_case(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: &Referral,
) -> Result<CaseId, AppError> {
    let row = &referral.row;
    people::hold(az, row.perpetrator)?;
    undecided(az, referral)?;
    let records = people::records_of(az, row.perpetrator)?;
    let case = match cases::open_of(az, row.panel, &records)? {
        Some(open) => {
            cases::raise_content(az, open)?;
            open
        }
        None => open(ctx, az, referral)?,
    };
    referrals::set_case(az, row.id, case)?;
    cases::join(az, case, &[row.agency])?;
    Ok(case)
}

/// A referral is not accepted while somebody has still to say whether its person is one that the
/// panel knows: else one person would have two cases.
fn undecided(az: &mut Authz<'_>, referral: &Referral) -> Result<(), AppError> {
    let person = referral.row.perpetrator;
    let links = people::links_of(az, &[person])?;
    let open = links.iter().filter(|link| link.verdict == Verdict::Offered).count();
    if open == 0 {
        return Ok(());
    }
    let message = "Decide first whether this is the same person as another record that looks alike";
    Err(AppError::rule("undecided_likeness", message))
}

fn open(ctx: &Ctx<'_>, az: &mut Authz<'_>, referral: &Referral) -> Result<CaseId, AppError> {
    let row = &referral.row;
    let mut new = NewCase {
        id: ctx.mint(),
        reference: String::new(),
        panel: row.panel,
        person: row.perpetrator,
        opened_on: ctx.today,
        imported: false,
    };
    for _ in 0..DRAWS {
        new.reference = reference(az.ids());
        if cases::insert(az, &new)? {
            let subject = Some(new.id.uuid());
            let deed = Deed::new(AuditKind::Collection, "case.open", SubjectKind::Case, subject);
            az.did(deed.at(row.panel).in_case(Some(new.id)));
            return Ok(new.id);
        }
    }
    Err(AppError::Stale)
}
