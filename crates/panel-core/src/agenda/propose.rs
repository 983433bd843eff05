//! What an agenda proposes: every reason for which a case could be heard, each case once.

use super::{AgendaPolicy, CaseType, Section};
use crate::coded::Coded;
use crate::id::{AgendaItemId, CaseId};
use chrono::NaiveDate;

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
    /// The chair's reason for taking it late; empty when it is not.
    pub late_reason: String,
    /// The item of an earlier meeting that it continues.
    pub carried_from: Option<AgendaItemId>,
    /// The reason in words, with its dates.
    pub why: String,
    /// What orders it among its like: earlier first.
    pub since: NaiveDate,
}

impl Candidate {
    /// The section the case belongs to.
    pub const fn section(&self) -> Section {
        self.case_type.section(self.children)
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

/// An item without a case that the last meeting put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The item that it continues.
    pub from: AgendaItemId,
    /// Its heading.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// The reason in words, with its dates.
    pub why: String,
}

/// One line that the agenda proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Where it stands.
    pub section: Section,
    /// The case, unless it is a standing item.
    pub case: Option<Candidate>,
    /// The heading of an item without a case.
    pub title: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// The item of an earlier meeting that it continues.
    pub carried_from: Option<AgendaItemId>,
    /// The reason in words; empty for what stands on every agenda.
    pub why: String,
}

impl Proposed {
    fn standing(section: Section, title: &str, minutes: i32) -> Self {
        let (title, why) = (title.to_owned(), String::new());
        Self { section, case: None, title, minutes, carried_from: None, why }
    }

    fn heard_again(carried: Carried) -> Self {
        let Carried { from, title, minutes, why } = carried;
        let section = Section::Deferred;
        Self { section, case: None, title, minutes, carried_from: Some(from), why }
    }

    fn of(case: Candidate, policy: &AgendaPolicy) -> Self {
        Self {
            section: case.section(),
            title: String::new(),
            minutes: policy.minutes(case.section()),
            carried_from: case.carried_from,
            why: case.why.clone(),
            case: Some(case),
        }
    }

    /// Whether it came in after the cut-off.
    pub fn is_late(&self) -> bool {
        self.case.as_ref().is_some_and(|case| case.late)
    }
}

/// The whole agenda in the published order: standing items, what was carried over, and each case
/// once for its strongest reason, late ones after those in time, then by age.
pub fn propose(
    mut candidates: Vec<Candidate>,
    carried: Vec<Carried>,
    policy: &AgendaPolicy,
) -> Vec<Proposed> {
    candidates.sort_by_key(|c| (c.case, c.rank(), c.since));
    candidates.dedup_by_key(|candidate| candidate.case);
    candidates.sort_by_key(|c| (c.section(), c.late, c.since, c.case));
    let mut carried: Vec<Proposed> = carried.into_iter().map(Proposed::heard_again).collect();
    let mut agenda = Vec::new();
    for &section in Section::ALL {
        let published = section.standing_title().map(|title| (title, policy.minutes(section)));
        let own = policy.standing.iter().filter(|item| item.section == section);
        let own = own.map(|item| (item.title.as_str(), item.minutes));
        agenda.extend(
            published.into_iter().chain(own).map(|(t, m)| Proposed::standing(section, t, m)),
        );
        if section == Section::Deferred {
            agenda.append(&mut carried);
        }
        let cases = candidates.iter().filter(|case| case.section() == section);
        agenda.extend(cases.map(|case| Proposed::of(case.clone(), policy)));
    }
    agenda
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    pub(in super::super) fn case(
        n: u128,
        case_type: CaseType,
        children: bool,
        late: bool,
        day: u32,
    ) -> Candidate {
        Candidate {
            case: CaseId::from_uuid(Uuid::from_u128(n)),
            case_type,
            children,
            late,
            late_reason: String::new(),
            carried_from: None,
            why: format!("reason {n}"),
            since: NaiveDate::from_ymd_opt(2026, 1, day).unwrap(),
        }
    }

    pub(in super::super) fn item(n: u128) -> AgendaItemId {
        AgendaItemId::from_uuid(Uuid::from_u128(n))
    }

    fn proposed(candidates: Vec<Candidate>) -> Vec<Proposed> {
        propose(candidates, Vec::new(), &AgendaPolicy::default())
    }

    #[test]
    fn business_comes_in_the_published_order() {
        let agenda = proposed(vec![
            case(1, CaseType::Closure, false, false, 1),
            case(2, CaseType::TwelveMonthNotice, false, false, 1),
            case(3, CaseType::Review, false, false, 1),
            case(4, CaseType::New, false, false, 1),
            case(5, CaseType::New, true, false, 1),
            case(6, CaseType::Deferred, false, false, 1),
        ]);
        let order: Vec<_> = agenda.iter().map(|line| line.section).collect();
        assert_eq!(order, Section::ALL);
    }

    #[test]
    fn f29_a_late_case_comes_after_those_in_time_and_is_marked() {
        let late = case(1, CaseType::New, false, true, 1);
        let agenda = proposed(vec![late, case(2, CaseType::New, false, false, 9)]);
        let lates: Vec<_> = agenda.iter().filter_map(|l| l.case.as_ref()).map(|c| c.late).collect();
        assert_eq!(lates, [false, true]);
    }

    #[test]
    fn a_case_with_two_reasons_comes_once_for_the_stronger() {
        let agenda = proposed(vec![
            case(1, CaseType::Review, false, false, 1),
            case(1, CaseType::Repeat, true, false, 5),
        ]);
        let kept: Vec<_> = agenda.iter().filter_map(|l| l.case.as_ref()).collect();
        assert_eq!((kept.len(), kept[0].case_type), (1, CaseType::Repeat));
    }

    #[test]
    fn f7_what_stands_on_every_agenda_comes_each_time_and_what_was_put_off_comes_first() {
        let training = crate::agenda::StandingItem {
            section: Section::Other,
            title: crate::text::Title::parse("Training").unwrap(),
            minutes: 5,
        };
        let policy = AgendaPolicy { standing: vec![training], ..AgendaPolicy::default() };
        let (title, why) = ("Protocol".to_owned(), "deferred on Thursday".to_owned());
        let carried = Carried { from: item(1), title, minutes: 20, why };
        let review = case(1, CaseType::Deferred, false, false, 1);
        let agenda = propose(vec![review], vec![carried], &policy);
        let lines: Vec<_> =
            agenda.iter().map(|l| (l.section, l.title.as_str(), l.minutes)).collect();
        let last = Section::Other.standing_title().unwrap();
        assert_eq!(
            lines[2..],
            [
                (Section::Deferred, "Protocol", 20),
                (Section::Deferred, "", 15),
                (Section::Other, last, 10),
                (Section::Other, "Training", 5),
            ]
        );
        assert_eq!(agenda[2].carried_from, Some(item(1)));
    }
}
