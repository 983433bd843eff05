//! Bank holidays, read from the form in which GOV.UK publishes them.

use crate::text::{Name, TextError};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

const BUILT_IN: &str = include_str!("../../data/bank-holidays.json");

/// England and Wales have kept at least so many bank holidays in every year since 1978, so a year
/// that lists fewer is not all there.
const FEWEST_IN_A_YEAR: usize = 8;

/// One bank holiday of England and Wales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankHoliday {
    /// The day that is not worked.
    pub on: NaiveDate,
    /// What it is called, such as `Good Friday`.
    pub name: Name,
    /// Whether the day stands in for a holiday that fell on a weekend.
    pub substitute: bool,
}

impl fmt::Display for BankHoliday {
    /// The name, and whether it is a substitute day; not the date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let note = if self.substitute { " (substitute day)" } else { "" };
        write!(f, "{}{note}", self.name)
    }
}

/// Why a list of bank holidays was not taken.
#[derive(Debug, thiserror::Error)]
pub enum HolidayFileError {
    /// Not JSON, or JSON of another form; the cause names the line and column.
    #[error("the file is not in the form of the GOV.UK bank holidays list: {0}")]
    Form(#[from] serde_json::Error),
    /// An event whose date is not a real date.
    #[error("{title:?} has the date {date:?}, which is not a real date written like 2026-12-25")]
    NotADate {
        /// The event's title, cut to 60 characters.
        title: String,
        /// The date as it stands in the file, cut to 60 characters.
        date: String,
    },
    /// An event without a usable title.
    #[error("the bank holiday on {on} has no usable title")]
    Title {
        /// The event's date.
        on: NaiveDate,
        /// What is wrong with the title.
        source: TextError,
    },
    /// One day listed twice.
    #[error("{0} is listed twice")]
    Twice(NaiveDate),
    /// A year in the middle that cannot be all there.
    #[error(
        "{year} lists {listed} bank holidays; England and Wales have at least {FEWEST_IN_A_YEAR}"
    )]
    Incomplete {
        /// The year.
        year: i32,
        /// How many days it lists.
        listed: usize,
    },
    /// Not one whole year.
    #[error("the file holds no whole year of bank holidays")]
    NoWholeYear,
}

#[derive(Deserialize)]
struct Published {
    #[serde(rename = "england-and-wales")]
    england_and_wales: Division,
}

#[derive(Deserialize)]
struct Division {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    date: String,
    #[serde(default)]
    notes: String,
}

impl Event {
    fn read(&self) -> Result<BankHoliday, HolidayFileError> {
        let short = |text: &str| text.chars().take(60).collect::<String>();
        let on = NaiveDate::parse_from_str(&self.date, "%Y-%m-%d").map_err(|_| {
            HolidayFileError::NotADate { title: short(&self.title), date: short(&self.date) }
        })?;
        let name =
            Name::parse(&self.title).map_err(|source| HolidayFileError::Title { on, source })?;
        let substitute = self.notes.trim().eq_ignore_ascii_case("substitute day");
        Ok(BankHoliday { on, name, substitute })
    }
}

/// The bank holidays of England and Wales over an unbroken run of whole years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankHolidays {
    days: BTreeMap<NaiveDate, BankHoliday>,
    first_year: i32,
    last_year: i32,
}

