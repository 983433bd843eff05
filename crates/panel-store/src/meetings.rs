//! Meetings: when and where a panel meets, and how far each meeting has come.
//!
//! A meeting's row holds no case content, so whoever sits at the panel may know of it. What its
//! agenda holds is read and changed in [`items`].

pub mod items;
mod list;

pub use list::{between, held_before, next_of_panel, of_series, overlapping, past, upcoming};

use crate::authz::Authz;
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{meetings, panels};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use diesel::prelude::*;
use panel_core::cycle::{EarlierDate, MeetingDates};
use panel_core::id::{MeetingId, PanelId, SeriesId};
use panel_core::meeting::MeetingState;
use panel_core::schedule::{Occurrence, OccurrenceState, Slot};

/// The number that a held meeting took among those of its panel and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Number {
    /// The year of the meeting's date.
    pub year: i32,
    /// 1 for the first that was held.
    pub number: i32,
}

/// The slot of a series that a meeting fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The series.
    pub series: SeriesId,
    /// The slot, which stays when the meeting moves.
    pub slot: Slot,
}

/// A meeting of a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The panel that meets.
    pub panel: PanelId,
    /// The slot it fills; an emergency meeting fills none.
    pub fills: Option<Filled>,
    /// The local date.
    pub on: NaiveDate,
    /// The local time at which it starts.
    pub at: NaiveTime,
    /// How long it is meant to last.
    pub minutes: i32,
    /// The name of the zone of `at`.
    pub zone: String,
    /// The instant of `on` and `at`.
    pub starts_at: DateTime<Utc>,
    /// Where; empty when not said.
    pub venue: String,
    /// The address of the video call; empty without one.
    pub link: String,
    /// Whether it was called between the meetings of a series. No review counts it.
    pub emergency: bool,
    /// How far it has come.
    pub state: MeetingState,
    /// The dates it had before, oldest first.
    pub earlier: Vec<EarlierDate>,
    /// Why it was cancelled; empty unless it is.
    pub cancel_reason: String,
    /// Its number once it was held.
    pub number: Option<Number>,
    /// When it was started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was ended, while it is held.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was last opened again; empty if it never was.
    pub reopen_reason: String,
    /// The version that a change must name.
    pub version: i32,
}

impl Meeting {
    /// The local date and time at which it starts.
    pub const fn starts(&self) -> NaiveDateTime {
        NaiveDateTime::new(self.on, self.at)
    }

    /// The dates that it has and had, by which a referral is judged late.
    pub fn dates(&self) -> MeetingDates {
        MeetingDates { present: self.on, earlier: self.earlier.clone() }
    }

    /// The meeting as its series sees it; none when it fills no slot.
    pub fn occurrence(&self) -> Option<Occurrence> {
        let state = match self.state {
            MeetingState::Planned | MeetingState::Issued => OccurrenceState::Open,
            // What has begun is as closed to its series as what is over.
            MeetingState::InProgress | MeetingState::Held => OccurrenceState::Held,
            MeetingState::Cancelled => OccurrenceState::Cancelled,
        };
        Some(Occurrence { slot: self.fills?.slot, starts: self.starts(), state })
    }

    /// The same meeting at another time; a date that it loses is kept among the earlier ones.
    #[must_use]
    pub fn moved(
        mut self,
        to: NaiveDateTime,
        starts_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        if self.on != to.date() {
            self.earlier.push(EarlierDate { on: self.on, until: now });
        }
        (self.on, self.at, self.starts_at) = (to.date(), to.time(), starts_at);
        self
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = meetings)]
struct Row {
    id: MeetingId,
    #[diesel(column_name = panel_id)]
    panel: PanelId,
    #[diesel(column_name = series_id)]
    series: Option<SeriesId>,
    #[diesel(column_name = slot_on)]
    slot: Option<NaiveDate>,
    #[diesel(column_name = meets_on)]
    on: NaiveDate,
    #[diesel(column_name = start_time)]
    at: NaiveTime,
    minutes: i32,
    zone: String,
    starts_at: DateTime<Utc>,
    venue: String,
    link: String,
    emergency: bool,
    state: MeetingState,
    #[diesel(column_name = earlier_dates)]
    earlier: String,
    cancel_reason: String,
    #[diesel(column_name = number_year)]
    year: Option<i32>,
    number: Option<i32>,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    reopen_reason: String,
    version: i32,
}

