//! The last look at a message before it leaves: whether its person is still here, and whether what it
//! says is still true.

use crate::letter::Letter;
use crate::remind::decide_over;
use crate::service::NotifyError;
use crate::templates::{Templates, Text};
use chrono::NaiveDate;
use panel_core::id::NoticeId;
use panel_core::outbox::{Content, MessageKind, Settled};
use panel_core::reminder::{Digest, Reason, Waiting};
use panel_store::audit::checkpoints;
use panel_store::glass;
use panel_store::notices::{self, NoticeRow};
use panel_store::outbox::{self, Leased, Recipient};
use panel_store::{Authz, attestations, dormant};

/// What is to be done with a message whose turn has come.
pub(crate) enum Prepared {
    /// This letter is to leave.
    Letter(Letter),
    /// Nothing is to leave.
    Close(Settled),
}

fn cancelled(why: &str) -> Prepared {
    Prepared::Close(Settled::Cancelled(why.to_owned()))
}

/// Looks at a message that was just taken, in the transaction that took it.
pub(crate) fn prepare(
    az: &mut Authz<'_>,
    templates: &Templates,
    public_url: &str,
    message: &Leased,
) -> Result<Prepared, NotifyError> {
    let today = az.today();
    let recipient = outbox::recipient(az, message.user)?;
    let Some(recipient) = recipient.filter(|recipient| recipient.is_active(today)) else {
        leave_out(az, message)?;
        return Ok(cancelled("the person has left"));
    };
    if recipient.address != message.address {
        notices::give_back(az, message.id, None)?;
        return Ok(cancelled("the address changed"));
    }
    let text = match message.kind {
        MessageKind::Invitation | MessageKind::Reset => {
            if !outbox::has_live_link(az, message)? {
                return Ok(cancelled("a newer link took its place"));
            }
            let Some(path) = &message.secret else { return Ok(unwritable()) };
            let link = format!("{public_url}{path}");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Security => {
            let link = format!("{public_url}/account");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Dormant => {
            if !dormant::is_warned(az, message.user)? {
                return Ok(cancelled("the account was used again"));
            }
            let link = format!("{public_url}/");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::AttestDue | MessageKind::AttestOverdue => {
            if !attestations::is_owed_by(az, message.user)? {
                return Ok(cancelled("everybody was confirmed"));
            }
            let link = format!("{public_url}/agency-people");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::SuspendedLead => {
            let link = format!("{public_url}/agency-people");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Suspended => {
            let link = format!("{public_url}/");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Glass => {
            if !glass::waits_for(az, message.user)? {
                return Ok(cancelled("nothing waits to be reviewed"));
            }
            let link = format!("{public_url}/glass");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::GlassLate => {
            let link = format!("{public_url}/glass");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Findings => {
            let link = format!("{public_url}/findings");
            templates.account(message.kind, &recipient.name, &link, message.expires_at)
        }
        MessageKind::Digest | MessageKind::Chase => {
            let Some(content) = look_again(az, message, today)? else {
                return Ok(cancelled("nothing was left to say"));
            };
            let link = format!("{public_url}/");
            templates.digest(message.kind, &recipient.name, &link, &content, today)
        }
        MessageKind::Checkpoint => {
            if !checkpoints::is_holder(az, message.user)? {
                return Ok(cancelled("the seat has ended"));
            }
            let Ok(checkpoint) = serde_json::from_str(&message.content) else {
                return Ok(unwritable());
            };
            templates.checkpoint(&recipient.name, &format!("{public_url}/"), &checkpoint)
        }
    };
    let Ok(Text { subject, body }) = text else { return Ok(unwritable()) };
    let Recipient { address: to, .. } = recipient;
    Ok(Prepared::Letter(Letter { id: message.id, to, subject, body }))
}

/// A message that no template can write is a fault of ours; it must not stop the others.
fn unwritable() -> Prepared {
    Prepared::Close(Settled::Failed("not_writable".to_owned()))
}

/// Counts again what a message tells, and takes out what is no longer true. Nothing when nothing is
/// left.
fn look_again(
    az: &mut Authz<'_>,
    message: &Leased,
    today: NaiveDate,
) -> Result<Option<Content>, NotifyError> {
    let rows = notices::of_message(az, message.id)?;
    let subjects: Vec<_> = rows.iter().map(|row| (row.panel, row.subject)).collect();
    let facts = notices::facts(az, &subjects)?;
    let decision = decide_over(&facts, &rows, today);
    let skipped: Vec<NoticeId> = decision.skips.iter().map(|(id, _)| *id).collect();
    let dropped: Vec<NoticeId> = skipped.into_iter().chain(decision.holds).collect();
    if !dropped.is_empty() {
        notices::give_back(az, message.id, Some(&dropped))?;
        notices::skip(az, &decision.skips)?;
    }
    let waiting = match message.kind {
        MessageKind::Digest => waiting(az, message, &rows)?,
        _ => Vec::new(),
    };
    let Some(digest) = Digest::of(message.user, today, &decision.lines, &waiting) else {
        return Ok(None);
    };
    let content = Content { entries: digest.entries };
    let written = serde_json::to_string(&content)?;
    if written != message.content {
        outbox::set_content(az, message, &written)?;
    }
    Ok(Some(content))
}

fn waiting(
    az: &mut Authz<'_>,
    message: &Leased,
    rows: &[NoticeRow],
) -> Result<Vec<Waiting>, NotifyError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let roster = notices::roster_of(az, message.user)?;
    Ok(notices::waiting(az, &roster)?.remove(&message.user).unwrap_or_default())
}

/// Marks what a person who left would have been told.
fn leave_out(az: &mut Authz<'_>, message: &Leased) -> Result<(), NotifyError> {
    let rows = notices::of_message(az, message.id)?;
    notices::give_back(az, message.id, None)?;
    let skips: Vec<_> = rows.iter().map(|row| (row.id, Reason::RecipientLeft)).collect();
    notices::skip(az, &skips)?;
    Ok(())
}
