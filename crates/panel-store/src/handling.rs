//! Markings: who reads one record of a case, and how that was changed.
//!
//! Each function that gives records of a case away asks `Reading` about each of them, after the scope has
//! let the case through. A record that may not be read is left out as if it were not there.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agencies, case_notes, info_replies, info_requests, marking_changes, users};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::handling::{ChangeState, Code, Kinds, Marked, Marking, Record, RecordKind};
use panel_core::id::{
    AgencyId, CaseId, Id, InfoReplyId, MarkingChangeId, NoteId, PanelId, SubjectId, UserId,
};
use panel_core::text::Note;
use panel_core::vocabulary::AgencyType;

/// Proposals that one page shows at most.
const WAITING: i64 = 100;

/// Reads a marking as it is kept.
pub(crate) fn parsed(json: &str) -> Result<Marking, StoreError> {
    Ok(serde_json::from_str(json)?)
}

/// What is known of the caller to decide about marked records.
pub(crate) struct Reading(Kinds);

impl Reading {
    /// Looks up what these markings need to be decided: nothing, but for those that go by kind of agency.
    pub(crate) fn of<'m>(
        az: &mut Authz<'_>,
        markings: impl IntoIterator<Item = &'m Marking>,
    ) -> Result<Self, StoreError> {
        let by_kind = |marking: &Marking| matches!(marking.code, Code::Police | Code::Health);
        if !markings.into_iter().any(by_kind) {
            return Ok(Self(Kinds::new()));
        }
        let seats = az.actor().map(|actor| actor.seats.iter().map(|seat| seat.agency).collect());
        let agencies: Vec<AgencyId> = seats.unwrap_or_default();
        let found: Vec<(AgencyId, AgencyType)> = agencies::table
            .filter(agencies::id.eq_any(all(&agencies)))
            .select((agencies::id, agencies::kind))
            .load(az.conn())?;
        Ok(Self(found.into_iter().collect()))
    }

    /// Whether the caller reads this record.
    pub(crate) fn lets(&self, az: &Authz<'_>, record: Marked<'_>) -> bool {
        az.actor().is_some_and(|actor| actor.may_read(record, &self.0, az.today()))
    }
}

/// A marked record that the caller reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub record: Record,
    /// The panel of its case.
    pub panel: PanelId,
    /// Its case.
    pub case: CaseId,
    /// The agency whose record it is.
    pub agency: AgencyId,
    /// That agency's name.
    pub agency_name: String,
    /// What it is marked with.
    pub marking: Marking,
}

impl Held {
    /// The record with what decides who reads it.
    pub const fn marked(&self) -> Marked<'_> {
        Marked { panel: self.panel, origin: self.agency, marking: &self.marking }
    }
}

type Row = (PanelId, CaseId, AgencyId, String, String);

/// A record, when the caller reads it: of a reply only what was released.
pub fn find(az: &mut Authz<'_>, record: Record) -> Result<Option<Held>, StoreError> {
    let row = match record {
        Record::Reply(id) => reply(az, id)?,
        Record::Note(id) => note(az, id)?,
    };
    let Some((panel, case, agency, agency_name, marking)) = row else { return Ok(None) };
    let held = Held { record, panel, case, agency, agency_name, marking: parsed(&marking)? };
    let reading = Reading::of(az, [&held.marking])?;
    Ok(reading.lets(az, held.marked()).then_some(held))
}

fn reply(az: &mut Authz<'_>, id: InfoReplyId) -> Result<Option<Row>, StoreError> {
    type Source = InnerJoinQuerySource<
        InnerJoinQuerySource<info_replies::table, info_requests::table>,
        agencies::table,
        diesel::dsl::Eq<agencies::id, info_requests::agency_id>,
    >;
    let seen = in_scope!(az, Source, info_requests::panel_id, info_requests::case_id);
    Ok(info_replies::table
        .inner_join(info_requests::table)
        .inner_join(agencies::table.on(agencies::id.eq(info_requests::agency_id)))
        .filter(info_replies::id.eq(Sql(id)).and(info_replies::released.eq(true)))
        .filter(seen)
        .select((
            info_requests::panel_id,
            info_requests::case_id,
            info_requests::agency_id,
            agencies::name,
            info_replies::marking,
        ))
        .first(az.conn())
        .optional()?)
}

