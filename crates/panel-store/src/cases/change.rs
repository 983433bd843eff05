//! Opening a case, changing what is agreed about it, closing it and taking that back.

use super::CaseRow;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{case_agencies, cases};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::case::{CaseStatus, Closing, ClosureReason};
use panel_core::id::{AgencyId, CaseId, PanelId, PersonId, UserId};

/// Rows of one statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

/// A case to be opened.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The case.
    pub id: CaseId,
    /// A random reference.
    pub reference: String,
    /// The panel that takes it on.
    pub panel: PanelId,
    /// The record of the person.
    pub person: PersonId,
    /// The local date.
    pub opened_on: NaiveDate,
    /// Whether it came from an imported file.
    pub imported: bool,
}

/// Opens a case. `false` when the reference is taken or the person has an open case at this panel;
/// nothing was changed then, and the transaction goes on.
pub fn insert(az: &mut Authz<'_>, case: &NewCase) -> Result<bool, StoreError> {
    let inserted = each_backend!(az.conn(), |c| diesel::insert_into(cases::table)
        .values((
            cases::id.eq(Sql(case.id)),
            cases::reference.eq(&case.reference),
            cases::panel_id.eq(Sql(case.panel)),
            cases::person_id.eq(Sql(case.person)),
            cases::state.eq(Sql(CaseStatus::Open)),
            cases::opened_on.eq(case.opened_on),
            cases::close_note.eq(""),
            cases::trigger_note.eq(""),
            cases::closure_proposed.eq(""),
            cases::history.eq(""),
            cases::content_version.eq(1),
            cases::imported.eq(case.imported),
            cases::version.eq(1),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// A case from a file: as it was opened, and when it was closed if it was.
#[derive(Debug, Clone)]
pub struct OldCase {
    /// How it was opened.
    pub case: NewCase,
    /// The decision to close it, which nobody here took.
    pub closing: Option<Closing>,
}

/// Adds cases as a file brings them.
///
/// # Errors
/// [`StoreError::Taken`] when a reference is taken, or a person has an open case at the panel.
pub fn insert_old(az: &mut Authz<'_>, old: &[OldCase]) -> Result<(), StoreError> {
    for some in old.chunks(BATCH) {
        let row = |OldCase { case, closing }: &OldCase| {
            let state = if closing.is_some() { CaseStatus::Closed } else { CaseStatus::Open };
            let note = closing.as_ref().and_then(|closing| closing.note.as_ref());
            (
                cases::id.eq(Sql(case.id)),
                cases::reference.eq(case.reference.clone()),
                cases::panel_id.eq(Sql(case.panel)),
                cases::person_id.eq(Sql(case.person)),
                cases::state.eq(Sql(state)),
                cases::opened_on.eq(case.opened_on),
                cases::closed_on.eq(closing.as_ref().map(|closing| closing.on)),
                cases::close_reason.eq(Sql(closing.as_ref().map(|closing| closing.reason))),
                cases::close_note.eq(note.map_or_else(String::new, ToString::to_string)),
                cases::trigger_note.eq(""),
                cases::closure_proposed.eq(""),
                cases::history.eq(""),
                cases::content_version.eq(1),
                cases::imported.eq(case.imported),
                cases::version.eq(1),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(cases::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Lets agencies take part in cases, each from a day on; those that already do stay as they are.
pub fn join_all(
    az: &mut Authz<'_>,
    parts: &[(CaseId, AgencyId, NaiveDate)],
) -> Result<(), StoreError> {
    for some in parts.chunks(BATCH) {
        let row = |(case, agency, since): &(CaseId, AgencyId, NaiveDate)| {
            (
                case_agencies::case_id.eq(Sql(*case)),
                case_agencies::agency_id.eq(Sql(*agency)),
                case_agencies::since.eq(*since),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(case_agencies::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// The open case of a person at a panel, by any of the person's records. It is for deciding where a
/// referral belongs, by whoever may decide that; it goes past the scope and leaves no trail.
pub fn open_of(
    az: &mut Authz<'_>,
    panel: PanelId,
    records: &[PersonId],
) -> Result<Option<CaseId>, StoreError> {
    Ok(cases::table
        .filter(cases::panel_id.eq(Sql(panel)))
        .filter(cases::person_id.eq_any(all(records)))
        .filter(cases::state.eq(Sql(CaseStatus::Open)))
        .order(cases::id)
        .select(cases::id)
        .first(az.conn())
        .optional()?)
}

/// Lets agencies take part in a case; those that already do stay as they are.
pub fn join(az: &mut Authz<'_>, case: CaseId, agencies: &[AgencyId]) -> Result<(), StoreError> {
    let today = az.today();
    for agency in agencies {
        each_backend!(az.conn(), |c| diesel::insert_into(case_agencies::table)
            .values((
                case_agencies::case_id.eq(Sql(case)),
                case_agencies::agency_id.eq(Sql(*agency)),
                case_agencies::since.eq(today),
            ))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Lets agencies take part in a case no more. What they sent stays with the case.
pub fn leave(az: &mut Authz<'_>, case: CaseId, agencies: &[AgencyId]) -> Result<(), StoreError> {
    diesel::delete(
        case_agencies::table
            .filter(case_agencies::case_id.eq(Sql(case)))
            .filter(case_agencies::agency_id.eq_any(all(agencies))),
    )
    .execute(az.conn())?;
    Ok(())
}

/// Raises the version of a case for a change beside its row; `false` when somebody else changed the
/// case since it was read.
pub fn raise_version(az: &mut Authz<'_>, case: &CaseRow) -> Result<bool, StoreError> {
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(Sql(case.id)).and(cases::version.eq(case.version)))
        .set(cases::version.eq(case.version + 1))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Notes that what agencies are asked about in this case has changed.
pub fn raise_content(az: &mut Authz<'_>, case: CaseId) -> Result<(), StoreError> {
    diesel::update(cases::table.find(Sql(case)))
        .set(cases::content_version.eq(cases::content_version + 1))
        .execute(az.conn())?;
    Ok(())
}

/// The same for every case that names a person whose record changed, at whatever panel: what agencies were
/// asked about there is out of date too.
pub fn raise_contents(az: &mut Authz<'_>, of: &[CaseId]) -> Result<(), StoreError> {
    let theirs = diesel::update(cases::table.filter(cases::id.eq_any(all(of))))
        .set(cases::content_version.eq(cases::content_version + 1));
    az.beyond(Beyond::Linking, |conn| {
        theirs.execute(conn)?;
        Ok(())
    })
}

/// Agrees on the next review and on the event that brings the case back; `false` when somebody else
/// changed the case since it was read.
pub fn set_review(
    az: &mut Authz<'_>,
    case: &CaseRow,
    next_review_on: Option<NaiveDate>,
    trigger_note: &str,
) -> Result<bool, StoreError> {
    let trigger_at = match trigger_note {
        "" => None,
        same if same == case.trigger_note => case.trigger_at,
        _ => Some(az.now()),
    };
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(Sql(case.id)).and(cases::version.eq(case.version)))
        .set((
            cases::next_review_on.eq(next_review_on),
            cases::trigger_note.eq(trigger_note),
            cases::trigger_at.eq(Sql(trigger_at)),
            cases::version.eq(case.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Keeps a proposal to close the case, as core's JSON, or takes it away with an empty text; `false`
/// when somebody else changed the case since it was read.
pub fn propose_closure(
    az: &mut Authz<'_>,
    case: &CaseRow,
    proposal: &str,
) -> Result<bool, StoreError> {
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(Sql(case.id)).and(cases::version.eq(case.version)))
        .set((cases::closure_proposed.eq(proposal), cases::version.eq(case.version + 1)))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Closes the case: there is no next review, nothing that brings it back and no proposal any more;
/// `false` when somebody else changed the case since it was read.
pub fn close(
    az: &mut Authz<'_>,
    case: &CaseRow,
    closing: &Closing,
    by: Option<UserId>,
) -> Result<bool, StoreError> {
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(Sql(case.id)).and(cases::version.eq(case.version)))
        .set((
            cases::state.eq(Sql(CaseStatus::Closed)),
            cases::closed_on.eq(Some(closing.on)),
            cases::closed_by.eq(Sql(by)),
            cases::close_reason.eq(Sql(Some(closing.reason))),
            cases::close_note.eq(closing.note.as_ref().map_or("", AsRef::as_ref)),
            cases::next_review_on.eq(None::<NaiveDate>),
            cases::trigger_note.eq(""),
            cases::trigger_at.eq(Sql(None::<DateTime<Utc>>)),
            cases::closure_proposed.eq(""),
            cases::version.eq(case.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Opens a closed case again and keeps the closure in its `history`, core's JSON; `false` when
/// somebody else changed the case since it was read.
///
/// # Errors
/// [`StoreError::Taken`] when the person has another open case at the panel.
pub fn reopen(az: &mut Authz<'_>, case: &CaseRow, history: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(cases::table)
        .filter(cases::id.eq(Sql(case.id)).and(cases::version.eq(case.version)))
        .set((
            cases::state.eq(Sql(CaseStatus::Open)),
            cases::closed_on.eq(None::<NaiveDate>),
            cases::closed_by.eq(Sql(None::<UserId>)),
            cases::close_reason.eq(Sql(None::<ClosureReason>)),
            cases::close_note.eq(""),
            cases::history.eq(history),
            cases::version.eq(case.version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}
