//! Changes to a running series: previewed with counts, then applied in one transaction. What was
//! held is never touched, and no step gives two meetings one slot.

use super::effect::{Effect, Shift, Standing, ruled};
use super::{SeriesView, deed, lay, preview_of, refuse_clashes};
use crate::calendar::{Preview, deadlines};
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::follow;
use chrono::{NaiveDate, NaiveTime};
use panel_core::cycle::CyclePolicy;
use panel_core::id::{MeetingId, SeriesId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::schedule::{End, HolidayPolicy, Orphans, Pattern};
use panel_core::words;
use panel_store::meetings::{self, Meeting};
use panel_store::series::{self, Series};
use panel_store::{Authz, Versioned, panels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A change to a running series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeriesChange {
    /// Another time of day: every date stays.
    Time {
        /// The local time from now on.
        at: NaiveTime,
    },
    /// Another rule: the meetings ahead take its first slots, in order.
    Rule {
        /// The rule.
        rule: Pattern,
        /// The first day on which there may be a meeting.
        from: NaiveDate,
        /// When the series ends.
        end: End,
        /// What happens on a bank holiday.
        holiday_policy: HolidayPolicy,
    },
    /// Another place or length, for meetings ahead that have not been given their own.
    Place {
        /// How long each meeting is meant to last.
        minutes: i32,
        /// Where.
        #[serde(default)]
        venue: String,
        /// The address of the video call.
        #[serde(default)]
        link: String,
    },
    /// Another end.
    SetEnd {
        /// When the series ends.
        end: End,
    },
    /// The series ends: yesterday was its last day.
    EndNow {},
}

/// What the form of a change holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    /// The change.
    pub change: SeriesChange,
    /// Whether opened meetings for which the series has no slot any more are to go. They are
    /// named first.
    #[serde(default)]
    pub remove: bool,
}

/// A meeting before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingMove {
    /// The meeting.
    pub meeting: MeetingId,
    /// Day and hour before, in words.
    pub from: String,
    /// Day and hour after.
    pub to: String,
    /// How many of its deadlines fall on another day.
    pub deadlines: usize,
}

/// What a change would do. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePreview {
    /// The series as it would be.
    pub after: SeriesView,
    /// Its dates and deadlines, when the rule changes.
    pub schedule: Option<Preview>,
    /// Meetings that get another day or hour.
    pub moved: Vec<MeetingMove>,
    /// How many deadlines fall on another day.
    pub deadlines_moved: usize,
    /// Opened meetings that go, in words.
    pub removed: Vec<String>,
    /// How many cancelled meetings go.
    pub removed_cancelled: usize,
    /// How many of those that go stay among past meetings, called off: the next one, so that people
    /// hear of it, and those where something is recorded.
    pub kept_as_record: usize,
    /// How many meetings too far ahead go, to be laid out again when they are near.
    pub laid_out_later: usize,
    /// Whether opened meetings go that nobody said should.
    pub needs_consent: bool,
    /// How many meetings are laid out anew.
    pub opened: usize,
    /// How many people would be told.
    pub told: usize,
}

/// The dates of a new rule; none for any other change.
///
/// # Errors
/// [`AppError::Invalid`] `clash` when a meeting would move onto another slot.
fn schedule_of(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    series: &Series,
    change: &SeriesChange,
) -> Result<Option<Preview>, AppError> {
    if !matches!(change, SeriesChange::Rule { .. }) {
        return Ok(None);
    }
    let preview = preview_of(ctx, az, &ruled(series, change)?, None)?;
    refuse_clashes(&preview)?;
    Ok(Some(preview))
}

/// What a change would do, with counts.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed, [`AppError::NotFound`] for whoever does not run the
/// panel.
pub fn preview_change(
    ctx: &Ctx<'_>,
    id: SeriesId,
    change: &SeriesChange,
) -> Result<ChangePreview, AppError> {
    ctx.read(|az| {
        let Versioned { value: series, version } =
            series::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(series.panel)?;
        let schedule = schedule_of(ctx, az, &series, change)?;
        let standing = Standing::load(ctx, az, &series)?;
        let effect = standing.effect(change, Orphans::Remove)?;
        let panel = panels::find(az, series.panel)?.ok_or(AppError::NotFound)?;
        let moved = moves(ctx, &effect.shifts, &panel.value.policy.cycle);
        let is_opened = |row: &&Meeting| row.state != MeetingState::Cancelled;
        let removed: Vec<String> = effect
            .removed
            .iter()
            .filter(is_opened)
            .map(|row| words::date_time(row.starts()))
            .collect();
        let left = standing.after(&effect);
        let holidays = &ctx.app.holidays;
        let opened = lay::missing(az, &effect.series, &left, holidays).meetings.len();
        let concerned = !moved.is_empty() || !removed.is_empty();
        let told = if concerned { follow::people(az, series.panel)?.len() } else { 0 };
        Ok(ChangePreview {
            schedule,
            deadlines_moved: moved.iter().map(|step| step.deadlines).sum(),
            moved,
            removed_cancelled: effect.removed.len() - removed.len(),
            removed,
            kept_as_record: standing.kept(&effect).len(),
            laid_out_later: effect.later.len(),
            needs_consent: effect.orphans > 0,
            opened,
            told,
            after: SeriesView::of(Versioned { value: effect.series, version }, ctx.today),
        })
    })
}

