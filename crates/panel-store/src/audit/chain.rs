//! Reading the sealed log from its first row to its last, without a transaction: what is verified and
//! what is exported. It holds ids, codes and counts alone.

use super::seals::{EventRow, everything, nothing, unsealed};
use crate::error::StoreError;
use crate::schema::{audit_events, audit_seals};
use crate::store::Store;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::audit::seal::{Event, Hash, Seal};
use panel_core::id::{AuditId, Id};
use uuid::Uuid;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_seals)]
struct SealRow {
    seq: i64,
    #[diesel(column_name = event_id)]
    event: AuditId,
    sealed_at: DateTime<Utc>,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

impl SealRow {
    fn seal(self) -> Result<Seal, StoreError> {
        let Self { seq, event, sealed_at, prev, hash } = self;
        let (prev, hash) = (Hash::from_bytes(&prev)?, Hash::from_bytes(&hash)?);
        Ok(Seal { seq, event, sealed_at, prev, hash })
    }
}

/// The seals behind number `after`, at most `most`, each with its row where that is still there.
pub fn page(
    store: &Store,
    after: i64,
    most: i64,
) -> Result<Vec<(Seal, Option<Event>)>, StoreError> {
    store.peek(|conn| {
        let rows: Vec<(SealRow, Option<EventRow>)> = audit_seals::table
            .left_join(audit_events::table.on(audit_events::id.eq(audit_seals::event_id)))
            .filter(audit_seals::seq.gt(after))
            .order(audit_seals::seq)
            .limit(most)
            .select((SealRow::as_select(), Option::<EventRow>::as_select()))
            .load(conn)?;
        let row = |(seal, event): (SealRow, Option<EventRow>)| -> Result<_, StoreError> {
            Ok((seal.seal()?, event.map(Event::from)))
        };
        rows.into_iter().map(row).collect()
    })
}

/// Whether a row with an id before `below` was never sealed.
pub fn has_unsealed(store: &Store, below: AuditId) -> Result<bool, StoreError> {
    let last = Uuid::from_u128(below.uuid().as_u128().saturating_sub(1));
    let to = AuditId::from_uuid(last);
    store.peek(|conn| Ok(!unsealed(conn, nothing(), to, 1)?.is_empty()))
}

/// How many rows from `from` on wait for their seal, counted up to `most`.
pub fn waiting(store: &Store, from: AuditId, most: usize) -> Result<usize, StoreError> {
    store.peek(|conn| Ok(unsealed(conn, from, everything(), most)?.len()))
}
