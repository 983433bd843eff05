//! What stands out in how cases are read: rules over what somebody read within a day or a week.
//!
//! A finding says that somebody should ask, and no more than that. It holds a rule, a person, a day and a
//! count: no case, no name that was looked for, no word. Bounds are set so that ordinary work stays below
//! them; a labelled log in the tests says how well.

use crate::access::connection::bears;
use crate::audit::occasion::Occasion;
use crate::coded;
use crate::id::SubjectId;
use crate::text::fold;
use crate::time::{local, local_date};
use chrono::{DateTime, Duration, NaiveDate, Timelike, Utc};
use std::collections::BTreeSet;

coded! {
    /// What stood out.
    pub enum WatchRule: "rule of the watch" {
        /// Somebody looked for a case by her own name.
        OwnName = "own_name" => "Searched for their own name",
        /// Many different cases were opened within an hour.
        Breadth = "breadth" => "Opened many different cases within an hour",
        /// Several cases were opened at night.
        Night = "night" => "Opened several cases at night",
        /// Where one person can be found was read again and again.
        Reveals = "reveals" => "Read where the same person can be found again and again",
        /// Several cases were opened in one day for which the service knows no reason.
        NoReason = "no_reason" => "Opened several cases with no action, request or meeting there",
        /// Somebody came back to a case when its meeting was over and nothing was left to do.
        Afterwards = "afterwards" => "Came back again and again to a case after its meeting",
        /// A case of somebody with her own surname was opened for no reason that the service knows.
        Namesake = "namesake" => "Opened the case of somebody with their own surname, with nothing to do there",
        /// Somebody wanted to open more different cases within an hour than the bound lets her.
        Bound = "bound" => "Asked for more cases than an hour allows",
        /// Somebody wanted more files than the bound of a day lets her take.
        Files = "files" => "Asked for more files than a day allows",
        /// Somebody asked again and again for what was not found.
        Guesses = "guesses" => "Asked again and again for what was not found",
        /// Somebody asked faster than anybody clicks.
        Requests = "requests" => "Asked for more than a minute allows",
        /// Somebody sent more files than the bound of an hour.
        Uploads = "uploads" => "Sent more files than an hour allows",
    }
}

/// Different cases that a representative may open within an hour: half as much again as a whole agenda.
pub const BREADTH: usize = 60;
/// Different cases that whoever runs a panel may: she prepares forty for a meeting, and may do so twice.
pub const BREADTH_RUNS: usize = 120;
/// Different cases in one night that stand out; one or two are somebody who is on call.
pub const NIGHT: usize = 3;
/// Readings of where the same person can be found that stand out within a week.
pub const REVEALS: usize = 4;

/// Different cases in one day without a reason that the service knows; one or two are a telephone call.
pub const NO_REASON: usize = 3;
/// Different days on which somebody comes back to one case after its meeting.
pub const AFTERWARDS: usize = 3;

/// The first hour of the night.
const NIGHT_FROM: u32 = 23;
/// The hour in which it is over.
const NIGHT_UNTIL: u32 = 5;
/// How far back a week of readings goes.
pub const WEEK: Duration = Duration::days(7);
/// How far back returns to a case matter.
pub const WEEKS: Duration = Duration::days(28);
/// How far back looks at cases matter: a whole day, which is longer than a night and the hour before it.
pub const LOOKS_BACK: Duration = Duration::hours(25);

/// Somebody looked at one thing: opened a case, or read where a person can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: DateTime<Utc>,
    /// At what.
    pub what: SubjectId,
    /// On what occasion, where that was noted.
    pub occasion: Option<Occasion>,
}

impl Look {
    /// A look whose occasion does not matter.
    pub const fn new(at: DateTime<Utc>, what: SubjectId) -> Self {
        Self { at, what, occasion: None }
    }

    /// Whether the service looked for a reason and knew none.
    fn has_no_reason(&self) -> bool {
        self.occasion.is_some_and(|occasion| !occasion.is_known())
    }
}

/// What stood out, once for a rule, a person and a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: WatchRule,
    /// The local day it belongs to; a night belongs to the evening on which it began.
    pub day: NaiveDate,
    /// How many, when it was noticed.
    pub many: usize,
}

