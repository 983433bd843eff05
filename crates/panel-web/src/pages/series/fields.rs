//! The boxes in which a rule is typed, and what is read from them.

use crate::form::kinds::{date, many_of, number, one_of, text, time};
use crate::form::{Field, Form, FormView, Reader, Refused, Section};
use crate::pages::meetings::acts::{LINK, VENUE, filled};
use crate::posted::Posted;
use chrono::{NaiveDate, NaiveTime, Weekday};
use panel_app::calendar::ScheduleForm;
use panel_app::series::{SeriesForm, SeriesView};
use panel_core::coded::Coded;
use panel_core::schedule::{End, HolidayPolicy, MonthDay, NotADay, Pattern};
use panel_core::text::Title;
use std::num::NonZeroU16;

/// What a rule counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Weeks,
    Months,
}

impl Coded for Unit {
    const VOCABULARY: &'static str = "unit";
    const ALL: &'static [Self] = &[Self::Weeks, Self::Months];
    fn code(self) -> &'static str {
        match self {
            Self::Weeks => "weeks",
            Self::Months => "months",
        }
    }
    fn label(self) -> &'static str {
        match self {
            Self::Weeks => "Weeks",
            Self::Months => "Months",
        }
    }
}

/// How a series ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Never,
    Until,
    Times,
}

impl Coded for Ends {
    const VOCABULARY: &'static str = "end";
    const ALL: &'static [Self] = &[Self::Never, Self::Until, Self::Times];
    fn code(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Until => "until",
            Self::Times => "times",
        }
    }
    fn label(self) -> &'static str {
        match self {
            Self::Never => "It goes on",
            Self::Until => "After a day",
            Self::Times => "After a number of meetings",
        }
    }
}

static UNIT: Field<'_, Unit> = one_of("unit", "The meeting repeats every so many");
static EVERY: Field<'_, u32> = number("every", "How many", 1, 52)
    .hint("1 for every week or month, 4 for every fourth")
    .missing("Enter how many weeks or months lie between two meetings");
static ON: Field<'_, Vec<Weekday>> =
    many_of("on", "Weekdays").missing("Select at least one weekday").shown_when("unit", "weeks");
static WEEK_START: Field<'_, Weekday> =
    one_of("week_start", "Weeks begin on").as_select().shown_when("unit", "weeks");
static MONTH_DAYS: Field<'_, String> = text("month_days", "Days of the month")
    .hint("For example, first Friday, or 15, or last day. Put commas between several.")
    .missing("Enter at least one day of the month")
    .shown_when("unit", "months");
static FROM: Field<'_, NaiveDate> =
    date("from", "First day").hint("The first meeting is on or after this day");
static ENDS: Field<'_, Ends> = one_of("ends", "When does the series end?");
static UNTIL: Field<'_, NaiveDate> = date("until", "Last day").shown_when("ends", "until");
static TIMES: Field<'_, u32> =
    number("times", "Number of meetings", 1, 1000).shown_when("ends", "times");
pub(super) static AT: Field<'_, NaiveTime> = time("at", "Start time");
static HOLIDAY: Field<'_, HolidayPolicy> =
    one_of("holiday_policy", "When a meeting falls on a bank holiday");
static MINUTES: Field<'_, u32> = number("minutes", "Length", 5, 1440).suffix("minutes");

pub(super) static SERIES: Form = Form::sections(&[
    Section::new(
        "Dates",
        &[&UNIT, &EVERY, &ON, &WEEK_START, &MONTH_DAYS, &FROM, &ENDS, &UNTIL, &TIMES],
    ),
    Section::new("Bank holidays", &[&HOLIDAY]),
    Section::new("Time and place", &[&AT, &MINUTES, &VENUE, &LINK]),
]);
pub(super) static RULE: Form = Form::of(&[
    &UNIT,
    &EVERY,
    &ON,
    &WEEK_START,
    &MONTH_DAYS,
    &FROM,
    &ENDS,
    &UNTIL,
    &TIMES,
    &HOLIDAY,
]);
pub(super) static TIME: Form = Form::of(&[&AT]);
pub(super) static PLACE: Form = Form::of(&[&MINUTES, &VENUE, &LINK]);
pub(super) static LAST_DAY: Form = Form::of(&[&ENDS, &UNTIL, &TIMES]);

