//! The chair's signature, and opening what was signed again.

use super::build::{Ground, record};
use super::check::findings;
use crate::clearing::{self, Texts};
use crate::context::Ctx;
use crate::error::AppError;
use crate::random::hashed;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, MeetingId, MinutesId};
use panel_core::meeting::{MeetingError, MeetingState};
use panel_core::minutes::{Record, check_open_again, check_reason, next_version};
use panel_core::reminder::{Reason, Rule, Subject};
use panel_core::text::{Note, TextError};
use panel_core::words;
use panel_store::meetings::{self, Meeting};
use panel_store::minutes::{self, Signed};
use panel_store::notices::{self, Telling, Whom};
use panel_store::{Authz, StoreError};
use serde::{Deserialize, Serialize};

/// The chair's word on a draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApproveForm {
    /// The digest of the draft that the chair read.
    pub digest: String,
    /// Why this version corrects the one before; empty for the first.
    #[serde(default)]
    pub reason: String,
}

/// Minutes that were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// The number of the version.
    pub version: i32,
    /// How many people are told.
    pub told: usize,
}

fn snapshot(record: &Record) -> Result<String, AppError> {
    serde_json::to_string(record).map_err(|error| StoreError::from(error).into())
}

/// What tells one draft from another: everything that it says.
pub(super) fn digest(record: &Record) -> Result<String, AppError> {
    let bare = Record { reason: String::new(), ..record.clone() };
    Ok(hashed(&snapshot(&bare)?))
}

/// A meeting of a panel that the caller chairs.
fn chaired(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: MeetingId) -> Result<Meeting, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    ctx.must_run(meeting.panel)?;
    if !ctx.actor().chairs(meeting.panel) {
        return Err(AppError::rule("not_allowed", "The chair approves the minutes"));
    }
    Ok(meeting)
}

fn deed(code: &'static str, meeting: &Meeting) -> Deed {
    let subject = Some(meeting.id.uuid());
    Deed::new(AuditKind::Alteration, code, SubjectKind::Meeting, subject).at(meeting.panel)
}

/// What stands in the way of signing apart from the checks: minutes of an earlier meeting.
pub(super) fn waits_for(
    az: &mut Authz<'_>,
    meeting: &Meeting,
) -> Result<Option<(MeetingId, String)>, AppError> {
    let earlier = minutes::unsigned_before(az, meeting)?;
    Ok(earlier.map(|(id, on)| (id, words::weekday_date(on))))
}

/// Signs the minutes of a held meeting as the chair read them. The version never changes from then
/// on, and people are told that it is ready.
///
/// # Errors
/// [`AppError::Rule`] `not_allowed` for whoever does not chair, `wrong_state` before the meeting was
/// held, `signed` while a version stands, `earlier_unsigned` while the minutes of an earlier meeting
/// are unfinished, `checks` while something stops the signature, `not_cleared` while a text may tell
/// where somebody can be found; [`AppError::Invalid`] for a correction
/// without its reason; [`AppError::Stale`] when the draft changed since the chair read it;
/// [`AppError::NotFound`].
pub fn approve(ctx: &Ctx<'_>, id: MeetingId, form: &ApproveForm) -> Result<Approval, AppError> {
    let reason = match Note::parse(&form.reason) {
        Ok(reason) => String::from(reason),
        Err(TextError::Empty) => String::new(),
        Err(error) => {
            let error = crate::error::text_error("reason", "Reason", &error);
            return Err(AppError::Invalid(vec![error]));
        }
    };
    ctx.write(|az| {
        let meeting = chaired(ctx, az, id)?;
        meetings::lock_panel(az, meeting.panel)?;
        if meeting.state != MeetingState::Held {
            return Err(MeetingError::WrongState(meeting.state).into());
        }
        let latest = minutes::versions(az, id)?.into_iter().next();
        if latest.as_ref().is_some_and(|signed| signed.reopened_at.is_none()) {
            let message = "These minutes are signed. Open them again to correct them.";
            return Err(AppError::rule("signed", message));
        }
        if let Some((_, day)) = waits_for(az, &meeting)? {
            let message = format!("Finish the minutes of {day} first");
            return Err(AppError::rule("earlier_unsigned", message));
        }
        let number = latest.map(|signed| signed.number);
        if check_reason(number, &reason).is_err() {
            let message = "Enter why this version corrects the one before";
            return Err(AppError::field("reason", "missing", message));
        }
        let ground = Ground::of(az, meeting)?;
        must_pass(&ground)?;
        let version = next_version(number);
        let record = record(ctx, az, &ground, version, &reason)?;
        if digest(&record)? != form.digest {
            return Err(AppError::Stale);
        }
        clearing::must_be_clear(ctx, az, id, &texts(&record))?;
        let signed = sign(ctx, az, &ground.meeting, &record)?;
        Ok(Approval { version, told: tell(az, &ground.meeting, signed)? })
    })
}

