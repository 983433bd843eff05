//! Lines of an agenda, ready to print.

use chrono::{NaiveDate, TimeDelta};
use panel_core::agenda::{CaseType, Paper, PaperCase, PaperLine, PaperPerson, Section};
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, CaseId};
use panel_core::words;
use serde::Serialize;

/// A person on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    /// The name, with the surname in capitals.
    pub name: String,
    /// The date of birth, in words; empty when not known.
    pub born: String,
    /// The age on the day of the meeting, such as `34`, `unborn` or `age not known`.
    pub age: String,
}

impl PersonView {
    pub(crate) fn of(person: &PaperPerson) -> Self {
        let age = match (person.unborn, person.age) {
            (true, _) => "unborn".to_owned(),
            (false, Some(age)) => age.to_string(),
            (false, None) => "age not known".to_owned(),
        };
        Self {
            name: person.name.clone(),
            born: person.born_on.map(words::date).unwrap_or_default(),
            age,
        }
    }

    fn all(people: &[PaperPerson]) -> Vec<Self> {
        people.iter().map(Self::of).collect()
    }
}

/// A case on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// The reference that all readers share.
    pub reference: String,
    /// The person.
    pub person: PersonView,
    /// The person's date of birth.
    pub born_on: Option<NaiveDate>,
    /// Other names.
    pub aliases: Vec<String>,
    /// Those who are harmed.
    pub victims: Vec<PersonView>,
    /// Children.
    pub children: Vec<PersonView>,
    /// The agency that referred; empty when none is known.
    pub referrer: String,
    /// Where the last referral came from; for a transfer with the area.
    pub source: String,
    /// Criteria of the last referral.
    pub criteria: Vec<String>,
    /// Repeat, serial and re-referral, as far as they apply.
    pub flags: Vec<String>,
}

impl CaseView {
    pub(crate) fn of(case: &PaperCase) -> Self {
        Self {
            id: case.case,
            reference: case.reference.clone(),
            person: PersonView::of(&case.person),
            born_on: case.person.born_on,
            aliases: case.aliases.clone(),
            victims: PersonView::all(&case.victims),
            children: PersonView::all(&case.children),
            referrer: case.referrer.clone(),
            source: case.source.clone(),
            criteria: case.criteria.clone(),
            flags: case.flags.clone(),
        }
    }
}

/// One line of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineView {
    /// The item.
    pub item: AgendaItemId,
    /// Its number among the lines that this reader sees, without a gap.
    pub number: usize,
    /// The case reference, or the heading.
    pub label: String,
    /// The case, where there is one.
    pub case: Option<CaseView>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The same in words; empty without a case.
    pub kind: String,
    /// The reason with its dates.
    pub why: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// When it begins, such as `10:25am`.
    pub begins: String,
    /// When it ends.
    pub ends: String,
    /// The agency that presents it; empty when none is named.
    pub presenter: String,
    /// Whether it came after the cut-off.
    pub late: bool,
    /// The chair's reason for taking it late.
    pub late_reason: String,
}

/// A section of an agenda with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SectionView<L = LineView> {
    /// The section.
    pub section: Section,
    /// Its heading.
    pub heading: String,
    /// When it begins.
    pub begins: String,
    /// The lines, in order; never empty.
    pub lines: Vec<L>,
}

fn line((line, number): (&PaperLine, usize)) -> LineView {
    let ends = line.begins + TimeDelta::minutes(line.minutes.into());
    LineView {
        item: line.item,
        number,
        label: line.label().to_owned(),
        case: line.case.as_ref().map(CaseView::of),
        case_type: line.case_type,
        kind: line.case_type.map_or_else(String::new, |kind| kind.label().to_owned()),
        why: line.why.clone(),
        minutes: line.minutes,
        begins: words::time(line.begins.time()),
        ends: words::time(ends.time()),
        presenter: line.presenter.as_ref().map_or_else(String::new, |(_, name)| name.clone()),
        late: line.late,
        late_reason: line.late_reason.clone(),
    }
}

/// The sections of a paper that have lines, in order; `as_line` may add to each line.
pub(crate) fn sections<L>(
    paper: &Paper,
    mut as_line: impl FnMut(&PaperLine, LineView) -> L,
) -> Vec<SectionView<L>> {
    let mut sections: Vec<SectionView<L>> = Vec::new();
    for (of, number) in paper.lines.iter().zip(1..) {
        let view = line((of, number));
        if sections.last().is_none_or(|last| last.section != of.section) {
            let (section, heading) = (of.section, of.section.label().to_owned());
            let begins = view.begins.clone();
            sections.push(SectionView { section, heading, begins, lines: Vec::new() });
        }
        if let Some(last) = sections.last_mut() {
            last.lines.push(as_line(of, view));
        }
    }
    sections
}
