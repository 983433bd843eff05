//! An agenda as it was issued: frozen, with all that its readers need, cut for each of them.

use super::{CaseType, IssuedLine, Section};
use crate::id::{AgencyId, AgendaItemId, CaseId};
use chrono::{NaiveDate, NaiveDateTime};
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
    /// The paper of a reader who may know of these cases. The rest is absent, not hidden.
    #[must_use]
    pub fn only(mut self, sees: impl Fn(CaseId) -> bool) -> Self {
        self.lines.retain(|line| line.case.as_ref().is_none_or(|case| sees(case.case)));
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
        let hers = paper.only(|known| known == case(3));
        let shown: Vec<_> = hers.numbered().into_iter().map(|l| (l.place, l.label)).collect();
        assert_eq!(shown, [(1, "heading 1".to_owned()), (2, "case 3".to_owned())]);
        assert_eq!(hers.cases(), [case(3)]);
    }
}
