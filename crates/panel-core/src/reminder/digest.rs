//! The digest: the one message a person gets on a day, made of counts and dates alone.
//!
//! There is no field here that could carry a name, a reference or a word about a case, so no
//! template can print one.

use super::decide::Line;
use super::notice::Subject;
use super::policy::ReminderPolicy;
use super::rule::Group;
use super::working::WorkingCalendar;
use crate::id::UserId;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many things of one kind there are, and for which dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The heading.
    pub group: Group,
    /// How many different things stand under it.
    pub count: usize,
    /// The dates they are about, in order, each with its count; things without a date have none.
    pub dates: Vec<(NaiveDate, usize)>,
}

/// What one person is told on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Who.
    pub person: UserId,
    /// The local date.
    pub on: NaiveDate,
    /// What, by heading, in the order of [`Group`].
    pub entries: Vec<Entry>,
}

/// Something that has been told before and still waits for the person's answer. It is counted in a
/// digest that goes out anyway, and causes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The heading.
    pub group: Group,
    /// What waits.
    pub subject: Subject,
    /// The date it is about.
    pub date: Option<NaiveDate>,
}

impl Digest {
    /// Makes the digest of a day, or none when there is nothing new to say.
    pub fn of(person: UserId, on: NaiveDate, lines: &[Line], waiting: &[Waiting]) -> Option<Self> {
        if lines.is_empty() {
            return None;
        }
        let mut groups: BTreeMap<Group, BTreeMap<Subject, Option<NaiveDate>>> = BTreeMap::new();
        let told = lines.iter().map(|line| (line.group, line.notice.subject, line.notice.date));
        let still = waiting.iter().map(|item| (item.group, item.subject, item.date));
        for (group, subject, date) in told.chain(still) {
            groups.entry(group).or_default().insert(subject, date);
        }
        let entries = groups.into_iter().map(|(group, subjects)| entry(group, &subjects)).collect();
        Some(Self { person, on, entries })
    }

    /// How many things stand under a heading.
    pub fn count(&self, group: Group) -> usize {
        self.entries.iter().find(|entry| entry.group == group).map_or(0, |entry| entry.count)
    }
}

fn entry(group: Group, subjects: &BTreeMap<Subject, Option<NaiveDate>>) -> Entry {
    let days: BTreeSet<NaiveDate> = subjects.values().copied().flatten().collect();
    let on = |day: NaiveDate| subjects.values().filter(|date| **date == Some(day)).count();
    let dates = days.into_iter().map(|day| (day, on(day))).collect();
    Entry { group, count: subjects.len(), dates }
}

/// Whether a digest may go to a person now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Now. A run that starts late sends at once.
    Open,
    /// Not before this local time.
    NotBefore(NaiveDateTime),
}

/// Decides whether a person's digest may go out at a local time: on working days, from the panel's
/// hour on, once a local date. `last` is the local date of the person's last digest.
pub fn gate<C: WorkingCalendar + ?Sized>(
    now: NaiveDateTime,
    last: Option<NaiveDate>,
    policy: &ReminderPolicy,
    calendar: &C,
) -> Gate {
    let today = now.date();
    let first = last.and_then(|last| last.succ_opt()).map_or(today, |next| next.max(today));
    let opens = calendar.on_or_after(first).and_time(policy.digest_at());
    if opens <= now { Gate::Open } else { Gate::NotBefore(opens) }
}

/// Somebody has been chased today already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("everything owed was chased today already; it can be chased again tomorrow")]
pub struct ChasedToday;

/// Decides whether the coordinator may chase all that is owed for a meeting: once a local date,
/// whether it joins the next digest or goes at once. `last` is the date of the last chase.
///
/// # Errors
/// [`ChasedToday`].
pub fn may_chase(last: Option<NaiveDate>, today: NaiveDate) -> Result<(), ChasedToday> {
    if last.is_some_and(|last| last >= today) { Err(ChasedToday) } else { Ok(()) }
}
