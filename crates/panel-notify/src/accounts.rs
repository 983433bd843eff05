//! Accounts that nobody uses: their people are warned, then the accounts are suspended, once a day. And
//! those who lead agencies are reminded to confirm who still needs one.

use crate::service::{NotifyError, Service};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use panel_core::account::SignInPolicy;
use panel_core::attestation::{Quarter, Standing, standing};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::dormancy::{Account, Step, steps};
use panel_core::id::{Id, UserId};
use panel_core::outbox::MessageKind;
use panel_core::reminder::{Gate, ReminderPolicy, gate};
use panel_core::time::{last_instant, local};
use panel_store::outbox::{self, NewMessage};
use panel_store::{Authz, StoreError, attestations, dormant, installation, sessions, users};

/// How long it is worth telling somebody that an account was suspended.
const TOLD_WITHIN: Duration = Duration::days(7);

/// Warns and suspends whom it is time for. A second pass on a day finds nothing more to do.
pub(crate) fn tend(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    service.store.write(&service.caller(now), |az| {
        let after = policy(az)?.suspended_after();
        let accounts = dormant::open_accounts(az)?;
        for (user, step) in steps(&accounts, after, az.today()) {
            let Some(account) = accounts.iter().find(|account| account.user == user) else {
                continue;
            };
            match step {
                Step::Warn(ends) => warn(az, account, ends)?,
                Step::Suspend => suspend(az, account)?,
            }
        }
        Ok(())
    })
}

/// Writes to the leads of agencies whose people are to be confirmed, in working hours: once when the quarter
/// begins, and once when the agency is late.
pub(crate) fn remind_leads(service: &Service, now: DateTime<Utc>) -> Result<(), NotifyError> {
    if gate(local(now), None, &ReminderPolicy::default(), &service.days()) != Gate::Open {
        return Ok(());
    }
    let done = service.store.write(&service.caller(now), |az| {
        let quarter = Quarter::of(az.today());
        for count in attestations::counts(az, quarter)? {
            let (kind, until) = match standing(count.unconfirmed, az.today()) {
                Standing::Done => continue,
                Standing::Due(by) => (MessageKind::AttestDue, by),
                Standing::Overdue(_) => (MessageKind::AttestOverdue, quarter.last()),
            };
            for lead in dormant::leads(az, count.agency)? {
                let dedupe = format!("{} {lead} {} {}", kind.code(), count.agency, quarter.first());
                put_in(az, kind, lead, dedupe, last_instant(until, None))?;
            }
        }
        Ok(())
    });
    match done {
        // Another worker does the same at this moment: it will have done it.
        Err(NotifyError::Store(StoreError::Taken)) => Ok(()),
        other => other,
    }
}

fn policy(az: &mut Authz<'_>) -> Result<SignInPolicy, NotifyError> {
    match installation::find(az, SignInPolicy::NAME)? {
        Some((text, _)) => Ok(serde_json::from_str(&text)?),
        None => Ok(SignInPolicy::default()),
    }
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Account, Some(user.uuid()))
}

fn warn(az: &mut Authz<'_>, account: &Account, ends: NaiveDate) -> Result<(), NotifyError> {
    dormant::note_warned(az, account.user)?;
    // The letter says until when signing in keeps the account: to the end of the day before.
    let last = ends.pred_opt().unwrap_or(ends);
    tell(az, MessageKind::Dormant, account.user, account.user, last_instant(last, None))?;
    az.did(deed("account.dormant", account.user));
    Ok(())
}

fn suspend(az: &mut Authz<'_>, account: &Account) -> Result<(), NotifyError> {
    let user = account.user;
    if !dormant::suspend(az, account)? {
        return Ok(());
    }
    sessions::end_sessions(az, None, user)?;
    sessions::revoke_tokens(az, None, user)?;
    az.did(deed("account.suspend", user));
    let until = az.now() + TOLD_WITHIN;
    tell(az, MessageKind::Suspended, user, user, until)?;
    let Some(found) = users::find(az, user)? else { return Ok(()) };
    for lead in dormant::leads(az, found.agency)? {
        if lead != user {
            tell(az, MessageKind::SuspendedLead, lead, user, until)?;
        }
    }
    Ok(())
}

/// Puts a letter in about the account of `of`; neither it nor its key names anybody.
fn tell(
    az: &mut Authz<'_>,
    kind: MessageKind,
    to: UserId,
    of: UserId,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let dedupe = format!("account {to} {of} {} {}", kind.code(), az.today());
    put_in(az, kind, to, dedupe, expires_at)
}

fn put_in(
    az: &mut Authz<'_>,
    kind: MessageKind,
    user: UserId,
    dedupe: String,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let now = az.now();
    let message = NewMessage {
        kind,
        user,
        dedupe,
        content: "{}".to_owned(),
        secret: None,
        not_before: now,
        expires_at,
    };
    outbox::enqueue(az, &message)?;
    Ok(())
}
