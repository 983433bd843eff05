//! The calendar without the database: the deadlines of a date, and the dates of a rule.

use crate::error::{AppError, FieldError};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use panel_core::calendar::BankHolidays;
use panel_core::calendar::WorkingDays;
use panel_core::coded::Coded;
use panel_core::cycle::{CyclePolicy, Deadline, Step};
use panel_core::schedule::{
    Clash, End, HolidayPolicy, MonthDay, Pattern, Planned, Recurrence, Rule, RuleError, SeriesPlan,
};
use panel_core::time::{LocalTime, resolve, resolve_leniently};
use panel_core::words;
use serde::{Deserialize, Serialize};

/// The most dates that one preview shows.
pub const MOST_DATES: usize = 400;

/// The most months without a chosen day that a preview names.
const MOST_MISSED: usize = 12;

/// What the form of a rule and its dates holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleForm {
    /// The rule.
    pub rule: Pattern,
    /// The first day on which there may be a meeting.
    pub from: NaiveDate,
    /// When the series ends.
    #[serde(default = "never")]
    pub end: End,
    /// The local time at which meetings start.
    pub at: NaiveTime,
    /// What happens on a bank holiday.
    pub holiday_policy: HolidayPolicy,
}

const fn never() -> End {
    End::Never
}

/// A schedule that was checked.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) recurrence: Recurrence,
    pub(crate) at: NaiveTime,
    pub(crate) policy: HolidayPolicy,
}

impl Schedule {
    pub(crate) const fn plan<'a>(&'a self, holidays: &'a BankHolidays) -> SeriesPlan<'a> {
        SeriesPlan { recurrence: &self.recurrence, at: self.at, policy: self.policy, holidays }
    }
}

impl ScheduleForm {
    pub(crate) fn check(&self) -> Result<Schedule, Vec<FieldError>> {
        let rule = Rule::check(self.rule.clone()).map_err(|error| vec![rule_error(error)])?;
        let recurrence = Recurrence { rule, from: self.from, end: self.end };
        if let End::Until(last) = self.end
            && last < self.from
        {
            let message = "Last day must be on or after the first day".to_owned();
            return Err(vec![field("end", "before_start", message)]);
        }
        if recurrence.dates().next().is_none() {
            let message = format!("No date is {}", recurrence.rule);
            return Err(vec![field("rule", "no_dates", message)]);
        }
        Ok(Schedule { recurrence, at: self.at, policy: self.holiday_policy })
    }
}

fn field(name: &str, code: &'static str, message: String) -> FieldError {
    FieldError { field: name.to_owned(), code, message }
}

fn rule_error(error: RuleError) -> FieldError {
    let (name, code) = match error {
        RuleError::Weeks(_) | RuleError::Months(_) => ("every", "out_of_bounds"),
        RuleError::NoDay => ("on", "empty"),
        RuleError::Day(_) | RuleError::Nth(_) => ("on", "out_of_bounds"),
    };
    let words = error.to_string();
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    field(name, code, first + letters.as_str())
}

/// One deadline of a meeting, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadlineView {
    /// The step.
    pub step: Step,
    /// What it is called.
    pub label: String,
    /// The local date; none when it cannot be counted.
    pub on: Option<NaiveDate>,
    /// The local hour that is still in time; none when the whole day is.
    pub at: Option<NaiveTime>,
    /// The last instant that is in time.
    pub limit: Option<DateTime<Utc>>,
    /// The day, and the hour where it has one, in words.
    pub when: String,
    /// Why it falls there, or why it cannot be counted.
    pub why: String,
}

/// The deadlines of a meeting on one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CycleView {
    /// The date of the meeting.
    pub meeting: NaiveDate,
    /// The date in words.
    pub when: String,
    /// What to know about the date: a bank holiday, a weekend, or not known to be either.
    pub warnings: Vec<String>,
    /// Every step of the cycle, in order.
    pub deadlines: Vec<DeadlineView>,
}

