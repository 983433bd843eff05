//! Keeping the audit log: rows are sealed, checkpoints signed and handed out.

use crate::service::{NotifyError, Service};
use crate::stop::Stop;
use chrono::{DateTime, Duration, Utc};
use panel_core::audit::checkpoint::{Checkpoint, SecretKey};
use panel_core::audit::seal::Reach;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::UserId;
use panel_core::outbox::MessageKind;
use panel_core::reminder::{Gate, ReminderPolicy, gate};
use panel_core::time::{last_instant, local, local_date};
use panel_store::audit::seals::Look;
use panel_store::audit::{checkpoints, seals};
use panel_store::outbox::{self, NewMessage};
use panel_store::{Authz, StoreError};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Who signs checkpoints, and where they are kept beside the database.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The key, which the database never holds.
    pub key: Arc<SecretKey>,
    /// A file on other storage to which each checkpoint is appended.
    pub file: Option<PathBuf>,
}

/// Seals what waits, looking `far` back once a minute, and makes the checkpoints that are due.
pub(crate) fn keep(
    service: &Service,
    witness: Option<&Witness>,
    now: DateTime<Utc>,
    far: bool,
    stop: &Stop,
) -> Result<(), NotifyError> {
    let reach = if far { Reach::Far } else { Reach::Near };
    let mut look = Look::at(now, reach);
    while !stop.is_set() && seals::is_behind(&service.store, look)? {
        let sealed = service.store.write(&service.caller(now), |az| seals::seal(az, look))?;
        look.after = look.after.max(sealed.last);
        witnessed(service, witness, now)?;
    }
    if far {
        let found = service.store.write(&service.caller(now), seals::sweep)?;
        if found > 0 {
            tracing::warn!(event = "audit rows sealed late", rows = found);
        }
    }
    witnessed(service, witness, now)?;
    if far && witness.is_some() {
        hand_out(service, now)?;
    }
    Ok(())
}

/// Makes a checkpoint when one is due, and gives it away at once.
fn witnessed(
    service: &Service,
    witness: Option<&Witness>,
    now: DateTime<Utc>,
) -> Result<(), NotifyError> {
    let Some(Witness { key, file }) = witness else { return Ok(()) };
    if !checkpoints::is_wanted(&service.store, now)? {
        return Ok(());
    }
    let public = key.public().to_string();
    let made = service.store.write(&service.caller(now), |az| {
        let made = checkpoints::make(az, &public, |says| key.sign(says))?;
        if made.is_some_and(|made| made.by_new_key) {
            let deed = Deed::new(AuditKind::Key, "audit.key", SubjectKind::AuditLog, None);
            az.did(deed.with(public.as_str()));
        }
        Ok::<_, StoreError>(made)
    })?;
    if let Some(made) = made {
        give_away(&made.checkpoint, file.as_deref());
    }
    Ok(())
}

/// The log of the program is one place outside, the file another. That a place fails stops nothing:
/// the next checkpoint tells of the same rows.
fn give_away(checkpoint: &Checkpoint, file: Option<&Path>) {
    tracing::info!(event = "audit checkpoint", size = checkpoint.says.size, text = %checkpoint);
    let Some(path) = file else { return };
    let append = || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(format!("{checkpoint}\n").as_bytes())?;
        file.sync_data()
    };
    if let Err(error) = append() {
        tracing::error!(%error, "the file of checkpoints cannot be written");
    }
}

/// Mails the newest checkpoint to those who keep them for the agencies, once on a working day.
fn hand_out(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    if gate(local(now), None, &ReminderPolicy::default(), &service.days()) != Gate::Open {
        return Ok(());
    }
    let done = service.store.write(&service.caller(now), put_in);
    match done {
        // Another worker does the same at this moment: it will have done it.
        Err(NotifyError::Store(StoreError::Taken)) => Ok(()),
        other => other,
    }
}

fn put_in(az: &mut Authz<'_>) -> Result<(), NotifyError> {
    let today = az.today();
    let holders = checkpoints::holders(az)?;
    // A clock that was set back may find a letter of a day ahead of it.
    let since = az.now() - Duration::days(3);
    let told = outbox::last_put_in(az, MessageKind::Checkpoint, &holders, since)?;
    let waits =
        |user: &UserId| !told.iter().any(|(one, at)| one == user && local_date(*at) >= today);
    let waiting: Vec<UserId> = holders.into_iter().filter(waits).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let Some(newest) = checkpoints::newest(az)? else { return Ok(()) };
    let content = serde_json::to_string(&newest)?;
    for user in waiting {
        let message = NewMessage {
            kind: MessageKind::Checkpoint,
            user,
            dedupe: format!("checkpoint {user} {today}"),
            content: content.clone(),
            secret: None,
            not_before: az.now(),
            // Tomorrow's says as much and more.
            expires_at: last_instant(today, None),
        };
        outbox::enqueue(az, &message)?;
    }
    Ok(())
}
