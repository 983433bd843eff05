//! Series of meetings: previewed before anything is saved, laid out a year ahead, and changed
//! without touching what was held.

mod change;
mod effect;
pub(crate) mod lay;

pub use change::{ChangeForm, ChangePreview, MeetingMove, SeriesChange, change, preview_change};

use crate::app::App;
use crate::calendar::{self, Preview, ScheduleForm};
use crate::context::Ctx;
use crate::error::{AppError, FieldError};
use crate::meetings::Place;
use chrono::{Duration, Months, NaiveDate, NaiveTime};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, PanelId, RequestId, SeriesId, mint};
use panel_core::schedule::{End, HolidayPolicy, Pattern, horizon};
use panel_core::time::{ZONE, local_date};
use panel_core::words;
use panel_store::series::{self, Series};
use panel_store::{Authz, Caller, Versioned, Who, meetings, panels};
use serde::{Deserialize, Serialize};

/// How many months a preview shows when nothing is said.
const PREVIEW_MONTHS: u32 = 24;

/// How many months a preview shows at most.
const MOST_MONTHS: u32 = 60;

/// What the form of a series holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeriesForm {
    /// When it meets.
    pub schedule: ScheduleForm,
    /// How long each meeting is meant to last, in minutes.
    #[serde(default = "three_hours")]
    pub minutes: i32,
    /// Where.
    #[serde(default)]
    pub venue: String,
    /// The address of the video call.
    #[serde(default)]
    pub link: String,
}

const fn three_hours() -> i32 {
    180
}

impl SeriesForm {
    fn check(&self, id: SeriesId, panel: PanelId) -> Result<Series, AppError> {
        let (schedule, place) =
            (self.schedule.check(), Place::check(self.minutes, &self.venue, &self.link));
        match (schedule, place) {
            (Ok(schedule), Ok(place)) => Ok(Series {
                id,
                panel,
                recurrence: schedule.recurrence,
                at: schedule.at,
                minutes: place.minutes,
                zone: ZONE.to_owned(),
                policy: schedule.policy,
                venue: place.venue,
                link: place.link,
            }),
            (schedule, place) => {
                let errors = [schedule.err(), place.err()];
                Err(AppError::Invalid(errors.into_iter().flatten().flatten().collect()))
            }
        }
    }
}

/// A series, ready to show and to fill a form with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesView {
    /// Its id.
    pub id: SeriesId,
    /// The panel.
    pub panel: PanelId,
    /// The rule, the hour and the end in words.
    pub summary: String,
    /// Whether its last day has passed.
    pub ended: bool,
    /// The rule.
    pub rule: Pattern,
    /// The first day on which there may be a meeting.
    pub from: NaiveDate,
    /// When it ends.
    pub end: End,
    /// The local time at which meetings start.
    pub at: NaiveTime,
    /// The zone of that time.
    pub zone: String,
    /// How long each meeting is meant to last, in minutes.
    pub minutes: i32,
    /// What happens on a bank holiday.
    pub holiday_policy: HolidayPolicy,
    /// Where.
    pub venue: String,
    /// The address of the video call.
    pub link: String,
    /// The version that a change must name.
    pub version: i32,
}

impl SeriesView {
    fn of(found: Versioned<Series>, today: NaiveDate) -> Self {
        let Versioned { value: series, version } = found;
        let recurrence = series.recurrence;
        let last = recurrence.dates().last();
        let end = match recurrence.end {
            End::Never => String::new(),
            End::Until(day) => format!(", until {}", words::date(day)),
            End::Count(count) => format!(", {count} times"),
        };
        let summary = format!("{} at {}{end}", recurrence.rule, words::time(series.at));
        Self {
            id: series.id,
            panel: series.panel,
            summary: crate::error::sentence(&summary),
            ended: recurrence.end != End::Never && last.is_none_or(|last| last < today),
            rule: recurrence.rule.into(),
            from: recurrence.from,
            end: recurrence.end,
            at: series.at,
            zone: series.zone,
            minutes: series.minutes,
            holiday_policy: series.policy,
            venue: series.venue,
            link: series.link,
            version,
        }
    }
}

/// The series of a panel, the ones that began last first.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at the panel.
pub fn list(ctx: &Ctx<'_>, panel: PanelId) -> Result<Vec<SeriesView>, AppError> {
    ctx.must_sit(panel)?;
    let found = ctx.read(|az| Ok(series::list(az, panel)?))?;
    Ok(found.into_iter().map(|series| SeriesView::of(series, ctx.today)).collect())
}

/// One series.
///
/// # Errors
/// [`AppError::NotFound`] for whoever has no seat at its panel.
pub fn show(ctx: &Ctx<'_>, id: SeriesId) -> Result<SeriesView, AppError> {
    let found = ctx.read(|az| series::find(az, id)?.ok_or(AppError::NotFound))?;
    Ok(SeriesView::of(found, ctx.today))
}

/// What a new series would look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesPreview {
    /// Its dates and deadlines.
    pub schedule: Preview,
    /// Meetings of the panel that are on at the same time as one of its own, in words.
    pub overlaps: Vec<String>,
    /// How many meetings would be laid out at once; the others follow as time goes on.
    pub laid_out: usize,
    /// The day up to which they would be.
    pub until: NaiveDate,
}

