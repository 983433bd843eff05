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
    if let Some(why) = overtaken(az, message)? {
        return Ok(cancelled(why));
    }
    let name = &recipient.name;
    let link = |path: &str| format!("{public_url}{path}");
    let text = match message.kind {
        MessageKind::Digest | MessageKind::Chase => {
            let Some(content) = look_again(az, message, today)? else {
                return Ok(cancelled("nothing was left to say"));
            };
            templates.digest(message.kind, name, &link("/"), &content, today)
        }
        MessageKind::Checkpoint => {
            let Ok(checkpoint) = serde_json::from_str(&message.content) else {
                return Ok(unwritable());
            };
            templates.checkpoint(name, &link("/"), &checkpoint)
        }
        kind => {
            let Some(path) = leads_to(message) else { return Ok(unwritable()) };
            templates.account(kind, name, &link(path), message.expires_at)
        }
    };
    let Ok(Text { subject, body }) = text else { return Ok(unwritable()) };
    let Recipient { address: to, .. } = recipient;
    Ok(Prepared::Letter(Letter { id: message.id, to, subject, body }))
}

/// Why what a message tells is no longer so, when it is not.
fn overtaken(az: &mut Authz<'_>, message: &Leased) -> Result<Option<&'static str>, NotifyError> {
    let user = message.user;
    let (still, why) = match message.kind {
        MessageKind::Invitation | MessageKind::Reset => {
            (outbox::has_live_link(az, message)?, "a newer link took its place")
        }
        MessageKind::Dormant => (dormant::is_warned(az, user)?, "the account was used again"),
        MessageKind::AttestDue | MessageKind::AttestOverdue => {
            (attestations::is_owed_by(az, user)?, "everybody was confirmed")
        }
        MessageKind::Glass => (glass::waits_for(az, user)?, "nothing waits to be reviewed"),
        MessageKind::Checkpoint => (checkpoints::is_holder(az, user)?, "the seat has ended"),
        MessageKind::Security
        | MessageKind::Suspended
        | MessageKind::SuspendedLead
        | MessageKind::GlassLate
        | MessageKind::Findings
        | MessageKind::Digest
        | MessageKind::Chase => return Ok(None),
    };
    Ok((!still).then_some(why))
}

/// The page that a message leads to; nothing when its own link is gone.
fn leads_to(message: &Leased) -> Option<&str> {
    Some(match message.kind {
        MessageKind::Invitation | MessageKind::Reset => return message.secret.as_deref(),
        MessageKind::Security => "/account",
        MessageKind::AttestDue | MessageKind::AttestOverdue | MessageKind::SuspendedLead => {
            "/agency-people"
        }
        MessageKind::Glass | MessageKind::GlassLate => "/glass",
        MessageKind::Findings => "/findings",
        MessageKind::Dormant
        | MessageKind::Suspended
        | MessageKind::Digest
        | MessageKind::Chase
        | MessageKind::Checkpoint => "/",
    })
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