/// What stands in a new form: four-weekly at ten, moved on from bank holidays.
pub(super) fn defaults(form: FormView<'static>, today: NaiveDate) -> FormView<'static> {
    form.fill(&UNIT, &Unit::Weeks)
        .fill(&EVERY, &4)
        .fill(&WEEK_START, &Weekday::Mon)
        .fill(&FROM, &today)
        .fill(&ENDS, &Ends::Never)
        .fill(&HOLIDAY, &HolidayPolicy::Later)
        .fill(&AT, &NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default())
        .fill(&MINUTES, &180)
}

/// What stands in a form about the rule of a running series.
pub(super) fn rule_of(
    form: FormView<'static>,
    series: &SeriesView,
    today: NaiveDate,
) -> FormView<'static> {
    let form = form
        .fill(&WEEK_START, &Weekday::Mon)
        .fill(&FROM, &series.from.max(today))
        .fill(&HOLIDAY, &series.holiday_policy);
    let form = match &series.rule {
        Pattern::Weeks { every, on, week_start } => form
            .fill(&UNIT, &Unit::Weeks)
            .fill(&EVERY, &u32::from(*every))
            .fill(&ON, on)
            .fill(&WEEK_START, week_start),
        Pattern::Months { every, on } => form
            .fill(&UNIT, &Unit::Months)
            .fill(&EVERY, &u32::from(*every))
            .fill(&MONTH_DAYS, &on.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    end_of(form, series)
}

/// What stands in a form about the end of a running series.
pub(super) fn end_of(form: FormView<'static>, series: &SeriesView) -> FormView<'static> {
    match series.end {
        End::Never => form.fill(&ENDS, &Ends::Never),
        End::Until(day) => form.fill(&ENDS, &Ends::Until).fill(&UNTIL, &day),
        End::Count(count) => form.fill(&ENDS, &Ends::Times).fill(&TIMES, &u32::from(count.get())),
    }
}

/// What stands in a form about the place of a running series.
pub(super) fn place_of(form: FormView<'static>, series: &SeriesView) -> FormView<'static> {
    form.fill(&MINUTES, &u32::try_from(series.minutes).unwrap_or_default())
        .fill(&VENUE, &filled(&series.venue))
        .fill(&LINK, &filled(&series.link))
}

/// A rule as it was read.
pub(super) struct RuleRead {
    pub(super) rule: Pattern,
    pub(super) from: NaiveDate,
    pub(super) end: End,
    pub(super) policy: HolidayPolicy,
}

fn days(reader: &mut Reader<'_, '_>) -> Option<Vec<MonthDay>> {
    let typed = reader.get(&MONTH_DAYS)?;
    let parts = typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    match parts.map(str::parse).collect::<Result<Vec<MonthDay>, NotADay>>() {
        Ok(days) => Some(days),
        Err(error) => {
            reader.refuse(&MONTH_DAYS, "not_a_day", error.to_string());
            None
        }
    }
}

fn pattern(reader: &mut Reader<'_, '_>) -> Option<Pattern> {
    let (unit, every) = (reader.get(&UNIT), reader.get(&EVERY));
    let rest: Box<dyn FnOnce(u8) -> Pattern> = match unit? {
        Unit::Weeks => {
            let (on, week_start) = (reader.get(&ON), reader.get(&WEEK_START));
            let (on, week_start) = (on?, week_start?);
            Box::new(move |every| Pattern::Weeks { every, on, week_start })
        }
        Unit::Months => {
            let on = days(reader)?;
            Box::new(move |every| Pattern::Months { every, on })
        }
    };
    Some(rest(u8::try_from(every?).ok()?))
}

pub(super) fn end(reader: &mut Reader<'_, '_>) -> Option<End> {
    match reader.get(&ENDS)? {
        Ends::Never => Some(End::Never),
        Ends::Until => reader.get(&UNTIL).map(End::Until),
        Ends::Times => {
            let count = u16::try_from(reader.get(&TIMES)?).ok()?;
            NonZeroU16::new(count).map(End::Count)
        }
    }
}

pub(super) fn rule(reader: &mut Reader<'_, '_>) -> Option<RuleRead> {
    let rule = pattern(reader);
    let from = reader.get(&FROM);
    let end = end(reader);
    let policy = reader.get(&HOLIDAY);
    Some(RuleRead { rule: rule?, from: from?, end: end?, policy: policy? })
}

/// Length, venue and link.
pub(super) fn place(reader: &mut Reader<'_, '_>) -> Option<(i32, String, String)> {
    let (minutes, venue, link) = (reader.get(&MINUTES), reader.get(&VENUE), reader.get(&LINK));
    let text = |read: Option<Title>| read.map(String::from).unwrap_or_default();
    Some((i32::try_from(minutes?).ok()?, text(venue?), text(link?)))
}

pub(super) fn read_series(posted: &Posted, today: NaiveDate) -> Result<SeriesForm, Refused> {
    let mut reader = SERIES.read(&posted.values, today);
    let rule = rule(&mut reader);
    let at = reader.get(&AT);
    let place = place(&mut reader);
    reader.finish(|| {
        let RuleRead { rule, from, end, policy: holiday_policy } = rule?;
        let (minutes, venue, link) = place?;
        let schedule = ScheduleForm { rule, from, end, at: at?, holiday_policy };
        Some(SeriesForm { schedule, minutes, venue, link })
    })
}

/// The refusal of a use case beside the boxes of this form.
pub(super) fn at_its_field(posted: &Posted, mut refused: Refused) -> Refused {
    let monthly = posted.values.one("unit") == Unit::Months.code();
    for error in &mut refused.errors {
        let field = match error.field.as_str() {
            "on" if monthly => "month_days",
            "end" => "until",
            "rule" => "every",
            _ => continue,
        };
        field.clone_into(&mut error.field);
    }
    refused
}