/// Every date and every deadline of a series over the next `months` (24 unless said), before
/// anything is saved.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed, [`AppError::NotFound`] for whoever does not run the
/// panel.
pub fn preview(
    ctx: &Ctx<'_>,
    panel: PanelId,
    form: &SeriesForm,
    months: Option<u32>,
) -> Result<SeriesPreview, AppError> {
    ctx.must_run(panel)?;
    let series = form.check(ctx.mint(), panel)?;
    ctx.read(|az| {
        let schedule = preview_of(ctx, az, &series, months)?;
        let overlaps = overlaps(az, &schedule, &series)?;
        let laid_out = lay::missing(az, &series, &[], &ctx.app.holidays).meetings.len();
        let until = horizon(ctx.today, &ctx.app.holidays);
        Ok(SeriesPreview { schedule, overlaps, laid_out, until })
    })
}

/// The dates of a series from today on, or from its first day when that is ahead.
fn preview_of(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    series: &Series,
    months: Option<u32>,
) -> Result<Preview, AppError> {
    let panel = panels::find(az, series.panel)?.ok_or(AppError::NotFound)?;
    let first = series.recurrence.from.max(ctx.today);
    let months = Months::new(months.unwrap_or(PREVIEW_MONTHS).clamp(1, MOST_MONTHS));
    let last = first.checked_add_months(months).unwrap_or(first);
    let plan = series.plan(&ctx.app.holidays);
    Ok(calendar::preview(&plan, &panel.value.policy.cycle, first, last))
}

/// The panel's meetings that are on at the same time as a date of the preview.
fn overlaps(
    az: &mut Authz<'_>,
    preview: &Preview,
    series: &Series,
) -> Result<Vec<String>, AppError> {
    let starts: Vec<_> = preview.dates.iter().filter_map(|date| date.starts_at).collect();
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
        return Ok(Vec::new());
    };
    let day = Duration::days(1);
    let others = meetings::between(az, series.panel, *first - day, *last + day)?;
    let length = |minutes: i32| Duration::minutes(minutes.into());
    let is_on = |other: &meetings::Meeting| {
        starts.iter().any(|start| {
            *start < other.starts_at + length(other.minutes)
                && other.starts_at < *start + length(series.minutes)
        })
    };
    let of_others = |other: &&meetings::Meeting| {
        other.fills.is_none_or(|fills| fills.series != series.id) && is_on(other)
    };
    let found = others.iter().filter(of_others);
    Ok(found
        .map(|other| {
            let at = words::date_time(other.starts());
            format!("The panel has another meeting at {at}")
        })
        .collect())
}

fn deed(code: &'static str, series: &Series) -> Deed {
    let subject = Some(series.id.uuid());
    Deed::new(AuditKind::Administration, code, SubjectKind::Series, subject).at(series.panel)
}

/// Saves a series and lays its meetings out a year ahead.
///
/// # Errors
/// As [`preview`], and [`AppError::Invalid`] `clash` when a meeting would move onto another slot;
/// each clash names both.
pub fn create(ctx: &Ctx<'_>, panel: PanelId, form: &SeriesForm) -> Result<SeriesId, AppError> {
    ctx.must_run(panel)?;
    let new = form.check(ctx.mint(), panel)?;
    ctx.write(|az| {
        refuse_clashes(&preview_of(ctx, az, &new, None)?)?;
        series::insert(az, &new)?;
        let laid = lay::further(az, &new, &ctx.app.holidays)?;
        az.did(deed("series.add", &new).with(format!("{} meetings", laid.opened)));
        Ok(new.id)
    })
}

fn refuse_clashes(preview: &Preview) -> Result<(), AppError> {
    if preview.clashes.is_empty() {
        return Ok(());
    }
    let error = |clash: &calendar::ClashView| FieldError {
        field: "holiday_policy".to_owned(),
        code: "clash",
        message: crate::error::sentence(&clash.message),
    };
    Err(AppError::Invalid(preview.clashes.iter().map(error).collect()))
}

/// What laying out further did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extended {
    /// How many meetings were opened.
    pub opened: usize,
    /// Slots without a meeting because it would move onto another slot, in words.
    pub clashes: Vec<String>,
}

/// Lays a series out as far as today allows; a second call does nothing.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run its panel.
pub fn extend(ctx: &Ctx<'_>, id: SeriesId) -> Result<Extended, AppError> {
    ctx.write(|az| {
        let found = series::lock(az, id)?.ok_or(AppError::NotFound)?.value;
        ctx.must_run(found.panel)?;
        extend_locked(az, &found, ctx.app)
    })
}

fn extend_locked(az: &mut Authz<'_>, series: &Series, app: &App) -> Result<Extended, AppError> {
    let laid = lay::further(az, series, &app.holidays)?;
    if laid.opened > 0 {
        az.did(deed("series.extend", series).with(format!("{} meetings", laid.opened)));
    }
    let clashes = laid.clashes.iter().map(ToString::to_string).collect();
    Ok(Extended { opened: laid.opened, clashes })
}

/// Lays every series out as far as today allows, for the service's own daily round.
///
/// One series that fails does not keep the others from being laid out; it is logged.
///
/// # Errors
/// When the clock or the database fails altogether.
pub fn extend_all(app: &App) -> Result<Extended, AppError> {
    let now = app.clock.now()?;
    let caller = || Caller {
        who: Who::Service("series"),
        now,
        today: local_date(now),
        request: mint::<RequestId>(&*app.ids, now),
        ids: &*app.ids,
    };
    let all = app.store.read(&caller(), |az| Ok::<_, AppError>(series::running(az)?))?;
    let mut total = Extended::default();
    for id in all {
        let done = app.store.write(&caller(), |az| match series::lock(az, id)? {
            Some(found) => extend_locked(az, &found.value, app),
            None => Ok(Extended::default()),
        });
        match done {
            Ok(done) => {
                total.opened += done.opened;
                total.clashes.extend(done.clashes);
            }
            Err(error) => tracing::error!(series = %id, ?error, "a series was not laid out"),
        }
    }
    Ok(total)
}
