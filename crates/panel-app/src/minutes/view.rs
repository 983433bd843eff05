//! The minutes before their readers: the draft for whoever runs the panel, signed versions for
//! everybody, each cut to the reader's scope.

use super::build::{Ground, record};
use super::check::{FindingView, findings};
use super::sign::{digest, waits_for};
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use panel_core::id::{MeetingId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::minutes::{Record, next_version};
use panel_core::time::local;
use panel_core::words;
use panel_store::meetings::{self, Meeting};
use panel_store::minutes::{self, Signed};
use panel_store::users::names;
use panel_store::{Authz, panels};
use serde::Serialize;

/// One signed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionView {
    /// Its number, from one.
    pub number: i32,
    /// Who signed it.
    pub by: String,
    /// When, in words.
    pub when: String,
    /// Why it corrects the one before; empty for the first.
    pub reason: String,
    /// Why it was opened again, once it was.
    pub reopened: Option<String>,
    /// The SHA-256 of its text.
    pub sha256: String,
}

/// A draft before whoever runs the panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MinutesDraft))]
pub struct DraftView {
    /// What tells it from another draft; the chair's approval names it.
    pub digest: String,
    /// The number that the version would have.
    pub version: i32,
    /// What to mend, or to know.
    pub findings: Vec<FindingView>,
    /// The earlier meeting whose minutes have to be finished first, with its day in words.
    pub waits_for: Option<(MeetingId, String)>,
    /// Why the version before was opened again; empty for the first.
    pub corrects: String,
    /// Whether the caller may approve it now.
    pub may_approve: bool,
    /// Whether the meeting itself can be opened again to change what was decided.
    pub held: bool,
}

/// The minutes of a meeting as one reader sees them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesView {
    /// The meeting.
    pub meeting: MeetingView,
    /// The panel's name.
    pub panel_name: String,
    /// What is shown; none while nothing is signed and the reader does not run the panel.
    pub record: Option<Record>,
    /// The version that is shown; none for a draft.
    pub shown: Option<VersionView>,
    /// The signed versions, latest first.
    pub versions: Vec<VersionView>,
    /// The draft that is shown, for whoever runs the panel, while no version stands.
    pub draft: Option<DraftView>,
    /// Whether a correction of the latest version is being prepared.
    pub correcting: bool,
    /// Whether the caller may open the latest version again.
    pub may_open_again: bool,
}

fn views(az: &mut Authz<'_>, signed: &[Signed]) -> Result<Vec<VersionView>, AppError> {
    let people: Vec<UserId> = signed.iter().map(|one| one.approved_by).collect();
    let names = names(az, &people)?;
    let view = |one: &Signed| VersionView {
        number: one.number,
        by: names.get(&one.approved_by).cloned().unwrap_or_default(),
        when: words::date_time(local(one.approved_at)),
        reason: one.reason.clone(),
        reopened: one.reopened_at.map(|_| one.reopen_reason.clone()),
        sha256: one.sha256.clone(),
    };
    Ok(signed.iter().map(view).collect())
}

/// The draft as it stands, with its checks.
fn draft(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: Meeting,
    latest: Option<&Signed>,
) -> Result<(Record, DraftView), AppError> {
    let waits_for = waits_for(az, &meeting)?;
    let ground = Ground::of(az, meeting)?;
    let version = next_version(latest.map(|signed| signed.number));
    let record = record(ctx, az, &ground, version, "")?;
    let findings = findings(&ground);
    let held = ground.meeting.state == MeetingState::Held;
    let passes = !findings.iter().any(|finding| finding.blocking);
    let chairs = ctx.actor().chairs(ground.meeting.panel);
    let draft = DraftView {
        digest: digest(&record)?,
        version,
        may_approve: chairs && held && passes && waits_for.is_none(),
        corrects: latest.map(|signed| signed.reopen_reason.clone()).unwrap_or_default(),
        findings,
        waits_for,
        held,
    };
    Ok((record, draft))
}

/// The minutes of a meeting: the version of this number, else the draft for whoever runs the panel
/// while there is one, else the latest signed version.
///
/// # Errors
/// [`AppError::NotFound`] for whoever sees no cases at the panel, and for a version that is not there.
pub fn show(ctx: &Ctx<'_>, id: MeetingId, version: Option<i32>) -> Result<MinutesView, AppError> {
    ctx.read(|az| seen(ctx, az, id, version))
}

/// The same, within a transaction.
pub(super) fn seen(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
    version: Option<i32>,
) -> Result<MinutesView, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
    if !ctx.actor().reaches().iter().any(|(seen, _)| *seen == meeting.panel) {
        return Err(AppError::NotFound);
    }
    let signed = minutes::versions(az, id)?;
    let latest = signed.first();
    let stands = latest.is_some_and(|one| one.reopened_at.is_none());
    let runs = ctx.actor().runs(meeting.panel);
    let begun = matches!(meeting.state, MeetingState::InProgress | MeetingState::Held);
    let wanted = match version {
        Some(number) => {
            Some(signed.iter().find(|one| one.number == number).ok_or(AppError::NotFound)?)
        }
        None if runs && !stands => None,
        None => latest,
    };
    let mut view = MinutesView {
        meeting: MeetingView::of(&meeting),
        panel_name: panel.name.into(),
        record: None,
        shown: None,
        versions: views(az, &signed)?,
        draft: None,
        correcting: latest.is_some() && !stands,
        may_open_again: ctx.actor().chairs(meeting.panel) && stands && {
            let last = minutes::latest_of_panel(az, meeting.panel)?;
            last.is_some_and(|(last, _)| last == id)
        },
    };
    match wanted {
        Some(wanted) => {
            let (_, record) = minutes::read(az, wanted.id)?.ok_or(AppError::NotFound)?;
            view.record = Some(record);
            view.shown = view.versions.iter().find(|one| one.number == wanted.number).cloned();
        }
        None if runs && begun => {
            let (record, draft) = draft(ctx, az, meeting, latest)?;
            (view.record, view.draft) = (Some(record), Some(draft));
        }
        None => {}
    }
    Ok(view)
}