/// Every deadline of a meeting on `meeting`, and why each falls where it does. One that would have to
/// be counted past the loaded bank holidays is not guessed: it says so in place of its date.
pub fn cycle(meeting: NaiveDate, policy: &CyclePolicy, holidays: &BankHolidays) -> CycleView {
    CycleView {
        meeting,
        when: words::weekday_date(meeting),
        warnings: warnings_of_day(meeting, holidays),
        deadlines: deadlines(meeting, policy, holidays),
    }
}

/// What to know about a meeting on `day`.
pub(crate) fn warnings_of_day(day: NaiveDate, holidays: &BankHolidays) -> Vec<String> {
    let slot = panel_core::schedule::Slot::new(day);
    let kept = panel_core::schedule::place(slot, HolidayPolicy::KeepAndWarn, holidays);
    kept.warnings.iter().map(ToString::to_string).collect()
}

pub(crate) fn deadlines(
    meeting: NaiveDate,
    policy: &CyclePolicy,
    holidays: &BankHolidays,
) -> Vec<DeadlineView> {
    let days = WorkingDays::new(holidays);
    Step::ALL
        .iter()
        .map(|step| {
            let label = step.label().to_owned();
            match Deadline::of(*step, meeting, policy, days) {
                Ok(deadline) => DeadlineView {
                    step: *step,
                    label,
                    on: Some(deadline.on),
                    at: deadline.at,
                    limit: Some(deadline.limit()),
                    when: deadline.to_string(),
                    why: deadline.why.to_string(),
                },
                Err(refused) => DeadlineView {
                    step: *step,
                    label,
                    on: None,
                    at: None,
                    limit: None,
                    when: "Not known".to_owned(),
                    why: refused.to_string(),
                },
            }
        })
        .collect()
}

/// What became of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The meeting is on its slot's own day.
    Kept,
    /// It is on another day.
    Moved,
    /// There is none.
    Skipped,
}

/// One date of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewDate {
    /// The date that the rule laid out.
    pub slot: NaiveDate,
    /// What became of it.
    pub fate: Fate,
    /// Why it was moved or skipped, by the names of the bank holidays.
    pub why: Option<String>,
    /// The date of the meeting.
    pub on: Option<NaiveDate>,
    /// The instant at which it starts.
    pub starts_at: Option<DateTime<Utc>>,
    /// Day and hour in words; for a skipped slot its day.
    pub when: String,
    /// What to know about it. A warning never blocks.
    pub warnings: Vec<String>,
    /// The deadlines of the meeting.
    pub deadlines: Vec<DeadlineView>,
}

/// Two meetings of a series on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClashView {
    /// The slot whose meeting moves.
    pub slot: NaiveDate,
    /// The slot that is there already.
    pub with: NaiveDate,
    /// The day that both would have.
    pub on: NaiveDate,
    /// The sentence that names both.
    pub message: String,
}

/// Months that lack a chosen day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissedView {
    /// The first of them, in words such as `February 2027 has no 30th`.
    pub months: Vec<String>,
    /// What to choose instead so that no month is missed.
    pub instead: Vec<MonthDay>,
    /// The same in words.
    pub instead_words: String,
}

/// What a series would look like, before anything is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SchedulePreview))]
pub struct Preview {
    /// The rule in words.
    pub rule: String,
    /// Every date, in order.
    pub dates: Vec<PreviewDate>,
    /// Whether more dates follow than are shown.
    pub more: bool,
    /// Meetings on their own day.
    pub kept: usize,
    /// Meetings moved off a bank holiday.
    pub moved: usize,
    /// Slots without a meeting.
    pub skipped: usize,
    /// Why the series cannot be saved like this; empty when it can.
    pub clashes: Vec<ClashView>,
    /// Months that will be passed over.
    pub missed: Option<MissedView>,
}

