//! Series of meetings. They hold dates and places, no case content.

use crate::Versioned;
use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::schema::series;
use crate::sql_types::Sql;
use chrono::{NaiveDate, NaiveTime};
use diesel::prelude::*;
use panel_core::calendar::BankHolidays;
use panel_core::id::{PanelId, SeriesId};
use panel_core::schedule::{End, HolidayPolicy, Recurrence, SeriesPlan};
use std::num::NonZeroU16;

/// A series of meetings under one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// The panel that meets.
    pub panel: PanelId,
    /// The dates.
    pub recurrence: Recurrence,
    /// The local time at which each meeting starts.
    pub at: NaiveTime,
    /// How long each meeting is meant to last, in minutes.
    pub minutes: i32,
    /// The name of the zone of `at`.
    pub zone: String,
    /// What happens on a bank holiday.
    pub policy: HolidayPolicy,
    /// Where; empty when not said.
    pub venue: String,
    /// The address of the video call; empty without one.
    pub link: String,
}

impl Series {
    /// The series laid out around these bank holidays.
    pub const fn plan<'a>(&'a self, holidays: &'a BankHolidays) -> SeriesPlan<'a> {
        SeriesPlan { recurrence: &self.recurrence, at: self.at, policy: self.policy, holidays }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = series)]
struct Row {
    id: SeriesId,
    #[diesel(column_name = panel_id)]
    panel: PanelId,
    rule: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    repeats: Option<i32>,
    start_time: NaiveTime,
    minutes: i32,
    zone: String,
    #[diesel(column_name = holiday_policy)]
    policy: HolidayPolicy,
    venue: String,
    link: String,
    version: i32,
}

impl Row {
    fn read(self) -> Result<Versioned<Series>, StoreError> {
        let end = match (self.ends_on, self.repeats) {
            (Some(until), _) => End::Until(until),
            (None, None) => End::Never,
            (None, Some(count)) => {
                let count = u16::try_from(count).ok().and_then(NonZeroU16::new);
                End::Count(count.ok_or_else(|| StoreError::Unreadable("repeats".to_owned()))?)
            }
        };
        let rule = serde_json::from_str(&self.rule)?;
        let value = Series {
            id: self.id,
            panel: self.panel,
            recurrence: Recurrence { rule, from: self.starts_on, end },
            at: self.start_time,
            minutes: self.minutes,
            zone: self.zone,
            policy: self.policy,
            venue: self.venue,
            link: self.link,
        };
        Ok(Versioned { value, version: self.version })
    }
}

/// The last day and the number of dates, of which at most one is set.
fn end_columns(end: End) -> (Option<NaiveDate>, Option<i32>) {
    match end {
        End::Never => (None, None),
        End::Until(day) => (Some(day), None),
        End::Count(count) => (None, Some(count.get().into())),
    }
}

/// One series, for whoever sits at its panel.
pub fn find(az: &mut Authz<'_>, id: SeriesId) -> Result<Option<Versioned<Series>>, StoreError> {
    let row: Option<Row> =
        series::table.find(Sql(id)).select(Row::as_select()).first(az.conn()).optional()?;
    let found = row.map(Row::read).transpose()?;
    Ok(found.filter(|found| az.sits(found.value.panel)))
}

/// One series, as [`find`], which nobody else changes until this transaction ends.
pub fn lock(az: &mut Authz<'_>, id: SeriesId) -> Result<Option<Versioned<Series>>, StoreError> {
    // SQLite lets one transaction write at a time, from its beginning.
    if let Conn::Pg(conn) = az.conn() {
        let locked = series::table.find(Sql(id)).select(series::version).for_update();
        locked.first::<i32>(conn).optional()?;
    }
    find(az, id)
}

/// The series of a panel, the ones that began last first, for whoever sits there.
pub fn list(az: &mut Authz<'_>, panel: PanelId) -> Result<Vec<Versioned<Series>>, StoreError> {
    if !az.sits(panel) {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = series::table
        .filter(series::panel_id.eq(Sql(panel)))
        .order((series::starts_on.desc(), series::id.desc()))
        .select(Row::as_select())
        .load(az.conn())?;
    rows.into_iter().map(Row::read).collect()
}

/// Every series that has not come to its last day, of all panels: for the service's own sweep.
pub fn running(az: &mut Authz<'_>) -> Result<Vec<SeriesId>, StoreError> {
    let today = az.today();
    Ok(series::table
        .filter(series::ends_on.is_null().or(series::ends_on.ge(Some(today))))
        .order(series::id)
        .select(series::id)
        .load(az.conn())?)
}

/// Adds a series.
pub fn insert(az: &mut Authz<'_>, new: &Series) -> Result<(), StoreError> {
    let (ends_on, repeats) = end_columns(new.recurrence.end);
    diesel::insert_into(series::table)
        .values((
            series::id.eq(Sql(new.id)),
            series::panel_id.eq(Sql(new.panel)),
            series::rule.eq(serde_json::to_string(&new.recurrence.rule)?),
            series::starts_on.eq(new.recurrence.from),
            series::ends_on.eq(ends_on),
            series::repeats.eq(repeats),
            series::start_time.eq(new.at),
            series::minutes.eq(new.minutes),
            series::zone.eq(&new.zone),
            series::holiday_policy.eq(Sql(new.policy)),
            series::venue.eq(&new.venue),
            series::link.eq(&new.link),
            series::version.eq(1),
        ))
        .execute(az.conn())?;
    Ok(())
}

/// Changes a series; `false` when somebody else changed it since `version` was read.
pub fn update(az: &mut Authz<'_>, changed: &Series, version: i32) -> Result<bool, StoreError> {
    let (ends_on, repeats) = end_columns(changed.recurrence.end);
    let rows = diesel::update(series::table)
        .filter(series::id.eq(Sql(changed.id)).and(series::version.eq(version)))
        .set((
            series::rule.eq(serde_json::to_string(&changed.recurrence.rule)?),
            series::starts_on.eq(changed.recurrence.from),
            series::ends_on.eq(ends_on),
            series::repeats.eq(repeats),
            series::start_time.eq(changed.at),
            series::minutes.eq(changed.minutes),
            series::holiday_policy.eq(Sql(changed.policy)),
            series::venue.eq(&changed.venue),
            series::link.eq(&changed.link),
            series::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    Ok(rows == 1)
}
