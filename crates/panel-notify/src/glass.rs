//! What was opened in an emergency: who can no longer review it is replaced, and administrators are told of
//! what nobody reviewed in time, once for each.

use crate::service::{NotifyError, Service};
use chrono::{DateTime, Duration, Utc};
use panel_core::access::glass::replaced;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{GlassId, Id, UserId};
use panel_core::outbox::MessageKind;
use panel_core::time::last_instant;
use panel_store::glass::{self, Waiting};
use panel_store::outbox::{self, NewMessage};
use panel_store::{Authz, StoreError};

/// How long a letter about it may wait for a mail server.
const WAITS: Duration = Duration::days(7);

/// Asks others where somebody who was to review can no longer: who has left, has no such seat any more, or from
/// whom the case is kept now. Whom it falls to is told.
pub(crate) fn replace(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    let mut after = None;
    loop {
        let found = service.store.write(&service.caller(now), |az| replace_some(az, after))?;
        if found.is_none() {
            return Ok(());
        }
        after = found;
    }
}

/// Looks at some that wait, and says which was the last.
fn replace_some(az: &mut Authz<'_>, after: Option<GlassId>) -> Result<Option<GlassId>, StoreError> {
    let found = glass::waiting(az, after)?;
    for one in &found {
        let candidates = glass::candidates(az, one.case, one.panel)?;
        let Some(others) = replaced(&one.opener, &candidates, one.asked) else { continue };
        if !glass::ask_others(az, one.id, others)? {
            continue;
        }
        for user in others.into_iter().filter(|user| !one.asked.contains(user)) {
            ask(az, one, user)?;
        }
        let (kind, case) = (AuditKind::BreakGlass, Some(one.case.uuid()));
        let deed = Deed::new(kind, "glass.reviewer", SubjectKind::Case, case);
        az.did(deed.at(one.panel).in_case(Some(one.case)).with(one.id.to_string()));
    }
    Ok(found.last().map(|one| one.id))
}

fn ask(az: &mut Authz<'_>, one: &Waiting, user: UserId) -> Result<(), StoreError> {
    let now = az.now();
    let message = NewMessage {
        kind: MessageKind::Glass,
        user,
        dedupe: format!("glass {} {user}", one.id),
        content: "{}".to_owned(),
        secret: None,
        not_before: now,
        expires_at: last_instant(one.review_by, None).max(now + WAITS),
    };
    outbox::enqueue(az, &message)?;
    Ok(())
}

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