/// The shifts that readers notice, in the order of their new days.
fn moves(ctx: &Ctx<'_>, shifts: &[Shift], policy: &CyclePolicy) -> Vec<MeetingMove> {
    let of = |day: NaiveDate| deadlines(day, policy, &ctx.app.holidays);
    let changed = |shift: &Shift| {
        let (before, after) = (of(shift.before.on), of(shift.after.on));
        before.iter().zip(&after).filter(|(from, to)| from.on != to.on).count()
    };
    let mut noticed: Vec<&Shift> =
        shifts.iter().filter(|shift| shift.before.starts() != shift.after.starts()).collect();
    noticed.sort_by_key(|shift| shift.after.starts_at);
    noticed
        .into_iter()
        .map(|shift| MeetingMove {
            meeting: shift.after.id,
            from: words::date_time(shift.before.starts()),
            to: words::date_time(shift.after.starts()),
            deadlines: changed(shift),
        })
        .collect()
}

/// Changes a running series, all of it or nothing, and lays it out as far as today allows.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed and for clashes, each with both slots named;
/// [`AppError::Rule`] `would_orphan` when opened meetings would have no slot and nobody said that
/// they should go; [`AppError::Stale`], [`AppError::NotFound`] for whoever does not run the panel.
pub fn change(
    ctx: &Ctx<'_>,
    id: SeriesId,
    version: i32,
    form: &ChangeForm,
) -> Result<i32, AppError> {
    let orphans = if form.remove { Orphans::Remove } else { Orphans::Refuse };
    ctx.write(|az| {
        let found = series::lock(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(found.value.panel)?;
        meetings::lock_panel(az, found.value.panel)?;
        if found.version != version {
            return Err(AppError::Stale);
        }
        schedule_of(ctx, az, &found.value, &form.change)?;
        let standing = Standing::load(ctx, az, &found.value)?;
        let effect = standing.effect(&form.change, orphans)?;
        if !series::update(az, &effect.series, version)? {
            return Err(AppError::Stale);
        }
        let people = follow::people(az, found.value.panel)?;
        remove(az, &effect, &standing.kept(&effect), &people)?;
        for Shift { before, after } in &effect.shifts {
            if !meetings::update(az, after)? {
                return Err(AppError::Stale);
            }
            if before.starts_at != after.starts_at {
                follow::moved(az, after, &people)?;
            }
        }
        let laid = lay::further(az, &effect.series, &ctx.app.holidays)?;
        let (moved, removed) = (effect.shifts.len(), effect.removed.len());
        let counts = format!("{moved} changed, {removed} removed, {} opened", laid.opened);
        az.did(deed(code(&form.change), &effect.series).with(counts));
        Ok(version + 1)
    })
}

const fn code(change: &SeriesChange) -> &'static str {
    match change {
        SeriesChange::Time { .. } => "series.time",
        SeriesChange::Rule { .. } => "series.rule",
        SeriesChange::Place { .. } => "series.place",
        SeriesChange::SetEnd { .. } => "series.set_end",
        SeriesChange::EndNow {} => "series.end",
    }
}

/// Takes meetings out of their series. Those that are kept stay, called off and without a slot; the
/// others go.
fn remove(
    az: &mut Authz<'_>,
    effect: &Effect,
    kept: &BTreeSet<MeetingId>,
    people: &[UserId],
) -> Result<(), AppError> {
    let all = effect.removed.iter().chain(&effect.later);
    let (kept, gone): (Vec<&Meeting>, Vec<&Meeting>) = all.partition(|row| kept.contains(&row.id));
    meetings::delete(az, &gone.iter().map(|row| row.id).collect::<Vec<_>>())?;
    for row in kept {
        let mut off = Meeting { fills: None, ..row.clone() };
        let is_news = row.state != MeetingState::Cancelled;
        if is_news {
            off.state = MeetingState::Cancelled;
            "The series no longer has this meeting".clone_into(&mut off.cancel_reason);
        }
        if !meetings::update(az, &off)? {
            return Err(AppError::Stale);
        }
        if is_news {
            follow::called_off(az, &off, people)?;
        }
    }
    Ok(())
}