fn note(az: &mut Authz<'_>, id: NoteId) -> Result<Option<Row>, StoreError> {
    type Source = InnerJoinQuerySource<case_notes::table, agencies::table>;
    let seen = in_scope!(az, Source, case_notes::panel_id, case_notes::case_id);
    Ok(case_notes::table
        .inner_join(agencies::table)
        .filter(case_notes::id.eq(Sql(id)))
        .filter(seen)
        .select((
            case_notes::panel_id,
            case_notes::case_id,
            case_notes::agency_id,
            agencies::name,
            case_notes::marking,
        ))
        .first(az.conn())
        .optional()?)
}

/// Marks a record that the caller has found differently; `false` when its marking has changed since.
pub fn mark(az: &mut Authz<'_>, held: &Held, after: &Marking) -> Result<bool, StoreError> {
    let (before, after) = (serde_json::to_string(&held.marking)?, serde_json::to_string(after)?);
    let changed = match held.record {
        Record::Reply(id) => diesel::update(info_replies::table)
            .filter(info_replies::id.eq(Sql(id)).and(info_replies::marking.eq(before)))
            .set(info_replies::marking.eq(after))
            .execute(az.conn())?,
        Record::Note(id) => diesel::update(case_notes::table)
            .filter(case_notes::id.eq(Sql(id)).and(case_notes::marking.eq(before)))
            .set(case_notes::marking.eq(after))
            .execute(az.conn())?,
    };
    Ok(changed == 1)
}

/// One change of a marking, done or proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkingChange {
    /// Its id.
    pub id: MarkingChangeId,
    /// Of which record.
    pub record: Record,
    /// Its case.
    pub case: CaseId,
    /// What it was marked with.
    pub before: Marking,
    /// What it is, or is to be, marked with.
    pub after: Marking,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub step: ChangeState,
    /// Who marked it so, or proposed to.
    pub proposed_by: UserId,
    /// By name.
    pub proposer: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The second person, once there was one.
    pub decided_by: Option<UserId>,
    /// When she decided.
    pub decided_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = marking_changes)]
struct ChangeRow {
    id: MarkingChangeId,
    #[diesel(column_name = record_kind)]
    kind: RecordKind,
    #[diesel(column_name = record_id)]
    record: SubjectId,
    #[diesel(column_name = case_id)]
    case: CaseId,
    before: String,
    after: String,
    reason: String,
    step: ChangeState,
    proposed_by: UserId,
    #[diesel(select_expression = users::name)]
    proposer: String,
    proposed_at: DateTime<Utc>,
    decided_by: Option<UserId>,
    decided_at: Option<DateTime<Utc>>,
}

impl TryFrom<ChangeRow> for MarkingChange {
    type Error = StoreError;
    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            record: Record::of(row.kind, row.record.uuid()),
            case: row.case,
            before: parsed(&row.before)?,
            after: parsed(&row.after)?,
            reason: row.reason,
            step: row.step,
            proposed_by: row.proposed_by,
            proposer: row.proposer,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    }
}

macro_rules! changes {
    () => {
        marking_changes::table
            .inner_join(users::table.on(users::id.eq(marking_changes::proposed_by)))
            .select(ChangeRow::as_select())
    };
}

fn parse(rows: Vec<ChangeRow>) -> Result<Vec<MarkingChange>, StoreError> {
    rows.into_iter().map(MarkingChange::try_from).collect()
}

