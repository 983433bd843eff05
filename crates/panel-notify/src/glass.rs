//! What was opened in an emergency and not reviewed in time: administrators are told, once for each.

use crate::service::{NotifyError, Service};
use chrono::{DateTime, Duration, Utc};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{GlassId, Id};
use panel_core::outbox::MessageKind;
use panel_store::glass;
use panel_store::outbox::{self, NewMessage};

/// How long a letter about it may wait for a mail server.
const WAITS: Duration = Duration::days(7);

/// Puts in the letters about what became late, at most fifty at a time.
pub(crate) fn tell_late(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    service.store.write(&service.caller(now), |az| {
        let late = glass::untold(az)?;
        if late.is_empty() {
            return Ok(());
        }
        for user in glass::administrators(az)? {
            for (id, _) in &late {
                let message = NewMessage {
                    kind: MessageKind::GlassLate,
                    user,
                    dedupe: format!("glass late {id} {user}"),
                    content: "{}".to_owned(),
                    secret: None,
                    not_before: now,
                    expires_at: now + WAITS,
                };
                outbox::enqueue(az, &message)?;
            }
        }
        for (_, user) in &late {
            let subject = Some(user.uuid());
            az.did(Deed::new(AuditKind::BreakGlass, "glass.late", SubjectKind::Account, subject));
        }
        let ids: Vec<GlassId> = late.into_iter().map(|(id, _)| id).collect();
        Ok(glass::note_told(az, &ids)?)
    })
}
