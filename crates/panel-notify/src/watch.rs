//! What stands out in the log: looked for in steps, and told to administrators once a day, in a letter
//! that says no more than that there is something.

use crate::service::{NotifyError, Service};
use crate::stop::Stop;
use chrono::{DateTime, Duration, Utc};
use panel_core::outbox::MessageKind;
use panel_core::time::last_instant;
use panel_store::outbox::{self, NewMessage};
use panel_store::{glass, watch};

/// How long a letter about it may wait for a mail server.
const WAITS: Duration = Duration::days(3);

/// Looks at what was added to the log, a step a transaction, and tells of what was found before today.
pub(crate) fn look(service: &Service, now: DateTime<Utc>, stop: &Stop) -> Result<(), NotifyError> {
    let mut after = Some(service.store.write(&service.caller(now), watch::begin)?);
    while let (Some(from), false) = (after, stop.is_set()) {
        after = service.store.write(&service.caller(now), |az| watch::step(az, from))?;
    }
    tell(service, now)
}

/// A day's findings are told on the next, so that there is one letter a day at most.
fn tell(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    service.store.write(&service.caller(now), |az| {
        let today = az.today();
        let before = last_instant(today.pred_opt().unwrap_or(today), None);
        let about = watch::untold(az, before)?;
        if about.is_empty() {
            return Ok(());
        }
        for user in glass::administrators(az)? {
            // Nobody is told of what is about herself alone.
            if about.iter().all(|one| *one == user) {
                continue;
            }
            let message = NewMessage {
                kind: MessageKind::Findings,
                user,
                dedupe: format!("findings {user} {today}"),
                content: "{}".to_owned(),
                secret: None,
                not_before: now,
                expires_at: now + WAITS,
            };
            outbox::enqueue(az, &message)?;
        }
        Ok(watch::note_told(az, before)?)
    })
}
