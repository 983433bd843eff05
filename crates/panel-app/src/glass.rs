//! Opening one case in an emergency, and looking at it afterwards.
//!
//! Whoever opens reads; nothing can be changed through it, since only `Ctx::read` knows of it. A reference
//! that never was, one that belongs to a case out of reach, and one that is kept from the caller get the same
//! answer after the same work.

use crate::agenda::no_holidays;
use crate::budget;
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use chrono::{DateTime, Utc};
use panel_core::access::glass::{self as rules, Cause, Outcome, REASON};
use panel_core::access::lists::Reader;
use panel_core::audit::reading::shows;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, GlassId, Id, PanelId, UserId};
use panel_core::outbox::MessageKind;
use panel_core::text::Note;
use panel_core::time::last_instant;
use panel_store::Authz;
use panel_store::glass::{self, Looked, NewGlass};
pub use panel_store::glass::{GlassRow, LateGlass, OpenGlass, OwnGlass};
use panel_store::outbox::{self, NewMessage};
use serde::{Deserialize, Serialize};

/// What somebody says who opens a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlassForm {
    /// The reference of the case.
    pub reference: String,
    /// What kind of emergency it is.
    pub cause: Cause,
    /// Why.
    pub reason: String,
}

/// What a reviewer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GlassReviewForm {
    /// What was found.
    pub outcome: Outcome,
    /// What led to that.
    pub text: String,
}

/// Everything about emergencies that concerns the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GlassOverview {
    /// Whether the caller has a seat that lets her open a case.
    pub may_open: bool,
    /// Whether that is suspended until something is reviewed.
    pub is_suspended: bool,
    /// What the caller has opened, the latest first.
    pub own: Vec<OwnGlass>,
    /// What the caller is or was asked to review, what waits first.
    pub to_review: Vec<GlassRow>,
    /// What nobody reviewed in time, for administrators.
    pub late: Vec<LateGlass>,
}

/// One thing that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GlassRead {
    /// When.
    pub at: DateTime<Utc>,
    /// By which use case.
    pub deed: String,
    /// What it shows.
    pub what: String,
}

/// One opening with what was read in it, by the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GlassDetail {
    /// The opening.
    pub row: GlassRow,
    /// What was read, oldest first, at most two hundred.
    pub reads: Vec<GlassRead>,
}

/// A text of at least so many characters as a reason has.
fn text(field: &str, label: &str, raw: &str) -> Result<Note, FieldError> {
    let note = Note::parse(raw).map_err(|e| text_error(field, label, &e))?;
    if note.as_str().chars().count() < REASON {
        let message = format!("{label} must be {REASON} characters or more");
        return Err(FieldError { field: field.to_owned(), code: "too_short", message });
    }
    Ok(note)
}

/// What became of an attempt. A refusal is kept too, with its row in the log, and only then told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Attempt {
    Opened(CaseId),
    Refused,
}

/// Opens one case for an hour. Two people of other agencies are told at once.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat that gives the right; [`AppError::Invalid`] for what was
/// typed, and `unknown` alike for a reference that is not there, out of reach, or kept from the caller;
/// [`AppError::Spent`] after many of those; [`AppError::Rule`] `one_at_a_time`, `suspended`, `seen`, `no_reviewers`, `no_holiday_data`.
pub fn open(ctx: &Ctx<'_>, form: &GlassForm) -> Result<CaseId, AppError> {
    if !ctx.actor().could_break_glass() {
        return Err(AppError::NotFound);
    }
    let reason = text("reason", "Reason", &form.reason).map_err(|e| AppError::Invalid(vec![e]))?;
    ctx.must_be_there()?;
    let attempt = ctx.write(|az| {
        let looked = look(ctx, az, &form.reference)?;
        let Some(by) = ctx.actor().opens_by(&looked.facts, &looked.lists) else {
            az.did(refusal(&looked));
            return Ok(Attempt::Refused);
        };
        let Some((case, panel)) = looked.case else { return Ok(Attempt::Refused) };
        let her = Reader::from(ctx.actor());
        let reviewers = rules::reviewers(&her, &glass::candidates(az, case, panel)?);
        let reviewers = reviewers.ok_or_else(nobody_to_review)?;
        let days = ctx.app.working_days();
        let review_by = rules::review_by(ctx.today, days).map_err(|e| no_holidays(&e))?;
        let user = ctx.user();
        let new =
            NewGlass { case, panel, user, by, cause: form.cause, reason, reviewers, review_by };
        let id = glass::add(az, &new)?;
        for person in reviewers {
            tell(az, &new, id, person)?;
        }
        az.did(deed("glass.open", id, case, panel));
        Ok(Attempt::Opened(case))
    })?;
    match attempt {
        Attempt::Opened(case) => Ok(case),
        Attempt::Refused => {
            let message = "There is no case with this reference that you can open";
            Err(AppError::field("reference", "unknown", message))
        }
    }
}

/// Looks a reference up for whoever may open a case now.
fn look(ctx: &Ctx<'_>, az: &mut Authz<'_>, reference: &str) -> Result<Looked, AppError> {
    budget::may_look(az)?;
    if glass::open_by(az, ctx.actor(), None)?.is_some() {
        let message = "You have a case open. Close it before you open another";
        return Err(AppError::rule("one_at_a_time", message));
    }
    if glass::is_suspended(az, ctx.user())? {
        let message = "You cannot open a case until what you opened before was reviewed";
        return Err(AppError::rule("suspended", message));
    }
    let looked = glass::look(az, ctx.actor(), reference)?;
    if ctx.actor().breaks_glass_by(&looked.facts.police).next().is_none() {
        return Err(AppError::NotFound);
    }
    if looked.is_seen {
        return Err(AppError::rule(
            "seen",
            "You can see this case already. Find it by its reference",
        ));
    }
    Ok(looked)
}

