//! An agenda as it was issued: frozen, with all that its readers need, cut for each of them.

use super::{CaseType, IssuedLine, Section};
use crate::id::{AgencyId, AgendaItemId, CaseId};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// An issued agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The meeting's local date and time when it was issued.
    pub starts: NaiveDateTime,
    /// When it was to end.
    pub ends: NaiveDateTime,
    /// Where, when it was issued; empty when not said.
    pub venue: String,
    /// The lines, in order.
    pub lines: Vec<PaperLine>,
}

/// One line of an issued agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperLine {
    /// The item.
    pub item: AgendaItemId,
    /// Its section.
    pub section: Section,
    /// The heading of an item without a case.
    pub title: String,
    /// The case, where there is one.
    pub case: Option<PaperCase>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The reason in words, with its dates.
    pub why: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// When it begins, in local time.
    pub begins: NaiveDateTime,
    /// The agency that presents it, and its name.
    pub presenter: Option<(AgencyId, String)>,
    /// Whether it came after the cut-off.
    pub late: bool,
    /// The chair's reason for taking it late.
    pub late_reason: String,
}

/// A case as an agenda shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCase {
    /// The case.
    pub case: CaseId,
    /// The random reference that all readers share.
    pub reference: String,
    /// The person.
    pub person: PaperPerson,
    /// Other names of the person.
    pub aliases: Vec<String>,
    /// Those who are harmed.
    pub victims: Vec<PaperPerson>,
    /// Children, the unborn among them.
    pub children: Vec<PaperPerson>,
    /// The agency that referred; empty when no referral is known.
    pub referrer: String,
    /// Where the last referral came from, in words; for a transfer with the area.
    pub source: String,
    /// The criteria of the last referral, in words.
    pub criteria: Vec<String>,
    /// Repeat, serial and re-referral as far as they apply, in words with their dates.
    pub flags: Vec<String>,
}

/// A person on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPerson {
    /// The name, with the surname in capitals; `Not known` without one.
    pub name: String,
    /// The date of birth.
    pub born_on: Option<NaiveDate>,
    /// The age in whole years on the meeting's date.
    pub age: Option<u32>,
    /// Whether the person is expected to be born.
    pub unborn: bool,
}

impl PaperLine {
    /// What the line is called: the case reference, or the heading.
    pub fn label(&self) -> &str {
        self.case.as_ref().map_or(&self.title, |case| &case.reference)
    }
}

impl Paper {
    /// The paper of a reader who may know of some of its cases. The rest is absent, not hidden.
    ///
    /// Times stay as they are where an agency does not take part in a case, because it comes for its own.
    /// A case that is `kept` from the reader by a list does not exist for her: what follows closes up, so
    /// that no gap in the times tells of it.
    #[must_use]
    pub fn only(mut self, sees: impl Fn(CaseId) -> bool, kept: impl Fn(CaseId) -> bool) -> Self {
        let mut closed_up = TimeDelta::zero();
        self.lines.retain_mut(|line| {
            line.begins -= closed_up;
            match &line.case {
                Some(case) if kept(case.case) => {
                    closed_up += TimeDelta::minutes(line.minutes.into());
                    false
                }
                Some(case) => sees(case.case),
                None => true,
            }
        });
        self
    }

    /// Every case on it.
    pub fn cases(&self) -> Vec<CaseId> {
        self.lines.iter().filter_map(|line| line.case.as_ref()).map(|case| case.case).collect()
    }

    /// The lines for a comparison, numbered without a gap.
    pub fn numbered(&self) -> Vec<IssuedLine> {
        let line = |(line, place): (&PaperLine, usize)| IssuedLine {
            item: line.item,
            section: line.section,
            place,
            label: line.label().to_owned(),
            minutes: line.minutes,
            begins: line.begins,
            presenter: line.presenter.as_ref().map_or_else(String::new, |(_, name)| name.clone()),
            late: line.late,
        };
        self.lines.iter().zip(1..).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::propose::tests::item;
    use super::*;
    use crate::id::Id;
    use crate::time::testing::local;
    use uuid::Uuid;

    fn case(n: u128) -> CaseId {
        CaseId::from_uuid(Uuid::from_u128(n))
    }

    fn line(n: u128, of: Option<CaseId>) -> PaperLine {
        let person = PaperPerson { name: "DOE Jo".into(), born_on: None, age: None, unborn: false };
        let case = of.map(|case| PaperCase {
            case,
            reference: format!("case {n}"),
            person,
            aliases: Vec::new(),
            victims: Vec::new(),
            children: Vec::new(),
            referrer: String::new(),
            source: String::new(),
            criteria: Vec::new(),
            flags: Vec::new(),
        });
        let begins = local("2026-04-16 10:00");
        PaperLine {
            item: item(n),
            section: Section::Adults,
            title: format!("heading {n}"),
            case,
            case_type: None,
            why: String::new(),
            minutes: 10,
            begins,
            presenter: None,
            late: false,
            late_reason: String::new(),
        }
    }

    #[test]
    fn a_reader_gets_the_cases_she_may_know_of_numbered_without_a_gap() {
        let starts = local("2026-04-16 10:00");
        let lines = vec![line(1, None), line(2, Some(case(2))), line(3, Some(case(3)))];
        let paper = Paper { starts, ends: starts, venue: String::new(), lines };
        let hers = paper.only(|known| known == case(3), |_| false);
        let shown: Vec<_> = hers.numbered().into_iter().map(|l| (l.place, l.label)).collect();
        assert_eq!(shown, [(1, "heading 1".to_owned()), (2, "case 3".to_owned())]);
        assert_eq!(hers.cases(), [case(3)]);
    }

    /// When each line of the reader's copy begins, where the cases run from 1 to 4, ten minutes each.
    #[track_caller]
    fn check_times(sees: &[u128], kept: &[u128], expected: &[(u128, &str)]) {
        let begins =
            ["10:00", "10:10", "10:20", "10:30"].map(|at| local(&format!("2026-04-16 {at}")));
        let lines =
            (1..).zip(begins).map(|(n, begins)| PaperLine { begins, ..line(n, Some(case(n))) });
        let (starts, ends) = (local("2026-04-16 10:00"), local("2026-04-16 12:00"));
        let paper = Paper { starts, ends, venue: String::new(), lines: lines.collect() };
        let among = |these: &[u128], known: CaseId| these.iter().any(|n| known == case(*n));
        let hers = paper.only(|known| among(sees, known), |known| among(kept, known));
        let shown: Vec<_> =
            hers.lines.iter().map(|line| (line.case.as_ref().unwrap().case, line.begins)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(n, at)| (case(*n), local(&format!("2026-04-16 {at}")))).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_case_that_is_kept_from_the_reader_leaves_no_gap_in_the_times() {
        check_times(&[1, 2, 3, 4], &[], &[(1, "10:00"), (2, "10:10"), (3, "10:20"), (4, "10:30")]);
        check_times(&[1, 3, 4], &[2], &[(1, "10:00"), (3, "10:10"), (4, "10:20")]);
        check_times(&[2, 3], &[1, 4], &[(2, "10:00"), (3, "10:10")]);
    }

    #[test]
    fn an_agency_that_does_not_take_part_comes_when_its_own_cases_are_heard() {
        check_times(&[1, 4], &[], &[(1, "10:00"), (4, "10:30")]);
        check_times(&[1, 4], &[2], &[(1, "10:00"), (4, "10:20")]);
    }
}
