//! What a digest says: counts and dates in plain words, few enough lines to be read at a glance.

use chrono::{Datelike, NaiveDate};
use panel_core::reminder::{Entry, Group};

/// As many lines as a letter has room for; what is left over is counted in the last one.
const LINES: usize = 6;

/// `Monday 14 December`; the year only where it is another.
fn on(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() {
        day.format("%A %-d %B").to_string()
    } else {
        day.format("%A %-d %B %Y").to_string()
    }
}

/// `1 December`; the year only where it is another.
fn past(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() {
        panel_core::words::day_and_month(day)
    } else {
        panel_core::words::date(day)
    }
}

/// The words of a heading for one thing and for several.
const fn noun(group: Group) -> (&'static str, &'static str) {
    match group {
        Group::DueToday => ("action due today", "actions due today"),
        Group::DueSoon => ("action due", "actions due"),
        Group::Overdue => ("action overdue", "actions overdue"),
        Group::RequestsAsked => ("new information request", "new information requests"),
        Group::RequestsDue => ("information request due", "information requests due"),
        Group::RequestsOverdue => ("information request overdue", "information requests overdue"),
        Group::Transfers => ("transfer to answer", "transfers to answer"),
        Group::Extensions => ("extension to answer", "extensions to answer"),
        Group::NotPossible => {
            ("action reported as not possible", "actions reported as not possible")
        }
        Group::AgendaReady => ("agenda ready", "agendas ready"),
        Group::MinutesReady => ("set of minutes ready", "sets of minutes ready"),
        Group::MeetingMoved => ("meeting moved", "meetings moved"),
        Group::MeetingCancelled => ("meeting cancelled", "meetings cancelled"),
        Group::Chased => ("update to give", "updates to give"),
    }
}

fn count(entry: &Entry) -> String {
    let (one, many) = noun(entry.group);
    format!("{} {}", entry.count, if entry.count == 1 { one } else { many })
}

/// The date that belongs behind a count, if one does.
fn when(entry: &Entry, today: NaiveDate) -> Option<String> {
    let (first, last) = (entry.dates.first()?.0, entry.dates.last()?.0);
    match entry.group {
        Group::DueSoon | Group::RequestsDue | Group::RequestsAsked | Group::Chased => {
            Some(format!("by {}", on(last, today)))
        }
        // The weekday helps to plan for a day to come; the oldest of several counts.
        Group::Overdue | Group::RequestsOverdue => Some(format!("since {}", past(first, today))),
        Group::AgendaReady if first == last => Some(format!("for {}", on(first, today))),
        Group::MeetingMoved if first == last => Some(format!("to {}", on(first, today))),
        Group::MeetingCancelled if first == last => Some(format!("of {}", on(first, today))),
        Group::DueToday
        | Group::Transfers
        | Group::Extensions
        | Group::NotPossible
        | Group::AgendaReady
        | Group::MinutesReady
        | Group::MeetingMoved
        | Group::MeetingCancelled => None,
    }
}

fn sentence(entry: &Entry, today: NaiveDate) -> String {
    let count = count(entry);
    match when(entry, today) {
        Some(when) => format!("{count} {when}"),
        None => count,
    }
}

/// The lines of a letter, in the order of their headings.
pub(crate) fn lines(entries: &[Entry], today: NaiveDate) -> Vec<String> {
    let of = |entries: &[Entry]| entries.iter().map(|entry| sentence(entry, today)).collect();
    match entries.split_at_checked(LINES - 1) {
        Some((first, rest)) if rest.len() > 1 => {
            let mut lines: Vec<String> = of(first);
            let others: usize = rest.iter().map(|entry| entry.count).sum();
            lines.push(format!("{others} other things to read or answer"));
            lines
        }
        _ => of(entries),
    }
}

/// The subject: the one thing there is to say, or how many there are. It tells a passer-by nothing.
pub(crate) fn headline(entries: &[Entry], today: NaiveDate) -> String {
    let total: usize = entries.iter().map(|entry| entry.count).sum();
    match entries {
        [only] => format!("You have {}", sentence(only, today)),
        _ if entries.iter().all(|entry| is_action(entry.group)) => {
            let overdue: usize = entries
                .iter()
                .filter(|entry| entry.group == Group::Overdue)
                .map(|entry| entry.count)
                .sum();
            if overdue == 0 {
                format!("You have {total} actions due")
            } else {
                format!("You have {total} actions due, {overdue} of them overdue")
            }
        }
        _ => format!("You have {total} things to do or read"),
    }
}

const fn is_action(group: Group) -> bool {
    matches!(group, Group::DueToday | Group::DueSoon | Group::Overdue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use panel_core::coded::Coded;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entry(group: Group, dates: &[&str]) -> Entry {
        let dates: Vec<_> = dates.iter().map(|text| (day(text), 1)).collect();
        Entry { group, count: dates.len().max(1), dates }
    }

    const TODAY: &str = "2026-12-09";

    #[track_caller]
    fn check(entries: &[Entry], subject: &str, expected: &[&str]) {
        assert_eq!(headline(entries, day(TODAY)), subject);
        assert_eq!(lines(entries, day(TODAY)), expected);
    }

    #[test]
    fn one_kind_of_thing_is_the_subject() {
        check(
            &[entry(Group::DueSoon, &["2026-12-11", "2026-12-14"])],
            "You have 2 actions due by Monday 14 December",
            &["2 actions due by Monday 14 December"],
        );
        check(
            &[entry(Group::AgendaReady, &["2026-12-17"])],
            "You have 1 agenda ready for Thursday 17 December",
            &["1 agenda ready for Thursday 17 December"],
        );
        check(
            &[entry(Group::MeetingMoved, &["2027-01-07"])],
            "You have 1 meeting moved to Thursday 7 January 2027",
            &["1 meeting moved to Thursday 7 January 2027"],
        );
    }

    #[test]
    fn n8_due_today_and_overdue_are_two_lines() {
        check(
            &[
                entry(Group::DueToday, &[TODAY]),
                entry(Group::Overdue, &["2026-12-01", "2026-12-04"]),
            ],
            "You have 3 actions due, 2 of them overdue",
            &["1 action due today", "2 actions overdue since 1 December"],
        );
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let all: Vec<Entry> = Group::ALL.iter().map(|group| entry(*group, &[TODAY])).collect();
        let lines = lines(&all, day(TODAY));
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines.last().map(String::as_str), Some("9 other things to read or answer"));
        assert_eq!(headline(&all, day(TODAY)), "You have 14 things to do or read");
    }

    #[test]
    fn no_line_is_longer_than_a_line() {
        for group in Group::ALL {
            let dates = vec![(day("2025-09-24"), 1), (day("2027-09-22"), 99_998)];
            let entry = Entry { group: *group, count: 99_999, dates };
            let sentence = sentence(&entry, day(TODAY));
            assert!(sentence.chars().count() <= 63, "{sentence}");
        }
    }
}
