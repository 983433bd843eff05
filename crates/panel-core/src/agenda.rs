//! The agenda: what a meeting is to take, in the published order of business, with clock times.
//!
//! Source: the order of business of the MARAC agenda that the field works by, with the panel's own
//! reviews and closures: confidentiality, incomplete actions, deferred items, new cases with children
//! (after which agencies that serve only children may leave), adults, reviews, twelve-month notices,
//! proposed closures, any other business.

use crate::coded;
use crate::id::{AgendaItemId, CaseId};
use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

coded! {
    /// A section of the agenda, in the order in which it is taken.
    pub enum Section: "section" {
        /// Introductions, declarations of interest, the confidentiality statement.
        Opening = "opening" => "Declarations and confidentiality",
        /// Incomplete actions from earlier meetings.
        Actions = "actions" => "Incomplete actions",
        /// What the last meeting put off.
        Deferred = "deferred" => "Deferred from the last meeting",
        /// New cases that involve children.
        Children = "children" => "New cases involving children",
        /// New cases without children.
        Adults = "adults" => "New cases, adults only",
        /// Reviews that are due.
        Reviews = "reviews" => "Reviews due",
        /// Cases last heard twelve months ago.
        TwelveMonths = "twelve_months" => "Twelve-month notices",
        /// Cases proposed for closure.
        Closures = "closures" => "Proposed closures",
        /// Any other business.
        Other = "other" => "Any other business",
    }
}

impl Section {
    /// The heading that the agenda proposes for a section without cases.
    pub const fn standing_title(self) -> Option<&'static str> {
        match self {
            Self::Opening => {
                Some("Introductions, declarations of interest and confidentiality statement")
            }
            Self::Actions => Some("Incomplete actions from earlier meetings"),
            Self::Other => Some("Any other business"),
            _ => None,
        }
    }
}

coded! {
    /// Why a case is on the agenda.
    pub enum CaseType: "type of item" {
        /// Heard for the first time.
        New = "new" => "New",
        /// Further abuse in the same pair within twelve months.
        Repeat = "repeat" => "Repeat",
        /// Back after closure.
        ReReferral = "rereferral" => "Re-referral",
        /// Under management.
        Review = "review" => "Review",
        /// From another area.
        TransferIn = "transfer_in" => "Transfer in",
        /// Put off by the last meeting.
        Deferred = "deferred" => "Deferred",
        /// Twelve months since it was last heard.
        TwelveMonthNotice = "twelve_month_notice" => "Twelve-month notice",
        /// To be closed.
        Closure = "closure" => "Proposed closure",
    }
}

coded! {
    /// What becomes of an item.
    pub enum ItemState: "state of an item" {
        /// On the agenda.
        Listed = "listed" => "To be heard",
        /// Taken.
        Heard = "heard" => "Heard",
        /// Put off to the next meeting.
        Deferred = "deferred" => "Deferred",
        /// Taken off before the meeting.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

coded! {
    /// What a meeting decides about a case.
    pub enum Decision: "decision" {
        /// Stays under the panel's management.
        Retain = "retain" => "Keep under panel management",
        /// One agency goes on with it.
        StepDown = "step_down" => "Step down to single-agency management",
        /// Leaves the panel.
        Close = "close" => "Close",
        /// Goes to another area.
        Transfer = "transfer" => "Transfer to another area",
        /// Goes to MAPPA.
        ReferMappa = "refer_mappa" => "Refer to MAPPA",
    }
}

/// Minutes and limits that a panel allots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgendaPolicy {
    /// Minutes for the opening.
    pub opening_minutes: i32,
    /// Minutes for incomplete actions.
    pub actions_minutes: i32,
    /// Minutes for a new case.
    pub new_case_minutes: i32,
    /// Minutes for a review, a notice or a closure.
    pub review_minutes: i32,
    /// Minutes for any other business.
    pub other_minutes: i32,
    /// Cases above which the agenda warns.
    pub case_limit: usize,
}

impl Default for AgendaPolicy {
    fn default() -> Self {
        Self {
            opening_minutes: 10,
            actions_minutes: 15,
            new_case_minutes: 15,
            review_minutes: 10,
            other_minutes: 10,
            case_limit: 16,
        }
    }
}

impl AgendaPolicy {
    /// The minutes that an item of this section is allotted.
    pub const fn minutes(&self, section: Section) -> i32 {
        match section {
            Section::Opening => self.opening_minutes,
            Section::Actions => self.actions_minutes,
            Section::Children | Section::Adults | Section::Deferred => self.new_case_minutes,
            Section::Reviews | Section::TwelveMonths | Section::Closures => self.review_minutes,
            Section::Other => self.other_minutes,
        }
    }
}

/// A case that could be on the agenda, and why. A case comes once, for its strongest reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The case.
    pub case: CaseId,
    /// Why it is there.
    pub case_type: CaseType,
    /// Whether a child is involved on the meeting's date.
    pub children: bool,
    /// Whether it came in after the cut-off.
    pub late: bool,
    /// The item of an earlier meeting that it continues.
    pub carried_from: Option<AgendaItemId>,
    /// The reason in words, with its dates.
    pub why: String,
    /// What orders it among its like: earlier first.
    pub since: chrono::NaiveDate,
}