impl BankHolidays {
    /// The list that is compiled in: 2012 to 2028.
    #[expect(
        clippy::expect_used,
        reason = "a test reads the same file, and it cannot change after"
    )]
    pub fn england_and_wales() -> &'static Self {
        static LIST: LazyLock<BankHolidays> =
            LazyLock::new(|| BankHolidays::parse(BUILT_IN).expect("the built-in list is whole"));
        &LIST
    }

    /// Reads a list in the GOV.UK form; divisions other than England and Wales are passed over.
    ///
    /// A year at either end that lists fewer days than any year has (one day announced early, say)
    /// keeps its days but does not count as loaded.
    ///
    /// # Errors
    /// [`HolidayFileError`], which names the line, event or year at fault.
    pub fn parse(json: &str) -> Result<Self, HolidayFileError> {
        let published: Published = serde_json::from_str(json.trim_start_matches('\u{feff}'))?;
        let mut days = BTreeMap::new();
        let mut listed: BTreeMap<i32, usize> = BTreeMap::new();
        for event in &published.england_and_wales.events {
            let holiday = event.read()?;
            let on = holiday.on;
            *listed.entry(on.year()).or_default() += 1;
            if days.insert(on, holiday).is_some() {
                return Err(HolidayFileError::Twice(on));
            }
        }
        let years = whole_years(&listed)?;
        Ok(Self { days, first_year: *years.start(), last_year: *years.end() })
    }

    /// The bank holiday on `day`, if that is one.
    pub fn on(&self, day: NaiveDate) -> Option<&BankHoliday> {
        self.days.get(&day)
    }

    /// The bank holidays in `days`, both ends in, in order.
    pub fn within(&self, days: RangeInclusive<NaiveDate>) -> impl Iterator<Item = &BankHoliday> {
        // An empty range would be a mistake of the caller's to a map, and is nothing to us.
        let days = (days.start() <= days.end()).then_some(days);
        days.into_iter().flat_map(|days| self.days.range(days)).map(|(_, holiday)| holiday)
    }

    /// Whether the year of `day` is loaded, so that a day not listed is known to be no holiday.
    pub fn covers(&self, day: NaiveDate) -> bool {
        (self.first_year..=self.last_year).contains(&day.year())
    }

    /// The first loaded year.
    pub const fn first_year(&self) -> i32 {
        self.first_year
    }

    /// The last loaded year.
    pub const fn last_year(&self) -> i32 {
        self.last_year
    }
}

