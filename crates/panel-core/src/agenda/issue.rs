//! What changed between two issues of an agenda, in plain words.

use super::Section;
use crate::id::AgendaItemId;
use crate::words;
use chrono::{NaiveDateTime, TimeDelta};

/// One line of an agenda as one reader was shown it, so that the next issue can say what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLine {
    /// The item.
    pub item: AgendaItemId,
    /// The section.
    pub section: Section,
    /// Its number among the lines that the reader was shown, counted from one.
    pub place: usize,
    /// What it was called: the case reference, or the heading.
    pub label: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// When it begins, in local time.
    pub begins: NaiveDateTime,
    /// Who presents it; empty when not said.
    pub presenter: String,
    /// Whether it was marked late.
    pub late: bool,
}

/// From how many lines on a common shift of time is said once.
const RUN: usize = 3;

/// What changed between two issues, in the order of the new agenda. What only lost or gained lines
/// before it has not moved; its new time is told, and once for many that shifted alike.
pub fn changes(before: &[IssuedLine], after: &[IssuedLine]) -> Vec<String> {
    let moved = moved(before, after);
    let mut words = Vec::new();
    let mut shifts = Shifts::default();
    for line in after {
        let Some(old) = find(before, line.item) else {
            shifts.tell(&mut words);
            let late = if line.late { ", late" } else { "" };
            let at = words::time(line.begins.time());
            words.push(format!("Added{late}: {} at {at}", line.label));
            continue;
        };
        let parts = differences(old, line, moved.contains(&line.item));
        if !parts.is_empty() {
            shifts.tell(&mut words);
            words.push(format!("Changed: {}, {}", line.label, parts.join(", ")));
        } else if old.begins != line.begins {
            shifts.take(old, line, &mut words);
        } else {
            shifts.tell(&mut words);
        }
    }
    shifts.tell(&mut words);
    let gone = before.iter().filter(|line| find(after, line.item).is_none());
    words.extend(gone.map(|line| format!("Withdrawn: {}", line.label)));
    words
}

fn find(lines: &[IssuedLine], item: AgendaItemId) -> Option<&IssuedLine> {
    lines.iter().find(|line| line.item == item)
}

/// The items that changed places with others: all but the longest row that kept its order.
fn moved(before: &[IssuedLine], after: &[IssuedLine]) -> Vec<AgendaItemId> {
    let rank = |item| before.iter().position(|line| line.item == item);
    let common: Vec<(AgendaItemId, usize)> =
        after.iter().filter_map(|line| Some((line.item, rank(line.item)?))).collect();
    // For each place the longest rising row that ends there, as its length and the place before it.
    let mut rows: Vec<(usize, Option<usize>)> = Vec::with_capacity(common.len());
    for (n, (_, rank)) in common.iter().enumerate() {
        let earlier = common.iter().zip(&rows).take(n).enumerate();
        let best = earlier
            .filter(|(_, ((_, other), _))| other < rank)
            .max_by_key(|(_, (_, (length, _)))| *length);
        rows.push(best.map_or((1, None), |(at, (_, (length, _)))| (length + 1, Some(at))));
    }
    let mut kept = vec![false; common.len()];
    let mut at = (0..rows.len()).max_by_key(|n| rows.get(*n).map(|(length, _)| *length));
    while let Some(n) = at {
        if let Some(place) = kept.get_mut(n) {
            *place = true;
        }
        at = rows.get(n).and_then(|(_, previous)| *previous);
    }
    common.iter().zip(kept).filter(|(_, kept)| !kept).map(|((item, _), _)| *item).collect()
}

fn differences(old: &IssuedLine, new: &IssuedLine, moved: bool) -> Vec<String> {
    let mut parts = Vec::new();
    if old.label != new.label {
        parts.push(format!("was {}", old.label));
    }
    if old.section != new.section {
        parts.push(format!("now under “{}”", new.section));
    }
    if moved && old.place != new.place {
        parts.push(format!("moved from {} to {}", old.place, new.place));
    }
    if old.minutes != new.minutes {
        parts.push(format!("{} minutes instead of {}", new.minutes, old.minutes));
    }
    if old.presenter != new.presenter {
        let nobody =
            |name: &str| if name.is_empty() { "nobody".to_owned() } else { name.to_owned() };
        parts.push(format!("presented by {}", nobody(&new.presenter)));
    }
    if !old.late && new.late {
        parts.push("marked late".to_owned());
    }
    if !parts.is_empty() && old.begins != new.begins {
        parts.push(at_instead_of(old, new));
    }
    parts
}