impl Candidate {
    /// The section the case belongs to.
    pub const fn section(&self) -> Section {
        match self.case_type {
            CaseType::Deferred => Section::Deferred,
            CaseType::New | CaseType::Repeat | CaseType::ReReferral | CaseType::TransferIn => {
                if self.children {
                    Section::Children
                } else {
                    Section::Adults
                }
            }
            CaseType::Review => Section::Reviews,
            CaseType::TwelveMonthNotice => Section::TwelveMonths,
            CaseType::Closure => Section::Closures,
        }
    }

    /// The strength of the reason: the lower leads when a case has several.
    const fn rank(&self) -> u8 {
        match self.case_type {
            CaseType::Deferred => 0,
            CaseType::New | CaseType::Repeat | CaseType::ReReferral | CaseType::TransferIn => 1,
            CaseType::Closure => 2,
            CaseType::Review => 3,
            CaseType::TwelveMonthNotice => 4,
        }
    }
}

/// One line that the agenda proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Where it stands.
    pub section: Section,
    /// The case, unless it is a standing item.
    pub case: Option<Candidate>,
    /// The heading of a standing item.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
}

/// The whole agenda in the published order: standing items, and each case once for its strongest
/// reason, late ones after those in time, then by age.
pub fn propose(mut candidates: Vec<Candidate>, policy: &AgendaPolicy) -> Vec<Proposed> {
    candidates.sort_by(|a, b| (a.case, a.rank(), a.since).cmp(&(b.case, b.rank(), b.since)));
    candidates.dedup_by_key(|candidate| candidate.case);
    candidates.sort_by_key(|c| (c.section(), c.late, c.since, c.case));
    let mut agenda = Vec::new();
    for section in <Section as crate::coded::Coded>::ALL {
        if let Some(title) = section.standing_title() {
            let minutes = policy.minutes(*section);
            agenda.push(Proposed {
                section: *section,
                case: None,
                title: title.to_owned(),
                minutes,
            });
        }
        for candidate in candidates.iter().filter(|c| c.section() == *section) {
            let minutes = policy.minutes(*section);
            let case = Some(candidate.clone());
            agenda.push(Proposed { section: *section, case, title: String::new(), minutes });
        }
    }
    agenda
}

/// Where an item is to go among the items of its own section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// One line of an agenda as it was issued, so that the next issue can say what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedLine {
    /// The item.
    pub item: AgendaItemId,
    /// The section.
    pub section: Section,
    /// Its place, counted from one.
    pub place: usize,
    /// What it was called: the case reference, or the heading.
    pub label: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// When it begins, such as `10:25am`.
    pub begins: String,
    /// Whether it was marked late.
    pub late: bool,
}

/// What changed between two issues, in plain words, in the order of the new agenda.
pub fn changes(before: &[IssuedLine], after: &[IssuedLine]) -> Vec<String> {
    let find = |lines: &[IssuedLine], item| lines.iter().find(|line| line.item == item).cloned();
    let mut words = Vec::new();
    for line in after {
        match find(before, line.item) {
            None => {
                let late = if line.late { ", late" } else { "" };
                words.push(format!("Added{late}: {} at {}", line.label, line.begins));
            }
            Some(old) => words.extend(differences(&old, line)),
        }
    }
    for line in before {
        if find(after, line.item).is_none() {
            words.push(format!("Withdrawn: {}", line.label));
        }
    }
    words
}

