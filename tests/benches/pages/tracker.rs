//! An old tracker of any length, the agenda that follows its import, and what an import costs.

use anyhow::{Context, Result, bail};
use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use panel_app::calendar::ScheduleForm;
use panel_app::series::{self, SeriesForm};
use panel_app::{Clock, agenda, imports, meetings};
use panel_core::id::MeetingId;
use panel_core::schedule::{End, HolidayPolicy, Pattern};
use panel_tests::world::{COORDINATOR, World};
use rust_xlsxwriter::{Workbook, Worksheet};
use std::time::{Duration, Instant};

const AGENCIES: [&str; 4] =
    ["Eastshire Police", "Probation Service", "Eastshire Homes", "Eastshire Advocates"];

/// What an import cost, from the file to the last row.
pub(crate) struct Imported {
    pub(crate) rows: usize,
    /// Reading the workbook alone.
    pub(crate) floor: Duration,
    /// Taking the file in and showing what it would do.
    pub(crate) preview: Duration,
    /// Saving it in one transaction.
    pub(crate) confirm: Duration,
}

/// A tracker of so many referrals, a week apart, and so many open actions of one panel day.
fn workbook(today: NaiveDate, referrals: usize, actions: usize) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let day = |on: NaiveDate| on.format("%d/%m/%Y").to_string();
    let sheet = book.add_worksheet().set_name("Referral log")?;
    write(
        sheet,
        0,
        &[
            "Ref",
            "Date rec'd",
            "Referring agency",
            "Perp surname",
            "Perp forename",
            "Victim name",
            "High risk?",
            "Status",
        ],
    )?;
    let agency = |n: usize| AGENCIES.get(n % AGENCIES.len()).copied().unwrap_or_default();
    for n in 0..referrals {
        let received = today - Days::new(u64::try_from(60 + n % 300)?);
        let cells = [
            format!("T/{n:05}"),
            day(received),
            agency(n).to_owned(),
            surname(n),
            "Alex".to_owned(),
            format!("Sam {}", surname(n + 7)),
            "Yes".to_owned(),
            "Open".to_owned(),
        ];
        write(sheet, n + 1, &cells)?;
    }
    let sheet = book.add_worksheet().set_name("Actions")?;
    write(sheet, 0, &["Meeting date", "Case ref", "Action", "Agency", "Due", "Status"])?;
    for n in 0..actions {
        let cells = [
            day(today - Days::new(35)),
            format!("T/{:05}", n % referrals.max(1)),
            format!("Check bail conditions with the court, matter {n}"),
            agency(n / referrals.max(1)).to_owned(),
            day(today - Days::new(7) + Days::new(u64::try_from(n % 40)?)),
            "Open".to_owned(),
        ];
        write(sheet, n + 1, &cells)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A surname that no other number has, and that sounds like no other.
fn surname(n: usize) -> String {
    let letters = ["Ab", "Ek", "Il", "Om", "Ur", "Ta", "Be", "Ko", "Du", "Fi"];
    let part = |place: u32| letters.get(n / 10_usize.pow(place) % 10).copied().unwrap_or_default();
    format!("{}{}{}{}", part(0), part(1), part(2), part(3)).to_lowercase()
}

fn write(sheet: &mut Worksheet, row: usize, cells: &[impl AsRef<str>]) -> Result<()> {
    for (column, cell) in (0..).zip(cells) {
        sheet.write_string(u32::try_from(row)?, column, cell.as_ref())?;
    }
    Ok(())
}

fn import(world: &World, bytes: &[u8]) -> Result<(Duration, Duration)> {
    let (ctx, panel) = (world.by(COORDINATOR), world.town().panel);
    let began = Instant::now();
    let id = imports::upload(&ctx, panel, "tracker.xlsx", bytes)?;
    let shown = imports::show(&ctx, id)?;
    let preview = began.elapsed();
    let began = Instant::now();
    imports::confirm(&ctx, id, shown.import.version, false)?;
    Ok((preview, began.elapsed()))
}

/// Imports a tracker of `rows` rows, a fifth of them referrals.
pub(crate) fn measure(world: &World, rows: usize) -> Result<Imported> {
    world.app.clock.set(Clock::System.now()?);
    let today = world.by(COORDINATOR).today;
    let bytes = workbook(today, rows / 5, rows - rows / 5)?;
    let began = Instant::now();
    panel_sheets::read(&bytes, "tracker.xlsx")?;
    let floor = began.elapsed();
    let (preview, confirm) = import(world, &bytes)?;
    Ok(Imported { rows, floor, preview, confirm })
}

/// Imports so many cases with so many unfinished actions, and issues the agenda of the next meeting,
/// which brings all of them back.
pub(crate) fn issued_agenda(world: &World, cases: usize, actions: usize) -> Result<MeetingId> {
    world.app.clock.set(Clock::System.now()?);
    let ctx = world.by(COORDINATOR);
    let bytes = workbook(ctx.today, cases, actions)?;
    import(world, &bytes)?;
    let schedule = ScheduleForm {
        rule: Pattern::Weeks { every: 4, on: vec![Weekday::Thu], week_start: Weekday::Mon },
        from: ctx.today + Days::new(1),
        end: End::Never,
        at: NaiveTime::from_hms_opt(10, 0, 0).context("no ten o'clock")?,
        holiday_policy: HolidayPolicy::Later,
    };
    let form =
        SeriesForm { schedule, minutes: 180, venue: "Town hall".to_owned(), link: String::new() };
    let panel = world.town().panel;
    series::create(&ctx, panel, &form)?;
    let upcoming = meetings::upcoming(&ctx, panel, None)?;
    let meeting = upcoming.rows.first().context("no meeting lies ahead")?.id;
    let proposal = agenda::proposal(&ctx, meeting)?;
    let version = agenda::confirm(&ctx, meeting, proposal.version, &proposal.digest)?;
    agenda::issue(&ctx, meeting, version)?;
    let draft = agenda::draft(&ctx, meeting)?;
    let listed: usize = draft.sections.iter().map(|section| section.lines.len()).sum();
    let owed = draft.actions.actions.len();
    if listed < cases || owed < actions {
        bail!("the agenda has {listed} lines and {owed} actions");
    }
    Ok(meeting)
}