/// The dates of a rule from `first` up to and with `last`, each with its deadlines, at most
/// [`MOST_DATES`].
///
/// # Errors
/// [`AppError::Invalid`] for what was typed.
pub fn schedule(
    form: &ScheduleForm,
    policy: &CyclePolicy,
    holidays: &BankHolidays,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Preview, AppError> {
    let schedule = form.check().map_err(AppError::Invalid)?;
    Ok(preview(&schedule.plan(holidays), policy, first, last))
}

pub(crate) fn preview(
    plan: &SeriesPlan<'_>,
    policy: &CyclePolicy,
    first: NaiveDate,
    last: NaiveDate,
) -> Preview {
    let within = plan.slots().map(panel_core::schedule::Slot::key);
    let count = within.skip_while(|day| *day < first).take_while(|day| *day <= last);
    let count = count.take(MOST_DATES + 1).count();
    let laid_out = plan.preview(first, count.min(MOST_DATES));
    let dates: Vec<PreviewDate> =
        laid_out.planned.iter().map(|planned| date(planned, plan, policy)).collect();
    let of = |fate| dates.iter().filter(|date| date.fate == fate).count();
    Preview {
        rule: plan.recurrence.rule.to_string(),
        more: count > MOST_DATES,
        kept: of(Fate::Kept),
        moved: of(Fate::Moved),
        skipped: of(Fate::Skipped),
        clashes: laid_out.clashes.iter().map(ClashView::of).collect(),
        missed: missed(plan.recurrence, first, last),
        dates,
    }
}

fn date(planned: &Planned, plan: &SeriesPlan<'_>, policy: &CyclePolicy) -> PreviewDate {
    let starts = plan.starts(planned);
    let fate = match planned.meets_on {
        None => Fate::Skipped,
        Some(_) if planned.is_moved() => Fate::Moved,
        Some(_) => Fate::Kept,
    };
    let clock = starts.and_then(|starts| match resolve(starts) {
        LocalTime::Exact(_) => None,
        LocalTime::Gap { after, .. } => {
            let (at, after) = (words::date_time(starts), words::time(after.time()));
            Some(format!("{at} does not exist: the clocks go forward to {after}"))
        }
        LocalTime::Fold { .. } => {
            Some(format!("{} comes twice: the first is meant", words::date_time(starts)))
        }
    });
    let of_day = planned.warnings.iter().map(ToString::to_string);
    PreviewDate {
        slot: planned.slot.key(),
        fate,
        why: planned.explanation(),
        on: planned.meets_on,
        starts_at: starts.map(resolve_leniently),
        when: starts.map_or_else(|| planned.slot.to_string(), words::date_time),
        warnings: of_day.chain(clock).collect(),
        deadlines: planned
            .meets_on
            .map(|day| deadlines(day, policy, plan.holidays))
            .unwrap_or_default(),
    }
}

impl ClashView {
    fn of(clash: &Clash) -> Self {
        Self {
            slot: clash.slot.key(),
            with: clash.with.key(),
            on: clash.meets_on,
            message: clash.to_string(),
        }
    }
}

fn missed(recurrence: &Recurrence, first: NaiveDate, last: NaiveDate) -> Option<MissedView> {
    if !recurrence.rule.misses_months() {
        return None;
    }
    let from = first.with_day(1).unwrap_or(first);
    let months: Vec<String> = recurrence
        .missed_days()
        .skip_while(|missed| missed.month < from)
        .take_while(|missed| missed.month <= last)
        .take(MOST_MISSED)
        .map(|missed| format!("{} has no {}", missed.month.format("%B %Y"), bare(missed.wanted)))
        .collect();
    if months.is_empty() {
        return None;
    }
    let Pattern::Months { on, .. } = recurrence.rule.pattern() else { return None };
    let mut instead: Vec<MonthDay> = Vec::new();
    for day in on.iter().filter_map(|day| day.in_every_month()) {
        if !instead.contains(&day) {
            instead.push(day);
        }
    }
    let instead_words = words::list(&instead.iter().map(ToString::to_string).collect::<Vec<_>>());
    Some(MissedView { months, instead, instead_words })
}

/// `31st`, `fifth Friday`: the day without its article.
fn bare(day: MonthDay) -> String {
    let text = day.to_string();
    text.strip_prefix("the ").map_or(text.clone(), ToOwned::to_owned)
}