fn differences(old: &IssuedLine, new: &IssuedLine) -> Option<String> {
    let mut parts = Vec::new();
    if old.label != new.label {
        parts.push(format!("was {}", old.label));
    }
    if old.place != new.place {
        parts.push(format!("moved from {} to {}", old.place, new.place));
    }
    if old.minutes != new.minutes {
        parts.push(format!("{} minutes instead of {}", new.minutes, old.minutes));
    }
    if old.begins != new.begins {
        parts.push(format!("now at {} instead of {}", new.begins, old.begins));
    }
    (!parts.is_empty()).then(|| format!("Changed: {}, {}", new.label, parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use chrono::NaiveDate;
    use uuid::Uuid;

    fn case(n: u128, case_type: CaseType, children: bool, late: bool, day: u32) -> Candidate {
        Candidate {
            case: CaseId::from_uuid(Uuid::from_u128(n)),
            case_type,
            children,
            late,
            carried_from: None,
            why: String::new(),
            since: NaiveDate::from_ymd_opt(2026, 1, day).unwrap(),
        }
    }

    fn item(n: u128) -> AgendaItemId {
        AgendaItemId::from_uuid(Uuid::from_u128(n))
    }

    fn line(n: u128, place: usize, minutes: i32, begins: &str, late: bool) -> IssuedLine {
        let (label, begins) = (format!("case {n}"), begins.to_owned());
        IssuedLine { item: item(n), section: Section::Adults, place, label, minutes, begins, late }
    }

    #[test]
    fn business_comes_in_the_published_order() {
        let agenda = propose(
            vec![
                case(1, CaseType::Closure, false, false, 1),
                case(2, CaseType::TwelveMonthNotice, false, false, 1),
                case(3, CaseType::Review, false, false, 1),
                case(4, CaseType::New, false, false, 1),
                case(5, CaseType::New, true, false, 1),
                case(6, CaseType::Deferred, false, false, 1),
            ],
            &AgendaPolicy::default(),
        );
        let order: Vec<_> = agenda.iter().map(|line| line.section).collect();
        use Section::*;
        assert_eq!(
            order,
            [Opening, Actions, Deferred, Children, Adults, Reviews, TwelveMonths, Closures, Other]
        );
    }

    #[test]
    fn f29_a_late_case_comes_after_those_in_time_and_is_marked() {
        let late = case(1, CaseType::New, false, true, 1);
        let agenda =
            propose(vec![late, case(2, CaseType::New, false, false, 9)], &AgendaPolicy::default());
        let lates: Vec<_> = agenda.iter().filter_map(|l| l.case.as_ref()).map(|c| c.late).collect();
        assert_eq!(lates, [false, true]);
    }

    #[test]
    fn a_case_with_two_reasons_comes_once_for_the_stronger() {
        let both = vec![
            case(1, CaseType::Review, false, false, 1),
            case(1, CaseType::Repeat, true, false, 5),
        ];
        let agenda = propose(both, &AgendaPolicy::default());
        let kept: Vec<_> = agenda.iter().filter_map(|l| l.case.as_ref()).collect();
        assert_eq!((kept.len(), kept[0].case_type), (1, CaseType::Repeat));
    }

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
    fn a_second_issue_says_in_words_what_changed() {
        let before = [
            line(1, 1, 15, "10am", false),
            line(2, 2, 15, "10:15am", false),
            line(4, 3, 15, "10:30am", false),
        ];
        let after = [
            line(2, 1, 15, "10am", false),
            line(1, 2, 20, "10:15am", false),
            line(3, 3, 15, "10:35am", true),
        ];
        assert_eq!(
            changes(&before, &after),
            [
                "Changed: case 2, moved from 2 to 1, now at 10am instead of 10:15am",
                "Changed: case 1, moved from 1 to 2, 20 minutes instead of 15, now at 10:15am instead of 10am",
                "Added, late: case 3 at 10:35am",
                "Withdrawn: case 4",
            ]
        );
        assert!(changes(&before, &before).is_empty());
    }
}
