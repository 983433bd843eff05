//! Files that a coordinator brings: what was uploaded, how it is to be read, and which record each
//! of its rows became.
//!
//! An upload belongs to its panel and is seen by that panel's coordinators alone. Its bytes are kept
//! until it is confirmed or dropped, and then they are gone.

use crate::audit::AnyId;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{agenda_items, cases, import_keys, imports, meetings, people, referrals};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::coded;
use panel_core::id::{
    AgendaItemId, CaseId, Id, ImportId, MeetingId, PanelId, PersonId, ReferralId, UserId,
};
use panel_core::meeting::MeetingState;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows of one statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

coded! {
    /// How far an upload has come.
    pub enum ImportState: "state of an import" {
        /// Read; nothing of it is saved but its bytes.
        Read = "read" => "To be checked",
        /// Imported.
        Confirmed = "confirmed" => "Imported",
        /// Thrown away.
        Dropped = "dropped" => "Discarded",
    }
}

coded! {
    /// What a row of a file became.
    pub enum KeyKind: "kind of imported record" {
        /// A referral.
        Referral = "referral" => "Referral",
        /// An action.
        Action = "action" => "Action",
        /// A person who uses the service.
        Rep = "rep" => "Agency representative",
        /// A meeting, by its date.
        Meeting = "meeting" => "Meeting",
    }
}

/// An upload without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = imports)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The panel it is for.
    #[diesel(column_name = panel_id)]
    pub panel: PanelId,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// The file's name, as a label.
    pub file_name: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How it is read, as the application's JSON.
    #[serde(skip)]
    pub mapping: String,
    /// How far it has come.
    pub state: ImportState,
    /// What became of it, as the application's JSON; empty until it is imported.
    #[serde(skip)]
    pub summary: String,
    /// The version a change must name.
    pub version: i32,
}

/// An upload with its sealed bytes, while they are kept.
pub type Whole = (Import, Option<Vec<u8>>);

/// The panels whose uploads the caller may know of.
fn panels(az: &Authz<'_>) -> Vec<PanelId> {
    let Some(actor) = az.actor() else { return Vec::new() };
    let panels = actor.seats.iter().map(|seat| seat.panel);
    panels.filter(|panel| actor.coordinates(*panel)).collect()
}

