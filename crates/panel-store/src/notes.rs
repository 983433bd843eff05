//! Sealed notes on cases: what not everybody who takes part may read.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::handling::{Reading, parsed};
use crate::schema::{agencies, case_notes, users};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::handling::{Marked, Marking, NoteKind, Record};
use panel_core::id::{AgencyId, CaseId, Id, NoteId, PanelId, UserId};

/// Notes that one page of a case shows at most, the latest first.
const SHOWN: i64 = 200;

/// A note that the caller reads, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Its id.
    pub id: NoteId,
    /// Its case.
    pub case: CaseId,
    /// The panel of its case.
    pub panel: PanelId,
    /// The agency whose note it is.
    pub agency: AgencyId,
    /// That agency's name.
    pub agency_name: String,
    /// What it is about.
    pub kind: NoteKind,
    /// What it is marked with.
    pub marking: Marking,
    /// Whether it says who told.
    pub has_source: bool,
    /// The records that it uses.
    pub draws_on: Vec<Record>,
    /// Who wrote it.
    pub written_by: UserId,
    /// By name.
    pub writer: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

impl NoteRow {
    /// The note with what decides who reads it.
    pub const fn marked(&self) -> Marked<'_> {
        Marked { panel: self.panel, origin: self.agency, marking: &self.marking }
    }
}

#[derive(Queryable)]
struct Row {
    id: NoteId,
    case: CaseId,
    panel: PanelId,
    agency: AgencyId,
    agency_name: String,
    kind: NoteKind,
    marking: String,
    has_source: bool,
    draws_on: String,
    written_by: UserId,
    writer: String,
    written_at: DateTime<Utc>,
}

impl TryFrom<Row> for NoteRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            case: row.case,
            panel: row.panel,
            agency: row.agency,
            agency_name: row.agency_name,
            kind: row.kind,
            marking: parsed(&row.marking)?,
            has_source: row.has_source,
            draws_on: serde_json::from_str(&row.draws_on)?,
            written_by: row.written_by,
            writer: row.writer,
            written_at: row.written_at,
        })
    }
}

type Source = InnerJoinQuerySource<
    InnerJoinQuerySource<case_notes::table, agencies::table>,
    users::table,
    diesel::dsl::Eq<users::id, case_notes::written_by>,
>;

macro_rules! notes {
    ($az:expr) => {{
        let seen = in_scope!($az, Source, case_notes::panel_id, case_notes::case_id);
        case_notes::table
            .inner_join(agencies::table)
            .inner_join(users::table.on(users::id.eq(case_notes::written_by)))
            .filter(seen)
            .select((
                case_notes::id,
                case_notes::case_id,
                case_notes::panel_id,
                case_notes::agency_id,
                agencies::name,
                case_notes::kind,
                case_notes::marking,
                case_notes::source.is_not_null(),
                case_notes::draws_on,
                case_notes::written_by,
                users::name,
                case_notes::written_at,
            ))
    }};
}

fn readable(az: &mut Authz<'_>, rows: Vec<Row>) -> Result<Vec<NoteRow>, StoreError> {
    let mut found: Vec<NoteRow> =
        rows.into_iter().map(NoteRow::try_from).collect::<Result<_, _>>()?;
    let reading = Reading::of(az, found.iter().map(|note| &note.marking))?;
    found.retain(|note| reading.lets(az, note.marked()));
    Ok(found)
}

/// The notes on a case that the caller reads, the latest first.
pub fn of_case(az: &mut Authz<'_>, case: CaseId) -> Result<Vec<NoteRow>, StoreError> {
    let rows = notes!(az)
        .filter(case_notes::case_id.eq(Sql(case)))
        .order(case_notes::id.desc())
        .limit(SHOWN)
        .load(az.conn())?;
    let found = readable(az, rows)?;
    az.saw("note.list", SubjectKind::Case, Some(case.uuid()), None, [case]);
    Ok(found)
}

/// One note, when the caller reads it.
pub fn find(az: &mut Authz<'_>, id: NoteId) -> Result<Option<NoteRow>, StoreError> {
    let rows = notes!(az).filter(case_notes::id.eq(Sql(id))).load(az.conn())?;
    let found = readable(az, rows)?.pop();
    if let Some(note) = &found {
        az.saw("note.show", SubjectKind::Note, Some(id.uuid()), Some(note.panel), [note.case]);
    }
    Ok(found)
}

/// What a note that the caller has found says, sealed.
pub fn sealed(az: &mut Authz<'_>, note: &NoteRow) -> Result<Vec<u8>, StoreError> {
    Ok(case_notes::table.find(Sql(note.id)).select(case_notes::sealed).first(az.conn())?)
}

/// Who told, sealed, of a note that the caller has found.
pub fn source(az: &mut Authz<'_>, note: &NoteRow) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(case_notes::table.find(Sql(note.id)).select(case_notes::source).first(az.conn())?)
}

/// A note with its sealed text, and its sealed source where it has one.
pub type Sealed = (NoteId, Vec<u8>, Option<Vec<u8>>);

/// Every note on a case, sealed, for whoever tries the keys.
pub fn all_sealed(az: &mut Authz<'_>, case: CaseId) -> Result<Vec<Sealed>, StoreError> {
    Ok(case_notes::table
        .filter(case_notes::case_id.eq(Sql(case)))
        .order(case_notes::id)
        .select((case_notes::id, case_notes::sealed, case_notes::source))
        .load(az.conn())?)
}

/// A note to be kept.
#[derive(Debug)]
pub struct NewNote<'a> {
    /// Its id, which is bound into what is sealed.
    pub id: NoteId,
    /// Its case.
    pub case: CaseId,
    /// The panel of its case.
    pub panel: PanelId,
    /// The agency whose note it is.
    pub agency: AgencyId,
    /// What it is about.
    pub kind: NoteKind,
    /// What it is marked with.
    pub marking: &'a Marking,
    /// What it says, sealed.
    pub sealed: &'a [u8],
    /// Who told, sealed.
    pub source: Option<&'a [u8]>,
    /// The records that it uses.
    pub draws_on: &'a [Record],
    /// Who wrote it.
    pub by: UserId,
}

/// Keeps a note.
pub fn add(az: &mut Authz<'_>, note: &NewNote<'_>) -> Result<(), StoreError> {
    let now = az.now();
    let marking = serde_json::to_string(note.marking)?;
    let draws_on = serde_json::to_string(note.draws_on)?;
    each_backend!(az.conn(), |c| diesel::insert_into(case_notes::table)
        .values((
            case_notes::id.eq(Sql(note.id)),
            case_notes::case_id.eq(Sql(note.case)),
            case_notes::panel_id.eq(Sql(note.panel)),
            case_notes::agency_id.eq(Sql(note.agency)),
            case_notes::kind.eq(Sql(note.kind)),
            case_notes::marking.eq(&marking),
            case_notes::sealed.eq(note.sealed),
            case_notes::source.eq(note.source),
            case_notes::draws_on.eq(&draws_on),
            case_notes::written_by.eq(Sql(note.by)),
            case_notes::written_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(())
}

/// Erases a note that the caller has found.
pub fn erase(az: &mut Authz<'_>, note: &NoteRow) -> Result<(), StoreError> {
    diesel::delete(case_notes::table.find(Sql(note.id))).execute(az.conn())?;
    Ok(())
}
