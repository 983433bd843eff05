//! Taking a referral in and changing what it says or how it stands.

use super::{IncidentRow, Mention, Referral};
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{cases, incidents, referral_people, referrals};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::id::{CaseId, MeetingId, PersonId, ReferralId, UserId};
use panel_core::referral::{LateDecision, OpenForm, Triage, TriageState};
use std::collections::BTreeSet;

/// Rows of one statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

/// A referral to be taken in. The records it names are there already.
#[derive(Debug, Clone)]
pub struct NewReferral<'a> {
    /// A random reference.
    pub reference: String,
    /// What is referred.
    pub form: &'a OpenForm,
    /// The record of the perpetrator.
    pub perpetrator: PersonId,
    /// How its triage stands; it names the referral.
    pub triage: Triage,
    /// The case it belongs to, where it is accepted already.
    pub case: Option<CaseId>,
    /// Who typed it in.
    pub entered_by: UserId,
    /// Whether it came from an imported file.
    pub imported: bool,
    /// Victims and children.
    pub mentions: Vec<Mention>,
    /// Incidents.
    pub incidents: Vec<IncidentRow>,
}

fn decided_at(triage: &Triage) -> Option<DateTime<Utc>> {
    match &triage.state {
        TriageState::Received | TriageState::Proposed(_) => None,
        TriageState::Decided(decision) => Some(decision.at),
        TriageState::Withdrawn { at, .. } => Some(*at),
    }
}

/// The columns of a new referral.
macro_rules! new_row {
    ($new:expr, $now:expr) => {
        (
            referrals::id.eq(Sql($new.triage.referral)),
            referrals::reference.eq($new.reference.clone()),
            referrals::panel_id.eq(Sql($new.form.panel)),
            referrals::received_at.eq(Sql($new.triage.received_at)),
            referrals::source.eq(Sql($new.form.source)),
            referrals::agency_id.eq(Sql($new.form.referring_agency)),
            referrals::perpetrator_id.eq(Sql($new.perpetrator)),
            referrals::state.eq(Sql($new.triage.status())),
            referrals::triage.eq(serde_json::to_string(&$new.triage)?),
            referrals::history.eq("[]"),
            referrals::resubmitted_at.eq(Sql($new.triage.resubmitted_at)),
            referrals::decided_at.eq(Sql(decided_at(&$new.triage))),
            referrals::late_reason.eq(""),
            referrals::case_id.eq(Sql($new.case)),
            referrals::particulars.eq(serde_json::to_string($new.form)?),
            referrals::entered_by.eq(Sql($new.entered_by)),
            referrals::entered_at.eq(Sql($now)),
            referrals::imported.eq($new.imported),
            referrals::version.eq(1),
        )
    };
}

/// Takes a referral in. `false` when the reference is taken; nothing was changed then, and the
/// transaction goes on.
pub fn insert(az: &mut Authz<'_>, new: &NewReferral<'_>) -> Result<bool, StoreError> {
    let now = az.now();
    let inserted = each_backend!(az.conn(), |c| diesel::insert_into(referrals::table)
        .values(new_row!(new, now))
        .on_conflict_do_nothing()
        .execute(c))?;
    if inserted == 1 {
        insert_details(az, std::slice::from_ref(new))?;
    }
    Ok(inserted == 1)
}

/// Takes referrals in, as a file brings them.
///
/// # Errors
/// [`StoreError::Taken`] when a reference is taken; see [`taken`].
pub fn insert_all(az: &mut Authz<'_>, new: &[NewReferral<'_>]) -> Result<(), StoreError> {
    let now = az.now();
    for some in new.chunks(BATCH) {
        let row = |new: &NewReferral<'_>| Ok::<_, StoreError>(new_row!(new, now));
        let rows = some.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        each_backend!(az.conn(), |c| diesel::insert_into(referrals::table)
            .values(&rows)
            .execute(c))?;
        insert_details(az, some)?;
    }
    Ok(())
}

/// Those of these references that another referral or a case has.
pub fn taken(az: &mut Authz<'_>, references: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let mut taken = BTreeSet::new();
    for some in references.chunks(BATCH) {
        let of_referrals = referrals::table.filter(referrals::reference.eq_any(some));
        let of_cases = cases::table.filter(cases::reference.eq_any(some));
        az.beyond(Beyond::References, |conn| {
            taken.extend(of_referrals.select(referrals::reference).load::<String>(conn)?);
            taken.extend(of_cases.select(cases::reference).load::<String>(conn)?);
            Ok(())
        })?;
    }
    Ok(taken)
}

fn insert_details(az: &mut Authz<'_>, of: &[NewReferral<'_>]) -> Result<(), StoreError> {
    let of_each = |new: &NewReferral<'_>| {
        let referral = new.triage.referral;
        let mentions: Vec<_> = new.mentions.iter().map(|it| (referral, *it)).collect();
        let incidents: Vec<_> = new.incidents.iter().map(|it| (referral, *it)).collect();
        (mentions, incidents)
    };
    let (mentions, incidents): (Vec<_>, Vec<_>) = of.iter().map(of_each).unzip();
    insert_mentions(az, &mentions.concat())?;
    insert_incidents(az, &incidents.concat())
}

