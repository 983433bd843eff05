//! The order of the agenda and what follows from it: places, clock times, and how full it is.

use super::{ItemState, Section};
use crate::id::AgendaItemId;
use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// Where an item is to go among the items of its own section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// To this place, counted from one, among the items of its section.
    To(usize),
}

/// The order after a move within the item's section; the same order when it cannot move further.
///
/// Sections stay where they are: their order is the published one.
pub fn reorder(
    items: &[(AgendaItemId, Section)],
    moved: AgendaItemId,
    how: Move,
) -> Vec<AgendaItemId> {
    let Some((_, section)) = items.iter().find(|(id, _)| *id == moved) else {
        return items.iter().map(|(id, _)| *id).collect();
    };
    let mut mates: Vec<AgendaItemId> =
        items.iter().filter(|(_, s)| s == section).map(|(id, _)| *id).collect();
    let from = mates.iter().position(|id| *id == moved).unwrap_or(0);
    let last = mates.len().saturating_sub(1);
    let to = match how {
        Move::Up => from.saturating_sub(1),
        Move::Down => (from + 1).min(last),
        Move::To(place) => place.saturating_sub(1).min(last),
    };
    let id = mates.remove(from);
    mates.insert(to, id);
    let mut next = mates.into_iter();
    items.iter().filter_map(|(id, s)| if s == section { next.next() } else { Some(*id) }).collect()
}

/// Where an item goes that joins an agenda: after the last of its section, or when it is not late
/// after the last of its section that is not late either; counted from zero.
pub fn place(agenda: &[(Section, bool)], section: Section, late: bool) -> usize {
    let before = |(s, l): &(Section, bool)| (*s, *l) <= (section, late);
    agenda.iter().rposition(before).map_or(0, |last| last + 1)
}

/// When each item begins and ends, in local time, from the start of the meeting on. Items that were
/// withdrawn or put off take no time.
pub fn timetable(
    start: NaiveDateTime,
    items: &[(ItemState, i32)],
) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let mut at = start;
    items
        .iter()
        .map(|(state, minutes)| {
            let takes = match state {
                ItemState::Listed | ItemState::Heard => i64::from(*minutes),
                ItemState::Deferred | ItemState::Withdrawn => 0,
            };
            let begins = at;
            at += TimeDelta::minutes(takes);
            (begins, at)
        })
        .collect()
}

/// How full an agenda is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Load {
    /// Cases on it.
    pub cases: usize,
    /// Minutes allotted.
    pub minutes: i32,
    /// Minutes the meeting lasts.
    pub available: i32,
    /// Cases above which the panel wants to be warned.
    pub case_limit: usize,
}

impl Load {
    /// The warning, when it is too full. It never blocks.
    pub fn warning(&self) -> Option<String> {
        let over = self.minutes - self.available;
        match (self.cases > self.case_limit, over > 0) {
            (false, false) => None,
            (true, false) => Some(format!(
                "{} cases, more than the panel’s limit of {}",
                self.cases, self.case_limit
            )),
            (false, true) => Some(format!(
                "{} minutes are allotted, {over} more than the meeting lasts",
                self.minutes
            )),
            (true, true) => Some(format!(
                "{} cases, more than the panel’s limit of {}, and {} minutes allotted, {over} more than the meeting lasts",
                self.cases, self.case_limit, self.minutes
            )),
        }
    }
}

/// How many of an agenda's reviews are too many, taken away from the last: `reviews` are their minutes
/// in the order in which they are kept. All of them, where even that does not make the rest fit.
pub fn too_many(load: &Load, reviews: &[i32]) -> usize {
    let (mut cases, mut minutes) = (load.cases, load.minutes);
    let mut gone = 0;
    for review in reviews.iter().rev() {
        if cases <= load.case_limit && minutes <= load.available {
            break;
        }
        cases = cases.saturating_sub(1);
        minutes -= review;
        gone += 1;
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::super::propose::tests::item;
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn an_item_moves_within_its_section_only() {
        let items: Vec<_> = [
            (1, Section::Opening),
            (2, Section::Adults),
            (3, Section::Adults),
            (4, Section::Adults),
        ]
        .map(|(n, s)| (item(n), s))
        .to_vec();
        let order = |moved, how| reorder(&items, item(moved), how);
        assert_eq!(order(2, Move::Up), [1, 2, 3, 4].map(item));
        assert_eq!(order(2, Move::Down), [1, 3, 2, 4].map(item));
        assert_eq!(order(4, Move::To(1)), [1, 4, 2, 3].map(item));
        assert_eq!(order(2, Move::To(99)), [1, 3, 4, 2].map(item));
        assert_eq!(order(1, Move::Down), [1, 2, 3, 4].map(item));
    }

    #[test]
    fn clock_times_follow_every_change_and_skip_what_is_not_taken() {
        let start = NaiveDate::from_ymd_opt(2026, 4, 16).unwrap().and_hms_opt(10, 0, 0).unwrap();
        let items = [(ItemState::Listed, 10), (ItemState::Withdrawn, 15), (ItemState::Listed, 15)];
        let begins: Vec<_> =
            timetable(start, &items).iter().map(|(b, _)| b.format("%H:%M").to_string()).collect();
        assert_eq!(begins, ["10:00", "10:10", "10:10"]);
    }

    #[test]
    fn a_full_agenda_warns_in_words() {
        let load = Load { cases: 18, minutes: 280, available: 240, case_limit: 16 };
        assert_eq!(
            load.warning().unwrap(),
            "18 cases, more than the panel’s limit of 16, and 280 minutes allotted, 40 more than the meeting lasts"
        );
        assert_eq!(
            Load { cases: 16, minutes: 240, available: 240, case_limit: 16 }.warning(),
            None
        );
    }

    #[test]
    fn the_last_reviews_go_until_the_rest_fits() {
        let load = Load { cases: 18, minutes: 280, available: 240, case_limit: 16 };
        assert_eq!(too_many(&load, &[10; 5]), 4, "the minutes ask for more than the cases");
        assert_eq!(too_many(&load, &[10, 10, 40, 5]), 2);
        assert_eq!(too_many(&load, &[10, 10]), 2, "all that there are");
        assert_eq!(too_many(&load, &[]), 0);
        let roomy = Load { cases: 16, minutes: 240, ..load };
        assert_eq!(too_many(&roomy, &[10; 5]), 0);
        let many = Load { cases: 17, minutes: 0, ..load };
        assert_eq!(too_many(&many, &[0; 5]), 1);
    }

    #[test]
    fn f29_who_joins_comes_after_those_in_time_and_late_ones_after_all() {
        let agenda = [(Section::Opening, false), (Section::Adults, false), (Section::Adults, true)];
        let at = |section, late| place(&agenda, section, late);
        assert_eq!(at(Section::Adults, false), 2);
        assert_eq!(at(Section::Adults, true), 3);
        assert_eq!(at(Section::Children, true), 1);
        assert_eq!(at(Section::Other, false), 3);
        assert_eq!(place(&[], Section::Other, false), 0);
    }
}