impl Row {
    fn read(self) -> Result<Meeting, StoreError> {
        let fills = self.series.zip(self.slot);
        let number = self.year.zip(self.number);
        Ok(Meeting {
            id: self.id,
            panel: self.panel,
            fills: fills.map(|(series, slot)| Filled { series, slot: Slot::new(slot) }),
            on: self.on,
            at: self.at,
            minutes: self.minutes,
            zone: self.zone,
            starts_at: self.starts_at,
            venue: self.venue,
            link: self.link,
            emergency: self.emergency,
            state: self.state,
            earlier: serde_json::from_str(&self.earlier)?,
            cancel_reason: self.cancel_reason,
            number: number.map(|(year, number)| Number { year, number }),
            started_at: self.started_at,
            ended_at: self.ended_at,
            reopen_reason: self.reopen_reason,
            version: self.version,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Meeting>, StoreError> {
    rows.into_iter().map(Row::read).collect()
}

/// One meeting, for whoever sits at its panel.
pub fn find(az: &mut Authz<'_>, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    let row: Option<Row> =
        meetings::table.find(Sql(id)).select(Row::as_select()).first(az.conn()).optional()?;
    let found = row.map(Row::read).transpose()?;
    Ok(found.filter(|found| az.sits(found.panel)))
}

/// Adds meetings.
///
/// # Errors
/// [`StoreError::Taken`] when another meeting fills a slot already.
pub fn insert(az: &mut Authz<'_>, new: &[Meeting]) -> Result<(), StoreError> {
    let row = |meeting: &Meeting| {
        Ok((
            meetings::id.eq(Sql(meeting.id)),
            meetings::panel_id.eq(Sql(meeting.panel)),
            meetings::series_id.eq(Sql(meeting.fills.map(|fills| fills.series))),
            meetings::slot_on.eq(meeting.fills.map(|fills| fills.slot.key())),
            meetings::meets_on.eq(meeting.on),
            meetings::start_time.eq(meeting.at),
            meetings::minutes.eq(meeting.minutes),
            meetings::zone.eq(meeting.zone.clone()),
            meetings::starts_at.eq(Sql(meeting.starts_at)),
            meetings::venue.eq(meeting.venue.clone()),
            meetings::link.eq(meeting.link.clone()),
            meetings::emergency.eq(meeting.emergency),
            meetings::state.eq(Sql(meeting.state)),
            meetings::earlier_dates.eq(serde_json::to_string(&meeting.earlier)?),
            meetings::cancel_reason.eq(meeting.cancel_reason.clone()),
            meetings::number_year.eq(meeting.number.map(|number| number.year)),
            meetings::number.eq(meeting.number.map(|number| number.number)),
            meetings::started_at.eq(Sql(meeting.started_at)),
            meetings::ended_at.eq(Sql(meeting.ended_at)),
            meetings::reopen_reason.eq(meeting.reopen_reason.clone()),
            meetings::version.eq(1),
        ))
    };
    // No database takes any number of values in one statement.
    for some in new.chunks(100) {
        let rows = some.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
        each_backend!(az.conn(), |c| diesel::insert_into(meetings::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Changes a meeting; `false` when somebody else changed it since its version was read.
///
/// # Errors
/// [`StoreError::Taken`] when another meeting has its slot or number.
pub fn update(az: &mut Authz<'_>, changed: &Meeting) -> Result<bool, StoreError> {
    let read = meetings::id.eq(Sql(changed.id)).and(meetings::version.eq(changed.version));
    let rows = diesel::update(meetings::table)
        .filter(read)
        .set((
            meetings::series_id.eq(Sql(changed.fills.map(|fills| fills.series))),
            meetings::slot_on.eq(changed.fills.map(|fills| fills.slot.key())),
            meetings::meets_on.eq(changed.on),
            meetings::start_time.eq(changed.at),
            meetings::minutes.eq(changed.minutes),
            meetings::starts_at.eq(Sql(changed.starts_at)),
            meetings::venue.eq(&changed.venue),
            meetings::link.eq(&changed.link),
            meetings::state.eq(Sql(changed.state)),
            meetings::earlier_dates.eq(serde_json::to_string(&changed.earlier)?),
            meetings::cancel_reason.eq(&changed.cancel_reason),
            meetings::number_year.eq(changed.number.map(|number| number.year)),
            meetings::number.eq(changed.number.map(|number| number.number)),
            meetings::started_at.eq(Sql(changed.started_at)),
            meetings::ended_at.eq(Sql(changed.ended_at)),
            meetings::reopen_reason.eq(&changed.reopen_reason),
            meetings::version.eq(changed.version + 1),
        ))
        .execute(az.conn())?;
    Ok(rows == 1)
}

/// Takes meetings away that nothing refers to; see [`items::with_record`].
///
/// # Errors
/// [`StoreError::Refused`] when something does.
pub fn delete(az: &mut Authz<'_>, ids: &[MeetingId]) -> Result<(), StoreError> {
    diesel::delete(meetings::table.filter(meetings::id.eq_any(all(ids)))).execute(az.conn())?;
    Ok(())
}

/// Makes every other change to when this panel meets, and every other taking of a number, wait
/// until this transaction ends.
pub fn lock_panel(az: &mut Authz<'_>, panel: PanelId) -> Result<(), StoreError> {
    // SQLite lets one transaction write at a time, from its beginning.
    if let Conn::Pg(conn) = az.conn() {
        let locked = panels::table.find(Sql(panel)).select(panels::version).for_update();
        locked.first::<i32>(conn).optional()?;
    }
    Ok(())
}

/// The highest number that a panel's meetings of this year have taken.
pub fn highest_number(
    az: &mut Authz<'_>,
    panel: PanelId,
    year: i32,
) -> Result<Option<i32>, StoreError> {
    let highest: Option<Option<i32>> = meetings::table
        .filter(meetings::panel_id.eq(Sql(panel)).and(meetings::number_year.eq(year)))
        .order(meetings::number.desc())
        .select(meetings::number)
        .first(az.conn())
        .optional()?;
    Ok(highest.flatten())
}