fn whole_years(listed: &BTreeMap<i32, usize>) -> Result<RangeInclusive<i32>, HolidayFileError> {
    let mut whole = listed.iter().filter(|(_, count)| **count >= FEWEST_IN_A_YEAR);
    let first = whole.next().map(|(year, _)| *year).ok_or(HolidayFileError::NoWholeYear)?;
    let last = whole.next_back().map_or(first, |(year, _)| *year);
    let count = |year| listed.get(&year).copied().unwrap_or_default();
    match (first..=last).find(|year| count(*year) < FEWEST_IN_A_YEAR) {
        Some(year) => Err(HolidayFileError::Incomplete { year, listed: count(year) }),
        None => Ok(first..=last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::day;
    use chrono::{Days, Weekday};

    #[track_caller]
    fn check(on: &str, expected: Option<&str>) {
        let found = BankHolidays::england_and_wales().on(day(on));
        assert_eq!(found.map(ToString::to_string).as_deref(), expected, "{on}");
    }

    /// The Gregorian date of Easter Sunday, by Gauss's method as Lichtenberg completed it.
    fn easter(year: i32) -> NaiveDate {
        let century = year / 100;
        let moon_shift = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
        let sun_shift = 2 - (3 * century + 3) / 4;
        let golden = year % 19;
        let moon_seed = (19 * golden + moon_shift) % 30;
        let late_moon = (moon_seed + golden / 11) / 29;
        let full_moon = 21 + moon_seed - late_moon;
        let first_sunday = 7 - (year + year / 4 + sun_shift) % 7;
        let march_day = full_moon + 7 - (full_moon - first_sunday).rem_euclid(7);
        NaiveDate::from_ymd_opt(year, 3, 1).unwrap()
            + Days::new(u64::try_from(march_day - 1).unwrap())
    }

    #[test]
    fn the_built_in_list_reaches_the_end_of_2028() {
        let list = BankHolidays::england_and_wales();
        assert!(list.first_year() <= 2019 && list.last_year() >= 2028);
        assert!(list.covers(day("2028-12-31")) && !list.covers(day("2011-12-31")));
    }

    #[test]
    fn good_friday_and_easter_monday_frame_easter_in_every_year() {
        let list = BankHolidays::england_and_wales();
        for year in list.first_year()..=list.last_year() {
            let sunday = easter(year);
            let name = |day: NaiveDate| list.on(day).map(|holiday| holiday.name.to_string());
            assert_eq!(name(sunday - Days::new(2)).as_deref(), Some("Good Friday"), "{year}");
            assert_eq!(name(sunday + Days::new(1)).as_deref(), Some("Easter Monday"), "{year}");
        }
    }

    #[test]
    fn no_bank_holiday_falls_on_a_weekend() {
        let list = BankHolidays::england_and_wales();
        let weekend = |d: &NaiveDate| matches!(d.weekday(), Weekday::Sat | Weekday::Sun);
        assert_eq!(list.days.keys().filter(|d| weekend(d)).count(), 0);
    }

    #[test]
    fn the_early_may_holiday_of_2020_moved_to_ve_day() {
        check("2020-05-08", Some("Early May bank holiday (VE day)"));
        check("2020-05-04", None);
    }

    #[test]
    fn proclaimed_days_are_there() {
        check("2022-06-02", Some("Spring bank holiday"));
        check("2022-06-03", Some("Platinum Jubilee bank holiday"));
        check("2022-05-30", None);
        check("2022-09-19", Some("Bank Holiday for the State Funeral of Queen Elizabeth II"));
        check("2023-05-08", Some("Bank holiday for the coronation of King Charles III"));
    }

    #[test]
    fn christmas_on_a_weekend_has_substitute_days() {
        check("2021-12-25", None);
        check("2021-12-27", Some("Christmas Day (substitute day)"));
        check("2021-12-28", Some("Boxing Day (substitute day)"));
        check("2022-12-26", Some("Boxing Day"));
        check("2022-12-27", Some("Christmas Day (substitute day)"));
        check("2026-12-28", Some("Boxing Day (substitute day)"));
        check("2028-01-03", Some("New Year’s Day (substitute day)"));
    }

    /// A file in the published form with these (date, title) events.
    fn file(events: &[(String, &str)]) -> String {
        let event = |(date, title): &(String, &str)| {
            format!(r#"{{"title":"{title}","date":"{date}","notes":"","bunting":true}}"#)
        };
        let events: Vec<String> = events.iter().map(event).collect();
        format!(
            r#"{{"scotland":{{"division":"scotland","events":[{{"title":"St Andrew’s Day",
            "date":"2030-11-30","notes":""}}]}},"england-and-wales":{{"events":[{}]}}}}"#,
            events.join(",")
        )
    }

    fn year(year: i32, count: u32) -> Vec<(String, &'static str)> {
        (1..=count).map(|month| (format!("{year}-{month:02}-02"), "Closed")).collect()
    }

    #[track_caller]
    fn refused(json: &str, words: &str) {
        let error = BankHolidays::parse(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn an_operators_file_replaces_the_list_and_other_divisions_are_passed_over() {
        let list = BankHolidays::parse(&format!("\u{feff}{}", file(&year(2030, 8)))).unwrap();
        assert!(list.on(day("2030-02-02")).is_some() && list.on(day("2030-11-30")).is_none());
        assert_eq!((list.first_year(), list.last_year()), (2030, 2030));
    }

    #[test]
    fn a_day_announced_early_does_not_make_its_year_loaded() {
        let list = BankHolidays::parse(&file(&[year(2030, 8), year(2031, 1)].concat())).unwrap();
        assert!(list.on(day("2031-01-02")).is_some() && !list.covers(day("2031-01-02")));
    }

    #[test]
    fn a_file_that_cannot_be_used_says_where_and_why() {
        refused("BEGIN:VCALENDAR", "line 1 column 1");
        refused("", "line 1 column 0");
        refused(r#"{"scotland":{"events":[]}}"#, "missing field `england-and-wales`");
        refused(&file(&[]), "no whole year");
        refused(&file(&year(2030, 3)), "no whole year");
        refused(&file(&[("2030-02-30".into(), "Odd")]), r#""Odd" has the date "2030-02-30""#);
        refused(&file(&[("25/12/2030".into(), "Odd")]), "not a real date");
        refused(&file(&[("2030-12-25".into(), " ")]), "2030-12-25 has no usable title");
        refused(&file(&[year(2030, 8), year(2030, 1)].concat()), "2030-01-02 is listed twice");
        let gap = file(&[year(2030, 8), year(2031, 2), year(2032, 8)].concat());
        refused(&gap, "2031 lists 2 bank holidays");
        refused(&file(&[year(2030, 8), year(2032, 8)].concat()), "2031 lists 0 bank holidays");
    }

    #[test]
    fn a_range_turned_around_holds_nothing() {
        let list = BankHolidays::england_and_wales();
        assert_eq!(list.within(day("2026-12-31")..=day("2026-01-01")).count(), 0);
        assert_eq!(list.within(day("2026-12-25")..=day("2026-12-28")).count(), 2);
    }
}