/// The free texts of minutes that are to be signed.
fn texts(record: &Record) -> Texts {
    let cases = record.items.iter().filter_map(|item| Some(item.case.as_ref()?.case));
    let mut texts = Texts { texts: Vec::new(), cases: cases.collect() };
    for line in &record.attendance {
        texts.add(format!("Attendance of {}", line.name), &line.note);
    }
    for one in &record.incomplete {
        texts.add(format!("Action of {}", one.reference), &one.text);
        texts.add(format!("Reason of an action of {}", one.reference), &one.reason);
    }
    for item in &record.items {
        let label = item.case.as_ref().map_or(&*item.title, |case| &*case.reference);
        let own = [
            ("title", &item.title),
            ("reason", &item.state_reason),
            ("discussion", &item.discussion),
            ("risks", &item.risks),
            ("the victim’s voice", &item.victim_voice),
            ("who gave the victim’s voice", &item.voice_by),
            ("protective factors", &item.protective),
            ("decision", &item.decision_note),
            ("what the victim is told", &item.informs_victim),
        ];
        for (what, text) in own {
            texts.add(format!("{label}: {what}"), text);
        }
        for one in item.case.iter().flat_map(|case| &case.information) {
            texts.add(format!("{label}: facts of {}", one.agency), &one.facts);
            texts.add(format!("{label}: opinion of {}", one.agency), &one.opinion);
        }
        for action in &item.actions {
            texts.add(format!("{label}: action"), &action.text);
        }
    }
    texts
}

/// What would leave with the minutes as they stand.
pub(crate) fn outgoing(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    id: MeetingId,
) -> Result<Texts, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    ctx.must_run(meeting.panel)?;
    let ground = Ground::of(az, meeting)?;
    Ok(texts(&record(ctx, az, &ground, 1, "")?))
}

/// Refuses to sign what the panel's checks stop.
fn must_pass(ground: &Ground) -> Result<(), AppError> {
    let stopping: Vec<String> = findings(ground)
        .into_iter()
        .filter(|finding| finding.blocking)
        .map(|finding| format!("{} ({})", finding.label.to_lowercase(), finding.about))
        .collect();
    if stopping.is_empty() {
        return Ok(());
    }
    let message = format!("Mend this before you approve the minutes: {}", stopping.join("; "));
    Err(AppError::rule("checks", message))
}

fn sign(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: &Meeting,
    record: &Record,
) -> Result<MinutesId, AppError> {
    let text = snapshot(record)?;
    let signed = Signed {
        id: ctx.mint(),
        meeting: meeting.id,
        number: record.version,
        reason: record.reason.clone(),
        sha256: hashed(&text),
        approved_by: ctx.user(),
        approved_at: ctx.now,
        reopened_at: None,
        reopen_reason: String::new(),
    };
    minutes::insert(az, &signed, &text).map_err(|error| match error {
        StoreError::Taken => AppError::Stale,
        other => other.into(),
    })?;
    az.did(deed("minutes.approve", meeting).with(format!("version {}", record.version)));
    Ok(signed.id)
}

/// Tells everybody who may read them that the minutes are ready.
fn tell(az: &mut Authz<'_>, meeting: &Meeting, signed: MinutesId) -> Result<usize, AppError> {
    let people = notices::people(az, meeting.panel, &[Whom::Readers])?;
    let telling = Telling {
        rule: Rule::MinutesReady,
        panel: meeting.panel,
        subject: Subject::Minutes(signed),
        date: Some(meeting.on),
    };
    Ok(notices::tell(az, &telling, &people)?)
}

/// Opens the panel's latest signed minutes again, so that they can be corrected in a new version. What
/// the signed version said stays readable.
///
/// # Errors
/// [`AppError::Invalid`] without a reason; [`AppError::Rule`] `not_allowed` for whoever does not chair,
/// `not_signed`, `not_latest` when later minutes are signed; [`AppError::NotFound`].
pub fn open_again(ctx: &Ctx<'_>, id: MeetingId, why: &str) -> Result<i32, AppError> {
    let why = Note::parse(why).map_err(|error| {
        AppError::Invalid(vec![crate::error::text_error("reason", "Reason", &error)])
    })?;
    ctx.write(|az| {
        let meeting = chaired(ctx, az, id)?;
        meetings::lock_panel(az, meeting.panel)?;
        let latest = minutes::versions(az, id)?.into_iter().next();
        let Some(signed) = latest.filter(|signed| signed.reopened_at.is_none()) else {
            return Err(AppError::rule("not_signed", "These minutes are not signed"));
        };
        let last = minutes::latest_of_panel(az, meeting.panel)?;
        check_open_again(last.is_some_and(|(last, _)| last == id), why.as_str())?;
        minutes::note_reopened(az, signed.id, why.as_str())?;
        // Nobody is to be told that minutes are ready which are being corrected.
        notices::cancel(az, Subject::Minutes(signed.id), Reason::Overtaken)?;
        az.did(deed("minutes.open_again", &meeting).with(format!("version {}", signed.number)));
        Ok(signed.number)
    })
}
