//! The past meetings that a file's actions name.

use super::confirm::Filing;
use crate::error::AppError;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use panel_core::id::{Id, MeetingId};
use panel_core::meeting::MeetingState;
use panel_core::time::{ZONE, resolve_leniently};
use panel_store::Authz;
use panel_store::imports::{self, KeyKind};
use panel_store::meetings::{self, Meeting};
use std::collections::HashMap;

/// A tracker has the day of a meeting and not its hour; a meeting of Panel has both.
const SUPPOSED_TIME: (u32, i32) = (10, 120);

/// What a reader of such a meeting is told.
const VENUE: &str = "From the old tracker: time and place are not recorded";

/// A meeting that an action of the file was set in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sitting {
    pub(super) meeting: MeetingId,
    /// Whether it came from a tracker, so that the tracker says which cases it heard.
    pub(super) imported: bool,
}

/// The meetings of the file by their date. Those of days to come are not among them.
pub(super) type Sittings = HashMap<NaiveDate, Sitting>;

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    resolve_leniently(day.and_time(NaiveTime::MIN))
}

/// Finds the past meetings of the file, and adds those that the panel does not have, as held.
pub(super) fn file(filing: &mut Filing<'_>, az: &mut Authz<'_>) -> Result<Sittings, AppError> {
    let today = filing.ctx.today;
    let past = filing.preview.meetings.iter().copied().filter(|day| *day <= today);
    let days: Vec<NaiveDate> = past.collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(Sittings::new());
    };
    let panel = filing.import.panel;
    let words: Vec<String> = days.iter().map(ToString::to_string).collect();
    let known = imports::keys(az, panel, KeyKind::Meeting, &words)?;
    let end = last.succ_opt().unwrap_or(*last);
    let existing = meetings::between(az, panel, midnight(*first), midnight(end))?;
    let (mut sittings, mut new) = (Sittings::new(), Vec::new());
    for day in days {
        let of_tracker = known.get(&day.to_string()).map(|id| MeetingId::from_uuid(*id));
        let own = existing.iter().find(|meeting| meeting.on == day).map(|meeting| meeting.id);
        let sitting = match (of_tracker, own) {
            (Some(meeting), _) => Sitting { meeting, imported: true },
            (None, Some(meeting)) => Sitting { meeting, imported: false },
            (None, None) => {
                let meeting = held(filing, day);
                filing.became(KeyKind::Meeting, &day.to_string(), meeting.id.uuid());
                let id = meeting.id;
                new.push(meeting);
                Sitting { meeting: id, imported: true }
            }
        };
        sittings.insert(day, sitting);
    }
    meetings::insert(az, &new)?;
    filing.summary.meetings = new.len();
    Ok(sittings)
}

/// A meeting that was held on a day. It takes no number: those are given as meetings end.
fn held(filing: &Filing<'_>, on: NaiveDate) -> Meeting {
    let (hour, minutes) = SUPPOSED_TIME;
    let at = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
    Meeting {
        id: filing.ctx.mint(),
        panel: filing.import.panel,
        fills: None,
        on,
        at,
        minutes,
        zone: ZONE.to_owned(),
        starts_at: resolve_leniently(on.and_time(at)),
        venue: VENUE.to_owned(),
        link: String::new(),
        emergency: false,
        state: MeetingState::Held,
        earlier: Vec::new(),
        cancel_reason: String::new(),
        number: None,
        started_at: None,
        ended_at: None,
        reopen_reason: String::new(),
        version: 1,
    }
}
