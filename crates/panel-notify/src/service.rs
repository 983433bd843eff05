//! What planning and sending share: the database, ids and the calendar.

use crate::templates::TemplateError;
use chrono::{DateTime, Utc};
use panel_core::calendar::{BankHolidays, WorkingDays};
use panel_core::id::{IdSource, RequestId, mint};
use panel_core::time::local_date;
use panel_store::{Caller, Store, StoreError, Who};
use std::sync::Arc;

/// What the notification service stands on.
#[derive(Debug, Clone)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// Where ids and jitter come from.
    pub ids: Arc<dyn IdSource>,
    /// Bank holidays of England and Wales.
    pub holidays: Arc<BankHolidays>,
}

impl Service {
    pub(crate) fn days(&self) -> WorkingDays<'_> {
        WorkingDays::new(&self.holidays)
    }

    /// The service itself, at `now`. It sees ids, dates and counts.
    pub(crate) fn caller(&self, now: DateTime<Utc>) -> Caller<'_> {
        Caller {
            who: Who::Service("notify"),
            now,
            today: local_date(now),
            request: mint::<RequestId>(&*self.ids, now),
            ids: &*self.ids,
        }
    }
}

/// What stops a pass; the next one goes on where it stopped.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template is broken.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Counts and dates could not be written down.
    #[error("a message could not be written down: {0}")]
    Content(#[from] serde_json::Error),
}