fn nobody_to_review() -> AppError {
    let message = "There are not two people in other agencies who could look at it afterwards. Ring the \
                   coordinator of the panel";
    AppError::rule("no_reviewers", message)
}

fn deed(code: &'static str, id: GlassId, case: CaseId, panel: PanelId) -> Deed {
    let deed = Deed::new(AuditKind::BreakGlass, code, SubjectKind::Case, Some(case.uuid()));
    deed.at(panel).in_case(Some(case)).with(id.to_string())
}

/// Whoever runs the panel of a case finds what was tried; for what never was there is nothing to name.
fn refusal(looked: &Looked) -> Deed {
    let deed = |case: Option<CaseId>| {
        let id = case.map(Id::uuid);
        Deed::new(AuditKind::Denial, "glass.refused", SubjectKind::Case, id).in_case(case)
    };
    match looked.case {
        Some((case, panel)) => deed(Some(case)).at(panel),
        None => deed(None),
    }
}

/// Writes to a reviewer that something waits; the letter says no more.
fn tell(az: &mut Authz<'_>, new: &NewGlass, id: GlassId, person: UserId) -> Result<(), AppError> {
    let message = NewMessage {
        kind: MessageKind::Glass,
        user: person,
        dedupe: format!("glass {id} {person}"),
        content: "{}".to_owned(),
        secret: None,
        not_before: az.now(),
        expires_at: last_instant(new.review_by, None),
    };
    outbox::enqueue(az, &message)?;
    Ok(())
}

/// Closes what the caller has open before its time.
///
/// # Errors
/// [`AppError::NotFound`] when that is not open.
pub fn close(ctx: &Ctx<'_>, id: GlassId) -> Result<(), AppError> {
    ctx.write(|az| {
        let open = glass::open_by(az, ctx.actor(), Some(id))?;
        let (id, case, panel) = open.ok_or(AppError::NotFound)?;
        glass::close_all(az, ctx.user())?;
        az.did(deed("glass.close", id, case, panel));
        Ok(())
    })
}

/// Everything about emergencies that concerns the caller.
///
/// # Errors
/// [`AppError::NotFound`] for whomever nothing of it concerns.
pub fn overview(ctx: &Ctx<'_>) -> Result<GlassOverview, AppError> {
    ctx.read(|az| {
        let police = glass::police_of(az, ctx.actor())?;
        let found = GlassOverview {
            may_open: ctx.actor().breaks_glass_by(&police).next().is_some(),
            is_suspended: glass::is_suspended(az, ctx.user())?,
            own: glass::own(az)?,
            to_review: glass::to_review(az)?,
            late: glass::late(az)?,
        };
        let concerns = found.may_open || !found.own.is_empty() || !found.to_review.is_empty();
        if concerns || ctx.actor().administrator { Ok(found) } else { Err(AppError::NotFound) }
    })
}

/// Whether the caller has a seat that lets her open a case.
///
/// # Errors
/// When the database fails.
pub fn may_open(ctx: &Ctx<'_>) -> Result<bool, AppError> {
    ctx.read(|az| {
        let police = glass::police_of(az, ctx.actor())?;
        Ok(ctx.actor().breaks_glass_by(&police).next().is_some())
    })
}

/// One opening, for the two who were asked to review it.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else, and for a reviewer from whom the case was kept since.
pub fn show(ctx: &Ctx<'_>, id: GlassId) -> Result<GlassDetail, AppError> {
    ctx.read(|az| {
        let row = glass::find(az, id)?.ok_or(AppError::NotFound)?;
        let reads = glass::reads(az, &row)?.into_iter().map(|(_, at, deed)| {
            let what = shows(&deed).unwrap_or("Something of the case").to_owned();
            GlassRead { at, deed, what }
        });
        Ok(GlassDetail { reads: reads.collect(), row })
    })
}

/// Says what a reviewer found. The first to say so settles it.
///
/// # Errors
/// [`AppError::Invalid`] for the text; [`AppError::Rule`] `reviewed` when the other reviewer was first;
/// [`AppError::NotFound`].
pub fn review(ctx: &Ctx<'_>, id: GlassId, form: &GlassReviewForm) -> Result<(), AppError> {
    let words = text("text", "What led to that", &form.text);
    ctx.write(|az| {
        let row = glass::find(az, id)?.ok_or(AppError::NotFound)?;
        let words = words.map_err(|e| AppError::Invalid(vec![e]))?;
        if !glass::review(az, id, ctx.user(), form.outcome, &words)? {
            return Err(AppError::rule("reviewed", "This was reviewed already"));
        }
        az.did(deed("glass.review", id, row.case, row.panel));
        Ok(())
    })
}

/// What the person of a session has open, for the frame of each page.
pub(crate) fn open_now(
    app: &crate::App,
    actor: &panel_core::access::Actor,
    now: DateTime<Utc>,
) -> Result<Option<OpenGlass>, AppError> {
    Ok(glass::open_of(&app.store, actor, now)?)
}
