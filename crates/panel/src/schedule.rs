//! `panel schedule`: the dates of a rule, without a database.

use crate::output::{Output, table};
use anyhow::{Context, Result};
use chrono::{Months, NaiveDate, NaiveTime, Weekday};
use clap::{ArgGroup, Args};
use panel_app::calendar::{self, PreviewDate, ScheduleForm};
use panel_core::calendar::BankHolidays;
use panel_core::coded::Coded;
use panel_core::cycle::CyclePolicy;
use panel_core::schedule::{End, HolidayPolicy, MonthDay, Pattern};
use std::num::NonZeroU16;
use std::str::FromStr;

/// How far ahead dates are shown when nothing ends the series.
const MONTHS_AHEAD: Months = Months::new(13);

/// A rule, and from when to when.
#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("unit").required(true).args(["weeks", "months"])))]
pub(crate) struct ScheduleArgs {
    /// Every so many weeks.
    #[arg(long, value_name = "N")]
    weeks: Option<u8>,
    /// Every so many months.
    #[arg(long, value_name = "N")]
    months: Option<u8>,
    /// The days: weekdays such as `thu` with --weeks; with --months `1st-fri`, `last-thu`,
    /// `2nd-last-mon`, `15` or `last-day`. Several are separated by commas.
    #[arg(long, value_name = "DAYS", value_delimiter = ',', required = true)]
    on: Vec<String>,
    /// The first day on which there may be a meeting.
    #[arg(long, value_name = "DATE")]
    from: NaiveDate,
    /// The last day.
    #[arg(long, value_name = "DATE", conflicts_with = "times")]
    until: Option<NaiveDate>,
    /// So many slots.
    #[arg(long, value_name = "N")]
    times: Option<NonZeroU16>,
    /// The local time at which meetings start.
    #[arg(long, default_value = "09:30", value_parser = time)]
    at: NaiveTime,
    /// On a bank holiday: skip, earlier, later, `next_week` or keep.
    #[arg(long, default_value = "later", value_parser = policy)]
    holidays: HolidayPolicy,
    /// The day on which a week begins; it matters from every second week on.
    #[arg(long, default_value = "mon")]
    week_start: Weekday,
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "a time such as 09:30".to_owned())
}

fn policy(text: &str) -> Result<HolidayPolicy, String> {
    HolidayPolicy::from_code(text).map_err(|_| {
        let codes: Vec<&str> = HolidayPolicy::ALL.iter().map(|policy| policy.code()).collect();
        format!("one of {}", codes.join(", "))
    })
}

fn weekday(text: &str) -> Result<Weekday> {
    Weekday::from_str(text).ok().with_context(|| format!("{text} is no weekday; write mon, tue …"))
}

/// `1st-fri`, `last-thu`, `2nd-last-mon`, `15` or `last-day`.
fn month_day(text: &str) -> Result<MonthDay> {
    let lower = text.trim().to_lowercase();
    if lower == "last-day" {
        return Ok(MonthDay::LastDay);
    }
    if let Ok(day) = lower.parse() {
        return Ok(MonthDay::Day(day));
    }
    let wanted = || format!("{text} is no day of a month; write 1st-fri, last-thu, 15 or last-day");
    let (place, day) = lower.rsplit_once('-').with_context(wanted)?;
    let weekday = weekday(day)?;
    if place == "last" {
        return Ok(MonthDay::NthLast { n: 1, weekday });
    }
    let number = |text: &str| text.trim_end_matches(char::is_alphabetic).parse().ok();
    Ok(match place.strip_suffix("-last") {
        Some(nth) => MonthDay::NthLast { n: number(nth).with_context(wanted)?, weekday },
        None => MonthDay::Nth { n: number(place).with_context(wanted)?, weekday },
    })
}

impl ScheduleArgs {
    fn form(&self) -> Result<ScheduleForm> {
        let rule = match (self.weeks, self.months) {
            (Some(every), _) => Pattern::Weeks {
                every,
                on: self.on.iter().map(|day| weekday(day)).collect::<Result<_>>()?,
                week_start: self.week_start,
            },
            (None, every) => Pattern::Months {
                every: every.context("either --weeks or --months is needed")?,
                on: self.on.iter().map(|day| month_day(day)).collect::<Result<_>>()?,
            },
        };
        let end = match (self.until, self.times) {
            (Some(last), _) => End::Until(last),
            (None, Some(times)) => End::Count(times),
            (None, None) => End::Never,
        };
        Ok(ScheduleForm { rule, from: self.from, end, at: self.at, holiday_policy: self.holidays })
    }

    /// The last day that is shown: a count of slots ends by itself.
    fn last(&self) -> NaiveDate {
        let open = if self.times.is_some() { Months::new(1200) } else { MONTHS_AHEAD };
        self.until.or_else(|| self.from.checked_add_months(open)).unwrap_or(NaiveDate::MAX)
    }
}

/// Prints every date of the rule, with what becomes of it on a bank holiday.
pub(crate) fn show(args: &ScheduleArgs, holidays: &BankHolidays, out: Output) -> Result<()> {
    let policy = CyclePolicy::default();
    let preview = calendar::schedule(&args.form()?, &policy, holidays, args.from, args.last())?;
    out.show(&preview, |preview| {
        let row = |date: &PreviewDate| {
            let mut notes: Vec<String> = date.why.iter().cloned().collect();
            notes.extend(date.warnings.iter().cloned());
            vec![date.when.clone(), notes.join("; ")]
        };
        let rows: Vec<Vec<String>> = preview.dates.iter().map(row).collect();
        let clashes: Vec<&str> =
            preview.clashes.iter().map(|clash| clash.message.as_str()).collect();
        format!("{}\n\n{}\n{}", preview.rule, table(&["date", "note"], &rows), clashes.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<MonthDay>) {
        assert_eq!(month_day(text).ok(), expected, "{text}");
    }

    #[test]
    fn days_of_a_month_are_written_as_people_say_them() {
        check("1st-fri", Some(MonthDay::Nth { n: 1, weekday: Weekday::Fri }));
        check("last-Thu", Some(MonthDay::NthLast { n: 1, weekday: Weekday::Thu }));
        check("2nd-last-mon", Some(MonthDay::NthLast { n: 2, weekday: Weekday::Mon }));
        check("15", Some(MonthDay::Day(15)));
        check("last-day", Some(MonthDay::LastDay));
        check("someday", None);
        check("first-fri", None);
    }
}