fn at_instead_of(old: &IssuedLine, new: &IssuedLine) -> String {
    let (then, now) = (words::time(old.begins.time()), words::time(new.begins.time()));
    format!("now at {now} instead of {then}")
}

/// Lines in a row that only begin so much later or earlier.
#[derive(Default)]
struct Shifts {
    by: TimeDelta,
    lines: Vec<(String, String)>,
}

impl Shifts {
    fn take(&mut self, old: &IssuedLine, new: &IssuedLine, words: &mut Vec<String>) {
        let by = new.begins - old.begins;
        if by != self.by {
            self.tell(words);
        }
        self.by = by;
        self.lines.push((new.label.clone(), at_instead_of(old, new)));
    }

    fn tell(&mut self, words: &mut Vec<String>) {
        let lines = std::mem::take(&mut self.lines);
        if let [(first, at), .., (last, _)] = lines.as_slice()
            && lines.len() >= RUN
        {
            let many = lines.len();
            words.push(format!("Times changed: {many} items from {first}, {at}, to {last}"));
            return;
        }
        words.extend(lines.into_iter().map(|(label, at)| format!("Time changed: {label}, {at}")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::propose::tests::item;
    use super::*;
    use crate::time::testing::local;

    fn line(n: u128, place: usize, minutes: i32, begins: &str, late: bool) -> IssuedLine {
        let begins = local(&format!("2026-04-16 {begins}"));
        let (label, presenter) = (format!("case {n}"), String::new());
        let section = Section::Adults;
        IssuedLine { item: item(n), section, place, label, minutes, begins, presenter, late }
    }

    #[test]
    fn a_second_issue_says_in_words_what_changed() {
        let before = [
            line(1, 1, 15, "10:00", false),
            line(2, 2, 15, "10:15", false),
            line(4, 3, 15, "10:30", false),
        ];
        let after = [
            line(2, 1, 15, "10:00", false),
            line(1, 2, 20, "10:15", false),
            line(3, 3, 15, "10:35", true),
        ];
        assert_eq!(
            changes(&before, &after),
            [
                "Changed: case 2, moved from 2 to 1, now at 10am instead of 10:15am",
                "Changed: case 1, 20 minutes instead of 15, now at 10:15am instead of 10am",
                "Added, late: case 3 at 10:35am",
                "Withdrawn: case 4",
            ]
        );
        assert!(changes(&before, &before).is_empty());
    }

    #[test]
    fn one_item_that_moves_past_many_is_one_move_and_one_shift() {
        let before = [(1, "10:00"), (2, "10:15"), (3, "10:30"), (4, "10:45")];
        let after = [(4, "10:00"), (1, "10:15"), (2, "10:30"), (3, "10:45")];
        let lines = |all: [(u128, &str); 4]| {
            let numbered = all.into_iter().zip(1..);
            numbered.map(|((n, at), place)| line(n, place, 15, at, false)).collect::<Vec<_>>()
        };
        assert_eq!(
            changes(&lines(before), &lines(after)),
            [
                "Changed: case 4, moved from 4 to 1, now at 10am instead of 10:45am",
                "Times changed: 3 items from case 1, now at 10:15am instead of 10am, to case 3",
            ]
        );
    }

    #[test]
    fn another_presenter_section_or_mark_is_named() {
        let old = line(1, 1, 15, "10:00", false);
        let new = IssuedLine {
            section: Section::Children,
            presenter: "Housing".to_owned(),
            late: true,
            ..old.clone()
        };
        assert_eq!(
            changes(&[old], &[new]),
            [
                "Changed: case 1, now under “New cases involving children”, presented by Housing, marked late"
            ]
        );
    }
}
