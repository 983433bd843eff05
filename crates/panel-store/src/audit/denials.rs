//! Where a thing is that somebody asked for and was not given, without looking at who asks.

use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::{
    actions, agenda_items, case_notes, cases, imports, info_requests, meetings, panels, referrals,
    series,
};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::id::{
    ActionId, AgendaItemId, CaseId, Id, ImportId, InfoRequestId, MeetingId, NoteId, PanelId,
    ReferralId, SeriesId,
};
use uuid::Uuid;

/// The panel and the case of a thing; none for one that is not there, and for kinds that belong to no
/// panel. What is there and what is not takes one look at one key.
pub fn place(
    az: &mut Authz<'_>,
    kind: SubjectKind,
    id: Uuid,
) -> Result<Option<(PanelId, Option<CaseId>)>, StoreError> {
    az.beyond(Beyond::Place, |conn| at(conn, kind, id))
}

fn at(
    conn: &mut Conn,
    kind: SubjectKind,
    id: Uuid,
) -> Result<Option<(PanelId, Option<CaseId>)>, StoreError> {
    macro_rules! found {
        ($query:expr) => {
            $query.first(conn).optional()?
        };
    }
    macro_rules! at_panel {
        ($table:ident, $id:ty) => {{
            let key = Sql(<$id>::from_uuid(id));
            let at: Option<PanelId> = found!($table::table.find(key).select($table::panel_id));
            at.map(|panel| (panel, None))
        }};
    }
    Ok(match kind {
        SubjectKind::Action => {
            let key = Sql(ActionId::from_uuid(id));
            found!(actions::table.find(key).select((actions::panel_id, actions::case_id)))
        }
        SubjectKind::AgendaItem => {
            let key = Sql(AgendaItemId::from_uuid(id));
            let items = agenda_items::table.inner_join(meetings::table);
            let items = items.filter(agenda_items::id.eq(key));
            found!(items.select((meetings::panel_id, agenda_items::case_id)))
        }
        SubjectKind::Case => {
            let key = CaseId::from_uuid(id);
            let at: Option<PanelId> = found!(cases::table.find(Sql(key)).select(cases::panel_id));
            at.map(|panel| (panel, Some(key)))
        }
        SubjectKind::InfoRequest => {
            let key = Sql(InfoRequestId::from_uuid(id));
            let row = (info_requests::panel_id, info_requests::case_id);
            let at: Option<(PanelId, CaseId)> = found!(info_requests::table.find(key).select(row));
            at.map(|(panel, case)| (panel, Some(case)))
        }
        SubjectKind::Note => {
            let key = Sql(NoteId::from_uuid(id));
            let row = (case_notes::panel_id, case_notes::case_id);
            let at: Option<(PanelId, CaseId)> = found!(case_notes::table.find(key).select(row));
            at.map(|(panel, case)| (panel, Some(case)))
        }
        SubjectKind::Panel => {
            let key = Sql(PanelId::from_uuid(id));
            let at: Option<PanelId> = found!(panels::table.find(key).select(panels::id));
            at.map(|panel| (panel, None))
        }
        SubjectKind::Import => at_panel!(imports, ImportId),
        SubjectKind::Meeting => at_panel!(meetings, MeetingId),
        SubjectKind::Referral => at_panel!(referrals, ReferralId),
        SubjectKind::Series => at_panel!(series, SeriesId),
        SubjectKind::Agency
        | SubjectKind::Account
        | SubjectKind::Person
        | SubjectKind::Listing
        | SubjectKind::AuditLog => None,
    })
}