/// How the marking of a record that the caller has found was changed, the latest first.
pub fn changes(az: &mut Authz<'_>, held: &Held) -> Result<Vec<MarkingChange>, StoreError> {
    let record: SubjectId = Id::from_uuid(held.record.uuid());
    let rows = changes!()
        .filter(marking_changes::record_id.eq(Sql(record)))
        .order(marking_changes::id.desc())
        .load(az.conn())?;
    parse(rows)
}

/// Proposals that wait for a second person, of cases that the caller may know of. Whether she reads the
/// record is still to be asked, by [`find`].
pub fn waiting(az: &mut Authz<'_>) -> Result<Vec<MarkingChange>, StoreError> {
    type Source = InnerJoinQuerySource<
        marking_changes::table,
        users::table,
        diesel::dsl::Eq<users::id, marking_changes::proposed_by>,
    >;
    let seen = in_scope!(az, Source, marking_changes::panel_id, marking_changes::case_id);
    let rows = changes!()
        .filter(marking_changes::step.eq(Sql(ChangeState::Proposed)))
        .filter(seen)
        .order(marking_changes::id)
        .limit(WAITING)
        .load(az.conn())?;
    parse(rows)
}

/// A change to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewChange<'a> {
    /// What it is, or is to be, marked with.
    pub after: &'a Marking,
    /// Why.
    pub reason: Option<&'a Note>,
    /// [`ChangeState::Done`], or [`ChangeState::Proposed`] when a second person has to agree.
    pub step: ChangeState,
    /// Who.
    pub by: UserId,
}

/// Keeps a change of a record.
///
/// # Errors
/// [`StoreError::Taken`] when another proposal waits already.
pub fn add_change(
    az: &mut Authz<'_>,
    held: &Held,
    change: NewChange<'_>,
) -> Result<MarkingChangeId, StoreError> {
    let (id, now) = (az.mint::<MarkingChangeId>(), az.now());
    let record: SubjectId = Id::from_uuid(held.record.uuid());
    let (before, after) =
        (serde_json::to_string(&held.marking)?, serde_json::to_string(change.after)?);
    each_backend!(az.conn(), |c| diesel::insert_into(marking_changes::table)
        .values((
            marking_changes::id.eq(Sql(id)),
            marking_changes::record_kind.eq(Sql(held.record.kind())),
            marking_changes::record_id.eq(Sql(record)),
            marking_changes::case_id.eq(Sql(held.case)),
            marking_changes::panel_id.eq(Sql(held.panel)),
            marking_changes::agency_id.eq(Sql(held.agency)),
            marking_changes::before.eq(&before),
            marking_changes::after.eq(&after),
            marking_changes::reason.eq(change.reason.map_or("", Note::as_str)),
            marking_changes::step.eq(Sql(change.step)),
            marking_changes::proposed_by.eq(Sql(change.by)),
            marking_changes::proposed_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(id)
}

/// Ends a proposal; `false` when it waits no more.
pub fn settle(
    az: &mut Authz<'_>,
    id: MarkingChangeId,
    step: ChangeState,
    by: UserId,
) -> Result<bool, StoreError> {
    let now = az.now();
    let changed = diesel::update(marking_changes::table)
        .filter(marking_changes::id.eq(Sql(id)))
        .filter(marking_changes::step.eq(Sql(ChangeState::Proposed)))
        .set((
            marking_changes::step.eq(Sql(step)),
            marking_changes::decided_by.eq(Sql(Some(by))),
            marking_changes::decided_at.eq(Sql(Some(now))),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Forgets how a record was marked: it is erased.
pub fn forget(az: &mut Authz<'_>, held: &Held) -> Result<(), StoreError> {
    let record: SubjectId = Id::from_uuid(held.record.uuid());
    diesel::delete(marking_changes::table)
        .filter(marking_changes::record_id.eq(Sql(record)))
        .execute(az.conn())?;
    Ok(())
}