/// What stands out in the cases that one person opened, in the order of time.
pub fn over_cases(runs: bool, looks: &[Look]) -> Vec<Finding> {
    let bound = if runs { BREADTH_RUNS } else { BREADTH };
    let mut found = Vec::new();
    for (place, look) in looks.iter().enumerate() {
        let so_far = looks.iter().take(place + 1);
        let within = so_far.clone().filter(|one| look.at - one.at < Duration::hours(1));
        let many = different(within);
        let day = local_date(look.at);
        add(&mut found, many > bound, Finding { rule: WatchRule::Breadth, day, many });
        if let Some(night) = night_of(look.at) {
            let many = different(so_far.filter(|one| night_of(one.at) == Some(night)));
            add(&mut found, many >= NIGHT, Finding { rule: WatchRule::Night, day: night, many });
        }
        if look.has_no_reason() {
            let same_day = |one: &&Look| one.has_no_reason() && local_date(one.at) == day;
            let many = different(looks.iter().take(place + 1).filter(same_day));
            add(&mut found, many >= NO_REASON, Finding { rule: WatchRule::NoReason, day, many });
        }
    }
    found
}

/// What stands out in the readings by one person of where people can be found, in the order of time.
pub fn over_reveals(reveals: &[Look]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, reveal) in reveals.iter().enumerate() {
        let same = |one: &&Look| one.what == reveal.what && reveal.at - one.at < WEEK;
        let many = reveals.iter().take(place + 1).filter(same).count();
        let day = local_date(reveal.at);
        add(&mut found, many >= REVEALS, Finding { rule: WatchRule::Reveals, day, many });
    }
    found
}

/// What stands out in how one person came back to cases after their meetings, in the order of time.
pub fn over_returns(looks: &[Look]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, look) in looks.iter().enumerate() {
        if look.occasion != Some(Occasion::After) {
            continue;
        }
        let same = |one: &&Look| {
            one.what == look.what && one.occasion == look.occasion && look.at - one.at < WEEKS
        };
        let so_far = looks.iter().take(place + 1).filter(same);
        let many = so_far.map(|one| local_date(one.at)).collect::<BTreeSet<_>>().len();
        let day = local_date(look.at);
        add(&mut found, many >= AFTERWARDS, Finding { rule: WatchRule::Afterwards, day, many });
    }
    found
}

/// The first of a rule on a day is the one that is kept.
fn add(found: &mut Vec<Finding>, stands_out: bool, new: Finding) {
    let is_known = |one: &Finding| one.rule == new.rule && one.day == new.day;
    if stands_out && !found.iter().any(is_known) {
        found.push(new);
    }
}

fn different<'a>(looks: impl Iterator<Item = &'a Look>) -> usize {
    looks.map(|look| look.what).collect::<BTreeSet<_>>().len()
}

/// The evening on which the night of this instant began; none by day.
fn night_of(at: DateTime<Utc>) -> Option<NaiveDate> {
    let local = local(at);
    match local.hour() {
        hour if hour >= NIGHT_FROM => Some(local.date()),
        hour if hour < NIGHT_UNTIL => local.date().pred_opt(),
        _ => None,
    }
}

/// Whether what is looked for is the name of who looks: her surname, and nothing that is not of her name.
/// Words are compared from their beginning, as the search does.
pub fn is_own_name(sought: &str, name: &str) -> bool {
    let (sought, name) = (fold(sought), fold(name));
    let own: Vec<&str> = name.split_whitespace().collect();
    let words: Vec<&str> = sought.split_whitespace().collect();
    let Some(surname) = own.last() else { return false };
    let begins = |word: &str, own: &str| own.starts_with(word) && word.chars().count() >= 3;
    words.iter().any(|word| begins(word, surname))
        && words.iter().all(|word| own.iter().any(|own| own.starts_with(word)))
}

/// Whether somebody with this name bears one of these surnames.
pub fn is_namesake<'a>(name: &str, surnames: impl IntoIterator<Item = &'a str>) -> bool {
    surnames.into_iter().any(|surname| bears(name, surname))
}

#[cfg(test)]
mod tests;