/// Keeps an upload, its bytes sealed.
pub fn insert(az: &mut Authz<'_>, import: &Import, content: &[u8]) -> Result<(), StoreError> {
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(Sql(import.id)),
            imports::panel_id.eq(Sql(import.panel)),
            imports::uploaded_by.eq(Sql(import.uploaded_by)),
            imports::uploaded_at.eq(Sql(import.uploaded_at)),
            imports::file_name.eq(&import.file_name),
            imports::sha256.eq(&import.sha256),
            imports::content.eq(Some(content)),
            imports::mapping.eq(&import.mapping),
            imports::state.eq(Sql(ImportState::Read)),
            imports::summary.eq(""),
            imports::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// One upload with its bytes while they are kept, for the coordinators of its panel.
pub fn find(az: &mut Authz<'_>, id: ImportId) -> Result<Option<Whole>, StoreError> {
    let panels = panels(az);
    let found: Option<Whole> = imports::table
        .filter(imports::id.eq(Sql(id)))
        .filter(imports::panel_id.eq_any(all(&panels)))
        .select((Import::as_select(), imports::content))
        .first(az.conn())
        .optional()?;
    if let Some((import, _)) = &found {
        az.saw("import.show", SubjectKind::Import, Some(id.uuid()), Some(import.panel), []);
    }
    Ok(found)
}

/// The newest uploads for a panel, at most `limit`, older than `before` when given.
pub fn list(
    az: &mut Authz<'_>,
    panel: PanelId,
    before: Option<ImportId>,
    limit: i64,
) -> Result<Vec<Import>, StoreError> {
    let panels = panels(az);
    let mut query = imports::table
        .filter(imports::panel_id.eq(Sql(panel)))
        .filter(imports::panel_id.eq_any(all(&panels)))
        .order(imports::id.desc())
        .limit(limit)
        .select(Import::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(imports::id.lt(Sql(before)));
    }
    Ok(query.load(az.conn())?)
}

/// Changes how an upload is read; `false` when somebody else changed it since `version` was read, or
/// it is no longer to be checked.
pub fn set_mapping(
    az: &mut Authz<'_>,
    id: ImportId,
    version: i32,
    mapping: &str,
) -> Result<bool, StoreError> {
    let changed = diesel::update(imports::table)
        .filter(imports::id.eq(Sql(id)).and(imports::version.eq(version)))
        .filter(imports::state.eq(Sql(ImportState::Read)))
        .set((imports::mapping.eq(mapping), imports::version.eq(version + 1)))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Ends an upload, as imported or as dropped, and forgets its bytes; `false` as for
/// [`set_mapping`].
pub fn end(
    az: &mut Authz<'_>,
    id: ImportId,
    version: i32,
    state: ImportState,
    summary: &str,
) -> Result<bool, StoreError> {
    let changed = diesel::update(imports::table)
        .filter(imports::id.eq(Sql(id)).and(imports::version.eq(version)))
        .filter(imports::state.eq(Sql(ImportState::Read)))
        .set((
            imports::state.eq(Sql(state)),
            imports::summary.eq(summary),
            imports::content.eq(None::<Vec<u8>>),
            imports::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    Ok(changed == 1)
}

/// Which record of the panel each of these rows has become in an earlier import.
pub fn keys(
    az: &mut Authz<'_>,
    panel: PanelId,
    kind: KeyKind,
    externals: &[String],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let mut found = HashMap::new();
    for some in externals.chunks(BATCH) {
        let rows: Vec<(String, AnyId)> = import_keys::table
            .filter(import_keys::panel_id.eq(Sql(panel)))
            .filter(import_keys::kind.eq(Sql(kind)))
            .filter(import_keys::key.eq_any(some))
            .select((import_keys::key, import_keys::record_id))
            .load(az.conn())?;
        found.extend(rows.into_iter().map(|(key, AnyId(id))| (key, id)));
    }
    Ok(found)
}

/// Keeps which record each row has become.
///
/// # Errors
/// [`StoreError::Taken`] when another import took one of these rows meanwhile.
pub fn insert_keys(
    az: &mut Authz<'_>,
    import: &Import,
    keys: &[(KeyKind, String, Uuid)],
) -> Result<(), StoreError> {
    for some in keys.chunks(BATCH) {
        let row = |(kind, key, record): &(KeyKind, String, Uuid)| {
            (
                import_keys::panel_id.eq(Sql(import.panel)),
                import_keys::key.eq(key.clone()),
                import_keys::kind.eq(Sql(*kind)),
                import_keys::record_id.eq(Sql(AnyId(*record))),
                import_keys::import_id.eq(Sql(import.id)),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(import_keys::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Where a referral of an earlier import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = referrals)]
pub struct Standing {
    /// The referral.
    #[diesel(column_name = id)]
    pub referral: ReferralId,
    /// The record of its perpetrator.
    #[diesel(select_expression = people::id)]
    pub perpetrator: PersonId,
    /// The root of that record.
    #[diesel(select_expression = people::root_id)]
    pub root: PersonId,
    /// The case it opened or joined.
    #[diesel(column_name = case_id)]
    pub case: Option<CaseId>,
}

/// Where these referrals of a panel stand.
pub fn standings(
    az: &mut Authz<'_>,
    panel: PanelId,
    ids: &[ReferralId],
) -> Result<Vec<Standing>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(BATCH) {
        let of = referrals::table
            .inner_join(people::table)
            .filter(referrals::panel_id.eq(Sql(panel)))
            .filter(referrals::id.eq_any(all(some)))
            .select(Standing::as_select());
        found.extend(of.load::<Standing>(az.conn())?);
    }
    Ok(found)
}

/// The open cases at a panel of people with these roots: each root with its case.
pub fn open_cases(
    az: &mut Authz<'_>,
    panel: PanelId,
    roots: &[PersonId],
) -> Result<HashMap<PersonId, CaseId>, StoreError> {
    let mut found = HashMap::new();
    for some in roots.chunks(BATCH) {
        let of = cases::table
            .inner_join(people::table)
            .filter(cases::panel_id.eq(Sql(panel)))
            .filter(cases::state.eq(Sql(CaseStatus::Open)))
            .filter(people::root_id.eq_any(all(some)))
            .order(cases::id.desc())
            .select((people::root_id, cases::id));
        found.extend(of.load::<(PersonId, CaseId)>(az.conn())?);
    }
    Ok(found)
}

/// A case that a meeting has on its agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agenda_items)]
pub struct Heard {
    /// The meeting.
    #[diesel(select_expression = meetings::id)]
    pub meeting: MeetingId,
    /// The case.
    #[diesel(select_expression = agenda_items::case_id.assume_not_null())]
    pub case: CaseId,
    /// The item.
    #[diesel(column_name = id)]
    pub item: AgendaItemId,
    /// The meeting's date.
    #[diesel(select_expression = meetings::meets_on)]
    pub on: NaiveDate,
    /// The item's place.
    pub position: i32,
}

/// Every case that held meetings of a panel have on their agenda, from `first` on.
pub fn heard(
    az: &mut Authz<'_>,
    panel: PanelId,
    first: NaiveDate,
) -> Result<Vec<Heard>, StoreError> {
    Ok(agenda_items::table
        .inner_join(meetings::table)
        .filter(meetings::panel_id.eq(Sql(panel)))
        .filter(meetings::state.eq(Sql(MeetingState::Held)))
        .filter(meetings::meets_on.ge(first))
        .filter(agenda_items::case_id.is_not_null())
        .order((meetings::meets_on, agenda_items::position))
        .select(Heard::as_select())
        .load(az.conn())?)
}