fn insert_mentions(az: &mut Authz<'_>, all: &[(ReferralId, Mention)]) -> Result<(), StoreError> {
    for some in all.chunks(BATCH) {
        let row = |(referral, mention): &(ReferralId, Mention)| {
            (
                referral_people::referral_id.eq(Sql(*referral)),
                referral_people::person_id.eq(Sql(mention.person)),
                referral_people::role.eq(Sql(mention.named_as)),
                referral_people::position.eq(mention.position),
                referral_people::relationship.eq(Sql(mention.relationship)),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(referral_people::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

fn insert_incidents(
    az: &mut Authz<'_>,
    all: &[(ReferralId, IncidentRow)],
) -> Result<(), StoreError> {
    for some in all.chunks(BATCH) {
        let row = |(referral, incident): &(ReferralId, IncidentRow)| {
            (
                incidents::id.eq(Sql(incident.id)),
                incidents::referral_id.eq(Sql(*referral)),
                incidents::victim_id.eq(Sql(incident.victim)),
                incidents::happened_on.eq(incident.happened_on),
                incidents::identified_on.eq(incident.identified_on),
                incidents::crime.eq(incident.crime),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(incidents::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Sets whom a referral names beside the perpetrator.
pub fn replace_mentions(
    az: &mut Authz<'_>,
    referral: ReferralId,
    mentions: &[Mention],
) -> Result<(), StoreError> {
    diesel::delete(referral_people::table.filter(referral_people::referral_id.eq(Sql(referral))))
        .execute(az.conn())?;
    let mentions: Vec<_> = mentions.iter().map(|it| (referral, *it)).collect();
    insert_mentions(az, &mentions)
}

/// Sets the incidents of a referral.
pub fn replace_incidents(
    az: &mut Authz<'_>,
    referral: ReferralId,
    rows: &[IncidentRow],
) -> Result<(), StoreError> {
    diesel::delete(incidents::table.filter(incidents::referral_id.eq(Sql(referral))))
        .execute(az.conn())?;
    let rows: Vec<_> = rows.iter().map(|it| (referral, *it)).collect();
    insert_incidents(az, &rows)
}

/// Replaces what was referred; `false` when somebody else changed the referral since it was read.
pub fn set_form(
    az: &mut Authz<'_>,
    referral: &Referral,
    form: &OpenForm,
) -> Result<bool, StoreError> {
    let row = &referral.row;
    let triage = Triage { received_at: form.received_at, ..referral.triage.clone() };
    let changed = diesel::update(referrals::table)
        .filter(referrals::id.eq(Sql(row.id)).and(referrals::version.eq(row.version)))
        .set((
            referrals::received_at.eq(Sql(form.received_at)),
            referrals::source.eq(Sql(form.source)),
            referrals::triage.eq(serde_json::to_string(&triage)?),
            referrals::particulars.eq(serde_json::to_string(form)?),
            referrals::version.eq(row.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Moves the triage on; `false` when somebody else changed the referral since it was read. A
/// decision that is answered or taken back goes into the history.
pub fn set_triage(
    az: &mut Authz<'_>,
    referral: &Referral,
    triage: &Triage,
) -> Result<bool, StoreError> {
    let row = &referral.row;
    let mut history = referral.history.clone();
    if matches!(referral.triage.state, TriageState::Decided(_)) {
        history.push(referral.triage.state.clone());
    }
    let changed = diesel::update(referrals::table)
        .filter(referrals::id.eq(Sql(row.id)).and(referrals::version.eq(row.version)))
        .set((
            referrals::state.eq(Sql(triage.status())),
            referrals::triage.eq(serde_json::to_string(triage)?),
            referrals::history.eq(serde_json::to_string(&history)?),
            referrals::resubmitted_at.eq(Sql(triage.resubmitted_at)),
            referrals::decided_at.eq(Sql(decided_at(triage))),
            referrals::version.eq(row.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Says which way a late referral goes, and for which meeting it is late; `false` when somebody
/// else changed the referral since it was read.
pub fn set_late(
    az: &mut Authz<'_>,
    referral: &Referral,
    late: &LateDecision,
    meeting: Option<MeetingId>,
) -> Result<bool, StoreError> {
    let row = &referral.row;
    let changed = diesel::update(referrals::table)
        .filter(referrals::id.eq(Sql(row.id)).and(referrals::version.eq(row.version)))
        .set((
            referrals::late_lane.eq(Sql(Some(late.lane))),
            referrals::late_reason.eq(late.reason.as_ref().map_or("", AsRef::as_ref)),
            referrals::late_by.eq(Sql(Some(late.by))),
            referrals::late_at.eq(Sql(Some(late.at))),
            referrals::meeting_id.eq(Sql(meeting)),
            referrals::version.eq(row.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Says to which case an accepted referral belongs.
pub fn set_case(az: &mut Authz<'_>, referral: ReferralId, case: CaseId) -> Result<(), StoreError> {
    diesel::update(referrals::table.find(Sql(referral)))
        .set(referrals::case_id.eq(Sql(Some(case))))
        .execute(az.conn())?;
    Ok(())
}
